/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How this process is confined, and the steps that confine it further. Nothing about
 * limits is kept here: the supervisor and the ledger know, and filters enforce. The one
 * exception is a process without supervisor (alone), which nobody can ask.
 */
#ifndef PAP_CAPSICUM_SESSION_H
#define PAP_CAPSICUM_SESSION_H

#include "capmode/filters.h"
#include "warden/control.h"

/* PAP_CONTROL_* bits; 0: not confined yet, or alone. */
int pap_session_state(void);
/* The number that the ledger has; only when supervised. */
int pap_session_ledger(void);
long pap_session_ask(enum pap_control_operation operation, long number,
		     struct pap_control *control);

/*
 * A descriptor that this process has to keep and has no use for, or -1: it loses every
 * right before capability mode is entered. Set while there is one thread.
 */
extern int pap_session_kept;

/* One at a time in this process: not for signal handlers. */
void pap_session_lock(void);
void pap_session_unlock(void);

/* Without a supervisor: what has been limited, from here on. NULL: not alone. */
struct pap_draft *pap_session_alone(void);
bool pap_session_alone_entered(void);

/*
 * Installs the base filter, starts the supervisor, puts the ledger in its place. The
 * draft has what is limited already; parts may say PAP_PART_MODE. 0 or a negative errno,
 * then nothing has changed (but for the flag no_new_privs, and the second wall).
 */
struct pap_engagement {
	struct pap_draft *draft;
	unsigned parts;
	bool single;                  /* thread */
	bool alone;                   /* no supervisor is wanted */
	int (*before)(void *context); /* the last step that may fail, before the filter */
	void *context;
};
int pap_session_engage(const struct pap_engagement *engagement);
/* A draft to start with: limits nothing, fits the table of descriptors. */
int pap_session_draft(struct pap_draft *draft);

/* Compiles and installs one more filter for all threads. */
int pap_session_install(struct pap_confine_spec *confine);

/* ---- alike.c: who shares what with us ------------------------------------------------------- */

/* Whether this process may be confined: -EBUSY when others share its memory, or a ring exists. */
int pap_session_check(bool *single);

/* Whether there is one thread; may be asked at any time. */
bool pap_session_single(void);
/* Visits every open number, until one visit answers other than 0: that is the result. */
int pap_session_numbers(int (*visit)(void *context, int fd), void *context);

#endif
