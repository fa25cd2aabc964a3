/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ways around a pledge that Linux has and OpenBSD has not. Each is tried before the
 * pledge too, where it works or is known to the kernel.
 */
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <termios.h>

#include "pledge_case.h"
#include "uapi/openat2.h"
#include "uapi/kernel.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

static int call_result(long result)
{
	return result < 0 ? errno : 0;
}

/* ---- other ways to open ------------------------------------------------------------------- */

static int act_openat2(void)
{
	struct pap_open_how how = {.flags = O_RDONLY};
	long fd = syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", &how, sizeof(how));

	return fd < 0 ? errno : 0;
}

static int act_ring(void)
{
	struct io_uring_params parameters = {0};
	long fd = syscall(SYS_io_uring_setup, 1, &parameters);

	return fd < 0 ? errno : 0;
}

static int act_clone3(void)
{
	/* too short to be anything: the kernel says EINVAL */
	return syscall(SYS_clone3, NULL, 0L) < 0 && errno == EINVAL ? 0 : errno;
}

TEST(calls_that_hide_their_flags)
{
	CHECK_EQ(pledge_result(NULL, act_openat2), 0);
	CHECK_EQ(pledge_result("stdio rpath wpath cpath", act_openat2), ENOSYS);
	CHECK_EQ(pledge_result("stdio proc rpath", act_clone3), ENOSYS);
	CHECK_EQ(pledge_result(NULL, act_clone3), 0);
	CHECK_EQ(pledge_result("stdio rpath wpath cpath inet", act_ring), ENOSYS);
}

/* The flag does not prove that the path is empty: the looseness that the manual names. */
static int act_empty_path(void)
{
	struct stat st;

	return call_result(fstatat(1, "", &st, AT_EMPTY_PATH));
}

static int act_named_path(void)
{
	struct stat st;

	return call_result(fstatat(AT_FDCWD, "/etc/passwd", &st, 0));
}

TEST(looking_at_open_files)
{
	CHECK_EQ(pledge_result("stdio", act_empty_path), 0);
	CHECK_EQ(pledge_result("stdio rpath", act_named_path), 0);
	CHECK_EQ(pledge_result("stdio", act_named_path), EACCES);
	CHECK_EQ(pledge_result("", act_empty_path) != 0, 1);
}

/* ---- other entries ------------------------------------------------------------------------ */

#ifdef __x86_64__
static int act_x32(void)
{
	/* getpid of the x32 table */
	return syscall(0x40000000L | SYS_getpid) < 0 ? errno : 0;
}

static int act_x32_open(void)
{
	return syscall(0x40000000L | SYS_open, "/etc/passwd", O_RDONLY) < 0 ? errno : 0;
}

static int act_int80(void)
{
	long result;

	/* getpid of the 32-bit table */
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
	return result == getpid() ? 0 : result < 0 ? (int)-result : 1;
}

TEST(other_tables_of_calls)
{
	int bare = pledge_result(NULL, act_int80);

	CHECK_EQ(pledge_result("stdio rpath", act_x32), ENOSYS);
	CHECK_EQ(pledge_result("stdio rpath", act_x32_open), ENOSYS);
	if (bare == 0)
		CHECK_EQ(pledge_result("stdio rpath", act_int80), -SIGSYS);
	else
		CHECK(bare == -SIGSEGV || bare == ENOSYS); /* a kernel without that table */
}
#endif

/* ---- sockets ------------------------------------------------------------------------------ */

static int act_multipath(void)
{
	return socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP) < 0 ? errno : 0;
}

static int act_raw(void)
{
	return socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) < 0 ? errno : 0;
}

static int act_tcp(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0;
}

static int act_pass_rights(void)
{
	int pair[2], off = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return errno;
	return call_result(setsockopt(pair[0], SOL_SOCKET, PAP_SO_PASSRIGHTS, &off, sizeof(off)));
}

static int act_fast_open(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_port = htons(9)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return call_result(sendto(fd, "x", 1, MSG_FASTOPEN, (void *)&address, sizeof(address)));
}

TEST(sockets_past_the_promise)
{
	int bare = pledge_result(NULL, act_pass_rights);

	CHECK_EQ(pledge_result("stdio inet", act_tcp), 0);
	CHECK_EQ(pledge_result("stdio inet", act_multipath), EAFNOSUPPORT);
	CHECK(pledge_result("stdio inet", act_raw) == DIES);
	/* whoever may switch it off may switch it on again */
	CHECK(bare == 0 || bare == ENOPROTOOPT);
	CHECK_EQ(pledge_result("stdio unix recvfd", act_pass_rights), ENOPROTOOPT);
	CHECK_EQ(pledge_result("stdio inet", act_fast_open), EOPNOTSUPP);
}

/* ---- memory ------------------------------------------------------------------------------- */

static int act_personality(void)
{
	return call_result(personality(READ_IMPLIES_EXEC));
}

