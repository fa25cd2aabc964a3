/* SPDX-License-Identifier: BSD-2-Clause */
#include "capsicum/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capmode/denial.h"
#include "capsicum/limit.h"
#include "kernel/raw.h"
#include "kernel/registers.h"

#define PLACES 256
#define STACK_WORDS 512
#define OUTPUT 100 /* out of the way of what programs open */
#define TRAP_CAP 7

static bool asked, active, traps;
static int output = -1;
static uint64_t seen[PLACES];
static unsigned nseen;
static struct {
	uintptr_t base, lo, hi; /* of the program's own code */
} program;

/* ---- where ----------------------------------------------------------------------------------- */

static int first_object(struct dl_phdr_info *info, size_t size, void *context)
{
	(void)size;
	(void)context;
	program.base = info->dlpi_addr;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];

		if (part->p_type == PT_LOAD && part->p_flags & PF_X) {
			program.lo = info->dlpi_addr + part->p_vaddr;
			program.hi = program.lo + part->p_memsz;
		}
	}
	return 1;
}

static bool read_word(uint64_t address, uint64_t *word)
{
	if (address & 7 || pap_raw_readable((const void *)(uintptr_t)address) < 0)
		return false;
	*word = *(const uint64_t *)(uintptr_t)address;
	return true;
}

/* The nearest return address into the program's own code: most often who called libc. */
static uint64_t caller_of(const void *context, uint64_t at)
{
	uint64_t stack = pap_call_stack(context) & ~(uint64_t)7, word;

	if (at >= program.lo && at < program.hi)
		return at - program.base;
	for (unsigned i = 0; i < STACK_WORDS && read_word(stack + 8 * i, &word); i++) {
		if (word >= program.lo && word < program.hi)
			return word - program.base;
	}
	return 0;
}

/* ---- what -------------------------------------------------------------------------------------
 */

static const char *read_path(uint64_t address, char *buf, size_t size)
{
	size_t have = 0;
	uint64_t word;

	while (have + 1 < size && read_word((address + have) & ~(uint64_t)7, &word)) {
		char byte = (char)(word >> 8 * ((address + have) & 7));

		buf[have] = byte;
		if (!byte)
			return buf;
		have++;
	}
	buf[have] = '\0';
	return have ? buf : NULL;
}

/* The descriptor that lacks something, if it is one. */
static const struct pap_limits *find_held(struct pap_denial *denial)
{
	static struct pap_held held;

	for (unsigned i = 0; denial->call && i < denial->call->nexercises; i++) {
		const struct pap_exercise *x = &denial->call->exercises[i];

		if ((x->touch != PAP_X_FD && x->touch != PAP_X_LOOKUP) ||
		    pap_limits_of((int)denial->args[x->arg], &held) < 0)
			continue;
		denial->arg = x->arg;
		if (!pap_limits_permit_call(&held.limits, denial->call, x->arg, denial->args, NULL))
			return &held.limits;
	}
	return NULL;
}

static void find_path(struct pap_denial *denial, char *buf, size_t size)
{
	for (unsigned i = 0; denial->call && i < denial->call->nargs; i++) {
		if (denial->call->args[i].type == PAP_T_PATH) {
			denial->path = read_path(denial->args[i], buf, size);
			return;
		}
	}
}

static bool is_new(uint64_t place)
{
	for (unsigned i = 0; i < nseen; i++) {
		if (seen[i] == place)
			return false;
	}
	if (nseen == PLACES)
		return false;
	seen[nseen++] = place;
	return true;
}

static void tell(const siginfo_t *info, const void *context, const uint64_t args[6])
{
	uint64_t at = (uint64_t)(uintptr_t)info->si_call_addr, caller = caller_of(context, at);
	char path[256], place[96], line[1024];
	struct pap_denial denial = {
	    .call = pap_syscall_by_number(pap_arch_native(), (uint32_t)info->si_syscall),
	    .args = args,
	    .error = info->si_errno,
	    .program = program_invocation_short_name,
	    .pid = getpid(),
	    .address = at,
	};
	size_t length;
	ssize_t written;

	find_path(&denial, path, sizeof(path));
	if (!is_new(pap_denial_key(&denial, caller ? caller : at)))
		return;
	if (caller) {
		snprintf(place, sizeof(place), "%.64s+%#llx", program_invocation_short_name,
			 (unsigned long long)caller);
		denial.place = place;
	}
	denial.held = find_held(&denial);
	length = pap_denial_line(&denial, line, sizeof(line));
	written = write(output, line, length);
	(void)written;
}

static void trap(const siginfo_t *denied)
{
	siginfo_t info = *denied; /* si_syscall has the same place in it */

	info.si_signo = SIGTRAP;
	info.si_code = TRAP_CAP;
	(void)pap_raw_call(PAP_SYS_rt_tgsigqueueinfo, getpid(), pap_raw_gettid(), SIGTRAP,
			   (long)(uintptr_t)&info, 0, 0);
}

static void denied(int signal, siginfo_t *info, void *context)
{
	int saved = errno;
	uint64_t args[6];

	(void)signal;
	if (info->si_code != 1) /* SYS_SECCOMP: nobody else's business here */
		return;
	pap_call_arguments(context, args);
	if (output >= 0)
		tell(info, context, args);
	if (traps)
		trap(info);
	pap_call_result(context, -info->si_errno);
	errno = saved;
}

/* ---- beginning ----------------------------------------------------------------------------------
 */

static bool is_set(const char *name)
{
	const char *value = secure_getenv(name);

	return value && strcmp(value, "") != 0 && strcmp(value, "0") != 0;
}

bool pap_trace_begin(void)
{
	struct sigaction action = {.sa_sigaction = denied,
				   .sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK};
	bool lines;

	if (asked)
		return active;
	asked = true;
	lines = is_set("PAPRIKA_TRACE");
	traps = is_set("PAPRIKA_TRAP");
	if (!lines && !traps)
		return false;
	if (lines)
		output = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, OUTPUT);
	dl_iterate_phdr(first_object, NULL);
	active = sigaction(SIGSYS, &action, NULL) == 0;
	return active;
}

int pap_trace_output(void)
{
	return active ? output : -1;
}

bool pap_trace_traps(void)
{
	return active && traps;
}
