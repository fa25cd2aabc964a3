/* SPDX-License-Identifier: BSD-2-Clause */
/* The supervisor under load, with callers that die, block, and contend; and without it. */
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "case.h"

/* A bound socket that listens, with limits. */
static int listener(void)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(name.sun_path, sizeof(name.sun_path), "%s/s", test_directory());
	REQUIRE(bind(fd, (struct sockaddr *)&name, sizeof(name)) == 0 && listen(fd, 4096) == 0);
	LIMIT(fd, CAP_ACCEPT, CAP_READ, CAP_WRITE, CAP_EVENT);
	return fd;
}

static int join(void)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(name.sun_path, sizeof(name.sun_path), "%s/s", test_directory());
	REQUIRE(connect(fd, (struct sockaddr *)&name, sizeof(name)) == 0);
	return fd;
}

#define HERD 6
#define GUESTS 600

/* Many wait for each connection and one gets it: nobody is told to come back, none is lost. */
TEST(herd_of_accepts, .sandboxed = true, .timeout = 60)
{
	int fd, told[2], served = 0, strange = 0;
	pid_t herd[HERD];
	char said;

	fd = listener();
	REQUIRE(pipe(told) == 0);
	for (int i = 0; i < HERD; i++) {
		herd[i] = fork();
		if (herd[i] == 0) {
			close(told[0]);
			for (;;) {
				int guest = (int)RAW(SYS_accept4, fd, NULL, NULL, 0);

				said = guest >= 0 ? '.' : errno == EAGAIN ? 'a' : '?';
				if (RAW(SYS_write, told[1], &said, 1) != 1)
					_exit(1);
				RAW(SYS_close, guest);
			}
		}
	}
	for (int i = 0; i < GUESTS; i++) {
		int guest = join();

		REQUIRE(read(told[0], &said, 1) == 1);
		served += said == '.';
		strange += said != '.';
		close(guest);
	}
	for (int i = 0; i < HERD; i++) {
		kill(herd[i], SIGKILL);
		waitpid(herd[i], NULL, 0);
	}
	CHECK_EQ(served, GUESTS);
	CHECK_EQ(strange, 0);
}

#define BLOCKED 100

static void *blocks(void *context)
{
	int *fds = context;

	(void)RAW(SYS_openat, fds[0], "pipe", O_RDONLY);
	(void)RAW(SYS_accept4, fds[1], NULL, NULL, 0);
	return NULL;
}

/* A hundred that wait keep nobody else waiting. */
TEST(blocked_callers, .sandboxed = true)
{
	int fds[2] = {own_directory()};
	pthread_attr_t small;
	struct stat status;
	pthread_t thread;

	fds[1] = listener();
	REQUIRE(mkfifoat(fds[0], "pipe", 0600) == 0 && cap_enter() == 0);
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 65536);
	for (int i = 0; i < BLOCKED; i++)
		REQUIRE(pthread_create(&thread, &small, blocks, fds) == 0);
	for (int i = 0; i < 2000; i++)
		CHECK_EQ(RAW(SYS_newfstatat, fds[0], "pipe", &status, 0), 0);
	/* The whole process goes away with all of them. */
}

static void interrupted(int number)
{
	(void)number;
}

/* A signal ends what waits: EINTR, or again where that was asked for. */
TEST(signal_while_blocked, .sandboxed = true)
{
	const struct sigaction action = {.sa_handler = interrupted};
	int dir = own_directory(), fd = listener();

	REQUIRE(mkfifoat(dir, "pipe", 0600) == 0 && cap_enter() == 0);
	sigaction(SIGALRM, &action, NULL);
	alarm(1);
	CHECK_EQ(RAW(SYS_accept4, fd, NULL, NULL, 0), -1);
	CHECK_EQ(errno, EINTR);
	alarm(1);
	CHECK_EQ(RAW(SYS_openat, dir, "pipe", O_RDONLY), -1);
	CHECK_EQ(errno, EINTR);
}

static void every_call(int dir, int fd, int pair)
{
	char buf[256];
	struct iovec vector = {buf, 8};
	struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
	struct pollfd polled = {fd, POLLIN, 0};

	for (;;) {
		int made = (int)RAW(SYS_openat, dir, "file", O_RDONLY);

		(void)RAW(SYS_newfstatat, dir, "file", buf, 0);
		(void)RAW(SYS_mkdirat, dir, "d", 0700);
		(void)RAW(SYS_renameat2, dir, "d", dir, "e", 0);
		(void)RAW(SYS_unlinkat, dir, "e", AT_REMOVEDIR);
		(void)RAW(SYS_dup, fd);
		(void)RAW(SYS_sendmsg, pair, &message, MSG_DONTWAIT);
		(void)RAW(SYS_poll, &polled, 1, 0);
		(void)control(PAP_CONTROL_GET, fd, buf);
		(void)RAW(SYS_openat, dir, "pipe", O_RDONLY | (made & 1 ? O_NONBLOCK : 0));
		for (int i = 10; i < 60; i++)
			if (i != fd && i != dir && i != pair)
				RAW(SYS_close, i);
	}
}

