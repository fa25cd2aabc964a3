/* SPDX-License-Identifier: BSD-2-Clause */
/* Another root, another mount, another namespace, a file by its number. */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"

ATTACK(file_by_its_handle, .proof = SECRET, .root_only = true)
{
	struct file_handle *handle = calloc(1, sizeof(*handle) + MAX_HANDLE_SZ);
	int mount_id, directory = open(".", O_RDONLY | O_DIRECTORY);

	handle->handle_bytes = MAX_HANDLE_SZ;
	if (name_to_handle_at(AT_FDCWD, at("outside/key"), handle, &mount_id, 0) < 0)
		return -1;
	return show_descriptor(open_by_handle_at(directory, handle, O_RDONLY));
}

ATTACK(handle_of_a_file)
{
	struct file_handle *handle = calloc(1, sizeof(*handle) + MAX_HANDLE_SZ);
	int mount_id;

	handle->handle_bytes = MAX_HANDLE_SZ;
	return name_to_handle_at(AT_FDCWD, at("outside/key"), handle, &mount_id, 0);
}

ATTACK(another_root, .proof = SECRET, .root_only = true)
{
	if (chroot(at("outside")) < 0)
		return -1;
	return show_file("/key");
}

ATTACK(another_root_to_climb_out, .proof = SECRET, .root_only = true)
{
	if (chroot("sub") < 0 || chdir("../../../../../../../..") < 0)
		return -1;
	return show_file(given("dir")[0] == '/' ? at("outside/key") + 1 : "");
}

/* In a namespace of the attacker's own: nothing of it stays. */
static int own_mounts(void)
{
	if (unshare(CLONE_NEWNS) < 0)
		return -1;
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

ATTACK(bind_a_directory_here, .proof = SECRET, .root_only = true)
{
	if (own_mounts() < 0 && errno != EPERM)
		return -1;
	if (mount(at("outside"), "sub", NULL, MS_BIND, NULL) < 0)
		return -1;
	return show_file("sub/key");
}

ATTACK(mount_a_file_system, .root_only = true)
{
	if (own_mounts() < 0 && errno != EPERM)
		return -1;
	return mount("tmpfs", "sub", "tmpfs", 0, NULL);
}

ATTACK(mount_by_descriptor, .root_only = true)
{
	int fd = (int)syscall(SYS_fsopen, "tmpfs", 0);

	return fd < 0 ? -1 : close(fd);
}

ATTACK(copy_of_a_mount, .root_only = true)
{
	int fd = (int)syscall(SYS_open_tree, AT_FDCWD, at("outside"), 1 /* OPEN_TREE_CLONE */);

	return show_entries(openat(fd, ".", O_RDONLY | O_DIRECTORY));
}

ATTACK(tree_as_a_descriptor, .proof = SECRET)
{
	int fd = (int)syscall(SYS_open_tree, AT_FDCWD, at("outside"), 0);

	return fd < 0 ? -1 : show_descriptor(openat(fd, "key", O_RDONLY));
}

ATTACK(exchange_the_root, .root_only = true)
{
	if (own_mounts() < 0 && errno != EPERM)
		return -1;
	if (mount("sub", "sub", NULL, MS_BIND, NULL) < 0)
		return -1;
	return (int)syscall(SYS_pivot_root, "sub", "sub");
}

ATTACK(unmount, .root_only = true)
{
	if (own_mounts() < 0 && errno != EPERM)
		return -1;
	return umount2("/proc", MNT_DETACH);
}

static const char *no_user_namespaces(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(unshare(CLONE_NEWUSER) < 0);
	return child_status(pid) == 0 ? NULL : "no user namespaces for this user";
}

/* ---- namespaces -------------------------------------------------------------------------------- */

ATTACK(user_namespace_by_unshare, .impossible = no_user_namespaces)
{
	return unshare(CLONE_NEWUSER);
}

ATTACK(user_and_mount_namespace_by_unshare, .impossible = no_user_namespaces)
{
	return unshare(CLONE_NEWUSER | CLONE_NEWNS);
}

static int end_child(pid_t pid)
{
	if (pid < 0)
		return -1;
	if (pid == 0)
		_exit(0);
	return child_status(pid) == 0 ? 0 : -1;
}

ATTACK(user_namespace_by_clone, .impossible = no_user_namespaces)
{
	return end_child((pid_t)syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
}

ATTACK(user_namespace_by_clone_with_garbage_above, .impossible = no_user_namespaces)
{
	unsigned long flags = CLONE_NEWUSER | SIGCHLD | 0x4200000000000000ul;

	/* The kernel looks at 32 bits only, from 5.x on at the rest of clone3's as well. */
	return end_child((pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0));
}

ATTACK(user_namespace_by_clone3, .impossible = no_user_namespaces)
{
	struct clone_args args = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};

	return end_child((pid_t)syscall(SYS_clone3, &args, sizeof(args)));
}

ATTACK(network_namespace_by_clone3, .impossible = no_user_namespaces)
{
	struct clone_args args = {.flags = CLONE_NEWUSER | CLONE_NEWNET, .exit_signal = SIGCHLD};

	return end_child((pid_t)syscall(SYS_clone3, &args, sizeof(args)));
}

ATTACK(child_of_the_launcher)
{
	struct clone_args args = {.flags = CLONE_PARENT};
	pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));

	if (pid < 0)
		pid = (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
	if (pid == 0)
		_exit(0);
	return pid < 0 ? -1 : 0;
}

ATTACK(namespace_of_an_outsider, .flags = "--ro /proc", .root_only = true)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/ns/net", given_number("victim"));
	fd = open(path, O_RDONLY);
	return fd < 0 ? -1 : setns(fd, CLONE_NEWNET);
}

ATTACK(namespaces_by_process_descriptor, .root_only = true)
{
	int fd = (int)syscall(SYS_pidfd_open, given_number("victim"), 0);

	return fd < 0 ? -1 : setns(fd, CLONE_NEWNET | CLONE_NEWNS);
}

ATTACK(table_of_descriptors_of_its_own)
{
	return unshare(CLONE_FILES | CLONE_FS);
}

ATTACK(accounts_to_a_file, .root_only = true)
{
	if (acct("mine") < 0)
		return -1;
	return acct(NULL);
}
