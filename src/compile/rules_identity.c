/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Setting the user and group that the process has already. posix_spawn with
 * POSIX_SPAWN_RESETIDS does so before every program that GNU make starts; without
 * promise id that must not fail, and it may well pass: while nothing else is
 * permitted, the real, effective and saved ids remain what they were at the start,
 * and the kernel finds nothing to change.
 */
#include "compile/rules.h"

enum { MAX_IDS = 3 };

struct parts {
	struct pap_range ranges[2];
	struct pap_test tests[MAX_IDS];
	struct pap_clause clause;
	struct pap_cond cond;
};

/* Each of the first `count` arguments is `id`, or -1, which stands for no change. */
static const struct pap_cond *same_ids(struct pap_builder *b, unsigned count, uint32_t id)
{
	struct parts *parts = pap_plan_alloc(b->plan, sizeof(*parts));

	if (!parts) {
		b->failed = true;
		return NULL;
	}
	parts->ranges[0] = (struct pap_range){id, id};
	parts->ranges[1] = (struct pap_range){UINT32_MAX, UINT32_MAX};
	for (unsigned i = 0; i < count; i++)
		parts->tests[i] = (struct pap_test){.arg = (uint8_t)i,
						    .bits = 32,
						    .mask = UINT32_MAX,
						    /* -1 alone is an error to the kernel */
						    .nranges = count > 1 ? 2 : 1,
						    .ranges = parts->ranges};
	parts->clause = (struct pap_clause){.tests = parts->tests, .ntests = (uint16_t)count};
	parts->cond = (struct pap_cond){.name = "the ids of the process",
					.about = "sets the ids that the process has already",
					.clauses = &parts->clause,
					.nclauses = 1};
	return &parts->cond;
}

void pap_rules_identity(struct pap_builder *b, const struct pap_syscall *call)
{
	const struct pap_own_ids *own = &b->plan->options.identity;
	const struct pap_cond *cond;
	unsigned count;
	bool group;

	switch (pap_syscall_id(call)) {
	case PAP_SYS_setuid:
	case PAP_SYS_setgid:
		count = 1;
		break;
	case PAP_SYS_setreuid:
	case PAP_SYS_setregid:
		count = 2;
		break;
	case PAP_SYS_setresuid:
	case PAP_SYS_setresgid:
		count = 3;
		break;
	default:
		return;
	}
	if (!own->fixed || b->plan->promises & P(id))
		return;
	group = call->args[0].type == PAP_T_GID;
	cond = same_ids(b, count, group ? own->gid : own->uid);
	if (cond)
		pap_rules_add(b, pap_syscall_id(call),
			      pap_rule_allow(b, cond, "sets the ids that the process has already"));
}
