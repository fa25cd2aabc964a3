/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a process has given up so far, as its own library remembers it. The kernel's
 * filters and domains are what binds; this only tells which of them are still needed,
 * and answers EPERM where nothing else could.
 */
#ifndef PAP_PLEDGE_STATE_H
#define PAP_PLEDGE_STATE_H

#include <sys/types.h>

#include "compile/plan.h"

/* The promises that bring files along, or work on files by name. */
#define PAP_PLEDGE_PATHS                                                                           \
	(PAP_PROMISE_BIT(rpath) | PAP_PROMISE_BIT(wpath) | PAP_PROMISE_BIT(cpath) |                \
	 PAP_PROMISE_BIT(dpath) | PAP_PROMISE_BIT(tmppath) | PAP_PROMISE_BIT(exec) |               \
	 ((pap_promises)1 << PAP_PROMISE_unix))

enum { PAP_UNVEIL_MAX = 128 }; /* directories, and as many names */

struct pap_unveiled {
	char *directory;     /* without links, "." and ".." */
	dev_t device;	     /* of the directory: one that took its place is another */
	ino_t inode;
	char *name;	     /* in it; NULL: the directory and all beneath it */
	unsigned letters;    /* enum pap_letter */
};

enum pap_letter { PAP_LETTER_R = 1, PAP_LETTER_W = 2, PAP_LETTER_X = 4, PAP_LETTER_C = 8 };

/* What a Landlock domain of ours lets through, so that an equal one is not entered again. */
struct pap_domain {
	uint8_t opens;	    /* PAP_ACCESS_*: judged by the domain, not by the filter */
	bool creates;	    /* making and removing files, in /tmp alone */
	bool ports;	    /* name servers alone */
	pap_promises files; /* whose files are granted */
};

struct pap_pledge_state {
	/*
	 * The process that the rest was done to. After fork the child inherits all of it
	 * and takes its own number; whoever only shares memory (vfork) does not, and
	 * then nothing is known about the kernel's side.
	 */
	pid_t process;
	bool pledged, exec_given;
	pap_promises promises, exec_promises;
	struct pap_policy *policy;
	struct pap_plan *plan; /* whose rules are installed; NULL: none are known to be */
	struct pap_filter_spec *veil_rules; /* of a lock without a pledge, in place of a plan's */
	struct pap_domain domain;
	bool unveiled, locked, enforced;
	struct pap_unveiled *veil;
	size_t nveil;
};

extern struct pap_pledge_state pap_pledge;

/* One caller at a time, with its signals held back; forks wait. */
void pap_pledge_lock(void);
void pap_pledge_unlock(void);

/* The rules in force, NULL when they are not known. */
const struct pap_filter_spec *pap_rules_in_force(void);

/* The one thing that is asked of the kernel, once. */
const struct pap_features *pap_pledge_features(void);

/* Other threads exist, or it cannot be told. */
bool pap_other_threads(void);

#endif
