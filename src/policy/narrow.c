/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether one policy stays within another: the only place that compares
 * authority. Whatever is not certain counts as wider.
 *
 * Paths are compared as text. A symbolic link on the way would make two texts
 * name other things than they say, so a caller that compares paths of the real
 * system resolves them in both policies first (policy/resolve.c). A ".." is
 * never certain, nor is a relative path against an absolute one.
 *
 * Rights add up along a path, as in Landlock: with "ro = /srv" and "rw =
 * /srv/out", a grant beneath /srv/out may read and write. What is implied by
 * other grants is compared like everything else.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/order.h"
#include "policy/path.h"
#include "policy/place.h"
#include "policy/places.h"
#include "policy/policy.h"

static int wider(struct pap_error *err, struct pap_origin origin, const char *what,
		 const char *name)
{
	char shown[192];

	return pap_fail_at(err, -EPERM, origin, "%s \"%s\" goes beyond the ceiling", what,
			   pap_escape(shown, sizeof(shown), name, strlen(name)));
}

/* ---- paths ----------------------------------------------------------------------------------- */

static int check_file(const struct pap_places *ceiling, const struct pap_file_grant *grant,
		      struct pap_error *err)
{
	static const char *const words[] = {"read", "write", "execute"};
	char *path = strdup(grant->path);
	unsigned missing;
	int rc;

	if (!path)
		return pap_no_memory(err);
	if (!pap_path_clean(path)) {
		free(path);
		rc = wider(err, grant->origin, "the path", grant->path);
		pap_hint(err, "where \"..\" leads is not known; write the path without");
		return rc;
	}
	missing = grant->access & ~pap_places_access(ceiling, path);
	free(path);
	if (!missing)
		return 0;
	rc = wider(err, grant->origin, "the file grant", grant->path);
	pap_hint(err, "the ceiling does not let it %s there", words[__builtin_ctz(missing)]);
	return rc;
}

static int files_within(const struct pap_policy *wanted, const struct pap_policy *ceiling,
			struct pap_error *err)
{
	struct pap_places places = {0};
	int rc = 0;

	places.items = calloc(ceiling->files.count + 1, sizeof(*places.items));
	if (!places.items)
		return pap_no_memory(err);
	for (size_t i = 0; !rc && i < ceiling->files.count; i++)
		if (!pap_places_add(&places, ceiling->files.items[i].path,
				    ceiling->files.items[i].access))
			rc = pap_no_memory(err);
	pap_places_sort(&places);
	for (size_t i = 0; !rc && i < wanted->files.count; i++)
		rc = check_file(&places, &wanted->files.items[i], err);
	pap_places_free(&places);
	return rc;
}

/* Every path that the ceiling hides is hidden, by itself or with a directory above it. */
static int check_hidden(const struct pap_places *hidden, const struct pap_name *name,
			struct pap_error *err)
{
	char *path = strdup(name->name);
	char shown[192];
	bool covered;

	if (!path)
		return pap_no_memory(err);
	covered = pap_path_clean(path) && pap_places_access(hidden, path);
	free(path);
	if (covered)
		return 0;
	return pap_fail(err, -EPERM, "the ceiling hides \"%s\", the policy does not",
			pap_escape(shown, sizeof(shown), name->name, strlen(name->name)));
}

static int hidden_within(const struct pap_policy *wanted, const struct pap_policy *ceiling,
			 struct pap_error *err)
{
	struct pap_places places = {0};
	int rc = 0;

	places.items = calloc(wanted->hidden.count + 1, sizeof(*places.items));
	if (!places.items)
		return pap_no_memory(err);
	for (size_t i = 0; !rc && i < wanted->hidden.count; i++)
		if (!pap_places_add(&places, wanted->hidden.items[i].name, 1))
			rc = pap_no_memory(err);
	pap_places_sort(&places);
	for (size_t i = 0; !rc && i < ceiling->hidden.count; i++)
		rc = check_hidden(&places, &ceiling->hidden.items[i], err);
	pap_places_free(&places);
	return rc;
}

