/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process that pledges in steps gets a filter for each. Each filter that looks at a
 * call makes it slower, so a later one only looks at the calls that it judges
 * otherwise than those before it.
 */
#include "pledge/rules.h"

#include <errno.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "kernel/raw.h"
#include "policy/policy.h"

#define P(name) ((pap_promises)1 << PAP_PROMISE_##name)

/* ---- the plan ---------------------------------------------------------------------------- */

/* As on OpenBSD promises say nothing about which ports; a policy that names none has none. */
static int grant_ports(struct pap_policy *policy, pap_promises promises)
{
	const struct pap_origin origin = {.source = "pledge"};
	int rc = 0;

	if (promises & P(inet)) {
		for (int transport = PAP_NET_TCP; !rc && transport <= PAP_NET_UDP; transport++)
			rc = pap_policy_grant_port(policy, PAP_NET_CONNECT,
						   (enum pap_transport)transport, PAP_PORT_ANY,
						   origin, NULL);
		if (!rc)
			rc = pap_policy_grant_port(policy, PAP_NET_LISTEN, PAP_NET_UDP,
						   PAP_PORT_ANY, origin, NULL);
	}
	/* listen() on a local socket looks the same */
	if (!rc && (promises & (P(inet) | P(unix))))
		rc = pap_policy_grant_port(policy, PAP_NET_LISTEN, PAP_NET_TCP, PAP_PORT_ANY,
					   origin, NULL);
	return rc;
}

static struct pap_policy *policy_of(pap_promises promises, bool veiled)
{
	const struct pap_origin origin = {.source = "pledge"};
	struct pap_policy *policy = pap_policy_new();
	int rc;

	if (!policy)
		return NULL;
	policy->promises_given = true;
	policy->promises = promises;
	policy->promises_origin = origin;
	rc = grant_ports(policy, promises);
	if (!rc && !veiled)
		rc = pap_policy_grant_file(
		    policy, "/", PAP_ACCESS_READ | PAP_ACCESS_WRITE | PAP_ACCESS_EXECUTE, false,
		    origin, NULL);
	if (rc < 0) {
		pap_policy_free(policy);
		return NULL;
	}
	return policy;
}

int pap_pledge_plan(pap_promises promises, const struct pap_pledge_rules *rules,
		    struct pap_policy **policy, struct pap_plan **plan)
{
	struct pap_plan_options options = {
	    .features = pap_pledge_features(),
	    .denial = PAP_DENIAL_TRAP,
	    .describe = true,
	    .pledged = true,
	    .rules_only = true,
	    .opens = rules->opens,
	    .creates = rules->creates,
	    .exec_key = rules->exec_key,
	    /* Programs that are executed set up handlers of their own. */
	    .keeps_handler = !(promises & P(exec)) && !rules->elsewhere,
	    .ignores_handler = rules->exec_key && !rules->elsewhere,
	    .self_tgid = rules->process ? rules->process : (uint32_t)getpid(),
	};
	int rc;

	*policy = policy_of(promises, rules->veiled);
	if (!*policy)
		return -ENOMEM;
	rc = pap_plan_make(*policy, &options, plan, NULL);
	if (rc < 0)
		pap_policy_free(*policy);
	return rc;
}

/* ---- the difference ---------------------------------------------------------------------- */

static bool same_rule(const struct pap_rule *a, const struct pap_rule *b)
{
	return a->cond == b->cond && a->verdict == b->verdict;
}

static bool names_self(const struct pap_cond *cond)
{
	for (unsigned c = 0; cond && c < cond->nclauses; c++)
		for (unsigned t = 0; t < cond->clauses[c].ntests; t++)
			if (cond->clauses[c].tests[t].symbol == PAP_SYM_SELF_TGID)
				return true;
	return false;
}

/* The same rules; and if they speak of the process, of the same process. */
static bool same_rules(const struct pap_filter_spec *a, const struct pap_filter_spec *b,
		       unsigned id)
{
	const struct pap_call_rules *x = &a->calls[id], *y = &b->calls[id];

	if (x->nrules != y->nrules || !same_rule(&x->otherwise, &y->otherwise))
		return false;
	for (unsigned i = 0; i < x->nrules; i++)
		if (!same_rule(&x->rules[i], &y->rules[i]) ||
		    (a->self_tgid != b->self_tgid && names_self(x->rules[i].cond)))
			return false;
	return true;
}

static int copy_rules(struct pap_filter_spec *to, const struct pap_filter_spec *from, unsigned id)
{
	int rc = 0;

	for (unsigned i = 0; !rc && i < from->calls[id].nrules; i++)
		rc = pap_filter_add(to, id, from->calls[id].rules[i]);
	to->calls[id].otherwise = from->calls[id].otherwise;
	return rc;
}

