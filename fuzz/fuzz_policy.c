/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text form of policies. Whatever the bytes: refused with words and a place,
 * or read into a policy whose print reads back to an equal one. Includes get the
 * same bytes again, so that nesting and its limits are reached.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "policy/policy.h"

struct input {
	const uint8_t *data;
	size_t size;
};

static int read_again(void *context, const char *path, char **text, size_t *length)
{
	const struct input *input = context;

	if (strstr(path, "gone"))
		return -ENOENT;
	*text = malloc(input->size + 1);
	if (!*text)
		return -ENOMEM;
	memcpy(*text, input->data, input->size);
	*length = input->size;
	return 0;
}

static const char *variable(void *context, const char *name)
{
	(void)context;
	switch (name[0]) {
	case 'E':
		return "";
	case 'O':
		return "odd \"value\\ $HOME # \x1b\n\xff";
	case 'N':
		return NULL;
	default:
		return "/home/user";
	}
}

/* Messages may quote anything, but nothing that a terminal would obey. */
static void check_words(const struct pap_error *err, int code)
{
	char shown[1600];

	MUST(err->code == code && code < 0 && err->message[0]);
	pap_error_format(err, shown, sizeof(shown));
	for (const char *part = shown; part; part = part == shown ? err->hint : NULL)
		for (const char *c = part; *c; c++)
			MUST((unsigned char)*c >= ' ' && *c != 0x7f);
}

static void check_policy(const struct pap_policy *policy)
{
	struct pap_parse_env nothing = {NULL, NULL, NULL};
	struct pap_policy *again = pap_policy_new();
	struct pap_text text = {0}, second = {0};
	struct pap_error err = {0};
	int rc;

	MUST(again);
	pap_policy_print(policy, &text);
	MUST(!text.failed && text.data);
	rc = pap_policy_parse(again, text.data, text.length, "printed", &nothing, &err);
	MUST(rc == 0 || rc == -EFBIG); /* a print may be longer than what a file may be */
	if (!rc) {
		MUST(pap_policy_equal(policy, again));
		pap_policy_print(again, &second);
		MUST(second.length == text.length && !memcmp(second.data, text.data, text.length));
		rc = pap_policy_within(policy, again, &err);
		MUST(rc == 0 || rc == -EPERM);
		if (rc)
			check_words(&err, rc);
	}
	pap_text_free(&text);
	pap_text_free(&second);
	pap_policy_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct pap_parse_env env = {read_again, variable, &input};
	struct pap_policy *policy = pap_policy_new();
	struct pap_error err = {0};
	int rc;

	MUST(policy);
	rc = pap_policy_parse(policy, (const char *)data, size, "fuzz.policy", &env, &err);
	if (rc)
		check_words(&err, rc);
	else
		check_policy(policy);
	pap_policy_free(policy);
	return 0;
}
