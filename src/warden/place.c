/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Descriptors into a caller's table. One that has limits goes to a free number of the
 * zone where filters enforce them; the kernel alone chooses numbers for the others.
 */
#include "warden/warden.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kernel/raw.h"

static bool is_free(const struct pap_request *request, int number)
{
	int fd = pap_raw_pidfd_getfd(request->process->pidfd, number, 0);

	if (fd >= 0)
		pap_raw_close(fd);
	return fd == -EBADF;
}

/* A free number of the class's own part of its zone, at least minimum; -1: none. */
static int free_number(const struct pap_request *request, unsigned class, int minimum)
{
	const struct pap_ledger_class *c = &request->ledger->classes[class];
	int from = c->lo > minimum ? c->lo : minimum;

	for (int number = from; number < c->own_end; number++) {
		/* Not one that was limited further by name, nor the zone of an inner class. */
		if (pap_ledger_class_of(request->ledger, number) == class &&
		    is_free(request, number))
			return number;
	}
	return -1;
}

/* Adding and answering are two steps: in between the caller is given its processors back. */
static int add(struct pap_request *request, int fd, int number, bool cloexec, bool answers)
{
	struct pap_seccomp_notif_addfd add = {
	    .id = request->id,
	    .flags = number >= 0 ? PAP_ADDFD_FLAG_SETFD : 0,
	    .srcfd = (uint32_t)fd,
	    .newfd = number >= 0 ? (uint32_t)number : 0,
	    .newfd_flags = cloexec ? O_CLOEXEC : 0,
	};
	struct pap_beside beside;
	int rc;

	pap_beside_begin(request, &beside);
	rc = ioctl(request->warden->listener, PAP_IOCTL_NOTIF_ADDFD, &add);
	if (rc < 0)
		rc = -errno;
	pap_beside_caller(request, &beside);
	if (rc >= 0 && answers)
		pap_warden_answer(request, rc);
	pap_beside_end(&beside);
	return rc;
}

static int place(struct pap_request *request, int fd, unsigned class, int minimum, bool cloexec,
		 bool answers)
{
	int number = -1, rc;

	/* The kernel takes no minimum here: copies of unlimited numbers are the caller's own. */
	if (class != PAP_CLASS_FULL) {
		number = free_number(request, class, minimum);
		if (number < 0) {
			pap_raw_close(fd);
			return -EMFILE;
		}
	}
	rc = add(request, fd, number, cloexec, answers);
	pap_raw_close(fd);
	/* A number of the zone may lie above what the caller's limit allows. */
	return rc == -EBADF && number >= 0 ? -EMFILE : rc;
}

int64_t pap_give(struct pap_request *request, int fd, unsigned class, int minimum, bool cloexec)
{
	int rc = place(request, fd, class, minimum, cloexec, true);

	return rc < 0 ? rc : PAP_ANSWER_SENT;
}

int pap_give_quietly(struct pap_request *request, int fd, unsigned class, bool cloexec)
{
	return place(request, fd, class, 0, cloexec, false);
}
