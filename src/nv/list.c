/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A list of pairs in the order in which they were added. Names are found through chains
 * once there are more than a handful: lists come from strangers too, and the test for a
 * name that is there already would otherwise take time that grows with the square.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nv/nv.h"

enum { FEW = 16 };

struct nvlist *pap_nv_new(unsigned flags)
{
	struct nvlist *list = calloc(1, sizeof(*list));

	if (list)
		list->flags = flags;
	return list;
}

void pap_nv_free(struct nvlist *list, pap_nv_drop *drop)
{
	struct pap_nv_pair *pair, *next;

	if (!list)
		return;
	for (pair = list->first; pair; pair = next) {
		next = pair->next;
		pap_nv_pair_free(pair, drop);
	}
	free(list->chains);
	free(list);
}

struct pap_nv_pair *pap_nv_pair(const char *name, const struct pap_nv_value *value)
{
	size_t length = strlen(name) + 1;
	struct pap_nv_pair *pair = calloc(1, sizeof(*pair) + length);

	if (!pair)
		return NULL;
	memcpy(pair->name, name, length);
	pair->value = *value;
	pap_nv_adopt(&pair->value, pair);
	return pair;
}

void pap_nv_pair_free(struct pap_nv_pair *pair, pap_nv_drop *drop)
{
	pap_nv_value_free(&pair->value, drop);
	free(pair);
}

/* ---- names --------------------------------------------------------------------------------- */

/* ASCII letters alone are folded, whatever the locale. */
static unsigned char fold(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* The same for names that differ in case alone, so that it serves every list. */
static uint32_t hash_of(const char *name)
{
	uint32_t hash = 2166136261u;

	for (; *name; name++)
		hash = (hash ^ fold((unsigned char)*name)) * 16777619u;
	return hash;
}

static bool same(const struct nvlist *list, const char *a, const char *b)
{
	if (!(list->flags & PAP_NV_IGNORE_CASE))
		return strcmp(a, b) == 0;
	while (*a && fold((unsigned char)*a) == fold((unsigned char)*b))
		a++, b++;
	return !*a && !*b;
}

static struct pap_nv_chain *chain_of(const struct nvlist *list, uint32_t hash)
{
	return list->chains + (hash & (list->nchains - 1));
}

static void chain_add(struct nvlist *list, struct pap_nv_pair *pair)
{
	struct pap_nv_chain *chain = chain_of(list, pair->hash);

	pair->chain_previous = chain->last;
	pair->chain_next = NULL;
	if (chain->last)
		chain->last->chain_next = pair;
	else
		chain->first = pair;
	chain->last = pair;
}

static void chain_remove(struct nvlist *list, struct pap_nv_pair *pair)
{
	struct pap_nv_chain *chain = chain_of(list, pair->hash);

	if (pair->chain_previous)
		pair->chain_previous->chain_next = pair->chain_next;
	else
		chain->first = pair->chain_next;
	if (pair->chain_next)
		pair->chain_next->chain_previous = pair->chain_previous;
	else
		chain->last = pair->chain_previous;
}

/* Without memory for chains the old ones, or none, do as well. */
static void rehash(struct nvlist *list)
{
	size_t wanted = list->nchains ? list->nchains * 2 : 4 * FEW;
	struct pap_nv_chain *chains = calloc(wanted, sizeof(*chains));

	if (!chains)
		return;
	free(list->chains);
	list->chains = chains;
	list->nchains = wanted;
	for (struct pap_nv_pair *pair = list->first; pair; pair = pair->next)
		chain_add(list, pair);
}

struct pap_nv_pair *pap_nv_find(const struct nvlist *list, const char *name, int type)
{
	uint32_t hash = hash_of(name);
	struct pap_nv_pair *pair = list->chains ? chain_of(list, hash)->first : list->first;

	for (; pair; pair = list->chains ? pair->chain_next : pair->next)
		if (pair->hash == hash && (type == PAP_NV_NONE || type == pair->value.type) &&
		    same(list, pair->name, name))
			return pair;
	return NULL;
}

/* ---- in and out ---------------------------------------------------------------------------- */

int pap_nv_insert(struct nvlist *list, struct pap_nv_pair *pair)
{
	if (!(list->flags & PAP_NV_NO_UNIQUE) && pap_nv_find(list, pair->name, PAP_NV_NONE))
		return -EEXIST;
	pair->hash = hash_of(pair->name);
	pair->list = list;
	pair->next = NULL;
	pair->previous = list->last;
	if (list->last)
		list->last->next = pair;
	else
		list->first = pair;
	list->last = pair;
	if (list->chains)
		chain_add(list, pair);
	if (++list->count > (list->nchains ? list->nchains : FEW))
		rehash(list);
	return 0;
}

void pap_nv_remove(struct pap_nv_pair *pair)
{
	struct nvlist *list = pair->list;

	if (list->chains)
		chain_remove(list, pair);
	if (pair->previous)
		pair->previous->next = pair->next;
	else
		list->first = pair->next;
	if (pair->next)
		pair->next->previous = pair->previous;
	else
		list->last = pair->previous;
	list->count--;
	pair->list = NULL;
}
