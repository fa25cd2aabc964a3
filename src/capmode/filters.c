/* SPDX-License-Identifier: BSD-2-Clause */
/* The base filter and what entering adds, out of the table's lines. */
#include "capmode/filters.h"

#include <errno.h>

#include "base/codes.h"
#include "capmode/make.h"

#define AT_FDCWD_WORD 0xffffff9cu

/* The argument is the working directory, or (negate) is not. */
static const struct pap_cond *at_cwd(struct pap_confine_spec *confine, unsigned arg, bool negate,
				     const struct pap_cond *also)
{
	static const struct pap_range cwd = {AT_FDCWD_WORD, AT_FDCWD_WORD};
	struct pap_test test = pap_confine_test(arg, UINT32_MAX, negate, &cwd, 1);

	return pap_confine_narrow(confine, also, &test, 1);
}

void pap_confine_protect(struct pap_confine_spec *confine, int ledger)
{
	const struct pap_range self = {(uint32_t)ledger, (uint32_t)ledger};
	const struct pap_range below = {0, (uint32_t)ledger},
			       above = {(uint32_t)ledger, UINT32_MAX};
	const struct pap_range get_flags = {1, 1}; /* F_GETFD */
	struct pap_test tests[2] = {
	    pap_confine_test(0, UINT32_MAX, false, pap_confine_ranges(confine, &self, 1), 1)};
	const char *reason = "the ledger of limits stays";

	pap_confine_refuse(confine, PAP_SYS_close, pap_confine_narrow(confine, NULL, tests, 1),
			   EBADF, reason);
	pap_confine_refuse(confine, PAP_SYS_ioctl, pap_confine_narrow(confine, NULL, tests, 1),
			   EBADF, reason);
	tests[1] =
	    pap_confine_test(1, UINT32_MAX, true, pap_confine_ranges(confine, &get_flags, 1), 1);
	pap_confine_refuse(confine, PAP_SYS_fcntl, pap_confine_narrow(confine, NULL, tests, 2),
			   EBADF, reason);
	tests[0] =
	    pap_confine_test(0, UINT32_MAX, false, pap_confine_ranges(confine, &below, 1), 1);
	tests[1] =
	    pap_confine_test(1, UINT32_MAX, false, pap_confine_ranges(confine, &above, 1), 1);
	pap_confine_refuse(confine, PAP_SYS_close_range,
			   pap_confine_narrow(confine, NULL, tests, 2), ENOSYS, reason);
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
			pap_confine_add(confine, id, at_cwd(confine, x->arg, true, x->cond), route,
					reason);
		} else if (x->touch == PAP_X_PROCESS && names_self(call) && !call->nbase) {
			other = pap_confine_test(x->arg, UINT32_MAX, true, &nobody, 1);
			pap_confine_add(confine, id,
					pap_confine_narrow(confine, x->cond, &other, 1), route,
					reason);
		}
	}
	if ((touches(call, PAP_X_IDENTITY) || touches(call, PAP_X_EXEC)) &&
	    !pap_confine_routed_always(call))
		pap_confine_add(confine, id, NULL, route, reason);
}

static void base_lines(struct pap_confine_spec *confine, unsigned id, uint32_t route)
{
	const struct pap_syscall *call = &pap_syscall_table[id];

	for (unsigned i = 0; i < call->nbase; i++) {
		const struct pap_confinement *line = &call->base[i];

		if (line->verdict == PAP_CONFINE_SUPERVISE)
			pap_confine_add(confine, id, line->cond, route,
					"the supervisor of capability mode answers");
		else
			pap_confine_refuse(confine, id, line->cond, line->verdict,
					   "once anything is limited");
	}
}

static void mode_lookups(struct pap_confine_spec *confine, unsigned id)
{
	const struct pap_syscall *call = &pap_syscall_table[id];

	for (unsigned i = 0; i < call->nexercises; i++) {
		const struct pap_exercise *x = &call->exercises[i];

		if (looks_up(call, x))
			pap_confine_refuse(confine, id, at_cwd(confine, x->arg, false, x->cond),
					   PAP_ECAPMODE,
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
		pap_confine_refuse(confine, id, pap_confine_narrow(confine, NULL, &high, 1),
				   PAP_ECAPMODE, "unknown option");
	mode_lookups(confine, id);
	for (unsigned i = 0; i < call->nmode; i++) {
		const struct pap_confinement *line = &call->mode[i];

		if (line->verdict != PAP_CONFINE_ALLOW)
			pap_confine_refuse(confine, id, line->cond, line->verdict,
					   "capability mode");
		else
			pap_confine_add(confine, id, line->cond, PAP_RET_ALLOW,
					"capability mode allows it");
	}
	if (call->capmode == PAP_CAP_DENY && (call->nmode == 0 || call->mode[call->nmode - 1].cond))
		pap_confine_refuse(confine, id, NULL, PAP_ECAPMODE, "capability mode");
	else if (refused_outright(call))
		pap_confine_refuse(confine, id, NULL, refused_outright(call), "capability mode");
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
	if (pap_confine_copies(call))
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
