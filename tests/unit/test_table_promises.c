/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the promises permit, call by call with arguments, in the table's own plain
 * meaning. Every refusal stands next to the nearest thing that is permitted.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "harness.h"
#include "table/table.h"

#define SELF 4321
#define GARBAGE 0xdeadbeef00000000ull

enum outcome { PERMITTED, QUIET, VIOLATION };

static enum outcome judge(const char *promises, const char *name, const uint64_t args[6])
{
	const struct pap_syscall *call = pap_syscall_find(name, strlen(name));
	pap_promises held = 0;

	REQUIRE(call != NULL);
	for (const char *word = promises; *word;) {
		size_t length = strcspn(word, " ");
		int id = pap_promise_find(word, length);

		REQUIRE(id >= 0);
		held |= (pap_promises)1 << id;
		word += length + (word[length] == ' ');
	}
	for (unsigned i = 0; i < call->npermits; i++) {
		const struct pap_permit *permit = &call->permits[i];

		if ((permit->promises & ~held) == 0 &&
		    (!permit->cond || pap_cond_holds(permit->cond, args, SELF)))
			return PERMITTED;
	}
	if (!call->refusal || (call->grave && pap_cond_holds(call->grave, args, SELF)))
		return VIOLATION;
	return QUIET;
}

#define JUDGE(expected, promises, name, ...) \
	CHECK_EQ(judge(promises, name, (const uint64_t[6]){__VA_ARGS__}), expected)

TEST(nothing_promised)
{
	JUDGE(PERMITTED, "", "exit_group", 0);
	JUDGE(PERMITTED, "", "rt_sigreturn", 0);
	JUDGE(PERMITTED, "", "getpid", 0);
	JUDGE(PERMITTED, "", "close", 3);
	JUDGE(PERMITTED, "", "tgkill", SELF, SELF + 1, SIGABRT);
	JUDGE(VIOLATION, "", "tgkill", SELF + 1, SELF + 1, SIGABRT);
	JUDGE(VIOLATION, "", "read", 0);
	JUDGE(PERMITTED, "stdio", "read", 0);
}

TEST(opening)
{
	JUDGE(PERMITTED, "rpath", "openat", 0, 0, O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW);
	JUDGE(PERMITTED, "rpath", "openat", 0, 0, GARBAGE | O_RDONLY);
	JUDGE(PERMITTED, "rpath", "open", 0, O_PATH);
	JUDGE(QUIET, "stdio", "openat", 0, 0, O_RDONLY);
	JUDGE(VIOLATION, "stdio", "openat", 0, 0, O_WRONLY);
	JUDGE(VIOLATION, "rpath", "openat", 0, 0, O_RDWR);
	JUDGE(VIOLATION, "rpath", "openat", 0, 0, O_RDONLY | O_TRUNC);
	JUDGE(PERMITTED, "rpath wpath", "openat", 0, 0, O_RDONLY | O_TRUNC);
	JUDGE(PERMITTED, "wpath", "openat", 0, 0, O_WRONLY | O_TRUNC | O_APPEND);
	JUDGE(VIOLATION, "wpath", "openat", 0, 0, O_RDWR);
	JUDGE(PERMITTED, "rpath wpath", "openat", 0, 0, O_RDWR);
	JUDGE(VIOLATION, "rpath wpath", "openat", 0, 0, O_WRONLY | O_CREAT, 0644);
	JUDGE(PERMITTED, "wpath cpath", "openat", 0, 0, O_WRONLY | O_CREAT | O_EXCL, 0644);
	JUDGE(VIOLATION, "wpath cpath", "openat", 0, 0, O_RDONLY | O_CREAT, 0644);
	JUDGE(PERMITTED, "rpath cpath", "openat", 0, 0, O_RDONLY | O_CREAT, 0644);
	JUDGE(VIOLATION, "rpath cpath", "openat", 0, 0, O_RDONLY | O_CREAT | O_TRUNC, 0644);
	JUDGE(VIOLATION, "rpath wpath", "openat", 0, 0, O_RDWR | O_TMPFILE, 0600);
	JUDGE(PERMITTED, "rpath wpath cpath", "openat", 0, 0, O_RDWR | O_TMPFILE, 0600);
	JUDGE(PERMITTED, "wpath cpath", "openat", 0, 0, O_WRONLY | O_TMPFILE, 0600);
	JUDGE(VIOLATION, "cpath", "openat", 0, 0, O_WRONLY | O_TMPFILE, 0600);
}

