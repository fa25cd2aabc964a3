/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's own surface: other entries and numbers, rings, tracing, keys, modules,
 * filters on top of ours. Where a call does nothing by itself, that it is accepted is
 * the harm.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attack.h"

static int accepted(long rc)
{
	return rc < 0 ? -1 : 0;
}

/* ---- rings and asynchronous calls --------------------------------------------------------------- */

static const char *no_rings(void)
{
	struct io_uring_params params = {0};
	int fd = (int)syscall(SYS_io_uring_setup, 2, &params);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? "no io_uring for this user" : NULL;
}

ATTACK(ring, .impossible = no_rings)
{
	struct io_uring_params params = {0};

	return accepted(syscall(SYS_io_uring_setup, 2, &params));
}

ATTACK(ring_with_garbage_above, .impossible = no_rings)
{
	struct io_uring_params params = {0};

	return accepted(syscall(SYS_io_uring_setup, 0x500000002ul, &params));
}

ATTACK(ring_registered)
{
	errno = 0;
	/* Without a ring: the kernel's own answer would be EBADF or EINVAL. */
	if (syscall(SYS_io_uring_register, -1, 0, NULL, 0) < 0 && errno == ENOSYS)
		return -1;
	return 0;
}

ATTACK(asynchronous_context)
{
	aio_context_t context = 0;

	return accepted(syscall(SYS_io_setup, 1, &context));
}

/* ---- programs in the kernel, tracing, faults ------------------------------------------------------ */

static const char *no_userfaultfd(void)
{
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | 1 /* user mode only */);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? "no userfaultfd for this user" : NULL;
}

ATTACK(page_faults, .impossible = no_userfaultfd)
{
	return accepted(syscall(SYS_userfaultfd, O_CLOEXEC | 1));
}

ATTACK(kernel_program, .root_only = true)
{
	union bpf_attr attr = {
	    .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};

	return accepted(syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr)));
}

static int count_events(void)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE,
				       .size = sizeof(attr),
				       .config = PERF_COUNT_SW_CPU_CLOCK,
				       .exclude_kernel = 1,
				       .exclude_hv = 1};

	return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

static const char *no_perf(void)
{
	int fd = count_events();

	if (fd >= 0)
		close(fd);
	return fd < 0 ? "no perf_event_open for this user" : NULL;
}

ATTACK(performance_events, .impossible = no_perf)
{
	return accepted(count_events());
}

ATTACK(watch_the_file_system, .root_only = true)
{
	return accepted(syscall(SYS_fanotify_init, 0, O_RDONLY));
}

/* ---- keys, System V, message queues ------------------------------------------------------------------ */

static const char *no_keys(void)
{
	return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 1) < 0
		   ? "this kernel has no key rings"
		   : NULL;
}

ATTACK(key_ring, .impossible = no_keys)
{
	return accepted(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 1));
}

ATTACK(key_added, .impossible = no_keys)
{
	return accepted(syscall(SYS_add_key, "user", "paprika-test", "x", 1, KEY_SPEC_PROCESS_KEYRING));
}

ATTACK(shared_memory)
{
	int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);

	return id < 0 ? -1 : shmctl(id, IPC_RMID, NULL);
}

ATTACK(message_queue)
{
	int id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);

	return id < 0 ? -1 : msgctl(id, IPC_RMID, NULL);
}

ATTACK(semaphores)
{
	int id = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);

	return id < 0 ? -1 : semctl(id, 0, IPC_RMID);
}

static const char *no_queues(void)
{
	return access("/proc/sys/fs/mqueue", F_OK) < 0 ? "this kernel has no message queues" : NULL;
}

ATTACK(named_message_queue, .impossible = no_queues)
{
	char name[64];

	snprintf(name, sizeof(name), "paprika-test-%ld", given_number("victim"));
	if (syscall(SYS_mq_open, name, O_CREAT | O_RDWR, 0600, NULL) < 0)
		return -1;
	return (int)syscall(SYS_mq_unlink, name);
}

/* ---- the process's own nature -------------------------------------------------------------------------- */

ATTACK(everything_executable)
{
	return accepted(personality(READ_IMPLIES_EXEC));
}

