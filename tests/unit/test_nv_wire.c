/* SPDX-License-Identifier: BSD-2-Clause */
/* The wire form byte by byte, and what is no such form. */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/nv.h>

#include "harness.h"
#include "nv/nv.h"

/* ---- bytes written by hand ----------------------------------------------------------------- */

struct bytes {
	uint8_t data[65536];
	size_t size;
	bool big;
};

static void raw(struct bytes *bytes, const void *data, size_t size)
{
	REQUIRE(bytes->size + size <= sizeof(bytes->data));
	memcpy(bytes->data + bytes->size, data, size);
	bytes->size += size;
}

static void number(struct bytes *bytes, uint64_t value)
{
	value = bytes->big ? htobe64(value) : htole64(value);
	raw(bytes, &value, 8);
}

static void header(struct bytes *bytes, uint64_t descriptors, uint64_t size)
{
	uint8_t start[3] = {0x6c, 0, bytes->big ? 0x80 : 0};

	raw(bytes, start, 3);
	number(bytes, descriptors);
	number(bytes, size);
}

static void pair(struct bytes *bytes, uint8_t type, const char *name, uint64_t size, uint64_t items)
{
	uint16_t length = (uint16_t)(strlen(name) + 1);
	uint16_t wire = bytes->big ? htobe16(length) : htole16(length);

	raw(bytes, &type, 1);
	raw(bytes, &wire, 2);
	number(bytes, size);
	number(bytes, items);
	raw(bytes, name, length);
}

static nvlist_t *unpack(const struct bytes *bytes)
{
	uint8_t *copy = malloc(bytes->size + !bytes->size);
	nvlist_t *nvl;

	memcpy(copy, bytes->data, bytes->size); /* exactly: reads past the end are seen */
	errno = 0;
	nvl = nvlist_unpack(copy, bytes->size, 0);
	free(copy);
	return nvl;
}

static void refused(const struct bytes *bytes, int error, const char *what)
{
	nvlist_t *nvl = unpack(bytes);

	if (!CHECK(!nvl) || !CHECK_EQ(errno, error))
		test_note("%s", what);
	nvlist_destroy(nvl);
}

/* One pair with `size` bytes of value, everything else right. */
static struct bytes *one(uint8_t type, uint64_t told, uint64_t items, const void *value, size_t size)
{
	static struct bytes bytes;

	bytes = (struct bytes){.size = 0};
	header(&bytes, 0, 19 + 2 + size);
	pair(&bytes, type, "x", told, items);
	raw(&bytes, value, size);
	return &bytes;
}

/* ---- the form ------------------------------------------------------------------------------ */

static void write_sample(struct bytes *bytes)
{
	size_t inner = 19 + 19 + 2 + 8, up = 20;

	/* number "n", then a list "l" with a number "m" */
	header(bytes, 0, (19 + 2 + 8) + (19 + 2) + inner + up);
	pair(bytes, 3, "n", 8, 0);
	number(bytes, 0x0102030405060708);
	pair(bytes, 5, "l", inner, 0);
	header(bytes, 0, inner - 19 + up);
	pair(bytes, 3, "m", 8, 0);
	number(bytes, 9);
	pair(bytes, 255, "", 0, 0);
}

TEST(bytes_of_either_order_are_read)
{
	for (int big = 0; big < 2; big++) {
		struct bytes bytes = {.big = big};
		nvlist_t *nvl;

		write_sample(&bytes);
		nvl = unpack(&bytes);
		REQUIRE(nvl);
		CHECK_EQ(nvlist_get_number(nvl, "n"), 0x0102030405060708);
		CHECK_EQ(nvlist_get_number(nvlist_get_nvlist(nvl, "l"), "m"), 9);
		nvlist_destroy(nvl);
	}
}

TEST(what_is_written_is_this_form)
{
	struct bytes bytes = {.big = BYTE_ORDER == BIG_ENDIAN};
	nvlist_t *nvl = nvlist_create(0), *inner = nvlist_create(0);
	size_t size;
	void *packed;

	write_sample(&bytes);
	nvlist_add_number(nvl, "n", 0x0102030405060708);
	nvlist_add_number(inner, "m", 9);
	nvlist_move_nvlist(nvl, "l", inner);
	packed = nvlist_pack(nvl, &size);
	CHECK(size == bytes.size && !memcmp(packed, bytes.data, size));
	free(packed);
	nvlist_destroy(nvl);
}

