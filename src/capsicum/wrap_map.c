/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mmap that gives limited descriptors the mappings that their rights allow. The kernel
 * remembers how a description was opened, and a shared mapping of one that can be written
 * can be made writable later: filters refuse it where the right to write is missing. Before
 * entering the file can be opened again for reading, and a mapping of that stays as it is;
 * afterwards a private mapping takes its place.
 */
#undef _FILE_OFFSET_BITS

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/codes.h"
#include "capsicum/limit.h"
#include "kernel/raw.h"

static long raw_mmap(void *address, size_t length, int prot, int flags, int fd, int64_t offset)
{
	return pap_raw_call(PAP_SYS_mmap, (long)(uintptr_t)address, (long)length, prot, flags, fd,
			    (long)offset);
}

static bool holds(const struct pap_held *held, unsigned right)
{
	return pap_rights_contain(held->limits.rights, pap_right_table[right].bits);
}

static long map_again(void *address, size_t length, int prot, int flags, int fd, int64_t offset)
{
	struct pap_held held;
	char name[32];
	int again;
	long rc;

	if (pap_limits_of(fd, &held) < 0 || !holds(&held, PAP_RIGHT_MMAP))
		return -PAP_ENOTCAPABLE;
	/* Nothing will ever be seen of it: whoever makes it readable lacks the right to read. */
	if (prot == PROT_NONE && !holds(&held, PAP_RIGHT_MMAP_R))
		return raw_mmap(address, length, prot,
				(flags & ~MAP_TYPE) | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!holds(&held, PAP_RIGHT_MMAP_R) || (prot & PROT_WRITE) ||
	    ((prot & PROT_EXEC) && !holds(&held, PAP_RIGHT_MMAP_X)))
		return -PAP_ENOTCAPABLE;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	again = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	/* In the mode there is no name: a private mapping shows the same, and never writes it. */
	if (again < 0)
		return raw_mmap(address, length, prot, (flags & ~MAP_TYPE) | MAP_PRIVATE, fd, offset);
	rc = raw_mmap(address, length, prot, flags, again, offset);
	(void)pap_raw_call(PAP_SYS_close, again, 0, 0, 0, 0, 0);
	return rc;
}

static void *map(void *address, size_t length, int prot, int flags, int fd, int64_t offset)
{
	int saved = errno;
	long rc = raw_mmap(address, length, prot, flags, fd, offset);

	if (rc == -PAP_ENOTCAPABLE && !(flags & MAP_ANONYMOUS))
		rc = map_again(address, length, prot, flags, fd, offset);
	if (rc < 0 && rc > -4096) {
		errno = (int)-rc;
		return MAP_FAILED;
	}
	errno = saved;
	return (void *)rc;
}

void *mmap(void *address, size_t length, int prot, int flags, int fd, off_t offset)
{
	return map(address, length, prot, flags, fd, offset);
}

void *mmap64(void *address, size_t length, int prot, int flags, int fd, off64_t offset)
{
	return map(address, length, prot, flags, fd, offset);
}
