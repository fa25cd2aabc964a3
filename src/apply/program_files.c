/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of files that a program needs, and which of them a set of grants
 * leaves out. Lists are short (tens of entries): plain loops, no index.
 */
#include "apply/program_files.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct pap_program_file *find(struct pap_program_files *files, const char *path,
				     bool missing)
{
	for (size_t i = 0; i < files->count; i++)
		if (files->items[i].missing == missing && !strcmp(files->items[i].path, path))
			return &files->items[i];
	return NULL;
}

static int append(struct pap_program_files *files, const char *path, unsigned access, bool missing,
		  const char *format, va_list args)
{
	struct pap_program_file *file;

	if (files->count == files->capacity) {
		size_t capacity = files->capacity ? files->capacity * 2 : 16;
		struct pap_program_file *items = realloc(files->items, capacity * sizeof(*items));

		if (!items)
			return -ENOMEM;
		files->items = items;
		files->capacity = capacity;
	}
	file = &files->items[files->count];
	*file = (struct pap_program_file){.access = (uint8_t)access, .missing = missing};
	file->path = strdup(path);
	if (!file->path)
		return -ENOMEM;
	if (vasprintf(&file->why, format, args) < 0) {
		free(file->path);
		return -ENOMEM;
	}
	files->count++;
	return 0;
}

int pap_program_add(struct pap_program_files *files, const char *path, unsigned access,
		    const char *format, ...)
{
	struct pap_program_file *file = find(files, path, false);
	va_list args;
	int error;

	if (file) {
		file->access |= (uint8_t)access;
		return 0;
	}
	va_start(args, format);
	error = append(files, path, access, false, format, args);
	va_end(args);
	return error;
}

int pap_program_add_missing(struct pap_program_files *files, const char *name, const char *format,
			    ...)
{
	va_list args;
	int error;

	if (find(files, name, true))
		return 0;
	va_start(args, format);
	error = append(files, name, 0, true, format, args);
	va_end(args);
	return error;
}

void pap_program_files_free(struct pap_program_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		free(files->items[i].path);
		free(files->items[i].why);
	}
	free(files->items);
	free(files->start);
	memset(files, 0, sizeof(*files));
}

/* ---- what grants leave out ----------------------------------------------------------------- */

/* Whether path is directory itself or lies beneath it; both without symbolic links. */
static bool beneath(const char *path, const char *directory)
{
	size_t n = strlen(directory);

	if (n == 1)
		return true; /* "/" */
	return !strncmp(path, directory, n) && (path[n] == '/' || !path[n]);
}

static bool covered(const struct pap_program_file *file, const struct pap_file_grant *grants,
		    size_t count)
{
	char path[PATH_MAX], grant[PATH_MAX];
	unsigned lacking = file->access;

	if (!realpath(file->path, path))
		return false;
	for (size_t i = 0; i < count && lacking; i++)
		if ((grants[i].access & lacking) && realpath(grants[i].path, grant) &&
		    beneath(path, grant))
			lacking &= ~(unsigned)grants[i].access;
	return !lacking;
}

const struct pap_program_file *pap_program_missing(const struct pap_program_files *files,
						   const struct pap_file_grant *grants,
						   size_t count,
						   const struct pap_program_file *after)
{
	size_t i = after ? (size_t)(after - files->items) + 1 : 0;

	for (; i < files->count; i++)
		if (!files->items[i].missing && !covered(&files->items[i], grants, count))
			return &files->items[i];
	return NULL;
}

const char *pap_program_flag(unsigned access)
{
	static const char *const flags[] = {"",     "--ro", "--rw",  "--rw",
					    "--rx", "--rx", "--rwx", "--rwx"};

	return flags[access & (PAP_ACCESS_READ | PAP_ACCESS_WRITE | PAP_ACCESS_EXECUTE)];
}
