/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * paprika filter sim: what would happen to one call. The rules are asked for the
 * reason, the compiled program for the verdict; should they ever disagree, that
 * is said instead of an answer.
 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/filter_options.h"
#include "explain/call.h"

struct simulated {
	const struct pap_syscall *call; /* NULL: not in the table */
	struct pap_seccomp_data data;
	uint32_t verdict;
	const struct pap_rule *rule;
	unsigned steps, last;
	bool cached;
};

/* ---- the call ----------------------------------------------------------------------------------
 */

/* A number in any base that C knows, or its negative. */
static bool parse_number(const char *text, size_t length, uint64_t *value)
{
	char buf[32], *end;
	bool negative = length && text[0] == '-';
	const char *digits = buf + negative;

	if (!length || length >= sizeof(buf))
		return false;
	memcpy(buf, text, length);
	buf[length] = '\0';
	if (digits[0] < '0' || digits[0] > '9')
		return false;
	errno = 0;
	*value = strtoull(digits, &end, 0);
	if (errno || *end)
		return false;
	if (negative)
		*value = -*value;
	return true;
}

/* "O_RDONLY|O_CREAT", "0x10|3", "-100". */
static int parse_argument(const char *text, enum pap_arch arch, uint64_t *value,
			  struct pap_error *err)
{
	const char *part = text;

	*value = 0;
	for (;;) {
		size_t length = strcspn(part, "|");
		uint64_t bits;
		char shown[64];

		if (!parse_number(part, length, &bits) &&
		    !pap_constant_find_arch(arch, part, length, &bits)) {
			pap_fail(err, -EINVAL, "\"%s\" is neither a number nor a known constant",
				 pap_escape(shown, sizeof(shown), part, length));
			pap_hint(err, "an argument is 3, 0x1f, 0644, -1, AT_FDCWD or "
				      "O_WRONLY|O_CREAT; pointers are numbers");
			return -EINVAL;
		}
		*value |= bits;
		if (!part[length])
			return 0;
		part += length + 1;
	}
}

static int unknown_call(const char *word, struct pap_error *err)
{
	const char **names = calloc(PAP_NSYSCALLS + 1u, sizeof(*names));
	const char *near;
	char shown[64];

	pap_fail(err, -EINVAL, "unknown call \"%s\"",
		 pap_escape(shown, sizeof(shown), word, strlen(word)));
	for (unsigned i = 0; names && i < PAP_NSYSCALLS; i++)
		names[i] = pap_syscall_table[i].name;
	near = names ? pap_nearest(word, names) : NULL;
	if (near)
		pap_hint(err, "did you mean %s?", near);
	else
		pap_hint(err, "a call is a name from the table, or its number");
	free(names);
	return -EINVAL;
}

static int parse_call(const char *word, enum pap_arch arch, struct simulated *sim,
		      struct pap_error *err)
{
	uint64_t number;

	sim->data.arch = pap_arch_audit(arch);
	if (parse_number(word, strlen(word), &number)) {
		if (number > UINT32_MAX && number < (uint64_t)INT32_MIN)
			return pap_fail(err, -EINVAL, "a call's number has 32 bits");
		sim->data.nr = (int32_t)number;
		sim->call = pap_syscall_by_number(arch, (uint32_t)number);
		return 0;
	}
	sim->call = pap_syscall_find(word, strlen(word));
	if (!sim->call)
		return unknown_call(word, err);
	if (sim->call->number[arch] < 0)
		return pap_fail(err, -EINVAL, "%s does not exist on %s", word, pap_arch_name(arch));
	sim->data.nr = sim->call->number[arch];
	return 0;
}

static int parse_words(const struct pap_filter_options *options, struct simulated *sim,
		       struct pap_error *err)
{
	int rc;

	if (!options->nwords) {
		pap_fail(err, -EINVAL, "no call to simulate");
		pap_hint(err, "paprika filter sim --promise stdio openat AT_FDCWD 0x1000 O_RDONLY");
		return -EINVAL;
	}
	rc = parse_call(options->words[0], options->arch, sim, err);
	if (!rc && options->nwords > 7)
		rc = pap_fail(err, -EINVAL, "%d arguments: a call has at most 6",
			      options->nwords - 1);
	for (int i = 1; !rc && i < options->nwords; i++)
		rc = parse_argument(options->words[i], options->arch, &sim->data.args[i - 1], err);
	return rc;
}

/* ---- its fate ----------------------------------------------------------------------------------
 */

static int simulate(const struct pap_plan *plan, struct simulated *sim, struct pap_error *err)
{
	const struct pap_program *program = &plan->filter;

	sim->verdict = pap_filter_naive(plan->spec, &sim->data, &sim->rule);
	if (pap_bpf_run(program->insns, program->length, &sim->data, &sim->last, &sim->steps) !=
	    sim->verdict)
		return pap_fail(err, -EINVAL,
				"the compiled filter disagrees with its rules; please report this");
	sim->cached = pap_bpf_cacheable(program->insns, program->length, plan->spec->arch,
					(uint32_t)sim->data.nr);
	return 0;
}

