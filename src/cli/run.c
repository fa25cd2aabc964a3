/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * paprika run: from flags to a running program. The order of the steps is the
 * point of this file; what each does stands in the layer it calls.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apply/capabilities.h"
#include "apply/environment.h"
#include "apply/launch.h"
#include "apply/limits.h"
#include "apply/program.h"
#include "apply/ruleset.h"
#include "apply/walls.h"
#include "cli/cli.h"
#include "cli/run_options.h"
#include "compile/plan.h"
#include "kernel/probe.h"
#include "supervise/serve.h"

extern char **environ;

struct run {
	struct pap_run_options options;
	struct pap_policy *policy;
	struct pap_features features;
	struct pap_plan *plan;
	struct pap_program_files needed;
	char **environment;
	struct pap_pins pins;
	int proc;
	sigset_t signals;
	struct rlimit files; /* as we were started with it */
};

static int setup_failed(const struct pap_error *err)
{
	pap_cli_error(err);
	return PAP_EXIT_SETUP;
}

/* A system call of ours failed: "cannot WHAT: reason". */
static int setup_errno(struct pap_error *err, const char *what)
{
	int error = errno;

	pap_fail(err, -error, "cannot %s: %s", what, strerror(error));
	return setup_failed(err);
}

/* ---- what is granted ------------------------------------------------------------------------- */

static int imply_program(struct run *run, struct pap_error *err)
{
	const struct pap_program_files *files = &run->needed;
	int rc = 0;

	for (size_t i = 0; !rc && i < files->count; i++) {
		struct pap_text why = {0};
		struct pap_origin origin = {0};

		if (files->items[i].missing)
			continue;
		pap_text_str(&why, "implied: ");
		pap_text_escape(&why, files->items[i].why, strlen(files->items[i].why));
		origin.source = why.failed ? NULL : why.data;
		rc = pap_policy_imply_file(run->policy, files->items[i].path,
					   files->items[i].access, true, origin, err);
		pap_text_free(&why);
	}
	return rc;
}

static int imply_private_tmp(struct run *run, struct pap_error *err)
{
	const struct pap_origin origin = {.source = "implied by --private-tmp"};
	const unsigned access = PAP_ACCESS_READ | PAP_ACCESS_WRITE;
	int rc;

	if (!(run->policy->walls & PAP_WALL_PRIVATE_TMP))
		return 0;
	rc = pap_policy_imply_file(run->policy, "/tmp", access, false, origin, err);
	if (!rc)
		rc = pap_policy_imply_file(run->policy, "/var/tmp", access, true, origin, err);
	return rc;
}

/* The status that a failure to find or execute the program ends with. */
static int program_status(int code)
{
	return code == -ENOENT || code == -ENOTDIR ? PAP_EXIT_NOT_FOUND : PAP_EXIT_CANNOT_EXECUTE;
}

static int find_program(struct run *run, int *status, struct pap_error *err)
{
	struct pap_program_request request = {
	    .command = run->options.command[0],
	    .search_path = pap_environment_get(run->environment, "PATH"),
	    .directory = AT_FDCWD,
	    .library_path = pap_environment_get(run->environment, "LD_LIBRARY_PATH"),
	    .preload = pap_environment_get(run->environment, "LD_PRELOAD"),
	};
	int rc;

	*status = PAP_EXIT_SETUP;
	if (run->options.directory) {
		request.directory =
		    open(run->options.directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (request.directory < 0)
			return pap_fail(err, -errno, "cannot enter \"%s\": %s",
					run->options.directory, strerror(errno));
	}
	rc = pap_program_resolve_request(&request, &run->needed, err);
	if (request.directory >= 0)
		close(request.directory);
	if (rc < 0) {
		*status = program_status(rc);
		return rc;
	}
	rc = imply_program(run, err);
	return rc ? rc : imply_private_tmp(run, err);
}

static int make_plan(struct run *run, bool supervisor, struct pap_error *err)
{
	struct pap_plan_options options = {
	    .features = &run->features,
	    .denial = supervisor ? PAP_DENIAL_NOTIFY : PAP_DENIAL_ERRNO,
	    .supervisor = supervisor,
	    .privileged = geteuid() == 0,
	    .exec_pointer = (uintptr_t)run->needed.start,
	    .describe = run->options.dry_run,
	    .trace = run->options.trace,
	};

	pap_plan_free(run->plan);
	run->plan = NULL;
	return pap_plan_make(run->policy, &options, &run->plan, err);
}

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

/* ---- starting --------------------------------------------------------------------------------- */

static int pin(void *context, const struct pap_path_rule *rule, int fd, const struct stat *st)
{
	struct run *run = context;
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

static int exec_failed(struct run *run, int code, struct pap_error *err)
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
	return program_status(code);
}

static void say(void *context, const char *text)
{
	(void)context;
	pap_cli_say("%s", text);
}

static int ended(const struct run *run, const struct pap_ending *ending)
{
	if (ending->timed_out) {
		char place[128] = "the time limit";
		const char *source = run->policy->limits[PAP_LIMIT_WALL_TIME].origin.source;

		if (source)
			snprintf(place, sizeof(place), "%s", source);
		pap_cli_say("everything was killed: %s is over", place);
	}
	if (WIFSIGNALED(ending->status))
		return 128 + WTERMSIG(ending->status);
	return WEXITSTATUS(ending->status);
}

static int serve(struct run *run, pid_t child, int listener, bool first_process)
{
	const struct pap_limit_value *wall = &run->policy->limits[PAP_LIMIT_WALL_TIME];
	struct pap_supervisor supervisor = {0};
	struct pap_serve task = {.child = child, .first_process = first_process};
	struct pap_ending ending;
	struct pap_error err = {0};
	int rc;

	if (wall->set)
		task.wall_ms = wall->value;
	/* What we do for the program we do with no more than it has itself. */
	rc = pap_capabilities_drop(kept_capabilities(run->policy));
	prctl(PR_SET_DUMPABLE, 0);
	if (!rc && listener >= 0) {
		rc = pap_supervisor_init(&supervisor, run->plan, &run->pins, listener, run->proc);
		if (!run->options.quiet)
			supervisor.reports.line = say;
		task.supervisor = &supervisor;
	}
	if (!rc)
		rc = pap_serve(&task, &ending);
	if (rc < 0) {
		kill(child, SIGKILL);
		pap_fail(&err, rc, "cannot supervise the program: %s", strerror(-rc));
		return setup_failed(&err);
	}
	if (supervisor.reports.unsaid)
		pap_cli_say("%u further denials were not shown", supervisor.reports.unsaid);
	if (listener >= 0 && !first_process)
		pap_serve_remains(&supervisor);
	return ended(run, &ending);
}

static int start(struct run *run, int *listener, pid_t *child, struct pap_error *err)
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
		return setup_errno(err, "open /dev/null");
	run->proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (run->proc < 0)
		return setup_errno(err, "open /proc");
	rc = pap_ruleset_make(&run->plan->landlock, pin, run, &launch.ruleset, err);
	if (rc < 0)
		return setup_failed(err);
	pap_pins_seal(&run->pins);
	launch.plan = run->plan;
	rc = pap_launch(&launch, child, listener, &executed, err);
	if (rc == -EBUSY && !executed && run->plan->options.supervisor) {
		/* An outer sandbox holds the one listener: do without, stricter. */
		rc = make_plan(run, false, err);
		if (rc < 0)
			return setup_failed(err);
		launch.plan = run->plan;
		launch.reserve = -1;
		rc = pap_launch(&launch, child, listener, &executed, err);
	}
	if (launch.ruleset >= 0)
		close(launch.ruleset);
	if (rc < 0)
		return executed ? exec_failed(run, rc, err) : setup_failed(err);
	return 0;
}

