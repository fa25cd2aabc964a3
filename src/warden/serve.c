/* SPDX-License-Identifier: BSD-2-Clause */
/* The loop: one notification at a time, and those that wait for something. */
#include "warden/warden.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/codes.h"

/* While somebody waits: how often to look whether it has a signal, in milliseconds. */
#define TICK 20

void pap_warden_answer(const struct pap_request *request, int64_t answer)
{
	struct {
		struct pap_seccomp_notif_resp response;
		char more[64]; /* the kernel may know a longer structure */
	} reply;

	if (answer == PAP_ANSWER_SENT || answer == PAP_ANSWER_WAITS)
		return;
	memset(&reply, 0, sizeof(reply));
	reply.response.id = request->id;
	if (answer == PAP_ANSWER_CONTINUE)
		reply.response.flags = PAP_USER_NOTIF_FLAG_CONTINUE;
	else if (answer < 0)
		reply.response.error = (int32_t)answer;
	else
		reply.response.val = answer;
	/* ENOENT: the caller died meanwhile, nobody waits for this. */
	(void)ioctl(request->warden->listener, PAP_IOCTL_NOTIF_SEND, &reply.response);
}

static int64_t decide(struct pap_request *request)
{
	pap_warden_handler *handler;
	int rc;

	request->call = pap_syscall_by_number(pap_arch_native(), (uint32_t)request->data.nr);
	handler = request->call ? pap_warden_handler_of(pap_syscall_id(request->call)) : NULL;
	/* A filter of the sandbox's own may notify what ours does not: there is nobody for it. */
	if (!handler)
		return -ENOSYS;
	rc = pap_request_open(request);
	return rc < 0 ? rc : handler(request);
}

static int step(struct pap_warden *warden)
{
	static struct {
		struct pap_seccomp_notif notif;
		char more[128]; /* the kernel may know a longer structure */
	} buffer;
	struct pap_request request = {.warden = warden};
	int64_t answer;

	memset(&buffer, 0, sizeof(buffer));
	if (ioctl(warden->listener, PAP_IOCTL_NOTIF_RECV, &buffer) < 0)
		return -errno;
	request.id = buffer.notif.id;
	request.tid = (pid_t)buffer.notif.pid;
	request.data = buffer.notif.data;
	answer = decide(&request);
	if (answer < 0 && (warden->report >= 0 || warden->traps))
		pap_warden_report(&request, answer);
	pap_warden_answer(&request, answer);
	return 0;
}

void pap_warden_serve(struct pap_warden *warden)
{
	static struct pollfd polls[PAP_WARDEN_WAITING + 1];

	for (;;) {
		unsigned waiting = 0;

		/* Alone with the listener, receiving is waiting: one call less. */
		if (warden->nwaiting) {
			polls[0] = (struct pollfd){.fd = warden->listener, .events = POLLIN};
			waiting = pap_waiting_polls(polls + 1);
			if (poll(polls, waiting + 1, TICK) < 0 && errno != EINTR)
				return;
			pap_waiting_ready(warden, polls + 1, waiting);
			if (polls[0].revents & (POLLHUP | POLLERR))
				return;
			if (!(polls[0].revents & POLLIN))
				continue;
		}
		switch (step(warden)) {
		case 0:
		case -EINTR:
			break;
		case -ENOENT: { /* a caller died first, or the last task is gone */
			struct pollfd last = {.fd = warden->listener, .events = POLLIN};

			if (poll(&last, 1, 0) > 0 && last.revents & (POLLHUP | POLLERR))
				return;
			break;
		}
		default:
			return;
		}
	}
}
