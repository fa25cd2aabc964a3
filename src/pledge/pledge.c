/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pledge(): everything that can fail is prepared first, then the process becomes
 * tighter in at most two steps, the domain before the filter that leans on it.
 */
#include <errno.h>
#include <limits.h>
#include <pledge.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "kernel/raw.h"
#include "pledge/domain.h"
#include "pledge/exec.h"
#include "pledge/rules.h"
#include "pledge/state.h"
#include "pledge/veil.h"
#include "pledge/violation.h"
#include "pledge/words.h"

#define P(name) ((pap_promises)1 << PAP_PROMISE_##name)

struct step { /* what one call is about to do */
	pap_promises promises, effective;
	pap_promises exec_promises;
	bool exec_given;
	bool known; /* the kernel's side is as this process remembers it */
	bool threads;
	bool soft;    /* violations in programs that are executed are refused, not deadly */
	bool guarded; /* such programs promise less */
	bool lock; /* what was unveiled is enforced in any case */
	bool veil; /* it is enforced in this step */
	struct pap_domain domain;
	struct pap_policy *policy;
	struct pap_plan *plan;		    /* NULL: a lock without a pledge, which has */
	struct pap_filter_spec *veil_rules; /* these instead */
	struct pap_filter_spec *difference;
	struct pap_program program;
	struct pap_bpf_insn *soft_insns; /* in place of the program's; NULL: these */
	uint16_t soft_length;
	struct pap_program *guard;
	int ruleset;
};

/* ---- what is asked for ------------------------------------------------------------------- */

static int parse(const char *words, pap_promises *promises)
{
	char copy[PATH_MAX];
	int rc = pap_copy_string(copy, sizeof(copy), words);

	return rc < 0 ? rc : pap_parse_promises(copy, promises);
}

/*
 * Sets only shrink. With "error" in force asking for more is no mistake for promises,
 * which are cut; execpromises know no such mercy.
 */
static int shrink(struct step *step)
{
	const struct pap_pledge_state *now = &pap_pledge;

	if (now->pledged && (step->promises & ~now->promises)) {
		if (!(now->promises & P(error)))
			return -EPERM;
		step->promises &= now->promises;
	}
	if (now->exec_given && (step->exec_promises & ~now->exec_promises))
		return -EPERM;
	return 0;
}

/* Whether the calls that stdio permits are permitted now. */
static bool may_ask(void)
{
	return !pap_pledge.pledged || (pap_pledge.promises & P(stdio));
}

/*
 * What a program that is executed may do is decided by filters that it inherits: no
 * more than its caller, less where an own filter goes in before it, or nothing.
 */
static int settle_exec(struct step *step)
{
	step->effective = step->promises;
	if (!(step->promises & P(exec)))
		return 0;
	if (!step->exec_given) {
		step->soft = true;
		return 0;
	}
	if (!step->exec_promises) {
		step->effective &= ~P(exec);
		return 0;
	}
	if (step->exec_promises & ~step->promises)
		return -ENOTSUP;
	step->guarded = step->exec_promises != step->promises;
	/* What traps the caller's execve would trap that program's, too, which has no key. */
	if (step->guarded && ((step->exec_promises & P(exec)) || !pap_exec_key(may_ask())))
		return -ENOTSUP;
	return 0;
}

static int read_arguments(struct step *step, const char *promises, const char *execpromises)
{
	const struct pap_pledge_state *now = &pap_pledge;
	int rc = 0;

	step->promises = now->pledged ? now->promises : ~(pap_promises)0;
	step->exec_promises = now->exec_promises;
	step->exec_given = now->exec_given;
	if (promises)
		rc = parse(promises, &step->promises);
	if (!rc && execpromises) {
		step->exec_given = true;
		rc = parse(execpromises, &step->exec_promises);
	}
	return rc ? rc : shrink(step);
}

/* ---- preparing --------------------------------------------------------------------------- */

