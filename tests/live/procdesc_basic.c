/* SPDX-License-Identifier: BSD-2-Clause */
/* Process descriptors outside of capability mode: what pdfork(3) says. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/capsicum.h>
#include <sys/procdesc.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

#define CHILDREN 300

static volatile sig_atomic_t signals;

static void count(int number)
{
	(void)number;
	signals++;
}

static int sleeper(int flags, pid_t *pid)
{
	int fd = -1;

	*pid = pdfork(&fd, flags);
	if (*pid == 0)
		for (;;)
			pause();
	REQUIRE(*pid > 0 && fd >= 0);
	return fd;
}

static int exiting(int status, pid_t *pid)
{
	int fd = -1;

	*pid = pdfork(&fd, 0);
	if (*pid == 0)
		_exit(status);
	REQUIRE(*pid > 0 && fd >= 0);
	return fd;
}

/* Waits for the end, and says how it came. */
static short hung_up(int fd, int timeout)
{
	struct pollfd poller = {fd, 0, 0};

	return poll(&poller, 1, timeout) == 1 ? poller.revents : 0;
}

static int end_of(pid_t pid)
{
	int status = -1;

	CHECK_EQ(waitpid(pid, &status, __WALL), pid);
	return status;
}

TEST(pid_poll_and_wait)
{
	pid_t pid, told = 0;
	int fd = exiting(7, &pid), status;

	CHECK_EQ(pdgetpid(fd, &told), 0);
	CHECK_EQ(told, pid);
	CHECK(hung_up(fd, -1) & POLLHUP);
	CHECK(hung_up(fd, -1) & POLLHUP);
	CHECK_EQ(pdkill(fd, SIGINT), 0); /* not waited for yet */
	CHECK_EQ(waitpid(-1, NULL, WNOHANG), -1);
	CHECK_EQ(errno, ECHILD);
	CHECK_EQ(pdwait4(fd, &status, 0, NULL), pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	CHECK_ERRNO(pdwait4(fd, &status, 0, NULL), ECHILD);
	CHECK_ERRNO(waitpid(pid, NULL, __WALL), ECHILD);
	CHECK_ERRNO(pdkill(fd, SIGINT), ESRCH);
	CHECK_EQ(pdgetpid(fd, &told), 0);
	CHECK_EQ(told, pid);
	close(fd);
}

TEST(last_close_kills_and_says_nothing)
{
	struct sigaction action = {.sa_handler = count};
	pid_t pid;
	int fd, copy, status;

	sigaction(SIGCHLD, &action, NULL);
	fd = sleeper(0, &pid);
	copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	close(fd);
	CHECK_EQ(hung_up(copy, 0), 0);
	CHECK_EQ(pdwait4(copy, &status, WNOHANG, NULL), 0);
	close(copy);
	status = end_of(pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	CHECK_EQ(signals, 0);
}

TEST(daemon_outlives_the_descriptor)
{
	pid_t pid;
	int fd = sleeper(PD_DAEMON, &pid), status;

	close(fd);
	CHECK_EQ(kill(pid, 0), 0);
	CHECK_EQ(waitpid(pid, NULL, WNOHANG | __WALL), 0);
	kill(pid, SIGTERM);
	status = end_of(pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

/* A switch that the child turns off goes off. */
TEST(child_that_closes_its_end_is_killed)
{
	int fd = -1, status;
	pid_t pid = pdfork(&fd, 0);

	if (pid == 0) {
		for (int i = 3; i < 4096; i++)
			close(i);
		for (;;)
			pause();
	}
	REQUIRE(pid > 0);
	CHECK_EQ(pdwait4(fd, &status, 0, NULL), pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	close(fd);
}

static int disarms(bool enter)
{
	int fd = -1, ready[2], status, done = 0;
	char found = 0;
	pid_t pid;

	REQUIRE(pipe2(ready, O_CLOEXEC) == 0);
	pid = pdfork(&fd, 0);
	if (pid == 0) {
		if (enter && cap_enter() < 0)
			_exit(1);
		for (int i = 0; i < 1024; i++)
			if (i != ready[1] && i > 2)
				(void)fcntl(i, F_SETFL, 0);
		if (write(ready[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	REQUIRE(pid > 0 && read(ready[0], &found, 1) == 1);
	close(ready[0]);
	close(ready[1]);
	close(fd);
	/* what the kernel does to it at the close, it has done when close returns */
	done = waitpid(pid, &status, WNOHANG | __WALL);
	if (!done) {
		kill(pid, SIGTERM); /* comes second to a SIGKILL that is there */
		CHECK_EQ(waitpid(pid, &status, __WALL), pid);
	}
	return WTERMSIG(status);
}

TEST(inside_the_child_cannot_disarm_it)
{
	CHECK_EQ(disarms(false), SIGTERM); /* the control: outside it can */
	CHECK_EQ(disarms(true), SIGKILL);
}

TEST(passed_on_and_closed_elsewhere)
{
	char control[CMSG_SPACE(sizeof(int))] = {0}, byte = 0;
	struct iovec vector = {&byte, 1};
	struct msghdr message = {NULL, 0, &vector, 1, control, sizeof(control), 0};
	struct cmsghdr *item = CMSG_FIRSTHDR(&message);
	int pair[2], fd, status;
	pid_t pid;

	/* the child first, or it would hold the pair, and with it itself */
	fd = sleeper(0, &pid);
	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	item->cmsg_level = SOL_SOCKET;
	item->cmsg_type = SCM_RIGHTS;
	item->cmsg_len = CMSG_LEN(sizeof(int));
	*(int *)(void *)CMSG_DATA(item) = fd;
	REQUIRE(sendmsg(pair[0], &message, 0) == 1);
	close(fd);
	CHECK_EQ(waitpid(pid, NULL, WNOHANG | __WALL), 0); /* in flight it is held */
	close(pair[0]);
	close(pair[1]);
	status = end_of(pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

TEST(death_of_the_parent_is_a_close)
{
	int pipes[2];
	char byte;
	pid_t middle;

	REQUIRE(pipe2(pipes, O_CLOEXEC) == 0);
	middle = fork();
	if (middle == 0) {
		pid_t pid;

		(void)sleeper(0, &pid);
		_exit(0);
	}
	close(pipes[1]);
	/* End of file once the grandchild, which holds the other end, is gone. */
	CHECK_EQ(read(pipes[0], &byte, 1), 0);
	CHECK_EQ(waitpid(middle, NULL, 0), middle);
	close(pipes[0]);
}

TEST(bad_input)
{
	int file = open("/dev/null", O_RDONLY | O_CLOEXEC), fd = -1, pair[2];
	pid_t pid;

	CHECK_ERRNO(pdfork(&fd, 0x20), EINVAL);
	CHECK_ERRNO(pdfork(NULL, 0), EFAULT);
	CHECK_ERRNO(pdgetpid(-1, &pid), EBADF);
	CHECK_ERRNO(pdgetpid(file, &pid), EBADF);
	CHECK_ERRNO(pdkill(-1, SIGTERM), EBADF);
	CHECK_ERRNO(pdkill(file, SIGTERM), EINVAL);
	CHECK_ERRNO(pdwait4(-1, NULL, 0, NULL), EBADF);
	CHECK_ERRNO(pdwait4(file, NULL, 0, NULL), EINVAL);
	close(file);
	/* the same kind of socket, but nobody's child */
	REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
	CHECK_ERRNO(pdkill(pair[0], SIGTERM), EINVAL);
	close(pair[0]);
	close(pair[1]);
	fd = sleeper(PD_CLOEXEC, &pid);
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK_ERRNO(pdkill(fd, 0xffff), EINVAL);
	CHECK_ERRNO(pdkill(fd, -1), EINVAL);
	CHECK_EQ(pdkill(fd, SIGTERM), 0);
	CHECK_EQ(WTERMSIG(end_of(pid)), SIGTERM);
	close(fd);
}

TEST(as_another_user_only_the_kernel_kills, .root_only = true)
{
	pid_t pid;
	int fd = sleeper(0, &pid);

	REQUIRE(setresuid(65534, 65534, 65534) == 0);
	CHECK_ERRNO(kill(pid, SIGKILL), EPERM);
	CHECK_ERRNO(pdkill(fd, SIGTERM), EPERM);
	CHECK_EQ(pdkill(fd, SIGKILL), 0);
	CHECK_EQ(WTERMSIG(end_of(pid)), SIGKILL);
	close(fd);
}

TEST(many_children, .timeout = 60)
{
	static int fds[CHILDREN];
	static pid_t pids[CHILDREN];

	for (int i = 0; i < CHILDREN; i++)
		fds[i] = sleeper(PD_CLOEXEC, &pids[i]);
	for (int i = CHILDREN; i-- > 0;)
		close(fds[i]);
	for (int i = 0; i < CHILDREN; i++)
		CHECK_EQ(WTERMSIG(end_of(pids[i])), SIGKILL);
	CHECK_ERRNO(waitpid(-1, NULL, __WALL), ECHILD);
}
