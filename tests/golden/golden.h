/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Printed text against a file of this folder. With PAPRIKA_GOLDEN=update the
 * files are written instead, and the difference is for a person to review; a test
 * that wrote never passes, so that nobody leaves the variable set.
 */
#ifndef PAP_TESTS_GOLDEN_H
#define PAP_TESTS_GOLDEN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static inline void golden_path(char *path, size_t size, const char *name)
{
	const char *source = getenv("PAPRIKA_SOURCE");

	snprintf(path, size, "%s/tests/golden/%s", source ? source : ".", name);
}

static inline void golden_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	REQUIRE(file != NULL);
	fputs(text, file);
	REQUIRE(fclose(file) == 0);
	test_note("written: %s", path);
	CHECK(!"PAPRIKA_GOLDEN=update");
}

/* Says which line differs first. */
static inline void golden_compare(const char *name, const char *expected, const char *text)
{
	unsigned line = 1;
	const char *start = text, *wanted = expected;

	for (; *text && *text == *expected; text++, expected++) {
		if (*text != '\n')
			continue;
		line++;
		start = text + 1;
		wanted = expected + 1;
	}
	if (*text == *expected)
		return;
	test_note("%s, line %u", name, line);
	test_note("expected: %.*s", (int)strcspn(wanted, "\n"), wanted);
	test_note("printed:  %.*s", (int)strcspn(start, "\n"), start);
	CHECK(!"the text is as in the file");
}

static inline void golden_check(const char *name, const char *text)
{
	const char *update = getenv("PAPRIKA_GOLDEN");
	static char expected[1 << 20];
	char path[4096];
	size_t length;
	FILE *file;

	golden_path(path, sizeof(path), name);
	if (update && !strcmp(update, "update")) {
		golden_write(path, text);
		return;
	}
	file = fopen(path, "re");
	if (!file)
		test_note("missing: %s", path);
	REQUIRE(file != NULL);
	length = fread(expected, 1, sizeof(expected) - 1, file);
	expected[length] = '\0';
	fclose(file);
	CHECK(length > 0);
	golden_compare(name, expected, text);
}

#endif
