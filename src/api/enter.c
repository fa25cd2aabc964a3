/* SPDX-License-Identifier: BSD-2-Clause */
#include "api/enter.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/ruleset.h"
#include "compile/plan.h"
#include "kernel/probe.h"
#include "kernel/raw.h"

enum { ABI_ALL_THREADS = 8 };

/* The first thing in a policy that only a launcher can do, or NULL. */
static const char *for_launchers(const struct pap_policy *policy)
{
	for (int i = 0; i < PAP_LIMIT_COUNT; i++)
		if (policy->limits[i].set)
			return "limits";
	if (policy->environment.count)
		return "the environment";
	if (policy->descriptors.count)
		return "descriptors";
	if (policy->hidden.count || policy->walls)
		return "namespaces";
	if (policy->capabilities.count)
		return "capabilities";
	return NULL;
}

/*
 * The directory's link count says how many threads there are, and stat needs no
 * grant: a process that is confined already can still count. Unknown: several.
 */
static bool other_threads(void)
{
	struct stat st;

	return stat("/proc/self/task", &st) < 0 || st.st_nlink != 3;
}

static bool confines(const struct pap_landlock_set *set)
{
	return set->handled_fs || set->handled_net || set->scoped;
}

/* struct sock_fprog */
struct filter_program {
	unsigned short length;
	const struct pap_bpf_insn *insns;
};

/* Everything has been prepared; from here on the process only becomes tighter. */
static int commit(const struct pap_plan *plan, int ruleset, bool threads, struct pap_error *err)
{
	struct filter_program program = {plan->filter.length, plan->filter.insns};
	unsigned flags = threads ? PAP_SECCOMP_FILTER_FLAG_TSYNC : 0;
	int rc;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return pap_fail(err, -errno, "cannot set no_new_privs: %s", strerror(errno));
	if (ruleset >= 0) {
		rc = pap_raw_landlock_restrict_self(ruleset, threads ? PAP_LL_RESTRICT_TSYNC : 0);
		if (rc < 0)
			return pap_fail(err, rc, "cannot enter the Landlock domain: %s",
					strerror(-rc));
	}
	rc = pap_raw_seccomp(PAP_SECCOMP_SET_MODE_FILTER, flags, &program);
	if (rc != 0)
		return pap_fail(err, -ENOTRECOVERABLE,
				"the domain was entered, but the filter was not installed: %s",
				rc > 0 ? "a thread has a filter of its own" : strerror(-rc));
	return 0;
}

int pap_enter(const struct pap_policy *policy, struct pap_error *err)
{
	const char *foreign = for_launchers(policy);
	struct pap_features features;
	struct pap_plan_options options = {
	    .features = &features,
	    .denial = PAP_DENIAL_ERRNO,
	    .privileged = geteuid() == 0,
	};
	struct pap_plan *plan = NULL;
	int ruleset = -1, rc;
	bool threads;

	if (foreign)
		return pap_fail(err, -EINVAL, "%s of a policy are for paprika run", foreign);
	rc = pap_probe(&features);
	if (rc < 0)
		return pap_fail(err, rc, "cannot tell what this kernel enforces");
	rc = pap_plan_make(policy, &options, &plan, err);
	if (rc < 0)
		return rc;
	threads = other_threads();
	if (threads && confines(&plan->landlock) && features.landlock_abi < ABI_ALL_THREADS)
		rc = pap_fail(err, -EBUSY,
			      "other threads exist, and this kernel's Landlock binds only one");
	if (!rc)
		rc = pap_ruleset_make(&plan->landlock, NULL, NULL, &ruleset, err);
	if (!rc)
		rc = commit(plan, ruleset, threads, err);
	if (ruleset >= 0)
		close(ruleset);
	pap_plan_free(plan);
	return rc;
}
