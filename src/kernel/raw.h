/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System calls that libc lacks (or may lack), by our own numbers. Each returns
 * what the kernel returned, a failure as negative errno; errno itself is not part
 * of the interface. Nothing here interprets, retries or falls back.
 */
#ifndef PAP_KERNEL_RAW_H
#define PAP_KERNEL_RAW_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "uapi/capability.h"
#include "uapi/landlock.h"
#include "uapi/openat2.h"
#include "uapi/seccomp.h"

int pap_raw_landlock_create_ruleset(const struct pap_ll_ruleset_attr *attr, size_t size,
				    uint32_t flags);
int pap_raw_landlock_add_rule(int ruleset, unsigned type, const void *attr, uint32_t flags);
int pap_raw_landlock_restrict_self(int ruleset, uint32_t flags);
int pap_raw_seccomp(unsigned operation, unsigned flags, const void *args);
int pap_raw_pidfd_open(pid_t pid, unsigned flags);
int pap_raw_pidfd_getfd(int pidfd, int fd, unsigned flags);
int pap_raw_pidfd_send_signal(int pidfd, int signal, const void *info, unsigned flags);
int pap_raw_openat2(int dirfd, const char *path, const struct pap_open_how *how, size_t size);
int pap_raw_close_range(unsigned first, unsigned last, unsigned flags);
int pap_raw_gettid(void);
int pap_raw_tgkill(pid_t group, pid_t thread, int signal);
int pap_raw_unshare(unsigned long flags);
/* 0 when the aligned 8 bytes around address can be read, -EFAULT when not. Changes nothing. */
int pap_raw_readable(const void *address);
/* 0 when 4 bytes can be written there, -EFAULT when not. They are lost: for results. */
int pap_raw_writable(void *address);
/* All six arguments, since the last may be what a filter looks at. */
int pap_raw_execve(const char *path, char *const *arguments, char *const *environment,
		   uint64_t key);
/* A copy of this process without handlers of the C library: 0 in it. flags: CLONE_*, and a signal. */
int pap_raw_fork(unsigned long flags);
/* The same; where tid_address is given and flags say so, the copy's own number is stored there. */
int pap_raw_clone(unsigned long flags, uintptr_t tid_address);
/* The six registers as they are, by the table's name for the call. */
long pap_raw_call(unsigned id, long a, long b, long c, long d, long e, long f);
/* close(2) itself: libcapsicum has a function of that name which keeps limits in mind. */
void pap_raw_close(int fd);
int pap_raw_capget(struct pap_cap_header *header, struct pap_cap_data data[2]);
int pap_raw_capset(struct pap_cap_header *header, const struct pap_cap_data data[2]);

#endif
