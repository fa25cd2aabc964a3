/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Caller and supervisor on one processor for as long as a descriptor is handed over.
 * Handing over wakes the caller and then the supervisor, and the kernel wakes each on
 * another processor when one is idle, which takes ten times as long as the call itself
 * (a virtual processor that sleeps has to be fetched). For notifications there is a flag
 * (6.6); for this there is none.
 *
 * The caller waits meanwhile: nothing it makes can inherit the narrower set.
 */
#include "kernel/raw.h"
#include "warden/warden.h"

#define AFFINITY(call, tid, set, size)                                                            \
	pap_raw_call(PAP_SYS_sched_##call##affinity, (tid), (long)(size), (long)(uintptr_t)(set), \
		     0, 0, 0)

static bool is_alone(const struct pap_processors *set, unsigned processor)
{
	for (unsigned i = 0; i < PAP_PROCESSOR_WORDS; i++) {
		uint64_t other = set->bits[i];

		if (i == processor / 64)
			other &= ~(1ull << processor % 64);
		if (other)
			return false;
	}
	return true;
}

void pap_beside_begin(const struct pap_request *request, struct pap_beside *beside)
{
	struct pap_processors one = {{0}};
	unsigned processor = 0;

	beside->caller = beside->own = 0;
	if (pap_raw_call(PAP_SYS_getcpu, (long)(uintptr_t)&processor, 0, 0, 0, 0, 0) < 0 ||
	    processor >= PAP_PROCESSOR_WORDS * 64)
		return;
	one.bits[processor / 64] = 1ull << processor % 64;
	beside->callers = beside->ours = (struct pap_processors){{0}};
	beside->caller = AFFINITY(get, request->tid, &beside->callers, sizeof(beside->callers));
	/* It may not run here, or nowhere else, or there are more processors than we count. */
	if (beside->caller <= 0 ||
	    !(beside->callers.bits[processor / 64] & one.bits[processor / 64]) ||
	    is_alone(&beside->callers, processor)) {
		beside->caller = 0;
		return;
	}
	beside->own = AFFINITY(get, 0, &beside->ours, sizeof(beside->ours));
	if (beside->own > 0)
		(void)AFFINITY(set, 0, &one, beside->own);
	(void)AFFINITY(set, request->tid, &one, beside->caller);
}

void pap_beside_caller(const struct pap_request *request, const struct pap_beside *beside)
{
	if (beside->caller > 0)
		(void)AFFINITY(set, request->tid, &beside->callers, beside->caller);
}

void pap_beside_end(const struct pap_beside *beside)
{
	if (beside->own > 0)
		(void)AFFINITY(set, 0, &beside->ours, beside->own);
}
