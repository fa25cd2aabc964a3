/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Says which grant is missing for a call that Landlock is about to refuse. What
 * is found here decides nothing: memory is read that the caller may change, and
 * the call goes on in any case (compile/trace.h).
 */
#ifndef PAP_SUPERVISE_TRACE_H
#define PAP_SUPERVISE_TRACE_H

#include "supervise/supervisor.h"

void pap_trace(struct pap_supervisor *supervisor, const struct pap_caller *caller,
	       const struct pap_syscall *call);

#endif
