/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The process behind a notification. A notification names a thread; descriptors and
 * memory belong to its process, which is remembered with a handle: while the handle
 * answers and the kernel says that the thread belongs to the group, neither number
 * can mean somebody else.
 */
#include "warden/warden.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/codes.h"
#include "kernel/raw.h"

/* ---- memory ---------------------------------------------------------------------------------- */

int pap_request_read(const struct pap_request *request, uint64_t address, void *buf, size_t size)
{
	struct iovec local = {buf, size}, remote = {(void *)(uintptr_t)address, size};

	if (!size)
		return 0;
	return process_vm_readv(request->tid, &local, 1, &remote, 1, 0) == (ssize_t)size ? 0
											 : -EFAULT;
}

int pap_request_write(const struct pap_request *request, uint64_t address, const void *buf,
		      size_t size)
{
	struct iovec local = {(void *)(uintptr_t)buf, size};
	struct iovec remote = {(void *)(uintptr_t)address, size};

	if (!size)
		return 0;
	return process_vm_writev(request->tid, &local, 1, &remote, 1, 0) == (ssize_t)size ? 0
											  : -EFAULT;
}

ssize_t pap_request_path(const struct pap_request *request, uint64_t address, char *buf)
{
	const size_t page = 4096; /* the smallest there is: never read across one in one step */
	size_t have = 0;

	while (have < PAP_WARDEN_PATH) {
		size_t step = page - (size_t)((address + have) % page);
		char *end;

		if (step > PAP_WARDEN_PATH - have)
			step = PAP_WARDEN_PATH - have;
		if (pap_request_read(request, address + have, buf + have, step) < 0)
			return -EFAULT;
		end = memchr(buf + have, '\0', step);
		if (end)
			return end - buf;
		have += step;
	}
	return -ENAMETOOLONG;
}

/* ---- descriptors ----------------------------------------------------------------------------- */

int pap_request_fd(const struct pap_request *request, int fd)
{
	return pap_raw_pidfd_getfd(request->process->pidfd, fd, 0);
}

unsigned pap_request_limits(const struct pap_request *request, int fd, struct pap_limits *limits)
{
	unsigned class = pap_ledger_class_of(request->ledger, fd);

	pap_ledger_limits(request->ledger, class, limits);
	return class;
}

bool pap_request_permitted(const struct pap_request *request, unsigned arg)
{
	struct pap_limits limits;

	if (pap_request_limits(request, (int)request->data.args[arg], &limits) == PAP_CLASS_FULL)
		return true;
	return pap_limits_permit_call(&limits, request->call, arg, request->data.args, NULL);
}

/* ---- the ledger --------------------------------------------------------------------------------
 */

void pap_process_reread(struct pap_warden_process *process)
{
	if (process->bytes)
		munmap(process->bytes, process->size);
	process->bytes = NULL;
}

static int map_ledger(struct pap_warden_process *process, int fd)
{
	const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	struct stat status;
	void *bytes;
	int rc;

	/* What stands there is ours, because the filters keep everybody from it. Still. */
	if (fcntl(fd, F_GET_SEALS) != seals || fstat(fd, &status) < 0 || status.st_size <= 0)
		return -EINVAL;
	bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return -errno;
	rc = pap_ledger_view(&process->ledger, bytes, (size_t)status.st_size);
	if (rc < 0) {
		munmap(bytes, (size_t)status.st_size);
		return rc;
	}
	process->bytes = bytes;
	process->size = (size_t)status.st_size;
	return 0;
}

static int read_ledger(const struct pap_warden *warden, struct pap_warden_process *process)
{
	int fd = pap_raw_pidfd_getfd(process->pidfd, warden->ledger_number, 0);
	int rc;

	if (fd < 0)
		return fd;
	rc = map_ledger(process, fd);
	pap_raw_close(fd);
	return rc;
}

/* ---- remembered processes
 * ------------------------------------------------------------------------ */

void pap_process_forget(struct pap_warden_process *process)
{
	pap_process_reread(process);
	if (process->tgid)
		pap_raw_close(process->pidfd);
	process->tgid = 0;
}

