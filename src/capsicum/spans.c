/* SPDX-License-Identifier: BSD-2-Clause */
#include "capsicum/spans.h"

#include <errno.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
	unsigned long x = *(const unsigned long *)a, y = *(const unsigned long *)b;

	return x < y ? -1 : x > y;
}

int pap_spans_of(unsigned long *commands, size_t count, struct pap_span *spans)
{
	int used = 0;

	qsort(commands, count, sizeof(*commands), by_value);
	for (size_t i = 0; i < count; i++) {
		if (commands[i] > UINT32_MAX)
			return -EINVAL;
		if (used && commands[i] <= (unsigned long)spans[used - 1].hi + 1) {
			spans[used - 1].hi = (uint32_t)commands[i];
			continue;
		}
		if (used == PAP_SPANS_MAX)
			return -EINVAL;
		spans[used++] = (struct pap_span){(uint32_t)commands[i], (uint32_t)commands[i]};
	}
	return used;
}
