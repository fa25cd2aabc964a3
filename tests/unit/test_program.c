/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a command's name to the files it needs: scripts, env, links, PATH, the
 * system's own programs, and what grants leave out.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "apply/program.h"
#include "elf_image.h"

#define RX (PAP_ACCESS_READ | PAP_ACCESS_EXECUTE)

static struct pap_program_files files;
static struct pap_error error;

static const char *in(const char *name)
{
	static char names[16][PATH_MAX];
	static unsigned next;
	char *out = names[next++ % 16];

	snprintf(out, sizeof(names[0]), "%s/%s", test_directory(), name);
	return out;
}

static void script(const char *name, const char *format, ...)
{
	char text[PATH_MAX];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	image_write_bytes(in(name), text, (size_t)n);
}

static int resolve(const char *command, const char *path)
{
	pap_program_files_free(&files);
	memset(&error, 0, sizeof(error));
	return pap_program_resolve(command, path, AT_FDCWD, &files, &error);
}

static const struct pap_program_file *find(const char *path)
{
	for (size_t i = 0; i < files.count; i++)
		if (!strcmp(files.items[i].path, path))
			return &files.items[i];
	return NULL;
}

static unsigned access_of(const char *path)
{
	const struct pap_program_file *file = find(path);

	return file && !file->missing ? file->access : 0;
}

/* ---- finding the command --------------------------------------------------------------------- */

TEST(a_path_is_not_searched_for)
{
	CHECK_EQ(resolve("/bin/sh", "/nowhere"), 0);
	CHECK_STR(files.items[0].path, "/bin/sh");
	CHECK_STR(files.start, "/bin/sh");
	CHECK_EQ(files.items[0].access, RX);
	REQUIRE(chdir("/bin") == 0);
	CHECK_EQ(resolve("./sh", "/nowhere"), 0);
	CHECK_EQ(access_of(files.items[0].path), RX);
	CHECK_STR(files.start, "./sh");
	pap_program_files_free(&files);
}

TEST(path_is_searched_in_order)
{
	char path[4 * PATH_MAX];

	REQUIRE(mkdir(in("a"), 0755) == 0 && mkdir(in("b"), 0755) == 0);
	script("b/tool", "#!/bin/sh\n");
	snprintf(path, sizeof(path), "/nowhere:%s:%s:/bin", in("a"), in("b"));
	CHECK_EQ(resolve("tool", path), 0);
	CHECK_STR(files.items[0].path, in("b/tool"));
	/* A directory and what may not be executed are passed over. */
	REQUIRE(mkdir(in("a/tool"), 0755) == 0);
	CHECK_EQ(resolve("tool", path), 0);
	CHECK_STR(files.items[0].path, in("b/tool"));
	REQUIRE(rmdir(in("a/tool")) == 0);
	script("a/tool", "#!/bin/sh\n");
	CHECK_EQ(resolve("tool", path), 0);
	CHECK_STR(files.items[0].path, in("a/tool"));
	REQUIRE(chmod(in("a/tool"), 0644) == 0);
	CHECK_EQ(resolve("tool", path), 0);
	CHECK_STR(files.items[0].path, in("b/tool"));
	/* An empty element is the working directory; without PATH the system's is used. */
	REQUIRE(chdir(in("b")) == 0);
	CHECK_EQ(resolve("tool", "/nowhere:"), 0);
	CHECK_STR(files.items[0].path, in("b/tool"));
	CHECK_STR(files.start, "tool");
	CHECK_EQ(resolve("tool", "../b:/bin"), 0);
	CHECK_STR(files.start, "../b/tool");
	CHECK_EQ(resolve("tool", in("b")), 0);
	CHECK_STR(files.start, in("b/tool"));
	CHECK_EQ(resolve("tool", NULL), -ENOENT);
	CHECK_EQ(resolve("sh", NULL), 0);
	pap_program_files_free(&files);
}

