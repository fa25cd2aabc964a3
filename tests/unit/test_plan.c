/* SPDX-License-Identifier: BSD-2-Clause */
/* What a policy's promises, ports and files make of single calls, on each known kernel. */
#include "plan_case.h"

enum {
	CREAT = 0100,
	WRONLY = 1,
	CWD = -100,
	INET = 2,
	LOCAL = 1,
	STREAM = 1,
	TERMINAL_INJECTION = 0x5412,
	EXECUTABLE = 4,
	PRIVATE = 2,
	ANONYMOUS = 0x20,
};

#define OPEN(flags) CALL((uint64_t)CWD, 0x1000, flags, 0644)

/* Runs the body for every known kernel. */
#define EVERY_KERNEL(i) for (unsigned i = 0; pap_features_versions[i]; i++)

/* ---- the frame --------------------------------------------------------------------------------- */

TEST(the_default_promises)
{
	struct plan_case c = plan_case("6.18");

	describe(&c);
	CHECK(c.plan->promises & PAP_PROMISE_BIT(stdio));
	CHECK(c.plan->promises & PAP_PROMISE_BIT(exec));
	CHECK(!(c.plan->promises & PAP_PROMISE_BIT(inet)));
	CHECK(!(c.plan->promises & PAP_PROMISE_BIT(unix)));
	CHECK(!(c.plan->promises & PAP_PROMISE_BIT(getpw)));
	port(&c, PAP_NET_CONNECT, PAP_NET_TCP, 80);
	describe(&c);
	CHECK(c.plan->promises & PAP_PROMISE_BIT(inet));
	done(&c);
}

TEST(given_promises_are_the_only_ones)
{
	struct plan_case c = plan_case("6.18");

	promise(&c, "stdio rpath");
	port(&c, PAP_NET_CONNECT, PAP_NET_TCP, 80);
	describe(&c);
	CHECK_EQ(c.plan->promises, PAP_PROMISE_BIT(stdio) | PAP_PROMISE_BIT(rpath));
	CHECK(refusal(&c, "socket", CALL(INET, STREAM)) != 0);
	done(&c);
}

TEST(calls_from_nowhere)
{
	EVERY_KERNEL(i)
	{
		struct plan_case c = plan_case(pap_features_versions[i]);
		struct pap_seccomp_data data = {.nr = 5000, .arch = PAP_AUDIT_ARCH_X86_64};

		describe(&c);
		CHECK_EQ(pap_filter_naive(c.plan->spec, &data, NULL), PAP_RET_ERRNO | ENOSYS);
		data.nr = -1;
		CHECK_EQ(pap_filter_naive(c.plan->spec, &data, NULL), PAP_RET_ERRNO | ENOSYS);
		data.nr = 0; /* read ... */
		CHECK_EQ(pap_filter_naive(c.plan->spec, &data, NULL), PAP_RET_ALLOW);
		data.nr = 0x40000000; /* ... by its x32 number ... */
		CHECK_EQ(pap_filter_naive(c.plan->spec, &data, NULL), PAP_RET_ERRNO | ENOSYS);
		data.nr = 3; /* ... and through the 32-bit entry */
		data.arch = PAP_AUDIT_ARCH_I386;
		CHECK_EQ(pap_filter_naive(c.plan->spec, &data, NULL), PAP_RET_KILL_PROCESS);
		done(&c);
	}
}

TEST(the_program_says_what_the_rules_say)
{
	EVERY_KERNEL(i)
	{
		struct plan_case c = plan_case(pap_features_versions[i]);
		unsigned differ = 0;

		port(&c, PAP_NET_LISTEN, PAP_NET_TCP, 80);
		describe(&c);
		REQUIRE(c.plan->filter.length > 0 && c.plan->filter.length <= PAP_BPF_MAX);
		for (int round = 0; round < 20000; round++) {
			struct pap_seccomp_data data = {.nr = (int32_t)test_random_below(480),
							.arch = PAP_AUDIT_ARCH_X86_64};

			for (int a = 0; a < 6; a++)
				data.args[a] = test_random() >> test_random_below(64);
			differ += pap_filter_naive(c.plan->spec, &data, NULL) !=
				  pap_bpf_run(c.plan->filter.insns, c.plan->filter.length, &data,
					      NULL, NULL);
		}
		CHECK_EQ(differ, 0);
		done(&c);
	}
}