/* Killed at any moment of any call, from outside; the others are served as before. */
TEST(callers_are_killed, .sandboxed = true, .timeout = 60)
{
	int dir = own_directory(), fd = file_in(dir, "file"), pair[2], gate[2], lost = 0;
	struct stat status;
	char byte;

	REQUIRE(mkfifoat(dir, "pipe", 0600) == 0 && socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
	LIMIT(fd, CAP_READ, CAP_SEEK, CAP_FSTAT);
	for (int i = 0; i < 400; i++) {
		pid_t child;

		REQUIRE(pipe(gate) == 0);
		child = fork();
		if (child == 0) {
			if (cap_enter() == 0 && RAW(SYS_write, gate[1], "x", 1) == 1)
				every_call(dir, fd, pair[0]);
			_exit(1);
		}
		close(gate[1]);
		REQUIRE(read(gate[0], &byte, 1) == 1);
		close(gate[0]);
		for (uint64_t turns = test_random_below(20); turns; turns--)
			sched_yield();
		kill(child, SIGKILL);
		REQUIRE(waitpid(child, NULL, 0) == child);
		lost += RAW(SYS_newfstatat, dir, "file", &status, 0) != 0;
	}
	CHECK_EQ(lost, 0);
	CHECK_EQ(write(fd, "x", 1), -1);
}

/*
 * Ours, and nobody else's: what was forked from us has a limit of ours, which means
 * nothing to the kernel any more.
 */
static pid_t find_warden(rlim_t mark)
{
	for (pid_t pid = getpid() + 1; pid < getpid() + 512; pid++) {
		struct rlimit limit;

		if (prlimit(pid, RLIMIT_LOCKS, NULL, &limit) == 0 && limit.rlim_cur == mark)
			return pid;
	}
	return 0;
}

static void no_warden(int how, bool waits)
{
	int dir = own_directory(), fd = file_in(dir, "file"), told[2], open_pipe;
	struct rlimit mark = {.rlim_max = RLIM_INFINITY};
	struct stat status;
	pid_t warden, child;
	char said = 0;

	mark.rlim_cur = 1000000 + (rlim_t)getpid();
	REQUIRE(mkfifoat(dir, "pipe", 0600) == 0 && pipe(told) == 0);
	REQUIRE(setrlimit(RLIMIT_LOCKS, &mark) == 0);
	LIMIT(fd, CAP_READ, CAP_SEEK, CAP_FSTAT);
	warden = find_warden(mark.rlim_cur);
	if (!warden)
		SKIP("the supervisor is not found by its number");
	child = fork();
	if (child == 0) {
		if (cap_enter() < 0 || RAW(SYS_newfstatat, dir, "file", &status, 0) < 0)
			_exit(1);
		(void)RAW(SYS_write, told[1], "r", 1);
		if (waits)
			open_pipe = (int)RAW(SYS_openat, dir, "pipe", O_RDONLY);
		else
			do
				open_pipe = (int)RAW(SYS_newfstatat, dir, "file", &status, 0);
			while (open_pipe == 0);
		said = open_pipe == -1 && RAW(SYS_dup, fd) == -1 &&
		       RAW(SYS_openat, dir, "file", O_RDONLY) == -1 &&
		       RAW(SYS_kill, 0, 0) == -1 && RAW(SYS_write, fd, "x", 1) == -1 &&
		       RAW(SYS_read, fd, &said, 1) == 1;
		_exit(said ? 42 : 2);
	}
	REQUIRE(read(told[0], &said, 1) == 1);
	REQUIRE(kill(warden, how) == 0);
	{
		int wstatus = 0;

		REQUIRE(waitpid(child, &wstatus, 0) == child);
		CHECK(WIFEXITED(wstatus) && WEXITSTATUS(wstatus) == 42);
	}
	CHECK_EQ(RAW(SYS_dup, fd), -1);
	CHECK_EQ(write(fd, "x", 1), -1);
}

TEST(killed_supervisor, .sandboxed = true)
{
	no_warden(SIGKILL, false);
}

/* Who waits for an opening process of the supervisor's does not wait for ever. */
TEST(killed_supervisor_while_one_waits, .sandboxed = true)
{
	no_warden(SIGKILL, true);
}
