/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * docs/capsicum.md, line by line: what differs from FreeBSD in the interface and in limits.
 * Each refusal has the same call beside it, not limited or before entering.
 */
#include <errno.h>
#include <linux/io_uring.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "capsicum_case.h"

/* ---- interface ------------------------------------------------------------------------- */

TEST(numbers_of_errors)
{
	CHECK_EQ(ENOTCAPABLE, 3093);
	CHECK_EQ(ECAPMODE, 3094);
	CHECK_HAS(strerror(ECAPMODE), "3094");
}

TEST(rights_without_a_call_can_be_held, .sandboxed = true)
{
	cap_rights_t wanted, got;
	int fd = new_file();

	cap_rights_init(&wanted, CAP_READ, CAP_SEM_POST, CAP_KQUEUE, CAP_ACL_GET, CAP_MAC_GET,
			CAP_FSCK, CAP_TTYHOOK, CAP_FSIGNAL, CAP_RIGHT_BPF);
	REQUIRE(cap_rights_limit(fd, &wanted) == 0 && cap_rights_get(fd, &got) == 0);
	CHECK(cap_rights_contains(&wanted, &got) && cap_rights_contains(&got, &wanted));
}

TEST(lists_are_ranges, .sandboxed = true)
{
	enum { MANY = 150000, APART = 65 };
	cap_ioctl_t *commands = calloc(MANY, sizeof(*commands));
	int fd = new_file();

	REQUIRE(commands != NULL);
	for (size_t i = 0; i < APART; i++)
		commands[i] = 2 * i;
	CHECK_ERRNO(cap_ioctls_limit(fd, commands, APART), EINVAL);
	CHECK_EQ(cap_ioctls_get(fd, NULL, 0), CAP_IOCTLS_ALL);
	for (size_t i = 0; i < MANY; i++)
		commands[i] = i + 1;
	CHECK_EQ(cap_ioctls_limit(fd, commands, MANY), 0);
	CHECK_EQ(cap_ioctls_get(fd, NULL, 0), MANY);
	for (size_t i = 0; i < APART - 1; i++)
		commands[i] = 2 * i + 2;
	CHECK_EQ(cap_ioctls_limit(fd, commands, APART - 1), 0);
	CHECK_EQ(cap_ioctls_get(fd, NULL, 0), APART - 1);
	free(commands);
}

/* ---- limits ---------------------------------------------------------------------------- */

TEST(limits_that_differ_are_counted, .sandboxed = true, .timeout = 60)
{
	cap_rights_t rights;
	int fd = new_file(), count = 0, rc;

	/* One bit less each time: each is another limit. */
	CAP_ALL(&rights);
	for (;; count++) {
		int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);

		REQUIRE(copy >= 0);
		cap_rights_init(&rights, CAP_READ);
		for (int bit = 0; bit < 10; bit++)
			if ((count + 1) >> bit & 1)
				rights.cr_rights[1] |= 1ULL << bit;
		rc = cap_rights_limit(copy, &rights);
		if (rc < 0 || count == 1000)
			break;
	}
	CHECK_EQ(rc, -1);
	CHECK_EQ(errno, ENOMEM);
	test_note("%d limits", count);
	CHECK(count > 50);
}

TEST(the_same_limit_again_costs_nothing, .sandboxed = true, .timeout = 60)
{
	int directory = own_directory();

	close(file_in(directory, "file"));
	for (int i = 0; i < 2000; i++) {
		int fd = openat(directory, "file", O_RDONLY | O_CLOEXEC);

		REQUIRE(fd >= 0);
		LIMIT(fd, CAP_READ);
		close(fd);
	}
	CHECK(true);
}

static int shares_our_memory(void *unused)
{
	(void)unused;
	pause();
	return 0;
}

TEST(nothing_may_be_shared, .sandboxed = true)
{
	static char stack[65536] __attribute__((aligned(16)));
	cap_rights_t rights;
	int fd = new_file();
	pid_t pid = clone(shares_our_memory, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL);

	REQUIRE(pid > 0);
	CHECK_ERRNO(cap_rights_limit(fd, cap_rights_init(&rights, CAP_READ)), EBUSY);
	CHECK_ERRNO(cap_enter(), EBUSY);
	kill(pid, SIGKILL);
	REQUIRE(waitpid(pid, NULL, 0) == pid);
	CHECK_EQ(cap_rights_limit(fd, &rights), 0);
	CHECK_EQ(cap_enter(), 0);
}

