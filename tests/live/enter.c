/* SPDX-License-Identifier: BSD-2-Clause */
/* The native API on the running kernel: a process confines itself. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"
#include "paprika.h"

static char path[4096];

/* Asked for before anything is confined: making it needs more than a sandbox grants. */
static const char *directory(void)
{
	static const char *made;

	if (!made)
		made = test_directory();
	return made;
}

/* A file in the case's directory, with one byte in it. */
static const char *make_file(const char *name)
{
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory(), name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	REQUIRE(fd >= 0);
	CHECK_EQ(write(fd, "x", 1), 1);
	close(fd);
	return path;
}

static int try_open(const char *name, int flags)
{
	int fd = open(name, flags | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? -1 : 0;
}

static paprika_policy *policy_of(const char *promises, unsigned access)
{
	paprika_policy *policy = paprika_policy_new();
	struct paprika_error why = {0};

	REQUIRE(policy);
	CHECK_EQ(paprika_promise(policy, promises, &why), 0);
	if (access)
		CHECK_EQ(paprika_allow_path(policy, directory(), access, &why), 0);
	return policy;
}

/*
 * Without Landlock every policy is refused, by name, and nothing changes: the case is then
 * over. Called before what only counts where files can be enforced.
 */
static void files_are_enforced_or_refused(void)
{
	struct paprika_error why = {0};
	paprika_policy *policy;

	if (!test_kernel_lacks("files"))
		return;
	policy = policy_of("stdio rpath", 0);
	CHECK_EQ(paprika_enter(policy, &why), -EOPNOTSUPP);
	CHECK_HAS(why.message, "this kernel cannot enforce: files ");
	CHECK_EQ(try_open("/etc/passwd", O_RDONLY), 0);
	paprika_policy_free(policy);
	SKIP("refused: this kernel cannot enforce files");
}

TEST(reads_what_is_granted_and_nothing_else, .sandboxed = true)
{
	struct paprika_error why = {0};
	const char *file = make_file("file");

	files_are_enforced_or_refused();
	CHECK_EQ(try_open("/etc/passwd", O_RDONLY), 0);
	CHECK_EQ(try_open(file, O_RDWR), 0);
	if (!CHECK_EQ(paprika_enter(policy_of("stdio rpath", PAPRIKA_READ), &why), 0))
		test_note("%s", why.message);
	CHECK_EQ(try_open(file, O_RDONLY), 0);
	CHECK_ERRNO(try_open("/etc/passwd", O_RDONLY), EACCES);
	CHECK(try_open(file, O_RDWR) < 0);
}

TEST(writes_where_granted, .sandboxed = true)
{
	const char *file = make_file("file");
	char other[64];

	files_are_enforced_or_refused();
	snprintf(other, sizeof(other), "/tmp/paprika-enter-%d", (int)getpid());
	CHECK_EQ(close(open(other, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)), 0);
	CHECK_EQ(unlink(other), 0);
	CHECK_EQ(paprika_enter(policy_of("stdio rpath wpath cpath", PAPRIKA_READ | PAPRIKA_WRITE),
			       NULL), 0);
	CHECK_EQ(try_open(file, O_RDWR | O_TRUNC), 0);
	CHECK_ERRNO(open(other, O_WRONLY | O_CREAT | O_CLOEXEC, 0600), EACCES);
}

TEST(metadata_is_refused_without_a_supervisor, .sandboxed = true)
{
	const char *file = make_file("file");

	files_are_enforced_or_refused();
	CHECK_EQ(chmod(file, 0644), 0);
	CHECK_EQ(paprika_enter(policy_of("stdio rpath wpath fattr", PAPRIKA_READ | PAPRIKA_WRITE),
			       NULL), 0);
	CHECK_ERRNO(chmod(file, 0600), EPERM);
	CHECK_ERRNO(chmod("/tmp", 01777), EPERM);
}

TEST(sockets_need_a_promise, .sandboxed = true)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	files_are_enforced_or_refused();
	REQUIRE(fd >= 0);
	close(fd);
	CHECK_EQ(paprika_enter(policy_of("stdio", 0), NULL), 0);
	CHECK(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) < 0);
}

TEST(entering_again_only_narrows, .sandboxed = true)
{
	const char *file = make_file("file");

	files_are_enforced_or_refused();
	CHECK_EQ(paprika_enter(policy_of("stdio rpath unveil", PAPRIKA_READ), NULL), 0);
	CHECK_EQ(try_open(file, O_RDONLY), 0);
	CHECK_EQ(paprika_enter(policy_of("stdio rpath wpath", PAPRIKA_READ | PAPRIKA_WRITE), NULL),
		 0);
	CHECK(try_open(file, O_WRONLY) < 0);
	CHECK_EQ(try_open(file, O_RDONLY), 0);
}

