/* SPDX-License-Identifier: BSD-2-Clause */
/* The door of libpaprika: each function checks, calls one of ours and words the error. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/enter.h"
#include "base/codes.h"
#include "paprika.h"
#include "policy/policy.h"

/* The handle is a struct pap_policy under another name. */
static struct pap_policy *inner(paprika_policy *policy)
{
	return (struct pap_policy *)policy;
}

static const struct pap_policy *inner_const(const paprika_policy *policy)
{
	return (const struct pap_policy *)policy;
}

static int hand_over(int rc, const struct pap_error *from, struct paprika_error *to)
{
	if (rc >= 0 || !to)
		return rc;
	to->code = rc;
	pap_error_format(from, to->message, sizeof(to->message));
	snprintf(to->hint, sizeof(to->hint), "%s", from->hint);
	return rc;
}

static const struct pap_origin from_program = {.source = "libpaprika"};

paprika_policy *paprika_policy_new(void)
{
	return (paprika_policy *)pap_policy_new();
}

void paprika_policy_free(paprika_policy *policy)
{
	pap_policy_free(inner(policy));
}

int paprika_allow_path(paprika_policy *policy, const char *path, unsigned access,
		       struct paprika_error *error)
{
	struct pap_error err = {0};
	int rc;

	if (!path)
		rc = pap_fail(&err, -EINVAL, "the path is NULL");
	else
		rc = pap_policy_grant_file(inner(policy), path, access, false, from_program, &err);
	return hand_over(rc, &err, error);
}

int paprika_allow_port(paprika_policy *policy, enum paprika_direction direction,
		       enum paprika_transport transport, uint32_t port,
		       struct paprika_error *error)
{
	struct pap_error err = {0};
	int rc = pap_policy_grant_port(inner(policy), (enum pap_direction)direction,
				       (enum pap_transport)transport, port, from_program, &err);

	return hand_over(rc, &err, error);
}

int paprika_promise(paprika_policy *policy, const char *words, struct paprika_error *error)
{
	struct pap_error err = {0};
	int rc;

	if (!words)
		rc = pap_fail(&err, -EINVAL, "the promises are NULL");
	else
		rc = pap_policy_promise(inner(policy), words, from_program, &err);
	return hand_over(rc, &err, error);
}

int paprika_waive(paprika_policy *policy, const char *shortfall, struct paprika_error *error)
{
	struct pap_error err = {0};
	int rc;

	if (!shortfall)
		rc = pap_fail(&err, -EINVAL, "the name is NULL");
	else
		rc = pap_policy_waive(inner(policy), shortfall, from_program, &err);
	return hand_over(rc, &err, error);
}

int paprika_policy_parse(paprika_policy *policy, const char *text, size_t length, const char *name,
			 struct paprika_error *error)
{
	struct pap_error err = {0};
	int rc;

	if (!text || !name)
		rc = pap_fail(&err, -EINVAL, "the text or its name is NULL");
	else
		rc = pap_policy_parse(inner(policy), text, length, name, NULL, &err);
	return hand_over(rc, &err, error);
}

int paprika_policy_load(paprika_policy *policy, const char *path, struct paprika_error *error)
{
	struct pap_error err = {0};
	int rc;

	if (!path)
		rc = pap_fail(&err, -EINVAL, "the path is NULL");
	else
		rc = pap_policy_parse_file(inner(policy), path, &err);
	return hand_over(rc, &err, error);
}

char *paprika_policy_print(const paprika_policy *policy)
{
	struct pap_text text = {0};

	pap_policy_print(inner_const(policy), &text);
	if (text.failed) {
		pap_text_free(&text);
		return NULL;
	}
	return text.data ? text.data : strdup("");
}

int paprika_policy_within(const paprika_policy *wanted, const paprika_policy *ceiling,
			  struct paprika_error *error)
{
	struct pap_error err = {0};
	int rc = pap_policy_within(inner_const(wanted), inner_const(ceiling), &err);

	return hand_over(rc, &err, error);
}

int paprika_enter(const paprika_policy *policy, struct paprika_error *error)
{
	struct pap_error err = {0};
	int rc = pap_enter(inner_const(policy), &err);

	return hand_over(rc, &err, error);
}

const char *paprika_strerror(int number)
{
	unsigned code = number < 0 ? 0u - (unsigned)number : (unsigned)number;

	switch (code) {
	case PAP_ENOTCAPABLE:
		return "Capabilities insufficient";
	case PAP_ECAPMODE:
		return "Not permitted in capability mode";
	default:
		return code <= 4095 ? strerror((int)code) : "Unknown error";
	}
}
