/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The main function of every test program: runs the registered cases one after
 * the other and prints TAP. Arguments are patterns of case names; --list prints
 * the names. The exit status is 0 when nothing failed.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "case.h"

#define SHOWN_OUTPUT (16u << 10) /* the end of what a failed case printed */

static struct test_case *first, **last = &first;
static char scratch[256];
static uint64_t seed = 20;

void test_register(struct test_case *test)
{
	*last = test;
	last = &test->next;
}

static bool selected(const struct test_case *test, char **patterns)
{
	if (!*patterns)
		return true;
	for (; *patterns; patterns++)
		if (fnmatch(*patterns, test->name, 0) == 0)
			return true;
	return false;
}

/* Every line gets a "# ", control characters are made harmless. */
static void print_diagnostics(const char *text, size_t length)
{
	bool start = true;

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (start)
			fputs("# ", stdout);
		start = c == '\n';
		if (c == '\n' || c == '\t' || (c >= ' ' && c != 0x7f))
			putchar(c);
		else
			printf("\\x%02x", c);
	}
	if (!start)
		putchar('\n');
}

static void print_log(void)
{
	size_t used = atomic_load(&case_shared->used);

	print_diagnostics(case_shared->log, used < CASE_LOG_SIZE ? used : CASE_LOG_SIZE);
	if (used > CASE_LOG_SIZE)
		puts("# (more was said than the log holds)");
}

static void print_output(int output)
{
	static char text[SHOWN_OUTPUT];
	off_t length = lseek(output, 0, SEEK_END);
	off_t from = length > (off_t)sizeof(text) ? length - (off_t)sizeof(text) : 0;
	ssize_t got = pread(output, text, sizeof(text), from);

	if (got <= 0)
		return;
	puts("# it printed:");
	print_diagnostics(text, (size_t)got);
}

static void prepare(const struct test_case *test, unsigned number)
{
	memset(case_shared, 0, sizeof(*case_shared));
	snprintf(case_shared->directory, sizeof(case_shared->directory), "%s/%u", scratch, number);
	/* Each case has its own sequence, whatever ran before it. */
	case_shared->seed = seed;
	for (const char *c = test->name; *c; c++)
		case_shared->seed = case_shared->seed * 31 + (unsigned char)*c;
}

static const char *wrong_user(const struct test_options *options)
{
	if (options->root_only && geteuid() != 0)
		return "needs root";
	if (options->user_only && geteuid() == 0)
		return "needs an ordinary user";
	return NULL;
}

/* A reason is one line without TAP's own mark in it. */
static void print_skip(const char *reason)
{
	fputs(" # SKIP ", stdout);
	for (; *reason; reason++)
		putchar(*reason == '#' || (unsigned char)*reason < ' ' ? ' ' : *reason);
}

static bool run_case(const struct test_case *test, unsigned number)
{
	const char *unfit = wrong_user(&test->options);
	enum case_result result = CASE_SKIP;
	int output = -1;

	prepare(test, number);
	if (unfit) {
		snprintf(case_shared->skip, sizeof(case_shared->skip), "%s", unfit);
	} else {
		output = memfd_create("output", MFD_CLOEXEC);
		if (output < 0) {
			printf("Bail out! no memory for output: %s\n", strerror(errno));
			exit(1);
		}
		result = case_execute(test, output);
	}
	printf("%s %u - %s", result == CASE_FAIL ? "not ok" : "ok", number, test->name);
	if (result == CASE_SKIP)
		print_skip(case_shared->skip);
	putchar('\n');
	print_log();
	if (output >= 0) {
		if (result == CASE_FAIL)
			print_output(output);
		close(output);
	}
	fflush(stdout);
	return result != CASE_FAIL;
}

static void set_up(void)
{
	const char *base = getenv("TMPDIR"), *given = getenv("PAPRIKA_TEST_SEED");

	snprintf(scratch, sizeof(scratch), "%s/paprika-test-XXXXXX", base && *base ? base : "/tmp");
	case_shared = mmap(NULL, sizeof(*case_shared), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (case_shared == MAP_FAILED || !mkdtemp(scratch)) {
		printf("Bail out! cannot set up in %s: %s\n", scratch, strerror(errno));
		exit(1);
	}
	/* A case that becomes another user still reaches what it owns below. */
	chmod(scratch, 0711);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (given)
		seed = strtoull(given, NULL, 0);
	printf("# PAPRIKA_TEST_SEED=%llu\n", (unsigned long long)seed);
}

int main(int argc, char **argv)
{
	unsigned number = 0, failed = 0, total = 0;

	if (argc == 2 && strcmp(argv[1], "--list") == 0) {
		for (const struct test_case *test = first; test; test = test->next)
			puts(test->name);
		return 0;
	}
	for (const struct test_case *test = first; test; test = test->next)
		total += selected(test, argv + 1);
	if (total == 0) {
		fputs("Bail out! no case of that name\n", stdout);
		return 1;
	}
	set_up();
	printf("1..%u\n", total);
	for (const struct test_case *test = first; test; test = test->next)
		if (selected(test, argv + 1))
			failed += !run_case(test, ++number);
	if (case_remove_tree(scratch) < 0)
		printf("# %s cannot be removed: %s\n", scratch, strerror(errno));
	return failed != 0;
}
