/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers what processes ask about their own limits, and writes ledgers. */
#include "warden/control.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/codes.h"
#include "kernel/raw.h"
#include "warden/processes.h"
#include "warden/warden.h"
#include "warden/write.h"

static struct pap_draft draft;
static struct pap_control control;

static void tell(const struct pap_limits *limits)
{
	control.word[0] = limits->rights.word[0];
	control.word[1] = limits->rights.word[1];
	control.fcntls = limits->fcntls;
	control.nspans = limits->nspans;
	control.no_shared = limits->no_shared;
	if (limits->nspans > 0)
		memmove(control.spans, limits->spans,
			(size_t)limits->nspans * sizeof(control.spans[0]));
}

/* Works out what a limit becomes, in the draft. */
static int narrow(struct pap_request *request, struct pap_narrowing *narrowing)
{
	int number = (int)request->data.args[1], fd = pap_request_fd(request, number), rc;
	struct pap_limits has, asked, limits;
	int flags;

	if (fd < 0)
		return fd;
	if (number == request->warden->ledger_number) {
		pap_raw_close(fd);
		return -EBADF;
	}
	if (pap_request_read(request, request->data.args[2], &control, sizeof(control)) < 0) {
		pap_raw_close(fd);
		return -EFAULT;
	}
	pap_request_limits(request, number, &has);
	asked = (struct pap_limits){.rights = {{control.word[0], control.word[1]}},
				    .fcntls = control.fcntls,
				    .nspans = control.nspans,
				    .spans = control.spans};
	flags = fcntl(fd, F_GETFL);
	rc = pap_limits_ask(&has, control.given, &asked,
			    flags < 0 || (flags & O_ACCMODE) != O_RDONLY, &limits);
	pap_raw_close(fd);
	if (rc < 0)
		return rc;
	pap_draft_copy(&draft, request->ledger);
	return pap_draft_limit(&draft, number, &limits, narrowing);
}

/* A ledger cannot be replaced any more once the caller may not have a number as high. */
static bool replaceable(const struct pap_request *request)
{
	uint64_t numbers[2] = {0};
	long rc = pap_raw_call(PAP_SYS_prlimit64, request->process->tgid, RLIMIT_NOFILE, 0,
			       (long)(uintptr_t)numbers, 0, 0);

	return rc < 0 || numbers[0] > (uint64_t)request->warden->ledger_number;
}

static int64_t prepare(struct pap_request *request)
{
	struct pap_narrowing narrowing;
	struct pap_ledger view;
	struct pap_limits limits;
	int rc = narrow(request, &narrowing);

	if (rc < 0)
		return rc;
	if (!narrowing.nothing && !replaceable(request))
		return -EMFILE;
	view = pap_draft_view(&draft);
	pap_ledger_limits(&view, narrowing.class, &limits);
	tell(&limits);
	control.nothing = narrowing.nothing;
	control.is_new = narrowing.is_new;
	control.class = narrowing.class;
	control.lo = narrowing.lo;
	control.hi = narrowing.hi;
	if (!pap_request_valid(request))
		return -EINTR;
	return pap_request_write(request, request->data.args[2], &control, sizeof(control));
}

/* Puts the draft in the place of the caller's ledger. */
static int replace(struct pap_request *request)
{
	struct pap_seccomp_notif_addfd add = {.id = request->id, .flags = PAP_ADDFD_FLAG_SETFD};
	int fd = pap_ledger_write(&draft), rc;

	if (fd < 0)
		return fd;
	add.srcfd = (uint32_t)fd;
	add.newfd = (uint32_t)request->warden->ledger_number;
	rc = ioctl(request->warden->listener, PAP_IOCTL_NOTIF_ADDFD, &add) < 0 ? -errno : 0;
	pap_raw_close(fd);
	pap_process_reread(request->process);
	return rc;
}

static int64_t commit(struct pap_request *request)
{
	struct pap_narrowing narrowing;
	int rc = narrow(request, &narrowing);

	if (rc < 0)
		return rc;
	return narrowing.nothing ? 0 : replace(request);
}

static int64_t get(struct pap_request *request)
{
	int number = (int)request->data.args[1], fd = pap_request_fd(request, number);
	struct pap_limits limits;

	if (fd < 0)
		return fd;
	pap_raw_close(fd);
	if (number == request->warden->ledger_number)
		return -EBADF;
	memset(&control, 0, sizeof(control));
	pap_request_limits(request, number, &limits);
	tell(&limits);
	if (!pap_request_valid(request))
		return -EINTR;
	return pap_request_write(request, request->data.args[2], &control, sizeof(control));
}

static int64_t enter(struct pap_request *request)
{
	if (request->entered)
		return 0;
	pap_draft_copy(&draft, request->ledger);
	draft.head.flags |= PAP_LEDGER_ENTERED;
	if (request->data.args[1])
		draft.head.flags |= PAP_LEDGER_WALLED;
	return replace(request);
}

static int64_t state(const struct pap_request *request)
{
	uint32_t flags = request->ledger->head->flags;

	return PAP_CONTROL_SUPERVISED | ((int64_t)request->warden->ledger_number << 8) |
	       (flags & PAP_LEDGER_ENTERED ? PAP_CONTROL_ENTERED : 0) |
	       (flags & PAP_LEDGER_WALLED ? PAP_CONTROL_WALLED : 0);
}

int64_t pap_on_control(struct pap_request *request)
{
	switch ((enum pap_control_operation)(uint32_t)request->data.args[0]) {
	case PAP_CONTROL_STATE:
		return state(request);
	case PAP_CONTROL_GET:
		return get(request);
	case PAP_CONTROL_PREPARE:
		return prepare(request);
	case PAP_CONTROL_COMMIT:
		return commit(request);
	case PAP_CONTROL_ENTER:
		return enter(request);
	case PAP_CONTROL_GUARD:
		return pap_control_guard(request);
	case PAP_CONTROL_PID:
		return pap_control_pid(request, PAP_RIGHT_PDGETPID);
	case PAP_CONTROL_WAIT_PID:
		return pap_control_pid(request, PAP_RIGHT_PDWAIT);
	case PAP_CONTROL_KILL:
		return pap_control_kill(request);
	}
	return -ENOSYS;
}
