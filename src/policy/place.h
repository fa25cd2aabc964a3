/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages and checks that several files of policy/ share; nobody outside needs them. */
#ifndef PAP_POLICY_PLACE_H
#define PAP_POLICY_PLACE_H

#include "policy/policy.h"

/* "net.policy:7:3", "--ro /usr" or "an earlier grant". Returns buf. */
char *pap_place(struct pap_origin origin, char *buf, size_t size);

/* -EINVAL: `what` `name` was given another value before, at `first`. */
int pap_conflict(struct pap_error *err, struct pap_origin origin, struct pap_origin first,
		 const char *what, const char *name);

/* Whether the value is one that this limit can take. */
int pap_limit_check(enum pap_limit limit, uint64_t value, struct pap_origin origin,
		    struct pap_error *err);

/* -ENOMEM, in words. */
int pap_no_memory(struct pap_error *err);

/* Replaces origin->source by a copy that the policy owns. */
int pap_own_origin(struct pap_policy *policy, struct pap_origin *origin, struct pap_error *err);

/*
 * Makes room for one more item of a list of `what`, whose items are `size` bytes
 * each. *items changes only on success.
 */
int pap_list_reserve(void **items, size_t count, size_t *capacity, size_t size, const char *what,
		     struct pap_origin origin, struct pap_error *err);

/* Reads a file of the real system; the shape of struct pap_parse_env's read_file. */
int pap_policy_read_file(void *context, const char *path, char **text, size_t *length);

#endif
