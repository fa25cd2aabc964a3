/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Modes, owners, times, attributes and lengths of files that were not granted for
 * writing. Landlock does not judge these calls: the launcher performs them for the
 * program, and everything here tries to make it perform them on the wrong file.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

#include "attack.h"

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#ifndef SYS_setxattrat
#define SYS_setxattrat 463
#endif
#ifndef SYS_file_setattr
#define SYS_file_setattr 469
#endif

#define HARMS .proof = CHANGE

/* ---- each call on a file outside ------------------------------------------------------------------ */

ATTACK(chmod_outside, HARMS)
{
	return chmod(at("outside/file"), 0777);
}

ATTACK(chmod_the_secret, HARMS)
{
	return chmod(at("outside/key"), 0644);
}

ATTACK(chmod_a_read_only_grant, HARMS)
{
	return chmod(at("ro/note"), 0777);
}

ATTACK(chmod_the_granted_directory_itself, HARMS)
{
	return chmod(at("ro"), 0700);
}

ATTACK(chmod_above_a_writable_grant, HARMS)
{
	return chmod(at("outside/.."), 0700) < 0 ? -1 : chmod(at("outside"), 0700);
}

ATTACK(fchmodat_by_dot_dot, HARMS)
{
	return (int)syscall(SYS_fchmodat, AT_FDCWD, "../outside/file", 0777);
}

ATTACK(fchmodat_from_a_granted_directory, HARMS)
{
	int fd = open("sub", O_RDONLY | O_DIRECTORY);

	return (int)syscall(SYS_fchmodat, fd, "../../outside/file", 0777);
}

ATTACK(fchmodat_from_a_forbidden_directory, HARMS)
{
	int fd = open(at("outside"), O_PATH | O_DIRECTORY);

	return (int)syscall(SYS_fchmodat, fd, "file", 0777);
}

ATTACK(fchmodat2_by_link, HARMS)
{
	return (int)syscall(SYS_fchmodat2, AT_FDCWD, "file", 0777, 0);
}

ATTACK(fchmodat2_of_a_handle, HARMS)
{
	int fd = open(at("outside/file"), O_PATH);

	return (int)syscall(SYS_fchmodat2, fd, "", 0777, AT_EMPTY_PATH);
}

ATTACK(chown_outside, HARMS)
{
	return chown(at("outside/file"), getuid(), getgid());
}

ATTACK(lchown_of_a_link_outside, HARMS)
{
	return lchown(at("outside/dir"), (uid_t)-1, getgid());
}

ATTACK(fchownat_by_link, HARMS)
{
	return fchownat(AT_FDCWD, "file", (uid_t)-1, getgid(), 0);
}

ATTACK(fchownat_of_a_handle, HARMS)
{
	int fd = open(at("outside/file"), O_PATH);

	return fchownat(fd, "", (uid_t)-1, getgid(), AT_EMPTY_PATH);
}

ATTACK(utime_outside, HARMS)
{
	const struct utimbuf long_ago = {1, 1};

	return utime(at("outside/file"), &long_ago);
}

ATTACK(utimes_by_link, HARMS)
{
	const struct timeval long_ago[2] = {{1, 1}, {1, 1}};

	return utimes("file", long_ago);
}

ATTACK(utimensat_now, HARMS)
{
	return utimensat(AT_FDCWD, at("ro/note"), NULL, 0);
}

ATTACK(utimensat_of_a_link_itself, HARMS)
{
	const struct timespec long_ago[2] = {{1, 1}, {1, 1}};

	return utimensat(AT_FDCWD, at("outside/dir"), long_ago, AT_SYMLINK_NOFOLLOW);
}

#ifdef SYS_futimesat
ATTACK(futimesat_by_dot_dot, HARMS)
{
	return (int)syscall(SYS_futimesat, AT_FDCWD, "../ro/note", NULL);
}
#endif

ATTACK(setxattr_outside, HARMS)
{
	return setxattr(at("outside/file"), "user.planted", "x", 1, 0);
}

ATTACK(lsetxattr_outside, HARMS)
{
	return lsetxattr(at("outside/file"), "user.planted", "x", 1, 0);
}

ATTACK(setxattrat_outside)
{
	struct {
		unsigned long long value;
		unsigned size, flags;
	} args = {(unsigned long long)(size_t)"x", 1, 0};

	if (syscall(SYS_setxattrat, AT_FDCWD, at("outside/file"), 0, "user.planted", &args,
		    sizeof(args)) == 0)
		return 0;
	/* Older kernels: the same by the old call, so that the control says something. */
	return setxattr(at("outside/file"), "user.planted", "x", 1, 0);
}

