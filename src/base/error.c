/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/error.h"

#include <stdio.h>
#include <string.h>

static int fail(struct pap_error *err, int code, struct pap_origin origin, const char *format,
		va_list args)
{
	if (!err)
		return code;
	err->code = code;
	err->origin = origin;
	err->hint[0] = '\0';
	snprintf(err->place, sizeof(err->place), "%s", origin.source ? origin.source : "");
	vsnprintf(err->message, sizeof(err->message), format, args);
	return code;
}

int pap_fail(struct pap_error *err, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail(err, code, (struct pap_origin){0}, format, args);
	va_end(args);
	return code;
}

int pap_fail_at(struct pap_error *err, int code, struct pap_origin origin, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail(err, code, origin, format, args);
	va_end(args);
	return code;
}

void pap_hint(struct pap_error *err, const char *format, ...)
{
	va_list args;

	if (!err)
		return;
	va_start(args, format);
	vsnprintf(err->hint, sizeof(err->hint), format, args);
	va_end(args);
}

size_t pap_error_format(const struct pap_error *err, char *buf, size_t size)
{
	int n;

	if (!err->place[0])
		n = snprintf(buf, size, "%s", err->message);
	else if (!err->origin.line)
		n = snprintf(buf, size, "%s: %s", err->place, err->message);
	else if (!err->origin.column)
		n = snprintf(buf, size, "%s:%u: %s", err->place, err->origin.line, err->message);
	else
		n = snprintf(buf, size, "%s:%u:%u: %s", err->place, err->origin.line,
			     err->origin.column, err->message);
	return n < 0 ? 0 : (size_t)n;
}
