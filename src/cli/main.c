/* SPDX-License-Identifier: BSD-2-Clause */
/* The command table, and nothing else: what a command does stands in its own file. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"

#ifndef PAP_VERSION
#error "the build defines PAP_VERSION"
#endif

static const struct pap_command *const commands[] = {
	&pap_command_run,
	&pap_command_check,
	&pap_command_filter,
	&pap_command_compare,
};

#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

static int help(FILE *to)
{
	fputs("usage: paprika COMMAND [ARGUMENT...]\n\n", to);
	for (size_t i = 0; i < NCOMMANDS; i++)
		fprintf(to, "  %-8s %s\n", commands[i]->name, commands[i]->about);
	fputs("\nEach command explains itself: paprika COMMAND --help\n", to);
	return ferror(to) ? PAP_EXIT_SETUP : 0;
}

int main(int argc, char **argv)
{
	const char *names[NCOMMANDS + 1] = {NULL};
	struct pap_error err = {0};
	char shown[64];

	if (argc < 2) {
		help(stderr);
		return PAP_EXIT_SETUP;
	}
	if (!strcmp(argv[1], "help") || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return help(stdout);
	if (!strcmp(argv[1], "--version")) {
		puts("paprika " PAP_VERSION);
		return 0;
	}
	for (size_t i = 0; i < NCOMMANDS; i++) {
		if (!strcmp(argv[1], commands[i]->name))
			return commands[i]->run(argc - 1, argv + 1);
		names[i] = commands[i]->name;
	}
	pap_fail(&err, -1, "unknown command \"%s\"",
		 pap_escape(shown, sizeof(shown), argv[1], strlen(argv[1])));
	if (pap_nearest(argv[1], names))
		pap_hint(&err, "did you mean paprika %s?", pap_nearest(argv[1], names));
	else
		pap_hint(&err, "paprika help lists the commands");
	pap_cli_error(&err);
	return PAP_EXIT_SETUP;
}
