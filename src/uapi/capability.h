/* SPDX-License-Identifier: BSD-2-Clause */
/* capget(2) and capset(2), version 3 (Linux 2.6.26). */
#ifndef PAP_UAPI_CAPABILITY_H
#define PAP_UAPI_CAPABILITY_H

#include <stdint.h>

#define PAP_CAPABILITY_VERSION_3 0x20080522u

/* prctl(2), PR_SET_SECUREBITS: user 0 gains nothing by execve, and that stays so. */
#define PAP_SECBIT_NOROOT 1
#define PAP_SECBIT_NOROOT_LOCKED 2

struct pap_cap_header {
	uint32_t version;
	int pid;
};

struct pap_cap_data {
	uint32_t effective, permitted, inheritable;
};

#endif
