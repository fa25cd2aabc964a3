/* SPDX-License-Identifier: BSD-2-Clause */
/* The form of compiled filters: depth, sharing, cacheable calls, long jumps, the size limit. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compile/graph.h"
#include "filter_help.h"

static const struct pap_word number = {0, UINT32_MAX};

static bool cacheable(const struct pap_program *program, unsigned call)
{
	return pap_bpf_cacheable(program->insns, program->length, PAP_ARCH_X86_64,
				 (uint32_t)pap_syscall_table[call].number[PAP_ARCH_X86_64]);
}

TEST(calls_without_conditions_are_cacheable)
{
	const struct pap_cond *small = COND(ALL_OF(IN(0, 32, ALL_BITS, {0, 9})));
	const struct pap_cond *large = COND(ALL_OF(NOT_IN(0, 32, ALL_BITS, {0, 9})));
	struct pap_filter_spec *spec = new_spec();
	struct pap_program program;

	add_rule(spec, PAP_SYS_read, NULL, YES);
	add_rule(spec, PAP_SYS_write, small, YES);
	/* conditions that change nothing are not looked at */
	add_rule(spec, PAP_SYS_lseek, small, YES);
	add_rule(spec, PAP_SYS_lseek, NULL, YES);
	add_rule(spec, PAP_SYS_close, small, NO);
	add_rule(spec, PAP_SYS_dup, NULL, YES);
	add_rule(spec, PAP_SYS_dup, large, NO);
	program = compiled(spec);
	CHECK(cacheable(&program, PAP_SYS_read));
	CHECK(!cacheable(&program, PAP_SYS_write));
	CHECK(cacheable(&program, PAP_SYS_lseek));
	CHECK(!cacheable(&program, PAP_SYS_close));
	CHECK(cacheable(&program, PAP_SYS_dup));
	pap_program_free(&program);
	pap_filter_spec_free(spec);
}

static unsigned steps_of(const struct pap_program *program, const struct pap_seccomp_data *data)
{
	unsigned steps;

	pap_bpf_run(program->insns, program->length, data, NULL, &steps);
	return steps;
}

TEST(no_call_is_deep)
{
	struct pap_filter_spec *spec = new_spec();
	struct pap_program program;
	unsigned deepest = 0;

	/* the worst case: neighbours never share a fate */
	for (unsigned i = 0; i < PAP_NSYSCALLS; i++)
		add_rule(spec, i, NULL, PAP_RET_ERRNO | (100 + i));
	program = compiled(spec);
	for (unsigned i = 0; i < PAP_NSYSCALLS; i++) {
		struct pap_seccomp_data data = call_data(PAP_ARCH_X86_64, i);
		unsigned steps = steps_of(&program, &data);

		if (data.nr < 0)
			continue;
		CHECK_EQ(verdict_of(spec, &program, &data), PAP_RET_ERRNO | (100 + i));
		if (steps > deepest)
			deepest = steps;
	}
	test_note("%u instructions, at most %u executed", program.length, deepest);
	CHECK(deepest <= 20); /* 3 before the tree, 1 return, 16 for 2^9 leaves of unlike weight */
	pap_program_free(&program);
	pap_filter_spec_free(spec);
}

TEST(a_set_of_a_thousand_values_is_searched_not_listed)
{
	static struct pap_range ranges[1000];
	struct pap_test test = {
	    .arg = 1, .bits = 64, .mask = ALL_BITS, .nranges = 1000, .ranges = ranges};
	struct pap_filter_spec *spec = new_spec();
	struct pap_seccomp_data data = call_data(PAP_ARCH_X86_64, PAP_SYS_ioctl);
	struct pap_program program;
	unsigned deepest = 0;

	for (unsigned i = 0; i < 1000; i++)
		ranges[i].lo = ranges[i].hi = 7 * i + 3;
	add_rule(spec, PAP_SYS_ioctl, COND(ALL_OF(test)), YES);
	program = compiled(spec);
	for (unsigned v = 0; v < 7100; v++) {
		unsigned steps;

		data.args[1] = v;
		steps = steps_of(&program, &data);
		CHECK_EQ(verdict_of(spec, &program, &data), v % 7 == 3 && v < 7000 ? YES : NO);
		if (steps > deepest)
			deepest = steps;
	}
	test_note("%u instructions, at most %u executed", program.length, deepest);
	CHECK(deepest <= 30);
	pap_program_free(&program);
	pap_filter_spec_free(spec);
}

