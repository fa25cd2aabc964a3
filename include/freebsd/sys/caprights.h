/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The set of rights of a descriptor, in FreeBSD's layout: each word has its payload
 * in bits 0 to 56 and one of the bits 57 to 61 set, which says the number of the word;
 * bits 62 and 63 of the first word are the version. See cap_rights_init(3).
 */
#ifndef PAPRIKA_FREEBSD_SYS_CAPRIGHTS_H
#define PAPRIKA_FREEBSD_SYS_CAPRIGHTS_H

#include <stdint.h>

#define CAP_RIGHTS_VERSION_00	0
#define CAP_RIGHTS_VERSION	CAP_RIGHTS_VERSION_00

/* Private: set with cap_rights_init(3) and its like. */
struct cap_rights {
	uint64_t cr_rights[CAP_RIGHTS_VERSION + 2];
};

typedef struct cap_rights cap_rights_t;

#endif