/* Both answers at once leave no room for a number that was given to another. */
static bool is_thread_of(const struct pap_warden_process *process, pid_t tid)
{
	int rc = 0;

	/* A leader's number is its process's: one answer is enough. */
	if (tid != process->tgid)
		rc = pap_raw_tgkill(process->tgid, tid, 0);
	if (rc < 0 && rc != -EPERM)
		return false;
	rc = pap_raw_pidfd_send_signal(process->pidfd, 0, NULL, 0);
	return rc == 0 || rc == -EPERM;
}

static pid_t group_of(const struct pap_warden *warden, pid_t tid)
{
	char path[32], text[512];
	const char *line;
	ssize_t length;
	pid_t group = 0;
	int fd;

	/* Nearly always it is the leader that asks, which needs no look. */
	if (pap_raw_tgkill(tid, tid, 0) != -ESRCH)
		return tid;
	if (warden->proc < 0)
		return 0;
	snprintf(path, sizeof(path), "%d/status", (int)tid);
	fd = openat(warden->proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	length = read(fd, text, sizeof(text) - 1);
	pap_raw_close(fd);
	if (length <= 0)
		return 0;
	text[length] = '\0';
	line = strstr(text, "\nTgid:\t");
	for (line = line ? line + 7 : ""; *line >= '0' && *line <= '9'; line++)
		group = group * 10 + (*line - '0');
	return group;
}

static struct pap_warden_process *oldest(struct pap_warden *warden)
{
	struct pap_warden_process *found = &warden->processes[0];

	for (unsigned i = 0; i < PAP_WARDEN_PROCESSES; i++) {
		struct pap_warden_process *process = &warden->processes[i];

		if (!process->tgid)
			return process;
		if (process->used < found->used)
			found = process;
	}
	return found;
}

static struct pap_warden_process *remember(struct pap_warden *warden, pid_t tid)
{
	struct pap_warden_process *process;
	pid_t group = group_of(warden, tid);
	int pidfd;

	if (!group)
		return NULL;
	for (unsigned i = 0; i < PAP_WARDEN_PROCESSES; i++) {
		process = &warden->processes[i];
		if (process->tgid == group && is_thread_of(process, tid))
			return process;
		if (process->tgid == group)
			pap_process_forget(process);
	}
	pidfd = pap_raw_pidfd_open(group, 0);
	if (pidfd < 0)
		return NULL;
	process = oldest(warden);
	pap_process_forget(process);
	*process = (struct pap_warden_process){.tgid = group, .pidfd = pidfd};
	if (is_thread_of(process, tid))
		return process;
	pap_process_forget(process);
	return NULL;
}

bool pap_request_valid(const struct pap_request *request)
{
	uint64_t id = request->id;

	return ioctl(request->warden->listener, PAP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

int pap_request_open(struct pap_request *request)
{
	struct pap_warden *warden = request->warden;
	struct pap_warden_process *process;
	int rc;

	/* 0: not in our PID namespace. Everywhere else it would mean ourselves. */
	if (!request->tid)
		return -PAP_ENOTCAPABLE;
	process = remember(warden, request->tid);
	if (!process)
		return -PAP_ENOTCAPABLE;
	process->used = ++warden->clock;
	/* What was fetched just now counts only if the caller still waits; who acts asks again. */
	if (!process->bytes) {
		rc = read_ledger(warden, process);
		if (rc < 0 || !pap_request_valid(request)) {
			pap_process_forget(process);
			return -PAP_ENOTCAPABLE;
		}
	}
	request->process = process;
	request->ledger = &process->ledger;
	request->entered = process->ledger.head->flags & PAP_LEDGER_ENTERED;
	return 0;
}

int pap_other_limits(const struct pap_request *request, pid_t pid, int fd,
		     struct pap_limits *limits)
{
	static struct pap_warden_process other;
	int rc;

	pap_process_reread(&other);
	other.pidfd = pap_raw_pidfd_open(pid, 0);
	if (other.pidfd < 0)
		return other.pidfd;
	rc = read_ledger(request->warden, &other);
	pap_raw_close(other.pidfd);
	if (rc == -EBADF) { /* it never limited anything */
		*limits = pap_limits_full;
		return 0;
	}
	if (rc < 0)
		return rc;
	pap_ledger_limits(&other.ledger, pap_ledger_class_of(&other.ledger, fd), limits);
	return 0;
}
