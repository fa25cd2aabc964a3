/* SPDX-License-Identifier: BSD-2-Clause */
/* The filters of capability mode: what they say, call by call, and how long they are. */
#include <errno.h>
#include <string.h>

#include "base/codes.h"
#include "capmode/filters.h"
#include "harness.h"

static const struct pap_limits read_only = {.rights = {{0x1, 0}}, .fcntls = 0, .nspans = 0};

static uint32_t ask(const struct pap_confine_spec *confine, unsigned call, uint64_t a, uint64_t b,
		    uint64_t c)
{
	struct pap_seccomp_data data = {
	    .nr = pap_syscall_table[call].number[PAP_ARCH_X86_64],
	    .arch = pap_arch_audit(PAP_ARCH_X86_64),
	    .args = {a, b, c},
	};

	return pap_filter_naive(confine->spec, &data, NULL);
}

static unsigned length_of(const struct pap_confine_spec *confine)
{
	struct pap_program program;
	struct pap_error err = {0};
	unsigned length;

	CHECK(!confine->failed);
	REQUIRE(pap_filter_compile(confine->spec, &program, &err) == 0);
	length = program.length;
	pap_program_free(&program);
	return length;
}

TEST(limit)
{
	struct pap_confine_spec confine;
	const struct pap_range ranges[] = {{5, 5}, {600, 607}};
	const struct pap_numbers numbers = {ranges, 2};
	unsigned length;

	REQUIRE(pap_confine_init(&confine, PAP_ARCH_X86_64, 0) == 0);
	pap_confine_limit(&confine, &numbers, &read_only, false);
	CHECK_EQ(ask(&confine, PAP_SYS_read, 5, 0, 0), PAP_RET_ALLOW);
	CHECK_EQ(ask(&confine, PAP_SYS_write, 5, 0, 0), PAP_RET_ERRNO | PAP_ENOTCAPABLE);
	CHECK_EQ(ask(&confine, PAP_SYS_write, 607, 0, 0), PAP_RET_ERRNO | PAP_ENOTCAPABLE);
	CHECK_EQ(ask(&confine, PAP_SYS_write, 0xdead00000005ull, 0, 0),
		 PAP_RET_ERRNO | PAP_ENOTCAPABLE);
	CHECK_EQ(ask(&confine, PAP_SYS_write, 608, 0, 0), PAP_RET_ALLOW);
	CHECK_EQ(ask(&confine, PAP_SYS_fcntl, 5, 1, 0), PAP_RET_ALLOW);
	CHECK_EQ(ask(&confine, PAP_SYS_fcntl, 5, 3, 0), PAP_RET_ERRNO | PAP_ENOTCAPABLE);
	CHECK_EQ(ask(&confine, PAP_SYS_fcntl, 5, 999, 0), PAP_RET_ERRNO | PAP_ENOTCAPABLE);
	CHECK_EQ(ask(&confine, PAP_SYS_dup, 5, 0, 0), PAP_RET_ALLOW);
	length = length_of(&confine);
	test_note("%u instructions", length);
	CHECK(length <= 380);
	pap_confine_free(&confine);
}

