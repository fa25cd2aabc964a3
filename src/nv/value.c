/* SPDX-License-Identifier: BSD-2-Clause */
/* Values: what is valid, who frees what, and copies of their own. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nv/nv.h"

bool pap_nv_value_valid(const struct pap_nv_value *value)
{
	switch (value->type) {
	case PAP_NV_STRING:
		return value->string;
	case PAP_NV_NVLIST:
		return value->nvlist;
	case PAP_NV_BINARY:
	case PAP_NV_BOOL_ARRAY:
	case PAP_NV_NUMBER_ARRAY:
	case PAP_NV_DESCRIPTOR_ARRAY:
		return value->binary && value->count;
	case PAP_NV_STRING_ARRAY:
	case PAP_NV_NVLIST_ARRAY:
		if (!value->binary || !value->count)
			return false;
		for (size_t i = 0; i < value->count; i++)
			if (!value->string_array[i])
				return false;
		return true;
	default:
		return true;
	}
}

void pap_nv_adopt(struct pap_nv_value *value, struct pap_nv_pair *parent)
{
	if (value->type == PAP_NV_NVLIST) {
		value->nvlist->parent = parent;
	} else if (value->type == PAP_NV_NVLIST_ARRAY) {
		for (size_t i = 0; i < value->count; i++) {
			bool follows = parent && i + 1 < value->count;

			value->nvlist_array[i]->parent = parent;
			value->nvlist_array[i]->array_next =
			    follows ? value->nvlist_array[i + 1] : NULL;
		}
	}
}

/* ---- freeing ------------------------------------------------------------------------------- */

static void drop_one(int descriptor, pap_nv_drop *drop)
{
	if (drop && descriptor >= 0)
		drop(descriptor);
}

void pap_nv_value_free(struct pap_nv_value *value, pap_nv_drop *drop)
{
	switch (value->type) {
	case PAP_NV_NVLIST:
		pap_nv_free(value->nvlist, drop);
		return;
	case PAP_NV_DESCRIPTOR:
		drop_one(value->descriptor, drop);
		return;
	case PAP_NV_STRING_ARRAY:
		for (size_t i = 0; value->string_array && i < value->count; i++)
			free(value->string_array[i]);
		break;
	case PAP_NV_NVLIST_ARRAY:
		for (size_t i = 0; value->nvlist_array && i < value->count; i++)
			pap_nv_free(value->nvlist_array[i], drop);
		break;
	case PAP_NV_DESCRIPTOR_ARRAY:
		for (size_t i = 0; value->descriptor_array && i < value->count; i++)
			drop_one(value->descriptor_array[i], drop);
		break;
	case PAP_NV_NULL:
	case PAP_NV_BOOL:
	case PAP_NV_NUMBER:
		return;
	default:
		break;
	}
	free(value->binary);
}

/* ---- copies -------------------------------------------------------------------------------- */

static int copy_one(int descriptor, pap_nv_copy *copy, int *to)
{
	*to = descriptor < 0 ? -1 : copy(descriptor);
	return descriptor >= 0 && *to < 0 ? *to : 0;
}

/* Items one by one; `to` counts those that are there, so that it can be freed. */
static int copy_items(struct pap_nv_value *to, const struct pap_nv_value *from, pap_nv_copy *copy,
		      pap_nv_drop *drop)
{
	int result = 0;

	for (size_t i = 0; i < from->count && !result; i++) {
		if (to->type == PAP_NV_STRING_ARRAY)
			result = (to->string_array[i] = strdup(from->string_array[i])) ? 0 : -ENOMEM;
		else if (to->type == PAP_NV_NVLIST_ARRAY)
			result = pap_nv_clone(from->nvlist_array[i], copy, drop,
					      to->nvlist_array + i);
		else
			result = copy_one(from->descriptor_array[i], copy, to->descriptor_array + i);
		to->count += !result;
	}
	return result;
}

static int copy_array(struct pap_nv_value *to, const struct pap_nv_value *from, pap_nv_copy *copy,
		      pap_nv_drop *drop)
{
	int result;

	to->count = 0;
	to->binary = from->type == PAP_NV_DESCRIPTOR_ARRAY ? calloc(from->count, sizeof(int))
							   : calloc(from->count, sizeof(void *));
	if (!to->binary)
		return -ENOMEM;
	result = copy_items(to, from, copy, drop);
	if (result)
		pap_nv_value_free(to, drop);
	return result;
}

static int copy_bytes(struct pap_nv_value *to, const struct pap_nv_value *from, size_t item)
{
	to->binary = calloc(from->count, item);
	if (!to->binary)
		return -ENOMEM;
	memcpy(to->binary, from->binary, from->count * item);
	return 0;
}

int pap_nv_value_copy(struct pap_nv_value *to, const struct pap_nv_value *from, pap_nv_copy *copy,
		      pap_nv_drop *drop)
{
	*to = *from;
	switch (from->type) {
	case PAP_NV_STRING:
		to->string = strdup(from->string);
		return to->string ? 0 : -ENOMEM;
	case PAP_NV_NVLIST:
		return pap_nv_clone(from->nvlist, copy, drop, &to->nvlist);
	case PAP_NV_DESCRIPTOR:
		return copy_one(from->descriptor, copy, &to->descriptor);
	case PAP_NV_BINARY:
		return copy_bytes(to, from, 1);
	case PAP_NV_BOOL_ARRAY:
		return copy_bytes(to, from, sizeof(bool));
	case PAP_NV_NUMBER_ARRAY:
		return copy_bytes(to, from, sizeof(uint64_t));
	case PAP_NV_STRING_ARRAY:
	case PAP_NV_NVLIST_ARRAY:
	case PAP_NV_DESCRIPTOR_ARRAY:
		return copy_array(to, from, copy, drop);
	default:
		return 0;
	}
}

int pap_nv_clone(const struct nvlist *list, pap_nv_copy *copy, pap_nv_drop *drop,
		 struct nvlist **clone)
{
	struct nvlist *made;
	int result = -list->error;

	if (result)
		return result;
	made = pap_nv_new(list->flags);
	if (!made)
		return -ENOMEM;
	for (struct pap_nv_pair *pair = list->first; pair; pair = pair->next) {
		struct pap_nv_value value;
		struct pap_nv_pair *added = NULL;

		result = pap_nv_value_copy(&value, &pair->value, copy, drop);
		if (!result && !(added = pap_nv_pair(pair->name, &value))) {
			pap_nv_value_free(&value, drop);
			result = -ENOMEM;
		}
		if (!result)
			result = pap_nv_insert(made, added);
		if (result) {
			pap_nv_free(made, drop);
			return result;
		}
	}
	*clone = made;
	return 0;
}
