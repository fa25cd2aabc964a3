/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * execpromises that are narrower than promises. A filter cannot know that a program
 * was executed, so every execve is trapped, whichever library function it comes from;
 * the handler installs the narrower filter and makes the call itself, with a key that
 * lets it pass. Somebody who took the process over can find the key and execute
 * programs under the promises that he has already: more is not to be had.
 *
 * Calls here are made in a signal handler, possibly in a child that shares memory with
 * its parent: no heap, no errno that is not put back, nothing left behind.
 */
#include "pledge/exec.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "kernel/raw.h"
#include "pledge/rules.h"
#include "pledge/violation.h"

/* Stands for the process until it is known which one executes; no process has it. */
#define ANY_PROCESS 0x7fff2d31u

static uint64_t key;
static atomic_bool looking; /* access(2) is permitted */
static struct pap_program *_Atomic guard;

uint64_t pap_exec_key(bool ask)
{
	if (!key && ask && getrandom(&key, sizeof(key), GRND_NONBLOCK) != sizeof(key))
		key = 0;
	return key;
}

/* Where the program speaks of the process it does so by one comparison for equality. */
static bool can_be_filled_in(const struct pap_program *program)
{
	for (unsigned i = 0; i < program->length; i++) {
		const struct pap_bpf_insn *insn = &program->insns[i];
		bool near = insn->k == ANY_PROCESS || insn->k == ANY_PROCESS + 1;

		if (near && (insn->code == PAP_BPF_JGE_K || insn->code == PAP_BPF_JGT_K))
			return false;
	}
	return true;
}

void pap_exec_discard(struct pap_program *program)
{
	if (program)
		pap_program_free(program);
	free(program);
}

int pap_exec_prepare(pap_promises promises, bool veiled, struct pap_program **result)
{
	struct pap_pledge_rules rules = {
	    .veiled = veiled, .exec_key = key, .process = ANY_PROCESS, .elsewhere = true};
	struct pap_program *program;
	struct pap_policy *policy;
	struct pap_plan *plan;
	int rc = pap_pledge_plan(promises, &rules, &policy, &plan);

	if (rc < 0)
		return rc;
	program = calloc(1, sizeof(*program));
	rc = program ? pap_filter_compile(plan->spec, program, NULL) : -ENOMEM;
	if (!rc && !can_be_filled_in(program))
		rc = -ENOTSUP;
	if (rc < 0)
		pap_exec_discard(program);
	else
		*result = program;
	pap_plan_free(plan);
	pap_policy_free(policy);
	return rc;
}

/* ---- in the handler ---------------------------------------------------------------------- */

static int install(const struct pap_program *program)
{
	struct {
		unsigned short length;
		const struct pap_bpf_insn *insns;
	} filter;
	size_t size = program->length * sizeof(struct pap_bpf_insn);
	struct pap_bpf_insn *copy = mmap(NULL, size, PROT_READ | PROT_WRITE,
					 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint32_t self = (uint32_t)getpid();
	int rc;

	if (copy == MAP_FAILED)
		return -errno;
	for (unsigned i = 0; i < program->length; i++) {
		copy[i] = program->insns[i];
		if (copy[i].code == PAP_BPF_JEQ_K && copy[i].k == ANY_PROCESS)
			copy[i].k = self;
	}
	filter.length = program->length;
	filter.insns = copy;
	rc = pap_raw_seccomp(PAP_SECCOMP_SET_MODE_FILTER, 0, &filter);
	munmap(copy, size);
	return rc;
}

/*
 * Once the filter is in, it stays, also when there is nothing to execute: so a name
 * that leads nowhere is found out before, where looking is permitted.
 */
static bool perform(const uint64_t arguments[6], const void *mask, long *result)
{
	const char *path = (const char *)(uintptr_t)arguments[0];
	const struct pap_program *program = atomic_load(&guard);

	if (!program)
		return false;
	*result = atomic_load(&looking) && access(path, X_OK) < 0 ? -errno : install(program);
	if (*result < 0)
		return true;
	sigprocmask(SIG_SETMASK, mask, NULL);
	*result = pap_raw_execve(path, (char *const *)(uintptr_t)arguments[1],
				 (char *const *)(uintptr_t)arguments[2], key);
	return true;
}

void pap_exec_guard(struct pap_program *program, bool may_look)
{
	atomic_store(&looking, may_look);
	atomic_store(&guard, program);
	pap_violation_exec(perform);
}
