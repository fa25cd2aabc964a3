/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of everything that a program started. Processes that fork while they are
 * being killed, orphans and sessions of their own make it a pursuit.
 */
#ifndef PAP_SUPERVISE_END_H
#define PAP_SUPERVISE_END_H

#include <stdbool.h>
#include <sys/types.h>

struct pap_pursuit {
	pid_t child;	   /* the program */
	bool child_there;  /* not yet collected: its number is still its own */
	bool whole_namespace; /* we are process 1 of the namespace that holds it all */
};

/*
 * Kills and collects until no child of the sandbox is left; orphans must come to us
 * (PR_SET_CHILD_SUBREAPER). Children that we had before, as whoever executes us may
 * have some, are left alone. *status is the wait status of the program, if it was
 * still there.
 */
void pap_end_everything(const struct pap_pursuit *pursuit, int *status);

/* True when nobody of the sandbox is among our children, not even dead. */
bool pap_end_has_come(void);

#endif
