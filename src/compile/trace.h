/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tracing: the calls that Landlock refuses without a word are shown to the
 * supervisor on their way, so that it can say which grant is missing. Only
 * calls that the filter allows anyway are traced, and they go on whatever the
 * supervisor finds: tracing never widens anything, and Landlock still decides.
 */
#ifndef PAP_COMPILE_TRACE_H
#define PAP_COMPILE_TRACE_H

#include "compile/plan.h"

enum pap_trace_need {
	PAP_TRACE_OPEN,	   /* by the open flags in `flags` */
	PAP_TRACE_WRITE,   /* the file itself, for writing */
	PAP_TRACE_NAME,	   /* the directory that holds the name, for writing */
	PAP_TRACE_EXECUTE, /* the file, to execute it */
	PAP_TRACE_CONNECT, /* the address behind `path` */
	PAP_TRACE_BIND,
};

struct pap_traced {
	unsigned call;
	int8_t dir, path, flags; /* argument numbers, -1: none */
	uint8_t need;
};

/* The rows of a call, one after the other (rename has two); NULL when it has none. */
const struct pap_traced *pap_traced_rows(unsigned call, unsigned *count);

/* Turns what a finished spec allows of these calls into notifications. */
void pap_trace_spec(struct pap_filter_spec *spec);

#endif