static int start_and_serve(struct run *run, bool first_process, struct pap_error *err)
{
	int listener = -1, status;
	pid_t child;

	status = start(run, &listener, &child, err);
	return status ? status : serve(run, child, listener, first_process);
}

/* With a PID namespace the launcher proper is its first process, and we only wait for that. */
static int in_pid_namespace(struct run *run, struct pap_error *err)
{
	struct pap_serve task = {0};
	struct pap_ending ending;
	pid_t first = fork();

	if (first < 0)
		return setup_errno(err, "make a process");
	if (!first) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (pap_walls_mount_proc(err) < 0)
			_exit(setup_failed(err));
		_exit(start_and_serve(run, true, err));
	}
	task.child = first;
	pap_capabilities_drop(0);
	if (pap_serve(&task, &ending) < 0)
		return setup_errno(err, "wait for the program");
	return WIFSIGNALED(ending.status) ? 128 + WTERMSIG(ending.status)
					  : WEXITSTATUS(ending.status);
}

/* Without namespaces the plan was refused, unless somebody waived them by name. */
static bool walls_possible(const struct run *run)
{
	return pap_walls_wanted(run->policy) &&
	       (run->features.user_namespaces || geteuid() == 0);
}

static int run_program(struct run *run, struct pap_error *err)
{
	int rc = pap_descriptors_sweep(run->policy, err);

	if (rc < 0)
		return setup_failed(err);
	raise_own_limit(&run->files);
	rc = pap_limits_processes(run->policy, err);
	if (!rc && walls_possible(run))
		rc = pap_walls_raise(run->policy, err);
	if (rc < 0)
		return setup_failed(err);
	pap_serve_prepare(&run->signals);
	if (run->policy->walls & PAP_WALL_PID_NAMESPACE && walls_possible(run))
		return in_pid_namespace(run, err);
	return start_and_serve(run, false, err);
}

static int show_plan(const struct pap_plan *plan)
{
	struct pap_text text = {0};

	pap_plan_print(plan, &text);
	if (text.failed || fputs(text.data ? text.data : "", stdout) < 0 || fflush(stdout))
		return PAP_EXIT_SETUP;
	pap_text_free(&text);
	return 0;
}

static int command(int argc, char **argv)
{
	struct run run = {.proc = -1};
	struct pap_error err = {0};
	int rc, status;

	run.policy = pap_policy_new();
	if (!run.policy) {
		pap_fail(&err, -ENOMEM, "out of memory");
		return setup_failed(&err);
	}
	rc = pap_run_options_parse(&run.options, run.policy, argc, argv, &err);
	if (rc < 0)
		return setup_failed(&err);
	if (run.options.help)
		return pap_run_help();
	run.environment = pap_environment_make(run.policy, environ);
	if (!run.environment) {
		pap_fail(&err, -ENOMEM, "out of memory");
		return setup_failed(&err);
	}
	if (find_program(&run, &status, &err) < 0) {
		pap_cli_error(&err);
		return status;
	}
	/* Whether namespaces can be made is only known by making one: not on every start. */
	if ((pap_walls_wanted(run.policy) ? pap_probe_deep : pap_probe)(&run.features) < 0) {
		pap_fail(&err, -EIO, "cannot tell what this kernel enforces");
		return setup_failed(&err);
	}
	if (make_plan(&run, run.features.seccomp_notify, &err) < 0)
		return setup_failed(&err);
	return run.options.dry_run ? show_plan(run.plan) : run_program(&run, &err);
}

const struct pap_command pap_command_run = {
    .name = "run",
    .usage = "run [FLAG...] [--] PROGRAM [ARGUMENT...]",
    .about = "run a program with what the flags grant and nothing else",
    .run = command,
};
