/* SPDX-License-Identifier: BSD-2-Clause */
/* unveil: what it answers, and what is left of the file system after the lock. */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>

#include "pledge_case.h"

static char base[PATH_MAX];

static const char *in(const char *name)
{
	static char paths[8][PATH_MAX + 256];
	static unsigned next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", base, name);
	return path;
}

static void make(const char *name)
{
	int fd = open(in(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	REQUIRE(fd >= 0);
	CHECK_EQ(write(fd, "x", 1), 1);
	close(fd);
}

/* Without Landlock unveil says so and changes nothing; the case is then over. */
static void unveils_or_is_refused(void)
{
	if (!test_kernel_lacks("files"))
		return;
	CHECK_ERRNO(unveil("/usr", "r"), ENOSYS);
	CHECK_ERRNO(unveil(NULL, NULL), ENOSYS);
	CHECK_EQ(access("/etc/passwd", R_OK), 0);
	SKIP("refused: this kernel cannot enforce files");
}

/* base/ open/{file,sub/{file,secret/{file}}} hidden/{file} */
static void prepare(void)
{
	unveils_or_is_refused();
	snprintf(base, sizeof(base), "%s", test_directory());
	REQUIRE(mkdir(in("open"), 0700) == 0 && mkdir(in("hidden"), 0700) == 0);
	REQUIRE(mkdir(in("open/sub"), 0700) == 0 && mkdir(in("open/sub/secret"), 0700) == 0);
	make("open/file");
	make("open/other");
	make("open/sub/file");
	make("open/sub/secret/file");
	make("hidden/file");
}

static int opens(const char *name, int flags)
{
	int fd = open(in(name), flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? errno : 0;
}

static void lock(void)
{
	CHECK_EQ(unveil(NULL, NULL), 0);
}

/* ---- answers ----------------------------------------------------------------------------- */

TEST(what_makes_no_sense)
{
	char *long_path = malloc(65536);

	unveils_or_is_refused();
	REQUIRE(long_path);
	memset(long_path, 'x', 65535);
	long_path[65535] = '\0';
	CHECK_ERRNO(unveil("/", "q"), EINVAL);
	CHECK_ERRNO(unveil("/", "r w"), EINVAL);
	CHECK_ERRNO(unveil("", "r"), EINVAL);
	CHECK_ERRNO(unveil("/", "rwxcr"), ENAMETOOLONG);
	CHECK_ERRNO(unveil(long_path, "r"), ENAMETOOLONG);
	CHECK_ERRNO(unveil("/", NULL), EFAULT);
	CHECK_ERRNO(unveil(NULL, "r"), EFAULT);
	CHECK_ERRNO(unveil((char *)1, "r"), EFAULT);
	CHECK_ERRNO(unveil("/", (char *)1), EFAULT);
	CHECK_ERRNO(unveil("/does/not/exist", "r"), ENOENT);
	CHECK_ERRNO(unveil("/etc/passwd/below", "r"), ENOTDIR);
	free(long_path);
	/* nothing was unveiled, so that the lock restricts nothing */
	CHECK_EQ(unveil(NULL, NULL), 0);
	CHECK_EQ(close(open("/etc/passwd", O_RDONLY)), 0);
	CHECK_ERRNO(unveil("/", "r"), EPERM);
	CHECK_ERRNO(unveil((char *)1, "r"), EPERM);
	CHECK_EQ(unveil(NULL, NULL), 0);
}

TEST(repeated_letters_in_any_order, .sandboxed = true)
{
	prepare();
	CHECK_EQ(unveil(in("open"), "crwx"), 0);
	CHECK_EQ(unveil(in("open"), "rrrr"), 0);
	lock();
	CHECK_EQ(opens("open/file", O_RDONLY), 0);
	CHECK_EQ(opens("open/file", O_WRONLY), EACCES); /* the last call counts */
}

TEST(too_many)
{
	char name[64];

	prepare();
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "open/n%d", i);
		if (i < 128)
			CHECK_EQ(unveil(in(name), "r"), 0);
		else
			CHECK_ERRNO(unveil(in(name), "r"), E2BIG);
	}
	CHECK_EQ(unveil(in("open/n5"), "rw"), 0); /* known already */
	for (int i = 0; i < 128; i++) {
		snprintf(name, sizeof(name), "open/d%d", i);
		REQUIRE(mkdir(in(name), 0700) == 0);
		CHECK_EQ(unveil(in(name), "r"), 0);
	}
	CHECK_ERRNO(unveil(in("open/sub"), "r"), E2BIG);
}

/* ---- what the letters mean --------------------------------------------------------------- */

TEST(only_what_was_unveiled, .sandboxed = true)
{
	prepare();
	CHECK_EQ(opens("hidden/file", O_RDONLY), 0);
	CHECK_EQ(unveil(in("open"), "r"), 0);
	lock();
	CHECK_EQ(opens("open/file", O_RDONLY), 0);
	CHECK_EQ(opens("open/sub/secret/file", O_RDONLY), 0);
	CHECK_EQ(opens("open", O_RDONLY | O_DIRECTORY), 0);
	CHECK_EQ(opens("open/file", O_WRONLY), EACCES);
	CHECK_EQ(opens("open/new", O_WRONLY | O_CREAT), EACCES);
	CHECK_EQ(opens("hidden/file", O_RDONLY), EACCES);
	CHECK_EQ(opens("open/../hidden/file", O_RDONLY), EACCES);
	CHECK_ERRNO(open("/etc/passwd", O_RDONLY), EACCES);
	CHECK_ERRNO(unlink(in("open/file")), EACCES);
}

struct letters_row {
	const char *letters;
	int read, write, create, remove, list;
};

static const struct letters_row *row;

static int act_letters(void)
{
	if (unveil(in("open"), row->letters) < 0 || unveil(NULL, NULL) < 0)
		return 1;
	if (opens("open/file", O_RDONLY) != row->read)
		return 2;
	if (opens("open/file", O_WRONLY | O_TRUNC) != row->write)
		return 3;
	if (opens("open", O_RDONLY | O_DIRECTORY) != row->list)
		return 4;
	if ((mkdir(in("open/made"), 0700) < 0 ? errno : 0) != row->create)
		return 5;
	if ((unlink(in("open/other")) < 0 ? errno : 0) != row->remove)
		return 6;
	return 0;
}

TEST(letters)
{
	static const struct letters_row rows[] = {
	    {"", EACCES, EACCES, EACCES, EACCES, EACCES},
	    {"r", 0, EACCES, EACCES, EACCES, 0},
	    {"w", EACCES, 0, EACCES, EACCES, EACCES},
	    {"c", EACCES, EACCES, 0, 0, EACCES},
	    {"rw", 0, 0, EACCES, EACCES, 0},
	    {"rwc", 0, 0, 0, 0, 0},
	    /* the kernel reads what it executes */
	    {"x", 0, EACCES, EACCES, EACCES, EACCES},
	};

	prepare();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		row = &rows[i];
		if (!CHECK_EQ(pledge_result(NULL, act_letters), 0))
			test_note("letters \"%s\"", row->letters);
		rmdir(in("open/made"));
		make("open/other");
	}
}

