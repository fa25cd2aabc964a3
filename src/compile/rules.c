/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From promises to a verdict for every call. The table says which promises permit
 * a call under which conditions; what is said here is only what depends on the
 * rest of the policy (ports, files), on the kernel (what Landlock cannot judge)
 * and on whether somebody answers notifications.
 *
 * Not here: what a call does or which promise it belongs to (table/), and how a
 * notified call is performed (supervise/).
 */
#include "compile/rules.h"

#include <errno.h>

/* ---- one call ---------------------------------------------------------------------------- */

/* Whether nothing but fattr or chown permits the call: then it does nothing but change metadata. */
static bool only_metadata(const struct pap_syscall *call)
{
	for (unsigned i = 0; i < call->npermits; i++)
		if (!call->permits[i].promises || (call->permits[i].promises & ~PAP_METADATA))
			return false;
	return call->npermits > 0;
}

/* What a program needs that was granted by name and starts, beyond its promises. */
static pap_promises promises_for(const struct pap_builder *b, unsigned id)
{
	pap_promises promises = b->plan->promises;

	if (b->plan->options.pledged)
		return pap_promises_pledged(b, id);
	if (!b->starting)
		return promises;
	switch (id) {
	case PAP_SYS_mmap:
	case PAP_SYS_mprotect:
		return promises | P(exec); /* the dynamic loader maps code */
	case PAP_SYS_open:
	case PAP_SYS_openat:
		/* It opens libraries for reading; Landlock holds it to those. */
		return b->abi ? promises | P(rpath) : promises;
	default:
		return promises;
	}
}

/* The verdict of a permit whose promises are held; false: it does not count here. */
static bool permit_rule(struct pap_builder *b, const struct pap_syscall *call,
			const struct pap_permit *permit, struct pap_rule *rule)
{
	unsigned id = pap_syscall_id(call);
	bool metadata = permit->promises && !(permit->promises & ~PAP_METADATA);
	const char *words =
	    permit->promises ? pap_words_of(b, PAP_HELD, permit->promises) : "always permitted";

	*rule = pap_rule_allow(b, permit->cond, words);
	if (metadata && b->plan->options.pledged) {
		if (pap_changes_open_file(call))
			return true;
		/* as pledge has it, the lookup of the name needs rpath */
		if (!(b->plan->promises & P(rpath)))
			return false;
	}
	if (b->everywhere)
		return true;
	if (metadata || (id == PAP_SYS_truncate && b->abi < 3)) {
		/* Landlock has no say, so somebody must look at the very file. */
		*rule = pap_rule_notify(b, permit->cond, PAP_BY_METADATA, metadata ? EPERM : EACCES,
					words);
		return b->supervised && (only_metadata(call) || id == PAP_SYS_truncate);
	}
	return true;
}

static bool is_signal(unsigned id)
{
	return id == PAP_SYS_kill || id == PAP_SYS_tkill || id == PAP_SYS_tgkill ||
	       id == PAP_SYS_rt_sigqueueinfo || id == PAP_SYS_rt_tgsigqueueinfo;
}

/* The errno of a call that is promised, but lacks a supervisor to look at its file; or 0. */
static unsigned unlooked_at(const struct pap_builder *b, const struct pap_syscall *call)
{
	if (b->supervised)
		return 0;
	/* then the promise to look at names is what is missing */
	if (b->plan->options.pledged && !(b->plan->promises & P(rpath)))
		return 0;
	if (only_metadata(call) && (b->plan->promises & PAP_METADATA))
		return EPERM;
	return pap_syscall_id(call) == PAP_SYS_truncate && (b->plan->promises & P(wpath)) ? EACCES
											  : 0;
}

static void refuse_rest(struct pap_builder *b, const struct pap_syscall *call)
{
	unsigned id = pap_syscall_id(call), error;
	const char *words = pap_words_missing(b, call);

	if (is_signal(id) && b->supervised) {
		pap_rules_otherwise(b, id, pap_rule_notify(b, NULL, PAP_BY_SIGNAL, EPERM, words));
		return;
	}
	error = unlooked_at(b, call);
	if (error) {
		words = "needs somebody who looks at the file";
		pap_rules_otherwise(b, id, pap_rule_refuse(b, NULL, error, words));
		return;
	}
	if (!call->refusal) {
		pap_rules_otherwise(b, id, pap_rule_violation(b, NULL, EPERM, words));
		return;
	}
	if (call->grave)
		pap_rules_add(b, id, pap_rule_violation(b, call->grave, call->refusal, words));
	pap_rules_otherwise(b, id, pap_rule_refuse(b, NULL, call->refusal, words));
}

void pap_rules_call(struct pap_builder *b, const struct pap_syscall *call)
{
	unsigned id = pap_syscall_id(call);
	pap_promises promises = promises_for(b, id);

	for (unsigned i = 0; i < call->npermits; i++) {
		const struct pap_permit *permit = &call->permits[i];
		struct pap_rule rule;

		if ((permit->promises & ~promises) || !permit_rule(b, call, permit, &rule))
			continue;
		if (!rule.cond) {
			pap_rules_otherwise(b, id, rule);
			return;
		}
		pap_rules_add(b, id, rule);
	}
	refuse_rest(b, call);
}

/* ---- all calls --------------------------------------------------------------------------- */

int pap_rules_build(struct pap_plan *plan, const struct pap_net *net)
{
	const struct pap_plan_options *options = &plan->options;
	enum pap_arch arch = options->features->arch;
	struct pap_builder b = {
	    .plan = plan,
	    .net = net,
	    .origin = plan->policy->promises_given
			  ? plan->policy->promises_origin
			  : (struct pap_origin){.source = "default promises"},
	    .supervised = options->supervisor,
	    .starting = options->exec_pointer && !(plan->promises & P(exec)),
	    .everywhere = pap_writes_everywhere(plan->policy),
	    .abi = options->features->landlock_abi,
	};
	struct pap_rule unknown = pap_rule_refuse(&b, NULL, ENOSYS, "not in the table");

	plan->spec =
	    pap_filter_spec_new(arch, PAP_RET_KILL_PROCESS, PAP_RET_ERRNO | ENOSYS, unknown);
	if (!plan->spec)
		return -ENOMEM;
	plan->spec->self_tgid = options->self_tgid;
	for (unsigned id = 0; id < PAP_NSYSCALLS; id++)
		if (pap_syscall_table[id].number[arch] >= 0)
			pap_rules_special(&b, &pap_syscall_table[id]);
	return b.failed ? -ENOMEM : 0;
}