TEST(opening_with_odd_flags)
{
	const char *all = "stdio rpath wpath cpath dpath fattr chown proc exec tty";

	JUDGE(PERMITTED, all, "openat", 0, 0, O_RDWR);
	JUDGE(VIOLATION, all, "openat", 0, 0, O_ACCMODE);
	JUDGE(VIOLATION, all, "openat", 0, 0, O_RDONLY | O_ASYNC);
	JUDGE(VIOLATION, all, "openat", 0, 0, O_RDONLY | 1u << 26);
	JUDGE(VIOLATION, all, "openat", 0, 0, O_RDONLY | 4);
	JUDGE(VIOLATION, all, "openat", 0, 0, O_RDONLY | 1u << 31);
	JUDGE(QUIET, all, "openat2", 0, 0, 0, 24);
}

TEST(set_id_bits_are_never_made)
{
	const char *all = "stdio rpath wpath cpath dpath fattr chown proc exec tty";

	for (unsigned bit = 02000; bit <= 04000; bit *= 2) {
		JUDGE(QUIET, all, "openat", 0, 0, O_WRONLY | O_CREAT, 0755 | bit);
		JUDGE(QUIET, all, "open", 0, O_RDWR | O_TMPFILE, 0755 | bit);
		JUDGE(PERMITTED, all, "openat", 0, 0, O_WRONLY, 0755 | bit); /* mode is garbage */
		JUDGE(QUIET, all, "creat", 0, 0755 | bit);
		JUDGE(QUIET, all, "mkdir", 0, 0755 | bit);
		JUDGE(QUIET, all, "mkdirat", 0, 0, 0755 | bit);
		JUDGE(QUIET, all, "mknodat", 0, 0, S_IFREG | 0755 | bit);
		JUDGE(QUIET, all, "mknodat", 0, 0, S_IFIFO | 0755 | bit);
		JUDGE(QUIET, all, "chmod", 0, 0755 | bit);
		JUDGE(QUIET, all, "fchmod", 0, GARBAGE | 0755 | bit);
		JUDGE(QUIET, all, "fchmodat", 0, 0, 0755 | bit);
		JUDGE(QUIET, all, "fchmodat2", 0, 0, 0755 | bit);
	}
	JUDGE(PERMITTED, all, "openat", 0, 0, O_WRONLY | O_CREAT, 01755);
	JUDGE(PERMITTED, all, "creat", 0, 01755);
	JUDGE(PERMITTED, all, "mkdirat", 0, 0, 01777);
	JUDGE(PERMITTED, all, "fchmodat", 0, 0, 01755);
	JUDGE(VIOLATION, "stdio", "fchmodat", 0, 0, 0755);
	JUDGE(VIOLATION, "stdio", "mkdir", 0, 0755);
}

