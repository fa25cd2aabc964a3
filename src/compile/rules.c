/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From promises to a verdict for every call. The table says which promises permit
 * a call under which conditions; what is said here is only what depends on the
 * rest of the policy (ports, files), on the kernel (what Landlock cannot judge)
 * and on whether somebody answers notifications.
 *
 * Not here: what a call does or which promise it belongs to (table/), and how a
 * notified call is performed (supervise/).
 */
#include "compile/parts.h"

#include <errno.h>
#include <string.h>

#include "table/conditions.h"
#include "uapi/kernel.h"

/* Permission to change metadata: enough for the table, too much without a look at the file. */
#define METADATA (P(fattr) | P(chown))

enum { MAX_WORDS = 96 };

struct words { /* a reason that was spelt out already */
	pap_promises promises;
	int kind;
	const char *text;
};

struct builder {
	struct pap_plan *plan;
	const struct pap_net *net;
	struct pap_origin origin; /* of the promises */
	bool supervised;
	bool starting;	 /* the program may start, though exec is not promised */
	bool everywhere; /* writing is granted on "/" */
	unsigned abi;
	bool failed; /* out of memory */
	unsigned nwords;
	struct words words[MAX_WORDS];
};

/* ---- verdicts ------------------------------------------------------------------------------- */

static struct pap_rule allow(const struct builder *b, const struct pap_cond *cond,
			     const char *reason)
{
	return (struct pap_rule){
	    .cond = cond, .verdict = PAP_RET_ALLOW, .origin = b->origin, .reason = reason};
}

static struct pap_rule refuse(const struct builder *b, const struct pap_cond *cond, unsigned error,
			      const char *reason)
{
	return (struct pap_rule){.cond = cond,
				 .verdict = PAP_RET_ERRNO | error,
				 .refusal = (uint16_t)error,
				 .origin = b->origin,
				 .reason = reason};
}

static struct pap_rule notify(const struct builder *b, const struct pap_cond *cond,
			      enum pap_handler handler, unsigned error, const char *reason)
{
	return (struct pap_rule){.cond = cond,
				 .verdict = PAP_RET_USER_NOTIF,
				 .handler = (uint8_t)handler,
				 .refusal = (uint16_t)error,
				 .origin = b->origin,
				 .reason = reason};
}

