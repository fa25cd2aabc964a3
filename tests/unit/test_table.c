/* SPDX-License-Identifier: BSD-2-Clause */
/* The generated tables as a whole: order, lookups, and rules that every row keeps. */
#include <stdio.h>
#include <string.h>

#include "harness.h"
#include "table/table.h"

static const struct pap_syscall *find(const char *name)
{
	return pap_syscall_find(name, strlen(name));
}

TEST(calls_are_sorted_by_name)
{
	for (unsigned i = 1; i < PAP_NSYSCALLS; i++)
		CHECK(strcmp(pap_syscall_table[i - 1].name, pap_syscall_table[i].name) < 0);
	CHECK(PAP_NSYSCALLS > 370);
}

TEST(each_call_is_found_by_its_name)
{
	for (unsigned i = 0; i < PAP_NSYSCALLS; i++) {
		const char *name = pap_syscall_table[i].name;
		char longer[64];

		CHECK(find(name) == &pap_syscall_table[i]);
		CHECK_EQ(pap_syscall_id(&pap_syscall_table[i]), i);
		snprintf(longer, sizeof(longer), "%sX", name);
		CHECK(!find(longer));
		CHECK(pap_syscall_find(longer, strlen(name)) == &pap_syscall_table[i]);
	}
}

TEST(unknown_names_are_not_found)
{
	static const char *const names[] = {"",      "a",      "zzz",   "rea",
					    "readx", "OPENAT", " read", "read\n"};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		CHECK(!find(names[i]));
	CHECK(!pap_syscall_find("read\0", 5));
	CHECK(!pap_syscall_find("read", 0));
	CHECK(pap_syscall_find("read", 4) != NULL);
}

TEST(each_call_is_found_by_its_number)
{
	for (unsigned arch = 0; arch < PAP_ARCH_COUNT; arch++) {
		unsigned found = 0;

		for (unsigned i = 0; i < PAP_NSYSCALLS; i++) {
			int number = pap_syscall_table[i].number[arch];

			if (number < 0)
				continue;
			found++;
			CHECK(pap_syscall_by_number(arch, (uint32_t)number) ==
			      &pap_syscall_table[i]);
			CHECK(!pap_syscall_by_number(arch, (uint32_t)number | 0x40000000u));
			CHECK(!pap_syscall_by_number(arch, (uint32_t)number | 0x80000000u));
		}
		CHECK(found > 300);
	}
}

TEST(unknown_numbers_are_not_found)
{
	CHECK(!pap_syscall_by_number(PAP_ARCH_X86_64, 473));
	CHECK(!pap_syscall_by_number(PAP_ARCH_X86_64, 340));
	CHECK(!pap_syscall_by_number(PAP_ARCH_AARCH64, 250));
	CHECK(!pap_syscall_by_number(PAP_ARCH_AARCH64, UINT32_MAX));
	CHECK(!pap_syscall_by_number(PAP_ARCH_COUNT, 0));
	CHECK_STR(pap_syscall_by_number(PAP_ARCH_X86_64, 472)->name, "fchroot");
	CHECK_STR(pap_syscall_by_number(PAP_ARCH_X86_64, 0)->name, "read");
	CHECK_STR(pap_syscall_by_number(PAP_ARCH_AARCH64, 63)->name, "read");
}

TEST(identifiers_are_positions)
{
	CHECK_STR(pap_syscall_table[PAP_SYS_openat].name, "openat");
	CHECK_STR(pap_promise_table[PAP_PROMISE_rpath].name, "rpath");
	CHECK_STR(pap_right_table[PAP_RIGHT_MMAP_RWX].name, "MMAP_RWX");
	CHECK_EQ(find("openat")->number[PAP_ARCH_X86_64], 257);
	CHECK_EQ(find("openat")->number[PAP_ARCH_AARCH64], 56);
	CHECK_EQ(find("open")->number[PAP_ARCH_AARCH64], -1);
}

