/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The filters of capability mode, as specs for the compiler:
 *
 *   base   goes in first and owns the listener. It routes, for every number, the
 *          rare calls that may ever need an answer, because a later filter cannot.
 *   limit  one for each limit: errors for what the class lacks, on its numbers.
 *   mode   what entering adds: errors, and nothing that notifies.
 *
 * The kernel takes the strictest answer of all filters (error before notification
 * before permission), so merging them into one spec means the same as stacking.
 */
#ifndef PAP_CAPMODE_FILTERS_H
#define PAP_CAPMODE_FILTERS_H

#include "capmode/ledger.h"
#include "compile/filter.h"

struct pap_numbers { /* of descriptors, sorted */
	const struct pap_range *ranges;
	unsigned count;
};

struct pap_confine_spec {
	struct pap_filter_spec *spec;
	struct pap_confine_arena *arena; /* conditions made for it */
	bool failed;                     /* out of memory */
	bool traps; /* denials are told to the process, which then fails the call itself */
};

enum pap_confine_part {
	PAP_PART_BASE = 1,
	PAP_PART_MODE = 2,
	PAP_PART_ALONE = 4, /* base without a supervisor: what it would answer is refused */
};

/* 0 or -ENOMEM. Without a part everything is allowed until limits are added. */
int pap_confine_init(struct pap_confine_spec *confine, enum pap_arch arch, unsigned parts);
void pap_confine_free(struct pap_confine_spec *confine);

/* Rules that keep the ledger where it is. */
void pap_confine_protect(struct pap_confine_spec *confine, int ledger);
/* Errors on these numbers for what limits lack. alone: lookups from them fail, too. */
void pap_confine_limit(struct pap_confine_spec *confine, const struct pap_numbers *numbers,
		       const struct pap_limits *limits, bool alone);
/* In the mode commands that limits name by a list are allowed on these numbers: add before. */
void pap_confine_named(struct pap_confine_spec *confine, const struct pap_numbers *numbers,
		       const struct pap_limits *limits);
/* The same for every number of a ledger. Limits go before what the mode allows by name. */
enum { PAP_LEDGER_LIMITS = 1, PAP_LEDGER_NAMED = 2, PAP_LEDGER_ALONE = 4 };
void pap_confine_ledger(struct pap_confine_spec *confine, const struct pap_ledger *ledger,
			unsigned what);
/* Adds the parts' own rules: call after the others, once. */
void pap_confine_finish(struct pap_confine_spec *confine, unsigned parts);

/* Whether the base filter may route this call at all. */
bool pap_confine_routes(const struct pap_syscall *call);

#endif
