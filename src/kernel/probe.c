/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/probe.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/raw.h"
#include "uapi/kernel.h"

/* ---- the cheap questions ----------------------------------------------------------------- */

/* Known flags get as far as the pointer, unknown ones do not. */
static bool seccomp_knows(unsigned long flags)
{
	return pap_raw_seccomp(PAP_SECCOMP_SET_MODE_FILTER, (unsigned)flags, NULL) == -EFAULT;
}

static bool action_available(uint32_t action)
{
	return pap_raw_seccomp(PAP_SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

static void ask_landlock(struct pap_features *features)
{
	int abi = pap_raw_landlock_create_ruleset(NULL, 0, PAP_LANDLOCK_CREATE_RULESET_VERSION);
	int errata;

	/* ENOSYS: not built in; EOPNOTSUPP: switched off at boot */
	features->landlock_abi = abi > 0 ? (unsigned)abi : 0;
	if (!features->landlock_abi)
		return;
	errata = pap_raw_landlock_create_ruleset(NULL, 0, PAP_LANDLOCK_CREATE_RULESET_ERRATA);
	features->landlock_errata = errata > 0 ? (uint32_t)errata : 0;
}

int pap_probe(struct pap_features *features)
{
	const unsigned high = INT_MAX; /* no table reaches that far: an empty range */

	*features = (struct pap_features){
	    .label = "this kernel",
	    .arch = pap_arch_native(),
	    .user_namespaces = true,
	};
	ask_landlock(features);
	features->seccomp_filter = seccomp_knows(0);
	features->seccomp_tsync = seccomp_knows(PAP_SECCOMP_FILTER_FLAG_TSYNC);
	features->seccomp_wait_killable = seccomp_knows(PAP_SECCOMP_FILTER_FLAG_NEW_LISTENER |
							PAP_SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
	/* Waiting killably is the younger of the two. */
	features->seccomp_addfd_send = features->seccomp_wait_killable;
	features->pidfd_getfd = pap_raw_pidfd_getfd(-1, -1, 0) == -EBADF;
	features->openat2 = pap_raw_openat2(-1, "", NULL, 0) == -EINVAL;
	/*
	 * Whether a notification can be answered with "continue" (5.5) shows only on
	 * a live one. pidfd_getfd is younger and the supervisor needs it anyway.
	 */
	features->seccomp_notify = action_available(PAP_RET_USER_NOTIF) &&
				   seccomp_knows(PAP_SECCOMP_FILTER_FLAG_NEW_LISTENER) &&
				   features->pidfd_getfd;
	features->close_range_cloexec =
	    pap_raw_close_range(high, high, PAP_CLOSE_RANGE_CLOEXEC) == 0;
	/* Nobody has this number: flags are judged first. */
	features->pidfd_thread = pap_raw_pidfd_open(INT_MAX, PAP_PIDFD_THREAD) == -ESRCH;
	return 0;
}

/* ---- what only trying tells -------------------------------------------------------------- */

enum {
	FOUND_NAMESPACES = 1,
	FOUND_TAKEN = 2,
	FOUND_ADDFD_SEND = 4,
	FOUND_SYNC = 8,
	FOUND_FAILED = 64,
};

/* Only a socket answers; making one costs as much as all the rest of pap_probe. */
static bool has_passrights(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int value;
	socklen_t length = sizeof(value);
	bool known;

	if (fd < 0)
		return false;
	known = getsockopt(fd, PAP_SOL_SOCKET, PAP_SO_PASSRIGHTS, &value, &length) == 0;
	close(fd);
	return known;
}

/* The status that ends a child carries what it found; nothing else is shared. */
static int try_in_child(int (*attempt)(void))
{
	pid_t pid, done;
	int status;

	/* fork, not vfork: the attempt changes its own process */
	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid)
		_exit(attempt());
	do
		done = waitpid(pid, &status, 0);
	while (done < 0 && errno == EINTR);
	if (done < 0)
		return -errno;
	if (!WIFEXITED(status) || (WEXITSTATUS(status) & FOUND_FAILED))
		return -EIO;
	return WEXITSTATUS(status);
}

/*
 * Creating one is not enough: some distributions let it be made and then take
 * its capabilities away, so that nothing can be done inside.
 */
static int attempt_namespaces(void)
{
	if (pap_raw_unshare(PAP_CLONE_NEWUSER) < 0)
		return 0;
	return pap_raw_unshare(PAP_CLONE_NEWNS) < 0 ? 0 : FOUND_NAMESPACES;
}

static int attempt_listener(void)
{
	struct pap_bpf_insn allow = {PAP_BPF_RET_K, 0, 0, PAP_RET_ALLOW};
	struct {
		unsigned short length;
		struct pap_bpf_insn *insns;
	} program = {1, &allow};
	struct pap_seccomp_notif_addfd add = {.flags = PAP_ADDFD_FLAG_SEND};
	int listener, found = 0;

	if (prctl(PAP_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return FOUND_FAILED;
	listener = pap_raw_seccomp(PAP_SECCOMP_SET_MODE_FILTER,
				   PAP_SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	if (listener == -EBUSY)
		return FOUND_TAKEN;
	if (listener < 0)
		return 0;
	add.srcfd = (uint32_t)listener;
	/* ENOENT: the flag is known, the id is not */
	if (ioctl(listener, PAP_IOCTL_NOTIF_ADDFD, &add) < 0 && errno == ENOENT)
		found |= FOUND_ADDFD_SEND;
	if (ioctl(listener, PAP_IOCTL_NOTIF_SET_FLAGS, PAP_USER_NOTIF_FD_SYNC_WAKE_UP) == 0)
		found |= FOUND_SYNC;
	return found;
}

int pap_probe_deep(struct pap_features *features)
{
	int rc = pap_probe(features);

	if (rc < 0)
		return rc;
	rc = try_in_child(attempt_namespaces);
	if (rc < 0)
		return rc;
	features->user_namespaces = rc & FOUND_NAMESPACES;
	features->passrights = has_passrights();
	if (!features->seccomp_notify)
		return 0;
	rc = try_in_child(attempt_listener);
	if (rc < 0)
		return rc;
	features->listener_taken = rc & FOUND_TAKEN;
	features->seccomp_addfd_send = rc & FOUND_ADDFD_SEND;
	features->seccomp_sync_wake_up = rc & FOUND_SYNC;
	return 0;
}
