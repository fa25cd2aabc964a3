/* SPDX-License-Identifier: BSD-2-Clause */
/* The interpreter, instruction by instruction, and the kernel's idea of a cacheable verdict. */
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
#define RET(k) OP(BPF_RET | BPF_K, (k))
#define RET_A OP(BPF_RET | BPF_A, 0)

static const struct pap_seccomp_data sample = {
    .nr = -2,
    .arch = 0x01020304,
    .instruction_pointer = 0x1111111122222222,
    .args = {0x3333333344444444, 1, 2, 3, 4, 0xaaaaaaaabbbbbbbb},
};

#define GIVES(value, ...)                                                               \
	do {                                                                            \
		const struct pap_bpf_insn p[] = {__VA_ARGS__};                          \
		CHECK_EQ(pap_bpf_check(p, N(p), NULL), 0);                              \
		CHECK_EQ(pap_bpf_run(p, N(p), &sample, NULL, NULL), (uint32_t)(value)); \
	} while (0)

/* A = a, X = x, one operation, return A. */
#define COMPUTES(value, a, operation, x)                                                    \
	do {                                                                                \
		GIVES(value, OP(BPF_LD | BPF_IMM, a), OP(BPF_ALU | (operation), x), RET_A); \
		GIVES(value, OP(BPF_LD | BPF_IMM, a), OP(BPF_LDX | BPF_IMM, x),             \
		      OP(BPF_ALU | (operation) | BPF_X, 0), RET_A);                         \
	} while (0)

#define COMPARES(value, a, operation, x)                                                    \
	do {                                                                                \
		GIVES(value, OP(BPF_LD | BPF_IMM, a), JUMP(BPF_JMP | (operation), x, 0, 1), \
		      RET(1), RET(0));                                                      \
		GIVES(value, OP(BPF_LD | BPF_IMM, a), OP(BPF_LDX | BPF_IMM, x),             \
		      JUMP(BPF_JMP | (operation) | BPF_X, ~(x), 0, 1), RET(1), RET(0));     \
	} while (0)

TEST(run_loads_every_word)
{
	uint32_t words[16];

	memcpy(words, &sample, sizeof(words));
	for (unsigned i = 0; i < 16; i++)
		GIVES(words[i], OP(BPF_LD | BPF_W | BPF_ABS, i * 4), RET_A);
	CHECK_EQ(words[0], 0xfffffffe);
	CHECK_EQ(words[5], 0x33333333); /* the upper half comes second */
	GIVES(64, OP(BPF_LD | BPF_W | BPF_LEN, 0), RET_A);
	GIVES(64, OP(BPF_LDX | BPF_W | BPF_LEN, 0), OP(BPF_MISC | BPF_TXA, 0), RET_A);
	GIVES(0, RET_A); /* registers begin as zero */
	GIVES(0, OP(BPF_LD | BPF_IMM, 9), OP(BPF_MISC | BPF_TXA, 0), RET_A);
}

TEST(run_computes)
{
	COMPUTES(1, 0xffffffff, BPF_ADD, 2);
	COMPUTES(0xfffffffe, 1, BPF_SUB, 3);
	COMPUTES(0xfffffffe, 0xffffffff, BPF_MUL, 2);
	COMPUTES(0x7fffffff, 0xffffffff, BPF_DIV, 2);
	COMPUTES(0x0c, 0x3c, BPF_AND, 0x0f);
	COMPUTES(0x3f, 0x3c, BPF_OR, 0x0f);
	COMPUTES(0x33, 0x3c, BPF_XOR, 0x0f);
	COMPUTES(0x80000000, 3, BPF_LSH, 31);
	COMPUTES(1, 0x80000000, BPF_RSH, 31);
	GIVES(6, OP(BPF_LD | BPF_IMM, 3), OP(BPF_LDX | BPF_IMM, 33),
	      OP(BPF_ALU | BPF_LSH | BPF_X, 0), RET_A);
	GIVES(0xfffffffb, OP(BPF_LD | BPF_IMM, 5), OP(BPF_ALU | BPF_NEG, 0), RET_A);
}

TEST(run_ends_on_division_by_zero)
{
	const struct pap_bpf_insn p[] = {OP(BPF_LD | BPF_IMM, 5), OP(BPF_ALU | BPF_DIV | BPF_X, 0),
					 RET(PAP_RET_ALLOW)};
	unsigned last, steps;

	CHECK_EQ(pap_bpf_run(p, N(p), &sample, &last, &steps), PAP_RET_KILL_THREAD);
	CHECK_EQ(last, 1);
	CHECK_EQ(steps, 2);
}

TEST(run_compares_unsigned)
{
	COMPARES(1, 5, BPF_JEQ, 5);
	COMPARES(0, 5, BPF_JEQ, 6);
	COMPARES(1, 0x80000000, BPF_JGT, 0x7fffffff);
	COMPARES(0, 5, BPF_JGT, 5);
	COMPARES(1, 5, BPF_JGE, 5);
	COMPARES(0, 5, BPF_JGE, 0xffffffff);
	COMPARES(1, 6, BPF_JSET, 2);
	COMPARES(0, 6, BPF_JSET, 9);
}

