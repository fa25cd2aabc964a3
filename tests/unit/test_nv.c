/* SPDX-License-Identifier: BSD-2-Clause */
/* libnv: what is added is there, what fails stays failed, who owns what. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/cnv.h>
#include <sys/dnv.h>
#include <sys/nv.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

static nvlist_t *sample(void)
{
	static const bool bools[] = {true, false, true};
	static const uint64_t numbers[] = {1, UINT64_MAX};
	static const char *const strings[] = {"a", "", "ccc"};
	nvlist_t *nvl = nvlist_create(0), *inner = nvlist_create(NV_FLAG_IGNORE_CASE);
	const nvlist_t *lists[] = {inner, inner};

	REQUIRE(nvl && inner);
	nvlist_add_string(inner, "Deep", "down");
	nvlist_add_null(nvl, "null");
	nvlist_add_bool(nvl, "bool", true);
	nvlist_add_number(nvl, "number", 42);
	nvlist_add_string(nvl, "string", "text");
	nvlist_add_binary(nvl, "binary", "\0\1\2", 3);
	nvlist_add_bool_array(nvl, "bools", bools, 3);
	nvlist_add_number_array(nvl, "numbers", numbers, 2);
	nvlist_add_string_array(nvl, "strings", strings, 3);
	nvlist_add_nvlist_array(nvl, "lists", lists, 2);
	nvlist_move_nvlist(nvl, "inner", inner);
	CHECK_EQ(nvlist_error(nvl), 0);
	return nvl;
}

static void check_sample(const nvlist_t *nvl)
{
	const void *binary;
	size_t n;

	CHECK(nvlist_exists_null(nvl, "null"));
	CHECK(nvlist_get_bool(nvl, "bool"));
	CHECK_EQ(nvlist_get_number(nvl, "number"), 42);
	CHECK_STR(nvlist_get_string(nvl, "string"), "text");
	binary = nvlist_get_binary(nvl, "binary", &n);
	CHECK(n == 3 && !memcmp(binary, "\0\1\2", 3));
	CHECK(!nvlist_get_bool_array(nvl, "bools", &n)[1] && n == 3);
	CHECK(nvlist_get_number_array(nvl, "numbers", &n)[1] == UINT64_MAX && n == 2);
	CHECK_STR(nvlist_get_string_array(nvl, "strings", &n)[2], "ccc");
	CHECK_STR(nvlist_get_string(nvlist_get_nvlist(nvl, "inner"), "dEEP"), "down");
	CHECK_STR(nvlist_get_string(nvlist_get_nvlist_array(nvl, "lists", &n)[1], "deep"), "down");
	CHECK_EQ(n, 2);
}

TEST(values_come_back)
{
	nvlist_t *nvl = sample(), *clone = nvlist_clone(nvl), *unpacked;
	size_t size, cloned;
	void *bytes = nvlist_pack(nvl, &size), *again = nvlist_pack(clone, &cloned);

	check_sample(nvl);
	check_sample(clone);
	CHECK_EQ(size, nvlist_size(nvl));
	CHECK(cloned == size && !memcmp(bytes, again, size));
	unpacked = nvlist_unpack(bytes, size, 0);
	REQUIRE(unpacked);
	check_sample(unpacked);
	CHECK(!nvlist_unpack(bytes, size, NV_FLAG_NO_UNIQUE) && errno == EILSEQ);
	free(bytes);
	free(again);
	nvlist_destroy(unpacked);
	nvlist_destroy(clone);
	nvlist_destroy(nvl);
}

TEST(names)
{
	nvlist_t *nvl = nvlist_create(0), *folded = nvlist_create(NV_FLAG_IGNORE_CASE);
	char name[NV_NAME_MAX + 1];

	nvlist_add_number(folded, "Name", 1);
	CHECK(nvlist_exists_number(folded, "nAME"));
	CHECK(!nvlist_exists(folded, "names"));
	nvlist_add_number(folded, "NAME", 2);
	CHECK_EQ(nvlist_error(folded), EEXIST);
	nvlist_add_number(nvl, "Name", 1);
	nvlist_add_string(nvl, "NAME", "2");
	CHECK_EQ(nvlist_error(nvl), 0);
	CHECK(!nvlist_exists_string(nvl, "Name"));
	memset(name, 'x', NV_NAME_MAX);
	name[NV_NAME_MAX - 1] = '\0';
	nvlist_add_null(nvl, name);
	CHECK_EQ(nvlist_error(nvl), 0);
	strcat(name, "x");
	nvlist_add_null(nvl, name);
	CHECK_EQ(nvlist_error(nvl), ENAMETOOLONG);
	nvlist_destroy(nvl);
	nvlist_destroy(folded);
}

TEST(a_name_several_times)
{
	nvlist_t *nvl = nvlist_create(NV_FLAG_NO_UNIQUE);
	void *cookie = NULL;
	int sum = 0;

	for (uint64_t i = 1; i <= 100; i++)
		nvlist_add_number(nvl, i % 2 ? "odd" : "even", i);
	CHECK_EQ(nvlist_error(nvl), 0);
	CHECK_EQ(nvlist_get_number(nvl, "even"), 2);
	nvlist_free_number(nvl, "even");
	CHECK_EQ(nvlist_take_number(nvl, "even"), 4);
	while (nvlist_next(nvl, NULL, &cookie))
		sum += (int)cnvlist_get_number(cookie);
	CHECK_EQ(sum, 5050 - 6);
	nvlist_destroy(nvl);
}

TEST(many_names_are_found)
{
	nvlist_t *nvl = nvlist_create(0);
	char name[32];

	for (uint64_t i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "%u", (unsigned)i);
		nvlist_add_number(nvl, name, i);
	}
	for (uint64_t i = 0; i < 5000; i += 2) {
		snprintf(name, sizeof(name), "%u", (unsigned)i);
		CHECK_EQ(nvlist_take_number(nvl, name), i);
	}
	CHECK(!nvlist_exists(nvl, "4998"));
	CHECK_EQ(nvlist_get_number(nvl, "4999"), 4999);
	nvlist_destroy(nvl);
}

TEST(errors_stay)
{
	nvlist_t *nvl = nvlist_create(0), *bad = nvlist_create(0);
	size_t size;

	CHECK_EQ(nvlist_error(NULL), ENOMEM);
	CHECK(!nvlist_create(4) && errno == EINVAL);
	nvlist_add_string(bad, "x", NULL);
	CHECK_EQ(nvlist_error(bad), EINVAL);
	nvlist_add_null(bad, "y");
	CHECK(nvlist_empty(bad));
	CHECK(!nvlist_pack(bad, &size) && errno == EINVAL);
	CHECK(!nvlist_clone(bad) && errno == EINVAL);
	nvlist_set_error(bad, EPERM);
	CHECK_EQ(nvlist_error(bad), EINVAL);
	nvlist_move_nvlist(nvl, "bad", bad);
	CHECK_EQ(nvlist_error(nvl), EINVAL);
	errno = EXDEV;
	nvlist_destroy(nvl);
	nvlist_destroy(NULL);
	CHECK_EQ(errno, EXDEV);
}

TEST(empty_values_are_refused)
{
	nvlist_t *nvl = nvlist_create(0);

	nvlist_add_binary(nvl, "x", "", 0);
	CHECK_EQ(nvlist_error(nvl), EINVAL);
	nvlist_destroy(nvl);
	nvl = nvlist_create(0);
	nvlist_add_number_array(nvl, "x", NULL, 3);
	CHECK_EQ(nvlist_error(nvl), EINVAL);
	nvlist_destroy(nvl);
	nvl = nvlist_create(0);
	nvlist_add_descriptor(nvl, "x", -1);
	CHECK_EQ(nvlist_error(nvl), EBADF);
	nvlist_destroy(nvl);
	nvl = nvlist_create(0);
	nvlist_add_descriptor(nvl, "x", 999);
	CHECK_EQ(nvlist_error(nvl), EBADF);
	nvlist_destroy(nvl);
}

TEST(a_list_belongs_to_one)
{
	nvlist_t *a = nvlist_create(0), *b = nvlist_create(0), *c = nvlist_create(0);
	void *cookie;

	nvlist_move_nvlist(a, "b", b);
	CHECK(nvlist_get_parent(b, &cookie) == a);
	CHECK_STR(cnvlist_name(cookie), "b");
	nvlist_move_nvlist(c, "b", b); /* is a's */
	CHECK_EQ(nvlist_error(c), EINVAL);
	CHECK_EQ(nvlist_error(a), 0);
	nvlist_move_nvlist(b, "a", a); /* would contain itself */
	CHECK_EQ(nvlist_error(b), EINVAL);
	CHECK(nvlist_take_nvlist(a, "b") == b);
	CHECK(!nvlist_get_parent(b, &cookie));
	nvlist_destroy(a);
	nvlist_destroy(b);
	nvlist_destroy(c);
}

