/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program in words. What the accumulator holds is followed along all ways to an
 * instruction, so that comparisons name what they compare; where ways differ, or
 * a program of another tool computes, it is just A.
 *
 * What this does not do: turn jumps back into rules. The rule beside an
 * instruction is the one that it was made for, and shared ones have none.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compile/bpf.h"
#include "compile/filter.h"

enum holds { HOLDS_UNSEEN, HOLDS_WORD, HOLDS_OTHER };

/* Bits of a word: those that every way here has kept, and those that some way has. */
struct content {
	enum holds what;
	uint32_t offset, mask, some;
};

struct pap_listing {
	const struct pap_program *program;
	enum pap_arch arch;
	struct content content[]; /* of the accumulator before each instruction */
};

static void arrive(struct content *at, struct content from)
{
	if (at->what == HOLDS_UNSEEN) {
		*at = from;
	} else if (at->what != from.what || at->offset != from.offset) {
		at->what = HOLDS_OTHER;
	} else {
		at->mask &= from.mask;
		at->some |= from.some;
	}
}

static struct content after(struct content before, const struct pap_bpf_insn *insn)
{
	switch (insn->code) {
	case PAP_BPF_LD_W_ABS:
		return (struct content){HOLDS_WORD, insn->k, UINT32_MAX, UINT32_MAX};
	case PAP_BPF_AND_K:
		before.mask &= insn->k;
		before.some &= insn->k;
		return before;
	default:
		if (PAP_BPF_CLASS(insn->code) == PAP_BPF_C_ALU ||
		    PAP_BPF_CLASS(insn->code) == PAP_BPF_C_LD || insn->code == PAP_BPF_TXA)
			before.what = HOLDS_OTHER;
		return before;
	}
}

/* The word that is sure to be there, whole or masked. */
static bool holds(const struct content *c, uint32_t *mask)
{
	*mask = c->mask;
	return c->what == HOLDS_WORD && c->mask == c->some;
}

struct pap_listing *pap_listing_new(const struct pap_program *program, enum pap_arch arch)
{
	struct pap_listing *l = calloc(1, sizeof(*l) + program->length * sizeof(l->content[0]));

	if (!l)
		return NULL;
	l->program = program;
	l->arch = arch;
	if (program->length)
		l->content[0].what = HOLDS_OTHER;
	for (unsigned i = 0; i < program->length; i++) {
		const struct pap_bpf_insn *insn = &program->insns[i];
		struct content c = after(l->content[i], insn);
		size_t left = program->length - 1u - i;

		if (PAP_BPF_CLASS(insn->code) == PAP_BPF_C_RET)
			continue;
		if (insn->code == PAP_BPF_JA) {
			if (insn->k < left)
				arrive(&l->content[i + 1 + insn->k], c);
		} else if (pap_bpf_conditional(insn->code)) {
			if (insn->jt < left)
				arrive(&l->content[i + 1 + insn->jt], c);
			if (insn->jf < left)
				arrive(&l->content[i + 1 + insn->jf], c);
		} else if (left) {
			arrive(&l->content[i + 1], c);
		}
	}
	return l;
}

void pap_listing_free(struct pap_listing *listing)
{
	free(listing);
}

static const struct pap_syscall *call_of(const struct pap_listing *l, unsigned at)
{
	int call = l->program->call ? l->program->call[at] : -1;

	return call < 0 ? NULL : &pap_syscall_table[call];
}

static void name_word(const struct pap_listing *l, unsigned at, uint32_t offset,
		      struct pap_text *out)
{
	const struct pap_syscall *call = call_of(l, at);
	const size_t args = offsetof(struct pap_seccomp_data, args);
	unsigned arg = offset < args ? 0 : (unsigned)(offset - args) / 8;

	if (offset == offsetof(struct pap_seccomp_data, nr))
		pap_text_str(out, "number");
	else if (offset == offsetof(struct pap_seccomp_data, arch))
		pap_text_str(out, "arch");
	else if (offset < args)
		pap_text_str(out, "instruction_pointer");
	else if (call && arg < call->nargs)
		pap_text_str(out, call->args[arg].name);
	else
		pap_text_printf(out, "arg%u", arg);
	if (offset >= 8 && offset % 8)
		pap_text_str(out, ".high");
}

