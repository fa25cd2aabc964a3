/* SPDX-License-Identifier: BSD-2-Clause */
/* pledge and unveil: what the program will do, in words, and where. */
#include <pledge.h>
#include <stddef.h>

#include "main.h"

int confine(const struct job *job)
{
	if (unveil(job->path, "r") < 0 || unveil(NULL, NULL) < 0)
		return -1;
	return pledge("stdio rpath", "");
}
