/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Puts a plan together from its steps: promises, Landlock set, shortfalls, rules,
 * program. Pure: the same policy and features give the same plan anywhere.
 */
#include "compile/parts.h"
#include "compile/trace.h"

#include <errno.h>
#include <stdlib.h>

struct block { /* memory that lives as long as the plan */
	struct block *next;
	size_t used, size;
	_Alignas(16) unsigned char data[];
};

void *pap_plan_alloc(struct pap_plan *plan, size_t size)
{
	struct block *block = plan->storage;
	void *memory;

	size = (size + 15) & ~(size_t)15;
	if (!block || block->size - block->used < size) {
		size_t room = size > 4000 ? size : 4000;

		block = calloc(1, sizeof(*block) + room);
		if (!block)
			return NULL;
		block->size = room;
		block->next = plan->storage;
		plan->storage = block;
	}
	memory = block->data + block->used;
	block->used += size;
	return memory;
}

static int build(struct pap_plan *plan, struct pap_error *err)
{
	struct pap_net net = pap_net_of(plan->policy, plan->promises);
	int rc = pap_landlock_build(plan, &net);

	if (!rc)
		rc = pap_shortfall_find(plan, &net);
	if (rc < 0)
		return pap_fail(err, rc, "out of memory");
	if (!plan->options.describe)
		rc = pap_shortfall_judge(plan, err);
	if (rc < 0)
		return rc;
	rc = pap_rules_build(plan, &net);
	if (rc < 0)
		return pap_fail(err, rc, "out of memory");
	if (plan->options.trace && plan->options.supervisor)
		pap_trace_spec(plan->spec);
	if (plan->options.rules_only)
		return 0;
	return pap_filter_compile(plan->spec, &plan->filter, err);
}

int pap_plan_make(const struct pap_policy *policy, const struct pap_plan_options *options,
		  struct pap_plan **result, struct pap_error *err)
{
	struct pap_plan *plan;
	int rc = pap_shortfall_check_waivers(policy, err);

	if (rc < 0)
		return rc;
	plan = calloc(1, sizeof(*plan));
	if (!plan)
		return pap_fail(err, -ENOMEM, "out of memory");
	plan->policy = policy;
	plan->options = *options;
	plan->promises = pap_promises_effective(policy);
	rc = build(plan, err);
	if (rc < 0) {
		pap_plan_free(plan);
		return rc;
	}
	*result = plan;
	return 0;
}

void pap_plan_free(struct pap_plan *plan)
{
	struct block *block, *next;

	if (!plan)
		return;
	pap_program_free(&plan->filter);
	pap_filter_spec_free(plan->spec);
	pap_landlock_free(&plan->landlock);
	free(plan->shortfalls.items);
	for (block = plan->storage; block; block = next) {
		next = block->next;
		free(block);
	}
	free(plan);
}
