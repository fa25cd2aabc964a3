/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cat [file...]: opens everything first, leaves each descriptor what it is needed for,
 * and only then reads a byte that somebody else wrote.
 *
 *	cc cat.c $(pkg-config --cflags --libs capsicum)
 */
#include <capsicum_helpers.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "-" is standard input. -1: said why. */
static int open_limited(const char *name)
{
	cap_rights_t rights;
	int fd;

	if (strcmp(name, "-") == 0)
		return STDIN_FILENO;
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		warn("%s", name);
		return -1;
	}
	cap_rights_init(&rights, CAP_READ, CAP_FSTAT);
	if (caph_rights_limit(fd, &rights) < 0)
		err(1, "cannot limit %s", name);
	return fd;
}

static int put(const char *bytes, ssize_t length)
{
	while (length > 0) {
		ssize_t written = write(STDOUT_FILENO, bytes, (size_t)length);

		if (written < 0)
			return -1;
		bytes += written;
		length -= written;
	}
	return 0;
}

static int copy(int fd, const char *name)
{
	static char buffer[1 << 16];
	ssize_t length;

	while ((length = read(fd, buffer, sizeof(buffer))) > 0)
		if (put(buffer, length) < 0)
			err(1, "standard output");
	if (length < 0)
		warn("%s", name);
	return length < 0;
}

int main(int argc, char **argv)
{
	static char dash[] = "-", *only_stdin[] = {dash, NULL};
	char **names = argc > 1 ? argv + 1 : only_stdin;
	int count = argc > 1 ? argc - 1 : 1, status = 0;
	int *files = calloc((size_t)count, sizeof(*files));

	if (!files)
		err(1, NULL);
	for (int i = 0; i < count; i++)
		files[i] = open_limited(names[i]);
	caph_cache_catpages();
	if (caph_limit_stdio() < 0 || caph_enter() < 0)
		err(1, "capsicum");

	for (int i = 0; i < count; i++)
		status |= files[i] < 0 || copy(files[i], names[i]);
	free(files);
	return status;
}
