/* SPDX-License-Identifier: BSD-2-Clause */
/* What a condition means: widths, masks, ranges, negation, the own process number. */
#include <fcntl.h>
#include <sys/socket.h>

#include "harness.h"
#include "table/table.h"

#define GARBAGE 0xdeadbeef00000000ull

static bool holds(const struct pap_test *tests, unsigned count, const uint64_t args[6],
		  uint32_t self)
{
	struct pap_clause clause = {tests, count};
	struct pap_cond cond = {"c", "c", &clause, 1};

	return pap_cond_holds(&cond, args, self);
}

static bool one(struct pap_test test, uint64_t value)
{
	uint64_t args[6] = {0, 0, value, 0, 0, 0};

	test.arg = 2;
	return holds(&test, 1, args, 0);
}

static const struct pap_range five = {5, 5};

TEST(ints_ignore_their_upper_half)
{
	struct pap_test test = {.bits = 32, .mask = UINT32_MAX, .nranges = 1, .ranges = &five};

	CHECK(one(test, 5));
	CHECK(one(test, GARBAGE | 5));
	CHECK(!one(test, 6));
	CHECK(!one(test, GARBAGE | 6));
}

TEST(longs_do_not)
{
	struct pap_test test = {.bits = 64, .mask = UINT64_MAX, .nranges = 1, .ranges = &five};

	CHECK(one(test, 5));
	CHECK(!one(test, GARBAGE | 5));
}

TEST(negative_numbers_are_large_ones)
{
	const struct pap_range cwd = {0xffffff9c, 0xffffff9c}, descriptors = {0, 0x7fffffff};
	struct pap_test test = {.bits = 32, .mask = UINT32_MAX, .nranges = 1, .ranges = &cwd};

	CHECK(one(test, (uint64_t)AT_FDCWD));
	CHECK(one(test, 0xffffff9c));
	CHECK(one(test, GARBAGE | 0xffffff9c));
	test.ranges = &descriptors;
	CHECK(!one(test, (uint64_t)-1));
	CHECK(!one(test, 0x80000000));
	CHECK(one(test, 0x7fffffff));
	CHECK(one(test, 1ull << 32));
}

TEST(masks_apply_before_ranges)
{
	const struct pap_range some[] = {{0x10, 0x20}, {0x40, 0x40}};
	struct pap_test test = {.bits = 64, .mask = 0xf0, .nranges = 2, .ranges = some};

	CHECK(one(test, 0x1f));
	CHECK(one(test, 0xf12));
	CHECK(one(test, 0x4a));
	CHECK(!one(test, 0x30));
	CHECK(!one(test, 0x0f));
	test.negate = true;
	CHECK(!one(test, 0x1f));
	CHECK(one(test, 0x30));
}

TEST(the_own_process_is_a_value_from_outside)
{
	struct pap_test test = {.bits = 32, .mask = UINT32_MAX, .symbol = PAP_SYM_SELF_TGID};
	const uint64_t mine[6] = {77}, other[6] = {78}, zero[6] = {0}, wide[6] = {GARBAGE | 77};

	CHECK(holds(&test, 1, mine, 77));
	CHECK(holds(&test, 1, wide, 77));
	CHECK(!holds(&test, 1, other, 77));
	CHECK(!holds(&test, 1, zero, 77));
	CHECK(!holds(&test, 1, zero, 0));
	CHECK(!holds(&test, 1, mine, 0));
}

TEST(clauses_are_all_tests_conditions_any_clause)
{
	const struct pap_range six = {6, 6};
	const struct pap_test both[] = {
	    {.arg = 0, .bits = 64, .mask = UINT64_MAX, .nranges = 1, .ranges = &five},
	    {.arg = 1, .bits = 64, .mask = UINT64_MAX, .nranges = 1, .ranges = &six},
	};
	const struct pap_clause any[] = {{&both[0], 1}, {&both[1], 1}};
	const struct pap_cond cond = {"c", "c", any, 2}, never = {"n", "n", any, 0};
	const uint64_t a[6] = {5, 6}, b[6] = {5, 0}, c[6] = {0, 0};

	CHECK(holds(both, 2, a, 0));
	CHECK(!holds(both, 2, b, 0));
	CHECK(pap_cond_holds(&cond, a, 0));
	CHECK(pap_cond_holds(&cond, b, 0));
	CHECK(!pap_cond_holds(&cond, c, 0));
	CHECK(!pap_cond_holds(&never, a, 0));
}

