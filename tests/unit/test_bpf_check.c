/* SPDX-License-Identifier: BSD-2-Clause */
/* What the checker takes and what not, each refusal beside its nearest neighbour that passes. */
#include <errno.h>
#include <linux/filter.h>
#include <string.h>

#include "compile/filter.h"
#include "harness.h"

#define N(insns) (sizeof(insns) / sizeof((insns)[0]))
#define OP(code, k)               \
	{                         \
		(code), 0, 0, (k) \
	}
#define JUMP(code, k, jt, jf)           \
	{                               \
		(code), (jt), (jf), (k) \
	}
#define ALLOW OP(BPF_RET | BPF_K, PAP_RET_ALLOW)

#define TAKES(...)                                             \
	do {                                                   \
		const struct pap_bpf_insn p[] = {__VA_ARGS__}; \
		struct pap_error e = {0};                      \
		CHECK_EQ(pap_bpf_check(p, N(p), &e), 0);       \
		CHECK_STR(e.message, "");                      \
	} while (0)

#define REFUSES(words, ...)                                    \
	do {                                                   \
		const struct pap_bpf_insn p[] = {__VA_ARGS__}; \
		struct pap_error e = {0};                      \
		CHECK_EQ(pap_bpf_check(p, N(p), &e), -EINVAL); \
		CHECK_HAS(e.message, words);                   \
	} while (0)

/* Everything that seccomp lets through, as the system's header spells it. */
static const uint16_t known[] = {
    BPF_LD | BPF_W | BPF_ABS,
    BPF_LD | BPF_W | BPF_LEN,
    BPF_LDX | BPF_W | BPF_LEN,
    BPF_RET | BPF_K,
    BPF_RET | BPF_A,
    BPF_ALU | BPF_ADD | BPF_K,
    BPF_ALU | BPF_ADD | BPF_X,
    BPF_ALU | BPF_SUB | BPF_K,
    BPF_ALU | BPF_SUB | BPF_X,
    BPF_ALU | BPF_MUL | BPF_K,
    BPF_ALU | BPF_MUL | BPF_X,
    BPF_ALU | BPF_DIV | BPF_K,
    BPF_ALU | BPF_DIV | BPF_X,
    BPF_ALU | BPF_AND | BPF_K,
    BPF_ALU | BPF_AND | BPF_X,
    BPF_ALU | BPF_OR | BPF_K,
    BPF_ALU | BPF_OR | BPF_X,
    BPF_ALU | BPF_XOR | BPF_K,
    BPF_ALU | BPF_XOR | BPF_X,
    BPF_ALU | BPF_LSH | BPF_K,
    BPF_ALU | BPF_LSH | BPF_X,
    BPF_ALU | BPF_RSH | BPF_K,
    BPF_ALU | BPF_RSH | BPF_X,
    BPF_ALU | BPF_NEG,
    BPF_LD | BPF_IMM,
    BPF_LDX | BPF_IMM,
    BPF_MISC | BPF_TAX,
    BPF_MISC | BPF_TXA,
    BPF_LD | BPF_MEM,
    BPF_LDX | BPF_MEM,
    BPF_ST,
    BPF_STX,
    BPF_JMP | BPF_JA,
    BPF_JMP | BPF_JEQ | BPF_K,
    BPF_JMP | BPF_JEQ | BPF_X,
    BPF_JMP | BPF_JGE | BPF_K,
    BPF_JMP | BPF_JGE | BPF_X,
    BPF_JMP | BPF_JGT | BPF_K,
    BPF_JMP | BPF_JGT | BPF_X,
    BPF_JMP | BPF_JSET | BPF_K,
    BPF_JMP | BPF_JSET | BPF_X,
};

static bool is_known(unsigned code)
{
	for (size_t i = 0; i < N(known); i++)
		if (known[i] == code)
			return true;
	return false;
}

TEST(check_knows_every_code_and_no_other)
{
	for (unsigned code = 0; code <= UINT16_MAX; code++) {
		struct pap_bpf_insn p[] = {
		    OP(BPF_ST, 4), OP((uint16_t)code, 4), ALLOW, ALLOW, ALLOW, ALLOW, ALLOW,
		};
		bool taken = pap_bpf_check(p, N(p), NULL) == 0;

		if (taken != is_known(code)) {
			test_note("code 0x%02x", code);
			CHECK_EQ(taken, is_known(code));
		}
	}
	CHECK_EQ(N(known), 41);
}

