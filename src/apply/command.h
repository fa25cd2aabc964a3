/* SPDX-License-Identifier: BSD-2-Clause */
/* From a command's name to a file that may be executed, as execvp looks for it. */
#ifndef PAP_APPLY_COMMAND_H
#define PAP_APPLY_COMMAND_H

/* Where the system's libc looks when there is no PATH. */
#define PAP_DEFAULT_PATH "/bin:/usr/bin"

struct pap_command {
	char *path;    /* absolute; NULL: not found */
	char *name;    /* what execvp would pass to execve: as typed, or found in PATH */
	char *refused; /* the first file that may not be executed, or NULL */
};

/*
 * directory is the absolute path of the working directory that relative names
 * count from. -ENOENT, -ENOTDIR...: not found; -EACCES: found only what may not
 * be executed; -ENOMEM. Says nothing in words: who asked knows what for. The
 * caller frees *out, whatever the result.
 */
int pap_command_find(const char *command, const char *search_path, const char *directory,
		     struct pap_command *out);

/* The same for what is a path whether or not there is a slash in it (as after #!). */
int pap_command_path(const char *name, const char *directory, struct pap_command *out);

void pap_command_free(struct pap_command *command);

#endif
