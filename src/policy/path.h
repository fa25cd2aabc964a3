/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Paths as text. Nothing here looks at a file system, so nothing here knows
 * about symbolic links: who compares paths for authority must say what that
 * means for ".." (policy/narrow.c does).
 */
#ifndef PAP_POLICY_PATH_H
#define PAP_POLICY_PATH_H

#include <stdbool.h>
#include <stddef.h>

/* Length of the directory part of `path` with its slash; 0: there is none. */
size_t pap_path_directory(const char *path);

/*
 * `path` as seen from the directory of `file`, malloc'ed: "/x" stays, "x" in
 * "/etc/a.policy" is "/etc/x". NULL when out of memory.
 */
char *pap_path_join(const char *file, const char *path);

/*
 * Removes repeated slashes, "." components and a slash at the end, in place; "./"
 * becomes ".". False when a ".." is left: what that names is not known.
 */
bool pap_path_clean(char *path);

#endif
