/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls whose verdict depends on more than their promises: on granted ports, on
 * what this kernel's Landlock judges, on what is being started. Each falls back to
 * what the table says.
 */
#include "compile/rules.h"

#include <errno.h>

#include "uapi/kernel.h"

static void build_listen(struct pap_builder *b, const struct pap_syscall *call)
{
	unsigned id = pap_syscall_id(call);
	const struct pap_net *net = b->net;
	const char *words = "a socket that was never bound would listen on any port";
	struct pap_rule rule;

	if (!net->inet && !net->local) {
		pap_rules_call(b, call);
		return;
	}
	if (net->any[PAP_NET_LISTEN][PAP_NET_TCP])
		rule = pap_rule_allow(b, NULL, "every TCP port is granted");
	else if (b->supervised && (net->some[PAP_NET_LISTEN][PAP_NET_TCP] || net->local))
		rule = pap_rule_notify(b, NULL, PAP_BY_LISTEN, EACCES, words);
	else
		rule = pap_rule_violation(b, NULL, EACCES, "needs --listen PORT");
	if (net->some[PAP_NET_LISTEN][PAP_NET_TCP])
		rule.origin = net->origin[PAP_NET_LISTEN][PAP_NET_TCP];
	pap_rules_otherwise(b, id, rule);
}

/*
 * O_TRUNC with access mode read-only, whether or not the file may be created:
 * without Landlock's right to truncate, permission to read would be enough.
 */
static const struct pap_range truncating[] = {{PAP_O_TRUNC, PAP_O_TRUNC}};

#define TRUNCATING(argument)                                                                   \
	{                                                                                      \
		.name = "truncates_read_only(flags)", .about = "empties a file that it reads", \
		.nclauses = 1,                                                                 \
		.clauses = &(const struct pap_clause){                                         \
		    .ntests = 1,                                                               \
		    .tests = &(const struct pap_test){.arg = argument,                         \
						      .bits = 32,                              \
						      .mask = PAP_O_ACCMODE | PAP_O_TRUNC,     \
						      .nranges = 1,                            \
						      .ranges = truncating},                   \
		},                                                                             \
	}

static const struct pap_cond truncating_open = TRUNCATING(1);
static const struct pap_cond truncating_openat = TRUNCATING(2);

/*
 * execve of this very string: the launcher's last call, and the only one that it needs.
 * The program can put a string of its own where the launcher's was; what it cannot know
 * is the number that goes with it.
 */
static const struct pap_cond *exec_condition(struct pap_builder *b)
{
	struct parts {
		struct pap_range ranges[2];
		struct pap_test tests[2];
		struct pap_clause clause;
		struct pap_cond cond;
	} *parts = pap_plan_alloc(b->plan, sizeof(*parts));
	const struct pap_plan_options *options = &b->plan->options;
	const uint64_t values[2] = {options->exec_pointer, options->exec_secret};
	const uint8_t arguments[2] = {0, 5};

	if (!parts) {
		b->failed = true;
		return NULL;
	}
	for (unsigned i = 0; i < 2; i++) {
		parts->ranges[i] = (struct pap_range){values[i], values[i]};
		parts->tests[i] = (struct pap_test){.arg = arguments[i],
						    .bits = 64,
						    .nranges = 1,
						    .mask = UINT64_MAX,
						    .ranges = &parts->ranges[i]};
	}
	parts->clause = (struct pap_clause){.tests = parts->tests, .ntests = 2};
	parts->cond = (struct pap_cond){.name = "the launcher's own string",
					.about = "starts the program that was named",
					.clauses = &parts->clause,
					.nclauses = 1};
	return &parts->cond;
}

static void allow_start(struct pap_builder *b)
{
	struct pap_rule rule = pap_rule_allow(b, exec_condition(b), "start of the program");

	rule.handler = PAP_BY_LAUNCHER;
	pap_rules_add(b, PAP_SYS_execve, rule);
}

static void refuse_truncating(struct pap_builder *b, unsigned id)
{
	const struct pap_cond *cond = id == PAP_SYS_open ? &truncating_open : &truncating_openat;
	const char *words = "empties a file that it opens for reading";

	pap_rules_add(b, id, pap_rule_refuse(b, cond, EACCES, words));
}

static void refuse_datagrams(struct pap_builder *b)
{
	const char *words = "needs --connect udp:PORT or --listen udp:PORT";

	if (b->net->some[PAP_NET_CONNECT][PAP_NET_UDP] || b->net->some[PAP_NET_LISTEN][PAP_NET_UDP])
		return;
	pap_rules_add(b, PAP_SYS_socket,
		      pap_rule_violation(b, &pap_cond_socket_udp, EACCES, words));
}

static void refuse_all(struct pap_builder *b, unsigned id, const char *words)
{
	pap_rules_otherwise(b, id, pap_rule_violation(b, NULL, EACCES, words));
}

void pap_rules_special(struct pap_builder *b, const struct pap_syscall *call)
{
	unsigned id = pap_syscall_id(call);
	const struct pap_net *net = b->net;

	if (b->plan->options.pledged && pap_rules_pledged(b, call))
		return;
	switch (id) {
	case PAP_SYS_listen:
		build_listen(b, call);
		return;
	case PAP_SYS_connect:
		if (!net->refuse_connect)
			break;
		refuse_all(b, id, "needs --connect PORT");
		return;
	case PAP_SYS_bind:
		if (!net->refuse_bind)
			break;
		refuse_all(b, id, "needs --listen PORT");
		return;
	case PAP_SYS_socket:
		if (net->inet)
			refuse_datagrams(b);
		break;
	case PAP_SYS_open:
	case PAP_SYS_openat:
		if (b->abi < 3 && !b->everywhere)
			refuse_truncating(b, id);
		break;
	case PAP_SYS_execve:
		if (b->starting || (b->plan->options.trace && b->plan->options.exec_pointer))
			allow_start(b);
		break;
	default:
		pap_rules_identity(b, call);
		break;
	}
	pap_rules_call(b, call);
}
