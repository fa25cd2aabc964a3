/* SPDX-License-Identifier: BSD-2-Clause */
/* Single rules and the conditions they are made of; conditions live as long as their spec. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/codes.h"
#include "capmode/make.h"

/* ---- memory: conditions live as long as the spec ------------------------------------------- */

struct pap_confine_arena {
	struct pap_confine_arena *next;
	size_t used;
	char bytes[16384 - 2 * sizeof(void *)] __attribute__((aligned(16)));
};

void *pap_confine_take(struct pap_confine_spec *confine, size_t size)
{
	struct pap_confine_arena *arena = confine->arena;
	void *at;

	size = (size + 15) & ~(size_t)15;
	if (!arena || sizeof(arena->bytes) - arena->used < size) {
		arena = size > sizeof(arena->bytes) ? NULL : malloc(sizeof(*arena));
		if (!arena) {
			confine->failed = true;
			return NULL;
		}
		arena->next = confine->arena;
		arena->used = 0;
		confine->arena = arena;
	}
	at = arena->bytes + arena->used;
	arena->used += size;
	return at;
}

int pap_confine_init(struct pap_confine_spec *confine, enum pap_arch arch, unsigned parts)
{
	uint32_t outside = parts ? PAP_RET_ERRNO | ENOSYS : PAP_RET_ALLOW;
	const struct pap_rule allow = {.verdict = PAP_RET_ALLOW, .reason = "nothing forbids it"};

	memset(confine, 0, sizeof(*confine));
	confine->spec = pap_filter_spec_new(arch, outside, outside, allow);
	return confine->spec ? 0 : -ENOMEM;
}

void pap_confine_free(struct pap_confine_spec *confine)
{
	while (confine->arena) {
		struct pap_confine_arena *next = confine->arena->next;

		free(confine->arena);
		confine->arena = next;
	}
	pap_filter_spec_free(confine->spec);
	confine->spec = NULL;
}

/* ---- conditions ----------------------------------------------------------------------------- */

const struct pap_range *pap_confine_ranges(struct pap_confine_spec *confine,
					   const struct pap_range *from, unsigned count)
{
	struct pap_range *ranges = pap_confine_take(confine, count * sizeof(*ranges));

	if (ranges)
		memcpy(ranges, from, count * sizeof(*ranges));
	return ranges;
}

/* All of base's clauses (NULL: one that always holds), each with these tests before its own. */
const struct pap_cond *pap_confine_narrow(struct pap_confine_spec *confine,
					  const struct pap_cond *base, const struct pap_test *tests,
					  unsigned ntests)
{
	unsigned nclauses = base ? base->nclauses : 1;
	struct pap_cond *cond = pap_confine_take(confine, sizeof(*cond));
	struct pap_clause *clauses = pap_confine_take(confine, nclauses * sizeof(*clauses));

	if (!cond || !clauses)
		return NULL;
	for (unsigned i = 0; i < nclauses; i++) {
		unsigned more = base ? base->clauses[i].ntests : 0;
		struct pap_test *all = pap_confine_take(confine, (ntests + more) * sizeof(*all));

		if (!all)
			return NULL;
		memcpy(all, tests, ntests * sizeof(*all));
		if (more)
			memcpy(all + ntests, base->clauses[i].tests, more * sizeof(*all));
		clauses[i] = (struct pap_clause){all, (uint16_t)(ntests + more)};
	}
	*cond = (struct pap_cond){base ? base->name : "", base ? base->about : "on these numbers",
				  clauses, (uint16_t)nclauses};
	return cond;
}

struct pap_test pap_confine_test(unsigned arg, uint32_t mask, bool negate,
				 const struct pap_range *ranges, unsigned count)
{
	return (struct pap_test){.arg = (uint8_t)arg,
				 .bits = 32,
				 .negate = negate,
				 .mask = mask,
				 .ranges = ranges,
				 .nranges = (uint16_t)count};
}

/* ---- rules ---------------------------------------------------------------------------------- */

void pap_confine_add(struct pap_confine_spec *confine, unsigned call, const struct pap_cond *cond,
		     uint32_t verdict, const char *reason)
{
	const struct pap_rule rule = {.cond = cond,
				      .verdict = verdict,
				      .refusal = (uint16_t)(verdict & PAP_RET_DATA),
				      .origin = {.source = "built-in"},
				      .reason = reason};

	if (confine->failed || pap_filter_add(confine->spec, call, rule) < 0)
		confine->failed = true;
}

void pap_confine_refuse(struct pap_confine_spec *confine, unsigned call,
			const struct pap_cond *cond, unsigned error, const char *reason)
{
	bool own = error == PAP_ENOTCAPABLE || error == PAP_ECAPMODE;

	pap_confine_add(confine, call, cond,
			(confine->traps && own ? PAP_RET_TRAP : PAP_RET_ERRNO) | error, reason);
}

bool pap_confine_routed_always(const struct pap_syscall *call)
{
	for (unsigned i = 0; i < call->nbase; i++) {
		if (call->base[i].verdict == PAP_CONFINE_SUPERVISE && !call->base[i].cond)
			return true;
	}
	return false;
}

/* Gives another number to the object behind its first argument, or makes one of it. */
bool pap_confine_copies(const struct pap_syscall *call)
{
	switch (pap_syscall_id(call)) {
	case PAP_SYS_dup:
	case PAP_SYS_dup2:
	case PAP_SYS_dup3:
	case PAP_SYS_fcntl:
	case PAP_SYS_accept:
	case PAP_SYS_accept4:
		return true;
	default:
		return false;
	}
}
