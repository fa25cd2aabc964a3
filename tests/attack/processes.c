/* SPDX-License-Identifier: BSD-2-Clause */
/* Ways to an outsider's process: signals in every disguise, its memory, its limits. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"

#define BY_SCOPE .governed = "signals"
#include "world.h"

#define HARMS .proof = CHANGE
#define WITHOUT_PROC                                                                               \
	.flags = "--promise stdio --promise rpath --promise wpath --promise cpath"

static pid_t victim(void)
{
	return (pid_t)given_number("victim");
}

static const char *no_group_flag(void)
{
	int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);
	/* PIDFD_SIGNAL_PROCESS_GROUP, 6.9 */
	long rc = fd < 0 ? -1 : syscall(SYS_pidfd_send_signal, fd, 0, NULL, 4);

	if (fd >= 0)
		close(fd);
	return rc < 0 ? "this kernel has no signals to groups by descriptor" : NULL;
}

/* ---- signals ---------------------------------------------------------------------------------- */

ATTACK(kill_an_outsider, HARMS, BY_SCOPE)
{
	return kill(victim(), SIGKILL);
}

ATTACK(signal_an_outsider, HARMS, BY_SCOPE)
{
	return kill(victim(), SIGUSR1);
}

ATTACK(signal_its_group, HARMS, BY_SCOPE)
{
	return kill(-victim(), SIGUSR1);
}

ATTACK(signal_its_thread, HARMS, BY_SCOPE)
{
	return (int)syscall(SYS_tgkill, victim(), victim(), SIGUSR1);
}

ATTACK(signal_any_thread, HARMS, BY_SCOPE)
{
	return (int)syscall(SYS_tkill, victim(), SIGUSR1);
}

static siginfo_t forged(void)
{
	siginfo_t info = {.si_signo = SIGUSR1, .si_code = SI_QUEUE};

	info.si_pid = getpid();
	return info;
}

ATTACK(queue_a_signal, HARMS, BY_SCOPE)
{
	siginfo_t info = forged();

	return (int)syscall(SYS_rt_sigqueueinfo, victim(), SIGUSR1, &info);
}

ATTACK(queue_a_signal_to_a_thread, HARMS, BY_SCOPE)
{
	siginfo_t info = forged();

	return (int)syscall(SYS_rt_tgsigqueueinfo, victim(), victim(), SIGUSR1, &info);
}

ATTACK(signal_by_process_descriptor, HARMS, BY_SCOPE)
{
	int fd = (int)syscall(SYS_pidfd_open, victim(), 0);

	return fd < 0 ? -1 : (int)syscall(SYS_pidfd_send_signal, fd, SIGUSR1, NULL, 0);
}

ATTACK(signal_by_proc_directory, HARMS, .flags = "--ro /proc", BY_SCOPE)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d", (int)victim());
	return (int)syscall(SYS_pidfd_send_signal, open(path, O_RDONLY | O_DIRECTORY), SIGUSR1, NULL, 0);
}

ATTACK(signal_its_group_by_process_descriptor, HARMS, .impossible = no_group_flag, BY_SCOPE)
{
	int fd = (int)syscall(SYS_pidfd_open, victim(), 0);

	return fd < 0 ? -1 : (int)syscall(SYS_pidfd_send_signal, fd, SIGUSR1, NULL, 4);
}

ATTACK(signal_without_proc, HARMS, WITHOUT_PROC)
{
	return kill(victim(), SIGUSR1);
}

ATTACK(signal_thread_without_proc, HARMS, WITHOUT_PROC)
{
	return (int)syscall(SYS_tkill, victim(), SIGUSR1);
}

ATTACK(signal_with_own_group_and_foreign_thread, HARMS, WITHOUT_PROC)
{
	if (syscall(SYS_tgkill, getpid(), victim(), SIGUSR1) == 0)
		return 0;
	/* The kernel refuses that one bare, too; what it must not become is this. */
	return (int)syscall(SYS_tgkill, victim(), victim(), SIGUSR1);
}

