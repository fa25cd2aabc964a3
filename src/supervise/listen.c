/* SPDX-License-Identifier: BSD-2-Clause */
#include "supervise/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

static bool granted(const struct pap_plan *plan, unsigned port)
{
	const struct pap_policy *policy = plan->policy;

	for (size_t i = 0; i < policy->ports.count; i++) {
		const struct pap_port_grant *grant = &policy->ports.items[i];

		if (grant->direction == PAP_NET_LISTEN && grant->transport == PAP_NET_TCP &&
		    (grant->port == PAP_PORT_ANY || grant->port == port))
			return true;
	}
	return false;
}

/* The port that a socket is bound to, 0: none; negative errno. */
static int bound_port(int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} address;
	socklen_t length = sizeof(address);

	if (getsockname(fd, &address.any, &length) < 0)
		return -errno;
	switch (address.any.sa_family) {
	case AF_INET:
		return ntohs(address.in.sin_port);
	case AF_INET6:
		return ntohs(address.in6.sin6_port);
	default:
		return -EAFNOSUPPORT;
	}
}

static int listen_inet(const struct pap_plan *plan, int fd, int backlog, bool *refused)
{
	int port = bound_port(fd);

	if (port < 0)
		return port;
	if (!port || !granted(plan, (unsigned)port)) {
		*refused = true;
		return -EACCES;
	}
	if (listen(fd, backlog) < 0)
		return -errno;
	/* Another thread may have unbound it in between: then nobody shall ever connect. */
	port = bound_port(fd);
	if (port > 0 && granted(plan, (unsigned)port))
		return 0;
	shutdown(fd, SHUT_RDWR);
	*refused = true;
	return -EACCES;
}

int pap_listen_perform(const struct pap_caller *caller, const struct pap_plan *plan, bool *refused)
{
	const uint64_t *args = caller->call->data.args;
	int fd = pap_caller_fd(caller, (int)args[0]);
	socklen_t length = sizeof(int);
	int domain, rc;

	*refused = false;
	if (fd < 0)
		return fd;
	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) < 0)
		rc = -errno;
	else if (!pap_caller_alive(caller))
		rc = -ESRCH;
	else if (domain == AF_INET || domain == AF_INET6)
		rc = listen_inet(plan, fd, (int)args[1], refused);
	else if (domain == AF_UNIX)
		rc = listen(fd, (int)args[1]) < 0 ? -errno : 0;
	else
		rc = -EACCES, *refused = true;
	pap_caller_close_fd(fd);
	return rc;
}
