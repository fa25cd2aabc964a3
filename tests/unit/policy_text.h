/* SPDX-License-Identifier: BSD-2-Clause */
/* Made-up files and variables for tests of the text form. */
#ifndef PAP_TESTS_UNIT_POLICY_TEXT_H
#define PAP_TESTS_UNIT_POLICY_TEXT_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/policy.h"

struct made_file {
	const char *path, *text;
};

/* context: an array of struct made_file that ends with a NULL path */
static int made_read(void *context, const char *path, char **text, size_t *length)
{
	for (const struct made_file *file = context; file && file->path; file++) {
		if (strcmp(file->path, path))
			continue;
		*text = strdup(file->text);
		if (!*text)
			return -ENOMEM;
		*length = strlen(file->text);
		return 0;
	}
	return -ENOENT;
}

static const char *made_variable(void *context, const char *name)
{
	static const char *const variables[][2] = {
	    {"HOME", "/home/u"}, {"EMPTY", ""},   {"ODD", "a\"b\\c$HOME #x\n"},
	    {"TWO", "80 443"},   {"PAIR", "B=c"}, {"TILDE", "~"},
	};

	(void)context;
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		if (!strcmp(variables[i][0], name))
			return variables[i][1];
	return NULL;
}

/* Parses `text` as `source`; NULL and *err filled when it is wrong. */
static struct pap_policy *parse_bytes(const char *text, size_t length, const char *source,
				      const struct made_file *files, struct pap_error *err)
{
	struct pap_parse_env env = {made_read, made_variable, (void *)files};
	struct pap_policy *policy = pap_policy_new();

	memset(err, 0, sizeof(*err));
	if (policy && pap_policy_parse(policy, text, length, source, &env, err) < 0) {
		pap_policy_free(policy);
		return NULL;
	}
	return policy;
}

static inline struct pap_policy *parse(const char *text, struct pap_error *err)
{
	return parse_bytes(text, strlen(text), "p", NULL, err);
}

#endif
