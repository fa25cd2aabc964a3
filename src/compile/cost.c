/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The longest way through a program for one call: at jumps on number or
 * architecture the one way that it takes, at all others the longer one. That is
 * an upper bound, since tests of one argument may exclude each other.
 *
 * What this does not do: follow computed numbers. Programs that do more with the
 * number than compare it get the longer branch there too.
 */
#include "compile/cost.h"

#include <stddef.h>

#include "compile/bpf.h"

enum word { WORD_OTHER, WORD_NUMBER, WORD_ARCH };

/*
 * What the accumulator holds at each instruction. A program of ours jumps to one
 * place from different loads only where it compares arguments, so it is enough to
 * take WORD_OTHER where ways differ.
 */
static void follow(const struct pap_program *program, uint8_t *words)
{
	bool seen[PAP_BPF_MAX] = {true};

	words[0] = WORD_OTHER;
	for (unsigned i = 0; i < program->length; i++) {
		const struct pap_bpf_insn *insn = &program->insns[i];
		unsigned next[2] = {i + 1, i + 1};
		uint8_t word = words[i];

		if (insn->code == PAP_BPF_LD_W_ABS)
			word = insn->k == offsetof(struct pap_seccomp_data, nr)     ? WORD_NUMBER
			       : insn->k == offsetof(struct pap_seccomp_data, arch) ? WORD_ARCH
										    : WORD_OTHER;
		else if (PAP_BPF_CLASS(insn->code) != PAP_BPF_C_JMP)
			word = WORD_OTHER;
		if (insn->code == PAP_BPF_JA)
			next[0] = next[1] = i + 1 + insn->k;
		else if (pap_bpf_conditional(insn->code)) {
			next[0] += insn->jt;
			next[1] += insn->jf;
		}
		for (int j = 0; j < 2 && PAP_BPF_CLASS(insn->code) != PAP_BPF_C_RET; j++) {
			if (next[j] >= program->length)
				continue;
			if (seen[next[j]] && words[next[j]] != word)
				word = WORD_OTHER;
			words[next[j]] = word;
			seen[next[j]] = true;
		}
	}
}

static bool taken(const struct pap_bpf_insn *insn, uint32_t value)
{
	switch (PAP_BPF_OP(insn->code)) {
	case PAP_BPF_J_JEQ:
		return value == insn->k;
	case PAP_BPF_J_JGT:
		return value > insn->k;
	case PAP_BPF_J_JGE:
		return value >= insn->k;
	default:
		return value & insn->k;
	}
}

static unsigned longest(const struct pap_program *program, const uint8_t *words, uint32_t arch,
			uint32_t number)
{
	unsigned ways[PAP_BPF_MAX];

	for (unsigned i = program->length; i-- > 0;) {
		const struct pap_bpf_insn *insn = &program->insns[i];
		bool known = words[i] != WORD_OTHER && !(insn->code & PAP_BPF_X);
		unsigned yes, no;

		if (PAP_BPF_CLASS(insn->code) == PAP_BPF_C_RET || i + 1u == program->length) {
			ways[i] = 1;
		} else if (insn->code == PAP_BPF_JA) {
			ways[i] = 1 + ways[i + 1 + insn->k];
		} else if (pap_bpf_conditional(insn->code)) {
			yes = ways[i + 1 + insn->jt];
			no = ways[i + 1 + insn->jf];
			if (known)
				ways[i] =
				    1 + (taken(insn, words[i] == WORD_NUMBER ? number : arch) ? yes
											      : no);
			else
				ways[i] = 1 + (yes > no ? yes : no);
		} else {
			ways[i] = 1 + ways[i + 1];
		}
	}
	return ways[0];
}

/* The kernel fills one bitmap for the native entry and, on x86-64, one for the 32-bit one. */
static unsigned long install_work(const struct pap_program *program, enum pap_arch arch,
				  unsigned numbers)
{
	const uint32_t entries[] = {pap_arch_audit(arch), PAP_AUDIT_ARCH_I386};
	unsigned nentries = arch == PAP_ARCH_X86_64 ? 2 : 1;
	unsigned long work = 0;

	for (unsigned e = 0; e < nentries; e++)
		for (unsigned number = 0; number < numbers; number++) {
			unsigned steps;

			pap_bpf_emulate(program->insns, program->length, entries[e], number,
					&steps);
			work += steps;
		}
	return work;
}

void pap_filter_cost(const struct pap_program *program, enum pap_arch arch,
		     struct pap_filter_cost *cost)
{
	uint8_t words[PAP_BPF_MAX] = {0};
	unsigned numbers = 0;

	*cost = (struct pap_filter_cost){0};
	follow(program, words);
	for (unsigned id = 0; id < PAP_NSYSCALLS; id++) {
		struct pap_call_cost *call = &cost->call[id];
		int number = pap_syscall_table[id].number[arch];

		if (number < 0)
			continue;
		if ((unsigned)number >= numbers)
			numbers = (unsigned)number + 1;
		call->worst = longest(program, words, pap_arch_audit(arch), (uint32_t)number);
		call->cached =
		    pap_bpf_cacheable(program->insns, program->length, arch, (uint32_t)number);
		cost->calls++;
		cost->cached += call->cached;
		if (call->worst > cost->worst) {
			cost->worst = call->worst;
			cost->worst_call = id;
		}
	}
	cost->install = install_work(program, arch, numbers);
}
