/* SPDX-License-Identifier: BSD-2-Clause */
/* The capture that the legitimate job reads, and what its report says about it. */
#ifndef PAP_COMPARE_CAPTURE_H
#define PAP_COMPARE_CAPTURE_H

#include <stddef.h>
#include <stdint.h>

extern const uint8_t pap_capture[];
extern const size_t pap_capture_size;
extern const char pap_capture_report[]; /* what the job appends to the report */

#endif
