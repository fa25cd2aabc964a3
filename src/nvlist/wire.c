/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists over a stream socket. First the packed list; then its descriptors, a few at a
 * time, each few with one byte that carries them. Nothing that the other side announces
 * is believed before it came: memory grows with the bytes, and descriptors beyond those
 * that the header told are closed.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/nv.h>
#include <sys/socket.h>

#include "nvlist/private.h"

enum {
	AT_ONCE = 64,	     /* descriptors sent in a message */
	AT_ONCE_MAX = 253,   /* that the kernel lets anybody send in one */
	FIRST_PIECE = 65536, /* bytes that are made room for before any came */
};

/* Whether to try again: after a signal, and when a non-blocking socket can go on. */
static bool again(int sock, short events)
{
	struct pollfd wait = {.fd = sock, .events = events};

	if (errno == EINTR)
		return true;
	if (errno != EAGAIN && errno != EWOULDBLOCK)
		return false;
	return poll(&wait, 1, -1) >= 0 || errno == EINTR;
}

/* ---- sending ------------------------------------------------------------------------------- */

static int send_bytes(int sock, const uint8_t *bytes, size_t size)
{
	while (size) {
		ssize_t sent = send(sock, bytes, size, MSG_NOSIGNAL);

		if (sent < 0 && !again(sock, POLLOUT))
			return -1;
		bytes += sent > 0 ? sent : 0;
		size -= sent > 0 ? (size_t)sent : 0;
	}
	return 0;
}

static int send_some(int sock, const int *descriptors, size_t count)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(AT_ONCE * sizeof(int))];
	} control;
	char byte = 0;
	struct iovec iov = {&byte, 1};
	struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
				 .msg_controllen = CMSG_SPACE(count * sizeof(int))};

	memset(&control, 0, sizeof(control));
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(&control.header), descriptors, count * sizeof(int));
	while (sendmsg(sock, &message, MSG_NOSIGNAL) < 0)
		if (!again(sock, POLLOUT))
			return -1;
	return 0;
}

static int send_descriptors(int sock, const struct nvlist *list, size_t count)
{
	int *descriptors = calloc(count, sizeof(*descriptors));
	int result = descriptors ? 0 : -1;

	if (descriptors)
		pap_nv_collect(list, descriptors);
	for (size_t done = 0; done < count && !result; done += AT_ONCE)
		result = send_some(sock, descriptors + done,
				   count - done < AT_ONCE ? count - done : AT_ONCE);
	free(descriptors);
	return result;
}

int nvlist_send(int sock, const nvlist_t *nvl)
{
	uint8_t *bytes;
	size_t size, count;
	int result = nvl ? pap_nv_pack(nvl, &bytes, &size) : -ENOMEM;

	if (result) {
		errno = -result;
		return -1;
	}
	count = pap_nv_descriptors(nvl);
	result = send_bytes(sock, bytes, size);
	free(bytes);
	return !result && count ? send_descriptors(sock, nvl, count) : result;
}

/* ---- receiving ----------------------------------------------------------------------------- */

/* Descriptors that come along where none belong are dropped by the kernel: no room is given. */
static int receive_bytes(int sock, uint8_t *bytes, size_t size)
{
	while (size) {
		ssize_t got = recv(sock, bytes, size, 0);

		if (!got) {
			errno = ENOTCONN;
			return -1;
		}
		if (got < 0 && !again(sock, POLLIN))
			return -1;
		bytes += got > 0 ? got : 0;
		size -= got > 0 ? (size_t)got : 0;
	}
	return 0;
}

