/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control of the ports: in the place of our library it makes the same program run
 * without its sandbox, and changes nothing else.
 */
#undef _FILE_OFFSET_BITS

#include <stdarg.h>
#include <sys/capsicum.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int cap_enter(void)
{
	return 0;
}

int cap_rights_limit(int fd, const cap_rights_t *rights)
{
	(void)fd;
	(void)rights;
	return 0;
}

int cap_ioctls_limit(int fd, const cap_ioctl_t *commands, size_t count)
{
	(void)fd;
	(void)commands;
	(void)count;
	return 0;
}

int cap_fcntls_limit(int fd, uint32_t commands)
{
	(void)fd;
	(void)commands;
	return 0;
}

cap_rights_t *__cap_rights_init(int version, cap_rights_t *rights, ...)
{
	(void)version;
	return rights;
}

cap_rights_t *__cap_rights_set(cap_rights_t *rights, ...)
{
	return rights;
}

cap_rights_t *__cap_rights_clear(cap_rights_t *rights, ...)
{
	return rights;
}

/* The functions of libc that ours takes the place of are the calls alone. */

int close(int fd)
{
	return (int)syscall(SYS_close, fd);
}

int dup2(int from, int to)
{
	return from == to ? to : (int)syscall(SYS_dup3, from, to, 0);
}

int fstat(int fd, struct stat *status)
{
	return (int)syscall(SYS_fstat, fd, status);
}

int fstat64(int fd, struct stat64 *status)
{
	return (int)syscall(SYS_fstat, fd, status);
}

void *mmap(void *address, size_t length, int prot, int flags, int fd, off_t offset)
{
	return (void *)syscall(SYS_mmap, address, length, prot, flags, fd, offset);
}

void *mmap64(void *address, size_t length, int prot, int flags, int fd, off64_t offset)
{
	return (void *)syscall(SYS_mmap, address, length, prot, flags, fd, offset);
}
