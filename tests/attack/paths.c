/* SPDX-License-Identifier: BSD-2-Clause */
/* Ways to a file that was not granted: names, links, descriptors, processes, roots. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attack.h"

/* ---- reading by name ------------------------------------------------------------------------- */

ATTACK(absolute_path, .proof = SECRET)
{
	return show_file(at("outside/key"));
}

ATTACK(dot_dot, .proof = SECRET)
{
	return show_file("../outside/key");
}

ATTACK(dot_dot_through_a_granted_directory, .proof = SECRET)
{
	return show_file("sub/../../ro/../outside/./key");
}

ATTACK(above_the_root, .proof = SECRET)
{
	char path[5000] = "";

	for (int i = 0; i < 64; i++)
		strcat(path, "../");
	strcat(path, at("outside/key"));
	return show_file(path);
}

ATTACK(link_that_was_there, .proof = SECRET)
{
	return show_file("key");
}

ATTACK(absolute_link_made_inside, .proof = SECRET)
{
	if (symlink(at("outside/key"), "new") < 0)
		return -1;
	return show_file("new");
}

ATTACK(relative_link_made_inside, .proof = SECRET)
{
	if (symlink("../../outside/key", "sub/new") < 0)
		return -1;
	return show_file("sub/new");
}

ATTACK(link_in_the_middle, .proof = SECRET)
{
	return show_file("up/key");
}

ATTACK(chain_of_links, .proof = SECRET)
{
	if (symlink("absolute", "one") < 0 || symlink("one/dir/..", "two") < 0 ||
	    symlink("two/key", "three") < 0)
		return -1;
	return show_file("three");
}

static void swap_links(void *unused)
{
	(void)unused;
	for (;;) {
		if (symlink("mine", "fresh") < 0 || rename("fresh", "swapped") < 0 ||
		    symlink("../outside/key", "fresh") < 0 || rename("fresh", "swapped") < 0)
			attack_broken("cannot swap links");
	}
}

static bool holds_secret(int fd)
{
	char buffer[64] = "";
	ssize_t got = pread(fd, buffer, sizeof(buffer) - 1, 0);

	return got > 0 && strstr(buffer, "secret-");
}

