/* SPDX-License-Identifier: BSD-2-Clause */
/* Making, moving and removing names where only reading was granted, or nothing. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attack.h"

ATTACK(create_outside, .proof = CHANGE)
{
	int fd = open("up/new", O_WRONLY | O_CREAT | O_EXCL, 0644);

	return fd < 0 ? -1 : close(fd);
}

ATTACK(create_in_a_read_only_grant, .proof = CHANGE)
{
	int fd = open(at("ro/new"), O_WRONLY | O_CREAT | O_EXCL, 0644);

	return fd < 0 ? -1 : close(fd);
}

ATTACK(nameless_file_in_a_read_only_grant)
{
	int fd = open(at("ro"), O_TMPFILE | O_RDWR, 0600);

	return fd < 0 ? -1 : close(fd);
}

ATTACK(write_a_read_only_grant, .proof = CHANGE)
{
	int fd = open(at("ro/note"), O_WRONLY | O_APPEND);

	return fd < 0 || write(fd, "x", 1) != 1 ? -1 : close(fd);
}

ATTACK(empty_by_opening_read_only, .proof = CHANGE)
{
	int fd = open(at("ro/note"), O_RDONLY | O_TRUNC);

	return fd < 0 ? -1 : close(fd);
}

ATTACK(empty_by_name, .proof = CHANGE)
{
	return truncate(at("ro/note"), 0);
}

ATTACK(link_out_of_a_forbidden_directory, .proof = CHANGE)
{
	return link(at("outside/file"), "stolen");
}

ATTACK(link_out_of_a_read_only_grant, .proof = CHANGE)
{
	return link(at("ro/note"), "stolen");
}

ATTACK(link_into_a_forbidden_directory, .proof = CHANGE)
{
	return link("mine", at("outside/planted"));
}

ATTACK(link_into_a_read_only_grant, .proof = CHANGE)
{
	return link("mine", at("ro/planted"));
}

ATTACK(move_out_of_a_forbidden_directory, .proof = CHANGE)
{
	return rename(at("outside/file"), "stolen");
}

ATTACK(move_out_of_a_read_only_grant, .proof = CHANGE)
{
	return rename(at("ro/note"), "stolen");
}

ATTACK(move_into_a_forbidden_directory, .proof = CHANGE)
{
	return rename("mine", at("outside/file"));
}

ATTACK(move_into_a_read_only_grant, .proof = CHANGE)
{
	return rename("mine", at("ro/planted"));
}

ATTACK(exchange_with_a_forbidden_file, .proof = CHANGE)
{
	return renameat2(AT_FDCWD, "mine", AT_FDCWD, at("outside/file"), RENAME_EXCHANGE);
}

ATTACK(exchange_directories, .proof = CHANGE)
{
	return renameat2(AT_FDCWD, at("outside"), AT_FDCWD, "sub", RENAME_EXCHANGE);
}

ATTACK(move_the_granted_directory_away)
{
	return rename(at("rw"), at("elsewhere"));
}

ATTACK(directory_in_a_read_only_grant, .proof = CHANGE)
{
	return mkdir(at("ro/new"), 0755);
}

ATTACK(remove_a_read_only_file, .proof = CHANGE)
{
	return unlink(at("ro/note"));
}

ATTACK(remove_a_forbidden_directory, .proof = CHANGE)
{
	if (unlink(at("outside/dir/deep")) < 0)
		return -1;
	return rmdir(at("outside/dir"));
}

ATTACK(symbolic_link_outside, .proof = CHANGE)
{
	return symlink("anywhere", at("outside/planted"));
}

ATTACK(pipe_outside, .proof = CHANGE)
{
	return mkfifo(at("ro/pipe"), 0600);
}

ATTACK(create_through_a_dangling_link, .proof = CHANGE)
{
	int fd;

	if (symlink("../outside/new", "dangling") < 0)
		attack_broken("cannot make a link");
	fd = open("dangling", O_WRONLY | O_CREAT, 0644);
	return fd < 0 ? -1 : close(fd);
}

ATTACK(nameless_file_named_in_a_read_only_grant, .proof = CHANGE)
{
	char path[64];
	int fd = open(".", O_TMPFILE | O_RDWR, 0644);

	if (fd < 0)
		attack_broken("no nameless files here");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, path, AT_FDCWD, at("ro/planted"), AT_SYMLINK_FOLLOW);
}

ATTACK(move_a_forbidden_file_within_its_directory, .proof = CHANGE)
{
	return rename(at("outside/file"), at("outside/other"));
}

ATTACK(read_by_a_link_to_the_root, .proof = SECRET)
{
	char path[4096];
	int fd;

	if (symlink("/", "root") < 0)
		attack_broken("cannot make a link");
	snprintf(path, sizeof(path), "root%s", at("outside/key"));
	fd = open(path, O_RDONLY);
	return show_descriptor(fd);
}
