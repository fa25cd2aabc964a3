/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of the kernel's capabilities by number, as linux/capability.h numbers
 * them up to CAP_CHECKPOINT_RESTORE (5.9, the last one in 7.3).
 */
#include <string.h>
#include <strings.h>

#include "policy/policy.h"

static const char *const names[PAP_NCAPABILITIES] = {
    "chown",
    "dac_override",
    "dac_read_search",
    "fowner",
    "fsetid",
    "kill",
    "setgid",
    "setuid",
    "setpcap",
    "linux_immutable",
    "net_bind_service",
    "net_broadcast",
    "net_admin",
    "net_raw",
    "ipc_lock",
    "ipc_owner",
    "sys_module",
    "sys_rawio",
    "sys_chroot",
    "sys_ptrace",
    "sys_pacct",
    "sys_admin",
    "sys_boot",
    "sys_nice",
    "sys_resource",
    "sys_time",
    "sys_tty_config",
    "mknod",
    "lease",
    "audit_write",
    "audit_control",
    "setfcap",
    "mac_override",
    "mac_admin",
    "syslog",
    "wake_alarm",
    "block_suspend",
    "audit_read",
    "perfmon",
    "bpf",
    "checkpoint_restore",
};

const char *pap_capability_name(unsigned number)
{
	return number < PAP_NCAPABILITIES ? names[number] : NULL;
}

int pap_capability_find(const char *name)
{
	if (!strncasecmp(name, "cap_", 4))
		name += 4;
	for (int i = 0; i < PAP_NCAPABILITIES; i++)
		if (!strcasecmp(names[i], name))
			return i;
	return -1;
}
