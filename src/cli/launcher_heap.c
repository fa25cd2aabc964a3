/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The launcher's own malloc. musl's asks the kernel for each group of blocks and
 * gives it back, which made a tenth of the time that `paprika run` took to start.
 * Here blocks have one of some hundred sizes, come from one arena of the program's
 * own memory, and when freed wait in the list of their size. A header that does
 * not fit its address ends the program: it was written over, or freed twice.
 *
 * Not here: threads (the launcher has none, and the child that shares its memory
 * runs while it stands still), or giving small blocks back.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "uapi/kernel.h"

enum {
	STEP = 32,		/* small blocks are multiples of it */
	SMALL_POWER = 10,	/* up to 1 KiB; above, four sizes between powers of two */
	LARGEST_POWER = 18,	/* 256 KiB; more is mapped on its own */
	SMALL = (1 << SMALL_POWER) / STEP,
	CLASSES = SMALL + 1 + 4 * (LARGEST_POWER - SMALL_POWER),
	ARENA_SIZE = 512 << 10, /* enough for an ordinary policy */
	USUAL_SIZE = 112 << 10, /* what a start with few grants touches of it */
	MORE_SIZE = 1 << 20,
};

struct header { /* before each block; blocks are 16-aligned */
	uint64_t size; /* of header and block */
	uint64_t seal; /* of a block in use; 0 in one that is free */
};

struct spare {
	struct header header;
	struct spare *next;
};

static _Alignas(16) unsigned char arena[ARENA_SIZE];
static unsigned char *unused = arena, *end = arena + ARENA_SIZE;
static struct spare *spares[CLASSES];

static uint64_t seal_of(const struct header *header)
{
	return (uint64_t)(uintptr_t)header * 0x9e3779b97f4a7c15u ^ header->size;
}

static void *in_use(struct header *header)
{
	header->seal = seal_of(header);
	return header + 1;
}

static struct header *header_of(void *block)
{
	struct header *header = (struct header *)block - 1;

	if (header->seal != seal_of(header))
		abort();
	return header;
}

static void *map(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

/* The pages that will be touched anyway, with one call (5.14) instead of a fault each. */
static void touch_arena(void)
{
	const uintptr_t page = 4096;
	uintptr_t first = ((uintptr_t)arena + page - 1) & ~(page - 1);
	int saved = errno;

	/* A kernel that does not know it gives the pages one by one. */
	(void)madvise((void *)first, USUAL_SIZE, PAP_MADV_POPULATE_WRITE);
	errno = saved;
}

static struct header *carve(size_t size)
{
	struct header *header;

	if (unused == arena)
		touch_arena();
	if ((size_t)(end - unused) < size) {
		unsigned char *more = map(MORE_SIZE);

		if (!more)
			return NULL;
		unused = more;
		end = more + MORE_SIZE;
	}
	header = (struct header *)unused;
	unused += size;
	header->size = size;
	return header;
}

static void *allocate_large(size_t size)
{
	struct header *header;

	size = (size + 4095) & ~(size_t)4095;
	header = map(size);
	if (!header)
		return NULL;
	header->size = size;
	return in_use(header);
}

/* Rounds up to the size of a class and says which. A class's size is its own. */
static unsigned class_of(size_t *size)
{
	unsigned power, quarter;

	if (*size <= (size_t)1 << SMALL_POWER) {
		unsigned steps = (unsigned)((*size + STEP - 1) / STEP);

		*size = (size_t)steps * STEP;
		return steps;
	}
	power = 63 - (unsigned)__builtin_clzll(*size - 1);
	quarter = (unsigned)((*size - 1 - ((size_t)1 << power)) >> (power - 2));
	*size = ((size_t)1 << power) + ((size_t)(quarter + 1) << (power - 2));
	return SMALL + 1 + 4 * (power - SMALL_POWER) + quarter;
}

static bool is_large(size_t size)
{
	return size > (size_t)1 << LARGEST_POWER;
}

/*
 * *fresh tells memory that is all zeroes. Not malloc itself: a compiler that knows
 * malloc and memset would make calloc call calloc.
 */
static void *allocate(size_t size, bool *fresh)
{
	struct header *header;
	unsigned class;

	*fresh = true;
	if (size > PTRDIFF_MAX - 8192) {
		errno = ENOMEM;
		return NULL;
	}
	size += sizeof(struct header);
	if (is_large(size))
		return allocate_large(size);
	class = class_of(&size);
	if (spares[class]) {
		struct spare *spare = spares[class];

		*fresh = false;
		spares[class] = spare->next;
		return in_use(&spare->header);
	}
	header = carve(size);
	return header ? in_use(header) : NULL;
}

void *malloc(size_t size)
{
	bool fresh;

	return allocate(size, &fresh);
}

void free(void *block)
{
	struct header *header;
	struct spare *spare;
	unsigned class;
	size_t size;

	if (!block)
		return;
	header = header_of(block);
	if (is_large(header->size)) {
		int saved = errno; /* free may not change it */

		munmap(header, header->size);
		errno = saved;
		return;
	}
	size = header->size;
	class = class_of(&size);
	spare = (struct spare *)header;
	spare->header.seal = 0;
	spare->next = spares[class];
	spares[class] = spare;
}

void *calloc(size_t count, size_t size)
{
	size_t bytes;
	void *block;
	bool fresh;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	block = allocate(bytes, &fresh);
	return block && !fresh ? memset(block, 0, bytes) : block;
}

void *realloc(void *block, size_t size)
{
	struct header *header;
	size_t room;
	void *larger;

	if (!block)
		return malloc(size);
	header = header_of(block);
	room = header->size - sizeof(*header);
	if (size <= room)
		return block;
	larger = malloc(size);
	if (!larger)
		return NULL;
	memcpy(larger, block, room);
	free(block);
	return larger;
}

void *aligned_alloc(size_t alignment, size_t size)
{
	if (alignment > 16) {
		errno = EINVAL;
		return NULL;
	}
	return malloc(size);
}
