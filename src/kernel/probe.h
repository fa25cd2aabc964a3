/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the running kernel can do, found by asking it: never by its version, and
 * never by doing anything that leaves a trace in the process.
 */
#ifndef PAP_KERNEL_PROBE_H
#define PAP_KERNEL_PROBE_H

#include "compile/features.h"

/*
 * The cheap questions, for every run: well under 30 microseconds, no process is
 * made. Not asked here, and set to what a stock kernel answers: user_namespaces
 * (true) and listener_taken (false); whoever needs them notices when the real
 * thing is refused. passrights needs a socket, seccomp_addfd_send and
 * seccomp_sync_wake_up need a listener: false unless something newer implies them.
 * Always returns 0 today; a negative errno would mean that nothing could be asked.
 */
int pap_probe(struct pap_features *features);

/*
 * Everything, for `paprika check` and when namespaces are asked for: children of
 * this process really make a user namespace and a listener. Returns 0, or a
 * negative errno when they could not be made.
 */
int pap_probe_deep(struct pap_features *features);

#endif
