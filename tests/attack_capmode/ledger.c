/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attacks on what binds a process: its ledger, the call that writes it, and the numbers
 * that it says are limited. The attacker announces limits and installs no filter.
 */
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "case.h"

/* Writes through a number that should not allow it: -1 and ENOTCAPABLE, or it is not there. */
static void cannot_write(int number)
{
	errno = 0;
	CHECK_EQ(RAW(SYS_write, number, "x", 1), -1);
	CHECK(errno == ENOTCAPABLE || errno == EBADF);
}

static int limited_file(void)
{
	int fd = new_file();

	CHECK_EQ(write(fd, "x", 1), 1);
	LIMIT(fd, CAP_READ, CAP_SEEK, CAP_FSTAT);
	return fd;
}

TEST(copy_onto_an_announced_number, .sandboxed = true)
{
	int victim = limited_file(), plain = new_file();
	struct pap_control limits;

	REQUIRE(cap_enter() == 0);
	CHECK_EQ(RAW(SYS_write, plain, "x", 1), 1);
	limits = said(victim);
	/* The very limits that the victim has: a class that is there already. */
	(void)announce(plain, &limits);
	REFUSED(RAW(SYS_dup3, victim, plain, 0));
	REFUSED(RAW(SYS_dup2, victim, plain));
	CHECK_EQ(RAW(SYS_write, plain, "x", 1), 1);
	/* Fewer: a class of its own. */
	limits.word[0] &= ~0xcull;
	(void)announce(plain, &limits);
	REFUSED(RAW(SYS_dup3, victim, plain, 0));
	cannot_write(victim);
}

TEST(copy_into_an_announced_zone, .sandboxed = true)
{
	int victim = limited_file(), plain = new_file(), wrong = 0;
	struct pap_control limits;

	REQUIRE(cap_enter() == 0);
	limits = said(victim);
	limits.word[0] &= ~0xcull;
	REQUIRE(announce(plain, &limits) == 0);
	limits = said(plain);
	for (int number = 3; number < 1100; number++) {
		if (number == victim || number == plain || number == ledger_number())
			continue;
		if (RAW(SYS_dup3, victim, number, 0) == number &&
		    RAW(SYS_write, number, "x", 1) == 1)
			wrong++;
	}
	CHECK_EQ(wrong, 0);
	/* What is a copy of the unlimited one may be written to: nobody took its rights. */
	CHECK_EQ(RAW(SYS_write, plain, "x", 1), 1);
}

TEST(copy_of_an_announced_number, .sandboxed = true)
{
	int victim = limited_file();
	struct pap_control limits;

	REQUIRE(cap_enter() == 0);
	limits = said(victim);
	limits.word[0] = limits.word[1] = 0;
	for (int i = 0; i < 40; i++) {
		int copy;

		(void)announce(victim, &limits);
		copy = (int)RAW(SYS_dup, victim);
		if (copy >= 0)
			cannot_write(copy);
		copy = (int)RAW(SYS_fcntl, victim, F_DUPFD, 3 + i * 10);
		if (copy >= 0)
			cannot_write(copy);
	}
	cannot_write(victim);
}

/* Announced by a child, used by a child of that; results come through a pipe. */
TEST(announced_by_a_child, .sandboxed = true)
{
	int victim = limited_file(), plain = new_file(), told[2];
	struct pap_control limits;
	char won = 2;

	REQUIRE(pipe(told) == 0 && cap_enter() == 0);
	limits = said(victim);
	if (fork() == 0) {
		(void)announce(plain, &limits);
		if (fork() == 0) {
			won = RAW(SYS_dup3, victim, plain, 0) == plain &&
			      RAW(SYS_write, plain, "x", 1) == 1;
			(void)RAW(SYS_write, told[1], &won, 1);
		}
		_exit(0);
	}
	close(told[1]);
	CHECK_EQ(read(told[0], &won, 1), 1);
	CHECK_EQ(won, 0);
	cannot_write(victim);
}

TEST(widening, .sandboxed = true)
{
	int victim = limited_file();
	struct pap_control all, before;

	REQUIRE(cap_enter() == 0);
	before = said(victim);
	all = before;
	all.word[0] = PAP_RIGHTS_ALL0;
	all.word[1] = PAP_RIGHTS_ALL1;
	CHECK_EQ(announce(victim, &all), -1);
	all.word[0] = ~0ull;
	CHECK_EQ(announce(victim, &all), -1);
	all = before;
	all.nspans = -1;
	CHECK_EQ(announce(victim, &all), -1);
	all = said(victim);
	CHECK_EQ(all.word[0], before.word[0]);
	CHECK_EQ(all.word[1], before.word[1]);
	cannot_write(victim);
}

