/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The launcher while its program runs: answers notifications, passes signals on,
 * watches the clock, collects the dead.
 */
#ifndef PAP_SUPERVISE_SERVE_H
#define PAP_SUPERVISE_SERVE_H

#include <signal.h>
#include <sys/types.h>

#include "supervise/supervisor.h"

struct pap_serve {
	struct pap_supervisor *supervisor; /* NULL: nothing to answer */
	pid_t child;
	int signals;	   /* of pap_serve_prepare; closed at the end */
	uint64_t wall_ms;  /* 0: no limit */
	bool first_process; /* we are process 1 of a PID namespace */
};

struct pap_ending {
	int status;	/* wait status of the child */
	bool timed_out; /* the wall-clock limit ended it */
	int error;	/* errno for which we had to end it; 0: none */
};

/*
 * Blocks the signals that are passed on, and says in *before what the mask was:
 * the program gets that one; makes orphans come to us. Call before the program is
 * started. A descriptor that tells of the signals, or negative errno.
 */
int pap_serve_prepare(sigset_t *before);

/*
 * Until the child ends, and with a limit on time until all that it started has. What
 * cannot be watched any more is ended.
 */
void pap_serve(const struct pap_serve *serve, struct pap_ending *ending);

/*
 * After the child ended: when tasks that it left behind still need answers, a
 * process of ours stays in the background for them, without terminal or
 * standard streams, until the last of them ends.
 */
void pap_serve_remains(struct pap_supervisor *supervisor);

#endif
