/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading what lies outside: the same secret by every kind of name. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compare/attack.h"

static int absolute(const struct pap_scene *scene)
{
	return pap_loot_descriptor(scene, open(PAP_AT("outside/key"), O_RDONLY));
}

static int relative(const struct pap_scene *scene)
{
	return pap_loot_descriptor(scene, open("outside/key", O_RDONLY));
}

static int beneath(const struct pap_scene *scene, const char *name)
{
	return pap_loot_descriptor(scene, openat(PAP_FD_NAMES, name, O_RDONLY));
}

static int dot_dot(const struct pap_scene *scene)
{
	return beneath(scene, "../outside/key");
}

static int symlink_relative(const struct pap_scene *scene)
{
	return beneath(scene, "link");
}

static int symlink_absolute(const struct pap_scene *scene)
{
	return beneath(scene, "absolute");
}

static int symlink_midway(const struct pap_scene *scene)
{
	return beneath(scene, "up/key");
}

static int magic(const struct pap_scene *scene, const char *link, const char *rest)
{
	char path[512];

	snprintf(path, sizeof(path), "/proc/self/%s%s", link, rest);
	return pap_loot_descriptor(scene, open(path, O_RDONLY));
}

static int magic_root(const struct pap_scene *scene)
{
	return magic(scene, "root", PAP_AT("outside/key"));
}

static int magic_cwd(const struct pap_scene *scene)
{
	return magic(scene, "cwd", "/outside/key");
}

static int magic_fd(const struct pap_scene *scene)
{
	return magic(scene, "fd/5", "/../outside/key");
}

static int path_descriptors(const struct pap_scene *scene)
{
	int up = openat(PAP_FD_NAMES, "..", O_PATH);

	return up < 0 ? -1 : pap_loot_descriptor(scene, openat(up, "outside/key", O_RDONLY));
}

static int change_directory(const struct pap_scene *scene)
{
	if (fchdir(PAP_FD_NAMES) < 0 || chdir("../outside") < 0)
		return -1;
	return pap_loot_descriptor(scene, open("key", O_RDONLY));
}

static int newer_open(const struct pap_scene *scene)
{
	const uint64_t how[3] = {O_RDONLY, 0, 0};

	return pap_loot_descriptor(scene, (int)syscall(PAP_NUMBER(openat2), AT_FDCWD,
						      PAP_AT("outside/key"), how, sizeof(how)));
}

static int file_handle(const struct pap_scene *scene)
{
	struct {
		struct file_handle head;
		unsigned char room[128];
	} handle = {.head = {.handle_bytes = sizeof(handle.room)}};
	int mount;

	if (name_to_handle_at(AT_FDCWD, PAP_AT("outside/key"), &handle.head, &mount, 0) < 0)
		return -1;
	return pap_loot_descriptor(scene,
				   open_by_handle_at(PAP_FD_NAMES, &handle.head, O_RDONLY));
}

static int status(const struct pap_scene *scene)
{
	struct stat st;

	return stat(PAP_AT("outside/key"), &st);
}

static int access_oracle(const struct pap_scene *scene)
{
	return access(PAP_AT("outside/key"), F_OK);
}

static int read_link(const struct pap_scene *scene)
{
	char buf[64];

	return readlink(PAP_AT("names/link"), buf, sizeof(buf)) > 0 ? 0 : -1;
}

static int list_directory(const struct pap_scene *scene)
{
	DIR *dir = opendir(PAP_AT("outside"));
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (!strcmp(entry->d_name, "key"))
			return 0;
	return -1;
}

static int watch(const struct pap_scene *scene)
{
	int fd = inotify_init();

	return fd < 0 || inotify_add_watch(fd, PAP_AT("outside"), IN_OPEN) < 0 ? -1 : 0;
}

#define READS(id, words, function)                                                                 \
	{id, words, PAP_ABOUT_PATHS, PAP_PROOF_SECRET, function}
#define TELLS(id, words, function)                                                                 \
	{id, words, PAP_ABOUT_NAMES, PAP_PROOF_SAID, function}

const struct pap_attack pap_attacks_paths[] = {
    READS("absolute-path", "open a file outside by its whole name", absolute),
    READS("relative-path", "open it from the working directory", relative),
    READS("dot-dot", "leave a held directory by ..", dot_dot),
    READS("symlink-relative", "follow a link with .. in a held directory", symlink_relative),
    READS("symlink-absolute", "follow a link with a whole name in it", symlink_absolute),
    READS("symlink-midway", "pass through a link to a directory outside", symlink_midway),
    READS("proc-root", "open it by way of /proc/self/root", magic_root),
    READS("proc-cwd", "open it by way of /proc/self/cwd", magic_cwd),
    READS("proc-fd", "leave a held directory by way of /proc/self/fd", magic_fd),
    READS("path-descriptor", "climb with a descriptor that is only a place", path_descriptors),
    READS("change-directory", "go there, then open it by its last name", change_directory),
    READS("openat2", "open it with a call whose flags lie in memory", newer_open),
    READS("file-handle", "open it by handle, with no name at all", file_handle),
    TELLS("stat-outside", "ask for its size, owner and times", status),
    TELLS("exists-outside", "ask whether it exists", access_oracle),
    TELLS("readlink-outside", "read where a link points, by its whole name", read_link),
    {"list-outside", "list a directory outside", PAP_ABOUT_PATHS, PAP_PROOF_SAID, list_directory},
    TELLS("watch-outside", "be told when others open files", watch),
    {0},
};
