/* SPDX-License-Identifier: BSD-2-Clause */
/* Changes to files that Landlock does not judge, or not on every kernel: metadata, truncation. */
#include "plan_case.h"

enum {
	CREAT = 0100,
	TRUNC = 01000,
	WRONLY = 1,
	CWD = -100,
	SET_FILE_FLAGS = 0x40086602,
};

#define OPEN(flags) CALL((uint64_t)CWD, 0x1000, flags, 0644)

/* Runs the body for every known kernel. */
#define EVERY_KERNEL(i) for (unsigned i = 0; pap_features_versions[i]; i++)

/* ---- metadata --------------------------------------------------------------------------------- */

static bool only_metadata(const struct pap_syscall *call)
{
	for (unsigned i = 0; i < call->npermits; i++)
		if (!call->permits[i].promises ||
		    (call->permits[i].promises &
		     ~(PAP_PROMISE_BIT(fattr) | PAP_PROMISE_BIT(chown))))
			return false;
	return call->npermits > 0;
}

TEST(metadata_is_the_supervisors)
{
	EVERY_KERNEL(i)
	{
		struct plan_case c = plan_case(pap_features_versions[i]);

		grant(&c, "/home", R | W);
		describe(&c);
		CHECK_EQ(handler(&c, "chmod", CALL(0x1000, 0644)), PAP_BY_METADATA);
		CHECK_EQ(handler(&c, "fchmod", CALL(3, 0644)), PAP_BY_METADATA);
		CHECK_EQ(handler(&c, "fchownat", CALL((uint64_t)CWD, 0x1000, 1, 1)),
			 PAP_BY_METADATA);
		CHECK_EQ(handler(&c, "utimensat", CALL(3, 0)), PAP_BY_METADATA);
		CHECK_EQ(handler(&c, "fsetxattr", CALL(3, 0x1000)), PAP_BY_METADATA);
		CHECK_EQ(refusal(&c, "chmod", CALL(0x1000, 04755)), EPERM);
		done(&c);
	}
}

TEST(metadata_is_refused_without_a_supervisor)
{
	EVERY_KERNEL(i)
	{
		struct plan_case c = plan_case(pap_features_versions[i]);

		c.options.supervisor = false;
		grant(&c, "/home", R | W);
		describe(&c);
		CHECK_EQ(verdict(&c, "chmod", CALL(0x1000, 0644)), PAP_RET_ERRNO | EPERM);
		CHECK_EQ(verdict(&c, "fsetxattr", CALL(3)), PAP_RET_ERRNO | EPERM);
		CHECK(has_shortfall(&c, PAP_SHORT_SUPERVISOR));
		done(&c);
	}
}

TEST(metadata_is_never_allowed_without_a_look_at_the_file)
{
	unsigned calls = 0;

	for (int supervised = 0; supervised < 2; supervised++) {
		struct plan_case c = plan_case("6.18");

		grant(&c, "/home", R | W | X);
		c.options.supervisor = supervised;
		describe(&c);
		for (unsigned id = 0; id < PAP_NSYSCALLS; id++) {
			const struct pap_call_rules *rules = &c.plan->spec->calls[id];

			if (!only_metadata(&pap_syscall_table[id]))
				continue;
			calls++;
			CHECK(rules->otherwise.verdict != PAP_RET_ALLOW);
			for (unsigned i = 0; i < rules->nrules; i++)
				CHECK(rules->rules[i].verdict != PAP_RET_ALLOW);
		}
		done(&c);
	}
	CHECK(calls >= 2 * 19);
}

TEST(metadata_is_free_where_everything_is_granted)
{
	struct plan_case c = plan_case("6.18");

	grant(&c, "/", R | W);
	describe(&c);
	CHECK_EQ(verdict(&c, "chmod", CALL(0x1000, 0644)), PAP_RET_ALLOW);
	CHECK_EQ(verdict(&c, "ioctl", CALL(3, SET_FILE_FLAGS)), PAP_RET_ALLOW);
	CHECK_EQ(refusal(&c, "chmod", CALL(0x1000, 04755)), EPERM); /* set-id still is not */
	done(&c);
	c = plan_case("6.18"); /* the control: reading everything is not writing it */
	grant(&c, "/", R | X);
	grant(&c, "/x", R | W);
	describe(&c);
	CHECK_EQ(handler(&c, "chmod", CALL(0x1000, 0644)), PAP_BY_METADATA);
	done(&c);
}

