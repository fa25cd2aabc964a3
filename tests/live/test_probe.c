/* SPDX-License-Identifier: BSD-2-Clause */
/* The probe's answers against what the kernel really does when asked in earnest. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compile/plan.h"
#include "harness.h"
#include "kernel/probe.h"
#include "kernel/raw.h"
#include "uapi/kernel.h"

static struct pap_features ask(void)
{
	struct pap_features features;

	REQUIRE(pap_probe(&features) == 0);
	return features;
}

static int ruleset(uint64_t fs, uint64_t net, uint64_t scope, unsigned abi)
{
	struct pap_ll_ruleset_attr attr = {fs, net, scope};
	size_t size = abi >= 6 ? sizeof(attr) : abi >= 4 ? 16 : 8;

	return pap_raw_landlock_create_ruleset(&attr, size, 0);
}

TEST(landlock_takes_every_right_of_its_abi)
{
	unsigned abi = ask().landlock_abi;
	int fd;

	if (!abi) {
		CHECK(ruleset(PAP_LL_FS_EXECUTE, 0, 0, 1) < 0);
		return;
	}
	fd = ruleset(pap_landlock_fs(abi), pap_landlock_net(abi), pap_landlock_scope(abi), abi);
	CHECK(fd >= 0);
	close(fd);
}

TEST(landlock_knows_no_more_than_its_abi)
{
	unsigned abi = ask().landlock_abi;
	uint64_t fs = pap_landlock_fs(11) & ~pap_landlock_fs(abi);
	uint64_t net = pap_landlock_net(11) & ~pap_landlock_net(abi);

	if (fs)
		CHECK_EQ(ruleset(fs, 0, 0, abi), abi ? -EINVAL : -ENOSYS);
	if (net && abi >= 4)
		CHECK_EQ(ruleset(0, net, 0, abi), -EINVAL);
	/* and beyond what anybody knows */
	CHECK(ruleset(1ull << 63, 0, 0, abi) < 0);
}

TEST(landlock_refuses_what_it_handles, .sandboxed = true)
{
	int fd;

	if (!ask().landlock_abi)
		SKIP("no Landlock");
	fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC); /* the control */
	CHECK(fd >= 0);
	close(fd);
	fd = ruleset(PAP_LL_FS_READ_FILE, 0, 0, 1);
	REQUIRE(fd >= 0);
	REQUIRE(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHECK_EQ(pap_raw_landlock_restrict_self(fd, 0), 0);
	CHECK_ERRNO(open("/etc/passwd", O_RDONLY | O_CLOEXEC), EACCES);
}

TEST(close_range_marks_descriptors)
{
	bool says = ask().close_range_cloexec;
	int fd = dup(0);
	int rc = pap_raw_close_range((unsigned)fd, (unsigned)fd, PAP_CLOSE_RANGE_CLOEXEC);

	CHECK_EQ(rc == 0, says);
	CHECK_EQ(fcntl(fd, F_GETFD) == FD_CLOEXEC, says);
	close(fd);
}

TEST(pidfd_getfd_fetches)
{
	bool says = ask().pidfd_getfd;
	int pidfd = pap_raw_pidfd_open(getpid(), 0);
	int fd = pap_raw_pidfd_getfd(pidfd, 0, 0);
	struct stat a, b;

	CHECK_EQ(fd >= 0, says);
	if (fd >= 0) {
		CHECK_EQ(fstat(0, &a) | fstat(fd, &b), 0);
		CHECK(a.st_ino == b.st_ino && a.st_dev == b.st_dev);
		close(fd);
	}
	close(pidfd);
}

static int thread_pidfd(unsigned flags)
{
	int fd = pap_raw_pidfd_open(pap_raw_gettid(), flags);

	if (fd >= 0)
		close(fd);
	return fd;
}

static void *in_a_thread(void *says)
{
	CHECK(thread_pidfd(0) < 0); /* the control: a thread that leads no group */
	CHECK_EQ(thread_pidfd(PAP_PIDFD_THREAD) >= 0, *(bool *)says);
	return NULL;
}

TEST(pidfd_thread_names_a_thread)
{
	bool says = ask().pidfd_thread;
	pthread_t thread;

	REQUIRE(pthread_create(&thread, NULL, in_a_thread, &says) == 0);
	pthread_join(thread, NULL);
}

TEST(openat2_stays_beneath)
{
	struct pap_open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = PAP_RESOLVE_BENEATH};
	bool says = ask().openat2;
	int dir = open("/usr", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int inside = pap_raw_openat2(dir, "bin", &how, sizeof(how));

	CHECK_EQ(inside >= 0, says);
	if (says)
		CHECK_EQ(pap_raw_openat2(dir, "../etc", &how, sizeof(how)), -EXDEV);
	if (inside >= 0)
		close(inside);
	close(dir);
}

