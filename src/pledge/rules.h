/* SPDX-License-Identifier: BSD-2-Clause */
/* The filter part: rules of a set of promises, and what of them is not in force yet. */
#ifndef PAP_PLEDGE_RULES_H
#define PAP_PLEDGE_RULES_H

#include "pledge/state.h"

struct pap_pledge_rules { /* what the rules depend on, beside the promises */
	uint8_t opens;	 /* see struct pap_domain */
	bool creates;
	bool veiled;	 /* something was unveiled, and is enforced or about to be */
	uint64_t exec_key;
	uint32_t process; /* 0: the calling one */
	bool elsewhere;	  /* for a program that is executed: it has no handler yet */
};

/* Makes *policy and *plan, whose rules are not compiled. -ENOMEM. */
int pap_pledge_plan(pap_promises promises, const struct pap_pledge_rules *rules,
		    struct pap_policy **policy, struct pap_plan **plan);

/*
 * What of `wanted` is not in `present`: calls that both judge alike
 * are let through. *difference is NULL when nothing differs. -ENOMEM.
 */
int pap_rules_difference(const struct pap_filter_spec *wanted,
			 const struct pap_filter_spec *present,
			 struct pap_filter_spec **difference);

/* Rules of a lock without a pledge: what Landlock does not judge. NULL: out of memory. */
struct pap_filter_spec *pap_rules_veil(void);

/* Installs a program for all threads. Negative errno: nothing has changed. */
int pap_rules_install(const struct pap_bpf_insn *insns, uint16_t length);

#endif
