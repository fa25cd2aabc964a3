/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lists of a policy as sorted arrays of pointers, without implied grants:
 * what printing and comparing have in common.
 */
#ifndef PAP_POLICY_ORDER_H
#define PAP_POLICY_ORDER_H

#include "policy/policy.h"

struct pap_order {
	const struct pap_file_grant **files;
	const struct pap_port_grant **ports;
	const struct pap_env_grant **environment;
	const struct pap_fd_grant **descriptors;
	const struct pap_name **hidden, **capabilities, **waivers;
	size_t nfiles, nports, nenvironment, ndescriptors, nhidden, ncapabilities, nwaivers;
	void *memory;
};

/* False: out of memory, nothing to free. */
bool pap_order_make(struct pap_order *order, const struct pap_policy *policy);
void pap_order_free(struct pap_order *order);

#endif
