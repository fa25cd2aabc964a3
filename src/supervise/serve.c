/* SPDX-License-Identifier: BSD-2-Clause */
#include "supervise/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What is sent to the launcher is meant for the program. */
static const int passed_on[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};

static void served_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGCHLD);
	for (size_t i = 0; i < sizeof(passed_on) / sizeof(passed_on[0]); i++)
		sigaddset(set, passed_on[i]);
}

int pap_serve_prepare(sigset_t *before)
{
	sigset_t set;

	served_signals(&set);
	return sigprocmask(SIG_BLOCK, &set, before) < 0 ? -errno : 0;
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Milliseconds to wait, -1: no limit. */
static int remaining(uint64_t deadline)
{
	uint64_t now;

	if (!deadline)
		return -1;
	now = now_ms();
	if (now >= deadline)
		return 0;
	return deadline - now > 60000 ? 60000 : (int)(deadline - now);
}

/* Collects what ended; true when the child was among it. */
static bool collect(pid_t child, int *status)
{
	bool ended = false;
	int one;
	pid_t pid;

	while ((pid = waitpid(-1, &one, WNOHANG)) > 0) {
		if (pid == child) {
			*status = one;
			ended = true;
		}
	}
	return ended;
}

/* Kills our children; whose parent dies becomes our child (we are the subreaper). */
static void kill_children(void)
{
	char path[64], pids[4096], *at, *end;
	ssize_t length;
	long pid;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	length = read(fd, pids, sizeof(pids) - 1);
	close(fd);
	if (length <= 0)
		return;
	pids[length] = '\0';
	for (at = pids; (pid = strtol(at, &end, 10)) > 0; at = end)
		if (*end == ' ') /* else the number may be cut */
			kill((pid_t)pid, SIGKILL);
}

static void kill_everything(const struct pap_serve *serve, int *status)
{
	int one;
	pid_t pid;

	for (;;) {
		if (serve->first_process)
			kill(-1, SIGKILL);
		else
			kill_children();
		kill(serve->child, SIGKILL);
		pid = waitpid(-1, &one, 0);
		if (pid == serve->child)
			*status = one;
		if (pid < 0 && errno == ECHILD)
			return;
	}
}

/* What the terminal sends reaches the program by itself: it is in our process group. */
static void pass_on(const struct pap_serve *serve, const struct signalfd_siginfo *info)
{
	if ((int)info->ssi_signo != SIGCHLD && info->ssi_code <= 0)
		kill(serve->child, (int)info->ssi_signo);
}

/* True when the child ended. */
static bool signals_arrived(const struct pap_serve *serve, int signals, int *status)
{
	struct signalfd_siginfo info;
	bool ended = false;

	while (read(signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			ended |= collect(serve->child, status);
		else
			pass_on(serve, &info);
	}
	return ended;
}

int pap_serve(const struct pap_serve *serve, struct pap_ending *ending)
{
	struct pollfd polled[2] = {{.events = POLLIN}, {.fd = -1, .events = POLLIN}};
	uint64_t deadline = serve->wall_ms ? now_ms() + serve->wall_ms : 0;
	bool ended = false;
	sigset_t set;

	*ending = (struct pap_ending){0};
	served_signals(&set);
	polled[0].fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (polled[0].fd < 0)
		return -errno;
	/*
	 * Orphans become our children: they can be killed when time is over, and where
	 * only ancestors may look into a process (Yama) they can still be answered.
	 */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (serve->supervisor)
		polled[1].fd = serve->supervisor->listener;
	while (!ended) {
		int ready = poll(polled, 2, remaining(deadline));

		if (ready < 0 && errno != EINTR)
			break;
		if (polled[1].revents & POLLIN)
			(void)pap_supervisor_step(serve->supervisor);
		else if (polled[1].revents)
			polled[1].fd = -1; /* the last task under the filter is gone */
		if (polled[0].revents)
			ended = signals_arrived(serve, polled[0].fd, &ending->status);
		if (!ended && deadline && !remaining(deadline)) {
			ending->timed_out = ended = true;
			kill_everything(serve, &ending->status);
		}
	}
	close(polled[0].fd);
	return ended ? 0 : -EIO;
}

void pap_serve_remains(struct pap_supervisor *supervisor)
{
	struct pollfd polled = {.fd = supervisor->listener, .events = POLLIN};
	int null;

	if (poll(&polled, 1, 0) < 0 || polled.revents & (POLLHUP | POLLERR))
		return;
	if (fork() != 0)
		return; /* the launcher; on failure later calls are refused by the kernel: ENOSYS */
	setsid();
	supervisor->reports.line = NULL;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd <= 2; fd++)
		if (null < 0 || dup2(null, fd) < 0)
			close(fd);
	for (;;) {
		if (poll(&polled, 1, -1) < 0) {
			if (errno == EINTR)
				continue;
			break;
		}
		if (!(polled.revents & POLLIN))
			break;
		(void)pap_supervisor_step(supervisor);
	}
	_exit(0);
}
