/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of rights: the layout, every function, and everything that is no right. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/capsicum.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capmode/limits.h"
#include "capsicum/rights.h"
#include "harness.h"

static const uint64_t empty[2] = {0x0200000000000000, 0x0400000000000000};

static bool is(const cap_rights_t *set, uint64_t first, uint64_t second)
{
	return set->cr_rights[0] == first && set->cr_rights[1] == second;
}

static bool same(struct pap_rights a, struct pap_rights b)
{
	return a.word[0] == b.word[0] && a.word[1] == b.word[1];
}

/* ---- layout ---------------------------------------------------------------------------- */

TEST(a_right_says_which_word_it_belongs_to)
{
	CHECK_EQ(CAP_READ, 0x0200000000000001);
	CHECK_EQ(CAP_EVENT, 0x0400000000000020);
	CHECK_EQ(CAPIDXBIT(CAP_READ), 1);
	CHECK_EQ(CAPIDXBIT(CAP_EVENT), 2);
	CHECK_EQ(CAPRVER(CAP_READ), 0);
	CHECK_EQ(CAPRVER(CAP_READ | 1ULL << 62), 1);
	CHECK_EQ(CAPRIGHT(1, 0x20ULL), CAP_EVENT);
	CHECK_EQ(sizeof(cap_rights_t), 16);
}

TEST(a_set_says_which_version_it_has)
{
	cap_rights_t set;

	CAP_NONE(&set);
	CHECK(is(&set, empty[0], empty[1]));
	CHECK_EQ(CAPVER(&set), CAP_RIGHTS_VERSION);
	CHECK_EQ(CAPARSIZE(&set), 2);
	CHECK_EQ(CAPARSIZE_MIN, 2);
	CHECK_EQ(CAPARSIZE_MAX, 2);
	CAP_ALL(&set);
	CHECK(is(&set, 0x02000fffffffffff, 0x04003f0000ffffff));
}

TEST(all_rights_are_those_of_the_table)
{
	struct pap_rights all = {{0, 0}};

	for (unsigned i = 0; i < PAP_NRIGHTS; i++) {
		all.word[0] |= pap_right_table[i].bits.word[0];
		all.word[1] |= pap_right_table[i].bits.word[1];
	}
	CHECK(same(all, pap_limits_full.rights));
}

TEST(composites)
{
	CHECK_EQ(CAP_PREAD & 0xffffffff, 0xd);
	CHECK_EQ(CAP_PWRITE & 0xffffffff, 0xe);
	CHECK_EQ(CAP_MMAP_R & 0xffffffff, 0x1d);
	CHECK_EQ(CAP_MMAP_W & 0xffffffff, 0x1e);
	CHECK_EQ(CAP_MMAP_X & 0xffffffff, 0x3c);
	CHECK_EQ(CAP_MMAP_RWX & 0xffffffff, 0x3f);
	CHECK_EQ(CAP_FCNTL_ALL, 0x318);
	CHECK_EQ(CAP_IOCTLS_ALL, SSIZE_MAX);
	CHECK_EQ(ENOTCAPABLE, 3093);
	CHECK_EQ(ECAPMODE, 3094);
}

/* ---- init, set, clear, is_set ---------------------------------------------------------- */

TEST(init_without_rights)
{
	cap_rights_t set;

	memset(&set, 0xff, sizeof(set));
	CHECK(cap_rights_init(&set) == &set);
	CHECK(is(&set, empty[0], empty[1]));
	CHECK(cap_rights_is_empty(&set));
}

TEST(init_forgets_what_was_there)
{
	cap_rights_t set;

	cap_rights_init(&set, CAP_WRITE, CAP_IOCTL);
	cap_rights_init(&set, CAP_READ, CAP_EVENT);
	CHECK(is(&set, CAP_READ, CAP_EVENT));
	CHECK(!cap_rights_is_empty(&set));
}

TEST(set_and_clear_return_their_set)
{
	cap_rights_t set;

	cap_rights_init(&set, CAP_READ);
	CHECK(cap_rights_set(&set, CAP_EVENT, CAP_FSTATAT) == &set);
	CHECK(is(&set, CAP_READ | CAP_FSTATAT, CAP_EVENT));
	CHECK(cap_rights_clear(&set, CAP_READ, CAP_EVENT) == &set);
	CHECK(is(&set, CAP_FSTATAT, empty[1]));
	CHECK(cap_rights_set(&set) == &set);
	CHECK(cap_rights_clear(&set) == &set);
	CHECK(is(&set, CAP_FSTATAT, empty[1]));
}

