/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an act comes to in a child of its own that pledged before. An act returns 0
 * when it worked, or an errno; it is always tried without any pledge too, so that what
 * is refused is known to work otherwise.
 */
#ifndef PAP_TESTS_PLEDGE_CASE_H
#define PAP_TESTS_PLEDGE_CASE_H

#include <errno.h>
#include <pledge.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

typedef int pledge_act(void);

struct pledge_end {
	int status;	/* as waitpid says */
	char text[512]; /* what the child wrote on standard error */
};

#define PLEDGE_FAILED 120 /* the status of a child whose pledge did not work */

static inline void pledge_child(const char *promises, pledge_act *act, int errors)
{
	struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
	dup2(errors, STDERR_FILENO);
	if (promises && pledge(promises, NULL) < 0)
		_exit(PLEDGE_FAILED);
	_exit(act());
}

/* promises NULL: none is given up. */
static inline struct pledge_end pledge_try(const char *promises, pledge_act *act)
{
	struct pledge_end end = {.status = -1};
	size_t length = 0;
	ssize_t got;
	int pipes[2];
	pid_t child;

	REQUIRE(pipe(pipes) == 0);
	child = fork();
	REQUIRE(child >= 0);
	if (!child)
		pledge_child(promises, act, pipes[1]);
	close(pipes[1]);
	while ((got = read(pipes[0], end.text + length, sizeof(end.text) - 1 - length)) > 0)
		length += (size_t)got;
	close(pipes[0]);
	REQUIRE(waitpid(child, &end.status, 0) == child);
	return end;
}

/* The act's errno, or the negative number of the signal that ended it. */
static inline int pledge_result(const char *promises, pledge_act *act)
{
	struct pledge_end end = pledge_try(promises, act);

	if (WIFSIGNALED(end.status))
		return -WTERMSIG(end.status);
	return WEXITSTATUS(end.status);
}

#define DIES (-SIGABRT)

/* One line of a table of acts. */
struct pledge_row {
	const char *name;
	pledge_act *act;
	const char *with;    /* works under these */
	const char *without; /* and not under these: */
	int then;	     /* errno, or DIES */
};

static inline void pledge_check(const struct pledge_row *row)
{
	int bare = pledge_result(NULL, row->act);
	int with = pledge_result(row->with, row->act);
	int without = pledge_result(row->without, row->act);

	if (!CHECK_EQ(bare, 0) || !CHECK_EQ(with, 0) || !CHECK_EQ(without, row->then))
		test_note("%s: bare %d, under \"%s\" %d, under \"%s\" %d", row->name, bare,
			  row->with, with, row->without, without);
}

#endif