TEST(relative_to_the_directory_that_was_asked_for)
{
	int fd;

	REQUIRE(mkdir(in("a"), 0755) == 0);
	script("a/tool", "#!/bin/sh\n");
	fd = open(in("a"), O_PATH | O_DIRECTORY | O_CLOEXEC);
	REQUIRE(fd >= 0);
	CHECK_EQ(resolve("./tool", NULL), -ENOENT);
	CHECK_EQ(pap_program_resolve("./tool", NULL, fd, &files, &error), 0);
	CHECK_STR(files.items[0].path, in("a/./tool"));
	pap_program_files_free(&files);
	CHECK_EQ(pap_program_resolve("tool", "", fd, &files, &error), 0);
	CHECK_STR(files.items[0].path, in("a/tool"));
	pap_program_files_free(&files);
	close(fd);
}

TEST(what_cannot_be_started_says_why)
{
	char name[5000];

	CHECK_EQ(resolve("nonesuch", "/bin"), -ENOENT);
	CHECK(!files.start);
	CHECK_STR(error.message, "there is no program \"nonesuch\" in PATH");
	CHECK_HAS(error.hint, "PATH inside is /bin");
	CHECK_EQ(resolve("/nonesuch/x", "/bin"), -ENOENT);
	CHECK_HAS(error.message, "\"/nonesuch/x\"");
	CHECK_EQ(resolve("/bin/sh/x", "/bin"), -ENOTDIR);
	CHECK_EQ(resolve("", "/bin"), -ENOENT);
	CHECK_HAS(error.message, "empty");
	CHECK_EQ(resolve("/", "/bin"), -EACCES);
	script("plain", "#!/bin/sh\n");
	CHECK_EQ(resolve(in("plain"), NULL), 0);
	REQUIRE(chmod(in("plain"), 0644) == 0);
	CHECK_EQ(resolve(in("plain"), NULL), -EACCES);
	CHECK_HAS(error.message, "may not be executed");
	CHECK_HAS(error.hint, "x permission");
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	CHECK_EQ(resolve(name, "/bin"), -ENAMETOOLONG);
	name[0] = '/';
	CHECK_EQ(resolve(name, "/bin"), -ENAMETOOLONG);
	/* What a terminal would obey does not come back in a message. */
	CHECK_EQ(resolve("a\033[31mb", "/bin"), -ENOENT);
	CHECK_HAS(error.message, "\\x1b");
	CHECK(!strchr(error.message, '\033'));
	pap_program_files_free(&files);
}

TEST(no_program_for_this_machine)
{
	struct image image;

	image_start(&image, 0xfe, NULL);
	image_write(&image, in("other"));
	CHECK_EQ(resolve(in("other"), NULL), -ENOEXEC);
	CHECK_HAS(error.message, "another machine");
	image.parts.header.e_ident[EI_CLASS] = ELFCLASS32;
	image_write(&image, in("other"));
	CHECK_EQ(resolve(in("other"), NULL), -ENOEXEC);
	CHECK_HAS(error.message, "32-bit");
	image_write_bytes(in("empty"), "", 0);
	CHECK_EQ(resolve(in("empty"), NULL), -ENOEXEC);
	CHECK_HAS(error.message, "empty");
	script("words", "echo hello\n");
	CHECK_EQ(resolve(in("words"), NULL), -ENOEXEC);
	CHECK_HAS(error.message, "neither");
	CHECK_HAS(error.hint, "sh FILE");
	image_write_bytes(in("cut"), ELFMAG, SELFMAG);
	CHECK_EQ(resolve(in("cut"), NULL), -ENOEXEC);
	pap_program_files_free(&files);
}

TEST(a_missing_loader_is_named)
{
	struct image image;

	image_start(&image, pap_arch_native() == PAP_ARCH_AARCH64 ? EM_AARCH64 : EM_X86_64,
		    "/nonesuch/ld.so.1");
	image_write(&image, in("prog"));
	CHECK_EQ(resolve(in("prog"), NULL), -ENOENT);
	CHECK_HAS(error.message, "loader \"/nonesuch/ld.so.1\"");
	pap_program_files_free(&files);
}

