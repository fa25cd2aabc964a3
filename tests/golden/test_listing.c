/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Filters in words: a spec with every kind of test on each architecture, a program
 * such as other tools make, and the rules that depend on the kernel.
 */
#include "../unit/filter_help.h"
#include "compile/plan.h"
#include "golden.h"

static struct pap_rule rule(const struct pap_cond *cond, uint32_t verdict, unsigned line,
			    const char *reason)
{
	return (struct pap_rule){.cond = cond,
				 .verdict = verdict,
				 .origin = {.source = "net.policy", .line = line},
				 .reason = reason};
}

static void add(struct pap_filter_spec *spec, unsigned call, struct pap_rule r)
{
	REQUIRE(pap_filter_add(spec, call, r) == 0);
}

static void check_spec(enum pap_arch arch, const char *file)
{
	const struct pap_cond *mode =
	    COND(ALL_OF(IN(2, 32, 3, {0, 0})), ALL_OF(IN(2, 32, 0x240, {0x40, 0x40})));
	const struct pap_cond *pointer =
	    COND(ALL_OF(IN(0, 64, ALL_BITS, {0x7f0012345678, 0x7f0012345678})));
	const struct pap_cond *sizes = COND(ALL_OF(IN(2, 64, ALL_BITS, {1, 0x1ffffffff})));
	const struct pap_cond *commands =
	    COND(ALL_OF(IN(1, 32, ALL_BITS, {0x5401, 0x5401}, {0x5413, 0x5413}, {0x541b, 0x541b},
			   {0x5421, 0x5421}, {0x5450, 0x5452})));
	const struct pap_cond *self = COND(ALL_OF(IS_SELF(0, 32), NOT_IN(1, 32, ALL_BITS, {9, 9})));
	struct pap_rule otherwise = rule(NULL, PAP_RET_ERRNO | 1, 0, "not granted");
	struct pap_filter_spec *spec = pap_filter_spec_new(arch, FOREIGN, UNKNOWN, otherwise);
	struct pap_program program;
	struct pap_text text = {0};

	REQUIRE(spec != NULL);
	spec->self_tgid = 4711;
	add(spec, PAP_SYS_read, rule(NULL, YES, 3, "promise stdio"));
	add(spec, PAP_SYS_write, rule(sizes, YES, 3, "promise stdio"));
	add(spec, PAP_SYS_openat, rule(mode, YES, 4, "promise rpath"));
	add(spec, PAP_SYS_openat, rule(pointer, PAP_RET_USER_NOTIF, 5, "asked"));
	add(spec, PAP_SYS_execve, rule(pointer, YES, 5, "start of the program"));
	add(spec, PAP_SYS_ioctl, rule(commands, YES, 6, "promise tty"));
	add(spec, PAP_SYS_kill, rule(self, YES, 7, "promise proc"));
	add(spec, PAP_SYS_ptrace, rule(NULL, PAP_RET_KILL_PROCESS, 8, "never"));
	add(spec, PAP_SYS_getppid, rule(NULL, PAP_RET_LOG, 9, "watched"));
	add(spec, PAP_SYS_uname, rule(NULL, PAP_RET_TRAP, 10, "emulated"));
	program = compiled(spec);
	pap_program_list(&program, arch, &text);
	REQUIRE(!text.failed);
	golden_check(file, text.data);
	pap_text_free(&text);
	pap_program_free(&program);
	pap_filter_spec_free(spec);
}

TEST(listing_on_x86_64)
{
	check_spec(PAP_ARCH_X86_64, "filter-x86_64.txt");
}

TEST(listing_on_aarch64)
{
	check_spec(PAP_ARCH_AARCH64, "filter-aarch64.txt");
}

