/* SPDX-License-Identifier: BSD-2-Clause */
/* Setting the ids that the process has already passes, any other id does not. */
#include "plan_case.h"

enum { UID = 1000, GID = 1001, OTHER = 1002 };
#define KEEP UINT32_MAX
/* What a register holds when -1 was passed as long. */
#define KEEP_WIDE UINT64_MAX

static struct plan_case owned(const char *version, bool fixed)
{
	struct plan_case c = plan_case(version);

	c.options.identity = (struct pap_own_ids){.fixed = fixed, .uid = UID, .gid = GID};
	describe(&c);
	return c;
}

#define PASSES(name, ...) CHECK_EQ(verdict(&c, name, CALL(__VA_ARGS__)), PAP_RET_ALLOW)
#define REFUSED(name, ...) CHECK_EQ(refusal(&c, name, CALL(__VA_ARGS__)), EPERM)

TEST(the_same_ids_pass)
{
	for (unsigned i = 0; pap_features_versions[i]; i++) {
		struct plan_case c = owned(pap_features_versions[i], true);

		PASSES("setresuid", KEEP, UID, KEEP);
		PASSES("setresuid", KEEP_WIDE, UID, KEEP_WIDE);
		PASSES("setresuid", UID, UID, UID);
		PASSES("setresgid", KEEP, GID, KEEP);
		PASSES("setreuid", UID, KEEP);
		PASSES("setregid", KEEP, GID);
		PASSES("setuid", UID);
		PASSES("setgid", GID);
		done(&c);
	}
}

TEST(other_ids_are_refused)
{
	for (unsigned i = 0; pap_features_versions[i]; i++) {
		struct plan_case c = owned(pap_features_versions[i], true);

		REFUSED("setresuid", OTHER, UID, UID);
		REFUSED("setresuid", UID, OTHER, UID);
		REFUSED("setresuid", UID, UID, OTHER);
		REFUSED("setresuid", KEEP, 0, KEEP);
		REFUSED("setresgid", KEEP, UID, KEEP);
		REFUSED("setresgid", KEEP, GID, 0);
		REFUSED("setreuid", UID, GID);
		REFUSED("setregid", OTHER, GID);
		REFUSED("setuid", GID);
		REFUSED("setuid", KEEP);
		REFUSED("setgid", UID);
		REFUSED("setgid", 0);
		REFUSED("setfsuid", UID);
		REFUSED("setgroups", 0, 0);
		done(&c);
	}
}

TEST(ids_that_differ_or_are_unknown_pass_nothing)
{
	struct plan_case c = owned("6.18", false);

	REFUSED("setresuid", KEEP, UID, KEEP);
	REFUSED("setresuid", KEEP, KEEP, KEEP);
	REFUSED("setuid", UID);
	REFUSED("setgid", GID);
	done(&c);
}

TEST(promise_id_needs_no_such_rule)
{
	struct plan_case c = plan_case("6.18");

	promise(&c, "stdio id");
	c.options.identity = (struct pap_own_ids){.fixed = true, .uid = UID, .gid = GID};
	describe(&c);
	PASSES("setresuid", KEEP, OTHER, KEEP);
	PASSES("setuid", OTHER);
	done(&c);
}

TEST(without_a_supervisor)
{
	struct plan_case c = plan_case("6.18");

	c.options.identity = (struct pap_own_ids){.fixed = true, .uid = 0, .gid = 0};
	c.options.supervisor = false;
	c.options.denial = PAP_DENIAL_KILL;
	describe(&c);
	PASSES("setresuid", KEEP, 0, KEEP);
	CHECK_EQ(verdict(&c, "setresuid", CALL(KEEP, OTHER, KEEP)), PAP_RET_KILL_PROCESS);
	done(&c);
}
