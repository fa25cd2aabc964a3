/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * paprika run, second half: from a plan to the program's end. The order of the
 * steps is the point of this file; what each does stands in the layer it calls.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apply/capabilities.h"
#include "apply/launch.h"
#include "apply/limits.h"
#include "apply/ruleset.h"
#include "apply/walls.h"
#include "cli/cli.h"
#include "cli/run.h"
#include "supervise/serve.h"

static uint64_t kept_capabilities(const struct pap_policy *policy)
{
	uint64_t keep = 0;

	for (size_t i = 0; i < policy->capabilities.count; i++) {
		int number = pap_capability_find(policy->capabilities.items[i].name);

		if (number >= 0)
			keep |= (uint64_t)1 << number;
	}
	return keep;
}

static int pin(void *context, const struct pap_path_rule *rule, int fd, const struct stat *st)
{
	struct pap_run *run = context;
	int rc;

	/* Grants for reading only matter to who is asked which one is missing. */
	if (!(rule->access & PAP_ACCESS_WRITE) && !run->options.trace)
		return 0;
	rc = pap_pins_add(&run->pins, fd, st, rule->access);
	return rc < 0 ? rc : 1;
}

/* Grants for writing stay open while the program runs: their number is not its business. */
static void raise_own_limit(struct rlimit *before)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, before) < 0)
		return;
	limit = *before;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int exec_failed(struct pap_run *run, int code, struct pap_error *err)
{
	const struct pap_program_file *missing = NULL;
	char shown[256];

	pap_escape(shown, sizeof(shown), run->needed.items[0].path,
		   strlen(run->needed.items[0].path));
	if (code == -EACCES)
		missing = pap_program_missing(&run->needed, run->policy->files.items,
					      run->policy->files.count, NULL);
	pap_fail(err, code, "cannot execute \"%s\": %s", shown, strerror(-code));
	if (missing) {
		char path[256];

		pap_hint(err, "%s %s is missing", pap_program_flag(missing->access),
			 pap_escape(path, sizeof(path), missing->path, strlen(missing->path)));
	}
	pap_cli_error(err);
	return pap_run_program_status(code);
}

/*
 * A report in one write that does not block: whoever stops the terminal, or reads
 * from the other end of a pipe, must not stop the supervisor and its clock. What
 * cannot be said at once is not said.
 */
static void say(void *context, const char *text)
{
	struct pollfd out = {.fd = STDERR_FILENO, .events = POLLOUT};
	char line[2048]; /* below PIPE_BUF */
	int length = snprintf(line, sizeof(line), "paprika: %s\n", text);

	(void)context;
	if (length >= (int)sizeof(line)) {
		length = (int)sizeof(line) - 1;
		line[length - 1] = '\n';
	}
	if (poll(&out, 1, 0) == 1 && out.revents == POLLOUT && write(out.fd, line, (size_t)length) < 0)
		return; /* nobody listens any more */
}

static int ended(const struct pap_run *run, const struct pap_ending *ending)
{
	const char *place = run->policy->limits[PAP_LIMIT_WALL_TIME].origin.source;
	char line[256];

	if (ending->timed_out) {
		snprintf(line, sizeof(line), "everything was killed: %s is over",
			 place ? place : "the time limit");
		say(NULL, line);
	} else if (ending->error) {
		snprintf(line, sizeof(line), "everything was killed: cannot wait for it: %s",
			 strerror(ending->error));
		say(NULL, line);
	}
	if (WIFSIGNALED(ending->status))
		return 128 + WTERMSIG(ending->status);
	return WEXITSTATUS(ending->status);
}

static void say_unsaid(const struct pap_supervisor *supervisor)
{
	char line[64];

	if (!supervisor->reports.unsaid)
		return;
	snprintf(line, sizeof(line), "%u further denials were not shown",
		 supervisor->reports.unsaid);
	say(NULL, line);
}

