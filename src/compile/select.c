/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding the interval that a 32-bit word lies in, by a search tree: split where
 * both sides weigh about the same, compare single values by equality. For equal
 * weights that is a balanced tree; for unequal ones the heavy intervals come near
 * the root, at most two comparisons below what any tree could give them.
 *
 * It does not search for the cheapest tree: splitting in the middle of the weight
 * costs one pass and is within two comparisons of it.
 */
#include "compile/graph.h"

struct search {
	struct pap_graph *graph;
	struct pap_word word;
	struct pap_step *steps; /* weight: sum of this step and all before it */
	uint32_t count;
};

static uint32_t weight_before(const struct search *s, uint32_t i)
{
	return i ? s->steps[i - 1].weight : 0;
}

static bool single(const struct search *s, uint32_t i)
{
	uint32_t start = s->steps[i].start;

	return i + 1 < s->count ? s->steps[i + 1].start == start + 1 : start == s->word.mask;
}

/* The first step of the right half of [a, b): a < result < b. */
static uint32_t middle(const struct search *s, uint32_t a, uint32_t b)
{
	uint32_t base = weight_before(s, a);
	uint32_t half = base + (weight_before(s, b) - base) / 2;
	uint32_t low = a + 1, high = b - 1;

	while (low < high) {
		uint32_t m = low + (high - low) / 2;

		if (weight_before(s, m) < half)
			low = m + 1;
		else
			high = m;
	}
	/* low is the first split at or above half; the one before may be nearer */
	if (low > a + 1 && weight_before(s, low) > half &&
	    half - weight_before(s, low - 1) < weight_before(s, low) - half)
		low--;
	return low;
}

static uint32_t own_weight(const struct search *s, uint32_t i)
{
	return s->steps[i].weight - weight_before(s, i);
}

/*
 * At most two single values in surroundings that all lead to one place: they are
 * compared one by one, the heavier first. False when [a, b) is something else.
 */
static bool search_points(const struct search *s, uint32_t a, uint32_t b, pap_node *node)
{
	uint32_t point[2], count = 0, around = b - 1;

	if (b - a > 5)
		return false;
	for (uint32_t i = a; i < b; i++)
		if (!single(s, i))
			around = i;
	*node = s->steps[around].target;
	for (uint32_t i = a; i < b; i++) {
		if (s->steps[i].target == *node)
			continue;
		if (count == 2 || !single(s, i))
			return false;
		point[count++] = i;
	}
	if (count == 2 && own_weight(s, point[0]) < own_weight(s, point[1])) {
		uint32_t swap = point[0];

		point[0] = point[1];
		point[1] = swap;
	}
	while (count--)
		*node =
		    pap_graph_jump(s->graph, s->word, PAP_BPF_JEQ_K, s->steps[point[count]].start,
				   s->steps[point[count]].target, *node);
	return true;
}

static pap_node search(const struct search *s, uint32_t a, uint32_t b)
{
	pap_node below, above, node;
	uint32_t m;

	if (b - a == 1)
		return s->steps[a].target;
	if (search_points(s, a, b, &node))
		return node;
	m = middle(s, a, b);
	below = search(s, a, m);
	above = search(s, m, b);
	return pap_graph_jump(s->graph, s->word, PAP_BPF_JGE_K, s->steps[m].start, above, below);
}

/* Drops what the mask makes impossible, joins equal neighbours, sums up weights. */
static uint32_t normalise(struct pap_step *steps, uint32_t count, uint32_t mask)
{
	uint32_t n = 1;

	for (uint32_t i = 1; i < count && steps[i].start <= mask; i++) {
		if (steps[i].target == steps[n - 1].target)
			steps[n - 1].weight += steps[i].weight;
		else
			steps[n++] = steps[i];
	}
	for (uint32_t i = 1; i < n; i++)
		steps[i].weight += steps[i - 1].weight;
	return n;
}

/* One bit of the word, or "any of these bits": the jump masks, the word stays whole. */
static pap_node select_bits(struct pap_graph *graph, struct pap_word word, pap_node some,
			    pap_node none)
{
	uint32_t mask = word.mask;

	word.mask = UINT32_MAX;
	return pap_graph_load(graph, word,
			      pap_graph_jump(graph, word, PAP_BPF_JSET_K, mask, some, none));
}

pap_node pap_select(struct pap_graph *graph, struct pap_word word, struct pap_step *steps,
		    uint32_t count)
{
	struct search s = {graph, word, steps, normalise(steps, count, word.mask)};

	if (graph->failed)
		return PAP_NODE_NONE;
	if (s.count == 1)
		return steps[0].target;
	if (!(word.mask & (word.mask - 1))) /* one bit: 0 or the mask itself */
		return select_bits(graph, word, steps[s.count - 1].target, steps[0].target);
	if (s.count == 2 && steps[1].start == 1 && word.mask != UINT32_MAX)
		return select_bits(graph, word, steps[1].target, steps[0].target);
	return pap_graph_load(graph, word, search(&s, 0, s.count));
}
