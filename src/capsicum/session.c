/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking the supervisor, and becoming a process that has one. */
#include "capsicum/session.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "capsicum/trace.h"
#include "kernel/raw.h"
#include "uapi/kernel.h"
#include "warden/start.h"
#include "warden/write.h"

#define SELECT_NUMBERS 1024

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct pap_draft alone_draft;
static bool is_alone;

void pap_session_lock(void)
{
	pthread_mutex_lock(&lock);
}

void pap_session_unlock(void)
{
	pthread_mutex_unlock(&lock);
}

long pap_session_ask(enum pap_control_operation operation, long number, struct pap_control *control)
{
	return pap_raw_call(PAP_SYS_nfsservctl, operation, number, (long)(uintptr_t)control, 0, 0,
			    0);
}

int pap_session_state(void)
{
	long state = pap_session_ask(PAP_CONTROL_STATE, 0, NULL);

	return state < 0 ? 0 : (int)(state & 0xff);
}

int pap_session_ledger(void)
{
	return (int)(pap_session_ask(PAP_CONTROL_STATE, 0, NULL) >> 8);
}

struct pap_draft *pap_session_alone(void)
{
	return is_alone ? &alone_draft : NULL;
}

bool pap_session_alone_entered(void)
{
	return is_alone && (alone_draft.head.flags & PAP_LEDGER_ENTERED);
}

/* ---- the first step ------------------------------------------------------------------------- */

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

int pap_session_draft(struct pap_draft *draft)
{
	struct rlimit files;
	int numbers, self;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return -errno;
	numbers = files.rlim_cur > 1 << 20 ? 1 << 20 : (int)files.rlim_cur;
	/* As high as select() can name, and free. */
	self = (numbers < SELECT_NUMBERS ? numbers : SELECT_NUMBERS) - 1;
	while (self > 0 && is_open(self))
		self--;
	pap_draft_init(draft, self, numbers);
	return 0;
}

static int install(struct pap_confine_spec *confine, unsigned long flags)
{
	struct pap_program program;
	struct {
		unsigned short length;
		const struct pap_bpf_insn *insns;
	} filter;
	int rc;

	if (confine->failed)
		return -ENOMEM;
	rc = pap_filter_compile(confine->spec, &program, NULL);
	if (rc < 0)
		return rc == -E2BIG ? -ENOMEM : rc;
	filter.length = program.length;
	filter.insns = program.insns;
	rc = pap_raw_seccomp(PAP_SECCOMP_SET_MODE_FILTER, (unsigned)flags, &filter);
	/* Whoever may not change privileges has to give up gaining any. */
	if (rc == -EACCES && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		rc = pap_raw_seccomp(PAP_SECCOMP_SET_MODE_FILTER, (unsigned)flags, &filter);
	pap_program_free(&program);
	return rc;
}

int pap_session_install(struct pap_confine_spec *confine)
{
	int rc = install(confine, PAP_SECCOMP_FILTER_FLAG_TSYNC);

	return rc > 0 ? -EBUSY : rc; /* a thread that is confined otherwise */
}

static int install_listener(struct pap_confine_spec *confine)
{
	const unsigned long flags = PAP_SECCOMP_FILTER_FLAG_NEW_LISTENER |
				    PAP_SECCOMP_FILTER_FLAG_TSYNC |
				    PAP_SECCOMP_FILTER_FLAG_TSYNC_ESRCH;
	int rc = install(confine, flags | PAP_SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);

	/* 5.19; before it a signal makes the kernel ask twice. */
	return rc == -EINVAL ? install(confine, flags) : rc;
}

static int make_spec(const struct pap_engagement *engagement, unsigned parts,
		     struct pap_confine_spec *confine)
{
	struct pap_ledger ledger = pap_draft_view(engagement->draft);
	int rc = pap_confine_init(confine, pap_arch_native(), parts);

	if (rc < 0)
		return rc;
	confine->traps = pap_trace_begin();
	if (!(parts & PAP_PART_ALONE))
		pap_confine_protect(confine, engagement->draft->head.self);
	pap_confine_ledger(confine, &ledger,
			   PAP_LEDGER_LIMITS | (parts & PAP_PART_ALONE ? PAP_LEDGER_ALONE : 0));
	if (parts & PAP_PART_MODE)
		pap_confine_ledger(confine, &ledger, PAP_LEDGER_NAMED);
	pap_confine_finish(confine, parts);
	return 0;
}

/* The ledger stands where it belongs before the filter that protects it is there. */
static int place_ledger(const struct pap_draft *draft)
{
	int fd = pap_ledger_write(draft), rc = 0;

	if (fd < 0)
		return fd;
	if (dup3(fd, draft->head.self, 0) < 0 && fd != draft->head.self)
		rc = -errno;
	close(fd);
	return rc;
}

static int engage_alone(const struct pap_engagement *engagement)
{
	unsigned parts = engagement->parts | PAP_PART_BASE | PAP_PART_ALONE;
	struct pap_confine_spec confine;
	int rc = make_spec(engagement, parts, &confine);

	if (!rc && engagement->before)
		rc = engagement->before(engagement->context);
	if (!rc)
		rc = pap_session_install(&confine);
	pap_confine_free(&confine);
	if (rc < 0)
		return rc;
	alone_draft = *engagement->draft;
	is_alone = true;
	return 0;
}

/* Failures that mean: there can be no supervisor here. */
static bool means_alone(int rc)
{
	return rc == -EAGAIN || rc == -EMFILE || rc == -EBUSY || rc == -ENFILE;
}

int pap_session_engage(const struct pap_engagement *engagement)
{
	unsigned parts = engagement->parts | PAP_PART_BASE;
	struct pap_confine_spec confine;
	struct pap_warden_start start;
	int rc, listener = -1;

	if (engagement->alone || engagement->draft->head.self <= 2)
		return engage_alone(engagement);
	rc = make_spec(engagement, parts, &confine);
	if (rc < 0)
		return rc;
	/* Before anybody shares the table: making it longer is slow then. */
	rc = place_ledger(engagement->draft);
	if (!rc) {
		const struct pap_warden_options options = {.ledger_number =
							       engagement->draft->head.self,
							   /* Any of several may have changed already. */
							   .threads_differ = !engagement->single,
							   .report = pap_trace_output(),
							   .traps = pap_trace_traps()};

		rc = pap_warden_fork(&start, &options);
		if (rc < 0)
			close(engagement->draft->head.self);
	}
	if (rc < 0) {
		pap_confine_free(&confine);
		return means_alone(rc) ? engage_alone(engagement) : rc;
	}
	(void)prctl(PAP_PR_SET_PTRACER, start.pid, 0, 0, 0);
	if (engagement->before)
		rc = engagement->before(engagement->context);
	if (!rc)
		listener = install_listener(&confine);
	pap_confine_free(&confine);
	if (rc < 0 || listener < 0) {
		pap_warden_cancel(&start);
		close(engagement->draft->head.self);
		return rc < 0 ? rc : means_alone(listener) ? engage_alone(engagement) : listener;
	}
	return pap_warden_hand_over(&start, listener);
}
