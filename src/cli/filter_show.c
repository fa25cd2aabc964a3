/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * paprika filter show: the instructions of a policy's filter, or its rules call by
 * call, or any raw filter from a file. A file is listed even where the kernel
 * would refuse it, and the refusal said afterwards.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/filter_options.h"

/* ---- a file ------------------------------------------------------------------------------------
 */

static int read_all(int fd, void *buf, size_t size, size_t *length, struct pap_origin origin,
		    struct pap_error *err)
{
	*length = 0;
	while (*length < size) {
		ssize_t n = read(fd, (char *)buf + *length, size - *length);

		if (n == 0)
			return 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return pap_fail_at(err, -errno, origin, "cannot read: %s", strerror(errno));
		*length += (size_t)n;
	}
	return 0;
}

static int read_program(const char *path, struct pap_program *program, struct pap_error *err)
{
	const size_t limit = PAP_BPF_MAX * sizeof(*program->insns);
	char shown[256];
	const struct pap_origin origin = {.source =
					      pap_escape(shown, sizeof(shown), path, strlen(path))};
	size_t length = 0;
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO, rc;

	if (fd < 0)
		return pap_fail_at(err, -errno, origin, "cannot open: %s", strerror(errno));
	program->insns = malloc(limit + 1);
	rc = program->insns ? read_all(fd, program->insns, limit + 1, &length, origin, err)
			    : pap_fail(err, -ENOMEM, "out of memory");
	if (fd != STDIN_FILENO)
		close(fd);
	if (rc < 0)
		return rc;
	if (length > limit)
		return pap_fail_at(err, -EFBIG, origin,
				   "longer than the %d instructions that a kernel takes",
				   PAP_BPF_MAX);
	if (!length || length % sizeof(*program->insns)) {
		pap_fail_at(err, -EINVAL, origin, "%zu bytes are no filter: each instruction has 8",
			    length);
		pap_hint(err, "paprika filter dump writes this form");
		return -EINVAL;
	}
	program->length = (uint16_t)(length / sizeof(*program->insns));
	return 0;
}

/* ---- instructions ---------------------------------------------------------------------------- */

static json_t *rule_json(const struct pap_rule *rule)
{
	struct pap_text text = {0};
	json_t *string;

	if (!rule)
		return json_null();
	pap_rule_describe(rule, &text);
	string = json_string(text.data ? text.data : "");
	pap_text_free(&text);
	return string;
}

static json_t *insn_json(const struct pap_program *program, const struct pap_listing *listing,
			 unsigned at)
{
	const struct pap_bpf_insn *insn = &program->insns[at];
	int call = program->call ? program->call[at] : -1;
	struct pap_text text = {0};
	json_t *object;

	pap_listing_line(listing, at, &text);
	object = json_pack("{s:i, s:i, s:i, s:i, s:I, s:s, s:o, s:o}", "index", (int)at, "code",
			   (int)insn->code, "jt", (int)insn->jt, "jf", (int)insn->jf, "k",
			   (json_int_t)insn->k, "text", text.data ? text.data : "", "call",
			   call < 0 ? json_null() : json_string(pap_syscall_table[call].name),
			   "rule", rule_json(program->origin ? program->origin[at] : NULL));
	pap_text_free(&text);
	return object;
}

static int print_json(json_t *root)
{
	char *dumped = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
	struct pap_text text = {.failed = !dumped};

	if (dumped) {
		pap_text_str(&text, dumped);
		pap_text_str(&text, "\n");
	}
	free(dumped);
	json_decref(root);
	return pap_filter_print(&text);
}

static int show_program(const struct pap_program *program, enum pap_arch arch, const char *kernel,
			bool json)
{
	struct pap_listing *listing;
	struct pap_text text = {0};
	json_t *list;

	if (!json) {
		pap_program_list(program, arch, &text);
		return pap_filter_print(&text);
	}
	listing = pap_listing_new(program, arch);
	list = listing ? json_array() : NULL;
	for (unsigned i = 0; list && i < program->length; i++)
		json_array_append_new(list, insn_json(program, listing, i));
	pap_listing_free(listing);
	return print_json(json_pack("{s:i, s:s, s:s?, s:o}", "version", PAP_FILTER_FORMAT_VERSION,
				    "arch", pap_arch_name(arch), "kernel", kernel, "instructions",
				    list ? list : json_null()));
}

