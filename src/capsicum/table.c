/* SPDX-License-Identifier: BSD-2-Clause */
#include "capsicum/table.h"

#include <errno.h>
#include <stdlib.h>

#include "capsicum/enter.h"
#include "capsicum/session.h"
#include "capsicum/wall.h"

static int fill(struct pap_draft *draft, const struct pap_table_row *rows, size_t count,
		size_t *done)
{
	int rc = 0;

	for (*done = 0; *done < count && !rc; *done += !rc)
		rc = pap_limit_in_draft(draft, rows[*done].fd, &rows[*done].request, NULL, NULL);
	return rc;
}

static int raise_wall(void *context)
{
	return pap_wall_enter(context);
}

static int engage(struct pap_draft *draft, unsigned flags)
{
	struct pap_second_wall wall = {.ruleset = -1};
	struct pap_engagement engagement = {.draft = draft, .alone = flags & PAP_TABLE_ALONE};
	int rc = pap_session_check(&engagement.single);

	if (!rc && (flags & PAP_TABLE_ENTER))
		rc = pap_enter_prepare(&wall);
	if (rc < 0)
		return rc;
	if (flags & PAP_TABLE_ENTER) {
		engagement.parts = PAP_PART_MODE;
		engagement.before = raise_wall;
		engagement.context = &wall;
		draft->head.flags = PAP_LEDGER_ENTERED;
		if (pap_wall_holds(&wall, engagement.single))
			draft->head.flags |= PAP_LEDGER_WALLED;
	}
	rc = pap_session_engage(&engagement);
	pap_wall_free(&wall);
	return rc;
}

static int at_once(const struct pap_table_row *rows, size_t count, unsigned flags, size_t *done)
{
	struct pap_draft *draft = malloc(sizeof(*draft));
	int rc = draft ? pap_session_draft(draft) : -ENOMEM;

	if (!rc)
		rc = fill(draft, rows, count, done);
	if (!rc)
		rc = engage(draft, flags);
	free(draft);
	return rc;
}

static int one_by_one(const struct pap_table_row *rows, size_t count, unsigned flags, size_t *done)
{
	int rc = 0;

	for (*done = 0; *done < count && !rc; *done += !rc)
		rc = pap_limit(rows[*done].fd, &rows[*done].request);
	return !rc && (flags & PAP_TABLE_ENTER) ? pap_capmode_enter() : rc;
}

int pap_limit_table(const struct pap_table_row *rows, size_t count, unsigned flags, size_t *done)
{
	int rc = 0;

	*done = 0;
	pap_session_lock();
	if (pap_session_alone() || pap_session_state()) {
		pap_session_unlock();
		return one_by_one(rows, count, flags, done);
	}
	if (count || (flags & PAP_TABLE_ENTER))
		rc = at_once(rows, count, flags, done);
	pap_session_unlock();
	return rc;
}