/* What a verdict comes to for the program, when somebody is asked first. */
static const char *in_the_end(const struct pap_rule *rule)
{
	if (!rule || rule->verdict != PAP_RET_USER_NOTIF)
		return NULL;
	switch ((enum pap_handler)rule->handler) {
	case PAP_BY_FILTER:
		break;
	case PAP_BY_REPORT:
		return "refused and reported";
	case PAP_BY_METADATA:
		return "performed where the file is granted for writing";
	case PAP_BY_LISTEN:
		return "performed when the socket is bound to a granted port";
	case PAP_BY_SIGNAL:
		return "performed when it aims at the sandbox itself";
	case PAP_BY_TRACE:
		return "performed, and the grant that it lacks is named";
	case PAP_BY_LAUNCHER:
		return "performed for the launcher alone";
	}
	return NULL;
}

static bool permitted(uint32_t verdict)
{
	uint32_t action = verdict & PAP_RET_ACTION_FULL;

	return action == PAP_RET_ALLOW || action == PAP_RET_LOG;
}

static void remedy(const struct pap_plan *plan, const struct simulated *sim, struct pap_text *out)
{
	bool refused = sim->rule && (sim->rule->verdict != PAP_RET_USER_NOTIF ||
				     sim->rule->handler == PAP_BY_REPORT);

	if (sim->call && refused && !permitted(sim->verdict))
		pap_explain_remedy(sim->call, sim->data.args, plan->promises, out);
}

static void name_call(const struct simulated *sim, struct pap_text *out)
{
	if (sim->call)
		pap_explain_call(sim->call, sim->data.args, NULL, NULL, out);
	else
		pap_text_printf(out, "call %d (not in the table)", sim->data.nr);
}

static void print_text(const struct pap_plan *plan, const struct simulated *sim,
		       struct pap_text *out)
{
	const char *end = in_the_end(sim->rule);
	struct pap_text cure = {0};
	char verdict[64];

	pap_verdict_name(sim->verdict, verdict, sizeof(verdict));
	name_call(sim, out);
	pap_text_printf(out, ": %s\n", verdict);
	if (end)
		pap_text_printf(out, "  answer    %s, else errno %s\n", end,
				pap_errno_name(sim->rule->refusal));
	pap_text_str(out, "  rule      ");
	if (sim->rule)
		pap_rule_describe(sim->rule, out);
	else
		pap_text_str(out, "none: calls that the table lacks");
	if (sim->rule && sim->rule->cond)
		pap_text_printf(out, ", if %s", sim->rule->cond->name);
	pap_text_str(out, "\n");
	remedy(plan, sim, &cure);
	if (cure.length)
		pap_text_printf(out, "  remedy    %s\n", cure.data);
	pap_text_free(&cure);
	pap_text_printf(out, "  filter    %u of %u instructions, returns at %u\n", sim->steps,
			plan->filter.length, sim->last);
	pap_text_printf(out, "  kernel    %s\n",
			sim->cached ? "answers without running the filter (5.11)"
				    : "runs the filter each time");
}

static void print_json(const struct pap_plan *plan, const struct simulated *sim,
		       struct pap_text *out)
{
	const char *end = in_the_end(sim->rule);
	struct pap_text rule = {0}, cure = {0};
	json_t *args = json_array(), *root;
	char verdict[64], hex[24], *dumped;

	pap_verdict_name(sim->verdict, verdict, sizeof(verdict));
	pap_rule_describe(sim->rule, &rule);
	remedy(plan, sim, &cure);
	for (unsigned i = 0; i < 6; i++) {
		/* JSON numbers end at 53 bits */
		snprintf(hex, sizeof(hex), "0x%llx", (unsigned long long)sim->data.args[i]);
		json_array_append_new(args, json_string(hex));
	}
	root = json_pack(
	    "{s:i, s:s, s:s, s:s?, s:i, s:o, s:s, s:s?, s:s?, s:s?, s:s?, s:s?, s:i, s:i, s:b}",
	    "version", PAP_FILTER_FORMAT_VERSION, "arch", pap_arch_name(plan->spec->arch), "kernel",
	    plan->options.features->label, "call", sim->call ? sim->call->name : NULL, "number",
	    (int)sim->data.nr, "arguments", args, "verdict", verdict, "answer", end, "refusal",
	    end ? pap_errno_name(sim->rule->refusal) : NULL, "rule", rule.data, "condition",
	    sim->rule && sim->rule->cond ? sim->rule->cond->name : NULL, "remedy", cure.data,
	    "executed", (int)sim->steps, "returns_at", (int)sim->last, "cached", (int)sim->cached);
	dumped = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
	out->failed |= !dumped;
	if (dumped)
		pap_text_printf(out, "%s\n", dumped);
	free(dumped);
	json_decref(root);
	pap_text_free(&rule);
	pap_text_free(&cure);
}

int pap_filter_sim(const struct pap_filter_options *options, struct pap_policy *policy)
{
	struct pap_filter_subject subject = {0};
	struct simulated sim = {0};
	struct pap_error err = {0};
	struct pap_text text = {0};
	int status;

	if (parse_words(options, &sim, &err) < 0 ||
	    pap_filter_plan(&subject, options, policy, &err) < 0 ||
	    simulate(subject.plan, &sim, &err) < 0) {
		status = pap_filter_failed(&err);
	} else {
		(options->json ? print_json : print_text)(subject.plan, &sim, &text);
		status = pap_filter_print(&text);
	}
	pap_filter_subject_free(&subject);
	return status;
}
