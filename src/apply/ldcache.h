/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /etc/ld.so.cache: glibc's list of libraries by name. Both layouts are read,
 * the plain one and the one behind an old table that ldconfig wrote by default
 * until glibc 2.32. Everything in it is checked before use; a cache that makes
 * no sense is the same as none, as it is to the loader.
 */
#ifndef PAP_APPLY_LDCACHE_H
#define PAP_APPLY_LDCACHE_H

#include <stddef.h>
#include <stdint.h>

#include "table/table.h"

struct pap_ldcache {
	void *map; /* NULL: there is none */
	size_t map_size;
	const unsigned char *base; /* of the new layout: string offsets count from here */
	size_t size;
	uint32_t count;
	uint32_t flags; /* what entries for our architecture carry */
};

/* Always usable afterwards; a missing or broken cache finds nothing. */
void pap_ldcache_open(struct pap_ldcache *cache, const char *path, enum pap_arch arch);
void pap_ldcache_close(struct pap_ldcache *cache);

/*
 * The paths of a library, one a call: *next starts at 0. More than one when
 * there are builds of it for better processors. NULL: no more.
 */
const char *pap_ldcache_find(const struct pap_ldcache *cache, const char *name, uint32_t *next);

#endif