int pap_rules_difference(const struct pap_filter_spec *wanted,
			 const struct pap_filter_spec *present,
			 struct pap_filter_spec **difference)
{
	const struct pap_rule let = {.verdict = PAP_RET_ALLOW, .reason = "judged before"};
	struct pap_filter_spec *spec =
	    pap_filter_spec_new(wanted->arch, wanted->foreign, wanted->unknown, let);
	unsigned count = 0;
	int rc = 0;

	*difference = NULL;
	if (!spec)
		return -ENOMEM;
	spec->self_tgid = wanted->self_tgid;
	for (unsigned id = 0; !rc && id < PAP_NSYSCALLS; id++) {
		if (pap_syscall_table[id].number[wanted->arch] < 0 ||
		    same_rules(wanted, present, id))
			continue;
		rc = copy_rules(spec, wanted, id);
		count++;
	}
	if (!rc && count) {
		*difference = spec;
		return 0;
	}
	pap_filter_spec_free(spec);
	return rc;
}

/* ---- without promises -------------------------------------------------------------------- */

/* Nothing but a promise about metadata permits it, and it names the file. */
static bool changes_by_name(const struct pap_syscall *call)
{
	bool names = false;

	for (unsigned i = 0; i < call->npermits; i++)
		if (!call->permits[i].promises ||
		    (call->permits[i].promises & ~(P(fattr) | P(chown))))
			return false;
	for (unsigned i = 0; i < call->nexercises; i++)
		names |= call->exercises[i].touch == PAP_X_PATH ||
			 call->exercises[i].touch == PAP_X_LOOKUP;
	return call->npermits && names;
}

static int veil_call(struct pap_filter_spec *spec, unsigned id, unsigned abi)
{
	const struct pap_rule let = {.verdict = PAP_RET_ALLOW, .reason = "judged by Landlock"};
	struct pap_rule refuse = {.verdict = PAP_RET_ERRNO | EPERM, .reason = "names a file"};

	switch (id) {
	case PAP_SYS_io_uring_setup: /* a ring changes attributes past every filter */
		refuse.verdict = PAP_RET_ERRNO | ENOSYS;
		break;
	case PAP_SYS_truncate: /* Landlock's from ABI 3 on */
		if (abi >= 3)
			return 0;
		refuse.verdict = PAP_RET_ERRNO | EACCES;
		break;
	case PAP_SYS_openat2:
		if (abi >= 3)
			return 0;
		refuse.verdict = PAP_RET_ERRNO | ENOSYS;
		break;
	case PAP_SYS_open:
	case PAP_SYS_openat:
		refuse.verdict = PAP_RET_ERRNO | EACCES;
		refuse.cond = id == PAP_SYS_open ? &pap_cond_open_truncates_read_only
						 : &pap_cond_openat_truncates_read_only;
		return abi >= 3 ? 0 : pap_filter_add(spec, id, refuse);
	default:
		if (!changes_by_name(&pap_syscall_table[id]))
			return 0;
	}
	spec->calls[id].otherwise = refuse;
	if (id != PAP_SYS_utimensat)
		return 0;
	spec->calls[id].nrules = 0;
	refuse = let;
	refuse.cond = &pap_cond_utimensat_open_file;
	return pap_filter_add(spec, id, refuse);
}

struct pap_filter_spec *pap_rules_veil(void)
{
	const struct pap_rule let = {.verdict = PAP_RET_ALLOW, .reason = "judged by Landlock"};
	const struct pap_features *features = pap_pledge_features();
	struct pap_filter_spec *spec = pap_filter_spec_new(
	    features->arch, PAP_RET_ERRNO | ENOSYS, PAP_RET_ERRNO | ENOSYS, let);

	for (unsigned id = 0; spec && id < PAP_NSYSCALLS; id++) {
		if (pap_syscall_table[id].number[features->arch] < 0 ||
		    veil_call(spec, id, features->landlock_abi) == 0)
			continue;
		pap_filter_spec_free(spec);
		return NULL;
	}
	return spec;
}

/* ---- into the kernel --------------------------------------------------------------------- */

/* struct sock_fprog */
struct filter_program {
	unsigned short length;
	const struct pap_bpf_insn *insns;
};

/* All threads or none: one that has a filter of its own makes the call fail. */
int pap_rules_install(const struct pap_bpf_insn *insns, uint16_t length)
{
	struct filter_program filter = {length, insns};
	int rc = pap_raw_seccomp(PAP_SECCOMP_SET_MODE_FILTER, PAP_SECCOMP_FILTER_FLAG_TSYNC,
				 &filter);

	return rc > 0 ? -EBUSY : rc;
}
