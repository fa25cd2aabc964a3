/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Namespaces as a further wall: never what a grant is enforced by, always on
 * top. Made in the launcher itself, so that launcher and program see the same
 * mounts and paths mean the same to both.
 */
#ifndef PAP_APPLY_WALLS_H
#define PAP_APPLY_WALLS_H

#include "policy/policy.h"

bool pap_walls_wanted(const struct pap_policy *policy);

/*
 * Moves this process into the namespaces that the policy asks for and covers
 * what it hides. A PID namespace begins with the next child. 0 or negative errno.
 */
int pap_walls_raise(const struct pap_policy *policy, struct pap_error *err);

/* In the first process of a new PID namespace: a /proc that shows it. */
int pap_walls_mount_proc(struct pap_error *err);

#endif
