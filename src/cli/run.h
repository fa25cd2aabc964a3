/* SPDX-License-Identifier: BSD-2-Clause */
/* One run of a program, between the two files of the command. */
#ifndef PAP_CLI_RUN_H
#define PAP_CLI_RUN_H

#include <signal.h>
#include <sys/resource.h>

#include "apply/program.h"
#include "cli/run_options.h"
#include "compile/plan.h"
#include "supervise/pins.h"
#include "supervise/supervisor.h"

struct pap_run {
	struct pap_run_options options;
	struct pap_policy *policy;
	struct pap_features features;
	struct pap_plan *plan;
	struct pap_program_files needed;
	char **environment;
	struct pap_pins pins;
	int proc;
	sigset_t signals; /* as we were started with them */
	int watch;	  /* tells of ours */
	struct pap_supervisor supervisor;
	struct rlimit files; /* as we were started with it */
	uint64_t secret;     /* goes with our own call of execve */
};

/* run.c: each says the error and returns the exit status for it. */
int pap_run_setup_failed(const struct pap_error *err);
/* A system call of ours failed: "cannot WHAT: reason". */
int pap_run_setup_errno(struct pap_error *err, const char *what);
/* The status that a failure to find or execute the program ends with. */
int pap_run_program_status(int code);

/* run.c: makes run->plan, replacing an earlier one. */
int pap_run_plan(struct pap_run *run, bool supervisor, struct pap_error *err);

/* run_start.c: from the plan to the program's end; the exit status. */
int pap_run_start(struct pap_run *run, struct pap_error *err);

#endif
