/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a checked program the way the kernel does, on any machine. It does not
 * check: a program that pap_bpf_check refused gives KILL_PROCESS where it leaves
 * the rails.
 */
#include <stddef.h>
#include <string.h>

#include "compile/bpf.h"
#include "compile/filter.h"

_Static_assert(sizeof(struct pap_seccomp_data) == 64, "the kernel's layout");

struct machine {
	uint32_t a, x;
	uint32_t memory[PAP_BPF_MEMORY];
};

/* Numbers of the kernel's bitmap end at its highest call; no kernel has this many. */
#define NUMBERS_MAX 1024u

static uint32_t word(const struct pap_seccomp_data *data, uint32_t offset)
{
	uint32_t value = 0;

	if (offset <= sizeof(*data) - sizeof(value))
		memcpy(&value, (const char *)data + offset, sizeof(value));
	return value;
}

/* False when the kernel ends the program there, as for a division by zero. */
static bool compute(struct machine *m, uint16_t code, uint32_t k)
{
	uint32_t operand = code & PAP_BPF_X ? m->x : k;

	switch (PAP_BPF_OP(code)) {
	case PAP_BPF_O_ADD:
		m->a += operand;
		break;
	case PAP_BPF_O_SUB:
		m->a -= operand;
		break;
	case PAP_BPF_O_MUL:
		m->a *= operand;
		break;
	case PAP_BPF_O_DIV:
		if (!operand)
			return false;
		m->a /= operand;
		break;
	case PAP_BPF_O_OR:
		m->a |= operand;
		break;
	case PAP_BPF_O_AND:
		m->a &= operand;
		break;
	case PAP_BPF_O_LSH:
		m->a <<= operand & 31;
		break;
	case PAP_BPF_O_RSH:
		m->a >>= operand & 31;
		break;
	case PAP_BPF_O_NEG:
		m->a = -m->a;
		break;
	case PAP_BPF_O_XOR:
		m->a ^= operand;
		break;
	}
	return true;
}

static bool compare(uint16_t code, uint32_t a, uint32_t operand)
{
	switch (PAP_BPF_OP(code)) {
	case PAP_BPF_J_JEQ:
		return a == operand;
	case PAP_BPF_J_JGT:
		return a > operand;
	case PAP_BPF_J_JGE:
		return a >= operand;
	default:
		return a & operand;
	}
}

static void load(struct machine *m, const struct pap_bpf_insn *insn,
		 const struct pap_seccomp_data *data)
{
	uint32_t *to = PAP_BPF_CLASS(insn->code) == PAP_BPF_C_LD ? &m->a : &m->x;

	switch (insn->code & 0xe0) {
	case PAP_BPF_M_ABS:
		*to = word(data, insn->k);
		break;
	case PAP_BPF_M_IMM:
		*to = insn->k;
		break;
	case PAP_BPF_M_LEN:
		*to = sizeof(*data);
		break;
	default:
		*to = m->memory[insn->k % PAP_BPF_MEMORY];
	}
}

uint32_t pap_bpf_run(const struct pap_bpf_insn *insns, size_t length,
		     const struct pap_seccomp_data *data, unsigned *last, unsigned *steps)
{
	struct machine m = {0};
	uint32_t verdict = PAP_RET_KILL_PROCESS;
	unsigned executed = 0;
	size_t at = 0, pc = 0;

	while (pc < length) {
		const struct pap_bpf_insn *insn = &insns[pc];
		uint16_t class = PAP_BPF_CLASS(insn->code);

		at = pc++;
		executed++;
		if (class == PAP_BPF_C_RET) {
			verdict = insn->code == PAP_BPF_RET_A ? m.a : insn->k;
			break;
		}
		if (class == PAP_BPF_C_LD || class == PAP_BPF_C_LDX)
			load(&m, insn, data);
		else if (class == PAP_BPF_C_ST)
			m.memory[insn->k % PAP_BPF_MEMORY] = m.a;
		else if (class == PAP_BPF_C_STX)
			m.memory[insn->k % PAP_BPF_MEMORY] = m.x;
		else if (insn->code == PAP_BPF_JA)
			pc += insn->k;
		else if (class == PAP_BPF_C_JMP)
			pc += compare(insn->code, m.a, insn->code & PAP_BPF_X ? m.x : insn->k)
				  ? insn->jt
				  : insn->jf;
		else if (insn->code == PAP_BPF_TAX)
			m.x = m.a;
		else if (insn->code == PAP_BPF_TXA)
			m.a = m.x;
		else if (!compute(&m, insn->code, insn->k)) {
			verdict = PAP_RET_KILL_THREAD;
			break;
		}
	}
	if (last)
		*last = (unsigned)at;
	if (steps)
		*steps = executed;
	return verdict;
}

bool pap_bpf_emulate(const struct pap_bpf_insn *insns, size_t length, uint32_t audit_arch,
		     uint32_t number, unsigned *steps)
{
	uint32_t a = 0;
	unsigned count = 0;
	bool allow = false;

	for (size_t pc = 0; pc < length; pc++) {
		const struct pap_bpf_insn *insn = &insns[pc];
		uint16_t code = insn->code;

		count++;
		if (code == PAP_BPF_LD_W_ABS && insn->k == offsetof(struct pap_seccomp_data, nr)) {
			a = number;
		} else if (code == PAP_BPF_LD_W_ABS &&
			   insn->k == offsetof(struct pap_seccomp_data, arch)) {
			a = audit_arch;
		} else if (code == PAP_BPF_AND_K) {
			a &= insn->k;
		} else if (code == PAP_BPF_JA) {
			pc += insn->k;
		} else if (pap_bpf_conditional(code) && !(code & PAP_BPF_X)) {
			pc += compare(code, a, insn->k) ? insn->jt : insn->jf;
		} else {
			allow = code == PAP_BPF_RET_K && insn->k == PAP_RET_ALLOW;
			break;
		}
	}
	if (steps)
		*steps = count;
	return allow;
}

bool pap_bpf_cacheable(const struct pap_bpf_insn *insns, size_t length, enum pap_arch arch,
		       uint32_t number)
{
	return number < NUMBERS_MAX &&
	       pap_bpf_emulate(insns, length, pap_arch_audit(arch), number, NULL);
}