TEST(each_call_is_described)
{
	for (unsigned i = 0; i < PAP_NSYSCALLS; i++) {
		const struct pap_syscall *call = &pap_syscall_table[i];
		bool plain = call->since_major < 2 || call->since_minor < 40;

		CHECK(strlen(call->about) > 3);
		CHECK(call->since_major >= 1 && plain);
		CHECK(call->heat <= 9 && call->capmode <= PAP_CAP_NOSYS && call->nargs <= 6);
		CHECK(strstr(call->file, ".tbl") && call->line > 0);
		CHECK(call->nexercises > 0);
		CHECK(!call->grave || call->refusal);
		CHECK(call->refusal < 4096);
		for (unsigned a = 0; a < call->nargs; a++)
			CHECK(call->args[a].name[0] && pap_arg_bits(call->args[a].type) >= 32);
	}
}

static bool touched(const struct pap_syscall *call, unsigned arg, unsigned type)
{
	for (unsigned i = 0; i < call->nexercises; i++) {
		const struct pap_exercise *x = &call->exercises[i];

		if ((type == PAP_T_FD || type == PAP_T_DIRFD) && x->arg == arg &&
		    (x->touch == PAP_X_FD || x->touch == PAP_X_LOOKUP))
			return true;
		if (type == PAP_T_PATH && x->path == arg &&
		    (x->touch == PAP_X_LOOKUP || x->touch == PAP_X_PATH))
			return true;
		if (type == PAP_T_PID && x->arg == arg && x->touch == PAP_X_PROCESS)
			return true;
		if (type == PAP_T_ADDR && x->arg == arg && x->touch == PAP_X_ADDRESS)
			return true;
	}
	return false;
}

TEST(what_an_argument_names_is_touched)
{
	unsigned looked = 0;

	for (unsigned i = 0; i < PAP_NSYSCALLS; i++) {
		const struct pap_syscall *call = &pap_syscall_table[i];

		for (unsigned a = 0; a < call->nargs; a++) {
			unsigned type = call->args[a].type;

			if (type != PAP_T_FD && type != PAP_T_DIRFD && type != PAP_T_PATH &&
			    type != PAP_T_PID && type != PAP_T_ADDR)
				continue;
			looked++;
			if (!test_check(touched(call, a, type), call->file, call->line, call->name))
				test_note("argument %s", call->args[a].name);
		}
	}
	CHECK(looked > 250);
}

TEST(lookups_need_the_right_to_look_up)
{
	for (unsigned i = 0; i < PAP_NSYSCALLS; i++) {
		const struct pap_syscall *call = &pap_syscall_table[i];

		for (unsigned e = 0; e < call->nexercises; e++) {
			const struct pap_exercise *x = &call->exercises[e];
			const struct pap_rights *lookup = &pap_right_table[PAP_RIGHT_LOOKUP].bits;

			if (x->touch != PAP_X_LOOKUP || x->rule != PAP_RR_FIXED)
				continue;
			test_check(x->rights.word[0] & lookup->word[0], call->file, call->line,
				   call->name);
		}
	}
}

/* Set of the arguments that a condition looks at. */
static unsigned looks_at(const struct pap_cond *cond)
{
	unsigned args = 0;

	for (unsigned c = 0; c < cond->nclauses; c++)
		for (unsigned t = 0; t < cond->clauses[c].ntests; t++)
			args |= 1u << cond->clauses[c].tests[t].arg;
	return args;
}

