/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls that change a file's mode, owner, times, extended attributes or (on
 * kernels whose Landlock does not judge it) length. Landlock has no rule for
 * them, so that a filter alone could only allow them for every file the user
 * owns, or for none. Here each is performed for the caller, on the very object
 * that was found and judged: when it is granted for writing, when it is a regular
 * file that the caller holds open for writing, or one that has no name any more.
 *
 * Not here: what reads metadata (stat, getxattr), which is not confined.
 */
#ifndef PAP_SUPERVISE_METADATA_H
#define PAP_SUPERVISE_METADATA_H

#include "supervise/caller.h"
#include "supervise/pins.h"
#include "table/table.h"

struct pap_metadata_target {
	char path[4200]; /* as the caller named it, for the report; "" for a descriptor */
	int fd;		 /* the caller's number, -1: none */
};

/* Whether the table's call has a handler here. */
bool pap_metadata_knows(unsigned call);

/*
 * Performs the call: 0, or a negative errno for the caller. *refused is set when
 * the policy (not the kernel) said no; *target then says what was meant.
 */
int pap_metadata_perform(const struct pap_caller *caller, const struct pap_identity *self,
			 const struct pap_pins *pins, unsigned call, bool *refused,
			 struct pap_metadata_target *target);

#endif
