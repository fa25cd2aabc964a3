/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ways through /proc, with all of it granted for reading: links to roots, directories
 * and descriptors, the memory and the environment of others.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attack.h"

static int show_proc(const char *format, long pid, const char *rest)
{
	char path[4096];

	snprintf(path, sizeof(path), format, pid);
	strncat(path, rest, sizeof(path) - strlen(path) - 1);
	return show_file(path);
}

#define SEES_PROC .flags = "--ro /proc"

ATTACK(own_root_link, SEES_PROC, .proof = SECRET)
{
	return show_proc("/proc/%ld/root", (long)getpid(), at("outside/key"));
}

ATTACK(own_directory_link, SEES_PROC, .proof = SECRET)
{
	return show_file("/proc/self/cwd/../outside/key");
}

static const char *process_1_is_closed(void)
{
	return access("/proc/1/root/.", F_OK) < 0 ? "process 1 is out of reach bare, too" : NULL;
}

ATTACK(root_of_process_1, SEES_PROC, .proof = SECRET, .root_only = true,
       .impossible = process_1_is_closed)
{
	return show_proc("/proc/%ld/root", 1, at("outside/key"));
}

ATTACK(root_of_an_outsider, SEES_PROC, .proof = SECRET)
{
	return show_proc("/proc/%ld/root", given_number("victim"), at("outside/key"));
}

ATTACK(directory_of_an_outsider, SEES_PROC, .proof = SECRET)
{
	return show_proc("/proc/%ld/cwd/key", given_number("victim"), "");
}

ATTACK(environment_of_an_outsider, SEES_PROC, .proof = SECRET)
{
	return show_proc("/proc/%ld/environ", given_number("victim"), "");
}

ATTACK(descriptor_of_an_outsider, SEES_PROC, .proof = SECRET)
{
	return show_proc("/proc/%ld/fd/3", given_number("victim"), "");
}

ATTACK(program_of_an_outsider, SEES_PROC)
{
	char path[64], target[64];

	snprintf(path, sizeof(path), "/proc/%ld/exe", given_number("victim"));
	return readlink(path, target, sizeof(target)) > 0 ? 0 : -1;
}

ATTACK(mappings_of_an_outsider, SEES_PROC)
{
	return show_proc("/proc/%ld/maps", given_number("victim"), "");
}

ATTACK(mapped_files_of_an_outsider, SEES_PROC)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/map_files", given_number("victim"));
	return show_entries(open(path, O_RDONLY | O_DIRECTORY));
}

ATTACK(memory_of_the_launcher, SEES_PROC)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)getppid());
	fd = open(path, O_RDONLY);
	return fd < 0 ? -1 : close(fd);
}

/* Which numbers there are can be seen; what they are must not. */
ATTACK(descriptors_of_the_launcher, SEES_PROC)
{
	for (int fd = 0; fd < 300; fd++) {
		char path[64], target[64];

		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)getppid(), fd);
		if (readlink(path, target, sizeof(target)) > 0)
			return 0;
	}
	return -1;
}

ATTACK(own_memory_written_by_file, SEES_PROC)
{
	int fd = open("/proc/self/mem", O_RDWR);

	return fd < 0 ? -1 : close(fd);
}
