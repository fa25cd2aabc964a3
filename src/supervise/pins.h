/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The objects that a policy grants, held open so that they cannot be mistaken for
 * others: an inode number is given out again once its file is gone, a held one
 * is not. Answers what is granted for an object, by walking up from it and adding
 * up as Landlock does, never by comparing path strings.
 */
#ifndef PAP_SUPERVISE_PINS_H
#define PAP_SUPERVISE_PINS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct pap_pin {
	dev_t device;
	ino_t inode;
	int fd;		/* O_PATH, owned */
	unsigned access; /* PAP_ACCESS_* */
};

struct pap_pins {
	struct pap_pin *items; /* sorted by inode once sealed */
	size_t count, capacity;
};

/* Takes fd over. -ENOMEM: fd is still the caller's. */
int pap_pins_add(struct pap_pins *pins, int fd, const struct stat *st, unsigned access);
void pap_pins_seal(struct pap_pins *pins);
void pap_pins_free(struct pap_pins *pins);

/*
 * The access (PAP_ACCESS_*) that is granted for the object behind fd (O_PATH will
 * do): the sum of what is pinned from it upwards; the search ends when all of
 * `enough` was found. proc is a descriptor of /proc. -ESTALE when nothing was
 * found and more cannot be told: a deleted file, a path that changes under our
 * hands, more than 1024 levels.
 */
int pap_pins_access(const struct pap_pins *pins, int proc, int fd, unsigned enough);

#endif