TEST(arrays_grow)
{
	nvlist_t *nvl = nvlist_create(0), *item = nvlist_create(0);
	char **strings;
	nvlist_t **lists;
	size_t n;

	for (int i = 0; i < 20; i++) {
		nvlist_append_string_array(nvl, "s", "word");
		nvlist_append_number_array(nvl, "n", (uint64_t)i);
		nvlist_append_bool_array(nvl, "b", i % 2);
		nvlist_append_nvlist_array(nvl, "l", item);
		nvlist_append_descriptor_array(nvl, "d", 1);
	}
	CHECK_EQ(nvlist_error(nvl), 0);
	CHECK(nvlist_get_number_array(nvl, "n", &n)[19] == 19 && n == 20);
	CHECK(nvlist_get_descriptor_array(nvl, "d", &n)[19] > 2 && n == 20);
	CHECK(nvlist_get_array_next(nvlist_get_nvlist_array(nvl, "l", &n)[3]) ==
	      nvlist_get_nvlist_array(nvl, "l", &n)[4]);
	CHECK(nvlist_in_array(nvlist_get_nvlist_array(nvl, "l", NULL)[19]));
	strings = nvlist_take_string_array(nvl, "s", &n);
	for (size_t i = 0; i < n; i++)
		free(strings[i]);
	free(strings);
	lists = nvlist_take_nvlist_array(nvl, "l", &n);
	CHECK(!nvlist_in_array(lists[0]) && !nvlist_get_array_next(lists[0]));
	for (size_t i = 0; i < n; i++)
		nvlist_destroy(lists[i]);
	free(lists);
	nvlist_append_string_array(nvl, "n", "no number");
	CHECK_EQ(nvlist_error(nvl), EEXIST);
	nvlist_destroy(item);
	nvlist_destroy(nvl);
}