TEST(passrights_keeps_descriptors_out)
{
	struct pap_features features;
	char control[CMSG_SPACE(sizeof(int))] = {0}, byte = 'x';
	struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int pair[2], off = 0;

	REQUIRE(pap_probe_deep(&features) == 0);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	CHECK_EQ(sendmsg(pair[0], &message, 0), 1); /* the control */
	CHECK_EQ(setsockopt(pair[1], PAP_SOL_SOCKET, PAP_SO_PASSRIGHTS, &off, sizeof(off)) == 0,
		 features.passrights);
	if (features.passrights)
		CHECK_ERRNO(sendmsg(pair[0], &message, 0), EPERM);
	close(pair[0]);
	close(pair[1]);
}

/* ---- filters ---------------------------------------------------------------------------------- */

static int install(unsigned flags)
{
	struct pap_bpf_insn allow = {PAP_BPF_RET_K, 0, 0, PAP_RET_ALLOW};
	struct {
		unsigned short length;
		struct pap_bpf_insn *insns;
	} program = {1, &allow};

	REQUIRE(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	return pap_raw_seccomp(PAP_SECCOMP_SET_MODE_FILTER, flags, &program);
}

TEST(a_filter_can_be_installed, .sandboxed = true)
{
	bool says = ask().seccomp_filter;

	CHECK_EQ(install(0) == 0, says);
}

TEST(a_filter_can_be_installed_on_all_threads, .sandboxed = true)
{
	bool says = ask().seccomp_tsync;

	CHECK_EQ(install(PAP_SECCOMP_FILTER_FLAG_TSYNC) == 0, says);
}

TEST(a_listener_can_be_had, .sandboxed = true)
{
	struct pap_features features;

	REQUIRE(pap_probe_deep(&features) == 0);
	CHECK_EQ(install(PAP_SECCOMP_FILTER_FLAG_NEW_LISTENER) >= 0,
		 features.seccomp_notify && !features.listener_taken);
}

TEST(a_listener_can_wait_killably, .sandboxed = true)
{
	struct pap_features features;

	REQUIRE(pap_probe_deep(&features) == 0);
	CHECK_EQ(install(PAP_SECCOMP_FILTER_FLAG_NEW_LISTENER |
			 PAP_SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV) >= 0,
		 features.seccomp_wait_killable && !features.listener_taken);
}

TEST(a_taken_listener_is_noticed, .sandboxed = true)
{
	struct pap_features features;

	REQUIRE(pap_probe_deep(&features) == 0);
	if (!features.seccomp_notify || features.listener_taken)
		SKIP("no listener to be had");
	REQUIRE(install(PAP_SECCOMP_FILTER_FLAG_NEW_LISTENER) >= 0);
	REQUIRE(pap_probe_deep(&features) == 0);
	CHECK(features.listener_taken);
	CHECK(features.seccomp_notify);
}

/* ---- namespaces, and what a probe leaves ---------------------------------------------------------- */

TEST(user_namespaces_are_what_a_child_gets)
{
	struct pap_features features;
	int status;
	pid_t pid;

	REQUIRE(pap_probe_deep(&features) == 0);
	pid = fork();
	REQUIRE(pid >= 0);
	if (!pid)
		_exit(unshare(CLONE_NEWUSER) < 0 || unshare(CLONE_NEWNS) < 0);
	REQUIRE(waitpid(pid, &status, 0) == pid);
	CHECK_EQ(WIFEXITED(status) && WEXITSTATUS(status) == 0, features.user_namespaces);
}

TEST(the_cheap_probe_agrees_with_the_deep_one)
{
	struct pap_features cheap = ask(), deep;

	REQUIRE(pap_probe_deep(&deep) == 0);
	CHECK_EQ(cheap.landlock_abi, deep.landlock_abi);
	CHECK_EQ(cheap.landlock_errata, deep.landlock_errata);
	CHECK_EQ(cheap.seccomp_notify, deep.seccomp_notify);
	CHECK_EQ(cheap.arch, deep.arch);
	/* It may not know, but it must not promise. */
	CHECK(!cheap.seccomp_addfd_send || deep.seccomp_addfd_send || deep.listener_taken);
	CHECK(!cheap.seccomp_sync_wake_up || deep.seccomp_sync_wake_up);
}

TEST(a_probe_leaves_no_trace)
{
	struct pap_features features;
	int no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
	int seccomp = prctl(PR_GET_SECCOMP);
	pid_t child;
	int status;

	REQUIRE(pap_probe_deep(&features) == 0);
	CHECK_EQ(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), no_new_privs);
	CHECK_EQ(prctl(PR_GET_SECCOMP), seccomp);
	child = waitpid(-1, &status, WNOHANG);
	CHECK_EQ(child, -1);
	CHECK_EQ(errno, ECHILD);
}
