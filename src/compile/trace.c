/* SPDX-License-Identifier: BSD-2-Clause */
#include "compile/trace.h"

enum { NONE = -1 };

static const struct pap_traced traced[] = {
    {PAP_SYS_open, NONE, 0, 1, PAP_TRACE_OPEN},
    {PAP_SYS_openat, 0, 1, 2, PAP_TRACE_OPEN},
    {PAP_SYS_creat, NONE, 0, NONE, PAP_TRACE_NAME},
    {PAP_SYS_truncate, NONE, 0, NONE, PAP_TRACE_WRITE},
    {PAP_SYS_mkdir, NONE, 0, NONE, PAP_TRACE_NAME},
    {PAP_SYS_mkdirat, 0, 1, NONE, PAP_TRACE_NAME},
    {PAP_SYS_mknod, NONE, 0, NONE, PAP_TRACE_NAME},
    {PAP_SYS_mknodat, 0, 1, NONE, PAP_TRACE_NAME},
    {PAP_SYS_rmdir, NONE, 0, NONE, PAP_TRACE_NAME},
    {PAP_SYS_unlink, NONE, 0, NONE, PAP_TRACE_NAME},
    {PAP_SYS_unlinkat, 0, 1, NONE, PAP_TRACE_NAME},
    {PAP_SYS_symlink, NONE, 1, NONE, PAP_TRACE_NAME},
    {PAP_SYS_symlinkat, 1, 2, NONE, PAP_TRACE_NAME},
    {PAP_SYS_link, NONE, 1, NONE, PAP_TRACE_NAME},
    {PAP_SYS_linkat, 2, 3, NONE, PAP_TRACE_NAME},
    {PAP_SYS_rename, NONE, 0, NONE, PAP_TRACE_NAME},
    {PAP_SYS_rename, NONE, 1, NONE, PAP_TRACE_NAME},
    {PAP_SYS_renameat, 0, 1, NONE, PAP_TRACE_NAME},
    {PAP_SYS_renameat, 2, 3, NONE, PAP_TRACE_NAME},
    {PAP_SYS_renameat2, 0, 1, NONE, PAP_TRACE_NAME},
    {PAP_SYS_renameat2, 2, 3, NONE, PAP_TRACE_NAME},
    {PAP_SYS_execve, NONE, 0, NONE, PAP_TRACE_EXECUTE},
    {PAP_SYS_execveat, 0, 1, NONE, PAP_TRACE_EXECUTE},
    {PAP_SYS_connect, 0, 1, NONE, PAP_TRACE_CONNECT},
    {PAP_SYS_bind, 0, 1, NONE, PAP_TRACE_BIND},
};

#define NTRACED (sizeof(traced) / sizeof(traced[0]))

const struct pap_traced *pap_traced_rows(unsigned call, unsigned *count)
{
	for (size_t i = 0; i < NTRACED; i++) {
		if (traced[i].call != call)
			continue;
		*count = i + 1 < NTRACED && traced[i + 1].call == call ? 2 : 1;
		return &traced[i];
	}
	*count = 0;
	return NULL;
}

static void show(struct pap_rule *rule)
{
	if (rule->verdict != PAP_RET_ALLOW || rule->handler == PAP_BY_LAUNCHER)
		return;
	rule->verdict = PAP_RET_USER_NOTIF;
	rule->handler = PAP_BY_TRACE;
}

void pap_trace_spec(struct pap_filter_spec *spec)
{
	for (size_t i = 0; i < NTRACED; i++) {
		struct pap_call_rules *rules = &spec->calls[traced[i].call];

		if (pap_syscall_table[traced[i].call].number[spec->arch] < 0)
			continue;
		for (unsigned n = 0; n < rules->nrules; n++)
			show(&rules->rules[n]);
		show(&rules->otherwise);
	}
}
