/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Process descriptors: a child that one holds instead of naming. See pdfork(3).
 *
 *	int fd;
 *	pid_t pid = pdfork(&fd, PD_CLOEXEC);
 */
#ifndef PAPRIKA_FREEBSD_SYS_PROCDESC_H
#define PAPRIKA_FREEBSD_SYS_PROCDESC_H

#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>

#define PD_DAEMON	0x00000001	/* the child outlives the last descriptor */
#define PD_CLOEXEC	0x00000002	/* close the descriptor on execve(2) */
#define PD_ALLOWED_AT_FORK	(PD_DAEMON | PD_CLOEXEC)

#ifdef __cplusplus
extern "C" {
#endif

/* What a child and its own children used, as wait6(2) of FreeBSD has it. */
struct __wrusage {
	struct rusage wru_self;
	struct rusage wru_children;
};

/*
 * Like fork(2), and stores a descriptor of the child in *fdp. The child sends no SIGCHLD
 * and is not found by wait(-1); poll(2) on the descriptor says POLLHUP once it ended. When
 * the last copy of the descriptor is closed, in whichever process, the child is killed,
 * unless flags say PD_DAEMON. In the child *fdp is left alone. Handlers of
 * pthread_atfork(3) do not run; in a program with threads the child may use what is
 * async-signal-safe.
 *
 * Returns the child's number, 0 in the child, -1: EINVAL (flags), EFAULT, EMFILE, ENFILE,
 * EAGAIN, ENOMEM. Semantics: pdfork(2) of FreeBSD. MT-safe.
 */
pid_t pdfork(int *fdp, int flags);

/* Stores the number of the process; works after its end. EBADF: no process descriptor. */
int pdgetpid(int fd, pid_t *pidp);

/*
 * Sends a signal, whoever the process is by now. EBADF; EINVAL: no process descriptor, or
 * no signal; ESRCH: it was waited for; EPERM: it belongs to somebody else now.
 */
int pdkill(int fd, int signum);

/*
 * Waits for the process and returns its number, or 0 with WNOHANG while it runs. status,
 * rusage may be NULL. EBADF; ECHILD: waited for already, or not our child; EINTR.
 */
pid_t pdwait4(int fd, int *status, int options, struct rusage *rusage);

/*
 * The same as FreeBSD has it: 0, and everything about the end. Each pointer may be NULL.
 * There where <signal.h> has siginfo_t, which strict ISO C hides.
 */
#if !defined(__STRICT_ANSI__) || defined(_POSIX_C_SOURCE) || defined(_GNU_SOURCE) ||		\
    defined(_DEFAULT_SOURCE)
int pdwait(int fd, int *status, int options, struct __wrusage *wrusage, siginfo_t *info);
#endif

/*
 * A plain pidfd for event loops of Linux: POLLIN once the process ended. It is a second
 * reference that keeps nothing alive. Not in capability mode. EBADF, EINVAL, ENOSYS.
 */
int pdpidfd_np(int fd);

#ifdef __cplusplus
}
#endif

#endif
