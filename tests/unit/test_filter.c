/* SPDX-License-Identifier: BSD-2-Clause */
/* Compiled filters at their boundaries: numbers, architectures, halves of arguments, rule order. */
#include <errno.h>
#include <string.h>

#include "filter_help.h"

static struct pap_filter_spec *spec;
static struct pap_program program;

static void begin(const struct pap_cond *cond)
{
	spec = new_spec();
	add_rule(spec, PAP_SYS_openat, cond, YES);
	program = compiled(spec);
}

static void end(void)
{
	pap_program_free(&program);
	pap_filter_spec_free(spec);
}

static uint32_t with_arg(unsigned arg, uint64_t value)
{
	struct pap_seccomp_data data = call_data(PAP_ARCH_X86_64, PAP_SYS_openat);

	data.args[arg] = value;
	return verdict_of(spec, &program, &data);
}

static uint32_t with_number(uint32_t number, uint32_t arch)
{
	struct pap_seccomp_data data = {.nr = (int32_t)number, .arch = arch};

	return verdict_of(spec, &program, &data);
}

TEST(call_numbers_and_architectures)
{
	const uint32_t native = PAP_AUDIT_ARCH_X86_64;

	begin(NULL);
	CHECK_EQ(with_number(257, native), YES);
	CHECK_EQ(with_number(256, native), NO);
	CHECK_EQ(with_number(258, native), NO);
	/* the x32 bit, negative numbers, holes, beyond the table */
	CHECK_EQ(with_number(257 | 0x40000000, native), UNKNOWN);
	CHECK_EQ(with_number(257 | 0x80000000, native), UNKNOWN);
	CHECK_EQ(with_number((uint32_t)-1, native), UNKNOWN);
	CHECK_EQ(with_number(INT32_MIN, native), UNKNOWN);
	CHECK_EQ(with_number(INT32_MAX, native), UNKNOWN);
	CHECK_EQ(with_number(400, native), UNKNOWN);
	CHECK_EQ(with_number(100000, native), UNKNOWN);
	/* other entries, also for numbers that would be fine */
	CHECK_EQ(with_number(257, PAP_AUDIT_ARCH_I386), FOREIGN);
	CHECK_EQ(with_number(257, PAP_AUDIT_ARCH_AARCH64), FOREIGN);
	CHECK_EQ(with_number(257, 0), FOREIGN);
	CHECK_EQ(with_number(257, native ^ 0x40000000), FOREIGN);
	end();
}

TEST(each_architecture_has_its_own_numbers)
{
	struct pap_seccomp_data data = call_data(PAP_ARCH_AARCH64, PAP_SYS_openat);

	begin(NULL);
	CHECK_EQ(data.nr, 56);
	CHECK_EQ(verdict_of(spec, &program, &data), FOREIGN);
	end();
	spec = new_spec();
	spec->arch = PAP_ARCH_AARCH64;
	add_rule(spec, PAP_SYS_openat, NULL, YES);
	add_rule(spec, PAP_SYS_open, NULL, YES); /* which aarch64 lacks */
	program = compiled(spec);
	CHECK_EQ(verdict_of(spec, &program, &data), YES);
	CHECK_EQ(with_number(57, PAP_AUDIT_ARCH_AARCH64), NO);
	CHECK_EQ(with_number(257, PAP_AUDIT_ARCH_AARCH64), UNKNOWN);
	CHECK_EQ(with_number(0xffffffff, PAP_AUDIT_ARCH_AARCH64), UNKNOWN);
	end();
}

TEST(equal_64_compares_both_halves)
{
	begin(COND(ALL_OF(IN(1, 64, ALL_BITS, {0x1122334455667788, 0x1122334455667788}))));
	CHECK_EQ(with_arg(1, 0x1122334455667788), YES);
	CHECK_EQ(with_arg(1, 0x1122334455667789), NO);
	CHECK_EQ(with_arg(1, 0x1122334555667788), NO);
	CHECK_EQ(with_arg(1, 0x0000000055667788), NO);
	CHECK_EQ(with_arg(1, 0x1122334400000000), NO);
	CHECK_EQ(with_arg(0, 0x1122334455667788), NO);
	end();
}

TEST(zero_64_is_not_zero_in_one_half)
{
	begin(COND(ALL_OF(IN(1, 64, ALL_BITS, {0, 0}))));
	CHECK_EQ(with_arg(1, 0), YES);
	CHECK_EQ(with_arg(1, 1), NO);
	CHECK_EQ(with_arg(1, 0x100000000), NO);
	end();
	begin(COND(ALL_OF(NOT_IN(1, 64, ALL_BITS, {0, 0}))));
	CHECK_EQ(with_arg(1, 0), NO);
	CHECK_EQ(with_arg(1, 1), YES);
	CHECK_EQ(with_arg(1, 0x100000000), YES);
	end();
}

