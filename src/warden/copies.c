/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls that give an object another number, or make one out of a listening socket.
 * For an unlimited number they are the kernel's business: registers and the ledger
 * decided. A copy of a limited one goes where its limits hold.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/codes.h"
#include "kernel/raw.h"
#include "warden/warden.h"

#define DUPFD_CLOEXEC 1030

static int64_t copy(struct pap_request *request, int minimum, bool cloexec)
{
	int number = (int)request->data.args[0];
	unsigned class = pap_ledger_class_of(request->ledger, number);
	int fd;

	if (number == request->warden->ledger_number)
		return -EBADF;
	if (class == PAP_CLASS_FULL)
		return PAP_ANSWER_CONTINUE;
	fd = pap_request_fd(request, number);
	if (fd < 0)
		return fd;
	return pap_give(request, fd, class, minimum, cloexec);
}

int64_t pap_on_dup(struct pap_request *request)
{
	return copy(request, 0, false);
}

int64_t pap_on_fcntl(struct pap_request *request)
{
	return copy(request, (int)request->data.args[2],
		    (uint32_t)request->data.args[1] == DUPFD_CLOEXEC);
}

int64_t pap_on_dup2(struct pap_request *request)
{
	int from = (int)request->data.args[0], to = (int)request->data.args[1];
	struct pap_limits has, gets;
	unsigned source = pap_request_limits(request, from, &has);

	if (from == request->warden->ledger_number || to == request->warden->ledger_number)
		return -EBADF;
	if (source == PAP_CLASS_FULL)
		return PAP_ANSWER_CONTINUE;
	/*
	 * The target keeps what its number has: that must not be more, and what was only
	 * announced there may not be true.
	 */
	pap_ledger_limits(request->ledger, pap_ledger_enforced(request->ledger, to), &gets);
	if (!pap_limits_contain(&has, &gets) || (has.no_shared && !gets.no_shared))
		return -PAP_ENOTCAPABLE;
	return PAP_ANSWER_CONTINUE;
}

/* ---- sockets --------------------------------------------------------------------------------- */

static void nothing(int signal)
{
	(void)signal;
}

/*
 * Somebody else may take the connection first, and then accept would wait: a timer ends
 * that. The listening socket is the caller's, its flags must not be changed for this.
 */
static int accept_now(int listener, struct sockaddr_storage *peer, socklen_t *length, int flags)
{
	const struct itimerval soon = {.it_interval = {0, 1000}, .it_value = {0, 1000}};
	const struct itimerval never = {{0, 0}, {0, 0}};
	struct sigaction action = {.sa_handler = nothing};
	sigset_t alarm;
	int fd, error;

	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	sigaction(SIGALRM, &action, NULL);
	sigprocmask(SIG_UNBLOCK, &alarm, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	fd = accept4(listener, (struct sockaddr *)peer, length, flags);
	error = errno;
	setitimer(ITIMER_REAL, &never, NULL);
	sigprocmask(SIG_BLOCK, &alarm, NULL);
	return fd < 0 ? (error == EINTR ? -EAGAIN : -error) : fd;
}

static int give_address(struct pap_request *request, const struct sockaddr_storage *peer,
			socklen_t length)
{
	uint64_t address = request->data.args[1], size = request->data.args[2];
	socklen_t room;

	if (!address)
		return 0;
	if (pap_request_read(request, size, &room, sizeof(room)) < 0)
		return -EFAULT;
	if ((int)room < 0)
		return -EINVAL;
	if (pap_request_write(request, address, peer, length < room ? length : room) < 0 ||
	    pap_request_write(request, size, &length, sizeof(length)) < 0)
		return -EFAULT;
	return 0;
}

static int64_t accept_ready(struct pap_request *request, int listener)
{
	unsigned class = pap_ledger_class_of(request->ledger, (int)request->data.args[0]);
	bool four = pap_syscall_id(request->call) == PAP_SYS_accept4;
	int flags = four ? (int)request->data.args[3] : 0, fd, rc;
	struct sockaddr_storage peer;
	socklen_t length = sizeof(peer);

	if (flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) {
		pap_raw_close(listener);
		return -EINVAL;
	}
	if (!pap_request_valid(request)) {
		pap_raw_close(listener);
		return -EINTR;
	}
	fd = accept_now(listener, &peer, &length, (flags & SOCK_NONBLOCK) | SOCK_CLOEXEC);
	if (fd == -EAGAIN && !(fcntl(listener, F_GETFL) & O_NONBLOCK))
		return pap_wait_for(request, listener, POLLIN, accept_ready);
	pap_raw_close(listener);
	if (fd < 0)
		return fd;
	rc = give_address(request, &peer, length);
	if (rc < 0) {
		pap_raw_close(fd);
		return rc;
	}
	return pap_give(request, fd, class, 0, flags & SOCK_CLOEXEC);
}

int64_t pap_on_accept(struct pap_request *request)
{
	struct pollfd ready = {.events = POLLIN};
	int fd;

	if (pap_ledger_class_of(request->ledger, (int)request->data.args[0]) == PAP_CLASS_FULL)
		return PAP_ANSWER_CONTINUE;
	fd = pap_request_fd(request, (int)request->data.args[0]);
	if (fd < 0)
		return fd;
	if (!pap_request_permitted(request, 0)) {
		pap_raw_close(fd);
		return -PAP_ENOTCAPABLE;
	}
	ready.fd = fd;
	if (poll(&ready, 1, 0) == 0) {
		if (!(fcntl(fd, F_GETFL) & O_NONBLOCK))
			return pap_wait_for(request, fd, POLLIN, accept_ready);
		pap_raw_close(fd);
		return -EAGAIN;
	}
	return accept_ready(request, fd);
}

/*
 * A socket that was never bound gets a port on every address by listening, which is as
 * much as bind. Another thread cannot unbind it: connect is refused in the mode.
 */
int64_t pap_on_listen(struct pap_request *request)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_storage storage;
	} name;
	socklen_t length = sizeof(name);
	int fd = pap_request_fd(request, (int)request->data.args[0]);
	int rc;

	if (fd < 0)
		return fd;
	if (!pap_request_permitted(request, 0))
		rc = -PAP_ENOTCAPABLE;
	else if (!request->entered) {
		pap_raw_close(fd);
		return PAP_ANSWER_CONTINUE;
	} else if (getsockname(fd, &name.any, &length) < 0)
		rc = -errno;
	else if (name.any.sa_family == AF_INET && name.in.sin_port == 0)
		rc = -PAP_ECAPMODE;
	else if (name.any.sa_family == AF_INET6 && name.in6.sin6_port == 0)
		rc = -PAP_ECAPMODE;
	else
		rc = listen(fd, (int)request->data.args[1]) < 0 ? -errno : 0;
	pap_raw_close(fd);
	return rc;
}