/* Instructions that ours never has, and some that nobody may have. */
TEST(listing_of_a_foreign_program)
{
	struct pap_bpf_insn insns[] = {
	    {0x80, 0, 0, 0},          {0x00, 0, 0, 5},          {0x01, 0, 0, 7},
	    {0x20, 0, 0, 8},          {0x20, 0, 0, 12},         {0x20, 0, 0, 60},
	    {0x02, 0, 0, 3},          {0x03, 0, 0, 4},          {0x60, 0, 0, 3},
	    {0x61, 0, 0, 4},          {0x81, 0, 0, 0},          {0x07, 0, 0, 0},
	    {0x87, 0, 0, 0},          {0x04, 0, 0, 1},          {0x0c, 0, 0, 0},
	    {0x14, 0, 0, 1},          {0x24, 0, 0, 2},          {0x34, 0, 0, 300},
	    {0x44, 0, 0, 1},          {0x54, 0, 0, 1},          {0x64, 0, 0, 4},
	    {0x74, 0, 0, 4},          {0x84, 0, 0, 0},          {0xa4, 0, 0, 0xff},
	    {0x1d, 1, 0, 0},          {0x25, 0, 1, 9},          {0x05, 0, 0, 0},
	    {0x20, 0, 0, 0},          {0x45, 0, 1, 0x40000000}, {0x15, 0, 0, 59},
	    {0x20, 0, 0, 4},          {0x15, 0, 0, 0x40000003}, {0x15, 0, 0, 0xc00000b7},
	    {0x15, 0, 0, 0xc000003e}, {0x15, 0, 0, 1},          {0x28, 1, 2, 3},
	    {0x05, 0, 0, 0xffffffff}, {0x16, 0, 0, 0},          {0x06, 0, 0, 0},
	    {0x06, 0, 0, 0x00050ffe}, {0x06, 0, 0, 0x7ff00005}, {0x06, 0, 0, 0x00030001},
	    {0x06, 0, 0, 0x12345678},
	};
	struct pap_program program = {.insns = insns, .length = sizeof(insns) / sizeof(insns[0])};
	struct pap_text text = {0};

	pap_program_list(&program, PAP_ARCH_X86_64, &text);
	REQUIRE(!text.failed);
	golden_check("filter-foreign.txt", text.data);
	pap_text_free(&text);
}

/* ---- what depends on the kernel ------------------------------------------------------------- */

static const char *const shown[] = {
    "bind",   "chmod",   "connect",  "execve",   "fchmod",    "kill",   "listen",
    "openat", "openat2", "setxattr", "truncate", "utimensat", "socket",
};

static void print_rule(const char *name, const struct pap_rule *r, struct pap_text *out)
{
	static const char *const handlers[] = {"",        " report", " metadata", " listen",
					       " signal", " trace",  " launcher"};
	char verdict[64];

	pap_verdict_name(r->verdict, verdict, sizeof(verdict));
	pap_text_printf(out, "  %-10s %s%s", name, verdict, handlers[r->handler]);
	if (r->verdict == PAP_RET_USER_NOTIF)
		pap_text_printf(out, " else %s", pap_errno_name(r->refusal));
	if (r->cond)
		pap_text_printf(out, " if %s", r->cond->name);
	pap_text_str(out, "\n");
}

static void print_rules(const char *version, bool supervisor, struct pap_text *out)
{
	struct pap_features features;
	struct pap_plan_options options = {
	    .features = pap_features_of(version, PAP_ARCH_X86_64, &features),
	    .denial = supervisor ? PAP_DENIAL_NOTIFY : PAP_DENIAL_ERRNO,
	    .supervisor = supervisor,
	    .describe = true,
	};
	struct pap_policy *policy = pap_policy_new();
	struct pap_origin origin = {.source = "test"};
	struct pap_plan *plan = NULL;

	REQUIRE(policy != NULL && options.features != NULL);
	REQUIRE(pap_policy_promise(policy, "stdio rpath wpath fattr inet", origin, NULL) == 0);
	REQUIRE(pap_policy_grant_port(policy, PAP_NET_CONNECT, PAP_NET_TCP, 443, origin, NULL) ==
		0);
	REQUIRE(pap_policy_grant_port(policy, PAP_NET_LISTEN, PAP_NET_TCP, 80, origin, NULL) == 0);
	REQUIRE(pap_plan_make(policy, &options, &plan, NULL) == 0);
	pap_text_printf(out, "%s, %s\n", version, supervisor ? "supervisor" : "no supervisor");
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		const struct pap_syscall *call = pap_syscall_find(shown[i], strlen(shown[i]));
		const struct pap_call_rules *rules;

		REQUIRE(call != NULL);
		rules = &plan->spec->calls[pap_syscall_id(call)];
		for (unsigned j = 0; j < rules->nrules; j++)
			print_rule(j ? "" : shown[i], &rules->rules[j], out);
		print_rule(rules->nrules ? "" : shown[i], &rules->otherwise, out);
	}
	pap_plan_free(plan);
	pap_policy_free(policy);
}

TEST(rules_on_each_kernel)
{
	struct pap_text text = {0};

	for (unsigned i = 0; pap_features_versions[i]; i++) {
		print_rules(pap_features_versions[i], true, &text);
		print_rules(pap_features_versions[i], false, &text);
	}
	REQUIRE(!text.failed);
	golden_check("filter-rules.txt", text.data);
	pap_text_free(&text);
}
