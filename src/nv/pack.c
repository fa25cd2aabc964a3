/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The wire form of a list: a header (magic, version, flags, how many descriptors, how many
 * bytes follow in the whole message), then pairs: type, sizes, name, value. A list in a
 * list stands with its own header in place of the value, and ends with a pair without
 * a name; so does each list of an array. Numbers are in the sender's order of bytes,
 * which the header tells.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nv/nv.h"
#include "nv/wire.h"

/* ---- sizes --------------------------------------------------------------------------------- */

/* A list inside: header, pairs, and the pair that ends it with its empty name. */
static size_t inner_size(const struct nvlist *list)
{
	return pap_nv_size(list) + PAP_NV_PAIR_HEADER + 1;
}

/* Of the value as the pair's header tells it: lists are not counted in an array. */
static size_t told_size(const struct pap_nv_value *value)
{
	size_t size = 0;

	switch (value->type) {
	case PAP_NV_BOOL:
		return 1;
	case PAP_NV_NUMBER:
	case PAP_NV_DESCRIPTOR:
		return 8;
	case PAP_NV_STRING:
		return strlen(value->string) + 1;
	case PAP_NV_NVLIST:
		return pap_nv_size(value->nvlist);
	case PAP_NV_BINARY:
	case PAP_NV_BOOL_ARRAY:
		return value->count;
	case PAP_NV_NUMBER_ARRAY:
	case PAP_NV_DESCRIPTOR_ARRAY:
		return value->count * 8;
	case PAP_NV_STRING_ARRAY:
		for (size_t i = 0; i < value->count; i++)
			size += strlen(value->string_array[i]) + 1;
		return size;
	default:
		return 0;
	}
}

static size_t value_size(const struct pap_nv_value *value)
{
	size_t size = 0;

	if (value->type == PAP_NV_NVLIST)
		return inner_size(value->nvlist);
	if (value->type != PAP_NV_NVLIST_ARRAY)
		return told_size(value);
	for (size_t i = 0; i < value->count; i++)
		size += inner_size(value->nvlist_array[i]);
	return size;
}

size_t pap_nv_size(const struct nvlist *list)
{
	size_t size = PAP_NV_HEADER;

	for (const struct pap_nv_pair *pair = list->first; pair; pair = pair->next)
		size += PAP_NV_PAIR_HEADER + strlen(pair->name) + 1 + value_size(&pair->value);
	return size;
}

static unsigned depth_of(const struct nvlist *list, unsigned above)
{
	unsigned deepest = above + 1;

	if (deepest > PAP_NV_DEPTH_MAX)
		return deepest;
	for (const struct pap_nv_pair *pair = list->first; pair; pair = pair->next) {
		const struct pap_nv_value *value = &pair->value;
		bool array = value->type == PAP_NV_NVLIST_ARRAY;
		size_t count = array ? value->count : value->type == PAP_NV_NVLIST;

		for (size_t i = 0; i < count; i++) {
			unsigned inside = depth_of(array ? value->nvlist_array[i] : value->nvlist,
						   above + 1);

			deepest = inside > deepest ? inside : deepest;
		}
	}
	return deepest;
}

/* ---- descriptors --------------------------------------------------------------------------- */

static size_t gather(const struct nvlist *list, int *into)
{
	size_t n = 0;

	for (const struct pap_nv_pair *pair = list->first; pair; pair = pair->next) {
		const struct pap_nv_value *value = &pair->value;
		bool array = value->type == PAP_NV_DESCRIPTOR_ARRAY;
		size_t count = array ? value->count : value->type == PAP_NV_DESCRIPTOR;

		for (size_t i = 0; i < count; i++) {
			int descriptor = array ? value->descriptor_array[i] : value->descriptor;

			if (descriptor >= 0 && into)
				into[n] = descriptor;
			n += descriptor >= 0;
		}
		if (value->type == PAP_NV_NVLIST)
			n += gather(value->nvlist, into ? into + n : NULL);
		for (size_t i = 0; value->type == PAP_NV_NVLIST_ARRAY && i < value->count; i++)
			n += gather(value->nvlist_array[i], into ? into + n : NULL);
	}
	return n;
}

size_t pap_nv_descriptors(const struct nvlist *list)
{
	return gather(list, NULL);
}

