/* SPDX-License-Identifier: BSD-2-Clause */
/* Nothing; a filter that allows everything; seccomp's strict mode. */
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>

#include "compare/model.h"

static int nothing(const struct pap_scene *scene, struct pap_error *err)
{
	(void)scene;
	(void)err;
	return 0;
}

const struct pap_model pap_model_nothing = {
    .name = "nothing",
    .title = "nothing",
    .about = "The program as it is, with everything that its user may do. Each attack must "
	     "succeed here, or it says nothing about the others.",
    .speaks_of = PAP_ABOUT_ALL,
    .enter = nothing,
};

static int empty(const struct pap_scene *scene, struct pap_error *err)
{
	(void)scene;
	return pap_model_filter(NULL, 0, PAP_RET_ALLOW, PAP_RET_ALLOW, PAP_RET_ALLOW, err);
}

const struct pap_model pap_model_empty = {
    .name = "empty-filter",
    .title = "empty filter",
    .about = "A seccomp filter that knows every call of this version and allows it. It shows "
	     "what a filter costs before it decides anything, and that having a sandbox is not "
	     "the same as being confined.",
    .speaks_of = PAP_ABOUT_ALL,
    .enter = empty,
};

PAP_LINES_BEGIN(strict);
static int strict(void)
{
	return prctl(PR_SET_SECCOMP, 1 /* SECCOMP_MODE_STRICT */);
}
PAP_LINES_END(strict);

static int enter_strict(const struct pap_scene *scene, struct pap_error *err)
{
	(void)scene;
	return strict() < 0 ? pap_fail(err, -errno, "strict mode: %s", strerror(errno)) : 0;
}

const struct pap_model pap_model_strict = {
    .name = "strict",
    .title = "seccomp strict mode",
    .about = "read, write, exit and returning from a signal; anything else is death. Nothing "
	     "is safer among filters, and hardly a program can live in it: the first malloc or "
	     "the first buffered line asks for more. And what is held can still be written to.",
    .speaks_of = PAP_ABOUT_ALL & ~(PAP_ABOUT_RIGHTS),
    .lines = PAP_LINES(strict),
    .enter = enter_strict,
};
