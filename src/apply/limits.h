/* SPDX-License-Identifier: BSD-2-Clause */
/* Resource limits of a policy, as setrlimit(2) knows them. */
#ifndef PAP_APPLY_LIMITS_H
#define PAP_APPLY_LIMITS_H

#include "policy/policy.h"

/*
 * The limit on tasks counts all that the user has, so it is set as "as many as
 * now, and `value` more". In the launcher, before a user namespace is made: the
 * kernel then holds the namespace's sum to it too. 0 or negative errno.
 */
int pap_limits_processes(const struct pap_policy *policy, struct pap_error *err);

/*
 * All others. System calls only: runs between vfork and exec. A limit that the
 * caller is below already stays lower. 0 or negative errno.
 */
int pap_limits_apply(const struct pap_policy *policy);

#endif
