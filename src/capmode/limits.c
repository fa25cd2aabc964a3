/* SPDX-License-Identifier: BSD-2-Clause */
/* Rights as values. Nothing here knows of numbers, filters or processes. */
#include "capmode/limits.h"

#include <errno.h>
#include <string.h>

#include "base/codes.h"

const struct pap_limits pap_limits_full = {
    .rights = {{PAP_RIGHTS_ALL0, PAP_RIGHTS_ALL1}}, .fcntls = PAP_FCNTLS_ALL, .nspans = -1};

bool pap_rights_contain(struct pap_rights big, struct pap_rights little)
{
	return !(little.word[0] & ~big.word[0]) && !(little.word[1] & ~big.word[1]);
}

bool pap_spans_hold(const struct pap_span *spans, int32_t count, uint32_t command)
{
	for (int32_t i = 0; i < count; i++) {
		if (command >= spans[i].lo && command <= spans[i].hi)
			return true;
	}
	return false;
}

static bool spans_contain(const struct pap_limits *big, const struct pap_limits *little)
{
	int32_t at = 0;

	if (big->nspans < 0)
		return true;
	if (little->nspans < 0)
		return false;
	for (int32_t i = 0; i < little->nspans; i++) {
		while (at < big->nspans && big->spans[at].hi < little->spans[i].lo)
			at++;
		if (at == big->nspans || little->spans[i].lo < big->spans[at].lo ||
		    little->spans[i].hi > big->spans[at].hi)
			return false;
	}
	return true;
}

bool pap_limits_contain(const struct pap_limits *big, const struct pap_limits *little)
{
	return pap_rights_contain(big->rights, little->rights) &&
	       !(little->fcntls & ~big->fcntls) && spans_contain(big, little);
}

bool pap_limits_equal(const struct pap_limits *a, const struct pap_limits *b)
{
	return a->rights.word[0] == b->rights.word[0] && a->rights.word[1] == b->rights.word[1] &&
	       a->fcntls == b->fcntls && a->no_shared == b->no_shared && a->nspans == b->nspans &&
	       (a->nspans <= 0 ||
		!memcmp(a->spans, b->spans, (size_t)a->nspans * sizeof(*a->spans)));
}

static bool spans_valid(const struct pap_limits *limits)
{
	if (limits->nspans < -1 || limits->nspans > PAP_SPANS_MAX)
		return false;
	for (int32_t i = 0; i < limits->nspans; i++) {
		if (limits->spans[i].lo > limits->spans[i].hi ||
		    (i && limits->spans[i].lo <= limits->spans[i - 1].hi))
			return false;
	}
	return true;
}

static bool holds_right(const struct pap_limits *limits, unsigned right)
{
	return pap_rights_contain(limits->rights, pap_right_table[right].bits);
}

int pap_limits_ask(const struct pap_limits *has, unsigned given, const struct pap_limits *asked,
		   bool writable, struct pap_limits *out)
{
	*out = *has;
	if (given & PAP_GIVEN_RIGHTS)
		out->rights = asked->rights;
	if (given & PAP_GIVEN_FCNTLS)
		out->fcntls = asked->fcntls;
	if (given & PAP_GIVEN_IOCTLS) {
		out->nspans = asked->nspans;
		out->spans = asked->spans;
	}
	if (!spans_valid(out) || (out->fcntls & ~PAP_FCNTLS_ALL) ||
	    !pap_rights_contain(pap_limits_full.rights, out->rights))
		return -EINVAL;
	if (!holds_right(out, PAP_RIGHT_FCNTL)) {
		if ((given & PAP_GIVEN_FCNTLS) && out->fcntls)
			return -PAP_ENOTCAPABLE;
		out->fcntls = 0;
	}
	if (!holds_right(out, PAP_RIGHT_IOCTL)) {
		if ((given & PAP_GIVEN_IOCTLS) && out->nspans)
			return -PAP_ENOTCAPABLE;
		out->nspans = 0;
	}
	/* A shared mapping could be made writable behind everybody's back. */
	out->no_shared = writable && !holds_right(out, PAP_RIGHT_WRITE);
	return 0;
}

static bool row_holds(const struct pap_need_test *test, unsigned by, const uint64_t args[6])
{
	uint32_t value;

	if (!test->ranges)
		return true;
	value = (uint32_t)args[by + test->delta] & test->mask;
	for (unsigned i = 0; i < test->nranges; i++) {
		if (value >= test->ranges[i].lo && value <= test->ranges[i].hi)
			return !test->negate;
	}
	return test->negate;
}

struct pap_rights pap_needed(const struct pap_exercise *x, const uint64_t args[6], uint32_t *fcntl)
{
	struct pap_rights needed = x->rights;
	unsigned count;
	const struct pap_need_row *rows = pap_need_rows((enum pap_rights_rule)x->rule, &count);

	*fcntl = 0;
	for (unsigned i = 0; i < count; i++) {
		if (!row_holds(&rows[i].test, x->by, args) || !row_holds(&rows[i].and, x->by, args))
			continue;
		needed.word[0] |= rows[i].rights.word[0];
		needed.word[1] |= rows[i].rights.word[1];
		*fcntl |= rows[i].fcntl;
	}
	return needed;
}

static const struct pap_range shared[] = {{1, 1}, {3, 3}}; /* MAP_SHARED, MAP_SHARED_VALIDATE */

bool pap_limits_permit(const struct pap_limits *limits, const struct pap_exercise *x,
		       const uint64_t args[6], struct pap_rights *missing)
{
	const struct pap_need_test maps_shared = {1, false, 2, 0x0f, shared};
	uint32_t fcntl;
	struct pap_rights needed = pap_needed(x, args, &fcntl);

	needed.word[0] &= ~limits->rights.word[0];
	needed.word[1] &= ~limits->rights.word[1];
	if (missing)
		*missing = needed;
	if (needed.word[0] || needed.word[1] || (fcntl & ~limits->fcntls))
		return false;
	if (x->rule == PAP_RR_IOCTL && limits->nspans >= 0)
		return pap_spans_hold(limits->spans, limits->nspans, (uint32_t)args[x->by]);
	if (x->rule == PAP_RR_MMAP && limits->no_shared)
		return !row_holds(&maps_shared, x->by, args);
	return true;
}

bool pap_limits_permit_call(const struct pap_limits *limits, const struct pap_syscall *call,
			    unsigned arg, const uint64_t args[6], struct pap_rights *missing)
{
	for (unsigned i = 0; i < call->nexercises; i++) {
		const struct pap_exercise *x = &call->exercises[i];

		if ((x->touch != PAP_X_FD && x->touch != PAP_X_LOOKUP) || x->arg != arg)
			continue;
		if (x->cond && !pap_cond_holds(x->cond, args, 0))
			continue;
		if (!pap_limits_permit(limits, x, args, missing))
			return false;
	}
	return true;
}