static void name_accumulator(const struct pap_listing *l, unsigned at, struct pap_text *out)
{
	const struct content *c = &l->content[at];
	uint32_t mask;

	if (!holds(c, &mask)) {
		pap_text_str(out, "A");
	} else if (mask == UINT32_MAX) {
		name_word(l, at, c->offset, out);
	} else {
		pap_text_str(out, "(");
		name_word(l, at, c->offset, out);
		pap_text_printf(out, " & 0x%" PRIx32 ")", mask);
	}
}

static void name_number(uint32_t k, struct pap_text *out)
{
	pap_text_printf(out, k < 10 ? "%" PRIu32 : "0x%" PRIx32, k);
}

/* Also the entries that we only refuse: filters of other tools know them. */
static const char *entry_name(uint32_t audit)
{
	for (unsigned a = 0; a < PAP_ARCH_COUNT; a++)
		if (audit == pap_arch_audit((enum pap_arch)a))
			return pap_arch_name((enum pap_arch)a);
	if (audit == PAP_AUDIT_ARCH_I386)
		return "i386";
	return audit == PAP_AUDIT_ARCH_ARM ? "arm" : NULL;
}

/* What the accumulator is compared with, in the terms of what it holds. */
static void name_operand(const struct pap_listing *l, unsigned at, struct pap_text *out)
{
	const struct pap_bpf_insn *insn = &l->program->insns[at];
	const struct content *c = &l->content[at];
	const struct pap_syscall *call;
	uint32_t mask;

	if (insn->code & PAP_BPF_X) {
		pap_text_str(out, "X");
		return;
	}
	if (holds(c, &mask) && mask == UINT32_MAX && insn->code != PAP_BPF_JSET_K &&
	    c->offset == offsetof(struct pap_seccomp_data, nr)) {
		call = pap_syscall_by_number(l->arch, insn->k);
		pap_text_printf(out, "%" PRIu32 "%s%s", insn->k, call ? " " : "",
				call ? call->name : "");
		return;
	}
	if (c->what == HOLDS_WORD && c->offset == offsetof(struct pap_seccomp_data, arch) &&
	    entry_name(insn->k)) {
		pap_text_str(out, entry_name(insn->k));
		return;
	}
	name_number(insn->k, out);
}

static void list_jump(const struct pap_listing *l, unsigned at, struct pap_text *out)
{
	const struct pap_bpf_insn *insn = &l->program->insns[at];
	static const char *const signs[] = {[PAP_BPF_J_JEQ >> 4] = "==",
					    [PAP_BPF_J_JGT >> 4] = ">",
					    [PAP_BPF_J_JGE >> 4] = ">=",
					    [PAP_BPF_J_JSET >> 4] = "&"};

	pap_text_str(out, "if ");
	name_accumulator(l, at, out);
	pap_text_printf(out, " %s ", signs[PAP_BPF_OP(insn->code) >> 4]);
	name_operand(l, at, out);
	pap_text_printf(out, " then %u else %u", at + 1 + insn->jt, at + 1 + insn->jf);
}

static void list_alu(const struct pap_bpf_insn *insn, struct pap_text *out)
{
	static const char *const signs[16] = {
	    "+", "-", "*", "/", "|", "&", "<<", ">>", [PAP_BPF_O_XOR >> 4] = "^"};

	if (PAP_BPF_OP(insn->code) == PAP_BPF_O_NEG) {
		pap_text_str(out, "A = -A");
		return;
	}
	pap_text_printf(out, "A %s= ", signs[PAP_BPF_OP(insn->code) >> 4]);
	if (insn->code & PAP_BPF_X)
		pap_text_str(out, "X");
	else
		name_number(insn->k, out);
}

