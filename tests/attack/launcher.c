/* SPDX-License-Identifier: BSD-2-Clause */
/* The launcher is the program's parent and answers for it: ways to get hold of it. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "attack.h"

#define BY_SCOPE .governed = "signals"

/* Signals and changes are such that a parent that lets them through is not harmed. */

ATTACK(continue_it, BY_SCOPE)
{
	return kill(getppid(), SIGCONT);
}

ATTACK(continue_it_by_process_descriptor, BY_SCOPE)
{
	int fd = (int)syscall(SYS_pidfd_open, getppid(), 0);

	return fd < 0 ? -1 : (int)syscall(SYS_pidfd_send_signal, fd, SIGCONT, NULL, 0);
}

ATTACK(trace_it)
{
	return ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) < 0 ? -1 : 0;
}

static int allowed(ssize_t rc)
{
	/* EFAULT: it was allowed, only the address was none. */
	return rc >= 0 || errno == EFAULT ? 0 : -1;
}

ATTACK(read_its_memory)
{
	char byte;
	struct iovec local = {&byte, 1}, remote = {(void *)0x1000, 1};

	return allowed(process_vm_readv(getppid(), &local, 1, &remote, 1, 0));
}

ATTACK(write_its_memory)
{
	char byte = 0;
	struct iovec local = {&byte, 1}, remote = {(void *)0x1000, 1};

	return allowed(process_vm_writev(getppid(), &local, 1, &remote, 1, 0));
}

ATTACK(take_its_descriptor)
{
	int fd = (int)syscall(SYS_pidfd_open, getppid(), 0);

	return fd < 0 || syscall(SYS_pidfd_getfd, fd, 0, 0) < 0 ? -1 : 0;
}

ATTACK(its_limits)
{
	struct rlimit limit;

	if (prlimit(getppid(), RLIMIT_NOFILE, NULL, &limit) < 0)
		return -1;
	return prlimit(getppid(), RLIMIT_NOFILE, &limit, NULL);
}

ATTACK(its_priority)
{
	int now = getpriority(PRIO_PROCESS, (id_t)getppid());

	return setpriority(PRIO_PROCESS, (id_t)getppid(), now);
}

ATTACK(its_processors)
{
	cpu_set_t set;

	if (sched_getaffinity(getppid(), sizeof(set), &set) < 0)
		attack_broken("cannot ask for processors");
	return sched_setaffinity(getppid(), sizeof(set), &set);
}

ATTACK(what_it_shares)
{
	return syscall(SYS_kcmp, getpid(), getppid(), 0, 0, 0) < 0 ? -1 : 0;
}

static int open_of(const char *format, int flags)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), format, (int)getppid());
	fd = open(path, flags);
	return fd < 0 ? -1 : close(fd);
}

#define SEES_PROC .flags = "--ro /proc"

ATTACK(its_memory_file, SEES_PROC)
{
	return open_of("/proc/%d/mem", O_RDONLY);
}

ATTACK(its_memory_file_of_its_thread, SEES_PROC)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/mem", (int)getppid(), (int)getppid());
	fd = open(path, O_RDWR);
	return fd < 0 ? -1 : close(fd);
}

ATTACK(its_environment, SEES_PROC)
{
	return open_of("/proc/%d/environ", O_RDONLY);
}

ATTACK(its_mappings, SEES_PROC)
{
	return open_of("/proc/%d/maps", O_RDONLY);
}

ATTACK(its_standard_input, SEES_PROC)
{
	return open_of("/proc/%d/fd/0", O_RDONLY);
}

ATTACK(its_working_directory, SEES_PROC)
{
	return show_entries(open_of("/proc/%d/cwd/", O_RDONLY) < 0 ? -1 : open(".", O_RDONLY));
}

ATTACK(its_system_call, SEES_PROC)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/syscall", (int)getppid());
	return show_file(path);
}

ATTACK(its_stack, SEES_PROC)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/auxv", (int)getppid());
	return show_file(path);
}

/* The end of time for a program that lives on its launcher: it must not end it. */
ATTACK(end_it, BY_SCOPE)
{
	if (getppid() == given_number("outsider"))
		return kill(getppid(), 0);
	return kill(getppid(), SIGKILL);
}

ATTACK(stop_its_group, BY_SCOPE)
{
	/* The launcher is in the program's own group: each member is judged by itself. */
	signal(SIGWINCH, SIG_IGN);
	if (getppid() == given_number("outsider"))
		return kill(-getpgrp(), SIGWINCH);
	if (kill(-getpgid(getppid()), SIGWINCH) < 0)
		return -1;
	errno = EPERM;
	return kill(getppid(), SIGWINCH);
}
