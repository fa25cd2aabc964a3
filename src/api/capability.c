/* SPDX-License-Identifier: BSD-2-Clause */
/* Limits of a table of descriptors, for programs of Linux: rows are checked, then one step. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codes.h"
#include "capsicum/enter.h"
#include "capsicum/session.h"
#include "capsicum/spans.h"
#include "capsicum/table.h"
#include "kernel/probe.h"
#include "paprika.h"

/* FreeBSD's marks above the payload: the index of each word. */
#define PAYLOAD ((1ull << 57) - 1)
#define INDEX(word) (1ull << (57 + (word)))
#define MOST_COMMANDS (1u << 20)

static int say(struct paprika_error *error, int code, size_t row, const char *what)
{
	if (error) {
		error->code = code;
		snprintf(error->message, sizeof(error->message), "row %zu: %s", row, what);
		error->hint[0] = '\0';
	}
	return code;
}

static int commands(const struct paprika_descriptor *from, struct pap_limits *to,
		    struct pap_span spans[PAP_SPANS_MAX])
{
	unsigned long *copy;

	to->spans = spans;
	to->nspans = -1;
	if (from->nioctls == PAPRIKA_ALL_IOCTLS)
		return 0;
	if (from->nioctls > MOST_COMMANDS || (from->nioctls && !from->ioctls))
		return -EINVAL;
	copy = malloc(from->nioctls ? from->nioctls * sizeof(*copy) : 1);
	if (!copy)
		return -ENOMEM;
	if (from->nioctls)
		memcpy(copy, from->ioctls, from->nioctls * sizeof(*copy));
	to->nspans = pap_spans_of(copy, from->nioctls, spans);
	free(copy);
	return to->nspans < 0 ? to->nspans : 0;
}

static int take_row(const struct paprika_descriptor *from, struct pap_table_row *row,
		    struct pap_span spans[PAP_SPANS_MAX])
{
	row->fd = from->fd;
	row->request.given = PAP_GIVEN_RIGHTS | PAP_GIVEN_FCNTLS | PAP_GIVEN_IOCTLS;
	row->request.asked.fcntls = from->fcntls;
	for (unsigned i = 0; i < 2; i++) {
		if (from->rights[i] && (from->rights[i] & ~PAYLOAD) != INDEX(i))
			return -EINVAL;
		row->request.asked.rights.word[i] = from->rights[i] & PAYLOAD;
	}
	return commands(from, &row->request.asked, spans);
}

static int apply(const struct paprika_descriptor *table, size_t count, unsigned flags,
		 struct paprika_error *error)
{
	struct pap_table_row *rows = calloc(count + 1, sizeof(*rows));
	struct pap_span *spans = calloc(count + 1, PAP_SPANS_MAX * sizeof(*spans));
	size_t at = 0;
	int rc = rows && spans ? 0 : -ENOMEM;

	for (; at < count && !rc; at += !rc)
		rc = take_row(&table[at], &rows[at], spans + at * PAP_SPANS_MAX);
	if (!rc)
		rc = pap_limit_table(rows, count,
				     (flags & PAPRIKA_CAPABILITY_MODE ? PAP_TABLE_ENTER : 0) |
					 (flags & PAPRIKA_NO_SUPERVISOR ? PAP_TABLE_ALONE : 0),
				     &at);
	free(rows);
	free(spans);
	if (rc == -PAP_ENOTCAPABLE)
		rc = -EPERM;
	return rc < 0 ? say(error, rc, at,
			    rc == -EPERM ? "it would widen what the descriptor has" : strerror(-rc))
		      : 0;
}

int paprika_limit_descriptors(const struct paprika_descriptor *table, size_t count, unsigned flags,
			      struct paprika_error *error)
{
	if (flags & ~(unsigned)(PAPRIKA_CAPABILITY_MODE | PAPRIKA_NO_SUPERVISOR))
		return say(error, -EINVAL, 0, "unknown flags");
	if (count > PAP_ENTRIES_MAX || (count && !table))
		return say(error, -EINVAL, 0, "no such table");
	return apply(table, count, flags, error);
}

unsigned paprika_capability_state(void)
{
	struct pap_features features = {0};
	int state = pap_session_state();
	unsigned bits = 0;

	if (state & PAP_CONTROL_SUPERVISED)
		bits |= PAPRIKA_IS_LIMITED | PAPRIKA_IS_SUPERVISED;
	if (pap_session_alone())
		bits |= PAPRIKA_IS_LIMITED;
	if (pap_capmode_entered())
		bits |= PAPRIKA_IS_SANDBOXED;
	if (bits || (pap_probe(&features) == 0 && features.seccomp_filter))
		bits |= PAPRIKA_CAN_LIMIT;
	return bits;
}
