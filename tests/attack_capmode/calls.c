/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls, options and commands that name something, by every entry and with any upper half. */
#include <linux/fs.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include "case.h"

/* An address whose lower half is zero: not null, though half of it is. */
#define HALF_NULL ((void *)0x700000000)

static void *half_null(void)
{
	void *at = mmap(HALF_NULL, 4096, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	REQUIRE(at == HALF_NULL);
	return at;
}

TEST(addresses_by_sending, .sandboxed = true)
{
	struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int from = socket(AF_INET, SOCK_DGRAM, 0), to = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in *half = half_null();
	char byte = 'x';
	struct iovec vector = {&byte, 1};
	struct msghdr message = {
	    .msg_name = &name, .msg_namelen = sizeof(name), .msg_iov = &vector, .msg_iovlen = 1};
	socklen_t length = sizeof(name);

	REQUIRE(bind(to, (struct sockaddr *)&name, sizeof(name)) == 0 &&
		getsockname(to, (struct sockaddr *)&name, &length) == 0);
	*half = name;
	CHECK_EQ(RAW(SYS_sendto, from, "x", 1, 0, half, sizeof(name)), 1);
	CHECK_EQ(RAW(SYS_sendmsg, from, &message, 0), 1);
	REQUIRE(cap_enter() == 0);
	REFUSED(RAW(SYS_sendto, from, "x", 1, 0, &name, sizeof(name)));
	REFUSED(RAW(SYS_sendto, from, "x", 1, 0, half, sizeof(name)));
	REFUSED(RAW(SYS_sendto, from, "x", 1, MSG_FASTOPEN, NULL, 0));
	REFUSED(RAW(SYS_sendmsg, from, &message, 0));
	message.msg_name = half;
	REFUSED(RAW(SYS_sendmsg, from, &message, 0));
	REFUSED(RAW(SYS_sendmsg, from, &message, MSG_FASTOPEN));
	REFUSED(RAW(SYS_connect, from, &name, sizeof(name)));
	REFUSED(RAW(SYS_bind, from, &name, sizeof(name)));
}

TEST(ports_by_listening, .sandboxed = true)
{
	int bare = socket(AF_INET, SOCK_STREAM, 0), made;
	struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int bound = socket(AF_INET, SOCK_STREAM, 0), other = socket(AF_INET, SOCK_STREAM, 0);

	REQUIRE(bind(bound, (struct sockaddr *)&name, sizeof(name)) == 0);
	CHECK_EQ(RAW(SYS_listen, other, 1), 0);
	REQUIRE(cap_enter() == 0);
	REFUSED(RAW(SYS_listen, bare, 1));
	REFUSED(RAW(SYS_listen, (long)bare | 0x100000000, 1));
	made = (int)RAW(SYS_socket, AF_INET, SOCK_STREAM, 0);
	REQUIRE(made >= 0);
	REFUSED(RAW(SYS_listen, made, 1));
	CHECK_EQ(RAW(SYS_listen, bound, 1), 0);
}

TEST(kinds_of_sockets, .sandboxed = true)
{
	static const int families[] = {AF_NETLINK, AF_PACKET, AF_VSOCK, 38, 44, 21, 31, 29, 45};
	static const int protocols[] = {1, 58, 115, 132, 136, 255, 256, 262};

	REQUIRE(cap_enter() == 0);
	for (long high = 0; high <= 0x300000000; high += 0x300000000) {
		for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
			REFUSED(RAW(SYS_socket, high | families[i], SOCK_DGRAM, 0));
		for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
			REFUSED(RAW(SYS_socket, AF_INET, SOCK_STREAM, high | protocols[i]));
			REFUSED(RAW(SYS_socket, AF_INET6, SOCK_DGRAM, high | protocols[i]));
		}
		REFUSED(RAW(SYS_socket, AF_INET, high | SOCK_RAW, 0));
		CHECK(RAW(SYS_socket, high | AF_INET, SOCK_STREAM, 0) >= 0);
	}
}