TEST(names)
{
	JUDGE(PERMITTED, "dpath", "mknodat", 0, 0, S_IFIFO | 0600);
	JUDGE(VIOLATION, "cpath", "mknodat", 0, 0, S_IFIFO | 0600);
	JUDGE(PERMITTED, "cpath", "mknodat", 0, 0, 0600);
	JUDGE(QUIET, "cpath dpath", "mknodat", 0, 0, S_IFCHR | 0600);
	JUDGE(QUIET, "cpath dpath", "mknodat", 0, 0, S_IFBLK | 0600);
	JUDGE(PERMITTED, "rpath cpath", "renameat2", 0, 0, 0, 0, RENAME_EXCHANGE);
	JUDGE(QUIET, "rpath cpath", "renameat2", 0, 0, 0, 0, RENAME_WHITEOUT);
	JUDGE(VIOLATION, "rpath", "renameat2", 0, 0, 0, 0, 0);
	JUDGE(PERMITTED, "rpath cpath", "linkat", 0, 0, 0, 0, AT_SYMLINK_FOLLOW);
	JUDGE(VIOLATION, "rpath cpath", "linkat", 0, 0, 0, 0, AT_EMPTY_PATH);
	JUDGE(PERMITTED, "stdio", "newfstatat", 0, 0, 0, AT_EMPTY_PATH);
	JUDGE(QUIET, "stdio", "newfstatat", 0, 0, 0, 0);
	JUDGE(PERMITTED, "rpath", "newfstatat", 0, 0, 0, 0);
	JUDGE(QUIET, "stdio", "statx", 0);
	JUDGE(PERMITTED, "wpath", "truncate", 0);
	JUDGE(VIOLATION, "rpath", "truncate", 0);
	JUDGE(PERMITTED, "stdio", "ftruncate", 0);
	JUDGE(PERMITTED, "fattr", "chown", 0, (uint32_t)-1, 5);
	JUDGE(QUIET, "fattr", "chown", 0, 1, 5);
	JUDGE(PERMITTED, "chown", "chown", 0, 1, 5);
}

TEST(metadata_calls_are_permitted_by_nothing_else)
{
	static const char *const calls[] = {
	    "chmod",       "fchmod",      "fchmodat",     "fchmodat2",    "chown",
	    "fchown",      "lchown",      "fchownat",     "utime",        "utimes",
	    "futimesat",   "utimensat",   "setxattr",     "lsetxattr",    "fsetxattr",
	    "setxattrat",  "removexattr", "lremovexattr", "fremovexattr", "removexattrat",
	    "file_setattr"};
	const pap_promises metadata = PAP_PROMISE_BIT(fattr) | PAP_PROMISE_BIT(chown);
	unsigned found = 0;

	for (unsigned i = 0; i < PAP_NSYSCALLS; i++) {
		const struct pap_syscall *call = &pap_syscall_table[i];
		bool only = call->npermits > 0;

		for (unsigned p = 0; p < call->npermits; p++)
			only = only && call->permits[p].promises &&
			       !(call->permits[p].promises & ~metadata);
		found += only;
	}
	for (unsigned i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		const struct pap_syscall *call = pap_syscall_find(calls[i], strlen(calls[i]));

		REQUIRE(call != NULL);
		for (unsigned p = 0; p < call->npermits; p++)
			test_check(!(call->permits[p].promises & ~metadata), __FILE__, __LINE__,
				   calls[i]);
	}
	CHECK_EQ(found, sizeof(calls) / sizeof(calls[0]));
}

TEST(memory)
{
	const uint64_t loader = MAP_PRIVATE | MAP_DENYWRITE | MAP_FIXED;

	JUDGE(PERMITTED, "stdio", "mmap", 0, 4096, PROT_READ | PROT_WRITE,
	      MAP_PRIVATE | MAP_ANONYMOUS);
	JUDGE(QUIET, "stdio", "mmap", 0, 4096, PROT_READ | PROT_EXEC, loader);
	JUDGE(PERMITTED, "stdio exec", "mmap", 0, 4096, PROT_READ | PROT_EXEC, loader);
	JUDGE(QUIET, "stdio exec", "mmap", 0, 4096, PROT_READ | PROT_EXEC,
	      MAP_PRIVATE | MAP_ANONYMOUS);
	JUDGE(QUIET, "stdio exec", "mmap", 0, 4096, PROT_READ | PROT_EXEC, MAP_SHARED);
	JUDGE(QUIET, "stdio exec", "mmap", 0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, loader);
	JUDGE(PERMITTED, "stdio prot_exec", "mmap", 0, 4096, PROT_WRITE | PROT_EXEC, MAP_SHARED);
	JUDGE(PERMITTED, "stdio", "mprotect", 0, 4096, PROT_READ);
	JUDGE(QUIET, "stdio exec", "mprotect", 0, 4096, PROT_READ | PROT_EXEC);
	JUDGE(QUIET, "stdio exec", "pkey_mprotect", 0, 4096, PROT_EXEC, 1);
	JUDGE(PERMITTED, "prot_exec", "mprotect", 0, 4096, PROT_EXEC);
	JUDGE(PERMITTED, "stdio", "personality", 0xffffffff);
	JUDGE(PERMITTED, "stdio", "personality", 0);
	JUDGE(VIOLATION, "stdio prot_exec proc", "personality", 0x400000);
}

