/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A whole spec as a graph: architecture first, then a search tree over call
 * numbers, then the rules of each call. Numbers next to each other with the same
 * fate become one interval; what the table lacks (holes, everything above, which
 * includes negative numbers and the x32 bit) is just intervals more.
 *
 * A call whose verdict does not depend on its arguments has a return as target,
 * so that a kernel from 5.11 on answers it from its bitmap. Such calls therefore
 * pull less at the tree than their heat says.
 *
 * What this does not do: put a single very hot call before the tree. The calls
 * that are that hot are the ones that the bitmap answers.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include "compile/graph.h"

/*
 * What every number weighs, in units of the coldest call. The kernel emulates
 * the filter once for each number when it is installed, so rare ones count too.
 */
#define BASE_WEIGHT 8u
/* How much of its heat a call keeps that the kernel answers without the filter. */
#define CACHED_SHIFT 4

static pap_node call_node(struct pap_fate *fate, const struct pap_filter_spec *spec, unsigned id)
{
	const struct pap_call_rules *call = &spec->calls[id];
	struct pap_graph *graph = fate->graph;
	pap_node node;

	graph->note.call = (int16_t)id;
	graph->note.rule = &call->otherwise;
	node = pap_graph_return(graph, call->otherwise.verdict);
	pap_fate_start(fate, node);
	for (unsigned i = call->nrules; i-- > 0;) {
		const struct pap_rule *rule = &call->rules[i];

		graph->note.rule = rule;
		pap_fate_rule(fate, rule->cond, pap_graph_return(graph, rule->verdict));
	}
	if (call->nrules)
		node = pap_fate_end(fate);
	graph->note.call = -1;
	graph->note.rule = NULL;
	return node;
}

static uint32_t weight(const struct pap_graph *graph, const struct pap_syscall *call, pap_node node)
{
	uint32_t heat = 1u << (call->heat > 16 ? 16 : call->heat);

	if (graph->nodes[node].code == PAP_BPF_RET_K && graph->nodes[node].k == PAP_RET_ALLOW)
		heat >>= CACHED_SHIFT;
	return BASE_WEIGHT + heat;
}

static void add_step(struct pap_step *steps, uint32_t *count, uint32_t number, uint32_t load,
		     pap_node target)
{
	if (*count && steps[*count - 1].target == target)
		steps[*count - 1].weight += load;
	else
		steps[(*count)++] = (struct pap_step){number, load, target};
}

static pap_node number_tree(struct pap_graph *graph, const struct pap_filter_spec *spec,
			    struct pap_step *steps)
{
	const struct pap_word number = {offsetof(struct pap_seccomp_data, nr), UINT32_MAX};
	pap_node unknown = pap_graph_return(graph, spec->unknown);
	struct pap_fate fate;
	uint32_t count = 0;

	pap_fate_init(&fate, graph, spec->self_tgid);
	for (uint32_t i = 0; i < PAP_NUMBER_LIMIT && !graph->failed; i++) {
		const struct pap_syscall *call = pap_syscall_by_number(spec->arch, i);
		pap_node node = call ? call_node(&fate, spec, pap_syscall_id(call)) : unknown;

		add_step(steps, &count, i, call ? weight(graph, call, node) : BASE_WEIGHT, node);
	}
	pap_fate_free(&fate);
	if (graph->failed)
		return PAP_NODE_NONE;
	add_step(steps, &count, PAP_NUMBER_LIMIT, BASE_WEIGHT, unknown);
	return pap_select(graph, number, steps, count);
}

pap_node pap_graph_layout(struct pap_graph *graph, const struct pap_filter_spec *spec)
{
	const struct pap_word arch = {offsetof(struct pap_seccomp_data, arch), UINT32_MAX};
	struct pap_step *steps = calloc(PAP_NUMBER_LIMIT + 1u, sizeof(*steps));
	pap_node tree, foreign;

	if (!steps) {
		graph->failed = -ENOMEM;
		return PAP_NODE_NONE;
	}
	tree = number_tree(graph, spec, steps);
	foreign = pap_graph_return(graph, spec->foreign);
	free(steps);
	return pap_graph_load(
	    graph, arch,
	    pap_graph_jump(graph, arch, PAP_BPF_JEQ_K, pap_arch_audit(spec->arch), tree, foreign));
}