/* ---- scripts -------------------------------------------------------------------------------- */

TEST(a_script_brings_its_interpreter)
{
	script("tool", "#!/bin/sh -e\n");
	CHECK_EQ(resolve(in("tool"), NULL), 0);
	CHECK_EQ(access_of(in("tool")), RX);
	CHECK_EQ(access_of("/bin/sh"), RX);
	CHECK_HAS(find("/bin/sh")->why, "interpreter of ");
	/* and that one its loader and libraries */
	CHECK(files.count >= 4);
	CHECK_EQ(access_of("/etc/ld.so.cache"), PAP_ACCESS_READ);
	pap_program_files_free(&files);
}

TEST(bad_interpreters_are_named)
{
	script("tool", "#!/nonesuch/sh\n");
	CHECK_EQ(resolve(in("tool"), NULL), -ENOENT);
	CHECK_HAS(error.message, "interpreter \"/nonesuch/sh\"");
	script("tool", "#!/etc/passwd\n");
	CHECK_EQ(resolve(in("tool"), NULL), -EACCES);
	CHECK_HAS(error.message, "may not be executed");
	script("tool", "#!\n");
	CHECK_EQ(resolve(in("tool"), NULL), -ENOEXEC);
	CHECK_HAS(error.message, "#!");
	pap_program_files_free(&files);
}

/* As many scripts in a row as the kernel takes, and one more: it must agree. */
TEST(chains_of_scripts_end_where_the_kernel_ends_them)
{
	char name[8], last[8] = "";

	for (unsigned i = 1; i <= 7; i++) {
		const char *argv[] = {NULL, NULL};
		struct test_output output;
		int result;

		snprintf(name, sizeof(name), "s%u", i);
		script(name, "#!%s\n", i == 1 ? "/bin/echo" : in(last));
		strcpy(last, name);
		argv[0] = in(name);
		result = resolve(argv[0], NULL);
		output = test_run(argv);
		CHECK_EQ(result == 0, output.status == 0);
		CHECK_EQ(result, i <= 5 ? 0 : -ELOOP);
		if (result == 0)
			CHECK_EQ(access_of(in("s1")), RX);
		free(output.text);
	}
	script("self", "#!%s\n", in("self"));
	CHECK_EQ(resolve(in("self"), NULL), -ELOOP);
	CHECK_HAS(error.message, "without end");
	pap_program_files_free(&files);
}

TEST(relative_interpreters_count_from_the_directory)
{
	REQUIRE(mkdir(in("a"), 0755) == 0);
	script("a/tool", "#!bin/inner\n");
	REQUIRE(mkdir(in("bin"), 0755) == 0);
	script("bin/inner", "#!/bin/sh\n");
	CHECK_EQ(resolve(in("a/tool"), NULL), -ENOENT);
	REQUIRE(chdir(test_directory()) == 0);
	CHECK_EQ(resolve(in("a/tool"), NULL), 0);
	CHECK_EQ(access_of(in("bin/inner")), RX);
	pap_program_files_free(&files);
}

TEST(env_brings_the_program_it_runs)
{
	char path[PATH_MAX];

	REQUIRE(mkdir(in("bin"), 0755) == 0);
	script("bin/inner", "#!/bin/cat\n");
	script("tool", "#!/usr/bin/env inner\n");
	snprintf(path, sizeof(path), "%s:/bin", in("bin"));
	CHECK_EQ(resolve(in("tool"), path), 0);
	CHECK_EQ(access_of("/usr/bin/env"), RX);
	CHECK_EQ(access_of(in("bin/inner")), RX);
	CHECK_EQ(access_of("/bin/cat"), RX);
	script("tool", "#!/usr/bin/env -S -i PATH=%s inner -x\n", in("bin"));
	CHECK_EQ(resolve(in("tool"), "/bin"), 0);
	CHECK_EQ(access_of(in("bin/inner")), RX);
	/* What env will not find, it will say itself. */
	script("tool", "#!/usr/bin/env nonesuch\n");
	CHECK_EQ(resolve(in("tool"), path), 0);
	REQUIRE(find("nonesuch"));
	CHECK(find("nonesuch")->missing);
	script("bin/again", "#!/usr/bin/env again\n");
	CHECK_EQ(resolve("again", path), -ELOOP);
	pap_program_files_free(&files);
}