static int act_ask_personality(void)
{
	return call_result(personality(0xffffffff));
}

static int act_memfd_code(void)
{
	int fd = memfd_create("code", 0);
	void *map;

	if (fd < 0 || ftruncate(fd, 4096) < 0)
		return errno;
	map = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	return map == MAP_FAILED ? errno : 0;
}

static int act_make_executable(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return errno;
	return call_result(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static const char *promises_of_old;

/* As in a program with an executable stack. */
static int act_old_program(void)
{
	if (personality(READ_IMPLIES_EXEC) < 0 || pledge(promises_of_old, NULL) < 0)
		return 1;
	return personality(0xffffffff) & READ_IMPLIES_EXEC ? 2 : 0;
}

static int act_old_program_in_steps(void)
{
	if (personality(READ_IMPLIES_EXEC | ADDR_NO_RANDOMIZE) < 0 ||
	    pledge("stdio prot_exec rpath", NULL) < 0 || pledge("stdio", NULL) < 0)
		return 1;
	return personality(0xffffffff) & READ_IMPLIES_EXEC ? 2 : 0;
}

TEST(what_can_be_read_cannot_be_executed)
{
	promises_of_old = "stdio prot_exec";
	CHECK_EQ(pledge_result(NULL, act_old_program), 2); /* the control: it stays */
	promises_of_old = "stdio";
	CHECK_EQ(pledge_result(NULL, act_old_program), 0);
	CHECK_EQ(pledge_result(NULL, act_old_program_in_steps), 0);
}

TEST(executable_memory_by_other_ways)
{
	static const struct pledge_row rows[] = {
	    {"mprotect", act_make_executable, "stdio prot_exec", "stdio exec", EACCES},
	    {"memfd", act_memfd_code, "stdio prot_exec", "stdio", EACCES},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		pledge_check(&rows[i]);
	CHECK_EQ(pledge_result(NULL, act_personality), 0);
	CHECK_EQ(pledge_result("stdio prot_exec", act_personality), DIES);
	CHECK_EQ(pledge_result("stdio", act_ask_personality), 0);
}

/* ---- other processes ---------------------------------------------------------------------- */

static int act_read_parent(void)
{
	char byte;
	struct iovec local = {&byte, 1}, remote = {(void *)&call_result, 1};

	return process_vm_readv(getppid(), &local, 1, &remote, 1, 0) == 1 ? 0 : errno;
}

static int act_ptracer(void)
{
	return call_result(prctl(PR_SET_PTRACER, 1, 0, 0, 0));
}

static int act_namespace(void)
{
	return call_result(unshare(CLONE_NEWUSER));
}

TEST(other_processes_and_namespaces)
{
	CHECK_EQ(pledge_result("stdio proc ps id", act_read_parent), DIES);
	CHECK_EQ(pledge_result("stdio proc", act_ptracer), DIES);
	CHECK_EQ(pledge_result("stdio proc id", act_namespace), DIES);
}

static int terminal[2];

static int act_type(void)
{
	return call_result(ioctl(terminal[1], TIOCSTI, "x"));
}

static int act_size(void)
{
	struct winsize size;

	return call_result(ioctl(terminal[1], TIOCGWINSZ, &size));
}

TEST(typing_into_a_terminal)
{
	terminal[0] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	REQUIRE(terminal[0] >= 0 && unlockpt(terminal[0]) == 0);
	terminal[1] = ioctl(terminal[0], TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	REQUIRE(terminal[1] >= 0);
	CHECK_EQ(pledge_result("stdio", act_size), 0);
	CHECK_EQ(pledge_result("stdio tty proc", act_type), DIES);
	close(terminal[0]);
	close(terminal[1]);
}

/* ---- the filter itself -------------------------------------------------------------------- */

static int act_listener(void)
{
	struct {
		unsigned short length;
		const void *code;
	} filter = {1, "\6\0\0\0\0\0\377\177"};

	return syscall(SYS_seccomp, 1, 1 << 3, &filter) < 0 ? errno : 0;
}

static char trap[4096];

static int act_reexec(void)
{
	char script[5000];
	char *const arguments[] = {(char[]){"sh"}, (char[]){"-c"}, script, NULL};

	snprintf(script, sizeof(script), "exec 3>%s && exit 9", trap);

	execv("/bin/sh", arguments);
	return 98;
}

TEST(filters_of_their_own_and_programs)
{
	int result;

	snprintf(trap, sizeof(trap), "%s/trap", test_directory());
	CHECK_EQ(pledge_result("stdio", act_listener), EBUSY);
	/* the pledge stays with the program that is executed */
	CHECK_EQ(pledge_result(NULL, act_reexec), 9);
	CHECK_EQ(unlink(trap), 0);
	result = pledge_result("stdio rpath exec proc", act_reexec);
	CHECK(result == -SIGSYS || (result > 0 && result != 9 && result != 98));
	CHECK_EQ(access(trap, F_OK), -1);
}
