/* SPDX-License-Identifier: BSD-2-Clause */
/* What a signal handler finds in the registers of a call; one file for each architecture. */
#ifndef PAP_KERNEL_REGISTERS_H
#define PAP_KERNEL_REGISTERS_H

#include <stdint.h>

void pap_call_arguments(const void *context, uint64_t arguments[6]);
/* What the call returns when the handler returns: a negative errno is a failure. */
void pap_call_result(void *context, long result);
/* The sigset_t that is in force when the handler returns. */
const void *pap_call_mask(const void *context);
/* Where the stack of the caller ends. */
uint64_t pap_call_stack(const void *context);

#endif