ATTACK(signal_with_garbage_above, HARMS, WITHOUT_PROC)
{
	return (int)syscall(SYS_kill, (unsigned long)victim() | 0xabcd00000000ul, SIGUSR1);
}

ATTACK(signal_the_launcher, BY_SCOPE)
{
	return kill(getppid(), 0);
}

ATTACK(signal_the_launchers_thread, BY_SCOPE)
{
	return (int)syscall(SYS_tkill, getppid(), 0);
}

/* ---- signals by descriptors ---------------------------------------------------------------------- */

/* A socket pair whose one end signals `owner` when the other is written to. */
static int signalling(int (*own)(int fd, pid_t owner))
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		attack_broken("no pair");
	if (own(pair[0], victim()) < 0)
		return -1;
	if (fcntl(pair[0], F_SETSIG, SIGUSR1) < 0 || fcntl(pair[0], F_SETFL, O_ASYNC) < 0)
		return -1;
	if (write(pair[1], "x", 1) != 1)
		attack_broken("cannot write to a pair");
	/* It is sent before write returns; whether it was is not seen from here. */
	errno = EPERM;
	return 0;
}

static int by_fcntl(int fd, pid_t owner)
{
	return fcntl(fd, F_SETOWN, owner);
}

static int by_fcntl_ex(int fd, pid_t owner)
{
	const struct f_owner_ex ex = {F_OWNER_PID, owner};

	return fcntl(fd, F_SETOWN_EX, &ex);
}

static int by_ioctl(int fd, pid_t owner)
{
	int pid = owner;

	return ioctl(fd, 0x8901 /* FIOSETOWN */, &pid);
}

static int by_socket_ioctl(int fd, pid_t owner)
{
	int pid = owner;

	return ioctl(fd, 0x8902 /* SIOCSPGRP */, &pid);
}

ATTACK(owner_by_ioctl, HARMS)
{
	return signalling(by_ioctl);
}

ATTACK(owner_by_socket_ioctl, HARMS)
{
	return signalling(by_socket_ioctl);
}

ATTACK(owner_without_proc, HARMS, WITHOUT_PROC)
{
	return signalling(by_fcntl);
}

ATTACK(owner_structure_without_proc, HARMS, WITHOUT_PROC)
{
	return signalling(by_fcntl_ex);
}

/*
 * With proc an owner may be set; Landlock's scope stops the signal itself, so that
 * nothing fails here: the world says whether it arrived.
 */
static int stopped_on_the_way(int rc)
{
	errno = EPERM;
	return rc == 0 && getppid() == given_number("outsider") ? 0 : -1;
}

ATTACK(owner, HARMS, BY_SCOPE)
{
	return stopped_on_the_way(signalling(by_fcntl));
}

ATTACK(owner_by_structure, HARMS, BY_SCOPE)
{
	return stopped_on_the_way(signalling(by_fcntl_ex));
}

static int by_group(int fd, pid_t owner)
{
	return fcntl(fd, F_SETOWN, -owner);
}

ATTACK(owner_is_its_group, HARMS, BY_SCOPE)
{
	return stopped_on_the_way(signalling(by_group));
}

/* ---- memory and descriptors ------------------------------------------------------------------------ */

ATTACK(trace)
{
	return ptrace(PTRACE_SEIZE, victim(), NULL, NULL) < 0 ? -1 : 0;
}

