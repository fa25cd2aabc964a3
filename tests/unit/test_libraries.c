/* SPDX-License-Identifier: BSD-2-Clause */
/* Where loaders look for libraries: made programs and libraries in a directory. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#include "apply/libraries.h"
#include "elf_image.h"

#define GLIBC "/lib64/ld-linux-x86-64.so.2"

/* A name in the test's directory; four may be in use at once. */
static const char *in(const char *format, ...)
{
	static char names[4][1024];
	static unsigned next;
	char *name = names[next++ % 4];
	int n = snprintf(name, sizeof(names[0]), "%s/", test_directory());
	va_list args;

	va_start(args, format);
	vsnprintf(name + n, sizeof(names[0]) - (size_t)n, format, args);
	va_end(args);
	return name;
}

static void make_directory(const char *name)
{
	REQUIRE(mkdir(in("%s", name), 0755) == 0);
}

/* Pairs of DT_* tag and string, ended by 0. */
static void make(const char *name, ...)
{
	struct image image;
	va_list args;
	int tag;

	image_start(&image, EM_X86_64, NULL);
	va_start(args, name);
	while ((tag = va_arg(args, int)))
		image_name(&image, tag, va_arg(args, const char *));
	va_end(args);
	image_write(&image, in("%s", name));
}

static struct pap_program_files files;
static struct pap_error error;

static int resolve_with(struct pap_library_request request, const char *program)
{
	struct pap_window window;
	struct pap_elf elf;
	int fd = open(in("%s", program), O_RDONLY | O_CLOEXEC), result;

	REQUIRE(fd >= 0);
	pap_window_init(&window, fd);
	REQUIRE(pap_elf_read(&window, PAP_ARCH_X86_64, PAP_ELF_PROGRAM, &elf) == 0);
	close(fd);
	request.program = in("%s", program);
	if (!request.loader)
		request.loader = GLIBC;
	request.arch = PAP_ARCH_X86_64;
	request.directory = test_directory();
	if (!request.root)
		request.root = test_directory();
	memset(&files, 0, sizeof(files));
	result = pap_libraries_add(&request, &elf, &files, &error);
	pap_elf_free(&elf);
	return result;
}

static void resolve(const char *program)
{
	CHECK_EQ(resolve_with((struct pap_library_request){0}, program), 0);
}

/* Whether the list has the file, found. */
static bool has(const char *name)
{
	for (size_t i = 0; i < files.count; i++)
		if (!files.items[i].missing && !strcmp(files.items[i].path, in("%s", name)))
			return files.items[i].access == PAP_ACCESS_READ;
	return false;
}

static bool lacks(const char *name)
{
	for (size_t i = 0; i < files.count; i++)
		if (files.items[i].missing && !strcmp(files.items[i].path, name))
			return files.items[i].access == 0;
	return false;
}

/* ---- glibc ----------------------------------------------------------------------------------- */

TEST(runpath_serves_only_who_carries_it)
{
	make_directory("lib");
	make("prog", DT_RUNPATH, "$ORIGIN/lib", DT_NEEDED, "libone.so", 0);
	make("lib/libone.so", DT_NEEDED, "libtwo.so", 0);
	make("lib/libtwo.so", 0);
	resolve("prog");
	CHECK(has("lib/libone.so"));
	CHECK(!has("lib/libtwo.so"));
	CHECK(lacks("libtwo.so"));
	CHECK_EQ(files.count, 2);
	pap_program_files_free(&files);
}

TEST(rpath_serves_everything_below)
{
	make_directory("lib");
	make("prog", DT_RPATH, "${ORIGIN}/lib", DT_NEEDED, "libone.so", 0);
	make("lib/libone.so", DT_NEEDED, "libtwo.so", DT_NEEDED, "libthree.so", 0);
	make("lib/libtwo.so", 0);
	make("lib/libthree.so", DT_RUNPATH, "/nowhere", DT_NEEDED, "libfour.so", 0);
	make("lib/libfour.so", 0);
	resolve("prog");
	CHECK(has("lib/libtwo.so"));
	/* Who carries a RUNPATH inherits nothing. */
	CHECK(lacks("libfour.so"));
	CHECK_STR(files.items[1].why + strlen(files.items[1].why) - 10, "/libone.so");
	CHECK_EQ(files.count, 4);
	pap_program_files_free(&files);
}

