/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a spec to a program: layout, emission, and a check of what came out by the
 * rules of the kernel, so that a mistake in here ends as an error and never as a
 * filter.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compile/graph.h"

/*
 * What a graph begins with; it grows when that is too little. A program that starts
 * pays for each page of memory that it touches first, so too much is no gift.
 */
#define NODES_OF_TREE 288u
#define NODES_OF_RULE 4u

static int check_cond(const struct pap_cond *cond, const char *call, struct pap_error *err)
{
	for (unsigned i = 0; i < cond->nclauses; i++) {
		const struct pap_clause *clause = &cond->clauses[i];

		for (unsigned j = 0; j < clause->ntests; j++) {
			const struct pap_test *test = &clause->tests[j];

			if (test->arg > 5)
				return pap_fail(
				    err, -EINVAL,
				    "a condition on %s looks at argument %u, the last is 5", call,
				    test->arg);
			if (test->bits != 32 && test->bits != 64)
				return pap_fail(
				    err, -EINVAL,
				    "a condition on %s takes argument %u as %u bits wide", call,
				    test->arg, test->bits);
			if (test->symbol != PAP_SYM_NONE && test->negate)
				return pap_fail(
				    err, -EINVAL,
				    "a condition on %s negates a symbol, which means nothing "
				    "while it has no value",
				    call);
		}
	}
	return 0;
}

/* *nodes: how many a graph of this spec may well have. */
static int check_spec(const struct pap_filter_spec *spec, uint32_t *nodes, struct pap_error *err)
{
	if ((unsigned)spec->arch >= PAP_ARCH_COUNT)
		return pap_fail(err, -EINVAL, "no such architecture: %u", (unsigned)spec->arch);
	*nodes = NODES_OF_TREE;
	for (unsigned i = 0; i < PAP_NSYSCALLS; i++) {
		const struct pap_call_rules *call = &spec->calls[i];

		*nodes += NODES_OF_RULE * call->nrules;
		for (unsigned j = 0; j < call->nrules; j++) {
			const struct pap_cond *cond = call->rules[j].cond;
			int rc = cond ? check_cond(cond, pap_syscall_table[i].name, err) : 0;

			if (rc < 0)
				return rc;
		}
	}
	return 0;
}

static int too_big(struct pap_error *err)
{
	pap_fail(err, -E2BIG, "the filter needs more than %d instructions, which no kernel takes",
		 PAP_BPF_MAX);
	pap_hint(err, "fewer argument conditions, or ranges instead of single values");
	return -E2BIG;
}

static int build(const struct pap_filter_spec *spec, uint32_t nodes, struct pap_program *program,
		 struct pap_error *err)
{
	struct pap_graph graph;
	pap_node root = PAP_NODE_NONE;
	int rc = pap_graph_init(&graph, nodes < PAP_BPF_MAX ? nodes : PAP_BPF_MAX);

	if (!rc) {
		root = pap_graph_layout(&graph, spec);
		rc = graph.failed;
	}
	if (!rc)
		rc = pap_graph_emit(&graph, root, program);
	pap_graph_free(&graph);
	if (rc == -E2BIG)
		return too_big(err);
	if (rc == -ENOMEM)
		return pap_fail(err, -ENOMEM, "out of memory");
	return rc;
}

int pap_filter_compile(const struct pap_filter_spec *spec, struct pap_program *program,
		       struct pap_error *err)
{
	struct pap_program made = {0};
	struct pap_error why = {0};
	uint32_t nodes = 0;
	int rc = check_spec(spec, &nodes, err);

	if (!rc)
		rc = build(spec, nodes, &made, err);
	if (rc)
		return rc;
	if (pap_bpf_check(made.insns, made.length, &why) < 0) {
		pap_program_free(&made);
		return pap_fail(err, -EINVAL, "the compiler made a program that is not valid: %s",
				why.message);
	}
	*program = made;
	return 0;
}

void pap_program_free(struct pap_program *program)
{
	free(program->insns);
	free(program->origin);
	free(program->call);
	memset(program, 0, sizeof(*program));
}
