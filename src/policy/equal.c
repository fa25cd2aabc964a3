/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether two policies grant the same, item by item. This compares what is
 * written, not what it amounts to: "/usr" and "/usr/" differ here. Which of two
 * policies grants more is decided in narrow.c and nowhere else.
 */
#include <string.h>

#include "policy/order.h"
#include "policy/policy.h"

static bool same_files(const struct pap_order *a, const struct pap_order *b)
{
	if (a->nfiles != b->nfiles)
		return false;
	for (size_t i = 0; i < a->nfiles; i++) {
		const struct pap_file_grant *x = a->files[i], *y = b->files[i];

		if (strcmp(x->path, y->path) || x->access != y->access ||
		    x->optional != y->optional)
			return false;
	}
	return true;
}

static bool same_ports(const struct pap_order *a, const struct pap_order *b)
{
	if (a->nports != b->nports)
		return false;
	for (size_t i = 0; i < a->nports; i++) {
		const struct pap_port_grant *x = a->ports[i], *y = b->ports[i];

		if (x->direction != y->direction || x->transport != y->transport ||
		    x->port != y->port)
			return false;
	}
	return true;
}

static bool same_environment(const struct pap_order *a, const struct pap_order *b)
{
	if (a->nenvironment != b->nenvironment)
		return false;
	for (size_t i = 0; i < a->nenvironment; i++) {
		const struct pap_env_grant *x = a->environment[i], *y = b->environment[i];

		if (strcmp(x->name, y->name) || !x->value != !y->value ||
		    (x->value && strcmp(x->value, y->value)))
			return false;
	}
	return true;
}

static bool same_descriptors(const struct pap_order *a, const struct pap_order *b)
{
	if (a->ndescriptors != b->ndescriptors)
		return false;
	for (size_t i = 0; i < a->ndescriptors; i++)
		if (a->descriptors[i]->fd != b->descriptors[i]->fd)
			return false;
	return true;
}

static bool same_names(const struct pap_name *const *a, size_t na, const struct pap_name *const *b,
		       size_t nb)
{
	if (na != nb)
		return false;
	for (size_t i = 0; i < na; i++)
		if (strcmp(a[i]->name, b[i]->name))
			return false;
	return true;
}

static bool same_scalars(const struct pap_policy *a, const struct pap_policy *b)
{
	if (a->promises_given != b->promises_given || a->promises != b->promises ||
	    a->walls != b->walls || a->violation != b->violation)
		return false;
	for (unsigned i = 0; i < PAP_LIMIT_COUNT; i++)
		if (a->limits[i].set != b->limits[i].set ||
		    (a->limits[i].set && a->limits[i].value != b->limits[i].value))
			return false;
	return true;
}

static bool same_lists(const struct pap_order *a, const struct pap_order *b)
{
	return same_files(a, b) && same_ports(a, b) && same_environment(a, b) &&
	       same_descriptors(a, b) && same_names(a->hidden, a->nhidden, b->hidden, b->nhidden) &&
	       same_names(a->capabilities, a->ncapabilities, b->capabilities, b->ncapabilities) &&
	       same_names(a->waivers, a->nwaivers, b->waivers, b->nwaivers);
}

bool pap_policy_equal(const struct pap_policy *a, const struct pap_policy *b)
{
	struct pap_order left, right;
	bool equal = false;

	if (!same_scalars(a, b) || !pap_order_make(&left, a))
		return false; /* out of memory: equality is not known, so it is not claimed */
	if (pap_order_make(&right, b)) {
		equal = same_lists(&left, &right);
		pap_order_free(&right);
	}
	pap_order_free(&left);
	return equal;
}
