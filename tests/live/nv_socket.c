/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists and their descriptors over sockets, from senders that keep to nothing. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/nv.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"

static int pair[2];

static void open_pair(int flags)
{
	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0, pair) == 0);
}

static void close_pair(void)
{
	close(pair[0]);
	close(pair[1]);
}

static int open_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	int n = 0;

	REQUIRE(directory);
	while (readdir(directory))
		n++;
	closedir(directory);
	return n;
}

TEST(lists_travel)
{
	nvlist_t *nvl = nvlist_create(NV_FLAG_NO_UNIQUE), *got;

	open_pair(0);
	nvlist_add_string(nvl, "s", "text");
	CHECK_EQ(nvlist_send(pair[0], nvl), 0);
	got = nvlist_recv(pair[1], NV_FLAG_NO_UNIQUE);
	REQUIRE(got);
	CHECK_STR(nvlist_get_string(got, "s"), "text");
	nvlist_destroy(got);
	CHECK_EQ(nvlist_send(pair[0], nvl), 0);
	CHECK(!nvlist_recv(pair[1], 0) && errno == EILSEQ);
	nvlist_destroy(nvl);
	close(pair[0]);
	CHECK(!nvlist_recv(pair[1], 0) && errno == ENOTCONN);
	nvl = nvlist_create(0);
	CHECK_ERRNO(nvlist_send(pair[1], nvl), EPIPE); /* and no signal */
	nvlist_destroy(nvl);
	close(pair[1]);
}

static void *send_it(void *nvl)
{
	return nvlist_send(pair[0], nvl) ? NULL : nvl;
}

/* More than a socket holds, with sides that wait and sides that do not. */
TEST(long_lists_travel)
{
	for (int flags = 0; flags <= SOCK_NONBLOCK; flags += SOCK_NONBLOCK) {
		nvlist_t *nvl = nvlist_create(0), *got;
		size_t size = 5 << 20, back;
		char *bytes = malloc(size);
		pthread_t thread;
		void *sent;

		REQUIRE(bytes);
		memset(bytes, 'b', size);
		open_pair(flags);
		nvlist_move_binary(nvl, "b", bytes, size);
		REQUIRE(!pthread_create(&thread, NULL, send_it, nvl));
		got = nvlist_recv(pair[1], 0);
		pthread_join(thread, &sent);
		CHECK(sent == nvl);
		REQUIRE(got);
		CHECK(!memcmp(nvlist_get_binary(got, "b", &back), bytes, size) && back == size);
		nvlist_destroy(got);
		nvlist_destroy(nvl);
		close_pair();
	}
}

TEST(descriptors_travel)
{
	enum { MANY = 300 };
	nvlist_t *nvl = nvlist_create(0), *inner = nvlist_create(0), *got;
	struct stat sent, received;
	int pipes[2];
	size_t n;
	char c;

	REQUIRE(pipe2(pipes, O_CLOEXEC) == 0);
	open_pair(0);
	for (int i = 0; i < MANY; i++)
		nvlist_append_descriptor_array(nvl, "many", pair[0]);
	nvlist_move_descriptor(inner, "read", pipes[0]);
	nvlist_move_nvlist(nvl, "inner", inner);
	nvlist_move_descriptor(nvl, "write", pipes[1]);
	REQUIRE(nvlist_send(pair[0], nvl) == 0);
	nvlist_destroy(nvl);
	got = nvlist_recv(pair[1], 0);
	REQUIRE(got);
	CHECK_EQ(write(nvlist_get_descriptor(got, "write"), "x", 1), 1);
	CHECK_EQ(read(nvlist_get_descriptor(nvlist_get_nvlist(got, "inner"), "read"), &c, 1), 1);
	REQUIRE(nvlist_get_descriptor_array(got, "many", &n) && n == MANY);
	fstat(pair[0], &sent);
	for (size_t i = 0; i < n; i++) {
		int fd = nvlist_get_descriptor_array(got, "many", NULL)[i];

		CHECK(fstat(fd, &received) == 0 && received.st_ino == sent.st_ino);
		CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	}
	nvlist_destroy(got);
	close_pair();
}

