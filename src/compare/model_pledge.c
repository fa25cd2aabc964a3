/* SPDX-License-Identifier: BSD-2-Clause */
/* libpaprika's policy for a process that confines itself; libpledge's two functions. */
#include <errno.h>
#include <pledge.h>
#include <string.h>

#include "api/enter.h"
#include "compare/model.h"

PAP_LINES_BEGIN(pledged);
static int give_up(const char *names)
{
	if (unveil(names, "r") < 0 || unveil(NULL, NULL) < 0)
		return -1;
	return pledge("stdio rpath", "");
}
PAP_LINES_END(pledged);

static int enter_pledge(const struct pap_scene *scene, struct pap_error *err)
{
	return give_up(PAP_AT("names")) < 0 ? pap_fail(err, -errno, "pledge: %s", strerror(errno))
					    : 0;
}

const struct pap_model pap_model_pledge = {
    .name = "pledge",
    .title = "pledge + unveil",
    .about = "OpenBSD's two functions by libpledge: \"stdio rpath\", and one directory. Three "
	     "lines say what the program will do, in words that survive another libc; breaking "
	     "them is deadly, which is loud. What is held stays what it is: the words have no "
	     "place for single descriptors.",
    .speaks_of = PAP_ABOUT_ALL & ~PAP_ABOUT_RIGHTS,
    .lines = PAP_LINES(pledged),
    .enter = enter_pledge,
};

PAP_LINES_BEGIN(policy);
static int confine(const char *names, struct pap_policy *policy, struct pap_error *err)
{
	struct pap_origin here = {.source = "job"};
	int rc = pap_policy_grant_file(policy, names, PAP_ACCESS_READ, false, here, err);

	if (!rc)
		rc = pap_policy_promise(policy, "stdio rpath", here, err);
	return rc ? rc : pap_enter(policy, err);
}
PAP_LINES_END(policy);

static int enter_policy(const struct pap_scene *scene, struct pap_error *err)
{
	struct pap_policy *policy = pap_policy_new();
	int rc = policy ? confine(PAP_AT("names"), policy, err)
			: pap_fail(err, -ENOMEM, "out of memory");

	pap_policy_free(policy);
	return rc;
}

const struct pap_model pap_model_policy = {
    .name = "policy",
    .title = "paprika_enter",
    .about = "libpaprika's own way for a program that confines itself: a policy, as `paprika run` "
	     "takes one, without a supervisor. It refuses where pledge kills. The same engine, "
	     "so the same limits: a descriptor that is held keeps what it can do.",
    .speaks_of = PAP_ABOUT_ALL & ~(PAP_ABOUT_RIGHTS | PAP_ABOUT_NAMES),
    .lines = PAP_LINES(policy),
    .enter = enter_policy,
};