TEST(a_missing_path_changes_nothing)
{
	paprika_policy *policy = policy_of("stdio rpath", 0);
	struct paprika_error why = {0};

	files_are_enforced_or_refused();
	CHECK_EQ(paprika_allow_path(policy, "/does/not/exist", PAPRIKA_READ, &why), 0);
	CHECK_EQ(paprika_enter(policy, &why), -ENOENT);
	CHECK_HAS(why.message, "/does/not/exist");
	CHECK_EQ(try_open("/etc/passwd", O_RDONLY), 0);
	paprika_policy_free(policy);
}

TEST(what_only_a_launcher_can_do_is_refused)
{
	static const char text[] = "[limits]\nfiles = 10\n";
	paprika_policy *policy = policy_of("stdio", 0);
	struct paprika_error why = {0};

	CHECK_EQ(paprika_policy_parse(policy, text, sizeof(text) - 1, "test", &why), 0);
	CHECK_EQ(paprika_enter(policy, &why), -EINVAL);
	CHECK_HAS(why.message, "limits");
	CHECK_EQ(try_open("/etc/passwd", O_RDONLY), 0);
	paprika_policy_free(policy);
}

TEST(bad_arguments_have_documented_codes)
{
	paprika_policy *policy = paprika_policy_new();
	struct paprika_error why = {0};

	REQUIRE(policy);
	CHECK_EQ(paprika_allow_path(policy, NULL, PAPRIKA_READ, &why), -EINVAL);
	CHECK_EQ(paprika_allow_path(policy, "", PAPRIKA_READ, &why), -EINVAL);
	CHECK_EQ(paprika_allow_path(policy, "/etc", 0, &why), -EINVAL);
	CHECK_EQ(paprika_allow_path(policy, "/etc", 64, &why), -EINVAL);
	CHECK_EQ(paprika_allow_port(policy, PAPRIKA_CONNECT, PAPRIKA_TCP, 70000, &why), -EINVAL);
	CHECK_EQ(paprika_promise(policy, NULL, &why), -EINVAL);
	CHECK_EQ(paprika_promise(policy, "stdio rpaht", &why), -EINVAL);
	CHECK_HAS(why.hint, "rpath");
	CHECK_EQ(paprika_waive(policy, "nonsense", &why) < 0 || paprika_enter(policy, &why) < 0, 1);
	paprika_policy_free(policy);
	paprika_policy_free(NULL);
}

TEST(printed_policies_parse_again)
{
	paprika_policy *policy = policy_of("stdio rpath", PAPRIKA_READ);
	paprika_policy *again = paprika_policy_new();
	char *text = paprika_policy_print(policy);

	REQUIRE(text && again);
	CHECK_EQ(paprika_policy_parse(again, text, strlen(text), "again", NULL), 0);
	CHECK_EQ(paprika_policy_within(again, policy, NULL), 0);
	CHECK_EQ(paprika_policy_within(policy, again, NULL), 0);
	CHECK_EQ(paprika_allow_path(again, "/etc", PAPRIKA_WRITE, NULL), 0);
	CHECK_EQ(paprika_policy_within(again, policy, NULL), -EPERM);
	free(text);
	paprika_policy_free(policy);
	paprika_policy_free(again);
}

static int release[2];

static void *idle(void *unused)
{
	char byte;

	(void)unused;
	CHECK_EQ(read(release[0], &byte, 1), 0);
	return (void *)(intptr_t)try_open("/etc/passwd", O_RDONLY);
}

/* Either every thread is bound, or the call fails and nothing is. */
TEST(other_threads_are_bound_or_it_fails, .sandboxed = true)
{
	struct paprika_error why = {0};
	pthread_t thread;
	void *opened;
	int rc;

	files_are_enforced_or_refused();
	REQUIRE(pipe2(release, O_CLOEXEC) == 0);
	REQUIRE(pthread_create(&thread, NULL, idle, NULL) == 0);
	rc = paprika_enter(policy_of("stdio rpath", PAPRIKA_READ), &why);
	close(release[1]);
	REQUIRE(pthread_join(thread, &opened) == 0);
	if (rc == 0) {
		CHECK_EQ((intptr_t)opened, -1);
		CHECK(try_open("/etc/passwd", O_RDONLY) < 0);
	} else {
		CHECK_EQ(rc, -EBUSY);
		CHECK_EQ((intptr_t)opened, 0);
		CHECK_EQ(try_open("/etc/passwd", O_RDONLY), 0);
	}
}
