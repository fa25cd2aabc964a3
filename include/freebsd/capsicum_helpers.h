/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What programs do before they enter capability mode, in one call each; see
 * capsicum_helpers(3). All of it is made of the functions of <sys/capsicum.h>. A kernel
 * without Capsicum (ENOSYS) is no failure here: the program then runs unconfined, as
 * these functions have it on FreeBSD. Who wants the failure calls cap_enter(3) itself.
 */
#ifndef PAPRIKA_FREEBSD_CAPSICUM_HELPERS_H
#define PAPRIKA_FREEBSD_CAPSICUM_HELPERS_H

#include <errno.h>
#include <nl_types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capsicum.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#ifdef __has_include
#if __has_include(<libcasper.h>)
#include <libcasper.h>
#endif
#endif

#define CAPH_IGNORE_EBADF	0x0001 /* a descriptor that is not open is no failure */
#define CAPH_READ		0x0002 /* the stream is read */
#define CAPH_WRITE		0x0004 /* ... written */
#define CAPH_LOOKUP		0x0008 /* ... a directory with files to be opened */

/*
 * TCGETS2, which C libraries from 2025 on ask terminals for: the kernel's own
 * definition does not go together with <termios.h>.
 */
#define PAPRIKA_CAPH_TCGETS2	0x802c542aUL

#ifdef __cplusplus
extern "C" {
#endif

/* Makes the set that a stream needs: what flags name, and what stdio asks of any stream. */
static inline void caph_stream_rights(cap_rights_t *rights, int flags)
{
	cap_rights_init(rights, CAP_FCNTL, CAP_FSTAT, CAP_SEEK, CAP_EVENT, CAP_IOCTL);
	if (flags & CAPH_READ)
		cap_rights_set(rights, CAP_READ);
	if (flags & CAPH_WRITE)
		cap_rights_set(rights, CAP_WRITE);
	if (flags & CAPH_LOOKUP)
		cap_rights_set(rights, CAP_LOOKUP);
}

/*
 * Limits a descriptor to these rights, to asking whether it is a terminal of which size,
 * and to F_GETFL. 0, or -1 with errno as from cap_rights_limit(3).
 */
static inline int caph_limit_stream(int fd, int flags)
{
	static const cap_ioctl_t commands[] = {TCGETS, TIOCGWINSZ, PAPRIKA_CAPH_TCGETS2};
	cap_rights_t rights;

	caph_stream_rights(&rights, flags);
	if (cap_rights_limit(fd, &rights) < 0 && errno != ENOSYS)
		return errno == EBADF && (flags & CAPH_IGNORE_EBADF) ? 0 : -1;
	if (cap_ioctls_limit(fd, commands, sizeof(commands) / sizeof(commands[0])) < 0 &&
	    errno != ENOSYS)
		return -1;
	if (cap_fcntls_limit(fd, CAP_FCNTL_GETFL) < 0 && errno != ENOSYS)
		return -1;
	return 0;
}

static inline int caph_limit_stdin(void)
{
	return caph_limit_stream(STDIN_FILENO, CAPH_READ);
}

static inline int caph_limit_stdout(void)
{
	return caph_limit_stream(STDOUT_FILENO, CAPH_WRITE);
}

static inline int caph_limit_stderr(void)
{
	return caph_limit_stream(STDERR_FILENO, CAPH_WRITE);
}

/* All three; those that are not open are left out. */
static inline int caph_limit_stdio(void)
{
	if (caph_limit_stream(STDIN_FILENO, CAPH_READ | CAPH_IGNORE_EBADF) < 0 ||
	    caph_limit_stream(STDOUT_FILENO, CAPH_WRITE | CAPH_IGNORE_EBADF) < 0 ||
	    caph_limit_stream(STDERR_FILENO, CAPH_WRITE | CAPH_IGNORE_EBADF) < 0)
		return -1;
	return 0;
}

/*
 * Reads the time zone now, because later it cannot be. Without TZ glibc looks at
 * /etc/localtime again for each localtime(3) and falls back to UTC when it cannot; with
 * TZ it reads the file once. So TZ is set where it is not: call this before there are
 * threads.
 */
static inline void caph_cache_tzdata(void)
{
	setenv("TZ", ":/etc/localtime", 0);
	tzset();
}

/* Loads the messages of strerror(3) in the language that setlocale(3) chose. */
static inline void caph_cache_catpages(void)
{
	nl_catd catalogue = catopen("libc", NL_CAT_LOCALE);

	if (catalogue != (nl_catd)-1)
		catclose(catalogue);
	(void)strerror(EPERM);
}

/* cap_enter, cap_rights_limit, cap_ioctls_limit, cap_fcntls_limit; ENOSYS is no failure. */
static inline int caph_enter(void)
{
	return cap_enter() < 0 && errno != ENOSYS ? -1 : 0;
}

static inline int caph_rights_limit(int fd, const cap_rights_t *rights)
{
	return cap_rights_limit(fd, rights) < 0 && errno != ENOSYS ? -1 : 0;
}

static inline int caph_ioctls_limit(int fd, const cap_ioctl_t *cmds, size_t ncmds)
{
	return cap_ioctls_limit(fd, cmds, ncmds) < 0 && errno != ENOSYS ? -1 : 0;
}

static inline int caph_fcntls_limit(int fd, uint32_t fcntlrights)
{
	return cap_fcntls_limit(fd, fcntlrights) < 0 && errno != ENOSYS ? -1 : 0;
}

/*
 * caph_enter for a program whose Casper services are separate processes. Compiled
 * without Casper, services are plain functions of the process, which capability mode
 * would end: then 0, and nothing is entered.
 */
static inline int caph_enter_casper(void)
{
#if defined(CASPER_SUPPORT) && CASPER_SUPPORT
	return caph_enter();
#else
	return 0;
#endif
}

#ifdef __cplusplus
}
#endif

#endif
