/* SPDX-License-Identifier: BSD-2-Clause */
/* Identities given up, and then the supervisor asked, which still has them. */
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <pthread.h>

#include "case.h"

#define OTHER 65534

TEST(lookups_after_giving_up_the_user, .sandboxed = true, .root_only = true)
{
	int dir = own_directory(), fd = file_in(dir, "file");
	struct stat status;

	REQUIRE(RAW(SYS_fchmod, dir, 0755) == 0);
	REQUIRE(cap_enter() == 0);
	CHECK_EQ(RAW(SYS_openat, dir, "file", O_RDWR), fd + 1);
	REQUIRE(RAW(SYS_setresuid, OTHER, OTHER, OTHER) == 0);
	CHECK_EQ(RAW(SYS_openat, dir, "file", O_RDWR), -1);
	CHECK_EQ(RAW(SYS_openat, dir, "new", O_RDWR | O_CREAT, 0600), -1);
	CHECK_EQ(RAW(SYS_unlinkat, dir, "file", 0), -1);
	CHECK_EQ(RAW(SYS_fchmodat, dir, "file", 0777), -1);
	CHECK_EQ(RAW(SYS_fchownat, dir, "file", OTHER, OTHER, 0), -1);
	CHECK_EQ(RAW(SYS_mkdirat, dir, "d", 0700), -1);
	CHECK_EQ(RAW(SYS_fstat, fd, &status), 0);
	CHECK_EQ(status.st_uid, 0);
}

static void *as_other(void *context)
{
	int dir = *(int *)context;

	/* The call itself: this thread alone. */
	if (RAW(SYS_setfsuid, OTHER) < 0)
		return context;
	CHECK_EQ(RAW(SYS_openat, dir, "file", O_RDWR), -1);
	return NULL;
}

TEST(one_thread_gives_up_the_user, .sandboxed = true, .root_only = true)
{
	pthread_t thread;
	int dir = own_directory(), fd = file_in(dir, "file");

	REQUIRE(cap_enter() == 0);
	REQUIRE(pthread_create(&thread, NULL, as_other, &dir) == 0);
	pthread_join(thread, NULL);
	CHECK(RAW(SYS_openat, dir, "file", O_RDWR) > fd);
}

/* Who asks for the credentials of a sender is not told the supervisor's. */
TEST(message_after_giving_up_the_user, .sandboxed = true, .root_only = true)
{
	union {
		struct cmsghdr item;
		char space[CMSG_SPACE(sizeof(struct ucred))];
	} part;
	char bytes[2] = "xy";
	struct iovec vectors[2] = {{bytes, 1}, {bytes + 1, 1}};
	struct msghdr message = {.msg_iov = vectors, .msg_iovlen = 2}, got = message;
	struct ucred who = {0};
	int pair[2], on = 1;
	ssize_t sent;

	REQUIRE(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
	REQUIRE(setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) == 0);
	REQUIRE(cap_enter() == 0);
	CHECK_EQ(RAW(SYS_sendmsg, pair[0], &message, 0), 2);
	CHECK_EQ(RAW(SYS_read, pair[1], bytes, 2), 2);
	REQUIRE(RAW(SYS_setresuid, OTHER, OTHER, OTHER) == 0);
	sent = RAW(SYS_sendmsg, pair[0], &message, 0);
	if (sent > 0) {
		got.msg_control = &part;
		got.msg_controllen = sizeof(part);
		REQUIRE(RAW(SYS_recvmsg, pair[1], &got, 0) == 2);
		memcpy(&who, CMSG_DATA(&part.item), sizeof(who));
		CHECK_EQ(who.uid, OTHER);
	}
	/* Without control data everything is in registers, and is sent by itself. */
	CHECK_EQ(RAW(SYS_sendto, pair[0], "x", 1, 0, NULL, 0), 1);
}

TEST(umask_of_the_caller, .sandboxed = true)
{
	int dir = own_directory();
	struct stat status;

	umask(022);
	REQUIRE(cap_enter() == 0);
	CHECK(RAW(SYS_openat, dir, "a", O_RDWR | O_CREAT, 0666) >= 0);
	CHECK_EQ(RAW(SYS_newfstatat, dir, "a", &status, 0), 0);
	CHECK_EQ(status.st_mode & 0777, 0644);
	RAW(SYS_umask, 077);
	CHECK_EQ(RAW(SYS_mkdirat, dir, "b", 0777), 0);
	CHECK_EQ(RAW(SYS_newfstatat, dir, "b", &status, 0), 0);
	CHECK_EQ(status.st_mode & 0777, 0700);
}
