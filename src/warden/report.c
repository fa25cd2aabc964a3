/* SPDX-License-Identifier: BSD-2-Clause */
/* Denials of the supervisor's own, for a program that wants to know: each place once. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/codes.h"
#include "capmode/denial.h"
#include "kernel/raw.h"
#include "warden/warden.h"

#define PLACES 256

static uint64_t seen[PLACES];
static unsigned nseen;

static bool is_new(uint64_t place)
{
	for (unsigned i = 0; i < nseen; i++) {
		if (seen[i] == place)
			return false;
	}
	if (nseen == PLACES)
		return false; /* a sandbox that asks without end is not worth a full disk */
	seen[nseen++] = place;
	return true;
}

static const char *name_of(const struct pap_request *request, char *buf, size_t size)
{
	char path[32];
	ssize_t length = -1;
	int fd = -1;

	snprintf(path, sizeof(path), "%d/comm", (int)request->tid);
	if (request->warden->proc >= 0)
		fd = openat(request->warden->proc, path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		length = read(fd, buf, size - 1);
		pap_raw_close(fd);
	}
	buf[length > 0 ? length : 0] = '\0';
	for (char *at = buf; *at; at++) {
		if (*at == '\n')
			*at = '\0';
		else if (*at < ' ' || *at > '~')
			*at = '?';
	}
	return buf;
}

static void say(const struct pap_request *request, int error)
{
	static char path[PAP_WARDEN_PATH];
	char name[32], line[1024];
	struct pap_limits limits;
	struct pap_denial denial = {
	    .call = request->call,
	    .args = request->data.args,
	    .error = error,
	    .pid = request->tid,
	    .address = request->data.instruction_pointer,
	};
	size_t length;
	ssize_t written;

	for (unsigned i = 0; i < request->call->nexercises; i++) {
		const struct pap_exercise *x = &request->call->exercises[i];

		if (x->touch == PAP_X_LOOKUP && !denial.path &&
		    pap_request_path(request, request->data.args[x->path], path) >= 0)
			denial.path = path;
		if ((x->touch == PAP_X_LOOKUP || x->touch == PAP_X_FD) && !denial.held &&
		    request->ledger && !pap_request_permitted(request, x->arg)) {
			pap_request_limits(request, (int)request->data.args[x->arg], &limits);
			denial.held = &limits;
			denial.arg = x->arg;
		}
	}
	if (!is_new(pap_denial_key(&denial, denial.address)))
		return;
	denial.program = name_of(request, name, sizeof(name));
	length = pap_denial_line(&denial, line, sizeof(line));
	written = write(request->warden->report, line, length);
	(void)written;
}

void pap_warden_report(const struct pap_request *request, int64_t answer)
{
	siginfo_t info = {.si_signo = SIGTRAP, .si_code = SI_QUEUE, .si_errno = (int)-answer};

	if ((answer != -PAP_ENOTCAPABLE && answer != -PAP_ECAPMODE) || !request->call ||
	    pap_syscall_id(request->call) == PAP_SYS_nfsservctl)
		return;
	if (request->warden->report >= 0)
		say(request, (int)-answer);
	if (request->warden->traps && request->process)
		(void)pap_raw_call(PAP_SYS_rt_tgsigqueueinfo, request->process->tgid, request->tid,
				   SIGTRAP, (long)(uintptr_t)&info, 0, 0);
}
