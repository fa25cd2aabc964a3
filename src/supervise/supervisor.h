/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers what a filter cannot: one notification at a time, by the handler that
 * the deciding rule names. Never lets a call continue unless the decision used
 * registers alone. The supervisor is the launcher of `paprika run`, outside the
 * sandbox; every byte that comes from within is hostile.
 */
#ifndef PAP_SUPERVISE_SUPERVISOR_H
#define PAP_SUPERVISE_SUPERVISOR_H

#include <stdbool.h>

#include "compile/plan.h"
#include "supervise/caller.h"
#include "supervise/pins.h"

/* Where reports go; text is one line without newline, already escaped. */
typedef void pap_report_line(void *context, const char *text);

struct pap_reports {
	pap_report_line *line; /* NULL: quiet */
	void *context;
	uint64_t seen[64]; /* hashes of what was said: each thing once */
	unsigned nseen;
	unsigned unsaid; /* denials left out because the table was full */
};

struct pap_supervisor {
	const struct pap_plan *plan;
	const struct pap_pins *pins;
	int listener;
	int proc;
	bool self_known; /* it is read when first needed: most programs never need it */
	struct pap_identity self;
	struct pap_reports reports;
	/* sized by the kernel, which may know longer structures than we do */
	struct pap_seccomp_notif *call;
	struct pap_seccomp_notif_resp *answer;
	size_t call_size, answer_size;
};

/* What can fail, before there is a program. 0 or negative errno. */
int pap_supervisor_prepare(struct pap_supervisor *supervisor);

/*
 * Takes none of its arguments over. Call once the process has become what it
 * will stay: its own identity is what callers are compared with.
 */
void pap_supervisor_begin(struct pap_supervisor *supervisor, const struct pap_plan *plan,
			  const struct pap_pins *pins, int listener, int proc);
void pap_supervisor_free(struct pap_supervisor *supervisor);

/* Serves one notification. 0, or -ENOENT when there was none (the caller died). */
int pap_supervisor_step(struct pap_supervisor *supervisor);

/*
 * report.c: "denied: chmod("/x", 0700) by tar[12]: why; remedy", each once. why and
 * remedy must be escaped already; without why the table says what would permit it.
 */
void pap_report_denial(struct pap_supervisor *supervisor, const struct pap_caller *caller,
		       const struct pap_syscall *call, const char *why, const char *remedy);

/* The same about one missing access (one of PAP_ACCESS_*) to a path, NULL: none to name. */
void pap_report_path(struct pap_supervisor *supervisor, const struct pap_caller *caller,
		     const struct pap_syscall *call, unsigned access, const char *path);

#endif
