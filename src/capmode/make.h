/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files that make specs of capability mode share; internal to them. */
#ifndef PAP_CAPMODE_MAKE_H
#define PAP_CAPMODE_MAKE_H

#include "capmode/filters.h"

/* Memory that lives as long as the spec; NULL: out of memory, and confine->failed is set. */
void *pap_confine_take(struct pap_confine_spec *confine, size_t size);
const struct pap_range *pap_confine_ranges(struct pap_confine_spec *confine,
					   const struct pap_range *from, unsigned count);

/* ((low word of arg & mask) in ranges) != negate */
struct pap_test pap_confine_test(unsigned arg, uint32_t mask, bool negate,
				 const struct pap_range *ranges, unsigned count);
/* All of base's clauses (NULL: one that always holds), each with these tests before its own. */
const struct pap_cond *pap_confine_narrow(struct pap_confine_spec *confine,
					  const struct pap_cond *base, const struct pap_test *tests,
					  unsigned ntests);

void pap_confine_add(struct pap_confine_spec *confine, unsigned call, const struct pap_cond *cond,
		     uint32_t verdict, const char *reason);
void pap_confine_refuse(struct pap_confine_spec *confine, unsigned call,
			const struct pap_cond *cond, unsigned error, const char *reason);

/* Whether base hands the call to the supervisor whatever its arguments. */
bool pap_confine_routed_always(const struct pap_syscall *call);
/* Whether the call gives another number to the object behind its first argument. */
bool pap_confine_copies(const struct pap_syscall *call);

#endif
