/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report CAPTURE NAMES: reads a capture, looks the names of services up in files such as
 * NAMES/tcp-80, and prints a report. Whatever a hostile capture could make the parser do,
 * it can do only what confine() left.
 */
#include "main.h"

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "../capture_report.h"

static void name_of(void *context, const char *protocol, unsigned port, char *buf, size_t size)
{
	const struct job *job = context;
	char name[32];
	ssize_t got = -1;
	int fd;

	snprintf(name, sizeof(name), "%s-%u", protocol, port);
	fd = openat(job->names, name, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		got = read(fd, buf, size - 1);
		close(fd);
	}
	buf[got > 0 ? got : 0] = '\0';
}

int main(int argc, char **argv)
{
	struct job job;
	FILE *capture;

	if (argc != 3)
		errx(2, "usage: report CAPTURE NAMES");
	job.path = argv[2];
	job.capture = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (job.capture < 0)
		err(1, "%s", argv[1]);
	job.names = open(job.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (job.names < 0)
		err(1, "%s", job.path);
	if (confine(&job) < 0)
		err(1, "cannot confine myself");
	capture = fdopen(job.capture, "r");
	if (!capture || capture_report(capture, stdout, name_of, &job) < 0)
		err(1, "%s", argv[1]);
	return 0;
}
