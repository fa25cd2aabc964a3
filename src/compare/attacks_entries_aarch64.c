/* SPDX-License-Identifier: BSD-2-Clause */
/* A 64-bit program cannot take the 32-bit entry of this architecture. */
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "compare/attack.h"

static int garbage_above(const struct pap_scene *scene)
{
	/* The kernel looks at 32 bits of the number. */
	return (int)syscall(PAP_NUMBER(fchmodat) | 0x7700000000000000, AT_FDCWD,
			    PAP_AT("outside/file"), 0600);
}

const struct pap_attack pap_attacks_entries[] = {
    {"number-garbage", "change a mode with rubbish above the call's number", PAP_ABOUT_CALLS,
     PAP_PROOF_CHANGED, garbage_above},
    {0},
};
