/* SPDX-License-Identifier: BSD-2-Clause */
/* Who could be reached outside: sockets, a segment, a queue, a terminal, a client. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include "compare/scene.h"

static int internet(int type, uint16_t *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && (bind(fd, (struct sockaddr *)&address, length) < 0 ||
			(type == SOCK_STREAM && listen(fd, 8) < 0) ||
			getsockname(fd, (struct sockaddr *)&address, &length) < 0)) {
		close(fd);
		return -1;
	}
	*port = ntohs(address.sin_port);
	return fd;
}

/* name: in the working directory (paths of sockets are short), or "@name" for an abstract one. */
static int local(int type, const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", name);
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	if (fd >= 0 && (bind(fd, (struct sockaddr *)&address, length) < 0 ||
			(type == SOCK_STREAM && listen(fd, 8) < 0))) {
		close(fd);
		return -1;
	}
	return fd;
}

static int sockets(struct pap_scene *scene)
{
	char name[80];
	int rc = 0;

	if (chdir(pap_scene_path(scene, "outside")) < 0)
		return -1;
	scene->services[0] = internet(SOCK_STREAM, &scene->tcp);
	scene->services[1] = internet(SOCK_DGRAM, &scene->udp);
	scene->services[2] = local(SOCK_STREAM, "stream");
	scene->services[3] = local(SOCK_DGRAM, "datagram");
	snprintf(name, sizeof(name), "@%s", scene->abstract);
	scene->services[4] = local(SOCK_DGRAM, name);
	snprintf(name, sizeof(name), "@%s-s", scene->abstract);
	scene->services[5] = local(SOCK_STREAM, name);
	for (unsigned i = 0; i < PAP_SERVICES; i++)
		if (scene->services[i] < 0)
			rc = -1;
	return rc;
}

/* Not every kernel has System V's IPC: an attack on what is not there has no control. */
static void system_v(struct pap_scene *scene)
{
	char *memory;

	scene->queue = msgget(IPC_PRIVATE, 0600);
	scene->segment = shmget(IPC_PRIVATE, 4096, 0600);
	memory = scene->segment < 0 ? (void *)-1 : shmat(scene->segment, NULL, 0);
	if (memory == (void *)-1)
		return;
	memcpy(memory, scene->secret, sizeof(scene->secret));
	shmdt(memory);
}

static int terminal(struct pap_scene *scene)
{
	struct termios raw;
	int slave, unlocked = 0;

	scene->terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (scene->terminal < 0 || ioctl(scene->terminal, TIOCSPTLCK, &unlocked) < 0)
		return -1;
	slave = open(ptsname(scene->terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
	scene->held[PAP_FD_TERMINAL] = slave;
	if (slave < 0 || tcgetattr(slave, &raw) < 0)
		return -1;
	cfmakeraw(&raw);
	return tcsetattr(slave, TCSANOW, &raw);
}

/* A client that, unasked, sends a descriptor of the secret along. */
static int client(struct pap_scene *scene)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {.header = {.cmsg_len = CMSG_LEN(sizeof(int)),
				.cmsg_level = SOL_SOCKET,
				.cmsg_type = SCM_RIGHTS}};
	struct iovec byte = {(void *)"x", 1};
	struct msghdr message = {.msg_iov = &byte,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	int pair[2], key = open("key", O_RDONLY | O_CLOEXEC);
	ssize_t sent;

	if (key < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	scene->client = pair[0];
	scene->held[PAP_FD_CLIENT] = pair[1];
	memcpy(CMSG_DATA(&control.header), &key, sizeof(key));
	sent = sendmsg(pair[0], &message, 0);
	close(key);
	return sent == 1 ? 0 : -1;
}

int pap_scene_services(struct pap_scene *scene, struct pap_error *err)
{
	if (sockets(scene) < 0)
		return pap_fail(err, -errno, "cannot make sockets: %s", strerror(errno));
	system_v(scene);
	if (terminal(scene) < 0)
		return pap_fail(err, -errno, "cannot make a terminal: %s", strerror(errno));
	if (client(scene) < 0)
		return pap_fail(err, -errno, "cannot make a client: %s", strerror(errno));
	return 0;
}
