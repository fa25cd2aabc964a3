/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Programs that were not granted, programs that lend an identity, and what a
 * started program inherits. That code runs which the attacker brought along is no
 * harm (it owns the process already): that it would run as somebody else, or less
 * confined, is.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"

extern char **environ;

/* ---- starting what was not granted ------------------------------------------------------------------ */

/* Runs it in a child, in outside/, where it leaves a marker. */
static int started(const char *path, int fd, int flags)
{
	char *const argv[] = {(char *)"program", NULL};
	int report[2], error = 0;
	pid_t pid;

	if (pipe2(report, O_CLOEXEC) < 0)
		attack_broken("no pipe");
	pid = fork();
	if (pid == 0) {
		if (chdir(at("outside")) == 0)
			syscall(SYS_execveat, fd, path, argv, environ, flags);
		error = errno;
		_exit(write(report[1], &error, sizeof(error)) < 0);
	}
	close(report[1]);
	if (read(report[0], &error, sizeof(error)) != sizeof(error))
		error = 0;
	close(report[0]);
	child_status(pid);
	errno = error;
	return error ? -1 : 0;
}

ATTACK(program_by_its_path, .proof = CHANGE)
{
	return started(at("outside/program"), AT_FDCWD, 0);
}

ATTACK(program_in_a_readable_directory)
{
	return started("/bin/true", AT_FDCWD, 0);
}

ATTACK(program_granted_for_reading_only, .flags = "--ro /bin --ro /usr/bin --ro /lib --ro /usr/lib")
{
	return started("/bin/true", AT_FDCWD, 0);
}

ATTACK(program_by_a_handle, .proof = CHANGE)
{
	char path[64];
	int fd = open(at("outside/program"), O_PATH);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return started(path, AT_FDCWD, 0);
}

ATTACK(program_by_an_empty_path)
{
	return started("", open("/bin/true", O_PATH), AT_EMPTY_PATH);
}

ATTACK(program_passed_on, .passed = "outside/program", .flags = "--fd 5", .proof = CHANGE)
{
	return started("/proc/self/fd/5", AT_FDCWD, 0);
}

/* Writes a script and lets the kernel look its interpreter up. */
static int script(int fd, const char *interpreter)
{
	if (fd < 0 || dprintf(fd, "#!%s\n", interpreter) < 0 || fchmod(fd, 0700) < 0)
		attack_broken("cannot write a script");
	return fd;
}

ATTACK(interpreter_of_a_script, .proof = CHANGE)
{
	close(script(open("script", O_CREAT | O_WRONLY | O_CLOEXEC, 0700), at("outside/program")));
	return started(at("rw/script"), AT_FDCWD, 0);
}

ATTACK(interpreter_of_a_script_in_memory, .proof = CHANGE)
{
	int fd = script(memfd_create("script", 0), at("outside/program"));
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return started(path, AT_FDCWD, 0);
}

ATTACK(program_written_here)
{
	int from = open(given("attacker"), O_RDONLY), to = open("copy", O_CREAT | O_WRONLY, 0700);
	char buffer[65536];
	ssize_t got;

	while ((got = read(from, buffer, sizeof(buffer))) > 0)
		if (write(to, buffer, (size_t)got) != got)
			attack_broken("cannot copy");
	if (got < 0 || close(to) < 0)
		attack_broken("cannot copy");
	return started(at("rw/copy"), AT_FDCWD, 0);
}

/* ---- no execution at all ---------------------------------------------------------------------------- */

#define NO_EXEC                                                                                    \
	.flags = "--promise stdio --promise rpath --promise wpath --promise cpath --promise proc " \
		 "--rx /bin --rx /usr"

ATTACK(any_program_without_exec, NO_EXEC)
{
	return started("/bin/true", AT_FDCWD, 0);
}

ATTACK(own_program_without_exec, NO_EXEC)
{
	return started(given("attacker"), AT_FDCWD, 0);
}

/*
 * A filter sees pointers, not strings. The launcher's last call passes it, and its
 * strings lie somewhere in its image: each place where they could be is filled with
 * "/////...the name" and executed.
 */
enum { IMAGE = 0x400000, IMAGE_SIZE = 0x100000, PAGE = 4096 };

static void try_from(char *first, char *const argv[])
{
	for (char *at_ = first; at_ < first + IMAGE_SIZE; at_ += 16)
		execve(at_, argv, environ);
}