TEST(rpath_beside_runpath_is_ignored)
{
	make_directory("r");
	make("prog", DT_RPATH, "$ORIGIN/r", DT_RUNPATH, "/nowhere", DT_NEEDED, "libone.so", 0);
	make("r/libone.so", 0);
	resolve("prog");
	CHECK(lacks("libone.so"));
	pap_program_files_free(&files);
}

TEST(circles_end)
{
	make("prog", DT_RPATH, "$ORIGIN", DT_NEEDED, "libone.so", DT_NEEDED, "prog", 0);
	make("libone.so", DT_NEEDED, "libtwo.so", DT_NEEDED, "libone.so", 0);
	make("libtwo.so", DT_NEEDED, "libone.so", 0);
	/* The same file by a link, and by its SONAME. */
	REQUIRE(symlink("libone.so", in("liblink.so")) == 0);
	make("again", DT_RPATH, "$ORIGIN", DT_NEEDED, "libone.so", DT_NEEDED, "liblink.so", 0);
	resolve("prog");
	CHECK(has("libone.so") && has("libtwo.so") && has("prog"));
	CHECK_EQ(files.count, 3);
	pap_program_files_free(&files);
	resolve("again");
	CHECK(has("libone.so") && has("libtwo.so") && has("liblink.so"));
	CHECK_EQ(files.count, 3);
	pap_program_files_free(&files);
}

TEST(a_soname_answers_to_a_later_need)
{
	make("prog", DT_RPATH, "$ORIGIN", DT_NEEDED, "libfile.so", DT_NEEDED, "libname.so", 0);
	make("libfile.so", DT_SONAME, "libname.so", 0);
	make("libname.so", 0);
	resolve("prog");
	CHECK(has("libfile.so"));
	CHECK(!has("libname.so"));
	pap_program_files_free(&files);
}

TEST(the_first_directory_wins)
{
	make_directory("a");
	make_directory("b");
	make("prog", DT_RUNPATH, "$ORIGIN/none:$ORIGIN/a:$ORIGIN/b", DT_NEEDED, "libone.so", 0);
	make("a/libone.so", 0);
	make("b/libone.so", 0);
	resolve("prog");
	CHECK(has("a/libone.so") && !has("b/libone.so"));
	pap_program_files_free(&files);
}

TEST(libraries_for_other_machines_are_passed_over)
{
	struct image image;

	make_directory("a");
	make_directory("b");
	make("prog", DT_RUNPATH, "$ORIGIN/a:$ORIGIN/b", DT_NEEDED, "libone.so", 0);
	image_start(&image, EM_AARCH64, NULL);
	image_write(&image, in("a/libone.so"));
	make("b/libone.so", 0);
	resolve("prog");
	CHECK(!has("a/libone.so") && has("b/libone.so"));
	pap_program_files_free(&files);
}

TEST(a_broken_library_is_left_to_the_loader)
{
	make("prog", DT_RPATH, "$ORIGIN", DT_NEEDED, "libone.so", 0);
	image_write_bytes(in("libone.so"), "no library", 10);
	resolve("prog");
	CHECK(has("libone.so"));
	pap_program_files_free(&files);
}

TEST(no_regular_file_is_no_library)
{
	make_directory("a");
	make_directory("a/libone.so");
	make("prog", DT_RUNPATH, "$ORIGIN/a", DT_NEEDED, "libone.so", DT_NEEDED, "libpipe.so", 0);
	REQUIRE(mkfifo(in("a/libpipe.so"), 0600) == 0);
	resolve("prog");
	CHECK(lacks("libone.so") && lacks("libpipe.so"));
	pap_program_files_free(&files);
}

