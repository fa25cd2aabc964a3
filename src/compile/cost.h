/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a filter costs, counted in instructions, not measured: how deep each call
 * sits, which calls the kernel answers without it, and how much work it makes of
 * installing it. Nanoseconds depend on the machine; bench/ has those.
 */
#ifndef PAP_COMPILE_COST_H
#define PAP_COMPILE_COST_H

#include "compile/filter.h"

struct pap_call_cost {
	unsigned worst; /* instructions on the longest way that this call can take */
	bool cached;    /* allowed without running the filter, from kernel 5.11 on */
};

struct pap_filter_cost {
	unsigned calls; /* that the architecture has */
	unsigned cached;
	unsigned worst;        /* over all calls */
	unsigned worst_call;   /* which one that is */
	unsigned long install; /* instructions that the kernel emulates to fill its bitmaps */
	struct pap_call_cost call[PAP_NSYSCALLS]; /* worst is 0 for calls of other architectures */
};

/* For a checked program. */
void pap_filter_cost(const struct pap_program *program, enum pap_arch arch,
		     struct pap_filter_cost *cost);

#endif