TEST(processes)
{
	const uint64_t glibc = 0x3d0f00, musl = 0x7d0f00, fork = 0x01200011, spawn = 0x4111;
	const uint64_t unwanted[] = {CLONE_NEWNS,  CLONE_NEWUSER,  CLONE_NEWNET,    CLONE_NEWPID,
				     CLONE_NEWIPC, CLONE_NEWUTS,   CLONE_NEWCGROUP, CLONE_PTRACE,
				     CLONE_PARENT, CLONE_UNTRACED, CLONE_IO};

	JUDGE(PERMITTED, "stdio", "clone", glibc);
	JUDGE(PERMITTED, "stdio", "clone", musl);
	JUDGE(PERMITTED, "stdio", "clone", GARBAGE | musl);
	JUDGE(VIOLATION, "stdio", "clone", glibc & ~0x10000ull);
	JUDGE(VIOLATION, "stdio", "clone", fork);
	JUDGE(VIOLATION, "stdio", "clone", spawn);
	JUDGE(PERMITTED, "proc", "clone", fork);
	JUDGE(PERMITTED, "proc", "clone", spawn);
	JUDGE(PERMITTED, "proc", "clone", fork | CLONE_PIDFD);
	JUDGE(VIOLATION, "proc", "clone", (fork & ~0xffull) | SIGKILL);
	JUDGE(VIOLATION, "stdio proc id", "clone", fork | 0x80);
	for (unsigned i = 0; i < sizeof(unwanted) / sizeof(unwanted[0]); i++) {
		JUDGE(VIOLATION, "stdio proc id exec", "clone", fork | unwanted[i]);
		JUDGE(VIOLATION, "stdio proc id exec", "clone", glibc | unwanted[i]);
	}
	JUDGE(QUIET, "stdio proc", "clone3", 0, 88);
	JUDGE(VIOLATION, "stdio", "execve", 1);
	JUDGE(PERMITTED, "exec", "execve", 1);
	JUDGE(PERMITTED, "stdio", "prlimit64", 0, RLIMIT_CORE, 0, 1);
	JUDGE(QUIET, "stdio", "prlimit64", 0, RLIMIT_NOFILE, 1, 0);
	JUDGE(PERMITTED, "proc", "prlimit64", 0, RLIMIT_NOFILE, 1, 0);
	JUDGE(QUIET, "stdio proc id", "prlimit64", 0, RLIMIT_CORE, 1, 0);
	JUDGE(QUIET, "stdio proc id", "prlimit64", 1, RLIMIT_NOFILE, 0, 1);
	JUDGE(QUIET, "stdio proc id", "setrlimit", RLIMIT_CORE, 1);
	JUDGE(PERMITTED, "proc", "setpriority", PRIO_PROCESS, 0, 5);
	JUDGE(QUIET, "proc", "setpriority", PRIO_PGRP, 0, 5);
	JUDGE(QUIET, "proc", "setpriority", PRIO_PROCESS, 1, 5);
}

