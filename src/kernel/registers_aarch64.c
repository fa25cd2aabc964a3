/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/registers.h"

#include <ucontext.h>

void pap_call_arguments(const void *context, uint64_t arguments[6])
{
	const ucontext_t *user = context;

	for (int i = 0; i < 6; i++)
		arguments[i] = user->uc_mcontext.regs[i];
}

void pap_call_result(void *context, long result)
{
	ucontext_t *user = context;

	user->uc_mcontext.regs[0] = (unsigned long long)result;
}

const void *pap_call_mask(const void *context)
{
	return &((const ucontext_t *)context)->uc_sigmask;
}

uint64_t pap_call_stack(const void *context)
{
	return ((const ucontext_t *)context)->uc_mcontext.sp;
}
