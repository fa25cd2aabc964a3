/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The main function of the small launcher. `paprika run` is started often and
 * should cost little, so that it is built on its own with a C library that
 * starts quickly (musl); every other command is handed to paprika-tools, which
 * has all of them and is built like any program.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

/* Beside us in a build, in ../libexec/paprika when installed. */
static const char *const places[] = {"paprika-tools", "../libexec/paprika/paprika-tools"};

static int run_tools(char **argv)
{
	char self[PATH_MAX], tools[PATH_MAX + 64], *slash;
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length <= 0) {
		pap_cli_say("cannot tell where paprika is installed: %s", strerror(errno));
		return PAP_EXIT_SETUP;
	}
	self[length] = '\0';
	slash = strrchr(self, '/');
	if (slash)
		*slash = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(tools, sizeof(tools), "%s/%s", self, places[i]);
		execv(tools, argv);
	}
	pap_cli_say("cannot execute paprika-tools, which has the other commands: %s",
		    strerror(errno));
	return PAP_EXIT_SETUP;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], pap_command_run.name))
		return pap_command_run.run(argc - 1, argv + 1);
	return run_tools(argv);
}
