/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Starting a supervisor: before the filter it shall answer for is installed, so that it
 * is not under it, and waiting for the listener that comes of that. It shares the
 * caller's table of descriptors until then, which is how the listener gets to it.
 */
#ifndef PAP_WARDEN_START_H
#define PAP_WARDEN_START_H

#include <stdbool.h>
#include <sys/types.h>

struct pap_warden_start {
	struct pap_warden_page *page; /* shared until the supervisor serves */
	pid_t pid;
	int handle; /* of the supervisor */
};

struct pap_warden_options {
	int ledger_number;
	bool threads_differ; /* some thread has another identity */
	int report;          /* a descriptor that denials are told on, -1: none */
	bool traps;          /* denials also send SIGTRAP */
};

/*
 * Forks the supervisor; nothing in this process changes but for a handle and a page of
 * memory. 0 or a negative errno
 * (-EAGAIN and -ENOMEM: no process may be made; -EMFILE: no descriptor).
 */
int pap_warden_fork(struct pap_warden_start *start, const struct pap_warden_options *options);
/* Hands the listener over and waits until it is served. 0; -ECHILD: the supervisor died. */
int pap_warden_hand_over(struct pap_warden_start *start, int listener);
/* Ends a supervisor that was not handed a listener. */
void pap_warden_cancel(struct pap_warden_start *start);

#endif