TEST(names_with_slashes_are_paths)
{
	char absolute[1024];

	make_directory("a");
	snprintf(absolute, sizeof(absolute), "%s/a/libone.so", test_directory());
	make("a/libone.so", 0);
	make("a/libtwo.so", 0);
	make("a/libthree.so", 0);
	make("prog", DT_NEEDED, absolute, DT_NEEDED, "$ORIGIN/a/libtwo.so", DT_NEEDED,
	     "./a/libthree.so", DT_NEEDED, "a/libfour.so", 0);
	resolve("prog");
	CHECK(has("a/libone.so") && has("a/libtwo.so") && has("./a/libthree.so"));
	CHECK(lacks("a/libfour.so"));
	pap_program_files_free(&files);
}

TEST(words_in_search_paths)
{
	make_directory("lib64");
	make_directory("lib");
	make_directory("x86_64");
	make("prog", DT_RPATH, "$ORIGIN/$LIB:$ORIGIN/${PLATFORM}:$ORIGIN/$LIBS:$ORIGIN/${LIB",
	     DT_NEEDED, "libone.so", DT_NEEDED, "libtwo.so", DT_NEEDED, "libthree.so", 0);
	make("lib64/libone.so", 0);
	make("lib/libone.so", 0);
	make("x86_64/libtwo.so", 0);
	make_directory("$LIBS");
	make("$LIBS/libthree.so", 0);
	resolve("prog");
	/* Which of them the loader means cannot be seen from outside: both. */
	CHECK(has("lib64/libone.so") && has("lib/libone.so"));
	CHECK(has("x86_64/libtwo.so"));
	CHECK(has("$LIBS/libthree.so"));
	pap_program_files_free(&files);
}

TEST(builds_for_better_processors_come_along)
{
	make_directory("l");
	make_directory("l/glibc-hwcaps");
	make_directory("l/glibc-hwcaps/x86-64-v3");
	make("prog", DT_RUNPATH, "$ORIGIN/l", DT_NEEDED, "libone.so", DT_NEEDED, "libtwo.so", 0);
	make("l/libone.so", 0);
	make("l/glibc-hwcaps/x86-64-v3/libone.so", 0);
	make("l/glibc-hwcaps/x86-64-v3/libtwo.so", 0);
	resolve("prog");
	CHECK(has("l/libone.so") && has("l/glibc-hwcaps/x86-64-v3/libone.so"));
	CHECK(has("l/glibc-hwcaps/x86-64-v3/libtwo.so"));
	CHECK_EQ(files.count, 3);
	pap_program_files_free(&files);
}

TEST(the_environments_paths)
{
	struct pap_library_request request = {.preload = "libpre.so:./e/libpath.so missing.so",
					      .library_path = "e;:/nowhere"};

	make_directory("e");
	make_directory("r");
	make("prog", DT_RUNPATH, "$ORIGIN/r", DT_NEEDED, "libone.so", DT_NEEDED, "libhere.so", 0);
	make("e/libone.so", 0);
	make("r/libone.so", 0);
	make("e/libpre.so", DT_NEEDED, "libmore.so", 0);
	make("e/libmore.so", 0);
	make("e/libpath.so", 0);
	make("libhere.so", 0);
	CHECK_EQ(resolve_with(request, "prog"), 0);
	/* LD_LIBRARY_PATH comes before RUNPATH; an empty element is the working directory. */
	CHECK(has("e/libone.so") && !has("r/libone.so"));
	CHECK(has("e/libpre.so") && has("e/libmore.so") && has("./e/libpath.so"));
	CHECK(has("./libhere.so"));
	CHECK(lacks("missing.so"));
	pap_program_files_free(&files);
	/* Without them, the same program finds other libraries. */
	resolve("prog");
	CHECK(has("r/libone.so") && lacks("libhere.so"));
	pap_program_files_free(&files);
}

