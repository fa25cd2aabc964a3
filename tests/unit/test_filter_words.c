/* SPDX-License-Identifier: BSD-2-Clause */
/* Verdicts, error numbers and rules in words, and what filters cost. */
#include <errno.h>
#include <linux/filter.h>
#include <stdlib.h>
#include <string.h>

#include "compile/bpf.h"
#include "compile/cost.h"
#include "filter_help.h"

static const char *verdict(uint32_t value)
{
	static char buf[64];

	pap_verdict_name(value, buf, sizeof(buf));
	return buf;
}

TEST(verdicts_have_names)
{
	CHECK_STR(verdict(PAP_RET_ALLOW), "allow");
	CHECK_STR(verdict(PAP_RET_LOG), "log");
	CHECK_STR(verdict(PAP_RET_USER_NOTIF), "notify");
	CHECK_STR(verdict(PAP_RET_KILL_PROCESS), "kill process");
	CHECK_STR(verdict(PAP_RET_KILL_THREAD), "kill thread");
	CHECK_STR(verdict(PAP_RET_TRAP), "trap");
	CHECK_STR(verdict(PAP_RET_TRAP | 7), "trap 7");
	CHECK_STR(verdict(PAP_RET_TRACE | 9), "trace 9");
	CHECK_STR(verdict(PAP_RET_ERRNO | EPERM), "errno EPERM");
	CHECK_STR(verdict(PAP_RET_ERRNO | 3093), "errno ENOTCAPABLE");
	CHECK_STR(verdict(PAP_RET_ERRNO | 3094), "errno ECAPMODE");
	CHECK_STR(verdict(PAP_RET_ERRNO | 4000), "errno 4000");
	CHECK_STR(verdict(PAP_RET_ERRNO), "errno 0");
	/* what the kernel does with an action that it does not know */
	CHECK_STR(verdict(0x00060001), "kill process (0x00060001)");
}

TEST(error_numbers_have_the_names_of_the_c_library)
{
	unsigned named = 0;

	for (int i = 1; i < 200; i++) {
		const char *libc = strerrorname_np(i), *ours = pap_errno_name(i);

		if (ours[0] == '?')
			continue;
		named++;
		CHECK_STR(ours, libc ? libc : "none");
	}
	CHECK(named > 90);
	CHECK_STR(pap_errno_name(-1), "?");
	CHECK_STR(pap_errno_name(0), "?");
	CHECK_STR(pap_errno_name(100000), "?");
}

static void describes(const struct pap_rule *rule, const char *wanted)
{
	struct pap_text text = {0};

	pap_rule_describe(rule, &text);
	CHECK_STR(text.data ? text.data : "", wanted);
	pap_text_free(&text);
}

TEST(rules_are_described_by_place_and_reason)
{
	describes(NULL, "");
	describes(&(struct pap_rule){.reason = "promise rpath"}, "promise rpath");
	describes(&(struct pap_rule){.origin = {"--ro /usr", 0, 0}, .reason = "granted"},
		  "--ro /usr granted");
	describes(&(struct pap_rule){.origin = {"net.policy", 7, 3}, .reason = "promise rpath"},
		  "net.policy:7 promise rpath");
	describes(&(struct pap_rule){.origin = {"net.policy", 7, 3}}, "net.policy:7");
}

TEST(codes_are_the_system_s)
{
	CHECK_EQ(PAP_BPF_LD_W_ABS, BPF_LD | BPF_W | BPF_ABS);
	CHECK_EQ(PAP_BPF_AND_K, BPF_ALU | BPF_AND | BPF_K);
	CHECK_EQ(PAP_BPF_JA, BPF_JMP | BPF_JA);
	CHECK_EQ(PAP_BPF_JEQ_K, BPF_JMP | BPF_JEQ | BPF_K);
	CHECK_EQ(PAP_BPF_JGT_K, BPF_JMP | BPF_JGT | BPF_K);
	CHECK_EQ(PAP_BPF_JGE_K, BPF_JMP | BPF_JGE | BPF_K);
	CHECK_EQ(PAP_BPF_JSET_K, BPF_JMP | BPF_JSET | BPF_K);
	CHECK_EQ(PAP_BPF_RET_K, BPF_RET | BPF_K);
	CHECK_EQ(sizeof(struct pap_bpf_insn), sizeof(struct sock_filter));
	CHECK_EQ(PAP_BPF_MEMORY, BPF_MEMWORDS);
	CHECK_EQ(PAP_BPF_TAX, BPF_MISC | BPF_TAX);
	CHECK_EQ(PAP_BPF_TXA, BPF_MISC | BPF_TXA);
	CHECK_EQ(PAP_BPF_RET_A, BPF_RET | BPF_A);
}