static int plan(struct step *step)
{
	struct pap_pledge_rules rules = {
	    .opens = step->domain.opens,
	    .creates = step->domain.creates,
	    .veiled = step->veil || pap_pledge.enforced,
	    .exec_key = step->guarded ? pap_exec_key(false) : 0,
	};

	if (step->lock && !pap_pledge.pledged) {
		step->veil_rules = pap_rules_veil();
		return step->veil_rules ? 0 : -ENOMEM;
	}
	return pap_pledge_plan(step->effective, &rules, &step->policy, &step->plan);
}

static bool same_domain(const struct pap_domain *a, const struct pap_domain *b)
{
	return a->opens == b->opens && a->creates == b->creates && a->ports == b->ports &&
	       a->files == b->files;
}

/* The rules that are not in force yet, as a program; none when all of them are. */
static int compile(struct step *step)
{
	const struct pap_filter_spec *wanted = step->plan ? step->plan->spec : step->veil_rules;
	const struct pap_filter_spec *present = pap_rules_in_force();
	int rc = 0;

	if (present) {
		rc = pap_rules_difference(wanted, present, &step->difference);
		wanted = step->difference;
	}
	if (!rc && wanted)
		rc = pap_filter_compile(wanted, &step->program, NULL);
	if (!rc && wanted && step->soft) {
		step->soft_insns = pap_exec_soften(&step->program, &step->soft_length);
		rc = step->soft_insns ? 0 : -ENOMEM;
	}
	return rc;
}

/* Rules, programs and ruleset; what is in force already is not made again. */
static int prepare(struct step *step)
{
	struct pap_domain_wish wish = {.domain = step->domain, .veil = step->veil};
	bool covered = step->known && same_domain(&step->domain, &pap_pledge.domain);
	int rc = plan(step);

	if (rc < 0)
		return rc;
	wish.plan = step->plan;
	if (step->veil || !covered)
		rc = pap_domain_make(&wish, &step->ruleset);
	if (!rc)
		rc = compile(step);
	if (!rc && step->guarded)
		rc = pap_exec_prepare(step->exec_promises, step->veil || pap_pledge.enforced,
				      &step->guard);
	return rc;
}

static void discard(struct step *step)
{
	pap_program_free(&step->program);
	pap_exec_discard(step->guard);
	free(step->soft_insns);
	pap_filter_spec_free(step->difference);
	pap_filter_spec_free(step->veil_rules);
	pap_plan_free(step->plan);
	pap_policy_free(step->policy);
	if (step->ruleset >= 0)
		close(step->ruleset);
	step->program = (struct pap_program){0};
	step->soft_insns = NULL;
	step->guard = NULL;
	step->difference = step->veil_rules = NULL;
	step->plan = NULL;
	step->policy = NULL;
	step->ruleset = -1;
}

/* The stricter way: the filter refuses what a domain would have judged. */
static int prepare_without_domain(struct step *step)
{
	discard(step);
	step->domain = (struct pap_domain){0};
	return prepare(step);
}

/* ---- carrying out ------------------------------------------------------------------------ */

