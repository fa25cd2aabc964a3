/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a condition means, in the plainest way: the reference that compiled
 * filters are held against. It has no cleverness and must not get any.
 */
#include "table/table.h"

static bool in_ranges(uint64_t value, const struct pap_range *ranges, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (value >= ranges[i].lo && value <= ranges[i].hi)
			return true;
	}
	return false;
}

static bool test_holds(const struct pap_test *test, const uint64_t args[6], uint32_t self_tgid)
{
	uint64_t value = args[test->arg];

	if (test->bits == 32)
		value = (uint32_t)value;
	value &= test->mask;
	if (test->symbol == PAP_SYM_SELF_TGID)
		return self_tgid != 0 && value == self_tgid;
	return in_ranges(value, test->ranges, test->nranges) != test->negate;
}

static bool clause_holds(const struct pap_clause *clause, const uint64_t args[6],
			 uint32_t self_tgid)
{
	for (unsigned i = 0; i < clause->ntests; i++) {
		if (!test_holds(&clause->tests[i], args, self_tgid))
			return false;
	}
	return true;
}

bool pap_cond_holds(const struct pap_cond *cond, const uint64_t args[6], uint32_t self_tgid)
{
	for (unsigned i = 0; i < cond->nclauses; i++) {
		if (clause_holds(&cond->clauses[i], args, self_tgid))
			return true;
	}
	return false;
}
