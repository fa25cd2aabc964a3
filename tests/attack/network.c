/* SPDX-License-Identifier: BSD-2-Clause */
/* Ways to the network and to local sockets that no grant opened. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_alg.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "attack.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

#define ONE_PORT .flags = "--connect {granted}"
#define LISTENS .flags = "--connect {granted} --listen 1"
#define REACHES .proof = CHANGE
#define BY_PORT .governed = "tcp-ports"

static struct sockaddr_in loopback(long port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
				    .sin_port = htons((uint16_t)port),
				    .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

static int reach(int fd, long port)
{
	struct sockaddr_in to = loopback(port);

	return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&to, sizeof(to));
}

static int tcp(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

/* ---- connecting ------------------------------------------------------------------------------ */

ATTACK(connect_without_any_grant, REACHES)
{
	return reach(tcp(), given_number("forbidden"));
}

ATTACK(connect_to_another_port, REACHES, ONE_PORT, BY_PORT)
{
	return reach(tcp(), given_number("forbidden"));
}

static const char *no_ipv6(void)
{
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	struct sockaddr_in6 here = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
	int rc = bind(fd, (struct sockaddr *)&here, sizeof(here));

	if (fd >= 0)
		close(fd);
	return rc < 0 ? "no IPv6 loopback" : NULL;
}

static int reach6(struct in6_addr address)
{
	struct sockaddr_in6 to = {.sin6_family = AF_INET6,
				  .sin6_port = htons((uint16_t)given_number("forbidden")),
				  .sin6_addr = address};
	int fd = socket(AF_INET6, SOCK_STREAM, 0);

	return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&to, sizeof(to));
}

ATTACK(connect_by_ipv6, REACHES, ONE_PORT, .impossible = no_ipv6, BY_PORT)
{
	return reach6(in6addr_loopback);
}

ATTACK(connect_by_mapped_address, REACHES, ONE_PORT, BY_PORT)
{
	struct in6_addr mapped;

	inet_pton(AF_INET6, "::ffff:127.0.0.1", &mapped);
	return reach6(mapped);
}

ATTACK(connect_by_any_address, REACHES, ONE_PORT, BY_PORT)
{
	struct sockaddr_in to = loopback(given_number("forbidden"));
	int fd = tcp();

	to.sin_addr.s_addr = INADDR_ANY;
	return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&to, sizeof(to));
}

ATTACK(connect_again_after_a_granted_port, REACHES, ONE_PORT, BY_PORT)
{
	struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
	int fd = tcp();

	if (reach(fd, given_number("granted")) < 0)
		attack_broken("the granted port cannot be reached");
	if (connect(fd, &nowhere, sizeof(nowhere)) < 0)
		attack_broken("cannot dissolve the connection");
	return reach(fd, given_number("forbidden"));
}

ATTACK(connect_to_a_port_granted_for_listening, REACHES, .flags = "--listen {forbidden}")
{
	return reach(tcp(), given_number("forbidden"));
}

ATTACK(datagram_where_every_tcp_port_is_granted, REACHES, .flags = "--connect any --listen any")
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	return reach(fd, given_number("udp")) < 0 || write(fd, "x", 1) != 1 ? -1 : 0;
}

static struct sockaddr_in racing_address;

static void rewrite_port(void *forbidden)
{
	volatile in_port_t *port = &racing_address.sin_port;

	/* Each value stands for a while: both sides of the race must be won. */
	for (unsigned turn = 0;; turn++)
		*port = turn & 64 ? htons(1) : *(in_port_t *)forbidden;
}

/* Nobody listens on port 1: the granted side of the race ends at once, with a refusal. */
ATTACK(port_rewritten_during_the_call, REACHES, .flags = "--connect 1", BY_PORT)
{
	in_port_t forbidden = htons((uint16_t)given_number("forbidden"));
	unsigned reached = 0;

	racing_address = loopback(1);
	start_thread(rewrite_port, &forbidden);
	for (int round = 0; round < 5000; round++) {
		int fd = tcp();

		if (connect(fd, (struct sockaddr *)&racing_address, sizeof(racing_address)) == 0)
			return 0;
		reached += errno == ECONNREFUSED;
		close(fd);
	}
	if (!reached)
		attack_broken("the granted side was never won");
	errno = EACCES;
	return -1;
}

