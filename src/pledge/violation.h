/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a violation ends: a line on standard error, then SIGABRT, which cannot be
 * caught. The kernel has refused the call by then; this only makes the end
 * recognisable. Where the handler cannot run the kernel ends the process by SIGSYS.
 */
#ifndef PAP_PLEDGE_VIOLATION_H
#define PAP_PLEDGE_VIOLATION_H

#include "table/table.h"

/*
 * Installs the handler; once it is there it is looked at again only where the promises
 * in force permit looking. 0 or a negative errno.
 */
int pap_violation_prepare(bool may_look);

/* Which promises the handler explains a violation by. */
void pap_violation_promises(pap_promises promises);

/* A violation that the library itself finds; does not return. */
void pap_violation(const char *promise, const char *call) __attribute__((noreturn));

/*
 * Asked about a trapped execve, which it performs, with the signal mask at the call:
 * when that failed, true and the negative errno in *result; false when it is a
 * violation. NULL: nobody is asked.
 */
typedef bool pap_trapped_exec(const uint64_t arguments[6], const void *mask, long *result);
void pap_violation_exec(pap_trapped_exec *exec);

#endif
