/* SPDX-License-Identifier: BSD-2-Clause */
/* The forms that an experiment is printed in: compare_text.c, compare_json.c, compare_svg.c. */
#ifndef PAP_CLI_COMPARE_H
#define PAP_CLI_COMPARE_H

#include <stdio.h>

#include "compare/experiment.h"

void pap_compare_text(const struct pap_experiment *experiment);
int pap_compare_json(const struct pap_experiment *experiment); /* -ENOMEM, -EIO */
void pap_compare_svg(const struct pap_experiment *experiment, FILE *out);

#endif
