/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arguments that are wrong: each gets its errno and changes nothing, before anything is
 * limited, after that, and in capability mode.
 */
#include <errno.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "capsicum_case.h"

/* Memory that cannot be touched, after memory that can. */
static char *edge(void)
{
	char *pages =
	    mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	REQUIRE(pages != MAP_FAILED && mprotect(pages + 4096, 4096, PROT_NONE) == 0);
	return pages + 4096;
}

static void bad_numbers(void)
{
	static const int numbers[] = {-1, -100, 999, 1 << 30, INT32_MIN};
	cap_rights_t rights;
	cap_ioctl_t command = 1;
	uint32_t mask;

	cap_rights_init(&rights, CAP_READ);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		CHECK_ERRNO(cap_rights_limit(numbers[i], &rights), EBADF);
		CHECK_ERRNO(cap_rights_get(numbers[i], &rights), EBADF);
		CHECK_ERRNO(cap_ioctls_limit(numbers[i], &command, 1), EBADF);
		CHECK_ERRNO(cap_ioctls_get(numbers[i], &command, 1), EBADF);
		CHECK_ERRNO(cap_fcntls_limit(numbers[i], CAP_FCNTL_ALL), EBADF);
		CHECK_ERRNO(cap_fcntls_get(numbers[i], &mask), EBADF);
	}
}

static void bad_memory(int fd)
{
	char *end = edge(), *const places[] = {NULL, end, end - 2};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		CHECK_ERRNO(cap_rights_limit(fd, (cap_rights_t *)places[i]), EFAULT);
		CHECK_ERRNO(cap_rights_get(fd, (cap_rights_t *)places[i]), EFAULT);
		CHECK_ERRNO(cap_ioctls_limit(fd, (cap_ioctl_t *)places[i], 1), EFAULT);
		CHECK_ERRNO(cap_fcntls_get(fd, (uint32_t *)places[i]), EFAULT);
		CHECK_ERRNO(cap_getmode((unsigned *)places[i]), EFAULT);
	}
	/* The first half can be read, the second cannot. */
	CHECK_ERRNO(cap_rights_limit(fd, (cap_rights_t *)(void *)(end - 8)), EFAULT);
	CHECK_ERRNO(cap_rights_get(fd, (cap_rights_t *)(void *)(end - 8)), EFAULT);
	CHECK_ERRNO(cap_ioctls_limit(fd, (cap_ioctl_t *)(void *)(end - 8), 2), EFAULT);
	CHECK_EQ(cap_ioctls_get(fd, NULL, 100), CAP_IOCTLS_ALL);
	CHECK_EQ(cap_ioctls_get(fd, (cap_ioctl_t *)(void *)end, 100), CAP_IOCTLS_ALL);
}

static void bad_values(int fd)
{
	const cap_ioctl_t command = 1;
	cap_rights_t rights;

	cap_rights_init(&rights, CAP_READ);
	rights.cr_rights[0] |= 1ULL << 62;
	CHECK_ERRNO(cap_rights_limit(fd, &rights), EINVAL);
	rights = (cap_rights_t){{CAP_READ, CAP_READ}};
	CHECK_ERRNO(cap_rights_limit(fd, &rights), EINVAL);
	rights = (cap_rights_t){{CAP_READ, CAPRIGHT(1, 1ULL << 30)}};
	CHECK_ERRNO(cap_rights_limit(fd, &rights), EINVAL);
	CHECK_ERRNO(__cap_rights_get(1, fd, &rights), EINVAL);
	CHECK_ERRNO(__cap_rights_get(-1, fd, &rights), EINVAL);
	CHECK_ERRNO(cap_fcntls_limit(fd, 1), EINVAL);
	CHECK_ERRNO(cap_fcntls_limit(fd, UINT32_MAX), EINVAL);
	CHECK_ERRNO(cap_ioctls_limit(fd, &command, SIZE_MAX), EINVAL);
	CHECK_ERRNO(cap_ioctls_limit(fd, &command, SIZE_MAX / sizeof(command) + 2), EINVAL);
}

