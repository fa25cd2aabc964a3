/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order of places, as glibc's and musl's manuals and habits have it. What a
 * loader was built with that differs (other default directories) is not known.
 */
#include "apply/library_search.h"

#include <string.h>

#include "apply/searchpath.h"

static struct pap_search search_for(struct pap_library_walk *w, size_t object)
{
	return (struct pap_search){.arch = w->request->arch,
				   .origin = w->objects[object].origin,
				   .musl = w->musl,
				   .look = w->look,
				   .context = w};
}

/* The search path that object i carries for what it (and, by RPATH, its children) asks for. */
static const char *inherited(const struct pap_library_walk *w, size_t i)
{
	const struct pap_elf *elf = &w->objects[i].elf;

	if (w->musl)
		return elf->runpath ? elf->runpath : elf->rpath;
	return elf->runpath ? NULL : elf->rpath;
}

static int search_inherited(struct pap_library_walk *w, const char *name)
{
	size_t i = w->parent;

	for (;;) {
		const char *list = inherited(w, i);
		struct pap_search search = search_for(w, i);
		int n = list ? pap_search_list(&search, list, ":", name) : 0;

		if (n || w->objects[i].parent == i)
			return n;
		i = w->objects[i].parent;
	}
}

static int search_cache(struct pap_library_walk *w, const char *name)
{
	uint32_t next = 0;
	const char *path;
	int found = 0, n;

	while ((path = pap_ldcache_find(&w->cache, name, &next))) {
		if ((n = w->look(w, path)) < 0)
			return n;
		found |= n;
	}
	return found;
}

static int search_glibc(struct pap_library_walk *w, const char *name)
{
	const struct pap_elf *asking = &w->objects[w->parent].elf;
	const char *runpath = asking->runpath;
	bool defaults = !asking->no_default_libraries;
	struct pap_search search = search_for(w, w->parent);
	int n = 0;

	if (!runpath)
		n = search_inherited(w, name);
	if (!n && w->request->library_path && w->request->library_path[0])
		n = pap_search_list(&search, w->request->library_path, ":;", name);
	if (!n && runpath)
		n = pap_search_list(&search, runpath, ":", name);
	if (!n && defaults)
		n = search_cache(w, name);
	if (!n && defaults)
		n = pap_search_default(&search, name);
	return n;
}

static int search_musl(struct pap_library_walk *w, const char *name)
{
	struct pap_search search = search_for(w, w->parent);
	int n = 0;

	if (w->request->library_path && w->request->library_path[0])
		n = pap_search_list(&search, w->request->library_path, ":\n", name);
	if (!n)
		n = search_inherited(w, name);
	if (!n)
		n = pap_search_list(&search,
				    w->musl_path ? w->musl_path : "/lib:/usr/local/lib:/usr/lib",
				    ":\n", name);
	return n;
}

/* musl's loader is these libraries itself, whatever their version. */
static bool part_of_musl(const char *name)
{
	static const char *const parts[] = {"libc.",  "libpthread.", "librt.",  "libm.",
					    "libdl.", "libutil.",    "libxnet."};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (!strncmp(name, parts[i], strlen(parts[i])))
			return true;
	return false;
}

int pap_library_search(struct pap_library_walk *w, const char *name)
{
	struct pap_search search;

	if (w->musl && part_of_musl(name))
		return 1;
	if (!strchr(name, '/'))
		return w->musl ? search_musl(w, name) : search_glibc(w, name);
	search = search_for(w, w->parent);
	return pap_search_path(&search, name);
}
