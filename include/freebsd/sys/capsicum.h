/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capsicum on Linux: capability mode, and rights of descriptors. The interface is
 * FreeBSD's; capsicum.md in the documentation lists what differs, and why.
 *
 *	cap_rights_t rights;
 *
 *	cap_rights_init(&rights, CAP_READ, CAP_FSTAT);
 *	if (cap_rights_limit(fd, &rights) < 0 || cap_enter() < 0)
 *		err(1, "sandbox");
 *
 * Link with what `pkg-config --cflags --libs capsicum` says. The header can be used
 * together with <linux/capability.h> and libcap's <sys/capability.h>, in any order: for
 * that the two rights whose names they have taken are called CAP_RIGHT_BPF and
 * CAP_RIGHT_PERFMON here.
 *
 * Functions that ask or change the kernel return 0, or -1 with errno and nothing
 * changed, unless something else is said. Those for sets of rights have no effect but
 * on the set; they end the process (SIGABRT) for a set or a right that is malformed,
 * as FreeBSD's do: it is a mistake in the program, and any result would be a wrong one.
 * All are thread-safe as long as no two threads use one set while one changes it.
 */
#ifndef PAPRIKA_FREEBSD_SYS_CAPSICUM_H
#define PAPRIKA_FREEBSD_SYS_CAPSICUM_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/caprights.h>
#include <sys/types.h>

/* Numbers of their own: FreeBSD's, 93 and 94, mean something else on Linux. */
#define ENOTCAPABLE	3093 /* capabilities insufficient */
#define ECAPMODE	3094 /* not permitted in capability mode */

/* ---- how rights are written ---------------------------------------------------------------- */

/* A right: bits of word idx. Rights of one word may be joined with |, others may not. */
#define CAPRIGHT(idx, bit)	((1ULL << (57 + (idx))) | (bit))

#define CAPVER(rights)		((int)((rights)->cr_rights[0] >> 62))	/* version of a set */
#define CAPRVER(right)		((int)((right) >> 62))			/* ... of a right */
#define CAPIDXBIT(right)	((int)(((right) >> 57) & 0x1F))		/* 1 << number of its word */
#define CAPARSIZE(rights)	(CAPVER(rights) + 2)			/* words of a set */
#define CAPARSIZE_MIN		(CAP_RIGHTS_VERSION_00 + 2)
#define CAPARSIZE_MAX		(CAP_RIGHTS_VERSION + 2)

/* ---- rights -------------------------------------------------------------------------------- */

