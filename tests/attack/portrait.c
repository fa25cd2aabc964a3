/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The world as text: every file outside what is granted for writing, the victim,
 * what arrived at the services. Two portraits differ when something was done to
 * the world, whatever it was. Access times are left out: looking is no change.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "harness.h"
#include "world.h"

static uint64_t mix(uint64_t hash, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3u;
	return hash;
}

static uint64_t content(const char *path, const struct stat *st)
{
	char buffer[4096];
	uint64_t hash = 1;
	ssize_t got;
	int fd;

	if (S_ISLNK(st->st_mode)) {
		got = readlink(path, buffer, sizeof(buffer));
		return got < 0 ? 0 : mix(hash, buffer, (size_t)got);
	}
	if (!S_ISREG(st->st_mode))
		return 0;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return 0;
	while ((got = read(fd, buffer, sizeof(buffer))) > 0)
		hash = mix(hash, buffer, (size_t)got);
	close(fd);
	return hash;
}

static uint64_t attributes(const char *path)
{
	char names[4096];
	ssize_t got = llistxattr(path, names, sizeof(names));

	return got > 0 ? mix(1, names, (size_t)got) : 0;
}

static void paint_tree(FILE *out, const char *path)
{
	struct dirent **entries;
	struct stat st;
	int count;

	if (lstat(path, &st) < 0) {
		fprintf(out, "%s: %s\n", path, strerror(errno));
		return;
	}
	fprintf(out, "%s mode=%o links=%u owner=%u:%u size=%lld", path, st.st_mode,
		(unsigned)st.st_nlink, st.st_uid, st.st_gid, (long long)st.st_size);
	fprintf(out, " written=%lld.%ld changed=%lld.%ld content=%llx attributes=%llx\n",
		(long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, (long long)st.st_ctim.tv_sec,
		st.st_ctim.tv_nsec, (unsigned long long)content(path, &st),
		(unsigned long long)attributes(path));
	if (!S_ISDIR(st.st_mode))
		return;
	count = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		char *below = NULL;

		if (strcmp(name, ".") && strcmp(name, "..") &&
		    asprintf(&below, "%s/%s", path, name) > 0)
			paint_tree(out, below);
		free(below);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

static void paint_victim(FILE *out, struct world *world)
{
	char line[256];
	struct pollfd polled = {.fd = world->answer, .events = POLLIN};
	ssize_t got = -1;

	/* It may be dead, which is an answer too. */
	if (send(world->ask, "?", 1, MSG_NOSIGNAL) == 1 && poll(&polled, 1, 10000) == 1)
		got = read(world->answer, line, sizeof(line));
	if (got > 0)
		fwrite(line, 1, (size_t)got, out);
	else
		fputs("the victim does not answer\n", out);
}

/* What came in stays counted: the next portrait shows it too. */
static void paint_services(FILE *out, struct world *world)
{
	for (int i = 0; i < WORLD_SERVICES; i++) {
		struct pollfd polled = {.fd = world->services[i], .events = POLLIN};
		bool arrived = poll(&polled, 1, 0) == 1;

		/* Reaching the granted port is nobody's harm. */
		if (i > 0)
			fprintf(out, "service %d: %s\n", i, arrived ? "reached" : "quiet");
	}
}

static int waiting(int fd)
{
	int count = -1;

	return ioctl(fd, FIONREAD, &count) < 0 ? -1 : count;
}

/*
 * How many bytes were written to a terminal since the last time. They reach the master
 * some time later, in order: when a mark of our own has come through, all have.
 */
static int shown(int master, int slave)
{
	struct pollfd polled = {.fd = master, .events = POLLIN};
	int count = 0;
	char byte;

	if (write(slave, "\f", 1) != 1)
		return -1;
	while (poll(&polled, 1, 5000) == 1 && read(master, &byte, 1) == 1) {
		if (byte == '\f')
			return count;
		count++;
	}
	return -1;
}

/* What waits to be read as if it had been typed, what was written elsewhere, and the files. */
static void paint_terminals(FILE *out, const struct world *world)
{
	for (int i = 0; i < 4; i += 2) {
		struct stat st;
		int discipline = -1;

		if (world->terminals[i] < 0 || fstat(world->terminals[i + 1], &st) < 0)
			continue;
		ioctl(world->terminals[i + 1], TIOCGETD, &discipline);
		fprintf(out, "terminal %d: typed=%d mode=%o owner=%u:%u discipline=%d", i / 2,
			waiting(world->terminals[i + 1]), st.st_mode, st.st_uid, st.st_gid, discipline);
		/* The attacker may write to its own. */
		fprintf(out, " shown=%d\n", i ? shown(world->terminals[i], world->terminals[i + 1]) : 0);
	}
}

char *world_portrait(struct world *world)
{
	static const char *const parts[] = {"outside", "ro"};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	REQUIRE(out != NULL);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		char path[600];

		snprintf(path, sizeof(path), "%s/%s", world->dir, parts[i]);
		paint_tree(out, path);
	}
	paint_victim(out, world);
	paint_services(out, world);
	paint_terminals(out, world);
	REQUIRE(fclose(out) == 0);
	return text;
}
