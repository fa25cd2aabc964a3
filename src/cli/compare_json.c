/* SPDX-License-Identifier: BSD-2-Clause */
/* An experiment for programs. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/compare.h"

enum { FORMAT_VERSION = 1 };

static json_t *model(const struct pap_model_result *m)
{
	static const char *const costs[PAP_TIMED_COUNT] = {"getppid", "read", "open"};
	json_t *ratios = json_object();

	for (int i = 0; ratios && i < PAP_TIMED_COUNT; i++)
		if (m->costs[i] > 0)
			json_object_set_new(ratios, costs[i], json_real(m->costs[i]));
	return json_pack("{s:s, s:s, s:s, s:b, s:s?, s:b, s:b, s:o, s:i, s:i, s:i, s:i, s:i}", "name",
			 m->model->name, "title", m->model->title, "about", m->model->about,
			 "available", (int)m->available, "problem",
			 m->available ? NULL : m->problem, "job", (int)m->jobs[PAP_JOB_REPORT],
			 "message", (int)m->jobs[PAP_JOB_MESSAGE], "costs", ratios, "lines",
			 (int)m->model->lines, "stopped", (int)m->counts[PAP_CELL_STOPPED],
			 "not_stopped", (int)m->counts[PAP_CELL_NOT_STOPPED], "not_expressible",
			 (int)m->counts[PAP_CELL_NOT_EXPRESSIBLE], "broke",
			 (int)m->counts[PAP_CELL_BROKE]);
}

static json_t *attack(const struct pap_experiment *x, const struct pap_attack_result *a)
{
	json_t *outcomes = json_object(), *how = json_object();

	for (size_t m = 0; outcomes && how && a->control && m < x->nmodels; m++) {
		const char *name = x->models[m].model->name;
		const struct pap_trial *trial = &a->trials[m];
		char text[64];

		json_object_set_new(outcomes, name, json_string(pap_cell_words[a->cells[m]]));
		if (trial->outcome != PAP_OUTCOME_STOPPED || a->cells[m] == PAP_CELL_UNTRIED)
			continue;
		snprintf(text, sizeof(text), "%s %d", trial->signal ? "signal" : "errno",
			 trial->signal ? trial->signal : trial->number);
		json_object_set_new(how, name, json_string(text));
	}
	return json_pack("{s:s, s:s, s:s, s:b, s:s?, s:o, s:o}", "name", a->attack->name, "class",
			 a->class->name, "what", a->attack->what, "control", (int)a->control,
			 "problem", a->control ? NULL : a->problem, "outcomes", outcomes, "how",
			 how);
}

int pap_compare_json(const struct pap_experiment *x)
{
	json_t *models = json_array(), *attacks = json_array(), *root;
	struct utsname kernel = {0};
	int rc;

	uname(&kernel);
	for (size_t i = 0; models && i < x->nmodels; i++)
		json_array_append_new(models, model(&x->models[i]));
	for (size_t i = 0; attacks && i < x->nattacks; i++)
		json_array_append_new(attacks, attack(x, &x->attacks[i]));
	root = json_pack("{s:i, s:s, s:s, s:b, s:i, s:o, s:o}", "version", (int)FORMAT_VERSION,
			 "kernel", kernel.release, "architecture", pap_arch_name(pap_arch_native()),
			 "root", (int)(geteuid() == 0), "controls", (int)x->ncontrols, "models",
			 models, "attacks", attacks);
	if (!root)
		return -ENOMEM;
	rc = json_dumpf(root, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(4));
	putchar('\n');
	json_decref(root);
	return rc < 0 ? -EIO : 0;
}
