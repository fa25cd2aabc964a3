/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A name with a slash is a path; any other is tried in each directory of PATH,
 * an empty element being the working directory. Files that exist and may not be
 * executed are passed over and remembered, so that the answer at the end is
 * "permission denied" rather than "not found".
 */
#include "apply/command.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* 0 when this process (and so the program's start) may execute the file. */
static int executable(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EACCES;
	return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0 ? -errno : 0;
}

/* directory/relative; the working directory's path is put before a relative directory. */
static char *join(const char *directory, const char *element, size_t length, const char *name)
{
	char *path = NULL;
	int n;

	if (length && element[0] == '/')
		n = asprintf(&path, "%.*s/%s", (int)length, element, name);
	else if (length)
		n = asprintf(&path, "%s/%.*s/%s", directory, (int)length, element, name);
	else
		n = asprintf(&path, "%s/%s", directory, name);
	return n < 0 ? NULL : path;
}

/* What execvp does not stop at: the next directory may still have it. */
static int passing(int error)
{
	return error == -ENOENT || error == -ENOTDIR || error == -EACCES || error == -ESTALE ||
	       error == -ENODEV || error == -ETIMEDOUT || error == -ELOOP;
}

int pap_command_path(const char *name, const char *directory, char **path, char **refused)
{
	int error;

	*path = *refused = NULL;
	if (!name[0])
		return -ENOENT;
	if (strlen(name) >= PATH_MAX)
		return -ENAMETOOLONG;
	*path = name[0] == '/' ? strdup(name) : join(directory, "", 0, name);
	if (!*path)
		return -ENOMEM;
	error = executable(*path);
	if (!error)
		return 0;
	if (error == -EACCES)
		*refused = *path;
	else
		free(*path);
	*path = NULL;
	return error;
}

int pap_command_find(const char *command, const char *search_path, const char *directory,
		     char **path, char **refused)
{
	const char *element = search_path ? search_path : PAP_DEFAULT_PATH;

	*path = *refused = NULL;
	if (!command[0] || strchr(command, '/'))
		return pap_command_path(command, directory, path, refused);
	if (strlen(command) > NAME_MAX)
		return -ENAMETOOLONG;
	for (;;) {
		size_t length = strcspn(element, ":");
		char *candidate = join(directory, element, length, command);
		int error;

		if (!candidate)
			return -ENOMEM;
		error = executable(candidate);
		if (!error) {
			*path = candidate;
			return 0;
		}
		if (error == -EACCES && !*refused)
			*refused = candidate;
		else
			free(candidate);
		if (!passing(error) && error != -ENAMETOOLONG)
			return error;
		if (!element[length])
			return *refused ? -EACCES : -ENOENT;
		element += length + 1;
	}
}
