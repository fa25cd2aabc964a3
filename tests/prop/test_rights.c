/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sets of rights against a plain model, an array with a bool for each bit: whatever is
 * done in whatever order, both hold the same. Random words are taken for a set
 * exactly when the rules, checked one by one, say so.
 */
#include <errno.h>
#include <string.h>
#include <sys/capsicum.h>

#include "capmode/limits.h"
#include "capsicum/rights.h"
#include "harness.h"

enum { ROUNDS = 20000, BITS = 57 };

/* ---- the model ------------------------------------------------------------------------- */

struct model {
	bool has[2][BITS];
};

static struct model model_of(struct pap_rights rights)
{
	struct model model;

	for (int word = 0; word < 2; word++)
		for (int bit = 0; bit < BITS; bit++)
			model.has[word][bit] = rights.word[word] >> bit & 1;
	return model;
}

static bool covers(const struct model *big, const struct model *little)
{
	for (int word = 0; word < 2; word++)
		for (int bit = 0; bit < BITS; bit++)
			if (little->has[word][bit] && !big->has[word][bit])
				return false;
	return true;
}

enum operation { ADD, TAKE, KEEP };

static void combine(struct model *to, const struct model *from, enum operation operation)
{
	for (int word = 0; word < 2; word++)
		for (int bit = 0; bit < BITS; bit++) {
			bool *has = &to->has[word][bit], other = from->has[word][bit];

			*has = operation == ADD	   ? *has || other
			       : operation == TAKE ? *has && !other
						   : *has && other;
		}
}

static bool same(const struct model *model, const cap_rights_t *set)
{
	struct pap_rights rights;
	struct model other;

	if (!cap_rights_is_valid(set) || pap_rights_from_set(set, &rights) < 0)
		return false;
	other = model_of(rights);
	return memcmp(model, &other, sizeof(other)) == 0;
}

/* ---- random rights --------------------------------------------------------------------- */

static unsigned random_id(void)
{
	return (unsigned)test_random_below(PAP_NRIGHTS);
}

static uint64_t as_argument(unsigned id)
{
	struct pap_rights bits = pap_right_table[id].bits;

	return bits.word[1] ? CAPRIGHT(1, bits.word[1]) : CAPRIGHT(0, bits.word[0]);
}

static struct pap_rights random_rights(void)
{
	struct pap_rights rights = {{0, 0}};

	for (uint64_t n = test_random_below(8); n; n--) {
		struct pap_rights more = pap_right_table[random_id()].bits;

		rights.word[0] |= more.word[0];
		rights.word[1] |= more.word[1];
	}
	return rights;
}

/* ---- properties ------------------------------------------------------------------------ */

static void step(cap_rights_t *set, struct model *model)
{
	unsigned first = random_id(), second = random_id();
	struct model one = model_of(pap_right_table[first].bits);
	struct model two = model_of(pap_right_table[second].bits);
	struct pap_rights rights = random_rights();
	struct model other = model_of(rights);
	cap_rights_t others;

	pap_rights_to_set(rights, &others);
	switch (test_random_below(6)) {
	case 0:
		cap_rights_set(set, as_argument(first), as_argument(second));
		combine(model, &one, ADD);
		combine(model, &two, ADD);
		break;
	case 1:
		cap_rights_clear(set, as_argument(first), as_argument(second));
		combine(model, &one, TAKE);
		combine(model, &two, TAKE);
		break;
	case 2:
		cap_rights_merge(set, &others);
		combine(model, &other, ADD);
		break;
	case 3:
		cap_rights_remove(set, &others);
		combine(model, &other, TAKE);
		break;
	case 4:
		cap_rights_merge(&others, set);
		cap_rights_intersect(set, &others);
		break;
	default:
		cap_rights_intersect(set, &others);
		combine(model, &other, KEEP);
	}
	CHECK_EQ(cap_rights_is_set(set, as_argument(first), as_argument(second)),
		 covers(model, &one) && covers(model, &two));
	/* Also where the others took the set in: then it is theirs alone that matters. */
	CHECK_EQ(cap_rights_contains(set, &others), covers(model, &other));
}

TEST(sets_are_what_the_model_says)
{
	struct model model = {0}, none = {0};
	cap_rights_t set;

	cap_rights_init(&set);
	for (int round = 0; round < ROUNDS; round++) {
		if (test_random_below(20) == 0) {
			unsigned id = random_id();

			cap_rights_init(&set, as_argument(id));
			model = model_of(pap_right_table[id].bits);
		}
		step(&set, &model);
		REQUIRE(same(&model, &set));
		CHECK_EQ(cap_rights_is_empty(&set), memcmp(&model, &none, sizeof(none)) == 0);
	}
}

TEST(a_set_and_its_payload_are_one)
{
	for (int round = 0; round < ROUNDS; round++) {
		struct pap_rights before = random_rights(), after;
		cap_rights_t set;

		pap_rights_to_set(before, &set);
		REQUIRE(pap_rights_from_set(&set, &after) == 0);
		CHECK(memcmp(&before, &after, sizeof(after)) == 0);
	}
}

/* The rules of the layout, one after the other. */
static bool follows_the_rules(const cap_rights_t *set)
{
	struct model all = model_of(pap_limits_full.rights);

	for (int word = 0; word < 2; word++) {
		if (set->cr_rights[word] >> 62 != 0)
			return false;
		if ((set->cr_rights[word] >> 57 & 31) != (word == 0 ? 1 : 2))
			return false;
		for (int bit = 0; bit < BITS; bit++)
			if (set->cr_rights[word] >> bit & 1 && !all.has[word][bit])
				return false;
	}
	return true;
}

TEST(sets_that_were_damaged)
{
	unsigned sound = 0;

	for (int round = 0; round < ROUNDS; round++) {
		struct pap_rights rights = {{7, 7}};
		cap_rights_t set;
		bool right;

		pap_rights_to_set(random_rights(), &set);
		for (uint64_t n = test_random_below(4); n; n--)
			set.cr_rights[test_random_below(2)] ^= 1ULL << test_random_below(64);
		right = follows_the_rules(&set);
		sound += right;
		CHECK_EQ(cap_rights_is_valid(&set), right);
		CHECK_EQ(pap_rights_from_set(&set, &rights), right ? 0 : -EINVAL);
	}
	/* Both happened, often. */
	CHECK(sound > ROUNDS / 10 && sound < ROUNDS - ROUNDS / 10);
}