TEST(clear_takes_bits_and_leaves_the_marks)
{
	cap_rights_t set;

	cap_rights_init(&set, CAP_MKDIRAT, CAP_UNLINKAT);
	cap_rights_clear(&set, CAP_MKDIRAT); /* LOOKUP is part of it */
	CHECK(is(&set, CAPRIGHT(0, 0x10000000ULL), empty[1]));
	CHECK(!cap_rights_is_set(&set, CAP_UNLINKAT));
	cap_rights_clear(&set, CAP_ALL0, CAP_ALL1);
	CHECK(is(&set, empty[0], empty[1]));
}

TEST(is_set_wants_all_of_it)
{
	cap_rights_t set;

	cap_rights_init(&set, CAP_READ, CAP_SEEK_TELL, CAP_EVENT);
	CHECK(cap_rights_is_set(&set, CAP_READ));
	CHECK(cap_rights_is_set(&set, CAP_EVENT, CAP_READ));
	CHECK(cap_rights_is_set(&set));
	CHECK(!cap_rights_is_set(&set, CAP_SEEK));
	CHECK(!cap_rights_is_set(&set, CAP_PREAD));
	CHECK(!cap_rights_is_set(&set, CAP_READ, CAP_IOCTL));
	CHECK(is(&set, CAPRIGHT(0, 0x5ULL), CAP_EVENT));
}

TEST(rights_of_one_word_may_be_joined)
{
	cap_rights_t set;

	cap_rights_init(&set, CAP_READ | CAP_WRITE, CAP_EVENT | CAP_IOCTL);
	CHECK(is(&set, CAP_READ | CAP_WRITE, CAP_EVENT | CAP_IOCTL));
	CHECK(cap_rights_is_set(&set, CAP_READ | CAP_WRITE));
}

/* What a program means that passes 0 for no rights: an int, wherever it lands. */
TEST(a_plain_zero_ends_the_list)
{
	cap_rights_t set;

	cap_rights_init(&set, 0);
	CHECK(is(&set, empty[0], empty[1]));
	cap_rights_init(&set, CAP_READ, 0, CAP_WRITE);
	CHECK(is(&set, CAP_READ, empty[1]));
	cap_rights_init(&set, CAP_READ, CAP_WRITE, CAP_SEEK, CAP_FSTAT, 0, CAP_EVENT);
	CHECK(is(&set, CAP_READ | CAP_WRITE | CAP_SEEK | CAP_FSTAT, empty[1]));
	cap_rights_init(&set, CAP_READ, CAP_WRITE, CAP_SEEK, CAP_FSTAT, CAP_FCNTL, CAP_MMAP,
			CAP_FSYNC, CAP_FLOCK, CAP_LOOKUP, 0, CAP_EVENT);
	CHECK(!cap_rights_is_set(&set, CAP_EVENT));
	CHECK(cap_rights_is_set(&set, CAP_LOOKUP, CAP_FLOCK, CAP_MMAP));
}

TEST(long_lists)
{
	cap_rights_t set;

	cap_rights_init(&set, CAP_READ, CAP_WRITE, CAP_SEEK, CAP_MMAP, CAP_CREATE, CAP_FEXECVE,
			CAP_FSYNC, CAP_FTRUNCATE, CAP_LOOKUP, CAP_FCHDIR, CAP_FCHFLAGS, CAP_FCHMOD,
			CAP_FCHOWN, CAP_FCNTL, CAP_FLOCK, CAP_EVENT, CAP_IOCTL, CAP_PDWAIT);
	CHECK(is(&set, CAPRIGHT(0, 0x1ffdfULL), CAP_EVENT | CAP_IOCTL | CAP_PDWAIT));
}

/* ---- whole sets ------------------------------------------------------------------------ */

TEST(merge_remove_intersect)
{
	cap_rights_t a, b;

	cap_rights_init(&a, CAP_READ, CAP_EVENT);
	cap_rights_init(&b, CAP_READ, CAP_WRITE, CAP_IOCTL);
	CHECK(cap_rights_merge(&a, &b) == &a);
	CHECK(is(&a, CAP_READ | CAP_WRITE, CAP_EVENT | CAP_IOCTL));
	CHECK(cap_rights_intersect(&a, &b) == &a);
	CHECK(is(&a, CAP_READ | CAP_WRITE, CAP_IOCTL));
	cap_rights_init(&b, CAP_READ, CAP_EVENT);
	CHECK(cap_rights_remove(&a, &b) == &a);
	CHECK(is(&a, CAP_WRITE, CAP_IOCTL));
	CHECK(is(&b, CAP_READ, CAP_EVENT));
	cap_rights_remove(&a, &a);
	CHECK(cap_rights_is_empty(&a));
}

