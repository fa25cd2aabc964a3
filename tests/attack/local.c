/* SPDX-License-Identifier: BSD-2-Clause */
/* Local sockets, descriptors sent through them, and sockets that were inherited. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "attack.h"

#define WITH_UNIX                                                                                  \
	"--promise stdio --promise rpath --promise wpath --promise cpath --promise exec "          \
	"--promise prot_exec --promise proc --promise unix --waive unix-paths"
#define REACHES .proof = CHANGE

static socklen_t local_name(struct sockaddr_un *address, const char *name)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(address->sun_path, sizeof(address->sun_path), "%s", name);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(address->sun_path) + 1);
}

static int send_to_name(int fd, const char *name)
{
	struct sockaddr_un to;
	socklen_t length = local_name(&to, name);

	if (fd < 0)
		return -1;
	return sendto(fd, "x", 1, 0, (struct sockaddr *)&to, length) == 1 ? 0 : -1;
}

static int send_message_to_name(int fd, const char *name)
{
	struct sockaddr_un to;
	struct iovec data = {(void *)"x", 1};
	struct msghdr message = {.msg_name = &to, .msg_iov = &data, .msg_iovlen = 1};

	message.msg_namelen = local_name(&to, name);
	return fd < 0 || sendmsg(fd, &message, 0) != 1 ? -1 : 0;
}

static int pair_end(int type)
{
	int pair[2];

	return socketpair(AF_UNIX, type, 0, pair) < 0 ? -1 : pair[0];
}

ATTACK(datagram_to_a_path, REACHES)
{
	return send_to_name(socket(AF_UNIX, SOCK_DGRAM, 0), "../outside/datagram");
}

ATTACK(datagram_pair_to_a_path, REACHES)
{
	return send_to_name(pair_end(SOCK_DGRAM), "../outside/datagram");
}

ATTACK(datagram_pair_message_to_a_path, REACHES)
{
	return send_message_to_name(pair_end(SOCK_DGRAM), "../outside/datagram");
}

ATTACK(datagram_pair_with_garbage_above, REACHES)
{
	int pair[2];

	if (syscall(SYS_socketpair, AF_UNIX | 0x100000000ul, SOCK_DGRAM | 0x100000000ul, 0, pair) < 0)
		return -1;
	return send_message_to_name(pair[0], "../outside/datagram");
}

ATTACK(datagram_pair_connected_elsewhere, REACHES)
{
	struct sockaddr_un to;
	socklen_t length = local_name(&to, "../outside/datagram");
	int fd = pair_end(SOCK_DGRAM);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, length) < 0)
		return -1;
	return write(fd, "x", 1) == 1 ? 0 : -1;
}

static int connect_to(const char *name, bool abstract)
{
	struct sockaddr_un to;
	socklen_t length = local_name(&to, name);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (abstract) {
		to.sun_path[0] = '\0';
		length--;
	}
	return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&to, length);
}

ATTACK(stream_to_a_path, REACHES)
{
	return connect_to("../outside/stream", false);
}

/* With local sockets promised: abstract names of others stay out of reach (Landlock's scope). */
ATTACK(stream_to_an_abstract_name, REACHES, .flags = WITH_UNIX, .governed = "abstract-sockets")
{
	char name[108];

	snprintf(name, sizeof(name), "@stream-%s", given("abstract"));
	return connect_to(name, true);
}

ATTACK(datagram_to_an_abstract_name, REACHES, .flags = WITH_UNIX, .governed = "abstract-sockets")
{
	struct sockaddr_un to;
	char name[108];
	socklen_t length;
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	snprintf(name, sizeof(name), "@%s", given("abstract"));
	length = local_name(&to, name) - 1;
	to.sun_path[0] = '\0';
	if (fd < 0)
		return -1;
	return sendto(fd, "x", 1, 0, (struct sockaddr *)&to, length) == 1 ? 0 : -1;
}

/* ---- descriptors through a pair ------------------------------------------------------------------- */

static int through_a_pair(int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = {0}, byte = 'x';
	struct iovec data = {&byte, 1};
	struct msghdr message = {
	    .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int pair[2], received;

	if (fd < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return -1;
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	if (sendmsg(pair[0], &message, 0) != 1 || recvmsg(pair[1], &message, 0) != 1)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	if (!header)
		attack_broken("nothing was received");
	memcpy(&received, CMSG_DATA(header), sizeof(received));
	return received;
}

/* A descriptor that went through a socket is what it was, no more. */
ATTACK(read_only_descriptor_through_a_pair, REACHES)
{
	char path[64];
	int fd = through_a_pair(open(at("ro/note"), O_RDONLY));

	if (fd < 0)
		attack_broken("descriptors cannot be sent to oneself");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fchmod(fd, 0777) == 0 || chmod(path, 0777) == 0)
		return 0;
	fd = open(path, O_WRONLY | O_TRUNC);
	return fd < 0 ? -1 : 0;
}

ATTACK(forbidden_directory_through_a_pair, .proof = SECRET)
{
	int fd = through_a_pair(open(at("outside"), O_PATH | O_DIRECTORY));

	if (fd < 0)
		attack_broken("descriptors cannot be sent to oneself");
	return show_descriptor(openat(fd, "key", O_RDONLY));
}

/* ---- what only looks like harmless sockets ---------------------------------------------------------- */

static int option(int level, int name, const void *value, socklen_t size)
{
	int fd = pair_end(SOCK_STREAM);

	return fd < 0 ? -1 : setsockopt(fd, level, name, value, size);
}

ATTACK(credentials_of_strangers)
{
	const int on = 1;

	return option(SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
}

static const char *no_descriptors_of_peers(void)
{
	int pair[2], pidfd = -1, missing;
	socklen_t size = sizeof(pidfd);

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return NULL;
	missing = getsockopt(pair[0], SOL_SOCKET, 77 /* SO_PEERPIDFD */, &pidfd, &size) < 0 &&
		  errno == ENOPROTOOPT;
	close(pair[0]);
	close(pair[1]);
	close(pidfd);
	return missing ? "this kernel has no descriptors of peers" : NULL;
}

ATTACK(process_descriptor_of_the_peer, .impossible = no_descriptors_of_peers)
{
	int fd = pair_end(SOCK_STREAM), pidfd = -1;
	socklen_t size = sizeof(pidfd);

	return fd < 0 ? -1 : getsockopt(fd, SOL_SOCKET, 77 /* SO_PEERPIDFD */, &pidfd, &size);
}

ATTACK(filter_on_a_socket)
{
	struct {
		unsigned short length;
		void *program;
	} filter = {1, (unsigned char[8]){0x06}};

	return option(SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter));
}

ATTACK(interfaces_by_ioctl)
{
	char request[40] = "lo";
	int fd = pair_end(SOCK_STREAM);

	return fd < 0 ? -1 : ioctl(fd, 0x8933 /* SIOCGIFINDEX */, request);
}

ATTACK(network_namespace_by_ioctl, .root_only = true)
{
	int fd = pair_end(SOCK_STREAM);

	return fd < 0 || ioctl(fd, 0x894c /* SIOCGSKNS */, 0) < 0 ? -1 : 0;
}

ATTACK(bound_local_pair)
{
	struct sockaddr_un name;
	socklen_t length = local_name(&name, "planted");
	int fd = pair_end(SOCK_STREAM);

	return fd < 0 ? -1 : bind(fd, (struct sockaddr *)&name, length);
}