static void check_cond(const struct pap_syscall *call, const struct pap_cond *cond)
{
	if (!cond)
		return;
	test_check(cond->name[0] && cond->about[0] && cond->nclauses, call->file, call->line,
		   call->name);
	test_check(looks_at(cond) >> call->nargs == 0, call->file, call->line, cond->name);
	for (unsigned c = 0; c < cond->nclauses; c++) {
		CHECK(cond->clauses[c].ntests > 0);
		for (unsigned t = 0; t < cond->clauses[c].ntests; t++) {
			const struct pap_test *test = &cond->clauses[c].tests[t];
			uint64_t full = test->bits == 32 ? UINT32_MAX : UINT64_MAX;

			CHECK_EQ(test->bits, pap_arg_bits(call->args[test->arg].type));
			CHECK((test->mask & ~full) == 0 && test->mask);
			CHECK((test->symbol == PAP_SYM_NONE) == (test->nranges > 0));
			for (unsigned r = 0; r < test->nranges; r++) {
				CHECK(test->ranges[r].lo <= test->ranges[r].hi);
				CHECK(r == 0 || test->ranges[r].lo > test->ranges[r - 1].hi);
			}
		}
	}
}

TEST(conditions_fit_their_calls)
{
	for (unsigned i = 0; i < PAP_NSYSCALLS; i++) {
		const struct pap_syscall *call = &pap_syscall_table[i];

		check_cond(call, call->grave);
		for (unsigned p = 0; p < call->npermits; p++)
			check_cond(call, call->permits[p].cond);
		for (unsigned e = 0; e < call->nexercises; e++)
			check_cond(call, call->exercises[e].cond);
	}
}

TEST(unconditional_permits_come_first)
{
	unsigned mixed = 0;

	for (unsigned i = 0; i < PAP_NSYSCALLS; i++) {
		const struct pap_syscall *call = &pap_syscall_table[i];
		bool conditional = false;

		for (unsigned p = 0; p < call->npermits; p++) {
			mixed += !call->permits[0].cond && call->permits[p].cond;
			test_check(!conditional || call->permits[p].cond, call->file, call->line,
				   call->name);
			conditional = call->permits[p].cond;
		}
	}
	CHECK(mixed > 0);
}

TEST(promises_are_found)
{
	unsigned nothing = 0;

	for (int i = 0; i < PAP_NPROMISES; i++) {
		const struct pap_promise *promise = &pap_promise_table[i];

		CHECK_EQ(pap_promise_find(promise->name, strlen(promise->name)), i);
		CHECK(promise->about[0]);
		nothing += promise->grants_nothing;
	}
	CHECK_EQ(PAP_NPROMISES, 36);
	CHECK_EQ(nothing, 6);
	CHECK_EQ(pap_promise_find("stdi", 4), -1);
	CHECK_EQ(pap_promise_find("stdiox", 6), -1);
	CHECK_EQ(pap_promise_find("stdiox", 5), PAP_PROMISE_stdio);
	CHECK_EQ(pap_promise_find("", 0), -1);
	CHECK_EQ(pap_promise_find("stdio\0", 6), -1);
}

TEST(openbsd_names_are_all_there)
{
	static const char names[] = "audio bpf chown cpath disklabel dns dpath drm error exec "
				    "fattr flock getpw id inet mcast "
				    "pf proc prot_exec ps recvfd route rpath sendfd settime stdio "
				    "tape tmppath tty unix unveil "
				    "video vminfo vmm wpath wroute";
	unsigned count = 0;

	for (const char *word = names; *word; count++) {
		size_t length = strcspn(word, " ");

		test_check(pap_promise_find(word, length) >= 0, __FILE__, __LINE__, word);
		word += length + (word[length] == ' ');
	}
	CHECK_EQ(count, 36);
}

TEST(promises_that_grant_nothing_permit_nothing)
{
	pap_promises granted = 0;

	for (unsigned i = 0; i < PAP_NSYSCALLS; i++)
		for (unsigned p = 0; p < pap_syscall_table[i].npermits; p++)
			granted |= pap_syscall_table[i].permits[p].promises;
	for (unsigned i = 0; i < PAP_NPROMISES; i++) {
		if (pap_promise_table[i].grants_nothing)
			CHECK(!(granted >> i & 1));
	}
	CHECK(granted & PAP_PROMISE_BIT(stdio));
}

