/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/raw.h"

#include <errno.h>
#include <unistd.h>

#include "table/table.h"

/* A function, so that every argument is a full register and none is left undefined. */
static int call(unsigned id, long a, long b, long c, long d)
{
	long number = pap_syscall_table[id].number[pap_arch_native()];
	long rc;

	if (number < 0)
		return -ENOSYS;
	rc = syscall(number, a, b, c, d, 0L, 0L);
	return rc < 0 ? -errno : (int)rc;
}

#define POINTER(p) ((long)(uintptr_t)(p))

int pap_raw_landlock_create_ruleset(const struct pap_ll_ruleset_attr *attr, size_t size,
				    uint32_t flags)
{
	return call(PAP_SYS_landlock_create_ruleset, POINTER(attr), (long)size, flags, 0);
}

int pap_raw_landlock_add_rule(int ruleset, unsigned type, const void *attr, uint32_t flags)
{
	return call(PAP_SYS_landlock_add_rule, ruleset, type, POINTER(attr), flags);
}

int pap_raw_landlock_restrict_self(int ruleset, uint32_t flags)
{
	return call(PAP_SYS_landlock_restrict_self, ruleset, flags, 0, 0);
}

int pap_raw_seccomp(unsigned operation, unsigned flags, const void *args)
{
	return call(PAP_SYS_seccomp, operation, flags, POINTER(args), 0);
}

int pap_raw_pidfd_open(pid_t pid, unsigned flags)
{
	return call(PAP_SYS_pidfd_open, pid, flags, 0, 0);
}

int pap_raw_pidfd_getfd(int pidfd, int fd, unsigned flags)
{
	return call(PAP_SYS_pidfd_getfd, pidfd, fd, flags, 0);
}

int pap_raw_pidfd_send_signal(int pidfd, int signal, const void *info, unsigned flags)
{
	return call(PAP_SYS_pidfd_send_signal, pidfd, signal, POINTER(info), flags);
}

int pap_raw_openat2(int dirfd, const char *path, const struct pap_open_how *how, size_t size)
{
	return call(PAP_SYS_openat2, dirfd, POINTER(path), POINTER(how), (long)size);
}

int pap_raw_close_range(unsigned first, unsigned last, unsigned flags)
{
	return call(PAP_SYS_close_range, first, last, flags, 0);
}

int pap_raw_gettid(void)
{
	return call(PAP_SYS_gettid, 0, 0, 0, 0);
}

int pap_raw_tgkill(pid_t group, pid_t thread, int signal)
{
	return call(PAP_SYS_tgkill, group, thread, signal, 0);
}

int pap_raw_unshare(unsigned long flags)
{
	return call(PAP_SYS_unshare, (long)flags, 0, 0, 0);
}

int pap_raw_capget(struct pap_cap_header *header, struct pap_cap_data data[2])
{
	return call(PAP_SYS_capget, POINTER(header), POINTER(data), 0, 0);
}

int pap_raw_capset(struct pap_cap_header *header, const struct pap_cap_data data[2])
{
	return call(PAP_SYS_capset, POINTER(header), POINTER(data), 0, 0);
}

/*
 * The kernel copies the set in before it finds out that no such operation exists;
 * no filter of ours ever refuses this call.
 */
int pap_raw_readable(const void *address)
{
	const long no_operation = 0x7fff;
	uintptr_t block = (uintptr_t)address & ~(uintptr_t)7;

	/* a null pointer would mean that there is no set */
	if (!block || call(PAP_SYS_rt_sigprocmask, no_operation, (long)block, 0, 8) == -EFAULT)
		return -EFAULT;
	return 0;
}

int pap_raw_writable(void *address)
{
	/* Some call that always succeeds, needs nothing and stores little. */
	if (call(PAP_SYS_getresuid, (long)address, (long)address, (long)address, 0) == -EFAULT)
		return -EFAULT;
	return 0;
}

int pap_raw_execve(const char *path, char *const *arguments, char *const *environment, uint64_t key)
{
	long number = pap_syscall_table[PAP_SYS_execve].number[pap_arch_native()];

	syscall(number, path, arguments, environment, 0L, 0L, (long)key);
	return -errno;
}

int pap_raw_fork(unsigned long flags)
{
	return call(PAP_SYS_clone, (long)flags, 0, 0, 0);
}

/* The address stands in one of two places, by architecture; the other is not looked at here. */
int pap_raw_clone(unsigned long flags, uintptr_t tid_address)
{
	return (int)pap_raw_call(PAP_SYS_clone, (long)flags, 0, 0, (long)tid_address,
				 (long)tid_address, 0);
}

long pap_raw_call(unsigned id, long a, long b, long c, long d, long e, long f)
{
	long number = pap_syscall_table[id].number[pap_arch_native()];
	long rc;

	if (number < 0)
		return -ENOSYS;
	rc = syscall(number, a, b, c, d, e, f);
	return rc < 0 ? -errno : rc;
}

void pap_raw_close(int fd)
{
	(void)pap_raw_call(PAP_SYS_close, fd, 0, 0, 0, 0, 0);
}
