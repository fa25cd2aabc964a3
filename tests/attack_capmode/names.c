/* SPDX-License-Identifier: BSD-2-Clause */
/* Paths: out of a held directory, into the supervisor, onto devices, and swapped meanwhile. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "case.h"

#define PROC_MAGIC 0x9fa0

TEST(out_of_the_directory, .sandboxed = true)
{
	static const char *const paths[] = {
	    "/etc/passwd", "..", "../..", "sub/../..", "sub/../../x", "out", "up", "sub/up",
	    "through/passwd", "sub/../out", "//etc/passwd", "./../.", "loop",
	};
	int dir = own_directory(), fd;
	struct stat status;
	char buf[64];

	REQUIRE(mkdirat(dir, "sub", 0700) == 0 && symlinkat("/etc/passwd", dir, "out") == 0 &&
		symlinkat("..", dir, "up") == 0 && symlinkat("../..", dir, "sub/up") == 0 &&
		symlinkat("/etc", dir, "through") == 0 && symlinkat("loop", dir, "loop") == 0);
	for (int entered = 0; entered < 2; entered++) {
		if (entered)
			REQUIRE(cap_enter() == 0);
		else
			CHECK_EQ(fstatat(dir, "through/passwd", &status, 0), 0);
		fd = openat(dir, "sub/../sub", O_RDONLY);
		CHECK(fd >= 0);
		close(fd);
	}
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		CHECK_EQ(openat(dir, paths[i], O_RDONLY), -1);
		CHECK_EQ(openat(dir, paths[i], O_PATH | O_DIRECTORY), -1);
		CHECK_EQ(openat(dir, paths[i], O_RDWR | O_CREAT, 0600), -1);
		CHECK_EQ(RAW(SYS_newfstatat, dir, paths[i], &status, 0), -1);
		CHECK_EQ(RAW(SYS_faccessat, dir, paths[i], F_OK), -1);
		CHECK_EQ(RAW(SYS_fchmodat, dir, paths[i], 0777), -1);
		CHECK_EQ(RAW(SYS_utimensat, dir, paths[i], NULL, 0), -1);
		CHECK_EQ(RAW(SYS_linkat, dir, paths[i], dir, "linked", AT_SYMLINK_FOLLOW), -1);
	}
	CHECK_EQ(RAW(SYS_readlinkat, dir, "../x", buf, sizeof(buf)), -1);
	CHECK_EQ(RAW(SYS_mkdirat, dir, "../x", 0700), -1);
	CHECK_EQ(RAW(SYS_renameat2, dir, "sub", dir, "../x", 0), -1);
	CHECK_EQ(RAW(SYS_symlinkat, "x", dir, "through/x"), -1);
	CHECK_EQ(RAW(SYS_unlinkat, dir, "sub/up/x", 0), -1);
	/* A path that is not empty is none of the descriptor itself. */
	CHECK_EQ(RAW(SYS_newfstatat, dir, "/etc/passwd", &status, AT_EMPTY_PATH), -1);
	CHECK_EQ(RAW(SYS_statx, dir, "../x", AT_EMPTY_PATH, 0xfff, buf), -1);
}

/* "self" would be the supervisor, and every other process of the user is no better. */
TEST(procfs_is_held, .sandboxed = true)
{
	static const char *const paths[] = {
	    "self/mem",  "thread-self/mem", "self/root", "self/fd/0", "self/cwd/x", "1/root",
	    "self/maps", "self/environ",    "sys/kernel/core_pattern", ".", "", "self",
	};
	int root = open("/", O_PATH | O_DIRECTORY), proc = open("/proc", O_RDONLY | O_DIRECTORY);
	struct stat status;
	char path[64];
	int fd = openat(proc, "self/mem", O_RDWR);

	REQUIRE(root >= 0 && proc >= 0 && fd >= 0);
	close(fd);
	REQUIRE(cap_enter() == 0);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		CHECK_EQ(openat(proc, paths[i], O_RDONLY), -1);
		CHECK_EQ(openat(proc, paths[i], O_RDWR), -1);
		CHECK_EQ(openat(proc, paths[i], O_PATH | O_DIRECTORY), -1);
		CHECK_EQ(RAW(SYS_fchmodat, proc, paths[i], 0777), -1);
		snprintf(path, sizeof(path), "proc/%s", paths[i]);
		CHECK_EQ(openat(root, path, O_RDONLY), -1);
		CHECK_EQ(RAW(SYS_newfstatat, root, path, &status, 0), -1);
	}
	CHECK_EQ(openat(root, "dev/tty", O_RDWR), -1);
	CHECK_EQ(openat(root, "dev/null", O_RDWR), -1);
	CHECK_EQ(openat(root, "dev/ptmx", O_RDWR), -1);
	/* The root itself may be looked at. */
	CHECK_EQ(RAW(SYS_newfstatat, root, "etc", &status, 0), 0);
}

