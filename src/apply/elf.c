/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading ELF. 64 bits, little endian, the machine that was asked for. Limits of
 * our own stop files made to waste time: they lie far beyond any real program.
 */
#include "apply/elf.h"

#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_HEADERS_SIZE 65536 /* the kernel's own limit for program headers */
#define MAX_DYNAMIC 65536      /* entries */
#define MAX_NEEDED 4096
#define MAX_STRING 65536

struct reader {
	struct pap_window *file;
	struct pap_elf *out;
	Elf64_Ehdr header;
	Elf64_Phdr dynamic;
	bool has_dynamic;
	uint64_t strings, strings_size; /* file offset of the string table */
};

struct offsets { /* into the string table; 0 is always the empty string */
	uint64_t table, size, soname, rpath, runpath;
	uint64_t *needed;
	size_t needed_count, needed_capacity;
};

static int bad(struct reader *r, const char *problem)
{
	snprintf(r->out->problem, sizeof(r->out->problem), "%s", problem);
	return -ENOEXEC;
}

static int foreign(struct reader *r, const char *problem)
{
	r->out->foreign = true;
	return bad(r, problem);
}

static Elf64_Half machine_of(enum pap_arch arch)
{
	return arch == PAP_ARCH_AARCH64 ? EM_AARCH64 : EM_X86_64;
}

static int read_header(struct reader *r, enum pap_arch arch, enum pap_elf_use use)
{
	const unsigned char *ident = pap_window_get(r->file, 0, EI_NIDENT);
	const void *bytes;
	char problem[96];

	if (!ident || memcmp(ident, ELFMAG, SELFMAG))
		return bad(r, "it is not an ELF file");
	if (ident[EI_CLASS] == ELFCLASS32)
		return foreign(r, "it is a 32-bit program, and only 64-bit ones can be confined");
	if (ident[EI_CLASS] != ELFCLASS64)
		return bad(r, "its ELF class is unknown");
	if (ident[EI_DATA] != ELFDATA2LSB)
		return foreign(r, "it is made for a big-endian machine");
	bytes = pap_window_get(r->file, 0, sizeof(r->header));
	if (!bytes)
		return bad(r, "its ELF header is cut short");
	memcpy(&r->header, bytes, sizeof(r->header));
	if (r->header.e_machine != machine_of(arch)) {
		snprintf(problem, sizeof(problem),
			 "it is made for another machine (ELF machine %u, this one is %u)",
			 r->header.e_machine, machine_of(arch));
		return foreign(r, problem);
	}
	if (r->header.e_type != ET_DYN && (r->header.e_type != ET_EXEC || use == PAP_ELF_LIBRARY))
		return bad(r, use == PAP_ELF_LIBRARY
				  ? "it is not a shared object"
				  : "it is an object file or a core, not a program");
	if (r->header.e_phentsize != sizeof(Elf64_Phdr) || !r->header.e_phnum ||
	    (size_t)r->header.e_phnum * sizeof(Elf64_Phdr) > MAX_HEADERS_SIZE)
		return bad(r, "its program headers have an impossible size");
	return 0;
}

/* Header i, copied: 0 or -ENOEXEC. */
static int program_header(struct reader *r, unsigned i, Elf64_Phdr *out)
{
	uint64_t offset = r->header.e_phoff;
	const void *bytes = NULL;

	if (!__builtin_add_overflow(offset, (uint64_t)i * sizeof(*out), &offset))
		bytes = pap_window_get(r->file, offset, sizeof(*out));
	if (!bytes)
		return bad(r, "its program headers lie beyond its end");
	memcpy(out, bytes, sizeof(*out));
	return 0;
}

static char *copy_bytes(const char *bytes, size_t length)
{
	char *copy = malloc(length + 1);

	if (copy) {
		memcpy(copy, bytes, length);
		copy[length] = '\0';
	}
	return copy;
}

static int read_interpreter(struct reader *r, const Elf64_Phdr *header)
{
	const char *bytes;

	if (header->p_filesz < 2 || header->p_filesz > PATH_MAX)
		return bad(r, "the name of its loader has an impossible length");
	bytes = pap_window_get(r->file, header->p_offset, header->p_filesz);
	if (!bytes)
		return bad(r, "the name of its loader lies beyond its end");
	if (bytes[header->p_filesz - 1])
		return bad(r, "the name of its loader does not end");
	r->out->interpreter = copy_bytes(bytes, strlen(bytes));
	return r->out->interpreter ? 0 : -ENOMEM;
}

static int scan_headers(struct reader *r, enum pap_elf_use use)
{
	Elf64_Phdr header, interpreter;
	bool has_interpreter = false;
	int error;

	for (unsigned i = 0; i < r->header.e_phnum; i++) {
		if ((error = program_header(r, i, &header)) < 0)
			return error;
		if (header.p_type == PT_DYNAMIC && !r->has_dynamic) {
			r->dynamic = header;
			r->has_dynamic = true;
		}
		/* The kernel takes the first one. */
		if (header.p_type == PT_INTERP && !has_interpreter && use == PAP_ELF_PROGRAM) {
			interpreter = header;
			has_interpreter = true;
		}
	}
	return has_interpreter ? read_interpreter(r, &interpreter) : 0;
}

static int add_needed(struct offsets *o, uint64_t offset)
{
	if (o->needed_count == o->needed_capacity) {
		size_t capacity = o->needed_capacity ? o->needed_capacity * 2 : 16;
		uint64_t *needed = realloc(o->needed, capacity * sizeof(*needed));

		if (!needed)
			return -ENOMEM;
		o->needed = needed;
		o->needed_capacity = capacity;
	}
	o->needed[o->needed_count++] = offset;
	return 0;
}