TEST(the_systems_preload_list)
{
	static const char list[] = "# libcomment.so\nlibone.so libtwo.so # libthree.so\n\n:";

	make_directory("etc");
	make("prog", DT_RPATH, "$ORIGIN", 0);
	make("libone.so", 0);
	make("libtwo.so", 0);
	make("libthree.so", 0);
	make("libcomment.so", 0);
	image_write_bytes(in("etc/ld.so.preload"), list, strlen(list));
	resolve("prog");
	CHECK(has("etc/ld.so.preload") && has("libone.so") && has("libtwo.so"));
	CHECK_EQ(files.count, 3);
	pap_program_files_free(&files);
}

/* A cache with one entry, as ldconfig writes it. */
static void make_cache(const char *name, const char *path)
{
	struct {
		char magic[20];
		uint32_t count, strings_size, flags, extension, unused[3];
		uint32_t kind, name, path, os_version;
		uint64_t processor;
		char strings[1024];
	} file = {.count = 1, .flags = 2, .kind = 0x0303, .name = 72};

	memcpy(file.magic, "glibc-ld.so.cache1.1", 20);
	file.path = (uint32_t)(file.name + strlen(name) + 1);
	strcpy(file.strings, name);
	strcpy(file.strings + strlen(name) + 1, path);
	image_write_bytes(in("etc/ld.so.cache"), &file, sizeof(file));
}

TEST(the_cache)
{
	struct image image;

	make_directory("etc");
	make_directory("cached");
	make("cached/libone.so", 0);
	make_cache("libone.so", in("cached/libone.so"));
	make("prog", DT_NEEDED, "libone.so", 0);
	resolve("prog");
	CHECK(has("etc/ld.so.cache") && has("cached/libone.so"));
	pap_program_files_free(&files);

	/* Who wants no default libraries gets none from the cache. */
	image_start(&image, EM_X86_64, NULL);
	image_name(&image, DT_NEEDED, "libone.so");
	image_entry(&image, DT_FLAGS_1, DF_1_NODEFLIB);
	image_write(&image, in("prog"));
	resolve("prog");
	CHECK(lacks("libone.so"));
	pap_program_files_free(&files);

	/* An entry that is out of date finds nothing. */
	make("prog", DT_NEEDED, "libone.so", 0);
	REQUIRE(unlink(in("cached/libone.so")) == 0);
	resolve("prog");
	CHECK(lacks("libone.so"));
	pap_program_files_free(&files);
}

/* ---- musl ---------------------------------------------------------------------------------- */

TEST(musl_has_rules_of_its_own)
{
	struct pap_library_request request = {.library_path = NULL};
	char loader[1024];

	make_directory("m");
	make_directory("m/lib");
	make_directory("r");
	snprintf(loader, sizeof(loader), "%s", in("m/lib/ld-musl-x86_64.so.1"));
	request.loader = loader;
	make("m/lib/ld-musl-x86_64.so.1", 0);
	/* RUNPATH is inherited; libc and its parts are the loader itself. */
	make("prog", DT_RUNPATH, "$ORIGIN/r", DT_NEEDED, "libc.so", DT_NEEDED, "libm.so.6",
	     DT_NEEDED, "libone.so", DT_NEEDED, "libcurl.so", DT_NEEDED, "ld-musl-x86_64.so.1", 0);
	make("r/libone.so", DT_NEEDED, "libtwo.so", 0);
	make("r/libtwo.so", 0);
	CHECK_EQ(resolve_with(request, "prog"), 0);
	CHECK(has("r/libone.so") && has("r/libtwo.so"));
	CHECK(lacks("libcurl.so"));
	CHECK_EQ(files.count, 3);
	pap_program_files_free(&files);
}

