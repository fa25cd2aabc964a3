/* SPDX-License-Identifier: BSD-2-Clause */
#include "warden/start.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/statfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kernel/raw.h"
#include "uapi/kernel.h"
#include "warden/warden.h"

#define STACK (512 * 1024)
#define PROC_MAGIC 0x9fa0

struct pap_warden_page {
	volatile uint32_t listener; /* number + 1; 0: not there yet */
	volatile uint32_t ready;
	volatile uint32_t cancelled;
	struct pap_warden_options options;
	pid_t pid;
	char *stack;
};

static struct pap_warden warden;

/* ---- in the supervisor --------------------------------------------------------------------------
 */

static void wait_for(volatile uint32_t *word, const struct timespec *limit)
{
	(void)pap_raw_call(PAP_SYS_futex, (long)(uintptr_t)word, PAP_FUTEX_WAIT, 0,
			   (long)(uintptr_t)limit, 0, 0);
}

static void wake(volatile uint32_t *word)
{
	(void)pap_raw_call(PAP_SYS_futex, (long)(uintptr_t)word, PAP_FUTEX_WAKE, 1, 0, 0, 0);
}

static void open_proc(void)
{
	struct statfs status;

	warden.proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (warden.proc >= 0 &&
	    (fstatfs(warden.proc, &status) < 0 || (uint32_t)status.f_type != PROC_MAGIC)) {
		pap_raw_close(warden.proc);
		warden.proc = -1;
	}
	warden.own =
	    warden.proc < 0 ? -1 : openat(warden.proc, "self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* Leaves the program's session, its descriptors and everything else that ties us to it. */
static void keep_two(unsigned low, unsigned high)
{
	if (low)
		(void)pap_raw_close_range(0, low - 1, 0);
	if (high > low + 1)
		(void)pap_raw_close_range(low + 1, high - 1, 0);
	(void)pap_raw_close_range(high + 1, ~0u, 0);
}

static void detach(int listener, int report)
{
	struct rlimit files;

	setsid();
	if (pap_raw_unshare(PAP_CLONE_FILES) < 0)
		_exit(1);
	if (report < 0)
		report = listener;
	keep_two((unsigned)(listener < report ? listener : report),
		 (unsigned)(listener < report ? report : listener));
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)prctl(PR_SET_NAME, "paprika-warden", 0, 0, 0);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < 4096) {
		files.rlim_cur = files.rlim_max < 4096 ? files.rlim_max : 4096;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
}

static void serve(struct pap_warden_page *page) __attribute__((noreturn));
static void serve(struct pap_warden_page *page)
{
	/* If the program dies before it is confined, nobody needs us. */
	const struct timespec moment = {0, 100000000};
	pid_t program = page->pid;

	while (!page->listener && !page->cancelled) {
		wait_for(&page->listener, &moment);
		if (!page->listener && pap_raw_tgkill(program, program, 0) == -ESRCH)
			_exit(0);
	}
	if (page->cancelled)
		_exit(0);
	warden.listener = (int)page->listener - 1;
	warden.ledger_number = page->options.ledger_number;
	warden.report = page->options.report;
	warden.traps = page->options.traps;
	detach(warden.listener, warden.report);
	open_proc();
	(void)pap_identity_learn(&warden, page->options.threads_differ);
	(void)ioctl(warden.listener, PAP_IOCTL_NOTIF_SET_FLAGS, PAP_USER_NOTIF_FD_SYNC_WAKE_UP);
	page->ready = 1;
	wake(&page->ready);
	munmap(page, sizeof(*page));
	/* Before the first request is looked at; the program need not wait for it. */
	if (prctl(PAP_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || pap_warden_confine() < 0)
		_exit(1);
	pap_warden_serve(&warden);
	_exit(0);
}

/* Runs beside the program in its memory for a moment, so that the supervisor is nobody's child. */
static int between(void *context)
{
	struct pap_warden_page *page = context;
	sigset_t all;
	int pid;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	pid = pap_raw_fork(PAP_CLONE_FILES);
	if (pid == 0)
		serve(page);
	page->ready = (uint32_t)pid;
	_exit(0);
}

/* ---- in the program
 * ---------------------------------------------------------------------------------- */

static void let_go(struct pap_warden_start *start)
{
	if (start->page->stack)
		munmap(start->page->stack, STACK);
	munmap(start->page, sizeof(*start->page));
	if (start->handle >= 0)
		pap_raw_close(start->handle);
	start->handle = -1;
}

static int fork_between(struct pap_warden_page *page)
{
	int subreaper = 0, child, status;

	/* A program that collects orphans would find ours among them. */
	(void)prctl(PR_GET_CHILD_SUBREAPER, &subreaper, 0, 0, 0);
	if (subreaper)
		(void)prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
	child = clone(between, page->stack + STACK,
		      PAP_CLONE_VM | PAP_CLONE_VFORK | PAP_CLONE_FILES, page);
	if (child > 0)
		while (waitpid(child, &status, __WALL) < 0 && errno == EINTR)
			;
	else
		child = -errno;
	if (subreaper)
		(void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	return child;
}

int pap_warden_fork(struct pap_warden_start *start, const struct pap_warden_options *options)
{
	int rc;

	*start = (struct pap_warden_start){.handle = -1};
	start->page = mmap(NULL, sizeof(*start->page), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (start->page == MAP_FAILED)
		return -ENOMEM;
	start->page->options = *options;
	start->page->pid = getpid();
	start->page->stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (start->page->stack == MAP_FAILED) {
		start->page->stack = NULL;
		let_go(start);
		return -ENOMEM;
	}
	rc = fork_between(start->page);
	start->pid = (int)start->page->ready;
	start->page->ready = 0;
	if (rc < 0 || start->pid <= 0) {
		rc = rc < 0 ? rc : start->pid < 0 ? start->pid : -EAGAIN;
		let_go(start);
		return rc;
	}
	/* Asked by its handle later: calls that name processes may be answered by it by then. */
	start->handle = pap_raw_pidfd_open(start->pid, 0);
	if (start->handle < 0) {
		rc = start->handle;
		pap_warden_cancel(start);
		return rc;
	}
	return 0;
}

int pap_warden_hand_over(struct pap_warden_start *start, int listener)
{
	const struct timespec moment = {0, 50000000};
	int rc = 0;

	start->page->listener = (uint32_t)listener + 1;
	wake(&start->page->listener);
	while (!start->page->ready && !rc) {
		wait_for(&start->page->ready, &moment);
		if (!start->page->ready &&
		    pap_raw_pidfd_send_signal(start->handle, 0, NULL, 0) == -ESRCH)
			rc = -ECHILD;
	}
	/* From here on it is the supervisor's alone: whoever holds it answers calls. */
	pap_raw_close(listener);
	let_go(start);
	return rc;
}

void pap_warden_cancel(struct pap_warden_start *start)
{
	start->page->cancelled = 1;
	start->page->listener = 1;
	wake(&start->page->listener);
	let_go(start);
}
