/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * paprika filter dump: the filter for other programs to load. Those have nobody
 * who answers notifications, so it is always the filter of a run without
 * supervisor: what that would have decided is refused.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/filter_options.h"

static int check_format(const struct pap_filter_options *options, struct pap_error *err)
{
	const char *format = options->format ? options->format : "raw";
	char shown[64];

	if (strcmp(format, "raw") && strcmp(format, "c") && strcmp(format, "hex")) {
		pap_fail(err, -EINVAL, "unknown format \"%s\"",
			 pap_escape(shown, sizeof(shown), format, strlen(format)));
		pap_hint(err, "expected raw, c or hex");
		return -EINVAL;
	}
	if (options->json && options->format)
		return pap_fail(err, -EINVAL, "--json and --format exclude each other");
	if (!options->json && !strcmp(format, "raw") && isatty(STDOUT_FILENO)) {
		pap_fail(err, -EINVAL, "the raw filter is not for a terminal");
		pap_hint(err, "redirect it, or take --format hex");
		return -EINVAL;
	}
	return 0;
}

static void dump_json(const struct pap_plan *plan, struct pap_text *out)
{
	json_t *list = json_array(), *root;
	char *dumped;

	for (unsigned i = 0; i < plan->filter.length; i++) {
		const struct pap_bpf_insn *insn = &plan->filter.insns[i];

		json_array_append_new(list,
				      json_pack("[i, i, i, I]", (int)insn->code, (int)insn->jt,
						(int)insn->jf, (json_int_t)insn->k));
	}
	root = json_pack("{s:i, s:s, s:s, s:o}", "version", PAP_FILTER_FORMAT_VERSION, "arch",
			 pap_arch_name(plan->spec->arch), "kernel", plan->options.features->label,
			 "filter", list);
	dumped = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
	out->failed |= !dumped;
	if (dumped) {
		pap_text_str(out, dumped);
		pap_text_str(out, "\n");
	}
	free(dumped);
	json_decref(root);
}

static void dump_text(const struct pap_program *program, const char *format, struct pap_text *out)
{
	bool c = !strcmp(format, "c");

	if (c)
		pap_text_printf(out, "/* %u instructions, struct sock_filter */\n",
				program->length);
	for (unsigned i = 0; i < program->length; i++) {
		const struct pap_bpf_insn *insn = &program->insns[i];

		pap_text_printf(out,
				c ? "{0x%02x, %u, %u, 0x%08" PRIx32 "},\n"
				  : "%04x %02x %02x %08" PRIx32 "\n",
				insn->code, insn->jt, insn->jf, insn->k);
	}
}

int pap_filter_dump(const struct pap_filter_options *options, struct pap_policy *policy)
{
	const char *format = options->format ? options->format : "raw";
	struct pap_filter_options alone = *options;
	struct pap_filter_subject subject = {0};
	struct pap_error err = {0};
	struct pap_text text = {0};
	int status;

	alone.alone = true;
	if (check_format(options, &err) < 0 ||
	    pap_filter_plan(&subject, &alone, policy, &err) < 0) {
		status = pap_filter_failed(&err);
	} else {
		const struct pap_program *program = &subject.plan->filter;

		if (options->json)
			dump_json(subject.plan, &text);
		else if (!strcmp(format, "raw"))
			pap_text_add(&text, (const char *)program->insns,
				     program->length * sizeof(*program->insns));
		else
			dump_text(program, format, &text);
		status = pap_filter_print(&text);
	}
	pap_filter_subject_free(&subject);
	return status;
}
