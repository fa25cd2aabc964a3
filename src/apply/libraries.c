/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Walks from a program to the libraries it names, and from these on, breadth
 * first as loaders do. A library is known by the name it was asked by, by its
 * SONAME, and by its inode, so that circles end. What is found is listed even
 * when it is no library after all: the loader will open it and say so better.
 */
#include "apply/libraries.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/library_search.h"
#include "apply/program_files.h"

/* Far beyond real programs; they end files that were made to keep us busy. */
#define MAX_OBJECTS 1024
#define MAX_LOOKUPS 16384
#define MAX_LOOKS 200000 /* files tried */

#define MAX_CONFIGURATION 65536 /* bytes of ld.so.preload and ld-musl-ARCH.path */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool known(const struct pap_library_walk *w, const char *name)
{
	/* The loader is there already; libc names it as a library. */
	if (!strcmp(name, base_name(w->request->loader)))
		return true;
	for (size_t i = 0; i < w->count; i++) {
		const struct pap_library_object *o = &w->objects[i];

		if (!strcmp(o->name, name) || (o->elf.soname && !strcmp(o->elf.soname, name)))
			return true;
	}
	return false;
}

static int make_room(struct pap_library_walk *w)
{
	size_t capacity = w->capacity ? 2 * w->capacity : 16;
	void *objects;

	if (w->count < w->capacity)
		return 0;
	if (w->count == MAX_OBJECTS)
		return -E2BIG;
	objects = reallocarray(w->objects, capacity, sizeof(*w->objects));
	if (!objects)
		return -ENOMEM;
	w->objects = objects;
	w->capacity = capacity;
	return 0;
}

/* Takes *elf over. */
static int add_object(struct pap_library_walk *w, const char *name, const char *path,
		      struct pap_elf *elf, const struct stat *st)
{
	const char *slash = strrchr(path, '/');
	int error = make_room(w);
	struct pap_library_object *o;

	if (error)
		return error;
	o = &w->objects[w->count];
	*o = (struct pap_library_object){.parent = w->parent, .elf = *elf};
	memset(elf, 0, sizeof(*elf));
	if (st) {
		o->device = st->st_dev;
		o->inode = st->st_ino;
	}
	w->count++;
	o->name = strdup(name);
	o->path = strdup(path);
	o->origin = slash == path ? strdup("/") : strndup(path, slash ? slash - path : 0);
	return o->name && o->path && o->origin ? 0 : -ENOMEM;
}

static bool loaded(const struct pap_library_walk *w, const struct stat *st)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->objects[i].device == st->st_dev && w->objects[i].inode == st->st_ino)
			return true;
	return false;
}

/* The file at fd answers to the wanted name: 1, 0 (not for this machine), or an error. */
static int take(struct pap_library_walk *w, const char *path, int fd)
{
	struct pap_window file;
	struct pap_elf elf;
	struct stat st;
	int error;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	pap_window_init(&file, fd);
	error = pap_elf_read(&file, w->request->arch, PAP_ELF_LIBRARY, &elf);
	if (error == -ENOMEM || (error && elf.foreign))
		goto out;
	/* One file by another name: grant the name, its libraries are known already. */
	if (!error && !loaded(w, &st))
		error = add_object(w, w->wanted, path, &elf, &st);
	if (error != -ENOMEM && error != -E2BIG)
		error = pap_program_add(w->out, path, PAP_ACCESS_READ, "library %s of %s",
					w->wanted, w->objects[w->parent].path);
	pap_elf_free(&elf);
	return error ? error : 1;
out:
	pap_elf_free(&elf);
	return error == -ENOMEM ? error : 0;
}

