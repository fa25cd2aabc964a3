/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading ELF files: whole ones, and every way we could think of to break one. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>

#include "apply/elf.h"
#include "elf_image.h"

static int read_bytes(const void *bytes, size_t length, enum pap_elf_use use, struct pap_elf *elf)
{
	int fd = memfd_create("image", MFD_CLOEXEC), error;
	struct pap_window window;

	REQUIRE(fd >= 0 && write(fd, bytes, length) == (ssize_t)length);
	pap_window_init(&window, fd);
	error = pap_elf_read(&window, PAP_ARCH_X86_64, use, elf);
	close(fd);
	return error;
}

static int read_image(const struct image *image, enum pap_elf_use use, struct pap_elf *elf)
{
	return read_bytes(&image->parts, sizeof(image->parts), use, elf);
}

/* A program with everything in it that is looked at. */
static void full(struct image *image)
{
	image_start(image, EM_X86_64, "/lib64/ld-linux-x86-64.so.2");
	image_name(image, DT_NEEDED, "liba.so.1");
	image_name(image, DT_NEEDED, "libb.so");
	image_name(image, DT_SONAME, "myself.so");
	image_name(image, DT_RPATH, "/r");
	image_name(image, DT_RUNPATH, "$ORIGIN/lib:/x");
	image_entry(image, DT_FLAGS_1, DF_1_NODEFLIB);
}

TEST(everything_is_read)
{
	struct image image;
	struct pap_elf elf;

	full(&image);
	CHECK_EQ(read_image(&image, PAP_ELF_PROGRAM, &elf), 0);
	CHECK_STR(elf.interpreter, "/lib64/ld-linux-x86-64.so.2");
	CHECK_STR(elf.soname, "myself.so");
	CHECK_STR(elf.rpath, "/r");
	CHECK_STR(elf.runpath, "$ORIGIN/lib:/x");
	REQUIRE(elf.needed_count == 2);
	CHECK_STR(elf.needed[0], "liba.so.1");
	CHECK_STR(elf.needed[1], "libb.so");
	CHECK(elf.no_default_libraries);
	pap_elf_free(&elf);
}

TEST(a_librarys_own_loader_does_not_count)
{
	struct image image;
	struct pap_elf elf;

	full(&image);
	CHECK_EQ(read_image(&image, PAP_ELF_LIBRARY, &elf), 0);
	CHECK(!elf.interpreter);
	pap_elf_free(&elf);
}

/* A full image, changed by `change`, must be refused with these words. */
#define REFUSED(change, use, words)                                \
	do {                                                       \
		struct image image;                                \
		struct image_parts *p = &image.parts;              \
		struct pap_elf elf;                                \
                                                                   \
		full(&image);                                      \
		CHECK_EQ(read_image(&image, use, &elf), 0);        \
		pap_elf_free(&elf);                                \
		change;                                            \
		CHECK_EQ(read_image(&image, use, &elf), -ENOEXEC); \
		CHECK_HAS(elf.problem, words);                     \
		pap_elf_free(&elf);                                \
		(void)p;                                           \
	} while (0)

TEST(other_machines_are_named)
{
	REFUSED(p->header.e_ident[EI_CLASS] = ELFCLASS32, PAP_ELF_PROGRAM, "32-bit");
	REFUSED(p->header.e_ident[EI_DATA] = ELFDATA2MSB, PAP_ELF_PROGRAM, "big-endian");
	REFUSED(p->header.e_machine = EM_AARCH64, PAP_ELF_PROGRAM, "machine 183");
	REFUSED(p->header.e_ident[EI_CLASS] = 7, PAP_ELF_PROGRAM, "class");
}

TEST(other_kinds_are_refused)
{
	REFUSED(p->header.e_type = ET_REL, PAP_ELF_PROGRAM, "object file");
	REFUSED(p->header.e_type = ET_CORE, PAP_ELF_PROGRAM, "core");
	REFUSED(p->header.e_type = ET_EXEC, PAP_ELF_LIBRARY, "not a shared object");
	REFUSED(p->header.e_ident[0] = 0, PAP_ELF_PROGRAM, "not an ELF file");
}

