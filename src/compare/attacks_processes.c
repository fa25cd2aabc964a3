/* SPDX-License-Identifier: BSD-2-Clause */
/* A process outside: signals in their disguises, its memory, descriptors, limits. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "compare/attack.h"

static int plain(const struct pap_scene *scene)
{
	return kill(scene->victim, SIGUSR1);
}

static int deadly(const struct pap_scene *scene)
{
	return kill(scene->victim, SIGKILL);
}

static int group(const struct pap_scene *scene)
{
	return kill(-scene->victim, SIGUSR1);
}

static int thread(const struct pap_scene *scene)
{
	return (int)syscall(PAP_NUMBER(tgkill), scene->victim, scene->victim, SIGUSR1);
}

static int garbage_above(const struct pap_scene *scene)
{
	return (int)syscall(PAP_NUMBER(kill), (uint64_t)scene->victim | 0xabcd00000000ull, SIGUSR1);
}

static int queued(const struct pap_scene *scene)
{
	siginfo_t info = {.si_signo = SIGUSR1, .si_code = SI_QUEUE};

	info.si_pid = getpid();
	return (int)syscall(PAP_NUMBER(rt_sigqueueinfo), scene->victim, SIGUSR1, &info);
}

static int victim_descriptor(const struct pap_scene *scene)
{
	return (int)syscall(PAP_NUMBER(pidfd_open), scene->victim, 0);
}

static int by_descriptor(const struct pap_scene *scene)
{
	int fd = victim_descriptor(scene);

	return fd < 0 ? -1 : (int)syscall(PAP_NUMBER(pidfd_send_signal), fd, SIGUSR1, NULL, 0);
}

/* One byte to a socket whose owner is somebody else signals that one. */
static int by_ownership(int (*own)(int fd, int owner), int owner)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0 || own(pair[0], owner) < 0 ||
	    fcntl(pair[0], F_SETSIG, SIGUSR1) < 0 || fcntl(pair[0], F_SETFL, O_ASYNC) < 0)
		return -1;
	return write(pair[1], "x", 1) == 1 ? 0 : -1;
}

static int own_by_fcntl(int fd, int owner)
{
	return fcntl(fd, F_SETOWN, owner);
}

static int own_by_ioctl(int fd, int owner)
{
	return ioctl(fd, 0x8901 /* FIOSETOWN */, &owner);
}

static int owner(const struct pap_scene *scene)
{
	return by_ownership(own_by_fcntl, scene->victim);
}

static int owner_by_ioctl(const struct pap_scene *scene)
{
	return by_ownership(own_by_ioctl, scene->victim);
}

#define SIGNALS(id, words, function) {id, words, PAP_ABOUT_SIGNALS, PAP_PROOF_CHANGED, function}

const struct pap_attack pap_attacks_signals[] = {
    SIGNALS("signal", "signal a process", plain),
    SIGNALS("signal-kill", "kill it", deadly),
    SIGNALS("signal-group", "signal its group", group),
    SIGNALS("signal-thread", "signal its thread", thread),
    SIGNALS("signal-garbage", "signal it with rubbish in the register's upper half",
	    garbage_above),
    SIGNALS("signal-queue", "queue a signal with forged contents", queued),
    SIGNALS("signal-pidfd", "signal it by a descriptor", by_descriptor),
    SIGNALS("signal-owner", "make it the owner of a socket, then send a byte", owner),
    SIGNALS("signal-owner-ioctl", "the same by ioctl", owner_by_ioctl),
    {0},
};

/* ---- memory, descriptors, limits ----------------------------------------------------------- */

static void *wanted(void)
{
	return (void *)(uintptr_t)PAP_VICTIM_ADDRESS;
}

static int trace(const struct pap_scene *scene)
{
	return ptrace(PTRACE_SEIZE, scene->victim, NULL, NULL) < 0 ? -1 : 0;
}

static int trace_without_filter(const struct pap_scene *scene)
{
	/* CVE-2022-30594: asked for while seizing, it went unchecked before Linux 5.17.2. */
	return ptrace(PTRACE_SEIZE, scene->victim, NULL, PTRACE_O_SUSPEND_SECCOMP) < 0 ? -1 : 0;
}

static int read_memory(const struct pap_scene *scene)
{
	char buf[PAP_SCENE_SECRET];
	struct iovec local = {buf, sizeof(buf)}, remote = {wanted(), sizeof(buf)};

	if (process_vm_readv(scene->victim, &local, 1, &remote, 1, 0) != sizeof(buf))
		return -1;
	return pap_loot_bytes(scene, buf, sizeof(buf));
}

static int write_memory(const struct pap_scene *scene)
{
	struct iovec local = {(char[]){'X'}, 1}, remote = {wanted(), 1};

	return process_vm_writev(scene->victim, &local, 1, &remote, 1, 0) == 1 ? 0 : -1;
}

static int memory_by_file(const struct pap_scene *scene)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)scene->victim);
	fd = open(path, O_RDONLY);
	if (fd < 0 || lseek(fd, PAP_VICTIM_ADDRESS, SEEK_SET) < 0)
		return -1;
	return pap_loot_descriptor(scene, fd);
}

static int take_descriptor(const struct pap_scene *scene)
{
	int fd = victim_descriptor(scene);

	return fd < 0 ? -1
		      : pap_loot_descriptor(
			    scene, (int)syscall(PAP_NUMBER(pidfd_getfd), fd, 3, 0));
}

static int compare(const struct pap_scene *scene)
{
	return syscall(PAP_NUMBER(kcmp), getpid(), scene->victim, 1, 0, 0) < 0 ? -1 : 0;
}

static int set_limit(const struct pap_scene *scene)
{
	const struct rlimit few = {5, 5};

	return prlimit(scene->victim, RLIMIT_NOFILE, &few, NULL);
}

static int set_priority(const struct pap_scene *scene)
{
	return setpriority(PRIO_PROCESS, (id_t)scene->victim, 19);
}

static int set_policy(const struct pap_scene *scene)
{
	const struct sched_param none = {0};

	return sched_setscheduler(scene->victim, SCHED_BATCH, &none);
}

#define PROCESS(id, words, proof, function) {id, words, PAP_ABOUT_PROCESSES, proof, function}
#define LIMIT(id, words, function) {id, words, PAP_ABOUT_LIMITS, PAP_PROOF_CHANGED, function}

const struct pap_attack pap_attacks_processes[] = {
    PROCESS("ptrace", "trace a process", PAP_PROOF_SAID, trace),
    PROCESS("ptrace-suspend-seccomp", "trace one and suspend its filters (CVE-2022-30594)",
	    PAP_PROOF_SAID, trace_without_filter),
    PROCESS("read-memory", "read its memory", PAP_PROOF_SECRET, read_memory),
    PROCESS("write-memory", "write to its memory", PAP_PROOF_CHANGED, write_memory),
    {"proc-mem", "read its memory by way of /proc", PAP_ABOUT_PROCESSES | PAP_ABOUT_PATHS,
     PAP_PROOF_SECRET, memory_by_file},
    PROCESS("take-its-descriptor", "copy a descriptor out of it", PAP_PROOF_SECRET,
	    take_descriptor),
    PROCESS("compare-processes", "learn what it shares", PAP_PROOF_SAID, compare),
    LIMIT("set-limit", "lower its limit of descriptors", set_limit),
    LIMIT("set-priority", "lower its priority", set_priority),
    LIMIT("set-scheduler", "change how it is scheduled", set_policy),
    {0},
};
