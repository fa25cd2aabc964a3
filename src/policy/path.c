/* SPDX-License-Identifier: BSD-2-Clause */
#include "policy/path.h"

#include <stdlib.h>
#include <string.h>

size_t pap_path_directory(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

char *pap_path_join(const char *file, const char *path)
{
	size_t directory = path[0] == '/' ? 0 : pap_path_directory(file);
	size_t length = strlen(path);
	char *joined = malloc(directory + length + 1);

	if (!joined)
		return NULL;
	memcpy(joined, file, directory);
	memcpy(joined + directory, path, length + 1);
	return joined;
}

bool pap_path_clean(char *path)
{
	bool certain = true;
	char *to = path;
	const char *from = path;

	if (*from == '/')
		*to++ = '/';
	for (from += strspn(from, "/"); *from; from += strspn(from, "/")) {
		size_t length = strcspn(from, "/");
		const char *part = from;

		from += length;
		if (length == 1 && part[0] == '.')
			continue;
		if (length == 2 && part[0] == '.' && part[1] == '.')
			certain = false;
		if (to > path && to[-1] != '/')
			*to++ = '/';
		memmove(to, part, length);
		to += length;
	}
	if (to == path && *path)
		*to++ = '.';
	*to = '\0';
	return certain;
}
