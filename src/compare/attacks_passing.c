/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors that others handed over, that are handed to others, or that were forgotten. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "compare/attack.h"

union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

static int send_out(const struct pap_scene *scene)
{
	union control control = {.header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
	const int number = PAP_FD_CAPTURE;
	struct iovec byte = {(char[]){'x'}, 1};
	struct msghdr message = {.msg_iov = &byte, .msg_iovlen = 1, .msg_control = &control,
				 .msg_controllen = sizeof(control)};

	(void)scene;
	memcpy(CMSG_DATA(&control.header), &number, sizeof(number));
	return sendmsg(PAP_FD_CLIENT, &message, 0) == 1 ? 0 : -1;
}

static int take_in(const struct pap_scene *scene)
{
	union control control;
	char byte;
	struct iovec data = {&byte, 1};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	int got;

	if (recvmsg(PAP_FD_CLIENT, &message, 0) != 1 || !CMSG_FIRSTHDR(&message))
		return -1;
	memcpy(&got, CMSG_DATA(&control.header), sizeof(got));
	return pap_loot_descriptor(scene, got);
}

static int forgotten_file(const struct pap_scene *scene)
{
	return pap_loot_descriptor(scene, PAP_FD_KEY);
}

static int forgotten_directory(const struct pap_scene *scene)
{
	return pap_loot_descriptor(scene, openat(PAP_FD_ROOT, "outside/key", O_RDONLY));
}

static int forgotten_directory_written(const struct pap_scene *scene)
{
	(void)scene;
	return openat(PAP_FD_ROOT, "outside/new", O_WRONLY | O_CREAT, 0644) < 0 ? -1 : 0;
}

const struct pap_attack pap_attacks_passing[] = {
    {"send-descriptor", "hand the capture to the client", PAP_ABOUT_PASSING, PAP_PROOF_CHANGED,
     send_out},
    {"take-descriptor", "read from a descriptor that the client sent along", PAP_ABOUT_PASSING,
     PAP_PROOF_SECRET, take_in},
    {"forgotten-file", "read a secret that was left open", PAP_ABOUT_RIGHTS, PAP_PROOF_SECRET,
     forgotten_file},
    {"forgotten-directory", "look up beneath a directory that was left open", PAP_ABOUT_RIGHTS,
     PAP_PROOF_SECRET, forgotten_directory},
    {"forgotten-create", "make a file beneath it", PAP_ABOUT_RIGHTS, PAP_PROOF_CHANGED,
     forgotten_directory_written},
    {0},
};
