/* SPDX-License-Identifier: BSD-2-Clause */
/* No sandbox, to compare with. */
#include "main.h"

int confine(const struct job *job)
{
	(void)job;
	return 0;
}