TEST(arrays_have_this_form)
{
	struct bytes bytes = {.size = 0};
	nvlist_t *nvl;
	size_t n;

	header(&bytes, 0, (19 + 2 + 4) + (19 + 2 + 2 * 39));
	pair(&bytes, 10, "s", 4, 2);
	raw(&bytes, "a\0b", 4);
	pair(&bytes, 11, "l", 0, 2);
	header(&bytes, 0, 20 + 39);
	pair(&bytes, 254, "", 0, 0);
	header(&bytes, 0, 20);
	pair(&bytes, 254, "", 0, 0);
	nvl = unpack(&bytes);
	REQUIRE(nvl);
	CHECK_STR(nvlist_get_string_array(nvl, "s", &n)[1], "b");
	CHECK_EQ(n, 2);
	CHECK(nvlist_empty(nvlist_get_nvlist_array(nvl, "l", &n)[1]));
	CHECK_EQ(n, 2);
	nvlist_destroy(nvl);
}

/* ---- no such form -------------------------------------------------------------------------- */

TEST(headers_that_are_none)
{
	struct bytes bytes = {.size = 0};

	refused(&bytes, EINVAL, "nothing");
	write_sample(&bytes);
	for (size_t i = 0; i < 3; i++) {
		bytes.data[i] ^= 0x10;
		refused(&bytes, EINVAL, "magic, version, flags");
		bytes.data[i] ^= 0x10;
	}
	bytes.data[2] = 1;
	refused(&bytes, EILSEQ, "other flags");
	bytes.data[2] = 0x80;
	refused(&bytes, EINVAL, "the other order");
	bytes.data[2] = 0;
	bytes.data[11]++;
	refused(&bytes, EINVAL, "longer than there is");
	bytes.data[11] -= 2;
	refused(&bytes, EINVAL, "shorter");
	bytes.data[11]++;
	bytes.data[3] = 1;
	refused(&bytes, EINVAL, "a descriptor that did not come");
}

TEST(every_length_but_the_right_one)
{
	struct bytes bytes = {.size = 0};
	size_t whole;
	nvlist_t *nvl;

	write_sample(&bytes);
	nvl = unpack(&bytes);
	CHECK(nvl);
	nvlist_destroy(nvl);
	whole = bytes.size;
	for (bytes.size = 0; bytes.size < whole; bytes.size++)
		refused(&bytes, EINVAL, "cut");
	bytes.size = whole + 1;
	refused(&bytes, EINVAL, "one byte more");
}

TEST(values_that_are_none)
{
	uint64_t zero = 0, none = htole64(UINT64_MAX - 1);

	refused(one(0, 0, 0, "", 0), EINVAL, "type 0");
	refused(one(13, 0, 0, "", 0), EINVAL, "an unknown type");
	refused(one(255, 0, 0, "", 0), EINVAL, "the end of a list that did not begin");
	refused(one(254, 0, 0, "", 0), EINVAL, "the end of an item that did not begin");
	refused(one(1, 1, 0, "x", 1), EINVAL, "null with a value");
	refused(one(1, 0, 1, "", 0), EINVAL, "null with items");
	refused(one(2, 1, 0, "\2", 1), EINVAL, "neither true nor false");
	refused(one(2, 0, 0, "", 0), EINVAL, "no bool");
	refused(one(3, 4, 0, "1234", 4), EINVAL, "half a number");
	refused(one(4, 0, 0, "", 0), EINVAL, "a string without its end");
	refused(one(4, 3, 0, "abc", 3), EINVAL, "a string without its end");
	refused(one(4, 3, 0, "a\0c", 3), EINVAL, "two strings");
	refused(one(4, UINT64_MAX, 0, "abc", 4), EINVAL, "a very long string");
	refused(one(5, 0, 0, "", 0), EINVAL, "no list");
	refused(one(6, 8, 0, &zero, 8), EINVAL, "a descriptor that did not come");
	refused(one(6, 8, 0, &none, 8), EINVAL, "-2");
	refused(one(7, 0, 0, "", 0), EINVAL, "no binary");
	refused(one(7, UINT64_MAX, 0, "x", 1), EINVAL, "a very long binary");
}

