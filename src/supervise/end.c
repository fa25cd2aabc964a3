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

static unsigned end_tree(pid_t pid, long filters, unsigned depth);

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

/* The number behind "Name:\t" in the status of a process ("self": ourselves), or -1. */
static long status_field(const char *process, const char *name)
{
	size_t length = strlen(name), size = 0;
	char path[64], *line = NULL;
	long value = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/status", process);
	file = fopen(path, "re");
	if (!file)
		return -1;
	/* The kernel escapes newlines in names, so a line start cannot be forged. */
	while (value < 0 && getline(&line, &size, file) > 0)
		if (!strncmp(line, name, length))
			value = strtol(line + length, NULL, 10);
	free(line);
	fclose(file);
	return value;
}

static long field_of(pid_t pid, const char *name)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", (int)pid);
	return status_field(number, name);
}

/*
 * A process that we had already when we were executed, or one that it left to us. Each
 * process of the sandbox is under one filter more than we are, for ever. Where the
 * kernel does not count filters (before 5.9) there are no strangers.
 */
static bool is_stranger(pid_t pid, long own_filters)
{
	long filters = field_of(pid, "Seccomp_filters:\t");

	return filters >= 0 && filters <= own_filters;
}

static long own_filters(void)
{
	return status_field("self", "Seccomp_filters:\t");
}

/*
 * Who kept the capability to change its user may have done so. We have what the
 * program has, that capability too: as the same user we may kill it.
 */
static int end_as_its_user(pid_t pid, int handle)
{
	uid_t own = geteuid();
	long user = field_of(pid, "Uid:\t");
	int rc;

	if (user < 0 || seteuid((uid_t)user) < 0)
		return -EPERM;
	rc = pap_raw_pidfd_send_signal(handle, SIGKILL, NULL, 0);
	return seteuid(own) < 0 ? -EPERM : rc;
}

/*
 * A number from a list may belong to somebody else by now: its process can have been
 * collected by a parent that ignores SIGCHLD. A handle cannot change hands. True when
 * there was one of ours to be ended.
 */
static bool end_child_of(pid_t parent, pid_t pid, long filters, unsigned depth)
{
	int handle = pap_raw_pidfd_open(pid, 0);
	bool ours = false;
	pid_t now;
	int rc;

	if (handle < 0)
		return false;
	now = parent_of(pid);
	ours = now == parent || now == getpid();
	/* Only we have strangers among our children. */
	if (now == getpid())
		ours = !is_stranger(pid, filters);
	if (ours) {
		rc = pap_raw_pidfd_send_signal(handle, SIGKILL, NULL, 0);
		if (rc == -EPERM)
			rc = end_as_its_user(pid, handle);
		if (rc == 0)
			end_tree(pid, filters, depth);
	}
	close(handle);
	return ours;
}

/* The children that one thread made; how many were ours. */
static unsigned end_listed(pid_t pid, const char *thread, long filters, unsigned depth)
{
	char path[320], pids[4096], *at, *end;
	unsigned count = 0;
	ssize_t length;
	long child;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/children", (int)pid, thread);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	length = read(fd, pids, sizeof(pids) - 1);
	close(fd);
	if (length <= 0)
		return 0;
	pids[length] = '\0';
	for (at = pids; (child = strtol(at, &end, 10)) > 0; at = end)
		if (*end == ' ') /* else the number may be cut */
			count += end_child_of(pid, (pid_t)child, filters, depth + 1);
	return count;
}

/*
 * Called for what has been sent SIGKILL: from then on the kernel lets it make no
 * further child, so that its lists are complete.
 */
static unsigned end_tree(pid_t pid, long filters, unsigned depth)
{
	struct dirent *entry;
	unsigned count = 0;
	char path[64];
	DIR *threads;

	if (depth > DEEPEST)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	threads = opendir(path);
	if (!threads)
		return 0;
	while ((entry = readdir(threads)))
		if (entry->d_name[0] != '.')
			count += end_listed(pid, entry->d_name, filters, depth);
	closedir(threads);
	return count;
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
	long filters = own_filters();
	unsigned found;

	/* The dead first: they stand in our list and take time. */
	while (!collect(&pursuit, WNOHANG, status)) {
		if (pursuit.whole_namespace)
			found = kill(-1, SIGKILL) == 0;
		else
			found = end_tree(getpid(), filters, 0);
		if (pursuit.child_there)
			kill(pursuit.child, SIGKILL);
		/* Strangers stay, and are not waited for. */
		if (!found && !pursuit.child_there)
			return;
		if (collect(&pursuit, 0, status))
			return;
	}
}

/* A sandbox that goes on has a process that a list shows: its topmost is our child. */
bool pap_end_has_come(void)
{
	long filters = own_filters();
	char path[64], *line = NULL, *at, *end;
	size_t size = 0;
	bool over = true;
	FILE *file;
	long child;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	file = fopen(path, "re");
	if (!file)
		return false;
	if (getline(&line, &size, file) > 0)
		for (at = line; over && (child = strtol(at, &end, 10)) > 0; at = end)
			over = is_stranger((pid_t)child, filters);
	free(line);
	fclose(file);
	return over;
}
