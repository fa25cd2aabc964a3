/* SPDX-License-Identifier: BSD-2-Clause */
/* Plans of a process that confines itself, on kernels that are not at hand. */
#include <fcntl.h>
#include <signal.h>

#include "plan_case.h"

enum { SELF = 4711 };

static struct plan_case pledged(const char *version, const char *words, bool veiled)
{
	struct plan_case c = plan_case(version);

	c.options.supervisor = false;
	c.options.denial = PAP_DENIAL_TRAP;
	c.options.pledged = true;
	c.options.describe = true;
	c.options.rules_only = true;
	c.options.self_tgid = SELF;
	promise(&c, words);
	if (!veiled)
		grant(&c, "/", R | W | X);
	return c;
}

/* The action, with the errno where there is one. */
static uint32_t answer(struct plan_case *c, const char *name, const uint64_t args[6])
{
	const struct pap_syscall *call = pap_syscall_find(name, strlen(name));
	struct pap_seccomp_data data = {.arch = pap_arch_audit(PAP_ARCH_X86_64)};
	uint32_t verdict;

	REQUIRE(call != NULL);
	data.nr = call->number[PAP_ARCH_X86_64];
	memcpy(data.args, args, sizeof(data.args));
	verdict = pap_filter_naive(c->plan->spec, &data, NULL);
	return (verdict & PAP_RET_ACTION_FULL) == PAP_RET_TRAP ? PAP_RET_TRAP : verdict;
}

#define ASK(c, name, ...) answer(c, name, (const uint64_t[6]){__VA_ARGS__})
#define REFUSED(error) (PAP_RET_ERRNO | (error))

static void check_opening(const char *version, uint8_t opens, uint32_t reading, uint32_t device)
{
	struct plan_case c = pledged(version, "stdio", false);

	c.options.opens = opens;
	REQUIRE(make(&c) == 0);
	CHECK_EQ(ASK(&c, "openat", 0, 0, O_RDONLY), reading);
	CHECK_EQ(ASK(&c, "open", 0, O_RDONLY), reading);
	CHECK_EQ(ASK(&c, "openat", 0, 0, O_RDWR), device);
	CHECK_EQ(ASK(&c, "openat", 0, 0, O_WRONLY), PAP_RET_TRAP);
	CHECK_EQ(ASK(&c, "openat", 0, 0, O_RDWR | O_TRUNC), PAP_RET_TRAP);
	CHECK_EQ(ASK(&c, "openat", 0, 0, O_RDONLY | O_TRUNC), PAP_RET_TRAP);
	CHECK_EQ(ASK(&c, "openat", 0, 0, O_RDWR | O_CREAT, 0600), PAP_RET_TRAP);
	done(&c);
}

TEST(opening_is_let_through_only_where_a_domain_judges)
{
	check_opening("5.10", 0, REFUSED(EACCES), PAP_RET_TRAP);
	check_opening("6.1", R, PAP_RET_ALLOW, PAP_RET_TRAP);
	check_opening("6.12", R | W, PAP_RET_ALLOW, PAP_RET_ALLOW);
	check_opening("7.3", W, REFUSED(EACCES), PAP_RET_ALLOW);
}

TEST(metadata_behind_a_veil)
{
	struct plan_case c = pledged("6.12", "stdio rpath fattr", true);

	REQUIRE(make(&c) == 0);
	CHECK_EQ(ASK(&c, "fchmod", 3, 0600), PAP_RET_ALLOW);
	CHECK_EQ(ASK(&c, "fsetxattr", 3, 1, 1, 1), PAP_RET_ALLOW);
	CHECK_EQ(ASK(&c, "utimensat", 3, 0, 0, 0), PAP_RET_ALLOW);
	CHECK_EQ(ASK(&c, "utimensat", 3, 0x1000, 0, 0), REFUSED(EPERM));
	CHECK_EQ(ASK(&c, "chmod", 0x1000, 0600), REFUSED(EPERM));
	CHECK_EQ(ASK(&c, "fchmodat2", 3, 0x1000, 0600, 0), REFUSED(EPERM));
	CHECK_EQ(ASK(&c, "setxattr", 0x1000, 1, 1, 1), REFUSED(EPERM));
	done(&c);
	c = pledged("6.12", "stdio rpath fattr", false);
	REQUIRE(make(&c) == 0);
	CHECK_EQ(ASK(&c, "chmod", 0x1000, 0600), PAP_RET_ALLOW);
	done(&c);
	c = pledged("6.12", "stdio fattr", false);
	REQUIRE(make(&c) == 0);
	CHECK_EQ(ASK(&c, "chmod", 0x1000, 0600), PAP_RET_TRAP);
	CHECK_EQ(ASK(&c, "fchmod", 3, 0600), PAP_RET_ALLOW);
	done(&c);
}

