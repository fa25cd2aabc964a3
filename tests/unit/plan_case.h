/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Policies, plans and verdicts in one line each, for the tests of compile/. A
 * plan is made for a named kernel, on x86-64, by any machine.
 */
#ifndef PAP_TESTS_PLAN_CASE_H
#define PAP_TESTS_PLAN_CASE_H

#include <errno.h>
#include <string.h>

#include "compile/plan.h"
#include "harness.h"
#include "uapi/landlock.h"

#define R PAP_ACCESS_READ
#define W PAP_ACCESS_WRITE
#define X PAP_ACCESS_EXECUTE

struct plan_case {
	struct pap_policy *policy;
	struct pap_features features;
	struct pap_plan_options options;
	struct pap_plan *plan;
	struct pap_error err;
};

/* A policy that grants nothing, for `version`, with a supervisor that reports. */
static inline struct plan_case plan_case(const char *version)
{
	struct plan_case c = {.policy = pap_policy_new()};

	REQUIRE(c.policy != NULL);
	REQUIRE(pap_features_of(version, PAP_ARCH_X86_64, &c.features) != NULL);
	c.options.denial = PAP_DENIAL_NOTIFY;
	c.options.supervisor = true;
	return c;
}

static inline struct pap_origin from(const char *source)
{
	return (struct pap_origin){.source = source};
}

static inline void promise(struct plan_case *c, const char *words)
{
	REQUIRE(pap_policy_promise(c->policy, words, from("--promise"), &c->err) == 0);
}

static inline void grant(struct plan_case *c, const char *path, unsigned access)
{
	REQUIRE(pap_policy_grant_file(c->policy, path, access, false, from("--grant"), &c->err) ==
		0);
}

static inline void port(struct plan_case *c, enum pap_direction direction,
			enum pap_transport transport, uint32_t number)
{
	REQUIRE(pap_policy_grant_port(c->policy, direction, transport, number, from("--port"),
				      &c->err) == 0);
}

static inline void waive(struct plan_case *c, const char *name)
{
	REQUIRE(pap_policy_waive(c->policy, name, from("--waive"), &c->err) == 0);
}

/* Makes the plan and returns what pap_plan_make did. */
static inline int make(struct plan_case *c)
{
	int rc;

	c->options.features = &c->features;
	pap_plan_free(c->plan);
	c->plan = NULL;
	c->err = (struct pap_error){0};
	rc = pap_plan_make(c->policy, &c->options, &c->plan, &c->err);
	CHECK_EQ(rc == 0, c->plan != NULL);
	return rc;
}

/* A plan that is only looked at: shortfalls do not matter. */
static inline void describe(struct plan_case *c)
{
	c->options.describe = true;
	REQUIRE(make(c) == 0);
}

static inline void done(struct plan_case *c)
{
	pap_plan_free(c->plan);
	pap_policy_free(c->policy);
}

struct call {
	uint64_t args[6];
};

/* The verdict about a call by name, with the rule that decided. */
static inline uint32_t decide(const struct plan_case *c, const char *name, struct call call,
			      const struct pap_rule **rule)
{
	const struct pap_syscall *entry = pap_syscall_find(name, strlen(name));
	struct pap_seccomp_data data = {.arch = pap_arch_audit(c->features.arch)};

	REQUIRE(entry != NULL);
	REQUIRE(entry->number[c->features.arch] >= 0);
	data.nr = entry->number[c->features.arch];
	memcpy(data.args, call.args, sizeof(data.args));
	return pap_filter_naive(c->plan->spec, &data, rule);
}

static inline uint32_t verdict(const struct plan_case *c, const char *name, struct call call)
{
	return decide(c, name, call, NULL);
}

static inline enum pap_handler handler(const struct plan_case *c, const char *name,
				       struct call call)
{
	const struct pap_rule *rule = NULL;
	uint32_t result = decide(c, name, call, &rule);

	if (result != PAP_RET_USER_NOTIF || !rule)
		return PAP_BY_FILTER;
	return (enum pap_handler)rule->handler;
}

/* The errno that a denied call ends with, whoever says it; 0: it is not denied. */
static inline unsigned refusal(const struct plan_case *c, const char *name, struct call call)
{
	const struct pap_rule *rule = NULL;
	uint32_t result = decide(c, name, call, &rule);

	if ((result & PAP_RET_ACTION_FULL) == PAP_RET_ERRNO)
		return result & PAP_RET_DATA;
	if (result == PAP_RET_USER_NOTIF && rule && rule->handler == PAP_BY_REPORT)
		return rule->refusal;
	return 0;
}

#define CALL(...) ((struct call){{__VA_ARGS__}})

static inline bool has_shortfall(const struct plan_case *c, enum pap_shortfall_id id)
{
	for (size_t i = 0; i < c->plan->shortfalls.count; i++)
		if (c->plan->shortfalls.items[i].id == id)
			return true;
	return false;
}

/* The rule that a path got; the first one. */
static inline const struct pap_path_rule *path_rule(const struct plan_case *c, const char *path)
{
	for (size_t i = 0; i < c->plan->landlock.paths.count; i++)
		if (!strcmp(c->plan->landlock.paths.items[i].path, path))
			return &c->plan->landlock.paths.items[i];
	return NULL;
}

static inline uint64_t port_access(const struct plan_case *c, unsigned number)
{
	uint64_t access = 0;

	for (size_t i = 0; i < c->plan->landlock.ports.count; i++)
		if (c->plan->landlock.ports.items[i].port == number)
			access |= c->plan->landlock.ports.items[i].access;
	return access;
}

#endif
