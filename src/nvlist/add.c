/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Adding: copies, values that change hands, items at the end of arrays. A failure stays
 * in the list, so that programs look once, at the end.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/nv.h>

#include "nvlist/private.h"

static void fail(struct nvlist *list, int error)
{
	nvlist_set_error(list, error);
	errno = error;
}

/* A list inside itself would never end. */
static bool contains(const struct nvlist *inner, const struct nvlist *list)
{
	for (; list; list = list->parent ? list->parent->list : NULL)
		if (list == inner)
			return true;
	return false;
}

/* 0, or why a list cannot become a value: then it stays the caller's if it has an owner. */
static bool is_free(const struct nvlist *list, const struct nvlist *inner)
{
	return !inner->parent && !contains(inner, list);
}

static bool all_free(const struct nvlist *list, const struct pap_nv_value *value)
{
	if (value->type == PAP_NV_NVLIST)
		return !value->nvlist || is_free(list, value->nvlist);
	for (size_t i = 0; value->type == PAP_NV_NVLIST_ARRAY && value->nvlist_array &&
			   i < value->count; i++) {
		if (value->nvlist_array[i] && !is_free(list, value->nvlist_array[i]))
			return false;
		for (size_t j = 0; j < i; j++)
			if (value->nvlist_array[i] == value->nvlist_array[j])
				return false;
	}
	return true;
}

static int error_inside(const struct pap_nv_value *value)
{
	if (value->type == PAP_NV_NVLIST)
		return value->nvlist->error;
	for (size_t i = 0; value->type == PAP_NV_NVLIST_ARRAY && i < value->count; i++)
		if (value->nvlist_array[i]->error)
			return value->nvlist_array[i]->error;
	return 0;
}

/* Puts a value into the list, which owns it from here on, whatever happens. */
static void put(struct nvlist *list, const char *name, struct pap_nv_value *value)
{
	struct pap_nv_pair *pair = NULL;
	int error = list->error;

	if (!error && strlen(name) >= PAP_NV_NAME_MAX)
		error = ENAMETOOLONG;
	if (!error && !(pair = pap_nv_pair(name, value)))
		error = ENOMEM;
	if (!error)
		error = -pap_nv_insert(list, pair);
	if (!error)
		return;
	free(pair);
	pap_nv_adopt(value, NULL);
	pap_nv_value_free(value, pap_nvlist_close);
	fail(list, error);
}

static void move(struct nvlist *list, const char *name, struct pap_nv_value value)
{
	if (!list || !all_free(list, &value)) {
		fail(list, list ? EINVAL : ENOMEM);
		return;
	}
	if (!pap_nv_value_valid(&value)) {
		pap_nv_value_free(&value, pap_nvlist_close);
		fail(list, EINVAL);
		return;
	}
	if (error_inside(&value)) {
		int error = error_inside(&value);

		pap_nv_value_free(&value, pap_nvlist_close);
		fail(list, error);
		return;
	}
	put(list, name, &value);
}

static void add(struct nvlist *list, const char *name, struct pap_nv_value value)
{
	struct pap_nv_value copy;
	int error = list ? list->error : ENOMEM;

	if (!error && !pap_nv_value_valid(&value))
		error = EINVAL;
	if (!error && value.type == PAP_NV_DESCRIPTOR && value.descriptor < 0)
		error = EBADF;
	if (!error)
		error = -pap_nv_value_copy(&copy, &value, pap_nvlist_dup, pap_nvlist_close);
	if (error)
		fail(list, error);
	else
		put(list, name, &copy);
}

/* ---- one of each --------------------------------------------------------------------------- */

void nvlist_add_null(nvlist_t *nvl, const char *name)
{
	add(nvl, name, (struct pap_nv_value){.type = PAP_NV_NULL});
}

#define ADD_SINGLE(word, number, TYPE, CONST, field)                                               \
	void nvlist_add_##word(nvlist_t *nvl, const char *name, CONST value)                       \
	{                                                                                          \
		add(nvl, name, (struct pap_nv_value){.type = number, .field = (TYPE)value});       \
	}
PAP_NV_SINGLES(ADD_SINGLE)

