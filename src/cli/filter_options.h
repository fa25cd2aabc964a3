/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the subcommands of paprika filter share: their flags, and the plan (or the
 * file) that they look at.
 */
#ifndef PAP_CLI_FILTER_OPTIONS_H
#define PAP_CLI_FILTER_OPTIONS_H

#include <stdbool.h>

#include "cli/cli.h"
#include "compile/plan.h"

#define PAP_FILTER_FORMAT_VERSION 1 /* of the JSON output */

struct pap_filter_options {
	enum pap_arch arch;
	bool arch_given;
	const char *kernel; /* NULL: the running one */
	const char *file;   /* show --file */
	const char *format; /* dump --format */
	bool json;
	bool calls; /* show --calls */
	bool alone; /* nobody answers notifications */
	bool granted; /* there were flags that make a policy */
	bool help;
	char **words; /* what follows the flags */
	int nwords;
};

/* The policy of the flags, worked out for one kernel. */
struct pap_filter_subject {
	struct pap_policy *policy;
	struct pap_features features;
	struct pap_plan *plan;
};

/* One row of filter.c's table. */
struct pap_filter_command {
	const char *name;
	const char *usage;
	const char *about;
	const char *const *flags; /* of its own, without dashes; ends with NULL */
	bool takes_words;
	int (*run)(const struct pap_filter_options *options, struct pap_policy *policy);
};

int pap_filter_options_parse(struct pap_filter_options *options, struct pap_policy *policy,
			     const struct pap_filter_command *command, int argc, char **argv,
			     struct pap_error *err);

/* Plans policy as `run` would on that kernel; shortfalls do not stop it. */
int pap_filter_plan(struct pap_filter_subject *subject, const struct pap_filter_options *options,
		    struct pap_policy *policy, struct pap_error *err);
void pap_filter_subject_free(struct pap_filter_subject *subject);

/* PAP_EXIT_SETUP, after saying why. */
int pap_filter_failed(const struct pap_error *err);

/* Writes text and frees it; the exit status. */
int pap_filter_print(struct pap_text *text);

int pap_filter_show(const struct pap_filter_options *options, struct pap_policy *policy);
int pap_filter_dump(const struct pap_filter_options *options, struct pap_policy *policy);
int pap_filter_sim(const struct pap_filter_options *options, struct pap_policy *policy);
int pap_filter_cost_command(const struct pap_filter_options *options, struct pap_policy *policy);

#endif
