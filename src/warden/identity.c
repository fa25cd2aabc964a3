/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the caller could do itself. The supervisor was forked from the program and
 * has its identity. As long as nobody in the tree has changed anything (every call
 * that could is routed here), there is nothing to compare. Afterwards each lookup is
 * preceded by a look at the very thread that asks, which cannot change while it waits.
 */
#include "warden/warden.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/codes.h"
#include "kernel/raw.h"

static char text[65536]; /* a status: longer with thousands of groups, then nobody matches */

struct identity {
	uint32_t uid[4], gid[4];
	uint64_t capabilities, groups;
	mode_t umask;
};

static const char *field(const char *name)
{
	/* The kernel escapes newlines in names, so the start of a line cannot be forged. */
	const char *at = strstr(text, name);

	return at ? at + strlen(name) : "";
}

static int four(const char *at, uint32_t out[4])
{
	for (unsigned i = 0; i < 4; i++) {
		char *end;

		out[i] = (uint32_t)strtoul(at, &end, 10);
		if (end == at)
			return -EIO;
		at = end;
	}
	return 0;
}

static uint64_t hash_line(const char *line)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (; *line && *line != '\n'; line++)
		hash = (hash ^ (unsigned char)*line) * 0x100000001b3u;
	return hash;
}

static int read_identity(const struct pap_warden *warden, const char *path, struct identity *out)
{
	size_t have = 0;
	ssize_t length;
	int fd;

	if (warden->proc < 0)
		return -ENOSYS;
	fd = openat(warden->proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while ((length = read(fd, text + have, sizeof(text) - 1 - have)) > 0)
		have += (size_t)length;
	pap_raw_close(fd);
	if (length < 0 || have >= sizeof(text) - 1)
		return -EIO;
	text[have] = '\0';
	out->umask = (mode_t)strtoul(field("\nUmask:\t"), NULL, 8);
	out->capabilities = strtoull(field("\nCapEff:\t"), NULL, 16);
	out->groups = hash_line(field("\nGroups:\t"));
	if (four(field("\nUid:\t"), out->uid) < 0 || four(field("\nGid:\t"), out->gid) < 0)
		return -EIO;
	return 0;
}

int pap_identity_learn(struct pap_warden *warden, bool threads_differ)
{
	struct identity own;
	int rc = read_identity(warden, "thread-self/status", &own);

	warden->umask = umask(077);
	umask(warden->umask);
	warden->identities_differ = threads_differ;
	if (rc < 0) {
		warden->privileged = true; /* nobody says that we are not */
		return rc;
	}
	memcpy(warden->uid, own.uid, sizeof(own.uid));
	memcpy(warden->gid, own.gid, sizeof(own.gid));
	warden->capabilities = own.capabilities;
	warden->groups = own.groups;
	warden->privileged = own.capabilities != 0;
	return 0;
}

static bool same(const struct pap_warden *warden, const struct identity *other)
{
	return !memcmp(warden->uid, other->uid, sizeof(other->uid)) &&
	       !memcmp(warden->gid, other->gid, sizeof(other->gid)) &&
	       warden->capabilities == other->capabilities && warden->groups == other->groups;
}

int pap_identity_match(struct pap_request *request, bool creates)
{
	struct pap_warden *warden = request->warden;
	bool look_at_umask = creates && warden->umasks_differ;
	struct identity theirs;
	char path[32];

	if (warden->blind)
		return -PAP_ENOTCAPABLE;
	if (!warden->identities_differ && !look_at_umask)
		return 0;
	snprintf(path, sizeof(path), "%d/status", (int)request->tid);
	if (read_identity(warden, path, &theirs) < 0 || !pap_request_valid(request))
		return -PAP_ENOTCAPABLE;
	if (warden->identities_differ && !same(warden, &theirs))
		return -PAP_ENOTCAPABLE;
	if (look_at_umask && theirs.umask != warden->umask)
		umask(warden->umask = theirs.umask);
	return 0;
}
