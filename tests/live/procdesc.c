/* SPDX-License-Identifier: BSD-2-Clause */
/* Process descriptors, outside and inside capability mode. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/capsicum.h>
#include <sys/procdesc.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

static pid_t child_that_waits(int *fd, int flags)
{
	pid_t pid = pdfork(fd, flags);

	if (pid == 0) {
		for (;;)
			pause();
	}
	REQUIRE(pid > 0);
	return pid;
}

static bool is_gone(pid_t pid)
{
	return kill(pid, 0) < 0 && errno == ESRCH;
}

TEST(a_child_that_one_holds)
{
	struct pollfd polled = {.events = POLLIN};
	int fd = -1, status;
	pid_t pid = child_that_waits(&fd, PD_CLOEXEC), found = -1;

	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK_EQ(pdgetpid(fd, &found), 0);
	CHECK_EQ(found, pid);
	polled.fd = fd;
	CHECK_EQ(poll(&polled, 1, 0), 0);
	CHECK_EQ(pdwait4(fd, &status, WNOHANG, NULL), 0);
	CHECK_ERRNO(waitpid(-1, &status, WNOHANG), ECHILD);
	CHECK_EQ(pdkill(fd, SIGTERM), 0);
	CHECK_EQ(pdwait4(fd, &status, 0, NULL), pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	CHECK_EQ(poll(&polled, 1, 0), 1);
	CHECK(polled.revents & POLLHUP);
	CHECK_ERRNO(pdwait4(fd, &status, 0, NULL), ECHILD);
	CHECK_ERRNO(pdkill(fd, SIGTERM), ESRCH);
	CHECK_EQ(pdgetpid(fd, &found), 0);
	CHECK_EQ(found, pid);
	close(fd);
}

TEST(its_exit_status)
{
	siginfo_t info;
	int fd, status;
	pid_t pid = pdfork(&fd, 0);

	if (pid == 0)
		_exit(42);
	REQUIRE(pid > 0);
	CHECK_EQ(pdwait(fd, &status, WEXITED, NULL, &info), 0);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 42);
	CHECK_EQ(info.si_pid, pid);
	close(fd);
}

TEST(the_last_close_kills)
{
	int fd, copy, status;
	pid_t pid = child_that_waits(&fd, 0);

	copy = dup(fd);
	close(fd);
	CHECK_EQ(waitpid(pid, &status, __WALL | WNOHANG), 0);
	close(copy);
	REQUIRE(waitpid(pid, &status, __WALL) == pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

TEST(a_daemon_survives)
{
	int fd, status;
	pid_t pid = child_that_waits(&fd, PD_DAEMON);

	close(fd);
	CHECK_EQ(kill(pid, 0), 0);
	CHECK_EQ(waitpid(pid, &status, __WALL | WNOHANG), 0);
	kill(pid, SIGKILL);
	CHECK_EQ(waitpid(pid, &status, __WALL), pid);
}

/* The parent's end counts as a close; somebody else collects what it leaves. */
TEST(a_parents_end_kills)
{
	int ends[2], status;
	pid_t parent, child = -1;
	char byte;

	REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
	parent = fork();
	REQUIRE(parent >= 0);
	if (!parent) {
		int fd;

		child = child_that_waits(&fd, 0);
		_exit(write(ends[1], &child, sizeof(child)) == sizeof(child) ? 0 : 1);
	}
	close(ends[1]);
	REQUIRE(read(ends[0], &child, sizeof(child)) == sizeof(child));
	/* The child holds the other end of the pipe: end of file is its end. */
	CHECK_EQ(read(ends[0], &byte, 1), 0);
	REQUIRE(waitpid(parent, &status, 0) == parent);
	CHECK_EQ(status, 0);
	close(ends[0]);
}

TEST(what_is_none)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC), ends[2], pd;
	pid_t pid;

	REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
	CHECK_ERRNO(pdgetpid(fd, &pid), EBADF);
	CHECK_ERRNO(pdgetpid(ends[0], &pid), EBADF);
	CHECK_ERRNO(pdkill(fd, SIGTERM), EINVAL);
	CHECK_ERRNO(pdkill(ends[0], SIGTERM), EINVAL);
	CHECK_ERRNO(pdkill(999, SIGTERM), EBADF);
	CHECK_ERRNO(pdwait4(ends[0], NULL, WNOHANG, NULL), EINVAL);
	CHECK_ERRNO(pdfork(&pd, 0x20), EINVAL);
	CHECK_ERRNO(pdfork(NULL, 0), EFAULT);
	pid = child_that_waits(&pd, 0);
	CHECK_ERRNO(pdkill(pd, 65), EINVAL);
	CHECK_ERRNO(pdkill(pd, -1), EINVAL);
	close(pd);
	waitpid(pid, NULL, __WALL);
	close(fd);
	close(ends[0]);
	close(ends[1]);
}