TEST(contains)
{
	cap_rights_t all, some, none;

	CAP_ALL(&all);
	cap_rights_init(&some, CAP_PREAD, CAP_EVENT);
	cap_rights_init(&none);
	CHECK(cap_rights_contains(&all, &some));
	CHECK(cap_rights_contains(&some, &some));
	CHECK(cap_rights_contains(&some, &none));
	CHECK(!cap_rights_contains(&some, &all));
	CHECK(!cap_rights_contains(&none, &some));
	cap_rights_clear(&all, CAP_EVENT);
	CHECK(!cap_rights_contains(&all, &some));
}

/* Each differs from a valid set in one thing. */
static const struct {
	const char *what;
	cap_rights_t set;
} invalid[] = {
    {"version 1", {{CAPRIGHT(0, 1ULL) | 1ULL << 62, CAPRIGHT(1, 0ULL)}}},
    {"version 2", {{CAPRIGHT(0, 1ULL) | 1ULL << 63, CAPRIGHT(1, 0ULL)}}},
    {"version in the second word", {{CAPRIGHT(0, 1ULL), CAPRIGHT(1, 0ULL) | 1ULL << 62}}},
    {"first word not marked", {{1, CAPRIGHT(1, 0ULL)}}},
    {"second word not marked", {{CAPRIGHT(0, 1ULL), 0}}},
    {"first word marked as second", {{CAPRIGHT(1, 1ULL), CAPRIGHT(1, 0ULL)}}},
    {"second word marked as first", {{CAPRIGHT(0, 1ULL), CAPRIGHT(0, 0ULL)}}},
    {"first word marked twice", {{CAPRIGHT(0, 1ULL) | 1ULL << 58, CAPRIGHT(1, 0ULL)}}},
    {"second word marked twice", {{CAPRIGHT(0, 1ULL), CAPRIGHT(1, 0ULL) | 1ULL << 61}}},
    {"marked as a third", {{CAPRIGHT(2, 1ULL), CAPRIGHT(1, 0ULL)}}},
    {"a bit beyond the first word's rights", {{CAPRIGHT(0, 1ULL << 44), CAPRIGHT(1, 0ULL)}}},
    {"the last bit of the first word", {{CAPRIGHT(0, 1ULL << 56), CAPRIGHT(1, 0ULL)}}},
    {"a bit beyond FreeBSD's rights", {{CAPRIGHT(0, 0ULL), CAPRIGHT(1, 1ULL << 24)}}},
    {"a bit below Linux's rights", {{CAPRIGHT(0, 0ULL), CAPRIGHT(1, 1ULL << 39)}}},
    {"a bit beyond Linux's rights", {{CAPRIGHT(0, 0ULL), CAPRIGHT(1, 1ULL << 46)}}},
    {"zeros", {{0, 0}}},
    {"ones", {{~0ULL, ~0ULL}}},
};

TEST(valid_and_invalid_sets)
{
	struct pap_rights rights = {{7, 7}};
	cap_rights_t set;

	for (unsigned i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
		test_check(!cap_rights_is_valid(&invalid[i].set), __FILE__, __LINE__,
			   invalid[i].what);
		test_check_eq(pap_rights_from_set(&invalid[i].set, &rights), -EINVAL, __FILE__,
			      __LINE__, invalid[i].what, "-EINVAL");
	}
	CHECK_EQ(rights.word[0], 7);
	CHECK(!cap_rights_is_valid(NULL));
	CAP_ALL(&set);
	CHECK(cap_rights_is_valid(&set));
	CAP_NONE(&set);
	CHECK(cap_rights_is_valid(&set));
	for (unsigned i = 0; i < PAP_NRIGHTS; i++) {
		pap_rights_to_set(pap_right_table[i].bits, &set);
		test_check(cap_rights_is_valid(&set), __FILE__, __LINE__, pap_right_table[i].name);
		CHECK_EQ(pap_rights_from_set(&set, &rights), 0);
		CHECK(same(rights, pap_right_table[i].bits));
	}
}

TEST(bits_above_the_payload_are_no_marks)
{
	cap_rights_t set;

	pap_rights_to_set((struct pap_rights){{~0ULL, 0}}, &set);
	CHECK_EQ(CAPVER(&set), 0);
	CHECK_EQ(CAPIDXBIT(set.cr_rights[0]), 1);
}

/* ---- what ends the program ------------------------------------------------------------- */

