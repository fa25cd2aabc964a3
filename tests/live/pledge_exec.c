/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs that are executed after a pledge. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "pledge_case.h"

static char file[4096], script[8300];
static const char *promises, *execpromises;

static void prepare(void)
{
	snprintf(file, sizeof(file), "%s/made", test_directory());
	snprintf(script, sizeof(script), ": > %s && kill -TERM $$", file);
}

static int become(char *const arguments[])
{
	execv(arguments[0], arguments);
	return errno;
}

/* A shell that makes the file and then ends itself by SIGTERM. */
static int act_shell(void)
{
	char *const arguments[] = {(char[]){"/bin/sh"}, (char[]){"-c"}, script, NULL};

	if (promises && pledge(promises, execpromises) < 0)
		return PLEDGE_FAILED;
	return become(arguments);
}

static int act_forked_shell(void)
{
	int status;
	pid_t child;

	if (promises && pledge(promises, execpromises) < 0)
		return PLEDGE_FAILED;
	child = fork();
	if (!child) {
		promises = NULL;
		_exit(act_shell());
	}
	if (waitpid(child, &status, 0) < 0)
		return 119;
	return WIFSIGNALED(status) ? 64 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int act_system(void)
{
	int status;

	if (promises && pledge(promises, execpromises) < 0)
		return PLEDGE_FAILED;
	status = system(script);
	return WIFSIGNALED(status) ? 64 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int under(const char *words, const char *exec_words, pledge_act *act)
{
	promises = words;
	execpromises = exec_words;
	unlink(file);
	return pledge_result(NULL, act);
}

static bool made(void)
{
	return access(file, F_OK) == 0;
}

#define WIDE "stdio rpath wpath cpath proc exec"

TEST(programs_run_under_the_promises)
{
	prepare();
	CHECK_EQ(under(NULL, NULL, act_shell), -SIGTERM);
	CHECK(made());
	CHECK_EQ(under(WIDE, NULL, act_shell), -SIGTERM);
	CHECK(made());
	CHECK_EQ(under(WIDE, NULL, act_system), 64 + SIGTERM);
	CHECK(made());
}

/* What is forbidden is refused to them; it is the pledged program itself that dies of it. */
TEST(without_execpromises_programs_are_refused_and_live)
{
	prepare();
	CHECK_EQ(under("stdio rpath proc exec", NULL, act_shell), 2);
	CHECK(!made());
	CHECK_EQ(under("stdio rpath proc exec", NULL, act_system), 2);
	CHECK(!made());
}

static int act_own_violation(void)
{
	if (pledge("stdio rpath proc exec", NULL) < 0)
		return PLEDGE_FAILED;
	return open(file, O_WRONLY | O_CREAT, 0600) < 0;
}

TEST(the_program_itself_dies_nevertheless)
{
	prepare();
	CHECK_EQ(pledge_result(NULL, act_own_violation), DIES);
	CHECK(!made());
}

TEST(the_same_execpromises)
{
	prepare();
	CHECK_EQ(under(WIDE, WIDE, act_shell), -SIGTERM);
	CHECK(made());
	CHECK_EQ(under("stdio rpath exec", "stdio rpath exec", act_shell), -SIGSYS);
	CHECK(!made());
}

TEST(narrower_execpromises)
{
	static pledge_act *const acts[] = {act_forked_shell, act_system};

	prepare();
	CHECK_EQ(under(WIDE, "stdio rpath wpath cpath", act_shell), -SIGTERM);
	CHECK(made());
	CHECK_EQ(under(WIDE, "stdio rpath wpath", act_shell), -SIGSYS);
	CHECK(!made());
	for (size_t i = 0; i < 2; i++) {
		/* the process that executes is another one than the one that pledged */
		CHECK_EQ(under(WIDE, "stdio rpath wpath cpath", acts[i]), 64 + SIGTERM);
		CHECK(made());
		CHECK_EQ(under(WIDE, "stdio rpath wpath", acts[i]), 64 + SIGSYS);
		CHECK(!made());
	}
}

static int act_missing_program(void)
{
	char *const missing[] = {(char[]){"/does/not/exist"}, NULL};

	if (pledge(WIDE, "stdio rpath") < 0)
		return PLEDGE_FAILED;
	if (become(missing) != ENOENT)
		return 1;
	/* nothing narrower is in force yet */
	return close(open(file, O_WRONLY | O_CREAT, 0600)) < 0;
}

TEST(a_program_that_is_not_there)
{
	prepare();
	CHECK_EQ(pledge_result(NULL, act_missing_program), 0);
	CHECK(made());
}

static int act_signal_mask(void)
{
	char *const arguments[] = {(char[]){"/bin/grep"}, (char[]){"-q"},
				   (char[]){"^SigBlk:.*0000000000000200$"},
				   (char[]){"/proc/self/status"}, NULL};
	sigset_t set;

	if (promises && pledge(promises, execpromises) < 0)
		return PLEDGE_FAILED;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_SETMASK, &set, NULL);
	return become(arguments);
}

TEST(the_signal_mask_is_handed_on)
{
	prepare();
	CHECK_EQ(under(NULL, NULL, act_signal_mask), 0);
	CHECK_EQ(under(WIDE, "stdio rpath", act_signal_mask), 0);
}

static int act_directly(void)
{
	char *const arguments[] = {(char[]){"/bin/sh"}, (char[]){"-c"}, script, NULL};
	char *const environment[] = {NULL};
	int fd = open("/bin/sh", O_RDONLY | O_CLOEXEC);

	if (pledge(WIDE, "stdio rpath") < 0)
		return PLEDGE_FAILED;
	fexecve(fd, arguments, environment);
	return errno;
}

TEST(no_other_way_to_execute)
{
	prepare();
	CHECK_EQ(pledge_result(NULL, act_directly), DIES);
	CHECK(!made());
}

TEST(what_cannot_be_kept_is_refused)
{
	CHECK_ERRNO(pledge("stdio exec", "stdio inet"), ENOTSUP);
	CHECK_ERRNO(pledge("stdio rpath exec", "stdio exec"), ENOTSUP);
	CHECK_ERRNO(pledge(NULL, "stdio"), ENOTSUP);
	CHECK_EQ(close(socket(AF_INET, SOCK_STREAM, 0)), 0);
}
