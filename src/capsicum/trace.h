/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Denials that say themselves. With PAPRIKA_TRACE=1 in the environment every denial of a
 * filter is told on standard error, once for each place; with PAPRIKA_TRAP=1 the thread
 * gets SIGTRAP with the error in si_errno and the call in si_syscall, like FreeBSD's
 * PROC_TRAPCAP. Filters then make the kernel tell the process instead of failing the call;
 * the handler fails it. Nothing is allowed that way: a process that replaces the handler
 * changes what it sees itself.
 */
#ifndef PAP_CAPSICUM_TRACE_H
#define PAP_CAPSICUM_TRACE_H

#include <stdbool.h>

/* Reads the environment, once, and installs the handler if one is wanted. */
bool pap_trace_begin(void);
/* Where lines go, -1: nowhere. */
int pap_trace_output(void);
bool pap_trace_traps(void);

#endif
