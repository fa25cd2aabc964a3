/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Other programs and new code; the kernel's own surface. Where a call does nothing by
 * itself, that the kernel accepted it is the harm.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compare/attack.h"

static char *const no_words[] = {(char *)"program", NULL}, *const nothing[] = {NULL};

/* In a child, since what is executed ends the attack: the marker in the scene is the proof. */
static int executed(int (*execute)(const struct pap_scene *scene), const struct pap_scene *scene)
{
	pid_t pid = fork();
	int status = 1;

	if (pid == 0) {
		execute(scene);
		_exit(1);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	errno = EACCES;
	return status ? -1 : 0;
}

static int by_path(const struct pap_scene *scene)
{
	return execve(PAP_AT("outside/program"), no_words, nothing);
}

static int from_memory(const struct pap_scene *scene)
{
	static const char script[] = "#!/bin/sh\n: >marker\n";
	/* Not close-on-exec: the interpreter opens it again by its number. */
	int fd = (int)syscall(PAP_NUMBER(memfd_create), "program", 0);

	(void)scene;
	if (fd < 0 || write(fd, script, strlen(script)) != (ssize_t)strlen(script))
		return -1;
	return (int)syscall(PAP_NUMBER(execveat), fd, "", no_words, nothing, AT_EMPTY_PATH);
}

static int by_directory(const struct pap_scene *scene)
{
	(void)scene;
	return (int)syscall(PAP_NUMBER(execveat), PAP_FD_ROOT, "outside/program", no_words, nothing,
			    0);
}

static int execute_by_path(const struct pap_scene *scene)
{
	return executed(by_path, scene);
}

static int execute_from_memory(const struct pap_scene *scene)
{
	return executed(from_memory, scene);
}

static int execute_by_directory(const struct pap_scene *scene)
{
	return executed(by_directory, scene);
}

static int executable_memory(const struct pap_scene *scene)
{
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)scene;
	return memory == MAP_FAILED ? -1 : 0;
}

static int executable_later(const struct pap_scene *scene)
{
	void *memory =
	    mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)scene;
	return memory == MAP_FAILED ? -1 : mprotect(memory, 4096, PROT_READ | PROT_EXEC);
}

#define RUNS(id, words, function)                                                                  \
	{id, words, PAP_ABOUT_EXECUTION, PAP_PROOF_CHANGED, function}
#define CODE(id, words, function) {id, words, PAP_ABOUT_CODE, PAP_PROOF_SAID, function}

const struct pap_attack pap_attacks_execution[] = {
    RUNS("exec-path", "run a program by its name", execute_by_path),
    RUNS("exec-memory", "run one that was written to memory", execute_from_memory),
    RUNS("exec-forgotten", "run one beneath a directory that was left open",
	 execute_by_directory),
    CODE("memory-code", "make memory that is writable and executable", executable_memory),
    CODE("memory-code-later", "make memory executable after writing to it", executable_later),
    {0},
};

/* ---- the kernel's own surface -------------------------------------------------------------- */

static int accepted(long rc)
{
	return rc < 0 ? -1 : 0;
}

static int page_faults(const struct pap_scene *scene)
{
	(void)scene;
	return accepted(syscall(PAP_NUMBER(userfaultfd), O_CLOEXEC | 1 /* of its own code only */));
}

static int events(const struct pap_scene *scene)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr),
				       .config = PERF_COUNT_SW_CPU_CLOCK, .exclude_kernel = 1,
				       .exclude_hv = 1};

	(void)scene;
	return accepted(syscall(PAP_NUMBER(perf_event_open), &attr, 0, -1, -1, 0));
}

static int kernel_program(const struct pap_scene *scene)
{
	union bpf_attr attr = {
	    .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};

	(void)scene;
	return accepted(syscall(PAP_NUMBER(bpf), BPF_MAP_CREATE, &attr, sizeof(attr)));
}

static int key_ring(const struct pap_scene *scene)
{
	(void)scene;
	return accepted(syscall(PAP_NUMBER(add_key), "user", "paprika-compare", "x", 1, -2));
}

static int user_namespace(const struct pap_scene *scene)
{
	(void)scene;
	return unshare(CLONE_NEWUSER);
}

static int mount_something(const struct pap_scene *scene)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return -1;
	return mount("none", PAP_AT("names"), "tmpfs", 0, NULL);
}

static int everything_executable(const struct pap_scene *scene)
{
	(void)scene;
	return accepted(personality(READ_IMPLIES_EXEC));
}

static int own_listener(const struct pap_scene *scene)
{
	struct sock_filter code[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	struct sock_fprog program = {1, code};

	(void)scene;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return accepted(syscall(PAP_NUMBER(seccomp), SECCOMP_SET_MODE_FILTER,
				SECCOMP_FILTER_FLAG_NEW_LISTENER, &program));
}

static int newer_call(const struct pap_scene *scene)
{
	/* file_getattr, Linux 6.17: tells of a file by its name. */
	uint64_t attributes[3];

	return accepted(syscall(PAP_NUMBER(file_getattr), AT_FDCWD, PAP_AT("outside/file"),
				attributes, sizeof(attributes), 0));
}

static int kernel_log(const struct pap_scene *scene)
{
	(void)scene;
	return accepted(syscall(PAP_NUMBER(syslog), 10 /* the size of the buffer */, NULL, 0));
}

static int kernel_module(const struct pap_scene *scene)
{
	(void)scene;
	/* Asks for a module that does not exist: that it was looked for shows in the errno. */
	if (syscall(PAP_NUMBER(delete_module), "paprika_no_such_module", O_NONBLOCK) < 0 &&
	    errno == ENOENT)
		return 0;
	return -1;
}

static int hostname(const struct pap_scene *scene)
{
	char name[128];

	(void)scene;
	if (gethostname(name, sizeof(name)) < 0)
		return -1;
	return sethostname(name, strlen(name)); /* to what it is */
}

#define CALL(id, words, function) {id, words, PAP_ABOUT_CALLS, PAP_PROOF_SAID, function}

extern int pap_attack_ring(const struct pap_scene *scene);
extern int pap_attack_ring_write(const struct pap_scene *scene);

const struct pap_attack pap_attacks_kernel[] = {
    {"io-uring-open", "open a file by io_uring", PAP_ABOUT_CALLS, PAP_PROOF_SECRET,
     pap_attack_ring},
    {"io-uring-write", "write to the capture by io_uring", PAP_ABOUT_CALLS, PAP_PROOF_CHANGED,
     pap_attack_ring_write},
    CALL("newer-call", "a call that is newer than many filters (Linux 6.17)", newer_call),
    CALL("userfaultfd", "stop the kernel while it copies", page_faults),
    CALL("perf-events", "count what the processor does", events),
    CALL("bpf", "make a map for programs in the kernel", kernel_program),
    CALL("key-ring", "put a key into a key ring", key_ring),
    CALL("user-namespace", "become root of a new user namespace", user_namespace),
    CALL("mount", "mount something in it", mount_something),
    CALL("personality", "make everything readable executable", everything_executable),
    CALL("seccomp-listener", "answer its own calls by a listener", own_listener),
    CALL("kernel-log", "ask for the kernel's log", kernel_log),
    CALL("kernel-module", "ask for a kernel module to be removed", kernel_module),
    CALL("host-name", "set the machine's name", hostname),
    {0},
};