TEST(run_moves_between_registers_and_memory)
{
	GIVES(7, OP(BPF_LD | BPF_IMM, 7), OP(BPF_MISC | BPF_TAX, 0), OP(BPF_LD | BPF_IMM, 1),
	      OP(BPF_MISC | BPF_TXA, 0), RET_A);
	GIVES(7, OP(BPF_LD | BPF_IMM, 7), OP(BPF_ST, 15), OP(BPF_LD | BPF_IMM, 1),
	      OP(BPF_LD | BPF_MEM, 15), RET_A);
	GIVES(8, OP(BPF_LDX | BPF_IMM, 8), OP(BPF_STX, 0), OP(BPF_LDX | BPF_IMM, 1),
	      OP(BPF_LDX | BPF_MEM, 0), OP(BPF_MISC | BPF_TXA, 0), RET_A);
}

TEST(run_counts_steps_and_names_the_return)
{
	const struct pap_bpf_insn p[] = {OP(BPF_JMP | BPF_JA, 2), RET(1), RET(2), RET(3), RET(4)};
	unsigned last, steps;

	CHECK_EQ(pap_bpf_run(p, N(p), &sample, &last, &steps), 3);
	CHECK_EQ(last, 3);
	CHECK_EQ(steps, 2);
}

TEST(run_stays_inside_what_was_never_checked)
{
	const struct pap_bpf_insn off_the_end[] = {OP(BPF_LD | BPF_IMM, 0)};
	const struct pap_bpf_insn far[] = {OP(BPF_JMP | BPF_JA, 0xfffffff0), RET(PAP_RET_ALLOW)};
	const struct pap_bpf_insn load[] = {OP(BPF_LD | BPF_W | BPF_ABS, 0xfffffff0), RET_A};
	const struct pap_bpf_insn memory[] = {OP(BPF_ST, 0xffffffff), OP(BPF_LD | BPF_MEM, 16),
					      RET_A};

	CHECK_EQ(pap_bpf_run(off_the_end, 1, &sample, NULL, NULL), PAP_RET_KILL_PROCESS);
	CHECK_EQ(pap_bpf_run(far, 2, &sample, NULL, NULL), PAP_RET_KILL_PROCESS);
	CHECK_EQ(pap_bpf_run(load, 2, &sample, NULL, NULL), 0);
	CHECK_EQ(pap_bpf_run(memory, 3, &sample, NULL, NULL), 0);
}

#define CACHED(number, ...)                                            \
	({                                                             \
		const struct pap_bpf_insn p[] = {__VA_ARGS__};         \
		CHECK_EQ(pap_bpf_check(p, N(p), NULL), 0);             \
		pap_bpf_cacheable(p, N(p), PAP_ARCH_X86_64, (number)); \
	})

TEST(cacheable_is_allow_by_number_and_architecture_alone)
{
	CHECK(CACHED(0, RET(PAP_RET_ALLOW)));
	CHECK(!CACHED(0, RET(PAP_RET_LOG)));
	CHECK(!CACHED(0, RET(PAP_RET_ERRNO)));
	CHECK(!CACHED(0, RET(PAP_RET_ALLOW | 1)));
	for (uint32_t number = 8; number < 12; number++)
		CHECK_EQ(CACHED(number, OP(BPF_LD | BPF_W | BPF_ABS, 4),
				JUMP(BPF_JMP | BPF_JEQ, PAP_AUDIT_ARCH_X86_64, 0, 4),
				OP(BPF_LD | BPF_W | BPF_ABS, 0), OP(BPF_ALU | BPF_AND, 0xff),
				JUMP(BPF_JMP | BPF_JGE, 9, 0, 1), JUMP(BPF_JMP | BPF_JGT, 10, 0, 1),
				RET(PAP_RET_ERRNO), RET(PAP_RET_ALLOW)),
			 number == 9 || number == 10);
	CHECK(!CACHED(1, OP(BPF_LD | BPF_W | BPF_ABS, 4),
		      JUMP(BPF_JMP | BPF_JEQ, PAP_AUDIT_ARCH_AARCH64, 0, 1), RET(PAP_RET_ALLOW),
		      RET(PAP_RET_ERRNO)));
	CHECK(CACHED(2, OP(BPF_LD | BPF_W | BPF_ABS, 0), OP(BPF_JMP | BPF_JA, 1), RET(0),
		     JUMP(BPF_JMP | BPF_JSET, 2, 0, 1), RET(PAP_RET_ALLOW), RET(0)));
}

TEST(cacheable_ends_where_the_kernel_stops_looking)
{
	/* arguments, the instruction pointer, and everything that is not a mask or a jump by k */
	CHECK(!CACHED(0, OP(BPF_LD | BPF_W | BPF_ABS, 16), RET(PAP_RET_ALLOW)));
	CHECK(!CACHED(0, OP(BPF_LD | BPF_W | BPF_ABS, 8), RET(PAP_RET_ALLOW)));
	CHECK(!CACHED(0, OP(BPF_LD | BPF_IMM, 0), RET(PAP_RET_ALLOW)));
	CHECK(!CACHED(0, OP(BPF_ALU | BPF_OR, 0), RET(PAP_RET_ALLOW)));
	CHECK(!CACHED(0, JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 0), RET(PAP_RET_ALLOW)));
	CHECK(!CACHED(0, OP(BPF_LD | BPF_IMM, PAP_RET_ALLOW), RET_A));
	/* only calls that a kernel may have: never x32, never negative */
	CHECK(CACHED(472, RET(PAP_RET_ALLOW)));
	CHECK(!CACHED(0x40000000, RET(PAP_RET_ALLOW)));
	CHECK(!CACHED(0xffffffff, RET(PAP_RET_ALLOW)));
}
