/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The running kernel against our idea of it: it takes exactly the programs that
 * the checker takes, and answers real calls as the plain evaluator predicts.
 */
#include <errno.h>
#include <linux/filter.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../prop/random_spec.h"
#include "compile/filter.h"
#include "kernel/raw.h"

static int install(const struct pap_bpf_insn *insns, size_t length)
{
	struct sock_fprog program = {.len = (unsigned short)length,
				     .filter = (struct sock_filter *)insns};

	return pap_raw_seccomp(PAP_SECCOMP_SET_MODE_FILTER, 0, &program);
}

static void *shared_page(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	REQUIRE(page != MAP_FAILED);
	return page;
}

/* Whatever the filter does to every other call, the last word is not one. */
static void end_without_a_call(void)
{
	__builtin_trap();
}

static void wait_for(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		REQUIRE(errno == EINTR);
}

/* ---- what the kernel takes ----------------------------------------------------------------- */

static int offer(const struct pap_bpf_insn *insns, size_t length, atomic_int *result)
{
	pid_t child;

	atomic_store(result, 1);
	child = fork();
	REQUIRE(child >= 0);
	if (!child) {
		atomic_store(result, install(insns, length));
		end_without_a_call();
	}
	wait_for(child);
	return atomic_load(result);
}

static uint16_t random_code(void)
{
	static const uint16_t common[] = {
	    PAP_BPF_LD_W_ABS,
	    PAP_BPF_LD_W_ABS,
	    PAP_BPF_JEQ_K,
	    PAP_BPF_JGE_K,
	    PAP_BPF_JSET_K,
	    PAP_BPF_JA,
	    PAP_BPF_AND_K,
	    BPF_ST,
	    BPF_STX,
	    BPF_LD | BPF_MEM,
	    BPF_LDX | BPF_MEM,
	    PAP_BPF_RET_K,
	    BPF_ALU | BPF_DIV | BPF_K,
	    BPF_ALU | BPF_LSH | BPF_K,
	};

	/* classes and operations in every combination, seldom anything at all */
	if (one_in(12))
		return (uint16_t)test_random_below(one_in(2) ? 0x100 : 0x10000);
	return common[test_random_below(sizeof(common) / sizeof(common[0]))];
}

static void random_program(struct pap_bpf_insn *insns, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		size_t left = length - i;

		insns[i].code = random_code();
		insns[i].jt = (uint8_t)test_random_below(left + (one_in(20) ? 2 : 0));
		insns[i].jf = (uint8_t)test_random_below(left + (one_in(20) ? 2 : 0));
		if (left > 1 && !one_in(20)) {
			insns[i].jt %= left - 1;
			insns[i].jf %= left - 1;
		}
		switch (insns[i].code) {
		case PAP_BPF_LD_W_ABS:
			insns[i].k = (uint32_t)test_random_below(16) * 4 + (one_in(20) ? 2 : 0);
			break;
		case PAP_BPF_JA:
			insns[i].k = insns[i].jt;
			break;
		default: /* few words of memory, so that some are written in time */
			insns[i].k = (uint32_t)test_random_below(one_in(10) ? 40 : 2);
		}
	}
	if (!one_in(20))
		insns[length - 1].code = one_in(2) ? PAP_BPF_RET_K : BPF_RET | BPF_A;
}

