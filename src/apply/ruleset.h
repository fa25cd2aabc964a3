/* SPDX-License-Identifier: BSD-2-Clause */
/* A plan's Landlock set as a kernel ruleset: everything of it that can fail, before it binds. */
#ifndef PAP_APPLY_RULESET_H
#define PAP_APPLY_RULESET_H

#include <sys/stat.h>

#include "compile/plan.h"

/*
 * Called for each granted object while it is open (O_PATH). Returns 1 when it
 * keeps the descriptor, 0 when not, negative errno to give up.
 */
typedef int pap_granted(void *context, const struct pap_path_rule *rule, int fd,
			const struct stat *st);

/*
 * Opens every path and makes the ruleset: *ruleset is a close-on-exec descriptor,
 * or -1 when the set handles nothing (a kernel without Landlock, waived).
 * A missing path is an error unless its rule is optional.
 */
int pap_ruleset_make(const struct pap_landlock_set *set, pap_granted *granted, void *context,
		     int *ruleset, struct pap_error *err);

#endif