TEST(an_exchange)
{
	nvlist_t *nvl = nvlist_create(0), *got;

	open_pair(0);
	nvlist_add_number(nvl, "answer", 42);
	REQUIRE(nvlist_send(pair[1], nvl) == 0);
	got = nvlist_xfer(pair[0], nvl, 0); /* destroys it */
	REQUIRE(got);
	CHECK_EQ(nvlist_get_number(got, "answer"), 42);
	nvlist_destroy(got);
	nvl = nvlist_create(0);
	nvlist_set_error(nvl, ENOSPC);
	CHECK(!nvlist_xfer(pair[0], nvl, 0) && errno == ENOSPC);
	close_pair();
}

/* ---- senders that keep to nothing ---------------------------------------------------------- */

static void send_raw(const void *bytes, size_t size, int descriptor, int count)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(8 * sizeof(int))];
	} control = {.header = {.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
				.cmsg_len = CMSG_LEN((size_t)count * sizeof(int))}};
	struct iovec iov = {(void *)bytes, size};
	struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};

	for (int i = 0; i < count; i++)
		memcpy(CMSG_DATA(&control.header) + (size_t)i * sizeof(int), &descriptor,
		       sizeof(int));
	if (count) {
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE((size_t)count * sizeof(int));
	}
	REQUIRE(sendmsg(pair[0], &message, MSG_NOSIGNAL) == (ssize_t)size);
}

/* A header, with so many descriptors told, then `come` of them, all in one message. */
static int after(uint64_t told, int come)
{
	uint8_t header[19] = {0x6c};
	nvlist_t *got;

	memcpy(header + 3, &told, sizeof(told));
	open_pair(0);
	send_raw(header, sizeof(header), 0, 0);
	if (come >= 0)
		send_raw("", 1, pair[0], come);
	shutdown(pair[0], SHUT_WR);
	errno = 0;
	got = nvlist_recv(pair[1], 0);
	nvlist_destroy(got);
	return got ? 0 : errno;
}

TEST(descriptors_that_were_told_otherwise)
{
	int before = open_descriptors();

	CHECK_EQ(after(0, -1), 0);
	close_pair();
	CHECK_EQ(after(2, 2), 0); /* no value takes them: closed */
	close_pair();
	CHECK_EQ(after(2, 3), EINVAL);
	close_pair();
	CHECK_EQ(after(2, 0), EINVAL);
	close_pair();
	CHECK_EQ(after(2, 1), ENOTCONN);
	close_pair();
	CHECK_EQ(after(UINT64_MAX, 2), EINVAL);
	close_pair();
	CHECK_EQ(after(1 << 30, 2), ENOTCONN);
	close_pair();
	CHECK_EQ(open_descriptors(), before);
}

TEST(descriptors_that_nobody_asked_for)
{
	uint8_t header[19] = {0x6c};
	int before;
	nvlist_t *got;

	open_pair(0);
	before = open_descriptors();
	send_raw(header, sizeof(header), pair[0], 5);
	got = nvlist_recv(pair[1], 0);
	CHECK(got);
	nvlist_destroy(got);
	CHECK_EQ(open_descriptors(), before);
	close_pair();
}

/* Told sizes are not believed: memory of that size would be refused here. */
TEST(sizes_that_never_come)
{
	uint8_t header[19] = {0x6c};
	uint64_t sizes[] = {1ull << 34, UINT64_MAX, 1ull << 62, UINT64_MAX - 18};
	struct rlimit limit = {1ull << 31, 1ull << 31};

	REQUIRE(setrlimit(RLIMIT_AS, &limit) == 0);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		open_pair(0);
		memcpy(header + 11, sizes + i, 8);
		send_raw(header, sizeof(header), 0, 0);
		send_raw("abc", 3, 0, 0);
		shutdown(pair[0], SHUT_WR);
		CHECK(!nvlist_recv(pair[1], 0));
		CHECK_EQ(errno, i ? EINVAL : ENOTCONN);
		close_pair();
	}
}

TEST(no_room_for_a_descriptor)
{
	struct rlimit limit = {0, 0}, old;
	nvlist_t *nvl = nvlist_create(0), *got;

	open_pair(0);
	REQUIRE(getrlimit(RLIMIT_NOFILE, &old) == 0);
	nvlist_add_descriptor(nvl, "d", pair[0]);
	nvlist_append_descriptor_array(nvl, "a", pair[0]);
	REQUIRE(nvlist_send(pair[0], nvl) == 0);
	nvlist_destroy(nvl);
	limit = (struct rlimit){4, old.rlim_max};
	REQUIRE(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	got = nvlist_recv(pair[1], 0);
	CHECK(!got);
	CHECK_EQ(errno, EMFILE);
	setrlimit(RLIMIT_NOFILE, &old);
	close_pair();
}
