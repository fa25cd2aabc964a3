/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What kernels of known versions can do, as a distribution builds them: Landlock
 * and seccomp switched on, unprivileged user namespaces allowed, no sandbox
 * around. Not here: what this kernel can do (kernel/probe.c).
 */
#include "compile/features.h"

#include <string.h>

static const struct pap_features known[] = {
    {
	.label = "5.10",
	.landlock_abi = 0,
	.seccomp_filter = true,
	.seccomp_tsync = true,
	.seccomp_notify = true,
	.pidfd_getfd = true,
	.user_namespaces = true,
	.openat2 = true,
    },
    {
	.label = "6.1",
	.landlock_abi = 2,
	.seccomp_filter = true,
	.seccomp_tsync = true,
	.seccomp_notify = true,
	.seccomp_addfd_send = true,
	.seccomp_wait_killable = true,
	.close_range_cloexec = true,
	.pidfd_getfd = true,
	.user_namespaces = true,
	.openat2 = true,
    },
    {
	.label = "6.12",
	.landlock_abi = 6,
	.seccomp_filter = true,
	.seccomp_tsync = true,
	.seccomp_notify = true,
	.seccomp_addfd_send = true,
	.seccomp_wait_killable = true,
	.seccomp_sync_wake_up = true,
	.close_range_cloexec = true,
	.pidfd_getfd = true,
	.pidfd_thread = true,
	.user_namespaces = true,
	.openat2 = true,
    },
    {
	.label = "6.18",
	.landlock_abi = 7,
	.landlock_errata = 7,
	.seccomp_filter = true,
	.seccomp_tsync = true,
	.seccomp_notify = true,
	.seccomp_addfd_send = true,
	.seccomp_wait_killable = true,
	.seccomp_sync_wake_up = true,
	.close_range_cloexec = true,
	.pidfd_getfd = true,
	.pidfd_thread = true,
	.user_namespaces = true,
	.passrights = true,
	.openat2 = true,
    },
    {
	.label = "7.3",
	.landlock_abi = 11,
	.landlock_errata = 7,
	.seccomp_filter = true,
	.seccomp_tsync = true,
	.seccomp_notify = true,
	.seccomp_addfd_send = true,
	.seccomp_wait_killable = true,
	.seccomp_sync_wake_up = true,
	.close_range_cloexec = true,
	.pidfd_getfd = true,
	.pidfd_thread = true,
	.user_namespaces = true,
	.passrights = true,
	.openat2 = true,
    },
};

const char *const pap_features_versions[] = {"5.10", "6.1", "6.12", "6.18", "7.3", NULL};

const struct pap_features *pap_features_of(const char *version, enum pap_arch arch,
					   struct pap_features *storage)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].label, version))
			continue;
		*storage = known[i];
		storage->arch = arch;
		return storage;
	}
	return NULL;
}