/* ---- connecting by sending ---------------------------------------------------------------------- */

ATTACK(fast_open_by_sendto, REACHES, ONE_PORT)
{
	struct sockaddr_in to = loopback(given_number("forbidden"));
	int fd = tcp();

	if (fd < 0)
		return -1;
	return sendto(fd, "x", 1, MSG_FASTOPEN, (struct sockaddr *)&to, sizeof(to)) == 1 ? 0 : -1;
}

static int fast_open_by_message(unsigned extra)
{
	struct sockaddr_in to = loopback(given_number("forbidden"));
	struct iovec data = {(void *)"x", 1};
	struct msghdr message = {
	    .msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &data, .msg_iovlen = 1};
	int fd = tcp();

	if (fd < 0)
		return -1;
	return sendmsg(fd, &message, (int)(MSG_FASTOPEN | extra)) == 1 ? 0 : -1;
}

ATTACK(fast_open_by_sendmsg, REACHES, ONE_PORT)
{
	return fast_open_by_message(0);
}

ATTACK(fast_open_with_other_flags, REACHES, ONE_PORT)
{
	return fast_open_by_message(MSG_NOSIGNAL | MSG_MORE);
}

ATTACK(fast_open_by_sendmmsg, REACHES, ONE_PORT)
{
	struct sockaddr_in to = loopback(given_number("forbidden"));
	struct iovec data = {(void *)"x", 1};
	struct mmsghdr message = {.msg_hdr = {.msg_name = &to,
					      .msg_namelen = sizeof(to),
					      .msg_iov = &data,
					      .msg_iovlen = 1}};
	int fd = tcp();

	return fd < 0 || sendmmsg(fd, &message, 1, MSG_FASTOPEN) != 1 ? -1 : 0;
}

ATTACK(fast_open_by_option, REACHES, ONE_PORT, BY_PORT)
{
	int fd = tcp(), on = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &on, sizeof(on));
	if (reach(fd, given_number("forbidden")) < 0)
		return -1;
	return write(fd, "x", 1) == 1 ? 0 : -1;
}

/* ---- binding and listening ------------------------------------------------------------------------ */

static int reachable(int fd)
{
	struct sockaddr_in name;
	socklen_t size = sizeof(name);
	int on = 0;

	size = sizeof(on);
	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &size) < 0 || !on)
		return -1;
	size = sizeof(name);
	if (getsockname(fd, (struct sockaddr *)&name, &size) < 0)
		return -1;
	return reach(socket(AF_INET, SOCK_STREAM, 0), ntohs(name.sin_port)) == 0 || errno == EACCES
		   ? 0
		   : -1;
}

static int bind_any(int fd, long port)
{
	struct sockaddr_in name = loopback(port);

	return fd < 0 ? -1 : bind(fd, (struct sockaddr *)&name, sizeof(name));
}

ATTACK(bind_without_any_grant)
{
	return bind_any(tcp(), 0);
}

ATTACK(bind_where_only_connecting_is_granted, ONE_PORT)
{
	return bind_any(tcp(), 0);
}

ATTACK(bind_another_port, LISTENS, BY_PORT)
{
	return bind_any(tcp(), 0);
}

ATTACK(listen_without_binding, ONE_PORT)
{
	int fd = tcp();

	return fd < 0 || listen(fd, 1) < 0 ? -1 : reachable(fd);
}

ATTACK(listen_without_binding_but_with_a_grant, LISTENS)
{
	int fd = tcp();

	return fd < 0 || listen(fd, 1) < 0 ? -1 : reachable(fd);
}

ATTACK(listen_after_dissolving_a_connection, LISTENS)
{
	struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
	int fd = tcp();

	if (reach(fd, given_number("granted")) < 0)
		attack_broken("the granted port cannot be reached");
	if (connect(fd, &nowhere, sizeof(nowhere)) < 0 || listen(fd, 1) < 0)
		return -1;
	return reachable(fd);
}