static cap_rights_t good = {{CAPRIGHT(0, 1ULL), CAPRIGHT(1, 0ULL)}};

/* Of another version, not marked, and with a right that does not exist. */
static cap_rights_t newer = {{CAPRIGHT(0, 1ULL) | 1ULL << 62, CAPRIGHT(1, 0ULL)}};
static cap_rights_t unmarked;
static cap_rights_t unknown = {{CAPRIGHT(0, 1ULL << 50), CAPRIGHT(1, 0ULL)}};

#define ENDS(id, call)                                                                             \
	TEST(id##_ends_the_program, .dies_of = SIGABRT)                                            \
	{                                                                                          \
		call;                                                                              \
		CHECK(!"reached");                                                                 \
	}

ENDS(init_of_another_version, __cap_rights_init(1, &good, 0ULL))
ENDS(init_of_null, cap_rights_init((cap_rights_t *)NULL, CAP_READ))
ENDS(set_of_null, cap_rights_set((cap_rights_t *)NULL, CAP_READ))
ENDS(clear_of_null, cap_rights_clear((cap_rights_t *)NULL, CAP_READ))
ENDS(is_set_of_null, cap_rights_is_set((cap_rights_t *)NULL, CAP_READ))
ENDS(is_empty_of_null, cap_rights_is_empty(NULL))
ENDS(merge_with_null, cap_rights_merge(&good, NULL))
ENDS(contains_null, cap_rights_contains(&good, NULL))

ENDS(init_with_rights_of_two_words, cap_rights_init(&good, CAP_READ | CAP_EVENT))
ENDS(init_with_a_newer_right, cap_rights_init(&good, CAP_READ | 1ULL << 62))
ENDS(init_with_a_third_word, cap_rights_init(&good, CAPRIGHT(2, 1ULL)))
ENDS(init_with_a_bare_number, cap_rights_init(&good, 1ULL))
ENDS(set_with_rights_of_two_words, cap_rights_set(&good, CAP_EVENT, CAP_READ | CAP_EVENT))
ENDS(clear_with_a_third_word, cap_rights_clear(&good, CAPRIGHT(2, 1ULL)))
ENDS(is_set_with_a_bare_number, cap_rights_is_set(&good, 1ULL))
ENDS(is_set_looks_at_all_rights, cap_rights_is_set(&good, CAP_WRITE, 1ULL))
ENDS(a_linux_capability_for_a_right, cap_rights_set(&good, 39ULL))

ENDS(set_in_a_newer_set, cap_rights_set(&newer, CAP_READ))
ENDS(clear_in_a_newer_set, cap_rights_clear(&newer, CAP_READ))
ENDS(is_set_in_a_newer_set, cap_rights_is_set(&newer, CAP_READ))
ENDS(is_empty_of_a_newer_set, cap_rights_is_empty(&newer))
ENDS(set_in_an_unmarked_set, cap_rights_set(&unmarked, CAP_READ))
ENDS(clear_in_an_unmarked_set, cap_rights_clear(&unmarked, CAP_EVENT))
ENDS(is_set_in_an_unmarked_set, cap_rights_is_set(&unmarked, CAP_READ))

ENDS(merge_into_an_unmarked_set, cap_rights_merge(&unmarked, &good))
ENDS(merge_of_an_unknown_right, cap_rights_merge(&good, &unknown))
ENDS(remove_from_an_unknown_right, cap_rights_remove(&unknown, &good))
ENDS(remove_of_a_newer_set, cap_rights_remove(&good, &newer))
ENDS(intersect_with_an_unknown_right, cap_rights_intersect(&good, &unknown))
ENDS(intersect_of_an_unmarked_set, cap_rights_intersect(&unmarked, &good))
ENDS(contains_in_an_unknown_right, cap_rights_contains(&unknown, &good))
ENDS(contains_an_unmarked_set, cap_rights_contains(&good, &unmarked))

TEST(the_end_of_a_program_is_explained)
{
	char text[256] = "";
	int ends[2], status;
	ssize_t length;
	pid_t pid;

	REQUIRE(pipe(ends) == 0);
	pid = fork();
	REQUIRE(pid >= 0);
	if (pid == 0) {
		dup2(ends[1], STDERR_FILENO);
		cap_rights_merge(&good, &unknown);
		_exit(0);
	}
	close(ends[1]);
	length = read(ends[0], text, sizeof(text) - 1);
	CHECK(length > 0);
	CHECK_HAS(text, "cap_rights_merge: the set has rights that do not exist");
	close(ends[0]);
	REQUIRE(waitpid(pid, &status, 0) == pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}
