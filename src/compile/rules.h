/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files that turn promises into rules share. Internal to them: rules.c
 * (calls as the table has them), rules_special.c (calls that depend on more),
 * rules_identity.c (ids set to what they are) and rules_make.c (single rules and
 * the words in them).
 */
#ifndef PAP_COMPILE_RULES_H
#define PAP_COMPILE_RULES_H

#include "compile/parts.h"

/* Permission to change metadata: enough for the table, too much without a look at the file. */
#define PAP_METADATA (P(fattr) | P(chown))

enum { PAP_MAX_WORDS = 96 };

struct pap_words { /* a reason that was spelt out already */
	pap_promises promises;
	int kind;
	const char *text;
};

struct pap_builder {
	struct pap_plan *plan;
	const struct pap_net *net;
	struct pap_origin origin; /* of the promises */
	bool supervised;
	bool starting;   /* the program may start, though exec is not promised */
	bool everywhere; /* writing is granted on "/" */
	unsigned abi;
	bool failed; /* out of memory */
	unsigned nwords;
	struct pap_words words[PAP_MAX_WORDS];
};

/* ---- rules_make.c ------------------------------------------------------------------------ */

struct pap_rule pap_rule_allow(const struct pap_builder *b, const struct pap_cond *cond,
			       const char *reason);
struct pap_rule pap_rule_refuse(const struct pap_builder *b, const struct pap_cond *cond,
				unsigned error, const char *reason);
struct pap_rule pap_rule_notify(const struct pap_builder *b, const struct pap_cond *cond,
				enum pap_handler handler, unsigned error, const char *reason);
/* What a call outside the policy meets. */
struct pap_rule pap_rule_violation(const struct pap_builder *b, const struct pap_cond *cond,
				   unsigned error, const char *reason);

enum { PAP_HELD, PAP_NEEDED };
/* "needs promises rpath and wpath", owned by the plan: equal sets share one string. */
const char *pap_words_of(struct pap_builder *b, int kind, pap_promises promises);
/* Why nothing permitted the call. */
const char *pap_words_missing(struct pap_builder *b, const struct pap_syscall *call);

/* A further rule of a call; and what happens when none decided. */
void pap_rules_add(struct pap_builder *b, unsigned id, struct pap_rule rule);
void pap_rules_otherwise(struct pap_builder *b, unsigned id, struct pap_rule rule);

/* ---- rules_pledge.c ---------------------------------------------------------------------- */

/* Rules that go before the others in a process that confines itself; true: no others follow. */
bool pap_rules_pledged(struct pap_builder *b, const struct pap_syscall *call);
/* What the library's own calls are judged by, which must work for the next pledge. */
pap_promises pap_promises_pledged(const struct pap_builder *b, unsigned id);
/* Whether the metadata that this call changes is that of a file which is open already. */
bool pap_changes_open_file(const struct pap_syscall *call);

/* ---- rules.c and rules_special.c --------------------------------------------------------- */

/* The rules that a call's line in the table gives it. */
void pap_rules_call(struct pap_builder *b, const struct pap_syscall *call);
/* Setting the ids that the process has already: rules_identity.c. */
void pap_rules_identity(struct pap_builder *b, const struct pap_syscall *call);
/* The same for a call that may depend on ports, on Landlock or on what is started. */
void pap_rules_special(struct pap_builder *b, const struct pap_syscall *call);

#endif
