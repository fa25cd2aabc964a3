/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * docs/capsicum.md, line by line: what differs from FreeBSD in capability mode.
 * Each refusal has the same call beside it, not limited or before entering.
 */
#include <errno.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "capsicum_case.h"

TEST(readable_is_executable, .sandboxed = true)
{
	REQUIRE(personality(READ_IMPLIES_EXEC) >= 0);
	CHECK_ERRNO(cap_enter(), EINVAL);
	CHECK(!cap_sandboxed());
	REQUIRE(personality(0) >= 0);
	CHECK_EQ(cap_enter(), 0);
}

TEST(calls_that_are_not_known, .sandboxed = true)
{
	struct io_uring_params params = {0};

	REQUIRE(cap_enter() == 0);
	CHECK_ERRNO(syscall(1023), ENOSYS);
	CHECK_ERRNO(syscall(SYS_clone3, NULL, 0), ENOSYS);
	CHECK_ERRNO(syscall(SYS_io_uring_setup, 4, &params), ENOSYS);
	CHECK_ERRNO(syscall(SYS_io_setup, 1, NULL), ENOSYS);
}

TEST(commands_that_carry_names, .sandboxed = true)
{
	int fd = new_file(), named = socket(AF_INET, SOCK_STREAM, 0), one = 1, sent;
	const cap_ioctl_t owner = FIOSETOWN, asks = FIONREAD;
	int pair[2], pid = getpid();

	REQUIRE(named >= 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	CHECK_EQ(ioctl(named, FIOSETOWN, &pid), 0);
	CHECK_EQ(fcntl(pair[0], F_SETOWN, pid), 0);
	CHECK_EQ(setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &one, sizeof(one)), 0);
	CHECK_EQ(cap_ioctls_limit(fd, &asks, 1), 0);
	CHECK_EQ(cap_ioctls_limit(named, &owner, 1), 0);
	REQUIRE(cap_enter() == 0);
	CHECK_EQ(ioctl(fd, FIONREAD, &sent), 0);
	CHECK_ERRNO(ioctl(pair[0], FIOSETOWN, &pid), ECAPMODE);
	CHECK_ERRNO(fcntl(pair[0], F_SETOWN, pid), ECAPMODE);
	CHECK_ERRNO(fcntl(pair[0], F_SETSIG, SIGKILL), ECAPMODE);
	CHECK_ERRNO(fcntl(pair[0], F_SETFL, O_ASYNC), ECAPMODE);
	CHECK_EQ(fcntl(pair[0], F_SETFL, O_NONBLOCK), 0);
	CHECK_ERRNO(setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &one, sizeof(one)), ECAPMODE);
	CHECK_ERRNO(setsockopt(named, IPPROTO_IP, IP_OPTIONS, &one, sizeof(one)), ECAPMODE);
	CHECK_EQ(setsockopt(pair[0], SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one)), 0);
}

TEST(listening_needs_an_address, .sandboxed = true)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), other = socket(AF_INET, SOCK_STREAM, 0);

	REQUIRE(fd >= 0 && other >= 0);
	CHECK_EQ(listen(other, 1), 0);
	REQUIRE(cap_enter() == 0);
	CHECK_EQ(listen(other, 2), 0);
	CHECK_ERRNO(listen(fd, 1), ECAPMODE);
}

TEST(no_core_files, .sandboxed = true)
{
	struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};

	REQUIRE(cap_enter() == 0);
	CHECK_EQ(getrlimit(RLIMIT_CORE, &limit), 0);
	CHECK(limit.rlim_cur <= 1 && limit.rlim_max <= 1);
	limit.rlim_cur = limit.rlim_max = RLIM_INFINITY;
	CHECK_EQ(setrlimit(RLIMIT_CORE, &limit), -1);
}

TEST(devices_beneath_a_directory, .sandboxed = true)
{
	int dev = open("/dev", O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd;
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), own = own_directory();

	REQUIRE(dev >= 0 && proc >= 0);
	CHECK_EQ(mknodat(own, "one", S_IFCHR, 0), 0); /* 0:0 is for everybody */
	fd = openat(dev, "null", O_RDONLY | O_CLOEXEC);
	CHECK(fd >= 0);
	fd = openat(proc, "self/maps", O_RDONLY | O_CLOEXEC);
	CHECK(fd >= 0);
	REQUIRE(cap_enter() == 0);
	CHECK_ERRNO(mknodat(own, "two", S_IFCHR, 0), ECAPMODE);
	CHECK_ERRNO(openat(dev, "null", O_RDONLY | O_CLOEXEC), ENOTCAPABLE);
	CHECK_ERRNO(openat(proc, "self/maps", O_RDONLY | O_CLOEXEC), ENOTCAPABLE);
}

enum { LIMIT_IT = 1, ENTER = 2 };

/* The status of a child that executes it: 0 when it ran, else the error or the signal. */
static int executed(int fd, unsigned how)
{
	char *const arguments[] = {(char *)"true", NULL}, *const nothing[] = {NULL};
	int status;
	pid_t pid = fork();

	REQUIRE(pid >= 0);
	if (pid == 0) {
		if (how & LIMIT_IT)
			LIMIT(fd, CAP_FEXECVE, CAP_READ, CAP_LOOKUP);
		if (how & ENTER && cap_enter() < 0)
			_exit(99);
		syscall(SYS_execveat, fd, "", arguments, nothing, AT_EMPTY_PATH);
		_exit(errno == ENOTCAPABLE ? 100 : errno == ECAPMODE ? 101 : errno);
	}
	REQUIRE(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int script(int directory)
{
	static const char text[] = "#!/bin/true\n";
	int fd = openat(directory, "script", O_WRONLY | O_CREAT | O_CLOEXEC, 0700);

	REQUIRE(fd >= 0 && write(fd, text, sizeof(text) - 1) == sizeof(text) - 1);
	close(fd);
	fd = openat(directory, "script", O_RDONLY);
	REQUIRE(fd >= 0);
	return fd;
}

static int static_program(void)
{
	char name[4096];
	int fd;

	snprintf(name, sizeof(name), "%s/tests/live/static-program", getenv("PAPRIKA_BUILD"));
	fd = open(name, O_RDONLY | O_CLOEXEC);
	REQUIRE(fd >= 0);
	return fd;
}

/* A loader and an interpreter are names in a file, which no filter sees. */
TEST(programs_that_need_a_name)
{
	int dynamic = open("/bin/true", O_RDONLY | O_CLOEXEC), complete = static_program();
	int directory = own_directory(), named = script(directory);

	REQUIRE(dynamic >= 0);
	CHECK_EQ(executed(dynamic, 0), 0);
	CHECK_EQ(executed(named, 0), 0);
	CHECK_EQ(executed(complete, 0), 42);
	CHECK_EQ(executed(dynamic, ENTER), EACCES);
	CHECK_EQ(executed(named, ENTER), EACCES);
	CHECK_EQ(executed(complete, ENTER), 42);
	CHECK_EQ(executed(dynamic, LIMIT_IT | ENTER), EACCES);
	CHECK_EQ(executed(named, LIMIT_IT | ENTER), EACCES);
	CHECK_EQ(executed(complete, LIMIT_IT | ENTER), 42);
	close(dynamic);
	close(complete);
	close(named);
	close(directory);
}
