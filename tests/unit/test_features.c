/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "compile/features.h"
#include "harness.h"

static struct pap_features known(const char *version)
{
	struct pap_features features;

	REQUIRE(pap_features_of(version, PAP_ARCH_AARCH64, &features) == &features);
	return features;
}

TEST(every_listed_version_is_known)
{
	unsigned count = 0;

	for (; pap_features_versions[count]; count++)
		CHECK_STR(known(pap_features_versions[count]).label, pap_features_versions[count]);
	CHECK_EQ(count, 5);
}

TEST(other_versions_are_unknown_and_touch_nothing)
{
	struct pap_features features = {.landlock_abi = 77};

	CHECK(!pap_features_of("6.2", PAP_ARCH_X86_64, &features));
	CHECK(!pap_features_of("", PAP_ARCH_X86_64, &features));
	CHECK(!pap_features_of("6.1.0", PAP_ARCH_X86_64, &features));
	CHECK_EQ(features.landlock_abi, 77);
}

TEST(the_architecture_is_the_one_asked_for)
{
	struct pap_features features;

	CHECK_EQ(known("6.1").arch, PAP_ARCH_AARCH64);
	REQUIRE(pap_features_of("6.1", PAP_ARCH_X86_64, &features) != NULL);
	CHECK_EQ(features.arch, PAP_ARCH_X86_64);
}

TEST(landlock_by_version)
{
	CHECK_EQ(known("5.10").landlock_abi, 0);
	CHECK_EQ(known("6.1").landlock_abi, 2);
	CHECK_EQ(known("6.12").landlock_abi, 6);
	CHECK_EQ(known("6.18").landlock_abi, 7);
	CHECK_EQ(known("7.3").landlock_abi, 11);
}

/* A thing that a kernel has, later ones have too. */
TEST(nothing_is_lost_from_one_version_to_the_next)
{
	for (unsigned i = 1; pap_features_versions[i]; i++) {
		struct pap_features older = known(pap_features_versions[i - 1]);
		struct pap_features newer = known(pap_features_versions[i]);

		CHECK(older.landlock_abi < newer.landlock_abi);
		CHECK(older.seccomp_filter <= newer.seccomp_filter);
		CHECK(older.seccomp_tsync <= newer.seccomp_tsync);
		CHECK(older.seccomp_notify <= newer.seccomp_notify);
		CHECK(older.seccomp_addfd_send <= newer.seccomp_addfd_send);
		CHECK(older.seccomp_wait_killable <= newer.seccomp_wait_killable);
		CHECK(older.seccomp_sync_wake_up <= newer.seccomp_sync_wake_up);
		CHECK(older.close_range_cloexec <= newer.close_range_cloexec);
		CHECK(older.pidfd_getfd <= newer.pidfd_getfd);
		CHECK(older.pidfd_thread <= newer.pidfd_thread);
		CHECK(older.passrights <= newer.passrights);
		CHECK(older.openat2 <= newer.openat2);
	}
}

TEST(what_each_version_brought)
{
	CHECK(!known("5.10").seccomp_addfd_send && known("6.1").seccomp_addfd_send);
	CHECK(!known("5.10").seccomp_wait_killable && known("6.1").seccomp_wait_killable);
	CHECK(!known("5.10").close_range_cloexec && known("6.1").close_range_cloexec);
	CHECK(!known("6.1").seccomp_sync_wake_up && known("6.12").seccomp_sync_wake_up);
	CHECK(!known("6.1").pidfd_thread && known("6.12").pidfd_thread);
	CHECK(!known("6.12").passrights && known("6.18").passrights);
	CHECK(known("5.10").seccomp_notify && known("5.10").openat2 && known("5.10").pidfd_getfd);
}
