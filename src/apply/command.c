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

/* element/name as execvp makes it: without the slash where the element is empty. */
static char *join(const char *element, size_t length, const char *name)
{
	char *path;

	return asprintf(&path, "%.*s%s%s", (int)length, element, length ? "/" : "", name) < 0
		   ? NULL
		   : path;
}

/* 0 when it may be executed and *out tells how; takes name over. */
static int try(char *name, const char *directory, struct pap_command *out)
{
	char *path;
	int error;

	if (!name)
		return -ENOMEM;
	path = name[0] == '/' ? strdup(name) : join(directory, strlen(directory), name);
	error = path ? executable(path) : -ENOMEM;
	if (!error) {
		out->path = path;
		out->name = name;
		return 0;
	}
	if (error == -EACCES && !out->refused)
		out->refused = path;
	else
		free(path);
	free(name);
	return error;
}

/* What execvp does not stop at: the next directory may still have it. */
static int passing(int error)
{
	return error == -ENOENT || error == -ENOTDIR || error == -EACCES || error == -ESTALE ||
	       error == -ENODEV || error == -ETIMEDOUT || error == -ELOOP || error == -ENAMETOOLONG;
}

int pap_command_path(const char *name, const char *directory, struct pap_command *out)
{
	memset(out, 0, sizeof(*out));
	if (!name[0])
		return -ENOENT;
	if (strlen(name) >= PATH_MAX)
		return -ENAMETOOLONG;
	return try(strdup(name), directory, out);
}

int pap_command_find(const char *command, const char *search_path, const char *directory,
		     struct pap_command *out)
{
	const char *element = search_path ? search_path : PAP_DEFAULT_PATH;

	if (!command[0] || strchr(command, '/'))
		return pap_command_path(command, directory, out);
	memset(out, 0, sizeof(*out));
	if (strlen(command) > NAME_MAX)
		return -ENAMETOOLONG;
	for (;;) {
		size_t length = strcspn(element, ":");
		int error = try(join(element, length, command), directory, out);

		if (!error || !passing(error))
			return error;
		if (!element[length])
			return out->refused ? -EACCES : -ENOENT;
		element += length + 1;
	}
}

void pap_command_free(struct pap_command *command)
{
	free(command->path);
	free(command->name);
	free(command->refused);
	memset(command, 0, sizeof(*command));
}
