/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sendmsg and recvmsg: address and descriptors sit in memory, which another thread may
 * change while the kernel looks. After entering a message is therefore copied, judged
 * and sent from here; one without address and descriptors is better sent by sendto or
 * writev, which no filter has to look behind.
 *
 * What arrives comes from somebody else and has the rights that it has there. What is
 * sent must be unlimited: the other side would get the object, and nobody who holds it
 * to the limits.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/codes.h"
#include "kernel/raw.h"
#include "warden/warden.h"

#define MOST_BYTES (256u * 1024)
#define MOST_CONTROL 4096
#define MOST_FDS 253 /* SCM_MAX_FD */

struct header { /* struct msghdr of a 64-bit caller */
	uint64_t name;
	uint32_t name_length, pad;
	uint64_t vector, count;
	uint64_t control, control_length;
	int32_t flags, pad2;
};

struct message {
	size_t length;
	unsigned nfds;
	int fds[MOST_FDS];     /* our copies */
	int numbers[MOST_FDS]; /* the caller's */
	char control[MOST_CONTROL + 1024];
};

static char data[MOST_BYTES];
static struct message message;

static int read_header(const struct pap_request *request, struct header *header)
{
	return pap_request_read(request, request->data.args[1], header, sizeof(*header));
}

/* The numbers in the control data; anything but descriptors is refused after entering. */
static int read_numbers(const struct pap_request *request, const struct header *header)
{
	size_t at = 0;

	message.nfds = 0;
	if (!header->control || !header->control_length)
		return 0;
	if (header->control_length > MOST_CONTROL)
		return -ENOBUFS;
	if (pap_request_read(request, header->control, message.control, header->control_length) < 0)
		return -EFAULT;
	while (header->control_length - at >= sizeof(struct cmsghdr)) {
		struct cmsghdr item;
		size_t bytes;

		memcpy(&item, message.control + at, sizeof(item));
		if (item.cmsg_len < sizeof(item) || item.cmsg_len > header->control_length - at)
			return -EINVAL;
		bytes = item.cmsg_len - sizeof(item);
		if (item.cmsg_level != SOL_SOCKET || item.cmsg_type != SCM_RIGHTS) {
			if (request->entered)
				return -PAP_ECAPMODE;
		} else if (bytes / sizeof(int) > MOST_FDS - message.nfds) {
			return -EINVAL;
		} else {
			memcpy(message.numbers + message.nfds, message.control + at + sizeof(item),
			       bytes / sizeof(int) * sizeof(int));
			message.nfds += (unsigned)(bytes / sizeof(int));
		}
		at += CMSG_ALIGN(item.cmsg_len);
		if (at > header->control_length)
			break;
	}
	return 0;
}

static int numbers_unlimited(const struct pap_request *request)
{
	for (unsigned i = 0; i < message.nfds; i++) {
		if (message.numbers[i] == request->warden->ledger_number ||
		    pap_ledger_class_of(request->ledger, message.numbers[i]) != PAP_CLASS_FULL)
			return -PAP_ENOTCAPABLE;
	}
	return 0;
}

/* ---- performing
 * ---------------------------------------------------------------------------------- */

static int gather(const struct pap_request *request, const struct header *header)
{
	size_t have = 0;

	if (header->count > IOV_MAX)
		return -EMSGSIZE;
	for (uint64_t i = 0; i < header->count; i++) {
		struct {
			uint64_t base, length;
		} part;

		if (pap_request_read(request, header->vector + i * sizeof(part), &part,
				     sizeof(part)) < 0)
			return -EFAULT;
		if (part.length > sizeof(data) - have)
			return -EMSGSIZE;
		if (pap_request_read(request, part.base, data + have, part.length) < 0)
			return -EFAULT;
		have += part.length;
	}
	message.length = have;
	return 0;
}

static int fetch(const struct pap_request *request)
{
	for (unsigned i = 0; i < message.nfds; i++) {
		message.fds[i] = pap_request_fd(request, message.numbers[i]);
		if (message.fds[i] < 0) {
			message.nfds = i;
			return -EBADF;
		}
	}
	return 0;
}

static void let_go(void)
{
	for (unsigned i = 0; i < message.nfds; i++)
		pap_raw_close(message.fds[i]);
}

