/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A set of paths with what may be done there, for looking up what holds at a path
 * by itself and by the directories above it. Paths are text here.
 */
#ifndef PAP_POLICY_PLACES_H
#define PAP_POLICY_PLACES_H

#include <stdbool.h>
#include <stddef.h>

struct pap_place_of {
	char *path; /* clean, malloc'ed */
	unsigned access;
};

struct pap_places {
	struct pap_place_of *items; /* the caller makes room with calloc */
	size_t count;
};

/* Adds a path; one whose meaning is uncertain (path.h) is left out. False: out of memory. */
bool pap_places_add(struct pap_places *places, const char *path, unsigned access);

/* Once after adding: sorts, and makes one item of those that name the same path. */
void pap_places_sort(struct pap_places *places);

/*
 * The sum of what holds at `path`, which is clean, and at every directory above.
 * Cuts `path` up on the way.
 */
unsigned pap_places_access(const struct pap_places *places, char *path);

void pap_places_free(struct pap_places *places);

#endif
