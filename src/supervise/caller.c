/* SPDX-License-Identifier: BSD-2-Clause */
#include "supervise/caller.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "kernel/raw.h"
#include "table/table.h"
#include "uapi/kernel.h"
#include "uapi/openat2.h"

/* ---- identity ------------------------------------------------------------------------------ */

static bool read_ids(const char *line, uint32_t ids[4])
{
	return sscanf(line, "%u %u %u %u", &ids[0], &ids[1], &ids[2], &ids[3]) == 4;
}

static uint64_t hash_line(const char *line)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (; *line && *line != '\n'; line++)
		hash = (hash ^ (unsigned char)*line) * 0x100000001b3u;
	return hash;
}

/* The text behind "Name:\t" on a line of its own, or NULL. The process chooses its name: skip it. */
static const char *field(const char *status, const char *name)
{
	const char *at = strstr(status, name);

	return at ? at + strlen(name) : NULL;
}

/* All of a file, terminated, for free(); NULL and errno. A user can have 65536 groups. */
static char *read_whole(int fd)
{
	size_t have = 0, size = 4096;
	char *text = malloc(size);

	while (text) {
		ssize_t length = read(fd, text + have, size - 1 - have);
		char *longer;

		if (length <= 0) {
			text[have] = '\0';
			return text;
		}
		have += (size_t)length;
		if (have < size - 1)
			continue;
		size *= 2;
		longer = realloc(text, size);
		if (!longer)
			free(text);
		text = longer;
	}
	return NULL;
}

static int parse_identity(const char *status, struct pap_identity *identity, pid_t *tgid)
{
	/* The kernel escapes newlines in names, so a line start cannot be forged. */
	const char *group = field(status, "\nTgid:\t");
	const char *uids = field(status, "\nUid:\t");
	const char *gids = field(status, "\nGid:\t");
	const char *groups = field(status, "\nGroups:\t");
	const char *caps = field(status, "\nCapEff:\t");

	if (!group || !uids || !gids || !groups || !caps || !read_ids(uids, identity->uid) ||
	    !read_ids(gids, identity->gid))
		return -EIO;
	if (tgid)
		*tgid = (pid_t)strtol(group, NULL, 10);
	identity->capabilities = strtoull(caps, NULL, 16);
	identity->groups = hash_line(groups);
	return 0;
}

int pap_identity_read(int proc, pid_t tid, struct pap_identity *identity, pid_t *tgid)
{
	char path[64], *status;
	int fd, rc;

	if (tid)
		snprintf(path, sizeof(path), "%d/status", (int)tid);
	else
		snprintf(path, sizeof(path), "thread-self/status");
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	status = read_whole(fd);
	close(fd);
	if (!status)
		return -ENOMEM;
	rc = parse_identity(status, identity, tgid);
	free(status);
	return rc;
}

bool pap_identity_equal(const struct pap_identity *a, const struct pap_identity *b)
{
	return !memcmp(a->uid, b->uid, sizeof(a->uid)) && !memcmp(a->gid, b->gid, sizeof(a->gid)) &&
	       a->capabilities == b->capabilities && a->groups == b->groups;
}

/* ---- the caller ---------------------------------------------------------------------------- */

int pap_caller_open(struct pap_caller *caller, int listener, int proc,
		    const struct pap_seccomp_notif *call)
{
	*caller = (struct pap_caller){
	    .listener = listener, .proc = proc, .call = call, .tid = (pid_t)call->pid};
	if (!call->pid)
		return -ESRCH; /* not in our PID namespace: 0 would mean ourselves */
	return pap_identity_read(proc, caller->tid, &caller->identity, &caller->tgid);
}

