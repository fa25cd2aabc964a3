/* SPDX-License-Identifier: BSD-2-Clause */
/* Changing what lies outside: names and contents, then mode, owner, times, attributes. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "compare/attack.h"

static int write_file(const struct pap_scene *scene)
{
	int fd = open(PAP_AT("outside/file"), O_WRONLY);

	return fd < 0 || write(fd, "X", 1) != 1 ? -1 : 0;
}

static int truncate_by_name(const struct pap_scene *scene)
{
	return truncate(PAP_AT("outside/file"), 0);
}

static int truncate_by_opening(const struct pap_scene *scene)
{
	return open(PAP_AT("outside/file"), O_RDONLY | O_TRUNC) < 0 ? -1 : 0;
}

static int create(const struct pap_scene *scene)
{
	return open(PAP_AT("outside/new"), O_WRONLY | O_CREAT, 0644) < 0 ? -1 : 0;
}

static int create_beneath(const struct pap_scene *scene)
{
	(void)scene;
	return openat(PAP_FD_NAMES, "up/new", O_WRONLY | O_CREAT, 0644) < 0 ? -1 : 0;
}

static int make_directory(const struct pap_scene *scene)
{
	return mkdir(PAP_AT("outside/new"), 0755);
}

static int remove_file(const struct pap_scene *scene)
{
	return unlink(PAP_AT("outside/file"));
}

static int rename_file(const struct pap_scene *scene)
{
	return rename(PAP_AT("outside/file"), PAP_AT("outside/dir/file"));
}

static int link_file(const struct pap_scene *scene)
{
	return link(PAP_AT("outside/key"), PAP_AT("outside/dir/key"));
}

static int link_in(const struct pap_scene *scene)
{
	/* Then it would lie beneath a directory that is held. */
	return linkat(AT_FDCWD, PAP_AT("outside/key"), PAP_FD_NAMES, "key", 0);
}

static int plant_symlink(const struct pap_scene *scene)
{
	return symlink("/etc", PAP_AT("outside/link"));
}

static int make_pipe(const struct pap_scene *scene)
{
	return mkfifo(PAP_AT("outside/pipe"), 0644);
}

static int bind_socket(const struct pap_scene *scene)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "outside/new"};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)scene;
	return fd < 0 ? -1 : bind(fd, (struct sockaddr *)&address, sizeof(address));
}

#define CHANGES(id, words, function)                                                               \
	{id, words, PAP_ABOUT_PATHS, PAP_PROOF_CHANGED, function}

const struct pap_attack pap_attacks_changes[] = {
    CHANGES("write-outside", "open a file outside for writing", write_file),
    CHANGES("truncate-path", "empty it by its name", truncate_by_name),
    CHANGES("open-truncate", "empty it by opening it for reading", truncate_by_opening),
    CHANGES("create-outside", "make a file outside", create),
    CHANGES("create-by-symlink", "make one through a link in a held directory", create_beneath),
    CHANGES("mkdir-outside", "make a directory", make_directory),
    CHANGES("unlink-outside", "remove a file", remove_file),
    CHANGES("rename-outside", "move a file to another directory", rename_file),
    CHANGES("link-outside", "give the secret another name", link_file),
    CHANGES("link-in", "link the secret into a held directory", link_in),
    CHANGES("symlink-outside", "plant a link for others to follow", plant_symlink),
    CHANGES("mkfifo-outside", "make a named pipe", make_pipe),
    CHANGES("bind-path", "make a Unix socket that others may connect to", bind_socket),
    {0},
};

/* ---- metadata ----------------------------------------------------------------------------- */

static int change_mode(const struct pap_scene *scene)
{
	return chmod(PAP_AT("outside/key"), 0644);
}

static int change_mode_newer(const struct pap_scene *scene)
{
	return (int)syscall(PAP_NUMBER(fchmodat2), AT_FDCWD, PAP_AT("outside/key"), 0644, 0);
}

static int change_mode_beneath(const struct pap_scene *scene)
{
	(void)scene;
	return fchmodat(PAP_FD_NAMES, "up/key", 0644, 0);
}

static int change_mode_of_descriptor(const struct pap_scene *scene)
{
	(void)scene;
	return fchmod(PAP_FD_CAPTURE, 0666);
}

static int change_mode_of_forgotten(const struct pap_scene *scene)
{
	(void)scene;
	return fchmod(PAP_FD_FILE, 0666);
}

static int change_owner(const struct pap_scene *scene)
{
	/* To whom it belongs already: that the times say so is enough. */
	return chown(PAP_AT("outside/file"), getuid(), getgid());
}

static int change_times(const struct pap_scene *scene)
{
	const struct timespec times[2] = {{1, 0}, {1, 0}};

	return utimensat(AT_FDCWD, PAP_AT("outside/file"), times, 0);
}

static int set_attribute(const struct pap_scene *scene)
{
	return setxattr(PAP_AT("outside/file"), "user.mark", "x", 1, 0);
}

static int set_attribute_newer(const struct pap_scene *scene)
{
	const struct {
		uint64_t value;
		uint32_t size, flags;
	} attribute = {(uint64_t)(uintptr_t)"x", 1, 0};

	return (int)syscall(PAP_NUMBER(setxattrat), AT_FDCWD, PAP_AT("outside/file"), 0,
			    "user.mark", &attribute, sizeof(attribute));
}

static int set_attribute_of_descriptor(const struct pap_scene *scene)
{
	(void)scene;
	return fsetxattr(PAP_FD_CAPTURE, "user.mark", "x", 1, 0);
}

#define MARKS(id, words, function)                                                                 \
	{id, words, PAP_ABOUT_METADATA, PAP_PROOF_CHANGED, function}

const struct pap_attack pap_attacks_metadata[] = {
    MARKS("chmod", "let everybody read the secret", change_mode),
    MARKS("chmod-newer", "the same by a call of Linux 6.6", change_mode_newer),
    MARKS("chmod-by-symlink", "the same through a link in a held directory", change_mode_beneath),
    MARKS("chown", "change a file's owner", change_owner),
    MARKS("utimes", "change its times", change_times),
    MARKS("setxattr", "give it an attribute", set_attribute),
    MARKS("setxattr-newer", "the same by a call of Linux 6.13", set_attribute_newer),
    MARKS("fchmod-held", "change the mode of the capture", change_mode_of_descriptor),
    MARKS("fsetxattr-held", "give the capture an attribute", set_attribute_of_descriptor),
    MARKS("fchmod-forgotten", "change the mode of a file left open", change_mode_of_forgotten),
    {0},
};