TEST(options_of_sockets, .sandboxed = true)
{
	static const int refused[][2] = {
	    {SOL_SOCKET, SO_PASSCRED}, {SOL_SOCKET, 34 /* PASSSEC */}, {SOL_SOCKET, 76 /* PASSPIDFD */},
	    {SOL_SOCKET, SO_BINDTODEVICE}, {SOL_SOCKET, SO_MARK}, {SOL_SOCKET, SO_ATTACH_FILTER},
	    {SOL_SOCKET, 50 /* ATTACH_BPF */}, {SOL_SOCKET, 52}, {IPPROTO_IP, IP_OPTIONS},
	    {IPPROTO_IP, IP_ADD_MEMBERSHIP}, {IPPROTO_IP, 50 /* UNICAST_IF */},
	    {IPPROTO_IPV6, 57 /* RTHDR */}, {IPPROTO_TCP, TCP_CONGESTION}, {IPPROTO_TCP, 31 /* ULP */},
	    {IPPROTO_TCP, 19 /* REPAIR */}, {IPPROTO_IP, 64 /* tables */},
	};
	static const int asked[][2] = {{SOL_SOCKET, 77 /* PEERPIDFD */}, {SOL_SOCKET, 59}, {IPPROTO_IP, 64}};
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1, room[16] = {0}, pair[2];
	socklen_t length = sizeof(room);

	REQUIRE(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
	CHECK_EQ(setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &one, sizeof(one)), 0);
	REQUIRE(cap_enter() == 0);
	for (long high = 0; high <= 0x100000000; high += 0x100000000) {
		for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
			REFUSED(RAW(SYS_setsockopt, fd, high | refused[i][0], refused[i][1], room, 4));
			REFUSED(RAW(SYS_setsockopt, pair[1], refused[i][0], high | refused[i][1], room, 4));
		}
		for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
			REFUSED(RAW(SYS_getsockopt, pair[1], asked[i][0], high | asked[i][1], room,
				    &length));
		CHECK_EQ(RAW(SYS_setsockopt, fd, high | SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one)), 0);
	}
}

TEST(commands_of_descriptors, .sandboxed = true)
{
	static const unsigned long commands[] = {
	    0x5412 /* TIOCSTI */, 0x541c /* TIOCLINUX */, 0x540e, 0x5422, 0x5410, 0x8901, 0x8902, 0x5452,
	    0x40049409 /* FICLONE */, 0x4020940d, 0xc0189436, 0x8912, 0x8913, 0x894c, 0x89e0, 0x5441,
	    0x40086602 /* SETFLAGS */, 0xb702,
	};
	static const int owners[] = {F_SETOWN, 15, F_SETSIG, F_NOTIFY, F_SETLEASE, 999};
	int fd = new_file(), pair[2], bytes;
	char room[256] = {0};

	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	CHECK_EQ(fcntl(pair[0], F_SETOWN, getpid()), 0);
	REQUIRE(cap_enter() == 0);
	for (long high = 0; high <= 0x900000000; high += 0x900000000) {
		for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
			REFUSED(RAW(SYS_ioctl, fd, high | commands[i], room));
			REFUSED(RAW(SYS_ioctl, pair[0], high | commands[i], room));
		}
		for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++)
			REFUSED(RAW(SYS_fcntl, pair[0], high | owners[i], 0));
		REFUSED(RAW(SYS_fcntl, pair[0], high | F_SETFL, O_ASYNC));
		CHECK_EQ(RAW(SYS_ioctl, pair[0], high | FIONREAD, &bytes), 0);
		CHECK(RAW(SYS_fcntl, pair[0], high | F_GETFL) >= 0);
	}
}

/* Offsets and pointers of which half looks like none. */
TEST(halves_of_arguments_and_rights, .sandboxed = true)
{
	int fd = new_file(), to = new_file(), pair[2];
	char byte = 'x';
	struct iovec vector = {&byte, 1};
	uint64_t *half = half_null();

	REQUIRE(ftruncate(fd, 0x100000010) == 0 && pipe(pair) == 0);
	CHECK_EQ(RAW(SYS_preadv2, fd, &vector, 1, 0xffffffff, 0, 0), 1);
	LIMIT(fd, CAP_READ);
	LIMIT(to, CAP_WRITE);
	REFUSED(RAW(SYS_preadv2, fd, &vector, 1, 0xffffffff, 0, 0));
	REFUSED(RAW(SYS_preadv2, fd, &vector, 1, 0, 0, 0));
	CHECK_EQ(RAW(SYS_preadv2, fd, &vector, 1, -1L, 0, 0), 1);
	REFUSED(RAW(SYS_sendfile, pair[1], fd, half, 1));
	REFUSED(RAW(SYS_copy_file_range, fd, half, to, NULL, 1, 0));
	REFUSED(RAW(SYS_copy_file_range, fd, NULL, to, half, 1, 0));
	CHECK_EQ(RAW(SYS_sendfile, pair[1], fd, NULL, 1), 1);
	REFUSED(RAW(SYS_write, (long)fd | 0xdead00000000, "x", 1));
	REFUSED(RAW(SYS_pread64, (long)fd | 0xdead00000000, &byte, 1, 0));
}