static void list_load(const struct pap_bpf_insn *insn, struct pap_text *out)
{
	pap_text_str(out, PAP_BPF_CLASS(insn->code) == PAP_BPF_C_LD ? "A = " : "X = ");
	switch (insn->code & 0xe0) {
	case PAP_BPF_M_IMM:
		name_number(insn->k, out);
		break;
	case PAP_BPF_M_LEN:
		pap_text_str(out, "64");
		break;
	default:
		pap_text_printf(out, "memory[%" PRIu32 "]", insn->k);
	}
}

void pap_listing_line(const struct pap_listing *l, unsigned at, struct pap_text *out)
{
	const struct pap_bpf_insn *insn = &l->program->insns[at];
	char verdict[64];

	if (!pap_bpf_known(insn->code)) {
		pap_text_printf(out, "code 0x%02x jt %u jf %u k 0x%" PRIx32, insn->code, insn->jt,
				insn->jf, insn->k);
	} else if (insn->code == PAP_BPF_LD_W_ABS) {
		pap_text_str(out, "load ");
		name_word(l, at, insn->k, out);
	} else if (insn->code == PAP_BPF_RET_K) {
		pap_verdict_name(insn->k, verdict, sizeof(verdict));
		pap_text_printf(out, "return %s", verdict);
	} else if (insn->code == PAP_BPF_RET_A) {
		pap_text_str(out, "return A");
	} else if (insn->code == PAP_BPF_JA) {
		pap_text_printf(out, "goto %" PRIu64, (uint64_t)at + 1 + insn->k);
	} else if (pap_bpf_conditional(insn->code)) {
		list_jump(l, at, out);
	} else if (PAP_BPF_CLASS(insn->code) == PAP_BPF_C_ALU) {
		list_alu(insn, out);
	} else if (PAP_BPF_CLASS(insn->code) == PAP_BPF_C_MISC) {
		pap_text_str(out, insn->code == PAP_BPF_TAX ? "X = A" : "A = X");
	} else if (PAP_BPF_CLASS(insn->code) == PAP_BPF_C_ST ||
		   PAP_BPF_CLASS(insn->code) == PAP_BPF_C_STX) {
		pap_text_printf(out, "memory[%" PRIu32 "] = %s", insn->k,
				PAP_BPF_CLASS(insn->code) == PAP_BPF_C_ST ? "A" : "X");
	} else {
		list_load(insn, out);
	}
}

void pap_rule_describe(const struct pap_rule *rule, struct pap_text *out)
{
	bool place = rule && rule->origin.source;

	if (!rule)
		return;
	if (place) { /* whoever made the origin has escaped it */
		pap_text_str(out, rule->origin.source);
		if (rule->origin.line)
			pap_text_printf(out, ":%u", rule->origin.line);
	}
	if (rule->reason)
		pap_text_printf(out, "%s%s", place ? " " : "", rule->reason);
}

/* The call and the rule that an instruction was made for, in a column of their own. */
static void list_origin(const struct pap_listing *l, unsigned at, int column, struct pap_text *out)
{
	const struct pap_syscall *call = call_of(l, at);
	const struct pap_rule *rule = l->program->origin ? l->program->origin[at] : NULL;

	if (!call && !rule)
		return;
	pap_text_printf(out, "%*s", column < 52 ? 52 - column : 1, "");
	if (call)
		pap_text_str(out, call->name);
	if (rule) {
		pap_text_str(out, call ? " [" : "[");
		pap_rule_describe(rule, out);
		pap_text_str(out, "]");
	}
}

void pap_program_list(const struct pap_program *program, enum pap_arch arch, struct pap_text *out)
{
	struct pap_listing *l = pap_listing_new(program, arch);

	if (!l) {
		out->failed = true;
		return;
	}
	for (unsigned i = 0; i < program->length && !out->failed; i++) {
		size_t start = out->length;

		pap_text_printf(out, "%4u  ", i);
		pap_listing_line(l, i, out);
		list_origin(l, i, (int)(out->length - start), out);
		pap_text_str(out, "\n");
	}
	pap_listing_free(l);
}
