/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the wire form. The bytes are a stranger's: every length is compared with what
 * is left before it is used, every count with the bytes that so many items need at
 * least, depth is bounded, and what is not exactly as pack.c writes it is refused.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nv/nv.h"
#include "nv/wire.h"

struct reader {
	const uint8_t *at;
	size_t left;
	bool big_endian;
	int *descriptors;
	size_t ndescriptors;
	unsigned depth;
};

struct told { /* a pair's header */
	uint8_t type;
	uint64_t size, items;
	const char *name;
};

/* ---- numbers ------------------------------------------------------------------------------- */

static bool take(struct reader *reader, size_t size, const uint8_t **bytes)
{
	if (size > reader->left)
		return false;
	*bytes = reader->at;
	reader->at += size;
	reader->left -= size;
	return true;
}

static uint64_t number_at(const uint8_t *bytes, bool big_endian)
{
	uint64_t number;

	memcpy(&number, bytes, sizeof(number));
	return big_endian ? be64toh(number) : le64toh(number);
}

int pap_nv_header_read(const uint8_t bytes[PAP_NV_HEADER], struct pap_nv_header *header)
{
	if (bytes[0] != PAP_NV_MAGIC || bytes[1] != PAP_NV_VERSION)
		return -EINVAL;
	if (bytes[2] & ~(PAP_NV_PUBLIC_FLAGS | PAP_NV_BIG_ENDIAN))
		return -EINVAL;
	header->flags = bytes[2] & PAP_NV_PUBLIC_FLAGS;
	header->big_endian = bytes[2] & PAP_NV_BIG_ENDIAN;
	header->descriptors = number_at(bytes + 3, header->big_endian);
	header->size = number_at(bytes + 11, header->big_endian);
	return 0;
}

/* Every header tells how much of the whole message follows, the inner ones too. */
static int read_header(struct reader *reader, struct pap_nv_header *header)
{
	const uint8_t *bytes;

	if (!take(reader, PAP_NV_HEADER, &bytes) || pap_nv_header_read(bytes, header))
		return -EINVAL;
	if (header->size != reader->left || header->descriptors > reader->ndescriptors)
		return -EINVAL;
	return 0;
}

static int read_pair(struct reader *reader, struct told *told)
{
	const uint8_t *bytes, *name;
	uint16_t length;

	if (!take(reader, PAP_NV_PAIR_HEADER, &bytes))
		return -EINVAL;
	memcpy(&length, bytes + 1, sizeof(length));
	length = reader->big_endian ? be16toh(length) : le16toh(length);
	told->type = bytes[0];
	told->size = number_at(bytes + 3, reader->big_endian);
	told->items = number_at(bytes + 11, reader->big_endian);
	if (!length || length > PAP_NV_NAME_MAX || !take(reader, length, &name))
		return -EINVAL;
	if (memchr(name, 0, length) != name + length - 1)
		return -EINVAL;
	told->name = (const char *)name;
	return 0;
}

/* ---- values -------------------------------------------------------------------------------- */

static int read_list(struct reader *reader, uint8_t end, struct nvlist **list);

static int read_descriptor(struct reader *reader, const uint8_t *bytes, int *descriptor)
{
	uint64_t place = number_at(bytes, reader->big_endian);

	*descriptor = -1;
	if (place == UINT64_MAX)
		return 0;
	if (place >= reader->ndescriptors || reader->descriptors[place] < 0)
		return -EINVAL;
	*descriptor = reader->descriptors[place];
	reader->descriptors[place] = -1;
	return 0;
}

static int read_string(const uint8_t *bytes, size_t size, char **string)
{
	if (!size || memchr(bytes, 0, size) != bytes + size - 1)
		return -EINVAL;
	*string = strdup((const char *)bytes);
	return *string ? 0 : -ENOMEM;
}

/* One value: how many bytes it must have is known, but for strings and binaries. */
static int read_single(struct reader *reader, const struct told *told, struct pap_nv_value *value)
{
	static const size_t sizes[] = {[PAP_NV_BOOL] = 1, [PAP_NV_NUMBER] = 8,
				       [PAP_NV_DESCRIPTOR] = 8, [PAP_NV_TYPES] = 0};
	const uint8_t *bytes;

	if (told->items || told->size > reader->left)
		return -EINVAL;
	if (told->type == PAP_NV_NVLIST)
		return told->size ? read_list(reader, PAP_NV_UP, &value->nvlist) : -EINVAL;
	if (!take(reader, told->size, &bytes))
		return -EINVAL;
	if (told->type == PAP_NV_STRING)
		return read_string(bytes, told->size, &value->string);
	if (told->type == PAP_NV_BINARY) {
		value->count = told->size;
		if (!value->count)
			return -EINVAL;
		value->binary = malloc(value->count);
		return value->binary ? (memcpy(value->binary, bytes, value->count), 0) : -ENOMEM;
	}
	if (told->size != sizes[told->type])
		return -EINVAL;
	if (told->type == PAP_NV_DESCRIPTOR)
		return read_descriptor(reader, bytes, &value->descriptor);
	if (told->type == PAP_NV_NUMBER)
		value->number = number_at(bytes, reader->big_endian);
	if (told->type == PAP_NV_BOOL) {
		if (*bytes > 1)
			return -EINVAL;
		value->boolean = *bytes;
	}
	return 0;
}

/* The next string of an array whose bytes are all there. */
static int next_string(const uint8_t **bytes, size_t *left, char **string)
{
	const uint8_t *end = memchr(*bytes, 0, *left);
	int result = end ? read_string(*bytes, (size_t)(end - *bytes) + 1, string) : -EINVAL;

	if (!result) {
		*left -= (size_t)(end - *bytes) + 1;
		*bytes = end + 1;
	}
	return result;
}

