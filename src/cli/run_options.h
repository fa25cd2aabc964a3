/* SPDX-License-Identifier: BSD-2-Clause */
/* What `paprika run` is told besides the policy. */
#ifndef PAP_CLI_RUN_OPTIONS_H
#define PAP_CLI_RUN_OPTIONS_H

#include "cli/cli.h"

struct pap_run_options {
	char **command; /* program and arguments, NULL-terminated */
	const char *directory;
	bool dry_run, quiet, trace, help;
};

/*
 * Fills options and policy; checks the policy against each --within ceiling.
 * Negative errno with *err filled when something is wrong.
 */
int pap_run_options_parse(struct pap_run_options *options, struct pap_policy *policy, int argc,
			  char **argv, struct pap_error *err);

/* Prints the flags on standard output; an exit status. */
int pap_run_help(void);

#endif
