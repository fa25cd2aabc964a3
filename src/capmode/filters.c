/* SPDX-License-Identifier: BSD-2-Clause */
/* Specs out of the table's lines and of limits. Conditions are put together here. */
#include "capmode/filters.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/codes.h"

#define AT_FDCWD_WORD 0xffffff9cu

/* ---- memory: conditions live as long as the spec ------------------------------------------- */

struct pap_confine_arena {
	struct pap_confine_arena *next;
	size_t used;
	char bytes[16384 - 2 * sizeof(void *)] __attribute__((aligned(16)));
};

static void *take(struct pap_confine_spec *confine, size_t size)
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

static const struct pap_range *ranges_of(struct pap_confine_spec *confine,
					 const struct pap_range *from, unsigned count)
{
	struct pap_range *ranges = take(confine, count * sizeof(*ranges));

	if (ranges)
		memcpy(ranges, from, count * sizeof(*ranges));
	return ranges;
}

/* All of base's clauses (NULL: one that always holds), each with these tests before its own. */
static const struct pap_cond *narrow(struct pap_confine_spec *confine, const struct pap_cond *base,
				     const struct pap_test *tests, unsigned ntests)
{
	unsigned nclauses = base ? base->nclauses : 1;
	struct pap_cond *cond = take(confine, sizeof(*cond));
	struct pap_clause *clauses = take(confine, nclauses * sizeof(*clauses));

	if (!cond || !clauses)
		return NULL;
	for (unsigned i = 0; i < nclauses; i++) {
		unsigned more = base ? base->clauses[i].ntests : 0;
		struct pap_test *all = take(confine, (ntests + more) * sizeof(*all));

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

static struct pap_test word_test(unsigned arg, uint32_t mask, bool negate,
				 const struct pap_range *ranges, unsigned count)
{
	return (struct pap_test){.arg = (uint8_t)arg,
				 .bits = 32,
				 .negate = negate,
				 .mask = mask,
				 .ranges = ranges,
				 .nranges = (uint16_t)count};
}

static unsigned number_ranges(const struct pap_numbers *numbers, struct pap_range out[2])
{
	unsigned count = 0;

	if (numbers->single >= 0)
		out[count++] =
		    (struct pap_range){(uint32_t)numbers->single, (uint32_t)numbers->single};
	if (numbers->hi > numbers->lo)
		out[count++] = (struct pap_range){(uint32_t)numbers->lo, (uint32_t)numbers->hi - 1};
	return count;
}

/* The argument is the working directory, or (negate) is not. */
static const struct pap_cond *at_cwd(struct pap_confine_spec *confine, unsigned arg, bool negate,
				     const struct pap_cond *also)
{
	static const struct pap_range cwd = {AT_FDCWD_WORD, AT_FDCWD_WORD};
	struct pap_test test = word_test(arg, UINT32_MAX, negate, &cwd, 1);

	return narrow(confine, also, &test, 1);
}

/* ---- rules ---------------------------------------------------------------------------------- */

static void add(struct pap_confine_spec *confine, unsigned call, const struct pap_cond *cond,
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

static void refuse(struct pap_confine_spec *confine, unsigned call, const struct pap_cond *cond,
		   unsigned error, const char *reason)
{
	add(confine, call, cond, PAP_RET_ERRNO | error, reason);
}

void pap_confine_protect(struct pap_confine_spec *confine, int ledger)
{
	const struct pap_range self = {(uint32_t)ledger, (uint32_t)ledger};
	const struct pap_range below = {0, (uint32_t)ledger},
			       above = {(uint32_t)ledger, UINT32_MAX};
	const struct pap_range get_flags = {1, 1}; /* F_GETFD */
	struct pap_test tests[2] = {
	    word_test(0, UINT32_MAX, false, ranges_of(confine, &self, 1), 1)};
	const char *reason = "the ledger of limits stays";

	refuse(confine, PAP_SYS_close, narrow(confine, NULL, tests, 1), EBADF, reason);
	refuse(confine, PAP_SYS_ioctl, narrow(confine, NULL, tests, 1), EBADF, reason);
	tests[1] = word_test(1, UINT32_MAX, true, ranges_of(confine, &get_flags, 1), 1);
	refuse(confine, PAP_SYS_fcntl, narrow(confine, NULL, tests, 2), EBADF, reason);
	tests[0] = word_test(0, UINT32_MAX, false, ranges_of(confine, &below, 1), 1);
	tests[1] = word_test(1, UINT32_MAX, false, ranges_of(confine, &above, 1), 1);
	refuse(confine, PAP_SYS_close_range, narrow(confine, NULL, tests, 2), ENOSYS, reason);
}

static bool routed_always(const struct pap_syscall *call)
{
	for (unsigned i = 0; i < call->nbase; i++) {
		if (call->base[i].verdict == PAP_CONFINE_SUPERVISE && !call->base[i].cond)
			return true;
	}
	return false;
}

/* Gives another number to the object behind its first argument, or makes one of it. */
static bool copies_number(const struct pap_syscall *call)
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

struct limit {
	struct pap_confine_spec *confine;
	const struct pap_limits *limits;
	const struct pap_range *numbers;
	unsigned nnumbers;
	unsigned call;
	const struct pap_exercise *x;
};

static struct pap_test on_numbers(const struct limit *l)
{
	return word_test(l->x->arg, UINT32_MAX, false, l->numbers, l->nnumbers);
}

static void limit_always(const struct limit *l)
{
	struct pap_test test = on_numbers(l);

	refuse(l->confine, l->call, narrow(l->confine, l->x->cond, &test, 1), PAP_ENOTCAPABLE,
	       "the descriptor's rights");
}

static void add_need_test(const struct limit *l, const struct pap_need_test *need,
			  struct pap_test *tests, unsigned *count)
{
	if (need->ranges)
		tests[(*count)++] = word_test(l->x->by + need->delta, need->mask, need->negate,
					      need->ranges, need->nranges);
}

static void limit_row(const struct limit *l, const struct pap_need_row *row)
{
	struct pap_test tests[3] = {on_numbers(l)};
	unsigned count = 1;

	if (pap_rights_contain(l->limits->rights, row->rights) &&
	    !(row->fcntl & ~l->limits->fcntls))
		return;
	add_need_test(l, &row->test, tests, &count);
	add_need_test(l, &row->and, tests, &count);
	refuse(l->confine, l->call, narrow(l->confine, l->x->cond, tests, count), PAP_ENOTCAPABLE,
	       "the descriptor's rights");
}

/* Without a supervisor nobody places a copy where its limits hold. */
static void limit_copies(const struct limit *l)
{
	static const struct pap_range copies[] = {{0, 0}, {1030, 1030}}; /* F_DUPFD, _CLOEXEC */
	struct pap_test tests[2] = {on_numbers(l)};
	bool fcntl = l->call == PAP_SYS_fcntl;

	if (l->x->arg != 0)
		return;
	tests[1] = word_test(1, UINT32_MAX, false, copies, 2);
	refuse(l->confine, l->call, narrow(l->confine, NULL, tests, fcntl ? 2 : 1), PAP_ENOTCAPABLE,
	       "a copy would have no limits");
}

/* Commands that the list does not hold. */
static void limit_list(const struct limit *l)
{
	struct pap_range ranges[PAP_SPANS_MAX];
	struct pap_test tests[2] = {on_numbers(l)};
	unsigned count = 0;

	if (l->limits->nspans < 0)
		return;
	for (; count < (unsigned)l->limits->nspans && count < PAP_SPANS_MAX; count++)
		ranges[count] =
		    (struct pap_range){l->limits->spans[count].lo, l->limits->spans[count].hi};
	tests[1] =
	    word_test(l->x->by, UINT32_MAX, true, ranges_of(l->confine, ranges, count), count);
	refuse(l->confine, l->call, narrow(l->confine, l->x->cond, tests, count ? 2 : 1),
	       PAP_ENOTCAPABLE, "the descriptor's list of commands");
}

static void limit_shared(const struct limit *l)
{
	static const struct pap_range shared[] = {{1, 1}, {3, 3}};
	struct pap_test tests[2] = {on_numbers(l)};

	if (!l->limits->no_shared)
		return;
	tests[1] = word_test(l->x->by + 1u, 0x0f, false, shared, 2);
	refuse(l->confine, l->call, narrow(l->confine, l->x->cond, tests, 2), PAP_ENOTCAPABLE,
	       "a shared mapping could be made writable");
}

static void limit_exercise(const struct limit *l)
{
	unsigned count;
	const struct pap_need_row *rows = pap_need_rows((enum pap_rights_rule)l->x->rule, &count);

	if (!pap_rights_contain(l->limits->rights, l->x->rights)) {
		limit_always(l);
		return;
	}
	for (unsigned i = 0; i < count; i++)
		limit_row(l, &rows[i]);
	if (l->x->rule == PAP_RR_IOCTL)
		limit_list(l);
	if (l->x->rule == PAP_RR_MMAP)
		limit_shared(l);
}

void pap_confine_limit(struct pap_confine_spec *confine, const struct pap_numbers *numbers,
		       const struct pap_limits *limits, bool alone)
{
	struct pap_range ranges[2];
	struct limit l = {.confine = confine, .limits = limits};

	l.nnumbers = number_ranges(numbers, ranges);
	if (!l.nnumbers)
		return;
	l.numbers = ranges_of(confine, ranges, l.nnumbers);
	for (l.call = 0; l.call < PAP_NSYSCALLS && !confine->failed; l.call++) {
		const struct pap_syscall *call = &pap_syscall_table[l.call];
		bool routed = routed_always(call);

		for (unsigned i = 0; i < call->nexercises; i++) {
			l.x = &call->exercises[i];
			/* The supervisor is asked and knows the limits; nobody else resolves a
			 * path. */
			if (l.x->touch == PAP_X_LOOKUP && (alone || call->capmode == PAP_CAP_DENY))
				limit_always(&l);
			else if (l.x->touch == PAP_X_FD && (!routed || alone))
				limit_exercise(&l);
			if (alone && l.x->touch == PAP_X_FD && copies_number(call))
				limit_copies(&l);
		}
	}
}

void pap_confine_named(struct pap_confine_spec *confine, const struct pap_numbers *numbers,
		       const struct pap_limits *limits)
{
	struct pap_range ranges[2], commands[PAP_SPANS_MAX];
	struct pap_test tests[2];
	unsigned count = number_ranges(numbers, ranges), ncommands = 0;

	if (!count || limits->nspans <= 0)
		return;
	for (; ncommands < (unsigned)limits->nspans && ncommands < PAP_SPANS_MAX; ncommands++)
		commands[ncommands] =
		    (struct pap_range){limits->spans[ncommands].lo, limits->spans[ncommands].hi};
	refuse(confine, PAP_SYS_ioctl, &pap_cond_ioctl_never, PAP_ECAPMODE,
	       "the command carries a number or a name");
	tests[0] = word_test(0, UINT32_MAX, false, ranges_of(confine, ranges, count), count);
	tests[1] =
	    word_test(1, UINT32_MAX, false, ranges_of(confine, commands, ncommands), ncommands);
	add(confine, PAP_SYS_ioctl, narrow(confine, NULL, tests, 2), PAP_RET_ALLOW,
	    "named for this descriptor before entering");
}

/* ---- base and mode -------------------------------------------------------------------------- */

static bool names_self(const struct pap_syscall *call)
{
	return call->capmode == PAP_CAP_SELF;
}

static bool touches(const struct pap_syscall *call, enum pap_touch touch)
{
	for (unsigned i = 0; i < call->nexercises; i++) {
		if (call->exercises[i].touch == touch)
			return true;
	}
	return false;
}

/* Lookups that the supervisor performs or lets through. */
static bool looks_up(const struct pap_syscall *call, const struct pap_exercise *x)
{
	return x->touch == PAP_X_LOOKUP && call->capmode != PAP_CAP_DENY;
}

bool pap_confine_routes(const struct pap_syscall *call)
{
	for (unsigned i = 0; i < call->nbase; i++) {
		if (call->base[i].verdict == PAP_CONFINE_SUPERVISE)
			return true;
	}
	for (unsigned i = 0; i < call->nexercises; i++) {
		if (looks_up(call, &call->exercises[i]))
			return true;
	}
	return names_self(call) || touches(call, PAP_X_IDENTITY) || touches(call, PAP_X_EXEC);
}

static void base_routes(struct pap_confine_spec *confine, unsigned id, uint32_t route)
{
	static const struct pap_range nobody = {0, 0};
	const struct pap_syscall *call = &pap_syscall_table[id];
	const char *reason = "the supervisor of capability mode answers";
	struct pap_test other;

	for (unsigned i = 0; i < call->nexercises; i++) {
		const struct pap_exercise *x = &call->exercises[i];

		if (looks_up(call, x)) {
			add(confine, id, at_cwd(confine, x->arg, true, x->cond), route, reason);
		} else if (x->touch == PAP_X_PROCESS && names_self(call) && !call->nbase) {
			other = word_test(x->arg, UINT32_MAX, true, &nobody, 1);
			add(confine, id, narrow(confine, x->cond, &other, 1), route, reason);
		}
	}
	if ((touches(call, PAP_X_IDENTITY) || touches(call, PAP_X_EXEC)) && !routed_always(call))
		add(confine, id, NULL, route, reason);
}

static void base_lines(struct pap_confine_spec *confine, unsigned id, uint32_t route)
{
	const struct pap_syscall *call = &pap_syscall_table[id];

	for (unsigned i = 0; i < call->nbase; i++) {
		const struct pap_confinement *line = &call->base[i];

		if (line->verdict == PAP_CONFINE_SUPERVISE)
			add(confine, id, line->cond, route,
			    "the supervisor of capability mode answers");
		else
			refuse(confine, id, line->cond, line->verdict, "once anything is limited");
	}
}

static void mode_lookups(struct pap_confine_spec *confine, unsigned id)
{
	const struct pap_syscall *call = &pap_syscall_table[id];

	for (unsigned i = 0; i < call->nexercises; i++) {
		const struct pap_exercise *x = &call->exercises[i];

		if (looks_up(call, x))
			refuse(confine, id, at_cwd(confine, x->arg, false, x->cond), PAP_ECAPMODE,
			       "there is no working directory in capability mode");
	}
}

/* What mode refuses without looking at arguments; 0: it depends, or is allowed. */
static unsigned refused_outright(const struct pap_syscall *call)
{
	if (call->nmode || call->nbase)
		return 0;
	if (call->capmode == PAP_CAP_DENY)
		return PAP_ECAPMODE;
	return call->capmode == PAP_CAP_NOSYS ? ENOSYS : 0;
}

static void mode_lines(struct pap_confine_spec *confine, unsigned id)
{
	const struct pap_syscall *call = &pap_syscall_table[id];
	static const struct pap_range none = {0, 0};
	struct pap_test high = {0, 64, true, PAP_SYM_NONE, 1, 0xffffffff00000000ull, &none};

	/* Of no consequence to the kernel, which ignores the upper half; FreeBSD's tests look. */
	if (id == PAP_SYS_prctl)
		refuse(confine, id, narrow(confine, NULL, &high, 1), PAP_ECAPMODE,
		       "unknown option");
	mode_lookups(confine, id);
	for (unsigned i = 0; i < call->nmode; i++) {
		const struct pap_confinement *line = &call->mode[i];

		if (line->verdict != PAP_CONFINE_ALLOW)
			refuse(confine, id, line->cond, line->verdict, "capability mode");
		else
			add(confine, id, line->cond, PAP_RET_ALLOW, "capability mode allows it");
	}
	if (call->capmode == PAP_CAP_DENY && (call->nmode == 0 || call->mode[call->nmode - 1].cond))
		refuse(confine, id, NULL, PAP_ECAPMODE, "capability mode");
	else if (refused_outright(call))
		refuse(confine, id, NULL, refused_outright(call), "capability mode");
}

/* In one spec an allowance of the mode must not hide what base says about the same call. */
static bool clashes(const struct pap_syscall *call, unsigned parts)
{
	if (!(parts & PAP_PART_BASE) || !call->nbase)
		return false;
	for (unsigned i = 0; i < call->nmode; i++) {
		if (call->mode[i].verdict == PAP_CONFINE_ALLOW)
			return true;
	}
	return false;
}

/*
 * Without a supervisor: what it would answer fails, but for calls that give away nothing
 * on their own. Copies of limited numbers are refused by the limits, readiness is not kept.
 */
static uint32_t route_alone(const struct pap_syscall *call, unsigned parts)
{
	if (copies_number(call))
		return PAP_RET_ALLOW;
	switch (pap_syscall_id(call)) {
	case PAP_SYS_poll:
	case PAP_SYS_ppoll:
	case PAP_SYS_select:
	case PAP_SYS_pselect6:
	case PAP_SYS_recvmsg:
	case PAP_SYS_recvmmsg:
		return PAP_RET_ALLOW;
	case PAP_SYS_sendmsg:
	case PAP_SYS_sendmmsg:
	case PAP_SYS_io_submit:
		return PAP_RET_ERRNO | PAP_ENOTCAPABLE;
	case PAP_SYS_nfsservctl:
		return PAP_RET_ERRNO | ENOSYS;
	default:
		if (!(parts & PAP_PART_MODE) || touches(call, PAP_X_IDENTITY))
			return PAP_RET_ALLOW;
		return PAP_RET_ERRNO | PAP_ENOTCAPABLE;
	}
}

void pap_confine_finish(struct pap_confine_spec *confine, unsigned parts)
{
	for (unsigned id = 0; id < PAP_NSYSCALLS && !confine->failed; id++) {
		const struct pap_syscall *call = &pap_syscall_table[id];
		uint32_t route =
		    parts & PAP_PART_ALONE ? route_alone(call, parts) : PAP_RET_USER_NOTIF;
		bool base_first = clashes(call, parts);

		if (base_first)
			base_lines(confine, id, route);
		if (parts & PAP_PART_MODE)
			mode_lines(confine, id);
		if ((parts & PAP_PART_BASE) && !base_first)
			base_lines(confine, id, route);
		if (parts & PAP_PART_BASE)
			base_routes(confine, id, route);
	}
}
