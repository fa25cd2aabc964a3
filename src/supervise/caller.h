/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The thread behind a notification, and ways to look at it. Everything read
 * here was written by a hostile process; nothing counts before
 * pap_caller_alive() has said, afterwards, that the thread still waits: its id
 * could have been given to another meanwhile.
 */
#ifndef PAP_SUPERVISE_CALLER_H
#define PAP_SUPERVISE_CALLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "uapi/seccomp.h"

struct pap_identity { /* what the kernel judges a thread's file accesses by */
	uid_t uid[4];
	gid_t gid[4];
	uint64_t capabilities; /* effective */
	uint64_t groups;       /* a hash: compared, never used otherwise */
};

struct pap_caller {
	int listener;
	int proc; /* descriptor of the /proc that shows the caller */
	const struct pap_seccomp_notif *call;
	pid_t tid;
	pid_t tgid; /* filled by pap_caller_open */
	struct pap_identity identity;
};

/* Reads identity and group of the thread (0: of the reader itself). 0 or negative errno. */
int pap_identity_read(int proc, pid_t tid, struct pap_identity *identity, pid_t *tgid);
bool pap_identity_equal(const struct pap_identity *a, const struct pap_identity *b);

int pap_caller_open(struct pap_caller *caller, int listener, int proc,
		    const struct pap_seccomp_notif *call);
bool pap_caller_alive(const struct pap_caller *caller);

/* A terminated string of at most size - 1 bytes; -ENAMETOOLONG, -EFAULT. Returns its length. */
ssize_t pap_caller_string(const struct pap_caller *caller, uint64_t address, char *buf,
			  size_t size);
/* Exactly size bytes; -EFAULT. */
int pap_caller_bytes(const struct pap_caller *caller, uint64_t address, void *buf, size_t size);

/* A copy of the caller's descriptor (pidfd_getfd), close-on-exec, or negative errno. */
int pap_caller_fd(const struct pap_caller *caller, int fd);
/*
 * Closes such a copy. It may have become the last one, of a socket that waits for its
 * peer when it is closed: that wait is cut short.
 */
void pap_caller_close_fd(int fd);
/* Its working directory as an O_PATH descriptor. */
int pap_caller_cwd(const struct pap_caller *caller);

/*
 * Looks a path up as the caller would, without magic links, and pins what it
 * finds: an O_PATH descriptor or negative errno. dirfd is the caller's number or
 * AT_FDCWD. "/proc/self/fd/N" and its kin, which C libraries use for
 * descriptors, give the caller's own descriptor N.
 */
int pap_caller_lookup(const struct pap_caller *caller, int dirfd, const char *path, bool follow);

/* The base that a relative path starts from: O_PATH descriptor or negative errno. */
int pap_caller_base(const struct pap_caller *caller, int dirfd);

#endif