TEST(exported_truncation)
{
	const uint64_t yes[6] = {0, O_RDONLY | O_TRUNC}, written[6] = {0, O_WRONLY | O_TRUNC};
	const uint64_t created[6] = {0, O_CREAT | O_TRUNC}, plain[6] = {0, O_RDONLY};
	const uint64_t at[6] = {0, 0, GARBAGE | O_RDONLY | O_TRUNC | O_CLOEXEC};

	CHECK(pap_cond_holds(&pap_cond_open_truncates_read_only, yes, 0));
	CHECK(!pap_cond_holds(&pap_cond_open_truncates_read_only, written, 0));
	CHECK(!pap_cond_holds(&pap_cond_open_truncates_read_only, created, 0));
	CHECK(!pap_cond_holds(&pap_cond_open_truncates_read_only, plain, 0));
	CHECK(pap_cond_holds(&pap_cond_openat_truncates_read_only, at, 0));
	CHECK(!pap_cond_holds(&pap_cond_openat_truncates_read_only, yes, 0));
	CHECK(pap_cond_holds(&pap_cond_open_truncates, created, 0));
	CHECK(!pap_cond_holds(&pap_cond_open_truncates, plain, 0));
	CHECK(pap_cond_holds(&pap_cond_openat_truncates, at, 0));
}

TEST(exported_sockets)
{
	const uint64_t udp[6] = {AF_INET, SOCK_DGRAM | SOCK_CLOEXEC},
		       udp6[6] = {AF_INET6, SOCK_DGRAM};
	const uint64_t tcp[6] = {GARBAGE | AF_INET, SOCK_STREAM | SOCK_NONBLOCK};
	const uint64_t local[6] = {AF_UNIX, SOCK_DGRAM};
	const uint64_t fast[6] = {3, 0, 0, MSG_FASTOPEN | MSG_NOSIGNAL},
		       slow[6] = {3, 0, 0, MSG_NOSIGNAL};
	const uint64_t fast_message[6] = {3, 0, MSG_FASTOPEN};

	CHECK(pap_cond_holds(&pap_cond_socket_udp, udp, 0));
	CHECK(pap_cond_holds(&pap_cond_socket_udp, udp6, 0));
	CHECK(!pap_cond_holds(&pap_cond_socket_udp, tcp, 0));
	CHECK(!pap_cond_holds(&pap_cond_socket_udp, local, 0));
	CHECK(pap_cond_holds(&pap_cond_socket_tcp, tcp, 0));
	CHECK(!pap_cond_holds(&pap_cond_socket_tcp, udp, 0));
	CHECK(pap_cond_holds(&pap_cond_sendto_fastopen, fast, 0));
	CHECK(!pap_cond_holds(&pap_cond_sendto_fastopen, slow, 0));
	CHECK(pap_cond_holds(&pap_cond_sendmsg_fastopen, fast_message, 0));
	CHECK(!pap_cond_holds(&pap_cond_sendmsg_fastopen, slow, 0));
	CHECK(pap_cond_holds(&pap_cond_sendmmsg_fastopen, fast, 0));
	CHECK(!pap_cond_holds(&pap_cond_sendmmsg_fastopen, fast_message, 0));
}

/* ---- one condition within another -------------------------------------------------------- */

