/* SPDX-License-Identifier: BSD-2-Clause */
/* paprika filter cost: how large and how deep a policy's filter is, and what the kernel caches. */
#include <jansson.h>
#include <stdlib.h>

#include "cli/filter_options.h"
#include "compile/cost.h"

enum { HOT = 6 }; /* calls of at least this heat are named one by one */

static bool listed(const struct pap_filter_cost *cost, unsigned id)
{
	return cost->call[id].worst && pap_syscall_table[id].heat >= HOT;
}

static void print_text(const struct pap_plan *plan, const struct pap_filter_cost *cost,
		       struct pap_text *out)
{
	pap_text_printf(
	    out,
	    "architecture    %s, %s\n"
	    "instructions    %u of %d\n"
	    "calls           %u, of which the kernel answers %u without the filter (5.11)\n"
	    "longest way     %u instructions, for %s\n"
	    "installation    %lu instructions emulated\n\n"
	    "hot call          instructions at most\n",
	    pap_arch_name(plan->spec->arch), plan->options.features->label, plan->filter.length,
	    PAP_BPF_MAX, cost->calls, cost->cached, cost->worst,
	    pap_syscall_table[cost->worst_call].name, cost->install);
	for (unsigned id = 0; id < PAP_NSYSCALLS; id++)
		if (listed(cost, id))
			pap_text_printf(out, "  %-16s %3u%s\n", pap_syscall_table[id].name,
					cost->call[id].worst,
					cost->call[id].cached ? "  (cached: none)" : "");
}

static void print_json(const struct pap_plan *plan, const struct pap_filter_cost *cost,
		       struct pap_text *out)
{
	json_t *hot = json_object(), *root;
	char *dumped;

	for (unsigned id = 0; id < PAP_NSYSCALLS; id++)
		if (listed(cost, id))
			json_object_set_new(hot, pap_syscall_table[id].name,
					    json_pack("{s:i, s:b}", "instructions",
						      (int)cost->call[id].worst, "cached",
						      (int)cost->call[id].cached));
	root = json_pack("{s:i, s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:s, s:I, s:o}", "version",
			 PAP_FILTER_FORMAT_VERSION, "arch", pap_arch_name(plan->spec->arch),
			 "kernel", plan->options.features->label, "instructions",
			 (int)plan->filter.length, "limit", PAP_BPF_MAX, "calls", (int)cost->calls,
			 "cached", (int)cost->cached, "longest", (int)cost->worst, "longest_call",
			 pap_syscall_table[cost->worst_call].name, "install",
			 (json_int_t)cost->install, "hot", hot);
	dumped = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
	out->failed |= !dumped;
	if (dumped)
		pap_text_printf(out, "%s\n", dumped);
	free(dumped);
	json_decref(root);
}

int pap_filter_cost_command(const struct pap_filter_options *options, struct pap_policy *policy)
{
	struct pap_filter_subject subject = {0};
	struct pap_filter_cost *cost = calloc(1, sizeof(*cost));
	struct pap_error err = {0};
	struct pap_text text = {0};
	int status;

	if (!cost) {
		pap_cli_say("out of memory");
		return PAP_EXIT_SETUP;
	}
	if (pap_filter_plan(&subject, options, policy, &err) < 0) {
		status = pap_filter_failed(&err);
	} else {
		pap_filter_cost(&subject.plan->filter, subject.plan->spec->arch, cost);
		(options->json ? print_json : print_text)(subject.plan, cost, &text);
		status = pap_filter_print(&text);
	}
	pap_filter_subject_free(&subject);
	free(cost);
	return status;
}
