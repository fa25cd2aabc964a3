/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What differs when a process confines itself, as pledge(2) does: its library's own
 * calls must work once more, files that promises open by themselves are let through
 * to Landlock, and a violation must be able to end the process.
 *
 * Not here: which files those are (pledge/), and everything that paprika run and
 * libpledge have in common.
 */
#include "compile/rules.h"

#include <errno.h>

pap_promises pap_promises_pledged(const struct pap_builder *b, unsigned id)
{
	pap_promises promises = b->plan->promises;

	/* Nothing can be given up any more: nothing is needed for it. */
	if (!promises)
		return promises;
	switch (id) {
	case PAP_SYS_brk:
	case PAP_SYS_futex:
	case PAP_SYS_landlock_add_rule:
	case PAP_SYS_landlock_create_ruleset:
	case PAP_SYS_landlock_restrict_self:
	case PAP_SYS_mremap:
	case PAP_SYS_munmap:
	case PAP_SYS_prctl:
	case PAP_SYS_seccomp:
		return promises | P(stdio);
	case PAP_SYS_mmap: /* with a key, a program's loader is about to map code */
		return promises | P(stdio) | (b->plan->options.exec_key ? P(exec) : 0);
	case PAP_SYS_getcwd:
	case PAP_SYS_lstat:
	case PAP_SYS_readlink:
	case PAP_SYS_readlinkat:
	case PAP_SYS_stat:
		/* unveil() looks names up */
		return promises & P(unveil) ? promises | P(rpath) : promises;
	case PAP_SYS_newfstatat: /* the same, and counts threads */
		return promises | P(stdio) | (promises & P(unveil) ? P(rpath) : 0);
	default:
		return promises;
	}
}

/* Its permits are promises to change metadata, and it takes a descriptor instead of a path. */
bool pap_changes_open_file(const struct pap_syscall *call)
{
	for (unsigned i = 0; i < call->nexercises; i++)
		if (call->exercises[i].touch == PAP_X_PATH ||
		    call->exercises[i].touch == PAP_X_LOOKUP)
			return false;
	return true;
}

static const char by_tmppath[] = "promise tmppath";

static void let_open(struct pap_builder *b, unsigned id)
{
	bool at = id == PAP_SYS_openat;
	unsigned opens = b->plan->options.opens;

	if (b->plan->options.creates)
		pap_rules_add(b, id,
			      pap_rule_allow(
				  b, at ? &pap_cond_openat_anything : &pap_cond_open_anything,
				  by_tmppath));
	if (opens & PAP_ACCESS_READ)
		pap_rules_add(b, id,
			      pap_rule_allow(b, at ? &pap_cond_openat_reads : &pap_cond_open_reads,
					     "files that promises bring along"));
	else if (b->plan->promises & P(unveil))
		pap_rules_add(b, id,
			      pap_rule_allow(b, at ? &pap_cond_openat_handle : &pap_cond_open_handle,
					     "promise unveil"));
	if (opens & PAP_ACCESS_WRITE)
		pap_rules_add(b, id,
			      pap_rule_allow(b, at ? &pap_cond_openat_device : &pap_cond_open_device,
					     "devices that promises bring along"));
}

/* The sixth argument, which the kernel does not look at. */
static const struct pap_cond *key_condition(struct pap_builder *b)
{
	struct parts {
		struct pap_range range;
		struct pap_test test;
		struct pap_clause clause;
		struct pap_cond cond;
	} *parts = pap_plan_alloc(b->plan, sizeof(*parts));
	uint64_t key = b->plan->options.exec_key;

	if (!parts) {
		b->failed = true;
		return NULL;
	}
	parts->range = (struct pap_range){key, key};
	parts->test = (struct pap_test){
	    .arg = 5, .bits = 64, .nranges = 1, .mask = UINT64_MAX, .ranges = &parts->range};
	parts->clause = (struct pap_clause){.tests = &parts->test, .ntests = 1};
	parts->cond = (struct pap_cond){.name = "the library's own call",
					.about = "the library's own call",
					.clauses = &parts->clause,
					.nclauses = 1};
	return &parts->cond;
}

static void keep_handler(struct pap_builder *b, unsigned id)
{
	const struct pap_plan_options *options = &b->plan->options;
	const char *words = "the handler of violations stays";

	pap_rules_add(b, id, pap_rule_allow(b, &pap_cond_sigaction_abort, "end after a violation"));
	if (options->keeps_handler || options->ignores_handler)
		pap_rules_add(b, id,
			      pap_rule_refuse(b, &pap_cond_sigaction_violation,
					      options->ignores_handler ? 0 : EPERM, words));
}

/* With a key nobody else executes anything: the handler of violations does it. */
static bool guard_exec(struct pap_builder *b, unsigned id)
{
	if (!b->plan->options.exec_key)
		return false;
	if (id == PAP_SYS_execve)
		pap_rules_add(b, id, pap_rule_allow(b, key_condition(b), "promise exec"));
	pap_rules_otherwise(b, id, pap_rule_violation(b, NULL, EPERM, "not by this way"));
	return true;
}

bool pap_rules_pledged(struct pap_builder *b, const struct pap_syscall *call)
{
	unsigned id = pap_syscall_id(call);

	switch (id) {
	case PAP_SYS_open:
	case PAP_SYS_openat:
		let_open(b, id);
		break;
	case PAP_SYS_rt_sigaction:
		keep_handler(b, id);
		break;
	case PAP_SYS_unlink:
		if (!b->plan->options.creates)
			break;
		pap_rules_otherwise(b, id, pap_rule_allow(b, NULL, by_tmppath));
		return true;
	case PAP_SYS_unlinkat:
		if (b->plan->options.creates)
			pap_rules_add(b, id,
				      pap_rule_allow(b, &pap_cond_unlinkat_file, by_tmppath));
		break;
	case PAP_SYS_utimensat:
		if (b->plan->promises & P(fattr))
			pap_rules_add(b, id,
				      pap_rule_allow(b, &pap_cond_utimensat_open_file,
						     "times of an open file"));
		break;
	case PAP_SYS_execve:
	case PAP_SYS_execveat:
		return guard_exec(b, id);
	default:
		break;
	}
	return false;
}
