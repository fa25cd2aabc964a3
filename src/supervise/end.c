/* SPDX-License-Identifier: BSD-2-Clause */
#include "supervise/end.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/raw.h"

enum { DEEPEST = 64 }; /* what lies deeper comes up when its ancestors are gone */

static void end_tree(pid_t pid, unsigned depth);

static pid_t parent_of(pid_t pid)
{
	char path[64], stat[512], *after;
	ssize_t length;
	int fd, parent = -1;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	length = read(fd, stat, sizeof(stat) - 1);
	close(fd);
	stat[length > 0 ? length : 0] = '\0';
	/* The name in parentheses is the process's own choice. */
	after = strrchr(stat, ')');
	if (!after || sscanf(after, ") %*c %d", &parent) != 1)
		return -1;
	return parent;
}

/* The real user of a process, or -1. */
static long user_of(pid_t pid)
{
	char path[64], status[4096], *line;
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	length = read(fd, status, sizeof(status) - 1);
	close(fd);
	status[length > 0 ? length : 0] = '\0';
	line = strstr(status, "\nUid:\t");
	return line ? strtol(line + 6, NULL, 10) : -1;
}

/*
 * Who kept the capability to change its user may have done so. We have what the
 * program has, that capability too: as the same user we may kill it.
 */
static int end_as_its_user(pid_t pid, int handle)
{
	uid_t own = geteuid();
	long user = user_of(pid);
	int rc;

	if (user < 0 || seteuid((uid_t)user) < 0)
		return -EPERM;
	rc = pap_raw_pidfd_send_signal(handle, SIGKILL, NULL, 0);
	return seteuid(own) < 0 ? -EPERM : rc;
}

/*
 * A number from a list may belong to a stranger by now: its process can have been
 * collected by a parent that ignores SIGCHLD. A handle cannot change hands.
 */
static void end_child_of(pid_t parent, pid_t pid, unsigned depth)
{
	int handle = pap_raw_pidfd_open(pid, 0);
	pid_t now;
	int rc;

	if (handle < 0)
		return;
	now = parent_of(pid);
	if (now == parent || now == getpid()) {
		rc = pap_raw_pidfd_send_signal(handle, SIGKILL, NULL, 0);
		if (rc == -EPERM)
			rc = end_as_its_user(pid, handle);
		if (rc == 0)
			end_tree(pid, depth);
	}
	close(handle);
}

/* The children that one thread made. */
static void end_listed(pid_t pid, const char *thread, unsigned depth)
{
	char path[320], pids[4096], *at, *end;
	ssize_t length;
	long child;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/children", (int)pid, thread);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	length = read(fd, pids, sizeof(pids) - 1);
	close(fd);
	if (length <= 0)
		return;
	pids[length] = '\0';
	for (at = pids; (child = strtol(at, &end, 10)) > 0; at = end)
		if (*end == ' ') /* else the number may be cut */
			end_child_of(pid, (pid_t)child, depth + 1);
}

/*
 * Called for what has been sent SIGKILL: from then on the kernel lets it make no
 * further child, so that its lists are complete.
 */
static void end_tree(pid_t pid, unsigned depth)
{
	struct dirent *entry;
	char path[64];
	DIR *threads;

	if (depth > DEEPEST)
		return;
	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	threads = opendir(path);
	if (!threads)
		return;
	while ((entry = readdir(threads)))
		if (entry->d_name[0] != '.')
			end_listed(pid, entry->d_name, depth);
	closedir(threads);
}

/* True when nothing is left to collect. */
static bool collect(struct pap_pursuit *pursuit, int options, int *status)
{
	int one;
	pid_t pid = waitpid(-1, &one, options);

	for (; pid > 0; pid = waitpid(-1, &one, WNOHANG)) {
		if (pid == pursuit->child && pursuit->child_there) {
			*status = one;
			pursuit->child_there = false;
		}
	}
	return pid < 0 && errno == ECHILD;
}

void pap_end_everything(const struct pap_pursuit *given, int *status)
{
	struct pap_pursuit pursuit = *given;

	/* The dead first: they stand in our list and take time. */
	while (!collect(&pursuit, WNOHANG, status)) {
		if (pursuit.whole_namespace)
			kill(-1, SIGKILL);
		else
			end_tree(getpid(), 0);
		if (pursuit.child_there)
			kill(pursuit.child, SIGKILL);
		if (collect(&pursuit, 0, status))
			return;
	}
}
