/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * paprika run, first half: from flags to a plan. What starts and watches the
 * program is in run_start.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <unistd.h>

#include "apply/environment.h"
#include "apply/walls.h"
#include "cli/cli.h"
#include "cli/run.h"
#include "kernel/probe.h"

extern char **environ;

int pap_run_setup_failed(const struct pap_error *err)
{
	pap_cli_error(err);
	return PAP_EXIT_SETUP;
}

int pap_run_setup_errno(struct pap_error *err, const char *what)
{
	int error = errno;

	pap_fail(err, -error, "cannot %s: %s", what, strerror(error));
	return pap_run_setup_failed(err);
}

/* ---- what is granted ------------------------------------------------------------------------- */

static int imply_program(struct pap_run *run, struct pap_error *err)
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

static int imply_private_tmp(struct pap_run *run, struct pap_error *err)
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

int pap_run_program_status(int code)
{
	return code == -ENOENT || code == -ENOTDIR ? PAP_EXIT_NOT_FOUND : PAP_EXIT_CANNOT_EXECUTE;
}

static int find_program(struct pap_run *run, int *status, struct pap_error *err)
{
	struct pap_program_request request = {
	    .command = run->options.command[0],
	    .search_path = pap_environment_get(run->environment, "PATH"),
	    .directory = AT_FDCWD,
	    .library_path = pap_environment_get(run->environment, "LD_LIBRARY_PATH"),
	    .preload = pap_environment_get(run->environment, "LD_PRELOAD"),
	};
	char shown[256];
	int rc;

	*status = PAP_EXIT_SETUP;
	if (run->options.directory) {
		request.directory =
		    open(run->options.directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (request.directory < 0) {
			rc = -errno;
			pap_escape(shown, sizeof(shown), run->options.directory,
				   strlen(run->options.directory));
			return pap_fail(err, rc, "cannot enter \"%s\": %s", shown, strerror(-rc));
		}
	}
	rc = pap_program_resolve_request(&request, &run->needed, err);
	if (request.directory >= 0)
		close(request.directory);
	if (rc < 0) {
		*status = pap_run_program_status(rc);
		return rc;
	}
	rc = imply_program(run, err);
	return rc ? rc : imply_private_tmp(run, err);
}

static struct pap_own_ids own_identity(void)
{
	uid_t uid[3];
	gid_t gid[3];

	if (getresuid(&uid[0], &uid[1], &uid[2]) < 0 || getresgid(&gid[0], &gid[1], &gid[2]) < 0)
		return (struct pap_own_ids){0};
	return (struct pap_own_ids){
	    .fixed = uid[0] == uid[1] && uid[1] == uid[2] && gid[0] == gid[1] && gid[1] == gid[2],
	    .uid = uid[0],
	    .gid = gid[0],
	};
}

int pap_run_plan(struct pap_run *run, bool supervisor, struct pap_error *err)
{
	struct pap_plan_options options = {
	    .features = &run->features,
	    .denial = supervisor ? PAP_DENIAL_NOTIFY : PAP_DENIAL_ERRNO,
	    .supervisor = supervisor,
	    .privileged = geteuid() == 0,
	    .exec_pointer = (uintptr_t)run->needed.start,
	    .exec_secret = run->secret,
	    .describe = run->options.dry_run,
	    .trace = run->options.trace,
	    .identity = own_identity(),
	};

	pap_plan_free(run->plan);
	run->plan = NULL;
	return pap_plan_make(run->policy, &options, &run->plan, err);
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
	struct pap_run run = {.proc = -1};
	struct pap_error err = {0};
	int rc, status;

	if (getauxval(AT_SECURE)) {
		/* With privileges of another user's, every path and variable would be a weapon. */
		pap_fail(&err, -EPERM, "paprika must not be set-user-ID, set-group-ID or privileged");
		return pap_run_setup_failed(&err);
	}
	run.policy = pap_policy_new();
	if (!run.policy) {
		pap_fail(&err, -ENOMEM, "out of memory");
		return pap_run_setup_failed(&err);
	}
	rc = pap_run_options_parse(&run.options, run.policy, argc, argv, &err);
	if (rc < 0)
		return pap_run_setup_failed(&err);
	if (run.options.help)
		return pap_run_help();
	run.environment = pap_environment_make(run.policy, environ);
	if (!run.environment) {
		pap_fail(&err, -ENOMEM, "out of memory");
		return pap_run_setup_failed(&err);
	}
	if (find_program(&run, &status, &err) < 0) {
		pap_cli_error(&err);
		return status;
	}
	/* The one number that the program must not be able to guess. */
	if (getrandom(&run.secret, sizeof(run.secret), 0) != sizeof(run.secret)) {
		pap_run_setup_errno(&err, "get a random number");
		return PAP_EXIT_SETUP;
	}
	/* Whether namespaces can be made is only known by making one: not on every start. */
	if ((pap_walls_wanted(run.policy) ? pap_probe_deep : pap_probe)(&run.features) < 0) {
		pap_fail(&err, -EIO, "cannot tell what this kernel enforces");
		return pap_run_setup_failed(&err);
	}
	if (pap_run_plan(&run, run.features.seccomp_notify, &err) < 0)
		return pap_run_setup_failed(&err);
	return run.options.dry_run ? show_plan(run.plan) : pap_run_start(&run, &err);
}

const struct pap_command pap_command_run = {
    .name = "run",
    .usage = "run [FLAG...] [--] PROGRAM [ARGUMENT...]",
    .about = "run a program with what the flags grant and nothing else",
    .run = command,
};
