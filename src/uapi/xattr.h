/* SPDX-License-Identifier: BSD-2-Clause */
/* Limits of extended attributes, as in linux/limits.h. */
#ifndef PAP_UAPI_XATTR_H
#define PAP_UAPI_XATTR_H

#define PAP_XATTR_NAME_MAX 255
#define PAP_XATTR_SIZE_MAX 65536

#endif
