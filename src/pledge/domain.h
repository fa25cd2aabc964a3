/* SPDX-License-Identifier: BSD-2-Clause */
/* The Landlock part: files that promises bring along, and what was unveiled. */
#ifndef PAP_PLEDGE_DOMAIN_H
#define PAP_PLEDGE_DOMAIN_H

#include "pledge/state.h"

enum { PAP_ABI_ALL_THREADS = 8 };

/* Which domain these promises want, as far as this kernel has any. */
struct pap_domain pap_domain_of(pap_promises promises);

/* What a domain is to be made of. */
struct pap_domain_wish {
	const struct pap_plan *plan; /* its implied files and ports; NULL: none */
	struct pap_domain domain;
	bool veil; /* everything else of the file system is judged too, by what was unveiled */
};

/*
 * *ruleset is a descriptor, or -1 when nothing is to be judged. Negative errno: -E2BIG
 * when too many rules would be needed.
 */
int pap_domain_make(const struct pap_domain_wish *wish, int *ruleset);

/* Binds this thread, or all of them. Negative errno: nothing has changed. */
int pap_domain_enter(int ruleset, bool threads);

/* One rule: rights of a directory and of anything else. */
int pap_domain_add(int ruleset, int fd, uint64_t directory, uint64_t file);

#endif
