/* SPDX-License-Identifier: BSD-2-Clause */
/* What numbers lack, as errors: out of the table's exercises and the rows of needs.c. */
#include <stdlib.h>

#include "base/codes.h"
#include "capmode/make.h"

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
	return pap_confine_test(l->x->arg, UINT32_MAX, false, l->numbers, l->nnumbers);
}

static void limit_always(const struct limit *l)
{
	struct pap_test test = on_numbers(l);

	pap_confine_refuse(l->confine, l->call,
			   pap_confine_narrow(l->confine, l->x->cond, &test, 1), PAP_ENOTCAPABLE,
			   "the descriptor's rights");
}

static void add_need_test(const struct limit *l, const struct pap_need_test *need,
			  struct pap_test *tests, unsigned *count)
{
	if (need->ranges)
		tests[(*count)++] = pap_confine_test(l->x->by + need->delta, need->mask,
						     need->negate, need->ranges, need->nranges);
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
	pap_confine_refuse(l->confine, l->call,
			   pap_confine_narrow(l->confine, l->x->cond, tests, count),
			   PAP_ENOTCAPABLE, "the descriptor's rights");
}

/* Without a supervisor nobody places a copy where its limits hold. */
static void limit_copies(const struct limit *l)
{
	static const struct pap_range copies[] = {{0, 0}, {1030, 1030}}; /* F_DUPFD, _CLOEXEC */
	struct pap_test tests[2] = {on_numbers(l)};
	bool fcntl = l->call == PAP_SYS_fcntl;

	if (l->x->arg != 0)
		return;
	tests[1] = pap_confine_test(1, UINT32_MAX, false, copies, 2);
	pap_confine_refuse(l->confine, l->call,
			   pap_confine_narrow(l->confine, NULL, tests, fcntl ? 2 : 1),
			   PAP_ENOTCAPABLE, "a copy would have no limits");
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
	tests[1] = pap_confine_test(l->x->by, UINT32_MAX, true,
				    pap_confine_ranges(l->confine, ranges, count), count);
	pap_confine_refuse(l->confine, l->call,
			   pap_confine_narrow(l->confine, l->x->cond, tests, count ? 2 : 1),
			   PAP_ENOTCAPABLE, "the descriptor's list of commands");
}

static void limit_shared(const struct limit *l)
{
	static const struct pap_range shared[] = {{1, 1}, {3, 3}};
	struct pap_test tests[2] = {on_numbers(l)};

	if (!l->limits->no_shared)
		return;
	tests[1] = pap_confine_test(l->x->by + 1u, 0x0f, false, shared, 2);
	pap_confine_refuse(l->confine, l->call,
			   pap_confine_narrow(l->confine, l->x->cond, tests, 2), PAP_ENOTCAPABLE,
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
	struct limit l = {.confine = confine, .limits = limits, .nnumbers = numbers->count};

	if (!l.nnumbers)
		return;
	l.numbers = pap_confine_ranges(confine, numbers->ranges, numbers->count);
	for (l.call = 0; l.call < PAP_NSYSCALLS && !confine->failed; l.call++) {
		const struct pap_syscall *call = &pap_syscall_table[l.call];
		bool routed = pap_confine_routed_always(call);

		for (unsigned i = 0; i < call->nexercises; i++) {
			l.x = &call->exercises[i];
			/* The supervisor is asked and knows the limits; nobody else resolves a
			 * path. */
			if (l.x->touch == PAP_X_LOOKUP && alone)
				limit_always(&l);
			else if (l.x->touch == PAP_X_LOOKUP && l.call == PAP_SYS_fanotify_mark)
				limit_exercise(
				    &l); /* root's, before entering: nothing comes of it */
			else if (l.x->touch == PAP_X_LOOKUP && call->capmode == PAP_CAP_DENY)
				limit_always(&l); /* the kernel would look up, and leave */
			else if (l.x->touch == PAP_X_FD && (!routed || alone))
				limit_exercise(&l);
			if (alone && l.x->touch == PAP_X_FD && pap_confine_copies(call))
				limit_copies(&l);
		}
	}
}

void pap_confine_named(struct pap_confine_spec *confine, const struct pap_numbers *numbers,
		       const struct pap_limits *limits)
{
	struct pap_range commands[PAP_SPANS_MAX];
	struct pap_test tests[2];
	unsigned ncommands = 0;

	if (!numbers->count || limits->nspans <= 0)
		return;
	for (; ncommands < (unsigned)limits->nspans && ncommands < PAP_SPANS_MAX; ncommands++)
		commands[ncommands] =
		    (struct pap_range){limits->spans[ncommands].lo, limits->spans[ncommands].hi};
	pap_confine_refuse(confine, PAP_SYS_ioctl, &pap_cond_ioctl_never, PAP_ECAPMODE,
			   "the command carries a number or a name");
	tests[0] = pap_confine_test(0, UINT32_MAX, false,
				    pap_confine_ranges(confine, numbers->ranges, numbers->count),
				    numbers->count);
	tests[1] = pap_confine_test(1, UINT32_MAX, false,
				    pap_confine_ranges(confine, commands, ncommands), ncommands);
	pap_confine_add(confine, PAP_SYS_ioctl, pap_confine_narrow(confine, NULL, tests, 2),
			PAP_RET_ALLOW, "named for this descriptor before entering");
}

/* The numbers of a class: its zone, and those that were put into it by name. */
static unsigned numbers_of(const struct pap_ledger *ledger, unsigned class,
			   struct pap_range *ranges)
{
	const struct pap_ledger_class *c = &ledger->classes[class];
	unsigned count = 0;

	for (uint32_t i = 0; i < ledger->head->nentries; i++) {
		uint32_t fd = (uint32_t)ledger->entries[i].fd;

		if (ledger->entries[i].class != class)
			continue;
		if (count && ranges[count - 1].hi + 1 == fd)
			ranges[count - 1].hi = fd;
		else
			ranges[count++] = (struct pap_range){fd, fd};
	}
	if (c->hi > c->lo)
		ranges[count++] = (struct pap_range){(uint32_t)c->lo, (uint32_t)c->hi - 1};
	return count;
}

void pap_confine_ledger(struct pap_confine_spec *confine, const struct pap_ledger *ledger,
			unsigned what)
{
	size_t size = (ledger->head->nentries + 1) * sizeof(struct pap_range);
	struct pap_range *ranges = malloc(size);

	if (!ranges) {
		confine->failed = true;
		return;
	}
	for (unsigned i = 0; i < ledger->head->nclasses; i++) {
		struct pap_numbers numbers = {ranges, numbers_of(ledger, i, ranges)};
		struct pap_limits limits;

		pap_ledger_limits(ledger, i, &limits);
		if (what & PAP_LEDGER_NAMED)
			pap_confine_named(confine, &numbers, &limits);
		if (what & PAP_LEDGER_LIMITS)
			pap_confine_limit(confine, &numbers, &limits, what & PAP_LEDGER_ALONE);
	}
	free(ranges);
}
