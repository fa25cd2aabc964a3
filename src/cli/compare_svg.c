/* SPDX-License-Identifier: BSD-2-Clause */
/* An experiment as a picture: a row a model, a square an attack, classes side by side. */
#include <stdio.h>
#include <sys/utsname.h>

#include "cli/compare.h"

enum { LEFT = 170, TOP = 74, SIDE = 9, STEP = 11, GAP = 7, ROW = 20, RIGHT = 70, BOTTOM = 30 };

static const struct look {
	const char *colour, *words;
} looks[PAP_CELL_COUNT] = {
    [PAP_CELL_STOPPED] = {"#2a6f4e", "stopped"},
    [PAP_CELL_NOT_STOPPED] = {"#c8432b", "not stopped"},
    [PAP_CELL_NOT_EXPRESSIBLE] = {"#e8a13a", "not expressible"},
    [PAP_CELL_BROKE] = {"#9a9a9a", "stopped, and so was the job"},
    [PAP_CELL_UNTRIED] = {"#ececec", "untried"},
};

static unsigned width(const struct pap_experiment *x)
{
	unsigned at = LEFT;

	for (size_t i = 0; i < x->nattacks; i++)
		if (x->attacks[i].control)
			at += STEP + (i && x->attacks[i].class != x->attacks[i - 1].class ? GAP : 0);
	return at + RIGHT;
}

static void class_names(const struct pap_experiment *x, FILE *out)
{
	const struct pap_attack_class *class = NULL;
	unsigned at = LEFT;

	for (size_t i = 0; i < x->nattacks; i++) {
		if (!x->attacks[i].control)
			continue;
		if (x->attacks[i].class != class) {
			at += class ? GAP : 0;
			class = x->attacks[i].class;
			fprintf(out,
				"<text transform='translate(%u,%d) rotate(-35)'>%s</text>\n", at + 4,
				TOP - 8, class->name);
		}
		at += STEP;
	}
}

static void squares(const struct pap_experiment *x, size_t m, unsigned y, FILE *out)
{
	const struct pap_attack_class *class = NULL;
	unsigned at = LEFT;

	for (size_t i = 0; i < x->nattacks; i++) {
		const struct look *look = &looks[x->attacks[i].cells[m]];

		if (!x->attacks[i].control)
			continue;
		at += class && x->attacks[i].class != class ? GAP : 0;
		class = x->attacks[i].class;
		fprintf(out,
			"<rect x='%u' y='%u' width='%d' height='%d' fill='%s'><title>%s: %s</title>"
			"</rect>\n",
			at, y, SIDE, SIDE, look->colour, x->attacks[i].attack->name, look->words);
		at += STEP;
	}
	fprintf(out, "<text x='%u' y='%u'>%u of %zu</text>\n", at + 6, y + SIDE,
		x->models[m].counts[PAP_CELL_STOPPED], x->ncontrols);
}

static void legend(unsigned y, const char *kernel, FILE *out)
{
	unsigned at = LEFT;

	for (int i = 0; i < PAP_CELL_UNTRIED; i++) {
		fprintf(out,
			"<rect x='%u' y='%u' width='%d' height='%d' fill='%s'/>"
			"<text x='%u' y='%u'>%s</text>\n",
			at, y, SIDE, SIDE, looks[i].colour, at + 14, y + SIDE, looks[i].words);
		at += i == PAP_CELL_BROKE ? 0 : 120;
	}
	fprintf(out, "<text x='8' y='%u'>Linux %s</text>\n", y + SIDE, kernel);
}

void pap_compare_svg(const struct pap_experiment *x, FILE *out)
{
	unsigned w = width(x), h = TOP + ROW * (unsigned)x->nmodels + BOTTOM;
	struct utsname kernel = {0};

	uname(&kernel);
	fprintf(out,
		"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %u %u' width='%u' "
		"height='%u' font-family='sans-serif' font-size='11' fill='#222'>\n"
		"<rect width='%u' height='%u' fill='#fff'/>\n",
		w, h, w, h, w, h);
	class_names(x, out);
	for (size_t m = 0; m < x->nmodels; m++) {
		unsigned y = TOP + ROW * (unsigned)m;

		fprintf(out, "<text x='8' y='%u'>%s</text>\n", y + SIDE, x->models[m].model->title);
		squares(x, m, y, out);
	}
	legend(TOP + ROW * (unsigned)x->nmodels + 8, kernel.release, out);
	fputs("</svg>\n", out);
}