/* Item after item; value->count tells how many there are, so that they can be freed. */
static int read_items(struct reader *reader, uint64_t items, const uint8_t *bytes, size_t size,
		      struct pap_nv_value *value)
{
	int result = 0;

	for (size_t i = 0; i < items && !result; i++) {
		switch (value->type) {
		case PAP_NV_BOOL_ARRAY:
			result = bytes[i] > 1 ? -EINVAL : 0;
			value->bool_array[i] = bytes[i] & 1;
			break;
		case PAP_NV_NUMBER_ARRAY:
			value->number_array[i] = number_at(bytes + 8 * i, reader->big_endian);
			break;
		case PAP_NV_DESCRIPTOR_ARRAY:
			result = read_descriptor(reader, bytes + 8 * i, value->descriptor_array + i);
			break;
		case PAP_NV_STRING_ARRAY:
			result = next_string(&bytes, &size, value->string_array + i);
			break;
		default:
			result = read_list(reader, PAP_NV_NEXT, value->nvlist_array + i);
		}
		value->count += !result;
	}
	if (!result && value->type == PAP_NV_STRING_ARRAY && size)
		result = -EINVAL;
	return result;
}

static int read_array(struct reader *reader, const struct told *told, struct pap_nv_value *value)
{
	static const struct {
		size_t wire;   /* bytes of an item, at least for those that vary */
		size_t memory; /* and here */
		bool exact;
	} items[] = {
	    [PAP_NV_BOOL_ARRAY] = {1, sizeof(bool), true},
	    [PAP_NV_NUMBER_ARRAY] = {8, sizeof(uint64_t), true},
	    [PAP_NV_STRING_ARRAY] = {1, sizeof(char *), false},
	    [PAP_NV_NVLIST_ARRAY] = {PAP_NV_HEADER + PAP_NV_PAIR_HEADER + 1, sizeof(void *), false},
	    [PAP_NV_DESCRIPTOR_ARRAY] = {8, sizeof(int), true},
	};
	bool lists = told->type == PAP_NV_NVLIST_ARRAY;
	size_t bytes_there = lists ? reader->left : told->size, wire = items[told->type].wire;
	const uint8_t *bytes = reader->at;

	if ((lists && told->size) || bytes_there > reader->left)
		return -EINVAL;
	if (!told->items || told->items > bytes_there / wire)
		return -EINVAL;
	if (items[told->type].exact && told->items * wire != told->size)
		return -EINVAL;
	if (!lists)
		take(reader, told->size, &bytes);
	value->binary = calloc(told->items, items[told->type].memory);
	if (!value->binary)
		return -ENOMEM;
	return read_items(reader, told->items, bytes, told->size, value);
}

/* ---- lists --------------------------------------------------------------------------------- */

static int read_value(struct reader *reader, const struct told *told, struct nvlist *list)
{
	struct pap_nv_value value = {.type = told->type};
	struct pap_nv_pair *pair = NULL;
	bool array = told->type >= PAP_NV_BOOL_ARRAY;
	int result;

	if (told->type <= PAP_NV_NONE || told->type >= PAP_NV_TYPES)
		return -EINVAL;
	result = array ? read_array(reader, told, &value) : read_single(reader, told, &value);
	if (!result)
		pair = pap_nv_pair(told->name, &value);
	if (!pair) {
		/* Descriptors are the caller's: nothing is closed here. */
		pap_nv_value_free(&value, NULL);
		return result ? result : -ENOMEM;
	}
	result = pap_nv_insert(list, pair);
	if (result)
		pap_nv_pair_free(pair, NULL);
	return result;
}

/* Up to the end of the message, or to the pair that ends a list inside. */
static int read_pairs(struct reader *reader, uint8_t end, struct nvlist *list)
{
	struct told told;
	int result;

	while (reader->left) {
		result = read_pair(reader, &told);
		if (result)
			return result;
		if (end && told.type == end)
			return told.size || told.items || *told.name ? -EINVAL : 0;
		result = read_value(reader, &told, list);
		if (result)
			return result;
	}
	return end ? -EINVAL : 0;
}

static int read_list(struct reader *reader, uint8_t end, struct nvlist **list)
{
	struct pap_nv_header header;
	struct nvlist *made;
	int result;

	if (++reader->depth > PAP_NV_DEPTH_MAX || read_header(reader, &header))
		return -EINVAL;
	if (!end)
		reader->big_endian = header.big_endian;
	else if (header.big_endian != reader->big_endian)
		return -EINVAL;
	made = pap_nv_new(header.flags);
	if (!made)
		return -ENOMEM;
	result = read_pairs(reader, end, made);
	if (result)
		pap_nv_free(made, NULL);
	else
		*list = made;
	reader->depth--;
	return result;
}

int pap_nv_unpack(const uint8_t *bytes, size_t size, unsigned flags, int *descriptors,
		  size_t ndescriptors, struct nvlist **list)
{
	struct reader reader = {.at = bytes, .left = size, .descriptors = descriptors,
				.ndescriptors = ndescriptors};
	int *spare = NULL, result;

	/* Taken ones are marked; after a failure they are the caller's, as they were. */
	if (ndescriptors) {
		spare = calloc(ndescriptors, sizeof(*spare));
		if (!spare)
			return -ENOMEM;
		memcpy(spare, descriptors, ndescriptors * sizeof(*spare));
	}
	result = read_list(&reader, 0, list);
	if (!result && (*list)->flags != flags) {
		pap_nv_free(*list, NULL);
		result = -EILSEQ;
	}
	if (result && spare)
		memcpy(descriptors, spare, ndescriptors * sizeof(*spare));
	free(spare);
	return result;
}
