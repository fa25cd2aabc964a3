/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between libraries.c, which walks from library to library, and library_search.c,
 * which knows in which places each loader looks for one, and in which order.
 */
#ifndef PAP_APPLY_LIBRARY_SEARCH_H
#define PAP_APPLY_LIBRARY_SEARCH_H

#include <sys/types.h>

#include "apply/ldcache.h"
#include "apply/libraries.h"

struct pap_library_object {
	char *name; /* as it was asked for; the program: its path */
	char *path;
	char *origin; /* directory of path */
	struct pap_elf elf;
	size_t parent; /* which object asked for it; the program: itself */
	dev_t device;
	ino_t inode;
};

struct pap_library_walk {
	const struct pap_library_request *request;
	struct pap_program_files *out;
	struct pap_ldcache cache;
	bool musl;
	char *musl_path; /* contents of ld-musl-ARCH.path, or NULL */
	struct pap_library_object *objects;
	size_t count, capacity, lookups, looks;
	/* the library being looked for */
	const char *wanted;
	size_t parent;
	int (*look)(void *walk, const char *path); /* as in struct pap_search */
};

/*
 * Calls walk->look for each place where the loader would look for a library that
 * walk->parent asks for by name, until one has it. 1, 0, or look's error.
 */
int pap_library_search(struct pap_library_walk *walk, const char *name);

#endif
