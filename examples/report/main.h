/* SPDX-License-Identifier: BSD-2-Clause */
/* One program, several sandboxes: each sandbox_*.c defines confine() in its own way. */
#ifndef REPORT_MAIN_H
#define REPORT_MAIN_H

struct job {
	int capture;	  /* open for reading */
	int names;	  /* an open directory: names of services, looked up beneath it */
	const char *path; /* of that directory */
};

/* Gives up everything that the job does not need; 0, or -1 with errno. */
int confine(const struct job *job);

#endif
