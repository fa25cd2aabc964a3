/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Errors carry a code for programs and words for people. Functions return 0
 * or a negative errno; where a person may have to act on the failure they also
 * fill a struct pap_error that the caller passed in (NULL is allowed). There is
 * no hidden per-thread state.
 */
#ifndef PAP_BASE_ERROR_H
#define PAP_BASE_ERROR_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Where a rule or a piece of text comes from: a policy file with line and
 * column, or the command line (line 0). The string belongs to whoever owns the
 * rule (usually a struct pap_policy) and must outlive it.
 */
struct pap_origin {
	const char *source; /* "net.policy", "--ro /usr", "built-in"; NULL: unknown */
	unsigned line;	    /* 1-based; 0: no line */
	unsigned column;    /* 1-based; 0: no column */
};

struct pap_error {
	int code;		  /* negative errno, 0: no error */
	struct pap_origin origin; /* place the message is about */
	char place[256];	  /* copy of origin.source: survives its owner */
	char message[640];	  /* what is wrong, no trailing newline, already escaped */
	char hint[384];		  /* what to do, may be empty */
};

#define PAP_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))

/* Fills *err (if not NULL) and returns code, so that callers can `return`. */
int pap_fail(struct pap_error *err, int code, const char *format, ...) PAP_PRINTF(3, 4);

/* The same, about a place. */
int pap_fail_at(struct pap_error *err, int code, struct pap_origin origin, const char *format, ...)
    PAP_PRINTF(4, 5);

/* Adds the hint line to an error that has been filled. */
void pap_hint(struct pap_error *err, const char *format, ...) PAP_PRINTF(2, 3);

/*
 * Formats an error the way compilers do: "net.policy:7:12: unknown key ...".
 * Always terminates buf; returns the length that the whole text has.
 */
size_t pap_error_format(const struct pap_error *err, char *buf, size_t size);

#endif