TEST(a_thousand)
{
	static int fds[1000];
	int made = 0, ended = 0;

	for (int i = 0; i < 1000; i++) {
		pid_t pid = pdfork(&fds[i], PD_CLOEXEC);

		if (pid == 0)
			_exit(0);
		made += pid > 0;
	}
	CHECK_EQ(made, 1000);
	for (int i = 0; i < made; i++) {
		ended += pdwait4(fds[i], NULL, 0, NULL) > 0;
		close(fds[i]);
	}
	CHECK_EQ(ended, 1000);
	CHECK_ERRNO(waitpid(-1, NULL, __WALL | WNOHANG), ECHILD);
}

TEST(rights, .sandboxed = true)
{
	cap_rights_t rights;
	int fd, asks, kills, waits;
	pid_t pid = child_that_waits(&fd, 0), found;

	asks = dup(fd);
	kills = dup(fd);
	waits = dup(fd);
	REQUIRE(cap_rights_limit(asks, cap_rights_init(&rights, CAP_PDGETPID)) == 0);
	REQUIRE(cap_rights_limit(kills, cap_rights_init(&rights, CAP_PDKILL)) == 0);
	REQUIRE(cap_rights_limit(waits, cap_rights_init(&rights, CAP_PDWAIT)) == 0);
	CHECK_EQ(pdgetpid(asks, &found), 0);
	CHECK_ERRNO(pdkill(asks, SIGCONT), ENOTCAPABLE);
	CHECK_ERRNO(pdwait4(asks, NULL, WNOHANG, NULL), ENOTCAPABLE);
	CHECK_ERRNO(pdgetpid(kills, &found), ENOTCAPABLE);
	CHECK_EQ(pdkill(kills, SIGKILL), 0);
	CHECK_EQ(pdwait4(fd, NULL, 0, NULL), pid);
}

TEST(in_capability_mode, .sandboxed = true)
{
	int fd, status, ends[2];
	pid_t pid, outside = getppid();

	REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
	REQUIRE(cap_enter() == 0);
	pid = child_that_waits(&fd, 0);
	CHECK_ERRNO(kill(pid, SIGTERM), ECAPMODE);
	CHECK_ERRNO(kill(outside, 0), ECAPMODE);
	CHECK_EQ(pdkill(fd, SIGTERM), 0);
	CHECK_EQ(pdwait4(fd, &status, 0, NULL), pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	CHECK_ERRNO(pdkill(fd, SIGTERM), ESRCH);
	/* A pair that was made otherwise names its maker, and is no process descriptor. */
	CHECK_ERRNO(pdkill(ends[0], SIGTERM), EINVAL);
	close(fd);
}

/* Another process holds the last copy. */
TEST(passed_on)
{
	char control[CMSG_SPACE(sizeof(int))] = {0}, byte = 0;
	struct iovec vector = {&byte, 1};
	struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *item = CMSG_FIRSTHDR(&message);
	int ends[2], fd, status;
	pid_t keeper, pid;

	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	keeper = fork();
	REQUIRE(keeper >= 0);
	if (!keeper) {
		close(ends[0]);
		/* Holds what it is sent until it is told to end. */
		recvmsg(ends[1], &message, 0);
		_exit(read(ends[1], &byte, 1) == 1 ? 0 : 1);
	}
	close(ends[1]);
	pid = child_that_waits(&fd, 0);
	item->cmsg_level = SOL_SOCKET;
	item->cmsg_type = SCM_RIGHTS;
	item->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(item), &fd, sizeof(fd));
	REQUIRE(sendmsg(ends[0], &message, 0) == 1);
	close(fd);
	CHECK_EQ(waitpid(pid, &status, __WALL | WNOHANG), 0);
	REQUIRE(write(ends[0], "x", 1) == 1);
	REQUIRE(waitpid(keeper, &status, 0) == keeper);
	CHECK_EQ(status, 0);
	REQUIRE(waitpid(pid, &status, __WALL) == pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	CHECK(is_gone(pid));
	close(ends[0]);
}
