/* SPDX-License-Identifier: BSD-2-Clause */
#include "supervise/signal.h"

#include <errno.h>
#include <signal.h>

#include "kernel/raw.h"
#include "table/table.h"

int pap_signal_judge(const struct pap_caller *caller, unsigned call, bool *refused)
{
	const uint64_t *args = caller->call->data.args;
	pid_t target = (pid_t)args[0];

	*refused = false;
	switch (call) {
	case PAP_SYS_kill:
	case PAP_SYS_rt_sigqueueinfo:
	case PAP_SYS_tgkill:
	case PAP_SYS_rt_tgsigqueueinfo:
		/* The caller's group cannot go away while the caller waits. */
		if (target == caller->tgid)
			return 1;
		break;
	case PAP_SYS_tkill:
		/*
		 * A thread number alone may be given to a stranger between our look and
		 * the kernel's. Sent as tgkill, the kernel itself compares the group.
		 */
		if (target <= 0)
			return -EINVAL;
		if (!pap_caller_alive(caller))
			return -ESRCH;
		return pap_raw_tgkill(caller->tgid, target, (int)args[1]);
	default:
		break;
	}
	*refused = true;
	return -EPERM;
}