ATTACK(addresses_not_random)
{
	return accepted(personality(ADDR_NO_RANDOMIZE));
}

static const char *no_resource_capability(void)
{
	return prctl(PR_CAPBSET_READ, 24 /* CAP_SYS_RESOURCE */) == 1
		   ? NULL
		   : "root lacks the capability sys_resource";
}

ATTACK(description_of_the_process, .root_only = true, .impossible = no_resource_capability)
{
	return prctl(PR_SET_MM, PR_SET_MM_BRK, (unsigned long)sbrk(0), 0, 0);
}

ATTACK(core_files)
{
	struct rlimit now;

	if (getrlimit(RLIMIT_CORE, &now) < 0)
		attack_broken("cannot ask for a limit");
	now.rlim_cur = now.rlim_max;
	return setrlimit(RLIMIT_CORE, &now);
}

#ifdef SYS_modify_ldt
ATTACK(segments)
{
	char table[16];

	return accepted(syscall(SYS_modify_ldt, 0, table, sizeof(table)));
}
#endif

/* ---- the machine ------------------------------------------------------------------------------------------ */

static int device(mode_t type)
{
	if (mknod("device", type | 0600, (dev_t)(1 << 8 | 3)) < 0)
		return -1;
	return unlink("device");
}

ATTACK(character_device, .root_only = true)
{
	return device(S_IFCHR);
}

ATTACK(block_device, .root_only = true)
{
	return device(S_IFBLK);
}

ATTACK(device_with_the_capability, .root_only = true, .flags = "--capability mknod")
{
	return device(S_IFCHR);
}

ATTACK(device_with_garbage_above, .root_only = true, .flags = "--capability mknod")
{
	if (syscall(SYS_mknodat, AT_FDCWD, "device", 0xff00000000000000ul | S_IFCHR | 0600, 0x103) < 0)
		return -1;
	return unlink("device");
}

ATTACK(whiteout, .root_only = true, .flags = "--capability mknod")
{
	return (int)syscall(SYS_renameat2, AT_FDCWD, "mine", AT_FDCWD, "sub/new", 4);
}

ATTACK(host_name, .root_only = true)
{
	char name[128];

	if (gethostname(name, sizeof(name)) < 0)
		attack_broken("no name");
	return sethostname(name, strlen(name));
}

/* Asked in ways that could change nothing if they were let through. */
ATTACK(restart_of_the_machine, .root_only = true)
{
	/* 0: turn Ctrl-Alt-Del off, which nobody has here. */
	return accepted(syscall(SYS_reboot, 0xfee1dead, 672274793, 0, NULL));
}

ATTACK(kernel_log, .root_only = true)
{
	return accepted(syscall(SYS_syslog, 10 /* size of the buffer */, NULL, 0));
}

#ifdef SYS_iopl
static const char *no_ports(void)
{
	return syscall(SYS_ioperm, 0x80, 1, 1) < 0 ? "this kernel has no ioperm" : NULL;
}

ATTACK(ports_of_devices, .root_only = true, .impossible = no_ports)
{
	return accepted(syscall(SYS_ioperm, 0x80, 1, 1));
}
#endif

#define UNHARMED(id, number, ...)                                                                  \
	/* The kernel's own refusal is another one: then it was asked. */                          \
	ATTACK(id, .root_only = true)                                                              \
	{                                                                                          \
		long rc = syscall(number, __VA_ARGS__);                                            \
                                                                                                   \
		return rc < 0 && errno == EPERM ? -1 : 0;                                          \
	}

UNHARMED(swap_on, SYS_swapon, "", 0)
UNHARMED(swap_off, SYS_swapoff, "")
UNHARMED(quota, SYS_quotactl, 0x80000100, "/nowhere", 0, NULL)
UNHARMED(module, SYS_init_module, NULL, 0, "")
UNHARMED(module_removed, SYS_delete_module, "paprika_no_such_module", O_NONBLOCK)
UNHARMED(another_kernel, SYS_kexec_load, 0, 17, NULL, 0)
UNHARMED(clock_set, SYS_clock_settime, 99, NULL)
UNHARMED(remapping, SYS_remap_file_pages, 1, 0, 0, 0, 0)