/* The header is there; the rest in pieces that double, no faster than it comes. */
static uint8_t *receive_list(int sock, const uint8_t *header, size_t size)
{
	size_t done = PAP_NV_HEADER, room = size < FIRST_PIECE ? size : FIRST_PIECE;
	uint8_t *bytes = malloc(room), *larger;

	if (!bytes)
		return NULL;
	memcpy(bytes, header, PAP_NV_HEADER);
	while (!receive_bytes(sock, bytes + done, room - done)) {
		done = room;
		if (done == size)
			return bytes;
		room = size - done < done ? size : 2 * done;
		larger = realloc(bytes, room);
		if (!larger)
			break;
		bytes = larger;
	}
	free(bytes);
	return NULL;
}

static void close_all(const int *descriptors, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (descriptors[i] >= 0)
			pap_nvlist_close(descriptors[i]);
}

/* One message's descriptors: at least one, at most `want`; how many, or -1. */
static ssize_t receive_some(int sock, int *into, size_t want)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(AT_ONCE_MAX * sizeof(int))];
	} control;
	int got[AT_ONCE_MAX];
	char byte;
	struct iovec iov = {&byte, 1};
	struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *header;
	size_t count = 0;
	ssize_t length;

	while ((length = recvmsg(sock, &message, MSG_CMSG_CLOEXEC)) < 0) {
		if (!again(sock, POLLIN))
			return -1;
		message.msg_controllen = sizeof(control);
	}
	header = CMSG_FIRSTHDR(&message);
	if (length && header && header->cmsg_level == SOL_SOCKET &&
	    header->cmsg_type == SCM_RIGHTS) {
		count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(got, CMSG_DATA(header), count * sizeof(int));
	}
	if (!count || count > want || (message.msg_flags & MSG_CTRUNC)) {
		close_all(got, count);
		errno = !length ? ENOTCONN : message.msg_flags & MSG_CTRUNC ? EMFILE : EINVAL;
		return -1;
	}
	memcpy(into, got, count * sizeof(int));
	return (ssize_t)count;
}

/* An array that grows as they come. NULL: errno, and none is left open. */
static int *receive_descriptors(int sock, size_t count)
{
	int *descriptors = NULL, *larger;
	size_t done = 0, room = 0;
	ssize_t got;

	while (done < count) {
		if (room - done < AT_ONCE_MAX && room < count) {
			room = count - done < AT_ONCE_MAX ? count : done + AT_ONCE_MAX;
			larger = reallocarray(descriptors, room, sizeof(*descriptors));
			if (!larger)
				break;
			descriptors = larger;
		}
		got = receive_some(sock, descriptors + done, room - done);
		if (got < 0)
			break;
		done += (size_t)got;
	}
	if (done == count)
		return descriptors;
	close_all(descriptors, done);
	free(descriptors);
	return NULL;
}

nvlist_t *nvlist_recv(int sock, int flags)
{
	struct pap_nv_header header;
	struct nvlist *list = NULL;
	uint8_t start[PAP_NV_HEADER], *bytes;
	int *descriptors = NULL, result;

	if (receive_bytes(sock, start, sizeof(start)))
		return NULL;
	if (pap_nv_header_read(start, &header) || header.size > SIZE_MAX / 4 ||
	    header.descriptors > INT32_MAX) {
		errno = EINVAL;
		return NULL;
	}
	bytes = receive_list(sock, start, PAP_NV_HEADER + header.size);
	if (bytes && header.descriptors)
		descriptors = receive_descriptors(sock, header.descriptors);
	if (!bytes || (header.descriptors && !descriptors)) {
		free(bytes);
		return NULL;
	}
	result = pap_nv_unpack(bytes, PAP_NV_HEADER + header.size, (unsigned)flags, descriptors,
			       header.descriptors, &list);
	close_all(descriptors, header.descriptors); /* those that no value took */
	free(descriptors);
	free(bytes);
	if (result)
		errno = -result;
	return result ? NULL : list;
}

nvlist_t *nvlist_xfer(int sock, nvlist_t *nvl, int flags)
{
	int result = nvlist_send(sock, nvl);

	nvlist_destroy(nvl);
	return result ? NULL : nvlist_recv(sock, flags);
}