TEST(program_headers_out_of_bounds)
{
	REFUSED(p->header.e_phnum = 0, PAP_ELF_PROGRAM, "impossible size");
	REFUSED(p->header.e_phnum = 0xffff, PAP_ELF_PROGRAM, "impossible size");
	REFUSED(p->header.e_phentsize = 32, PAP_ELF_PROGRAM, "impossible size");
	REFUSED(p->header.e_phoff = sizeof(*p) - 8, PAP_ELF_PROGRAM, "beyond its end");
	REFUSED(p->header.e_phoff = UINT64_MAX - 8, PAP_ELF_PROGRAM, "beyond its end");
	REFUSED(p->header.e_phoff = INT64_MAX, PAP_ELF_PROGRAM, "beyond its end");
	REFUSED(p->header.e_phnum = 1000, PAP_ELF_PROGRAM, "");
}

TEST(loader_names_out_of_bounds)
{
	REFUSED(p->programs[2].p_filesz = 0, PAP_ELF_PROGRAM, "impossible length");
	REFUSED(p->programs[2].p_filesz = 1, PAP_ELF_PROGRAM, "impossible length");
	REFUSED(p->programs[2].p_filesz = PATH_MAX + 1, PAP_ELF_PROGRAM, "impossible length");
	REFUSED(p->programs[2].p_filesz = UINT64_MAX, PAP_ELF_PROGRAM, "impossible length");
	REFUSED(p->programs[2].p_filesz -= 1, PAP_ELF_PROGRAM, "does not end");
	REFUSED(p->programs[2].p_offset = sizeof(*p), PAP_ELF_PROGRAM, "beyond its end");
	REFUSED(p->programs[2].p_offset = UINT64_MAX - 4, PAP_ELF_PROGRAM, "beyond its end");
}

TEST(dynamic_sections_out_of_bounds)
{
	REFUSED(p->programs[1].p_filesz = UINT64_MAX, PAP_ELF_LIBRARY, "impossible size");
	REFUSED(p->programs[1].p_offset = sizeof(*p), PAP_ELF_LIBRARY, "beyond its end");
	REFUSED(p->programs[1].p_offset = UINT64_MAX - 20, PAP_ELF_LIBRARY, "beyond its end");
	/* Read from the strings on, there is no end of entries before the file's end. */
	REFUSED(
	    (memset(p->strings, 1, sizeof(p->strings)), p->programs[1].p_filesz = 2 * sizeof(*p)),
	    PAP_ELF_LIBRARY, "");
}

TEST(strings_out_of_bounds)
{
	REFUSED(p->dynamic[0].d_un.d_ptr = 0, PAP_ELF_LIBRARY, "nowhere");
	REFUSED(p->dynamic[0].d_un.d_ptr = UINT64_MAX, PAP_ELF_LIBRARY, "nowhere");
	REFUSED(p->dynamic[0].d_un.d_ptr = IMAGE_BASE + sizeof(*p), PAP_ELF_LIBRARY, "nowhere");
	REFUSED(p->programs[0].p_type = PT_NOTE, PAP_ELF_LIBRARY, "nowhere");
	REFUSED(p->programs[0].p_offset = UINT64_MAX, PAP_ELF_LIBRARY, "");
	REFUSED(p->dynamic[1].d_un.d_val = 0, PAP_ELF_LIBRARY, "outside");
	REFUSED(p->dynamic[2].d_un.d_val = sizeof(p->strings), PAP_ELF_LIBRARY, "outside");
	REFUSED(p->dynamic[2].d_un.d_val = UINT64_MAX, PAP_ELF_LIBRARY, "outside");
	/* The last string runs into the end of the table, then of the file. */
	REFUSED(p->dynamic[1].d_un.d_val = 3 + p->dynamic[2].d_un.d_val, PAP_ELF_LIBRARY, "end");
	REFUSED((memset(p->strings + 1, 'x', sizeof(p->strings) - 1),
		 p->dynamic[1].d_un.d_val = UINT64_MAX),
		PAP_ELF_LIBRARY, "end");
}

