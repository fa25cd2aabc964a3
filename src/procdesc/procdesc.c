/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Process descriptors without help from the kernel or from anybody: a pair of sockets that
 * the child makes. One end is its parent's, the process descriptor; the child keeps the
 * other, which the kernel closes when it ends (every poller of the first sees POLLHUP),
 * and which says that the child is to be killed when something happens to the first: its
 * last close, in whichever process that is.
 *
 * A child that closes its own end is killed as well: the other end is armed in the same
 * way, so that the switch cannot be closed to get rid of it. Outside of capability mode a
 * child can disarm it with fcntl(2); entering takes every right from its end. That stands
 * above small numbers, but closefrom(3) reaches it, and so ends the child.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/capsicum.h>
#include <sys/procdesc.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/codes.h"
#include "capsicum/session.h"
#include "kernel/raw.h"
#include "uapi/kernel.h"
#include "warden/processes.h"

#define AWAY 200 /* numbers from here on are out of the way */
#define PR_GET_TID_ADDRESS_ 40
#define CHILD_SETTID 0x01000000ul
#define WALL 0x40000000
#define WNOTHREAD 0x20000000

static int answer(long rc)
{
	if (rc >= 0)
		return (int)rc;
	errno = (int)-rc;
	return -1;
}

/* ---- making one ---------------------------------------------------------------------------------
 */

static int guard = -1; /* the end that this process keeps, when it was made by pdfork */

/* A child of the child must not hold it: the process would seem to live on. */
static void drop_guard(void)
{
	if (guard >= 0)
		(void)pap_raw_call(PAP_SYS_close, guard, 0, 0, 0, 0, 0);
	guard = pap_session_kept = -1;
}

static void watch_forks(void)
{
	pthread_atfork(NULL, NULL, drop_guard);
}

/* Where the C library keeps the number of this thread; 0 when it cannot be told. */
static uintptr_t thread_number_address(void)
{
	uintptr_t address = 0;

	if (pap_raw_call(PAP_SYS_prctl, PR_GET_TID_ADDRESS_, (long)(uintptr_t)&address, 0, 0, 0,
			 0) < 0 ||
	    !address || pap_raw_readable((const void *)(address & ~(uintptr_t)7)) < 0)
		return 0;
	return *(const int *)address == pap_raw_gettid() ? address : 0;
}

static int pass(int channel, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = {0}, byte = 0;
	struct iovec vector = {&byte, 1};
	struct msghdr message = {.msg_iov = &vector,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *item = CMSG_FIRSTHDR(&message);

	item->cmsg_level = SOL_SOCKET;
	item->cmsg_type = SCM_RIGHTS;
	item->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(item), &fd, sizeof(fd));
	return (int)pap_raw_call(PAP_SYS_sendmsg, channel, (long)(uintptr_t)&message, MSG_NOSIGNAL,
				 0, 0, 0);
}

