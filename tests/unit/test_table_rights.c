/* SPDX-License-Identifier: BSD-2-Clause */
/* Which right a call needs on which argument: the rows that are easy to get wrong. */
#include <string.h>

#include "harness.h"
#include "table/table.h"

/* The rights that all unconditional exercises of `arg` name, and whether there is one. */
static bool rights_on(const char *name, const char *arg, struct pap_rights *rights)
{
	const struct pap_syscall *call = pap_syscall_find(name, strlen(name));
	bool found = false;

	REQUIRE(call != NULL);
	*rights = (struct pap_rights){{0, 0}};
	for (unsigned i = 0; i < call->nexercises; i++) {
		const struct pap_exercise *x = &call->exercises[i];

		if ((x->touch != PAP_X_FD && x->touch != PAP_X_LOOKUP) || x->cond ||
		    strcmp(call->args[x->arg].name, arg) != 0)
			continue;
		found = true;
		rights->word[0] |= x->rights.word[0];
		rights->word[1] |= x->rights.word[1];
	}
	return found;
}

static void needs(const char *name, const char *arg, unsigned id)
{
	const struct pap_rights *wanted = &pap_right_table[id].bits;
	struct pap_rights rights;

	test_check(rights_on(name, arg, &rights), __FILE__, __LINE__, name);
	test_check_eq((intmax_t)rights.word[0], (intmax_t)wanted->word[0], __FILE__, __LINE__, name,
		      pap_right_table[id].name);
	test_check_eq((intmax_t)rights.word[1], (intmax_t)wanted->word[1], __FILE__, __LINE__, name,
		      pap_right_table[id].name);
}

#define NEEDS(call, arg, right) needs(call, arg, PAP_RIGHT_##right)

TEST(data)
{
	NEEDS("read", "fd", READ);
	NEEDS("readv", "fd", READ);
	NEEDS("pread64", "fd", PREAD);
	NEEDS("write", "fd", WRITE);
	NEEDS("pwritev", "fd", PWRITE);
	NEEDS("lseek", "fd", SEEK);
	NEEDS("sendfile", "out", WRITE);
	NEEDS("sendfile", "in", READ);
	NEEDS("splice", "in", PREAD);
	NEEDS("splice", "out", PWRITE);
	NEEDS("tee", "in", READ);
	NEEDS("tee", "out", WRITE);
	NEEDS("vmsplice", "fd", WRITE);
	NEEDS("copy_file_range", "in", READ);
	NEEDS("copy_file_range", "out", WRITE);
	NEEDS("fallocate", "fd", PWRITE);
	NEEDS("ftruncate", "fd", FTRUNCATE);
	NEEDS("fsync", "fd", FSYNC);
	NEEDS("getdents64", "fd", READ);
	NEEDS("flock", "fd", FLOCK);
	NEEDS("readahead", "fd", PREAD);
}

TEST(files)
{
	NEEDS("fstat", "fd", FSTAT);
	NEEDS("newfstatat", "dir", FSTATAT);
	NEEDS("statx", "dir", FSTATAT);
	NEEDS("faccessat", "dir", FSTATAT);
	NEEDS("readlinkat", "dir", LOOKUP);
	NEEDS("fchmod", "fd", FCHMOD);
	NEEDS("fchmodat2", "dir", FCHMODAT);
	NEEDS("fchownat", "dir", FCHOWNAT);
	NEEDS("utimensat", "dir", FUTIMESAT);
	NEEDS("mkdirat", "dir", MKDIRAT);
	NEEDS("unlinkat", "dir", UNLINKAT);
	NEEDS("symlinkat", "dir", SYMLINKAT);
	NEEDS("linkat", "from_dir", LINKAT_SOURCE);
	NEEDS("linkat", "to_dir", LINKAT_TARGET);
	NEEDS("renameat2", "from_dir", RENAMEAT_SOURCE);
	NEEDS("renameat2", "to_dir", RENAMEAT_TARGET);
	NEEDS("fgetxattr", "fd", EXTATTR_GET);
	NEEDS("fsetxattr", "fd", EXTATTR_SET);
	NEEDS("fstatfs", "fd", FSTATFS);
	NEEDS("fchdir", "fd", FCHDIR);
}