TEST(signals)
{
	JUDGE(PERMITTED, "stdio", "kill", SELF, SIGTERM);
	JUDGE(PERMITTED, "stdio", "kill", GARBAGE | SELF, SIGTERM);
	JUDGE(VIOLATION, "stdio", "kill", 0, SIGTERM);
	JUDGE(VIOLATION, "stdio", "kill", (uint64_t)-1, SIGTERM);
	JUDGE(VIOLATION, "stdio", "kill", (uint64_t)-SELF, SIGTERM);
	JUDGE(PERMITTED, "proc", "kill", 1, SIGTERM);
	JUDGE(PERMITTED, "stdio", "tkill", SELF, SIGTERM);
	JUDGE(VIOLATION, "stdio", "tkill", SELF + 1, SIGTERM);
	JUDGE(QUIET, "stdio", "pidfd_open", SELF);
	JUDGE(VIOLATION, "stdio", "pidfd_send_signal", 3, SIGKILL);
}

TEST(descriptor_commands)
{
	JUDGE(PERMITTED, "stdio", "fcntl", 0, F_GETFL);
	JUDGE(PERMITTED, "stdio", "fcntl", 0, GARBAGE | F_SETFD, 1);
	JUDGE(PERMITTED, "stdio", "fcntl", 0, F_SETFL, O_NONBLOCK | O_APPEND);
	JUDGE(VIOLATION, "stdio", "fcntl", 0, F_SETFL, O_ASYNC);
	JUDGE(VIOLATION, "stdio", "fcntl", 0, F_SETOWN, 1);
	JUDGE(VIOLATION, "stdio", "fcntl", 0, F_SETSIG, SIGKILL);
	JUDGE(PERMITTED, "proc", "fcntl", 0, F_SETOWN, 1);
	JUDGE(VIOLATION, "stdio", "fcntl", 0, F_SETLK);
	JUDGE(PERMITTED, "flock", "fcntl", 0, F_SETLK);
	JUDGE(VIOLATION, "stdio proc flock", "fcntl", 0, F_NOTIFY);
	JUDGE(VIOLATION, "stdio proc flock", "fcntl", 0, F_SETLEASE);
	JUDGE(QUIET, "stdio proc flock", "fcntl", 0, 4711);
	JUDGE(PERMITTED, "stdio", "ioctl", 0, TCGETS);
	JUDGE(PERMITTED, "stdio", "ioctl", 0, GARBAGE | FIONREAD);
	JUDGE(QUIET, "stdio", "ioctl", 0, TCSETS);
	JUDGE(PERMITTED, "tty", "ioctl", 0, TCSETS);
	JUDGE(QUIET, "tty", "ioctl", 0, TIOCSPGRP);
	JUDGE(PERMITTED, "tty proc", "ioctl", 0, TIOCSPGRP);
	JUDGE(QUIET, "stdio", "ioctl", 0, FIOASYNC);
}

TEST(terminal_injection_is_a_violation_under_every_promise)
{
	static const char all[] =
	    "stdio rpath wpath cpath dpath fattr chown flock inet mcast unix dns getpw sendfd "
	    "recvfd tty "
	    "proc exec prot_exec id settime ps vminfo route wroute audio video drm unveil";
	static const uint64_t commands[] = {TIOCSTI, TIOCLINUX, TIOCSETD, TIOCCONS, 0x8901, 0x8902};

	for (unsigned i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		JUDGE(VIOLATION, all, "ioctl", 0, commands[i]);
		JUDGE(VIOLATION, all, "ioctl", 0, GARBAGE | commands[i]);
	}
	JUDGE(PERMITTED, all, "ioctl", 0, TIOCGPGRP);
}

