/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Process descriptors of callers that may neither name processes nor say who gets
 * signals: what they cannot do themselves is done here, after a look at the rights.
 *
 * A process descriptor is one end of a pair of sockets that the child made itself, and it
 * carries a mark that nobody can set in capability mode. Without it any such pair that was
 * made outside would be a name for whoever made it.
 */
#include "warden/processes.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/codes.h"
#include "kernel/raw.h"

static int option(int fd, int name)
{
	int value = -1;
	socklen_t length = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, name, &value, &length) < 0 ? -1 : value;
}

bool pap_is_procdesc(int fd)
{
	uint64_t mark = 0;
	socklen_t length = sizeof(mark);

	return option(fd, SO_DOMAIN) == AF_UNIX && option(fd, SO_TYPE) == SOCK_SEQPACKET &&
	       getsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &mark, &length) == 0 &&
	       length == sizeof(mark) && mark == PAP_PROCDESC_MARK;
}

static pid_t peer(int fd)
{
	struct ucred who;
	socklen_t length = sizeof(who);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &length) < 0 ? -1 : who.pid;
}

static int kill_at_hangup(int fd, pid_t owner)
{
	if (fcntl(fd, F_SETOWN, owner) < 0 || fcntl(fd, F_SETSIG, SIGKILL) < 0 ||
	    fcntl(fd, F_SETFL, O_ASYNC) < 0)
		return -errno;
	return 0;
}

/* Both ends, so that the child does not outlive its own close either. */
static int arm(int guard, int given, pid_t owner, bool daemon)
{
	const uint64_t mark = PAP_PROCDESC_MARK;
	int rc;

	if (setsockopt(given, SOL_SOCKET, SO_MAX_PACING_RATE, &mark, sizeof(mark)) < 0)
		return -errno;
	if (daemon)
		return 0;
	rc = kill_at_hangup(guard, owner);
	return rc < 0 ? rc : kill_at_hangup(given, owner);
}

int pap_procdesc_arm(int guard, int given, bool daemon)
{
	return arm(guard, given, getpid(), daemon);
}

/* Both ends must be the caller's own making: whose signals they say is nobody else's. */
int64_t pap_control_guard(struct pap_request *request)
{
	int guard = pap_request_fd(request, (int)request->data.args[1]);
	int given = guard < 0 ? guard : pap_request_fd(request, (int)request->data.args[2]);
	pid_t owner = request->process->tgid;
	int rc;

	if (given < 0)
		rc = given;
	else if (option(guard, SO_DOMAIN) != AF_UNIX || option(guard, SO_TYPE) != SOCK_SEQPACKET ||
		 option(given, SO_TYPE) != SOCK_SEQPACKET || option(given, SO_DOMAIN) != AF_UNIX ||
		 peer(guard) != owner || peer(given) != owner)
		rc = -EINVAL;
	else if (!pap_request_valid(request))
		rc = -EINTR;
	else
		rc = arm(guard, given, owner, request->data.args[3]);
	if (guard >= 0)
		pap_raw_close(guard);
	if (given >= 0)
		pap_raw_close(given);
	return rc;
}

static int find(struct pap_request *request, unsigned right)
{
	int number = (int)request->data.args[1], fd = pap_request_fd(request, number);
	struct pap_limits limits;

	if (fd < 0)
		return fd;
	pap_request_limits(request, number, &limits);
	if (pap_rights_contain(limits.rights, pap_right_table[right].bits) && pap_is_procdesc(fd))
		return fd;
	pap_raw_close(fd);
	return pap_rights_contain(limits.rights, pap_right_table[right].bits) ? -EINVAL
									      : -PAP_ENOTCAPABLE;
}

int64_t pap_control_pid(struct pap_request *request, unsigned right)
{
	int fd = find(request, right);
	pid_t pid;

	if (fd < 0)
		return fd;
	pid = peer(fd);
	pap_raw_close(fd);
	return pid < 0 ? -EINVAL : pid;
}

int64_t pap_control_kill(struct pap_request *request)
{
	int fd = find(request, PAP_RIGHT_PDKILL), handle = -1, rc;
	socklen_t length = sizeof(handle);

	if (fd < 0)
		return fd;
	if (getsockopt(fd, SOL_SOCKET, PAP_SO_PEERPIDFD, &handle, &length) < 0)
		rc = -errno;
	else if (!pap_request_valid(request))
		rc = -EINTR;
	else
		rc = pap_raw_pidfd_send_signal(handle, (int)request->data.args[2], NULL, 0);
	if (handle >= 0)
		pap_raw_close(handle);
	pap_raw_close(fd);
	return rc;
}
