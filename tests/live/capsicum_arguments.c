/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rights that depend on flags and commands, as rights(7) has them: with exactly these the
 * call is not refused for rights, and without any bit of them it is.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "capmode/limits.h"
#include "capsicum/rights.h"
#include "capsicum_case.h"

struct row {
	const char *what;
	long (*call)(int fd, long a, long b);
	int (*descriptor)(void);
	long a, b;
	uint64_t rights[8]; /* up to 0 */
};

/* ---- descriptors ----------------------------------------------------------------------- */

static int a_directory(void)
{
	int fd = own_directory();

	close(file_in(fd, "file"));
	return fd;
}

static int a_file(void)
{
	return new_file();
}

static int a_readable_file(void)
{
	int directory = a_directory(), fd = openat(directory, "file", O_RDONLY | O_CLOEXEC);

	close(directory);
	return fd;
}

static int a_pipe(void)
{
	int ends[2];

	return pipe2(ends, O_CLOEXEC) < 0 ? -1 : ends[0];
}

static int a_memfd(void)
{
	return memfd_create("memory", MFD_ALLOW_SEALING | MFD_CLOEXEC);
}

/* ---- calls ----------------------------------------------------------------------------- */

static long opens(int fd, long flags, long unused)
{
	(void)unused;
	return openat(fd, flags & O_DIRECTORY ? "." : "file", (int)flags, 0600);
}

static long maps(int fd, long protection, long flags)
{
	return syscall(SYS_mmap, NULL, 1, protection, flags, fd, 0) == -1 ? -1 : 0;
}

static long controls(int fd, long command, long argument)
{
	return fcntl(fd, (int)command, argument);
}

static long locks(int fd, long command, long unused)
{
	struct flock lock = {.l_type = F_RDLCK};

	(void)unused;
	return fcntl(fd, (int)command, &lock);
}

static long owns(int fd, long command, long unused)
{
	struct f_owner_ex owner = {F_OWNER_PID, getpid()};

	(void)unused;
	return fcntl(fd, (int)command, &owner);
}

static long hints(int fd, long command, long unused)
{
	uint64_t hint = 0;

	(void)unused;
	return fcntl(fd, (int)command, &hint);
}

static long makes(int fd, long mode, long unused)
{
	(void)unused;
	return mknodat(fd, "node", (mode_t)mode | 0600, 0);
}

static long commands(int fd, long command, long unused)
{
	int number = 0;

	(void)unused;
	return ioctl(fd, (unsigned long)command, &number);
}

/* ---- one row --------------------------------------------------------------------------- */

static bool refused(const struct row *row, struct pap_rights rights)
{
	cap_rights_t set;
	int status;
	pid_t pid = fork();

	REQUIRE(pid >= 0);
	if (pid == 0) {
		int fd = row->descriptor();

		pap_rights_to_set(rights, &set);
		if (fd < 0 || cap_rights_limit(fd, &set) < 0)
			_exit(2);
		_exit(row->call(fd, row->a, row->b) < 0 && errno == ENOTCAPABLE);
	}
	REQUIRE(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) < 2);
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

static void try_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct pap_rights needed = {{0, 0}};
		cap_rights_t set;

		cap_rights_init(&set);
		for (const uint64_t *right = rows[i].rights; *right; right++)
			cap_rights_set(&set, *right);
		REQUIRE(pap_rights_from_set(&set, &needed) == 0);
		test_check(!refused(&rows[i], needed), __FILE__, __LINE__, rows[i].what);
		for (unsigned bit = 0; bit < 114; bit++) {
			struct pap_rights fewer = pap_limits_full.rights;
			uint64_t mask = 1ULL << bit % 57;

			if (!(needed.word[bit / 57] & mask))
				continue;
			fewer.word[bit / 57] &= ~mask;
			if (!refused(&rows[i], fewer))
				test_check_eq(-1, bit, __FILE__, __LINE__, rows[i].what,
					      "goes without bit");
		}
	}
}