TEST(arrays_that_are_none)
{
	uint64_t zero[2] = {0, 0};

	refused(one(8, 0, 0, "", 0), EINVAL, "no item");
	refused(one(8, 2, 3, "\0\1", 2), EINVAL, "fewer than told");
	refused(one(8, 2, 2, "\0\2", 2), EINVAL, "neither true nor false");
	refused(one(9, 16, 3, zero, 16), EINVAL, "fewer than told");
	refused(one(9, 16, (UINT64_MAX >> 3) + 3, zero, 16), EINVAL, "as many as wrap");
	refused(one(10, 4, 3, "a\0b", 4), EINVAL, "fewer than told");
	refused(one(10, 4, 1, "a\0b", 4), EINVAL, "more than told");
	refused(one(10, 3, 2, "a\0b", 3), EINVAL, "without its end");
	refused(one(10, 4, UINT64_MAX, "a\0b", 4), EINVAL, "very many");
	refused(one(11, 0, UINT64_MAX, "", 0), EINVAL, "very many lists");
	refused(one(11, 0, 1, "", 0), EINVAL, "a list that does not begin");
	refused(one(11, 8, 1, zero, 8), EINVAL, "lists with a size");
	refused(one(12, 16, 2, zero, 16), EINVAL, "descriptors that did not come");
}

TEST(names_that_are_none)
{
	struct bytes bytes = {.size = 0};
	uint16_t length;

	header(&bytes, 0, 19 + 2);
	pair(&bytes, 1, "x", 0, 0);
	bytes.data[bytes.size - 1] = 'y';
	refused(&bytes, EINVAL, "a name without its end");
	bytes.data[bytes.size - 2] = 0;
	bytes.data[bytes.size - 1] = 0;
	refused(&bytes, EINVAL, "an end inside");
	length = 0;
	memcpy(bytes.data + 20, &length, 2);
	refused(&bytes, EINVAL, "no name at all");
	length = 0xffff;
	memcpy(bytes.data + 20, &length, 2);
	refused(&bytes, EINVAL, "longer than there is");
}

TEST(a_name_twice)
{
	struct bytes bytes = {.size = 0};

	header(&bytes, 0, 2 * (19 + 2));
	pair(&bytes, 1, "x", 0, 0);
	pair(&bytes, 1, "x", 0, 0);
	refused(&bytes, EEXIST, "a name twice");
}

TEST(a_list_that_never_ends)
{
	struct bytes bytes = {.size = 0};

	header(&bytes, 0, 19 + 2 + 19);
	pair(&bytes, 5, "x", 19, 0);
	header(&bytes, 0, 0);
	refused(&bytes, EINVAL, "no end");
}

static nvlist_t *nested(unsigned depth)
{
	nvlist_t *nvl = nvlist_create(0);

	while (--depth) {
		nvlist_t *outer = nvlist_create(0);

		nvlist_move_nvlist(outer, "x", nvl);
		nvl = outer;
	}
	return nvl;
}

TEST(depth_has_an_end)
{
	nvlist_t *fits = nested(PAP_NV_DEPTH_MAX), *deeper = nested(PAP_NV_DEPTH_MAX + 1), *back;
	size_t size;
	uint8_t *bytes = nvlist_pack(fits, &size), *wrapped;
	struct bytes start = {.size = 0};

	CHECK(!nvlist_pack(deeper, &size) && errno == E2BIG);
	bytes = bytes ? bytes : nvlist_pack(fits, &size);
	size = nvlist_size(fits);
	back = nvlist_unpack(bytes, size, 0);
	CHECK(back);
	/* one more around it, by hand */
	header(&start, 0, 19 + 2 + size + 20);
	pair(&start, 5, "x", size, 0);
	wrapped = malloc(start.size + size + 20);
	memcpy(wrapped, start.data, start.size);
	memcpy(wrapped + start.size, bytes, size);
	refused(&start, EINVAL, "cut");
	CHECK(!nvlist_unpack(wrapped, start.size + size, 0));
	free(wrapped);
	free(bytes);
	nvlist_destroy(back);
	nvlist_destroy(fits);
	nvlist_destroy(deeper);
}

TEST(descriptors_stay_the_callers_after_a_failure)
{
	int descriptors[] = {7, 8};
	struct bytes bytes = {.size = 0};
	struct nvlist *list;

	header(&bytes, 2, 2 * (19 + 2 + 8));
	pair(&bytes, 6, "a", 8, 0);
	number(&bytes, 1);
	pair(&bytes, 6, "b", 8, 0);
	number(&bytes, 1); /* the same again */
	CHECK_EQ(pap_nv_unpack(bytes.data, bytes.size, 0, descriptors, 2, &list), -EINVAL);
	CHECK(descriptors[0] == 7 && descriptors[1] == 8);
	bytes.data[bytes.size - 8] = 0;
	CHECK_EQ(pap_nv_unpack(bytes.data, bytes.size, 0, descriptors, 2, &list), 0);
	CHECK(descriptors[0] == -1 && descriptors[1] == -1);
	CHECK_EQ(nvlist_get_descriptor(list, "a"), 8);
	CHECK_EQ(nvlist_get_descriptor(list, "b"), 7);
	pap_nv_free(list, NULL);
}
