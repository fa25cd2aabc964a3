/* SPDX-License-Identifier: BSD-2-Clause */
/* Calling pledge: words, errors, shrinking, what a violation looks like. */
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "pledge_case.h"

/* ---- words ------------------------------------------------------------------------------- */

TEST(words_that_are_none)
{
	char *long_text = malloc(65536);

	REQUIRE(long_text);
	memset(long_text, ' ', 65535);
	long_text[65535] = '\0';
	CHECK_ERRNO(pledge("stdio nonsense", NULL), EINVAL);
	CHECK_ERRNO(pledge("stdio\trpath", NULL), EINVAL);
	CHECK_ERRNO(pledge("stdio,rpath", NULL), EINVAL);
	CHECK_ERRNO(pledge("STDIO", NULL), EINVAL);
	CHECK_ERRNO(pledge("stdi", NULL), EINVAL);
	CHECK_ERRNO(pledge("stdio", "stdio nonsense"), EINVAL);
	CHECK_ERRNO(pledge(long_text, NULL), ENAMETOOLONG);
	CHECK_ERRNO(pledge("stdio", long_text), ENAMETOOLONG);
	/* nothing of it took effect */
	CHECK_EQ(close(socket(AF_INET, SOCK_STREAM, 0)), 0);
	free(long_text);
}

TEST(pointers_that_lead_nowhere)
{
	long page = sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, 2 * (size_t)page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	REQUIRE(map != MAP_FAILED);
	REQUIRE(mprotect(map + page, (size_t)page, PROT_NONE) == 0);
	CHECK_ERRNO(pledge((char *)1, NULL), EFAULT);
	CHECK_ERRNO(pledge((char *)-4096, NULL), EFAULT);
	CHECK_ERRNO(pledge("stdio", (char *)1), EFAULT);
	CHECK_ERRNO(pledge(map + page, NULL), EFAULT);
	/* begins well and runs into nothing */
	memset(map, ' ', (size_t)page);
	CHECK_ERRNO(pledge(map + page - 3, NULL), EFAULT);
	CHECK_EQ(close(socket(AF_INET, SOCK_STREAM, 0)), 0);
	CHECK_EQ(munmap(map, 2 * (size_t)page), 0);
}

/* A string that ends with its page is as good as any. */
TEST(a_string_at_the_end_of_memory, .sandboxed = true)
{
	long page = sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, 2 * (size_t)page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	REQUIRE(map != MAP_FAILED);
	REQUIRE(mprotect(map + page, (size_t)page, PROT_NONE) == 0);
	memcpy(map + page - 6, "stdio", 6);
	CHECK_EQ(pledge(map + page - 6, NULL), 0);
	CHECK_EQ(pledge(map + page - 6, NULL), 0);
}

TEST(every_promise_parses, .sandboxed = true)
{
	CHECK_EQ(pledge("audio bpf chown cpath disklabel dns dpath drm error exec fattr flock getpw "
			"id inet mcast pf proc prot_exec ps recvfd route rpath sendfd settime stdio "
			"tape tmppath tty unix unveil video vminfo vmm wpath wroute",
			NULL), 0);
}

TEST(spaces_and_repetitions, .sandboxed = true)
{
	CHECK_EQ(pledge("  stdio   rpath stdio  ", NULL), 0);
	CHECK_EQ(pledge("rpath stdio", NULL), 0);
	CHECK_ERRNO(pledge("stdio wpath", NULL), EPERM);
}

/* ---- shrinking --------------------------------------------------------------------------- */

TEST(nothing_at_all_changes_nothing)
{
	CHECK_EQ(pledge(NULL, NULL), 0);
	CHECK_EQ(close(socket(AF_INET, SOCK_STREAM, 0)), 0);
}

TEST(sets_only_shrink, .sandboxed = true)
{
	CHECK_EQ(pledge("stdio rpath wpath proc", NULL), 0);
	CHECK_EQ(pledge(NULL, NULL), 0);
	CHECK_EQ(pledge("stdio rpath wpath proc", NULL), 0);
	CHECK_ERRNO(pledge("stdio rpath wpath proc inet", NULL), EPERM);
	CHECK_ERRNO(pledge("inet", NULL), EPERM);
	CHECK_EQ(pledge("stdio rpath", NULL), 0);
	CHECK_ERRNO(pledge("stdio rpath wpath", NULL), EPERM);
	CHECK_EQ(close(open("/etc/passwd", O_RDONLY)), 0);
	CHECK_EQ(pledge("stdio", NULL), 0);
	CHECK_ERRNO(open("/etc/passwd", O_RDONLY), EACCES);
	CHECK_ERRNO(pledge("stdio rpath", NULL), EPERM);
}