TEST(sockets)
{
	JUDGE(PERMITTED, "inet", "socket", AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	JUDGE(PERMITTED, "dns", "socket", AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 17);
	JUDGE(QUIET, "inet", "socket", AF_INET, SOCK_STREAM, 262);
	JUDGE(VIOLATION, "inet", "socket", AF_INET, SOCK_STREAM, 132);
	JUDGE(VIOLATION, "inet", "socket", AF_INET, SOCK_RAW, 1);
	JUDGE(VIOLATION, "inet", "socket", AF_INET, SOCK_DGRAM, 136);
	JUDGE(VIOLATION, "stdio", "socket", AF_INET, SOCK_STREAM, 0);
	JUDGE(QUIET, "stdio", "socket", AF_UNIX, SOCK_STREAM, 0);
	JUDGE(QUIET, "inet", "socket", AF_NETLINK, SOCK_RAW, 0);
	JUDGE(PERMITTED, "unix", "socket", AF_UNIX, SOCK_SEQPACKET, 0);
	JUDGE(QUIET, "unix inet", "socket", AF_PACKET, SOCK_RAW, 0);
	JUDGE(PERMITTED, "route", "socket", AF_NETLINK, SOCK_RAW, 0);
	JUDGE(QUIET, "route", "socket", AF_NETLINK, SOCK_RAW, 12);
	JUDGE(PERMITTED, "stdio", "socketpair", AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC);
	JUDGE(QUIET, "stdio", "socketpair", AF_UNIX, SOCK_DGRAM);
	JUDGE(PERMITTED, "unix", "socketpair", AF_UNIX, SOCK_DGRAM);
	JUDGE(VIOLATION, "stdio", "connect", 3, 1, 16);
	JUDGE(VIOLATION, "dns", "listen", 3, 1);
	JUDGE(PERMITTED, "inet", "listen", 3, 1);
}

TEST(sending)
{
	JUDGE(PERMITTED, "stdio", "sendto", 3, 1, 1, MSG_NOSIGNAL, 0, 0);
	JUDGE(VIOLATION, "stdio", "sendto", 3, 1, 1, 0, 0x7fff00000000, 16);
	JUDGE(VIOLATION, "stdio", "sendto", 3, 1, 1, 0, 1ull << 32, 16);
	JUDGE(PERMITTED, "inet", "sendto", 3, 1, 1, 0, 0x7fff00000000, 16);
	JUDGE(QUIET, "stdio inet unix dns", "sendto", 3, 1, 1, MSG_FASTOPEN, 0x7fff00000000, 16);
	JUDGE(QUIET, "stdio inet unix dns", "sendmsg", 3, 1, MSG_FASTOPEN);
	JUDGE(QUIET, "stdio inet unix dns", "sendmmsg", 3, 1, 1, MSG_FASTOPEN);
	JUDGE(PERMITTED, "stdio", "sendmsg", 3, 1, MSG_NOSIGNAL);
	JUDGE(PERMITTED, "stdio", "sendmmsg", 3, 1, 1, 0);
}

TEST(socket_options)
{
	static const uint64_t forbidden[] = {
	    SO_PASSCRED,     SO_PASSSEC,     76, 83, SO_ATTACH_FILTER, 50, 51, 52, SO_MARK,
	    SO_BINDTODEVICE, SO_RCVBUFFORCE, 62};
	const char *all = "stdio inet mcast unix dns route wroute id proc";

	for (unsigned i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
		JUDGE(QUIET, all, "setsockopt", 3, SOL_SOCKET, forbidden[i]);
	JUDGE(QUIET, all, "getsockopt", 3, SOL_SOCKET, 77);
	JUDGE(PERMITTED, "unix", "getsockopt", 3, SOL_SOCKET, SO_PEERCRED);
	JUDGE(QUIET, "stdio", "getsockopt", 3, SOL_SOCKET, SO_PEERCRED);
	JUDGE(PERMITTED, "stdio", "getsockopt", 3, SOL_SOCKET, SO_ERROR);
	JUDGE(QUIET, all, "setsockopt", 3, SOL_SOCKET, SO_ERROR);
	JUDGE(PERMITTED, "inet", "setsockopt", 3, SOL_SOCKET, SO_REUSEADDR);
	JUDGE(QUIET, "stdio", "setsockopt", 3, SOL_SOCKET, SO_REUSEADDR);
	JUDGE(PERMITTED, "stdio", "setsockopt", 3, IPPROTO_TCP, 1);
	JUDGE(PERMITTED, "inet", "setsockopt", 3, IPPROTO_TCP, 3);
	JUDGE(QUIET, all, "setsockopt", 3, IPPROTO_TCP, 31);
	JUDGE(QUIET, all, "setsockopt", 3, IPPROTO_TCP, 19);
	JUDGE(QUIET, all, "setsockopt", 3, IPPROTO_IP, 4);
	JUDGE(PERMITTED, all, "getsockopt", 3, IPPROTO_IP, 4);
	JUDGE(QUIET, all, "setsockopt", 3, IPPROTO_IPV6, 57);
	JUDGE(QUIET, all, "setsockopt", 3, IPPROTO_IP, 64);
	JUDGE(QUIET, "inet", "setsockopt", 3, IPPROTO_IP, 35);
	JUDGE(PERMITTED, "mcast", "setsockopt", 3, IPPROTO_IP, 35);
	JUDGE(PERMITTED, all, "setsockopt", 3, GARBAGE | IPPROTO_IP, GARBAGE | 1);
}

TEST(security)
{
	const uint64_t attacks[] = {
	    PAP_SYS_ptrace,      PAP_SYS_process_vm_readv, PAP_SYS_process_vm_writev,
	    PAP_SYS_bpf,         PAP_SYS_perf_event_open,  PAP_SYS_userfaultfd,
	    PAP_SYS_keyctl,      PAP_SYS_unshare,          PAP_SYS_setns,
	    PAP_SYS_mount,       PAP_SYS_chroot,           PAP_SYS_pivot_root,
	    PAP_SYS_init_module, PAP_SYS_kexec_load,       PAP_SYS_fchroot,
	    PAP_SYS_shmget,      PAP_SYS_mq_open};

	for (unsigned i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		CHECK_EQ(pap_syscall_table[attacks[i]].npermits, 0);
		CHECK_EQ(pap_syscall_table[attacks[i]].refusal, 0);
	}
	CHECK_EQ(pap_syscall_table[PAP_SYS_io_uring_setup].npermits, 0);
	CHECK_EQ(pap_syscall_table[PAP_SYS_io_uring_setup].refusal, ENOSYS);
	JUDGE(PERMITTED, "stdio", "seccomp", 1, 0);
	JUDGE(PERMITTED, "stdio", "seccomp", 2, 0);
	JUDGE(QUIET, "stdio", "seccomp", 1, 8);
	JUDGE(QUIET, "stdio", "seccomp", GARBAGE | 1, GARBAGE | 9);
	JUDGE(PERMITTED, "stdio", "landlock_restrict_self", 3);
	JUDGE(PERMITTED, "stdio", "prctl", PR_SET_NO_NEW_PRIVS, 1);
	JUDGE(PERMITTED, "stdio", "prctl", PR_SET_DUMPABLE, 1);
	JUDGE(QUIET, "stdio", "prctl", PR_SET_DUMPABLE, 0);
	JUDGE(VIOLATION, "stdio proc id", "prctl", PR_SET_MM, 1);
	JUDGE(VIOLATION, "stdio proc id", "prctl", GARBAGE | PR_SET_PTRACER, 1);
	JUDGE(QUIET, "stdio", "prctl", PR_SET_CHILD_SUBREAPER, 1);
	JUDGE(PERMITTED, "proc", "prctl", PR_SET_CHILD_SUBREAPER, 1);
	JUDGE(PERMITTED, "stdio", "prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL);
	JUDGE(QUIET, "stdio", "prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE);
	JUDGE(PERMITTED, "id", "setuid", 0);
	JUDGE(VIOLATION, "stdio proc", "setuid", 0);
}
