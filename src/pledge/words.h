/* SPDX-License-Identifier: BSD-2-Clause */
/* Strings that a caller passes: copied where they can be read, and split into promises. */
#ifndef PAP_PLEDGE_WORDS_H
#define PAP_PLEDGE_WORDS_H

#include <stddef.h>

#include "table/table.h"

/*
 * Copies a terminated string of at most size - 1 bytes. -EFAULT: it cannot be read;
 * -ENAMETOOLONG.
 */
int pap_copy_string(char *copy, size_t size, const char *string);

/* Words between spaces, any number of either. -EINVAL: one of them is not a promise. */
int pap_parse_promises(const char *text, pap_promises *promises);

#endif
