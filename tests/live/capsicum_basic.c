/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Limits and capability mode from the outside, one rule a case; each refusal stands
 * beside the same call before it was limited, or on a descriptor that was not.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/capsicum.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

static int directory;

/* A directory of the case's own, opened before anything is limited. */
static int test_dirfd(void)
{
	if (!directory)
		directory = open(test_directory(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	REQUIRE(directory > 0);
	return directory;
}

#define FAILS(call, error)                                                                         \
	do {                                                                                       \
		errno = 0;                                                                         \
		CHECK_EQ((call), -1);                                                              \
		CHECK_EQ(errno, (error));                                                          \
	} while (0)

static int some_file(const char *name, const char *content)
{
	int fd = openat(test_dirfd(), name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	REQUIRE(fd >= 0);
	REQUIRE(write(fd, content, strlen(content)) == (ssize_t)strlen(content));
	REQUIRE(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static void limit(int fd, const cap_rights_t *rights)
{
	REQUIRE(cap_rights_limit(fd, rights) == 0);
}

TEST(rights_are_kept_outside_of_the_mode, .sandboxed = true)
{
	cap_rights_t rights;
	char byte;
	int fd = some_file("a", "abc"), wide = dup(fd);

	CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
	limit(fd, cap_rights_init(&rights, CAP_READ));
	CHECK_EQ(read(fd, &byte, 1), 1);
	FAILS(write(fd, "x", 1), ENOTCAPABLE);
	FAILS(write(fd, "x", 0), ENOTCAPABLE);
	FAILS(lseek(fd, 0, SEEK_SET), ENOTCAPABLE);
	CHECK_EQ(write(wide, "x", 1), 1);
	close(fd);
	close(wide);
}

TEST(copies_have_the_same_limits, .sandboxed = true)
{
	cap_rights_t rights, got;
	char byte;
	int fd = some_file("a", "abc"), copy;

	limit(fd, cap_rights_init(&rights, CAP_READ, CAP_FSTAT));
	copy = dup(fd);
	REQUIRE(copy >= 0);
	CHECK_EQ(read(copy, &byte, 1), 1);
	FAILS(write(copy, "x", 1), ENOTCAPABLE);
	CHECK_EQ(cap_rights_get(copy, &got), 0);
	CHECK(cap_rights_contains(&got, &rights) && cap_rights_contains(&rights, &got));
	/* That number has no limits; the function gives it some first. */
	FAILS(syscall(SYS_dup3, fd, 100, 0), ENOTCAPABLE);
	CHECK_EQ(dup2(fd, 100), 100);
	FAILS(write(100, "x", 1), ENOTCAPABLE);
	CHECK_EQ(read(100, &byte, 1), 1);
	close(100);
	close(copy);
	close(fd);
}

TEST(limits_only_narrow, .sandboxed = true)
{
	cap_rights_t rights;
	int fd = some_file("a", "abc");

	limit(fd, cap_rights_init(&rights, CAP_READ, CAP_WRITE));
	limit(fd, cap_rights_init(&rights, CAP_READ));
	FAILS(cap_rights_limit(fd, cap_rights_init(&rights, CAP_READ, CAP_WRITE)), ENOTCAPABLE);
	close(fd);
}

TEST(the_mode_takes_names_away, .sandboxed = true)
{
	struct stat status;
	int fd = some_file("a", "abc");

	CHECK_EQ(stat("/", &status), 0);
	REQUIRE(cap_enter() == 0);
	CHECK(cap_sandboxed());
	FAILS(stat("/", &status), ECAPMODE);
	FAILS(open("/", O_RDONLY), ECAPMODE);
	FAILS(openat(AT_FDCWD, "a", O_RDONLY), ECAPMODE);
	FAILS(socket(AF_NETLINK, SOCK_RAW, 0), ECAPMODE);
	CHECK_EQ(write(fd, "x", 1), 1);
	close(fd);
}

TEST(lookups_beneath_a_directory, .sandboxed = true)
{
	struct stat status;
	int dir = test_dirfd(), fd = some_file("a", "abc");

	REQUIRE(mkdirat(dir, "sub", 0700) == 0);
	REQUIRE(symlinkat("/etc/passwd", dir, "out") == 0);
	REQUIRE(symlinkat("../a", dir, "sub/in") == 0 || errno == EEXIST);
	CHECK_EQ(fstatat(dir, "out", &status, 0), 0);
	REQUIRE(cap_enter() == 0);
	CHECK_EQ(fstatat(dir, "a", &status, 0), 0);
	CHECK_EQ(status.st_size, 3);
	CHECK_EQ(fstatat(dir, "sub/../a", &status, 0), 0);
	FAILS(fstatat(dir, "out", &status, 0), ENOTCAPABLE);
	FAILS(fstatat(dir, "..", &status, 0), ENOTCAPABLE);
	FAILS(fstatat(dir, "/etc/passwd", &status, 0), ENOTCAPABLE);
	FAILS(openat(dir, "../a", O_RDONLY), ENOTCAPABLE);
	FAILS(openat(-1, "a", O_RDONLY), EBADF);
	CHECK_EQ(mkdirat(dir, "new", 0700), 0);
	CHECK_EQ(renameat(dir, "new", dir, "newer"), 0);
	CHECK_EQ(unlinkat(dir, "newer", AT_REMOVEDIR), 0);
	close(fd);
}

TEST(what_is_opened_has_the_limits_of_its_directory, .sandboxed = true)
{
	cap_rights_t rights;
	int dir = dup(test_dirfd()), fd = some_file("a", "abc"), opened;

	limit(dir, cap_rights_init(&rights, CAP_LOOKUP, CAP_READ));
	FAILS(openat(dir, "a", O_RDWR), ENOTCAPABLE);
	opened = openat(dir, "a", O_RDONLY);
	REQUIRE(opened >= 0);
	FAILS(fchmod(opened, 0600), ENOTCAPABLE);
	FAILS(lseek(opened, 0, SEEK_SET), ENOTCAPABLE);
	close(opened);
	close(fd);
	close(dir);
}

TEST(children_keep_the_limits, .sandboxed = true)
{
	cap_rights_t rights;
	int fd = some_file("a", "abc"), status;
	pid_t child;

	limit(fd, cap_rights_init(&rights, CAP_READ));
	child = fork();
	REQUIRE(child >= 0);
	if (child == 0) {
		int copy = dup(fd);

		_exit(write(fd, "x", 1) < 0 && errno == ENOTCAPABLE && copy >= 0 &&
		      write(copy, "x", 1) < 0 && errno == ENOTCAPABLE ? 0 : 1);
	}
	REQUIRE(waitpid(child, &status, 0) == child);
	CHECK_EQ(status, 0);
	close(fd);
}

/* What is opened after a limited descriptor was closed is nobody's business but its own. */
TEST(closing_cripples_nothing, .sandboxed = true)
{
	cap_rights_t rights;
	int fd = some_file("a", "abc"), later;

	limit(fd, cap_rights_init(&rights, CAP_READ));
	CHECK_EQ(close(fd), 0);
	later = some_file("b", "");
	CHECK(later != fd);
	CHECK_EQ(write(later, "x", 1), 1);
	CHECK_EQ(close(later), 0);
	FAILS(close(later), EBADF);
}

TEST(a_hundred_thousand_rounds, .timeout = 120, .sandboxed = true)
{
	cap_rights_t rights;
	char byte;

	for (int i = 0; i < 100000; i++) {
		int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

		if (fd < 0 || cap_rights_limit(fd, cap_rights_init(&rights, CAP_READ)) < 0 ||
		    read(fd, &byte, 1) != 1 || lseek(fd, 0, SEEK_SET) != -1 || close(fd) < 0) {
			CHECK_EQ(i, 100000);
			return;
		}
	}
	CHECK(open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 16);
}

/* The ledger stands higher than the process may go by now: nothing is limited by half. */
TEST(fewer_numbers_than_the_ledger_has, .sandboxed = true)
{
	struct rlimit few = {64, 64};
	cap_rights_t rights, got;
	int fd = some_file("a", "abc"), other = some_file("b", "abc"), copy;

	limit(fd, cap_rights_init(&rights, CAP_READ));
	REQUIRE(setrlimit(RLIMIT_NOFILE, &few) == 0);
	FAILS(cap_rights_limit(other, cap_rights_init(&rights, CAP_READ)), EMFILE);
	CHECK_EQ(write(other, "x", 1), 1);
	copy = dup(other);
	CHECK_EQ(write(copy, "x", 1), 1);
	CHECK_EQ(cap_rights_get(other, &got), 0);
	CHECK(cap_rights_is_set(&got, CAP_WRITE));
	FAILS(write(fd, "x", 1), ENOTCAPABLE);
}
