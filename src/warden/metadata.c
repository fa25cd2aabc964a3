/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls that look at, or change, what is known about a file: the object is pinned and
 * acted on by its pin. Results go into a buffer of ours first, and to the caller when
 * it is certain that it still waits for them.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/codes.h"
#include "kernel/raw.h"
#include "warden/warden.h"

struct target {
	int pin;
	bool itself; /* the descriptor, by an empty path */
	char own[32];
};

static uint32_t flags_of(const struct pap_request *request)
{
	switch (pap_syscall_id(request->call)) {
	case PAP_SYS_statx:
		return (uint32_t)request->data.args[2];
	case PAP_SYS_fchownat:
		return (uint32_t)request->data.args[4];
	case PAP_SYS_newfstatat:
	case PAP_SYS_faccessat2:
	case PAP_SYS_utimensat:
	case PAP_SYS_fchmodat2:
		return (uint32_t)request->data.args[3];
	default:
		return 0;
	}
}

/* The kernel takes a null path for the descriptor itself in some of these calls. */
static bool null_means_itself(const struct pap_request *request, uint32_t flags)
{
	unsigned id = pap_syscall_id(request->call);

	if (id == PAP_SYS_utimensat)
		return true;
	return (id == PAP_SYS_newfstatat || id == PAP_SYS_statx) && (flags & AT_EMPTY_PATH);
}

static bool follows(const struct pap_request *request, uint32_t flags)
{
	return pap_syscall_id(request->call) != PAP_SYS_readlinkat &&
	       !(flags & AT_SYMLINK_NOFOLLOW);
}

/*
 * With an empty path the start needs no LOOKUP, because nothing is looked up. Before
 * entering, looking at a file beneath it needs none either: the same file can be looked
 * at by its name.
 */
static bool permitted_without_lookup(const struct pap_request *request)
{
	struct pap_limits limits;
	unsigned class = pap_request_limits(request, (int)request->data.args[0], &limits);

	if (class != PAP_CLASS_FULL)
		limits.rights.word[0] |= pap_right_table[PAP_RIGHT_LOOKUP].bits.word[0];
	return pap_limits_permit_call(&limits, request->call, 0, request->data.args, NULL);
}

static bool looks(const struct pap_request *request)
{
	unsigned id = pap_syscall_id(request->call);

	return id == PAP_SYS_newfstatat || id == PAP_SYS_statx;
}

static int base_before_entering(struct pap_request *request)
{
	int fd = (int)request->data.args[0], copy = fd < 0 ? -EBADF : pap_request_fd(request, fd);

	if (copy < 0 || permitted_without_lookup(request))
		return copy;
	pap_raw_close(copy);
	return -PAP_ENOTCAPABLE;
}

static int find(struct pap_request *request, uint32_t flags, struct target *target)
{
	static char path[PAP_WARDEN_PATH];
	ssize_t length = 0;
	int base;

	path[0] = '\0';
	if (request->data.args[1] || !null_means_itself(request, flags))
		length = pap_request_path(request, request->data.args[1], path);
	target->itself = length == 0 && (flags & AT_EMPTY_PATH || !request->data.args[1] ||
					 pap_syscall_id(request->call) == PAP_SYS_readlinkat);
	if (target->itself) {
		target->pin = (int)request->data.args[0] < 0
				  ? -EBADF
				  : pap_request_fd(request, (int)request->data.args[0]);
		if (target->pin >= 0 && !permitted_without_lookup(request)) {
			pap_raw_close(target->pin);
			target->pin = -PAP_ENOTCAPABLE;
		}
		return target->pin;
	}
	base = request->entered || !looks(request) ? pap_lookup_base(request, 0)
						   : base_before_entering(request);
	if (base < 0)
		return target->pin = base;
	target->pin = length < 0    ? (int)length
		      : length == 0 ? -ENOENT
				    : pap_lookup_pin(base, path, follows(request, flags));
	pap_raw_close(base);
	return target->pin;
}

static int result(long rc)
{
	return rc < 0 ? -errno : (int)rc;
}

static int look(struct pap_request *request, const struct target *target)
{
	struct stat status;

	if (fstatat(target->pin, "", &status, AT_EMPTY_PATH) < 0)
		return -errno;
	if (!pap_request_valid(request))
		return -EINTR;
	return pap_request_write(request, request->data.args[2], &status, sizeof(status));
}

static int look_at_fields(struct pap_request *request, const struct target *target)
{
	const uint32_t sync = 0x6000; /* AT_STATX_SYNC_TYPE */
	uint64_t fields[32];          /* struct statx, which not every C library knows */
	long rc;

	if (request->data.args[2] &
	    ~(uint64_t)(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | sync))
		return -EINVAL;
	rc = pap_raw_call(PAP_SYS_statx, target->pin, (long)(uintptr_t) "",
			  (long)(AT_EMPTY_PATH | (request->data.args[2] & sync)),
			  (long)request->data.args[3], (long)(uintptr_t)fields, 0);
	if (rc < 0)
		return (int)rc;
	if (!pap_request_valid(request))
		return -EINTR;
	return pap_request_write(request, request->data.args[4], fields, sizeof(fields));
}

