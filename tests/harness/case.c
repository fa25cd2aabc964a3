/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One case: a child in a session of its own, a limit on its time, a verdict from
 * how it ended and what it left in shared memory, and then nothing of it stays:
 * processes are found as children of the harness, which is their subreaper, so
 * that a change of session or a double fork hides none of them.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "case.h"

#define DEFAULT_TIMEOUT 20

/* Present in programs built with a leak checker only. */
extern int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

/* ---- inside the child --------------------------------------------------------------------- */

static unsigned char open_before[CASE_FD_MAX];

static bool is_open(unsigned fd)
{
	return fcntl((int)fd, F_GETFD) >= 0;
}

static void remember_descriptors(void)
{
	for (unsigned fd = 0; fd < CASE_FD_MAX; fd++)
		open_before[fd] = is_open(fd);
}

static void compare_descriptors(int allowed)
{
	int more = 0;

	for (unsigned fd = 0; fd < CASE_FD_MAX; fd++)
		more += is_open(fd) - open_before[fd];
	if (more == allowed)
		return;
	case_failure("%d more descriptors are open than before, %d declared", more, allowed);
	for (unsigned fd = 0; fd < CASE_FD_MAX; fd++) {
		char link[64], target[256];
		ssize_t length;

		if (is_open(fd) == open_before[fd])
			continue;
		snprintf(link, sizeof(link), "/proc/self/fd/%u", fd);
		length = readlink(link, target, sizeof(target) - 1);
		target[length > 0 ? length : 0] = '\0';
		case_log("    %u: %s", fd, open_before[fd] ? "was closed" : target);
	}
}

static void child_setup(int output, pid_t parent)
{
	struct rlimit none = {0, 0};
	int null = open("/dev/null", O_RDONLY);

	/* A harness that is killed takes its case with it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	setsid();
	setrlimit(RLIMIT_CORE, &none);
	dup2(null, 0);
	dup2(output, 1);
	dup2(output, 2);
	close(null);
	close(output);
}

static void __attribute__((noreturn)) child_run(const struct test_case *test, int output,
						pid_t parent)
{
	const struct test_options *options = &test->options;
	int running = CASE_RUNNING;
	pid_t self;

	child_setup(output, parent);
	self = getpid();
	remember_descriptors();
	test->run();
	/* A filter may have shut what follows. */
	if (!options->sandboxed) {
		if (getpid() != self) {
			case_failure("a child of the case returned from it as well");
			_exit(1);
		}
		fflush(NULL);
		compare_descriptors(options->leaves_fds);
		if (__lsan_do_recoverable_leak_check && __lsan_do_recoverable_leak_check())
			case_failure("memory leaked");
	}
	atomic_compare_exchange_strong(&case_shared->state, &running, CASE_DONE);
	_exit(0);
}

/* ---- outside ------------------------------------------------------------------------------ */

/* True when the process ended within the time. */
static bool wait_for_end(pid_t pid, unsigned seconds)
{
	struct timespec now, end;
	struct pollfd poller = {(int)syscall(SYS_pidfd_open, pid, 0), POLLIN, 0};
	int ready = 0;

	if (poller.fd < 0)
		return false;
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += seconds;
	do {
		long left;

		clock_gettime(CLOCK_MONOTONIC, &now);
		left = (end.tv_sec - now.tv_sec) * 1000 + (end.tv_nsec - now.tv_nsec) / 1000000;
		if (left < 0)
			break;
		ready = poll(&poller, 1, (int)left);
	} while (ready < 0 && errno == EINTR);
	close(poller.fd);
	return ready > 0;
}

/* Some child of this process, or 0. Those of a case become ours when their parent ends. */
static pid_t some_child(void)
{
	char path[64];
	int pid = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%d", &pid) != 1)
		pid = 0;
	fclose(file);
	return pid;
}

static void end_leftovers(pid_t group)
{
	pid_t pid;

	kill(-group, SIGKILL);
	while ((pid = some_child()) > 0) {
		if (kill(pid, SIGKILL) < 0 && errno == EPERM) {
			case_failure("process %d stays behind and cannot be killed", (int)pid);
			break;
		}
		waitpid(pid, NULL, __WALL);
	}
	while (waitpid(-1, NULL, WNOHANG | __WALL) > 0)
		;
}

static void describe_end(int status, char *buf, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(buf, size, "died of signal %d (%s)", WTERMSIG(status),
			 sigdescr_np(WTERMSIG(status)));
	else
		snprintf(buf, size, "exited with status %d", WEXITSTATUS(status));
}

static void judge_end(const struct test_options *options, int status)
{
	int state = atomic_load(&case_shared->state);
	char end[128];

	describe_end(status, end, sizeof(end));
	if (state == CASE_STOPPED) {
		if (!atomic_load(&case_shared->failures))
			case_failure("stopped without saying why");
	} else if (options->dies_of) {
		if (!WIFSIGNALED(status) || WTERMSIG(status) != options->dies_of)
			case_failure("%s, should have died of signal %d (%s)",
				     state == CASE_DONE ? "returned" : end, options->dies_of,
				     sigdescr_np(options->dies_of));
	} else if (options->exits_with) {
		if (state == CASE_DONE || !WIFEXITED(status) ||
		    WEXITSTATUS(status) != options->exits_with)
			case_failure("%s, should have exited with status %d",
				     state == CASE_DONE ? "returned" : end, options->exits_with);
	} else if (state != CASE_DONE) {
		case_failure("ended before its end: %s", end);
	} else if (status != 0) {
		case_failure("%s after its end", end);
	} else if (!atomic_load(&case_shared->checks)) {
		case_failure("returned without having checked anything");
	}
}

enum case_result case_execute(const struct test_case *test, int output)
{
	unsigned limit = test->options.timeout ? test->options.timeout : DEFAULT_TIMEOUT;
	unsigned seconds = limit * test_patience();
	pid_t parent = getpid(), pid;
	bool in_time;
	int status = 0;

	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		case_failure("cannot fork: %s", strerror(errno));
		return CASE_FAIL;
	}
	if (pid == 0)
		child_run(test, output, parent);
	in_time = wait_for_end(pid, seconds);
	if (!in_time)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, __WALL) < 0 && errno == EINTR)
		;
	if (!in_time)
		case_failure("not at its end after %u seconds", seconds);
	else if (atomic_load(&case_shared->state) != CASE_SKIPPED)
		judge_end(&test->options, status);
	end_leftovers(pid);
	if (access(case_shared->directory, F_OK) == 0 &&
	    case_remove_tree(case_shared->directory) < 0)
		case_failure("%s cannot be removed: %s", case_shared->directory, strerror(errno));
	if (atomic_load(&case_shared->failures))
		return CASE_FAIL;
	return atomic_load(&case_shared->state) == CASE_SKIPPED ? CASE_SKIP : CASE_PASS;
}
