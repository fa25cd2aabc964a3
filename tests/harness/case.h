/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the harness share: the page that a case writes its result
 * into, and the verdict that the parent draws from it. Tests include harness.h,
 * never this file.
 */
#ifndef PAP_TESTS_CASE_H
#define PAP_TESTS_CASE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "harness.h"

#define CASE_LOG_SIZE (256u << 10)
#define CASE_FD_MAX 4096u

enum case_state {
	CASE_RUNNING, /* entered, not back: also what a killed case leaves */
	CASE_DONE,    /* the function returned */
	CASE_STOPPED, /* REQUIRE gave up */
	CASE_SKIPPED,
};

/*
 * Lives in MAP_SHARED memory, so a case that may no longer write to anything can
 * still report. Several processes and threads of a case may write at once.
 */
struct case_shared {
	atomic_int state;
	atomic_uint checks;
	atomic_uint failures;
	atomic_size_t used; /* of log; may exceed its size: the rest was dropped */
	char skip[512];
	char directory[512]; /* of this case, made at the first test_directory() */
	atomic_bool directory_made;
	uint64_t seed;
	char log[CASE_LOG_SIZE];
};

extern struct case_shared *case_shared;

/* Adds one finished line of diagnostics, without its newline. */
void case_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Records a failure that is no CHECK of the case itself. */
void case_failure(const char *format, ...) __attribute__((format(printf, 1, 2)));

enum case_result { CASE_PASS, CASE_FAIL, CASE_SKIP };

/*
 * Runs the case in a child, waits for it, ends whatever it left running and
 * removes its directory. output is the descriptor that collects what it prints.
 */
enum case_result case_execute(const struct test_case *test, int output);

/* Removes a tree; entries whose directories forbid it are opened up first. */
int case_remove_tree(const char *path);

#endif