ATTACK(bind_by_unspecified_family, ONE_PORT)
{
	struct sockaddr_in name = loopback(0);
	int fd = tcp();

	name.sin_family = AF_UNSPEC;
	name.sin_addr.s_addr = INADDR_ANY;
	return fd < 0 ? -1 : bind(fd, (struct sockaddr *)&name, sizeof(name));
}

/* ---- other kinds of socket --------------------------------------------------------------------------- */

static int made(int fd)
{
	return fd < 0 ? -1 : close(fd);
}

ATTACK(datagram_to_a_port, REACHES, ONE_PORT)
{
	struct sockaddr_in to = loopback(given_number("udp"));
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0)
		return -1;
	return sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to)) == 1 ? 0 : -1;
}

ATTACK(datagram_socket_with_garbage_above, ONE_PORT)
{
	return made((int)syscall(SYS_socket, AF_INET | 0x700000000ul, SOCK_DGRAM | 0x700000000ul, 0));
}

ATTACK(raw_socket, ONE_PORT, .root_only = true)
{
	return made(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
}

ATTACK(packet_socket, ONE_PORT, .root_only = true)
{
	return made(socket(AF_PACKET, SOCK_RAW, 0));
}

#define KIND(id, domain, type, protocol, why)                                                      \
	static const char *lacks_##id(void)                                                        \
	{                                                                                          \
		int fd = socket(domain, type, protocol);                                           \
                                                                                                   \
		if (fd >= 0)                                                                       \
			close(fd);                                                                 \
		return fd < 0 ? why : NULL;                                                        \
	}                                                                                          \
	ATTACK(id, ONE_PORT, .impossible = lacks_##id)                                             \
	{                                                                                          \
		return made(socket(domain, type, protocol));                                       \
	}

KIND(mptcp_socket, AF_INET, SOCK_STREAM, IPPROTO_MPTCP, "this kernel has no MPTCP")
KIND(mptcp6_socket, AF_INET6, SOCK_STREAM, IPPROTO_MPTCP, "this kernel has no MPTCP")
KIND(sctp_socket, AF_INET, SOCK_STREAM, IPPROTO_SCTP, "this kernel has no SCTP")
KIND(sctp_packet_socket, AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP, "this kernel has no SCTP")
KIND(smc_socket, AF_INET, SOCK_STREAM, 256, "this kernel has no SMC")
KIND(smc_family_socket, 43, SOCK_STREAM, 0, "this kernel has no SMC")
KIND(udplite_socket, AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE, "this kernel has no UDP-Lite")
KIND(ping_socket, AF_INET, SOCK_DGRAM, IPPROTO_ICMP, "ping is not for this user")
KIND(vsock_socket, AF_VSOCK, SOCK_STREAM, 0, "this kernel has no vsock")
KIND(algorithm_socket, AF_ALG, SOCK_SEQPACKET, 0, "this kernel has no AF_ALG")
KIND(route_socket, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, "this kernel has no netlink")
KIND(kobject_socket, AF_NETLINK, SOCK_DGRAM, NETLINK_KOBJECT_UEVENT, "this kernel has no netlink")
KIND(audit_socket, AF_NETLINK, SOCK_RAW, NETLINK_AUDIT, "this kernel has no audit")
KIND(express_socket, 44, SOCK_RAW, 0, "no AF_XDP for this user")
KIND(bluetooth_socket, AF_BLUETOOTH, SOCK_RAW, 1, "this kernel has no bluetooth")
KIND(can_socket, AF_CAN, SOCK_RAW, 1, "this kernel has no CAN")
KIND(key_socket, AF_KEY, SOCK_RAW, 2, "no AF_KEY for this user")
KIND(local_socket, AF_UNIX, SOCK_DGRAM, 0, "this kernel has no local sockets")
KIND(local_stream_socket, AF_UNIX, SOCK_STREAM, 0, "this kernel has no local sockets")