TEST(truncation_where_landlock_does_not_judge_it)
{
	struct plan_case c = pledged("6.1", "stdio rpath wpath", true);

	REQUIRE(make(&c) == 0);
	CHECK_EQ(ASK(&c, "truncate", 0x1000, 0), REFUSED(EACCES));
	CHECK_EQ(ASK(&c, "openat", 0, 0, O_RDONLY | O_TRUNC), REFUSED(EACCES));
	CHECK_EQ(ASK(&c, "openat", 0, 0, O_WRONLY | O_TRUNC), PAP_RET_ALLOW);
	done(&c);
	c = pledged("6.12", "stdio rpath wpath", true);
	REQUIRE(make(&c) == 0);
	CHECK_EQ(ASK(&c, "truncate", 0x1000, 0), PAP_RET_ALLOW);
	done(&c);
}

TEST(what_ends_a_process_is_always_permitted)
{
	struct plan_case c = pledged("6.12", "proc", false);

	c.options.keeps_handler = true;
	REQUIRE(make(&c) == 0);
	CHECK_EQ(ASK(&c, "rt_sigaction", SIGABRT, 0x1000), PAP_RET_ALLOW);
	CHECK_EQ(ASK(&c, "rt_sigaction", SIGSYS, 0x1000), REFUSED(EPERM));
	CHECK_EQ(ASK(&c, "rt_sigaction", SIGUSR1, 0x1000), PAP_RET_TRAP);
	CHECK_EQ(ASK(&c, "rt_sigprocmask"), PAP_RET_ALLOW);
	/* and so is what the next pledge needs */
	CHECK_EQ(ASK(&c, "seccomp", 1, 1), PAP_RET_ALLOW);
	CHECK_EQ(ASK(&c, "seccomp", 1, 8), REFUSED(EBUSY));
	CHECK_EQ(ASK(&c, "brk"), PAP_RET_ALLOW);
	CHECK_EQ(ASK(&c, "mmap", 0, 4096, 3, 0x22), PAP_RET_ALLOW);
	CHECK_EQ(ASK(&c, "read"), PAP_RET_TRAP);
	done(&c);
}

TEST(an_empty_set_needs_nothing_more)
{
	struct plan_case c = pledged("6.12", "stdio", false);

	c.policy->promises = 0;
	REQUIRE(make(&c) == 0);
	CHECK_EQ(ASK(&c, "brk"), PAP_RET_TRAP);
	CHECK_EQ(ASK(&c, "seccomp", 1, 1) != PAP_RET_ALLOW, 1);
	CHECK_EQ(ASK(&c, "rt_sigaction", SIGABRT, 0x1000), PAP_RET_ALLOW);
	CHECK_EQ(ASK(&c, "tgkill", SELF, SELF, SIGABRT), PAP_RET_ALLOW);
	CHECK_EQ(ASK(&c, "tgkill", SELF + 1, SELF, SIGABRT), PAP_RET_TRAP);
	CHECK_EQ(ASK(&c, "exit_group"), PAP_RET_ALLOW);
	done(&c);
}

TEST(with_a_key_nobody_else_executes)
{
	struct plan_case c = pledged("6.12", "stdio rpath exec", false);

	c.options.exec_key = 0x123456789abcdef0;
	REQUIRE(make(&c) == 0);
	CHECK_EQ(ASK(&c, "execve", 1, 2, 3, 0, 0, 0x123456789abcdef0), PAP_RET_ALLOW);
	CHECK_EQ(ASK(&c, "execve", 1, 2, 3, 0, 0, 0x9abcdef0), PAP_RET_TRAP);
	CHECK_EQ(ASK(&c, "execve", 1, 2, 3, 0, 0, 0), PAP_RET_TRAP);
	CHECK_EQ(ASK(&c, "execveat", 1, 2, 3, 0, 0, 0x123456789abcdef0), PAP_RET_TRAP);
	done(&c);
	c = pledged("6.12", "stdio rpath exec", false);
	REQUIRE(make(&c) == 0);
	CHECK_EQ(ASK(&c, "execve", 1, 2, 3), PAP_RET_ALLOW);
	done(&c);
}

TEST(unveil_looks_names_up)
{
	struct plan_case c = pledged("6.12", "stdio unveil", false);

	REQUIRE(make(&c) == 0);
	CHECK_EQ(ASK(&c, "readlink", 0x1000), PAP_RET_ALLOW);
	CHECK_EQ(ASK(&c, "openat", 0, 0, O_PATH), PAP_RET_ALLOW);
	CHECK_EQ(ASK(&c, "openat", 0, 0, O_RDONLY), REFUSED(EACCES));
	done(&c);
	c = pledged("6.12", "stdio", false);
	REQUIRE(make(&c) == 0);
	CHECK_EQ(ASK(&c, "readlink", 0x1000), REFUSED(EACCES));
	CHECK_EQ(ASK(&c, "openat", 0, 0, O_PATH), REFUSED(EACCES));
	done(&c);
}