#define TRY(rows) try_rows((rows), sizeof(rows) / sizeof((rows)[0]))

TEST(flags_of_open)
{
	static const struct row rows[] = {
	    {"O_RDONLY", opens, a_directory, O_RDONLY, 0, {CAP_LOOKUP, CAP_READ}},
	    {"O_WRONLY", opens, a_directory, O_WRONLY, 0, {CAP_LOOKUP, CAP_WRITE, CAP_SEEK}},
	    {"O_RDWR", opens, a_directory, O_RDWR, 0, {CAP_LOOKUP, CAP_READ, CAP_PWRITE}},
	    {"O_APPEND", opens, a_directory, O_WRONLY | O_APPEND, 0, {CAP_LOOKUP, CAP_WRITE}},
	    {"O_TRUNC",
	     opens,
	     a_directory,
	     O_WRONLY | O_TRUNC,
	     0,
	     {CAP_LOOKUP, CAP_WRITE, CAP_FTRUNCATE}},
	    {"O_CREAT",
	     opens,
	     a_directory,
	     O_WRONLY | O_CREAT,
	     0,
	     {CAP_LOOKUP, CAP_PWRITE, CAP_CREATE}},
	    {"O_SYNC", opens, a_directory, O_RDONLY | O_SYNC, 0, {CAP_LOOKUP, CAP_READ, CAP_FSYNC}},
	    {"O_DSYNC",
	     opens,
	     a_directory,
	     O_RDONLY | O_DSYNC,
	     0,
	     {CAP_LOOKUP, CAP_READ, CAP_FSYNC}},
	    {"O_PATH", opens, a_directory, O_PATH | O_DIRECTORY, 0, {CAP_LOOKUP}},
	    {"O_TMPFILE",
	     opens,
	     a_directory,
	     O_WRONLY | O_TMPFILE,
	     0,
	     {CAP_LOOKUP, CAP_PWRITE, CAP_CREATE}},
	};

	TRY(rows);
}

TEST(only_directories_without_contents, .sandboxed = true)
{
	int directory = a_directory();

	CHECK(openat(directory, "file", O_PATH) >= 0);
	LIMIT(directory, CAP_LOOKUP, CAP_READ);
	CHECK(openat(directory, "file", O_RDONLY) >= 0);
	CHECK(openat(directory, ".", O_PATH) >= 0);
	CHECK_ERRNO(openat(directory, "file", O_PATH), ENOTCAPABLE);
}

TEST(protections_of_mappings)
{
	static const struct row rows[] = {
	    {"PROT_NONE", maps, a_file, PROT_NONE, MAP_PRIVATE, {CAP_MMAP_R}},
	    {"PROT_READ", maps, a_file, PROT_READ, MAP_PRIVATE, {CAP_MMAP_R}},
	    {"private writing", maps, a_file, PROT_WRITE, MAP_PRIVATE, {CAP_MMAP_R}},
	    {"shared reading", maps, a_readable_file, PROT_READ, MAP_SHARED, {CAP_MMAP_R}},
	    {"shared writing", maps, a_file, PROT_WRITE, MAP_SHARED, {CAP_MMAP_W}},
	    {"PROT_EXEC", maps, a_file, PROT_EXEC, MAP_PRIVATE, {CAP_MMAP_RX}},
	    {"all", maps, a_file, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_SHARED, {CAP_MMAP_RWX}},
	};

	TRY(rows);
}

