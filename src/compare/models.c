/* SPDX-License-Identifier: BSD-2-Clause */
/* The models, in the order of the table; and what the filters among them share. */
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>

#include "compare/model.h"
#include "kernel/raw.h"

extern const struct pap_model pap_model_nothing, pap_model_empty, pap_model_docker,
    pap_model_list, pap_model_strict, pap_model_landlock_alone, pap_model_namespaces,
    pap_model_both, pap_model_policy, pap_model_pledge, pap_model_capability,
    pap_model_capability_alone;

const struct pap_model *const pap_models[] = {
    &pap_model_nothing,	   &pap_model_empty,	&pap_model_docker,
    &pap_model_list,	   &pap_model_strict,	&pap_model_landlock_alone,
    &pap_model_namespaces, &pap_model_both,	&pap_model_policy,
    &pap_model_pledge,	   &pap_model_capability, &pap_model_capability_alone,
    NULL,
};

static int install(const struct pap_program *program, struct pap_error *err)
{
	const struct {
		unsigned short length;
		const struct pap_bpf_insn *insns;
	} fprog = {program->length, program->insns};
	int rc;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return pap_fail(err, -errno, "cannot set no_new_privs: %s", strerror(errno));
	rc = pap_raw_seccomp(PAP_SECCOMP_SET_MODE_FILTER, 0, &fprog);
	return rc < 0 ? pap_fail(err, rc, "cannot install a filter: %s", strerror(-rc)) : 0;
}

int pap_model_filter(const struct pap_listed *list, size_t count, uint32_t listed,
		     uint32_t otherwise, uint32_t foreign, struct pap_error *err)
{
	const struct pap_rule rest = {.verdict = otherwise};
	struct pap_filter_spec *spec =
	    pap_filter_spec_new(pap_arch_native(), foreign, PAP_RET_ERRNO | ENOSYS, rest);
	struct pap_program program = {0};
	int rc = spec ? 0 : -ENOMEM;

	for (size_t i = 0; !rc && i < count; i++) {
		struct pap_rule rule = {.cond = list[i].cond, .verdict = listed};

		rc = pap_filter_add(spec, list[i].call, rule);
	}
	if (rc)
		pap_fail(err, rc, "out of memory");
	else
		rc = pap_filter_compile(spec, &program, err);
	if (!rc)
		rc = install(&program, err);
	pap_program_free(&program);
	pap_filter_spec_free(spec);
	return rc;
}