ATTACK(let_the_launcher_trace)
{
	return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

ATTACK(read_memory, .proof = SECRET)
{
	char buffer[128] = "";
	struct iovec local = {buffer, sizeof(buffer) - 1};
	struct iovec remote = {(void *)(uintptr_t)WORLD_VICTIM_ADDRESS, sizeof(buffer) - 1};

	if (process_vm_readv(victim(), &local, 1, &remote, 1, 0) < 0)
		return -1;
	puts(buffer);
	return 0;
}

ATTACK(write_memory, HARMS)
{
	struct iovec local = {(void *)"X", 1};
	struct iovec remote = {(void *)(uintptr_t)WORLD_VICTIM_ADDRESS, 1};

	return process_vm_writev(victim(), &local, 1, &remote, 1, 0) == 1 ? 0 : -1;
}

ATTACK(read_memory_by_file, .proof = SECRET, .flags = "--ro /proc")
{
	char path[64], buffer[128] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)victim());
	fd = open(path, O_RDONLY);
	if (fd < 0 || pread(fd, buffer, sizeof(buffer) - 1, (off_t)WORLD_VICTIM_ADDRESS) <= 0)
		return -1;
	puts(buffer);
	return 0;
}

ATTACK(take_a_descriptor, .proof = SECRET)
{
	int fd = (int)syscall(SYS_pidfd_open, victim(), 0);

	if (fd < 0)
		return -1;
	fd = (int)syscall(SYS_pidfd_getfd, fd, 3, 0);
	return fd < 0 || lseek(fd, 0, SEEK_SET) < 0 ? -1 : show_descriptor(fd);
}

ATTACK(compare_processes)
{
	long rc = syscall(SYS_kcmp, getpid(), victim(), 1 /* KCMP_VM */, 0, 0);

	return rc < 0 ? -1 : 0;
}

ATTACK(advise_memory, .root_only = true)
{
	char *memory = (char *)(uintptr_t)WORLD_VICTIM_ADDRESS;
	struct iovec range = {memory, 4096};
	int fd = (int)syscall(SYS_pidfd_open, victim(), 0);

	/* 20: MADV_COLD, which needs a capability. */
	return fd < 0 || syscall(SYS_process_madvise, fd, &range, 1, 20, 0) < 0 ? -1 : 0;
}

ATTACK(locks_of_an_outsider)
{
	void *head = NULL;
	size_t size = 0;

	return (int)syscall(SYS_get_robust_list, victim(), &head, &size);
}

/* ---- limits, priorities, processors ---------------------------------------------------------------- */

ATTACK(limits_of_an_outsider, HARMS)
{
	const struct rlimit few = {5, 5};

	return prlimit(victim(), RLIMIT_NOFILE, &few, NULL);
}

ATTACK(priority_of_an_outsider, HARMS)
{
	return setpriority(PRIO_PROCESS, (id_t)victim(), 9);
}

ATTACK(priority_of_its_group, HARMS)
{
	return setpriority(PRIO_PGRP, (id_t)victim(), 9);
}

ATTACK(priority_of_the_user)
{
	/* Only as far as it can be taken back: nothing is changed where it is refused. */
	int now = getpriority(PRIO_PROCESS, 0);

	return setpriority(PRIO_USER, 0, now);
}

static const char *one_processor(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) < 0 || CPU_COUNT(&set) < 2 ? "one processor"
										   : NULL;
}

ATTACK(processors_of_an_outsider, HARMS, .impossible = one_processor)
{
	cpu_set_t set;
	int first = 0;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		attack_broken("no affinity");
	while (!CPU_ISSET(first, &set))
		first++;
	CPU_ZERO(&set);
	CPU_SET(first, &set);
	return sched_setaffinity(victim(), sizeof(set), &set);
}

ATTACK(scheduling_of_an_outsider)
{
	const struct sched_param none = {0};

	return sched_setscheduler(victim(), SCHED_BATCH, &none);
}

ATTACK(io_priority_of_an_outsider, HARMS)
{
	return (int)syscall(SYS_ioprio_set, 1, victim(), 2 << 13 | 7);
}

/* ---- what one process may still do to itself -------------------------------------------------------- */

static const char *no_yama(void)
{
	return access("/proc/sys/kernel/yama", F_OK) < 0 ? "this kernel has no Yama" : NULL;
}

ATTACK(let_anybody_trace, .impossible = no_yama)
{
	return prctl(0x59616d61 /* PR_SET_PTRACER */, -1, 0, 0, 0);
}

ATTACK(hide_from_the_launcher)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
