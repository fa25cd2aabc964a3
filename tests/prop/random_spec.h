/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random filter specs and random calls that sit on their boundaries. Everything
 * of one spec lives in one struct that is filled anew each round.
 */
#ifndef PAP_TESTS_RANDOM_SPEC_H
#define PAP_TESTS_RANDOM_SPEC_H

#include <string.h>

#include "compile/filter.h"
#include "harness.h"

#define MAX_CONDS 400
#define MAX_CLAUSES (MAX_CONDS * 3)
#define MAX_TESTS (MAX_CLAUSES * 3)
#define MAX_RANGES 32768

struct random_spec {
	struct pap_filter_spec *spec;
	struct pap_cond conds[MAX_CONDS];
	struct pap_clause clauses[MAX_CLAUSES];
	struct pap_test tests[MAX_TESTS];
	struct pap_range ranges[MAX_RANGES];
	unsigned nconds, nclauses, ntests, nranges;
	unsigned calls[MAX_CONDS]; /* that have rules */
	unsigned ncalls;
};

static inline bool one_in(unsigned n)
{
	return test_random_below(n) == 0;
}

/* Values where halves, signs and widths end, and their neighbours. */
static inline uint64_t edge_value(void)
{
	static const uint64_t edges[] = {
	    0,
	    1,
	    2,
	    3,
	    5,
	    7,
	    8,
	    16,
	    0xff,
	    0x7fffffff,
	    0x80000000,
	    0xffffffff,
	    0x100000000,
	    0x1ffffffff,
	    0x200000000,
	    0x7fffffffffffffff,
	    0x8000000000000000,
	    0xffffffff00000000,
	    UINT64_MAX,
	};
	uint64_t value = one_in(3) ? test_random() >> test_random_below(64)
				   : edges[test_random_below(sizeof(edges) / sizeof(edges[0]))];

	return one_in(4) ? value + test_random_below(3) - 1 : value;
}

static inline void random_ranges(struct random_spec *r, struct pap_test *test)
{
	unsigned n = (unsigned)test_random_below(one_in(20) ? 100 : 5);

	if (r->nranges + n > MAX_RANGES)
		n = 0;
	test->ranges = &r->ranges[r->nranges];
	test->nranges = (uint16_t)n;
	for (unsigned i = 0; i < n; i++) {
		struct pap_range *range = &r->ranges[r->nranges++];

		range->lo = edge_value();
		range->hi = one_in(2) ? range->lo : edge_value();
		if (range->lo > range->hi && !one_in(10)) {
			uint64_t swap = range->lo;

			range->lo = range->hi;
			range->hi = swap;
		}
	}
}

static inline void random_test(struct random_spec *r, struct pap_test *test)
{
	*test = (struct pap_test){
	    .arg = (uint8_t)test_random_below(one_in(3) ? 6 : 2),
	    .bits = one_in(2) ? 32 : 64,
	    .negate = one_in(3),
	    .mask = one_in(2) ? UINT64_MAX : edge_value(),
	};
	if (one_in(12)) {
		test->symbol = PAP_SYM_SELF_TGID;
		test->negate = false;
	}
	random_ranges(r, test);
}

static inline const struct pap_cond *random_cond(struct random_spec *r)
{
	struct pap_cond *cond = &r->conds[r->nconds++];

	*cond = (struct pap_cond){.clauses = &r->clauses[r->nclauses],
				  .nclauses = (uint16_t)test_random_below(4)};
	for (unsigned i = 0; i < cond->nclauses; i++) {
		struct pap_clause *clause = &r->clauses[r->nclauses++];

		*clause = (struct pap_clause){.tests = &r->tests[r->ntests],
					      .ntests = (uint16_t)test_random_below(4)};
		for (unsigned j = 0; j < clause->ntests; j++)
			random_test(r, &r->tests[r->ntests++]);
	}
	return cond;
}

static inline uint32_t random_verdict(void)
{
	static const uint32_t verdicts[] = {PAP_RET_ALLOW, PAP_RET_ALLOW,      PAP_RET_KILL_PROCESS,
					    PAP_RET_TRAP,  PAP_RET_USER_NOTIF, PAP_RET_ERRNO | 1,
					    PAP_RET_LOG};

	return verdicts[test_random_below(sizeof(verdicts) / sizeof(verdicts[0]))];
}

/* New rules in *r; the caller frees r->spec. */
static inline void random_spec(struct random_spec *r, enum pap_arch arch)
{
	unsigned n = (unsigned)test_random_below(one_in(8) ? MAX_CONDS : 48);
	struct pap_rule otherwise = {.verdict = random_verdict()};

	r->nconds = r->nclauses = r->ntests = r->nranges = r->ncalls = 0;
	r->spec = pap_filter_spec_new(arch, random_verdict(), random_verdict(), otherwise);
	REQUIRE(r->spec != NULL);
	r->spec->self_tgid = one_in(2) ? (uint32_t)edge_value() : 0;
	/* plain verdicts all over, so that intervals are small */
	for (unsigned i = one_in(2) ? 0 : PAP_NSYSCALLS; i < PAP_NSYSCALLS; i++)
		r->spec->calls[i].otherwise.verdict = random_verdict();
	for (unsigned i = 0; i < n; i++) {
		struct pap_rule rule = {.verdict = random_verdict()};
		unsigned call = r->ncalls && one_in(3) ? r->calls[test_random_below(r->ncalls)]
						       : (unsigned)test_random_below(PAP_NSYSCALLS);

		/* conditions of other calls again, so that there is something to share */
		if (r->nconds && one_in(3))
			rule.cond = &r->conds[test_random_below(r->nconds)];
		else if (!one_in(20))
			rule.cond = random_cond(r);
		REQUIRE(pap_filter_add(r->spec, call, rule) == 0);
		r->calls[r->ncalls++] = call;
	}
}

/* A value at the end of some range, or an edge. */
static inline uint64_t random_argument(const struct random_spec *r)
{
	const struct pap_range *range;

	if (!r->nranges || one_in(3))
		return edge_value();
	range = &r->ranges[test_random_below(r->nranges)];
	return (one_in(2) ? range->lo : range->hi) + test_random_below(3) - 1;
}

static inline struct pap_seccomp_data random_call(const struct random_spec *r)
{
	struct pap_seccomp_data data = {
	    .nr = (int32_t)edge_value(),
	    .arch = pap_arch_audit(r->spec->arch),
	    .instruction_pointer = test_random(),
	};

	if (r->ncalls && !one_in(4))
		data.nr =
		    pap_syscall_table[r->calls[test_random_below(r->ncalls)]].number[r->spec->arch];
	else if (!one_in(4))
		data.nr = (int32_t)test_random_below(600);
	if (one_in(16))
		data.nr ^= 0x40000000;
	if (one_in(32))
		data.arch = one_in(2) ? PAP_AUDIT_ARCH_I386 : (uint32_t)test_random();
	for (unsigned i = 0; i < 6; i++)
		data.args[i] = random_argument(r);
	return data;
}

#endif
