/* SPDX-License-Identifier: BSD-2-Clause */
#include "apply/launch.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apply/capabilities.h"
#include "apply/limits.h"
#include "kernel/raw.h"

enum { STACK_SIZE = 16 * 1024, PAP_LAUNCH_FAILED = 127 };

#define PERSONALITY_QUERY 0xffffffffu

enum step { DIRECTORY, LIMITS, CAPABILITIES, PRIVILEGES, LANDLOCK, FILTER, EXECUTE, DONE };

static const char *const step_names[] = {
    [DIRECTORY] = "enter the directory",
    [LIMITS] = "set limits",
    [CAPABILITIES] = "give capabilities up",
    [PRIVILEGES] = "set no_new_privs",
    [LANDLOCK] = "enter the Landlock domain",
    [FILTER] = "install the system call filter",
    [EXECUTE] = "execute the program",
};

struct shared { /* with the child, which runs while we stand still */
	const struct pap_launch *launch;
	enum step step;
	int error;
	int listener;
};

/* struct sock_fprog */
struct filter_program {
	unsigned short length;
	const struct pap_bpf_insn *insns;
};

static int install_filter(const struct pap_plan *plan)
{
	struct filter_program program = {plan->filter.length, plan->filter.insns};
	unsigned flags = 0;

	if (plan->options.supervisor) {
		flags = PAP_SECCOMP_FILTER_FLAG_NEW_LISTENER;
		/* Without it a signal makes a notified call start again: it is done twice. */
		if (plan->options.features->seccomp_wait_killable)
			flags |= PAP_SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	}
	return pap_raw_seccomp(PAP_SECCOMP_SET_MODE_FILTER, flags, &program);
}

static int confine(struct shared *shared)
{
	const struct pap_launch *launch = shared->launch;
	int rc;

	shared->step = DIRECTORY;
	if (launch->directory && chdir(launch->directory) < 0)
		return -errno;
	shared->step = LIMITS;
	if (setrlimit(RLIMIT_NOFILE, &launch->files) < 0)
		return -errno;
	rc = pap_limits_apply(launch->plan->policy);
	if (rc < 0)
		return rc;
	shared->step = CAPABILITIES;
	rc = pap_capabilities_reduce(launch->keep);
	if (rc < 0)
		return rc;
	shared->step = PRIVILEGES;
	/* Inherited, it would make every readable mapping executable. */
	if (personality(personality(PERSONALITY_QUERY) & ~(unsigned long)READ_IMPLIES_EXEC) < 0)
		return -errno;
	/* Whoever kills the launcher kills the program: nobody would answer for it. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	shared->step = LANDLOCK;
	if (launch->ruleset >= 0) {
		rc = pap_raw_landlock_restrict_self(launch->ruleset, 0);
		if (rc < 0)
			return rc;
	}
	if (sigprocmask(SIG_SETMASK, &launch->signals, NULL) < 0)
		return -errno;
	shared->step = FILTER;
	rc = install_filter(launch->plan);
	if (rc < 0)
		return rc;
	if (launch->plan->options.supervisor)
		shared->listener = rc;
	return 0;
}

static int child_main(void *argument)
{
	struct shared *shared = argument;
	const struct pap_launch *launch = shared->launch;
	int rc = confine(shared);

	if (!rc) {
		shared->step = EXECUTE;
		rc = pap_raw_execve(launch->program, launch->argv, launch->environment,
				    launch->plan->options.exec_secret);
	}
	shared->error = rc;
	_exit(PAP_LAUNCH_FAILED);
}

int pap_launch(const struct pap_launch *launch, pid_t *child, int *listener, bool *executed,
	       struct pap_error *err)
{
	struct shared shared = {.launch = launch, .step = DIRECTORY, .listener = -1};
	char *stack;
	pid_t pid;

	*executed = false;
	stack = malloc(STACK_SIZE);
	if (!stack)
		return pap_fail(err, -ENOMEM, "out of memory");
	if (launch->reserve >= 0)
		close(launch->reserve);
	pid = clone(child_main, stack + STACK_SIZE, CLONE_VM | CLONE_VFORK | CLONE_FILES | SIGCHLD,
		    &shared);
	if (pid < 0) {
		int error = errno;

		free(stack);
		return pap_fail(err, -error, "cannot make a process: %s", strerror(error));
	}
	free(stack);
	if (!shared.error) {
		*child = pid;
		*listener = shared.listener;
		return 0;
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (shared.listener >= 0)
		close(shared.listener);
	*executed = shared.step == EXECUTE;
	return pap_fail(err, shared.error, "cannot %s: %s", step_names[shared.step],
			strerror(-shared.error));
}