/* ---- what starts ----------------------------------------------------------------------------- */

TEST(links_are_granted_by_the_name_that_is_opened)
{
	REQUIRE(symlink("/bin/sh", in("link")) == 0);
	REQUIRE(symlink("link", in("link2")) == 0);
	CHECK_EQ(resolve(in("link2"), NULL), 0);
	CHECK_EQ(access_of(in("link2")), RX);
	REQUIRE(symlink("circle", in("circle")) == 0);
	CHECK_EQ(resolve(in("circle"), NULL), -ELOOP);
	pap_program_files_free(&files);
}

TEST(what_may_be_executed_and_not_read_is_taken_as_it_is, .user_only = true)
{
	script("tool", "#!/bin/sh\n");
	REQUIRE(chmod(in("tool"), 0111) == 0);
	CHECK_EQ(resolve(in("tool"), NULL), 0);
	CHECK_EQ(files.count, 1);
	pap_program_files_free(&files);
}

static void built(const char *const argv[])
{
	struct test_output output = test_run(argv);

	if (output.status)
		test_note("%s: %s", argv[0], output.text);
	REQUIRE(output.status == 0);
	free(output.text);
}

TEST(static_programs_need_themselves, .timeout = 60)
{
	const char *const compile[] = {"cc", "-static", "-o", in("prog"), in("prog.c"), NULL};
	const char *const start[] = {in("prog"), NULL};

	script("prog.c", "int main(void) { return 0; }\n");
	built(compile);
	built(start);
	CHECK_EQ(resolve(in("prog"), NULL), 0);
	CHECK_EQ(files.count, 1);
	pap_program_files_free(&files);
}

TEST(dynamic_musl_programs, .timeout = 60)
{
	char loader[64];
	const char *const library[] = {"musl-gcc",       "-shared",   "-fPIC", "-o",
				       in("libmine.so"), in("lib.c"), NULL};
	const char *const compile[] = {
	    "musl-gcc",       "-o",     in("prog"),           in("prog.c"), "-L",
	    test_directory(), "-lmine", "-Wl,-rpath,$ORIGIN", NULL};
	char program[PATH_MAX];
	const char *const start[] = {program, NULL};

	snprintf(program, sizeof(program), "%s", in("prog"));
	snprintf(loader, sizeof(loader), "/lib/ld-musl-%s.so.1", pap_arch_name(pap_arch_native()));
	script("lib.c", "int mine(void) { return 0; }\n");
	script("prog.c", "int mine(void); int main(void) { return mine(); }\n");
	built(library);
	built(compile);
	built(start);
	CHECK_EQ(resolve(program, NULL), 0);
	CHECK_EQ(access_of(loader), RX);
	CHECK_EQ(access_of(in("libmine.so")), PAP_ACCESS_READ);
	CHECK(!find("/etc/ld.so.cache"));
	for (size_t i = 0; i < files.count; i++)
		CHECK(!files.items[i].missing);
	pap_program_files_free(&files);
}

