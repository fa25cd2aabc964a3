/* SPDX-License-Identifier: BSD-2-Clause */
/* Capsicum: what each descriptor is for; there is nothing else. */
#include <capsicum_helpers.h>

#include "main.h"

int confine(const struct job *job)
{
	cap_rights_t look;

	cap_rights_init(&look, CAP_LOOKUP, CAP_READ, CAP_FSTAT);
	if (caph_limit_stdio() < 0 || caph_limit_stream(job->capture, CAPH_READ) < 0 ||
	    caph_rights_limit(job->names, &look) < 0)
		return -1;
	return caph_enter();
}
