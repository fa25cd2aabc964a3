/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random rules, random calls: the compiled program must say what the plain
 * evaluator says, pass the checker, and have cacheable calls exactly where no
 * argument can matter.
 */
#include <errno.h>

#include "random_spec.h"

#define ROUNDS 4000
#define CALLS 300

static struct random_spec r;

static void show(const struct pap_seccomp_data *data, uint32_t compiled, uint32_t naive)
{
	test_note("nr %d arch 0x%x args 0x%llx 0x%llx 0x%llx 0x%llx 0x%llx 0x%llx", data->nr,
		  data->arch, (unsigned long long)data->args[0], (unsigned long long)data->args[1],
		  (unsigned long long)data->args[2], (unsigned long long)data->args[3],
		  (unsigned long long)data->args[4], (unsigned long long)data->args[5]);
	test_note("compiled 0x%x, naive 0x%x", compiled, naive);
}

/* Returns whether all calls agreed. */
static bool agree(const struct pap_program *program, unsigned calls, unsigned *deciding)
{
	for (unsigned i = 0; i < calls; i++) {
		struct pap_seccomp_data data = random_call(&r);
		const struct pap_rule *rule;
		uint32_t naive = pap_filter_naive(r.spec, &data, &rule);
		uint32_t compiled = pap_bpf_run(program->insns, program->length, &data, NULL, NULL);

		if (compiled != naive) {
			show(&data, compiled, naive);
			return false;
		}
		*deciding += rule && rule->cond;
	}
	return true;
}

TEST(compiled_filters_say_what_the_rules_say, .timeout = 200)
{
	unsigned longest = 0, deciding = 0;

	for (unsigned round = 0; round < ROUNDS; round++) {
		struct pap_program program = {0};
		struct pap_error err = {0};
		int rc;

		random_spec(&r, (enum pap_arch)test_random_below(PAP_ARCH_COUNT));
		rc = pap_filter_compile(r.spec, &program, &err);
		if (rc != -E2BIG) {
			if (rc)
				test_note("%s", err.message);
			REQUIRE(rc == 0);
			REQUIRE(pap_bpf_check(program.insns, program.length, NULL) == 0);
			REQUIRE(agree(&program, CALLS, &deciding));
		}
		if (program.length > longest)
			longest = program.length;
		pap_program_free(&program);
		pap_filter_spec_free(r.spec);
	}
	test_note("longest program %u instructions, %u verdicts by a condition", longest, deciding);
	/* the comparison was about something */
	CHECK(longest > 500);
	CHECK(deciding > ROUNDS * CALLS / 20);
}

/* Whether the verdict of that call can depend on its arguments, as far as its rules show. */
static bool depends(const struct pap_call_rules *call)
{
	for (unsigned i = 0; i < call->nrules; i++) {
		if (!call->rules[i].cond)
			return false;
		if (call->rules[i].verdict != call->otherwise.verdict)
			return true;
	}
	return false;
}

TEST(calls_without_conditions_never_load_an_argument)
{
	unsigned cached = 0;

	for (unsigned round = 0; round < ROUNDS / 10; round++) {
		struct pap_program program = {0};

		random_spec(&r, PAP_ARCH_X86_64);
		if (pap_filter_compile(r.spec, &program, NULL) == -E2BIG) {
			pap_filter_spec_free(r.spec);
			continue;
		}
		for (unsigned i = 0; i < PAP_NSYSCALLS; i++) {
			const struct pap_call_rules *call = &r.spec->calls[i];
			int number = pap_syscall_table[i].number[PAP_ARCH_X86_64];
			bool cacheable;

			if (number < 0 || call->nrules)
				continue;
			cacheable = pap_bpf_cacheable(program.insns, program.length,
						      PAP_ARCH_X86_64, (uint32_t)number);
			if (cacheable != (call->otherwise.verdict == PAP_RET_ALLOW))
				CHECK_EQ(cacheable, !cacheable);
			CHECK(!depends(call));
			cached += cacheable;
		}
		pap_program_free(&program);
		pap_filter_spec_free(r.spec);
	}
	CHECK(cached > 1000);
}

/*
 * A compiler that errs must be caught: the same comparison, with one instruction
 * of the program changed the way a slip in the emitter would.
 */
static bool slip(struct pap_program *program)
{
	unsigned at = (unsigned)test_random_below(program->length);
	struct pap_bpf_insn *insn = &program->insns[at];
	uint8_t swap = insn->jt;

	switch (insn->code) {
	case PAP_BPF_JGE_K:
		if (one_in(2)) {
			insn->code = PAP_BPF_JGT_K;
			return true;
		}
		/* fall through */
	case PAP_BPF_JEQ_K:
	case PAP_BPF_JSET_K:
		insn->jt = insn->jf;
		insn->jf = swap;
		return true;
	default:
		return false;
	}
}

TEST(a_flipped_comparison_is_noticed)
{
	unsigned tried = 0, noticed = 0, ignored;

	while (tried < 300) {
		struct pap_program program = {0};

		random_spec(&r, PAP_ARCH_X86_64);
		if (pap_filter_compile(r.spec, &program, NULL) == 0 && slip(&program)) {
			tried++;
			for (unsigned i = 0; i < 3000; i++) {
				struct pap_seccomp_data data = random_call(&r);

				if (pap_filter_naive(r.spec, &data, NULL) !=
				    pap_bpf_run(program.insns, program.length, &data, NULL, NULL)) {
					noticed++;
					break;
				}
			}
		}
		ignored = tried - noticed;
		pap_program_free(&program);
		pap_filter_spec_free(r.spec);
	}
	test_note("%u slips, %u noticed within 3000 calls", tried, noticed);
	CHECK(noticed > tried / 2);
	CHECK(ignored < tried);
}