/* What a call outside the policy meets. */
static struct pap_rule violation(const struct builder *b, const struct pap_cond *cond,
				 unsigned error, const char *reason)
{
	struct pap_rule rule = refuse(b, cond, error, reason);

	/* Promise error, as pledge has it: nothing dies, everything fails. */
	if (b->plan->policy->violation == PAP_VIOLATION_KILL) {
		rule.verdict = PAP_RET_KILL_PROCESS;
		return rule;
	}
	if (b->plan->promises & P(error))
		return refuse(b, cond, ENOSYS, reason);
	switch (b->plan->options.denial) {
	case PAP_DENIAL_NOTIFY:
		if (b->supervised)
			return notify(b, cond, PAP_BY_REPORT, error, reason);
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

/* ---- words ---------------------------------------------------------------------------------- */

enum { HELD, NEEDED };

/* "needs promises rpath and wpath", owned by the plan: equal sets share one string. */
static const char *words_of(struct builder *b, int kind, pap_promises promises)
{
	static const char *const before[] = {"", "needs "};
	struct pap_text text = {0};
	unsigned left = (unsigned)__builtin_popcountll(promises);
	char *words;

	for (unsigned i = 0; i < b->nwords; i++)
		if (b->words[i].promises == promises && b->words[i].kind == kind)
			return b->words[i].text;
	pap_text_str(&text, before[kind]);
	pap_text_str(&text, left > 1 ? "promises " : "promise ");
	for (unsigned id = 0; id < PAP_NPROMISES; id++) {
		if (!(promises & ((pap_promises)1 << id)))
			continue;
		left--;
		pap_text_str(&text, pap_promise_table[id].name);
		pap_text_str(&text, left > 1 ? ", " : left ? " and " : "");
	}
	words = text.failed ? NULL : pap_plan_alloc(b->plan, text.length + 1);
	if (words)
		memcpy(words, text.data, text.length);
	pap_text_free(&text);
	if (!words)
		return b->failed = true, "out of memory";
	if (b->nwords < MAX_WORDS)
		b->words[b->nwords++] = (struct words){promises, kind, words};
	return words;
}

/* Why nothing permitted the call. */
static const char *words_missing(struct builder *b, const struct pap_syscall *call)
{
	if (!call->npermits)
		return "no promise permits it";
	for (unsigned i = 0; i < call->npermits; i++)
		if (!(call->permits[i].promises & ~b->plan->promises))
			return "not with these arguments";
	return words_of(b, NEEDED, call->permits[0].promises & ~b->plan->promises);
}

/* ---- one call ------------------------------------------------------------------------------- */

static void add(struct builder *b, unsigned id, struct pap_rule rule)
{
	if (pap_filter_add(b->plan->spec, id, rule) < 0)
		b->failed = true;
}

static void otherwise(struct builder *b, unsigned id, struct pap_rule rule)
{
	rule.cond = NULL;
	b->plan->spec->calls[id].otherwise = rule;
}

/* Whether nothing but fattr or chown permits the call: then it does nothing but change metadata. */
static bool only_metadata(const struct pap_syscall *call)
{
	for (unsigned i = 0; i < call->npermits; i++)
		if (!call->permits[i].promises || (call->permits[i].promises & ~METADATA))
			return false;
	return call->npermits > 0;
}

/* What a program needs that was granted by name and starts, beyond its promises. */
static pap_promises promises_for(const struct builder *b, unsigned id)
{
	pap_promises promises = b->plan->promises;

	if (!b->starting)
		return promises;
	switch (id) {
	case PAP_SYS_mmap:
	case PAP_SYS_mprotect:
		return promises | P(exec); /* the dynamic loader maps code */
	case PAP_SYS_open:
	case PAP_SYS_openat:
		/* It opens libraries for reading; Landlock holds it to those. */
		return b->abi ? promises | P(rpath) : promises;
	default:
		return promises;
	}
}

/* The verdict of a permit whose promises are held; false: it does not count here. */
static bool permit_rule(struct builder *b, const struct pap_syscall *call,
			const struct pap_permit *permit, struct pap_rule *rule)
{
	unsigned id = pap_syscall_id(call);
	bool metadata = permit->promises && !(permit->promises & ~METADATA);
	const char *words =
	    permit->promises ? words_of(b, HELD, permit->promises) : "always permitted";

	*rule = allow(b, permit->cond, words);
	if (b->everywhere)
		return true;
	if (metadata || (id == PAP_SYS_truncate && b->abi < 3)) {
		/* Landlock has no say, so somebody must look at the very file. */
		*rule = notify(b, permit->cond, PAP_BY_METADATA, metadata ? EPERM : EACCES, words);
		return b->supervised && (only_metadata(call) || id == PAP_SYS_truncate);
	}
	return true;
}

static bool is_signal(unsigned id)
{
	return id == PAP_SYS_kill || id == PAP_SYS_tkill || id == PAP_SYS_tgkill ||
	       id == PAP_SYS_rt_sigqueueinfo || id == PAP_SYS_rt_tgsigqueueinfo;
}

static void refuse_rest(struct builder *b, const struct pap_syscall *call)
{
	unsigned id = pap_syscall_id(call);
	const char *words = words_missing(b, call);

	if (is_signal(id) && b->supervised && !(b->plan->promises & P(proc))) {
		otherwise(b, id, notify(b, NULL, PAP_BY_SIGNAL, EPERM, words));
		return;
	}
	if (!b->supervised && only_metadata(call) && (b->plan->promises & METADATA)) {
		otherwise(b, id, refuse(b, NULL, EPERM, "needs somebody who looks at the file"));
		return;
	}
	if (!b->supervised && id == PAP_SYS_truncate && (b->plan->promises & P(wpath))) {
		otherwise(b, id, refuse(b, NULL, EACCES, "needs somebody who looks at the file"));
		return;
	}
	if (!call->refusal) {
		otherwise(b, id, violation(b, NULL, EPERM, words));
		return;
	}
	if (call->grave)
		add(b, id, violation(b, call->grave, call->refusal, words));
	otherwise(b, id, refuse(b, NULL, call->refusal, words));
}

static void build_call(struct builder *b, const struct pap_syscall *call)
{
	unsigned id = pap_syscall_id(call);
	pap_promises promises = promises_for(b, id);

	for (unsigned i = 0; i < call->npermits; i++) {
		const struct pap_permit *permit = &call->permits[i];
		struct pap_rule rule;

		if ((permit->promises & ~promises) || !permit_rule(b, call, permit, &rule))
			continue;
		if (!rule.cond) {
			otherwise(b, id, rule);
			return;
		}
		add(b, id, rule);
	}
	refuse_rest(b, call);
}

/* ---- what depends on ports and on Landlock ---------------------------------------------------- */

static void build_listen(struct builder *b, const struct pap_syscall *call)
{
	unsigned id = pap_syscall_id(call);
	const struct pap_net *net = b->net;
	const char *words = "a socket that was never bound would listen on any port";
	struct pap_rule rule;

	if (!net->inet && !net->local) {
		build_call(b, call);
		return;
	}
	if (net->any[PAP_NET_LISTEN][PAP_NET_TCP])
		rule = allow(b, NULL, "every TCP port is granted");
	else if (b->supervised && (net->some[PAP_NET_LISTEN][PAP_NET_TCP] || net->local))
		rule = notify(b, NULL, PAP_BY_LISTEN, EACCES, words);
	else
		rule = violation(b, NULL, EACCES, "needs --listen PORT");
	if (net->some[PAP_NET_LISTEN][PAP_NET_TCP])
		rule.origin = net->origin[PAP_NET_LISTEN][PAP_NET_TCP];
	otherwise(b, id, rule);
}

/* Other families than the internet's bind and connect too, and their promises say so. */
static bool only_internet(const struct builder *b)
{
	return b->net->inet && !(b->plan->promises & (P(unix) | P(route) | P(wroute)));
}

/*
 * O_TRUNC with access mode read-only, whether or not the file may be created:
 * without Landlock's right to truncate, permission to read would be enough.
 */
static const struct pap_range truncating[] = {{PAP_O_TRUNC, PAP_O_TRUNC}};

#define TRUNCATING(argument)                                                                       \
	{                                                                                          \
		.name = "truncates_read_only(flags)", .about = "empties a file that it reads",     \
		.nclauses = 1, .clauses = &(const struct pap_clause){                              \
			.ntests = 1,                                                               \
			.tests = &(const struct pap_test){.arg = argument,                         \
							  .bits = 32,                              \
							  .mask = PAP_O_ACCMODE | PAP_O_TRUNC,     \
							  .nranges = 1,                            \
							  .ranges = truncating},                   \
		},                                                                                 \
	}

static const struct pap_cond truncating_open = TRUNCATING(1);
static const struct pap_cond truncating_openat = TRUNCATING(2);

/* execve of this very string: the launcher's last call, and the only one that it needs. */
static const struct pap_cond *exec_condition(struct builder *b)
{
	struct parts {
		struct pap_range range;
		struct pap_test test;
		struct pap_clause clause;
		struct pap_cond cond;
	} *parts = pap_plan_alloc(b->plan, sizeof(*parts));
	uint64_t pointer = b->plan->options.exec_pointer;

	if (!parts) {
		b->failed = true;
		return NULL;
	}
	parts->range = (struct pap_range){pointer, pointer};
	parts->test = (struct pap_test){
	    .arg = 0, .bits = 64, .nranges = 1, .mask = UINT64_MAX, .ranges = &parts->range};
	parts->clause = (struct pap_clause){.tests = &parts->test, .ntests = 1};
	parts->cond = (struct pap_cond){.name = "the launcher's own string",
					.about = "starts the program that was named",
					.clauses = &parts->clause,
					.nclauses = 1};
	return &parts->cond;
}

static void build_special(struct builder *b, const struct pap_syscall *call)
{
	unsigned id = pap_syscall_id(call);
	const struct pap_net *net = b->net;

	switch (id) {
	case PAP_SYS_listen:
		build_listen(b, call);
		return;
	case PAP_SYS_connect:
		if (!only_internet(b) || !net->refuse_connect)
			break;
		otherwise(b, id, violation(b, NULL, EACCES, "needs --connect PORT"));
		return;
	case PAP_SYS_bind:
		if (!only_internet(b) || !net->refuse_bind)
			break;
		otherwise(b, id, violation(b, NULL, EACCES, "needs --listen PORT"));
		return;
	case PAP_SYS_socket:
		if (net->inet && !net->some[PAP_NET_CONNECT][PAP_NET_UDP] &&
		    !net->some[PAP_NET_LISTEN][PAP_NET_UDP])
			add(b, id, violation(b, &pap_cond_socket_udp, EACCES,
					     "needs --connect udp:PORT or --listen udp:PORT"));
		break;
	case PAP_SYS_open:
	case PAP_SYS_openat:
		if (b->abi < 3 && !b->everywhere)
			add(b, id, refuse(b, id == PAP_SYS_open ? &truncating_open : &truncating_openat,
					  EACCES, "empties a file that it opens for reading"));
		break;
	case PAP_SYS_execve:
		if (b->starting)
			add(b, id, allow(b, exec_condition(b), "start of the program"));
		break;
	default:
		break;
	}
	build_call(b, call);
}

int pap_rules_build(struct pap_plan *plan, const struct pap_net *net)
{
	const struct pap_plan_options *options = &plan->options;
	enum pap_arch arch = options->features->arch;
	struct builder b = {
	    .plan = plan,
	    .net = net,
	    .origin = plan->policy->promises_given
			  ? plan->policy->promises_origin
			  : (struct pap_origin){.source = "default promises"},
	    .supervised = options->supervisor,
	    .starting = options->exec_pointer && !(plan->promises & P(exec)),
	    .everywhere = pap_writes_everywhere(plan->policy),
	    .abi = options->features->landlock_abi,
	};
	struct pap_rule unknown = refuse(&b, NULL, ENOSYS, "not in the table");

	plan->spec =
	    pap_filter_spec_new(arch, PAP_RET_KILL_PROCESS, PAP_RET_ERRNO | ENOSYS, unknown);
	if (!plan->spec)
		return -ENOMEM;
	plan->spec->self_tgid = options->self_tgid;
	for (unsigned id = 0; id < PAP_NSYSCALLS; id++)
		if (pap_syscall_table[id].number[arch] >= 0)
			build_special(&b, &pap_syscall_table[id]);
	return b.failed ? -ENOMEM : 0;
}