void pap_nv_collect(const struct nvlist *list, int *descriptors)
{
	gather(list, descriptors);
}

/* ---- writing ------------------------------------------------------------------------------- */

struct writer {
	uint8_t *at, *end;
	uint64_t descriptors; /* whose places have been given away */
};

static void put(struct writer *writer, const void *bytes, size_t size)
{
	memcpy(writer->at, bytes, size);
	writer->at += size;
}

static void put_u8(struct writer *writer, uint8_t number)
{
	*writer->at++ = number;
}

static void put_u64(struct writer *writer, uint64_t number)
{
	put(writer, &number, sizeof(number));
}

static void put_pair(struct writer *writer, uint8_t type, const char *name, uint64_t size,
		     uint64_t items)
{
	uint16_t length = (uint16_t)(strlen(name) + 1);

	put_u8(writer, type);
	put(writer, &length, sizeof(length));
	put_u64(writer, size);
	put_u64(writer, items);
	put(writer, name, length);
}

static void put_descriptor(struct writer *writer, int descriptor)
{
	put_u64(writer, descriptor < 0 ? UINT64_MAX : writer->descriptors++);
}

static void put_list(struct writer *writer, const struct nvlist *list);

static void put_value(struct writer *writer, const struct pap_nv_value *value)
{
	switch (value->type) {
	case PAP_NV_BOOL:
		put_u8(writer, value->boolean);
		break;
	case PAP_NV_NUMBER:
		put_u64(writer, value->number);
		break;
	case PAP_NV_STRING:
		put(writer, value->string, strlen(value->string) + 1);
		break;
	case PAP_NV_NVLIST:
		put_list(writer, value->nvlist);
		put_pair(writer, PAP_NV_UP, "", 0, 0);
		break;
	case PAP_NV_DESCRIPTOR:
		put_descriptor(writer, value->descriptor);
		break;
	case PAP_NV_BINARY:
		put(writer, value->binary, value->count);
		break;
	default:
		break;
	}
}

static void put_item(struct writer *writer, const struct pap_nv_value *value, size_t i)
{
	switch (value->type) {
	case PAP_NV_BOOL_ARRAY:
		put_u8(writer, value->bool_array[i]);
		break;
	case PAP_NV_NUMBER_ARRAY:
		put_u64(writer, value->number_array[i]);
		break;
	case PAP_NV_STRING_ARRAY:
		put(writer, value->string_array[i], strlen(value->string_array[i]) + 1);
		break;
	case PAP_NV_NVLIST_ARRAY:
		put_list(writer, value->nvlist_array[i]);
		put_pair(writer, PAP_NV_NEXT, "", 0, 0);
		break;
	case PAP_NV_DESCRIPTOR_ARRAY:
		put_descriptor(writer, value->descriptor_array[i]);
		break;
	default:
		break;
	}
}

static void put_list(struct writer *writer, const struct nvlist *list)
{
	put_u8(writer, PAP_NV_MAGIC);
	put_u8(writer, PAP_NV_VERSION);
	put_u8(writer, (uint8_t)(list->flags | PAP_NV_OUR_ENDIAN));
	put_u64(writer, pap_nv_descriptors(list));
	put_u64(writer, (uint64_t)(writer->end - writer->at) - sizeof(uint64_t));
	for (const struct pap_nv_pair *pair = list->first; pair; pair = pair->next) {
		const struct pap_nv_value *value = &pair->value;
		bool array = value->type >= PAP_NV_BOOL_ARRAY;

		put_pair(writer, value->type, pair->name, told_size(value), array ? value->count : 0);
		put_value(writer, value);
		for (size_t i = 0; array && i < value->count; i++)
			put_item(writer, value, i);
	}
}

int pap_nv_pack(const struct nvlist *list, uint8_t **bytes, size_t *size)
{
	struct writer writer = {0};

	if (list->error)
		return -list->error;
	if (depth_of(list, 0) > PAP_NV_DEPTH_MAX)
		return -E2BIG;
	*size = pap_nv_size(list);
	*bytes = malloc(*size);
	if (!*bytes)
		return -ENOMEM;
	writer.at = *bytes;
	writer.end = *bytes + *size;
	put_list(&writer, list);
	return 0;
}
