/* SPDX-License-Identifier: BSD-2-Clause */
/* The loader's cache: the system's own, made ones in both layouts, broken ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "apply/ldcache.h"
#include "harness.h"

#define X86_64 0x0303
#define AARCH64 0x0a03
#define I386 0x0003

struct file {
	struct {
		char magic[20];
		uint32_t count, strings_size;
		uint8_t flags, padding[3];
		uint32_t extension, unused[3];
		struct {
			uint32_t flags, name, path, os_version;
			uint64_t processor;
		} entries[16];
		char strings[2048];
	} parts;
	size_t string_bytes;
};

/* Entries must be added in the order of the file: descending. */
static void add(struct file *file, uint32_t flags, const char *name, const char *path)
{
	size_t i = file->parts.count++;

	file->parts.entries[i].flags = flags;
	file->parts.entries[i].name =
	    (uint32_t)(sizeof(file->parts) - sizeof(file->parts.strings) + file->string_bytes);
	strcpy(file->parts.strings + file->string_bytes, name);
	file->string_bytes += strlen(name) + 1;
	file->parts.entries[i].path =
	    (uint32_t)(sizeof(file->parts) - sizeof(file->parts.strings) + file->string_bytes);
	strcpy(file->parts.strings + file->string_bytes, path);
	file->string_bytes += strlen(path) + 1;
}

static void start(struct file *file)
{
	memset(file, 0, sizeof(*file));
	memcpy(file->parts.magic, "glibc-ld.so.cache1.1", 20);
	file->parts.flags = 2;
}

static void usual(struct file *file)
{
	start(file);
	add(file, X86_64, "libz.so.1", "/lib/libz.so.1");
	add(file, X86_64, "libx.so.10", "/lib/libx.so.10");
	add(file, X86_64, "libx.so.9", "/lib/libx.so.9");
	add(file, X86_64, "libc.so.6", "/lib/hwcaps/libc.so.6");
	add(file, X86_64, "libc.so.6", "/lib/libc.so.6");
	add(file, I386, "libc.so.6", "/lib32/libc.so.6");
	add(file, AARCH64, "libc.so.6", "/arm/libc.so.6");
	add(file, X86_64, "liba.so", "/lib/liba.so");
}

/* A file in memory by a path, so that thousands of them are nothing. */
static void open_as(struct pap_ldcache *cache, const void *bytes, size_t length, enum pap_arch arch)
{
	int fd = memfd_create("cache", MFD_CLOEXEC);
	char path[64];

	REQUIRE(fd >= 0 && write(fd, bytes, length) == (ssize_t)length);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	pap_ldcache_open(cache, path, arch);
	close(fd);
}

static void open_bytes(struct pap_ldcache *cache, const void *bytes, size_t length)
{
	open_as(cache, bytes, length, PAP_ARCH_X86_64);
}

static const char *only(struct pap_ldcache *cache, const char *name)
{
	uint32_t next = 0;
	const char *path = pap_ldcache_find(cache, name, &next);

	if (path)
		CHECK(!pap_ldcache_find(cache, name, &next));
	return path ? path : "";
}

static void check_usual(struct pap_ldcache *cache)
{
	uint32_t next = 0;

	CHECK_STR(only(cache, "libz.so.1"), "/lib/libz.so.1");
	CHECK_STR(only(cache, "libx.so.10"), "/lib/libx.so.10");
	CHECK_STR(only(cache, "libx.so.9"), "/lib/libx.so.9");
	CHECK_STR(only(cache, "liba.so"), "/lib/liba.so");
	CHECK_STR(only(cache, "liba.so.1"), "");
	CHECK_STR(only(cache, "libx.so.09"), "");
	CHECK_STR(only(cache, "zzz"), "");
	CHECK_STR(only(cache, "a"), "");
	CHECK_STR(only(cache, ""), "");
	/* Every build for the right machine, in the file's order. */
	CHECK_STR(pap_ldcache_find(cache, "libc.so.6", &next), "/lib/hwcaps/libc.so.6");
	CHECK_STR(pap_ldcache_find(cache, "libc.so.6", &next), "/lib/libc.so.6");
	CHECK(!pap_ldcache_find(cache, "libc.so.6", &next));
}

TEST(the_plain_layout)
{
	struct pap_ldcache cache;
	struct file file;

	usual(&file);
	open_bytes(&cache, &file.parts, sizeof(file.parts));
	check_usual(&cache);
	pap_ldcache_close(&cache);
}

TEST(the_layout_behind_the_old_table)
{
	static unsigned char bytes[64 + sizeof(((struct file *)0)->parts)];
	struct pap_ldcache cache;
	struct file file;
	uint32_t old = 3;

	usual(&file);
	memcpy(bytes, "ld.so-1.7.0", 12);
	memcpy(bytes + 12, &old, sizeof(old));
	/* 16 + 3 * 12 = 52, rounded up to 56 */
	memcpy(bytes + 56, &file.parts, sizeof(file.parts));
	open_bytes(&cache, bytes, sizeof(bytes));
	check_usual(&cache);
	pap_ldcache_close(&cache);
}

