/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A system call in words: name and decoded arguments, from the table's argument
 * types, and what would have allowed it. Memory of another process is read
 * through a function that the caller passes in (or not at all).
 */
#ifndef PAP_EXPLAIN_CALL_H
#define PAP_EXPLAIN_CALL_H

#include <sys/types.h>

#include "base/text.h"
#include "table/table.h"

/* Reads a terminated string; negative errno when it cannot. */
typedef ssize_t pap_read_string(void *context, uint64_t address, char *buf, size_t size);

/* "chmod("/home/u/.ssh", 0700)", hostile bytes escaped. */
void pap_explain_call(const struct pap_syscall *call, const uint64_t args[6],
		      pap_read_string *read_string, void *context, struct pap_text *out);

/*
 * What would permit the call under promises held: "promise inet", "promise rpath
 * and wpath", a flag of paprika run; "" when nothing does.
 */
void pap_explain_remedy(const struct pap_syscall *call, const uint64_t args[6], pap_promises held,
			struct pap_text *out);

#endif
