/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of ioctl commands as what filters take: intervals. */
#ifndef PAP_CAPSICUM_SPANS_H
#define PAP_CAPSICUM_SPANS_H

#include <stddef.h>

#include "capmode/limits.h"

/*
 * Sorts commands and stores their intervals, at most PAP_SPANS_MAX; returns how many.
 * -EINVAL: more than that, or a command of more than 32 bits.
 */
int pap_spans_of(unsigned long *commands, size_t count, struct pap_span *spans);

#endif