TEST(core_files, .sandboxed = true)
{
	struct rlimit *half = half_null();

	REQUIRE(cap_enter() == 0);
	/* It may be set, to what leaves no file: the supervisor sets it. */
	for (int i = 0; i < 4; i++) {
		long resource = (i & 1 ? 0x100000000 : 0) | RLIMIT_CORE;

		*half = (struct rlimit){RLIM_INFINITY, RLIM_INFINITY};
		if (i & 2)
			(void)RAW(SYS_prlimit64, 0, resource, half, NULL);
		else
			(void)RAW(SYS_setrlimit, resource, half);
		CHECK_EQ(RAW(SYS_prlimit64, 0, RLIMIT_CORE, NULL, half), 0);
		CHECK(half->rlim_cur <= 1 && half->rlim_max <= 1);
	}
}

TEST(other_processes, .sandboxed = true)
{
	pid_t self = getpid(), other = getppid();
	char room[256];
	struct iovec vector = {room, 1};

	CHECK_EQ(RAW(SYS_kill, other, 0), 0);
	REQUIRE(cap_enter() == 0);
	CHECK_EQ(RAW(SYS_kill, self, 0), 0);
	for (long high = 0; high <= 0x100000000; high += 0x100000000) {
		static const int wide[] = {0, -1};
		long pid = high | other;

		for (size_t i = 0; i < 2; i++)
			REFUSED(RAW(SYS_kill, high | (unsigned)wide[i], 0));
		REFUSED(RAW(SYS_kill, pid, 0));
		REFUSED(RAW(SYS_tkill, pid, 0));
		REFUSED(RAW(SYS_tgkill, pid, pid, 0));
		REFUSED(RAW(SYS_pidfd_open, pid, 0));
		REFUSED(RAW(SYS_prlimit64, pid, RLIMIT_NOFILE, NULL, room));
		REFUSED(RAW(SYS_sched_getscheduler, pid));
		REFUSED(RAW(SYS_sched_setaffinity, pid, 8, room));
		REFUSED(RAW(SYS_sched_getaffinity, pid, 8, room));
		REFUSED(RAW(SYS_getpriority, PRIO_PROCESS, pid));
		/* To what it is: should it ever work, nobody else on the machine is hurt. */
		REFUSED(RAW(SYS_setpriority, high | PRIO_USER, 0, getpriority(PRIO_PROCESS, 0)));
		REFUSED(RAW(SYS_setpriority, PRIO_PGRP, 0, getpriority(PRIO_PROCESS, 0)));
		REFUSED(RAW(SYS_ioprio_get, 1, pid));
		REFUSED(RAW(SYS_ptrace, 0x4206, pid, 0, 0x200000));
		REFUSED(RAW(SYS_ptrace, 0, 0, 0, 0));
		REFUSED(RAW(SYS_process_vm_readv, pid, &vector, 1, &vector, 1, 0));
		REFUSED(RAW(SYS_process_vm_writev, self, &vector, 1, &vector, 1, 0));
		REFUSED(RAW(SYS_kcmp, self, pid, 0, 0, 0));
		REFUSED(RAW(SYS_move_pages, pid, 0, NULL, NULL, NULL, 0));
		REFUSED(RAW(SYS_get_robust_list, pid, room, room));
		REFUSED(RAW(SYS_setpgid, 0, 0));
		REFUSED(RAW(SYS_clock_gettime, high | (unsigned)(~other << 3 | 2), room));
		REFUSED(RAW(SYS_clock_gettime, high | 0xfffffffbu, room));
	}
	CHECK_EQ(RAW(SYS_clock_gettime, CLOCK_THREAD_CPUTIME_ID, room), 0);
}

