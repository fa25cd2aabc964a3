/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Learning what others do with files that were not granted. Names and times can be
 * asked for (stat is not confined); what happens in a forbidden directory, and when,
 * is more than that.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "attack.h"

ATTACK(watch_a_forbidden_directory)
{
	int fd = inotify_init1(0);

	return fd < 0 || inotify_add_watch(fd, at("outside"), IN_ALL_EVENTS) < 0 ? -1 : 0;
}

ATTACK(watch_a_forbidden_file)
{
	int fd = inotify_init1(0);

	return fd < 0 || inotify_add_watch(fd, at("outside/key"), IN_ACCESS) < 0 ? -1 : 0;
}

ATTACK(watch_a_terminal, .terminal = true)
{
	int fd = inotify_init1(0);

	/* When it is read and written is when somebody types. */
	return fd < 0 || inotify_add_watch(fd, given("elsewhere"), IN_MODIFY) < 0 ? -1 : 0;
}

ATTACK(be_told_by_signal, .input = "outside")
{
	return fcntl(0, F_NOTIFY, (long)(DN_ACCESS | DN_MODIFY | DN_MULTISHOT));
}

ATTACK(lease_on_a_file, .input = "outside/file")
{
	return fcntl(0, F_SETLEASE, F_RDLCK);
}