TEST(sockets_and_events)
{
	NEEDS("accept4", "fd", ACCEPT);
	NEEDS("bind", "fd", BIND);
	NEEDS("connect", "fd", CONNECT);
	NEEDS("listen", "fd", LISTEN);
	NEEDS("sendto", "fd", SEND);
	NEEDS("recvmsg", "fd", RECV);
	NEEDS("setsockopt", "fd", SETSOCKOPT);
	NEEDS("getpeername", "fd", GETPEERNAME);
	NEEDS("shutdown", "fd", SHUTDOWN);
	NEEDS("epoll_wait", "set", EVENT);
	NEEDS("epoll_ctl", "set", EPOLL_CTL);
	NEEDS("epoll_ctl", "fd", EVENT);
	NEEDS("signalfd4", "fd", FSIGNAL);
	NEEDS("timerfd_settime", "fd", WRITE);
	NEEDS("timerfd_gettime", "fd", READ);
	NEEDS("pidfd_send_signal", "process", PDKILL);
	NEEDS("pidfd_getfd", "process", PDDUPFD);
	NEEDS("setns", "fd", SETNS);
}

static const struct pap_exercise *first(const char *name, unsigned touch)
{
	const struct pap_syscall *call = pap_syscall_find(name, strlen(name));

	REQUIRE(call != NULL);
	for (unsigned i = 0; i < call->nexercises; i++)
		if (call->exercises[i].touch == touch)
			return &call->exercises[i];
	return NULL;
}

TEST(rights_that_follow_from_arguments)
{
	const struct pap_exercise *x;
	const uint64_t file[6] = {0, 4096, 1, 2, 3, 0}, anonymous[6] = {0, 4096, 1, 0x22, ~0ull, 0};
	const uint64_t pidfd[6] = {3, 5}, any[6] = {0, 5};

	x = first("openat", PAP_X_LOOKUP);
	REQUIRE(x != NULL);
	CHECK_EQ(x->rule, PAP_RR_OPEN);
	CHECK_EQ(x->by, 2);
	x = first("mknodat", PAP_X_LOOKUP);
	REQUIRE(x != NULL);
	CHECK_EQ(x->rule, PAP_RR_MKNOD);
	CHECK_EQ(x->by, 2);
	x = first("fcntl", PAP_X_FD);
	REQUIRE(x != NULL);
	CHECK_EQ(x->rule, PAP_RR_FCNTL);
	x = first("ioctl", PAP_X_FD);
	REQUIRE(x != NULL);
	CHECK_EQ(x->rule, PAP_RR_IOCTL);
	x = first("mmap", PAP_X_FD);
	REQUIRE(x && x->cond);
	CHECK_EQ(x->rule, PAP_RR_MMAP);
	CHECK_EQ(x->arg, 4);
	CHECK_EQ(x->by, 2);
	CHECK(pap_cond_holds(x->cond, file, 0));
	CHECK(!pap_cond_holds(x->cond, anonymous, 0));
	x = first("waitid", PAP_X_FD);
	REQUIRE(x && x->cond);
	CHECK(pap_cond_holds(x->cond, pidfd, 0));
	CHECK(!pap_cond_holds(x->cond, any, 0));
}

TEST(names_and_memory_operands_are_marked)
{
	static const char *const supervised[] = {"poll",    "ppoll",    "select", "pselect6",
						 "sendmsg", "sendmmsg", "openat2"};
	static const char *const denied[] = {
	    "open",    "stat",   "connect",   "bind",        "execve",
	    "chdir",   "fchdir", "mount",     "ptrace",      "shmget",
	    "mq_open", "bpf",    "io_submit", "pidfd_getfd", "open_by_handle_at"};

	for (unsigned i = 0; i < sizeof(supervised) / sizeof(supervised[0]); i++)
		CHECK_EQ(pap_syscall_find(supervised[i], strlen(supervised[i]))->capmode,
			 PAP_CAP_SUPERVISE);
	for (unsigned i = 0; i < sizeof(denied) / sizeof(denied[0]); i++)
		CHECK_EQ(pap_syscall_find(denied[i], strlen(denied[i]))->capmode, PAP_CAP_DENY);
	CHECK_EQ(pap_syscall_table[PAP_SYS_read].capmode, PAP_CAP_RIGHTS);
	CHECK_EQ(pap_syscall_table[PAP_SYS_clone3].capmode, PAP_CAP_NOSYS);
	CHECK_EQ(pap_syscall_table[PAP_SYS_getpid].capmode, PAP_CAP_ALLOW);
	CHECK_EQ(pap_syscall_table[PAP_SYS_kill].capmode, PAP_CAP_SELF);
	for (unsigned i = 0; i < PAP_NSYSCALLS; i++) {
		const struct pap_syscall *call = &pap_syscall_table[i];

		for (unsigned e = 0; e < call->nexercises; e++) {
			if (call->exercises[e].touch == PAP_X_PATH ||
			    call->exercises[e].touch == PAP_X_EXEC)
				test_check(call->capmode == PAP_CAP_DENY ||
					       (call->exercises[e].touch == PAP_X_EXEC &&
						call->capmode == PAP_CAP_RIGHTS),
					   call->file, call->line, call->name);
		}
	}
}
