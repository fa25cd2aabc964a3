/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules of a filter, in memory. It copies rules, not the conditions, origins
 * and reasons that they point at.
 */
#include <errno.h>
#include <stdlib.h>

#include "compile/filter.h"

struct pap_filter_spec *pap_filter_spec_new(enum pap_arch arch, uint32_t foreign, uint32_t unknown,
					    struct pap_rule otherwise)
{
	struct pap_filter_spec *spec = calloc(1, sizeof(*spec));

	if (!spec)
		return NULL;
	spec->arch = arch;
	spec->foreign = foreign;
	spec->unknown = unknown;
	otherwise.cond = NULL;
	for (unsigned i = 0; i < PAP_NSYSCALLS; i++)
		spec->calls[i].otherwise = otherwise;
	return spec;
}

void pap_filter_spec_free(struct pap_filter_spec *spec)
{
	if (!spec)
		return;
	for (unsigned i = 0; i < PAP_NSYSCALLS; i++)
		free(spec->calls[i].rules);
	free(spec);
}

int pap_filter_add(struct pap_filter_spec *spec, unsigned call, struct pap_rule rule)
{
	struct pap_call_rules *list;
	struct pap_rule *rules;
	unsigned capacity;

	if (call >= PAP_NSYSCALLS)
		return -EINVAL;
	list = &spec->calls[call];
	if (list->nrules == UINT16_MAX)
		return -E2BIG;
	if (list->nrules == list->capacity) {
		capacity = list->capacity ? list->capacity * 2u : 2u;
		if (capacity > UINT16_MAX)
			capacity = UINT16_MAX;
		rules = reallocarray(list->rules, capacity, sizeof(*rules));
		if (!rules)
			return -ENOMEM;
		list->rules = rules;
		list->capacity = (uint16_t)capacity;
	}
	list->rules[list->nrules++] = rule;
	return 0;
}