/* The list's libraries are those that the loader itself says it would load. */
static void agrees_with_the_loader(const char *command)
{
	const char *const argv[] = {"/usr/bin/env", "LD_TRACE_LOADED_OBJECTS=1", command, NULL};
	struct test_output output = test_run(argv);
	char *rest = output.text, *line;
	size_t theirs = 0, ours = 0;

	CHECK_EQ(resolve(command, NULL), 0);
	while ((line = strsep(&rest, "\n"))) {
		char *path = strchr(line, '/'), *end = strstr(line, " (0x");

		if (!path || !end || !strstr(line, " => "))
			continue;
		*end = '\0';
		theirs++;
		if (!CHECK_EQ(access_of(path), PAP_ACCESS_READ))
			test_note("%s loads %s", command, path);
	}
	CHECK(theirs > 0);
	for (size_t i = 0; i < files.count; i++)
		ours += !strncmp(files.items[i].why, "library ", 8);
	/* Builds for other processors may come on top; this machine's packages have none. */
	CHECK(ours >= theirs && ours <= theirs + 4);
	CHECK(files.items[1].access == RX && strstr(files.items[1].path, "/ld-linux-"));
	pap_program_files_free(&files);
	free(output.text);
}

TEST(the_systems_programs)
{
	static const char *const programs[] = {"/bin/true",     "/bin/bash",   "/usr/bin/python3",
					       "/usr/bin/git",  "/bin/tar",    "/usr/bin/curl",
					       "/usr/bin/find", "/usr/bin/gcc"};

	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		agrees_with_the_loader(programs[i]);
	agrees_with_the_loader(access("/usr/bin/tcpdump", X_OK) ? "/usr/sbin/tcpdump"
								: "/usr/bin/tcpdump");
}

/* ---- what grants leave out ------------------------------------------------------------------- */

static struct pap_file_grant grant(const char *path, unsigned access)
{
	return (struct pap_file_grant){.path = (char *)path, .access = (uint8_t)access};
}

TEST(grants_that_leave_something_out)
{
	struct pap_file_grant grants[3];
	const struct pap_program_file *file;
	char program[PATH_MAX];
	unsigned count = 0;

	snprintf(program, sizeof(program), "%s", in("tool"));
	script("tool", "#!/bin/sh\n");
	CHECK_EQ(resolve(program, NULL), 0);

	/* Nothing granted: everything is missing, once each. */
	for (file = NULL; (file = pap_program_missing(&files, NULL, 0, file));)
		count++;
	CHECK_EQ(count, files.count);

	/* The script alone. */
	grants[0] = grant(program, RX);
	file = pap_program_missing(&files, grants, 1, NULL);
	CHECK(file == &files.items[1]);

	/* Reading is not executing. */
	grants[0] = grant("/", PAP_ACCESS_READ);
	file = pap_program_missing(&files, grants, 1, NULL);
	CHECK(file == &files.items[0]);

	/* Two grants add up, a directory covers what is beneath it and no neighbour. */
	grants[1] = grant(test_directory(), PAP_ACCESS_EXECUTE);
	file = pap_program_missing(&files, grants, 2, NULL);
	CHECK(file == &files.items[1]);
	grants[2] = grant("/usr", RX);
	CHECK(!pap_program_missing(&files, grants, 3, NULL));
	snprintf(program, sizeof(program), "%s", in("too"));
	REQUIRE(mkdir(program, 0755) == 0);
	grants[1] = grant(program, RX);
	file = pap_program_missing(&files, grants, 3, NULL);
	CHECK(file == &files.items[0]);

	/* A path that does not exist covers nothing. */
	grants[0] = grant("/nonesuch", RX);
	CHECK(pap_program_missing(&files, grants, 1, NULL) == &files.items[0]);
	pap_program_files_free(&files);
}

TEST(flags_for_access)
{
	CHECK_STR(pap_program_flag(PAP_ACCESS_READ), "--ro");
	CHECK_STR(pap_program_flag(RX), "--rx");
	CHECK_STR(pap_program_flag(PAP_ACCESS_READ | PAP_ACCESS_WRITE), "--rw");
	CHECK_STR(pap_program_flag(RX | PAP_ACCESS_WRITE), "--rwx");
}
