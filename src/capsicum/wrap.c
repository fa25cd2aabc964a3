/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Functions of libc that behave better when descriptors are limited. They enforce
 * nothing: whoever makes the system call itself gets what the filters say, which is
 * safe, and sometimes surprising.
 *
 * Limits belong to numbers here, and a number that is closed and given out again keeps
 * them. close therefore leaves something inert in its place, so that what is opened
 * later gets another number; not where the program limits one thing after the other
 * in the same way, because the next one may as well have the number.
 */
/* Both names of fstat are wanted, whatever the build says about the size of offsets. */
#undef _FILE_OFFSET_BITS

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/codes.h"
#include "capsicum/limit.h"
#include "capsicum/session.h"
#include "kernel/raw.h"

#define PLACE 200 /* where the inert thing is kept: out of the way, and below all zones */

static int answer(long rc)
{
	if (rc >= 0)
		return (int)rc;
	errno = (int)-rc;
	return -1;
}

static long raw_dup3(int from, int to, int flags)
{
	return pap_raw_call(PAP_SYS_dup3, from, to, flags, 0, 0, 0);
}

/* An empty sealed file, one for each process: nothing can be done with it. */
static int placeholder(void)
{
	static int kept = -1;
	static pid_t owner;
	const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	struct stat status;
	int fd;

	if (kept >= 0 && owner == getpid() &&
	    pap_raw_call(PAP_SYS_fstat, kept, (long)(uintptr_t)&status, 0, 0, 0, 0) == 0 &&
	    status.st_size == 0 && fcntl(kept, F_GET_SEALS) == seals)
		return kept;
	fd = memfd_create("paprika-closed", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return -1;
	if (fcntl(fd, F_ADD_SEALS, seals) == 0)
		kept = fcntl(fd, F_DUPFD_CLOEXEC, PLACE);
	owner = getpid();
	(void)pap_raw_call(PAP_SYS_close, fd, 0, 0, 0, 0, 0);
	return kept;
}

int close(int fd)
{
	unsigned seen = pap_limit_seen(fd);
	int saved = errno, inert;

	/* With EBADF for a number that is not open, as ever. */
	if ((seen & PAP_SEEN_LIMITED) && !(seen & PAP_SEEN_OFTEN) && fcntl(fd, F_GETFD) >= 0) {
		inert = placeholder();
		if (inert >= 0 && inert != fd && raw_dup3(inert, fd, O_CLOEXEC) == fd) {
			errno = saved;
			return 0;
		}
	}
	errno = saved;
	return answer(pap_raw_call(PAP_SYS_close, fd, 0, 0, 0, 0, 0));
}

/* A number without limits gets those of the source first; then the copy may go there. */
static int copy_to(int from, int to, int flags)
{
	int saved = errno, inert, limited;
	long rc = raw_dup3(from, to, flags);
	struct pap_limit_request request = {
	    .given = PAP_GIVEN_RIGHTS | PAP_GIVEN_FCNTLS | PAP_GIVEN_IOCTLS};
	struct pap_held held;

	if (rc != -PAP_ENOTCAPABLE || pap_limits_of(from, &held) < 0)
		return answer(rc);
	inert = placeholder();
	if (inert < 0 || raw_dup3(inert, to, O_CLOEXEC) < 0)
		return answer(rc);
	request.asked = held.limits;
	limited = pap_limit(to, &request);
	rc = limited < 0 ? limited : raw_dup3(from, to, flags);
	if (rc >= 0)
		errno = saved;
	return answer(rc);
}

int dup2(int from, int to)
{
	if (from == to)
		return fcntl(from, F_GETFD) < 0 ? -1 : to;
	return copy_to(from, to, 0);
}

int dup3(int from, int to, int flags)
{
	return copy_to(from, to, flags);
}

/* Below and above the ledger, which stays. */
int close_range(unsigned first, unsigned last, int flags)
{
	int ledger = pap_session_state() ? pap_session_ledger() : -1, rc = 0;

	if (ledger < 0 || (unsigned)ledger < first || (unsigned)ledger > last)
		return answer(pap_raw_close_range(first, last, (unsigned)flags));
	if ((unsigned)ledger > first)
		rc = pap_raw_close_range(first, (unsigned)ledger - 1, (unsigned)flags);
	if (!rc && (unsigned)ledger < last)
		rc = pap_raw_close_range((unsigned)ledger + 1, last, (unsigned)flags);
	return answer(rc);
}

void closefrom(int first)
{
	int saved = errno;

	(void)close_range(first < 0 ? 0u : (unsigned)first, ~0u, 0);
	errno = saved;
}

/* Some C libraries ask by an empty path, which somebody would have to look at. */
int fstat(int fd, struct stat *status)
{
	return answer(pap_raw_call(PAP_SYS_fstat, fd, (long)(uintptr_t)status, 0, 0, 0, 0));
}

int fstat64(int fd, struct stat64 *status)
{
	return answer(pap_raw_call(PAP_SYS_fstat, fd, (long)(uintptr_t)status, 0, 0, 0, 0));
}

/* What has neither address nor control data says everything in registers. */
ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	long rc;

	if (message && !message->msg_name && !message->msg_controllen && message->msg_iovlen == 1)
		rc = pap_raw_call(PAP_SYS_sendto, fd, (long)(uintptr_t)message->msg_iov->iov_base,
				  (long)message->msg_iov->iov_len, flags, 0, 0);
	else
		rc = pap_raw_call(PAP_SYS_sendmsg, fd, (long)(uintptr_t)message, flags, 0, 0, 0);
	if (rc >= 0)
		return rc;
	errno = (int)-rc;
	return -1;
}
