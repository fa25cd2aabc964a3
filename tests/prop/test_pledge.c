/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pledging in steps: the filters of all steps together must refuse whatever the last
 * set refuses, though each looks only at what differs from the one before; and fewer
 * promises never permit more.
 */
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "pledge/rules.h"

enum { ROUNDS = 60, CALLS = 3000, STEPS = 4 };

struct step {
	struct pap_policy *policy;
	struct pap_plan *plan;
	struct pap_filter_spec *filter; /* what is installed; NULL: nothing */
};

/* The kernel takes the most severe answer of all filters; the numbers are signed there. */
static bool more_severe(uint32_t a, uint32_t b)
{
	return (int32_t)(a & PAP_RET_ACTION_FULL) < (int32_t)(b & PAP_RET_ACTION_FULL);
}

static bool allowed(uint32_t verdict)
{
	return (verdict & PAP_RET_ACTION_FULL) == PAP_RET_ALLOW;
}

/* Values that conditions are about come up often enough. */
static uint64_t random_argument(void)
{
	switch (test_random_below(6)) {
	case 0:
		return 0;
	case 1:
		return test_random_below(64);
	case 2:
		return 1ull << test_random_below(40);
	case 3:
		return (uint64_t)getpid();
	case 4:
		return 0x5400 + test_random_below(64);
	default:
		return test_random();
	}
}

static struct pap_seccomp_data random_call(enum pap_arch arch)
{
	struct pap_seccomp_data data = {.arch = pap_arch_audit(arch)};

	do
		data.nr = pap_syscall_table[test_random_below(PAP_NSYSCALLS)].number[arch];
	while (data.nr < 0);
	for (int i = 0; i < 6; i++)
		data.args[i] = random_argument();
	return data;
}

static void make(struct step *step, const struct step *before, pap_promises promises)
{
	/* what a domain judges follows from the promises, as domain.c has it */
	struct pap_pledge_rules rules = {
	    .opens = (promises & PAP_PROMISE_BIT(rpath) ? 0 : PAP_ACCESS_READ) |
		     (promises & PAP_PROMISE_BIT(wpath) ? 0 : PAP_ACCESS_WRITE)};

	REQUIRE(pap_pledge_plan(promises, &rules, &step->policy, &step->plan) == 0);
	step->filter = NULL;
	if (before)
		REQUIRE(pap_rules_difference(step->plan->spec, before->plan->spec, &step->filter) ==
			0);
}

static bool agree(const struct step *steps, const struct pap_seccomp_data *data)
{
	uint32_t installed = pap_filter_naive(steps[0].plan->spec, data, NULL);
	uint32_t meant = installed;

	for (int i = 1; i < STEPS; i++) {
		uint32_t last = pap_filter_naive(steps[i].plan->spec, data, NULL);
		uint32_t filter =
		    steps[i].filter ? pap_filter_naive(steps[i].filter, data, NULL) : PAP_RET_ALLOW;

		meant = more_severe(last, meant) ? last : meant;
		installed = more_severe(filter, installed) ? filter : installed;
	}
	return (meant & PAP_RET_ACTION_FULL) == (installed & PAP_RET_ACTION_FULL);
}

static void discard(struct step *steps)
{
	for (int i = 0; i < STEPS; i++) {
		pap_filter_spec_free(steps[i].filter);
		pap_plan_free(steps[i].plan);
		pap_policy_free(steps[i].policy);
	}
}

TEST(steps_together_refuse_what_the_last_refuses, .timeout = 200)
{
	const pap_promises all = ((pap_promises)1 << PAP_NPROMISES) - 1;
	unsigned refused = 0, permitted = 0;

	for (int round = 0; round < ROUNDS; round++) {
		pap_promises promises = test_random() & all & ~PAP_PROMISE_BIT(error);
		struct step steps[STEPS];

		for (int i = 0; i < STEPS; i++) {
			make(&steps[i], i ? &steps[i - 1] : NULL, promises);
			promises &= test_random() | test_random();
		}
		for (int i = 0; i < CALLS; i++) {
			struct pap_seccomp_data data = random_call(pap_arch_native());

			if (!agree(steps, &data)) {
				CHECK_EQ(data.nr, -1);
				test_note("round %d, arguments 0x%llx 0x%llx 0x%llx", round,
					  (unsigned long long)data.args[0],
					  (unsigned long long)data.args[1],
					  (unsigned long long)data.args[2]);
				return;
			}
			if (allowed(pap_filter_naive(steps[STEPS - 1].plan->spec, &data, NULL)))
				permitted++;
			else
				refused++;
		}
		discard(steps);
	}
	/* the calls were worth asking about */
	CHECK(permitted > ROUNDS * CALLS / 20);
	CHECK(refused > ROUNDS * CALLS / 20);
}

TEST(fewer_promises_permit_no_more, .timeout = 200)
{
	const pap_promises opening = PAP_PROMISE_BIT(rpath) | PAP_PROMISE_BIT(wpath);
	const pap_promises all = ((pap_promises)1 << PAP_NPROMISES) - 1;

	for (int round = 0; round < ROUNDS; round++) {
		pap_promises wide = test_random() & all & ~PAP_PROMISE_BIT(error);
		pap_promises narrow = wide & (test_random() | opening);
		struct step steps[STEPS] = {0};

		make(&steps[0], NULL, wide);
		make(&steps[1], NULL, narrow);
		for (int i = 0; i < CALLS; i++) {
			struct pap_seccomp_data data = random_call(pap_arch_native());
			bool before = allowed(pap_filter_naive(steps[0].plan->spec, &data, NULL));
			bool after = allowed(pap_filter_naive(steps[1].plan->spec, &data, NULL));

			if (!CHECK(before || !after)) {
				test_note("call %d, wide 0x%llx, narrow 0x%llx", data.nr,
					  (unsigned long long)wide, (unsigned long long)narrow);
				return;
			}
		}
		discard(steps);
	}
}