TEST(devices_are_not_made, .sandboxed = true)
{
	int dir = own_directory();

	REQUIRE(cap_enter() == 0);
	CHECK_EQ(RAW(SYS_mknodat, dir, "pipe", S_IFIFO | 0600, 0), 0);
	REFUSED(RAW(SYS_mknodat, dir, "c", S_IFCHR | 0666, 0x103));
	REFUSED(RAW(SYS_mknodat, dir, "c", S_IFCHR | 0666 | 0x10000, 0x103));
	REFUSED(RAW(SYS_mknodat, dir, "c", 0x500000000 | S_IFCHR | 0666, 0x103));
	REFUSED(RAW(SYS_mknodat, dir, "b", S_IFBLK | 0666, 0x800));
	REFUSED(RAW(SYS_mknodat, dir, "w", S_IFCHR, 0));
	CHECK_EQ(RAW(SYS_renameat2, dir, "pipe", dir, "other", 4), -1);
}

TEST(working_directory, .sandboxed = true)
{
	struct stat status;
	int dir = own_directory();

	CHECK_EQ(RAW(SYS_newfstatat, AT_FDCWD, ".", &status, 0), 0);
	CHECK_EQ(fchdir(dir), 0);
	REQUIRE(cap_enter() == 0);
	for (long high = 0; high <= 0x700000000; high += 0x700000000) {
		long cwd = high | 0xffffff9c;

		REFUSED(RAW(SYS_newfstatat, cwd, ".", &status, 0));
		REFUSED(RAW(SYS_openat, cwd, ".", O_RDONLY));
		REFUSED(RAW(SYS_mkdirat, cwd, "x", 0700));
		REFUSED(RAW(SYS_renameat2, dir, "x", cwd, "y", 0));
		REFUSED(RAW(SYS_renameat2, cwd, "x", dir, "y", 0));
		REFUSED(RAW(SYS_symlinkat, "x", cwd, "y"));
		REFUSED(RAW(SYS_execveat, cwd, "/bin/true", NULL, NULL, 0));
	}
	/* Negative numbers that newer kernels have given a meaning. */
	for (int number = -1; number > -10020; number -= number > -9990 && number < -110 ? 997 : 1)
		if (number != AT_FDCWD)
			REFUSED(RAW(SYS_openat, number, ".", O_RDONLY));
	REFUSED(RAW(SYS_fchdir, dir));
	REFUSED(RAW(SYS_chdir, "/"));
	REFUSED(RAW(SYS_chroot, "."));
}

/* ---- swapped ------------------------------------------------------------------------------- */

static atomic_bool over;
static int swapped;
static char path[256];

static void *exchange(void *context)
{
	while (!over)
		(void)RAW(SYS_renameat2, swapped, "a", swapped, "b", 2);
	return context;
}

static void *rewrite(void *context)
{
	static const char *const paths[] = {"file", "/etc/passwd", "../../../../etc/passwd"};

	for (unsigned i = 0; !over; i++) {
		memcpy(path, paths[i % 3], strlen(paths[i % 3]) + 1);
		atomic_thread_fence(memory_order_seq_cst);
		for (uint64_t turns = i % 7 * 40; turns; turns--)
			atomic_signal_fence(memory_order_seq_cst);
	}
	return context;
}

static bool is_inside(int fd, dev_t device, ino_t inode)
{
	struct stat status;

	return RAW(SYS_fstat, fd, &status) == 0 && status.st_dev == device && status.st_ino == inode;
}

