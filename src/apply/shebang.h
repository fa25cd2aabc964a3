/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first line of a script, read as the kernel reads it, and what env(1) makes
 * of the argument that stands there. Pure: bytes in, words out.
 */
#ifndef PAP_APPLY_SHEBANG_H
#define PAP_APPLY_SHEBANG_H

#include <stdbool.h>
#include <stddef.h>

#define PAP_SHEBANG_SIZE 256 /* what the kernel looks at */

/* Scripts in a row, each the interpreter of the one before, that the kernel puts up with. */
#define PAP_SHEBANG_DEPTH 5

struct pap_shebang {
	char interpreter[PAP_SHEBANG_SIZE];
	char argument[PAP_SHEBANG_SIZE]; /* empty: none */
};

/*
 * bytes: the start of the file, PAP_SHEBANG_SIZE of it where it has that many.
 * 1: a script; 0: does not begin with #!; -ENOEXEC: the kernel refuses the line.
 */
int pap_shebang_parse(const char *bytes, size_t length, struct pap_shebang *out);

struct pap_env_call {
	char program[PAP_SHEBANG_SIZE];
	bool path_reset;             /* env drops PATH: the system's default counts */
	char path[PAP_SHEBANG_SIZE]; /* PATH that env sets, valid when path_set */
	bool path_set;
};

/*
 * What env runs when a script's line gives it this one argument: options and
 * assignments are passed over, -S is split up. false where that cannot be told
 * from the line alone (nothing named, ${VARIABLE}, another working directory).
 */
bool pap_env_parse(const char *argument, struct pap_env_call *out);

#endif