ATTACK(the_launchers_own_string, .flags = "--quiet --promise stdio --promise rpath")
{
	char *const argv[] = {(char *)"attacker", (char *)"executed", NULL};
	const char *name = given("attacker");
	size_t length = strlen(name) + 1;
	char *memory = mmap((void *)IMAGE, IMAGE_SIZE + PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	/* A static attacker lies there itself: it tries what it has. */
	if (memory == MAP_FAILED)
		return execve(name, argv, environ);
	/* Twice, since the end of a page is too short for the name. */
	for (size_t shift = 0; shift < PAGE; shift += PAGE / 2) {
		memset(memory, '/', IMAGE_SIZE + PAGE);
		for (size_t page = PAGE; page <= IMAGE_SIZE; page += PAGE)
			memcpy(memory + page + shift - length, name, length);
		try_from(memory, argv);
	}
	return -1;
}

ATTACK(memory_executable_without_promise, NO_EXEC)
{
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? -1 : 0;
}

ATTACK(memory_made_executable_without_promise, NO_EXEC)
{
	void *memory =
	    mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(memory, 4096, PROT_READ | PROT_EXEC);
}

/* ---- identity --------------------------------------------------------------------------------------------- */

#define CHANGES_ID                                                                                 \
	.flags = "--promise stdio --promise rpath --promise wpath --promise cpath --promise fattr " \
		 "--promise id --promise proc --capability setuid --capability setgid"

/* Root that became somebody else: what the launcher may still do, it must not do for them. */
ATTACK(metadata_after_a_change_of_identity, CHANGES_ID, .root_only = true)
{
	int fd = open("mine", O_RDWR), report[2], worked = 0;
	pid_t pid;

	if (getppid() == given_number("outsider"))
		return fchmod(fd, 0600); /* bare, it is the file's owner who asks */
	if (pipe(report) < 0)
		attack_broken("no pipe");
	pid = fork();
	if (pid == 0) {
		if (setresgid(65534, 65534, 65534) < 0 || setresuid(65534, 65534, 65534) < 0)
			_exit(1);
		worked = chmod(at("rw/mine"), 0666) == 0;
		worked += fchmod(fd, 0666) == 0;
		worked += utimensat(AT_FDCWD, at("rw/mine"), NULL, 0) == 0;
		_exit(write(report[1], &worked, sizeof(worked)) != sizeof(worked));
	}
	if (child_status(pid) != 0 || read(report[0], &worked, sizeof(worked)) != sizeof(worked))
		attack_broken("the identity could not be changed");
	errno = EPERM;
	return worked ? 0 : -1;
}

/*
 * The launcher keeps what the program was given. A process that gave it up is still the
 * same user, and may be looked into: only the comparison of identities stands between.
 */
ATTACK(metadata_after_giving_a_capability_up, .root_only = true,
       .flags = "--promise stdio --promise rpath --promise wpath --promise cpath --promise fattr "
		"--promise chown --promise id --capability chown --capability fowner")
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct none[2] = {{0}, {0}};
	int fd = open("theirs", O_RDONLY | O_CREAT, 0600);

	if (fd < 0 || fchown(fd, 65534, 65534) < 0)
		attack_broken("cannot make a file of somebody else");
	if (chmod("theirs", 0644) < 0)
		attack_broken("its mode cannot be changed with the capability");
	if (getppid() == given_number("outsider"))
		return chmod("theirs", 0666); /* bare, it was not given up */
	if (syscall(SYS_capset, &header, none) < 0)
		attack_broken("the capability cannot be given up");
	return chmod("theirs", 0666);
}

ATTACK(another_user, .root_only = true)
{
	return setresuid(65534, 65534, 65534);
}

ATTACK(another_group, .root_only = true)
{
	return setresgid(65534, 65534, 65534);
}

ATTACK(another_user_for_files, .root_only = true)
{
	long before = syscall(SYS_setfsuid, 65534);
	long after = syscall(SYS_setfsuid, -1);

	errno = EPERM;
	return before == 0 && after == 65534 ? 0 : -1;
}

ATTACK(power_over_files, .root_only = true)
{
	/* Root's own file, closed even to root without its capabilities. */
	if (chmod("mine", 0) < 0)
		attack_broken("cannot close the file");
	return show_file("mine");
}