static int64_t send_now(const struct pap_request *request, int socket, int flags)
{
	struct iovec vector = {data, message.length};
	struct msghdr header = {.msg_iov = &vector, .msg_iovlen = 1};
	long sent;

	if (message.nfds) {
		struct cmsghdr *item = (struct cmsghdr *)message.control;

		header.msg_control = message.control;
		header.msg_controllen = CMSG_SPACE(message.nfds * sizeof(int));
		memset(message.control, 0, header.msg_controllen);
		item->cmsg_level = SOL_SOCKET;
		item->cmsg_type = SCM_RIGHTS;
		item->cmsg_len = CMSG_LEN(message.nfds * sizeof(int));
		memcpy(CMSG_DATA(item), message.fds, message.nfds * sizeof(int));
	}
	/* The library's own function would choose another call for some of these. */
	sent = pap_raw_call(PAP_SYS_sendmsg, socket, (long)(uintptr_t)&header,
			    (flags & (MSG_OOB | MSG_EOR | MSG_MORE)) | MSG_DONTWAIT | MSG_NOSIGNAL,
			    0, 0, 0);
	if (sent == -EPIPE && !(flags & MSG_NOSIGNAL))
		(void)pap_raw_tgkill(request->process->tgid, request->tid, SIGPIPE);
	return sent;
}

static int64_t perform(struct pap_request *request, int socket, int flags)
{
	struct header header;
	int rc = read_header(request, &header);
	int64_t answer;

	message.nfds = 0;
	if (!rc && header.name)
		rc = -PAP_ECAPMODE;
	if (!rc)
		rc = read_numbers(request, &header);
	if (!rc)
		rc = numbers_unlimited(request);
	if (rc)
		return rc;
	rc = gather(request, &header);
	if (!rc)
		rc = fetch(request);
	else
		message.nfds = 0;
	/* The other side may ask the kernel who sent it, and gets our identity. */
	if (!rc)
		rc = pap_identity_match(request, false);
	if (!rc && !pap_request_valid(request))
		rc = -EINTR;
	answer = rc ? rc : send_now(request, socket, flags);
	let_go();
	return answer;
}

static bool is_many(const struct pap_request *request)
{
	return pap_syscall_id(request->call) == PAP_SYS_sendmmsg;
}

static int flags_of(const struct pap_request *request)
{
	return (int)request->data.args[is_many(request) ? 3 : 2];
}

/* Of several messages the first is sent: the caller comes back for the others. */
static int64_t send_ready(struct pap_request *request, int socket)
{
	int flags = flags_of(request);
	int64_t answer = perform(request, socket, flags);
	uint32_t length;

	if (answer == -EAGAIN && !(flags & MSG_DONTWAIT) && !(fcntl(socket, F_GETFL) & O_NONBLOCK))
		return pap_wait_for(request, socket, POLLOUT, send_ready);
	pap_raw_close(socket);
	if (answer < 0 || !is_many(request))
		return answer;
	length = (uint32_t)answer;
	if (pap_request_write(request, request->data.args[1] + sizeof(struct header), &length,
			      sizeof(length)) < 0)
		return -EFAULT;
	return 1;
}

static int64_t before_entering(struct pap_request *request)
{
	struct pap_limits limits;
	struct header header;
	int rc;

	if (read_header(request, &header) < 0)
		return PAP_ANSWER_CONTINUE; /* the kernel says which error that is */
	pap_request_limits(request, (int)request->data.args[0], &limits);
	if (header.name &&
	    !pap_rights_contain(limits.rights, pap_right_table[PAP_RIGHT_CONNECT].bits))
		return -PAP_ENOTCAPABLE;
	rc = read_numbers(request, &header);
	if (rc < 0)
		return PAP_ANSWER_CONTINUE; /* the same */
	rc = numbers_unlimited(request);
	return rc ? rc : PAP_ANSWER_CONTINUE;
}

int64_t pap_on_send(struct pap_request *request)
{
	int socket = pap_request_fd(request, (int)request->data.args[0]);

	if (socket < 0)
		return socket;
	if (!pap_request_permitted(request, 0)) {
		pap_raw_close(socket);
		return -PAP_ENOTCAPABLE;
	}
	if (!request->entered) {
		pap_raw_close(socket);
		return before_entering(request);
	}
	if (flags_of(request) & MSG_FASTOPEN) {
		pap_raw_close(socket);
		return -PAP_ECAPMODE;
	}
	if (is_many(request) && !(uint32_t)request->data.args[2]) {
		pap_raw_close(socket);
		return 0;
	}
	return send_ready(request, socket);
}

int64_t pap_on_receive(struct pap_request *request)
{
	int socket = pap_request_fd(request, (int)request->data.args[0]);

	if (socket < 0)
		return socket;
	pap_raw_close(socket);
	return pap_request_permitted(request, 0) ? PAP_ANSWER_CONTINUE : -PAP_ENOTCAPABLE;
}
