/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * paprika filter: the system call filter of a policy, looked at without installing
 * it. The table of subcommands; each is a file of its own.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "cli/filter_options.h"

static const char *const show_flags[] = {"arch", "kernel", "json", "no-supervisor",
					 "file", "calls",  "help", NULL};
static const char *const dump_flags[] = {"arch", "kernel", "format", "json", "help", NULL};
static const char *const plain_flags[] = {"arch", "kernel", "json", "no-supervisor", "help", NULL};

static const struct pap_filter_command commands[] = {
    {"show", "show [GRANTS] [--calls] | show --file FILE",
     "list the filter with the rules behind it", show_flags, false, pap_filter_show},
    {"dump", "dump [GRANTS] [--format raw|c|hex]", "write the filter for other programs to load",
     dump_flags, false, pap_filter_dump},
    {"sim", "sim [GRANTS] CALL [ARGUMENT...]", "say what would happen to a call, and why",
     plain_flags, true, pap_filter_sim},
    {"cost", "cost [GRANTS]", "size, depth and what the kernel can cache", plain_flags, false,
     pap_filter_cost_command},
};

#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

static int help(FILE *to)
{
	struct pap_text grants = {0};

	fprintf(to, "usage: paprika %s\n\n", pap_command_filter.usage);
	for (size_t i = 0; i < NCOMMANDS; i++)
		fprintf(to, "  %-42s %s\n", commands[i].usage, commands[i].about);
	fputs(
	    "\n"
	    "  --arch x86_64|aarch64      for that architecture\n"
	    "  --kernel VERSION           for a kernel like that one (5.10 6.1 6.12 6.18 7.3)\n"
	    "  --no-supervisor            as where nobody answers notifications\n"
	    "  --json                     for programs\n"
	    "  --file FILE                show: a raw filter of any origin, - for standard input\n"
	    "  --calls                    show: the rules of each call instead of instructions\n"
	    "  --format raw|c|hex         dump: bytes (raw, the default), C, or hexadecimal\n"
	    "  --help                     this\n"
	    "\nGRANTS are the flags of paprika run:\n",
	    to);
	pap_flags_help(&grants);
	fputs(grants.data ? grants.data : "", to);
	pap_text_free(&grants);
	return fflush(to) ? PAP_EXIT_SETUP : 0;
}

static int run_command(const struct pap_filter_command *command, int argc, char **argv)
{
	struct pap_filter_options options = {0};
	struct pap_policy *policy = pap_policy_new();
	struct pap_error err = {0};
	int status;

	if (!policy) {
		pap_cli_say("out of memory");
		return PAP_EXIT_SETUP;
	}
	if (pap_filter_options_parse(&options, policy, command, argc, argv, &err) < 0)
		status = pap_filter_failed(&err);
	else if (options.help)
		status = help(stdout);
	else
		status = command->run(&options, policy);
	pap_policy_free(policy);
	return status;
}

static int filter(int argc, char **argv)
{
	const char *names[NCOMMANDS + 1] = {NULL};
	struct pap_error err = {0};
	char shown[64];

	if (argc < 2) {
		help(stderr);
		return PAP_EXIT_SETUP;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return help(stdout);
	for (size_t i = 0; i < NCOMMANDS; i++) {
		if (!strcmp(argv[1], commands[i].name))
			return run_command(&commands[i], argc - 1, argv + 1);
		names[i] = commands[i].name;
	}
	pap_fail(&err, -1, "unknown subcommand \"%s\" of filter",
		 pap_escape(shown, sizeof(shown), argv[1], strlen(argv[1])));
	if (pap_nearest(argv[1], names))
		pap_hint(&err, "did you mean paprika filter %s?", pap_nearest(argv[1], names));
	else
		pap_hint(&err, "paprika filter --help lists them");
	return pap_filter_failed(&err);
}

const struct pap_command pap_command_filter = {
    "filter",
    "filter show|dump|sim|cost [GRANTS] [ARGUMENT...]",
    "look at the system call filter of a policy",
    filter,
};
