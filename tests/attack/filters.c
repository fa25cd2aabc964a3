/* SPDX-License-Identifier: BSD-2-Clause */
/* Other entries into the kernel, numbers that nobody knows, and filters above ours. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attack.h"

/* ---- other entries ------------------------------------------------------------------------------ */

#ifdef __x86_64__
static const char *no_32_bit(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		long rc = 20; /* getpid of the 32-bit table */

		__asm__ volatile("int $0x80" : "+a"(rc) : : "r8", "r9", "r10", "r11", "memory");
		_exit(rc != getpid());
	}
	status = child_status(pid);
	return status == 0 ? NULL : "this kernel has no 32-bit entry";
}

/* open("../outside/key") by the 32-bit entry: its operands must lie low. */
ATTACK(entry_of_32_bit, .proof = SECRET, .dies_of = SIGSYS, .impossible = no_32_bit)
{
	char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	long rc = 5;

	if (low == MAP_FAILED)
		attack_broken("no low memory");
	strcpy(low, "../outside/key");
	__asm__ volatile("int $0x80"
			 : "+a"(rc)
			 : "b"(low), "c"((long)O_RDONLY), "d"(0L)
			 : "r8", "r9", "r10", "r11", "memory");
	errno = rc < 0 ? (int)-rc : 0;
	return rc < 0 ? -1 : show_descriptor((int)rc);
}

#define X32 0x40000000L

/* Kernels with the x32 entry are rare; others answer ENOSYS bare, too: no control there. */
static const char *no_x32(void)
{
	return syscall(X32 + SYS_getpid) < 0 ? "this kernel has no x32 entry" : NULL;
}

ATTACK(entry_of_x32, .proof = SECRET, .impossible = no_x32)
{
	return show_descriptor((int)syscall(X32 + SYS_open, "../outside/key", O_RDONLY));
}

ATTACK(entry_of_x32_to_forbidden_calls, .impossible = no_x32)
{
	return syscall(X32 + 520 /* execve of x32 */, "/bin/true", NULL, NULL) < 0 &&
		       syscall(X32 + SYS_ptrace, 0, 0, 0, 0) < 0
		   ? -1
		   : 0;
}
#endif

/* ---- numbers --------------------------------------------------------------------------------------- */

/* None of these exists: the answer must be ENOSYS, not death and not success. */
ATTACK(unknown_numbers)
{
	static const long numbers[] = {1023, 2047, 65535, 0x3fffffff, 0x7fffffff, -1, -2, -4095};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (syscall(numbers[i], 0, 0, 0, 0, 0, 0) != -1 || errno != ENOSYS)
			attack_broken("call %ld gave another answer", numbers[i]);
	/* The kernel looks at 32 bits of the number: this one is known, and bare it works. */
	return syscall(SYS_unshare | 0x7700000000000000, 0) < 0 ? -1 : 0;
}

/* Every number, with arguments that make no sense: what comes back must be an error. */
ATTACK(all_numbers_with_garbage)
{
	/* Bare, and as root, nobody should try that. */
	for (long number = 0; getppid() != given_number("outsider") && number < 600; number++) {
		pid_t pid;

		/* What ends or suspends the process by being called is left out. */
		if (number == SYS_exit || number == SYS_exit_group || number == SYS_rt_sigreturn ||
		    number == SYS_pause || number == SYS_rt_sigsuspend || number == SYS_vfork ||
		    number == SYS_fork || number == SYS_munmap || number == SYS_select)
			continue;
		pid = fork();
		if (pid == 0) {
			alarm(5);
			syscall(number, -1L, -1L, -1L, -1L, -1L, -1L);
			_exit(0);
		}
		child_status(pid);
	}
	return unshare(0) < 0 ? -1 : 0;
}

/* ---- filters above ours ------------------------------------------------------------------------------ */

/* A filter that answers one call with one verdict and allows the rest. */
static int install(unsigned number, unsigned verdict, unsigned flags)
{
	struct sock_filter code[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, verdict),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof(code) / sizeof(code[0]), code};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

static void need(int rc)
{
	if (rc < 0)
		attack_broken("an own filter cannot be added");
}

ATTACK(listener_of_its_own)
{
	return install(SYS_getpid, SECCOMP_RET_USER_NOTIF, SECCOMP_FILTER_FLAG_NEW_LISTENER) < 0 ? -1 : 0;
}

ATTACK(listener_with_garbage_above)
{
	struct sock_filter code[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	struct sock_fprog program = {1, code};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return syscall(SYS_seccomp, 0x900000001ul, 0x900000008ul, &program) < 0 ? -1 : 0;
}

static int chmod_outside(void)
{
	return chmod("../outside/file", 0777);
}

ATTACK(own_filter_that_allows, .proof = CHANGE)
{
	need(install(SYS_chmod, SECCOMP_RET_ALLOW, 0));
	return chmod_outside();
}

ATTACK(own_filter_that_logs, .proof = CHANGE)
{
	need(install(SYS_chmod, SECCOMP_RET_LOG, 0));
	return chmod_outside();
}

/* Bare, nobody answers: the control of these is that the filter of the other kind works. */
static int above_ours(unsigned verdict)
{
	if (getppid() == given_number("outsider"))
		return chmod_outside();
	need(install(SYS_chmod, verdict, 0));
	return chmod_outside();
}

ATTACK(own_filter_that_notifies, .proof = CHANGE)
{
	return above_ours(SECCOMP_RET_USER_NOTIF);
}

ATTACK(own_filter_that_traces, .proof = CHANGE)
{
	return above_ours(SECCOMP_RET_TRACE);
}

ATTACK(own_filter_that_lies, .proof = CHANGE)
{
	if (getppid() == given_number("outsider"))
		return chmod_outside();
	need(install(SYS_chmod, SECCOMP_RET_ERRNO, 0));
	/* "Success" without anything done: a lie to oneself. */
	if (chmod_outside() != 0)
		attack_broken("the own filter does not answer");
	errno = EPERM;
	return -1;
}

static volatile sig_atomic_t trapped;

static void on_trap(int signal)
{
	(void)signal;
	trapped = 1;
}

ATTACK(own_filter_that_traps, .proof = CHANGE)
{
	struct sigaction action = {.sa_handler = on_trap};

	if (getppid() == given_number("outsider"))
		return chmod_outside();
	sigaction(SIGSYS, &action, NULL);
	need(install(SYS_chmod, SECCOMP_RET_TRAP, 0));
	chmod_outside();
	if (!trapped)
		attack_broken("the own filter does not answer");
	errno = EPERM;
	return -1;
}

/* The listener itself, if it had been left open: no number may answer to its commands. */
ATTACK(listener_left_open)
{
	struct seccomp_notif_sizes sizes;
	int found = 0;

	if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) < 0)
		attack_broken("no sizes");
	if (getppid() == given_number("outsider"))
		return install(SYS_chmod, SECCOMP_RET_USER_NOTIF, SECCOMP_FILTER_FLAG_NEW_LISTENER) < 0 ? -1 : 0;
	for (int fd = 0; fd < 1024; fd++) {
		char path[64], target[128];
		ssize_t length;

		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		length = readlink(path, target, sizeof(target) - 1);
		if (length <= 0)
			continue;
		target[length] = '\0';
		if (strstr(target, "seccomp") || strstr(target, "landlock"))
			found++;
		else if (fd > 2 && fcntl(fd, F_GETFD) >= 0)
			found++;
	}
	errno = EBADF;
	return found ? 0 : -1;
}
