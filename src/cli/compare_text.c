/* SPDX-License-Identifier: BSD-2-Clause */
/* An experiment for people. */
#include <stdio.h>
#include <unistd.h>

#include "cli/compare.h"

static const char marks[PAP_CELL_COUNT] = {'#', '.', '-', 'B', ' '};

static void heads(const struct pap_experiment *x)
{
	for (size_t i = 0; i < x->nmodels; i++)
		printf("  %c  %-24s %s%s\n", (int)('a' + i), x->models[i].model->title,
		       x->models[i].available ? "" : "not to be had here: ",
		       x->models[i].problem);
	printf("\n  #  stopped     .  not stopped     -  not expressible     "
	       "B  stopped, and so was the job\n");
}

static void rows(const struct pap_experiment *x)
{
	const struct pap_attack_class *class = NULL;

	for (size_t i = 0; i < x->nattacks; i++) {
		const struct pap_attack_result *result = &x->attacks[i];

		if (class != result->class) {
			class = result->class;
			printf("\n%s: %s\n%24s", class->name, class->what, "");
			for (size_t m = 0; m < x->nmodels; m++)
				printf(" %c", (int)('a' + m));
			putchar('\n');
		}
		printf("  %-22s", result->attack->name);
		for (size_t m = 0; result->control && m < x->nmodels; m++)
			printf(" %c", marks[result->cells[m]]);
		if (result->control)
			printf("  %s\n", result->attack->what);
		else
			printf(" no control here: %s\n", result->problem);
	}
}

static void cost(double ratio)
{
	if (ratio > 0)
		printf(" %7.2f", ratio);
	else
		printf(" %7s", "-");
}

static void sums(const struct pap_experiment *x)
{
	printf("\n%zu attacks, %zu of them with a control here, as %s\n\n", x->nattacks,
	       x->ncontrols, geteuid() ? "an ordinary user" : "root");
	printf("  %-24s %7s %7s %7s %6s  %-6s %-7s %7s %7s %7s %5s\n", "", "stopped", "not",
	       "no words", "broke", "job", "message", "getppid", "read", "open", "lines");
	for (size_t i = 0; i < x->nmodels; i++) {
		const struct pap_model_result *m = &x->models[i];

		printf("  %-24s %7u %7u %8u %6u  %-6s %-7s", m->model->title,
		       m->counts[PAP_CELL_STOPPED], m->counts[PAP_CELL_NOT_STOPPED],
		       m->counts[PAP_CELL_NOT_EXPRESSIBLE], m->counts[PAP_CELL_BROKE],
		       m->jobs[PAP_JOB_REPORT] ? "works" : "BROKEN",
		       m->jobs[PAP_JOB_MESSAGE] ? "works" : "BROKEN");
		for (int call = 0; call < PAP_TIMED_COUNT; call++)
			cost(m->costs[call]);
		printf(" %5u\n", m->model->lines);
	}
	printf("\n  job: %s; message: %s.\n", pap_job_words[PAP_JOB_REPORT],
	       pap_job_words[PAP_JOB_MESSAGE]);
	printf("  Costs are multiples of the same call bare, measured in turns: %s, %s,\n  %s.\n",
	       pap_timed_words[0], pap_timed_words[1], pap_timed_words[2]);
	printf("  Lines are those that the program needs; 0: somebody else applies it.\n");
}

/* Words in lines of a width that is easy on the eye. */
static void paragraph(const char *text)
{
	unsigned column = 0;

	while (*text) {
		unsigned length = 0;

		while (text[length] && text[length] != ' ')
			length++;
		if (column + length + 1 > 76) {
			printf("\n");
			column = 0;
		}
		printf("%s%.*s", column ? " " : "  ", (int)length, text);
		column += length + (column ? 1 : 2);
		text += length;
		while (*text == ' ')
			text++;
	}
	printf("\n");
}

static void names(const struct pap_experiment *x, size_t m)
{
	unsigned count = 0;

	for (size_t i = 0; i < x->nattacks; i++) {
		enum pap_cell cell = x->attacks[i].cells[m];

		if (cell != PAP_CELL_NOT_STOPPED && cell != PAP_CELL_NOT_EXPRESSIBLE)
			continue;
		if (count % 4 == 0)
			printf(count ? ",\n    " : "  Let through:\n    ");
		else
			printf(", ");
		printf("%s", x->attacks[i].attack->name);
		count++;
	}
	if (count)
		printf(".\n");
	else if (x->models[m].available)
		printf("  Let nothing through%s.\n",
		       x->models[m].jobs[PAP_JOB_REPORT] ? "" : ", the job included");
}

void pap_compare_text(const struct pap_experiment *x)
{
	heads(x);
	rows(x);
	sums(x);
	for (size_t m = 0; m < x->nmodels; m++) {
		printf("\n%s\n", x->models[m].model->title);
		paragraph(x->models[m].model->about);
		if (m || x->nmodels == 1)
			names(x, m);
	}
}