ATTACK(link_swapped_during_the_call, .proof = SECRET)
{
	long tries = given_number("tries");
	unsigned opened = 0;

	if (symlink("mine", "swapped") < 0)
		return -1;
	start_thread(swap_links, NULL);
	/* The other thread may start late, or rest where nothing can be opened. */
	for (long round = 0; round < tries || (!opened && round < 100 * tries); round++) {
		int fd = open("swapped", O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			continue;
		if (holds_secret(fd))
			return show_descriptor(fd);
		opened++;
		close(fd);
	}
	if (!opened)
		attack_broken("never won the granted side of the race either");
	errno = EACCES;
	return -1;
}

static char racing_path[64];

static void rewrite_path(void *unused)
{
	(void)unused;
	for (;;) {
		memcpy(racing_path, "././././../rw/mine", 19);
		__asm__ volatile("" ::: "memory"); /* both writes must happen */
		memcpy(racing_path, "../outside/key\0\0\0\0", 19);
		__asm__ volatile("" ::: "memory");
	}
}

ATTACK(path_rewritten_during_the_call, .proof = SECRET)
{
	long tries = given_number("tries");

	start_thread(rewrite_path, NULL);
	for (long round = 0; round < tries; round++) {
		int fd = open(racing_path, O_RDONLY | O_CLOEXEC);

		if (fd >= 0 && holds_secret(fd))
			return show_descriptor(fd);
		if (fd >= 0)
			close(fd);
	}
	errno = EACCES;
	return -1;
}

/* ---- descriptors as a way ---------------------------------------------------------------------- */

ATTACK(handle_of_a_forbidden_directory, .proof = SECRET)
{
	int fd = open(at("outside"), O_PATH | O_DIRECTORY);

	return fd < 0 ? -1 : show_descriptor(openat(fd, "key", O_RDONLY));
}

ATTACK(handle_of_a_forbidden_file_opened_again, .proof = SECRET)
{
	char path[64];
	int fd = open(at("outside/key"), O_PATH);

	if (fd < 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return show_file(path);
}

ATTACK(chain_of_handles, .proof = SECRET)
{
	int fd = open("/", O_PATH | O_DIRECTORY);
	char path[4096], *name, *next;

	snprintf(path, sizeof(path), "%s", at("outside"));
	for (name = strtok_r(path, "/", &next); name && fd >= 0; name = strtok_r(NULL, "/", &next))
		fd = openat(fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW);
	return fd < 0 ? -1 : show_descriptor(openat(fd, "key", O_RDONLY | O_NOFOLLOW));
}

ATTACK(change_directory_then_relative, .proof = SECRET)
{
	if (chdir("../outside") < 0)
		return -1;
	return show_file("key");
}

ATTACK(change_directory_by_handle, .proof = SECRET)
{
	int fd = open(at("outside/dir"), O_PATH | O_DIRECTORY);

	if (fd < 0 || fchdir(fd) < 0)
		return -1;
	return show_file("../key");
}

ATTACK(list_a_forbidden_directory)
{
	return show_entries(open(at("outside"), O_RDONLY | O_DIRECTORY));
}

ATTACK(directory_as_standard_input, .input = "outside", .proof = SECRET)
{
	return show_descriptor(openat(0, "key", O_RDONLY));
}

ATTACK(directory_passed_on, .passed = "outside", .flags = "--fd 5", .proof = SECRET)
{
	return show_descriptor(openat(5, "dir/deep", O_RDONLY));
}

ATTACK(directory_not_passed_on, .passed = "outside")
{
	return show_entries(dup(5));
}

ATTACK(write_below_a_passed_directory, .passed = "outside", .flags = "--fd 5", .proof = CHANGE)
{
	int fd = openat(5, "dir/new", O_WRONLY | O_CREAT, 0644);

	return fd < 0 ? -1 : close(fd);
}

ATTACK(read_only_descriptor_opened_again_for_writing, .input = "outside/file", .proof = CHANGE)
{
	int fd = open("/proc/self/fd/0", O_WRONLY | O_TRUNC);

	return fd < 0 ? -1 : close(fd);
}

ATTACK(read_only_descriptor_opened_again_by_dev, .input = "outside/file", .proof = CHANGE)
{
	int fd = open("/dev/stdin", O_WRONLY | O_APPEND);

	return fd < 0 || write(fd, "x", 1) != 1 ? -1 : close(fd);
}

ATTACK(read_only_descriptor_mapped_for_writing, .input = "outside/file", .proof = CHANGE)
{
	char *memory;
	int fd = open("/proc/self/fd/0", O_RDWR);

	if (fd < 0)
		return -1;
	memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		return -1;
	memory[0] = 'X';
	return msync(memory, 4096, MS_SYNC);
}

ATTACK(empty_path_gives_a_name, .input = "outside/file", .proof = CHANGE, .root_only = true)
{
	return linkat(0, "", AT_FDCWD, "stolen", AT_EMPTY_PATH);
}

ATTACK(descriptor_link_gives_a_name, .input = "outside/file", .proof = CHANGE)
{
	return linkat(AT_FDCWD, "/proc/self/fd/0", AT_FDCWD, "stolen", AT_SYMLINK_FOLLOW);
}

/* ---- openat2 with each of its ways to look a name up -------------------------------------------- */

static int open_resolved(const char *path, unsigned long long resolve)
{
	struct open_how how = {.flags = O_RDONLY, .resolve = resolve};

	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
}

ATTACK(openat2_plain, .proof = SECRET)
{
	return show_descriptor(open_resolved("../outside/key", 0));
}

ATTACK(openat2_same_file_system, .proof = SECRET)
{
	return show_descriptor(open_resolved("../outside/key", RESOLVE_NO_XDEV));
}

ATTACK(openat2_without_magic, .proof = SECRET)
{
	return show_descriptor(open_resolved("key", RESOLVE_NO_MAGICLINKS));
}

ATTACK(openat2_without_links, .proof = SECRET)
{
	return show_descriptor(open_resolved(at("outside/key"), RESOLVE_NO_SYMLINKS));
}

ATTACK(openat2_beneath, .proof = SECRET)
{
	struct open_how how = {.flags = O_RDONLY, .resolve = RESOLVE_BENEATH};
	int fd = open(at(""), O_PATH | O_DIRECTORY);

	return show_descriptor((int)syscall(SYS_openat2, fd, "outside/key", &how, sizeof(how)));
}

ATTACK(openat2_in_root, .proof = SECRET)
{
	struct open_how how = {.flags = O_RDONLY, .resolve = RESOLVE_IN_ROOT};
	int fd = open(at("outside"), O_PATH | O_DIRECTORY);

	return show_descriptor((int)syscall(SYS_openat2, fd, "/key", &how, sizeof(how)));
}
