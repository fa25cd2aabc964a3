/* SPDX-License-Identifier: BSD-2-Clause */
/* A whole table of descriptors in one step: one filter, for base, limits and mode together. */
#ifndef PAP_CAPSICUM_TABLE_H
#define PAP_CAPSICUM_TABLE_H

#include <stddef.h>

#include "capsicum/limit.h"

enum { PAP_TABLE_ENTER = 1, PAP_TABLE_ALONE = 2 };

struct pap_table_row {
	int fd;
	struct pap_limit_request request;
};

/*
 * 0 or a negative errno, then nothing was limited, unless the process had limits before:
 * then rows are taken one after the other, and *done says how many were.
 */
int pap_limit_table(const struct pap_table_row *rows, size_t count, unsigned flags, size_t *done);

#endif
