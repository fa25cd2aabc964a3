/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every call of the table against every right that it needs: on a descriptor that lacks
 * one bit of them it fails with ENOTCAPABLE, whatever else is wrong with it (all other
 * arguments are 0), and on one that has just these it fails with anything else or works.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "capmode/limits.h"
#include "capsicum/rights.h"
#include "capsicum_case.h"
#include "table/table.h"

/*
 * Calls that make another reference, or look up what no filter and no supervisor does for
 * them: never on a limited descriptor, whatever it has.
 */
static const unsigned never[] = {
    PAP_SYS_fspick,         PAP_SYS_mount_setattr, PAP_SYS_move_mount,
    PAP_SYS_open_tree,     PAP_SYS_open_tree_attr, PAP_SYS_pidfd_getfd,   PAP_SYS_name_to_handle_at,
};

/* Calls that the mode permits with some arguments, of which 0 is none. */
static const unsigned choosy[] = {PAP_SYS_execveat, PAP_SYS_getsockopt, PAP_SYS_setsockopt};

#define IS_ONE_OF(list, id) is_one_of((list), sizeof(list) / sizeof((list)[0]), (id))

static bool is_one_of(const unsigned *list, size_t count, unsigned id)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == id)
			return true;
	return false;
}

/*
 * What a call needs only where an argument that is 0 here says so: flags in memory, and
 * a path, without which utimensat is about the descriptor itself.
 */
static bool depends(unsigned id, unsigned word, uint64_t mask, bool entering)
{
	bool lookup = word == 0 && mask == pap_right_table[PAP_RIGHT_LOOKUP].bits.word[0];

	/* Nothing is looked up by a null path, and looking needs no LOOKUP before entering. */
	return id == PAP_SYS_openat2 || (id == PAP_SYS_utimensat && lookup) ||
	       (!entering && lookup && (id == PAP_SYS_newfstatat || id == PAP_SYS_statx));
}

/* A table entry with one descriptor of which fixed rights are needed, always. */
static bool is_plain(const struct pap_exercise *x)
{
	return (x->touch == PAP_X_FD || x->touch == PAP_X_LOOKUP) && x->rule == PAP_RR_FIXED &&
	       !x->cond && (x->rights.word[0] || x->rights.word[1]);
}

/* Rights that the call may need through any argument, since all are the same descriptor. */
static struct pap_rights needed(const struct pap_syscall *call)
{
	struct pap_rights all = {{0, 0}};

	for (unsigned i = 0; i < call->nexercises; i++) {
		all.word[0] |= call->exercises[i].rights.word[0];
		all.word[1] |= call->exercises[i].rights.word[1];
	}
	return all;
}

/* What the call says in a process of its own, on a file with these rights: 0 or an error. */
static int outcome(int directory, const struct pap_syscall *call, struct pap_rights rights,
		   bool enter)
{
	cap_rights_t set;
	int status;
	pid_t pid;

	REQUIRE(fchmod(directory, 0700) == 0); /* the last one may have been about that */
	pid = fork();
	REQUIRE(pid >= 0);
	if (pid == 0) {
		int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY);
		long args[6] = {0}, rc;

		pap_rights_to_set(rights, &set);
		if (cap_rights_limit(fd, &set) < 0 || (enter && cap_enter() < 0))
			_exit(255);
		for (unsigned i = 0; i < call->nexercises; i++)
			if (call->exercises[i].touch == PAP_X_FD ||
			    call->exercises[i].touch == PAP_X_LOOKUP)
				args[call->exercises[i].arg] = fd;
		rc = syscall(call->number[pap_arch_native()], args[0], args[1], args[2], args[3],
			     args[4], args[5]);
		_exit(rc >= 0 ? 0 : errno == ENOTCAPABLE ? 254 : errno == ECAPMODE ? 253 : errno);
	}
	REQUIRE(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void lacks_one(int directory, unsigned id, const struct pap_exercise *x, bool enter)
{
	const struct pap_syscall *call = &pap_syscall_table[id];

	for (unsigned bit = 0; bit < 114; bit++) {
		unsigned word = bit / 57;
		uint64_t mask = 1ULL << bit % 57;
		struct pap_rights rights = pap_limits_full.rights;
		int got;

		if (!(x->rights.word[word] & mask) || depends(id, word, mask, enter))
			continue;
		rights.word[word] &= ~mask;
		got = outcome(directory, call, rights, enter);
		/* In the mode it may be refused altogether. */
		if (enter && (call->capmode != PAP_CAP_RIGHTS || IS_ONE_OF(choosy, id)) &&
		    (got == 253 || got == ENOSYS))
			continue;
		test_check_eq(got, 254, __FILE__, __LINE__, call->name, "ENOTCAPABLE");
	}
}

static void try_all(bool enter)
{
	int directory = own_directory();
	unsigned seen = 0;

	for (unsigned id = 0; id < PAP_NSYSCALLS; id++) {
		const struct pap_syscall *call = &pap_syscall_table[id];
		bool plain = false;

		if (call->number[pap_arch_native()] < 0)
			continue;
		for (unsigned e = 0; e < call->nexercises; e++)
			if (is_plain(&call->exercises[e])) {
				lacks_one(directory, id, &call->exercises[e], enter);
				plain = true;
			}
		seen += plain;
		if (plain && !enter)
			test_check_eq(outcome(directory, call, needed(call), false) == 254,
				      IS_ONE_OF(never, id), __FILE__, __LINE__, call->name,
				      "refused whatever it has");
		if (plain && enter && call->capmode == PAP_CAP_RIGHTS && !IS_ONE_OF(choosy, id))
			test_check(outcome(directory, call, needed(call), true) < 253, __FILE__,
				   __LINE__, call->name);
	}
	CHECK(seen > 80);
	close(directory);
}

TEST(every_call_needs_its_rights, .timeout = 120)
{
	try_all(false);
}

TEST(every_call_needs_its_rights_in_the_mode, .timeout = 120)
{
	try_all(true);
}
