/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A policy in memory: its life, its strings, and what it holds one value of. The
 * lists are filled in grants.c. Nothing is ever taken away from a policy.
 */
#include "policy/policy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/place.h"
#include "policy/strings.h"

struct pap_policy *pap_policy_new(void)
{
	struct pap_policy *policy = calloc(1, sizeof(*policy));

	if (!policy)
		return NULL;
	policy->strings = pap_strings_new();
	if (!policy->strings) {
		free(policy);
		return NULL;
	}
	return policy;
}

void pap_policy_free(struct pap_policy *policy)
{
	if (!policy)
		return;
	free(policy->files.items);
	free(policy->ports.items);
	free(policy->environment.items);
	free(policy->descriptors.items);
	free(policy->hidden.items);
	free(policy->capabilities.items);
	free(policy->waivers.items);
	pap_strings_free(policy->strings);
	free(policy);
}

const char *pap_policy_intern(struct pap_policy *policy, const char *source)
{
	size_t length = strlen(source);
	const struct pap_key *key;

	key = pap_strings_find(policy->strings, PAP_KEY_SOURCE, source, length);
	if (!key)
		key = pap_strings_add(policy->strings, PAP_KEY_SOURCE, source, length, 0);
	return key ? key->bytes : NULL;
}

int pap_no_memory(struct pap_error *err)
{
	return pap_fail(err, -ENOMEM, "out of memory");
}

int pap_own_origin(struct pap_policy *policy, struct pap_origin *origin, struct pap_error *err)
{
	if (!origin->source)
		return 0;
	origin->source = pap_policy_intern(policy, origin->source);
	return origin->source ? 0 : pap_no_memory(err);
}

int pap_list_reserve(void **items, size_t count, size_t *capacity, size_t size, const char *what,
		     struct pap_origin origin, struct pap_error *err)
{
	size_t more = *capacity ? *capacity * 2 : 8;
	void *bigger;

	if (count >= PAP_POLICY_GRANTS_MAX)
		return pap_fail_at(err, -E2BIG, origin, "more than %d %s in one policy",
				   PAP_POLICY_GRANTS_MAX, what);
	if (count < *capacity)
		return 0;
	bigger = realloc(*items, more * size);
	if (!bigger)
		return pap_no_memory(err);
	*items = bigger;
	*capacity = more;
	return 0;
}

/* ---- single values ----------------------------------------------------------------------------
 */

static int unknown_promise(const char *word, size_t length, struct pap_origin origin,
			   struct pap_error *err)
{
	const char *words[PAP_NPROMISES + 1] = {NULL};
	char shown[80], copy[64];
	const char *near;

	for (unsigned i = 0; i < PAP_NPROMISES; i++)
		words[i] = pap_promise_table[i].name;
	snprintf(copy, sizeof(copy), "%.*s", (int)(length < 63 ? length : 63), word);
	near = pap_nearest(copy, words);
	pap_fail_at(err, -EINVAL, origin, "unknown promise \"%s\"",
		    pap_escape(shown, sizeof(shown), word, length));
	if (near)
		pap_hint(err, "did you mean \"%s\"?", near);
	else
		pap_hint(err, "expected words of pledge(2) such as stdio, rpath, inet");
	return -EINVAL;
}

int pap_policy_promise(struct pap_policy *policy, const char *words, struct pap_origin origin,
		       struct pap_error *err)
{
	static const char blank[] = " \t\n";
	pap_promises promises = 0;
	int rc;

	for (words += strspn(words, blank); *words; words += strspn(words, blank)) {
		size_t length = strcspn(words, blank);
		int id = pap_promise_find(words, length);

		if (id < 0)
			return unknown_promise(words, length, origin, err);
		promises |= (pap_promises)1 << id;
		words += length;
	}
	rc = pap_own_origin(policy, &origin, err);
	if (rc < 0)
		return rc;
	if (!policy->promises_given)
		policy->promises_origin = origin;
	policy->promises_given = true;
	policy->promises |= promises;
	return 0;
}

int pap_policy_limit(struct pap_policy *policy, enum pap_limit limit, uint64_t value,
		     struct pap_origin origin, struct pap_error *err)
{
	struct pap_limit_value *slot;
	int rc = pap_limit_check(limit, value, origin, err);

	if (rc < 0)
		return rc;
	slot = &policy->limits[limit];
	if (slot->set)
		return slot->value == value ? 0
					    : pap_conflict(err, origin, slot->origin, "limit",
							   pap_limit_name(limit));
	rc = pap_own_origin(policy, &origin, err);
	if (rc < 0)
		return rc;
	*slot = (struct pap_limit_value){true, value, origin};
	return 0;
}

int pap_policy_violation(struct pap_policy *policy, enum pap_violation violation,
			 struct pap_origin origin, struct pap_error *err)
{
	int rc;

	if (policy->violation_given)
		return policy->violation == violation
			   ? 0
			   : pap_conflict(err, origin, policy->violation_origin, "answer to a",
					  "violation");
	rc = pap_own_origin(policy, &origin, err);
	if (rc < 0)
		return rc;
	policy->violation_given = true;
	policy->violation = (uint8_t)violation;
	policy->violation_origin = origin;
	return 0;
}

void pap_policy_wall(struct pap_policy *policy, unsigned walls, struct pap_origin origin)
{
	if (!policy->walls && !pap_own_origin(policy, &origin, NULL))
		policy->walls_origin = origin;
	policy->walls |= (uint8_t)(walls & 7);
}