static void is_unchanged(int fd)
{
	cap_rights_t all, got;
	uint32_t mask = 0;

	CAP_ALL(&all);
	CHECK_EQ(cap_rights_get(fd, &got), 0);
	CHECK(cap_rights_contains(&got, &all));
	CHECK_EQ(cap_fcntls_get(fd, &mask), 0);
	CHECK_EQ(mask, CAP_FCNTL_ALL);
	CHECK_EQ(cap_ioctls_get(fd, NULL, 0), CAP_IOCTLS_ALL);
	CHECK_EQ(write(fd, "x", 1), 1);
}

static void try_everything(int fd)
{
	bad_numbers();
	bad_memory(fd);
	bad_values(fd);
	is_unchanged(fd);
}

TEST(before_anything_is_limited)
{
	int fd = new_file();

	try_everything(fd);
	CHECK(!cap_sandboxed());
	close(fd);
}

TEST(after_a_limit, .sandboxed = true)
{
	const cap_ioctl_t some[] = {1, 2, 3};
	int fd = new_file(), other = dup(fd);
	char *end = edge();

	LIMIT(other, CAP_READ, CAP_IOCTL);
	try_everything(fd);
	CHECK_EQ(cap_ioctls_limit(other, some, 3), 0);
	CHECK_ERRNO(cap_ioctls_get(other, (cap_ioctl_t *)(void *)end, 1), EFAULT);
	CHECK_ERRNO(cap_ioctls_get(other, (cap_ioctl_t *)(void *)(end - 8), 2), EFAULT);
	CHECK_EQ(cap_ioctls_get(other, (cap_ioctl_t *)(void *)(end - 8), 1), 3);
	CHECK_EQ(*(cap_ioctl_t *)(void *)(end - 8), 1);
	CHECK_EQ(cap_ioctls_get(other, (cap_ioctl_t *)(void *)(end - 24), 100), 3);
	CHECK_EQ(cap_ioctls_get(other, (cap_ioctl_t *)(void *)end, 0), 3);
}

TEST(in_the_mode, .sandboxed = true)
{
	int fd = new_file();

	REQUIRE(cap_enter() == 0);
	try_everything(fd);
	CHECK_EQ(cap_enter(), 0);
}

TEST(without_a_supervisor_too, .sandboxed = true)
{
	const struct rlimit none = {0, 0};
	int fd = new_file(), other = dup(fd);

	REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0 && setrlimit(RLIMIT_NPROC, &none) == 0);
	LIMIT(other, CAP_READ);
	try_everything(fd);
	REQUIRE(cap_enter() == 0);
	try_everything(fd);
}

TEST(success_leaves_errno_alone, .sandboxed = true)
{
	int fd = new_file();
	unsigned mode;
	cap_rights_t rights;

	errno = 77;
	LIMIT(fd, CAP_READ);
	CHECK_EQ(errno, 77);
	CHECK_EQ(cap_fcntls_limit(fd, 0), 0);
	CHECK_EQ(cap_rights_get(fd, &rights), 0);
	CHECK_EQ(errno, 77);
	CHECK_EQ(cap_enter(), 0);
	CHECK_EQ(cap_getmode(&mode), 0);
	CHECK_EQ(mode, 1);
	CHECK_EQ(errno, 77);
}

static void with_few_numbers(rlim_t count)
{
	const struct rlimit few = {count, count};
	int fd = new_file(), plain = dup(fd);
	char byte;

	REQUIRE(setrlimit(RLIMIT_NOFILE, &few) == 0);
	LIMIT(fd, CAP_READ);
	CHECK_EQ(read(fd, &byte, 1), 1);
	CHECK_ERRNO(write(fd, "x", 1), ENOTCAPABLE);
	CHECK_EQ(write(plain, "x", 1), 1);
	REQUIRE(cap_enter() == 0);
	CHECK_ERRNO(write(fd, "x", 1), ENOTCAPABLE);
	CHECK_ERRNO(open("/", O_RDONLY), ECAPMODE);
}

TEST(no_numbers_left, .sandboxed = true)
{
	with_few_numbers(0);
}

TEST(sixteen_numbers, .sandboxed = true)
{
	with_few_numbers(16);
}