TEST(descriptors_are_duplicated_and_closed)
{
	nvlist_t *nvl = nvlist_create(0), *clone;
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC), taken;
	size_t size;

	nvlist_add_descriptor(nvl, "d", fd);
	CHECK(nvlist_get_descriptor(nvl, "d") != fd);
	CHECK(fcntl(nvlist_get_descriptor(nvl, "d"), F_GETFD) & FD_CLOEXEC);
	CHECK(!nvlist_pack(nvl, &size) && errno == EOPNOTSUPP);
	clone = nvlist_clone(nvl);
	taken = nvlist_take_descriptor(clone, "d");
	nvlist_destroy(clone);
	nvlist_destroy(nvl);
	CHECK_EQ(close(taken), 0);
	nvl = nvlist_create(0);
	nvlist_move_descriptor(nvl, "d", fd);
	nvlist_free(nvl, "d");
	CHECK_ERRNO(close(fd), EBADF);
	nvlist_destroy(nvl);
}

TEST(defaults_stand_in)
{
	nvlist_t *nvl = sample();
	size_t size;
	char *string;

	CHECK_EQ(dnvlist_get_number(nvl, "number", 7), 42);
	CHECK_EQ(dnvlist_get_number(nvl, "string", 7), 7);
	CHECK_STR(dnvlist_get_string(nvl, "none", "other"), "other");
	CHECK_STR(dnvlist_get_binary(nvl, "none", &size, "bytes", 5), "bytes");
	CHECK_EQ(size, 5);
	string = dnvlist_take_string(nvl, "string", NULL);
	CHECK_STR(string, "text");
	CHECK(!dnvlist_take_string(nvl, "string", NULL));
	free(string);
	nvlist_destroy(nvl);
}

/* A program that is wrong about its own list ends: nothing it does then can be right. */
static void die_with(void (*act)(nvlist_t *nvl))
{
	struct rlimit none = {0, 0};
	nvlist_t *nvl = sample();
	int status;
	pid_t child = fork();

	REQUIRE(child >= 0);
	if (!child) {
		setrlimit(RLIMIT_CORE, &none);
		close(STDERR_FILENO);
		act(nvl);
		_exit(0);
	}
	REQUIRE(waitpid(child, &status, 0) == child);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	nvlist_destroy(nvl);
}

static void get_missing(nvlist_t *nvl)
{
	nvlist_get_string(nvl, "missing");
}

static void get_other_type(nvlist_t *nvl)
{
	nvlist_get_string(nvl, "number");
}

static void free_missing(nvlist_t *nvl)
{
	nvlist_free(nvl, "missing");
}

static void cookie_of_other_type(nvlist_t *nvl)
{
	void *cookie = NULL;

	nvlist_next(nvl, NULL, &cookie);
	cnvlist_get_number(cookie);
}

TEST(asking_for_what_is_not_there_aborts)
{
	die_with(get_missing);
	die_with(get_other_type);
	die_with(free_missing);
	die_with(cookie_of_other_type);
}

TEST(what_is_dumped_is_escaped)
{
	nvlist_t *nvl = nvlist_create(0);
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	nvlist_add_string(nvl, "a\nb", "\033[31m");
	nvlist_add_stringf(nvl, "n", "%d", 5);
	nvlist_fdump(nvl, file);
	fclose(file);
	CHECK_STR(text, "a\\nb (STRING): \"\\x1b[31m\"\nn (STRING): \"5\"\n");
	free(text);
	nvlist_destroy(nvl);
}
