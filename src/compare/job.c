/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a program under a model is there for: the parser of examples/, which reads a capture,
 * looks names up in a directory, and appends a report; and saying what went wrong, which
 * makes more calls than one sees (a buffer, a terminal asked for, a time zone).
 */
#include <capture_report.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "compare/capture.h"
#include "compare/trial.h"

const char *const pap_job_words[PAP_JOB_COUNT] = {
    "reads a capture, looks up names, writes a report",
    "prints a message with the time and an error in words",
};

static void name_of(void *context, const char *protocol, unsigned port, char *buf, size_t size)
{
	char name[32];
	ssize_t got = -1;
	int fd;

	(void)context;
	snprintf(name, sizeof(name), "%s-%u", protocol, port);
	fd = openat(PAP_FD_NAMES, name, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		got = read(fd, buf, size - 1);
		close(fd);
	}
	buf[got > 0 ? got : 0] = '\0';
}

static int report(void)
{
	FILE *in = fdopen(PAP_FD_CAPTURE, "r"), *out = fdopen(PAP_FD_REPORT, "w");

	return in && out ? capture_report(in, out, name_of, NULL) : -1;
}

static int message(void)
{
	const time_t when = 86400;
	struct tm broken;
	char text[64];

	if (!localtime_r(&when, &broken) || !strftime(text, sizeof(text), "%Y", &broken))
		return -1;
	if (fprintf(stderr, "%s: cannot read: %s\n", text, strerror(EIO)) < 0)
		return -1;
	return printf("done\n") < 0 || fflush(stdout) ? -1 : 0;
}

int pap_job_do(enum pap_job job)
{
	return job == PAP_JOB_REPORT ? report() : message();
}

static bool ends_with(const char *path, const char *wanted)
{
	char text[1024] = "";
	size_t length = strlen(wanted);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	return got >= (ssize_t)length && !memcmp(text + got - length, wanted, length);
}

bool pap_job_done(const struct pap_scene *scene, enum pap_job job)
{
	char text[128];

	if (job == PAP_JOB_REPORT)
		return ends_with(pap_scene_path(scene, "job/report"), pap_capture_report);
	snprintf(text, sizeof(text), "cannot read: %s\n", strerror(EIO));
	return ends_with(pap_scene_path(scene, "job/messages"), text);
}
