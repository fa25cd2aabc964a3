/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls that would block: nobody else must wait for them. A request is kept with a
 * descriptor until that is ready; what cannot be waited for in this way (opening a
 * named pipe) is done by a process of its own. A signal for the caller ends the wait:
 * with the flag that notifications are installed with, only the supervisor can see it.
 */
#include "warden/warden.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/codes.h"
#include "kernel/raw.h"

#define RESTART (-512) /* ERESTARTSYS: the kernel makes EINTR of it, or starts again */

struct waiting {
	bool used;
	struct pap_request request;
	int fd; /* what is waited for, or a handle of the process that opens */
	short events;
	pap_again *again; /* NULL: a process answers, and its end is waited for */
	pid_t opener;
};

static struct waiting table[PAP_WARDEN_WAITING];

static struct waiting *free_place(void)
{
	for (unsigned i = 0; i < PAP_WARDEN_WAITING; i++) {
		if (!table[i].used)
			return &table[i];
	}
	return NULL;
}

static void end_wait(struct waiting *waiting)
{
	waiting->request.warden->nwaiting--;
	if (waiting->opener) {
		kill(waiting->opener, SIGKILL);
		waitpid(waiting->opener, NULL, __WALL);
	}
	pap_raw_close(waiting->fd);
	waiting->used = false;
}

int64_t pap_wait_for(struct pap_request *request, int fd, short events, pap_again *again)
{
	struct waiting *waiting = free_place();

	if (!waiting) {
		pap_raw_close(fd);
		return -EAGAIN;
	}
	*waiting = (struct waiting){
	    .used = true, .request = *request, .fd = fd, .events = events, .again = again};
	request->warden->nwaiting++;
	return PAP_ANSWER_WAITS;
}

unsigned pap_waiting_polls(struct pollfd *polls)
{
	for (unsigned i = 0; i < PAP_WARDEN_WAITING; i++)
		polls[i] = (struct pollfd){.fd = table[i].used ? table[i].fd : -1,
					   .events = table[i].events};
	return PAP_WARDEN_WAITING;
}

static uint64_t set_of(const char *status, const char *name)
{
	const char *at = strstr(status, name);

	return at ? strtoull(at + strlen(name), NULL, 16) : 0;
}

/* Whether a signal would be delivered to the thread now. */
static bool has_signal(const struct pap_request *request)
{
	static char status[8192];
	char path[32];
	ssize_t length;
	uint64_t own, shared, blocked;
	int fd;

	if (request->warden->proc < 0)
		return false;
	snprintf(path, sizeof(path), "%d/status", (int)request->tid);
	fd = openat(request->warden->proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, status, sizeof(status) - 1);
	pap_raw_close(fd);
	if (length <= 0)
		return false;
	status[length] = '\0';
	own = set_of(status, "\nSigPnd:\t");
	shared = set_of(status, "\nShdPnd:\t");
	blocked = set_of(status, "\nSigBlk:\t");
	return ((own | shared) & ~blocked) != 0;
}

/*
 * The place is free before the call is tried: one that waits again takes one, and not
 * a second beside it. The process may have been forgotten, and its ledger replaced.
 */
static void try_again(struct waiting *waiting)
{
	struct pap_request request = waiting->request;
	pap_again *again = waiting->again;
	int64_t answer = pap_request_open(&request);
	int fd = waiting->fd;

	request.warden->nwaiting--;
	waiting->used = false;
	if (answer)
		pap_raw_close(fd);
	else
		answer = again(&request, fd);
	pap_warden_answer(&request, answer);
}

/* Looks at one that waits; a process that answers itself ends when it has. */
static void look_at(struct waiting *waiting, short ready)
{
	struct pap_request *request = &waiting->request;

	if (!pap_request_valid(request)) {
		end_wait(waiting);
		return;
	}
	if (ready && waiting->again) {
		try_again(waiting);
		return;
	}
	if (has_signal(request)) {
		if (waiting->opener) {
			kill(waiting->opener, SIGKILL);
			waitpid(waiting->opener, NULL, __WALL);
			waiting->opener = 0;
		}
		pap_warden_answer(request, RESTART);
		end_wait(waiting);
	}
}

void pap_waiting_ready(struct pap_warden *warden, const struct pollfd *polls, unsigned count)
{
	(void)warden;
	for (unsigned i = 0; i < count; i++) {
		if (table[i].used && polls[i].fd == table[i].fd)
			look_at(&table[i], polls[i].revents);
	}
}

/* ---- blocking opens -----------------------------------------------------------------------------
 */

static void open_and_answer(struct pap_request *request, const struct pap_open_wish *wish,
			    pid_t warden)
{
	char own[32];
	int fd;

	/* It answers with our listener: without us nobody may wait for it. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != warden)
		_exit(0);
	/* What was looked at, whatever stands under its name by now. */
	snprintf(own, sizeof(own), "self/fd/%d", wish->pin);
	fd = openat(request->warden->proc, own, wish->flags | O_CLOEXEC);
	if (fd < 0)
		pap_warden_answer(request, -errno);
	else
		pap_warden_answer(request, pap_give(request, fd, wish->class, 0, wish->cloexec));
	_exit(0);
}

int64_t pap_wait_open(struct pap_request *request, const struct pap_open_wish *wish)
{
	struct waiting *waiting = free_place();
	pid_t warden = getpid(), opener;
	int handle;

	if (!waiting)
		return -EAGAIN;
	/* Without handlers of the C library: nobody knows in what state its locks are. */
	opener = pap_raw_fork(SIGCHLD);
	if (opener == 0)
		open_and_answer(request, wish, warden);
	if (opener < 0)
		return -EAGAIN;
	handle = pap_raw_pidfd_open(opener, 0);
	if (handle < 0) {
		kill(opener, SIGKILL);
		waitpid(opener, NULL, __WALL);
		return -EAGAIN;
	}
	*waiting = (struct waiting){.used = true,
				    .request = *request,
				    .fd = handle,
				    .events = 0,
				    .again = NULL,
				    .opener = opener};
	request->warden->nwaiting++;
	return PAP_ANSWER_WAITS;
}
