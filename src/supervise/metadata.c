/* SPDX-License-Identifier: BSD-2-Clause */
#include "supervise/metadata.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

#include "policy/policy.h"
#include "uapi/xattr.h"

enum { PROC_SUPER = 0x9fa0, NONE = -1 };

/* The object that a call is about, pinned. */
struct object {
	int fd;
	bool is_link;	      /* a symbolic link itself */
	bool own;	       /* the caller's by its nature: see look_at */
	char self[40];	      /* "/proc/self/fd/N" */
};

struct request;
typedef int perform_fn(const struct request *request, const struct object *object);

struct request {
	const struct pap_caller *caller;
	const uint64_t *args;
	perform_fn *perform;
	int detail;
};

/* ---- operands in the caller's memory ---------------------------------------------------------- */

/*
 * What was read counts only if the caller still waits afterwards: else it may
 * have been the memory of whoever was given its number.
 */
static int operand(const struct request *request, uint64_t address, void *buf, size_t size)
{
	int rc = pap_caller_bytes(request->caller, address, buf, size);

	if (rc < 0)
		return rc;
	return pap_caller_alive(request->caller) ? 0 : -ESRCH;
}

static int attribute_name(const struct request *request, char name[PAP_XATTR_NAME_MAX + 1])
{
	ssize_t length = pap_caller_string(request->caller, request->args[request->detail], name,
					   PAP_XATTR_NAME_MAX + 1);

	if (length < 0)
		return length == -ENAMETOOLONG ? -ERANGE : (int)length;
	if (!pap_caller_alive(request->caller))
		return -ESRCH;
	return length ? 0 : -ERANGE;
}

/* ---- what is done once the object is known ---------------------------------------------------- */

/* Set-id bits lend the owner's identity to strangers; the filter refuses them first. */
static int set_mode(const struct request *request, const struct object *object)
{
	mode_t mode = (mode_t)request->args[request->detail];

	if (mode & 06000)
		return -EPERM;
	if (object->is_link)
		return -EOPNOTSUPP;
	return chmod(object->self, mode & 07777) < 0 ? -errno : 0;
}

static int set_owner(const struct request *request, const struct object *object)
{
	uid_t uid = (uid_t)request->args[request->detail];
	gid_t gid = (gid_t)request->args[request->detail + 1];

	return fchownat(object->fd, "", uid, gid, AT_EMPTY_PATH) < 0 ? -errno : 0;
}

static int apply_times(const struct object *object, const struct timespec times[2])
{
	if (utimensat(object->fd, "", times, AT_EMPTY_PATH) == 0)
		return 0;
	if (errno != EINVAL || object->is_link)
		return -errno;
	/* AT_EMPTY_PATH is known here from 5.8 on. */
	return utimensat(AT_FDCWD, object->self, times, 0) < 0 ? -errno : 0;
}

enum time_format { TIMESPEC, TIMEVAL, UTIMBUF };

static int set_times(const struct request *request, const struct object *object)
{
	uint64_t address = request->args[request->detail & 0xf];
	struct timespec times[2];
	struct timeval micro[2];
	struct utimbuf whole;
	int rc;

	if (!address)
		return apply_times(object, NULL);
	switch ((enum time_format)(request->detail >> 4)) {
	case TIMESPEC:
		rc = operand(request, address, times, sizeof(times));
		break;
	case TIMEVAL:
		rc = operand(request, address, micro, sizeof(micro));
		for (int i = 0; !rc && i < 2; i++) {
			if (micro[i].tv_usec < 0 || micro[i].tv_usec > 999999)
				return -EINVAL;
			times[i] = (struct timespec){micro[i].tv_sec, micro[i].tv_usec * 1000};
		}
		break;
	default:
		rc = operand(request, address, &whole, sizeof(whole));
		times[0] = (struct timespec){whole.actime, 0};
		times[1] = (struct timespec){whole.modtime, 0};
	}
	return rc < 0 ? rc : apply_times(object, times);
}