TEST(equal_rules_of_many_calls_are_one_piece_of_code)
{
	const struct pap_cond *cond =
	    COND(ALL_OF(IN(1, 64, ALL_BITS, {5, 0x700000000}), NOT_IN(2, 32, 0xff, {3, 4})));
	struct pap_filter_spec *one = new_spec(), *two = new_spec();
	struct pap_program small, large;

	add_rule(one, PAP_SYS_read, cond, YES);
	add_rule(two, PAP_SYS_read, cond, YES);
	add_rule(two, PAP_SYS_write, cond, YES); /* the next number */
	small = compiled(one);
	large = compiled(two);
	CHECK(large.length <= small.length); /* the interval is wider, the code the same */
	pap_program_free(&small);
	pap_program_free(&large);
	pap_filter_spec_free(one);
	pap_filter_spec_free(two);
}

TEST(a_word_is_loaded_once_for_tests_in_a_row)
{
	const struct pap_cond *cond = COND(ALL_OF(IN(1, 32, ALL_BITS, {1, 5}), IN(1, 32, 1, {1, 1}),
						  NOT_IN(1, 32, ALL_BITS, {3, 3})));
	struct pap_filter_spec *spec = new_spec();
	struct pap_program program;
	unsigned loads = 0;

	add_rule(spec, PAP_SYS_openat, cond, YES);
	program = compiled(spec);
	for (unsigned i = 0; i < program.length; i++)
		loads += program.insns[i].code == PAP_BPF_LD_W_ABS;
	CHECK_EQ(loads, 3); /* architecture, number, the argument */
	pap_program_free(&program);
	pap_filter_spec_free(spec);
}

/* ---- emission ------------------------------------------------------------------------------- */

/*
 * Compares number with first, first + 1, ...: equal ones return base + i, all
 * others last. Every return is another, so nothing is shared.
 */
static pap_node chain(struct pap_graph *graph, uint32_t first, unsigned count, uint32_t base,
		      uint32_t last)
{
	pap_node node = pap_graph_return(graph, last);

	for (unsigned i = count; i-- > 0;)
		node = pap_graph_jump(graph, number, PAP_BPF_JEQ_K, first + i,
				      pap_graph_return(graph, base + i), node);
	return node;
}

static uint32_t run_number(const struct pap_program *program, uint32_t nr)
{
	struct pap_seccomp_data data = {.nr = (int32_t)nr};

	return pap_bpf_run(program->insns, program->length, &data, NULL, NULL);
}

/* Two chains of that many instructions below one jump, so that one lies that far away. */
static unsigned two_branches(unsigned instructions)
{
	unsigned count = (instructions - 1) / 2, odd = (instructions - 1) % 2;
	const uint32_t errno_a = PAP_RET_ERRNO, errno_b = PAP_RET_ERRNO + 2000;
	struct pap_program program = {0};
	struct pap_graph graph;
	pap_node near, far, root;

	REQUIRE(pap_graph_init(&graph, 64) == 0);
	near = chain(&graph, 0, count, errno_a, errno_a + 900);
	if (odd) /* one more, which leads to returns that exist */
		near = pap_graph_jump(&graph, number, PAP_BPF_JGE_K, 600,
				      pap_graph_return(&graph, errno_a + 900), near);
	far = chain(&graph, 1000, 300, errno_b, errno_b + 900);
	root = pap_graph_load(&graph, number,
			      pap_graph_jump(&graph, number, PAP_BPF_JGE_K, 1000, far, near));
	REQUIRE(pap_graph_emit(&graph, root, &program) == 0);
	CHECK_EQ(pap_bpf_check(program.insns, program.length, NULL), 0);
	for (unsigned i = 0; i < 300; i++) {
		CHECK_EQ(run_number(&program, 1000 + i), errno_b + i);
		CHECK_EQ(run_number(&program, i), errno_a + (i < count ? i : 900));
	}
	CHECK_EQ(run_number(&program, 1300), errno_b + 900);
	CHECK_EQ(run_number(&program, UINT32_MAX), errno_b + 900);
	CHECK_EQ(run_number(&program, 999), errno_a + 900);
	pap_graph_free(&graph);

	unsigned length = program.length;

	pap_program_free(&program);
	return length;
}

