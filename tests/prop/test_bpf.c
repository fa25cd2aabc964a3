/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Programs of any bytes: the listing takes all of them, checked ones run to their
 * end inside their length, and no call ever takes longer than its cost says.
 */
#include <errno.h>
#include <stdlib.h>

#include "compile/cost.h"
#include "random_spec.h"

static unsigned count_lines(const struct pap_text *text)
{
	unsigned lines = 0;

	for (size_t i = 0; i < text->length; i++)
		lines += text->data[i] == '\n';
	return lines;
}

static void random_bytes(struct pap_bpf_insn *insns, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		uint64_t bits = test_random();

		insns[i] = (struct pap_bpf_insn){
		    .code = (uint16_t)(one_in(4) ? bits : bits & 0xff),
		    .jt = (uint8_t)(one_in(4) ? bits >> 16 : bits >> 16 & 7),
		    .jf = (uint8_t)(one_in(4) ? bits >> 24 : bits >> 24 & 7),
		    .k = (uint32_t)(one_in(4) ? bits >> 32 : bits >> 32 & 15),
		};
	}
}

TEST(any_bytes_are_listed_and_run_inside_their_length)
{
	unsigned checked = 0;

	for (unsigned round = 0; round < 20000; round++) {
		struct pap_bpf_insn insns[24];
		struct pap_program program = {.insns = insns};
		struct pap_seccomp_data data = {.nr = (int32_t)test_random()};
		struct pap_text text = {0};
		unsigned last, steps;

		program.length = (uint16_t)(1 + test_random_below(24));
		random_bytes(insns, program.length);
		if (one_in(2))
			insns[program.length - 1].code = PAP_BPF_RET_K;
		pap_program_list(&program, PAP_ARCH_AARCH64, &text);
		CHECK(!text.failed);
		if (count_lines(&text) != program.length)
			CHECK_EQ(count_lines(&text), program.length);
		pap_text_free(&text);
		pap_bpf_run(insns, program.length, &data, &last, &steps);
		if (last >= program.length || steps > program.length)
			CHECK_EQ(last, steps);
		pap_bpf_cacheable(insns, program.length, PAP_ARCH_X86_64, (uint32_t)data.nr);
		checked += pap_bpf_check(insns, program.length, NULL) == 0;
	}
	test_note("%u would be taken by the kernel", checked);
	CHECK(checked > 20);
}

static struct random_spec r;

TEST(no_call_takes_longer_than_its_cost)
{
	struct pap_filter_cost *cost = malloc(sizeof(*cost));
	unsigned exact = 0;

	REQUIRE(cost != NULL);
	for (unsigned round = 0; round < 60; round++) {
		struct pap_program program = {0};

		random_spec(&r, PAP_ARCH_X86_64);
		if (pap_filter_compile(r.spec, &program, NULL) == -E2BIG) {
			pap_filter_spec_free(r.spec);
			continue;
		}
		pap_filter_cost(&program, PAP_ARCH_X86_64, cost);
		for (unsigned i = 0; i < 3000; i++) {
			struct pap_seccomp_data data = random_call(&r);
			const struct pap_syscall *call =
			    pap_syscall_by_number(PAP_ARCH_X86_64, (uint32_t)data.nr);
			unsigned steps, worst;

			if (!call)
				continue;
			worst = cost->call[pap_syscall_id(call)].worst;
			pap_bpf_run(program.insns, program.length, &data, NULL, &steps);
			if (data.arch == PAP_AUDIT_ARCH_X86_64 && steps > worst)
				CHECK_EQ(steps, worst);
			exact += steps == worst;
		}
		pap_program_free(&program);
		pap_filter_spec_free(r.spec);
	}
	test_note("%u calls took the longest way", exact);
	CHECK(exact > 1000);
	free(cost);
}
