/* SPDX-License-Identifier: BSD-2-Clause */
#include "pledge/state.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/raw.h"

struct pap_pledge_state pap_pledge;

/* ---- one at a time ----------------------------------------------------------------------- */

/*
 * Spinning, because with no promise left neither sleeping nor waking is permitted, and
 * a pledge takes a fraction of a millisecond.
 */
static atomic_flag busy = ATOMIC_FLAG_INIT;
static sigset_t before;

void pap_pledge_lock(void)
{
	sigset_t all, old;

	sigfillset(&all);
	sigdelset(&all, SIGSYS); /* to fork can be a violation */
	sigprocmask(SIG_BLOCK, &all, &old);
	while (atomic_flag_test_and_set_explicit(&busy, memory_order_acquire))
		;
	before = old;
}

void pap_pledge_unlock(void)
{
	sigset_t old = before;

	atomic_flag_clear_explicit(&busy, memory_order_release);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

/* ---- fork -------------------------------------------------------------------------------- */

static bool known;

static void before_fork(void)
{
	pap_pledge_lock();
	known = pap_pledge.process == getpid();
}

static void after_fork(void)
{
	if (known)
		pap_pledge.process = getpid();
	pap_pledge_unlock();
}

__attribute__((constructor)) static void watch_forks(void)
{
	pthread_atfork(before_fork, pap_pledge_unlock, after_fork);
}

/* ---- questions --------------------------------------------------------------------------- */

const struct pap_filter_spec *pap_rules_in_force(void)
{
	if (pap_pledge.process != getpid())
		return NULL;
	return pap_pledge.plan ? pap_pledge.plan->spec : pap_pledge.veil_rules;
}

const struct pap_features *pap_pledge_features(void)
{
	static struct pap_features features;
	int abi;

	if (features.label)
		return &features;
	features.label = "this kernel";
	features.arch = pap_arch_native();
	abi = pap_raw_landlock_create_ruleset(NULL, 0, PAP_LANDLOCK_CREATE_RULESET_VERSION);
	features.landlock_abi = abi > 0 ? (unsigned)abi : 0;
	features.seccomp_filter = pap_raw_seccomp(PAP_SECCOMP_SET_MODE_FILTER,
						  PAP_SECCOMP_FILTER_FLAG_TSYNC, NULL) == -EFAULT;
	return &features;
}

/*
 * The directory's link count tells. The flag has no meaning for a name that is not
 * empty, but it is the form of the call that every set of promises permits.
 */
bool pap_other_threads(void)
{
	struct stat st;

	return fstatat(AT_FDCWD, "/proc/self/task", &st, AT_EMPTY_PATH) < 0 || st.st_nlink != 3;
}
