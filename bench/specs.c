/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two sets of rules that are measured: the default of `paprika run`, and the
 * sixty calls of a small network client, written down here so that the numbers
 * mean the same from one version to the next.
 */
#include "bench/filters.h"
#include "bench/timing.h"
#include "compile/plan.h"

struct pap_filter_spec *default_spec(void)
{
	struct pap_features storage;
	struct pap_plan_options options = {
		.features = pap_features_of("6.18", pap_arch_native(), &storage),
		.denial = PAP_DENIAL_ERRNO,
		.supervisor = false,
	};
	struct pap_policy *policy = pap_policy_new();
	struct pap_plan *plan;
	struct pap_error err = {0};

	if (!policy || !options.features || pap_plan_make(policy, &options, &plan, &err) < 0) {
		fprintf(stderr, "bench: no plan: %s\n", err.message);
		exit(1);
	}
	return plan->spec; /* policy and plan stay: the spec refers to them */
}

#define ONE(value) {value, value}
static const struct pap_range unix_or_inet[] = {{1, 2}, ONE(10)};
static const struct pap_range terminal_queries[] = {ONE(0x5401), ONE(0x5413), ONE(0x541b)};
static const struct pap_range process_names[] = {ONE(15), ONE(16), ONE(38)};
static const struct pap_range nothing[] = {ONE(0)};
static const struct pap_test domain_test[] = {{0, 32, false, 0, 2, UINT32_MAX, unix_or_inet}};
static const struct pap_test query_test[] = {{1, 32, false, 0, 3, UINT32_MAX, terminal_queries}};
static const struct pap_test name_test[] = {{0, 32, false, 0, 3, UINT32_MAX, process_names}};
static const struct pap_test exec_test[] = {{2, 32, false, 0, 1, 4, nothing}};
static const struct pap_clause domain_clause[] = {{domain_test, 1}};
static const struct pap_clause query_clause[] = {{query_test, 1}};
static const struct pap_clause name_clause[] = {{name_test, 1}};
static const struct pap_clause exec_clause[] = {{exec_test, 1}};
static const struct pap_cond domain = {"domain", "", domain_clause, 1};
static const struct pap_cond query = {"query", "", query_clause, 1};
static const struct pap_cond name = {"name", "", name_clause, 1};
static const struct pap_cond no_exec = {"no_exec", "", exec_clause, 1};

static const struct {
	const char *name;
	const struct pap_cond *cond;
} calls[] = {
	{"accept4"}, {"bind"}, {"brk"}, {"clock_gettime"}, {"clock_nanosleep"}, {"close"},
	{"connect"}, {"dup"}, {"dup3"}, {"epoll_create1"}, {"epoll_ctl"}, {"epoll_pwait"},
	{"eventfd2"}, {"exit"}, {"exit_group"}, {"faccessat"}, {"fcntl"}, {"fdatasync"},
	{"fstat"}, {"fsync"}, {"ftruncate"}, {"futex"}, {"getdents64"}, {"getegid"},
	{"geteuid"}, {"getgid"}, {"getpeername"}, {"getpid"}, {"getppid"}, {"getrandom"},
	{"getsockname"}, {"getsockopt"}, {"gettid"}, {"getuid"}, {"ioctl", &query}, {"listen"},
	{"lseek"}, {"madvise"}, {"mmap", &no_exec}, {"mprotect", &no_exec}, {"mremap"},
	{"munmap"}, {"newfstatat"}, {"openat"}, {"pipe2"}, {"ppoll"}, {"prctl", &name},
	{"pread64"}, {"pwrite64"}, {"read"}, {"readv"}, {"recvfrom"}, {"recvmsg"},
	{"rt_sigaction"}, {"rt_sigprocmask"}, {"rt_sigreturn"}, {"sendto"}, {"setsockopt"},
	{"socket", &domain}, {"write"},
};
_Static_assert(sizeof(calls) / sizeof(calls[0]) == 60, "the policy has sixty calls");

struct pap_filter_spec *sixty_calls(void)
{
	struct pap_rule refuse = {.verdict = PAP_RET_ERRNO | EPERM, .reason = "not listed"};
	struct pap_filter_spec *spec = pap_filter_spec_new(
	    pap_arch_native(), PAP_RET_KILL_PROCESS, PAP_RET_ERRNO | ENOSYS, refuse);

	for (size_t i = 0; spec && i < sizeof(calls) / sizeof(calls[0]); i++) {
		const struct pap_syscall *call =
		    pap_syscall_find(calls[i].name, strlen(calls[i].name));
		struct pap_rule rule = {
			.cond = calls[i].cond, .verdict = PAP_RET_ALLOW, .reason = "listed"};

		if (!call) {
			fprintf(stderr, "bench: no call %s\n", calls[i].name);
			exit(1);
		}
		if (pap_filter_add(spec, pap_syscall_id(call), rule) < 0)
			give_up("rule");
	}
	if (!spec)
		give_up("spec");
	return spec;
}
