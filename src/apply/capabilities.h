/* SPDX-License-Identifier: BSD-2-Clause */
/* Giving up Linux capabilities, all but a few. Their names are in policy/. */
#ifndef PAP_APPLY_CAPABILITIES_H
#define PAP_APPLY_CAPABILITIES_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Gives up every capability outside `keep` (bit n: capability n) for this thread.
 * Together with no_new_privs, which the caller sets, that is for good: no program
 * that is executed gets one back, whatever user or file it belongs to.
 * System calls only, so that it can run between vfork and exec. 0 or negative
 * errno.
 */
int pap_capabilities_reduce(uint64_t keep);

/* The same for a process that will never execute anything. */
int pap_capabilities_drop(uint64_t keep);

#endif
