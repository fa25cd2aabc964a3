/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The objects that a policy grants for writing, held open so that they cannot be
 * mistaken for others: an inode number is given out again once its file is gone,
 * a held one is not. Answers whether an object lies beneath one of them, by
 * walking up from it as Landlock does, never by comparing path strings.
 */
#ifndef PAP_SUPERVISE_PINS_H
#define PAP_SUPERVISE_PINS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct pap_pin {
	dev_t device;
	ino_t inode;
	int fd; /* O_PATH, owned */
};

struct pap_pins {
	struct pap_pin *items; /* sorted by inode once sealed */
	size_t count, capacity;
};

/* Takes fd over. -ENOMEM: fd is still the caller's. */
int pap_pins_add(struct pap_pins *pins, int fd, const struct stat *st);
void pap_pins_seal(struct pap_pins *pins);
void pap_pins_free(struct pap_pins *pins);

/*
 * Whether the object behind fd (O_PATH will do) is a pinned one or lies beneath
 * one. proc is a descriptor of /proc. False when that cannot be told: a deleted
 * file, a path that changes under our hands, more than 1024 levels.
 */
bool pap_pins_cover(const struct pap_pins *pins, int proc, int fd);

#endif
