/* SPDX-License-Identifier: BSD-2-Clause */
#include "capsicum/wall.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capsicum/limit.h"
#include "capsicum/session.h"
#include "compile/plan.h"
#include "kernel/raw.h"
#include "uapi/landlock.h"

/* A program that needs nobody else to start: neither a script nor one that names a loader. */
static bool is_static(int fd)
{
	unsigned char head[4096];
	ssize_t length = pread(fd, head, sizeof(head), 0);
	Elf64_Ehdr elf;

	if (length < (ssize_t)sizeof(elf))
		return false;
	memcpy(&elf, head, sizeof(elf));
	if (memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0 || elf.e_ident[EI_CLASS] != ELFCLASS64 ||
	    elf.e_phentsize != sizeof(Elf64_Phdr))
		return length > 4 && !memcmp(head, ELFMAG, SELFMAG); /* another class: as it is */
	for (unsigned i = 0; i < elf.e_phnum; i++) {
		Elf64_Phdr part;
		size_t at = elf.e_phoff + i * sizeof(part);

		if (at > (size_t)length - sizeof(part))
			return false;
		memcpy(&part, head + at, sizeof(part));
		if (part.p_type == PT_INTERP)
			return false;
	}
	return true;
}

/* The kernel opens what it executes for reading, too. */
static int allow_if_static(int ruleset, int fd)
{
	const struct pap_ll_path_beneath_attr rule = {PAP_LL_FS_EXECUTE | PAP_LL_FS_READ_FILE, fd};

	int rc;

	if (!is_static(fd))
		return 0;
	rc = pap_raw_landlock_add_rule(ruleset, PAP_LL_RULE_PATH_BENEATH, &rule, 0);
	/* Without place in a hierarchy it cannot be named, so it cannot be executed. */
	return rc == -EBADFD ? 0 : rc;
}

static bool is_executable(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 0111);
}

/*
 * A number may have been left no more than to be executed: the file is looked at through
 * others. What cannot be looked at cannot be executed.
 */
static int allow_execution(void *context, int fd)
{
	int ruleset = *(int *)context, pin, file, rc = 0;
	struct pap_held held;
	char name[64];

	if (fd == ruleset || pap_limits_of(fd, &held) < 0 ||
	    !pap_rights_contain(held.limits.rights, pap_right_table[PAP_RIGHT_FEXECVE].bits))
		return 0;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	pin = open(name, O_PATH | O_CLOEXEC);
	if (pin < 0)
		return is_executable(fd) ? allow_if_static(ruleset, fd) : 0;
	if (is_executable(pin) && (file = open(name, O_RDONLY | O_CLOEXEC)) >= 0) {
		rc = allow_if_static(ruleset, file);
		close(file);
	}
	close(pin);
	return rc;
}

int pap_wall_prepare(struct pap_second_wall *wall)
{
	struct pap_ll_ruleset_attr attr = {0};
	int abi = pap_raw_landlock_create_ruleset(NULL, 0, PAP_LANDLOCK_CREATE_RULESET_VERSION);
	int rc;

	wall->ruleset = -1;
	wall->abi = abi > 0 ? (unsigned)abi : 0;
	if (!wall->abi)
		return 0;
	attr.handled_access_fs = pap_landlock_fs(wall->abi);
	attr.handled_access_net = pap_landlock_net(wall->abi);
	attr.scoped = pap_landlock_scope(wall->abi);
	wall->ruleset = pap_raw_landlock_create_ruleset(&attr,
							attr.scoped               ? 24
							: attr.handled_access_net ? 16
										  : 8,
							0);
	if (wall->ruleset < 0)
		return wall->ruleset;
	rc = pap_session_numbers(allow_execution, &wall->ruleset);
	if (rc < 0)
		pap_wall_free(wall);
	return rc;
}

bool pap_wall_holds(const struct pap_second_wall *wall, bool single)
{
	return wall->ruleset >= 0 && (single || wall->abi >= 8);
}

int pap_wall_enter(const struct pap_second_wall *wall)
{
	if (wall->ruleset < 0)
		return 0;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return pap_raw_landlock_restrict_self(wall->ruleset,
					      wall->abi >= 8 ? PAP_LL_RESTRICT_TSYNC : 0);
}

void pap_wall_free(struct pap_second_wall *wall)
{
	if (wall->ruleset >= 0)
		close(wall->ruleset);
	wall->ruleset = -1;
}
