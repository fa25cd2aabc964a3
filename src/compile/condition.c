/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Single tests of arguments, as nodes: each is given the two nodes that it leads
 * to, so that OR and AND are nothing but the choice of these (fate.c).
 *
 * Registers are 64 bits wide, the accumulator has 32. A test of a 32-bit argument
 * looks at the low word alone, because the kernel ignores the other; any other
 * test looks at both words unless its mask clears one of them.
 *
 * What this does not do: order tests by cost, or notice that a test is implied
 * by another one on the way.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include "compile/graph.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	       "the low word of an argument comes first");

#define ON_STACK 32 /* ranges in one test */

static int by_low_end(const void *a, const void *b)
{
	const struct pap_range *x = a, *y = b;

	return x->lo < y->lo ? -1 : x->lo > y->lo;
}

static void join(struct pap_ranges *ranges, struct pap_range r)
{
	struct pap_range *last = ranges->count ? &ranges->items[ranges->count - 1] : NULL;

	if (last && (last->hi == UINT64_MAX || r.lo <= last->hi + 1)) {
		if (r.hi > last->hi)
			last->hi = r.hi;
	} else {
		ranges->items[ranges->count++] = r;
	}
}

uint64_t pap_test_mask(const struct pap_test *test)
{
	return test->bits == 32 ? (uint32_t)test->mask : test->mask;
}

struct pap_word pap_test_low(const struct pap_test *test)
{
	return (struct pap_word){
	    (uint32_t)(offsetof(struct pap_seccomp_data, args) + 8u * test->arg),
	    (uint32_t)pap_test_mask(test)};
}

void pap_test_ranges(const struct pap_test *test, struct pap_ranges *out)
{
	uint64_t mask = pap_test_mask(test);
	uint32_t n = 0;
	bool sorted = true;

	for (uint32_t i = 0; i < test->nranges; i++) {
		struct pap_range r = test->ranges[i];

		if (r.lo > r.hi || r.lo > mask)
			continue;
		if (r.hi >= mask) /* nothing lies above: one comparison less */
			r.hi = UINT64_MAX;
		if (n && out->items[n - 1].lo > r.lo)
			sorted = false;
		out->items[n++] = r;
	}
	if (!sorted)
		qsort(out->items, n, sizeof(*out->items), by_low_end);
	out->count = 0;
	for (uint32_t i = 0; i < n; i++)
		join(out, out->items[i]);
}

static uint32_t high(uint64_t value)
{
	return (uint32_t)(value >> 32);
}

/* What the lower word decides once the upper one is known; ranges before first lie below. */
static pap_node select_low(struct pap_graph *graph, const struct pap_ranges *ranges, uint32_t first,
			   uint32_t upper, struct pap_word word, struct pap_step *steps,
			   pap_node yes, pap_node no)
{
	uint32_t n = 0;

	steps[n++] = (struct pap_step){0, 1, no};
	for (uint32_t i = first; i < ranges->count && high(ranges->items[i].lo) <= upper; i++) {
		struct pap_range r = ranges->items[i];
		uint32_t lo = high(r.lo) < upper ? 0 : (uint32_t)r.lo;
		uint32_t hi = high(r.hi) > upper ? UINT32_MAX : (uint32_t)r.hi;

		if (lo == 0)
			n = 0; /* only the first range can begin here */
		steps[n++] = (struct pap_step){lo, 1, yes};
		if (hi != UINT32_MAX)
			steps[n++] = (struct pap_step){hi + 1, 1, no};
	}
	return pap_select(graph, word, steps, n);
}

/*
 * The decision changes only where a range begins or ends, or right behind; in
 * between it is the same for every upper word. So there are four steps a range.
 */
static pap_node select_high(struct pap_graph *graph, const struct pap_ranges *ranges,
			    const struct pap_word word[2], struct pap_step *room[2], pap_node yes,
			    pap_node no)
{
	struct pap_step *steps = room[1];
	uint32_t n = 0, first = 0;

	steps[n++] =
	    (struct pap_step){0, 1, select_low(graph, ranges, 0, 0, word[0], room[0], yes, no)};
	for (uint32_t i = 0; i < ranges->count; i++) {
		uint64_t lo = high(ranges->items[i].lo), hi = high(ranges->items[i].hi);
		uint64_t cuts[4] = {lo, lo + 1, hi, hi + 1};

		for (int c = 0; c < 4; c++) {
			if (cuts[c] <= steps[n - 1].start || cuts[c] > UINT32_MAX)
				continue; /* made already, or beyond the last word */
			while (first < ranges->count && high(ranges->items[first].hi) < cuts[c])
				first++;
			steps[n++] =
			    (struct pap_step){(uint32_t)cuts[c], 1,
					      select_low(graph, ranges, first, (uint32_t)cuts[c],
							 word[0], room[0], yes, no)};
		}
	}
	return pap_select(graph, word[1], steps, n);
}

static pap_node select_ranges(struct pap_graph *graph, const struct pap_test *test,
			      struct pap_ranges *ranges, struct pap_step *room[2], pap_node yes,
			      pap_node no)
{
	struct pap_word word[2] = {pap_test_low(test)};

	word[1] = (struct pap_word){word[0].offset + 4, high(pap_test_mask(test))};
	pap_test_ranges(test, ranges);
	if (!word[1].mask)
		return select_low(graph, ranges, 0, 0, word[0], room[0], yes, no);
	return select_high(graph, ranges, word, room, yes, no);
}

/* The tests of large sets need room that the stack should not give. */
static pap_node with_room(struct pap_graph *graph, const struct pap_test *test, pap_node yes,
			  pap_node no)
{
	struct pap_range range_room[ON_STACK];
	struct pap_step step_room[2][4 * ON_STACK + 1];
	struct pap_ranges ranges = {range_room, 0};
	struct pap_step *steps[2] = {step_room[0], step_room[1]};
	pap_node node = PAP_NODE_NONE;
	size_t n = test->nranges;
	void *heap;

	if (n <= ON_STACK)
		return select_ranges(graph, test, &ranges, steps, yes, no);
	heap = calloc(n, sizeof(*ranges.items) + 8 * sizeof(*steps[0]) + 2 * sizeof(*steps[0]));
	if (!heap) {
		graph->failed = -ENOMEM;
		return PAP_NODE_NONE;
	}
	ranges.items = heap;
	steps[0] = (struct pap_step *)(ranges.items + n);
	steps[1] = steps[0] + 4 * n + 1;
	node = select_ranges(graph, test, &ranges, steps, yes, no);
	free(heap);
	return node;
}

pap_node pap_graph_test(struct pap_graph *graph, const struct pap_test *test, uint32_t self_tgid,
			pap_node yes, pap_node no)
{
	struct pap_range self = {self_tgid, self_tgid};
	struct pap_test resolved = *test;

	if (test->symbol != PAP_SYM_NONE) {
		if (test->symbol != PAP_SYM_SELF_TGID || !self_tgid)
			return no;
		resolved.ranges = &self;
		resolved.nranges = 1;
	}
	return test->negate ? with_room(graph, &resolved, no, yes)
			    : with_room(graph, &resolved, yes, no);
}