TEST(argument_32_ignores_the_upper_half)
{
	begin(COND(ALL_OF(IN(2, 32, ALL_BITS, {3, 5}))));
	CHECK_EQ(with_arg(2, 2), NO);
	CHECK_EQ(with_arg(2, 3), YES);
	CHECK_EQ(with_arg(2, 5), YES);
	CHECK_EQ(with_arg(2, 6), NO);
	CHECK_EQ(with_arg(2, 0xdeadbeef00000003), YES);
	CHECK_EQ(with_arg(2, 0xdeadbeef00000006), NO);
	end();
	/* a negative int, with and without sign extension */
	begin(COND(ALL_OF(IN(0, 32, ALL_BITS, {0xffffff9c, 0xffffff9c}))));
	CHECK_EQ(with_arg(0, (uint64_t)-100), YES);
	CHECK_EQ(with_arg(0, 0xffffff9c), YES);
	CHECK_EQ(with_arg(0, (uint64_t)-101), NO);
	end();
}

TEST(ranges_64_split_at_every_place)
{
	/* within one upper word, across two neighbours, across many */
	begin(COND(ALL_OF(IN(1, 64, ALL_BITS, {0x500000010, 0x500000020}))));
	CHECK_EQ(with_arg(1, 0x50000000f), NO);
	CHECK_EQ(with_arg(1, 0x500000010), YES);
	CHECK_EQ(with_arg(1, 0x500000020), YES);
	CHECK_EQ(with_arg(1, 0x500000021), NO);
	CHECK_EQ(with_arg(1, 0x400000015), NO);
	CHECK_EQ(with_arg(1, 0x600000015), NO);
	end();
	begin(COND(ALL_OF(IN(1, 64, ALL_BITS, {0x5fffffff0, 0x600000010}))));
	CHECK_EQ(with_arg(1, 0x5ffffffef), NO);
	CHECK_EQ(with_arg(1, 0x5fffffff0), YES);
	CHECK_EQ(with_arg(1, 0x5ffffffff), YES);
	CHECK_EQ(with_arg(1, 0x600000000), YES);
	CHECK_EQ(with_arg(1, 0x600000010), YES);
	CHECK_EQ(with_arg(1, 0x600000011), NO);
	end();
	begin(COND(ALL_OF(IN(1, 64, ALL_BITS, {0x180000000, 0x8000000010}))));
	CHECK_EQ(with_arg(1, 0x17fffffff), NO);
	CHECK_EQ(with_arg(1, 0x180000000), YES);
	CHECK_EQ(with_arg(1, 0x200000000), YES);
	CHECK_EQ(with_arg(1, 0x7fffffffff), YES);
	CHECK_EQ(with_arg(1, 0x8000000010), YES);
	CHECK_EQ(with_arg(1, 0x8000000011), NO);
	end();
}

TEST(ranges_touch_zero_and_the_maximum)
{
	begin(COND(ALL_OF(IN(1, 64, ALL_BITS, {0, 7}, {UINT64_MAX - 7, UINT64_MAX}))));
	CHECK_EQ(with_arg(1, 0), YES);
	CHECK_EQ(with_arg(1, 7), YES);
	CHECK_EQ(with_arg(1, 8), NO);
	CHECK_EQ(with_arg(1, 0x100000000), NO);
	CHECK_EQ(with_arg(1, UINT64_MAX - 8), NO);
	CHECK_EQ(with_arg(1, UINT64_MAX - 7), YES);
	CHECK_EQ(with_arg(1, UINT64_MAX), YES);
	end();
	begin(COND(ALL_OF(IN(1, 64, ALL_BITS, {0, UINT64_MAX}))));
	CHECK_EQ(with_arg(1, 0), YES);
	CHECK_EQ(with_arg(1, UINT64_MAX), YES);
	CHECK(pap_bpf_cacheable(program.insns, program.length, PAP_ARCH_X86_64, 257));
	end();
	begin(COND(ALL_OF(IN(1, 32, ALL_BITS, {0xffffffff, UINT64_MAX}))));
	CHECK_EQ(with_arg(1, 0xffffffff), YES);
	CHECK_EQ(with_arg(1, 0xfffffffe), NO);
	end();
}

