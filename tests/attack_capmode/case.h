/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What attacks from capability mode begin with. The attacker makes its calls itself:
 * functions of a library may be friendlier than the kernel is.
 */
#ifndef PAP_TESTS_ATTACK_CAPMODE_CASE_H
#define PAP_TESTS_ATTACK_CAPMODE_CASE_H

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/capsicum.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness.h"
#include "warden/control.h"

#define RAW(...) syscall(__VA_ARGS__)

/* Refused by the sandbox, not failed for a reason of the test's own making. */
#define REFUSED(call)                                                                  \
	do {                                                                           \
		errno = 0;                                                             \
		CHECK((call) == -1 && (errno == ECAPMODE || errno == ENOTCAPABLE ||    \
				       errno == ENOSYS || errno == EBADF));            \
	} while (0)

#define LIMIT(fd, ...)                                                                           \
	do {                                                                                     \
		cap_rights_t limited_to;                                                         \
		REQUIRE(cap_rights_limit((fd), cap_rights_init(&limited_to, __VA_ARGS__)) == 0); \
	} while (0)

static inline int own_directory(void)
{
	int fd = open(test_directory(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	REQUIRE(fd >= 0);
	return fd;
}

static inline int file_in(int directory, const char *name)
{
	int fd = openat(directory, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	REQUIRE(fd >= 0 && write(fd, "some text\n", 10) == 10 && lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static inline int new_file(void)
{
	int directory = own_directory(), fd = file_in(directory, "file");

	close(directory);
	return fd;
}

/* The call that the library makes, by whoever likes to. */
static inline long control(unsigned operation, long number, void *argument)
{
	return RAW(SYS_nfsservctl, (long)operation, number, argument);
}

static inline int ledger_number(void)
{
	return (int)(control(PAP_CONTROL_STATE, 0, NULL) >> 8);
}

/* A limit that is announced, without the filter that would enforce it. */
static inline long announce(int fd, const struct pap_control *limits)
{
	struct pap_control copy = *limits;

	return control(PAP_CONTROL_COMMIT, fd, &copy);
}

/* What a number is said to have, in the words of the control call. */
static inline struct pap_control said(int fd)
{
	struct pap_control limits;

	memset(&limits, 0, sizeof(limits));
	REQUIRE(control(PAP_CONTROL_GET, fd, &limits) == 0);
	limits.given = PAP_GIVEN_RIGHTS | PAP_GIVEN_FCNTLS | PAP_GIVEN_IOCTLS;
	return limits;
}

#endif
