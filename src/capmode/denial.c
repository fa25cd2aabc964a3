/* SPDX-License-Identifier: BSD-2-Clause */
#include "capmode/denial.h"

#include <stdio.h>
#include <string.h>

#include "base/codes.h"
#include "base/text.h"
#include "compile/filter.h"

struct line {
	char *buf;
	size_t size, length;
};

static void add(struct line *line, const char *text)
{
	size_t length = strlen(text), room = line->size - line->length - 2;

	if (length > room)
		length = room;
	memcpy(line->buf + line->length, text, length);
	line->length += length;
}

static void add_number(struct line *line, const char *format, uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), format, (unsigned long long)value);
	add(line, text);
}

static void add_quoted(struct line *line, const char *text)
{
	char shown[256];

	pap_escape(shown, sizeof(shown), text, strlen(text));
	add(line, "\"");
	add(line, shown);
	add(line, "\"");
}

static void add_argument(struct line *line, const struct pap_denial *denial, unsigned arg)
{
	enum pap_arg_type type = (enum pap_arg_type)denial->call->args[arg].type;
	uint64_t value = denial->args[arg];

	switch (type) {
	case PAP_T_PATH:
		if (denial->path) {
			add_quoted(line, denial->path);
			return;
		}
		break;
	case PAP_T_FD:
	case PAP_T_DIRFD:
	case PAP_T_INT:
	case PAP_T_PID:
	case PAP_T_SIG:
		if (type == PAP_T_DIRFD && (int32_t)value == -100)
			add(line, "AT_FDCWD");
		else
			add_number(line, "%lld", (uint64_t)(int64_t)(int32_t)value);
		return;
	case PAP_T_MODE:
		add_number(line, "0%llo", (uint32_t)value);
		return;
	default:
		break;
	}
	add_number(line, value > 9 ? "%#llx" : "%llu",
		   pap_arg_bits(type) == 32 ? (uint32_t)value : value);
}

static void add_call(struct line *line, const struct pap_denial *denial)
{
	if (!denial->call) {
		add(line, "an unknown call");
		return;
	}
	add(line, denial->call->name);
	add(line, "(");
	for (unsigned i = 0; i < denial->call->nargs; i++) {
		if (i)
			add(line, ", ");
		add_argument(line, denial, i);
	}
	add(line, ")");
}

/* Names of single rights; composites would say the same twice. */
static void add_rights(struct line *line, struct pap_rights rights)
{
	const char *between = "";

	for (unsigned i = 0; i < PAP_NRIGHTS; i++) {
		const struct pap_right *right = &pap_right_table[i];
		struct pap_rights bits = right->bits;

		/* LOOKUP is part of many, and a right of its own. */
		if (i != PAP_RIGHT_LOOKUP)
			bits.word[0] &= ~pap_right_table[PAP_RIGHT_LOOKUP].bits.word[0];
		if (right->composite || !pap_rights_contain(rights, bits))
			continue;
		add(line, between);
		add(line, "CAP_");
		add(line, right->name);
		between = " ";
	}
	if (!*between)
		add(line, "nothing");
}

static void add_reason(struct line *line, const struct pap_denial *denial)
{
	struct pap_rights missing = {{0, 0}};

	if (!denial->held || !denial->call || denial->error != PAP_ENOTCAPABLE) {
		add(line, denial->error == PAP_ECAPMODE ? "capability mode has no names"
							: "not within what is held");
		return;
	}
	pap_limits_permit_call(denial->held, denial->call, denial->arg, denial->args, &missing);
	if (!missing.word[0] && !missing.word[1]) {
		add(line, "the command is not among those left to the descriptor");
		return;
	}
	add(line, "needs ");
	add_rights(line, missing);
	add(line, ", has ");
	add_rights(line, denial->held->rights);
}

size_t pap_denial_line(const struct pap_denial *denial, char *buf, size_t size)
{
	struct line line = {buf, size, 0};

	add(&line, "paprika: ");
	add(&line, pap_errno_name(denial->error));
	add(&line, ": ");
	add_call(&line, denial);
	add(&line, " by ");
	add(&line, denial->program ? denial->program : "?");
	add_number(&line, "[%llu]", (uint64_t)denial->pid);
	if (denial->place) {
		add(&line, " from ");
		add(&line, denial->place);
	} else if (denial->address) {
		add_number(&line, " at %#llx", denial->address);
	}
	add(&line, ": ");
	add_reason(&line, denial);
	add(&line, "; ");
	add(&line, pap_denial_remedy(denial));
	line.buf[line.length++] = '\n';
	line.buf[line.length] = '\0';
	return line.length;
}

uint64_t pap_denial_key(const struct pap_denial *denial, uint64_t place)
{
	uint64_t key = 0xcbf29ce484222325u ^ place;

	key =
	    (key ^ (denial->call ? pap_syscall_id(denial->call) : PAP_NSYSCALLS)) * 0x100000001b3u;
	for (const char *at = denial->path ? denial->path : ""; *at; at++)
		key = (key ^ (unsigned char)*at) * 0x100000001b3u;
	return key;
}
