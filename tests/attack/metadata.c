/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Modes, owners, times, attributes and lengths of files that were not granted for
 * writing. Landlock does not judge these calls: the launcher performs them for the
 * program, and everything here tries to make it perform them on the wrong file.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
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

ATTACK(setxattr_outside, HARMS, .impossible = no_attributes)
{
	return setxattr(at("outside/file"), "user.planted", "x", 1, 0);
}

ATTACK(lsetxattr_outside, HARMS, .impossible = no_attributes)
{
	return lsetxattr(at("outside/file"), "user.planted", "x", 1, 0);
}

ATTACK(setxattrat_outside, .impossible = no_attributes)
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

ATTACK(fsetxattr_read_only, HARMS, .impossible = no_attributes)
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
