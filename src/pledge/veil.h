/* SPDX-License-Identifier: BSD-2-Clause */
/* What was unveiled: collected until it is enforced, once. */
#ifndef PAP_PLEDGE_VEIL_H
#define PAP_PLEDGE_VEIL_H

#include "pledge/state.h"

/* Letters of "rwxc" in any order. -EINVAL: another one. */
int pap_veil_letters(const char *text, unsigned *letters);

/* Remembers a name, or replaces its letters. Negative errno of unveil(). */
int pap_veil_collect(const char *path, unsigned letters);

/* -ENOSYS: no Landlock; -EBUSY: threads exist that it cannot bind. */
int pap_veil_possible(bool threads);

/*
 * Adds rules for everything that was unveiled to a ruleset that judges all of Landlock's
 * rights. What the filter leaves to Landlock without a promise (withheld) neither r, w
 * nor c grants.
 */
int pap_veil_rules(int ruleset, unsigned abi, uint64_t withheld);

/* Enforces it, whatever the promises. pledge.c */
int pap_pledge_lock_veil(void);

#endif
