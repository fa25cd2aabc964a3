/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decision graph between rules and instructions. A node is one instruction
 * without its place: it is made once, out of nodes that exist already, and asking
 * for an equal node returns the old one. So sharing comes free, a cycle cannot be
 * written down, and nothing ever changes a node.
 *
 * A node is closed when it may be entered with any accumulator (a return, a
 * load), open when it looks at what is in there (a mask, a jump). Callers outside
 * graph.c and select.c hold closed nodes only.
 *
 * What this does not do: decide the order of instructions (emit.c) or what to
 * test first (select.c).
 */
#ifndef PAP_COMPILE_GRAPH_H
#define PAP_COMPILE_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "compile/filter.h"

/* A handle; PAP_NODE_NONE once memory or the limit ran out (graph->failed says which). */
typedef uint32_t pap_node;
#define PAP_NODE_NONE 0u

/* Whom a node was made for; only for people, never part of what makes nodes equal. */
struct pap_node_note {
	const struct pap_rule *rule; /* NULL: structural, or several */
	int16_t call;                /* -1: none, or several */
};

struct pap_node_body {
	const struct pap_rule *rule; /* the note */
	int16_t call;
	uint16_t code; /* PAP_BPF_*, the instruction */
	uint32_t k;
	pap_node yes;  /* loads and masks: what follows */
	pap_node no;   /* jumps only */
	uint32_t size; /* nodes below, shared ones counted each time; saturates */
};

struct pap_graph {
	struct pap_node_body *nodes; /* [0] is PAP_NODE_NONE */
	uint32_t count, capacity;
	pap_node *slots; /* hash table, a power of two */
	uint32_t nslots;
	int failed;                /* negative errno */
	struct pap_node_note note; /* given to nodes made from now on */
};

/* What a jump can rely on: the accumulator holds this word of seccomp_data & mask. */
struct pap_word {
	uint32_t offset;
	uint32_t mask;
};

int pap_graph_init(struct pap_graph *graph, uint32_t expected);
void pap_graph_free(struct pap_graph *graph);

pap_node pap_graph_return(struct pap_graph *graph, uint32_t verdict);

/*
 * An open node: accumulator (which holds word) compared with k. Leads straight
 * into a branch behind its load, when that would load the same again. yes == no
 * needs no comparison and gives that node.
 */
pap_node pap_graph_jump(struct pap_graph *graph, struct pap_word word, uint16_t code, uint32_t k,
			pap_node yes, pap_node no);

/* Closes an open node that relies on word; closed ones are returned as they are. */
pap_node pap_graph_load(struct pap_graph *graph, struct pap_word word, pap_node node);

/* ---- select.c: which interval does a word lie in? ------------------------------------------ */

/* Values from start on lead to target, up to the next step's start. */
struct pap_step {
	uint32_t start;
	uint32_t weight; /* how often, relatively; at least 1 */
	pap_node target; /* closed */
};

/*
 * A closed node that leads to the step in which (word & mask) lies. Steps are
 * sorted, the first starts at 0, and are used up as working memory.
 */
pap_node pap_select(struct pap_graph *graph, struct pap_word word, struct pap_step *steps,
		    uint32_t count);

/* ---- condition.c: one test ------------------------------------------------------------------- */

/* A closed node that leads to yes or no. */
pap_node pap_graph_test(struct pap_graph *graph, const struct pap_test *test, uint32_t self_tgid,
			pap_node yes, pap_node no);

/* The bits of the argument that a test looks at, and the lower word of these. */
uint64_t pap_test_mask(const struct pap_test *test);
struct pap_word pap_test_low(const struct pap_test *test);

/* The ranges of a test: sorted, apart from each other; nothing lies above the mask. */
struct pap_ranges {
	struct pap_range *items; /* the caller's, room for all that the test has */
	uint32_t count;
};
void pap_test_ranges(const struct pap_test *test, struct pap_ranges *out);

/* ---- fate.c: the rules of one call ----------------------------------------------------------- */

/* What becomes of a call, as far as its rules are known; built from the last one on. */
struct pap_fate {
	struct pap_graph *graph;
	uint32_t self_tgid;
	pap_node node; /* when there are no steps */
	/* While count is not 0: what becomes of it depends on this word first. */
	struct pap_word word;
	uint32_t count, capacity;
	struct pap_step *steps, *spare;
	struct pap_ranges ranges;
	uint32_t ranges_capacity;
	const struct pap_rule *rule; /* that the steps were made for; NULL: several */
};

void pap_fate_init(struct pap_fate *fate, struct pap_graph *graph, uint32_t self_tgid);
void pap_fate_free(struct pap_fate *fate);

/* Another call, without rules: what happens to it in any case. */
void pap_fate_start(struct pap_fate *fate, pap_node otherwise);
/* A rule before those that are there: where cond holds it is yes. NULL: always. */
void pap_fate_rule(struct pap_fate *fate, const struct pap_cond *cond, pap_node yes);
/* A closed node that decides. */
pap_node pap_fate_end(struct pap_fate *fate);

/* ---- layout.c: a whole spec ------------------------------------------------------------------ */

/* The root, or PAP_NODE_NONE. */
pap_node pap_graph_layout(struct pap_graph *graph, const struct pap_filter_spec *spec);

/* ---- emit.c ---------------------------------------------------------------------------------- */

/* Fills program from what root reaches; -E2BIG above PAP_BPF_MAX, -ENOMEM. */
int pap_graph_emit(const struct pap_graph *graph, pap_node root, struct pap_program *program);

#endif
