/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PAPRIKA_TRACE and PAPRIKA_TRAP: each denial says itself once, with what was lacking and
 * what to do. The same program without the variable says nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capsicum.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

static char said[16384];

/* What a child that does this says on standard error. */
static int run_child(void (*body)(void), const char *variable)
{
	size_t length = 0;
	ssize_t got;
	int ends[2], status;
	pid_t child;

	REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
	child = fork();
	REQUIRE(child >= 0);
	if (!child) {
		dup2(ends[1], STDERR_FILENO);
		if (variable)
			setenv(variable, "1", 1);
		body();
		_exit(0);
	}
	close(ends[1]);
	while (length + 1 < sizeof(said) &&
	       (got = read(ends[0], said + length, sizeof(said) - 1 - length)) > 0)
		length += (size_t)got;
	said[length] = '\0';
	close(ends[0]);
	REQUIRE(waitpid(child, &status, 0) == child);
	return status;
}

static void try_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		_exit(3);
}

static void ten_mistakes(void)
{
	int ends[2], plain = open("/dev/null", O_WRONLY);
	char name[] = "sh", *const arguments[] = {name, NULL};
	struct stat status;
	cap_rights_t rights;

	if (plain < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0 ||
	    cap_rights_limit(plain, cap_rights_init(&rights, CAP_WRITE)) < 0 || cap_enter() < 0)
		_exit(2);
	try_open("/etc/localtime");
	try_open("/etc/resolv.conf");
	try_open("/some/file");
	try_open("/dev/log");
	try_open("/usr/lib/locale/C.utf8/LC_CTYPE");
	try_open("/usr/lib/libm.so.6");
	try_open("/etc/passwd");
	try_open("/dev/urandom");
	if (fstat(plain, &status) == 0)
		_exit(4);
	execv("/bin/sh", arguments);
}

TEST(each_mistake_has_its_remedy)
{
	CHECK_EQ(run_child(ten_mistakes, "PAPRIKA_TRACE"), 0);
	CHECK_HAS(said, "tzset()");
	CHECK_HAS(said, "system.dns");
	CHECK_HAS(said, "\"/some/file\"");
	CHECK_HAS(said, "open its directory and use openat()");
	CHECK_HAS(said, "LOG_NDELAY");
	CHECK_HAS(said, "setlocale()");
	CHECK_HAS(said, "dlopen()");
	CHECK_HAS(said, "system.pwd");
	CHECK_HAS(said, "getrandom(2)");
	CHECK_HAS(said, "needs CAP_FSTAT, has CAP_WRITE");
	CHECK_HAS(said, "fexecve()");
	CHECK_HAS(said, "ECAPMODE");
	CHECK_HAS(said, "ENOTCAPABLE");
}

TEST(silence_is_the_default)
{
	CHECK_EQ(run_child(ten_mistakes, NULL), 0);
	CHECK_STR(said, "");
}

static void beneath(void)
{
	int dir = open("/tmp", O_RDONLY | O_DIRECTORY);

	if (dir < 0 || cap_enter() < 0)
		_exit(2);
	for (int i = 0; i < 5; i++) {
		if (openat(dir, "../etc/passwd\033[2J", O_RDONLY) != -1 || errno != ENOTCAPABLE)
			_exit(3);
	}
}

TEST(the_supervisor_says_its_own_once_and_escaped)
{
	CHECK_EQ(run_child(beneath, "PAPRIKA_TRACE"), 0);
	CHECK_HAS(said, "\"../etc/passwd\\x1b[2J\"");
	CHECK(strstr(said, "LE: openat(") && !strstr(strstr(said, "LE: openat(") + 1, "LE: openat("));
	CHECK(!strchr(said, '\033'));
}

static volatile sig_atomic_t trapped_error, trapped_call;

static void trapped(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	trapped_error = info->si_errno;
	trapped_call = info->si_syscall;
}

static void trap(void)
{
	struct sigaction action = {.sa_sigaction = trapped, .sa_flags = SA_SIGINFO};

	sigaction(SIGTRAP, &action, NULL);
	if (cap_enter() < 0)
		_exit(2);
	if (open("/etc/passwd", O_RDONLY) != -1 || errno != ECAPMODE)
		_exit(3);
	_exit(trapped_error == ECAPMODE && trapped_call > 0 ? 0 : 4);
}

TEST(denials_trap)
{
	CHECK_EQ(run_child(trap, "PAPRIKA_TRAP"), 0);
}

static void trap_unhandled(void)
{
	if (cap_enter() < 0)
		_exit(2);
	open("/etc/passwd", O_RDONLY);
	_exit(3);
}

TEST(a_trap_that_nobody_handles_ends_the_program)
{
	int status = run_child(trap_unhandled, "PAPRIKA_TRAP");

	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTRAP);
}