/* A value near the ends of some range of the condition: where wrong answers would show. */
static uint64_t telling(const struct pap_cond *cond)
{
	const struct pap_clause *clause = &cond->clauses[test_random_below(cond->nclauses)];
	const struct pap_test *test = &clause->tests[test_random_below(clause->ntests)];
	uint64_t value = test_random() & ~test->mask;

	if (!test->nranges)
		return value;
	value |= test->ranges[test_random_below(test->nranges)].lo;
	return test_random_below(4) ? value : value + test_random_below(3) - 1;
}

/* Whether every call for which narrow holds is one for which wide does. */
static bool within_where_tried(const struct pap_cond *narrow, const struct pap_cond *wide,
			       unsigned *held)
{
	for (unsigned round = 0; round < 3000; round++) {
		uint64_t args[6];

		for (unsigned i = 0; i < 6; i++)
			args[i] = telling(test_random_below(2) ? narrow : wide);
		if (!pap_cond_holds(narrow, args, 7))
			continue;
		++*held;
		if (!pap_cond_holds(wide, args, 7))
			return false;
	}
	return true;
}

TEST(implied_conditions_hold_within_others)
{
	unsigned implied = 0, held = 0, apart = 0;

	for (unsigned id = 0; id < PAP_NSYSCALLS; id++) {
		const struct pap_syscall *call = &pap_syscall_table[id];

		for (unsigned n = 0; n < call->npermits; n++) {
			for (unsigned w = 0; w < call->npermits; w++) {
				const struct pap_cond *narrow = call->permits[n].cond;
				const struct pap_cond *wide = call->permits[w].cond;

				if (!narrow || !wide || n == w)
					continue;
				if (!pap_cond_implies(narrow, wide)) {
					apart++;
					continue;
				}
				implied++;
				CHECK(within_where_tried(narrow, wide, &held));
			}
		}
	}
	test_note("%u implied, %u not, %u calls tried", implied, apart, held);
	CHECK(implied >= 10);
	CHECK(apart >= implied);
	CHECK(held > 1000);
}

static bool implies(struct pap_test narrow, struct pap_test wide)
{
	struct pap_clause clauses[2] = {{&narrow, 1}, {&wide, 1}};
	struct pap_cond a = {"a", "a", &clauses[0], 1}, b = {"b", "b", &clauses[1], 1};

	return pap_cond_implies(&a, &b);
}

TEST(implication_looks_at_masks_and_values)
{
	const struct pap_range four = {4, 4}, low = {0, 4}, both[2] = {{4, 4}, {6, 6}};
	struct pap_test is_four = {.bits = 32, .mask = 7, .nranges = 1, .ranges = &four};
	struct pap_test other = is_four;

	CHECK(implies(is_four, other));
	other.ranges = both;
	other.nranges = 2;
	CHECK(implies(is_four, other));
	CHECK(!implies(other, is_four));
	other.negate = true;
	CHECK(!implies(is_four, other));
	other = is_four;
	other.mask = 4; /* looks at less */
	CHECK(implies(is_four, other));
	CHECK(!implies(other, is_four));
	other = is_four;
	other.arg = 1;
	CHECK(!implies(is_four, other));
	other = is_four;
	other.ranges = &low;
	CHECK(implies(is_four, other));
	CHECK(!implies(other, is_four));
	other = is_four;
	other.symbol = PAP_SYM_SELF_TGID;
	CHECK(!implies(is_four, other));
	CHECK(!implies(other, is_four));
	/* an int has no upper half that a long could be asked for */
	other = (struct pap_test){.bits = 64, .mask = UINT64_MAX, .nranges = 1, .ranges = &four};
	is_four.mask = UINT32_MAX;
	CHECK(!implies(is_four, other));
	CHECK(implies(other, is_four));
}

TEST(always_is_implied_and_implies_nothing_else)
{
	CHECK(pap_cond_implies(&pap_cond_open_reads, NULL));
	CHECK(pap_cond_implies(NULL, NULL));
	CHECK(!pap_cond_implies(NULL, &pap_cond_open_reads));
	CHECK(pap_cond_implies(&pap_cond_open_reads, &pap_cond_open_reads));
}