TEST(another_architecture_finds_its_own)
{
	struct pap_ldcache cache;
	struct file file;

	usual(&file);
	open_as(&cache, &file.parts, sizeof(file.parts), PAP_ARCH_AARCH64);
	CHECK_STR(only(&cache, "libc.so.6"), "/arm/libc.so.6");
	CHECK_STR(only(&cache, "liba.so"), "");
	pap_ldcache_close(&cache);
}

TEST(broken_caches_find_nothing)
{
	struct pap_ldcache cache;
	struct file file;
	uint32_t huge = UINT32_MAX;

#define FINDS_NOTHING(change)                                        \
	do {                                                         \
		usual(&file);                                        \
		open_bytes(&cache, &file.parts, sizeof(file.parts)); \
		CHECK_STR(only(&cache, "liba.so"), "/lib/liba.so");  \
		pap_ldcache_close(&cache);                           \
		change;                                              \
		open_bytes(&cache, &file.parts, sizeof(file.parts)); \
		CHECK_STR(only(&cache, "liba.so"), "");              \
		pap_ldcache_close(&cache);                           \
	} while (0)

	FINDS_NOTHING(file.parts.magic[0] = 'G');
	FINDS_NOTHING(file.parts.magic[19] = '2');
	FINDS_NOTHING(file.parts.flags = 3);
	FINDS_NOTHING(file.parts.count = UINT32_MAX);
	FINDS_NOTHING(file.parts.count = 0);
	FINDS_NOTHING(file.parts.entries[7].path = UINT32_MAX);
	FINDS_NOTHING(file.parts.entries[7].path = sizeof(file.parts));
	FINDS_NOTHING(file.parts.entries[7].name = UINT32_MAX);
	FINDS_NOTHING(file.parts.entries[4].name = UINT32_MAX);
	FINDS_NOTHING(file.parts.entries[7].flags = 0);
	FINDS_NOTHING(strcpy(file.parts.strings + file.string_bytes - 13, "relative"));
	FINDS_NOTHING((memcpy(file.parts.magic, "ld.so-1.7.0\0", 12),
		       memcpy(file.parts.magic + 12, &huge, 4)));
	/* The last string does not end within the file. */
	usual(&file);
	memset(file.parts.strings + file.string_bytes - 1, 'x',
	       sizeof(file.parts.strings) - file.string_bytes + 1);
	open_bytes(&cache, &file.parts, sizeof(file.parts));
	CHECK_STR(only(&cache, "liba.so"), "");
	CHECK_STR(only(&cache, "libz.so.1"), "/lib/libz.so.1");
	pap_ldcache_close(&cache);
}

TEST(no_cache_finds_nothing)
{
	struct pap_ldcache cache;

	pap_ldcache_open(&cache, "/nonexistent/cache", PAP_ARCH_X86_64);
	CHECK_STR(only(&cache, "libc.so.6"), "");
	pap_ldcache_close(&cache);
	pap_ldcache_open(&cache, "/", PAP_ARCH_X86_64);
	CHECK_STR(only(&cache, "libc.so.6"), "");
	pap_ldcache_close(&cache);
	open_bytes(&cache, "", 0);
	CHECK_STR(only(&cache, "libc.so.6"), "");
	pap_ldcache_close(&cache);
}

TEST(damaged_caches_have_an_answer)
{
	struct file file;
	size_t head = sizeof(file.parts) - sizeof(file.parts.strings);

	for (unsigned round = 0; round < 3000; round++) {
		struct pap_ldcache cache;
		uint32_t next = 0;
		unsigned found = 0;

		usual(&file);
		for (unsigned i = 0; i < round % 8; i++)
			((unsigned char *)&file.parts)[test_random_below(head + 200)] =
			    (unsigned char)test_random();
		open_bytes(&cache, &file.parts,
			   round % 3 ? sizeof(file.parts) : test_random_below(sizeof(file.parts)));
		while (pap_ldcache_find(&cache, "libc.so.6", &next))
			found++;
		CHECK(found <= 16);
		pap_ldcache_close(&cache);
	}
}

/* Everything that ldconfig lists for this architecture is found under its name. */
TEST(the_systems_cache)
{
	const char *const argv[] = {"/sbin/ldconfig", "-p", NULL};
	struct test_output listing = test_run(argv);
	char *rest = listing.text, *line;
	struct pap_ldcache cache;
	unsigned found = 0;

	pap_ldcache_open(&cache, "/etc/ld.so.cache", pap_arch_native());
	while ((line = strsep(&rest, "\n"))) {
		char *name = line + strspn(line, " \t"), *arrow = strstr(line, " => "), *kind;
		uint32_t next = 0;
		const char *path;

		if (!arrow || !(kind = strstr(name, " (")) ||
		    !(strstr(kind, "x86-64") || strstr(kind, "AArch64")))
			continue;
		*kind = '\0';
		while ((path = pap_ldcache_find(&cache, name, &next)) && strcmp(path, arrow + 4))
			;
		if (!CHECK(path))
			test_note("%s at %s", name, arrow + 4);
		found++;
	}
	CHECK(found > 5);
	pap_ldcache_close(&cache);
	free(listing.text);
}
