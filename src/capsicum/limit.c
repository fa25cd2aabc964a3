/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One limit more: worked out by the supervisor, enforced by a filter, then recorded.
 * In this order a filter that cannot be installed changes nothing.
 */
#include "capsicum/limit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "capsicum/session.h"
#include "capsicum/trace.h"

static int install(int fd, const struct pap_limits *limits, bool is_new, int lo, int hi, bool alone)
{
	const struct pap_range ranges[2] = {{(uint32_t)fd, (uint32_t)fd},
					    {(uint32_t)lo, (uint32_t)hi - 1}};
	const struct pap_numbers numbers = {ranges, is_new && hi > lo ? 2 : 1};
	struct pap_confine_spec confine;
	int rc = pap_confine_init(&confine, pap_arch_native(), 0);

	if (rc < 0)
		return rc;
	confine.traps = pap_trace_begin();
	pap_confine_limit(&confine, &numbers, limits, alone);
	rc = pap_session_install(&confine);
	pap_confine_free(&confine);
	return rc;
}

/* ---- remembered ------------------------------------------------------------------------------ */

#define NUMBERS 4096
#define ROW 8 /* from here on it is a loop */

static uint16_t class_seen[NUMBERS];  /* class + 1 of a number; 0: none */
static unsigned last_class, in_a_row; /* the same limits, one descriptor after the other */

static void remember(int fd, unsigned class)
{
	if (fd < 0 || fd >= NUMBERS || class >= PAP_CLASSES_MAX)
		return;
	class_seen[fd] = (uint16_t)(class + 1);
	in_a_row = class == last_class ? in_a_row + 1 : 1;
	last_class = class;
}

unsigned pap_limit_seen(int fd)
{
	unsigned class = fd >= 0 && fd < NUMBERS ? class_seen[fd] : 0;

	if (!class)
		return 0;
	return PAP_SEEN_LIMITED | (class - 1 == last_class && in_a_row > ROW ? PAP_SEEN_OFTEN : 0);
}

static int further(int fd, const struct pap_limit_request *request)
{
	struct pap_control control = {
	    .given = request->given,
	    .fcntls = request->asked.fcntls,
	    .word = {request->asked.rights.word[0], request->asked.rights.word[1]},
	    .nspans = request->asked.nspans};
	struct pap_control outcome;
	struct pap_limits limits;
	long rc;

	if (control.nspans > 0)
		memcpy(control.spans, request->asked.spans,
		       (size_t)control.nspans * sizeof(control.spans[0]));
	outcome = control;
	rc = pap_session_ask(PAP_CONTROL_PREPARE, fd, &outcome);
	if (rc < 0)
		return (int)rc;
	if (outcome.nothing) {
		remember(fd, outcome.class);
		return 0;
	}
	limits = (struct pap_limits){.rights = {{outcome.word[0], outcome.word[1]}},
				     .fcntls = outcome.fcntls,
				     .nspans = outcome.nspans,
				     .no_shared = outcome.no_shared,
				     .spans = outcome.spans};
	rc = install(fd, &limits, outcome.is_new, outcome.lo, outcome.hi, false);
	if (rc < 0)
		return (int)rc;
	rc = pap_session_ask(PAP_CONTROL_COMMIT, fd, &control);
	if (!rc)
		remember(fd, outcome.class);
	return (int)rc;
}

int pap_limit_in_draft(struct pap_draft *draft, int fd, const struct pap_limit_request *request,
		       struct pap_narrowing *narrowing, struct pap_limits *limits)
{
	struct pap_ledger view = pap_draft_view(draft);
	struct pap_limits has, wanted;
	struct pap_narrowing outcome;
	int flags = fcntl(fd, F_GETFL), rc;

	if (flags < 0 && errno == EBADF)
		return -EBADF;
	/* Where it may not be asked, the worst is assumed. */
	if (flags < 0)
		flags = O_RDWR;
	pap_ledger_limits(&view, pap_ledger_class_of(&view, fd), &has);
	rc = pap_limits_ask(&has, request->given, &request->asked, (flags & O_ACCMODE) != O_RDONLY,
			    &wanted);
	if (!rc)
		rc = pap_draft_limit(draft, fd, &wanted, &outcome);
	if (rc < 0)
		return rc;
	view = pap_draft_view(draft);
	if (narrowing)
		*narrowing = outcome;
	if (limits)
		pap_ledger_limits(&view, outcome.class, limits);
	return 0;
}

static int alone(int fd, const struct pap_limit_request *request)
{
	static struct pap_draft next;
	struct pap_narrowing narrowing;
	struct pap_limits limits;
	int rc;

	next = *pap_session_alone();
	rc = pap_limit_in_draft(&next, fd, request, &narrowing, &limits);
	if (rc < 0 || narrowing.nothing)
		return rc;
	/* Nobody places copies in a zone: the number itself is all there is to enforce. */
	rc = install(fd, &limits, false, 0, 0, true);
	if (rc < 0)
		return rc;
	*pap_session_alone() = next;
	remember(fd, narrowing.class);
	return 0;
}

static int first(int fd, const struct pap_limit_request *request)
{
	static struct pap_draft draft;
	struct pap_narrowing narrowing;
	struct pap_engagement engagement = {.draft = &draft};
	int rc = pap_session_draft(&draft);

	if (!rc)
		rc = pap_limit_in_draft(&draft, fd, request, &narrowing, NULL);
	if (rc < 0 || narrowing.nothing)
		return rc;
	rc = pap_session_check(&engagement.single);
	if (rc < 0)
		return rc;
	rc = pap_session_engage(&engagement);
	if (!rc)
		remember(fd, narrowing.class);
	return rc;
}

int pap_limit(int fd, const struct pap_limit_request *request)
{
	int rc;

	pap_session_lock();
	if (pap_session_alone())
		rc = alone(fd, request);
	else if (pap_session_state())
		rc = further(fd, request);
	else
		rc = first(fd, request);
	pap_session_unlock();
	return rc;
}

int pap_limits_of(int fd, struct pap_held *held)
{
	struct pap_control control;
	long rc = pap_session_ask(PAP_CONTROL_GET, fd, &control);
	struct pap_limits limits = pap_limits_full;
	struct pap_ledger view;

	if (rc < 0 && rc != -ENOSYS)
		return (int)rc;
	if (rc == 0) {
		held->limits = (struct pap_limits){.rights = {{control.word[0], control.word[1]}},
						   .fcntls = control.fcntls,
						   .nspans = control.nspans};
		if (control.nspans > 0)
			memcpy(held->spans, control.spans,
			       (size_t)control.nspans * sizeof(held->spans[0]));
		held->limits.spans = held->spans;
		return 0;
	}
	if (fcntl(fd, F_GETFD) < 0)
		return -errno;
	if (pap_session_alone()) {
		view = pap_draft_view(pap_session_alone());
		pap_ledger_limits(&view, pap_ledger_class_of(&view, fd), &limits);
	}
	held->limits = limits;
	if (limits.nspans > 0)
		memcpy(held->spans, limits.spans, (size_t)limits.nspans * sizeof(held->spans[0]));
	held->limits.spans = held->spans;
	return 0;
}
