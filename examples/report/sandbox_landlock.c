/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Landlock: files by place, TCP ports. Mode, owner and times, and every call that has
 * nothing to do with files or ports, stay as they are. Takes away what ABI 4 (Linux 6.7)
 * knows, and refuses to go on with less.
 */
#include <errno.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "main.h"

/* struct landlock_ruleset_attr of ABI 4, which older headers do not have. */
struct ruleset {
	uint64_t files, ports;
};

int confine(const struct job *job)
{
	const struct ruleset everything = {0x7fff, 3};
	const struct landlock_path_beneath_attr names = {
	    .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE, .parent_fd = job->names};
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &everything, sizeof(everything), 0);

	if (ruleset < 0 ||
	    syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &names, 0) < 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		return -1;
	return close(ruleset);
}
