/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of directories in which a loader looks for a library, and the words that
 * may stand in them ($ORIGIN, $LIB, $PLATFORM). It makes names and hands them to
 * a function that knows whether there is such a library.
 */
#ifndef PAP_APPLY_SEARCHPATH_H
#define PAP_APPLY_SEARCHPATH_H

#include <stdbool.h>

#include "table/table.h"

struct pap_search {
	enum pap_arch arch;
	const char *origin; /* directory of the object whose list this is */
	bool musl;          /* only $ORIGIN has a meaning, no builds for better processors */
	/* 1: there it is; 0: not there; negative: stop with this error */
	int (*look)(void *context, const char *path);
	void *context;
};

/* Looks for name in each directory of a list until it turns up; returns as look does. */
int pap_search_list(const struct pap_search *search, const char *list, const char *separators,
		    const char *name);

/* Looks for a name that itself contains a slash and perhaps the words above. */
int pap_search_path(const struct pap_search *search, const char *path);

/* Looks in the directories that loaders know without being told. */
int pap_search_default(const struct pap_search *search, const char *name);

#endif
