/* SPDX-License-Identifier: BSD-2-Clause */
/* Single rules, and the words that say why they are there. */
#include "compile/rules.h"

#include <errno.h>
#include <string.h>

/* ---- verdicts ---------------------------------------------------------------------------- */

struct pap_rule pap_rule_allow(const struct pap_builder *b, const struct pap_cond *cond,
			       const char *reason)
{
	return (struct pap_rule){
	    .cond = cond, .verdict = PAP_RET_ALLOW, .origin = b->origin, .reason = reason};
}

struct pap_rule pap_rule_refuse(const struct pap_builder *b, const struct pap_cond *cond,
				unsigned error, const char *reason)
{
	return (struct pap_rule){.cond = cond,
				 .verdict = PAP_RET_ERRNO | error,
				 .refusal = (uint16_t)error,
				 .origin = b->origin,
				 .reason = reason};
}

struct pap_rule pap_rule_notify(const struct pap_builder *b, const struct pap_cond *cond,
				enum pap_handler handler, unsigned error, const char *reason)
{
	return (struct pap_rule){.cond = cond,
				 .verdict = PAP_RET_USER_NOTIF,
				 .handler = (uint8_t)handler,
				 .refusal = (uint16_t)error,
				 .origin = b->origin,
				 .reason = reason};
}

struct pap_rule pap_rule_violation(const struct pap_builder *b, const struct pap_cond *cond,
				   unsigned error, const char *reason)
{
	struct pap_rule rule = pap_rule_refuse(b, cond, error, reason);

	/* Promise error, as pledge has it: nothing dies, everything fails. */
	if (b->plan->policy->violation == PAP_VIOLATION_KILL) {
		rule.verdict = PAP_RET_KILL_PROCESS;
		return rule;
	}
	if (b->plan->promises & P(error))
		return pap_rule_refuse(b, cond, ENOSYS, reason);
	switch (b->plan->options.denial) {
	case PAP_DENIAL_NOTIFY:
		if (b->supervised)
			return pap_rule_notify(b, cond, PAP_BY_REPORT, error, reason);
		return rule;
	case PAP_DENIAL_KILL:
		rule.verdict = PAP_RET_KILL_PROCESS;
		return rule;
	case PAP_DENIAL_TRAP:
		rule.verdict = PAP_RET_TRAP | error;
		return rule;
	case PAP_DENIAL_ERRNO:
		return rule;
	}
	rule.verdict = PAP_RET_KILL_PROCESS;
	return rule;
}

/* ---- words ------------------------------------------------------------------------------- */

/* Room for "needs promises ", each name with what separates it from the next, and the end. */
static size_t words_size(pap_promises promises)
{
	size_t size = sizeof("needs promises ");

	for (unsigned id = 0; id < PAP_NPROMISES; id++)
		if (promises & ((pap_promises)1 << id))
			size += strlen(pap_promise_table[id].name) + strlen(" and ");
	return size;
}

const char *pap_words_of(struct pap_builder *b, int kind, pap_promises promises)
{
	unsigned left = (unsigned)__builtin_popcountll(promises);
	char *words, *at;

	for (unsigned i = 0; i < b->nwords; i++)
		if (b->words[i].promises == promises && b->words[i].kind == kind)
			return b->words[i].text;
	words = pap_plan_alloc(b->plan, words_size(promises));
	if (!words) {
		b->failed = true;
		return "out of memory";
	}
	at = stpcpy(words, kind == PAP_NEEDED ? "needs " : "");
	at = stpcpy(at, left > 1 ? "promises " : "promise ");
	for (unsigned id = 0; id < PAP_NPROMISES; id++) {
		if (!(promises & ((pap_promises)1 << id)))
			continue;
		left--;
		at = stpcpy(at, pap_promise_table[id].name);
		at = stpcpy(at, left > 1 ? ", " : left ? " and " : "");
	}
	if (b->nwords < PAP_MAX_WORDS)
		b->words[b->nwords++] = (struct pap_words){promises, kind, words};
	return words;
}

const char *pap_words_missing(struct pap_builder *b, const struct pap_syscall *call)
{
	if (!call->npermits)
		return "no promise permits it";
	for (unsigned i = 0; i < call->npermits; i++)
		if (!(call->permits[i].promises & ~b->plan->promises))
			return "not with these arguments";
	return pap_words_of(b, PAP_NEEDED, call->permits[0].promises & ~b->plan->promises);
}

/* ---- into the spec ----------------------------------------------------------------------- */

/* A rule that comes after another one which holds wherever it does decides nothing. */
static bool never_reached(const struct pap_call_rules *call, const struct pap_rule *rule)
{
	for (unsigned i = 0; i < call->nrules; i++)
		if (pap_cond_implies(rule->cond, call->rules[i].cond))
			return true;
	return false;
}

void pap_rules_add(struct pap_builder *b, unsigned id, struct pap_rule rule)
{
	if (!never_reached(&b->plan->spec->calls[id], &rule) &&
	    pap_filter_add(b->plan->spec, id, rule) < 0)
		b->failed = true;
}

void pap_rules_otherwise(struct pap_builder *b, unsigned id, struct pap_rule rule)
{
	rule.cond = NULL;
	b->plan->spec->calls[id].otherwise = rule;
}