TEST(hot_calls_are_answered_from_the_kernels_cache)
{
	static const char *const hot[] = {"read", "write", "close", "futex", "fstat", "lseek",
					  "brk", "munmap", "getpid", "clock_gettime"};
	struct plan_case c = plan_case("6.18");

	describe(&c);
	for (size_t i = 0; i < sizeof(hot) / sizeof(hot[0]); i++) {
		const struct pap_syscall *call = pap_syscall_find(hot[i], strlen(hot[i]));

		REQUIRE(call != NULL);
		if (!pap_bpf_cacheable(c.plan->filter.insns, c.plan->filter.length, PAP_ARCH_X86_64,
				       (uint32_t)call->number[PAP_ARCH_X86_64])) {
			test_note("%s is not", hot[i]);
			CHECK(false);
		}
	}
	done(&c);
}

TEST(aarch64_has_a_plan_too)
{
	struct plan_case c = plan_case("6.12");
	struct pap_seccomp_data data = {.nr = 63, .arch = PAP_AUDIT_ARCH_AARCH64}; /* read */

	c.features.arch = PAP_ARCH_AARCH64;
	describe(&c);
	CHECK_EQ(pap_filter_naive(c.plan->spec, &data, NULL), PAP_RET_ALLOW);
	data.arch = PAP_AUDIT_ARCH_X86_64;
	CHECK_EQ(pap_filter_naive(c.plan->spec, &data, NULL), PAP_RET_KILL_PROCESS);
	done(&c);
}

/* ---- how denials end ------------------------------------------------------------------------- */

TEST(a_violation_ends_as_asked_for)
{
	struct plan_case c = plan_case("6.18");
	const struct pap_rule *rule;

	describe(&c);
	CHECK_EQ(decide(&c, "ptrace", CALL(0), &rule), PAP_RET_USER_NOTIF);
	CHECK_EQ(rule->handler, PAP_BY_REPORT);
	CHECK_EQ(rule->refusal, EPERM);
	c.options.denial = PAP_DENIAL_ERRNO;
	describe(&c);
	CHECK_EQ(verdict(&c, "ptrace", CALL(0)), PAP_RET_ERRNO | EPERM);
	c.options.denial = PAP_DENIAL_KILL;
	describe(&c);
	CHECK_EQ(verdict(&c, "ptrace", CALL(0)), PAP_RET_KILL_PROCESS);
	c.options.denial = PAP_DENIAL_TRAP;
	describe(&c);
	CHECK_EQ(verdict(&c, "ptrace", CALL(0)), PAP_RET_TRAP | EPERM);
	c.options.denial = PAP_DENIAL_NOTIFY;
	c.policy->violation = PAP_VIOLATION_KILL;
	describe(&c);
	CHECK_EQ(verdict(&c, "ptrace", CALL(0)), PAP_RET_KILL_PROCESS);
	done(&c);
}

TEST(nobody_to_notify_means_an_errno)
{
	struct plan_case c = plan_case("6.18");

	c.options.supervisor = false;
	describe(&c);
	CHECK_EQ(verdict(&c, "ptrace", CALL(0)), PAP_RET_ERRNO | EPERM);
	for (unsigned id = 0; id < PAP_NSYSCALLS; id++) {
		const struct pap_call_rules *call = &c.plan->spec->calls[id];

		CHECK(call->otherwise.verdict != PAP_RET_USER_NOTIF);
		for (unsigned i = 0; i < call->nrules; i++)
			CHECK(call->rules[i].verdict != PAP_RET_USER_NOTIF);
	}
	done(&c);
}

TEST(what_libraries_probe_is_refused_quietly)
{
	struct plan_case c = plan_case("6.18");

	c.policy->violation = PAP_VIOLATION_KILL;
	describe(&c);
	CHECK_EQ(verdict(&c, "clone3", CALL(0x1000, 88)), PAP_RET_ERRNO | ENOSYS);
	CHECK_EQ(verdict(&c, "io_uring_setup", CALL(8, 0x1000)), PAP_RET_ERRNO | ENOSYS);
	CHECK_EQ(verdict(&c, "socket", CALL(LOCAL, STREAM)), PAP_RET_ERRNO | EAFNOSUPPORT);
	/* the control: what they do not probe */
	CHECK_EQ(verdict(&c, "socket", CALL(INET, STREAM)), PAP_RET_KILL_PROCESS);
	done(&c);
}

