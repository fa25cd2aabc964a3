/* SPDX-License-Identifier: BSD-2-Clause */
/* Bits that lend an identity to whoever executes a file, and the system's devices. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attack.h"

static int set_id(const char *name, mode_t bits, int made)
{
	struct stat st;

	if (made < 0)
		return -1;
	if (stat(name, &st) < 0)
		attack_broken("cannot look at %s", name);
	errno = EPERM;
	return st.st_mode & bits ? 0 : -1;
}

ATTACK(set_id_by_chmod)
{
	return set_id("mine", 04000, chmod("mine", 04755));
}

ATTACK(set_group_id_by_fchmod)
{
	return set_id("mine", 02000, fchmod(open("mine", O_RDWR), 02755));
}

ATTACK(set_id_by_fchmodat2)
{
	return set_id("mine", 06000, (int)syscall(452 /* fchmodat2 */, AT_FDCWD, "mine", 06755, 0));
}

ATTACK(set_id_with_garbage_above)
{
	return set_id("mine", 04000, (int)syscall(SYS_fchmodat, AT_FDCWD, "mine", 0x7f0000000009edul));
}

ATTACK(set_id_by_open)
{
	int fd = open("new", O_CREAT | O_EXCL | O_WRONLY, 04755);

	return set_id("new", 04000, fd);
}

ATTACK(set_id_by_nameless_file)
{
	int fd = open(".", O_TMPFILE | O_RDWR, 04755);
	char path[64];

	if (fd < 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return set_id(path, 04000, 0);
}

ATTACK(set_id_by_mknod)
{
	return set_id("new", 04000, mknod("new", S_IFREG | 04755, 0));
}

ATTACK(set_group_id_directory)
{
	if (mkdir("new", 0755) < 0)
		attack_broken("cannot make a directory");
	return set_id("new", 02000, chmod("new", 02775));
}

/* ---- devices ------------------------------------------------------------------------------------------------ */

/* Its content is granted to everybody by promise stdio; the file is the system's. */
ATTACK(chmod_of_a_device, .root_only = true)
{
	struct stat st;

	if (stat("/dev/full", &st) < 0)
		attack_broken("no /dev/full");
	return chmod("/dev/full", st.st_mode & 07777);
}

ATTACK(chmod_of_dev_null, .root_only = true)
{
	struct stat st;

	if (stat("/dev/null", &st) < 0)
		attack_broken("no /dev/null");
	return chmod("/dev/null", st.st_mode & 07777);
}

ATTACK(fchmod_of_dev_null, .root_only = true)
{
	struct stat st;
	int fd = open("/dev/null", O_RDWR);

	if (fd < 0 || fstat(fd, &st) < 0)
		attack_broken("no /dev/null");
	return fchmod(fd, st.st_mode & 07777);
}

ATTACK(times_of_dev_null, .root_only = true)
{
	const struct timespec same[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};

	return utimensat(AT_FDCWD, "/dev/null", same, 0);
}
