/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Would the kernel take this program as a seccomp filter? The answer is the
 * kernel's own, found by the same rules; tests/live holds the two against each
 * other on random programs. Also where its rules are stricter than needed: after
 * a return, what was written to scratch memory before it still counts.
 *
 * What this does not do: look for instructions that nothing reaches (the kernel
 * takes them), or judge what the program allows.
 */
#include <errno.h>
#include <string.h>

#include "compile/bpf.h"
#include "compile/filter.h"

/* Operations as bits, so that "is it one of these" is one look. */
#define OPS \
	(1u << 0 | 1u << 1 | 1u << 2 | 1u << 3 | 1u << 4 | 1u << 5 | 1u << 6 | 1u << 7 | 1u << 10)
#define JUMPS (1u << 1 | 1u << 2 | 1u << 3 | 1u << 4)

bool pap_bpf_known(uint16_t code)
{
	unsigned operation = 1u << (PAP_BPF_OP(code) >> 4);

	if (code > 0xff)
		return false;
	switch (PAP_BPF_CLASS(code)) {
	case PAP_BPF_C_LD:
		return code == (PAP_BPF_C_LD | PAP_BPF_M_ABS) ||
		       code == (PAP_BPF_C_LD | PAP_BPF_M_IMM) ||
		       code == (PAP_BPF_C_LD | PAP_BPF_M_MEM) ||
		       code == (PAP_BPF_C_LD | PAP_BPF_M_LEN);
	case PAP_BPF_C_LDX:
		return code == (PAP_BPF_C_LDX | PAP_BPF_M_IMM) ||
		       code == (PAP_BPF_C_LDX | PAP_BPF_M_MEM) ||
		       code == (PAP_BPF_C_LDX | PAP_BPF_M_LEN);
	case PAP_BPF_C_ST:
		return code == PAP_BPF_C_ST;
	case PAP_BPF_C_STX:
		return code == PAP_BPF_C_STX;
	case PAP_BPF_C_ALU:
		return (operation & OPS) || code == (PAP_BPF_C_ALU | PAP_BPF_O_NEG);
	case PAP_BPF_C_JMP:
		return (operation & JUMPS) || code == PAP_BPF_JA;
	case PAP_BPF_C_RET:
		return code == PAP_BPF_RET_K || code == PAP_BPF_RET_A;
	default:
		return code == PAP_BPF_TAX || code == PAP_BPF_TXA;
	}
}

static int fail(struct pap_error *err, size_t at, const char *what)
{
	return pap_fail(err, -EINVAL, "instruction %zu %s", at, what);
}

/* What can be said about an instruction by itself. */
static int check_one(const struct pap_bpf_insn *insn, size_t at, size_t left, struct pap_error *err)
{
	if (!pap_bpf_known(insn->code))
		return pap_fail(err, -EINVAL,
				"instruction %zu has code 0x%02x, which seccomp refuses", at,
				insn->code);
	switch (insn->code) {
	case PAP_BPF_C_LD | PAP_BPF_M_ABS:
		if (insn->k >= sizeof(struct pap_seccomp_data) || insn->k % 4)
			return fail(err, at,
				    "loads from outside seccomp_data or between its words");
		return 0;
	case PAP_BPF_C_LD | PAP_BPF_M_MEM:
	case PAP_BPF_C_LDX | PAP_BPF_M_MEM:
	case PAP_BPF_C_ST:
	case PAP_BPF_C_STX:
		return insn->k < PAP_BPF_MEMORY ? 0
						: fail(err, at, "uses scratch memory past its end");
	case PAP_BPF_C_ALU | PAP_BPF_O_DIV:
		return insn->k ? 0 : fail(err, at, "divides by zero");
	case PAP_BPF_C_ALU | PAP_BPF_O_LSH:
	case PAP_BPF_C_ALU | PAP_BPF_O_RSH:
		return insn->k < 32 ? 0 : fail(err, at, "shifts by more than 31 bits");
	case PAP_BPF_JA:
		return insn->k < left ? 0 : fail(err, at, "jumps past the end");
	default:
		if (pap_bpf_conditional(insn->code) && (insn->jt >= left || insn->jf >= left))
			return fail(err, at, "jumps past the end");
		return 0;
	}
}

/* Scratch memory is written before it is read, on every way there. */
static int check_memory(const struct pap_bpf_insn *insns, size_t length, struct pap_error *err)
{
	uint16_t arriving[PAP_BPF_MAX]; /* words written on all jumps that lead there */
	uint16_t written = 0;

	memset(arriving, 0xff, length * sizeof(arriving[0]));
	for (size_t i = 0; i < length; i++) {
		const struct pap_bpf_insn *insn = &insns[i];

		written &= arriving[i];
		switch (insn->code) {
		case PAP_BPF_C_ST:
		case PAP_BPF_C_STX:
			written |= (uint16_t)(1u << insn->k);
			continue;
		case PAP_BPF_C_LD | PAP_BPF_M_MEM:
		case PAP_BPF_C_LDX | PAP_BPF_M_MEM:
			if (!(written & 1u << insn->k))
				return fail(err, i,
					    "reads scratch memory that may not be written yet");
			continue;
		case PAP_BPF_JA:
			arriving[i + 1 + insn->k] &= written;
			written = UINT16_MAX;
			continue;
		default:
			if (!pap_bpf_conditional(insn->code))
				continue;
			arriving[i + 1 + insn->jt] &= written;
			arriving[i + 1 + insn->jf] &= written;
			written = UINT16_MAX;
		}
	}
	return 0;
}

int pap_bpf_check(const struct pap_bpf_insn *insns, size_t length, struct pap_error *err)
{
	if (!length)
		return pap_fail(err, -EINVAL, "the program is empty");
	if (length > PAP_BPF_MAX)
		return pap_fail(err, -EINVAL,
				"the program has %zu instructions, the kernel takes %d", length,
				PAP_BPF_MAX);
	for (size_t i = 0; i < length; i++) {
		int rc = check_one(&insns[i], i, length - 1 - i, err);

		if (rc < 0)
			return rc;
	}
	if (PAP_BPF_CLASS(insns[length - 1].code) != PAP_BPF_C_RET)
		return fail(err, length - 1, "is the last one and does not return");
	return check_memory(insns, length, err);
}
