/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether anybody outside of this process shares what it is made of. Filters bind the
 * threads of a process; who shares its memory or its descriptors and is none of them
 * would act for it, and a ring performs calls that no filter sees.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capsicum/session.h"
#include "kernel/raw.h"
#include "uapi/kernel.h"

#define CLONE_THREAD_BIT 0x10000ul
#define CLONE_FS_BIT 0x200ul
#define REGISTER_PROBE 8
#define NUMBERS 1024

/* Another file refuses every operation of a ring in the same way. */
static bool is_ring(int fd)
{
	return pap_raw_call(PAP_SYS_io_uring_register, fd, REGISTER_PROBE, 0, 0, 0, 0) !=
		   -EOPNOTSUPP &&
	       pap_raw_call(PAP_SYS_io_uring_register, fd, REGISTER_PROBE, 0, 0, 0, 0) != -ENOSYS &&
	       pap_raw_call(PAP_SYS_io_uring_register, fd, REGISTER_PROBE, 0, 0, 0, 0) != -EBADF;
}

static int ring_at(void *context, int fd)
{
	char name[64], target[64];
	ssize_t length;

	(void)context;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	length = readlink(name, target, sizeof(target) - 1);
	if (length < 0)
		return is_ring(fd);
	target[length] = '\0';
	return strstr(target, "io_uring") != NULL;
}

int pap_session_numbers(int (*visit)(void *context, int fd), void *context)
{
	DIR *directory = opendir("/proc/self/fd");
	struct dirent *entry;
	int rc = 0;

	for (int fd = 0; !directory && fd < NUMBERS && !rc; fd++)
		rc = fcntl(fd, F_GETFD) < 0 ? 0 : visit(context, fd);
	while (directory && !rc && (entry = readdir(directory))) {
		int fd = entry->d_name[0] == '.' ? -1 : atoi(entry->d_name);

		if (fd >= 0 && fd != dirfd(directory))
			rc = visit(context, fd);
	}
	if (directory)
		closedir(directory);
	return rc;
}

/* A ring whose number was closed lives on in its mapping. */
static bool ring_among_mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	if (!maps)
		return false;
	while (!found && getline(&line, &size, maps) > 0)
		found = strstr(line, "anon_inode:[io_uring]") != NULL;
	free(line);
	fclose(maps);
	return found;
}

/* And one that never had a mapping in the kernel's thread that serves it. */
static bool ring_among_threads(void)
{
	char name[64], comm[32];
	DIR *directory = opendir("/proc/self/task");
	struct dirent *entry;
	bool found = false;

	if (!directory)
		return false;
	while (!found && (entry = readdir(directory))) {
		ssize_t length;
		int fd;

		snprintf(name, sizeof(name), "/proc/self/task/%.16s/comm", entry->d_name);
		fd = open(name, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		length = read(fd, comm, sizeof(comm) - 1);
		close(fd);
		comm[length > 0 ? length : 0] = '\0';
		found = !strncmp(comm, "iou-", 4);
	}
	closedir(directory);
	return found;
}

/* Nothing is unshared by asking: the kernel says whether there would be anything to do. */
bool pap_session_single(void)
{
	return pap_raw_unshare(CLONE_THREAD_BIT) == 0;
}

int pap_session_check(bool *single)
{
	*single = pap_session_single();
	if (*single && pap_raw_unshare(PAP_CLONE_VM) < 0)
		return -EBUSY;
	/* A table of our own: with threads, those share it and are bound by the same filters. */
	if (*single && pap_raw_unshare(PAP_CLONE_FILES | CLONE_FS_BIT) < 0)
		return -EBUSY;
	if (pap_session_numbers(ring_at, NULL) || ring_among_mappings())
		return -EBUSY;
	return !*single && ring_among_threads() ? -EBUSY : 0;
}
