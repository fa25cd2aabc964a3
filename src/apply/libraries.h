/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The libraries that a loader opens before a program's main runs. Follows
 * glibc's rules and musl's; another loader is treated as glibc's. No symbols
 * are looked at, and libraries that are opened by the program later are not
 * known here.
 */
#ifndef PAP_APPLY_LIBRARIES_H
#define PAP_APPLY_LIBRARIES_H

#include "apply/elf.h"
#include "apply/program.h"

struct pap_library_request {
	enum pap_arch arch;
	const char *program;   /* absolute path */
	const char *loader;    /* absolute path of its PT_INTERP */
	const char *directory; /* absolute path of the working directory to be, or NULL */
	const char *library_path, *preload; /* as in struct pap_program_request */
	const char *root; /* before /etc/ld.so.cache and its like; "" but in tests */
};

/* Adds the files that program (its ELF contents in *elf, which is taken over) needs. */
int pap_libraries_add(const struct pap_library_request *request, struct pap_elf *elf,
		      struct pap_program_files *out, struct pap_error *err);

#endif