TEST(with_error_asking_for_more_is_cut, .sandboxed = true)
{
	CHECK_EQ(pledge("stdio rpath error", NULL), 0);
	CHECK_EQ(pledge("stdio rpath inet error", NULL), 0);
	CHECK_ERRNO(socket(AF_INET, SOCK_STREAM, 0), ENOSYS);
	CHECK_EQ(close(open("/etc/passwd", O_RDONLY)), 0);
}

TEST(error_cannot_be_added_later, .sandboxed = true)
{
	CHECK_EQ(pledge("stdio", NULL), 0);
	CHECK_ERRNO(pledge("stdio error", NULL), EPERM);
}

static int act_without_stdio(void)
{
	return pledge("", NULL) < 0 ? errno : 0;
}

/* The library needs memory and calls of its own, whatever else was given up. */
TEST(a_set_without_stdio_can_shrink_too)
{
	CHECK_EQ(pledge_result("rpath", act_without_stdio), 0);
	CHECK_EQ(pledge_result("proc", act_without_stdio), 0);
	CHECK_EQ(pledge_result("", act_without_stdio), 0);
}

/* ---- inheritance ------------------------------------------------------------------------- */

static int act_in_child(void)
{
	int status;
	pid_t child = fork();

	if (!child) {
		if (pledge("stdio proc inet", NULL) != -1 || errno != EPERM)
			_exit(1);
		if (pledge("stdio", NULL) < 0)
			_exit(2);
		raise(SIGUSR1);
		_exit(3);
	}
	waitpid(child, &status, 0);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGUSR1 ? 0 : 100 + WEXITSTATUS(status);
}

TEST(children_inherit_and_may_give_up_more)
{
	CHECK_EQ(pledge_result("stdio proc", act_in_child), 0);
}

static int act_abort_in_child(void)
{
	int status;
	pid_t child = fork();

	if (!child)
		abort();
	waitpid(child, &status, 0);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT ? 0 : 1;
}

TEST(children_that_pledge_nothing_can_abort)
{
	CHECK_EQ(pledge_result(NULL, act_abort_in_child), 0);
	CHECK_EQ(pledge_result("stdio proc", act_abort_in_child), 0);
}

static int act_abort(void)
{
	abort();
}

static int act_raise(void)
{
	raise(SIGTERM);
	return 1;
}

TEST(raise_and_abort_work)
{
	CHECK_EQ(pledge_result("stdio", act_abort), -SIGABRT);
	CHECK_EQ(pledge_result("stdio", act_raise), -SIGTERM);
	CHECK_HAS(pledge_try("stdio", act_abort).text, "");
	CHECK_EQ(strlen(pledge_try("stdio", act_abort).text), 0);
}

/* Who shares memory with its parent does not share its filters: nothing may be believed. */
TEST(what_a_vforked_child_did_is_not_believed, .sandboxed = true)
{
	pid_t child = vfork();

	if (!child) {
		pledge("stdio proc", NULL);
		_exit(0);
	}
	REQUIRE(waitpid(child, NULL, 0) == child);
	CHECK_EQ(close(socket(AF_INET, SOCK_STREAM, 0)), 0);
	CHECK_EQ(pledge("stdio proc error", NULL) == 0 || errno == EPERM, 1);
	CHECK_EQ(pledge("stdio proc", NULL), 0);
	fflush(stdout);
	child = fork();
	if (!child) {
		socket(AF_INET, SOCK_STREAM, 0);
		_exit(0);
	}
	int status;
	REQUIRE(waitpid(child, &status, 0) == child);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

/* ---- violations -------------------------------------------------------------------------- */

static int act_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0;
}

TEST(a_violation_says_what_was_missing)
{
	struct pledge_end end = pledge_try("stdio rpath", act_socket);
	char number[64];

	CHECK(WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGABRT);
	snprintf(number, sizeof(number), "pledge \"inet\", syscall %d (socket) at 0x", SYS_socket);
	CHECK_HAS(end.text, number);
	CHECK_HAS(end.text, "]: ");
}

static int act_unveil(void)
{
	unveil("/", "r");
	return 0;
}

TEST(unveil_without_its_promise_is_a_violation)
{
	struct pledge_end end = pledge_try("stdio", act_unveil);

	CHECK(WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGABRT);
	CHECK_HAS(end.text, "pledge \"unveil\"");
}

static void escape(int signal)
{
	(void)signal;
	_exit(77);
}

