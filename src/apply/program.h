/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Granting a program means that it starts: from a command's name to the file
 * that execve will get and to every file that the kernel and the dynamic loader
 * open before main runs (interpreters of scripts, the loader, its
 * configuration, the libraries).
 *
 * It looks at what the files say and executes nothing. It does not know what a
 * program opens by itself afterwards: dlopen, plug-ins, the modules of an
 * interpreter; those need grants of their own. Files are read as hostile: sizes
 * and offsets in them are never trusted. Between looking and starting a file
 * can be replaced by whoever may write it; the grant is for the path, so that
 * nothing is gained but a program that does not start.
 */
#ifndef PAP_APPLY_PROGRAM_H
#define PAP_APPLY_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "policy/policy.h"

struct pap_program_file {
	char *path;     /* absolute, as it will be opened; the bare name when it is missing */
	uint8_t access; /* PAP_ACCESS_*; 0 when it is missing */
	bool missing;   /* needed, and not found: the loader will say so itself */
	char *why;      /* "loader of /usr/bin/cat", with raw bytes of file names in it */
};

struct pap_program_files {
	struct pap_program_file *items; /* the first is the program itself */
	size_t count, capacity;
	/*
	 * What execve should get: the path as it was typed or found in PATH, which may
	 * be relative. The program sees it ($0 of a script). NULL after a failure.
	 */
	char *start;
};

struct pap_program_request {
	const char *command;      /* as typed: a name to search for, or a path */
	const char *search_path;  /* PATH of the program to be; NULL: the system's default */
	int directory;            /* where the program will start, or AT_FDCWD */
	const char *library_path; /* its LD_LIBRARY_PATH, or NULL */
	const char *preload;      /* its LD_PRELOAD, or NULL */
};

/*
 * Finds the command as execvp does and fills *out (which the caller frees, also
 * after a failure). Missing libraries are no failure, they are listed. Errors:
 * -ENOENT and -ENOTDIR: not found (exit status 127); -EACCES: found, not
 * executable; -ENOEXEC: no program for this machine; -ELOOP: interpreters
 * without end; -E2BIG: more libraries than anybody needs (126); -ENOMEM...
 */
int pap_program_resolve_request(const struct pap_program_request *request,
				struct pap_program_files *out, struct pap_error *err);

/* The same without LD_LIBRARY_PATH and LD_PRELOAD. */
int pap_program_resolve(const char *command, const char *search_path, int directory,
			struct pap_program_files *out, struct pap_error *err);

void pap_program_files_free(struct pap_program_files *files);

/*
 * For messages when exec fails all the same: the first file after `after` (NULL:
 * from the start) that the grants do not cover with the access it needs, or NULL.
 * Grants add up along a path as they do in Landlock; symbolic links are followed
 * on both sides; relative grants are looked up from the working directory.
 * Missing files are passed over. Slow; not for the way to a program that starts.
 */
const struct pap_program_file *pap_program_missing(const struct pap_program_files *files,
						   const struct pap_file_grant *grants,
						   size_t count,
						   const struct pap_program_file *after);

/* "--rx" and so on: the flag that grants this access. */
const char *pap_program_flag(unsigned access);

#endif
