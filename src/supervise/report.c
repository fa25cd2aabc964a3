/* SPDX-License-Identifier: BSD-2-Clause */
/* Denials in words, each said once: a program that tries in a loop must not flood anybody. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "explain/call.h"
#include "supervise/supervisor.h"

static uint64_t hash(uint64_t state, const char *text)
{
	for (; *text; text++)
		state = (state ^ (unsigned char)*text) * 0x100000001b3u;
	return state;
}

/* Whether this is new; also remembers it. */
static bool first_time(struct pap_reports *reports, uint64_t key)
{
	const unsigned room = sizeof(reports->seen) / sizeof(reports->seen[0]);

	for (unsigned i = 0; i < reports->nseen; i++)
		if (reports->seen[i] == key)
			return false;
	if (reports->nseen == room) {
		reports->unsaid++;
		return false;
	}
	reports->seen[reports->nseen++] = key;
	return true;
}

static ssize_t read_string(void *context, uint64_t address, char *buf, size_t size)
{
	const struct pap_caller *caller = context;
	ssize_t length = pap_caller_string(caller, address, buf, size);

	/* A stranger's memory must not end up in a message. */
	return length >= 0 && !pap_caller_alive(caller) ? -1 : length;
}

static void add_name(const struct pap_caller *caller, struct pap_text *text)
{
	char path[64], name[64];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "%d/comm", (int)caller->tid);
	fd = openat(caller->proc, path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? -1 : read(fd, name, sizeof(name));
	if (fd >= 0)
		close(fd);
	if (length > 0 && name[length - 1] == '\n')
		length--;
	if (length > 0)
		pap_text_escape(text, name, (size_t)length);
}

void pap_report_path(struct pap_supervisor *supervisor, const struct pap_caller *caller,
		     const struct pap_syscall *call, unsigned access, const char *path)
{
	static const char *const why[] = {
	    [PAP_ACCESS_READ] = "not granted for reading",
	    [PAP_ACCESS_WRITE] = "not granted for writing",
	    [PAP_ACCESS_EXECUTE] = "not granted for execution",
	};
	static const char *const flag[] = {
	    [PAP_ACCESS_READ] = "--ro", [PAP_ACCESS_WRITE] = "--rw", [PAP_ACCESS_EXECUTE] = "--rx"};
	struct pap_text remedy = {0};

	if (path) {
		pap_text_printf(&remedy, "%s ", flag[access]);
		pap_text_escape(&remedy, path, strlen(path));
		pap_text_str(&remedy, " would allow it");
	}
	if (!remedy.failed)
		pap_report_denial(supervisor, caller, call, why[access], remedy.data);
	pap_text_free(&remedy);
}

void pap_report_denial(struct pap_supervisor *supervisor, const struct pap_caller *caller,
		       const struct pap_syscall *call, const char *why, const char *remedy)
{
	const uint64_t *args = caller->call->data.args;
	struct pap_text what = {0}, reason = {0}, line = {0};
	uint64_t key;

	if (!supervisor->reports.line)
		return;
	pap_explain_call(call, args, read_string, (void *)caller, &what);
	pap_text_str(&what, " by ");
	add_name(caller, &what);
	if (why) {
		pap_text_printf(&reason, "%s%s%s", why, remedy ? "; " : "", remedy ? remedy : "");
	} else {
		pap_explain_remedy(call, args, supervisor->plan->promises, &reason);
	}
	if (!reason.length)
		pap_text_str(&reason, "no grant allows it");
	if (!what.failed && !reason.failed) {
		key = hash(hash(0xcbf29ce484222325u, what.data), reason.data);
		pap_text_printf(&line, "denied: %s[%d]: %s", what.data, (int)caller->tid,
				reason.data);
		if (first_time(&supervisor->reports, key) && !line.failed)
			supervisor->reports.line(supervisor->reports.context, line.data);
	}
	pap_text_free(&what);
	pap_text_free(&reason);
	pap_text_free(&line);
}