TEST(commands_of_fcntl)
{
	static const struct row rows[] = {
	    {"F_DUPFD", controls, a_file, F_DUPFD, 0, {0}},
	    {"F_DUPFD_CLOEXEC", controls, a_file, F_DUPFD_CLOEXEC, 0, {0}},
	    {"F_GETFD", controls, a_file, F_GETFD, 0, {0}},
	    {"F_SETFD", controls, a_file, F_SETFD, 0, {0}},
	    {"F_GETFL", controls, a_file, F_GETFL, 0, {CAP_FCNTL}},
	    {"F_SETFL", controls, a_file, F_SETFL, 0, {CAP_FCNTL}},
	    {"F_GETOWN", controls, a_pipe, F_GETOWN, 0, {CAP_FCNTL}},
	    {"F_SETOWN", controls, a_pipe, F_SETOWN, 0, {CAP_FCNTL}},
	    {"F_GETOWN_EX", owns, a_pipe, F_GETOWN_EX, 0, {CAP_FCNTL}},
	    {"F_SETOWN_EX", owns, a_pipe, F_SETOWN_EX, 0, {CAP_FCNTL}},
	    {"F_GETLK", locks, a_file, F_GETLK, 0, {CAP_FLOCK}},
	    {"F_SETLK", locks, a_file, F_SETLK, 0, {CAP_FLOCK}},
	    {"F_SETLKW", locks, a_file, F_SETLKW, 0, {CAP_FLOCK}},
	    {"F_OFD_GETLK", locks, a_file, F_OFD_GETLK, 0, {CAP_FLOCK}},
	    {"F_OFD_SETLK", locks, a_file, F_OFD_SETLK, 0, {CAP_FLOCK}},
	    {"F_GETSIG", controls, a_pipe, F_GETSIG, 0, {CAP_EVENT, CAP_FSIGNAL}},
	    {"F_SETSIG", controls, a_pipe, F_SETSIG, 0, {CAP_EVENT, CAP_FSIGNAL}},
	    {"F_GETLEASE", controls, a_file, F_GETLEASE, 0, {CAP_FLOCK, CAP_FSIGNAL}},
	    {"F_SETLEASE", controls, a_file, F_SETLEASE, F_UNLCK, {CAP_FLOCK, CAP_FSIGNAL}},
	    {"F_NOTIFY", controls, a_directory, F_NOTIFY, 0, {CAP_NOTIFY}},
	    {"F_GETPIPE_SZ", controls, a_pipe, F_GETPIPE_SZ, 0, {CAP_GETSOCKOPT}},
	    {"F_SETPIPE_SZ", controls, a_pipe, F_SETPIPE_SZ, 4096, {CAP_SETSOCKOPT}},
	    {"F_GET_SEALS", controls, a_memfd, F_GET_SEALS, 0, {CAP_FSTAT}},
	    {"F_ADD_SEALS", controls, a_memfd, F_ADD_SEALS, F_SEAL_SEAL, {CAP_FCHMOD}},
	    {"F_GET_RW_HINT", hints, a_file, F_GET_RW_HINT, 0, {CAP_FSTAT}},
	    {"F_SET_RW_HINT", hints, a_file, F_SET_RW_HINT, 0, {CAP_FCNTL}},
	    {"unknown", controls, a_file, 9999, 0, {CAP_ALL0, CAP_ALL1}},
	};

	TRY(rows);
}

TEST(kinds_of_nodes)
{
	static const struct row rows[] = {
	    {"a file", makes, a_directory, S_IFREG, 0, {CAP_LOOKUP, CAP_CREATE}},
	    {"a file without its kind", makes, a_directory, 0, 0, {CAP_LOOKUP, CAP_CREATE}},
	    {"a pipe", makes, a_directory, S_IFIFO, 0, {CAP_MKFIFOAT}},
	    {"a socket", makes, a_directory, S_IFSOCK, 0, {CAP_LOOKUP, CAP_BIND}},
	    {"a device", makes, a_directory, S_IFCHR, 0, {CAP_MKNODAT}},
	};

	TRY(rows);
}

TEST(commands_of_ioctl)
{
	static const struct row rows[] = {
	    {"FIONREAD", commands, a_file, FIONREAD, 0, {CAP_IOCTL}},
	    {"FIOCLEX", commands, a_file, FIOCLEX, 0, {CAP_IOCTL}},
	    {"unknown", commands, a_file, 0x1234, 0, {CAP_IOCTL}},
	};

	TRY(rows);
}