TEST(musl_looks_beside_its_loader)
{
	struct pap_library_request request = {.root = ""};
	char loader[1024], list[1024];

	make_directory("m");
	make_directory("m/lib");
	make_directory("m/etc");
	make_directory("deep");
	snprintf(loader, sizeof(loader), "%s", in("m/lib/ld-musl-x86_64.so.1"));
	snprintf(list, sizeof(list), "%s", in("deep"));
	request.loader = loader;
	image_write_bytes(in("m/etc/ld-musl-x86_64.path"), list, strlen(list));
	make("deep/libone.so", 0);
	make("prog", DT_NEEDED, "libone.so", 0);
	CHECK_EQ(resolve_with(request, "prog"), 0);
	CHECK(has("m/etc/ld-musl-x86_64.path") && has("deep/libone.so"));
	pap_program_files_free(&files);
}

TEST(musl_reads_its_path_file)
{
	struct pap_library_request request = {.loader = "/lib/ld-musl-x86_64.so.1"};
	char list[2048];

	make_directory("etc");
	make_directory("deep");
	make("prog", DT_NEEDED, "libone.so", 0);
	make("deep/libone.so", 0);
	snprintf(list, sizeof(list), "/nowhere\n%s:/else\n", in("deep"));
	image_write_bytes(in("etc/ld-musl-x86_64.path"), list, strlen(list));
	CHECK_EQ(resolve_with(request, "prog"), 0);
	CHECK(has("etc/ld-musl-x86_64.path") && has("deep/libone.so"));
	pap_program_files_free(&files);
	/* glibc's loader does not look there. */
	resolve("prog");
	CHECK(lacks("libone.so"));
	pap_program_files_free(&files);
}

/* ---- limits --------------------------------------------------------------------------------- */

TEST(endless_libraries_are_refused, .timeout = 60)
{
	char name[32], next[32];

	make("prog", DT_RPATH, "$ORIGIN", DT_NEEDED, "lib0.so", 0);
	for (unsigned i = 0; i < 1100; i++) {
		snprintf(name, sizeof(name), "lib%u.so", i);
		snprintf(next, sizeof(next), "lib%u.so", i + 1);
		make(name, DT_NEEDED, next, 0);
	}
	CHECK_EQ(resolve_with((struct pap_library_request){0}, "prog"), -E2BIG);
	CHECK_HAS(error.message, "more libraries");
	pap_program_files_free(&files);
	/* A thousand are accepted: cut the chain. */
	make("lib1000.so", 0);
	resolve("prog");
	CHECK_EQ(files.count, 1001);
	pap_program_files_free(&files);
}

/* A library that needs 36 others, none of which exists. */
static void make_needy(unsigned number)
{
	struct image image;
	char name[32];

	image_start(&image, EM_X86_64, NULL);
	for (unsigned i = 0; i < 36; i++) {
		snprintf(name, sizeof(name), "libnowhere%u-%u.so", number, i);
		image_name(&image, DT_NEEDED, name);
	}
	snprintf(name, sizeof(name), "libneedy%u.so", number);
	image_write(&image, in("%s", name));
}

/* Many libraries that are nowhere in many places: an end before anybody loses patience. */
TEST(endless_searching_is_refused, .timeout = 60)
{
	char list[3000] = "$ORIGIN", name[32];
	struct image image;

	for (unsigned i = 0; i < 1400; i++)
		strcat(list, ":a");
	image_start(&image, EM_X86_64, NULL);
	image_name(&image, DT_RPATH, list);
	for (unsigned i = 0; i < 6; i++) {
		snprintf(name, sizeof(name), "libneedy%u.so", i);
		image_name(&image, DT_NEEDED, name);
	}
	image_write(&image, in("prog"));
	make_needy(0);
	make_needy(1);
	resolve("prog");
	CHECK_EQ(files.count, 6 + 2 * 36);
	pap_program_files_free(&files);
	for (unsigned i = 2; i < 6; i++)
		make_needy(i);
	CHECK_EQ(resolve_with((struct pap_library_request){0}, "prog"), -E2BIG);
	pap_program_files_free(&files);
}
