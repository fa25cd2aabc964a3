/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a kernel can do, as a plain value: kernel/probe.c fills it by asking the
 * running kernel, tests and `--kernel VERSION` take one of the known sets. No
 * code outside these two looks at a kernel version.
 */
#ifndef PAP_COMPILE_FEATURES_H
#define PAP_COMPILE_FEATURES_H

#include <stdbool.h>
#include <stdint.h>

#include "table/table.h"

struct pap_features {
	const char *label;	   /* "this kernel", "6.1" */
	enum pap_arch arch;
	unsigned landlock_abi;	   /* 0: none */
	uint32_t landlock_errata;  /* mask, 0 when the kernel cannot say */
	bool seccomp_filter;	   /* SECCOMP_SET_MODE_FILTER */
	bool seccomp_tsync;	   /* 3.17 */
	bool seccomp_notify;	   /* 5.0, with CONTINUE (5.5) */
	bool seccomp_addfd_send;   /* 5.14 */
	bool seccomp_wait_killable;/* 5.19 */
	bool seccomp_sync_wake_up; /* 6.6; only known once a listener exists: by probe on a child */
	bool listener_taken;	   /* an outer sandbox holds the one listener */
	bool close_range_cloexec;  /* 5.11 */
	bool pidfd_getfd;	   /* 5.6 */
	bool pidfd_thread;	   /* 6.9 */
	bool user_namespaces;	   /* unprivileged, really creatable */
	bool passrights;	   /* SO_PASSRIGHTS, 6.16 */
	bool openat2;		   /* 5.6 */
};

/* The known sets: "5.10", "6.1", "6.12", "6.18", "7.3". NULL: unknown. */
const struct pap_features *pap_features_of(const char *version, enum pap_arch arch,
					   struct pap_features *storage);
extern const char *const pap_features_versions[]; /* ends with NULL */

#endif