#define CAP_READ		CAPRIGHT(0, 0x1ULL) /* read */
#define CAP_WRITE		CAPRIGHT(0, 0x2ULL) /* write */
#define CAP_SEEK_TELL		CAPRIGHT(0, 0x4ULL) /* ask for the offset */
#define CAP_SEEK		CAPRIGHT(0, 0xcULL) /* move the offset, and name one in a call */
#define CAP_MMAP		CAPRIGHT(0, 0x10ULL) /* map into memory, with no access */
#define CAP_MMAP_X		CAPRIGHT(0, 0x3cULL) /* map into memory for execution */
#define CAP_CREATE		CAPRIGHT(0, 0x40ULL) /* create files beneath */
#define CAP_FEXECVE		CAPRIGHT(0, 0x80ULL) /* execute */
#define CAP_FSYNC		CAPRIGHT(0, 0x100ULL) /* wait until data is on the disk */
#define CAP_FTRUNCATE		CAPRIGHT(0, 0x200ULL) /* change the size */
#define CAP_LOOKUP		CAPRIGHT(0, 0x400ULL) /* start a lookup here */
#define CAP_FCHDIR		CAPRIGHT(0, 0x800ULL) /* make it the working directory */
#define CAP_FCHFLAGS		CAPRIGHT(0, 0x1000ULL) /* change file flags */
#define CAP_FCHMOD		CAPRIGHT(0, 0x2000ULL) /* change the mode */
#define CAP_FCHOWN		CAPRIGHT(0, 0x4000ULL) /* change owner and group */
#define CAP_FCNTL		CAPRIGHT(0, 0x8000ULL) /* file status flags and owner of signals */
#define CAP_FLOCK		CAPRIGHT(0, 0x10000ULL) /* lock */
#define CAP_FPATHCONF		CAPRIGHT(0, 0x20000ULL) /* ask for limits of the file system */
#define CAP_FSCK		CAPRIGHT(0, 0x40000ULL) /* repair file systems (FreeBSD only) */
#define CAP_FSTAT		CAPRIGHT(0, 0x80000ULL) /* look at metadata */
#define CAP_FSTATFS		CAPRIGHT(0, 0x100000ULL) /* look at the file system */
#define CAP_FUTIMES		CAPRIGHT(0, 0x200000ULL) /* change times */
#define CAP_LINKAT_TARGET	CAPRIGHT(0, 0x400400ULL) /* make hard links beneath */
#define CAP_MKDIRAT		CAPRIGHT(0, 0x800400ULL) /* make directories beneath */
#define CAP_MKFIFOAT		CAPRIGHT(0, 0x1000400ULL) /* make named pipes beneath */
#define CAP_MKNODAT		CAPRIGHT(0, 0x2000400ULL) /* make device nodes beneath */
#define CAP_RENAMEAT_SOURCE	CAPRIGHT(0, 0x4000400ULL) /* rename away from beneath */
#define CAP_SYMLINKAT		CAPRIGHT(0, 0x8000400ULL) /* make symbolic links beneath */
#define CAP_UNLINKAT		CAPRIGHT(0, 0x10000400ULL) /* remove beneath */
#define CAP_ACCEPT		CAPRIGHT(0, 0x20000000ULL) /* accept connections */
#define CAP_BIND		CAPRIGHT(0, 0x40000000ULL) /* give a local address */
#define CAP_CONNECT		CAPRIGHT(0, 0x80000000ULL) /* connect, or send to an address */
#define CAP_GETPEERNAME		CAPRIGHT(0, 0x100000000ULL) /* ask for the peer's address */
#define CAP_GETSOCKNAME		CAPRIGHT(0, 0x200000000ULL) /* ask for the local address */
#define CAP_GETSOCKOPT		CAPRIGHT(0, 0x400000000ULL) /* read socket options */
#define CAP_LISTEN		CAPRIGHT(0, 0x800000000ULL) /* listen for connections */
/* make an association a socket of its own */
#define CAP_PEELOFF		CAPRIGHT(0, 0x1000000000ULL)
#define CAP_SETSOCKOPT		CAPRIGHT(0, 0x2000000000ULL) /* set socket options */
#define CAP_SHUTDOWN		CAPRIGHT(0, 0x4000000000ULL) /* shut down */
#define CAP_BINDAT		CAPRIGHT(0, 0x8000000400ULL) /* bind local sockets beneath */
#define CAP_CONNECTAT		CAPRIGHT(0, 0x10000000400ULL) /* connect to local sockets beneath */
/* make hard links to what is beneath */
#define CAP_LINKAT_SOURCE	CAPRIGHT(0, 0x20000000400ULL)
#define CAP_RENAMEAT_TARGET	CAPRIGHT(0, 0x40000000400ULL) /* rename to beneath */
#define CAP_FCHROOT		CAPRIGHT(0, 0x80000000000ULL) /* make it the root directory */
#define CAP_MAC_GET		CAPRIGHT(1, 0x1ULL) /* read security labels */
#define CAP_MAC_SET		CAPRIGHT(1, 0x2ULL) /* set security labels */
#define CAP_SEM_GETVALUE	CAPRIGHT(1, 0x4ULL) /* read a semaphore (FreeBSD only) */
#define CAP_SEM_POST		CAPRIGHT(1, 0x8ULL) /* raise a semaphore (FreeBSD only) */
#define CAP_SEM_WAIT		CAPRIGHT(1, 0x10ULL) /* wait for a semaphore (FreeBSD only) */
#define CAP_EVENT		CAPRIGHT(1, 0x20ULL) /* wait for events */
#define CAP_KQUEUE_EVENT	CAPRIGHT(1, 0x40ULL) /* fetch events of an event queue */
#define CAP_IOCTL		CAPRIGHT(1, 0x80ULL) /* device commands */
#define CAP_TTYHOOK		CAPRIGHT(1, 0x100ULL) /* terminal hooks (FreeBSD only) */
#define CAP_PDGETPID		CAPRIGHT(1, 0x200ULL) /* ask for the process number */
#define CAP_PDWAIT		CAPRIGHT(1, 0x400ULL) /* wait for the process */
#define CAP_PDKILL		CAPRIGHT(1, 0x800ULL) /* signal the process */
#define CAP_EXTATTR_DELETE	CAPRIGHT(1, 0x1000ULL) /* remove extended attributes */
#define CAP_EXTATTR_GET		CAPRIGHT(1, 0x2000ULL) /* read extended attributes */
#define CAP_EXTATTR_LIST	CAPRIGHT(1, 0x4000ULL) /* list extended attributes */
#define CAP_EXTATTR_SET		CAPRIGHT(1, 0x8000ULL) /* set extended attributes */
#define CAP_ACL_CHECK		CAPRIGHT(1, 0x10000ULL) /* check access lists */
#define CAP_ACL_DELETE		CAPRIGHT(1, 0x20000ULL) /* remove access lists */
#define CAP_ACL_GET		CAPRIGHT(1, 0x40000ULL) /* read access lists */
#define CAP_ACL_SET		CAPRIGHT(1, 0x80000ULL) /* set access lists */
#define CAP_KQUEUE_CHANGE	CAPRIGHT(1, 0x100000ULL) /* change an event queue */
#define CAP_INOTIFY_ADD		CAPRIGHT(1, 0x200000ULL) /* watch files */
#define CAP_INOTIFY_RM		CAPRIGHT(1, 0x400000ULL) /* stop watching files */
#define CAP_PDDUPFD		CAPRIGHT(1, 0x800000ULL) /* take descriptors out of the process */
/* be told of readiness by signal, and signal descriptors */
#define CAP_FSIGNAL		CAPRIGHT(1, 0x10000000000ULL)
#define CAP_EPOLL_CTL		CAPRIGHT(1, 0x20000000000ULL) /* change an epoll set */
#define CAP_NOTIFY		CAPRIGHT(1, 0x40000000000ULL) /* watch for changes of files */
#define CAP_SETNS		CAPRIGHT(1, 0x80000000000ULL) /* enter the namespace */
#define CAP_RIGHT_PERFMON	CAPRIGHT(1, 0x100000000000ULL) /* performance counters */
#define CAP_RIGHT_BPF		CAPRIGHT(1, 0x200000000000ULL) /* BPF objects */