TEST(ranges_that_share_an_upper_word)
{
	begin(COND(ALL_OF(IN(1, 64, ALL_BITS, {0x100000005, 0x200000005},
			     {0x200000007, 0x200000007}, {0x20000000a, 0x300000000}))));
	CHECK_EQ(with_arg(1, 0x100000004), NO);
	CHECK_EQ(with_arg(1, 0x1ffffffff), YES);
	CHECK_EQ(with_arg(1, 0x200000005), YES);
	CHECK_EQ(with_arg(1, 0x200000006), NO);
	CHECK_EQ(with_arg(1, 0x200000007), YES);
	CHECK_EQ(with_arg(1, 0x200000009), NO);
	CHECK_EQ(with_arg(1, 0x20000000a), YES);
	CHECK_EQ(with_arg(1, 0x300000000), YES);
	CHECK_EQ(with_arg(1, 0x300000001), NO);
	end();
}

TEST(ranges_unsorted_overlapping_empty)
{
	begin(COND(ALL_OF(IN(1, 64, ALL_BITS, {50, 60}, {5, 4}, {10, 20}, {15, 30}, {31, 31}))));
	CHECK_EQ(with_arg(1, 9), NO);
	CHECK_EQ(with_arg(1, 10), YES);
	CHECK_EQ(with_arg(1, 31), YES);
	CHECK_EQ(with_arg(1, 32), NO);
	CHECK_EQ(with_arg(1, 49), NO);
	CHECK_EQ(with_arg(1, 60), YES);
	CHECK_EQ(with_arg(1, 4), NO);
	CHECK_EQ(with_arg(1, 5), NO);
	end();
}

TEST(masks_of_one_half_and_of_both)
{
	begin(COND(ALL_OF(IN(1, 64, 0xf00000000, {0x300000000, 0x300000000}))));
	CHECK_EQ(with_arg(1, 0x300000000), YES);
	CHECK_EQ(with_arg(1, 0xffff4ffffffff), NO);
	CHECK_EQ(with_arg(1, 0xffff3ffffffff), YES);
	CHECK_EQ(with_arg(1, 0x200000000), NO);
	CHECK_EQ(with_arg(1, 3), NO);
	end();
	begin(COND(ALL_OF(IN(1, 64, 0xf0, {0x30, 0x30}))));
	CHECK_EQ(with_arg(1, 0xffffffffffffff3f), YES);
	CHECK_EQ(with_arg(1, 0x20), NO);
	CHECK_EQ(with_arg(1, 0x3000000000), NO);
	end();
	begin(COND(ALL_OF(IN(1, 64, 0x100000001, {0x100000001, 0x100000001}))));
	CHECK_EQ(with_arg(1, 0x100000001), YES);
	CHECK_EQ(with_arg(1, 0x100000000), NO);
	CHECK_EQ(with_arg(1, 1), NO);
	CHECK_EQ(with_arg(1, UINT64_MAX), YES);
	end();
	begin(COND(ALL_OF(IN(1, 64, 0, {0, 0}))));
	CHECK_EQ(with_arg(1, UINT64_MAX), YES);
	end();
	begin(COND(ALL_OF(IN(1, 64, 0, {1, 9}))));
	CHECK_EQ(with_arg(1, 1), NO);
	end();
	/* a range that the mask makes unreachable but for its lower part */
	begin(COND(ALL_OF(IN(1, 32, 3, {2, 100}))));
	CHECK_EQ(with_arg(1, 0xfd), NO);
	CHECK_EQ(with_arg(1, 0xfe), YES);
	CHECK_EQ(with_arg(1, 0xff), YES);
	end();
}

TEST(clauses_are_alternatives_and_tests_add_up)
{
	begin(COND(ALL_OF(IN(0, 32, ALL_BITS, {1, 1}), IN(1, 32, ALL_BITS, {2, 2})),
		   ALL_OF(NOT_IN(0, 32, ALL_BITS, {0, 8}))));
	CHECK_EQ(with_arg(0, 1), NO);
	CHECK_EQ(with_arg(1, 2), NO);
	CHECK_EQ(with_arg(0, 8), NO);
	CHECK_EQ(with_arg(0, 9), YES);

	struct pap_seccomp_data data = call_data(PAP_ARCH_X86_64, PAP_SYS_openat);

	data.args[0] = 1;
	data.args[1] = 2;
	CHECK_EQ(verdict_of(spec, &program, &data), YES);
	end();
}

