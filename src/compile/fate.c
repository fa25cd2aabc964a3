/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules of one call, put together from the last to the first. As long as they
 * look at the same word first (the command of ioctl, the option of prctl), what
 * becomes of the call is kept as a list of the word's intervals, and each rule
 * cuts out its own: whatever number of rules and sets then costs one search. A
 * rule that begins with another word closes the list: it becomes a node, to which
 * that rule leads where it does not hold.
 *
 * What this does not do: put rules in another order, look for one word among
 * several that would cut best, or notice that masks of one word overlap.
 */
#include <errno.h>
#include <stdlib.h>

#include "compile/graph.h"

/* Intervals into which what follows the first test may be copied. */
#define COPIES_MAX 4u

void pap_fate_init(struct pap_fate *fate, struct pap_graph *graph, uint32_t self_tgid)
{
	*fate = (struct pap_fate){.graph = graph, .self_tgid = self_tgid};
}

void pap_fate_free(struct pap_fate *fate)
{
	free(fate->steps);
	free(fate->spare);
	free(fate->ranges.items);
}

void pap_fate_start(struct pap_fate *fate, pap_node otherwise)
{
	fate->node = otherwise;
	fate->count = 0;
}

/* The list becomes a node. */
static void close_word(struct pap_fate *fate)
{
	struct pap_graph *graph = fate->graph;
	const struct pap_rule *rule = graph->note.rule;

	if (!fate->count)
		return;
	graph->note.rule = fate->rule;
	fate->node = pap_select(graph, fate->word, fate->steps, fate->count);
	graph->note.rule = rule;
	fate->count = 0;
}

pap_node pap_fate_end(struct pap_fate *fate)
{
	close_word(fate);
	return fate->graph->failed ? PAP_NODE_NONE : fate->node;
}

static bool grow(void **items, uint32_t count, size_t size)
{
	void *grown = reallocarray(*items, count, size);

	if (grown)
		*items = grown;
	return grown;
}

/* Room for a test with so many ranges more. */
static bool make_room(struct pap_fate *fate, uint32_t nranges)
{
	uint32_t steps = fate->count + 2 * nranges + 1;

	if (steps > fate->capacity) {
		steps = steps < 64 ? 64 : 2 * steps;
		if (!grow((void **)&fate->steps, steps, sizeof(*fate->steps)) ||
		    !grow((void **)&fate->spare, steps, sizeof(*fate->spare)))
			return false;
		fate->capacity = steps;
	}
	if (nranges > fate->ranges_capacity) {
		nranges = nranges < 64 ? 64 : 2 * nranges;
		if (!grow((void **)&fate->ranges.items, nranges, sizeof(*fate->ranges.items)))
			return false;
		fate->ranges_capacity = nranges;
	}
	return true;
}

/* All tests of a clause but the first one to look at; no is where it does not hold. */
static pap_node others(struct pap_fate *fate, const struct pap_clause *clause, unsigned first,
		       pap_node yes, pap_node no)
{
	for (unsigned i = clause->ntests; i-- > 0;)
		if (i != first)
			yes = pap_graph_test(fate->graph, &clause->tests[i], fate->self_tgid, yes,
					     no);
	return yes;
}

/* Where the first test holds, the other tests decide; elsewhere all stays as it is. */
static void cut(struct pap_fate *fate, const struct pap_clause *clause, unsigned first,
		pap_node yes)
{
	const struct pap_range *range = fate->ranges.items, *last = range + fate->ranges.count;
	const struct pap_step *step = fate->steps;
	const uint64_t limit = (uint64_t)UINT32_MAX + 1;
	uint32_t left = fate->count, count = 0;
	struct pap_step *made = fate->spare;

	for (uint64_t at = 0; at < limit;) {
		uint64_t end = left > 1 ? step[1].start : limit, edge = limit;
		pap_node target = step->target;
		bool inside;

		while (range < last && range->hi < at)
			range++;
		inside = range < last && range->lo <= at;
		if (inside && range->hi < limit)
			edge = range->hi + 1;
		else if (!inside && range < last && range->lo < limit)
			edge = range->lo;
		if (inside != clause->tests[first].negate)
			target = others(fate, clause, first, yes, target);
		if (!count || made[count - 1].target != target)
			made[count++] = (struct pap_step){(uint32_t)at, 1, target};
		at = edge < end ? edge : end;
		if (at == end) {
			step++;
			left--;
		}
	}
	fate->spare = fate->steps;
	fate->steps = made;
	fate->count = count;
}

static bool same_word(struct pap_word a, struct pap_word b)
{
	return a.offset == b.offset && a.mask == b.mask;
}

/* Whether a test can be the first one to look at: it is about one word, with values known now. */
static bool splits(const struct pap_test *test)
{
	return test->symbol == PAP_SYM_NONE && pap_test_mask(test) <= UINT32_MAX;
}

/* The test to look at first, of preference one on the word of the list; ntests: none will do. */
static unsigned choose(const struct pap_fate *fate, const struct pap_clause *clause)
{
	unsigned first = clause->ntests;

	for (unsigned i = clause->ntests; i-- > 0;) {
		if (!splits(&clause->tests[i]))
			continue;
		first = i;
		if (fate->count && same_word(fate->word, pap_test_low(&clause->tests[i])))
			break;
	}
	return first;
}

/* What follows the first test is made anew for each interval: not for many. */
static bool few(const struct pap_clause *clause, const struct pap_test *test)
{
	if (clause->ntests == 1)
		return true;
	if (test->negate || test->nranges > COPIES_MAX)
		return false;
	for (uint32_t i = 0; i < test->nranges; i++)
		if (test->ranges[i].lo != test->ranges[i].hi)
			return false;
	return true;
}

static void put_clause(struct pap_fate *fate, const struct pap_clause *clause, pap_node yes)
{
	unsigned first = choose(fate, clause);
	const struct pap_test *test = &clause->tests[first];

	if (first == clause->ntests) {
		close_word(fate);
		fate->node = others(fate, clause, first, yes, fate->node);
		return;
	}
	if (!same_word(fate->word, pap_test_low(test)) || !few(clause, test))
		close_word(fate);
	if (!make_room(fate, test->nranges)) {
		fate->graph->failed = -ENOMEM;
		return;
	}
	if (!fate->count) {
		fate->word = pap_test_low(test);
		fate->steps[fate->count++] = (struct pap_step){0, 1, fate->node};
		fate->rule = fate->graph->note.rule;
	} else if (fate->rule != fate->graph->note.rule) {
		fate->rule = NULL;
	}
	pap_test_ranges(test, &fate->ranges);
	cut(fate, clause, first, yes);
}

void pap_fate_rule(struct pap_fate *fate, const struct pap_cond *cond, pap_node yes)
{
	if (!cond) {
		pap_fate_start(fate, yes);
		return;
	}
	for (unsigned i = cond->nclauses; i-- > 0 && !fate->graph->failed;)
		put_clause(fate, &cond->clauses[i], yes);
}
