/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list behind unveil(). As on OpenBSD a directory is remembered as the very
 * directory, everything else as a name in one, so that it may come and go; here by
 * path and inode number, because a descriptor could be closed, and its number taken by
 * something else, by a program that tidies up.
 *
 * Not here: what becomes of the list (veil_rules.c).
 */
#include "pledge/veil.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_MAX = 16 };

int pap_veil_letters(const char *text, unsigned *letters)
{
	static const char known[] = "rwxc";

	*letters = 0;
	for (; *text; text++) {
		const char *at = strchr(known, *text);

		if (!at)
			return -EINVAL;
		*letters |= 1u << (at - known);
	}
	return 0;
}

int pap_veil_possible(bool threads)
{
	unsigned abi = pap_pledge_features()->landlock_abi;

	if (!abi)
		return -ENOSYS;
	return threads && abi < 8 ? -EBUSY : 0;
}

/* ---- where a name leads ------------------------------------------------------------------ */

struct place {
	char directory[PATH_MAX];
	char name[NAME_MAX + 1]; /* empty: the directory itself */
};

/* What may not be looked at cannot be unveiled. */
static int lookup_errno(void)
{
	return errno == EACCES ? -EPERM : -errno;
}

/* path exists, or its directory does and it shall not end in a dot. */
static int split(const char *path, struct place *place)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char parent[PATH_MAX];
	size_t length = slash ? (size_t)(slash - path) : 0;

	if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
		return -ENOENT;
	if (strlen(name) > NAME_MAX)
		return -ENAMETOOLONG;
	strcpy(place->name, name);
	if (!slash)
		strcpy(parent, ".");
	else if (!length)
		strcpy(parent, "/");
	else {
		memcpy(parent, path, length);
		parent[length] = '\0';
	}
	return realpath(parent, place->directory) ? 0 : lookup_errno();
}

/* A link that leads nowhere yet: its own directory stands before what it holds. */
static int follow(const struct place *place, char path[PATH_MAX])
{
	char link[PATH_MAX], target[PATH_MAX];
	ssize_t length;
	size_t at = strlen(place->directory);

	if (at + 1 + strlen(place->name) >= sizeof(link))
		return -ENAMETOOLONG;
	memcpy(link, place->directory, at);
	link[at++] = '/';
	strcpy(link + at, place->name);
	length = readlink(link, target, sizeof(target) - 1);
	if (length < 0)
		return errno == EINVAL || errno == ENOENT ? 0 : lookup_errno();
	target[length] = '\0';
	if (*target == '/') {
		strcpy(path, target);
		return 1;
	}
	if (at + (size_t)length >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(path, link, at);
	strcpy(path + at, target);
	return 1;
}

static int resolve(const char *given, struct place *place)
{
	char path[PATH_MAX];
	struct stat st;

	strcpy(path, given);
	for (int links = 0; links < LINKS_MAX; links++) {
		int rc;

		if (realpath(path, place->directory)) {
			place->name[0] = '\0';
			if (stat(place->directory, &st) < 0)
				return lookup_errno();
			if (S_ISDIR(st.st_mode))
				return 0;
			strcpy(path, place->directory);
			return split(path, place);
		}
		if (errno != ENOENT)
			return lookup_errno();
		rc = split(path, place);
		if (rc < 0)
			return rc;
		rc = follow(place, path);
		if (rc <= 0)
			return rc;
	}
	return -ELOOP;
}

/* ---- the list ---------------------------------------------------------------------------- */

static bool same(const struct pap_unveiled *entry, const struct pap_unveiled *other)
{
	if (entry->device != other->device || entry->inode != other->inode)
		return false;
	return entry->name && other->name ? !strcmp(entry->name, other->name)
					  : entry->name == other->name;
}

static bool full(bool named)
{
	size_t count = 0;

	for (size_t i = 0; i < pap_pledge.nveil; i++)
		count += !pap_pledge.veil[i].name == !named;
	return count >= PAP_UNVEIL_MAX;
}

static int append(const struct pap_unveiled *entry)
{
	struct pap_unveiled copy = *entry, *grown;

	if (full(entry->name))
		return -E2BIG;
	grown = reallocarray(pap_pledge.veil, pap_pledge.nveil + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	pap_pledge.veil = grown;
	copy.directory = strdup(entry->directory);
	copy.name = entry->name ? strdup(entry->name) : NULL;
	if (!copy.directory || (entry->name && !copy.name)) {
		free(copy.directory);
		free(copy.name);
		return -ENOMEM;
	}
	grown[pap_pledge.nveil++] = copy;
	return 0;
}

int pap_veil_collect(const char *path, unsigned letters)
{
	struct place place;
	struct stat st;
	struct pap_unveiled entry;
	int rc = resolve(path, &place);

	if (rc < 0)
		return rc;
	if (stat(place.directory, &st) < 0)
		return lookup_errno();
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	entry = (struct pap_unveiled){.directory = place.directory,
				      .device = st.st_dev,
				      .inode = st.st_ino,
				      .name = *place.name ? place.name : NULL,
				      .letters = letters};
	for (size_t i = 0; i < pap_pledge.nveil; i++) {
		if (!same(&pap_pledge.veil[i], &entry))
			continue;
		pap_pledge.veil[i].letters = letters;
		return 0;
	}
	return append(&entry);
}
