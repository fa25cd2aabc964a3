/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nodes, hash-consed. One array holds them all and is freed at once; a handle is
 * an index, so that growing moves nothing that anybody points at.
 *
 * Sharing is purely structural: "compare the accumulator with 5, then a or b" is
 * the same node whatever the accumulator was loaded from. That is sound because
 * each link is made where the accumulator is known, and following links is all
 * that a program does.
 */
#include "compile/graph.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Far more than a program can hold; keeps hopeless specs from eating memory. */
#define NODES_MAX (1u << 20)

static int resize(struct pap_graph *graph, uint32_t capacity)
{
	struct pap_node_body *nodes = reallocarray(graph->nodes, capacity, sizeof(*nodes));

	if (!nodes)
		return -ENOMEM;
	graph->nodes = nodes;
	graph->capacity = capacity;
	return 0;
}

static uint32_t hash(uint32_t code, uint32_t k, pap_node yes, pap_node no)
{
	uint64_t h = ((uint64_t)code << 32 | k) * 0x9e3779b97f4a7c15u;

	h ^= h >> 29;
	h += ((uint64_t)yes << 32 | no);
	h *= 0xbf58476d1ce4e5b9u;
	return (uint32_t)(h >> 32);
}

static int rehash(struct pap_graph *graph, uint32_t nslots)
{
	pap_node *slots = calloc(nslots, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	for (pap_node i = 1; i < graph->count; i++) {
		const struct pap_node_body *n = &graph->nodes[i];
		uint32_t at = hash(n->code, n->k, n->yes, n->no);

		while (slots[at & (nslots - 1)])
			at++;
		slots[at & (nslots - 1)] = i;
	}
	free(graph->slots);
	graph->slots = slots;
	graph->nslots = nslots;
	return 0;
}

int pap_graph_init(struct pap_graph *graph, uint32_t expected)
{
	uint32_t nslots = 256;

	memset(graph, 0, sizeof(*graph));
	graph->note.call = -1;
	while (nslots / 4 * 3 < expected)
		nslots *= 2;
	graph->count = 1;
	graph->failed = resize(graph, expected + 1);
	if (!graph->failed)
		graph->failed = rehash(graph, nslots);
	return graph->failed;
}

void pap_graph_free(struct pap_graph *graph)
{
	free(graph->nodes);
	free(graph->slots);
	memset(graph, 0, sizeof(*graph));
}

/* Equal for a reader of the listing and for whoever asks what a verdict entails. */
static bool same_rule(const struct pap_rule *a, const struct pap_rule *b)
{
	return a == b || (a && b && a->verdict == b->verdict && a->handler == b->handler &&
			  a->refusal == b->refusal && a->origin.source == b->origin.source &&
			  a->origin.line == b->origin.line &&
			  a->origin.column == b->origin.column && a->reason == b->reason);
}

static void annotate(struct pap_graph *graph, pap_node node)
{
	struct pap_node_body *body = &graph->nodes[node];

	if (!same_rule(body->rule, graph->note.rule))
		body->rule = NULL;
	if (body->call != graph->note.call)
		body->call = -1;
}

static uint32_t add_sizes(uint32_t a, uint32_t b)
{
	return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

static pap_node append(struct pap_graph *graph, uint16_t code, uint32_t k, pap_node yes,
		       pap_node no)
{
	pap_node node = graph->count;
	struct pap_node_body *body;

	if (node == NODES_MAX) {
		graph->failed = -E2BIG;
		return PAP_NODE_NONE;
	}
	if (node == graph->capacity && resize(graph, graph->capacity * 2) < 0) {
		graph->failed = -ENOMEM;
		return PAP_NODE_NONE;
	}
	body = &graph->nodes[node];
	*body = (struct pap_node_body){
	    .rule = graph->note.rule,
	    .call = graph->note.call,
	    .code = code,
	    .k = k,
	    .yes = yes,
	    .no = no,
	    .size = add_sizes(
		1, add_sizes(yes ? graph->nodes[yes].size : 0, no ? graph->nodes[no].size : 0)),
	};
	graph->count++;
	return node;
}

/* The one constructor. */
static pap_node cons(struct pap_graph *graph, uint16_t code, uint32_t k, pap_node yes, pap_node no)
{
	uint32_t at = hash(code, k, yes, no);
	pap_node node;

	if (graph->failed)
		return PAP_NODE_NONE;
	if (graph->count > graph->nslots / 4 * 3) {
		graph->failed = rehash(graph, graph->nslots * 2);
		if (graph->failed)
			return PAP_NODE_NONE;
	}
	while ((node = graph->slots[at & (graph->nslots - 1)]) != PAP_NODE_NONE) {
		const struct pap_node_body *n = &graph->nodes[node];

		if (n->code == code && n->k == k && n->yes == yes && n->no == no) {
			annotate(graph, node);
			return node;
		}
		at++;
	}
	node = append(graph, code, k, yes, no);
	graph->slots[at & (graph->nslots - 1)] = node;
	return node;
}

pap_node pap_graph_return(struct pap_graph *graph, uint32_t verdict)
{
	return cons(graph, PAP_BPF_RET_K, verdict, PAP_NODE_NONE, PAP_NODE_NONE);
}

/* Where a branch may be entered when the accumulator is known to hold word already. */
static pap_node enter(const struct pap_graph *graph, struct pap_word word, pap_node node)
{
	const struct pap_node_body *load = &graph->nodes[node], *next;

	if (load->code != PAP_BPF_LD_W_ABS || load->k != word.offset)
		return node;
	if (word.mask == UINT32_MAX)
		return load->yes;
	next = &graph->nodes[load->yes];
	if (next->code != PAP_BPF_AND_K)
		return node;
	if (next->k == word.mask)
		return next->yes;
	return (next->k & ~word.mask) ? node : load->yes;
}

pap_node pap_graph_jump(struct pap_graph *graph, struct pap_word word, uint16_t code, uint32_t k,
			pap_node yes, pap_node no)
{
	if (graph->failed)
		return PAP_NODE_NONE;
	yes = enter(graph, word, yes);
	no = enter(graph, word, no);
	return yes == no ? yes : cons(graph, code, k, yes, no);
}

pap_node pap_graph_load(struct pap_graph *graph, struct pap_word word, pap_node node)
{
	uint16_t code = graph->nodes[node].code;

	if (graph->failed)
		return PAP_NODE_NONE;
	if (code == PAP_BPF_RET_K || code == PAP_BPF_LD_W_ABS)
		return node;
	if (word.mask != UINT32_MAX)
		node = cons(graph, PAP_BPF_AND_K, word.mask, node, PAP_NODE_NONE);
	return cons(graph, PAP_BPF_LD_W_ABS, word.offset, node, PAP_NODE_NONE);
}