static int set_attribute(const struct request *request, const struct object *object)
{
	const uint64_t *args = request->args;
	uint64_t address = args[request->detail + 1], size = args[request->detail + 2];
	char name[PAP_XATTR_NAME_MAX + 1];
	char *value;
	int rc = attribute_name(request, name);

	if (rc < 0)
		return rc;
	if (object->is_link)
		return -EPERM;
	if (size > PAP_XATTR_SIZE_MAX)
		return -E2BIG;
	value = malloc(size ? size : 1);
	if (!value)
		return -ENOMEM;
	rc = size ? operand(request, address, value, size) : 0;
	if (!rc && setxattr(object->self, name, value, size, (int)args[request->detail + 3]) < 0)
		rc = -errno;
	free(value);
	return rc;
}

static int remove_attribute(const struct request *request, const struct object *object)
{
	char name[PAP_XATTR_NAME_MAX + 1];
	int rc = attribute_name(request, name);

	if (rc < 0)
		return rc;
	if (object->is_link)
		return -EPERM;
	return removexattr(object->self, name) < 0 ? -errno : 0;
}

static int set_length(const struct request *request, const struct object *object)
{
	return truncate(object->self, (off_t)request->args[request->detail]) < 0 ? -errno : 0;
}

/* ---- which argument says what ------------------------------------------------------------------ */

enum how { BY_PATH, BY_LINK, BY_FD, BY_DIR };

static const struct method {
	unsigned call;
	enum how how;
	int8_t dir, path, flags; /* argument numbers, NONE */
	unsigned known_flags;
	perform_fn *perform;
	int detail; /* first argument of what is to be set */
} methods[] = {
    {PAP_SYS_chmod, BY_PATH, NONE, 0, NONE, 0, set_mode, 1},
    {PAP_SYS_fchmod, BY_FD, 0, NONE, NONE, 0, set_mode, 1},
    {PAP_SYS_fchmodat, BY_DIR, 0, 1, NONE, 0, set_mode, 2},
    {PAP_SYS_fchmodat2, BY_DIR, 0, 1, 3, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, set_mode, 2},
    {PAP_SYS_chown, BY_PATH, NONE, 0, NONE, 0, set_owner, 1},
    {PAP_SYS_lchown, BY_LINK, NONE, 0, NONE, 0, set_owner, 1},
    {PAP_SYS_fchown, BY_FD, 0, NONE, NONE, 0, set_owner, 1},
    {PAP_SYS_fchownat, BY_DIR, 0, 1, 4, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, set_owner, 2},
    {PAP_SYS_utime, BY_PATH, NONE, 0, NONE, 0, set_times, 1 | UTIMBUF << 4},
    {PAP_SYS_utimes, BY_PATH, NONE, 0, NONE, 0, set_times, 1 | TIMEVAL << 4},
    {PAP_SYS_futimesat, BY_DIR, 0, 1, NONE, 0, set_times, 2 | TIMEVAL << 4},
    {PAP_SYS_utimensat, BY_DIR, 0, 1, 3, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, set_times,
     2 | TIMESPEC << 4},
    {PAP_SYS_setxattr, BY_PATH, NONE, 0, NONE, 0, set_attribute, 1},
    {PAP_SYS_lsetxattr, BY_LINK, NONE, 0, NONE, 0, set_attribute, 1},
    {PAP_SYS_fsetxattr, BY_FD, 0, NONE, NONE, 0, set_attribute, 1},
    {PAP_SYS_removexattr, BY_PATH, NONE, 0, NONE, 0, remove_attribute, 1},
    {PAP_SYS_lremovexattr, BY_LINK, NONE, 0, NONE, 0, remove_attribute, 1},
    {PAP_SYS_fremovexattr, BY_FD, 0, NONE, NONE, 0, remove_attribute, 1},
    {PAP_SYS_truncate, BY_PATH, NONE, 0, NONE, 0, set_length, 1},
};

static const struct method *find(unsigned call)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (methods[i].call == call)
			return &methods[i];
	return NULL;
}

bool pap_metadata_knows(unsigned call)
{
	return find(call) != NULL;
}

/* ---- finding the object ------------------------------------------------------------------------ */