TEST(rights_are_freebsds)
{
	struct pap_rights all = {{0, 0}};
	static const struct {
		unsigned id;
		uint64_t word0, word1;
	} known[] = {
	    {PAP_RIGHT_PREAD, 0xd, 0},           {PAP_RIGHT_PWRITE, 0xe, 0},
	    {PAP_RIGHT_MMAP_R, 0x1d, 0},         {PAP_RIGHT_MMAP_W, 0x1e, 0},
	    {PAP_RIGHT_MMAP_X, 0x3c, 0},         {PAP_RIGHT_FSTATAT, 0x80400, 0},
	    {PAP_RIGHT_UNLINKAT, 0x10000400, 0}, {PAP_RIGHT_KQUEUE, 0, 0x100040},
	    {PAP_RIGHT_PDKILL, 0, 0x800},
	};

	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		CHECK_EQ(pap_right_table[known[i].id].bits.word[0], known[i].word0);
		CHECK_EQ(pap_right_table[known[i].id].bits.word[1], known[i].word1);
	}
	for (unsigned i = 0; i < PAP_NRIGHTS; i++) {
		const struct pap_right *right = &pap_right_table[i];

		CHECK(right->about[0]);
		if (right->linux_only) {
			CHECK_EQ(right->bits.word[0], 0);
			CHECK_EQ(right->bits.word[1] & ((1ull << 40) - 1), 0);
			continue;
		}
		all.word[0] |= right->bits.word[0];
		all.word[1] |= right->bits.word[1];
	}
	CHECK_EQ(all.word[0], 0xfffffffffff);
	CHECK_EQ(all.word[1], 0xffffff);
}

TEST(constants_are_found)
{
	uint64_t value = 0;

	CHECK(pap_constant_find("O_CREAT", 7, &value));
	CHECK_EQ(value, 0x40);
	CHECK(pap_constant_find("AT_FDCWD", 8, &value));
	CHECK_EQ((int64_t)value, -100);
	CHECK(pap_constant_find_arch(PAP_ARCH_X86_64, "O_DIRECTORY", 11, &value));
	CHECK_EQ(value, 0x10000);
	CHECK(pap_constant_find_arch(PAP_ARCH_AARCH64, "O_DIRECTORY", 11, &value));
	CHECK_EQ(value, 0x4000);
	value = 7;
	CHECK(!pap_constant_find("O_CREA", 6, &value));
	CHECK(!pap_constant_find("O_CREATE", 8, &value));
	CHECK(!pap_constant_find("", 0, &value));
	CHECK_EQ(value, 7);
	CHECK_STR(pap_constant_name(PAP_ARCH_X86_64, "AF_", 10), "AF_INET6");
	CHECK(!pap_constant_name(PAP_ARCH_X86_64, "AF_", 12345));
}

TEST(architectures_have_names)
{
	enum pap_arch arch;

	for (unsigned i = 0; i < PAP_ARCH_COUNT; i++) {
		CHECK(pap_arch_from_name(pap_arch_name(i), &arch));
		CHECK_EQ(arch, i);
	}
	CHECK(!pap_arch_from_name("i386", &arch));
	CHECK(!pap_arch_from_name("", &arch));
	CHECK_EQ(pap_arch_audit(PAP_ARCH_X86_64), 0xc000003e);
	CHECK_EQ(pap_arch_audit(PAP_ARCH_AARCH64), 0xc00000b7);
	CHECK(pap_arch_native() < PAP_ARCH_COUNT);
}

TEST(widths_are_what_the_kernel_looks_at)
{
	CHECK_EQ(pap_arg_bits(PAP_T_NONE), 0);
	CHECK_EQ(pap_arg_bits(PAP_T_FD), 32);
	CHECK_EQ(pap_arg_bits(PAP_T_CMD), 32);
	CHECK_EQ(pap_arg_bits(PAP_T_GID), 32);
	CHECK_EQ(pap_arg_bits(PAP_T_PATH), 64);
	CHECK_EQ(pap_arg_bits(PAP_T_ULONG), 64);
	CHECK_EQ(pap_arg_bits(PAP_T_ULONG + 1), 0);
}
