/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses: the network's, Unix sockets', System V's. */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_alg.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "compare/attack.h"

static struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port),
				    .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

static int connected(int fd, uint16_t port)
{
	const struct sockaddr_in address = loopback(port);

	return fd < 0 ? -1 : connect(fd, (const struct sockaddr *)&address, sizeof(address));
}

static int connect_tcp(const struct pap_scene *scene)
{
	return connected(socket(AF_INET, SOCK_STREAM, 0), scene->tcp);
}

static int connect_multipath(const struct pap_scene *scene)
{
	return connected(socket(AF_INET, SOCK_STREAM, 262 /* IPPROTO_MPTCP */), scene->tcp);
}

static int connect_by_sending(const struct pap_scene *scene)
{
	const struct sockaddr_in address = loopback(scene->tcp);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return fd < 0 || sendto(fd, "x", 1, MSG_FASTOPEN, (const struct sockaddr *)&address,
				sizeof(address)) < 0
		   ? -1
		   : 0;
}

/* The watcher connects while this one waits, without a call, for that to be over. */
static int wait_for_a_knock(const struct pap_scene *scene, int fd)
{
	struct sockaddr_in address;
	socklen_t length = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &length) < 0)
		return -1;
	scene->page->port = ntohs(address.sin_port);
	while (!scene->page->knocked)
		__asm__ volatile("" ::: "memory");
	return 0;
}

static int listen_bound(const struct pap_scene *scene)
{
	const struct sockaddr_in address = loopback(0);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(fd, 1) < 0)
		return -1;
	return wait_for_a_knock(scene, fd);
}

static int listen_unbound(const struct pap_scene *scene)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return fd < 0 || listen(fd, 1) < 0 ? -1 : wait_for_a_knock(scene, fd);
}

static int datagram(const struct pap_scene *scene)
{
	const struct sockaddr_in address = loopback(scene->udp);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	return fd < 0 || sendto(fd, "x", 1, 0, (const struct sockaddr *)&address,
				sizeof(address)) < 0
		   ? -1
		   : 0;
}

static int datagram_connected(const struct pap_scene *scene)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	return connected(fd, scene->udp) < 0 || send(fd, "x", 1, 0) < 0 ? -1 : 0;
}

static int raw_socket(const struct pap_scene *scene)
{
	(void)scene;
	return socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) < 0 ? -1 : 0;
}

static int packet_socket(const struct pap_scene *scene)
{
	(void)scene;
	return socket(AF_PACKET, SOCK_RAW, 0) < 0 ? -1 : 0;
}

static int netlink(const struct pap_scene *scene)
{
	struct {
		struct nlmsghdr head;
		struct rtgenmsg body;
	} request = {{sizeof(request), RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, 1, 0}, {AF_UNSPEC}};
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	char answer[4096];

	(void)scene;
	if (fd < 0 || send(fd, &request, sizeof(request), 0) < 0)
		return -1;
	return recv(fd, answer, sizeof(answer), 0) > 0 ? 0 : -1;
}

static int kernel_crypto(const struct pap_scene *scene)
{
	struct sockaddr_alg address = {.salg_family = AF_ALG, .salg_type = "hash",
				       .salg_name = "sha256"};
	int fd = socket(AF_ALG, SOCK_SEQPACKET, 0);

	(void)scene;
	return fd < 0 ? -1 : bind(fd, (struct sockaddr *)&address, sizeof(address));
}

#define TCP(id, words, proof, function) {id, words, PAP_ABOUT_TCP, proof, function}
#define UDP(id, words, function) {id, words, PAP_ABOUT_UDP, PAP_PROOF_CHANGED, function}
#define KIND(id, words, function) {id, words, PAP_ABOUT_CALLS, PAP_PROOF_SAID, function}

