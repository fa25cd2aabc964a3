/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages for people, on standard error. */
#include <stdarg.h>
#include <stdio.h>

#include "cli/cli.h"

void pap_cli_say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("paprika: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
}

void pap_cli_error(const struct pap_error *err)
{
	char text[1024];

	pap_error_format(err, text, sizeof(text));
	pap_cli_say("%s", text);
	if (err->hint[0])
		pap_cli_say("hint: %s", err->hint);
}
