/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a descriptor was left: rights, commands of fcntl, commands of ioctl. Pure
 * values and the questions about them. Which number has which limits is the
 * ledger's (ledger.h), how they are enforced the filters' (filters.h).
 */
#ifndef PAP_CAPMODE_LIMITS_H
#define PAP_CAPMODE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "table/table.h"

/* Payload bits of all rights: FreeBSD's and ours. */
#define PAP_RIGHTS_ALL0 0xfffffffffffull
#define PAP_RIGHTS_ALL1 0x3f0000ffffffull

/* Commands that cap_fcntls_limit knows, as 1 << command: F_GETFL, F_SETFL, F_SETOWN, F_GETOWN. */
#define PAP_FCNTL_GETFL (1u << 3)
#define PAP_FCNTL_SETFL (1u << 4)
#define PAP_FCNTL_SETOWN (1u << 8)
#define PAP_FCNTL_GETOWN (1u << 9)
#define PAP_FCNTLS_ALL (PAP_FCNTL_GETFL | PAP_FCNTL_SETFL | PAP_FCNTL_SETOWN | PAP_FCNTL_GETOWN)

struct pap_span { /* ioctl commands, both inclusive */
	uint32_t lo, hi;
};

#define PAP_SPANS_MAX 64 /* of one list: intervals, not members, go into a filter */

struct pap_limits {
	struct pap_rights rights;
	uint32_t fcntls;
	int32_t nspans; /* -1: every command */
	/* The file can be written through this number's description, though WRITE is missing. */
	bool no_shared;
	const struct pap_span *spans; /* sorted, apart from each other */
};

/* Everything: what a descriptor has that nobody limited. */
extern const struct pap_limits pap_limits_full;

bool pap_rights_contain(struct pap_rights big, struct pap_rights little);
bool pap_limits_equal(const struct pap_limits *a, const struct pap_limits *b);
/* Whether little allows nothing that big does not. */
bool pap_limits_contain(const struct pap_limits *big, const struct pap_limits *little);
bool pap_spans_hold(const struct pap_span *spans, int32_t count, uint32_t command);

/* Which parts of limits are given; the others stay as they are. */
enum { PAP_GIVEN_RIGHTS = 1, PAP_GIVEN_FCNTLS = 2, PAP_GIVEN_IOCTLS = 4 };

/*
 * What a number that has `has` gets when the given parts of `asked` are asked for:
 * whoever loses a right loses the list that belongs to it. writable: the description
 * behind it can be written. -EINVAL: bits or lists that stand for nothing;
 * -PAP_ENOTCAPABLE: a list without its right.
 */
int pap_limits_ask(const struct pap_limits *has, unsigned given, const struct pap_limits *asked,
		   bool writable, struct pap_limits *out);

/* ---- what calls need ------------------------------------------------------------------------- */

/* One condition on one argument: ((arg & mask) in values) != negate. */
struct pap_need_test {
	uint8_t delta; /* argument, counted from the one that the rule looks at */
	bool negate;
	uint16_t nranges;
	uint32_t mask;
	const struct pap_range *ranges;
};

/* Where the test holds (no ranges: always), these rights are needed. */
struct pap_need_row {
	struct pap_need_test test, and;
	struct pap_rights rights;
	uint32_t fcntl; /* and this bit of the fcntl mask, 0: none */
};

/* The rows of a rule; PAP_RR_FIXED has none. */
const struct pap_need_row *pap_need_rows(enum pap_rights_rule rule, unsigned *count);

/* Rights that x needs with these arguments, and the bit of the fcntl mask. */
struct pap_rights pap_needed(const struct pap_exercise *x, const uint64_t args[6], uint32_t *fcntl);

/*
 * Whether limits let this exercise of a call happen. x must be one of its FD or
 * LOOKUP exercises and its condition must hold. *missing (may be NULL): the rights
 * that it lacked, nothing when a list or mask refused.
 */
bool pap_limits_permit(const struct pap_limits *limits, const struct pap_exercise *x,
		       const uint64_t args[6], struct pap_rights *missing);

/* The same for every exercise of a call through argument arg. */
bool pap_limits_permit_call(const struct pap_limits *limits, const struct pap_syscall *call,
			    unsigned arg, const uint64_t args[6], struct pap_rights *missing);

#endif