TEST(empty_condition_never_holds_and_empty_clause_always)
{
	const struct pap_cond never = {.name = "never"};
	const struct pap_clause empty = {0};
	const struct pap_cond always = {.name = "always", .clauses = &empty, .nclauses = 1};
	const struct pap_test no_range = {.arg = 1, .bits = 64, .mask = ALL_BITS};
	const struct pap_test negated = {.arg = 1, .bits = 64, .mask = ALL_BITS, .negate = true};

	begin(&never);
	CHECK_EQ(with_arg(1, 1), NO);
	end();
	begin(&always);
	CHECK_EQ(with_arg(1, 1), YES);
	end();
	begin(COND(ALL_OF(no_range)));
	CHECK_EQ(with_arg(1, 1), NO);
	end();
	begin(COND(ALL_OF(negated)));
	CHECK_EQ(with_arg(1, 1), YES);
	end();
}

TEST(first_rule_that_holds_decides)
{
	const struct pap_cond *small = COND(ALL_OF(IN(0, 32, ALL_BITS, {0, 9})));
	const struct pap_cond *even = COND(ALL_OF(IN(0, 32, 1, {0, 0})));
	const struct pap_rule *rule;
	struct pap_seccomp_data data = call_data(PAP_ARCH_X86_64, PAP_SYS_openat);

	spec = new_spec();
	add_rule(spec, PAP_SYS_openat, small, PAP_RET_LOG);
	add_rule(spec, PAP_SYS_openat, even, YES);
	add_rule(spec, PAP_SYS_openat, small, PAP_RET_TRAP);
	program = compiled(spec);
	CHECK_EQ(with_arg(0, 4), PAP_RET_LOG);
	CHECK_EQ(with_arg(0, 12), YES);
	CHECK_EQ(with_arg(0, 13), NO);
	data.args[0] = 12;
	pap_filter_naive(spec, &data, &rule);
	CHECK(rule == &spec->calls[PAP_SYS_openat].rules[1]);
	data.args[0] = 13;
	pap_filter_naive(spec, &data, &rule);
	CHECK(rule == &spec->calls[PAP_SYS_openat].otherwise);
	data.arch = 0;
	pap_filter_naive(spec, &data, &rule);
	CHECK(rule == NULL);
	end();
}

TEST(symbol_holds_only_with_a_value)
{
	const struct pap_cond *self = COND(ALL_OF(IS_SELF(0, 32)));

	begin(self);
	CHECK_EQ(with_arg(0, 0), NO);
	CHECK_EQ(with_arg(0, 4711), NO);
	pap_program_free(&program);
	spec->self_tgid = 4711;
	program = compiled(spec);
	CHECK_EQ(with_arg(0, 4711), YES);
	CHECK_EQ(with_arg(0, 0xffffffff00000000 + 4711), YES);
	CHECK_EQ(with_arg(0, 4712), NO);
	CHECK_EQ(with_arg(0, 0), NO);
	end();
}

TEST(nonsense_in_a_spec_is_refused)
{
	struct pap_test test = IN(6, 32, ALL_BITS, {0, 0});
	struct pap_error err = {0};
	struct pap_program untouched = {.length = 77};

	spec = new_spec();
	add_rule(spec, PAP_SYS_openat, COND(ALL_OF(test)), YES);
	CHECK_EQ(pap_filter_compile(spec, &untouched, &err), -EINVAL);
	CHECK_HAS(err.message, "openat looks at argument 6");
	pap_filter_spec_free(spec);
	test.arg = 5;
	test.bits = 31;
	spec = new_spec();
	add_rule(spec, PAP_SYS_openat, COND(ALL_OF(test)), YES);
	CHECK_EQ(pap_filter_compile(spec, &untouched, &err), -EINVAL);
	CHECK_HAS(err.message, "31 bits");
	pap_filter_spec_free(spec);
	test = (struct pap_test)IS_SELF(0, 32);
	test.negate = true;
	spec = new_spec();
	add_rule(spec, PAP_SYS_openat, COND(ALL_OF(test)), YES);
	CHECK_EQ(pap_filter_compile(spec, &untouched, &err), -EINVAL);
	CHECK_HAS(err.message, "negates a symbol");
	CHECK_EQ(pap_filter_add(spec, PAP_NSYSCALLS, (struct pap_rule){0}), -EINVAL);
	spec->arch = PAP_ARCH_COUNT;
	CHECK_EQ(pap_filter_compile(spec, &untouched, &err), -EINVAL);
	CHECK_EQ(untouched.length, 77);
	pap_filter_spec_free(spec);
}