ATTACK(truncate_outside, HARMS)
{
	return truncate("../outside/file", 1);
}

/* ---- descriptors that may read only ----------------------------------------------------------------- */

static int read_only(void)
{
	int fd = open(at("ro/note"), O_RDONLY);

	if (fd < 0)
		attack_broken("cannot open what is granted for reading");
	return fd;
}

ATTACK(fchmod_read_only, HARMS)
{
	return fchmod(read_only(), 0777);
}

ATTACK(fchown_read_only, HARMS)
{
	return fchown(read_only(), (uid_t)-1, getgid());
}

ATTACK(futimens_read_only, HARMS)
{
	return futimens(read_only(), NULL);
}

ATTACK(fsetxattr_read_only, HARMS)
{
	return fsetxattr(read_only(), "user.planted", "x", 1, 0);
}

ATTACK(fchmod_of_standard_input, HARMS, .input = "outside/file")
{
	return fchmod(0, 0777);
}

ATTACK(fchmod_of_a_passed_directory, HARMS, .passed = "outside/dir", .flags = "--fd 5")
{
	return fchmod(5, 0700);
}

ATTACK(futimens_of_standard_input, HARMS, .input = "outside/file")
{
	return futimens(0, NULL);
}

ATTACK(chmod_by_own_descriptor_path, HARMS, .input = "outside/file")
{
	return chmod("/proc/self/fd/0", 0777);
}

ATTACK(chmod_by_thread_descriptor_path, HARMS, .input = "outside/file")
{
	return chmod("/proc/thread-self/fd/0", 0777);
}

ATTACK(chmod_by_dev_fd, HARMS, .input = "outside/file")
{
	return chmod("/dev/fd/0", 0777);
}

ATTACK(chmod_by_dev_stdin, HARMS, .input = "outside/file")
{
	return chmod("/dev/stdin", 0777);
}

ATTACK(chmod_by_handle_path, HARMS)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", open(at("outside/file"), O_PATH));
	return chmod(path, 0777);
}

ATTACK(chmod_by_directory_link, HARMS)
{
	return chmod("/proc/self/cwd/../outside/file", 0777);
}

ATTACK(chmod_by_root_link, HARMS)
{
	char path[4096];

	snprintf(path, sizeof(path), "/proc/self/root%s", at("outside/file"));
	return chmod(path, 0777);
}

/* What "self" means to whoever performs the call: descriptors of the launcher are no way. */
ATTACK(chmod_by_the_parents_descriptors, HARMS, .input = "outside/file")
{
	struct stat wanted, st;
	int worked = 0;

	if (stat(at("outside/file"), &wanted) < 0)
		attack_broken("cannot look at the file");
	for (int fd = 0; fd < 64; fd++) {
		char path[64];

		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)getppid(), fd);
		/* Bare, the parent's other files are left alone. */
		if (stat(path, &st) == 0 && st.st_ino != wanted.st_ino)
			continue;
		worked += chmod(path, 0666) == 0;
	}
	return worked ? 0 : -1;
}

ATTACK(chmod_by_way_of_the_launchers_self, HARMS)
{
	return chmod("/proc/self/task/../../self/cwd/../outside/file", 0777);
}

ATTACK(chmod_by_the_victims_descriptor, HARMS)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/fd/3", given_number("victim"));
	return chmod(path, 0777);
}

/* ---- what was moved or linked -------------------------------------------------------------------------- */

ATTACK(chmod_of_a_file_linked_in, HARMS)
{
	if (link(at("outside/file"), "stolen") < 0)
		return -1;
	return chmod("stolen", 0777);
}

ATTACK(chmod_by_a_link_chain, HARMS)
{
	return chmod("sub/chain", 0777);
}

ATTACK(chmod_through_a_link_in_the_middle, HARMS)
{
	return chmod("absolute/file", 0777);
}

/* The name that the kernel gives a removed file is no proof of where it was. */
ATTACK(chmod_of_a_removed_file_by_its_old_name, HARMS)
{
	int fd = open("mine", O_PATH), out;

	if (fd < 0 || unlink("mine") < 0)
		attack_broken("cannot remove what is granted");
	out = open("mine (deleted)", O_CREAT | O_WRONLY, 0644);
	if (out < 0 || rename("mine (deleted)", "mine") < 0)
		attack_broken("cannot make files");
	unlink("mine");
	if (symlink(at("outside/file"), "mine") < 0)
		attack_broken("cannot make a link");
	return chmod("mine", 0777);
}

/* ---- bits that lend an identity --------------------------------------------------------------------------- */

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
	return set_id("mine", 06000, (int)syscall(SYS_fchmodat2, AT_FDCWD, "mine", 06755, 0));
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