/* Several in one. */
#define CAP_PREAD		(CAP_READ | CAP_SEEK) /* read at an offset */
#define CAP_PWRITE		(CAP_WRITE | CAP_SEEK) /* write at an offset */
#define CAP_MMAP_R		(CAP_MMAP | CAP_PREAD) /* map into memory for reading */
#define CAP_MMAP_W		(CAP_MMAP | CAP_PWRITE) /* map into memory for writing */
/* map into memory for reading and writing */
#define CAP_MMAP_RW		(CAP_MMAP_R | CAP_MMAP_W)
/* map into memory for reading and execution */
#define CAP_MMAP_RX		(CAP_MMAP_R | CAP_MMAP_X)
/* map into memory for writing and execution */
#define CAP_MMAP_WX		(CAP_MMAP_W | CAP_MMAP_X)
/* map into memory for everything */
#define CAP_MMAP_RWX		(CAP_MMAP_R | CAP_MMAP_W | CAP_MMAP_X)
#define CAP_CHFLAGSAT		(CAP_FCHFLAGS | CAP_LOOKUP) /* change file flags beneath */
#define CAP_FCHMODAT		(CAP_FCHMOD | CAP_LOOKUP) /* change modes beneath */
#define CAP_FCHOWNAT		(CAP_FCHOWN | CAP_LOOKUP) /* change owners beneath */
#define CAP_FSTATAT		(CAP_FSTAT | CAP_LOOKUP) /* look at metadata beneath */
#define CAP_FUTIMESAT		(CAP_FUTIMES | CAP_LOOKUP) /* change times beneath */
#define CAP_RECV		CAP_READ /* receive */
#define CAP_SEND		CAP_WRITE /* send */
#define CAP_POLL_EVENT		CAP_EVENT /* wait for events */
#define CAP_KQUEUE		(CAP_KQUEUE_EVENT | CAP_KQUEUE_CHANGE) /* use an event queue */
/* what a client does with a socket */
#define CAP_SOCK_CLIENT		(CAP_CONNECT | CAP_GETPEERNAME | CAP_GETSOCKNAME | CAP_GETSOCKOPT | \
				 CAP_PEELOFF | CAP_RECV | CAP_SEND | CAP_SETSOCKOPT | CAP_SHUTDOWN)
