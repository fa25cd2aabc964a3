/* SPDX-License-Identifier: BSD-2-Clause */
/* The files of a scene: making them, and taking all of them away. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compare/capture.h"
#include "compare/scene.h"

const char *pap_scene_path(const struct pap_scene *scene, const char *name)
{
	static char paths[8][sizeof(scene->dir) + 96];
	static unsigned next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", scene->dir, name);
	return path;
}

struct entry {
	const char *name;
	mode_t mode; /* 0: a link to text */
	const char *text; /* NULL: a directory */
};

static const struct entry entries[] = {
    {"outside", 0755, NULL},
    {"outside/dir", 0755, NULL},
    {"outside/file", 0644, "as it was\n"},
    {"outside/program", 0755, "#!/bin/sh\n: >marker\n"},
    {"names", 0755, NULL},
    {"names/udp-53", 0644, "domain"},
    {"names/tcp-80", 0644, "http"},
    {"names/link", 0, "../outside/key"},
    {"names/up", 0, "../outside"},
    {"job", 0755, NULL},
    {"job/messages", 0644, ""},
};

#define NENTRIES (sizeof(entries) / sizeof(entries[0]))

static int make_file(const char *path, mode_t mode, const void *bytes, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	bool good = fd >= 0 && write(fd, bytes, length) == (ssize_t)length && fchmod(fd, mode) == 0;

	if (fd >= 0)
		close(fd);
	return good ? 0 : -1;
}

static int make_entry(const struct pap_scene *scene, const struct entry *entry)
{
	const char *path = pap_scene_path(scene, entry->name);

	if (!entry->text)
		return mkdir(path, entry->mode);
	if (!entry->mode)
		return symlink(entry->text, path);
	return make_file(path, entry->mode, entry->text, strlen(entry->text));
}

int pap_scene_files(struct pap_scene *scene, struct pap_error *err)
{
	char text[64];

	for (size_t i = 0; i < NENTRIES; i++)
		if (make_entry(scene, &entries[i]) < 0)
			return pap_fail(err, -errno, "cannot make %s: %s",
					pap_scene_path(scene, entries[i].name), strerror(errno));
	snprintf(text, sizeof(text), "report of yesterday: %s\n", scene->secret);
	if (make_file(pap_scene_path(scene, "outside/key"), 0600, scene->secret,
		      strlen(scene->secret)) < 0 ||
	    make_file(pap_scene_path(scene, "job/report"), 0644, text, strlen(text)) < 0 ||
	    make_file(pap_scene_path(scene, "job/capture"), 0644, pap_capture, pap_capture_size) <
		0 ||
	    symlink(pap_scene_path(scene, "outside/key"), pap_scene_path(scene, "names/absolute")) <
		0)
		return pap_fail(err, -errno, "cannot fill %s: %s", scene->dir, strerror(errno));
	return 0;
}

/* An attack may have left things that only their mode keeps from being removed. */
static void remove_all(int parent, const char *name)
{
	struct dirent *entry;
	DIR *dir;
	int fd;

	if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
		return;
	if (fchmodat(parent, name, 0700, 0) < 0)
		return;
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	while (dir && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			remove_all(fd, entry->d_name);
	if (dir)
		closedir(dir);
	else if (fd >= 0)
		close(fd);
	unlinkat(parent, name, AT_REMOVEDIR);
}

void pap_scene_remove(const char *path)
{
	remove_all(AT_FDCWD, path);
}
