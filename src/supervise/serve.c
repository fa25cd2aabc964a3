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

#include "supervise/end.h"

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
	int signals;

	/* Whoever was started with it ignored is never told of a child's end. */
	if (signal(SIGCHLD, SIG_DFL) == SIG_ERR)
		return -errno;
	/*
	 * Orphans become our children: they can be killed when time is over, and where
	 * only ancestors may look into a process (Yama) they can still be answered. From
	 * the start: a program may make its first orphan before we look again.
	 */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		return -errno;
	served_signals(&set);
	signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0)
		return -errno;
	/* The program can put us into the background of its terminal: reports must not stop us. */
	sigaddset(&set, SIGTTOU);
	return sigprocmask(SIG_BLOCK, &set, before) < 0 ? -errno : signals;
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

enum left { EVERYTHING, WITHOUT_CHILD, NOTHING };

/* Collects what ended; says what is still there. Children from before the start do not count. */
static enum left collect(pid_t child, int *status, enum left left)
{
	int one;
	pid_t pid;

	while ((pid = waitpid(-1, &one, WNOHANG)) > 0) {
		if (pid == child) {
			*status = one;
			left = WITHOUT_CHILD;
		}
	}
	if (pid < 0 && errno == ECHILD)
		return NOTHING;
	return left == WITHOUT_CHILD && pap_end_has_come() ? NOTHING : left;
}

static void end_everything(const struct pap_serve *serve, enum left left, int *status)
{
	const struct pap_pursuit pursuit = {.child = serve->child,
					    .child_there = left == EVERYTHING,
					    .whole_namespace = serve->first_process};

	pap_end_everything(&pursuit, status);
}

/* What the terminal sends reaches the program by itself: it is in our process group. */
static void pass_on(const struct pap_serve *serve, const struct signalfd_siginfo *info)
{
	if ((int)info->ssi_signo != SIGCHLD && info->ssi_code <= 0)
		kill(serve->child, (int)info->ssi_signo);
}

static enum left signals_arrived(const struct pap_serve *serve, int signals, int *status,
				 enum left left)
{
	struct signalfd_siginfo info;
	bool asked = false;

	while (read(signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			left = collect(serve->child, status, left);
		else if (left == EVERYTHING)
			pass_on(serve, &info);
		else
			asked = true;
	}
	/* There is no program any more that it could be meant for: who sent it wants an end. */
	if (asked && left == WITHOUT_CHILD) {
		end_everything(serve, left, status);
		left = NOTHING;
	}
	return left;
}

/*
 * With a limit on time the program's end is not ours: what it left running is under
 * the limit too, and nobody else would know of it. A PID namespace ends with us.
 */
static bool is_over(const struct pap_serve *serve, enum left left)
{
	return left == NOTHING ||
	       (left == WITHOUT_CHILD && (!serve->wall_ms || serve->first_process));
}

void pap_serve(const struct pap_serve *serve, struct pap_ending *ending)
{
	struct pollfd polled[2] = {{.fd = serve->signals, .events = POLLIN},
				   {.fd = -1, .events = POLLIN}};
	uint64_t deadline = serve->wall_ms ? now_ms() + serve->wall_ms : 0;
	enum left left = EVERYTHING;

	*ending = (struct pap_ending){0};
	if (serve->supervisor)
		polled[1].fd = serve->supervisor->listener;
	while (!is_over(serve, left)) {
		int ready = poll(polled, 2, remaining(deadline));

		if (ready < 0 && errno != EINTR) {
			ending->error = errno;
			end_everything(serve, left, &ending->status);
			break;
		}
		if (polled[1].revents & POLLIN)
			(void)pap_supervisor_step(serve->supervisor);
		else if (polled[1].revents)
			polled[1].fd = -1; /* the last task under the filter is gone */
		if (polled[0].revents)
			left = signals_arrived(serve, polled[0].fd, &ending->status, left);
		if (!is_over(serve, left) && deadline && !remaining(deadline)) {
			ending->timed_out = true;
			end_everything(serve, left, &ending->status);
			left = NOTHING;
		}
	}
	close(serve->signals);
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