/* what a server does with a socket */
#define CAP_SOCK_SERVER		(CAP_ACCEPT | CAP_BIND | CAP_GETPEERNAME | CAP_GETSOCKNAME | \
				 CAP_GETSOCKOPT | CAP_LISTEN | CAP_PEELOFF | CAP_RECV | CAP_SEND | \
				 CAP_SETSOCKOPT | CAP_SHUTDOWN)

/* Old names, with the values that they had when FreeBSD gave them up. */
#define CAP_MAPEXEC		CAP_MMAP_X
#define CAP_MKDIR		CAP_MKDIRAT
#define CAP_RMDIR		CAP_UNLINKAT
#define CAP_DELETE		CAP_UNLINKAT
#define CAP_MKFIFO		CAP_MKFIFOAT
#define CAP_LINKAT		CAP_LINKAT_TARGET
#define CAP_RENAMEAT		CAP_RENAMEAT_SOURCE

/* Everything there is, a word each. */
#define CAP_ALL0		CAPRIGHT(0, 0xfffffffffffULL)
#define CAP_ALL1		CAPRIGHT(1, 0x3f0000ffffffULL)

/* Fills a set with all rights, or with none. */
#define CAP_ALL(rights)							\
	do {								\
		(rights)->cr_rights[0] = CAP_ALL0;			\
		(rights)->cr_rights[1] = CAP_ALL1;			\
	} while (0)
#define CAP_NONE(rights)						\
	do {								\
		(rights)->cr_rights[0] = CAPRIGHT(0, 0ULL);		\
		(rights)->cr_rights[1] = CAPRIGHT(1, 0ULL);		\
	} while (0)

/* ---- what CAP_FCNTL and CAP_IOCTL can be narrowed to --------------------------------------- */

/* Bits: 1 << the command's number, which is Linux's. */
#define CAP_FCNTL_GETFL		(1 << 3)
#define CAP_FCNTL_SETFL		(1 << 4)
#define CAP_FCNTL_GETOWN	(1 << 9) /* F_GETOWN_EX too */
#define CAP_FCNTL_SETOWN	(1 << 8) /* F_SETOWN_EX too */
#define CAP_FCNTL_ALL		(CAP_FCNTL_GETFL | CAP_FCNTL_SETFL | CAP_FCNTL_GETOWN | CAP_FCNTL_SETOWN)

/* What cap_ioctls_get says of a descriptor without a list. */
#define CAP_IOCTLS_ALL		((ssize_t)LONG_MAX)

typedef unsigned long cap_ioctl_t;
typedef uint32_t cap_fcntl_t; /* what older programs for Linux call a mask of CAP_FCNTL_* */