/* A descriptor that stands for a name only (O_PATH) is none for these calls. */
static int open_descriptor(const struct pap_caller *caller, int number)
{
	int fd = pap_caller_fd(caller, number);
	int flags = fd < 0 ? 0 : fcntl(fd, F_GETFL);

	if (fd < 0 || (flags >= 0 && !(flags & O_PATH)))
		return fd;
	close(fd);
	return -EBADF;
}

static int find_object(const struct pap_caller *caller, const struct method *method,
		       const uint64_t *args, struct pap_metadata_target *target)
{
	unsigned flags = method->flags == NONE ? 0 : (unsigned)args[method->flags];
	int dirfd = method->dir == NONE ? AT_FDCWD : (int)args[method->dir];
	bool nameless = method->how == BY_DIR && !args[method->path] && dirfd != AT_FDCWD;
	ssize_t length = 0;

	if (flags & ~method->known_flags)
		return -EINVAL;
	/* Times of an open file: utimensat and futimesat without a name. */
	if (nameless && method->perform == set_times && flags)
		return -EINVAL;
	if (method->how == BY_FD || (nameless && method->perform == set_times)) {
		target->fd = dirfd;
		return open_descriptor(caller, dirfd);
	}
	if (!nameless || !(flags & AT_EMPTY_PATH))
		length = pap_caller_string(caller, args[method->path], target->path, PATH_MAX);
	if (length < 0) {
		target->path[0] = '\0';
		return (int)length;
	}
	if (!length) {
		if (!(flags & AT_EMPTY_PATH))
			return -ENOENT;
		target->fd = dirfd;
		return pap_caller_base(caller, dirfd);
	}
	return pap_caller_lookup(caller, dirfd, target->path,
				 method->how != BY_LINK && !(flags & AT_SYMLINK_NOFOLLOW));
}

static int look_at(struct object *object)
{
	struct statfs fs;
	struct stat st;
	int flags;

	if (fstat(object->fd, &st) < 0 || fstatfs(object->fd, &fs) < 0)
		return -errno;
	flags = fcntl(object->fd, F_GETFL);
	if (flags < 0)
		return -errno;
	/* Files of procfs act on whoever opens them: here, on the supervisor. */
	if (fs.f_type == PROC_SUPER)
		return -EPERM;
	object->is_link = S_ISLNK(st.st_mode);
	/*
	 * A regular file that the caller holds open for writing was granted to it when it
	 * was opened or passed on. One that has no name any more (a shell's here-document)
	 * is nobody else's.
	 */
	object->own = S_ISREG(st.st_mode) &&
		      (!st.st_nlink || (!(flags & O_PATH) && (flags & O_ACCMODE) != O_RDONLY));
	snprintf(object->self, sizeof(object->self), "/proc/self/fd/%d", object->fd);
	return 0;
}

static bool granted(const struct pap_pins *pins, const struct pap_caller *caller,
		    const struct object *object)
{
	int access = pap_pins_access(pins, caller->proc, object->fd, PAP_ACCESS_WRITE);

	return access >= 0 && access & PAP_ACCESS_WRITE;
}

int pap_metadata_perform(const struct pap_caller *caller, const struct pap_identity *self,
			 const struct pap_pins *pins, unsigned call, bool *refused,
			 struct pap_metadata_target *target)
{
	const struct method *method = find(call);
	const uint64_t *args = caller->call->data.args;
	struct object object = {0};
	struct request request;
	int rc;

	*refused = false;
	target->path[0] = '\0';
	target->fd = -1;
	if (!method)
		return -ENOSYS;
	/* Never what the thread could not do itself: it must be exactly who we are. */
	if (!pap_identity_equal(&caller->identity, self)) {
		*refused = true;
		return -EPERM;
	}
	object.fd = find_object(caller, method, args, target);
	if (object.fd < 0)
		return object.fd;
	rc = look_at(&object);
	if (!rc && !object.own && !granted(pins, caller, &object)) {
		*refused = true;
		rc = -EPERM;
	}
	if (!rc && !pap_caller_alive(caller))
		rc = -ESRCH;
	if (!rc) {
		request = (struct request){caller, args, method->perform, method->detail};
		rc = method->perform(&request, &object);
	}
	pap_caller_close_fd(object.fd);
	return rc;
}