TEST(long_search_paths_are_read_whole)
{
	static struct {
		struct image image;
		char rest[3 * PAP_WINDOW_SIZE];
	} file;
	struct image_parts *p = &file.image.parts;
	size_t length = sizeof(p->strings) - 1 + 2 * PAP_WINDOW_SIZE;
	struct pap_elf elf;
	char *strings;

	image_start(&file.image, EM_X86_64, NULL);
	image_entry(&file.image, DT_RUNPATH, 1);
	p->dynamic[1].d_un.d_val = p->programs[0].p_filesz = sizeof(*p) + 2 * PAP_WINDOW_SIZE + 1;
	strings = p->strings;
	memset(strings + 1, 'a', length);
	strings[1 + length] = '\0';
	CHECK_EQ(read_bytes(p, sizeof(*p) + 2 * PAP_WINDOW_SIZE + 1, PAP_ELF_LIBRARY, &elf), 0);
	REQUIRE(elf.runpath);
	CHECK_EQ(strlen(elf.runpath), length);
	pap_elf_free(&elf);
}

/* Only that it comes back with an answer: the sanitizers watch the rest. */
static void survive(const void *bytes, size_t length, unsigned *accepted)
{
	struct pap_elf elf;
	int error = read_bytes(bytes, length, PAP_ELF_PROGRAM, &elf);

	CHECK(error == 0 || error == -ENOEXEC);
	CHECK((error == -ENOEXEC) == (elf.problem[0] != '\0'));
	*accepted += !error;
	pap_elf_free(&elf);
}

TEST(every_truncation_has_an_answer)
{
	struct image image;
	unsigned accepted = 0;

	full(&image);
	for (size_t n = 0; n < sizeof(image.parts); n += n < 1200 ? 1 : 97)
		survive(&image.parts, n, &accepted);
	CHECK(accepted > 0);
	accepted = 0;
	for (size_t n = 0; n < offsetof(struct image_parts, strings); n += 5)
		survive(&image.parts, n, &accepted);
	CHECK_EQ(accepted, 0);
}

TEST(every_flipped_byte_has_an_answer)
{
	static const unsigned char values[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
	size_t end = offsetof(struct image_parts, strings) + 128;
	struct image image;
	unsigned accepted = 0;

	for (size_t i = 0; i < end; i++) {
		for (size_t v = 0; v < sizeof(values); v++) {
			full(&image);
			((unsigned char *)&image.parts)[i] = values[v];
			survive(&image.parts, sizeof(image.parts), &accepted);
		}
	}
	CHECK(accepted > 0);
}

TEST(random_damage_has_an_answer)
{
	struct image image;
	unsigned accepted = 0;

	for (unsigned round = 0; round < 4000; round++) {
		full(&image);
		for (unsigned i = 0; i < 1 + round % 12; i++)
			((unsigned char *)&image.parts)[test_random_below(1200)] =
			    (unsigned char)test_random();
		survive(&image.parts,
			test_random_below(4) ? sizeof(image.parts)
					     : test_random_below(sizeof(image.parts)),
			&accepted);
	}
	CHECK(accepted > 0);
}

TEST(too_many_libraries_are_refused)
{
	static struct {
		struct image image;
		Elf64_Dyn more[5000];
	} file;
	struct pap_elf elf;

	image_start(&file.image, EM_X86_64, NULL);
	for (size_t i = 0; i < 5000; i++)
		file.more[i] = (Elf64_Dyn){.d_tag = DT_NEEDED, .d_un.d_val = 0};
	file.more[0] = file.image.parts.dynamic[0];
	file.more[1] = file.image.parts.dynamic[1];
	file.image.parts.programs[1].p_offset = (size_t)((char *)file.more - (char *)&file);
	file.image.parts.programs[1].p_filesz = sizeof(file.more);
	CHECK_EQ(read_bytes(&file, sizeof(file), PAP_ELF_LIBRARY, &elf), -ENOEXEC);
	CHECK_HAS(elf.problem, "more libraries");
	pap_elf_free(&elf);
	file.more[4000].d_tag = DT_NULL;
	CHECK_EQ(read_bytes(&file, sizeof(file), PAP_ELF_LIBRARY, &elf), 0);
	CHECK_EQ(elf.needed_count, 3998);
	pap_elf_free(&elf);
}