static void refused_calls(void)
{
	static const unsigned flags[] = {
	    CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET, CLONE_PARENT, CLONE_PTRACE, CLONE_UNTRACED,
	    CLONE_IO, CLONE_FILES, CLONE_FILES | CLONE_VM,
	};
	static const int options[] = {PR_SET_MM, 0x59616d61 /* PTRACER */, PR_SET_CHILD_SUBREAPER,
				      62 /* SCHED_CORE */, PR_SET_SECCOMP};
	char room[512] = {0};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		REFUSED(RAW(SYS_clone, flags[i] | SIGCHLD, 0, 0, 0, 0));
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		REFUSED(RAW(SYS_prctl, options[i], 1, 0, 0, 0));
	REFUSED(RAW(SYS_prctl, PR_SET_DUMPABLE, 0, 0, 0, 0));
	REFUSED(RAW(SYS_clone3, room, 88));
	REFUSED(RAW(SYS_unshare, CLONE_NEWUSER));
	REFUSED(RAW(SYS_seccomp, 1, 8 /* NEW_LISTENER */, room));
	REFUSED(RAW(SYS_personality, 0x400000));
	REFUSED(RAW(425, 8, room));
	REFUSED(RAW(SYS_io_setup, 1, room));
	REFUSED(RAW(SYS_userfaultfd, 1));
	REFUSED(RAW(SYS_bpf, 0, room, 72));
	REFUSED(RAW(SYS_perf_event_open, room, 0, -1, -1, 0));
	REFUSED(RAW(SYS_add_key, "user", "x", "x", 1, -3));
	REFUSED(RAW(SYS_keyctl, 0, -3, 0));
	REFUSED(RAW(SYS_shmget, 0, 4096, 01600));
	REFUSED(RAW(SYS_msgget, 0, 01600));
	REFUSED(RAW(SYS_mq_open, "x", O_RDWR | O_CREAT, 0600, NULL));
	REFUSED(RAW(SYS_open_by_handle_at, 0, room, 0));
	REFUSED(RAW(SYS_name_to_handle_at, 0, "", room, room, AT_EMPTY_PATH));
	REFUSED(RAW(428, 0, "", 0x1001));
	REFUSED(RAW(SYS_pidfd_getfd, 0, 0, 0));
	REFUSED(RAW(SYS_execve, "/bin/true", NULL, NULL));
	REFUSED(RAW(SYS_modify_ldt, 0, room, 1));
	REFUSED(RAW(SYS_remap_file_pages, room, 4096, 0, 0, 0));
	REFUSED(RAW(SYS_setns, 0, 0));
	REFUSED(RAW(SYS_mount, "x", "/", "tmpfs", 0, NULL));
}

TEST(calls_that_are_refused, .sandboxed = true)
{
	REQUIRE(RAW(SYS_prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
	CHECK(RAW(SYS_personality, 0xffffffff) >= 0);
	REQUIRE(cap_enter() == 0);
	refused_calls();
}

/* Numbers that nobody knows, and those of the other tables of the same processor. */
TEST(unknown_numbers, .sandboxed = true)
{
	REQUIRE(cap_enter() == 0);
	for (long number = 475; number < 700; number++)
		CHECK_EQ(RAW(number, 0, 0, 0, 0, 0, 0), -1);
#ifdef __x86_64__
	for (long number = 0; number < 548; number++)
		CHECK_EQ(RAW(0x40000000 | number, -1, 0, 0, 0, 0, 0), -1);
	CHECK_EQ(RAW(0x40000000 | SYS_getpid), -1);
#endif
	CHECK_EQ(RAW(0x80000000ul, 0, 0, 0), -1);
	CHECK_EQ(RAW(-2, 0, 0, 0), -1);
	CHECK(RAW(SYS_getpid) > 0);
}

#ifdef __x86_64__
static long old_entry(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(a), "c"(b), "d"(c)
			 : "memory", "r8", "r9", "r10", "r11");
	return result;
}

TEST(old_entry, .sandboxed = true)
{
	char *low = mmap((void *)0x10000, 4096, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_32BIT, -1, 0);
	int fd = new_file();

	REQUIRE(low != MAP_FAILED);
	strcpy(low, "/etc/passwd");
	if (old_entry(5, (long)low, 0, 0) < 0)
		SKIP("this kernel has no 32-bit entry");
	LIMIT(fd, CAP_READ);
	CHECK(old_entry(4, fd, (long)low, 1) < 0);
	CHECK(old_entry(41, fd, 0, 0) < 0);
	REQUIRE(cap_enter() == 0);
	CHECK(old_entry(5, (long)low, 0, 0) < 0);
	CHECK(old_entry(295, -100, (long)low, 0) < 0);
	CHECK(old_entry(4, fd, (long)low, 1) < 0);
	CHECK(old_entry(41, fd, 0, 0) < 0);
	CHECK(old_entry(37, getppid(), 0, 0) < 0);
	CHECK(old_entry(169, 1, fd, (long)low) < 0);
}
#endif
