/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Starts a program under a plan. The child shares memory and descriptor table
 * with the launcher until it executes (CLONE_VM, CLONE_VFORK, CLONE_FILES): so
 * the listener that its filter makes stands in the launcher's table without
 * being sent, failures come back in memory, and nothing is copied. Everything
 * that can fail for a reason other than the kernel's refusal has been done
 * before; the filter goes in last, so that no call of ours needs to be in it.
 */
#ifndef PAP_APPLY_LAUNCH_H
#define PAP_APPLY_LAUNCH_H

#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "compile/plan.h"

struct pap_launch {
	const struct pap_plan *plan;
	const char *program; /* given to execve as it is, with plan.options.exec_secret: exec_pointer is its address */
	char *const *argv;
	char *const *environment;
	const char *directory; /* NULL: where we are */
	int ruleset;	       /* Landlock ruleset, -1: none */
	uint64_t keep;	       /* capabilities that stay */
	sigset_t signals;      /* mask that the program starts with */
	struct rlimit files;   /* RLIMIT_NOFILE that it starts from, before the policy's limit */
	int reserve;	       /* closed at the last moment: a low number for the listener */
};

/*
 * 0 and *child, *listener (-1 when the plan has no supervisor); or negative errno
 * with *err filled. *executed tells a failed execve (the caller finds out why)
 * from a failed set-up; then no child is left.
 */
int pap_launch(const struct pap_launch *launch, pid_t *child, int *listener, bool *executed,
	       struct pap_error *err);

/*
 * Closes every descriptor but 0, 1, 2 and those of the policy, and makes sure that
 * the policy's are open and 0, 1, 2 exist. Call before opening any that are to stay.
 */
int pap_descriptors_sweep(const struct pap_policy *policy, struct pap_error *err);

/* Closes those of the policy, once the program has them. */
void pap_descriptors_release(const struct pap_policy *policy);

#endif
