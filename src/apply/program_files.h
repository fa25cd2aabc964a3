/* SPDX-License-Identifier: BSD-2-Clause */
/* Building the list of files, for the parts that find them. */
#ifndef PAP_APPLY_PROGRAM_FILES_H
#define PAP_APPLY_PROGRAM_FILES_H

#include "apply/program.h"

/*
 * Adds a file that was found; access adds up when the list has it already (and
 * its first reason stays). 0 or -ENOMEM.
 */
int pap_program_add(struct pap_program_files *files, const char *path, unsigned access,
		    const char *format, ...) PAP_PRINTF(4, 5);

/* Adds a name that was looked for in vain, once. */
int pap_program_add_missing(struct pap_program_files *files, const char *name, const char *format,
			    ...) PAP_PRINTF(3, 4);

#endif
