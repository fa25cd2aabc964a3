/* SPDX-License-Identifier: BSD-2-Clause */
/* The terminal that the program was given, and other people's. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "attack.h"

#define TYPES .terminal = true, .proof = CHANGE, .impossible = no_typing

/* Off by default in newer kernels for everybody but root. */
static const char *no_typing(void)
{
	char byte = '1';
	int fd;

	if (geteuid() == 0)
		return NULL;
	fd = open("/proc/sys/dev/tty/legacy_tiocsti", O_RDONLY);
	if (fd >= 0 && read(fd, &byte, 1) != 1)
		byte = '1';
	if (fd >= 0)
		close(fd);
	return byte == '0' ? "this kernel lets nobody type into a terminal" : NULL;
}

ATTACK(type_a_byte, TYPES)
{
	return ioctl(0, TIOCSTI, "x");
}

ATTACK(type_with_garbage_above, TYPES)
{
	return (int)syscall(SYS_ioctl, 0, 0xbad00000000ul | TIOCSTI, "x");
}

ATTACK(type_through_dev_tty, TYPES)
{
	int fd = open("/dev/tty", O_RDWR);

	return fd < 0 ? -1 : ioctl(fd, TIOCSTI, "x");
}

ATTACK(type_after_a_copy, TYPES)
{
	return ioctl(dup2(0, 40), TIOCSTI, "x");
}

ATTACK(type_without_the_promise, TYPES, .flags = "--promise stdio --promise rpath")
{
	return ioctl(0, TIOCSTI, "x");
}

ATTACK(line_discipline, .terminal = true, .proof = CHANGE)
{
	const int slip = 1, null = 27;

	/* The second is in every kernel. */
	return ioctl(0, TIOCSETD, &slip) == 0 || ioctl(0, TIOCSETD, &null) == 0 ? 0 : -1;
}

ATTACK(mode_of_the_terminal, .terminal = true, .proof = CHANGE)
{
	return fchmod(0, 0622);
}

ATTACK(mode_of_the_terminal_by_name, .terminal = true, .proof = CHANGE)
{
	return chmod(given("terminal"), 0622);
}

ATTACK(mode_of_dev_tty, .terminal = true, .root_only = true)
{
	struct stat st;

	if (stat("/dev/tty", &st) < 0)
		attack_broken("no /dev/tty");
	return chmod("/dev/tty", st.st_mode & 07777);
}

ATTACK(write_to_another_terminal, .terminal = true, .proof = CHANGE)
{
	int fd = open(given("elsewhere"), O_WRONLY | O_NOCTTY);

	return fd < 0 || write(fd, "x", 1) != 1 ? -1 : close(fd);
}

ATTACK(make_a_terminal, .terminal = true)
{
	int fd = open("/dev/ptmx", O_RDWR | O_NOCTTY);

	return fd < 0 ? -1 : close(fd);
}
