/* SPDX-License-Identifier: BSD-2-Clause */
/* Capability mode: FreeBSD's functions with a supervisor, and one call without. */
#include <errno.h>
#include <string.h>
#include <sys/capsicum.h>

#include "compare/model.h"
#include <paprika.h>

PAP_LINES_BEGIN(capability);
static int limit(int fd, cap_rights_t *rights)
{
	if (cap_rights_limit(fd, rights) < 0)
		return -1;
	return cap_rights_is_set(rights, CAP_FCNTL) ? cap_fcntls_limit(fd, CAP_FCNTL_GETFL) : 0;
}

static int enter_mode(void)
{
	cap_rights_t in, out, look, none;

	cap_rights_init(&in, CAP_READ, CAP_SEEK, CAP_FSTAT, CAP_FCNTL);
	cap_rights_init(&out, CAP_WRITE, CAP_FSTAT, CAP_FCNTL);
	cap_rights_init(&look, CAP_LOOKUP, CAP_READ, CAP_FSTAT);
	cap_rights_init(&none);
	if (limit(PAP_FD_TERMINAL, &none) < 0 || limit(PAP_FD_NULL, &out) < 0 ||
	    limit(PAP_FD_MESSAGES, &out) < 0 || limit(PAP_FD_CAPTURE, &in) < 0 ||
	    limit(PAP_FD_REPORT, &out) < 0 || limit(PAP_FD_NAMES, &look) < 0 ||
	    limit(PAP_FD_CLIENT, &out) < 0)
		return -1;
	return cap_enter();
}
PAP_LINES_END(capability);

static int enter(const struct pap_scene *scene, struct pap_error *err)
{
	(void)scene;
	return enter_mode() < 0 ? pap_fail(err, -errno, "capability mode: %s",
					   paprika_strerror(errno))
				: 0;
}

#define SPEAKS_OF (PAP_ABOUT_ALL & ~PAP_ABOUT_CODE)

const struct pap_model pap_model_capability = {
    .name = "capability-mode",
    .title = "capability mode",
    .about = "FreeBSD's Capsicum by libcapsicum, with a supervisor that performs lookups beneath "
	     "held directories. No names at all, and each descriptor has its own rights: the "
	     "only model here that can say what the capture may be used for. What nobody "
	     "thought of limiting keeps everything, a forgotten directory included; and what "
	     "others hand over is meant to be used.",
    .speaks_of = SPEAKS_OF,
    .lines = PAP_LINES(capability),
    .enter = enter,
};

static struct paprika_descriptor row(int fd, const cap_rights_t *rights)
{
	struct paprika_descriptor row = {.fd = fd};

	memcpy(row.rights, rights, sizeof(row.rights));
	row.fcntls = cap_rights_is_set(rights, CAP_FCNTL) ? CAP_FCNTL_GETFL : 0;
	return row;
}

PAP_LINES_BEGIN(alone);
static int limit_all(struct paprika_error *why)
{
	cap_rights_t in, out, look, none;
	struct paprika_descriptor table[PAP_FD_CLIENT + 1];

	cap_rights_init(&in, CAP_READ, CAP_SEEK, CAP_FSTAT, CAP_FCNTL);
	cap_rights_init(&out, CAP_WRITE, CAP_FSTAT, CAP_FCNTL);
	cap_rights_init(&look, CAP_LOOKUP, CAP_READ, CAP_FSTAT);
	cap_rights_init(&none);
	table[0] = row(PAP_FD_TERMINAL, &none);
	table[1] = row(PAP_FD_NULL, &out);
	table[2] = row(PAP_FD_MESSAGES, &out);
	table[3] = row(PAP_FD_CAPTURE, &in);
	table[4] = row(PAP_FD_REPORT, &out);
	table[5] = row(PAP_FD_NAMES, &look);
	table[6] = row(PAP_FD_CLIENT, &out);
	return paprika_limit_descriptors(table, 7, PAPRIKA_CAPABILITY_MODE | PAPRIKA_NO_SUPERVISOR,
					 why);
}
PAP_LINES_END(alone);

static int enter_alone(const struct pap_scene *scene, struct pap_error *err)
{
	struct paprika_error why = {0};
	int rc = limit_all(&why);

	(void)scene;
	return rc < 0 ? pap_fail(err, rc, "capability mode: %s", why.message) : 0;
}

const struct pap_model pap_model_capability_alone = {
    .name = "capability-alone",
    .title = "..., no supervisor",
    .about = "The same without a supervisor, as a program asks for that wants no second process: "
	     "the filter and Landlock alone. Stricter, because nobody is there who could look "
	     "beneath a limited directory: a job that needs that does not work in it.",
    .speaks_of = SPEAKS_OF,
    .lines = PAP_LINES(alone),
    .enter = enter_alone,
};
