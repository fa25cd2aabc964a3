/* SPDX-License-Identifier: BSD-2-Clause */
/* All attacks under all models, as a value: run once, then printed in whichever form. */
#ifndef PAP_COMPARE_EXPERIMENT_H
#define PAP_COMPARE_EXPERIMENT_H

#include "compare/trial.h"

enum pap_cell {
	PAP_CELL_STOPPED,
	PAP_CELL_NOT_STOPPED,	  /* the model could have, and did not */
	PAP_CELL_NOT_EXPRESSIBLE, /* it worked, and the model has no words for it */
	PAP_CELL_BROKE,		  /* stopped, but the model stopped the job, too */
	PAP_CELL_UNTRIED,	  /* model not to be had, or no control here */
	PAP_CELL_COUNT
};
extern const char *const pap_cell_words[PAP_CELL_COUNT];

struct pap_model_result {
	const struct pap_model *model;
	bool available;
	char problem[320]; /* why not */
	bool jobs[PAP_JOB_COUNT];
	double costs[PAP_TIMED_COUNT]; /* multiples of bare; 0: not to be made */
	unsigned counts[PAP_CELL_COUNT]; /* over attacks with a control */
};

struct pap_attack_result {
	const struct pap_attack *attack;
	const struct pap_attack_class *class;
	bool control;	   /* it works bare, here and now */
	char problem[320]; /* why there is none */
	enum pap_cell *cells;   /* one a model */
	struct pap_trial *trials; /* one a model */
};

struct pap_experiment {
	struct pap_model_result *models;
	size_t nmodels;
	struct pap_attack_result *attacks;
	size_t nattacks, ncontrols;
};

struct pap_experiment_options {
	const char *model;  /* only this one (and nothing); NULL: all */
	const char *attack; /* only this one; NULL: all */
	bool costs;
	const volatile int *stop; /* set by a signal: end early */
};

/*
 * Takes some seconds. Leaves nothing behind. -ENOENT: no such model or attack; -EINTR:
 * *stop was set; else what making a scene failed with.
 */
int pap_experiment_run(struct pap_experiment *experiment,
		       const struct pap_experiment_options *options, struct pap_error *err);
void pap_experiment_free(struct pap_experiment *experiment);

#endif
