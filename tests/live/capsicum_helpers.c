/* SPDX-License-Identifier: BSD-2-Clause */
/* <capsicum_helpers.h>: what streams are left, and what works after it. */
#include <capsicum_helpers.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "harness.h"

/* The far end of a new terminal, closed when the case ends. */
static int terminal(void)
{
	int near = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), far;

	REQUIRE(near >= 0 && grantpt(near) == 0 && unlockpt(near) == 0);
	far = open(ptsname(near), O_RDWR | O_NOCTTY | O_CLOEXEC);
	REQUIRE(far >= 0);
	return far;
}

static bool same(const cap_rights_t *a, const cap_rights_t *b)
{
	return cap_rights_contains(a, b) && cap_rights_contains(b, a);
}

TEST(rights_of_streams)
{
	cap_rights_t rights, wanted;

	caph_stream_rights(&rights, 0);
	cap_rights_init(&wanted, CAP_EVENT, CAP_FCNTL, CAP_FSTAT, CAP_IOCTL, CAP_SEEK);
	CHECK(same(&rights, &wanted));
	caph_stream_rights(&rights, CAPH_READ | CAPH_WRITE | CAPH_LOOKUP | CAPH_IGNORE_EBADF);
	cap_rights_set(&wanted, CAP_READ, CAP_WRITE, CAP_LOOKUP);
	CHECK(same(&rights, &wanted));
}

TEST(a_terminal_that_was_limited, .sandboxed = true)
{
	int fd = terminal(), other = terminal();
	cap_rights_t rights, wanted;
	struct winsize size;
	struct stat status;

	REQUIRE(caph_limit_stream(fd, CAPH_WRITE) == 0);
	REQUIRE(cap_rights_get(fd, &rights) == 0);
	caph_stream_rights(&wanted, CAPH_WRITE);
	CHECK(same(&rights, &wanted));
	for (int entered = 0; entered < 2; entered++) {
		CHECK(isatty(fd));
		CHECK_EQ(ioctl(fd, TIOCGWINSZ, &size), 0);
		CHECK_EQ(fstat(fd, &status), 0);
		CHECK_EQ(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDWR);
		CHECK_EQ(write(fd, "x", 1), 1);
		CHECK_ERRNO(read(fd, &size, 1), ENOTCAPABLE);
		CHECK_ERRNO(fcntl(fd, F_SETFL, 0), ENOTCAPABLE);
		/* The mode refuses it for every descriptor. */
		CHECK_ERRNO(ioctl(fd, TIOCSWINSZ, &size), entered ? ECAPMODE : ENOTCAPABLE);
		if (!entered) {
			CHECK_EQ(fcntl(other, F_SETFL, 0), 0);
			CHECK_EQ(ioctl(other, TIOCSWINSZ, &size), 0);
			REQUIRE(caph_enter() == 0);
			CHECK(cap_sandboxed());
		}
	}
}

TEST(standard_streams, .sandboxed = true)
{
	cap_rights_t in, out, wanted;
	char byte;
	int ends[2];

	REQUIRE(pipe(ends) == 0 && dup2(ends[0], 0) == 0 && dup2(ends[1], 1) == 1);
	CHECK_EQ(caph_limit_stdin(), 0);
	CHECK_EQ(caph_limit_stdout(), 0);
	CHECK_EQ(caph_limit_stderr(), 0);
	REQUIRE(cap_rights_get(0, &in) == 0 && cap_rights_get(1, &out) == 0);
	caph_stream_rights(&wanted, CAPH_READ);
	CHECK(same(&in, &wanted));
	caph_stream_rights(&wanted, CAPH_WRITE);
	CHECK(same(&out, &wanted));
	CHECK_EQ(write(1, "x", 1), 1);
	CHECK_EQ(read(0, &byte, 1), 1);
	CHECK_ERRNO(write(0, "x", 1), ENOTCAPABLE);
	CHECK_EQ(caph_limit_stdio(), 0); /* again */
}

TEST(what_is_not_open, .sandboxed = true, .leaves_fds = -1)
{
	REQUIRE(close(0) == 0);
	CHECK_ERRNO(caph_limit_stdin(), EBADF);
	CHECK_EQ(caph_limit_stream(0, CAPH_READ | CAPH_IGNORE_EBADF), 0);
	CHECK_EQ(caph_limit_stdio(), 0);
}

