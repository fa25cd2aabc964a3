/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line: one file a command, each registered in main.c's table. Only
 * this layer prints. Messages begin with "paprika: "; exit status 125 means that
 * a sandbox (or the command itself) could not be set up.
 */
#ifndef PAP_CLI_CLI_H
#define PAP_CLI_CLI_H

#include "base/error.h"
#include "policy/policy.h"

#define PAP_EXIT_SETUP 125
#define PAP_EXIT_CANNOT_EXECUTE 126
#define PAP_EXIT_NOT_FOUND 127

struct pap_command {
	const char *name;
	const char *usage; /* "run [GRANTS] -- PROGRAM [ARGUMENT...]" */
	const char *about; /* one line */
	/* argv[0] is the command's name; returns the exit status */
	int (*run)(int argc, char **argv);
};

extern const struct pap_command pap_command_run, pap_command_check, pap_command_filter,
    pap_command_compare;

/* "paprika: place: message" and, when there is one, "paprika: hint: ..." on standard error. */
void pap_cli_error(const struct pap_error *err);
void pap_cli_say(const char *format, ...) PAP_PRINTF(1, 2);

/*
 * Flags that make a policy (--ro, --connect, --promise, --policy, --memory...;
 * the table is in flags.c), shared by every command that takes one. Tries
 * argv[*next]: 1 and *next advanced when it was such a flag, 0 when not, negative
 * with *err filled when it was one but wrong. Both --flag VALUE and --flag=VALUE.
 */
int pap_flags_policy(struct pap_policy *policy, int argc, char **argv, int *next,
		     struct pap_error *err);

/* An error about an argument nobody knows, with the nearest flag. Ends in code -EINVAL. */
int pap_flags_unknown(const char *argument, const char *const *extra_flags, struct pap_error *err);

/* The policy flags with one line of help each, for --help and the manual's test. */
void pap_flags_help(struct pap_text *out);

#endif
