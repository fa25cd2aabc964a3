/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether one condition holds only where another one does, as far as its tests
 * show it. A yes is certain, a no means nothing: what takes more than looking at
 * two tests at a time is not found.
 */
#include "table/table.h"

static uint64_t mask_of(const struct pap_test *test)
{
	return test->bits == 32 ? (uint32_t)test->mask : test->mask;
}

static bool within(uint64_t value, const struct pap_test *test)
{
	bool in = false;

	for (unsigned i = 0; i < test->nranges && !in; i++)
		in = value >= test->ranges[i].lo && value <= test->ranges[i].hi;
	return in != test->negate;
}

static bool same_test(const struct pap_test *a, const struct pap_test *b)
{
	if (mask_of(a) != mask_of(b) || a->symbol != b->symbol || a->negate != b->negate ||
	    a->nranges != b->nranges)
		return false;
	for (unsigned i = 0; i < a->nranges; i++)
		if (a->ranges[i].lo != b->ranges[i].lo || a->ranges[i].hi != b->ranges[i].hi)
			return false;
	return true;
}

/* Each value that the narrow test lets through is tried, where it names them one by one. */
static bool test_implies(const struct pap_test *narrow, const struct pap_test *wide)
{
	uint64_t mask = mask_of(wide);

	if (narrow->arg != wide->arg)
		return false;
	if (same_test(narrow, wide))
		return true;
	if (narrow->symbol != PAP_SYM_NONE || wide->symbol != PAP_SYM_NONE || narrow->negate ||
	    (mask & ~mask_of(narrow)))
		return false;
	for (unsigned i = 0; i < narrow->nranges; i++) {
		const struct pap_range *range = &narrow->ranges[i];

		if (range->lo != range->hi || !within(range->lo & mask, wide))
			return false;
	}
	return true;
}

static bool clause_implies(const struct pap_clause *narrow, const struct pap_clause *wide)
{
	for (unsigned w = 0; w < wide->ntests; w++) {
		unsigned n = 0;

		while (n < narrow->ntests && !test_implies(&narrow->tests[n], &wide->tests[w]))
			n++;
		if (n == narrow->ntests)
			return false;
	}
	return true;
}

bool pap_cond_implies(const struct pap_cond *narrow, const struct pap_cond *wide)
{
	if (narrow == wide || !wide)
		return true;
	if (!narrow)
		return false;
	for (unsigned n = 0; n < narrow->nclauses; n++) {
		unsigned w = 0;

		while (w < wide->nclauses &&
		       !clause_implies(&narrow->clauses[n], &wide->clauses[w]))
			w++;
		if (w == wide->nclauses)
			return false;
	}
	return true;
}
