/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sets of rights: what programs pass (cap_rights_t, FreeBSD's layout with version and
 * index bits) and what everything behind the interface works with (struct pap_rights,
 * payload alone). Nothing here has an effect outside of its arguments.
 */
#ifndef PAP_CAPSICUM_RIGHTS_H
#define PAP_CAPSICUM_RIGHTS_H

#include <stdbool.h>
#include <sys/caprights.h>

#include "table/table.h"

/*
 * What a set says. -EINVAL, *rights untouched: another version, words that are not
 * marked as they must be, or bits that stand for nothing. The copy is taken before it is
 * looked at, so that a set in shared memory cannot change in between.
 */
int pap_rights_from_set(const cap_rights_t *set, struct pap_rights *rights);

/* The other way: always a valid set of this version. */
void pap_rights_to_set(struct pap_rights rights, cap_rights_t *set);

#endif