TEST(branches_of_250_to_260_instructions)
{
	unsigned direct = 0, over = 0, before = two_branches(248);

	for (unsigned n = 250; n <= 260; n++) {
		unsigned length = two_branches(n);

		/* two more instructions for two more in the branch; where the jump over it gets
		 * too long, one more */
		test_note("branch of %u: program of %u", n, length);
		direct += length - two_branches(n - 1) == 1;
		over += length - two_branches(n - 1) == 2;
	}
	CHECK(before > 0);
	CHECK(direct > 0);
	CHECK(over > 0); /* the step from 255 to 256 was among them */
}

/* Jumps only: each leads to the two before it. No returns to copy, so each adds one instruction. */
static pap_node ladder(struct pap_graph *graph, unsigned count)
{
	pap_node below = pap_graph_return(graph, YES), node = pap_graph_return(graph, NO);

	for (unsigned i = 0; i < count; i++) {
		pap_node next = pap_graph_jump(graph, number, PAP_BPF_JGT_K, i, below, node);

		below = node;
		node = next;
	}
	return pap_graph_load(graph, number, node);
}

TEST(programs_of_4095_4096_and_4097_instructions)
{
	for (unsigned length = 4095; length <= 4097; length++) {
		struct pap_program program = {0};
		struct pap_graph graph;
		int rc;

		REQUIRE(pap_graph_init(&graph, 64) == 0);
		rc = pap_graph_emit(&graph, ladder(&graph, length - 3), &program);
		CHECK_EQ(rc, length <= PAP_BPF_MAX ? 0 : -E2BIG);
		CHECK_EQ(program.length, rc ? 0 : length);
		if (!rc)
			CHECK_EQ(pap_bpf_check(program.insns, program.length, NULL), 0);
		pap_program_free(&program);
		pap_graph_free(&graph);
	}
}

TEST(a_spec_beyond_the_limit_is_refused_as_a_whole)
{
	static struct pap_range ranges[5000];
	struct pap_test test = {.arg = 1, .bits = 32, .mask = ALL_BITS, .ranges = ranges};
	struct pap_program program = {.length = 77};
	struct pap_error err = {0};
	struct pap_filter_spec *spec;

	for (unsigned i = 0; i < 5000; i++)
		ranges[i].lo = ranges[i].hi = 3 * i;
	for (unsigned n = 1500; n <= 5000; n += 3500) {
		test.nranges = (uint16_t)n;
		spec = new_spec();
		add_rule(spec, PAP_SYS_ioctl, COND(ALL_OF(test)), YES);
		if (n == 1500) {
			struct pap_program fits = compiled(spec);

			pap_program_free(&fits);
		} else {
			CHECK_EQ(pap_filter_compile(spec, &program, &err), -E2BIG);
			CHECK_HAS(err.message, "4096");
			CHECK(err.hint[0]);
			CHECK_EQ(program.length, 77);
		}
		pap_filter_spec_free(spec);
	}
}

/* ---- nodes ---------------------------------------------------------------------------------- */