/* ---- cost ------------------------------------------------------------------------------------ */

TEST(cost_takes_the_longest_way_of_each_call)
{
	/* load arch; foreign?; load number; read?; write: two tests of an argument */
	struct pap_bpf_insn insns[] = {
	    {PAP_BPF_LD_W_ABS, 0, 0, 4},
	    {PAP_BPF_JEQ_K, 0, 7, PAP_AUDIT_ARCH_X86_64},
	    {PAP_BPF_LD_W_ABS, 0, 0, 0},
	    {PAP_BPF_JEQ_K, 4, 0, 0},
	    {PAP_BPF_JEQ_K, 0, 4, 1},
	    {PAP_BPF_LD_W_ABS, 0, 0, 16},
	    {PAP_BPF_JEQ_K, 1, 0, 5},
	    {PAP_BPF_JEQ_K, 0, 1, 6},
	    {PAP_BPF_RET_K, 0, 0, PAP_RET_ALLOW},
	    {PAP_BPF_RET_K, 0, 0, PAP_RET_ERRNO | 1},
	};
	struct pap_program program = {.insns = insns, .length = 10};
	struct pap_filter_cost *cost = calloc(1, sizeof(*cost));
	unsigned steps;
	int highest = 0;

	REQUIRE(cost != NULL);
	REQUIRE(pap_bpf_check(insns, 10, NULL) == 0);
	pap_filter_cost(&program, PAP_ARCH_X86_64, cost);
	CHECK_EQ(cost->call[PAP_SYS_read].worst, 5);
	CHECK(cost->call[PAP_SYS_read].cached);
	CHECK_EQ(cost->call[PAP_SYS_write].worst, 9);
	CHECK(!cost->call[PAP_SYS_write].cached);
	CHECK_EQ(cost->call[PAP_SYS_openat].worst, 6);
	CHECK_EQ(cost->cached, 1);
	CHECK_EQ(cost->worst, 9);
	CHECK_EQ(cost->worst_call, PAP_SYS_write);
	CHECK(cost->calls > 300);
	/* 3 for each number of the 32-bit entry; 5 for read, 6 for every other of ours */
	CHECK(pap_bpf_emulate(insns, 10, PAP_AUDIT_ARCH_X86_64, 0, &steps));
	CHECK_EQ(steps, 5);
	CHECK(!pap_bpf_emulate(insns, 10, PAP_AUDIT_ARCH_X86_64, 1, &steps));
	CHECK_EQ(steps, 6); /* ends at the load of an argument */
	CHECK(!pap_bpf_emulate(insns, 10, PAP_AUDIT_ARCH_I386, 0, &steps));
	CHECK_EQ(steps, 3);
	for (unsigned i = 0; i < PAP_NSYSCALLS; i++)
		if (pap_syscall_table[i].number[PAP_ARCH_X86_64] > highest)
			highest = pap_syscall_table[i].number[PAP_ARCH_X86_64];
	CHECK_EQ(cost->install, 5 + 6 * highest + 3 * (highest + 1));
	free(cost);
}

TEST(hot_calls_sit_near_the_root)
{
	struct pap_filter_spec *spec = new_spec();
	struct pap_filter_cost *cost = calloc(1, sizeof(*cost));
	struct pap_program program;
	unsigned cold = 0, ncold = 0;

	REQUIRE(cost != NULL);
	/* verdicts of their own: nothing is merged, nothing can be cached */
	for (unsigned i = 0; i < PAP_NSYSCALLS; i++)
		add_rule(spec, i, NULL, PAP_RET_ERRNO | (100 + i));
	program = compiled(spec);
	pap_filter_cost(&program, PAP_ARCH_X86_64, cost);
	for (unsigned i = 0; i < PAP_NSYSCALLS; i++) {
		if (!cost->call[i].worst || pap_syscall_table[i].heat > 0)
			continue;
		cold += cost->call[i].worst;
		ncold++;
	}
	REQUIRE(ncold > 0);
	test_note("read %u, openat %u, cold calls on average %u", cost->call[PAP_SYS_read].worst,
		  cost->call[PAP_SYS_openat].worst, cold / ncold);
	CHECK(cost->call[PAP_SYS_read].worst + 3 <= cold / ncold);
	CHECK(cost->call[PAP_SYS_openat].worst + 2 <= cold / ncold);
	pap_program_free(&program);
	pap_filter_spec_free(spec);
	free(cost);
}