TEST(path_rewritten_during_the_call, .sandboxed = true)
{
	unsigned opened = 0, outside = 0;
	struct stat status;
	pthread_t thread;
	int fd;

	swapped = own_directory();
	fd = file_in(swapped, "file");
	REQUIRE(RAW(SYS_fstat, fd, &status) == 0);
	strcpy(path, "file"); /* the other thread may start late */
	REQUIRE(cap_enter() == 0 && pthread_create(&thread, NULL, rewrite, NULL) == 0);
	for (int i = 0; i < 5000; i++) {
		fd = (int)RAW(SYS_openat, swapped, path, O_RDONLY);
		if (fd < 0)
			continue;
		opened++;
		outside += !is_inside(fd, status.st_dev, status.st_ino);
		RAW(SYS_close, fd);
	}
	over = true;
	pthread_join(thread, NULL);
	CHECK(opened > 0);
	CHECK_EQ(outside, 0);
}

/* A directory and a symbolic link out of it change places. */
TEST(directory_swapped_during_the_call, .sandboxed = true)
{
	unsigned good = 0, outside = 0;
	pthread_t thread;
	struct stat status, inner;
	int fd;

	swapped = own_directory();
	REQUIRE(mkdirat(swapped, "a", 0700) == 0 && symlinkat("/etc", swapped, "b") == 0);
	fd = openat(swapped, "a/passwd", O_RDWR | O_CREAT, 0600);
	REQUIRE(fd >= 0 && RAW(SYS_fstat, fd, &inner) == 0);
	REQUIRE(cap_enter() == 0 && pthread_create(&thread, NULL, exchange, NULL) == 0);
	for (int i = 0; i < 5000; i++) {
		fd = (int)RAW(SYS_openat, swapped, "a/passwd", O_RDONLY);
		if (fd >= 0) {
			good++;
			outside += !is_inside(fd, inner.st_dev, inner.st_ino);
			RAW(SYS_close, fd);
		}
		if (RAW(SYS_newfstatat, swapped, "a/passwd", &status, 0) == 0)
			outside += status.st_ino != inner.st_ino;
	}
	over = true;
	pthread_join(thread, NULL);
	CHECK(good > 0);
	CHECK_EQ(outside, 0);
}

static void *open_and_close(void *context)
{
	/* Lets whoever opens the pipe for reading go on, when it is the pipe. */
	while (!over) {
		int fd = (int)RAW(SYS_openat, *(int *)context, "a", O_WRONLY | O_NONBLOCK);

		if (fd >= 0)
			RAW(SYS_close, fd);
	}
	return NULL;
}

/* A named pipe, whose opening waits, and a link to a file that nobody should open. */
TEST(pipe_swapped_before_its_opening, .sandboxed = true)
{
	int root = open("/", O_PATH | O_DIRECTORY), wrong = 0, good = 0;
	char target[128], up[128] = "";
	pthread_t threads[2];
	struct statfs status;

	/* Within the tree that is held: only the kind of file system speaks against it. */
	swapped = own_directory();
	snprintf(target, sizeof(target), "%s", test_directory());
	for (char *at = strchr(target, '/'); at; at = strchr(at + 1, '/'))
		strcat(up, "../");
	strcat(up, "proc/self/maps");
	REQUIRE(mkfifoat(swapped, "a", 0600) == 0 && symlinkat(up, swapped, "b") == 0);
	REQUIRE(faccessat(swapped, "b", R_OK, 0) == 0);
	snprintf(path, sizeof(path), "%s/a", target + 1);
	REQUIRE(root >= 0 && cap_enter() == 0);
	REQUIRE(pthread_create(&threads[0], NULL, exchange, NULL) == 0);
	REQUIRE(pthread_create(&threads[1], NULL, open_and_close, &swapped) == 0);
	for (int i = 0; i < 1500; i++) {
		int fd = (int)RAW(SYS_openat, root, path, O_RDONLY);

		if (fd < 0)
			continue;
		good++;
		REQUIRE(fstatfs(fd, &status) == 0);
		wrong += (unsigned)status.f_type == PROC_MAGIC;
		RAW(SYS_close, fd);
	}
	over = true;
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	CHECK(good > 0);
	CHECK_EQ(wrong, 0);
}
