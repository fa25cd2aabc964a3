/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The handler of SIGSYS. It runs in whatever state the program is in: no heap, no
 * stdio, nothing but calls that every filter of ours permits.
 */
#include "pledge/violation.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "kernel/raw.h"
#include "kernel/registers.h"

/* Before the first pledge nothing is missing. */
static _Atomic pap_promises in_force = ~(pap_promises)0;
static pap_trapped_exec *_Atomic trapped_exec;

/* ---- the line ---------------------------------------------------------------------------- */

struct line {
	char text[256];
	size_t length;
};

static void add(struct line *line, const char *text)
{
	while (*text && line->length < sizeof(line->text))
		line->text[line->length++] = *text++;
}

static void add_number(struct line *line, unsigned long number, unsigned base)
{
	char digits[24];
	int at = sizeof(digits) - 1;

	digits[at] = '\0';
	do {
		digits[--at] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number);
	add(line, digits + at);
}

/* The program's name is its own text: nothing of it may steer a terminal. */
static void add_program(struct line *line)
{
	const char *name = program_invocation_short_name;

	for (int i = 0; name && name[i] && i < 64 && line->length < sizeof(line->text); i++)
		line->text[line->length++] = name[i] > ' ' && name[i] < 127 ? name[i] : '?';
}

static void begin(struct line *line, const char *promise)
{
	add_program(line);
	add(line, "[");
	add_number(line, (unsigned long)getpid(), 10);
	add(line, "]: pledge \"");
	add(line, promise);
	add(line, "\", syscall ");
}

static void say(struct line *line)
{
	ssize_t written;

	add(line, "\n");
	if (!(atomic_load(&in_force) & PAP_PROMISE_BIT(stdio)))
		return; /* writing would be the next violation */
	written = write(STDERR_FILENO, line->text, line->length);
	(void)written;
}

/* ---- the end ----------------------------------------------------------------------------- */

static void end(void)
{
	struct sigaction standard = {.sa_handler = SIG_DFL};
	sigset_t set;

	sigaction(SIGABRT, &standard, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGABRT);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	pap_raw_tgkill(getpid(), pap_raw_gettid(), SIGABRT);
	_exit(128 + SIGABRT); /* only where the signal could not be sent */
}

void pap_violation(const char *promise, const char *call)
{
	struct line line = {.length = 0};

	begin(&line, promise);
	add(&line, "(");
	add(&line, call);
	add(&line, ")");
	say(&line);
	end();
	__builtin_unreachable();
}

/* ---- the handler ------------------------------------------------------------------------- */

/* The first promise that is missing for what the call wanted. */
static const char *missing(const struct pap_syscall *call, const uint64_t arguments[6])
{
	pap_promises held = atomic_load(&in_force);

	for (unsigned i = 0; call && i < call->npermits; i++) {
		const struct pap_permit *permit = &call->permits[i];
		pap_promises lacks = permit->promises & ~held;

		if (!lacks || (permit->cond && !pap_cond_holds(permit->cond, arguments, 0)))
			continue;
		return pap_promise_table[__builtin_ctzll(lacks)].name;
	}
	return "";
}

static void report(const siginfo_t *info, const struct pap_syscall *call,
		   const uint64_t arguments[6])
{
	struct line line = {.length = 0};

	begin(&line, missing(call, arguments));
	add_number(&line, (unsigned)info->si_syscall, 10);
	add(&line, " (");
	add(&line, call ? call->name : "?");
	add(&line, ") at 0x");
	add_number(&line, (unsigned long)info->si_call_addr, 16);
	say(&line);
}

/*
 * What is refused only because a filter sees numbers alone. A thread of its own that
 * is signalled by one number cannot be told from a stranger: the call with both
 * numbers can, and is permitted.
 */
static bool answer(const struct pap_syscall *call, const uint64_t arguments[6], const void *mask,
		   long *result)
{
	pap_trapped_exec *exec = atomic_load(&trapped_exec);

	if (!call)
		return false;
	switch (pap_syscall_id(call)) {
	case PAP_SYS_tkill:
		*result = pap_raw_tgkill(getpid(), (pid_t)arguments[0], (int)arguments[1]);
		return *result == 0;
	case PAP_SYS_execve:
		return exec && exec(arguments, mask, result);
	default:
		return false;
	}
}

static void handle(int signal, siginfo_t *info, void *context)
{
	const struct pap_syscall *call =
	    pap_syscall_by_number(pap_arch_native(), (uint32_t)info->si_syscall);
	int saved = errno;
	uint64_t arguments[6];
	long result;

	(void)signal;
	pap_call_arguments(context, arguments);
	if (!answer(call, arguments, pap_call_mask(context), &result)) {
		report(info, call, arguments);
		end();
	}
	pap_call_result(context, result);
	errno = saved;
}

int pap_violation_prepare(bool may_look)
{
	static bool installed;

	struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	struct sigaction now;
	sigset_t set;

	if (installed && !may_look)
		return 0;
	sigfillset(&action.sa_mask);
	if (sigaction(SIGSYS, NULL, &now) < 0)
		return -errno;
	if (now.sa_sigaction != handle && sigaction(SIGSYS, &action, NULL) < 0)
		return -errno;
	installed = true;
	/* Blocked, the signal would still end the process, but without a word. */
	sigemptyset(&set);
	sigaddset(&set, SIGSYS);
	return sigprocmask(SIG_UNBLOCK, &set, NULL) < 0 ? -errno : 0;
}

void pap_violation_promises(pap_promises promises)
{
	atomic_store(&in_force, promises);
}

void pap_violation_exec(pap_trapped_exec *exec)
{
	atomic_store(&trapped_exec, exec);
}
