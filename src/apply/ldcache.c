/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The layout: a header of 48 bytes, entries of 24 bytes sorted from last to
 * first by name, where runs of digits compare as numbers, then the strings. Of
 * several entries with one name all are given out, whichever processor they are
 * for: which of them the loader picks is its business.
 */
#include "apply/ldcache.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define OLD_MAGIC "ld.so-1.7.0"
#define OLD_HEADER 16 /* magic with its NUL byte, then the number of entries */
#define OLD_ENTRY 12
#define NEW_MAGIC "glibc-ld.so.cache1.1"

#define FLAG_LIBC6 0x0003
#define FLAG_X86_64 0x0300
#define FLAG_AARCH64 0x0a00

#define ENDIAN_MASK 3
#define ENDIAN_UNSET 0
#define ENDIAN_LITTLE 2

#define MAX_SIZE (64u << 20)

struct header {
	char magic[20];
	uint32_t count, strings_size;
	uint8_t flags, padding[3];
	uint32_t extension, unused[3];
};

struct entry {
	uint32_t flags, name, path, os_version;
	uint64_t processor;
};

static struct entry entry_at(const struct pap_ldcache *cache, uint32_t i)
{
	struct entry entry;

	memcpy(&entry, cache->base + sizeof(struct header) + (size_t)i * sizeof(entry),
	       sizeof(entry));
	return entry;
}

/* The string at offset, or NULL when it does not end within the cache. */
static const char *string_at(const struct pap_ldcache *cache, uint32_t offset)
{
	if (offset >= cache->size || !memchr(cache->base + offset, '\0', cache->size - offset))
		return NULL;
	return (const char *)cache->base + offset;
}

/* Finds where the new layout begins and checks that all its entries are there. */
static bool locate(struct pap_ldcache *cache)
{
	const unsigned char *map = cache->map;
	struct header header;
	size_t start = 0;
	uint32_t old;

	if (cache->map_size >= OLD_HEADER && !memcmp(map, OLD_MAGIC, sizeof(OLD_MAGIC) - 1)) {
		memcpy(&old, map + OLD_HEADER - sizeof(old), sizeof(old));
		start = (OLD_HEADER + (size_t)old * OLD_ENTRY + 7) & ~(size_t)7;
	}
	if (start > cache->map_size || cache->map_size - start < sizeof(header))
		return false;
	memcpy(&header, map + start, sizeof(header));
	if (memcmp(header.magic, NEW_MAGIC, sizeof(header.magic)))
		return false;
	if ((header.flags & ENDIAN_MASK) != ENDIAN_UNSET &&
	    (header.flags & ENDIAN_MASK) != ENDIAN_LITTLE)
		return false;
	cache->base = map + start;
	cache->size = cache->map_size - start;
	cache->count = header.count;
	return header.count <= (cache->size - sizeof(header)) / sizeof(struct entry);
}

static void map_file(struct pap_ldcache *cache, int fd)
{
	struct stat st;
	void *map;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size <= 0 || st.st_size > MAX_SIZE)
		return;
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return;
	cache->map = map;
	cache->map_size = (size_t)st.st_size;
}

void pap_ldcache_open(struct pap_ldcache *cache, const char *path, enum pap_arch arch)
{
	int fd;

	memset(cache, 0, sizeof(*cache));
	cache->flags = FLAG_LIBC6 | (arch == PAP_ARCH_AARCH64 ? FLAG_AARCH64 : FLAG_X86_64);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return;
	map_file(cache, fd);
	close(fd);
	if (cache->map && !locate(cache))
		pap_ldcache_close(cache);
}

void pap_ldcache_close(struct pap_ldcache *cache)
{
	if (cache->map)
		munmap(cache->map, cache->map_size);
	cache->map = NULL;
	cache->count = 0;
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A run of digits as a number, *text moved behind it; too large ones all count the same. */
static uint64_t number(const char **text)
{
	uint64_t value = 0;

	for (; digit(**text); (*text)++)
		value = value > UINT64_MAX / 100 ? UINT64_MAX / 10
						 : value * 10 + (uint64_t)(**text - '0');
	return value;
}

/* The cache's order of names; a digit comes after every other character. */
static int compare(const char *a, const char *b)
{
	while (*a && *b) {
		if (digit(*a) != digit(*b))
			return digit(*a) ? 1 : -1;
		if (digit(*a)) {
			uint64_t x = number(&a), y = number(&b);

			if (x != y)
				return x < y ? -1 : 1;
		} else if (*a != *b) {
			return *a < *b ? -1 : 1;
		} else {
			a++;
			b++;
		}
	}
	return *a ? 1 : *b ? -1 : 0;
}

/* The first entry of that name, or count. A broken order or string ends the search early. */
static uint32_t first_of(const struct pap_ldcache *cache, const char *name)
{
	uint32_t lo = 0, hi = cache->count;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		const char *here = string_at(cache, entry_at(cache, mid).name);

		if (!here)
			return cache->count;
		/* Descending: what compares greater than the name lies before it. */
		if (compare(here, name) > 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const char *pap_ldcache_find(const struct pap_ldcache *cache, const char *name, uint32_t *next)
{
	uint32_t i = *next ? *next : first_of(cache, name);

	for (; i < cache->count; i++) {
		struct entry entry = entry_at(cache, i);
		const char *here = string_at(cache, entry.name);
		const char *path = string_at(cache, entry.path);

		/* Names that differ can compare equal ("1" and "01"): pass those over. */
		if (!here || compare(here, name))
			break;
		if (!strcmp(here, name) && entry.flags == cache->flags && path && path[0] == '/') {
			*next = i + 1;
			return path;
		}
	}
	*next = cache->count;
	return NULL;
}
