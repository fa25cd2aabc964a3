/* SPDX-License-Identifier: BSD-2-Clause */
#include "explain/call.h"

#include <stdio.h>
#include <string.h>

#include "uapi/socket.h"

enum {
	SHOWN = 256, /* bytes of a string */
	CREATES = 0x40 | 0x400000, /* O_CREAT, __O_TMPFILE */
};

static void show_string(uint64_t address, pap_read_string *read_string, void *context,
			struct pap_text *out)
{
	char buf[SHOWN];
	ssize_t length = read_string ? read_string(context, address, buf, sizeof(buf)) : -1;

	if (!address) {
		pap_text_str(out, "NULL");
		return;
	}
	if (length < 0) {
		pap_text_printf(out, "0x%llx", (unsigned long long)address);
		return;
	}
	pap_text_str(out, "\"");
	pap_text_escape(out, buf, (size_t)length);
	pap_text_str(out, "\"");
}

static void show(const struct pap_arg *arg, uint64_t value, pap_read_string *read_string,
		 void *context, struct pap_text *out)
{
	switch ((enum pap_arg_type)arg->type) {
	case PAP_T_DIRFD:
		if ((int32_t)value == -100) {
			pap_text_str(out, "AT_FDCWD");
			break;
		}
		/* fall through */
	case PAP_T_FD:
	case PAP_T_INT:
	case PAP_T_SIG:
	case PAP_T_PID:
		pap_text_printf(out, "%d", (int32_t)value);
		break;
	case PAP_T_UID:
	case PAP_T_GID:
	case PAP_T_UINT:
		pap_text_printf(out, "%u", (uint32_t)value);
		break;
	case PAP_T_MODE:
		pap_text_printf(out, "0%o", (uint32_t)value);
		break;
	case PAP_T_FLAGS:
	case PAP_T_CMD:
		pap_text_printf(out, "0x%x", (uint32_t)value);
		break;
	case PAP_T_PATH:
	case PAP_T_STR:
		show_string(value, read_string, context, out);
		break;
	case PAP_T_SIZE:
		pap_text_printf(out, "%llu", (unsigned long long)value);
		break;
	case PAP_T_OFF:
	case PAP_T_LONG:
		pap_text_printf(out, "%lld", (long long)value);
		break;
	default:
		pap_text_printf(out, value ? "0x%llx" : "NULL", (unsigned long long)value);
	}
}

/* The mode of an open that creates nothing: whatever the register happens to hold. */
static bool is_idle_mode(const struct pap_syscall *call, const uint64_t args[6], unsigned i)
{
	return (call == &pap_syscall_table[PAP_SYS_open] ||
		call == &pap_syscall_table[PAP_SYS_openat]) &&
	       call->args[i].type == PAP_T_MODE &&
	       !(args[i - 1] & CREATES);
}

void pap_explain_call(const struct pap_syscall *call, const uint64_t args[6],
		      pap_read_string *read_string, void *context, struct pap_text *out)
{
	bool socket = call == &pap_syscall_table[PAP_SYS_socket] ||
		      call == &pap_syscall_table[PAP_SYS_socketpair];
	const char *domain = pap_constant_name(pap_arch_native(), "AF_", (uint32_t)args[0]);

	pap_text_printf(out, "%s(", call->name);
	for (unsigned i = 0; i < call->nargs; i++) {
		if (is_idle_mode(call, args, i))
			break;
		if (i)
			pap_text_str(out, ", ");
		if (socket && !i && domain)
			pap_text_str(out, domain);
		else
			show(&call->args[i], args[i], read_string, context, out);
	}
	pap_text_str(out, ")");
}

/* ---- what would have allowed it --------------------------------------------------------------- */

static void promise_words(pap_promises promises, struct pap_text *out)
{
	const char *between = "";

	for (unsigned i = 0; i < PAP_NPROMISES; i++) {
		if (!(promises >> i & 1))
			continue;
		pap_text_printf(out, "%s%s", between, pap_promise_table[i].name);
		between = " ";
	}
}

#define INTERNET (PAP_PROMISE_BIT(inet) | PAP_PROMISE_BIT(dns))

/* A socket of a kind that a grant of ports brings: not raw ones, nor other protocols. */
static bool internet_socket(const struct pap_syscall *call, const uint64_t args[6])
{
	if (call != &pap_syscall_table[PAP_SYS_socket])
		return false;
	for (unsigned i = 0; i < call->npermits; i++)
		if (call->permits[i].promises & INTERNET &&
		    pap_cond_holds(call->permits[i].cond, args, 0))
			return true;
	return false;
}

/* The flag that is missing where the promise of sockets is held, or NULL. */
static const char *port_flag(const struct pap_syscall *call, pap_promises held)
{
	if (!(held & INTERNET))
		return NULL;
	switch (pap_syscall_id(call)) {
	case PAP_SYS_connect:
		return "--connect PORT";
	case PAP_SYS_bind:
	case PAP_SYS_listen:
		return "--listen PORT";
	default:
		return NULL;
	}
}

void pap_explain_remedy(const struct pap_syscall *call, const uint64_t args[6], pap_promises held,
			struct pap_text *out)
{
	const struct pap_permit *best = NULL;
	const char *flag = port_flag(call, held);
	unsigned fewest = 65;

	if (internet_socket(call, args)) {
		bool datagram = ((uint32_t)args[1] & PAP_SOCK_TYPE_MASK) == PAP_SOCK_DGRAM;

		pap_text_printf(out, "--connect %sPORT or --listen %sPORT grants one",
				datagram ? "udp:" : "", datagram ? "udp:" : "");
		return;
	}
	if (flag) {
		pap_text_printf(out, "%s would allow it", flag);
		return;
	}
	for (unsigned i = 0; i < call->npermits; i++) {
		const struct pap_permit *permit = &call->permits[i];
		unsigned missing = (unsigned)__builtin_popcountll(permit->promises & ~held);

		if (!missing || missing >= fewest || (permit->cond && !pap_cond_holds(permit->cond, args, 0)))
			continue;
		best = permit;
		fewest = missing;
	}
	if (!best)
		return;
	pap_text_str(out, fewest == 1 ? "promise " : "promises ");
	promise_words(best->promises & ~held, out);
	pap_text_str(out, " would allow it");
}