#define ADD_COUNTED(word, number, TYPE, CONST)                                                     \
	void nvlist_add_##word(nvlist_t *nvl, const char *name, CONST value, size_t count)         \
	{                                                                                          \
		add(nvl, name,                                                                     \
		    (struct pap_nv_value){.type = number, .count = count, .word = (TYPE)value});   \
	}
PAP_NV_COUNTED(ADD_COUNTED)

#define MOVE_SINGLE(word, number, TYPE)                                                            \
	void nvlist_move_##word(nvlist_t *nvl, const char *name, TYPE value)                       \
	{                                                                                          \
		move(nvl, name, (struct pap_nv_value){.type = number, .word = value});             \
	}
MOVE_SINGLE(string, PAP_NV_STRING, char *)
MOVE_SINGLE(nvlist, PAP_NV_NVLIST, nvlist_t *)

void nvlist_move_descriptor(nvlist_t *nvl, const char *name, int value)
{
	if (value < 0)
		fail(nvl, EBADF);
	else
		move(nvl, name, (struct pap_nv_value){.type = PAP_NV_DESCRIPTOR,
						      .descriptor = value});
}

#define MOVE_COUNTED(word, number, TYPE, CONST)                                                    \
	void nvlist_move_##word(nvlist_t *nvl, const char *name, TYPE value, size_t count)         \
	{                                                                                          \
		move(nvl, name,                                                                    \
		     (struct pap_nv_value){.type = number, .count = count, .word = value});        \
	}
PAP_NV_COUNTED(MOVE_COUNTED)

void nvlist_add_stringv(nvlist_t *nvl, const char *name, const char *format, va_list args)
{
	char *string = NULL;

	if (!nvl || nvl->error) {
		fail(nvl, nvl ? nvl->error : ENOMEM);
		return;
	}
	if (vasprintf(&string, format, args) < 0)
		fail(nvl, ENOMEM);
	else
		nvlist_move_string(nvl, name, string);
}

void nvlist_add_stringf(nvlist_t *nvl, const char *name, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	nvlist_add_stringv(nvl, name, format, args);
	va_end(args);
}

/* ---- one more item ------------------------------------------------------------------------- */

/* `one` is an array of one item, which is copied; the array there grows by that copy. */
static void append(struct nvlist *list, const char *name, struct pap_nv_value one, size_t item)
{
	struct pap_nv_pair *pair = list && !list->error ? pap_nv_find(list, name, one.type) : NULL;
	struct pap_nv_value copy;
	void *larger;
	int error;

	if (!pair) {
		add(list, name, one);
		return;
	}
	error = pap_nv_value_valid(&one)
		    ? -pap_nv_value_copy(&copy, &one, pap_nvlist_dup, pap_nvlist_close)
		    : EINVAL;
	if (error) {
		fail(list, error);
		return;
	}
	larger = reallocarray(pair->value.binary, pair->value.count + 1, item);
	if (!larger) {
		pap_nv_value_free(&copy, pap_nvlist_close);
		fail(list, ENOMEM);
		return;
	}
	memcpy((char *)larger + pair->value.count * item, copy.binary, item);
	free(copy.binary); /* what is in it has moved */
	pair->value.binary = larger;
	pair->value.count++;
	pap_nv_adopt(&pair->value, pair);
}

#define APPEND(word, number, TYPE, ITEM)                                                           \
	void nvlist_append_##word(nvlist_t *nvl, const char *name, TYPE value)                     \
	{                                                                                          \
		append(nvl, name,                                                                  \
		       (struct pap_nv_value){.type = number, .count = 1, .word = (ITEM *)&value},  \
		       sizeof(ITEM));                                                              \
	}
APPEND(bool_array, PAP_NV_BOOL_ARRAY, bool, bool)
APPEND(number_array, PAP_NV_NUMBER_ARRAY, uint64_t, uint64_t)
APPEND(string_array, PAP_NV_STRING_ARRAY, const char *, char *)
APPEND(nvlist_array, PAP_NV_NVLIST_ARRAY, const nvlist_t *, nvlist_t *)
APPEND(descriptor_array, PAP_NV_DESCRIPTOR_ARRAY, int, int)
