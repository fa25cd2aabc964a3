/* SPDX-License-Identifier: BSD-2-Clause */
#include "policy/places.h"

#include <stdlib.h>
#include <string.h>

#include "policy/path.h"

static int by_path(const void *a, const void *b)
{
	const struct pap_place_of *x = a, *y = b;

	return strcmp(x->path, y->path);
}

void pap_places_free(struct pap_places *places)
{
	for (size_t i = 0; i < places->count; i++)
		free(places->items[i].path);
	free(places->items);
}

bool pap_places_add(struct pap_places *places, const char *path, unsigned access)
{
	char *copy = strdup(path);

	if (!copy)
		return false;
	if (!pap_path_clean(copy)) {
		free(copy);
		return true;
	}
	places->items[places->count++] = (struct pap_place_of){copy, access};
	return true;
}

void pap_places_sort(struct pap_places *places)
{
	size_t last = 0;

	if (!places->count)
		return;
	qsort(places->items, places->count, sizeof(*places->items), by_path);
	for (size_t i = 1; i < places->count; i++) {
		if (strcmp(places->items[last].path, places->items[i].path)) {
			places->items[++last] = places->items[i];
			continue;
		}
		places->items[last].access |= places->items[i].access;
		free(places->items[i].path);
	}
	places->count = last + 1;
}

static unsigned access_at(const struct pap_places *places, const char *path)
{
	struct pap_place_of key = {(char *)path, 0};
	const struct pap_place_of *found = NULL;

	if (places->count)
		found = bsearch(&key, places->items, places->count, sizeof(key), by_path);
	return found ? found->access : 0;
}

unsigned pap_places_access(const struct pap_places *places, char *path)
{
	bool absolute = path[0] == '/';
	unsigned access = access_at(places, path);
	char *slash;

	while ((slash = strrchr(path, '/')) && slash > path) {
		*slash = '\0';
		access |= access_at(places, path);
	}
	return access | access_at(places, absolute ? "/" : ".");
}