/* Nothing here can fail: the program has begun, and a status of ours would not be true. */
static int serve(struct pap_run *run, pid_t child, int listener, bool first_process)
{
	const struct pap_limit_value *wall = &run->policy->limits[PAP_LIMIT_WALL_TIME];
	struct pap_serve task = {
	    .child = child, .signals = run->watch, .first_process = first_process};
	struct pap_ending ending;

	if (wall->set)
		task.wall_ms = wall->value;
	/* What we do for the program we do with no more than it has itself. */
	if (pap_capabilities_drop(kept_capabilities(run->policy)) < 0)
		kill(child, SIGKILL); /* the kernel broke its word: what is ours may only shrink */
	prctl(PR_SET_DUMPABLE, 0);
	/* Reports that nobody reads, or that a limit on files cuts off, are no reason to die. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (listener >= 0) {
		pap_supervisor_begin(&run->supervisor, run->plan, &run->pins, listener, run->proc);
		if (!run->options.quiet)
			run->supervisor.reports.line = say;
		task.supervisor = &run->supervisor;
	}
	pap_serve(&task, &ending);
	say_unsaid(&run->supervisor);
	if (listener >= 0 && !first_process)
		pap_serve_remains(&run->supervisor);
	return ended(run, &ending);
}

static int start(struct pap_run *run, int *listener, pid_t *child, struct pap_error *err)
{
	struct pap_launch launch = {
	    .program = run->needed.start,
	    .argv = run->options.command,
	    .environment = run->environment,
	    .directory = run->options.directory,
	    .ruleset = -1,
	    .keep = kept_capabilities(run->policy),
	    .signals = run->signals,
	    .files = run->files,
	};
	bool executed;
	int rc;

	launch.reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (launch.reserve < 0)
		return pap_run_setup_errno(err, "open /dev/null");
	run->proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (run->proc < 0)
		return pap_run_setup_errno(err, "open /proc");
	rc = pap_ruleset_make(&run->plan->landlock, pin, run, &launch.ruleset, err);
	if (rc < 0)
		return pap_run_setup_failed(err);
	pap_pins_seal(&run->pins);
	if (run->plan->options.supervisor) {
		rc = pap_supervisor_prepare(&run->supervisor);
		if (rc < 0) {
			pap_fail(err, rc, "cannot supervise a program: %s", strerror(-rc));
			return pap_run_setup_failed(err);
		}
	}
	launch.plan = run->plan;
	rc = pap_launch(&launch, child, listener, &executed, err);
	if (rc == -EBUSY && !executed && run->plan->options.supervisor) {
		/* An outer sandbox holds the one listener: do without, stricter. */
		rc = pap_run_plan(run, false, err);
		if (rc < 0)
			return pap_run_setup_failed(err);
		launch.plan = run->plan;
		launch.reserve = -1;
		rc = pap_launch(&launch, child, listener, &executed, err);
	}
	if (launch.ruleset >= 0)
		close(launch.ruleset);
	if (rc < 0)
		return executed ? exec_failed(run, rc, err) : pap_run_setup_failed(err);
	return 0;
}

static int start_and_serve(struct pap_run *run, bool first_process, struct pap_error *err)
{
	int listener = -1, status;
	pid_t child;

	status = start(run, &listener, &child, err);
	pap_descriptors_release(run->policy);
	return status ? status : serve(run, child, listener, first_process);
}

/* With a PID namespace the launcher proper is its first process, and we only wait for that. */
static int in_pid_namespace(struct pap_run *run, struct pap_error *err)
{
	struct pap_serve task = {0};
	struct pap_ending ending;
	pid_t first = fork();

	if (first < 0)
		return pap_run_setup_errno(err, "make a process");
	if (!first) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (pap_walls_mount_proc(err) < 0)
			_exit(pap_run_setup_failed(err));
		_exit(start_and_serve(run, true, err));
	}
	pap_descriptors_release(run->policy);
	task.child = first;
	task.signals = run->watch;
	pap_capabilities_drop(0);
	pap_serve(&task, &ending);
	return WIFSIGNALED(ending.status) ? 128 + WTERMSIG(ending.status)
					  : WEXITSTATUS(ending.status);
}

/* Without namespaces the plan was refused, unless somebody waived them by name. */
static bool walls_possible(const struct pap_run *run)
{
	return pap_walls_wanted(run->policy) &&
	       (run->features.user_namespaces || geteuid() == 0);
}

int pap_run_start(struct pap_run *run, struct pap_error *err)
{
	int rc = pap_descriptors_sweep(run->policy, err);

	if (rc < 0)
		return pap_run_setup_failed(err);
	raise_own_limit(&run->files);
	rc = pap_limits_processes(run->policy, err);
	if (!rc && walls_possible(run))
		rc = pap_walls_raise(run->policy, err);
	if (rc < 0)
		return pap_run_setup_failed(err);
	rc = pap_serve_prepare(&run->signals);
	run->watch = rc;
	if (rc < 0) {
		pap_fail(err, rc, "cannot watch processes: %s", strerror(-rc));
		return pap_run_setup_failed(err);
	}
	if (run->policy->walls & PAP_WALL_PID_NAMESPACE && walls_possible(run))
		return in_pid_namespace(run, err);
	return start_and_serve(run, false, err);
}

