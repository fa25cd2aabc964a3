/* SPDX-License-Identifier: BSD-2-Clause */
/* All attacks under all models. */
#include "compare/experiment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const pap_cell_words[PAP_CELL_COUNT] = {
    "stopped", "not stopped", "not expressible", "broke the job", "untried"};

static int unknown(struct pap_error *err, const char *kind, const char *name)
{
	char shown[64];

	return pap_fail(err, -ENOENT, "there is no %s \"%s\"", kind,
			pap_escape(shown, sizeof(shown), name, strlen(name)));
}

static int choose_models(struct pap_experiment *x, const char *only, struct pap_error *err)
{
	size_t all = 0;

	while (pap_models[all])
		all++;
	x->models = calloc(all, sizeof(*x->models));
	if (!x->models)
		return pap_fail(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < all; i++)
		if (!only || !strcmp(only, pap_models[i]->name))
			x->models[x->nmodels++].model = pap_models[i];
	return x->nmodels ? 0 : unknown(err, "model", only);
}

static int choose_attacks(struct pap_experiment *x, const char *only, struct pap_error *err)
{
	const struct pap_attack_class *class;
	const struct pap_attack *attack;
	size_t all = 0;

	for (class = pap_attack_classes; class->name; class++)
		for (attack = class->attacks; attack->name; attack++)
			all++;
	x->attacks = calloc(all, sizeof(*x->attacks));
	if (!x->attacks)
		return pap_fail(err, -ENOMEM, "out of memory");
	for (class = pap_attack_classes; class->name; class++) {
		for (attack = class->attacks; attack->name; attack++) {
			struct pap_attack_result *result = &x->attacks[x->nattacks];

			if (only && strcmp(only, attack->name) && strcmp(only, class->name))
				continue;
			x->nattacks++;
			result->attack = attack;
			result->class = class;
			result->cells = calloc(x->nmodels, sizeof(*result->cells));
			result->trials = calloc(x->nmodels, sizeof(*result->trials));
			if (!result->cells || !result->trials)
				return pap_fail(err, -ENOMEM, "out of memory");
		}
	}
	return x->nattacks ? 0 : unknown(err, "attack", only);
}

static void keep(char *to, size_t size, const char *text)
{
	snprintf(to, size, "%s", text);
}

/* A model is to be had when the job could be started under it; whether that works is another matter. */
static int try_jobs(const struct pap_ground *ground, struct pap_model_result *result,
		    struct pap_error *err)
{
	struct pap_trial trial;
	int rc = 0;

	result->available = true;
	for (int job = 0; !rc && job < PAP_JOB_COUNT; job++) {
		rc = pap_try_job(ground, result->model, (enum pap_job)job, &trial, err);
		result->jobs[job] = !rc && trial.outcome == PAP_OUTCOME_WORKED;
		if (rc || trial.outcome != PAP_OUTCOME_UNTRIED)
			continue;
		result->available = false;
		keep(result->problem, sizeof(result->problem), trial.problem);
	}
	return rc;
}

static int try_costs(const struct pap_ground *ground, struct pap_model_result *result,
		     struct pap_error *err)
{
	int rc = 0;

	for (int call = 0; !rc && result->available && call < PAP_TIMED_COUNT; call++)
		rc = pap_time_call(ground, result->model, (enum pap_timed)call,
				   &result->costs[call], err);
	return rc;
}

static int try_control(const struct pap_ground *ground, struct pap_attack_result *result,
		       struct pap_error *err)
{
	struct pap_trial trial;
	int rc = pap_try_attack(ground, pap_models[0], result->attack, &trial, err);

	if (rc)
		return rc;
	result->control = trial.outcome == PAP_OUTCOME_WORKED;
	if (result->control)
		return 0;
	if (trial.outcome == PAP_OUTCOME_UNTRIED)
		keep(result->problem, sizeof(result->problem), trial.problem);
	else
		snprintf(result->problem, sizeof(result->problem), "does not work bare: %s",
			 trial.number ? strerror(trial.number) : "nothing came of it");
	return 0;
}

static enum pap_cell cell_of(const struct pap_model_result *model, const struct pap_attack *attack,
			     const struct pap_trial *trial)
{
	switch (trial->outcome) {
	case PAP_OUTCOME_WORKED:
		return attack->about & ~model->model->speaks_of ? PAP_CELL_NOT_EXPRESSIBLE
								: PAP_CELL_NOT_STOPPED;
	case PAP_OUTCOME_STOPPED:
		return model->jobs[PAP_JOB_REPORT] ? PAP_CELL_STOPPED : PAP_CELL_BROKE;
	case PAP_OUTCOME_UNTRIED:
		break;
	}
	return PAP_CELL_UNTRIED;
}

static int try_attack(const struct pap_ground *ground, struct pap_experiment *x,
		      struct pap_attack_result *result, struct pap_error *err)
{
	int rc = try_control(ground, result, err);

	for (size_t i = 0; !rc && i < x->nmodels; i++) {
		result->cells[i] = PAP_CELL_UNTRIED;
		if (!result->control || !x->models[i].available)
			continue;
		rc = pap_try_attack(ground, x->models[i].model, result->attack, &result->trials[i],
				    err);
		if (!rc)
			result->cells[i] =
			    cell_of(&x->models[i], result->attack, &result->trials[i]);
		if (!rc)
			x->models[i].counts[result->cells[i]]++;
	}
	x->ncontrols += !rc && result->control;
	return rc;
}

int pap_experiment_run(struct pap_experiment *x, const struct pap_experiment_options *options,
		       struct pap_error *err)
{
	struct pap_ground ground;
	int rc = choose_models(x, options->model, err);

	if (!rc)
		rc = choose_attacks(x, options->attack, err);
	if (!rc)
		rc = pap_ground_make(&ground, err);
	if (rc)
		return rc;
	for (size_t i = 0; !rc && i < x->nmodels && !*options->stop; i++) {
		rc = try_jobs(&ground, &x->models[i], err);
		if (!rc && options->costs)
			rc = try_costs(&ground, &x->models[i], err);
	}
	for (size_t i = 0; !rc && i < x->nattacks && !*options->stop; i++)
		rc = try_attack(&ground, x, &x->attacks[i], err);
	pap_ground_end(&ground);
	if (!rc && *options->stop)
		rc = pap_fail(err, -EINTR, "interrupted");
	return rc;
}

void pap_experiment_free(struct pap_experiment *x)
{
	for (size_t i = 0; i < x->nattacks; i++) {
		free(x->attacks[i].cells);
		free(x->attacks[i].trials);
	}
	free(x->attacks);
	free(x->models);
}
