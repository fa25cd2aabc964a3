/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Paths beneath a directory that the caller holds. A path is copied once and resolved
 * once; what is acted on afterwards is what was pinned: an object, or a directory and
 * one plain name in it. Names of file systems whose files act on whoever opens them
 * (procfs: "self" would be the supervisor) lead nowhere.
 */
#include "warden/warden.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/codes.h"
#include "kernel/raw.h"

#define TRIES 32 /* while others rename on the way */

/* File systems that act on the opener, or name objects of the whole system. */
static const uint32_t named[] = {
    0x9fa0,     /* proc */
    0x62656572, /* sysfs */
    0x27e0eb,   /* cgroup */
    0x63677270, /* cgroup2 */
    0x64626720, /* debugfs */
    0x74726163, /* tracefs */
    0x73636673, /* securityfs */
    0xf97cff8c, /* selinux */
    0xcafe4a11, /* bpf */
    0x62656570, /* configfs */
    0x6e736673, /* namespaces */
    0x50494446, /* process handles */
    0x1cd1,     /* terminals */
    0x42494e4d, /* binfmt_misc */
    0x187,      /* autofs */
};

static bool is_named(int fd)
{
	struct statfs status;

	if (fstatfs(fd, &status) < 0)
		return true;
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		if ((uint32_t)status.f_type == named[i])
			return true;
	}
	return false;
}

int pap_lookup_base(struct pap_request *request, unsigned arg)
{
	int fd = (int)request->data.args[arg], copy;

	/* A bad number is a bad number first; then rights come before everything else. */
	if (fd < 0)
		return -EBADF;
	copy = pap_request_fd(request, fd);
	if (copy < 0)
		return copy;
	if (pap_request_permitted(request, arg))
		return copy;
	pap_raw_close(copy);
	return -PAP_ENOTCAPABLE;
}

static int open_beneath(int base, const char *path, uint64_t flags)
{
	const struct pap_open_how how = {
	    .flags = flags | O_CLOEXEC, .resolve = PAP_RESOLVE_BENEATH | PAP_RESOLVE_NO_MAGICLINKS};
	int fd = -EAGAIN;

	for (unsigned i = 0; i < TRIES && fd == -EAGAIN; i++)
		fd = pap_raw_openat2(base, path, &how, sizeof(how));
	/* It left the directory: an absolute path, a symbolic link, too many "..". */
	return fd == -EXDEV ? -PAP_ENOTCAPABLE : fd;
}

static int checked(int fd)
{
	if (fd >= 0 && is_named(fd)) {
		pap_raw_close(fd);
		return -PAP_ENOTCAPABLE;
	}
	return fd;
}

int pap_lookup_pin(int base, const char *path, bool follow)
{
	return checked(open_beneath(base, path, O_PATH | (follow ? 0 : O_NOFOLLOW)));
}

int pap_lookup_parent(int base, const char *path, char *last, bool *slash)
{
	static char parent[PAP_WARDEN_PATH];
	size_t length = strlen(path), start;

	*slash = false;
	if (!length)
		return -ENOENT;
	if (path[0] == '/')
		return -PAP_ENOTCAPABLE;
	while (length && path[length - 1] == '/') {
		*slash = true;
		length--;
	}
	for (start = length; start && path[start - 1] != '/'; start--)
		;
	if (length - start > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(last, path + start, length - start);
	last[length - start] = '\0';
	/* These are no names of anything in the parent. */
	if (!strcmp(last, ".") || !strcmp(last, ".."))
		return -EINVAL;
	memcpy(parent, path, start);
	parent[start] = '\0';
	return checked(open_beneath(base, start ? parent : ".", O_PATH | O_DIRECTORY));
}

int pap_lookup_reopen(const struct pap_warden *warden, int pin, int flags)
{
	char name[16];
	int fd;

	if (warden->own < 0)
		return -PAP_ENOTCAPABLE;
	snprintf(name, sizeof(name), "%d", pin);
	fd = openat(warden->own, name, flags);
	return fd < 0 ? -errno : fd;
}

void pap_lookup_own(int fd, char buf[32])
{
	snprintf(buf, 32, "/proc/self/fd/%d", fd);
}
