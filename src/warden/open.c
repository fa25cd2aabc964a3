/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * openat beneath a directory. What exists is pinned, looked at and only then opened
 * through its pin: device nodes do things when they are opened, and are not. What
 * does not exist is created where nothing may stand in the way.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/codes.h"
#include "kernel/raw.h"
#include "warden/warden.h"

/* Bits with a meaning, without O_ASYNC: everything else is refused, not passed on. */
#define TMPFILE 0x400000
#define LARGEFILE 0x8000
#define KNOWN                                                                                 \
	(O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK | O_SYNC | \
	 O_DIRECT | LARGEFILE | O_DIRECTORY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC | O_PATH |   \
	 TMPFILE)
/* The suite of FreeBSD's tests has a flag of its own for a lookup that does not leave. */
#define BENEATH 040000000

#define TRIES 16

struct opening {
	struct pap_request *request;
	unsigned class; /* of the directory, and so of the result */
	int base;
	const char *path;
	uint64_t flags;
	mode_t mode;
};

static int64_t give(const struct opening *o, int fd)
{
	/* If the caller is gone, nothing is handed over. */
	return pap_give(o->request, fd, o->class, 0, o->flags & O_CLOEXEC);
}

/* Waiting for the other end of a named pipe is nobody's business but the caller's. */
static int64_t open_pipe(const struct opening *o, int pin, int flags)
{
	struct pap_open_wish wish = {
	    .pin = pin, .flags = flags, .class = o->class, .cloexec = o->flags & O_CLOEXEC};

	if (o->request->warden->proc < 0)
		return -PAP_ENOTCAPABLE;
	return pap_wait_open(o->request, &wish);
}

/*
 * Opens what is pinned. Even a file can keep an opener waiting (a lease): O_NONBLOCK keeps
 * us from it, and is taken away again.
 */
static int64_t reopen(const struct opening *o, int pin, const struct stat *status)
{
	const int kept = O_APPEND | O_DIRECT | O_NOATIME;
	int flags = (int)o->flags & ~(O_CREAT | O_EXCL | O_NOFOLLOW | O_PATH);
	int fd;

	if (S_ISFIFO(status->st_mode) && (o->flags & O_ACCMODE) != O_RDWR &&
	    !(o->flags & O_NONBLOCK))
		return open_pipe(o, pin, flags);
	fd = pap_lookup_reopen(o->request->warden, pin, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return fd;
	if (!(o->flags & O_NONBLOCK) && fcntl(fd, F_SETFL, (int)o->flags & kept) < 0) {
		pap_raw_close(fd);
		return -EIO;
	}
	return give(o, fd);
}

/* A handle without contents cannot be handed over: a directory is opened for reading instead. */
static int64_t open_pinned(const struct opening *o, int pin)
{
	struct stat status;

	if (fstat(pin, &status) < 0)
		return -errno;
	if (S_ISLNK(status.st_mode))
		return -ELOOP;
	if (S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode))
		return -PAP_ENOTCAPABLE;
	if ((o->flags & O_PATH) && !S_ISDIR(status.st_mode))
		return -PAP_ENOTCAPABLE;
	if ((o->flags & O_DIRECTORY) && !S_ISDIR(status.st_mode))
		return -ENOTDIR;
	if (S_ISSOCK(status.st_mode))
		return -ENXIO;
	return reopen(o, pin, &status);
}

static int64_t open_existing(const struct opening *o)
{
	int pin = pap_lookup_pin(o->base, o->path, !(o->flags & O_NOFOLLOW));
	int64_t answer;

	if (pin < 0)
		return pin;
	answer = open_pinned(o, pin);
	pap_raw_close(pin);
	return answer;
}

static int64_t create(const struct opening *o, uint64_t more)
{
	const struct pap_open_how how = {.flags = o->flags | more | O_CLOEXEC,
					 .mode = o->mode & 07777,
					 .resolve =
					     PAP_RESOLVE_BENEATH | PAP_RESOLVE_NO_MAGICLINKS};
	int fd = pap_raw_openat2(o->base, o->path, &how, sizeof(how));

	if (fd < 0)
		return fd == -EXDEV ? -PAP_ENOTCAPABLE : fd;
	return give(o, fd);
}

static int64_t open_or_create(const struct opening *o)
{
	int64_t answer = -EAGAIN;

	if (!(o->flags & O_CREAT))
		return o->flags & TMPFILE ? create(o, 0) : open_existing(o);
	if (o->flags & (O_EXCL | O_PATH))
		return create(o, 0);
	/* Others may create or remove it meanwhile: each step says what it found. */
	for (unsigned i = 0; i < TRIES; i++) {
		answer = open_existing(o);
		if (answer != -ENOENT)
			break;
		answer = create(o, O_EXCL);
		if (answer != -EEXIST && answer != -EAGAIN)
			break;
	}
	return answer;
}

static int64_t open_for(struct pap_request *request, uint64_t flags, mode_t mode)
{
	static char path[PAP_WARDEN_PATH];
	struct opening o = {.request = request, .path = path, .mode = mode};
	ssize_t length = pap_request_path(request, request->data.args[1], path);
	int64_t answer;
	int rc;

	o.class = pap_ledger_class_of(request->ledger, (int)request->data.args[0]);
	/* Outside the mode a program is trusted, and an absolute path needs no directory. */
	if (!request->entered && (o.class == PAP_CLASS_FULL || (length > 0 && path[0] == '/')) &&
	    !(flags & BENEATH))
		return PAP_ANSWER_CONTINUE;
	o.base = pap_lookup_base(request, 0);
	if (o.base < 0)
		return o.base;
	o.flags = flags & ~(uint64_t)BENEATH;
	rc = length < 0 ? (int)length : pap_identity_match(request, flags & (O_CREAT | TMPFILE));
	if (!rc && (o.flags & ~(uint64_t)KNOWN))
		rc = -EINVAL;
	if (!rc && !pap_request_valid(request))
		rc = -EINTR;
	answer = rc ? rc : open_or_create(&o);
	pap_raw_close(o.base);
	return answer;
}

int64_t pap_on_openat(struct pap_request *request)
{
	return open_for(request, (uint32_t)request->data.args[2], (mode_t)request->data.args[3]);
}

/* The flags sit in memory: they are copied, and take the place of the caller's. */
int64_t pap_on_openat2(struct pap_request *request)
{
	const struct pap_syscall *openat = &pap_syscall_table[PAP_SYS_openat];
	const uint64_t harmless =
	    PAP_RESOLVE_NO_XDEV | PAP_RESOLVE_NO_MAGICLINKS | PAP_RESOLVE_BENEATH;
	struct pap_open_how how;

	if (!request->entered &&
	    pap_ledger_class_of(request->ledger, (int)request->data.args[0]) == PAP_CLASS_FULL)
		return PAP_ANSWER_CONTINUE;
	if (request->data.args[3] != sizeof(how))
		return request->data.args[3] < sizeof(how) ? -EINVAL : -E2BIG;
	if (pap_request_read(request, request->data.args[2], &how, sizeof(how)) < 0)
		return -EFAULT;
	/* What asks for more than lookups here do anyway is refused. */
	if ((how.resolve & ~harmless) || (how.resolve & PAP_RESOLVE_NO_XDEV) ||
	    (how.flags & ~(uint64_t)KNOWN))
		return -EINVAL;
	request->call = openat;
	request->data.args[2] = how.flags;
	request->data.args[3] = how.mode;
	return open_for(request, how.flags, (mode_t)how.mode);
}