TEST(execution_needs_x, .sandboxed = true)
{
	char *const arguments[] = {(char[]){"true"}, NULL};
	int status;
	pid_t child;

	unveils_or_is_refused();
	CHECK_EQ(unveil("/bin/true", "x"), 0);
	lock();
	child = fork();
	if (!child) {
		execv("/bin/true", arguments);
		_exit(99);
	}
	REQUIRE(waitpid(child, &status, 0) == child);
	CHECK_EQ(status, 0);
	child = fork();
	if (!child) {
		execv("/bin/false", arguments);
		_exit(errno);
	}
	REQUIRE(waitpid(child, &status, 0) == child);
	CHECK_EQ(WEXITSTATUS(status), EACCES);
}

static int act_veiled_exec(void)
{
	char *const arguments[] = {(char[]){"true"}, NULL};

	if (unveil("/bin/true", "x") < 0 || pledge("stdio exec", NULL) < 0)
		return 1;
	/* what comes with executing is no permission to read the rest */
	if (opens("hidden/file", O_RDONLY) != EACCES ||
	    open("/usr/share/zoneinfo/../doc", O_RDONLY) >= 0 || open("/usr/bin/env", O_RDONLY) >= 0)
		return 2;
	if (execv("/bin/false", arguments) != -1 || errno != EACCES)
		return 3;
	execv("/bin/true", arguments);
	return errno;
}

