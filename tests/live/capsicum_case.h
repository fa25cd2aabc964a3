/* SPDX-License-Identifier: BSD-2-Clause */
/* What cases about limits begin with. */
#ifndef PAP_TESTS_LIVE_CAPSICUM_CASE_H
#define PAP_TESTS_LIVE_CAPSICUM_CASE_H

#include <fcntl.h>
#include <sys/capsicum.h>
#include <unistd.h>

#include "harness.h"

/* Opened while that is possible. */
static inline int own_directory(void)
{
	int fd = open(test_directory(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	REQUIRE(fd >= 0);
	return fd;
}

/* Open for reading and writing, with the offset at its beginning. */
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

#define LIMIT(fd, ...)                                                                           \
	do {                                                                                     \
		cap_rights_t limited_to;                                                         \
		REQUIRE(cap_rights_limit((fd), cap_rights_init(&limited_to, __VA_ARGS__)) == 0); \
	} while (0)

#endif