TEST(limits_one_by_one, .sandboxed = true)
{
	const cap_ioctl_t none[1] = {FIONREAD};
	cap_rights_t rights;
	uint32_t fcntls;
	int ends[2];

	REQUIRE(pipe(ends) == 0);
	cap_rights_init(&rights, CAP_READ, CAP_FCNTL, CAP_IOCTL);
	CHECK_EQ(caph_rights_limit(ends[0], &rights), 0);
	CHECK_EQ(caph_fcntls_limit(ends[0], CAP_FCNTL_GETFL), 0);
	CHECK_EQ(caph_ioctls_limit(ends[0], none, 1), 0);
	CHECK_EQ(cap_fcntls_get(ends[0], &fcntls), 0);
	CHECK_EQ(fcntls, CAP_FCNTL_GETFL);
	CHECK_EQ(cap_ioctls_get(ends[0], NULL, 0), 1);
	cap_rights_set(&rights, CAP_WRITE);
	CHECK_ERRNO(caph_rights_limit(ends[0], &rights), ENOTCAPABLE);
	CHECK_ERRNO(caph_fcntls_limit(ends[0], CAP_FCNTL_ALL), ENOTCAPABLE);
	CHECK_ERRNO(caph_rights_limit(-1, &rights), EBADF);
}

/* The zone is that of the machine, so what is compared is before with after. */
TEST(times_and_messages_that_were_loaded, .sandboxed = true)
{
	time_t now = 1750000000;
	struct tm before, after;
	char message[128];

	unsetenv("TZ");
	before = *localtime(&now);
	snprintf(message, sizeof(message), "%s", strerror(ENOENT));
	caph_cache_tzdata();
	caph_cache_catpages();
	CHECK_STR(getenv("TZ"), ":/etc/localtime");
	REQUIRE(caph_enter() == 0);
	after = *localtime(&now);
	CHECK_EQ(after.tm_gmtoff, before.tm_gmtoff);
	CHECK_EQ(after.tm_hour, before.tm_hour);
	CHECK_STR(strerror(ENOENT), message);
}

TEST(a_zone_that_is_set_stays)
{
	setenv("TZ", "ABC-5", 1);
	caph_cache_tzdata();
	CHECK_STR(getenv("TZ"), "ABC-5");
	CHECK_EQ(timezone, -5 * 3600);
}

/* Another zone than the machine's, read from its file before and never after. */
TEST(a_zone_from_a_file, .sandboxed = true)
{
	time_t now = 1750000000;

	setenv("TZ", ":/usr/share/zoneinfo/Asia/Tokyo", 1);
	if (access("/usr/share/zoneinfo/Asia/Tokyo", R_OK) < 0)
		SKIP("there are no time zones");
	caph_cache_tzdata();
	REQUIRE(caph_enter() == 0);
	CHECK_EQ(localtime(&now)->tm_gmtoff, 9 * 3600);
}

TEST(without_casper_nothing_is_entered)
{
	CHECK_EQ(caph_enter_casper(), 0);
	CHECK(!cap_sandboxed());
}

/* A kernel that has no filters, as far as this process can tell. */
static void lose_seccomp(void)
{
	struct sock_filter code[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof(code) / sizeof(code[0]), code};

	REQUIRE(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	REQUIRE(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0);
}

TEST(a_kernel_without_capsicum, .sandboxed = true)
{
	cap_rights_t rights;
	int ends[2];

	REQUIRE(pipe(ends) == 0);
	lose_seccomp();
	cap_rights_init(&rights, CAP_READ);
	CHECK_ERRNO(cap_rights_limit(ends[0], &rights), ENOSYS);
	CHECK_ERRNO(cap_enter(), ENOSYS);
	CHECK_EQ(caph_rights_limit(ends[0], &rights), 0);
	CHECK_EQ(caph_limit_stream(ends[0], CAPH_READ), 0);
	CHECK_EQ(caph_limit_stdio(), 0);
	CHECK_EQ(caph_enter(), 0);
	CHECK(!cap_sandboxed());
}
