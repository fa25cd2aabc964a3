/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The launcher's heap, under names of its own, so that it stands beside the
 * real one: blocks never overlap, keep what is written to them, come back
 * zeroed from calloc, are used again, and a header that was written over ends
 * the program.
 */
#define malloc heap_malloc
#define calloc heap_calloc
#define realloc heap_realloc
#define free heap_free
#define aligned_alloc heap_aligned_alloc
#include <stddef.h>
void *heap_malloc(size_t size);
void *heap_calloc(size_t count, size_t size);
void *heap_realloc(void *block, size_t size);
void heap_free(void *block);
void *heap_aligned_alloc(size_t alignment, size_t size);
#include "cli/launcher_heap.c"
#undef malloc
#undef calloc
#undef realloc
#undef free
#undef aligned_alloc

#include <signal.h>

#include "harness.h"

#define BLOCKS 400

struct block {
	unsigned char *memory;
	size_t size;
	unsigned char mark;
};

static bool keeps(const struct block *block, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (block->memory[i] != block->mark)
			return false;
	return true;
}

/* Mostly small, sometimes beyond the largest class. */
static size_t some_size(void)
{
	return test_random_below(20) ? test_random_below(600) : test_random_below(600000);
}

static void fill(struct block *block, size_t size)
{
	block->size = size;
	block->mark = (unsigned char)(1 + test_random_below(255));
	memset(block->memory, block->mark, size);
}

static void change(struct block *block)
{
	size_t size = some_size();

	if (!block->memory) {
		block->memory = heap_malloc(size);
	} else if (test_random_below(2)) {
		CHECK(keeps(block, block->size));
		heap_free(block->memory);
		block->memory = NULL;
		return;
	} else {
		block->memory = heap_realloc(block->memory, size);
		REQUIRE(block->memory);
		CHECK(keeps(block, size < block->size ? size : block->size));
	}
	REQUIRE(block->memory);
	CHECK_EQ((uintptr_t)block->memory % 16, 0);
	fill(block, size);
}

TEST(blocks_keep_what_is_written, .timeout = 60)
{
	static struct block blocks[BLOCKS];

	for (unsigned round = 0; round < 40000; round++)
		change(&blocks[test_random_below(BLOCKS)]);
	for (unsigned i = 0; i < BLOCKS; i++) {
		CHECK(!blocks[i].memory || keeps(&blocks[i], blocks[i].size));
		heap_free(blocks[i].memory);
	}
}

TEST(freed_blocks_are_used_again)
{
	void *first = heap_malloc(100), *second = heap_malloc(100), *third;

	CHECK(first && second && first != second);
	heap_free(first);
	third = heap_malloc(105);
	CHECK(third == first);
	for (unsigned i = 0; i < 1000000; i++) {
		heap_free(third);
		third = heap_malloc(105);
	}
	CHECK(third == first);
	heap_free(third);
	heap_free(second);
	heap_free(NULL);
}

TEST(calloc_gives_zeroes)
{
	static const size_t sizes[] = {1, 500, 300000};

	for (unsigned i = 0; i < 3; i++) {
		unsigned char *block = heap_malloc(sizes[i]);
		size_t set = 0;

		REQUIRE(block);
		memset(block, 0xff, sizes[i]);
		heap_free(block);
		block = heap_calloc(sizes[i], 1);
		REQUIRE(block);
		for (size_t at = 0; at < sizes[i]; at++)
			set += block[at] != 0;
		CHECK_EQ(set, 0);
		heap_free(block);
	}
}

TEST(too_much_is_refused)
{
	static volatile size_t huge = PTRDIFF_MAX, half = SIZE_MAX / 2;
	void *block = heap_malloc(10);

	errno = 0;
	CHECK(!heap_malloc(huge));
	CHECK_EQ(errno, ENOMEM);
	CHECK(!heap_malloc(SIZE_MAX));
	errno = 0;
	CHECK(!heap_calloc(half, 3));
	CHECK_EQ(errno, ENOMEM);
	CHECK(!heap_realloc(block, huge));
	CHECK(!heap_aligned_alloc(4096, 10));
	/* what could not grow is still there */
	heap_free(block);
}

TEST(free_twice_ends, .dies_of = SIGABRT)
{
	void *block = heap_malloc(10);

	heap_free(block);
	heap_free(block);
}

TEST(free_of_something_else_ends, .dies_of = SIGABRT)
{
	char *block = heap_malloc(100);

	heap_free(block + 16);
}

TEST(a_header_written_over_ends, .dies_of = SIGABRT)
{
	char *first = heap_malloc(16), *second = heap_malloc(16);

	REQUIRE(second == first + 32);
	memset(first, 'x', 40);
	heap_free(second);
}
