/* SPDX-License-Identifier: BSD-2-Clause */
/* openat2(2), Linux 5.6. */
#ifndef PAP_UAPI_OPENAT2_H
#define PAP_UAPI_OPENAT2_H

#include <stdint.h>

struct pap_open_how {
	uint64_t flags;
	uint64_t mode;
	uint64_t resolve;
};

#define PAP_RESOLVE_NO_XDEV 0x01u
#define PAP_RESOLVE_NO_MAGICLINKS 0x02u
#define PAP_RESOLVE_NO_SYMLINKS 0x04u
#define PAP_RESOLVE_BENEATH 0x08u
#define PAP_RESOLVE_IN_ROOT 0x10u
#define PAP_RESOLVE_CACHED 0x20u

#endif
