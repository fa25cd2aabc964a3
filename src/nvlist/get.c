/* SPDX-License-Identifier: BSD-2-Clause */
/* Looking at values, taking them, and freeing them: by name, by cookie, with a default. */
#include <stdlib.h>
#include <sys/cnv.h>
#include <sys/dnv.h>
#include <sys/nv.h>

#include "nvlist/private.h"

/* ---- names --------------------------------------------------------------------------------- */

bool nvlist_exists(const nvlist_t *nvl, const char *name)
{
	return pap_nv_find(nvl, name, PAP_NV_NONE);
}

bool nvlist_exists_type(const nvlist_t *nvl, const char *name, int type)
{
	return pap_nv_find(nvl, name, type);
}

void nvlist_free(nvlist_t *nvl, const char *name)
{
	nvlist_free_type(nvl, name, PAP_NV_NONE);
}

static void free_pair(struct pap_nv_pair *pair)
{
	pap_nv_remove(pair);
	pap_nv_pair_free(pair, pap_nvlist_close);
}

void nvlist_free_type(nvlist_t *nvl, const char *name, int type)
{
	free_pair(pap_nvlist_need(nvl, name, type));
}

const char *cnvlist_name(const void *cookie)
{
	return ((const struct pap_nv_pair *)cookie)->name;
}

int cnvlist_type(const void *cookie)
{
	return ((const struct pap_nv_pair *)cookie)->value.type;
}

#define NAMED(word, number)                                                                        \
	bool nvlist_exists_##word(const nvlist_t *nvl, const char *name)                           \
	{                                                                                          \
		return pap_nv_find(nvl, name, number);                                             \
	}                                                                                          \
	void nvlist_free_##word(nvlist_t *nvl, const char *name)                                   \
	{                                                                                          \
		nvlist_free_type(nvl, name, number);                                               \
	}                                                                                          \
	void cnvlist_free_##word(void *cookie)                                                     \
	{                                                                                          \
		free_pair(pap_nvlist_typed(cookie, number));                                       \
	}
NAMED(null, PAP_NV_NULL)

/* ---- one value ----------------------------------------------------------------------------- */

#define GET_SINGLE(word, number, TYPE, CONST, field)                                               \
	NAMED(word, number)                                                                        \
	CONST nvlist_get_##word(const nvlist_t *nvl, const char *name)                             \
	{                                                                                          \
		return pap_nvlist_need(nvl, name, number)->value.field;                            \
	}                                                                                          \
	TYPE nvlist_take_##word(nvlist_t *nvl, const char *name)                                   \
	{                                                                                          \
		return pap_nvlist_take(pap_nvlist_need(nvl, name, number)).field;                  \
	}                                                                                          \
	CONST cnvlist_get_##word(const void *cookie)                                               \
	{                                                                                          \
		return pap_nvlist_typed(cookie, number)->value.field;                              \
	}                                                                                          \
	TYPE cnvlist_take_##word(void *cookie)                                                     \
	{                                                                                          \
		return pap_nvlist_take(pap_nvlist_typed(cookie, number)).field;                    \
	}                                                                                          \
	CONST dnvlist_get_##word(const nvlist_t *nvl, const char *name, CONST otherwise)           \
	{                                                                                          \
		struct pap_nv_pair *pair = pap_nv_find(nvl, name, number);                         \
                                                                                                   \
		return pair ? pair->value.field : otherwise;                                       \
	}                                                                                          \
	TYPE dnvlist_take_##word(nvlist_t *nvl, const char *name, TYPE otherwise)                  \
	{                                                                                          \
		struct pap_nv_pair *pair = pap_nv_find(nvl, name, number);                         \
                                                                                                   \
		return pair ? pap_nvlist_take(pair).field : otherwise;                             \
	}
PAP_NV_SINGLES(GET_SINGLE)

/* ---- values with a count ------------------------------------------------------------------- */

static const void *counted(const struct pap_nv_value *value, size_t *count)
{
	if (count)
		*count = value->count;
	return value->binary;
}

static void *counted_taken(struct pap_nv_value value, size_t *count)
{
	return (void *)counted(&value, count);
}

#define GET_COUNTED(word, number, TYPE, CONST)                                                     \
	NAMED(word, number)                                                                        \
	CONST nvlist_get_##word(const nvlist_t *nvl, const char *name, size_t *count)              \
	{                                                                                          \
		return counted(&pap_nvlist_need(nvl, name, number)->value, count);                 \
	}                                                                                          \
	TYPE nvlist_take_##word(nvlist_t *nvl, const char *name, size_t *count)                    \
	{                                                                                          \
		return counted_taken(pap_nvlist_take(pap_nvlist_need(nvl, name, number)), count);  \
	}                                                                                          \
	CONST cnvlist_get_##word(const void *cookie, size_t *count)                                \
	{                                                                                          \
		return counted(&pap_nvlist_typed(cookie, number)->value, count);                   \
	}                                                                                          \
	TYPE cnvlist_take_##word(void *cookie, size_t *count)                                      \
	{                                                                                          \
		return counted_taken(pap_nvlist_take(pap_nvlist_typed(cookie, number)), count);    \
	}
PAP_NV_COUNTED(GET_COUNTED)

const void *dnvlist_get_binary(const nvlist_t *nvl, const char *name, size_t *sizep,
			       const void *otherwise, size_t othersize)
{
	struct pap_nv_pair *pair = pap_nv_find(nvl, name, PAP_NV_BINARY);

	if (pair)
		return counted(&pair->value, sizep);
	if (sizep)
		*sizep = othersize;
	return otherwise;
}

void *dnvlist_take_binary(nvlist_t *nvl, const char *name, size_t *sizep, void *otherwise,
			  size_t othersize)
{
	struct pap_nv_pair *pair = pap_nv_find(nvl, name, PAP_NV_BINARY);

	if (pair)
		return counted_taken(pap_nvlist_take(pair), sizep);
	if (sizep)
		*sizep = othersize;
	return otherwise;
}