static int receive(int channel)
{
	char control[CMSG_SPACE(sizeof(int))], byte;
	struct iovec vector = {&byte, 1};
	struct msghdr message = {.msg_iov = &vector,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *item;
	long got;
	int fd;

	do
		got = pap_raw_call(PAP_SYS_recvmsg, channel, (long)(uintptr_t)&message,
				   MSG_CMSG_CLOEXEC, 0, 0, 0);
	while (got == -EINTR);
	item = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	if (!item || item->cmsg_type != SCM_RIGHTS || item->cmsg_len != CMSG_LEN(sizeof(int)))
		return got < 0 ? (int)got : -EAGAIN;
	memcpy(&fd, CMSG_DATA(item), sizeof(fd));
	return fd;
}

static int arm(int kept, int given, bool daemon)
{
	if ((pap_session_state() & PAP_CONTROL_ENTERED))
		return (int)pap_raw_call(PAP_SYS_nfsservctl, PAP_CONTROL_GUARD, kept, given, daemon,
					 0, 0);
	return pap_procdesc_arm(kept, given, daemon);
}

/* In the child: makes the pair, keeps one end for good, sends the other. */
static int child_begin(int channel, bool daemon)
{
	cap_rights_t none;
	int pair[2], kept, rc;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	kept = fcntl(pair[0], F_DUPFD, AWAY);
	if (kept < 0)
		kept = fcntl(pair[0], F_DUPFD, 0);
	rc = kept < 0 ? -errno : arm(kept, pair[1], daemon);
	if (!rc && (rc = pass(channel, pair[1])) > 0)
		rc = 0;
	(void)pap_raw_call(PAP_SYS_close, pair[0], 0, 0, 0, 0, 0);
	(void)pap_raw_call(PAP_SYS_close, pair[1], 0, 0, 0, 0, 0);
	guard = pap_session_kept = kept;
	/* Made in the mode, the child will not enter it: its end loses every right here. */
	if (!rc && (pap_session_state() & PAP_CONTROL_ENTERED))
		rc = cap_rights_limit(kept, cap_rights_init(&none)) < 0 ? -errno : 0;
	return rc;
}

static pid_t parent_goes_on(int channel, pid_t pid, int *fdp, int flags)
{
	int fd = receive(channel);

	if (fd < 0) {
		(void)pap_raw_call(PAP_SYS_wait4, pid, 0, WALL | WNOTHREAD, 0, 0, 0);
		return fd;
	}
	if (!(flags & PD_CLOEXEC))
		(void)fcntl(fd, F_SETFD, 0);
	*fdp = fd;
	return pid;
}

pid_t pdfork(int *fdp, int flags)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	int channel[2], saved = errno;
	uintptr_t address;
	long pid;

	if (flags & ~PD_ALLOWED_AT_FORK)
		return answer(-EINVAL);
	if (!fdp)
		return answer(-EFAULT);
	pthread_once(&once, watch_forks);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) < 0)
		return -1;
	address = thread_number_address();
	pid = pap_raw_clone(address ? CHILD_SETTID : 0, address);
	if (pid == 0) {
		drop_guard();
		(void)pap_raw_call(PAP_SYS_close, channel[0], 0, 0, 0, 0, 0);
		if (child_begin(channel[1], flags & PD_DAEMON) < 0)
			_exit(127);
		(void)pap_raw_call(PAP_SYS_close, channel[1], 0, 0, 0, 0, 0);
		errno = saved;
		return 0;
	}
	(void)pap_raw_call(PAP_SYS_close, channel[1], 0, 0, 0, 0, 0);
	if (pid > 0)
		pid = parent_goes_on(channel[0], (pid_t)pid, fdp, flags);
	(void)pap_raw_call(PAP_SYS_close, channel[0], 0, 0, 0, 0, 0);
	errno = saved;
	return answer(pid);
}

/* ---- using one
 * ------------------------------------------------------------------------------------ */

/* A negative error of ours when fd is none; 0. */
static int check(int fd, int otherwise)
{
	if (fcntl(fd, F_GETFD) < 0)
		return -EBADF;
	return pap_is_procdesc(fd) ? 0 : otherwise;
}

static long number_of(int fd, enum pap_control_operation operation)
{
	struct ucred who;
	socklen_t length = sizeof(who);
	long rc;

	if (pap_session_state())
		return pap_session_ask(operation, fd, NULL);
	rc = check(fd, -EBADF);
	if (rc < 0)
		return rc;
	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &length) < 0 ? -errno : who.pid;
}

int pdgetpid(int fd, pid_t *pidp)
{
	int saved = errno;
	long pid;

	if (!pidp)
		return answer(-EFAULT);
	pid = number_of(fd, PAP_CONTROL_PID);
	if (pid < 0)
		return answer(pid == -EINVAL ? -EBADF : pid);
	*pidp = (pid_t)pid;
	errno = saved;
	return 0;
}

static int handle_of(int fd)
{
	int handle, rc = check(fd, -EINVAL);
	socklen_t length = sizeof(handle);

	if (rc < 0)
		return rc;
	return getsockopt(fd, SOL_SOCKET, PAP_SO_PEERPIDFD, &handle, &length) < 0 ? -errno : handle;
}