TEST(equal_nodes_are_one_node)
{
	struct pap_graph graph;
	pap_node a, b, yes, no;

	REQUIRE(pap_graph_init(&graph, 4) == 0);
	yes = pap_graph_return(&graph, YES);
	no = pap_graph_return(&graph, NO);
	CHECK(yes != no);
	CHECK_EQ(pap_graph_return(&graph, YES), yes);
	a = pap_graph_jump(&graph, number, PAP_BPF_JEQ_K, 5, yes, no);
	b = pap_graph_jump(&graph, number, PAP_BPF_JEQ_K, 5, yes, no);
	CHECK_EQ(a, b);
	CHECK(pap_graph_jump(&graph, number, PAP_BPF_JEQ_K, 5, no, yes) != a);
	CHECK(pap_graph_jump(&graph, number, PAP_BPF_JGE_K, 5, yes, no) != a);
	CHECK(pap_graph_jump(&graph, number, PAP_BPF_JEQ_K, 6, yes, no) != a);
	CHECK_EQ(pap_graph_jump(&graph, number, PAP_BPF_JEQ_K, 5, yes, yes), yes);
	/* far more nodes than were expected, still found again */
	for (unsigned i = 0; i < 5000; i++)
		pap_graph_return(&graph, i);
	a = graph.count;
	for (unsigned i = 0; i < 5000; i++)
		pap_graph_return(&graph, i);
	CHECK_EQ(graph.count, a);
	CHECK_EQ(graph.failed, 0);
	pap_graph_free(&graph);
}

TEST(a_graph_that_grows_without_end_is_stopped)
{
	struct pap_graph graph;

	REQUIRE(pap_graph_init(&graph, 64) == 0);
	for (uint32_t i = 0; i < (1u << 20) + 10; i++)
		pap_graph_return(&graph, i);
	CHECK_EQ(graph.failed, -E2BIG);
	CHECK_EQ(pap_graph_return(&graph, YES), PAP_NODE_NONE);
	CHECK_EQ(pap_graph_load(&graph, number, PAP_NODE_NONE), PAP_NODE_NONE);
	pap_graph_free(&graph);
}

TEST(loads_are_left_out_only_where_the_word_is_there)
{
	const struct pap_word low = {16, UINT32_MAX}, high = {20, UINT32_MAX}, bits = {16, 0xff};
	struct pap_graph graph;
	pap_node yes, no, on_low, on_bits, on_nibble, node;

	REQUIRE(pap_graph_init(&graph, 64) == 0);
	yes = pap_graph_return(&graph, YES);
	no = pap_graph_return(&graph, NO);
	on_low =
	    pap_graph_load(&graph, low, pap_graph_jump(&graph, low, PAP_BPF_JEQ_K, 5, yes, no));
	on_bits =
	    pap_graph_load(&graph, bits, pap_graph_jump(&graph, bits, PAP_BPF_JEQ_K, 6, yes, no));
	on_nibble = pap_graph_load(&graph, (struct pap_word){16, 0xf},
				   pap_graph_jump(&graph, bits, PAP_BPF_JEQ_K, 7, yes, no));
	node = pap_graph_jump(&graph, low, PAP_BPF_JEQ_K, 1, on_low, on_bits);
	CHECK_EQ(graph.nodes[node].yes, graph.nodes[on_low].yes);
	CHECK_EQ(graph.nodes[node].no, graph.nodes[on_bits].yes); /* its mask is still to come */
	node = pap_graph_jump(&graph, bits, PAP_BPF_JEQ_K, 1, on_low, on_bits);
	CHECK_EQ(graph.nodes[node].yes, on_low);
	CHECK_EQ(graph.nodes[node].no, graph.nodes[graph.nodes[on_bits].yes].yes);
	node = pap_graph_jump(&graph, bits, PAP_BPF_JEQ_K, 1, on_nibble, yes);
	CHECK_EQ(graph.nodes[node].yes,
		 graph.nodes[on_nibble].yes); /* a narrower mask may follow */
	node = pap_graph_jump(&graph, (struct pap_word){16, 0xf}, PAP_BPF_JEQ_K, 1, on_bits, yes);
	CHECK_EQ(graph.nodes[node].yes, on_bits); /* a wider one may not */
	node = pap_graph_jump(&graph, high, PAP_BPF_JEQ_K, 1, on_low, on_bits);
	CHECK_EQ(graph.nodes[node].yes, on_low);
	CHECK_EQ(graph.nodes[node].no, on_bits);
	pap_graph_free(&graph);
}
