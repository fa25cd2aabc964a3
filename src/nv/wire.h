/* SPDX-License-Identifier: BSD-2-Clause */
/* What both sides of the wire agree on. */
#ifndef PAP_NV_WIRE_H
#define PAP_NV_WIRE_H

#include <endian.h>

enum {
	PAP_NV_MAGIC = 0x6c,
	PAP_NV_VERSION = 0,
	PAP_NV_BIG_ENDIAN = 0x80, /* in the flags of a header */
	PAP_NV_OUR_ENDIAN = BYTE_ORDER == BIG_ENDIAN ? PAP_NV_BIG_ENDIAN : 0,
};

#endif