TEST(check_length_0_1_4095_4096_4097)
{
	static struct pap_bpf_insn p[PAP_BPF_MAX + 1];
	struct pap_error e = {0};

	for (size_t i = 0; i < N(p); i++)
		p[i] = (struct pap_bpf_insn)ALLOW;
	CHECK_EQ(pap_bpf_check(p, 0, &e), -EINVAL);
	CHECK_HAS(e.message, "empty");
	CHECK_EQ(pap_bpf_check(p, 1, NULL), 0);
	CHECK_EQ(pap_bpf_check(p, 4095, NULL), 0);
	CHECK_EQ(pap_bpf_check(p, 4096, NULL), 0);
	CHECK_EQ(pap_bpf_check(p, 4097, &e), -EINVAL);
	CHECK_HAS(e.message, "4097");
}

TEST(check_last_instruction_returns)
{
	TAKES(OP(BPF_RET | BPF_A, 0));
	REFUSES("last one", OP(BPF_LD | BPF_IMM, 0));
	REFUSES("last one", ALLOW, OP(BPF_MISC | BPF_TAX, 0));
}

TEST(check_loads_stay_inside_and_aligned)
{
	TAKES(OP(BPF_LD | BPF_W | BPF_ABS, 0), ALLOW);
	TAKES(OP(BPF_LD | BPF_W | BPF_ABS, 60), ALLOW);
	REFUSES("instruction 0 loads", OP(BPF_LD | BPF_W | BPF_ABS, 61), ALLOW);
	REFUSES("instruction 0 loads", OP(BPF_LD | BPF_W | BPF_ABS, 62), ALLOW);
	REFUSES("instruction 0 loads", OP(BPF_LD | BPF_W | BPF_ABS, 64), ALLOW);
	REFUSES("instruction 0 loads", OP(BPF_LD | BPF_W | BPF_ABS, 0xfffffffc), ALLOW);
}

TEST(check_jumps_end_inside)
{
	TAKES(OP(BPF_JMP | BPF_JA, 0), ALLOW);
	REFUSES("past the end", OP(BPF_JMP | BPF_JA, 1), ALLOW);
	REFUSES("past the end", OP(BPF_JMP | BPF_JA, 0xffffffff), ALLOW);
	TAKES(JUMP(BPF_JMP | BPF_JEQ, 0, 0, 1), ALLOW, ALLOW);
	REFUSES("past the end", JUMP(BPF_JMP | BPF_JEQ, 0, 0, 2), ALLOW, ALLOW);
	REFUSES("past the end", JUMP(BPF_JMP | BPF_JEQ, 0, 2, 0), ALLOW, ALLOW);
	REFUSES("past the end", JUMP(BPF_JMP | BPF_JSET | BPF_X, 0, 255, 0), ALLOW, ALLOW);
}

TEST(check_division_and_shifts_by_constants)
{
	TAKES(OP(BPF_ALU | BPF_DIV, 1), ALLOW);
	REFUSES("divides", OP(BPF_ALU | BPF_DIV, 0), ALLOW);
	TAKES(OP(BPF_ALU | BPF_DIV | BPF_X, 0), ALLOW);
	TAKES(OP(BPF_ALU | BPF_LSH, 31), ALLOW);
	REFUSES("shifts", OP(BPF_ALU | BPF_LSH, 32), ALLOW);
	REFUSES("shifts", OP(BPF_ALU | BPF_RSH, 32), ALLOW);
	TAKES(OP(BPF_ALU | BPF_RSH | BPF_X, 32), ALLOW);
}

TEST(check_scratch_memory_is_written_before_it_is_read)
{
	TAKES(OP(BPF_ST, 15), OP(BPF_LD | BPF_MEM, 15), ALLOW);
	REFUSES("past its end", OP(BPF_ST, 16), ALLOW);
	REFUSES("past its end", OP(BPF_ST, 3), OP(BPF_LDX | BPF_MEM, 16), ALLOW);
	REFUSES("not be written", OP(BPF_LD | BPF_MEM, 0), ALLOW);
	REFUSES("not be written", OP(BPF_ST, 1), OP(BPF_LDX | BPF_MEM, 0), ALLOW);
	/* written on one way only; then on both */
	REFUSES("instruction 2 reads", JUMP(BPF_JMP | BPF_JEQ, 0, 0, 1), OP(BPF_ST, 2),
		OP(BPF_LD | BPF_MEM, 2), ALLOW);
	TAKES(JUMP(BPF_JMP | BPF_JEQ, 0, 0, 2), OP(BPF_ST, 2), OP(BPF_JMP | BPF_JA, 1),
	      OP(BPF_STX, 2), OP(BPF_LD | BPF_MEM, 2), ALLOW);
	/* the kernel counts what is written before a return for what follows it in the text */
	TAKES(OP(BPF_ST, 2), ALLOW, OP(BPF_LD | BPF_MEM, 2), ALLOW);
	REFUSES("instruction 3 reads", JUMP(BPF_JMP | BPF_JEQ, 0, 0, 1), OP(BPF_ST, 2), ALLOW,
		OP(BPF_LD | BPF_MEM, 2), ALLOW);
}