static int read_link(struct pap_request *request, const struct target *target)
{
	char content[PAP_WARDEN_PATH];
	size_t size = (uint32_t)request->data.args[3];
	ssize_t length;
	int rc;

	if ((int)request->data.args[3] <= 0)
		return -EINVAL;
	length =
	    readlinkat(target->pin, "", content, size < sizeof(content) ? size : sizeof(content));
	if (length < 0)
		return errno == ENOENT ? -EINVAL : -errno;
	if (!pap_request_valid(request))
		return -EINTR;
	rc = pap_request_write(request, request->data.args[2], content, (size_t)length);
	return rc < 0 ? rc : (int)length;
}

static int may(const struct pap_request *request, const struct target *target, uint32_t flags)
{
	/* Our real and effective identities are the caller's: it has been compared. */
	return (int)pap_raw_call(PAP_SYS_faccessat2, target->pin, (long)"",
				 (int)request->data.args[2], (flags & AT_EACCESS) | AT_EMPTY_PATH,
				 0, 0);
}

static int change_times(struct pap_request *request, const struct target *target, bool fine)
{
	struct timespec times[2];
	struct timeval coarse[2];
	const struct timespec *given = NULL;

	if (request->data.args[2] && fine) {
		if (pap_request_read(request, request->data.args[2], times, sizeof(times)) < 0)
			return -EFAULT;
		given = times;
	} else if (request->data.args[2]) {
		if (pap_request_read(request, request->data.args[2], coarse, sizeof(coarse)) < 0)
			return -EFAULT;
		for (unsigned i = 0; i < 2; i++) {
			if (coarse[i].tv_usec < 0 || coarse[i].tv_usec >= 1000000)
				return -EINVAL;
			times[i] = (struct timespec){coarse[i].tv_sec, coarse[i].tv_usec * 1000};
		}
		given = times;
	}
	if (!pap_request_valid(request))
		return -EINTR;
	return result(utimensat(target->pin, "", given, AT_EMPTY_PATH));
}

static int change_mode(const struct pap_request *request, const struct target *target)
{
	struct stat status;

	if (fstat(target->pin, &status) < 0)
		return -errno;
	if (S_ISLNK(status.st_mode))
		return -EOPNOTSUPP;
	if (request->warden->proc < 0)
		return -PAP_ENOTCAPABLE;
	return result(chmod(target->own, (mode_t)request->data.args[2] & 07777));
}

static int act(struct pap_request *request, const struct target *target, uint32_t flags)
{
	unsigned id = pap_syscall_id(request->call);

	switch (id) {
	case PAP_SYS_newfstatat:
		return look(request, target);
	case PAP_SYS_statx:
		return look_at_fields(request, target);
	case PAP_SYS_readlinkat:
		return read_link(request, target);
	case PAP_SYS_faccessat:
	case PAP_SYS_faccessat2:
		return may(request, target, flags);
	case PAP_SYS_fchmodat:
	case PAP_SYS_fchmodat2:
		return change_mode(request, target);
	case PAP_SYS_fchownat:
		return result(fchownat(target->pin, "", (uid_t)request->data.args[2],
				       (gid_t)request->data.args[3], AT_EMPTY_PATH));
	case PAP_SYS_utimensat:
	case PAP_SYS_futimesat:
		return change_times(request, target, id == PAP_SYS_utimensat);
	default:
		return -ENOSYS; /* newer than libraries need: they fall back */
	}
}

static bool unlimited(const struct pap_request *request)
{
	char first = '\0';

	if (pap_ledger_class_of(request->ledger, (int)request->data.args[0]) == PAP_CLASS_FULL)
		return true;
	return pap_request_read(request, request->data.args[1], &first, 1) == 0 && first == '/';
}

int64_t pap_on_metadata(struct pap_request *request)
{
	uint32_t flags = flags_of(request);
	struct target target;
	int rc;

	if (!request->entered && unlimited(request))
		return PAP_ANSWER_CONTINUE;
	if (flags & ~(uint32_t)(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EACCESS |
				0x6000))
		return -EINVAL;
	rc = find(request, flags, &target);
	if (rc < 0)
		return rc;
	rc = pap_identity_match(request, false);
	if (!rc && !pap_request_valid(request))
		rc = -EINTR;
	pap_lookup_own(target.pin, target.own);
	if (!rc)
		rc = act(request, &target, flags);
	pap_raw_close(target.pin);
	return rc;
}
