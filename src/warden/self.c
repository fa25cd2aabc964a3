/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls that name processes, and calls after which the caller may be another than we
 * think. All are decided by registers: where they are let through, nothing can change.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>

#include "base/codes.h"
#include "kernel/raw.h"
#include "warden/warden.h"

/* A thread's own number and its process's belong to nobody else while it waits here. */
static bool is_self(const struct pap_request *request, uint64_t value)
{
	pid_t number = (pid_t)(uint32_t)value;

	return number == request->process->tgid || number == request->tid;
}

/*
 * Numbers are compared in our PID namespace; a caller in one of its own has other
 * numbers, and is refused everything but 0.
 */
static bool names_itself(const struct pap_request *request)
{
	const struct pap_syscall *call = request->call;
	unsigned id = pap_syscall_id(call);

	/* The kernel holds the second number of these to be a thread of the first. */
	if (id == PAP_SYS_tgkill || id == PAP_SYS_rt_tgsigqueueinfo)
		return (pid_t)request->data.args[0] == request->process->tgid;
	for (unsigned i = 0; i < call->nexercises; i++) {
		const struct pap_exercise *x = &call->exercises[i];
		uint64_t value = request->data.args[x->arg];

		if (x->touch == PAP_X_PROCESS && (value & UINT32_MAX || id == PAP_SYS_kill) &&
		    !is_self(request, value))
			return false;
	}
	return true;
}

/* PRIO_PROCESS is 0, IOPRIO_WHO_PROCESS is 1: other kinds name groups and users. */
static bool names_a_group(const struct pap_request *request)
{
	switch (pap_syscall_id(request->call)) {
	case PAP_SYS_getpriority:
	case PAP_SYS_setpriority:
		return (uint32_t)request->data.args[0] != 0;
	case PAP_SYS_ioprio_get:
	case PAP_SYS_ioprio_set:
		return (uint32_t)request->data.args[0] != 1;
	default:
		return false;
	}
}

int64_t pap_on_self(struct pap_request *request)
{
	if (!request->entered)
		return PAP_ANSWER_CONTINUE;
	/* The process that capget asks about sits in memory. */
	if (pap_syscall_id(request->call) == PAP_SYS_capget || names_a_group(request) ||
	    !names_itself(request))
		return -PAP_ECAPMODE;
	return PAP_ANSWER_CONTINUE;
}

/*
 * A core file is a file under a name: its limit stays at 1 or below, which is no file. What
 * is asked for sits in memory, so it is set from here.
 */
int64_t pap_on_limit(struct pap_request *request)
{
	bool many = pap_syscall_id(request->call) == PAP_SYS_prlimit64;
	uint64_t resource = request->data.args[many ? 1 : 0],
		 from = request->data.args[many ? 2 : 1];
	uint64_t limits[2];

	if (!request->entered || (uint32_t)resource != RLIMIT_CORE)
		return many ? pap_on_self(request) : PAP_ANSWER_CONTINUE;
	if (many && !names_itself(request))
		return -PAP_ECAPMODE;
	if (pap_request_read(request, from, limits, sizeof(limits)) < 0)
		return -EFAULT;
	for (unsigned i = 0; i < 2; i++)
		limits[i] = limits[i] > 1 ? 1 : limits[i];
	if (!pap_request_valid(request))
		return -EINTR;
	return pap_raw_call(PAP_SYS_prlimit64, request->process->tgid, RLIMIT_CORE,
			    (long)(uintptr_t)limits, 0, 0, 0);
}

/* Before entering: a limited descriptor is not the same as what it was made from. */
int64_t pap_on_compare(struct pap_request *request)
{
	const uint64_t *args = request->data.args;
	struct pap_limits first, second;

	if (request->entered)
		return -PAP_ECAPMODE;
	if (args[2] != 0 /* KCMP_FILE */ ||
	    pap_other_limits(request, (pid_t)args[0], (int)args[3], &first) < 0 ||
	    pap_other_limits(request, (pid_t)args[1], (int)args[4], &second) < 0)
		return PAP_ANSWER_CONTINUE;
	return pap_limits_equal(&first, &second) ? PAP_ANSWER_CONTINUE : 3;
}

int64_t pap_on_umask(struct pap_request *request)
{
	request->warden->umasks_differ = true;
	return PAP_ANSWER_CONTINUE;
}

int64_t pap_on_identity(struct pap_request *request)
{
	struct pap_warden *warden = request->warden;

	switch (pap_syscall_id(request->call)) {
	case PAP_SYS_landlock_restrict_self:
		/* Our own second wall, on the way in: lookups are ours from here on anyway. */
		if (request->entered)
			return PAP_ANSWER_CONTINUE;
		warden->blind = true;
		break;
	case PAP_SYS_setns:
		/* Every call of it comes here, so that no filter looks at its descriptor. */
		if (!pap_request_permitted(request, 0))
			return -PAP_ENOTCAPABLE;
		warden->blind = true;
		break;
	case PAP_SYS_lsm_set_self_attr:
		/* Nobody can look at what the caller may not do from now on. */
		warden->blind = true;
		break;
	default:
		break;
	}
	warden->identities_differ = true;
	return PAP_ANSWER_CONTINUE;
}

int64_t pap_on_exec(struct pap_request *request)
{
	struct pap_warden *warden = request->warden;
	const uint64_t *args = request->data.args;
	char first = '\0';

	/* Without capabilities and new privileges a program that is executed changes nothing. */
	if (warden->privileged)
		warden->identities_differ = true;
	if (pap_syscall_id(request->call) == PAP_SYS_execve || (int)args[0] == AT_FDCWD)
		return PAP_ANSWER_CONTINUE;
	if (pap_ledger_class_of(request->ledger, (int)args[0]) != PAP_CLASS_FULL &&
	    !pap_request_permitted(request, 0) &&
	    (request->entered || pap_request_read(request, args[1], &first, 1) < 0 || first != '/'))
		return -PAP_ENOTCAPABLE;
	if (!request->entered)
		return PAP_ANSWER_CONTINUE;
	/*
	 * A path may be swapped after we looked, and scripts and interpreters are looked up
	 * by the kernel: Landlock holds what may be executed, or nothing may be.
	 */
	if (!(request->ledger->head->flags & PAP_LEDGER_WALLED))
		return -PAP_ENOTCAPABLE;
	if (!(args[4] & AT_EMPTY_PATH) || pap_request_read(request, args[1], &first, 1) < 0 ||
	    first)
		return -PAP_ENOTCAPABLE;
	return PAP_ANSWER_CONTINUE;
}
