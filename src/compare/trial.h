/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One attempt: a fresh scene, a process in it that confines itself by a model and then
 * attacks, does its job, or makes calls to be timed; and what came of it.
 */
#ifndef PAP_COMPARE_TRIAL_H
#define PAP_COMPARE_TRIAL_H

#include "compare/model.h"

enum pap_outcome {
	PAP_OUTCOME_WORKED,
	PAP_OUTCOME_STOPPED,
	PAP_OUTCOME_UNTRIED, /* the model is not to be had, or the attempt itself failed */
};

struct pap_trial {
	enum pap_outcome outcome;
	int signal;	   /* that ended it; 0: none */
	int number;	   /* errno that stopped it; 0: none */
	char problem[320]; /* PAP_OUTCOME_UNTRIED: why */
};

/* Where attempts are made: a directory of their own, shared memory. */
struct pap_ground {
	char base[200];
	struct pap_page *page;
};
int pap_ground_make(struct pap_ground *ground, struct pap_error *err);
void pap_ground_end(struct pap_ground *ground);

/* Negative only when no scene could be made: then *err says why. */
int pap_try_attack(const struct pap_ground *ground, const struct pap_model *model,
		   const struct pap_attack *attack, struct pap_trial *trial, struct pap_error *err);

/* What the job must still be able to do. */
enum pap_job { PAP_JOB_REPORT, PAP_JOB_MESSAGE, PAP_JOB_COUNT };
extern const char *const pap_job_words[PAP_JOB_COUNT];

/* WORKED: it did its work. */
int pap_try_job(const struct pap_ground *ground, const struct pap_model *model, enum pap_job job,
		struct pap_trial *trial, struct pap_error *err);

/* ---- job.c ------------------------------------------------------------------------------------ */

int pap_job_do(enum pap_job job);
/* Whether it was done, as seen from outside. */
bool pap_job_done(const struct pap_scene *scene, enum pap_job job);

/* ---- cost.c ----------------------------------------------------------------------------------- */

enum pap_timed { PAP_TIMED_GETPPID, PAP_TIMED_READ, PAP_TIMED_OPEN, PAP_TIMED_COUNT };
extern const char *const pap_timed_words[PAP_TIMED_COUNT];

/*
 * The time that a call takes under a model, as a multiple of what it takes bare, in the
 * same seconds and in turns; 0: the model does not let it be made.
 */
int pap_time_call(const struct pap_ground *ground, const struct pap_model *model,
		  enum pap_timed call, double *ratio, struct pap_error *err);

#endif