const struct pap_attack pap_attacks_network[] = {
    TCP("tcp-connect", "connect to a TCP port", PAP_PROOF_CHANGED, connect_tcp),
    TCP("mptcp-connect", "connect to it by Multipath TCP", PAP_PROOF_CHANGED, connect_multipath),
    TCP("tcp-fastopen", "connect by sending", PAP_PROOF_CHANGED, connect_by_sending),
    TCP("tcp-listen", "bind a port and listen", PAP_PROOF_REACHED, listen_bound),
    TCP("tcp-listen-unbound", "listen without having bound", PAP_PROOF_REACHED, listen_unbound),
    UDP("udp-send", "send a datagram", datagram),
    UDP("udp-connect", "connect a UDP socket and send", datagram_connected),
    KIND("raw-socket", "make a raw socket", raw_socket),
    KIND("packet-socket", "make a packet socket", packet_socket),
    KIND("netlink", "ask the kernel for the machine's addresses", netlink),
    KIND("kernel-crypto", "load and use the kernel's ciphers by a socket", kernel_crypto),
    {0},
};

/* ---- names of this machine alone ----------------------------------------------------------- */

/* name: beneath outside, or the scene's abstract one with something behind. */
static int reach(const struct pap_scene *scene, int type, const char *path, const char *suffix)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, type, 0), used;

	if (fd < 0)
		return -1;
	used = path ? snprintf(address.sun_path, sizeof(address.sun_path), "outside/%s", path)
		    : snprintf(address.sun_path, sizeof(address.sun_path), "%c%s%s", 0,
			       scene->abstract, suffix);
	if (connect(fd, (struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)used)) < 0)
		return -1;
	return type == SOCK_DGRAM && send(fd, "x", 1, 0) < 0 ? -1 : 0;
}

static int path_stream(const struct pap_scene *scene)
{
	return reach(scene, SOCK_STREAM, "stream", NULL);
}

static int path_datagram(const struct pap_scene *scene)
{
	return reach(scene, SOCK_DGRAM, "datagram", NULL);
}

static int abstract_stream(const struct pap_scene *scene)
{
	return reach(scene, SOCK_STREAM, NULL, "-s");
}

static int abstract_datagram(const struct pap_scene *scene)
{
	return reach(scene, SOCK_DGRAM, NULL, "");
}

static int pair_datagram(const struct pap_scene *scene)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "outside/datagram"};
	int pair[2];

	(void)scene;
	/* One end of a pair sends elsewhere: no socket() and no connect(). */
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0)
		return -1;
	return sendto(pair[0], "x", 1, 0, (struct sockaddr *)&address, sizeof(address)) == 1 ? 0
											    : -1;
}

static int shared_memory(const struct pap_scene *scene)
{
	void *memory = shmat(scene->segment, NULL, SHM_RDONLY);

	return memory == (void *)-1 ? -1
				    : pap_loot_bytes(scene, memory, sizeof(scene->secret));
}

static int message_queue(const struct pap_scene *scene)
{
	const struct {
		long type;
		char text[1];
	} message = {1, {'x'}};

	return msgsnd(scene->queue, &message, 1, IPC_NOWAIT);
}

#define LOCAL(id, words, about, function) {id, words, about, PAP_PROOF_CHANGED, function}

const struct pap_attack pap_attacks_local[] = {
    LOCAL("unix-stream", "connect to a service by its path", PAP_ABOUT_LOCAL_PATHS, path_stream),
    LOCAL("unix-datagram", "send to one by its path", PAP_ABOUT_LOCAL_PATHS, path_datagram),
    LOCAL("unix-pair", "send to it from one end of a pair", PAP_ABOUT_LOCAL_PATHS, pair_datagram),
    LOCAL("abstract-stream", "connect to an abstract name", PAP_ABOUT_LOCAL, abstract_stream),
    LOCAL("abstract-datagram", "send to an abstract name", PAP_ABOUT_LOCAL, abstract_datagram),
    {"shared-memory", "read a shared memory segment by its number", PAP_ABOUT_IPC,
     PAP_PROOF_SECRET, shared_memory},
    LOCAL("message-queue", "send to a message queue by its number", PAP_ABOUT_IPC, message_queue),
    {0},
};
