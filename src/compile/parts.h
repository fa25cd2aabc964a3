/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The steps of pap_plan_make, one file each, and what they hand to one another.
 * Internal to compile/: a plan is used through compile/plan.h.
 */
#ifndef PAP_COMPILE_PARTS_H
#define PAP_COMPILE_PARTS_H

#include "compile/plan.h"
#include "uapi/landlock.h"

/* Pasted at once, because compilers define the word "unix". */
#define P(name) ((pap_promises)1 << PAP_PROMISE_##name)

/* ---- the policy's network part, digested once (grants.c) --------------------------------- */

struct pap_net {
	bool inet;       /* a promise lets sockets of the internet families be made */
	bool local;      /* promise unix is held */
	bool any[2][2];  /* [direction][transport]: every port is granted */
	bool some[2][2]; /* at least one port, or every */
	struct pap_origin origin[2][2];   /* of the first grant */
	bool refuse_connect, refuse_bind; /* no grant needs the call: the filter refuses it */
};

struct pap_net pap_net_of(const struct pap_policy *policy, pap_promises promises);
bool pap_writes_everywhere(const struct pap_policy *policy); /* write access is granted on "/" */

/* ---- defaults.c -------------------------------------------------------------------------- */

struct pap_implied_file {
	pap_promises promise; /* any of these brings it */
	uint8_t access;
	const char *path;
	const char *origin; /* "implied by promise stdio" */
};
extern const struct pap_implied_file pap_implied_files[]; /* ends with path NULL */

struct pap_implied_port {
	pap_promises promise;
	uint8_t direction, transport;
	uint16_t port;
	const char *origin;
};
extern const struct pap_implied_port pap_implied_ports[]; /* ends with origin NULL */

/* ---- landlock.c -------------------------------------------------------------------------- */

/* Fills plan->landlock; -ENOMEM. */
int pap_landlock_build(struct pap_plan *plan, const struct pap_net *net);
void pap_landlock_free(struct pap_landlock_set *set);

/* The rights of a grant, for a directory and for anything else, as far as abi and promises go. */
void pap_landlock_access(unsigned abi, pap_promises promises, unsigned access,
			 struct pap_path_rule *rule);

/* The right that a port is granted by. */
uint64_t pap_landlock_port(unsigned direction, unsigned transport);

/* "fs.read_file fs.read_dir", kinds 'f' (fs), 'n' (net), 's' (scope). */
void pap_landlock_names(char kind, uint64_t mask, struct pap_text *out);

/* ---- shortfall.c ------------------------------------------------------------------------- */

/* Waivers must name known shortfalls: -EINVAL with the nearest one. */
int pap_shortfall_check_waivers(const struct pap_policy *policy, struct pap_error *err);
/* Lists what the plan needs and the kernel lacks. -ENOMEM. */
int pap_shortfall_find(struct pap_plan *plan, const struct pap_net *net);
/* -EOPNOTSUPP when one is neither stricter nor waived. */
int pap_shortfall_judge(const struct pap_plan *plan, struct pap_error *err);

/* ---- rules.c ----------------------------------------------------------------------------- */

/* Fills plan->spec. -ENOMEM. */
int pap_rules_build(struct pap_plan *plan, const struct pap_net *net);

/* ---- memory that the plan owns (plan.c) -------------------------------------------------- */

/* Zeroed, released with the plan; NULL: out of memory. */
void *pap_plan_alloc(struct pap_plan *plan, size_t size);

/* Makes room for one more item of a PAP_LIST; false: out of memory. */
#define PAP_LIST_GROW(list)                                                      \
	pap_list_grow((void **)&(list)->items, (list)->count, &(list)->capacity, \
		      sizeof(*(list)->items))
bool pap_list_grow(void **items, size_t count, size_t *capacity, size_t size);

#endif