TEST(execution_without_reading, .sandboxed = true)
{
	prepare();
	CHECK_EQ(close(open("/usr/bin/env", O_RDONLY)), 0);
	CHECK_EQ(pledge_result(NULL, act_veiled_exec), 0);
}

/* ---- narrower within wider --------------------------------------------------------------- */

TEST(the_most_specific_wins, .sandboxed = true)
{
	prepare();
	CHECK_EQ(unveil(in("open"), "rw"), 0);
	CHECK_EQ(unveil(in("open/sub/secret"), ""), 0);
	CHECK_EQ(unveil(in("open/other"), "r"), 0);
	CHECK_EQ(unveil(in("open/sub"), "r"), 0);
	lock();
	CHECK_EQ(opens("open/file", O_RDWR), 0);
	CHECK_EQ(opens("open/other", O_RDONLY), 0);
	CHECK_EQ(opens("open/other", O_RDWR), EACCES);
	CHECK_EQ(opens("open/sub/file", O_RDONLY), 0);
	CHECK_EQ(opens("open/sub/file", O_RDWR), EACCES);
	CHECK_EQ(opens("open/sub/secret/file", O_RDONLY), EACCES);
	CHECK_EQ(opens("open/sub/secret", O_RDONLY | O_DIRECTORY), EACCES);
}

TEST(wider_within_narrower, .sandboxed = true)
{
	prepare();
	CHECK_EQ(unveil("/", "r"), 0);
	CHECK_EQ(unveil(in("hidden"), ""), 0);
	CHECK_EQ(unveil(in("open"), "rwc"), 0);
	lock();
	CHECK_EQ(close(open("/etc/passwd", O_RDONLY)), 0);
	CHECK_EQ(opens("open/new", O_WRONLY | O_CREAT), 0);
	CHECK_EQ(opens("hidden/file", O_RDONLY), EACCES);
}

/* What would be open again under another name makes the lock fail. */
TEST(a_hidden_directory_that_moved)
{
	prepare();
	CHECK_EQ(unveil(in("open"), "r"), 0);
	CHECK_EQ(unveil(in("open/sub/secret"), ""), 0);
	CHECK_EQ(rename(in("open/sub/secret"), in("open/moved")), 0);
	CHECK_ERRNO(unveil(NULL, NULL), ESTALE);
	CHECK_EQ(opens("hidden/file", O_RDONLY), 0);
	CHECK_EQ(rename(in("open/moved"), in("open/sub/secret")), 0);
}

TEST(a_directory_in_the_place_of_another, .sandboxed = true)
{
	prepare();
	CHECK_EQ(unveil(in("open"), "r"), 0);
	CHECK_EQ(rename(in("open"), in("moved")), 0);
	CHECK_EQ(rename(in("hidden"), in("open")), 0);
	lock();
	CHECK_EQ(opens("open/file", O_RDONLY), EACCES);
}

/* ---- names ------------------------------------------------------------------------------- */

