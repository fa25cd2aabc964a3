/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals of a program that was not promised `proc`: to itself they must work
 * (raise and abort are tgkill), to anybody else not. No process id is baked
 * into the filter, because a forked child would inherit its parent's.
 */
#ifndef PAP_SUPERVISE_SIGNAL_H
#define PAP_SUPERVISE_SIGNAL_H

#include "supervise/caller.h"

/*
 * 1: let the call go on (it names the caller's own process in registers, which
 * cannot change); 0 or negative errno: answer; *refused as in metadata.h.
 */
int pap_signal_judge(const struct pap_caller *caller, unsigned call, bool *refused);

#endif