#ifdef __cplusplus
extern "C" {
#endif

/* ---- capability mode ----------------------------------------------------------------------- */

/*
 * Enters capability mode, for good: the process, all its threads and future children
 * keep their descriptors and reach nothing by name any more. What is refused fails with
 * ECAPMODE or ENOTCAPABLE. In capability mode already: 0. ENOSYS: the kernel cannot do
 * it; EBUSY: memory or descriptors are shared with another process, or an io_uring is
 * open; EINVAL: readable memory is executable (personality(2)); ENOMEM.
 */
int cap_enter(void);

/* Stores 1 when the process is in capability mode, else 0. EFAULT, ENOSYS. */
int cap_getmode(unsigned int *mode);

/* The same as an answer; false where there is no capability mode. Never fails. */
bool cap_sandboxed(void);

/* ---- rights of a descriptor ---------------------------------------------------------------- */

/*
 * Leaves the descriptor the rights of the set; in force from now on, in capability mode
 * and outside. Without CAP_IOCTL its list becomes empty, without CAP_FCNTL its mask 0.
 * EBADF; EINVAL: the set is malformed or of another version; ENOTCAPABLE: it has a right
 * that the descriptor lacks; EFAULT; EMFILE: RLIMIT_NOFILE was lowered too far since the first
 * limit; ENOSYS; EBUSY, ENOMEM as in cap_enter.
 */
int cap_rights_limit(int fd, const cap_rights_t *rights);

/* Stores the rights of a descriptor: all, if it was never limited. EBADF, EINVAL, EFAULT. */
#define cap_rights_get(fd, rights)	__cap_rights_get(CAP_RIGHTS_VERSION, (fd), (rights))
int __cap_rights_get(int version, int fd, cap_rights_t *rights);

/*
 * Leaves the descriptor these ioctl(2) commands of those it has, none when ncmds is 0.
 * EBADF; EFAULT; EINVAL: more than can be enforced; ENOTCAPABLE: one of them is not
 * permitted now; ENOSYS, EBUSY, ENOMEM.
 */
int cap_ioctls_limit(int fd, const cap_ioctl_t *cmds, size_t ncmds);

/*
 * Stores up to maxcmds of the commands that are permitted, and returns how many there
 * are; CAP_IOCTLS_ALL, and nothing stored, when every one is. cmds may be NULL. -1:
 * EBADF, EFAULT.
 */
ssize_t cap_ioctls_get(int fd, cap_ioctl_t *cmds, size_t maxcmds);

/*
 * Leaves the descriptor these fcntl(2) commands (CAP_FCNTL_GETFL | ...) of those that
 * need CAP_FCNTL. EBADF; EINVAL: unknown bits; ENOTCAPABLE: one is not permitted now;
 * ENOSYS, EBUSY, ENOMEM.
 */
int cap_fcntls_limit(int fd, uint32_t fcntlrights);

/* Stores which of them are permitted. EBADF, EFAULT. */
int cap_fcntls_get(int fd, uint32_t *fcntlrightsp);

/* ---- sets of rights ------------------------------------------------------------------------ */

/*
 * cap_rights_init(&rights, CAP_READ, CAP_FSTAT) makes a set of the rights that are named,
 * if any; _set adds them, _clear takes them out, bit by bit. The three return the set.
 * _is_set says whether it has all of them. A right that is 0 ends the list.
 */
#define cap_rights_init(...)	__cap_rights_init(CAP_RIGHTS_VERSION, __VA_ARGS__, 0ULL)
#define cap_rights_set(...)	__cap_rights_set(__VA_ARGS__, 0ULL)
#define cap_rights_clear(...)	__cap_rights_clear(__VA_ARGS__, 0ULL)
#define cap_rights_is_set(...)	__cap_rights_is_set(__VA_ARGS__, 0ULL)

/* What these call: rights are 64 bits wide, and the last one is 0. */
cap_rights_t *__cap_rights_init(int version, cap_rights_t *rights, ...);
cap_rights_t *__cap_rights_set(cap_rights_t *rights, ...);
cap_rights_t *__cap_rights_clear(cap_rights_t *rights, ...);
bool __cap_rights_is_set(const cap_rights_t *rights, ...);

/* Whether the set is well-formed and holds nothing but rights that exist. */
bool cap_rights_is_valid(const cap_rights_t *rights);

/* Whether a set has no right at all. */
bool cap_rights_is_empty(const cap_rights_t *rights);

/* Adds src to dst, takes it out, leaves what both have. Each returns dst. */
cap_rights_t *cap_rights_merge(cap_rights_t *dst, const cap_rights_t *src);
cap_rights_t *cap_rights_remove(cap_rights_t *dst, const cap_rights_t *src);
cap_rights_t *cap_rights_intersect(cap_rights_t *dst, const cap_rights_t *src);

/* Whether big has everything that little has. */
bool cap_rights_contains(const cap_rights_t *big, const cap_rights_t *little);

#ifdef __cplusplus
}
#endif

#endif