bool pap_caller_alive(const struct pap_caller *caller)
{
	uint64_t id = caller->call->id;

	return ioctl(caller->listener, PAP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

int pap_caller_bytes(const struct pap_caller *caller, uint64_t address, void *buf, size_t size)
{
	struct iovec local = {buf, size};
	struct iovec remote = {(void *)(uintptr_t)address, size};
	ssize_t got = process_vm_readv(caller->tid, &local, 1, &remote, 1, 0);

	if (got < 0)
		return -errno;
	return (size_t)got == size ? 0 : -EFAULT;
}

ssize_t pap_caller_string(const struct pap_caller *caller, uint64_t address, char *buf,
			  size_t size)
{
	const size_t page = 4096; /* the smallest there is: never read across one in one step */
	size_t have = 0;

	while (have < size) {
		size_t step = page - (size_t)((address + have) % page);
		char *end;
		int rc;

		if (step > size - have)
			step = size - have;
		rc = pap_caller_bytes(caller, address + have, buf + have, step);
		if (rc < 0)
			return rc;
		end = memchr(buf + have, '\0', step);
		if (end)
			return end - buf;
		have += step;
	}
	return -ENAMETOOLONG;
}

static int fd_by_handle(int handle, int fd)
{
	int got;

	if (handle < 0)
		return handle;
	got = pap_raw_pidfd_getfd(handle, fd, 0);
	close(handle);
	return got;
}

/* From the table of the process's first thread: what /proc/self/fd shows, too. */
static int fd_of_process(const struct pap_caller *caller, int fd)
{
	return fd_by_handle(pap_raw_pidfd_open(caller->tgid, 0), fd);
}

/*
 * A thread may have a table of its own, and the first one may have ended. Before 6.9
 * only the first thread's can be reached: refuse rather than take a wrong one.
 */
int pap_caller_fd(const struct pap_caller *caller, int fd)
{
	int handle = pap_raw_pidfd_open(caller->tid, PAP_PIDFD_THREAD);

	if (handle != -EINVAL)
		return fd_by_handle(handle, fd);
	if (caller->tid != caller->tgid &&
	    pap_raw_call(PAP_SYS_kcmp, caller->tid, caller->tgid, PAP_KCMP_FILES, 0, 0, 0) != 0)
		return -EPERM;
	return fd_of_process(caller, fd);
}

static void interrupt(int signal)
{
	(void)signal;
}

void pap_caller_close_fd(int fd)
{
	/* Not setitimer: who started us may have set that one, as a limit of ours. */
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
	const struct itimerspec often = {{0, 20000000}, {0, 20000000}};
	struct sigaction action = {.sa_handler = interrupt};
	struct stat st;
	sigset_t set;
	timer_t timer;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	if (fstat(fd, &st) < 0 || !S_ISSOCK(st.st_mode) ||
	    sigaction(SIGRTMIN, &action, NULL) < 0 || sigprocmask(SIG_UNBLOCK, &set, NULL) < 0 ||
	    timer_create(CLOCK_MONOTONIC, &event, &timer) < 0) {
		close(fd);
		return;
	}
	timer_settime(timer, 0, &often, NULL);
	close(fd);
	timer_delete(timer);
}

int pap_caller_cwd(const struct pap_caller *caller)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%d/cwd", (int)caller->tid);
	fd = openat(caller->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int pap_caller_base(const struct pap_caller *caller, int dirfd)
{
	return dirfd == AT_FDCWD ? pap_caller_cwd(caller) : pap_caller_fd(caller, dirfd);
}

/*
 * "/proc/self/fd/7", "/proc/thread-self/fd/7", "/proc/PID/fd/7", "/dev/fd/7" -> 7, else
 * -1; *by_thread says whose table it names.
 */
static int descriptor_path(const struct pap_caller *caller, const char *path, bool *by_thread)
{
	char own[48], own_thread[48];
	const char *prefixes[] = {"/proc/self/fd/", "/dev/fd/", own, "/proc/thread-self/fd/",
				  own_thread};
	const size_t first_of_thread = 3;

	snprintf(own, sizeof(own), "/proc/%d/fd/", (int)caller->tgid);
	snprintf(own_thread, sizeof(own_thread), "/proc/%d/fd/", (int)caller->tid);
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		size_t length = strlen(prefixes[i]);
		char *end;
		long fd;

		if (strncmp(path, prefixes[i], length) || path[length] < '0' || path[length] > '9')
			continue;
		*by_thread = i >= first_of_thread;
		fd = strtol(path + length, &end, 10);
		return *end || fd > INT_MAX ? -1 : (int)fd;
	}
	return -1;
}

int pap_caller_lookup(const struct pap_caller *caller, int dirfd, const char *path, bool follow)
{
	struct pap_open_how how = {
	    .flags = O_PATH | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW),
	    .resolve = PAP_RESOLVE_NO_MAGICLINKS,
	};
	bool by_thread = false;
	int base = AT_FDCWD, fd = descriptor_path(caller, path, &by_thread);

	if (fd >= 0 && follow) {
		fd = by_thread ? pap_caller_fd(caller, fd) : fd_of_process(caller, fd);
		return fd == -EBADF ? -ENOENT : fd; /* it is a name that is not there */
	}
	if (path[0] != '/') {
		base = pap_caller_base(caller, dirfd);
		if (base < 0)
			return base;
	}
	fd = pap_raw_openat2(base, path, &how, sizeof(how));
	if (base >= 0)
		pap_caller_close_fd(base);
	return fd;
}
