/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel and the dynamic loader read of an ELF file before it runs:
 * the loader it asks for and the libraries it names. It reads headers, the
 * dynamic section and the strings these point to, nothing else: no symbols, no
 * notes, no sections. Every number is checked against the file.
 */
#ifndef PAP_APPLY_ELF_H
#define PAP_APPLY_ELF_H

#include <stdbool.h>
#include <stddef.h>

#include "apply/window.h"
#include "table/table.h"

struct pap_elf {
	bool foreign;      /* well-formed as far as seen, for another machine */
	char problem[96];  /* why -ENOEXEC: "it is a 32-bit program" */
	char *interpreter; /* PT_INTERP, or NULL */
	char *soname;
	char *rpath;
	char *runpath;
	char **needed;
	size_t needed_count;
	bool no_default_libraries; /* DF_1_NODEFLIB */
};

enum pap_elf_use {
	PAP_ELF_PROGRAM, /* by the kernel: must be an executable, PT_INTERP counts */
	PAP_ELF_LIBRARY, /* by a loader: must be shared, PT_INTERP does not count */
};

/*
 * 0, or -ENOEXEC with out->problem in words (and nothing else in out), -ENOMEM.
 * The caller frees *out in every case.
 */
int pap_elf_read(struct pap_window *file, enum pap_arch arch, enum pap_elf_use use,
		 struct pap_elf *out);
void pap_elf_free(struct pap_elf *elf);

#endif