TEST(metadata_needs_its_promise)
{
	struct plan_case c = plan_case("6.18");

	promise(&c, "stdio rpath wpath cpath");
	grant(&c, "/", R | W);
	describe(&c);
	CHECK_EQ(refusal(&c, "chmod", CALL(0x1000, 0644)), EPERM);
	CHECK_EQ(refusal(&c, "chown", CALL(0x1000, 5, 5)), EPERM);
	done(&c);
	c = plan_case("6.18");
	promise(&c, "stdio fattr");
	describe(&c);
	CHECK_EQ(handler(&c, "chmod", CALL(0x1000, 0644)), PAP_BY_METADATA);
	CHECK_EQ(refusal(&c, "chown", CALL(0x1000, 5, 5)), EPERM);
	done(&c);
	c = plan_case("6.18");
	promise(&c, "stdio chown");
	describe(&c);
	CHECK_EQ(refusal(&c, "chmod", CALL(0x1000, 0644)), EPERM);
	CHECK_EQ(handler(&c, "chown", CALL(0x1000, 5, 5)), PAP_BY_METADATA);
	done(&c);
}

TEST(file_flags_by_ioctl_are_refused)
{
	struct plan_case c = plan_case("6.18");

	grant(&c, "/home", R | W);
	describe(&c);
	CHECK_EQ(refusal(&c, "ioctl", CALL(3, SET_FILE_FLAGS)), ENOTTY);
	CHECK_EQ(verdict(&c, "ioctl", CALL(3, 0x80086601)), PAP_RET_ALLOW); /* reading them */
	done(&c);
}

/* ---- truncation -------------------------------------------------------------------------------- */

TEST(truncation_before_landlock_judges_it)
{
	static const char *const old[] = {"5.10", "6.1"};

	for (int i = 0; i < 2; i++) {
		struct plan_case c = plan_case(old[i]);

		describe(&c);
		CHECK_EQ(handler(&c, "truncate", CALL(0x1000, 0)), PAP_BY_METADATA);
		CHECK_EQ(refusal(&c, "openat", OPEN(TRUNC)), EACCES);
		CHECK_EQ(refusal(&c, "openat", OPEN(TRUNC | CREAT)), EACCES);
		CHECK_EQ(refusal(&c, "open", CALL(0x1000, TRUNC | CREAT, 0644)), EACCES);
		CHECK_EQ(refusal(&c, "openat2", CALL((uint64_t)CWD, 0x1000, 0x2000, 24)), ENOSYS);
		CHECK_EQ(verdict(&c, "openat", OPEN(0)), PAP_RET_ALLOW);
		CHECK_EQ(verdict(&c, "openat", OPEN(CREAT)), PAP_RET_ALLOW);
		CHECK_EQ(verdict(&c, "openat", OPEN(TRUNC | WRONLY)), PAP_RET_ALLOW);
		CHECK_EQ(verdict(&c, "open", CALL(0x1000, TRUNC | WRONLY)), PAP_RET_ALLOW);
		c.options.supervisor = false;
		describe(&c);
		CHECK_EQ(verdict(&c, "truncate", CALL(0x1000, 0)), PAP_RET_ERRNO | EACCES);
		done(&c);
	}
}

TEST(the_abi_that_judges_truncation)
{
	for (unsigned abi = 0; abi <= 11; abi++) {
		struct plan_case c = plan_case("6.18");

		c.features.landlock_abi = abi;
		describe(&c);
		CHECK_EQ(handler(&c, "truncate", CALL(0x1000, 0)) == PAP_BY_METADATA, abi < 3);
		CHECK_EQ(verdict(&c, "truncate", CALL(0x1000, 0)) == PAP_RET_ALLOW, abi >= 3);
		CHECK_EQ(verdict(&c, "openat", OPEN(TRUNC)) == PAP_RET_ALLOW, abi >= 3);
		done(&c);
	}
}

TEST(truncation_where_landlock_judges_it)
{
	struct plan_case c = plan_case("6.12");

	describe(&c);
	CHECK_EQ(verdict(&c, "truncate", CALL(0x1000, 0)), PAP_RET_ALLOW);
	CHECK_EQ(verdict(&c, "openat", OPEN(TRUNC | CREAT)), PAP_RET_ALLOW);
	done(&c);
}

TEST(truncation_needs_its_promise)
{
	struct plan_case c = plan_case("6.1");

	promise(&c, "stdio rpath");
	describe(&c);
	CHECK(refusal(&c, "truncate", CALL(0x1000, 0)) != 0);
	CHECK(refusal(&c, "openat", OPEN(TRUNC)) != 0);
	CHECK_EQ(verdict(&c, "openat", OPEN(0)), PAP_RET_ALLOW);
	done(&c);
}
