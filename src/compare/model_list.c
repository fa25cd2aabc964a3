/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A strict allow-list, as one writes with libseccomp for a program that one knows well: the
 * calls of this very job and no more, with the arguments that registers show. It is
 * compiled by our own compiler; the verdicts are those that libseccomp's would have.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>

#include "compare/model.h"

#define FLAGS_OF_WRITING                                                                           \
	(O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | O_PATH | 020000000 /* __O_TMPFILE */)
static const struct pap_range zero = {0, 0};
static const struct pap_test reading = {
    .arg = 2, .bits = 32, .mask = FLAGS_OF_WRITING, .nranges = 1, .ranges = &zero};
static const struct pap_test not_executable = {
    .arg = 2, .bits = 32, .mask = 4 /* PROT_EXEC */, .nranges = 1, .ranges = &zero};
static const struct pap_range tcgets = {TCGETS, TCGETS};
static const struct pap_test asks_terminal = {
    .arg = 1, .bits = 32, .mask = UINT32_MAX, .nranges = 1, .ranges = &tcgets};
static const struct pap_range harmless_commands[] = {{F_GETFD, F_SETFD}, {F_GETFL, F_GETFL}};
static const struct pap_test asks_flags = {
    .arg = 1, .bits = 32, .mask = UINT32_MAX, .nranges = 2, .ranges = harmless_commands};

#define ONE(id)                                                                                    \
	static const struct pap_clause id##_clause = {&id, 1};                                     \
	static const struct pap_cond id##_cond = {#id, #id, &id##_clause, 1}

ONE(reading);
ONE(not_executable);
ONE(asks_terminal);
ONE(asks_flags);

#define YES(name) {PAP_SYS_##name, NULL}

PAP_LINES_BEGIN(list);
static const struct pap_listed allowed[] = {
    YES(read), YES(write), YES(readv), YES(writev), YES(close), YES(lseek), YES(fstat),
    YES(newfstatat), YES(brk), YES(munmap), YES(mremap), YES(madvise), YES(exit), YES(exit_group),
    YES(rt_sigaction), YES(rt_sigprocmask), YES(rt_sigreturn), YES(futex), YES(getrandom),
    YES(clock_gettime), YES(gettimeofday), YES(getpid), YES(gettid), YES(tgkill),
    YES(restart_syscall),
    {PAP_SYS_openat, &reading_cond},
    {PAP_SYS_mmap, &not_executable_cond},
    {PAP_SYS_mprotect, &not_executable_cond},
    {PAP_SYS_ioctl, &asks_terminal_cond},
    {PAP_SYS_fcntl, &asks_flags_cond},
};

int pap_model_allow_list(struct pap_error *err)
{
	return pap_model_filter(allowed, sizeof(allowed) / sizeof(allowed[0]), PAP_RET_ALLOW,
				PAP_RET_ERRNO | EPERM, PAP_RET_KILL_PROCESS, err);
}
PAP_LINES_END(list);
_Static_assert(PAP_LINES(list) == PAP_LINES_OF_LIST, "model.h says how long the list is");

static int enter(const struct pap_scene *scene, struct pap_error *err)
{
	(void)scene;
	return pap_model_allow_list(err);
}

const struct pap_model pap_model_list = {
    .name = "allow-list",
    .title = "strict allow-list",
    .about = "What a careful programmer writes with libseccomp for this one job. Most attacks "
	     "end because the call itself is not on the list. What is left is what a filter "
	     "cannot see: which file a name leads to. And the list is this program's on this "
	     "libc; another version of either may need another call.",
    .speaks_of = PAP_ABOUT_ALL & ~(PAP_ABOUT_PATHS | PAP_ABOUT_NAMES),
    .lines = PAP_LINES(list),
    .enter = enter,
};