static int show_file(const struct pap_filter_options *options)
{
	struct pap_program program = {0};
	struct pap_error err = {0};
	int rc, status;

	if (options->granted || options->calls || options->kernel || options->alone) {
		pap_fail(&err, -EINVAL, "--file shows a filter that is there already");
		pap_hint(&err, "only --arch and --json go with it");
		return pap_filter_failed(&err);
	}
	rc = read_program(options->file, &program, &err);
	if (rc < 0) {
		free(program.insns);
		return pap_filter_failed(&err);
	}
	status = show_program(&program, options->arch, NULL, options->json);
	if (!status && pap_bpf_check(program.insns, program.length, &err) < 0) {
		pap_hint(&err, "the kernel would not install this filter");
		status = pap_filter_failed(&err);
	}
	free(program.insns);
	return status;
}

/* ---- rules -------------------------------------------------------------------------------------
 */

static void add_rule(struct pap_text *out, const char *call, const struct pap_rule *rule)
{
	char verdict[64];

	pap_verdict_name(rule->verdict, verdict, sizeof(verdict));
	pap_text_printf(out, "%-24s %-14s", call, verdict);
	if (rule->cond)
		pap_text_printf(out, " if %s", rule->cond->name);
	pap_text_str(out, "  [");
	pap_rule_describe(rule, out);
	pap_text_str(out, "]\n");
}

static json_t *rule_object(const struct pap_rule *rule)
{
	char verdict[64];

	pap_verdict_name(rule->verdict, verdict, sizeof(verdict));
	return json_pack("{s:s, s:s?, s:o}", "verdict", verdict, "condition",
			 rule->cond ? rule->cond->name : NULL, "rule", rule_json(rule));
}

static json_t *call_json(const struct pap_filter_spec *spec, unsigned id)
{
	const struct pap_call_rules *call = &spec->calls[id];
	json_t *rules = json_array();

	for (unsigned i = 0; rules && i < call->nrules; i++)
		json_array_append_new(rules, rule_object(&call->rules[i]));
	json_array_append_new(rules, rule_object(&call->otherwise));
	return json_pack("{s:s, s:i, s:o}", "call", pap_syscall_table[id].name, "number",
			 (int)pap_syscall_table[id].number[spec->arch], "rules", rules);
}

static int show_calls(const struct pap_plan *plan, bool json)
{
	const struct pap_filter_spec *spec = plan->spec;
	json_t *list = json ? json_array() : NULL;
	struct pap_text text = {0};

	for (unsigned id = 0; id < PAP_NSYSCALLS; id++) {
		const struct pap_call_rules *call = &spec->calls[id];
		const char *name = pap_syscall_table[id].name;

		if (pap_syscall_table[id].number[spec->arch] < 0)
			continue;
		if (json) {
			json_array_append_new(list, call_json(spec, id));
			continue;
		}
		for (unsigned i = 0; i < call->nrules; i++, name = "")
			add_rule(&text, name, &call->rules[i]);
		add_rule(&text, name, &call->otherwise);
	}
	if (!json)
		return pap_filter_print(&text);
	return print_json(json_pack("{s:i, s:s, s:s, s:o}", "version", PAP_FILTER_FORMAT_VERSION,
				    "arch", pap_arch_name(spec->arch), "kernel",
				    plan->options.features->label, "calls", list));
}

int pap_filter_show(const struct pap_filter_options *options, struct pap_policy *policy)
{
	struct pap_filter_subject subject = {0};
	struct pap_error err = {0};
	int status;

	if (options->file)
		return show_file(options);
	if (pap_filter_plan(&subject, options, policy, &err) < 0)
		status = pap_filter_failed(&err);
	else if (options->calls)
		status = show_calls(subject.plan, options->json);
	else
		status = show_program(&subject.plan->filter, options->arch, subject.features.label,
				      options->json);
	pap_filter_subject_free(&subject);
	return status;
}
