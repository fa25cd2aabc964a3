/* SPDX-License-Identifier: BSD-2-Clause */
/* Small tools of the attacks; see attack.h. Linked into the attackers and into the tests. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "attack.h"

static struct attack *first, **last = &first;
char **attack_words;

void attack_register(struct attack *attack)
{
	*last = attack;
	last = &attack->next;
}

struct attack *attack_first(void)
{
	return first;
}

void attack_broken(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("broken: ", stderr);
	vfprintf(stderr, format, args);
	fprintf(stderr, " (%s)\n", strerror(errno));
	va_end(args);
	_exit(ATTACK_BROKEN);
}

const char *given(const char *key)
{
	size_t length = strlen(key);

	for (char **word = attack_words; word && *word; word++)
		if (!strncmp(*word, key, length) && (*word)[length] == '=')
			return *word + length + 1;
	attack_broken("nothing is known about \"%s\"", key);
}

long given_number(const char *key)
{
	return strtol(given(key), NULL, 0);
}

const char *at(const char *name)
{
	static char buffers[8][PATH_MAX];
	static unsigned next;
	char *buffer = buffers[next++ % 8];

	snprintf(buffer, PATH_MAX, "%s/%s", given("dir"), name);
	return buffer;
}

int show_descriptor(int fd)
{
	char buffer[4096];
	ssize_t got, total = 0;
	int error;

	if (fd < 0)
		return -1;
	while ((got = read(fd, buffer, sizeof(buffer))) > 0) {
		fwrite(buffer, 1, (size_t)got, stdout);
		total += got;
	}
	error = got < 0 ? errno : ENODATA;
	close(fd);
	fflush(stdout);
	if (total > 0)
		return 0;
	errno = error;
	return -1;
}

int show_file(const char *path)
{
	return show_descriptor(open(path, O_RDONLY | O_CLOEXEC));
}

int show_entries(int fd)
{
	struct dirent *entry;
	DIR *directory;
	int count = 0, error;

	if (fd < 0)
		return -1;
	directory = fdopendir(fd);
	if (!directory)
		return -1;
	errno = 0;
	while ((entry = readdir(directory))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		puts(entry->d_name);
		count++;
	}
	error = errno ? errno : ENODATA;
	closedir(directory);
	fflush(stdout);
	if (count)
		return 0;
	errno = error;
	return -1;
}

const char *no_attributes(void)
{
	const char *base = getenv("TMPDIR");
	char path[PATH_MAX];
	int fd, failed;

	snprintf(path, sizeof(path), "%s/paprika-attributes-XXXXXX", base && *base ? base : "/tmp");
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return NULL;
	failed = fsetxattr(fd, "user.planted", "x", 1, 0) < 0 && errno == EOPNOTSUPP;
	unlink(path);
	close(fd);
	return failed ? "files have no attributes here" : NULL;
}

int child_status(pid_t pid)
{
	int status;

	if (pid < 0)
		attack_broken("no child");
	while (waitpid(pid, &status, __WALL) < 0)
		if (errno != EINTR)
			attack_broken("cannot wait");
	return status;
}

struct start {
	void (*function)(void *);
	void *argument;
	int ready[2];
};

static void *started(void *context)
{
	struct start *start = context, copy = *start;

	if (write(copy.ready[1], "", 1) != 1)
		attack_broken("cannot say that a thread runs");
	copy.function(copy.argument);
	return NULL;
}

void start_thread(void (*function)(void *), void *argument)
{
	struct start start = {.function = function, .argument = argument};
	pthread_t thread;
	char byte;

	if (pipe(start.ready) < 0 || pthread_create(&thread, NULL, started, &start) ||
	    read(start.ready[0], &byte, 1) != 1)
		attack_broken("cannot start a thread");
	pthread_detach(thread);
	close(start.ready[0]);
	close(start.ready[1]);
}
