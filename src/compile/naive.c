/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a spec means, in the plainest terms: the yardstick for the compiler, and
 * what names the rule behind a verdict. It is slow, and shall stay this simple.
 */
#include "compile/filter.h"

uint32_t pap_filter_naive(const struct pap_filter_spec *spec, const struct pap_seccomp_data *data,
			  const struct pap_rule **rule)
{
	const struct pap_syscall *call;
	const struct pap_call_rules *list;
	const struct pap_rule *decides;

	if (rule)
		*rule = NULL;
	if (data->arch != pap_arch_audit(spec->arch))
		return spec->foreign;
	call = pap_syscall_by_number(spec->arch, (uint32_t)data->nr);
	if (!call)
		return spec->unknown;
	list = &spec->calls[pap_syscall_id(call)];
	decides = &list->otherwise;
	for (unsigned i = 0; i < list->nrules; i++) {
		const struct pap_cond *cond = list->rules[i].cond;

		if (!cond || pap_cond_holds(cond, data->args, spec->self_tgid)) {
			decides = &list->rules[i];
			break;
		}
	}
	if (rule)
		*rule = decides;
	return decides->verdict;
}
