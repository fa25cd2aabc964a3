/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Translates a filter spec for libseccomp and installs either form.
 *
 * libseccomp's rules know fewer conditions than ours: no two comparisons of one
 * argument, no sets. A set or a short range becomes one rule for each value; what
 * has no counterpart is left out, so that libseccomp checks less and is the faster
 * for it.
 */
#include <seccomp.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "bench/filters.h"
#include "bench/timing.h"

#define RULE_MAX 512 /* of one clause */
#define SHORT_RANGE 32

void install_program(const struct pap_bpf_insn *insns, uint16_t length)
{
	struct {
		uint16_t length;
		const struct pap_bpf_insn *insns;
	} program = {length, insns};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		give_up("no_new_privs");
	if (prctl(PR_SET_SECCOMP, 2, &program, 0, 0) < 0)
		give_up("seccomp");
}

void install_empty(void)
{
	static const struct pap_bpf_insn allow[] = {{PAP_BPF_RET_K, 0, 0, PAP_RET_ALLOW}};

	install_program(allow, 1);
}

void install_ours(const struct pap_filter_spec *spec)
{
	struct pap_program program;
	struct pap_error err = {0};
	char words[1280];

	if (pap_filter_compile(spec, &program, &err) < 0) {
		pap_error_format(&err, words, sizeof(words));
		fprintf(stderr, "bench: %s\n", words);
		exit(1);
	}
	install_program(program.insns, program.length);
	pap_program_free(&program);
}

/* ---- libseccomp ---------------------------------------------------------------------------- */

struct rules {
	struct scmp_arg_cmp compare[RULE_MAX][6];
	unsigned compares[RULE_MAX];
	unsigned count;
	bool used[6]; /* arguments that have their one comparison */
};

static uint64_t width_of(const struct pap_range *range)
{
	return range->hi - range->lo < SHORT_RANGE ? range->hi - range->lo + 1 : 1;
}

/* The comparison for one value of a short range, or for a whole long one. */
static bool translate(const struct pap_test *test, const struct pap_range *range, uint64_t at,
		      struct scmp_arg_cmp *out)
{
	uint64_t width = test->bits == 32 ? UINT32_MAX : UINT64_MAX;
	uint64_t mask = test->mask & width;

	out->arg = test->arg;
	if (test->negate)
		return false;
	if (range->hi - range->lo < SHORT_RANGE) {
		out->op = SCMP_CMP_MASKED_EQ;
		out->datum_a = mask;
		out->datum_b = (range->lo + at) & mask;
		return true;
	}
	out->op = range->lo == 0 ? SCMP_CMP_LE : SCMP_CMP_GE;
	out->datum_a = range->lo == 0 ? range->hi : range->lo;
	return mask == UINT64_MAX && (range->lo == 0 || range->hi == UINT64_MAX);
}

/* All comparisons that a test becomes; 0 when it has to be left out. */
static unsigned translate_test(const struct pap_test *test, struct scmp_arg_cmp *compare)
{
	unsigned count = 0;

	if (test->symbol != PAP_SYM_NONE)
		return 0;
	for (unsigned i = 0; i < test->nranges; i++) {
		for (uint64_t at = 0; at < width_of(&test->ranges[i]); at++) {
			if (count == RULE_MAX ||
			    !translate(test, &test->ranges[i], at, &compare[count]))
				return 0;
			count++;
		}
	}
	return count;
}

/* Each rule so far, once for each value of the test. */
static void multiply(struct rules *rules, const struct pap_test *test)
{
	static struct scmp_arg_cmp compare[RULE_MAX];
	unsigned before = rules->count, values;

	values = rules->used[test->arg] ? 0 : translate_test(test, compare);
	if (values == 0 || before * values > RULE_MAX)
		return;
	for (unsigned value = values; value-- > 0;) {
		for (unsigned r = 0; r < before; r++) {
			unsigned to = value * before + r;

			if (to != r) {
				memcpy(rules->compare[to], rules->compare[r],
				       sizeof(rules->compare[r]));
				rules->compares[to] = rules->compares[r];
			}
			rules->compare[to][rules->compares[to]++] = compare[value];
		}
	}
	rules->count = before * values;
	rules->used[test->arg] = true;
}

static unsigned add_clause(scmp_filter_ctx ctx, int number, const struct pap_clause *clause)
{
	static struct rules rules;
	unsigned added = 0;

	memset(&rules, 0, sizeof(rules));
	rules.count = 1;
	for (unsigned i = 0; i < clause->ntests; i++)
		multiply(&rules, &clause->tests[i]);
	for (unsigned i = 0; i < rules.count; i++) {
		int result = seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, number,
						    rules.compares[i], rules.compare[i]);

		/* The same rule again is no addition. */
		if (result < 0 && result != -EEXIST && result != -EACCES) {
			errno = -result;
			give_up("libseccomp's rule");
		}
		added++;
	}
	return added;
}

static unsigned add_call(scmp_filter_ctx ctx, const struct pap_filter_spec *spec, unsigned id)
{
	const struct pap_call_rules *call = &spec->calls[id];
	int number = pap_syscall_table[id].number[spec->arch];
	unsigned added = 0;

	if (number < 0)
		return 0;
	for (unsigned i = 0; i < call->nrules; i++) {
		const struct pap_rule *rule = &call->rules[i];

		if (rule->verdict != PAP_RET_ALLOW)
			continue;
		if (!rule->cond) {
			seccomp_rule_add(ctx, SCMP_ACT_ALLOW, number, 0);
			added++;
			break;
		}
		for (unsigned c = 0; c < rule->cond->nclauses; c++)
			added += add_clause(ctx, number, &rule->cond->clauses[c]);
	}
	if (call->otherwise.verdict == PAP_RET_ALLOW) {
		seccomp_rule_add(ctx, SCMP_ACT_ALLOW, number, 0);
		added++;
	}
	return added;
}

unsigned install_libseccomp(const struct pap_filter_spec *spec, enum layout layout)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	unsigned added = 0;

	if (!ctx)
		give_up("libseccomp");
	if (seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, layout) < 0)
		give_up("libseccomp's layout");
	for (unsigned id = 0; id < PAP_NSYSCALLS; id++)
		added += add_call(ctx, spec, id);
	if (seccomp_load(ctx) < 0)
		give_up("libseccomp's load");
	seccomp_release(ctx);
	return added;
}