int pdpidfd_np(int fd)
{
	return answer(handle_of(fd));
}

int pdkill(int fd, int signum)
{
	int saved = errno, handle, rc;

	if (signum < 0 || signum > 64)
		return answer(-EINVAL);
	if (pap_session_state()) {
		rc = (int)pap_raw_call(PAP_SYS_nfsservctl, PAP_CONTROL_KILL, fd, signum, 0, 0, 0);
	} else {
		handle = handle_of(fd);
		rc = handle < 0 ? handle : pap_raw_pidfd_send_signal(handle, signum, NULL, 0);
		if (handle >= 0)
			(void)pap_raw_call(PAP_SYS_close, handle, 0, 0, 0, 0, 0);
		/* The kernel kills it for us, whoever we are by now. */
		if (rc == -EPERM && signum == SIGKILL && shutdown(fd, SHUT_RDWR) == 0)
			rc = 0;
	}
	errno = saved;
	return answer(rc);
}

static int status_of(const siginfo_t *info)
{
	if (info->si_code == CLD_EXITED)
		return (info->si_status & 0xff) << 8;
	return info->si_status | (info->si_code == CLD_DUMPED ? 0x80 : 0);
}

static long wait_by_handle(int handle, siginfo_t *info, int options, struct rusage *rusage)
{
	return pap_raw_call(PAP_SYS_waitid, P_PIDFD, handle, (long)(uintptr_t)info,
			    options | WEXITED | WALL, (long)(uintptr_t)rusage, 0);
}

/* Without a handle, which capability mode gives nobody: only own children are found anyway. */
static long wait_by_number(int fd, int *status, int options, struct rusage *rusage)
{
	long pid = pap_session_ask(PAP_CONTROL_WAIT_PID, fd, NULL);

	if (pid <= 0)
		return pid ? pid : -ECHILD;
	return pap_raw_call(PAP_SYS_wait4, pid, (long)(uintptr_t)status, options | WALL | WNOTHREAD,
			    (long)(uintptr_t)rusage, 0, 0);
}

static long wait_for(int fd, int *status, int options, struct rusage *rusage, siginfo_t *info)
{
	siginfo_t own = {0};
	long rc;
	int handle;

	if (options & ~(WNOHANG | WUNTRACED | WCONTINUED | WEXITED | WNOWAIT))
		return -EINVAL;
	if (pap_session_state()) {
		rc = pap_session_ask(PAP_CONTROL_WAIT_PID, fd, NULL);
		if (rc < 0)
			return rc;
		if ((pap_session_state() & PAP_CONTROL_ENTERED))
			return wait_by_number(fd, status, options & ~WEXITED, rusage);
	}
	handle = handle_of(fd);
	if (handle < 0)
		return handle;
	rc = wait_by_handle(handle, &own, options & (WNOHANG | WNOWAIT), rusage);
	(void)pap_raw_call(PAP_SYS_close, handle, 0, 0, 0, 0, 0);
	if (rc < 0 || !own.si_pid)
		return rc;
	if (status)
		*status = status_of(&own);
	if (info)
		*info = own;
	return own.si_pid;
}

pid_t pdwait4(int fd, int *status, int options, struct rusage *rusage)
{
	int saved = errno;
	long rc = wait_for(fd, status, options, rusage, NULL);

	errno = saved;
	return answer(rc);
}

int pdwait(int fd, int *status, int options, struct __wrusage *wrusage, siginfo_t *info)
{
	int saved = errno;
	long rc;

	if (info)
		memset(info, 0, sizeof(*info));
	rc = wait_for(fd, status, options, wrusage ? &wrusage->wru_self : NULL, info);
	if (wrusage)
		memset(&wrusage->wru_children, 0, sizeof(wrusage->wru_children));
	errno = saved;
	return rc < 0 ? answer(rc) : 0;
}
