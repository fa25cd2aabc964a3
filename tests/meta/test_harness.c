/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The harness, judged by what it says about cases whose endings are known. Were
 * it to call a failure a success, no other test would be worth anything.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

/* Runs one sample; the whole output, which the caller frees. */
static char *sample(const char *name, bool *succeeded)
{
	static const char program[] = "harness-samples";
	struct test_output output;
	char path[512];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - sizeof(program));

	REQUIRE(length > 0);
	path[length] = '\0';
	/* The samples lie beside this program. */
	strcpy(strrchr(path, '/') + 1, program);
	output = test_run((const char *[]){path, name, NULL});
	*succeeded = WIFEXITED(output.status) && WEXITSTATUS(output.status) == 0;
	return output.text;
}

static void passes(const char *name, const char *said)
{
	bool succeeded;
	char *text = sample(name, &succeeded), line[128];

	snprintf(line, sizeof(line), "\n1..1\nok 1 - %s\n", name);
	CHECK(succeeded);
	CHECK_HAS(text, line);
	if (said)
		CHECK_HAS(text, said);
	free(text);
}

static void fails(const char *name, const char *said)
{
	bool succeeded;
	char *text = sample(name, &succeeded), line[128];

	snprintf(line, sizeof(line), "\n1..1\nnot ok 1 - %s\n", name);
	CHECK(!succeeded);
	CHECK_HAS(text, line);
	CHECK_HAS(text, said);
	free(text);
}

static void skips(const char *name, const char *reason)
{
	bool succeeded;
	char *text = sample(name, &succeeded), line[256];

	snprintf(line, sizeof(line), "\nok 1 - %s # SKIP %s\n", name, reason);
	CHECK(succeeded);
	CHECK_HAS(text, line);
	free(text);
}

TEST(success_is_reported)
{
	passes("passes", NULL);
}

TEST(each_check_fails_with_both_sides)
{
	fails("fails_check", "not true: 1 > 2");
	fails("fails_eq", "40 + 1 is 41 (0x29)\n#     and 42 is 42");
	fails("fails_str", "differs from \"lent\" at byte 2");
	fails("fails_str_null", "(null)");
	fails("fails_has", "\"needle\" is missing");
	fails("fails_errno_other", "failed with errno 2");
	fails("fails_errno_success", "gave 0, not -1 with errno 2");
	fails("fails_eq", "harness_samples.c:");
}

TEST(check_goes_on_and_require_stops)
{
	bool succeeded;
	char *text;

	fails("fails_then_goes_on", "# still here");
	text = sample("require_stops", &succeeded);
	CHECK(!succeeded);
	CHECK(!strstr(text, "still here"));
	CHECK(!strstr(text, "ended before its end"));
	free(text);
}

TEST(death_must_be_the_declared_one)
{
	passes("dies_as_declared", NULL);
	fails("dies_otherwise", "died of signal 15 (Terminated), should have died of signal 31");
	fails("survives_its_death", "returned, should have died of signal 31");
	fails("dies_after_a_failure", "not true: 1 > 2");
	fails("dies_undeclared", "ended before its end: died of signal 11");
}

TEST(exit_must_be_the_declared_one)
{
	passes("exits_as_declared", NULL);
	fails("exits_otherwise", "exited with status 8, should have exited with status 7");
	fails("exits_not", "returned, should have exited with status 7");
	fails("exits_silently", "ended before its end: exited with status 0");
}

TEST(a_case_must_check_something)
{
	fails("checks_nothing", "without having checked anything");
}

TEST(time_is_limited)
{
	fails("never_ends", "not at its end after 1 seconds");
}

TEST(descriptors_are_counted)
{
	fails("leaks_descriptor", "/dev/null");
	passes("leaves_descriptor", NULL);
	fails("leaves_none", "0 more descriptors are open than before, 1 declared");
	fails("closes_one_opens_another", "was closed");
	passes("leak_in_sandbox_counts_not", NULL);
}

TEST(skips_are_reported_with_their_reason)
{
	skips("skips", "needs luck  1");
	fails("skips_after_a_failure", "not true");
	if (geteuid() == 0)
		skips("user_only", "needs an ordinary user");
	else
		skips("root_only", "needs root");
	passes(geteuid() == 0 ? "root_only" : "user_only", NULL);
}

TEST(children_of_a_case_count)
{
	fails("child_fails", "1 is 1 (0x1)");
	fails("child_returns", "a child of the case returned from it");
}

/* The sample leaves a process that holds a FIFO open: end of file means that it is gone. */
TEST(nothing_stays_running)
{
	char path[512], byte;
	int fd;

	snprintf(path, sizeof(path), "%s/fifo", test_directory());
	REQUIRE(mkfifo(path, 0600) == 0);
	REQUIRE(setenv("SAMPLE_HELD", path, 1) == 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	REQUIRE(fd >= 0);
	passes("leaves_process", NULL);
	CHECK_EQ(read(fd, &byte, 1), 0);
	close(fd);
}

TEST(output_is_shown_when_a_case_fails)
{
	fails("prints", "# it printed:\n");
	fails("prints", "# out\\x1b[31m\n");
	fails("prints", "# err\n");
}

TEST(directory_is_removed_whatever_it_holds)
{
	bool succeeded;
	char *text = sample("directory", &succeeded), *path, *end;

	CHECK(succeeded);
	path = strstr(text, "# directory ");
	REQUIRE(path);
	path += strlen("# directory ");
	end = strchr(path, '\n');
	REQUIRE(end);
	*end = '\0';
	CHECK(path[0] == '/');
	CHECK(access(path, F_OK) < 0);
	*strrchr(path, '/') = '\0';
	CHECK(access(path, F_OK) < 0);
	free(text);
}

TEST(random_numbers_follow_the_seed)
{
	bool succeeded;
	char *first, *second, *other;

	passes("random", "# random ");
	first = sample("random", &succeeded);
	second = sample("random", &succeeded);
	CHECK_STR(first, second);
	setenv("PAPRIKA_TEST_SEED", "77", 1);
	other = sample("random", &succeeded);
	CHECK_HAS(other, "# PAPRIKA_TEST_SEED=77");
	CHECK(strcmp(strstr(first, "# random"), strstr(other, "# random")) != 0);
	free(first);
	free(second);
	free(other);
}

TEST(programs_are_run)
{
	passes("runs_programs", NULL);
}

TEST(a_log_that_is_too_long_is_cut)
{
	passes("long_log", "more was said than the log holds");
}

TEST(an_unknown_name_is_no_success)
{
	bool succeeded;
	char *text = sample("no_such_case", &succeeded);

	CHECK(!succeeded);
	CHECK_HAS(text, "Bail out!");
	free(text);
}
