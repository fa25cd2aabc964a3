/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/registers.h"

#include <ucontext.h>

void pap_call_arguments(const void *context, uint64_t arguments[6])
{
	static const int registers[6] = {REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9};
	const ucontext_t *user = context;

	for (int i = 0; i < 6; i++)
		arguments[i] = (uint64_t)user->uc_mcontext.gregs[registers[i]];
}

void pap_call_result(void *context, long result)
{
	ucontext_t *user = context;

	user->uc_mcontext.gregs[REG_RAX] = result;
}

const void *pap_call_mask(const void *context)
{
	return &((const ucontext_t *)context)->uc_sigmask;
}

uint64_t pap_call_stack(const void *context)
{
	return (uint64_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RSP];
}