TEST(ledger_stays, .sandboxed = true)
{
	const struct rlimit few = {3, 3};
	int plain = new_file(), victim = limited_file(), ledger, pair[2];
	struct pap_control limits;

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ledger = ledger_number();
	REQUIRE(ledger > 2);
	for (int entered = 0; entered < 2; entered++) {
		if (entered)
			REQUIRE(cap_enter() == 0);
		REFUSED(RAW(SYS_close, ledger));
		REFUSED(RAW(SYS_close, (long)ledger | 0x500000000));
		REFUSED(RAW(SYS_close_range, 3, ~0u, 0));
		REFUSED(RAW(SYS_close_range, ledger, ledger, 4));
		REFUSED(RAW(SYS_close_range, 3, ~0u, 2));
		REFUSED(RAW(SYS_close_range, 0xf00000003, 0xfffffffff, 4));
		REFUSED(RAW(SYS_dup2, plain, ledger));
		REFUSED(RAW(SYS_dup3, plain, ledger, O_CLOEXEC));
		REFUSED(RAW(SYS_dup3, plain, (long)ledger | 0x100000000, 0));
		REFUSED(RAW(SYS_dup2, ledger, plain));
		REFUSED(RAW(SYS_dup, ledger));
		REFUSED(RAW(SYS_fcntl, ledger, F_SETFD, FD_CLOEXEC));
		REFUSED(RAW(SYS_fcntl, ledger, F_DUPFD, 0));
		REFUSED(RAW(SYS_ioctl, ledger, FIOCLEX));
		REFUSED(RAW(SYS_unshare, CLONE_FILES));
		CHECK_EQ(RAW(SYS_write, ledger, "x", 1), -1);
		CHECK_EQ(RAW(SYS_ftruncate, ledger, 0), -1);
		CHECK(mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, ledger, 0) == MAP_FAILED);
		CHECK_EQ(ledger_number(), ledger);
		/* The same done to another number. */
		CHECK_EQ(RAW(SYS_fcntl, plain, F_SETFD, FD_CLOEXEC), 0);
		CHECK_EQ(RAW(SYS_ioctl, plain, FIOCLEX), 0);
	}
	REFUSED(announce(ledger, &(struct pap_control){0}));
	CHECK_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
	limits = said(victim);
	limits.word[0] = 0;
	/* Nothing can be written any more: that is no success, and changes nothing. */
	CHECK_EQ(announce(victim, &limits), -1);
	CHECK_EQ(RAW(SYS_dup, victim), -1);
	cannot_write(victim);
	close(pair[0]);
}

TEST(ledger_is_not_sent, .sandboxed = true)
{
	union {
		struct cmsghdr item;
		char space[CMSG_SPACE(sizeof(int))];
	} part;
	char byte = 'x';
	struct iovec vector = {&byte, 1};
	struct msghdr message = {.msg_iov = &vector,
				 .msg_iovlen = 1,
				 .msg_control = &part,
				 .msg_controllen = sizeof(part)};
	int plain = new_file(), victim = limited_file(), pair[2], ledger = ledger_number();

	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	part.item = (struct cmsghdr){
	    .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))};
	for (int entered = 0; entered < 2; entered++) {
		if (entered)
			REQUIRE(cap_enter() == 0);
		memcpy(CMSG_DATA(&part.item), &plain, sizeof(int));
		CHECK_EQ(RAW(SYS_sendmsg, pair[0], &message, 0), 1);
		memcpy(CMSG_DATA(&part.item), &ledger, sizeof(int));
		REFUSED(RAW(SYS_sendmsg, pair[0], &message, 0));
	}
	cannot_write(victim);
}

/* Every word of the request is the attacker's. */
TEST(malformed_requests, .sandboxed = true)
{
	static struct pap_control limits;
	int victim = limited_file();
	int directory = own_directory();

	REQUIRE(cap_enter() == 0);
	for (int i = 0; i < 20000; i++) {
		unsigned char *bytes = (unsigned char *)&limits;
		uintptr_t address = (uintptr_t)&limits;

		for (size_t at = 0; at < sizeof(limits); at += 1 + test_random_below(64))
			bytes[at] = (unsigned char)test_random();
		if (i % 3 == 0) {
			limits = said(victim);
			limits.nspans = (int32_t)test_random();
		}
		if (i % 7 == 0)
			address = test_random();
		(void)RAW(SYS_nfsservctl, test_random_below(8), i % 2 ? victim : (long)test_random(),
			  address, test_random(), test_random());
	}
	cannot_write(victim);
	/* It still answers. */
	CHECK_EQ(RAW(SYS_faccessat, directory, "file", F_OK), 0);
	CHECK(control(PAP_CONTROL_STATE, 0, NULL) > 0);
}

/* As many classes and numbers as fit, and more. */
TEST(full_ledger, .sandboxed = true)
{
	int victim = limited_file(), plain = new_file(), copy;
	struct pap_control limits;

	REQUIRE(cap_enter() == 0);
	limits = said(plain);
	for (unsigned i = 0; i < 1000; i++) {
		int other = (int)RAW(SYS_dup, plain);

		REQUIRE(other >= 0);
		limits.word[0] = (1ull << 57) | (i & 0x3ff);
		limits.nspans = 0;
		(void)announce(other, &limits);
		RAW(SYS_close, other);
	}
	copy = (int)RAW(SYS_dup, victim);
	if (copy >= 0)
		cannot_write(copy);
	cannot_write(victim);
}

TEST(listener_commands, .sandboxed = true)
{
	static const unsigned commands[] = {0xc0502100, 0xc0182101, 0x40082102, 0x40182103,
					    0x40082104};
	int victim = limited_file();
	char space[256] = {0};

	for (int entered = 0; entered < 2; entered++) {
		if (entered)
			REQUIRE(cap_enter() == 0);
		for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
			REFUSED(RAW(SYS_ioctl, victim, commands[i], space));
			REFUSED(RAW(SYS_ioctl, 0, commands[i], space));
			REFUSED(RAW(SYS_ioctl, 0, 0xabcd00000000 | commands[i], space));
		}
	}
}
