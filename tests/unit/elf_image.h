/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ELF files as small as a loader's eye allows, made in memory: one loaded
 * segment that is the whole file, a dynamic section, its strings. Tests change
 * single fields afterwards to make broken ones.
 */
#ifndef PAP_TESTS_UNIT_ELF_IMAGE_H
#define PAP_TESTS_UNIT_ELF_IMAGE_H

#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

#define IMAGE_BASE 0x10000 /* address of the file's first byte once loaded */

struct image {
	struct image_parts {
		Elf64_Ehdr header;
		Elf64_Phdr programs[3]; /* load, dynamic, interpreter */
		Elf64_Dyn dynamic[40];
		char strings[4096];
	} parts;
	size_t entries, string_bytes;
};

static inline uint64_t image_string(struct image *image, const char *text)
{
	size_t at = image->string_bytes;

	REQUIRE(at + strlen(text) + 1 <= sizeof(image->parts.strings));
	strcpy(image->parts.strings + at, text);
	image->string_bytes += strlen(text) + 1;
	return at;
}

static inline void image_entry(struct image *image, int64_t tag, uint64_t value)
{
	REQUIRE(image->entries < 39);
	image->parts.dynamic[image->entries].d_tag = tag;
	image->parts.dynamic[image->entries++].d_un.d_val = value;
}

static inline void image_name(struct image *image, int64_t tag, const char *text)
{
	image_entry(image, tag, image_string(image, text));
}

/* interpreter NULL: a library, or a static program. */
static inline void image_start(struct image *image, unsigned machine, const char *interpreter)
{
	struct image_parts *p = &image->parts;

	memset(image, 0, sizeof(*image));
	image->string_bytes = 1;
	memcpy(p->header.e_ident, ELFMAG, SELFMAG);
	p->header.e_ident[EI_CLASS] = ELFCLASS64;
	p->header.e_ident[EI_DATA] = ELFDATA2LSB;
	p->header.e_ident[EI_VERSION] = EV_CURRENT;
	p->header.e_type = ET_DYN;
	p->header.e_machine = (Elf64_Half)machine;
	p->header.e_phoff = offsetof(struct image_parts, programs);
	p->header.e_phentsize = sizeof(Elf64_Phdr);
	p->header.e_phnum = interpreter ? 3 : 2;
	p->programs[0] = (Elf64_Phdr){.p_type = PT_LOAD,
				      .p_vaddr = IMAGE_BASE,
				      .p_filesz = sizeof(*p),
				      .p_memsz = sizeof(*p)};
	p->programs[1] = (Elf64_Phdr){.p_type = PT_DYNAMIC,
				      .p_offset = offsetof(struct image_parts, dynamic),
				      .p_filesz = sizeof(p->dynamic)};
	image_entry(image, DT_STRTAB, IMAGE_BASE + offsetof(struct image_parts, strings));
	image_entry(image, DT_STRSZ, sizeof(p->strings));
	if (!interpreter)
		return;
	p->programs[2] = (Elf64_Phdr){.p_type = PT_INTERP,
				      .p_offset = offsetof(struct image_parts, strings) +
						  image_string(image, interpreter),
				      .p_filesz = strlen(interpreter) + 1};
}

static inline void image_write_bytes(const char *path, const void *bytes, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	REQUIRE(fd >= 0);
	REQUIRE(write(fd, bytes, length) == (ssize_t)length);
	close(fd);
}

static inline void image_write(const struct image *image, const char *path)
{
	image_write_bytes(path, &image->parts, sizeof(image->parts));
}

#endif
