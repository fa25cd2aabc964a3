/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cases with known endings, most of them wrong. test_harness runs this program
 * and reads what it says; it is no test of its own.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

TEST(passes)
{
	CHECK(1);
	CHECK_EQ(2 + 2, 4);
	CHECK_STR("same", "same");
	CHECK_STR(NULL, NULL);
	CHECK_HAS("haystack", "st");
	CHECK_ERRNO(open("/nonexistent/file", O_RDONLY), ENOENT);
	REQUIRE(1);
}

TEST(fails_check)
{
	CHECK(1 > 2);
}

TEST(fails_eq)
{
	CHECK_EQ(40 + 1, 42);
}

TEST(fails_str)
{
	CHECK_STR("left", "lent");
}

TEST(fails_str_null)
{
	CHECK_STR("left", NULL);
}

TEST(fails_has)
{
	CHECK_HAS("haystack", "needle");
}

TEST(fails_errno_other)
{
	CHECK_ERRNO(open("/nonexistent/file", O_RDONLY), EACCES);
}

TEST(fails_errno_success)
{
	CHECK_ERRNO(0, ENOENT);
}

TEST(fails_then_goes_on)
{
	CHECK(1 > 2);
	test_note("still here");
}

TEST(require_stops)
{
	REQUIRE(1 > 2);
	test_note("still here");
}

TEST(dies_as_declared, .dies_of = SIGSYS)
{
	raise(SIGSYS);
}

TEST(dies_otherwise, .dies_of = SIGSYS)
{
	signal(SIGTERM, SIG_DFL);
	raise(SIGTERM);
}

TEST(survives_its_death, .dies_of = SIGSYS)
{
	CHECK(1);
}

TEST(dies_after_a_failure, .dies_of = SIGSYS)
{
	CHECK(1 > 2);
	raise(SIGSYS);
}

TEST(dies_undeclared)
{
	CHECK(1);
	raise(SIGSEGV);
}

TEST(exits_as_declared, .exits_with = 7)
{
	_exit(7);
}

TEST(exits_otherwise, .exits_with = 7)
{
	_exit(8);
}

TEST(exits_not, .exits_with = 7)
{
	CHECK(1);
}

TEST(exits_silently)
{
	CHECK(1);
	_exit(0);
}

TEST(checks_nothing)
{
}

TEST(never_ends, .timeout = 1)
{
	CHECK(1);
	for (;;)
		pause();
}

TEST(leaks_descriptor)
{
	CHECK(open("/dev/null", O_RDONLY) >= 0);
}

TEST(leaves_descriptor, .leaves_fds = 1)
{
	CHECK(open("/dev/null", O_RDONLY) >= 0);
}

TEST(leaves_none, .leaves_fds = 1)
{
	CHECK(1);
}

TEST(closes_one_opens_another)
{
	CHECK(1);
	close(0);
}

TEST(leak_in_sandbox_counts_not, .sandboxed = true)
{
	CHECK(open("/dev/null", O_RDONLY) >= 0);
}

TEST(skips)
{
	SKIP("needs %s #1", "luck");
}

TEST(skips_after_a_failure)
{
	CHECK(1 > 2);
	SKIP("too late");
}

TEST(root_only, .root_only = true)
{
	CHECK_EQ(geteuid(), 0);
}

TEST(user_only, .user_only = true)
{
	CHECK(geteuid() != 0);
}

TEST(child_fails)
{
	pid_t pid = fork();

	if (pid == 0) {
		CHECK_EQ(1, 2);
		_exit(0);
	}
	CHECK_EQ(waitpid(pid, NULL, 0), pid);
}

TEST(child_returns)
{
	pid_t pid = fork();

	if (pid == 0)
		return;
	CHECK_EQ(waitpid(pid, NULL, 0), pid);
}

/* Leaves a process that left its session; what it holds tells test_harness that it lives. */
TEST(leaves_process, .leaves_fds = 1)
{
	const char *held = getenv("SAMPLE_HELD");
	int fd = held ? open(held, O_RDWR) : -1;

	REQUIRE(fd >= 0);
	if (fork() == 0) {
		setsid();
		if (fork() == 0)
			for (;;)
				pause();
		_exit(0);
	}
	CHECK(1);
}

TEST(prints)
{
	printf("out\x1b[31m\n");
	fprintf(stderr, "err\n");
	CHECK_EQ(1, 2);
}

TEST(directory)
{
	const char *directory = test_directory();

	REQUIRE(chdir(directory) == 0);
	CHECK_EQ(mkdir("locked", 0700), 0);
	CHECK_EQ(mkdir("locked/inner", 0700), 0);
	CHECK_EQ(symlink("/etc", "locked/link"), 0);
	CHECK_EQ(chmod("locked", 0), 0);
	CHECK_STR(directory, test_directory());
	test_note("directory %s", directory);
}

TEST(random)
{
	uint64_t seen = 0;

	for (int i = 0; i < 1000; i++) {
		uint64_t value = test_random_below(7);

		CHECK(value < 7);
		seen |= 1u << value;
	}
	CHECK_EQ(seen, 127);
	test_note("random %llx", (unsigned long long)test_random());
}

TEST(runs_programs)
{
	struct test_output output = test_run((const char *[]){"sh", "-c", "echo a; echo b >&2; exit 3",
							      NULL});

	CHECK_STR(output.text, "a\nb\n");
	CHECK_EQ(output.length, 4);
	CHECK(WIFEXITED(output.status) && WEXITSTATUS(output.status) == 3);
	free(output.text);
	output = test_run((const char *[]){"/nonexistent/program", NULL});
	CHECK_HAS(output.text, "cannot execute /nonexistent/program");
	CHECK(WIFEXITED(output.status) && WEXITSTATUS(output.status) == 127);
	free(output.text);
}

TEST(long_log)
{
	for (int i = 0; i < 4000; i++)
		test_note("%0100d", i);
	CHECK(1);
}
