/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The environment that a confined program starts with: a named few of the
 * caller's variables and what the policy grants, nothing else.
 */
#ifndef PAP_APPLY_ENVIRONMENT_H
#define PAP_APPLY_ENVIRONMENT_H

#include "policy/policy.h"

extern const char *const pap_environment_defaults[]; /* ends with NULL; "LC_*" is a prefix */

/* A NULL-terminated malloc'ed array of malloc'ed strings; NULL when out of memory. */
char **pap_environment_make(const struct pap_policy *policy, char *const *inherited);
void pap_environment_free(char **environment);
const char *pap_environment_get(char *const *environment, const char *name);

#endif