TEST(promise_error_makes_violations_enosys)
{
	struct plan_case c = plan_case("6.18");

	promise(&c, "stdio error");
	c.options.denial = PAP_DENIAL_TRAP;
	describe(&c);
	CHECK_EQ(verdict(&c, "ptrace", CALL(0)), PAP_RET_ERRNO | ENOSYS);
	done(&c);
	c = plan_case("6.18"); /* the control */
	promise(&c, "stdio");
	c.options.denial = PAP_DENIAL_TRAP;
	describe(&c);
	CHECK_EQ(verdict(&c, "ptrace", CALL(0)), PAP_RET_TRAP | EPERM);
	done(&c);
}

TEST(terminal_injection_is_never_permitted)
{
	struct plan_case c = plan_case("6.18");

	grant(&c, "/", R | W | X);
	describe(&c);
	CHECK(refusal(&c, "ioctl", CALL(0, TERMINAL_INJECTION)) != 0);
	CHECK(refusal(&c, "ioctl", CALL(0, 0x500000000 | TERMINAL_INJECTION)) != 0);
	CHECK_EQ(verdict(&c, "ioctl", CALL(0, 0x5413)), PAP_RET_ALLOW); /* window size */
	done(&c);
}

/* ---- signals ----------------------------------------------------------------------------------- */

TEST(signals_without_proc_are_the_supervisors)
{
	static const char *const calls[] = {"kill", "tkill", "tgkill", "rt_sigqueueinfo",
					    "rt_tgsigqueueinfo"};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		struct plan_case c = plan_case("6.1");

		promise(&c, "stdio");
		describe(&c);
		CHECK_EQ(handler(&c, calls[i], CALL(77, 77, 15)), PAP_BY_SIGNAL);
		c.policy->violation = PAP_VIOLATION_KILL;
		describe(&c);
		CHECK_EQ(handler(&c, calls[i], CALL(77, 77, 15)), PAP_BY_SIGNAL);
		c.options.supervisor = false;
		c.policy->violation = PAP_VIOLATION_DENY;
		describe(&c);
		CHECK_EQ(refusal(&c, calls[i], CALL(77, 77, 15)), EPERM);
		done(&c);
		c = plan_case("6.18");
		describe(&c); /* with proc, Landlock's scope holds them */
		CHECK_EQ(verdict(&c, calls[i], CALL(77, 77, 15)), PAP_RET_ALLOW);
		CHECK(c.plan->landlock.scoped & PAP_LL_SCOPE_SIGNAL);
		done(&c);
	}
}

TEST(a_process_that_knows_itself_may_signal_itself)
{
	struct plan_case c = plan_case("6.18");

	promise(&c, "stdio");
	c.options.supervisor = false;
	c.options.denial = PAP_DENIAL_KILL;
	c.options.self_tgid = 4711;
	describe(&c);
	CHECK_EQ(verdict(&c, "kill", CALL(4711, 6)), PAP_RET_ALLOW);
	CHECK_EQ(verdict(&c, "kill", CALL(4712, 6)), PAP_RET_KILL_PROCESS);
	done(&c);
}

/* ---- starting the program ---------------------------------------------------------------------- */

#define POINTER 0x7ffc12345678ull