static int carry_out(struct step *step)
{
	int rc = 0;

	if (pap_pledge.process != getpid() && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	if (step->ruleset >= 0) {
		rc = pap_domain_enter(step->ruleset, step->threads);
		if (rc < 0 && step->veil)
			return rc;
		if (rc < 0)
			rc = prepare_without_domain(step);
	}
	if (rc || !step->program.insns)
		return rc;
	if (step->guarded)
		pap_exec_guard(step->guard, step->effective & P(rpath));
	step->guard = NULL;
	rc = pap_rules_install(step->soft_insns ? step->soft_insns : step->program.insns,
			       step->soft_insns ? step->soft_length : step->program.length);
	if (!rc && step->plan)
		pap_violation_promises(step->effective);
	return rc;
}

static void remember(struct step *step)
{
	struct pap_pledge_state *now = &pap_pledge;

	pap_plan_free(now->plan);
	pap_policy_free(now->policy);
	pap_filter_spec_free(now->veil_rules);
	now->plan = step->plan;
	now->policy = step->policy;
	now->veil_rules = step->veil_rules;
	step->plan = NULL;
	step->policy = NULL;
	step->veil_rules = NULL;
	now->process = getpid();
	now->domain = step->domain;
	now->enforced |= step->veil;
	if (!now->plan)
		return;
	now->pledged = true;
	now->promises = step->promises;
	now->locked |= !(step->promises & P(unveil));
}

/* What was unveiled binds when no more can be, and whether or not the names still matter. */
static void decide(struct step *step)
{
	const struct pap_pledge_state *now = &pap_pledge;
	bool bindable;

	step->known = now->process == getpid();
	step->threads = pap_other_threads();
	step->veil = now->unveiled && (!now->enforced || !step->known) &&
		     (step->lock || (!(step->promises & P(unveil)) &&
				     (step->promises & PAP_PLEDGE_PATHS)));
	bindable = !step->threads || pap_pledge_features()->landlock_abi >= PAP_ABI_ALL_THREADS;
	if (bindable)
		step->domain = pap_domain_of(step->effective);
}

/*
 * In programs of a certain age whatever can be read can be executed, so that a mapping
 * does not have to ask for it. Each thread has this setting for itself.
 */
static int forbid_implied_code(const struct step *step)
{
	int now;

	if ((step->effective & P(prot_exec)) || !may_ask())
		return 0;
	now = personality(0xffffffff);
	if (now < 0 || !(now & READ_IMPLIES_EXEC))
		return 0;
	if (step->threads)
		return -EBUSY;
	/* an earlier pledge permits no setting but plain Linux */
	now = pap_pledge.pledged ? PER_LINUX : now & ~READ_IMPLIES_EXEC;
	return personality((unsigned long)now) < 0 ? -errno : 0;
}

static int apply(struct step *step)
{
	int rc;

	if (!pap_pledge_features()->seccomp_filter)
		return -ENOSYS;
	decide(step);
	if (step->veil)
		rc = pap_veil_possible(step->threads);
	else
		rc = 0;
	if (!rc)
		rc = prepare(step);
	if (rc == -E2BIG && !step->veil)
		rc = prepare_without_domain(step);
	if (!rc && step->plan)
		rc = forbid_implied_code(step);
	if (!rc && step->plan)
		rc = pap_violation_prepare(may_ask());
	if (!rc)
		rc = carry_out(step);
	if (!rc)
		remember(step);
	discard(step);
	return rc;
}

static bool nothing_new(const struct step *step)
{
	const struct pap_pledge_state *now = &pap_pledge;

	return now->pledged && now->process == getpid() && step->promises == now->promises &&
	       step->exec_given == now->exec_given && step->exec_promises == now->exec_promises;
}

static int change(const char *promises, const char *execpromises)
{
	struct step step = {.ruleset = -1};
	int rc = read_arguments(&step, promises, execpromises);

	if (rc < 0 || nothing_new(&step))
		return rc;
	/* Without a filter a program that is executed would have every promise. */
	if (!promises && execpromises && !pap_pledge.pledged)
		return -ENOTSUP;
	if (promises || pap_pledge.pledged) {
		rc = settle_exec(&step);
		if (!rc)
			rc = apply(&step);
	}
	if (!rc) {
		pap_pledge.exec_given = step.exec_given;
		pap_pledge.exec_promises = step.exec_promises;
	}
	return rc;
}

int pap_pledge_lock_veil(void)
{
	struct step step = {.ruleset = -1, .lock = true};
	int rc = 0;

	if (!pap_pledge.unveiled || (pap_pledge.enforced && pap_pledge.process == getpid()))
		return 0;
	step.promises = step.effective = ~(pap_promises)0;
	if (pap_pledge.pledged) {
		step.promises = pap_pledge.promises;
		step.exec_given = pap_pledge.exec_given;
		step.exec_promises = pap_pledge.exec_promises;
		rc = settle_exec(&step);
	}
	return rc ? rc : apply(&step);
}

int pledge(const char *promises, const char *execpromises)
{
	int saved = errno, rc;

	pap_pledge_lock();
	rc = change(promises, execpromises);
	pap_pledge_unlock();
	errno = rc < 0 ? -rc : saved;
	return rc < 0 ? -1 : 0;
}
