/* SPDX-License-Identifier: BSD-2-Clause */
#include "supervise/pins.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policy/policy.h"

enum { MAX_LEVELS = 1024 };

int pap_pins_add(struct pap_pins *pins, int fd, const struct stat *st, unsigned access)
{
	if (pins->count == pins->capacity) {
		size_t capacity = pins->capacity ? pins->capacity * 2 : 16;
		void *items = reallocarray(pins->items, capacity, sizeof(*pins->items));

		if (!items)
			return -ENOMEM;
		pins->items = items;
		pins->capacity = capacity;
	}
	pins->items[pins->count++] = (struct pap_pin){st->st_dev, st->st_ino, fd, access};
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct pap_pin *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return (x->device > y->device) - (x->device < y->device);
}

void pap_pins_seal(struct pap_pins *pins)
{
	if (pins->count)
		qsort(pins->items, pins->count, sizeof(*pins->items), compare);
}

void pap_pins_free(struct pap_pins *pins)
{
	for (size_t i = 0; i < pins->count; i++)
		close(pins->items[i].fd);
	free(pins->items);
	*pins = (struct pap_pins){0};
}

/* Sum over all pins of this object: a path may have been granted twice under two names. */
static unsigned pinned(const struct pap_pins *pins, const struct stat *st)
{
	struct pap_pin key = {.device = st->st_dev, .inode = st->st_ino};
	const struct pap_pin *end = pins->items + pins->count, *pin;
	unsigned access = 0;

	if (!pins->count)
		return 0;
	pin = bsearch(&key, pins->items, pins->count, sizeof(*pins->items), compare);
	if (!pin)
		return 0;
	while (pin > pins->items && !compare(pin - 1, &key))
		pin--;
	for (; pin < end && !compare(pin, &key); pin++)
		access |= pin->access;
	return access;
}

/*
 * The directory that holds an object, or -1. The kernel's own idea of the path is
 * only a hint: what it leads to must be the same object, else somebody renamed
 * something meanwhile.
 */
static int open_parent(int proc, int fd, const struct stat *st)
{
	char link[64], path[PATH_MAX], *slash;
	struct stat found;
	ssize_t length;
	int parent;

	snprintf(link, sizeof(link), "self/fd/%d", fd);
	length = readlinkat(proc, link, path, sizeof(path) - 1);
	if (length <= 0 || length >= (ssize_t)sizeof(path) - 1 || path[0] != '/')
		return -1;
	path[length] = '\0';
	slash = strrchr(path, '/');
	if (!slash[1])
		return -1;
	*slash = '\0';
	parent = open(slash == path ? "/" : path, O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (parent < 0)
		return -1;
	if (fstatat(parent, slash + 1, &found, AT_SYMLINK_NOFOLLOW) < 0 ||
	    found.st_dev != st->st_dev || found.st_ino != st->st_ino) {
		close(parent);
		return -1;
	}
	return parent;
}

/*
 * Adds up from `dir`, which is closed, to the root, or until there is enough. What was
 * found is true even when the way up ends early (a directory without search permission).
 */
static int walk_up(const struct pap_pins *pins, int dir, unsigned access, unsigned enough)
{
	struct stat st, above;
	bool root = false;

	if (fstat(dir, &st) < 0)
		goto out;
	for (int level = 0; level < MAX_LEVELS; level++) {
		int up;

		access |= pinned(pins, &st);
		if ((access & enough) == enough)
			break;
		up = openat(dir, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (up < 0)
			break;
		close(dir);
		dir = up;
		if (fstat(dir, &above) < 0)
			break;
		root = above.st_dev == st.st_dev && above.st_ino == st.st_ino;
		if (root)
			break; /* it is its own parent */
		st = above;
	}
out:
	close(dir);
	return access || root ? (int)access : -ESTALE;
}

int pap_pins_access(const struct pap_pins *pins, int proc, int fd, unsigned enough)
{
	struct stat st;
	unsigned access;
	int dir;

	if (fstat(fd, &st) < 0)
		return -ESTALE;
	access = pinned(pins, &st);
	if ((access & enough) == enough)
		return (int)access;
	/* Also for a directory: ".." in it would need search permission that it may lack. */
	dir = open_parent(proc, fd, &st);
	if (dir < 0 && S_ISDIR(st.st_mode))
		dir = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (dir < 0)
		return access ? (int)access : -ESTALE;
	return walk_up(pins, dir, access, enough);
}