TEST(no_ring_may_exist, .sandboxed = true)
{
	struct io_uring_params params = {0};
	cap_rights_t rights;
	int fd = new_file(), ring = (int)syscall(SYS_io_uring_setup, 4, &params);

	if (ring < 0)
		SKIP("there is no io_uring");
	CHECK_ERRNO(cap_rights_limit(fd, cap_rights_init(&rights, CAP_READ)), EBUSY);
	CHECK_ERRNO(cap_enter(), EBUSY);
	close(ring);
	CHECK_EQ(cap_rights_limit(fd, &rights), 0);
	CHECK_ERRNO(syscall(SYS_io_uring_setup, 4, &params), ENOSYS);
}

TEST(a_number_keeps_its_limits, .sandboxed = true)
{
	int directory = own_directory(), fd = file_in(directory, "file"), next;
	char byte;

	CHECK_EQ(write(fd, "x", 1), 1);
	LIMIT(fd, CAP_READ);
	syscall(SYS_close, fd);
	next = openat(directory, "file", O_RDWR | O_CLOEXEC);
	REQUIRE(next == fd);
	CHECK_EQ(read(next, &byte, 1), 1);
	CHECK_ERRNO(write(next, "x", 1), ENOTCAPABLE);
}

TEST(no_copy_onto_what_is_not_limited, .sandboxed = true)
{
	int fd = new_file(), plain = dup(fd), limited = dup(fd);

	CHECK_EQ(dup2(fd, 50), 50);
	LIMIT(fd, CAP_READ);
	/* The calls themselves; the function would limit its target first. */
	CHECK_ERRNO(syscall(SYS_dup3, fd, 50, 0), ENOTCAPABLE);
	CHECK_ERRNO(syscall(SYS_dup3, fd, 51, 0), ENOTCAPABLE);
	LIMIT(limited, CAP_READ);
	CHECK_EQ(dup2(fd, limited), limited);
	CHECK_EQ(dup2(plain, 50), 50);
}

TEST(copies_get_numbers_of_their_own, .sandboxed = true)
{
	int fd = new_file(), plain = dup(fd), lowest = dup(fd), copy;

	close(lowest);
	LIMIT(fd, CAP_READ);
	copy = dup(fd);
	CHECK(copy > lowest);
	CHECK_EQ(dup(plain), lowest);
	/* Whatever gets such a number has the limits. */
	CHECK_EQ(write(plain, "x", 1), 1);
	REQUIRE(syscall(SYS_close, copy) == 0 && fcntl(plain, F_DUPFD, copy) == copy);
	CHECK_ERRNO(write(copy, "x", 1), ENOTCAPABLE);
}

/* The call itself: the function of libcapsicum opens the file again where that helps. */
static void *raw_mmap(size_t length, int prot, int flags, int fd)
{
	return (void *)syscall(SYS_mmap, NULL, length, prot, flags, fd, 0);
}

TEST(mapping_needs_read, .sandboxed = true)
{
	int fd = new_file(), mmap_only = dup(fd), readable = dup(fd);

	CHECK(raw_mmap(1, PROT_NONE, MAP_PRIVATE, fd) != MAP_FAILED);
	LIMIT(mmap_only, CAP_MMAP);
	LIMIT(readable, CAP_MMAP_R);
	CHECK(raw_mmap(1, PROT_NONE, MAP_PRIVATE, mmap_only) == MAP_FAILED);
	CHECK_EQ(errno, ENOTCAPABLE);
	CHECK(raw_mmap(1, PROT_NONE, MAP_PRIVATE, readable) != MAP_FAILED);
}

