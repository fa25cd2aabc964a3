/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that a program is started from, whoever made them: the bytes are read as
 * a script's first line, as an ELF program and library, and as the loader's
 * cache. Whatever they hold, reading ends, inside the file, and what comes out
 * are terminated strings.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "apply/elf.h"
#include "apply/ldcache.h"
#include "apply/shebang.h"
#include "fuzz.h"

static size_t look_at(const char *text)
{
	return text ? strlen(text) : 0;
}

static void read_script(const char *bytes, size_t size)
{
	struct pap_shebang shebang;
	struct pap_env_call call;
	int rc =
	    pap_shebang_parse(bytes, size < PAP_SHEBANG_SIZE ? size : PAP_SHEBANG_SIZE, &shebang);

	MUST(rc == 1 || rc == 0 || rc == -ENOEXEC);
	if (rc != 1)
		return;
	MUST(look_at(shebang.interpreter) && look_at(shebang.interpreter) < PAP_SHEBANG_SIZE);
	MUST(look_at(shebang.argument) < PAP_SHEBANG_SIZE);
	if (!pap_env_parse(shebang.argument, &call))
		return;
	MUST(look_at(call.program) && look_at(call.program) < PAP_SHEBANG_SIZE);
	MUST(!call.path_set || look_at(call.path) < PAP_SHEBANG_SIZE);
}

static void read_elf(int fd, enum pap_arch arch, enum pap_elf_use use)
{
	struct pap_window window;
	struct pap_elf elf = {0};
	size_t total = 0;
	int rc;

	pap_window_init(&window, fd);
	rc = pap_elf_read(&window, arch, use, &elf);
	MUST(rc == 0 || rc == -ENOEXEC);
	MUST(rc == 0 || look_at(elf.problem));
	total += look_at(elf.interpreter) + look_at(elf.soname) + look_at(elf.rpath);
	total += look_at(elf.runpath);
	for (size_t i = 0; i < elf.needed_count; i++) {
		MUST(elf.needed[i]);
		total += look_at(elf.needed[i]);
	}
	MUST(total < 1u << 30);
	pap_elf_free(&elf);
}

static void read_cache(int fd)
{
	static const char *const names[] = {"libc.so.6", "libx.so.1", ""};
	struct pap_ldcache cache;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	pap_ldcache_open(&cache, path, PAP_ARCH_X86_64);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *found;
		uint32_t next = 0, before;

		do {
			before = next;
			found = pap_ldcache_find(&cache, names[i], &next);
			look_at(found);
			MUST(!found || next > before); /* or it would not end */
		} while (found);
	}
	pap_ldcache_close(&cache);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;

	read_script((const char *)data, size);
	if (fd < 0)
		fd = memfd_create("fuzz", MFD_CLOEXEC);
	MUST(fd >= 0);
	MUST(ftruncate(fd, 0) == 0);
	MUST(pwrite(fd, data, size, 0) == (ssize_t)size);
	read_elf(fd, PAP_ARCH_X86_64, PAP_ELF_PROGRAM);
	read_elf(fd, PAP_ARCH_X86_64, PAP_ELF_LIBRARY);
	read_elf(fd, PAP_ARCH_AARCH64, PAP_ELF_PROGRAM);
	read_cache(fd);
	return 0;
}
