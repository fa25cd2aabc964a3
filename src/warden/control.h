/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a process asks its supervisor: a call number that no kernel has any more, which
 * the base filter routes. There is no socket, so the kernel names who asks; without the
 * filter the answer is ENOSYS, which is also how to find out. Arguments: operation,
 * number, address of a struct pap_control.
 */
#ifndef PAP_WARDEN_CONTROL_H
#define PAP_WARDEN_CONTROL_H

#include "capmode/ledger.h"

enum pap_control_operation {
	PAP_CONTROL_STATE = 1,    /* answers PAP_CONTROL_* bits */
	PAP_CONTROL_GET = 2,      /* fills in the limits of a number */
	PAP_CONTROL_PREPARE = 3,  /* what limiting a number takes; changes nothing */
	PAP_CONTROL_COMMIT = 4,   /* the filter is there: the number has these limits */
	PAP_CONTROL_GUARD = 6,    /* arms a pair of sockets as process descriptor */
	PAP_CONTROL_PID = 7,      /* the number behind a process descriptor, by CAP_PDGETPID */
	PAP_CONTROL_WAIT_PID = 8, /* the same by CAP_PDWAIT */
	PAP_CONTROL_KILL = 9,     /* a signal, by CAP_PDKILL */
	PAP_CONTROL_ENTER = 5,    /* from now on nothing the process says is believed */
};

enum { PAP_CONTROL_SUPERVISED = 1, PAP_CONTROL_ENTERED = 2, PAP_CONTROL_WALLED = 4 };

struct pap_control {
	uint32_t given; /* PAP_GIVEN_* */
	uint32_t fcntls;
	uint64_t word[2];
	int32_t nspans;
	/* out */
	uint32_t nothing, is_new, no_shared, class;
	int32_t lo, hi;
	struct pap_span spans[PAP_SPANS_MAX];
};

#endif