static int note_entry(struct reader *r, struct offsets *o, const Elf64_Dyn *entry)
{
	switch (entry->d_tag) {
	case DT_STRTAB:
		o->table = entry->d_un.d_ptr;
		break;
	case DT_STRSZ:
		o->size = entry->d_un.d_val;
		break;
	case DT_SONAME:
		o->soname = entry->d_un.d_val;
		break;
	case DT_RPATH:
		o->rpath = entry->d_un.d_val;
		break;
	case DT_RUNPATH:
		o->runpath = entry->d_un.d_val;
		break;
	case DT_FLAGS_1:
		r->out->no_default_libraries = entry->d_un.d_val & DF_1_NODEFLIB;
		break;
	case DT_NEEDED:
		if (o->needed_count == MAX_NEEDED)
			return bad(r, "it names more libraries than any program needs");
		return add_needed(o, entry->d_un.d_val);
	default:
		break;
	}
	return 0;
}

static int scan_dynamic(struct reader *r, struct offsets *o)
{
	uint64_t count = r->dynamic.p_filesz / sizeof(Elf64_Dyn);
	int error;

	if (count > MAX_DYNAMIC)
		return bad(r, "its dynamic section has an impossible size");
	for (uint64_t i = 0; i < count; i++) {
		uint64_t offset = r->dynamic.p_offset;
		const void *bytes = NULL;
		Elf64_Dyn entry;

		if (!__builtin_add_overflow(offset, i * sizeof(entry), &offset))
			bytes = pap_window_get(r->file, offset, sizeof(entry));
		if (!bytes)
			return bad(r, "its dynamic section lies beyond its end");
		memcpy(&entry, bytes, sizeof(entry));
		if (entry.d_tag == DT_NULL)
			break;
		if ((error = note_entry(r, o, &entry)) < 0)
			return error;
	}
	return 0;
}

/* Where the string table lies in the file: the segment that is loaded at its address says. */
static int find_strings(struct reader *r, const struct offsets *o)
{
	Elf64_Phdr header;
	int error;

	for (unsigned i = 0; i < r->header.e_phnum; i++) {
		uint64_t inside = o->table;

		if ((error = program_header(r, i, &header)) < 0)
			return error;
		if (header.p_type != PT_LOAD || o->table < header.p_vaddr)
			continue;
		inside -= header.p_vaddr;
		if (inside >= header.p_filesz ||
		    __builtin_add_overflow(header.p_offset, inside, &r->strings))
			continue;
		r->strings_size = header.p_filesz - inside;
		if (o->size < r->strings_size)
			r->strings_size = o->size;
		return 0;
	}
	return bad(r, "its string table is nowhere in the file");
}

/* A name of the string table, piece by piece: search paths can be long. */
static int read_string(struct reader *r, uint64_t offset, char **out)
{
	size_t total = 0;
	char *text = NULL;

	while (offset < r->strings_size && total < MAX_STRING) {
		size_t length, part;
		const char *bytes = pap_window_rest(r->file, r->strings + offset, 1, &length);
		char *grown;

		if (length > r->strings_size - offset)
			length = (size_t)(r->strings_size - offset);
		if (!length)
			break;
		part = strnlen(bytes, length);
		grown = realloc(text, total + part + 1);
		if (!grown) {
			free(text);
			return -ENOMEM;
		}
		text = grown;
		memcpy(text + total, bytes, part);
		total += part;
		text[total] = '\0';
		if (part < length) {
			*out = text;
			return 0;
		}
		offset += part;
	}
	free(text);
	return bad(r, "a name in it does not end, or lies outside its string table");
}

static int read_strings(struct reader *r, const struct offsets *o)
{
	struct pap_elf *out = r->out;
	int error = 0;

	if (!o->needed_count && !o->soname && !o->rpath && !o->runpath)
		return 0;
	error = find_strings(r, o);
	if (!error && o->soname)
		error = read_string(r, o->soname, &out->soname);
	if (!error && o->rpath)
		error = read_string(r, o->rpath, &out->rpath);
	if (!error && o->runpath)
		error = read_string(r, o->runpath, &out->runpath);
	if (error || !o->needed_count)
		return error;
	out->needed = calloc(o->needed_count, sizeof(*out->needed));
	if (!out->needed)
		return -ENOMEM;
	while (!error && out->needed_count < o->needed_count) {
		error =
		    read_string(r, o->needed[out->needed_count], &out->needed[out->needed_count]);
		if (!error)
			out->needed_count++;
	}
	return error;
}

int pap_elf_read(struct pap_window *file, enum pap_arch arch, enum pap_elf_use use,
		 struct pap_elf *out)
{
	struct reader r = {.file = file, .out = out};
	struct offsets offsets = {0};
	int error;

	memset(out, 0, sizeof(*out));
	error = read_header(&r, arch, use);
	if (!error)
		error = scan_headers(&r, use);
	if (!error && r.has_dynamic)
		error = scan_dynamic(&r, &offsets);
	if (!error && r.has_dynamic)
		error = read_strings(&r, &offsets);
	free(offsets.needed);
	return error;
}

void pap_elf_free(struct pap_elf *elf)
{
	for (size_t i = 0; i < elf->needed_count; i++)
		free(elf->needed[i]);
	free(elf->needed);
	free(elf->interpreter);
	free(elf->soname);
	free(elf->rpath);
	free(elf->runpath);
	memset(elf, 0, sizeof(*elf));
}