TEST(kernel_takes_what_the_checker_takes, .timeout = 100)
{
	const struct rlimit no_core = {0, 0};
	atomic_int *result = shared_page();
	unsigned taken = 0, refused = 0;
	struct pap_bpf_insn insns[12];

	setrlimit(RLIMIT_CORE, &no_core);
	REQUIRE(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	for (unsigned round = 0; round < 3000; round++) {
		size_t length = 1 + test_random_below(12);
		int ours, theirs;

		random_program(insns, length);
		ours = pap_bpf_check(insns, length, NULL);
		theirs = offer(insns, length, result);
		if (ours != theirs)
			for (size_t i = 0; i < length; i++)
				test_note("%zu: %02x %u %u %x", i, insns[i].code, insns[i].jt,
					  insns[i].jf, insns[i].k);
		REQUIRE(theirs == 0 || theirs == -EINVAL);
		REQUIRE(ours == theirs);
		taken += theirs == 0;
		refused += theirs != 0;
	}
	test_note("%u taken, %u refused", taken, refused);
	CHECK(taken > 300);
	CHECK(refused > 300);
	munmap(result, 4096);
}

TEST(kernel_takes_every_code_that_the_checker_takes, .timeout = 100)
{
	const struct rlimit no_core = {0, 0};
	atomic_int *result = shared_page();
	unsigned taken = 0;

	setrlimit(RLIMIT_CORE, &no_core);
	REQUIRE(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	for (unsigned code = 0; code < 0x100; code++) {
		struct pap_bpf_insn insns[] = {
		    {BPF_ST, 0, 0, 4},        {(uint16_t)code, 0, 0, 4}, {PAP_BPF_RET_K, 0, 0, 0},
		    {PAP_BPF_RET_K, 0, 0, 0}, {PAP_BPF_RET_K, 0, 0, 0},  {PAP_BPF_RET_K, 0, 0, 0},
		    {PAP_BPF_RET_K, 0, 0, 0},
		};
		int ours = pap_bpf_check(insns, 7, NULL), theirs = offer(insns, 7, result);

		if (ours != theirs)
			test_note("code 0x%02x", code);
		CHECK_EQ(ours, theirs);
		taken += theirs == 0;
	}
	CHECK_EQ(taken, 41);
	munmap(result, 4096);
}

/* ---- what it then does --------------------------------------------------------------------- */

/* Succeed whatever their arguments, and change nothing. */
static const unsigned harmless[] = {
    PAP_SYS_getpid,  PAP_SYS_getppid, PAP_SYS_gettid,  PAP_SYS_getuid,
    PAP_SYS_geteuid, PAP_SYS_getgid,  PAP_SYS_getegid, PAP_SYS_sched_yield,
};
#define NHARMLESS (sizeof(harmless) / sizeof(harmless[0]))
#define TRIES 56

struct
try {
	struct pap_seccomp_data data;
	int32_t result; /* negative errno, or 0 for success */
};

static struct random_spec r;

/* Random rules for harmless calls; every other call is allowed, for the harness's sake. */
static void harmless_spec(void)
{
	struct pap_rule rule = {.verdict = PAP_RET_ALLOW};

	r.nconds = r.nclauses = r.ntests = r.nranges = r.ncalls = 0;
	r.spec =
	    pap_filter_spec_new(pap_arch_native(), PAP_RET_KILL_PROCESS, PAP_RET_ERRNO | 150, rule);
	REQUIRE(r.spec != NULL);
	r.spec->self_tgid = (uint32_t)getpid();
	for (unsigned i = 0; i < 24; i++) {
		unsigned call = harmless[test_random_below(NHARMLESS)];

		rule.cond = random_cond(&r);
		rule.verdict = one_in(2) ? PAP_RET_ALLOW
					 : PAP_RET_ERRNO | (100 + (uint32_t)test_random_below(30));
		REQUIRE(pap_filter_add(r.spec, call, rule) == 0);
		r.spec->calls[call].otherwise.verdict = PAP_RET_ERRNO | 140;
	}
}

static void random_try(struct try *t)
{
	const struct pap_syscall *call = &pap_syscall_table[harmless[test_random_below(NHARMLESS)]];

	t->data = (struct pap_seccomp_data){.nr = call->number[pap_arch_native()],
					    .arch = pap_arch_audit(pap_arch_native())};
	if (one_in(10)) /* numbers that no kernel has: x32 bit, negative, a hole */
		t->data.nr = one_in(2) ? t->data.nr | (one_in(2) ? INT32_MIN : 0x40000000) : 400;
	for (unsigned i = 0; i < 6; i++)
		t->data.args[i] = random_argument(&r);
}

static void perform(struct try *tries)
{
	for (unsigned i = 0; i < TRIES; i++) {
		const uint64_t *a = tries[i].data.args;
		long got = syscall(tries[i].data.nr, a[0], a[1], a[2], a[3], a[4], a[5]);

		tries[i].result = got < 0 ? -errno : 0;
	}
}

TEST(real_calls_end_as_predicted, .timeout = 100)
{
	struct try *tries = shared_page();
	unsigned allowed = 0, refused = 0;

	_Static_assert(sizeof(struct try) * TRIES <= 4096, "tries fit into the page");
	for (unsigned round = 0; round < 200; round++) {
		struct pap_program program = {0};
		pid_t child;

		harmless_spec();
		REQUIRE(pap_filter_compile(r.spec, &program, NULL) == 0);
		for (unsigned i = 0; i < TRIES; i++) {
			random_try(&tries[i]);
			tries[i].result = 1;
		}
		child = fork();
		REQUIRE(child >= 0);
		if (!child) {
			if (!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
			    !install(program.insns, program.length))
				perform(tries);
			_exit(0);
		}
		wait_for(child);
		for (unsigned i = 0; i < TRIES; i++) {
			uint32_t verdict = pap_filter_naive(r.spec, &tries[i].data, NULL);
			int expected =
			    verdict == PAP_RET_ALLOW ? 0 : -(int)(verdict & PAP_RET_DATA);

			REQUIRE(tries[i].result == expected);
			allowed += expected == 0;
			refused += expected != 0;
		}
		pap_program_free(&program);
		pap_filter_spec_free(r.spec);
	}
	test_note("%u allowed, %u refused", allowed, refused);
	CHECK(allowed > 1000);
	CHECK(refused > 1000);
	munmap(tries, 4096);
}

TEST(a_filter_near_the_limit_works)
{
	struct pap_rule rule = {.verdict = PAP_RET_ALLOW};
	static struct pap_range ranges[2200];
	struct pap_test test = {
	    .arg = 1, .bits = 64, .mask = UINT64_MAX, .nranges = 2200, .ranges = ranges};
	struct pap_clause clause = {.tests = &test, .ntests = 1};
	struct pap_cond cond = {.name = "large", .clauses = &clause, .nclauses = 1};
	struct pap_program program = {0};
	struct pap_filter_spec *spec;

	for (unsigned i = 0; i < 2200; i++)
		ranges[i].lo = ranges[i].hi = 3 * i;
	spec = pap_filter_spec_new(pap_arch_native(), PAP_RET_KILL_PROCESS, PAP_RET_ERRNO | ENOSYS,
				   rule);
	REQUIRE(spec != NULL);
	rule.cond = &cond;
	rule.verdict = PAP_RET_ERRNO | 77;
	REQUIRE(pap_filter_add(spec, PAP_SYS_getppid, rule) == 0);
	REQUIRE(pap_filter_compile(spec, &program, NULL) == 0);
	CHECK(program.length > 3000);
	REQUIRE(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHECK_EQ(install(program.insns, program.length), 0);
	CHECK_ERRNO(syscall(pap_syscall_table[PAP_SYS_getppid].number[pap_arch_native()], 0L, 3L),
		    77);
	CHECK(syscall(pap_syscall_table[PAP_SYS_getppid].number[pap_arch_native()], 0L, 4L) > 0);
	pap_program_free(&program);
	pap_filter_spec_free(spec);
}
