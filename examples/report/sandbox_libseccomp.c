/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libseccomp: a list of calls. It cannot say which files openat may open, only how; and it
 * is the list of this program with this libc.
 */
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>

#include "main.h"

static const char *const calls[] = {"read",   "write", "close", "fstat",	  "newfstatat", "lseek",
				    "brk",    "mmap",  "munmap", "mremap", "exit_group"};

int confine(const struct job *job)
{
	scmp_filter_ctx list = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc = list ? 0 : -ENOMEM;

	(void)job;
	for (unsigned i = 0; !rc && i < sizeof(calls) / sizeof(calls[0]); i++)
		rc = seccomp_rule_add(list, SCMP_ACT_ALLOW,
				      seccomp_syscall_resolve_name(calls[i]), 0);
	if (!rc)
		rc = seccomp_rule_add(list, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
				      SCMP_A1(SCMP_CMP_EQ, F_GETFL));
	if (!rc)
		rc = seccomp_rule_add(list, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
				      SCMP_A2(SCMP_CMP_EQ, O_RDONLY | O_CLOEXEC));
	if (!rc)
		rc = seccomp_load(list);
	seccomp_release(list);
	errno = -rc;
	return rc ? -1 : 0;
}