/* ---- sorted lists ---------------------------------------------------------------------------- */

static bool port_granted(const struct pap_order *ceiling, const struct pap_port_grant *wanted,
			 uint32_t port)
{
	size_t low = 0, high = ceiling->nports;
	uint32_t key = wanted->direction * 0x40000u + wanted->transport * 0x20000u + port;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct pap_port_grant *at = ceiling->ports[middle];
		uint32_t value = at->direction * 0x40000u + at->transport * 0x20000u + at->port;

		if (value == key)
			return true;
		if (value < key)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static int ports_within(const struct pap_order *wanted, const struct pap_order *ceiling,
			struct pap_error *err)
{
	char shown[32];

	for (size_t i = 0; i < wanted->nports; i++) {
		const struct pap_port_grant *grant = wanted->ports[i];

		if (port_granted(ceiling, grant, grant->port) ||
		    port_granted(ceiling, grant, PAP_PORT_ANY))
			continue;
		return wider(err, grant->origin,
			     grant->direction == PAP_NET_CONNECT ? "connecting to port"
								 : "listening on port",
			     pap_port_text((enum pap_transport)grant->transport, grant->port, shown,
					   sizeof(shown)));
	}
	return 0;
}

/* Passing a variable on covers setting it: the caller could have set it before. */
static int environment_within(const struct pap_order *wanted, const struct pap_order *ceiling,
			      struct pap_error *err)
{
	size_t j = 0;

	for (size_t i = 0; i < wanted->nenvironment; i++) {
		const struct pap_env_grant *grant = wanted->environment[i], *limit;

		while (j < ceiling->nenvironment &&
		       strcmp(ceiling->environment[j]->name, grant->name) < 0)
			j++;
		limit = j < ceiling->nenvironment ? ceiling->environment[j] : NULL;
		if (!limit || strcmp(limit->name, grant->name))
			return wider(err, grant->origin, "the variable", grant->name);
		if (limit->value && (!grant->value || strcmp(limit->value, grant->value)))
			return wider(err, grant->origin, "another value of the variable",
				     grant->name);
	}
	return 0;
}

static int descriptors_within(const struct pap_order *wanted, const struct pap_order *ceiling,
			      struct pap_error *err)
{
	size_t j = 0;
	char shown[16];

	for (size_t i = 0; i < wanted->ndescriptors; i++) {
		const struct pap_fd_grant *grant = wanted->descriptors[i];

		while (j < ceiling->ndescriptors && ceiling->descriptors[j]->fd < grant->fd)
			j++;
		if (j < ceiling->ndescriptors && ceiling->descriptors[j]->fd == grant->fd)
			continue;
		snprintf(shown, sizeof(shown), "%d", grant->fd);
		return wider(err, grant->origin, "the descriptor", shown);
	}
	return 0;
}

static int names_within(const struct pap_name *const *wanted, size_t nwanted,
			const struct pap_name *const *ceiling, size_t nceiling, const char *what,
			struct pap_error *err)
{
	size_t j = 0;

	for (size_t i = 0; i < nwanted; i++) {
		while (j < nceiling && strcmp(ceiling[j]->name, wanted[i]->name) < 0)
			j++;
		if (j == nceiling || strcmp(ceiling[j]->name, wanted[i]->name))
			return wider(err, wanted[i]->origin, what, wanted[i]->name);
	}
	return 0;
}

static int lists_within(const struct pap_order *wanted, const struct pap_order *ceiling,
			struct pap_error *err)
{
	int rc = ports_within(wanted, ceiling, err);

	if (!rc)
		rc = environment_within(wanted, ceiling, err);
	if (!rc)
		rc = descriptors_within(wanted, ceiling, err);
	if (!rc)
		rc =
		    names_within(wanted->capabilities, wanted->ncapabilities, ceiling->capabilities,
				 ceiling->ncapabilities, "the capability", err);
	if (!rc)
		rc = names_within(wanted->waivers, wanted->nwaivers, ceiling->waivers,
				  ceiling->nwaivers, "the waiver", err);
	return rc;
}

/* ---- single values --------------------------------------------------------------------------- */

/*
 * What a policy without promises may do depends on defaults that policy/ does
 * not know: where only one of the two is silent, a caller fills in the defaults.
 */
static int promises_within(const struct pap_policy *wanted, const struct pap_policy *ceiling,
			   struct pap_error *err)
{
	pap_promises more = wanted->promises & ~ceiling->promises;

	if (!wanted->promises_given && !ceiling->promises_given)
		return 0;
	if (!wanted->promises_given) {
		pap_fail(err, -EPERM, "the ceiling names promises, the policy does not");
		pap_hint(err, "the policy has to name those that it needs");
		return -EPERM;
	}
	if (!ceiling->promises_given) {
		pap_fail_at(err, -EPERM, wanted->promises_origin,
			    "the policy names promises, the ceiling does not");
		pap_hint(err, "the ceiling has to name those that it allows");
		return -EPERM;
	}
	if (more)
		return wider(err, wanted->promises_origin, "the promise",
			     pap_promise_table[__builtin_ctzll(more)].name);
	return 0;
}

static int limits_within(const struct pap_policy *wanted, const struct pap_policy *ceiling,
			 struct pap_error *err)
{
	char shown[32];

	for (unsigned i = 0; i < PAP_LIMIT_COUNT; i++) {
		const struct pap_limit_value *limit = &ceiling->limits[i],
					     *mine = &wanted->limits[i];
		int rc;

		if (!limit->set || (mine->set && mine->value <= limit->value))
			continue;
		pap_limit_text((enum pap_limit)i, limit->value, shown, sizeof(shown));
		rc = mine->set
			 ? wider(err, mine->origin, "the limit", pap_limit_name((enum pap_limit)i))
			 : pap_fail(err, -EPERM, "the limit \"%s\" is missing",
				    pap_limit_name((enum pap_limit)i));
		pap_hint(err, "the ceiling sets it to %s", shown);
		return rc;
	}
	return 0;
}

static int walls_within(const struct pap_policy *wanted, const struct pap_policy *ceiling,
			struct pap_error *err)
{
	static const char *const names[] = {"private-tmp", "no-network", "pid-namespace"};
	unsigned missing = ceiling->walls & ~(unsigned)wanted->walls;

	if (missing)
		return pap_fail(err, -EPERM, "the ceiling asks for %s, the policy does not",
				names[__builtin_ctz(missing)]);
	if (ceiling->violation == PAP_VIOLATION_KILL && wanted->violation != PAP_VIOLATION_KILL)
		return pap_fail(err, -EPERM,
				"the ceiling kills at a violation, the policy does not");
	return 0;
}

int pap_policy_within(const struct pap_policy *wanted, const struct pap_policy *ceiling,
		      struct pap_error *err)
{
	struct pap_order left, right;
	int rc = files_within(wanted, ceiling, err);

	if (!rc)
		rc = promises_within(wanted, ceiling, err);
	if (!rc)
		rc = limits_within(wanted, ceiling, err);
	if (!rc)
		rc = walls_within(wanted, ceiling, err);
	if (!rc)
		rc = hidden_within(wanted, ceiling, err);
	if (rc < 0)
		return rc;
	if (!pap_order_make(&left, wanted))
		return pap_no_memory(err);
	if (!pap_order_make(&right, ceiling)) {
		pap_order_free(&left);
		return pap_no_memory(err);
	}
	rc = lists_within(&left, &right, err);
	pap_order_free(&right);
	pap_order_free(&left);
	return rc;
}
