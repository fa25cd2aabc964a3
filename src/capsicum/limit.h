/* SPDX-License-Identifier: BSD-2-Clause */
/* Limiting a descriptor, and asking what one was left: behind all functions that do either. */
#ifndef PAP_CAPSICUM_LIMIT_H
#define PAP_CAPSICUM_LIMIT_H

#include "capmode/limits.h"

struct pap_limit_request {
	unsigned given; /* PAP_GIVEN_* */
	struct pap_limits asked;
};

/* 0 or a negative errno: nothing changed then. */
int pap_limit(int fd, const struct pap_limit_request *request);

/*
 * What this process remembers of its own limits, for friendliness alone: whether a number
 * has been limited, and whether its limits come again and again (PAP_SEEN_*).
 */
enum { PAP_SEEN_LIMITED = 1, PAP_SEEN_OFTEN = 2 };
unsigned pap_limit_seen(int fd);

struct pap_draft;
struct pap_narrowing;

/*
 * The same in a ledger of ours: before there is a supervisor, and without one. Both
 * results may be NULL.
 */
int pap_limit_in_draft(struct pap_draft *draft, int fd, const struct pap_limit_request *request,
		       struct pap_narrowing *narrowing, struct pap_limits *limits);

struct pap_held {
	struct pap_limits limits;
	struct pap_span spans[PAP_SPANS_MAX];
};

/* What a descriptor holds. 0 or a negative errno. */
int pap_limits_of(int fd, struct pap_held *held);

#endif