TEST(a_file_that_is_not_there_yet, .sandboxed = true)
{
	prepare();
	CHECK_EQ(unveil(in("hidden/output"), "wc"), 0);
	lock();
	CHECK_EQ(opens("hidden/output", O_WRONLY | O_CREAT | O_TRUNC), 0);
	CHECK_EQ(opens("hidden/output", O_RDONLY), EACCES);
	CHECK_EQ(opens("hidden/file", O_WRONLY), EACCES);
	CHECK_EQ(opens("hidden/another", O_WRONLY | O_CREAT), EACCES);
}

TEST(a_name_that_may_not_be_made_is_not_made, .sandboxed = true)
{
	prepare();
	CHECK_EQ(unveil(in("hidden/output"), "r"), 0);
	lock();
	CHECK_EQ(access(in("hidden/output"), F_OK), -1);
}

TEST(links_are_followed_when_unveiling, .sandboxed = true)
{
	prepare();
	CHECK_EQ(symlink("hidden/file", in("link")), 0);
	CHECK_EQ(symlink("hidden/later", in("dangling")), 0);
	CHECK_EQ(symlink("loop", in("loop")), 0);
	CHECK_EQ(unveil(in("link"), "r"), 0);
	CHECK_EQ(unveil(in("dangling"), "rwc"), 0);
	CHECK_ERRNO(unveil(in("loop"), "r"), ELOOP);
	lock();
	CHECK_EQ(opens("link", O_RDONLY), 0);
	CHECK_EQ(opens("hidden/file", O_RDONLY), 0);
	CHECK_EQ(opens("dangling", O_RDWR), 0);
	CHECK_EQ(opens("open/file", O_RDONLY), EACCES);
}

/* A link within what was unveiled leads out of it in vain. */
TEST(links_lead_nowhere, .sandboxed = true)
{
	prepare();
	CHECK_EQ(symlink(in("hidden/file"), in("open/link")), 0);
	CHECK_EQ(opens("open/link", O_RDONLY), 0);
	CHECK_EQ(unveil(in("open"), "rwc"), 0);
	lock();
	CHECK_EQ(opens("open/link", O_RDONLY), EACCES);
	CHECK_EQ(symlink(in("hidden/file"), in("open/another")), 0);
	CHECK_EQ(opens("open/another", O_RDONLY), EACCES);
}

