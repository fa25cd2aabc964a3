/* SPDX-License-Identifier: BSD-2-Clause */
#include "supervise/trace.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "compile/trace.h"

struct trace {
	struct pap_supervisor *supervisor;
	const struct pap_caller *caller;
	const struct pap_syscall *call;
	const struct pap_traced *row;
};

/*
 * What a C library asks for on its own behalf in nearly every program, and does without.
 * By the name it asks by: whoever means the file gets an answer by its own.
 */
static const char *const asked_in_passing[] = {
    "/usr/share/locale/locale.alias", /* glibc; a link to /etc, which --rx /usr leaves out */
};

static bool in_passing(const char *path)
{
	for (size_t i = 0; i < sizeof(asked_in_passing) / sizeof(asked_in_passing[0]); i++)
		if (!strcmp(path, asked_in_passing[i]))
			return true;
	return false;
}

/* ---- files ------------------------------------------------------------------------------------ */

/*
 * Reports each access that is needed for the object and not granted, by the name that
 * the object has: a grant for a link is one for what it leads to. Only /proc's "self"
 * would read as ourselves. Closes fd.
 */
static void judge(const struct trace *trace, int fd, const char *named, unsigned needed)
{
	const struct pap_supervisor *supervisor = trace->supervisor;
	int access = pap_pins_access(supervisor->pins, supervisor->proc, fd, needed);
	char link[64], path[PATH_MAX];
	ssize_t length;

	snprintf(link, sizeof(link), "self/fd/%d", fd);
	length = readlinkat(supervisor->proc, link, path, sizeof(path) - 1);
	close(fd);
	if (access < 0 || length <= 0 || path[0] != '/')
		return;
	path[length] = '\0';
	if (!strncmp(path, "/proc/", 6) && named && named[0] == '/')
		snprintf(path, sizeof(path), "%s", named);
	if (access & PAP_ACCESS_CONTENTS && trace->row->need == PAP_TRACE_OPEN)
		access |= PAP_ACCESS_WRITE;
	for (unsigned bit = PAP_ACCESS_READ; bit <= PAP_ACCESS_EXECUTE; bit <<= 1)
		if (needed & bit && !((unsigned)access & bit))
			pap_report_path(trace->supervisor, trace->caller, trace->call, bit, path);
}

/* The directory that holds the last name of a path, for writing. */
static void judge_name(const struct trace *trace, int dirfd, char *path)
{
	size_t length = strlen(path);
	char *slash;
	int fd;

	while (length > 1 && path[length - 1] == '/')
		path[--length] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		fd = pap_caller_base(trace->caller, dirfd);
	else {
		slash[slash == path] = '\0'; /* "/name" leaves "/" */
		fd = pap_caller_lookup(trace->caller, dirfd, path, true);
	}
	if (fd >= 0)
		judge(trace, fd, NULL, PAP_ACCESS_WRITE);
}

static void judge_open(const struct trace *trace, int dirfd, char *path, unsigned flags)
{
	unsigned needed = 0;
	int fd;

	if (flags & O_PATH || in_passing(path))
		return;
	if ((flags & O_ACCMODE) != O_WRONLY)
		needed |= PAP_ACCESS_READ;
	if ((flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC)
		needed |= PAP_ACCESS_WRITE;
	fd = pap_caller_lookup(trace->caller, dirfd, path, !(flags & O_NOFOLLOW));
	if (fd >= 0)
		judge(trace, fd, path, needed);
	else if (fd == -ENOENT && flags & O_CREAT)
		judge_name(trace, dirfd, path);
}

static void trace_path(const struct trace *trace)
{
	const uint64_t *args = trace->caller->call->data.args;
	const struct pap_traced *row = trace->row;
	int dirfd = row->dir < 0 ? AT_FDCWD : (int)args[row->dir];
	char path[PATH_MAX];
	int fd;

	if (pap_caller_string(trace->caller, args[row->path], path, sizeof(path)) <= 0)
		return;
	switch ((enum pap_trace_need)row->need) {
	case PAP_TRACE_OPEN:
		judge_open(trace, dirfd, path, (unsigned)args[row->flags]);
		break;
	case PAP_TRACE_NAME:
		judge_name(trace, dirfd, path);
		break;
	default:
		fd = pap_caller_lookup(trace->caller, dirfd, path, true);
		if (fd >= 0)
			judge(trace, fd, path,
			      row->need == PAP_TRACE_EXECUTE ? PAP_ACCESS_EXECUTE
							     : PAP_ACCESS_WRITE);
	}
}

/* ---- ports ------------------------------------------------------------------------------------ */

static bool granted_port(const struct pap_policy *policy, unsigned direction, unsigned transport,
			 unsigned port)
{
	for (size_t i = 0; i < policy->ports.count; i++) {
		const struct pap_port_grant *grant = &policy->ports.items[i];

		if (grant->direction == direction && grant->transport == transport &&
		    (grant->port == port || grant->port == PAP_PORT_ANY))
			return true;
	}
	return false;
}

static void trace_address(const struct trace *trace)
{
	const uint64_t *args = trace->caller->call->data.args;
	unsigned direction =
	    trace->row->need == PAP_TRACE_CONNECT ? PAP_NET_CONNECT : PAP_NET_LISTEN;
	struct sockaddr_in address; /* port and family lie alike in both families */
	socklen_t length = sizeof(int);
	char why[64], remedy[64];
	int fd = pap_caller_fd(trace->caller, (int)args[0]), type = 0;
	unsigned port;

	if (fd < 0)
		return;
	getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length);
	pap_caller_close_fd(fd);
	if (pap_caller_bytes(trace->caller, args[1], &address, sizeof(address)) < 0 ||
	    (address.sin_family != AF_INET && address.sin_family != AF_INET6))
		return;
	port = ntohs(address.sin_port);
	if (granted_port(trace->supervisor->plan->policy, direction,
			 type == SOCK_DGRAM ? PAP_NET_UDP : PAP_NET_TCP, port))
		return;
	snprintf(why, sizeof(why), "port %u is not granted", port);
	snprintf(remedy, sizeof(remedy), "%s %s%u would allow it",
		 direction == PAP_NET_CONNECT ? "--connect" : "--listen",
		 type == SOCK_DGRAM ? "udp:" : "", port);
	pap_report_denial(trace->supervisor, trace->caller, trace->call, why, remedy);
}

void pap_trace(struct pap_supervisor *supervisor, const struct pap_caller *caller,
	       const struct pap_syscall *call)
{
	unsigned count;
	const struct pap_traced *rows = pap_traced_rows(pap_syscall_id(call), &count);
	struct trace trace = {supervisor, caller, call, NULL};

	if (!supervisor->reports.line)
		return;
	for (unsigned i = 0; i < count; i++) {
		trace.row = &rows[i];
		if (rows[i].need == PAP_TRACE_CONNECT || rows[i].need == PAP_TRACE_BIND)
			trace_address(&trace);
		else
			trace_path(&trace);
	}
}
