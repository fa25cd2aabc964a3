/* SPDX-License-Identifier: BSD-2-Clause */
#include "policy/order.h"

#include <stdlib.h>
#include <string.h>

static int by_path(const void *a, const void *b)
{
	const struct pap_file_grant *const *x = a, *const *y = b;

	return strcmp((*x)->path, (*y)->path);
}

static int by_port(const void *a, const void *b)
{
	const struct pap_port_grant *const *x = a, *const *y = b;
	uint32_t left = (*x)->direction * 0x40000u + (*x)->transport * 0x20000u + (*x)->port;
	uint32_t right = (*y)->direction * 0x40000u + (*y)->transport * 0x20000u + (*y)->port;

	return left < right ? -1 : left > right;
}

static int by_variable(const void *a, const void *b)
{
	const struct pap_env_grant *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static int by_number(const void *a, const void *b)
{
	const struct pap_fd_grant *const *x = a, *const *y = b;

	return (*x)->fd < (*y)->fd ? -1 : (*x)->fd > (*y)->fd;
}

static int by_name(const void *a, const void *b)
{
	const struct pap_name *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/* Points at every item of a list, sorts, and moves `at` behind the pointers. */
#define ORDER(order, list, policy, at, compare)                            \
	do {                                                               \
		(order)->list = (void *)(at);                              \
		for (size_t item = 0; item < (policy)->list.count; item++) \
			(order)->list[item] = &(policy)->list.items[item]; \
		(order)->n##list = (policy)->list.count;                   \
		qsort((at), (order)->n##list, sizeof(*(at)), compare);     \
		(at) += (order)->n##list;                                  \
	} while (0)

bool pap_order_make(struct pap_order *order, const struct pap_policy *policy)
{
	size_t total = policy->files.count + policy->ports.count + policy->environment.count +
		       policy->descriptors.count + policy->hidden.count +
		       policy->capabilities.count + policy->waivers.count;
	const void **at = calloc(total + 1, sizeof(*at));

	if (!at)
		return false;
	*order = (struct pap_order){.memory = at};
	order->files = (void *)at;
	for (size_t i = 0; i < policy->files.count; i++)
		if (!policy->files.items[i].implied)
			order->files[order->nfiles++] = &policy->files.items[i];
	qsort(at, order->nfiles, sizeof(*at), by_path);
	at += order->nfiles;
	ORDER(order, ports, policy, at, by_port);
	ORDER(order, environment, policy, at, by_variable);
	ORDER(order, descriptors, policy, at, by_number);
	ORDER(order, hidden, policy, at, by_name);
	ORDER(order, capabilities, policy, at, by_name);
	ORDER(order, waivers, policy, at, by_name);
	return true;
}

void pap_order_free(struct pap_order *order)
{
	free(order->memory);
}
