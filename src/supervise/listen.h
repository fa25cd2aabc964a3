/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * listen(2). A TCP socket that was never bound gets a port of the kernel's
 * choice from listen() itself, on every address, and Landlock does not see it.
 * So the call is made here, on a copy of the caller's socket, when that socket
 * is bound to a granted port, and looked at again afterwards.
 */
#ifndef PAP_SUPERVISE_LISTEN_H
#define PAP_SUPERVISE_LISTEN_H

#include "compile/plan.h"
#include "supervise/caller.h"

int pap_listen_perform(const struct pap_caller *caller, const struct pap_plan *plan, bool *refused);

#endif
