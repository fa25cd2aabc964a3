/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compilation with each allocation failing in turn: -ENOMEM, no program, nothing
 * leaked, and the same program as ever once memory is back.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "filter_help.h"

static long left = -1; /* allocations until one fails; negative: none does */
static long held;      /* allocated and not freed */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_reallocarray(void *old, size_t count, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);
void __wrap_free(void *memory);

static bool fails(void)
{
	return left >= 0 && left-- == 0;
}

void *__wrap_malloc(size_t size)
{
	void *memory = fails() ? NULL : __real_malloc(size);

	held += memory != NULL;
	return memory;
}

void *__wrap_calloc(size_t count, size_t size)
{
	void *memory = fails() ? NULL : __real_calloc(count, size);

	held += memory != NULL;
	return memory;
}

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
	void *memory = fails() ? NULL : __real_reallocarray(old, count, size);

	held += memory != NULL && old == NULL;
	return memory;
}

void __wrap_free(void *memory)
{
	held -= memory != NULL;
	__real_free(memory);
}

static struct pap_range ranges[1200];

/* Large enough that the graph has to grow and the sets leave the stack. */
static struct pap_filter_spec *large_spec(void)
{
	static struct pap_test test = {
	    .arg = 1, .bits = 64, .mask = ALL_BITS, .nranges = 1200, .ranges = ranges};
	static const struct pap_clause clause = {.tests = &test, .ntests = 1};
	static const struct pap_cond cond = {.name = "large", .clauses = &clause, .nclauses = 1};
	struct pap_filter_spec *spec = new_spec();

	for (unsigned i = 0; i < 1200; i++)
		ranges[i].lo = ranges[i].hi = 5ull << 32 | (3 * i);
	add_rule(spec, PAP_SYS_ioctl, &cond, YES);
	return spec;
}

TEST(every_failing_allocation_ends_in_enomem)
{
	struct pap_filter_spec *spec = large_spec();
	struct pap_program good = compiled(spec), program;
	unsigned failures = 0;

	for (long n = 0;; n++) {
		struct pap_error err = {0};
		long before = held;
		int rc;

		memset(&program, 0, sizeof(program));
		left = n;
		rc = pap_filter_compile(spec, &program, &err);
		left = -1;
		if (!rc)
			break;
		CHECK_EQ(rc, -ENOMEM);
		CHECK_STR(err.message, "out of memory");
		CHECK_EQ(held, before);
		CHECK(program.insns == NULL);
		failures++;
		REQUIRE(failures < 1000);
	}
	test_note("%u allocations failed in turn", failures);
	CHECK(failures > 10);
	CHECK_EQ(program.length, good.length);
	CHECK(memcmp(program.insns, good.insns, good.length * sizeof(*good.insns)) == 0);
	pap_program_free(&program);
	pap_program_free(&good);
	pap_filter_spec_free(spec);
}

TEST(a_rule_that_finds_no_memory_is_not_half_added)
{
	struct pap_filter_spec *spec = new_spec();
	struct pap_rule rule = {.verdict = YES};

	for (unsigned i = 0; i < 4; i++)
		add_rule(spec, PAP_SYS_read, NULL, YES);
	left = 0;
	CHECK_EQ(pap_filter_add(spec, PAP_SYS_read, rule), -ENOMEM);
	left = -1;
	CHECK_EQ(spec->calls[PAP_SYS_read].nrules, 4);
	CHECK_EQ(pap_filter_add(spec, PAP_SYS_read, rule), 0);
	CHECK_EQ(spec->calls[PAP_SYS_read].nrules, 5);
	left = 0;
	CHECK(pap_filter_spec_new(PAP_ARCH_X86_64, NO, NO, rule) == NULL);
	left = -1;
	pap_filter_spec_free(spec);
	pap_filter_spec_free(NULL);
}

TEST(a_call_takes_65535_rules_and_no_more)
{
	struct pap_filter_spec *spec = new_spec();
	struct pap_rule rule = {.verdict = NO};
	struct pap_program program = {0};

	for (unsigned i = 0; i < UINT16_MAX; i++)
		REQUIRE(pap_filter_add(spec, PAP_SYS_read, rule) == 0);
	CHECK_EQ(pap_filter_add(spec, PAP_SYS_read, rule), -E2BIG);
	CHECK_EQ(pap_filter_compile(spec, &program, NULL), 0);
	pap_program_free(&program);
	pap_filter_spec_free(spec);
}
