/* SPDX-License-Identifier: BSD-2-Clause */
/* Random lists: packed and unpacked they are the same, and damaged ones never hurt. */
#include <stdlib.h>
#include <string.h>
#include <sys/nv.h>

#include "harness.h"

static char *random_name(char *name, size_t size)
{
	size_t length = test_random_below(size);

	for (size_t i = 0; i < length; i++)
		name[i] = (char)(1 + test_random_below(255));
	name[length] = '\0';
	return name;
}

static nvlist_t *random_list(unsigned depth);

static void add_random(nvlist_t *nvl, unsigned depth)
{
	char name[24], text[200];
	uint64_t kind = test_random_below(depth ? 11 : 9), count = 1 + test_random_below(5);

	random_name(name, sizeof(name));
	if (nvlist_exists(nvl, name) && !nvlist_flags(nvl))
		return;
	switch (kind) {
	case 0:
		nvlist_add_null(nvl, name);
		break;
	case 1:
		nvlist_add_bool(nvl, name, test_random_below(2));
		break;
	case 2:
		nvlist_add_number(nvl, name, test_random());
		break;
	case 3:
		nvlist_add_string(nvl, name, random_name(text, sizeof(text)));
		break;
	case 4:
		random_name(text, sizeof(text));
		nvlist_add_binary(nvl, name, text, strlen(text) + 1);
		break;
	case 5:
		nvlist_add_number_array(nvl, name, (uint64_t[5]){test_random(), 1, 2, 3, 4}, count);
		break;
	case 6:
		nvlist_add_bool_array(nvl, name, (bool[5]){true, false, true, true, false}, count);
		break;
	case 7:
	case 8:
		nvlist_add_string_array(nvl, name,
					(const char *[5]){"", random_name(text, sizeof(text)), "c",
							  "\xff", ""},
					count);
		break;
	case 9:
		nvlist_move_nvlist(nvl, name, random_list(depth - 1));
		break;
	default:
		for (uint64_t i = 0; i < count; i++) {
			nvlist_t *item = random_list(depth - 1);

			nvlist_append_nvlist_array(nvl, name, item);
			nvlist_destroy(item);
		}
	}
}

static nvlist_t *random_list(unsigned depth)
{
	nvlist_t *nvl = nvlist_create(test_random_below(3) ? 0 : NV_FLAG_NO_UNIQUE);

	REQUIRE(nvl);
	for (uint64_t n = test_random_below(depth * 8 + 2); n; n--)
		add_random(nvl, depth);
	if (nvlist_error(nvl)) { /* an array whose name is there several times */
		nvlist_destroy(nvl);
		return nvlist_create(0);
	}
	return nvl;
}

static char *dump(const nvlist_t *nvl)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	nvlist_fdump(nvl, file);
	fclose(file);
	return text;
}

TEST(unpacked_is_what_was_packed, .timeout = 120)
{
	for (int i = 0; i < 2000; i++) {
		nvlist_t *nvl = random_list(3), *back;
		size_t size, again;
		void *bytes = nvlist_pack(nvl, &size), *second;
		char *before = dump(nvl), *after;

		REQUIRE(bytes && size == nvlist_size(nvl));
		back = nvlist_unpack(bytes, size, nvlist_flags(nvl));
		REQUIRE(back);
		after = dump(back);
		CHECK(!strcmp(before, after));
		second = nvlist_pack(back, &again);
		CHECK(again == size && !memcmp(bytes, second, size));
		free(before);
		free(after);
		free(bytes);
		free(second);
		nvlist_destroy(back);
		nvlist_destroy(nvl);
	}
}

/* Whatever is still read is a list like any other. */
TEST(damaged_lists_do_no_harm, .timeout = 120)
{
	unsigned read = 0, refused = 0;

	for (int i = 0; i < 3000; i++) {
		nvlist_t *nvl = random_list(2), *back, *copy;
		size_t size;
		uint8_t *bytes = nvlist_pack(nvl, &size);

		for (uint64_t n = 1 + test_random_below(3); n; n--)
			bytes[test_random_below(size)] = (uint8_t)test_random();
		back = nvlist_unpack(bytes, size, nvlist_flags(nvl));
		copy = back ? nvlist_clone(back) : NULL;
		read += !!back;
		refused += !back;
		CHECK(!back == !copy);
		CHECK(!back || nvlist_size(back) == nvlist_size(copy));
		free(bytes);
		nvlist_destroy(copy);
		nvlist_destroy(back);
		nvlist_destroy(nvl);
	}
	CHECK(read && refused);
}
