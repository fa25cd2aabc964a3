/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tee [-a] [file...]: copies standard input to standard output and to files, which can
 * be written after it has entered capability mode, and nothing else.
 *
 *	cc tee.c $(pkg-config --cflags --libs capsicum)
 */
#include <capsicum_helpers.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct output {
	const char *name;
	int fd; /* -1: given up */
};

static int open_limited(const char *name, int append)
{
	cap_rights_t rights;
	int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : O_TRUNC), 0666);

	if (fd < 0) {
		warn("%s", name);
		return -1;
	}
	if (caph_rights_limit(fd, cap_rights_init(&rights, CAP_WRITE)) < 0)
		err(1, "cannot limit %s", name);
	return fd;
}

/* An output that fails is given up; the others go on. */
static int put(struct output *output, const char *bytes, ssize_t length)
{
	while (output->fd >= 0 && length > 0) {
		ssize_t written = write(output->fd, bytes, (size_t)length);

		if (written < 0) {
			warn("%s", output->name);
			output->fd = -1;
			return 1;
		}
		bytes += written;
		length -= written;
	}
	return 0;
}

static int copy(struct output *outputs, int count)
{
	static char buffer[1 << 16];
	int status = 0;
	ssize_t length;

	while ((length = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0)
		for (int i = 0; i < count; i++)
			status |= put(&outputs[i], buffer, length);
	if (length < 0)
		err(1, "standard input");
	return status;
}

int main(int argc, char **argv)
{
	int append = argc > 1 && strcmp(argv[1], "-a") == 0;
	int first = 1 + append, count = argc - first + 1, status = 0;
	struct output *outputs = calloc((size_t)count, sizeof(*outputs));

	if (!outputs)
		err(1, NULL);
	outputs[0] = (struct output){"standard output", STDOUT_FILENO};
	for (int i = 1; i < count; i++) {
		outputs[i].name = argv[first + i - 1];
		outputs[i].fd = open_limited(outputs[i].name, append);
		status |= outputs[i].fd < 0;
	}
	caph_cache_catpages();
	if (caph_limit_stdio() < 0 || caph_enter() < 0)
		err(1, "capsicum");
	status |= copy(outputs, count);
	free(outputs);
	return status;
}
