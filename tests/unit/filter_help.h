/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Conditions written in place, and a filter with one rule that both evaluators
 * must agree about. The literals live as long as the block that they stand in.
 */
#ifndef PAP_TESTS_FILTER_HELP_H
#define PAP_TESTS_FILTER_HELP_H

#include "compile/filter.h"
#include "harness.h"

#define ALL_BITS UINT64_MAX
#define YES PAP_RET_ALLOW
#define NO (PAP_RET_ERRNO | 1)
#define FOREIGN PAP_RET_KILL_PROCESS
#define UNKNOWN (PAP_RET_ERRNO | 38)

#define COUNT(type, ...) (sizeof((type[]){__VA_ARGS__}) / sizeof(type))
#define IN(number, width, bits_looked_at, ...)                                                     \
	{                                                                                          \
		.arg = (number), .bits = (width), .mask = (bits_looked_at),                        \
		.nranges = COUNT(struct pap_range, __VA_ARGS__),                                   \
		.ranges = (const struct pap_range[]){__VA_ARGS__}                                  \
	}
#define NOT_IN(number, width, bits_looked_at, ...)                                                 \
	{                                                                                          \
		.arg = (number), .bits = (width), .mask = (bits_looked_at), .negate = true,        \
		.nranges = COUNT(struct pap_range, __VA_ARGS__),                                   \
		.ranges = (const struct pap_range[]){__VA_ARGS__}                                  \
	}
#define IS_SELF(number, width)                                                                     \
	{                                                                                          \
		.arg = (number), .bits = (width), .mask = ALL_BITS, .symbol = PAP_SYM_SELF_TGID    \
	}
#define ALL_OF(...)                                                                                \
	{                                                                                          \
		.ntests = COUNT(struct pap_test, __VA_ARGS__),                                     \
		.tests = (const struct pap_test[]){__VA_ARGS__}                                    \
	}
#define COND(...)                                                                                  \
	(&(const struct pap_cond){.name = "test",                                                  \
				  .nclauses = COUNT(struct pap_clause, __VA_ARGS__),               \
				  .clauses = (const struct pap_clause[]){__VA_ARGS__}})

static inline struct pap_filter_spec *new_spec(void)
{
	struct pap_filter_spec *spec = pap_filter_spec_new(
	    PAP_ARCH_X86_64, FOREIGN, UNKNOWN, (struct pap_rule){.verdict = NO});

	REQUIRE(spec != NULL);
	return spec;
}

static inline void add_rule(struct pap_filter_spec *spec, unsigned call,
			    const struct pap_cond *cond, uint32_t verdict)
{
	struct pap_rule rule = {.cond = cond, .verdict = verdict, .reason = "test"};

	REQUIRE(pap_filter_add(spec, call, rule) == 0);
}

static inline struct pap_program compiled(const struct pap_filter_spec *spec)
{
	struct pap_program program = {0};
	struct pap_error err = {0};
	int rc = pap_filter_compile(spec, &program, &err);

	if (rc)
		test_note("%s", err.message);
	REQUIRE(rc == 0);
	return program;
}

/* The compiled verdict, which must be the naive one. */
static inline uint32_t verdict_of(const struct pap_filter_spec *spec,
				  const struct pap_program *program,
				  const struct pap_seccomp_data *data)
{
	uint32_t verdict = pap_bpf_run(program->insns, program->length, data, NULL, NULL);

	CHECK_EQ(verdict, pap_filter_naive(spec, data, NULL));
	return verdict;
}

static inline struct pap_seccomp_data call_data(enum pap_arch arch, unsigned call)
{
	return (struct pap_seccomp_data){.nr = pap_syscall_table[call].number[arch],
					 .arch = pap_arch_audit(arch)};
}

#endif
