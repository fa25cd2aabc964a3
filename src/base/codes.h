/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error numbers of FreeBSD's that Linux lacks, moved out of the kernel's range:
 * FreeBSD's own values (93 and 94) mean something else here, and nothing above
 * 4095 can be an error number.
 */
#ifndef PAP_BASE_CODES_H
#define PAP_BASE_CODES_H

#define PAP_ENOTCAPABLE 3093 /* capabilities insufficient */
#define PAP_ECAPMODE 3094    /* not permitted in capability mode */

#endif