TEST(no_shared_mapping_of_what_could_be_written, .sandboxed = true)
{
	int directory = own_directory(), fd = file_in(directory, "file");
	int readonly = openat(directory, "file", O_RDONLY | O_CLOEXEC);

	CHECK(raw_mmap(1, PROT_READ, MAP_SHARED, fd) != MAP_FAILED);
	LIMIT(fd, CAP_MMAP_R);
	LIMIT(readonly, CAP_MMAP_R);
	CHECK(raw_mmap(1, PROT_READ, MAP_SHARED, fd) == MAP_FAILED);
	CHECK_EQ(errno, ENOTCAPABLE);
	CHECK(raw_mmap(1, PROT_READ, MAP_PRIVATE, fd) != MAP_FAILED);
	CHECK(raw_mmap(1, PROT_READ, MAP_SHARED, readonly) != MAP_FAILED);
}

/* What programs call: the mapping that the rights allow, and that stays what it is. */
TEST(the_function_maps_what_is_allowed, .sandboxed = true)
{
	int fd = new_file();
	char *map;

	REQUIRE(ftruncate(fd, 4096) == 0 && pwrite(fd, "abc", 3, 0) == 3);
	LIMIT(fd, CAP_MMAP_R);
	map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	REQUIRE(map != MAP_FAILED);
	CHECK_EQ(map[0], 'a');
	CHECK_ERRNO(mprotect(map, 4096, PROT_READ | PROT_WRITE), EACCES);
	CHECK(mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED);
	CHECK_EQ(errno, ENOTCAPABLE);
	REQUIRE(cap_enter() == 0);
	map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	REQUIRE(map != MAP_FAILED);
	CHECK_EQ(map[0], 'a');
	/* Private there: what is written to it stays out of the file. */
	if (mprotect(map, 4096, PROT_READ | PROT_WRITE) == 0)
		map[0] = 'x';
	map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	REQUIRE(map != MAP_FAILED);
	CHECK_EQ(map[0], 'a');
}

TEST(splice_needs_seek, .sandboxed = true)
{
	int in[2], out[2];

	REQUIRE(pipe(in) == 0 && pipe(out) == 0 && write(in[1], "abc", 3) == 3);
	CHECK_EQ(splice(in[0], NULL, out[1], NULL, 1, 0), 1);
	LIMIT(out[1], CAP_WRITE, CAP_SEEK);
	CHECK_EQ(splice(in[0], NULL, out[1], NULL, 1, 0), 1);
	LIMIT(in[0], CAP_READ);
	CHECK_ERRNO(splice(in[0], NULL, out[1], NULL, 1, 0), ENOTCAPABLE);
}

TEST(the_same_file_opened_anew, .sandboxed = true)
{
	int fd = new_file(), anew;
	char name[64];

	LIMIT(fd, CAP_READ);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	anew = open(name, O_RDWR | O_CLOEXEC);
	CHECK(anew >= 0);
	CHECK_EQ(write(anew, "x", 1), 1);
	REQUIRE(cap_enter() == 0);
	CHECK_ERRNO(open(name, O_RDWR | O_CLOEXEC), ECAPMODE);
}

static int send_descriptor(int socket, int fd)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = {0};
	char byte = 0;
	struct iovec io = {&byte, 1};
	struct msghdr message = {.msg_iov = &io,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	return (int)sendmsg(socket, &message, 0);
}

TEST(limited_ones_are_not_sent, .sandboxed = true)
{
	int pair[2], fd = new_file(), plain = dup(fd);

	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	CHECK_EQ(send_descriptor(pair[0], fd), 1);
	LIMIT(fd, CAP_READ);
	CHECK_EQ(send_descriptor(pair[0], plain), 1);
	CHECK_ERRNO(send_descriptor(pair[0], fd), ENOTCAPABLE);
}

/* ---- without a supervisor -------------------------------------------------------------- */

TEST(without_a_supervisor, .sandboxed = true)
{
	const struct rlimit none = {0, 0};
	int fd = new_file();
	char byte;

	REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0 && setrlimit(RLIMIT_NPROC, &none) == 0);
	LIMIT(fd, CAP_READ);
	CHECK_EQ(read(fd, &byte, 1), 1);
	CHECK_ERRNO(write(fd, "x", 1), ENOTCAPABLE);
	CHECK_EQ(dup(fd), -1);
	REQUIRE(cap_enter() == 0);
	CHECK_EQ(read(fd, &byte, 1), 1);
	CHECK_ERRNO(open("/", O_RDONLY), ECAPMODE);
	CHECK_EQ(dup(fd), -1);
}