TEST(relative_paths_and_directories_from_before, .sandboxed = true)
{
	int fd;

	prepare();
	fd = open(in("hidden"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	REQUIRE(fd >= 0);
	REQUIRE(chdir(base) == 0);
	CHECK_EQ(unveil("open", "r"), 0);
	lock();
	CHECK_EQ(close(open("open/file", O_RDONLY)), 0);
	CHECK_ERRNO(openat(fd, "file", O_RDONLY), EACCES);
	CHECK_EQ(fchdir(fd), 0);
	CHECK_ERRNO(open("file", O_RDONLY), EACCES);
}

/* ---- what Landlock does not judge -------------------------------------------------------- */

TEST(metadata_by_name_is_refused, .sandboxed = true)
{
	int fd;

	prepare();
	CHECK_EQ(chmod(in("hidden/file"), 0600), 0);
	CHECK_EQ(setxattr(in("hidden/file"), "user.test", "x", 1, 0) == 0 || errno == EOPNOTSUPP, 1);
	CHECK_EQ(unveil(in("open"), "rwc"), 0);
	lock();
	CHECK_ERRNO(chmod(in("hidden/file"), 0644), EPERM);
	CHECK_ERRNO(chmod(in("open/file"), 0644), EPERM);
	CHECK_ERRNO(chown(in("hidden/file"), geteuid(), getegid()), EPERM);
	CHECK_ERRNO(utimensat(AT_FDCWD, in("hidden/file"), NULL, 0), EPERM);
	CHECK_ERRNO(setxattr(in("hidden/file"), "user.test", "y", 1, 0), EPERM);
	fd = open(in("open/file"), O_RDWR | O_CLOEXEC);
	CHECK_EQ(fchmod(fd, 0644), 0);
	CHECK_EQ(futimens(fd, NULL), 0);
}

TEST(renaming_between_unveiled_directories, .sandboxed = true)
{
	prepare();
	CHECK_EQ(unveil(in("open"), "rwc"), 0);
	CHECK_EQ(unveil(in("hidden"), "rwc"), 0);
	CHECK_EQ(pledge("stdio rpath wpath cpath unveil", NULL), 0);
	lock();
	CHECK_EQ(rename(in("open/file"), in("hidden/moved")), 0);
	CHECK_ERRNO(rename(in("hidden/moved"), in("outside")), EACCES);
	/* one layer more, and another */
	CHECK_EQ(pledge("stdio rpath cpath", NULL), 0);
	CHECK_EQ(rename(in("hidden/moved"), in("open/file")), 0);
	CHECK_EQ(pledge("stdio rpath cpath", ""), 0);
	CHECK_EQ(rename(in("open/file"), in("hidden/moved")), 0);
}

TEST(hard_links_into_what_was_unveiled, .sandboxed = true)
{
	prepare();
	CHECK_EQ(link(in("hidden/file"), in("open/before")), 0);
	CHECK_EQ(unlink(in("open/before")), 0);
	CHECK_EQ(unveil(in("open"), "rwc"), 0);
	lock();
	CHECK(link(in("hidden/file"), in("open/linked")) < 0);
	CHECK_EQ(access(in("open/linked"), F_OK), -1);
	CHECK_EQ(link(in("open/file"), in("open/linked")), 0);
}

/* ---- together with pledge ---------------------------------------------------------------- */

TEST(a_pledge_without_unveil_enforces, .sandboxed = true)
{
	prepare();
	CHECK_EQ(unveil(in("open"), "r"), 0);
	CHECK_EQ(pledge("stdio rpath unveil", NULL), 0);
	CHECK_EQ(opens("hidden/file", O_RDONLY), 0); /* not yet */
	CHECK_EQ(pledge("stdio rpath", NULL), 0);
	CHECK_EQ(opens("open/file", O_RDONLY), 0);
	CHECK_EQ(opens("hidden/file", O_RDONLY), EACCES);
	CHECK_EQ(close(open("/dev/null", O_RDWR)), 0); /* still brought along */
}

TEST(the_first_pledge_can_enforce, .sandboxed = true)
{
	prepare();
	CHECK_EQ(unveil(in("open"), "rw"), 0);
	CHECK_EQ(pledge("stdio rpath wpath fattr", NULL), 0);
	CHECK_EQ(opens("open/file", O_RDWR), 0);
	CHECK_EQ(opens("hidden/file", O_RDONLY), EACCES);
	CHECK_ERRNO(chmod(in("open/file"), 0644), EPERM);
}

TEST(both_letters_and_promises_must_allow, .sandboxed = true)
{
	prepare();
	CHECK_EQ(unveil(in("open"), "rwxc"), 0);
	CHECK_EQ(pledge("stdio rpath", NULL), 0);
	CHECK_EQ(opens("open/file", O_RDONLY), 0);
	CHECK_EQ(opens("open/file", O_RDWR), EACCES);
}

static char outside_tmp[] = "/var/tmp/pledge-XXXXXX";

static int act_create_without_cpath(void)
{
	char name[] = "/tmp/pledge-XXXXXX";

	if (unveil(outside_tmp, "rwc") < 0 || opens("new", O_WRONLY | O_CREAT))
		return 1;
	if (pledge("stdio rpath wpath tmppath", NULL) < 0)
		return 2;
	if (opens("newer", O_WRONLY | O_CREAT) != EACCES || opens("new", O_RDWR))
		return 3;
	if (unlink(in("new")) != -1 || errno != EACCES)
		return 4;
	return close(mkstemp(name)) < 0 || unlink(name) < 0 ? 5 : 0;
}

/* The filter leaves creating to Landlock for its sake: there c must not be enough. */
TEST(tmppath_does_not_stand_for_cpath)
{
	unveils_or_is_refused();
	REQUIRE(mkdtemp(outside_tmp) != NULL);
	snprintf(base, sizeof(base), "%s", outside_tmp);
	/* Where truncating by name is not governed, tmppath creates nothing. */
	if (test_kernel_lacks("truncate")) {
		CHECK_EQ(pledge_result(NULL, act_create_without_cpath), DIES);
	} else {
		CHECK_EQ(pledge_result(NULL, act_create_without_cpath), 0);
	}
	CHECK_EQ(unlink(in("new")), 0);
	CHECK_EQ(rmdir(outside_tmp), 0);
}

TEST(the_promise_is_enough_for_unveil, .sandboxed = true)
{
	prepare();
	CHECK_EQ(pledge("stdio unveil rpath", NULL), 0);
	CHECK_EQ(unveil(in("open"), "r"), 0);
	CHECK_EQ(unveil(in("open/sub/secret"), ""), 0);
	lock();
	CHECK_EQ(opens("open/file", O_RDONLY), 0);
	CHECK_EQ(opens("hidden/file", O_RDONLY), EACCES);
	CHECK_EQ(opens("open/sub/secret/file", O_RDONLY), EACCES);
	CHECK_ERRNO(unveil("/", "r"), EPERM);
}

TEST(children_inherit, .sandboxed = true)
{
	int status;
	pid_t child;

	prepare();
	CHECK_EQ(unveil(in("open"), "r"), 0);
	child = fork();
	if (!child) {
		if (unveil(NULL, NULL) < 0)
			_exit(1);
		if (opens("hidden/file", O_RDONLY) != EACCES || opens("open/file", O_RDONLY))
			_exit(2);
		_exit(unveil("/", "r") == -1 && errno == EPERM ? 0 : 3);
	}
	REQUIRE(waitpid(child, &status, 0) == child);
	CHECK_EQ(status, 0);
	CHECK_EQ(opens("hidden/file", O_RDONLY), 0);
	lock();
	child = fork();
	if (!child)
		_exit(opens("hidden/file", O_RDONLY) == EACCES && unveil("/", "r") == -1 ? 0 : 1);
	REQUIRE(waitpid(child, &status, 0) == child);
	CHECK_EQ(status, 0);
}

static int release[2];
static pid_t other_thread;

static void *wait_and_open(void *unused)
{
	char byte;

	(void)unused;
	other_thread = gettid();
	CHECK_EQ(read(release[0], &byte, 1), 0);
	return (void *)(intptr_t)opens("hidden/file", O_RDONLY);
}

/* Either every thread is bound, or the call fails and nothing is. */
TEST(threads_are_bound_or_it_fails, .sandboxed = true)
{
	pthread_t thread;
	void *result;
	int rc;

	prepare();
	REQUIRE(pipe2(release, O_CLOEXEC) == 0);
	REQUIRE(pthread_create(&thread, NULL, wait_and_open, NULL) == 0);
	CHECK_EQ(unveil(in("open"), "r"), 0);
	rc = unveil(NULL, NULL);
	close(release[1]);
	REQUIRE(pthread_join(thread, &result) == 0);
	if (rc == 0) {
		CHECK_EQ((intptr_t)result, EACCES);
	} else {
		CHECK_EQ(errno, EBUSY);
		CHECK_EQ((intptr_t)result, 0);
		CHECK_EQ(opens("hidden/file", O_RDONLY), 0);
		/* What was joined is still there until the kernel has taken it apart. */
		while (tgkill(getpid(), other_thread, 0) == 0)
			sched_yield();
		lock(); /* alone now */
	}
	CHECK_EQ(opens("hidden/file", O_RDONLY), EACCES);
}
