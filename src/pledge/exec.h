/* SPDX-License-Identifier: BSD-2-Clause */
/* What programs meet that are executed after a pledge: filters stay across execve(2). */
#ifndef PAP_PLEDGE_EXEC_H
#define PAP_PLEDGE_EXEC_H

#include "pledge/state.h"

/*
 * The key that lets an execve of the library's own pass: random, never 0. 0: there is
 * none, and none may be asked for (ask).
 */
uint64_t pap_exec_key(bool ask);

/*
 * Compiles what an executed program is held by, beyond what its caller is. -ENOTSUP:
 * it cannot be expressed. -ENOMEM.
 */
int pap_exec_prepare(pap_promises promises, bool veiled, struct pap_program **program);
void pap_exec_discard(struct pap_program *program);

/*
 * From now on this program is installed before a trapped execve. Takes it, for good:
 * another thread may be using it whenever it is replaced.
 */
void pap_exec_guard(struct pap_program *program, bool may_look);

/*
 * A copy in which a violation only ends the process where the instruction is in code
 * that is loaded now: a program that is executed later gets EPERM instead. The copy is
 * freed with free(); NULL: out of memory.
 */
struct pap_bpf_insn *pap_exec_soften(const struct pap_program *program, uint16_t *length);

#endif