TEST(base_and_mode)
{
	struct pap_confine_spec base, mode, both;

	REQUIRE(pap_confine_init(&base, PAP_ARCH_X86_64, PAP_PART_BASE) == 0);
	pap_confine_protect(&base, 1000);
	pap_confine_finish(&base, PAP_PART_BASE);
	REQUIRE(pap_confine_init(&mode, PAP_ARCH_X86_64, PAP_PART_MODE) == 0);
	pap_confine_finish(&mode, PAP_PART_MODE);
	REQUIRE(pap_confine_init(&both, PAP_ARCH_X86_64, PAP_PART_BASE | PAP_PART_MODE) == 0);
	pap_confine_protect(&both, 1000);
	pap_confine_finish(&both, PAP_PART_BASE | PAP_PART_MODE);
	CHECK_EQ(ask(&base, PAP_SYS_close, 1000, 0, 0), PAP_RET_ERRNO | EBADF);
	CHECK_EQ(ask(&base, PAP_SYS_close, 999, 0, 0), PAP_RET_ALLOW);
	CHECK_EQ(ask(&base, PAP_SYS_close_range, 3, ~0ull, 0), PAP_RET_ERRNO | ENOSYS);
	CHECK_EQ(ask(&base, PAP_SYS_openat, 0xffffff9cu, 0, 0), PAP_RET_ALLOW);
	CHECK_EQ(ask(&base, PAP_SYS_openat, 3, 0, 0), PAP_RET_USER_NOTIF);
	CHECK_EQ(ask(&both, PAP_SYS_openat, 0xffffff9cu, 0, 0), PAP_RET_ERRNO | PAP_ECAPMODE);
	CHECK_EQ(ask(&both, PAP_SYS_openat, 3, 0, 0), PAP_RET_USER_NOTIF);
	CHECK_EQ(ask(&both, PAP_SYS_open, 0, 0, 0), PAP_RET_ERRNO | PAP_ECAPMODE);
	CHECK_EQ(ask(&both, PAP_SYS_fcntl, 3, 0, 0), PAP_RET_USER_NOTIF);
	CHECK_EQ(ask(&both, PAP_SYS_fcntl, 3, 1, 0), PAP_RET_ALLOW);
	CHECK_EQ(ask(&both, PAP_SYS_fcntl, 3, 8, 0), PAP_RET_ERRNO | PAP_ECAPMODE);
	CHECK_EQ(ask(&both, PAP_SYS_read, 3, 0, 0), PAP_RET_ALLOW);
	test_note("base %u, mode %u, both %u instructions", length_of(&base), length_of(&mode),
		  length_of(&both));
	pap_confine_free(&base);
	pap_confine_free(&mode);
	pap_confine_free(&both);
}

/* One spec says what two stacked ones would: an error before a notification before permission. */
static unsigned strictness(uint32_t verdict)
{
	switch (verdict & PAP_RET_ACTION_FULL) {
	case PAP_RET_ERRNO:
		return 2;
	case PAP_RET_USER_NOTIF:
		return 1;
	default:
		return 0;
	}
}

TEST(merged_is_stacked)
{
	static const uint64_t values[] = {0, 1, 2, 3, 4, 5, 8, 17, 0x400, 0x10000, 0xffffff9cu,
					  0xffffffffu, 1000, 1030, 0x5401, 0x541b, 262, 1ull << 32};
	struct pap_confine_spec base, mode, both;
	unsigned seen = 0;

	REQUIRE(pap_confine_init(&base, PAP_ARCH_X86_64, PAP_PART_BASE) == 0);
	pap_confine_finish(&base, PAP_PART_BASE);
	REQUIRE(pap_confine_init(&mode, PAP_ARCH_X86_64, PAP_PART_MODE) == 0);
	pap_confine_finish(&mode, PAP_PART_MODE);
	REQUIRE(pap_confine_init(&both, PAP_ARCH_X86_64, PAP_PART_BASE | PAP_PART_MODE) == 0);
	pap_confine_finish(&both, PAP_PART_BASE | PAP_PART_MODE);
	for (unsigned call = 0; call < PAP_NSYSCALLS; call++) {
		for (unsigned i = 0; i < 18 * 18 * 4; i++) {
			uint64_t a = values[i % 18], b = values[i / 18 % 18], c = values[i / 324 * 5];
			unsigned x = strictness(ask(&base, call, a, b, c));
			unsigned y = strictness(ask(&mode, call, a, b, c));
			unsigned z = strictness(ask(&both, call, a, b, c));

			if (pap_syscall_table[call].number[PAP_ARCH_X86_64] < 0)
				continue;
			seen++;
			test_check_eq(z, x > y ? x : y, __FILE__, __LINE__, "strictness",
				      pap_syscall_table[call].name);
			if (z != (x > y ? x : y))
				break;
		}
	}
	CHECK(seen > 100000);
	pap_confine_free(&base);
	pap_confine_free(&mode);
	pap_confine_free(&both);
}