TEST(the_named_program_starts_without_promise_exec)
{
	struct plan_case c = plan_case("6.18");

	promise(&c, "stdio rpath");
	c.options.exec_pointer = POINTER;
	describe(&c);
	CHECK_EQ(verdict(&c, "execve", CALL(POINTER, 1, 1)), PAP_RET_ALLOW);
	CHECK_EQ(refusal(&c, "execve", CALL(POINTER + 1, 1, 1)), EPERM);
	CHECK_EQ(refusal(&c, "execve", CALL(POINTER ^ (1ull << 40), 1, 1)), EPERM);
	CHECK_EQ(refusal(&c, "execveat", CALL((uint64_t)CWD, POINTER, 1, 1)), EPERM);
	done(&c);
	/* a program can put a string of its own at that address, but does not know the number */
	c = plan_case("6.18");
	promise(&c, "stdio rpath");
	c.options.exec_pointer = POINTER;
	c.options.exec_secret = 0x123456789abcdefull;
	describe(&c);
	CHECK_EQ(verdict(&c, "execve", CALL(POINTER, 1, 1, 0, 0, 0x123456789abcdefull)),
		 PAP_RET_ALLOW);
	CHECK_EQ(refusal(&c, "execve", CALL(POINTER, 1, 1)), EPERM);
	CHECK_EQ(refusal(&c, "execve", CALL(POINTER, 1, 1, 0, 0, 0x123456789abcdeeull)), EPERM);
	/* the loader maps code, and nothing else does */
	CHECK_EQ(verdict(&c, "mmap", CALL(0, 4096, 1 | EXECUTABLE, PRIVATE, 3)), PAP_RET_ALLOW);
	CHECK(refusal(&c, "mmap", CALL(0, 4096, 3 | EXECUTABLE, PRIVATE | ANONYMOUS)) != 0);
	CHECK(refusal(&c, "mprotect", CALL(0x1000, 4096, 1 | EXECUTABLE)) != 0);
	done(&c);
	c = plan_case("6.18"); /* the control: nobody starts anything */
	promise(&c, "stdio rpath");
	describe(&c);
	CHECK_EQ(refusal(&c, "execve", CALL(POINTER, 1, 1)), EPERM);
	CHECK(refusal(&c, "mmap", CALL(0, 4096, 1 | EXECUTABLE, PRIVATE, 3)) != 0);
	done(&c);
}

TEST(libraries_can_be_opened_without_rpath_where_landlock_holds)
{
	struct plan_case c = plan_case("6.1");

	promise(&c, "stdio");
	grant(&c, "/etc", R);
	c.options.exec_pointer = POINTER;
	describe(&c);
	CHECK_EQ(verdict(&c, "openat", OPEN(0)), PAP_RET_ALLOW);
	CHECK(refusal(&c, "openat", OPEN(WRONLY)) != 0);
	CHECK(refusal(&c, "openat", OPEN(CREAT)) != 0);
	CHECK_EQ(path_rule(&c, "/etc")->directory, 0); /* without rpath a grant is none */
	done(&c);
	c = plan_case("5.10"); /* nothing would hold it there */
	promise(&c, "stdio");
	c.options.exec_pointer = POINTER;
	describe(&c);
	CHECK(refusal(&c, "openat", OPEN(0)) != 0);
	done(&c);
}

TEST(with_promise_exec_any_string_is_executed)
{
	struct plan_case c = plan_case("6.18");

	c.options.exec_pointer = POINTER;
	describe(&c);
	CHECK_EQ(verdict(&c, "execve", CALL(1, 1, 1)), PAP_RET_ALLOW);
	done(&c);
}

/* ---- reasons and origins -------------------------------------------------------------------------- */

TEST(rules_say_why_and_where_from)
{
	struct plan_case c = plan_case("6.18");
	const struct pap_rule *rule;

	promise(&c, "stdio rpath");
	describe(&c);
	decide(&c, "openat", OPEN(0), &rule);
	CHECK_STR(rule->reason, "promise rpath");
	CHECK_STR(rule->origin.source, "--promise");
	decide(&c, "mkdirat", CALL((uint64_t)CWD, 0x1000, 0755), &rule);
	CHECK_STR(rule->reason, "needs promise cpath");
	decide(&c, "renameat2", CALL((uint64_t)CWD, 0x1000, (uint64_t)CWD, 0x1000), &rule);
	CHECK_HAS(rule->reason, "cpath");
	decide(&c, "ptrace", CALL(0), &rule);
	CHECK_STR(rule->reason, "no promise permits it");
	decide(&c, "getpid", CALL(0), &rule);
	CHECK_STR(rule->reason, "always permitted");
	done(&c);
	c = plan_case("6.18");
	describe(&c);
	decide(&c, "openat", OPEN(0), &rule);
	CHECK_STR(rule->origin.source, "default promises");
	done(&c);
}