static int act_caught(void)
{
	struct sigaction action = {.sa_handler = escape};
	sigset_t set;

	sigaction(SIGABRT, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGABRT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return act_socket();
}

TEST(no_handler_survives_a_violation)
{
	CHECK_EQ(pledge_result("stdio", act_caught), DIES);
	CHECK_EQ(pledge_result("stdio inet", act_caught), 0);
}

static int act_replace(void)
{
	struct sigaction action = {.sa_handler = escape}, old;

	if (sigaction(SIGSYS, NULL, &old) < 0)
		return 2;
	if (sigaction(SIGSYS, &action, NULL) != -1 || errno != EPERM)
		return 3;
	return act_socket();
}

static int act_block(void)
{
	sigset_t set;

	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return act_socket();
}

TEST(the_handler_stays)
{
	CHECK_EQ(pledge_result("stdio inet", act_replace), 0);
	CHECK_EQ(pledge_result("stdio", act_replace), DIES);
	/* where it cannot run the kernel ends the process in its own way */
	CHECK_EQ(pledge_result("stdio inet", act_block), 0);
	CHECK_EQ(pledge_result("stdio", act_block), -SIGSYS);
}

/* ---- threads ----------------------------------------------------------------------------- */

static int release[2];

static void *wait_and_violate(void *unused)
{
	char byte;

	(void)unused;
	if (read(release[0], &byte, 1) != 0)
		return NULL;
	socket(AF_INET, SOCK_STREAM, 0);
	return NULL;
}

static int act_thread(void)
{
	pthread_t thread;

	if (pipe(release) < 0 || pthread_create(&thread, NULL, wait_and_violate, NULL))
		return 1;
	if (pledge("stdio", NULL) < 0)
		return 2;
	close(release[1]);
	pthread_join(thread, NULL);
	return 0;
}

TEST(threads_that_exist_are_bound)
{
	CHECK_EQ(pledge_result("stdio inet", act_thread), DIES);
}

static void *raise_here(void *unused)
{
	(void)unused;
	raise(SIGUSR2);
	return NULL;
}

static int act_raise_in_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, raise_here, NULL))
		return 1;
	pthread_join(thread, NULL);
	return 2;
}

static int act_tkill(void)
{
	syscall(SYS_tkill, (int)syscall(SYS_gettid), SIGUSR2);
	return 2;
}

static void *tkill_here(void *unused)
{
	(void)unused;
	syscall(SYS_tkill, (int)syscall(SYS_gettid), SIGUSR2);
	return NULL;
}

static int act_tkill_in_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, tkill_here, NULL))
		return 1;
	pthread_join(thread, NULL);
	return 2;
}

static int act_tkill_parent(void)
{
	syscall(SYS_tkill, getppid(), 0);
	return 2;
}

TEST(threads_signal_themselves_and_nobody_else)
{
	CHECK_EQ(pledge_result("stdio", act_raise_in_thread), -SIGUSR2);
	CHECK_EQ(pledge_result("stdio", act_tkill), -SIGUSR2);
	CHECK_EQ(pledge_result("stdio", act_tkill_in_thread), -SIGUSR2);
	CHECK_EQ(pledge_result("stdio proc", act_tkill_parent), 2);
	CHECK_EQ(pledge_result("stdio", act_tkill_parent), DIES);
}

static void *pledge_here(void *words)
{
	return (void *)(intptr_t)pledge(words, NULL);
}

static int act_at_once(void)
{
	pthread_t threads[8];
	void *result;
	int worked = 0;

	for (int i = 0; i < 8; i++)
		if (pthread_create(&threads[i], NULL, pledge_here, (void *)"stdio rpath"))
			return 1;
	for (int i = 0; i < 8; i++) {
		pthread_join(threads[i], &result);
		worked += (intptr_t)result == 0;
	}
	return worked == 8 ? 0 : 2;
}

TEST(from_several_threads_at_once)
{
	CHECK_EQ(pledge_result(NULL, act_at_once), 0);
}

/* ---- execpromises ------------------------------------------------------------------------- */

static int act_no_exec(void)
{
	char *const arguments[] = {(char[]){"true"}, NULL};

	if (pledge("stdio rpath exec", "") < 0)
		return 2;
	execv("/bin/true", arguments);
	return 3;
}

static int act_same_exec(void)
{
	char *const arguments[] = {(char[]){"true"}, NULL};

	if (pledge("stdio rpath exec", "stdio rpath exec") < 0)
		return 2;
	execv("/bin/true", arguments);
	return 3;
}

TEST(execpromises_that_are_exact)
{
	CHECK_EQ(pledge_result(NULL, act_same_exec), 0);
	CHECK_EQ(pledge_result(NULL, act_no_exec), DIES);
}

TEST(execpromises_that_could_not_be_kept)
{
	CHECK_ERRNO(pledge("stdio exec", "stdio exec inet"), ENOTSUP);
	CHECK_ERRNO(pledge(NULL, "stdio"), ENOTSUP);
	CHECK_EQ(close(socket(AF_INET, SOCK_STREAM, 0)), 0);
}

TEST(execpromises_only_shrink, .sandboxed = true)
{
	CHECK_EQ(pledge("stdio rpath", "stdio inet"), 0);
	CHECK_EQ(pledge(NULL, "stdio"), 0);
	CHECK_ERRNO(pledge(NULL, "stdio inet"), EPERM);
	CHECK_EQ(pledge("stdio", ""), 0);
}
