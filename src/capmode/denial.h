/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A denial of capability mode in words: the call, what was lacking, where, and what to
 * do before entering. Written into a fixed buffer without any help: a signal handler and
 * the supervisor use it.
 */
#ifndef PAP_CAPMODE_DENIAL_H
#define PAP_CAPMODE_DENIAL_H

#include <stddef.h>

#include "capmode/limits.h"

struct pap_denial {
	const struct pap_syscall *call; /* NULL: unknown number */
	const uint64_t *args;
	const char *path; /* of the first path argument, as it was read; NULL: unknown */
	int error;        /* that the call fails with */
	const struct pap_limits *held; /* of the descriptor it is about; NULL: not about one */
	unsigned arg;                  /* which argument that is */
	const char *program;           /* name of the process */
	int pid;
	const char *place; /* "prog+0x1234", or NULL */
	uint64_t address;  /* of the call */
};

/* One line with newline, escaped and terminated; returns its length. */
size_t pap_denial_line(const struct pap_denial *denial, char *buf, size_t size);

/* The same for the same call about the same name at the same place. */
uint64_t pap_denial_key(const struct pap_denial *denial, uint64_t place);

/* What to do instead. Never NULL. */
const char *pap_denial_remedy(const struct pap_denial *denial);

#endif