static int look(void *context, const char *path)
{
	struct pap_library_walk *w = context;
	char absolute[PATH_MAX];
	int fd, n;

	if (++w->looks > MAX_LOOKS)
		return -E2BIG;
	if (path[0] != '/') {
		if (!w->request->directory ||
		    snprintf(absolute, sizeof(absolute), "%s/%s", w->request->directory, path) >=
			(int)sizeof(absolute))
			return 0;
		path = absolute;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return 0;
	n = take(w, path, fd);
	close(fd);
	return n;
}

/* Looks for a library that object `parent` asks for by name. 0 or an error. */
static int need(struct pap_library_walk *w, const char *name, size_t parent)
{
	int n;

	if (!name[0] || known(w, name))
		return 0;
	if (++w->lookups > MAX_LOOKUPS)
		return -E2BIG;
	w->wanted = name;
	w->parent = parent;
	n = pap_library_search(w, name);
	if (n)
		return n < 0 ? n : 0;
	return pap_program_add_missing(w->out, name, "library %s of %s", name,
				       w->objects[parent].path);
}

/* Calls need() for every word of a list of libraries. Changes the text. */
static int need_words(struct pap_library_walk *w, char *words, const char *separators)
{
	char *rest = words, *word;
	int error = 0;

	while (!error && (word = strsep(&rest, separators)))
		error = need(w, word, 0);
	return error;
}

/* A small configuration file of a loader: listed and read when it exists. */
static int configuration(struct pap_library_walk *w, const char *path, char **text)
{
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), error;

	*text = NULL;
	if (fd < 0)
		return 0;
	*text = malloc(MAX_CONFIGURATION + 1);
	n = *text ? pread(fd, *text, MAX_CONFIGURATION, 0) : 0;
	close(fd);
	if (!*text)
		return -ENOMEM;
	if (n < 0) {
		free(*text);
		*text = NULL;
		return 0;
	}
	(*text)[n] = '\0';
	error = pap_program_add(w->out, path, PAP_ACCESS_READ, "read by %s", w->request->loader);
	return error;
}

static void drop_comments(char *text)
{
	for (char *at = text; (at = strchr(at, '#'));)
		while (*at && *at != '\n')
			*at++ = ' ';
}

static int start_glibc(struct pap_library_walk *w)
{
	const char *root = w->request->root;
	char path[PATH_MAX], *text;
	int error = 0;

	snprintf(path, sizeof(path), "%s/etc/ld.so.cache", root);
	pap_ldcache_open(&w->cache, path, w->request->arch);
	if (w->cache.map)
		error = pap_program_add(w->out, path, PAP_ACCESS_READ, "read by %s",
					w->request->loader);
	if (error)
		return error;
	snprintf(path, sizeof(path), "%s/etc/ld.so.preload", root);
	error = configuration(w, path, &text);
	if (!error && text) {
		drop_comments(text);
		error = need_words(w, text, " \t\n:");
	}
	free(text);
	return error;
}

/* The loader /PREFIX/lib/ld-musl-ARCH.so.1 reads /PREFIX/etc/ld-musl-ARCH.path. */
static int start_musl(struct pap_library_walk *w)
{
	const char *loader = w->request->loader, *name = base_name(loader);
	size_t prefix = (size_t)(name - loader), arch = strcspn(name, ".");
	char path[PATH_MAX];

	/* Cut "/lib/" off, the directory whatever its name. */
	if (prefix)
		prefix--;
	while (prefix && loader[prefix - 1] != '/')
		prefix--;
	if (prefix)
		prefix--;
	if (snprintf(path, sizeof(path), "%s%.*s/etc/%.*s.path", w->request->root, (int)prefix,
		     loader, (int)arch, name) >= (int)sizeof(path))
		return 0;
	return configuration(w, path, &w->musl_path);
}

static int preload(struct pap_library_walk *w)
{
	char *words;
	int error;

	if (!w->request->preload)
		return 0;
	words = strdup(w->request->preload);
	if (!words)
		return -ENOMEM;
	error = need_words(w, words, " \t\n:");
	free(words);
	return error;
}

static int run(struct pap_library_walk *w)
{
	int error = 0;

	/* glibc takes LD_PRELOAD before ld.so.preload, which changes nothing about the set. */
	error = w->musl ? start_musl(w) : start_glibc(w);
	if (!error)
		error = preload(w);
	for (size_t i = 0; !error && i < w->count; i++)
		for (size_t j = 0; !error && j < w->objects[i].elf.needed_count; j++)
			error = need(w, w->objects[i].elf.needed[j], i);
	return error;
}

static void finish(struct pap_library_walk *w)
{
	for (size_t i = 0; i < w->count; i++) {
		free(w->objects[i].name);
		free(w->objects[i].path);
		free(w->objects[i].origin);
		pap_elf_free(&w->objects[i].elf);
	}
	free(w->objects);
	free(w->musl_path);
	pap_ldcache_close(&w->cache);
}

int pap_libraries_add(const struct pap_library_request *request, struct pap_elf *elf,
		      struct pap_program_files *out, struct pap_error *err)
{
	struct pap_library_walk w = {.request = request, .out = out, .look = look};
	int error;

	w.musl = !strncmp(base_name(request->loader), "ld-musl-", strlen("ld-musl-"));
	error = add_object(&w, request->program, request->program, elf, NULL);
	if (!error)
		error = run(&w);
	finish(&w);
	if (error == -E2BIG)
		return pap_fail(err, error,
				"the program names more libraries, or more places "
				"to look for them, than any real one");
	return error ? pap_fail(err, error, "out of memory") : 0;
}
