/* SPDX-License-Identifier: BSD-2-Clause */
/* A terminal that is shared with whoever started the program. */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "compare/attack.h"

static int type(int fd)
{
	return fd < 0 ? -1 : ioctl(fd, TIOCSTI, "x");
}

static int type_ahead(const struct pap_scene *scene)
{
	(void)scene;
	return type(PAP_FD_TERMINAL);
}

static int type_with_garbage(const struct pap_scene *scene)
{
	(void)scene;
	/* The kernel looks at 32 bits of the command. */
	return ioctl(PAP_FD_TERMINAL, TIOCSTI | 0x7700000000, "x");
}

static int type_by_name(const struct pap_scene *scene)
{
	(void)scene;
	return type(open("/dev/tty", O_RDWR));
}

static int resize(const struct pap_scene *scene)
{
	const struct winsize size = {.ws_row = 7, .ws_col = 7};

	(void)scene;
	return ioctl(PAP_FD_TERMINAL, TIOCSWINSZ, &size);
}

static int hide_echo(const struct pap_scene *scene)
{
	struct termios mode;

	(void)scene;
	if (tcgetattr(PAP_FD_TERMINAL, &mode) < 0)
		return -1;
	mode.c_lflag ^= ECHO | ISIG;
	return tcsetattr(PAP_FD_TERMINAL, TCSANOW, &mode);
}

#define TYPES(id, words, function)                                                                 \
	{id, words, PAP_ABOUT_TERMINAL, PAP_PROOF_CHANGED, function}

const struct pap_attack pap_attacks_terminal[] = {
    TYPES("type-ahead", "type a command for the shell to read", type_ahead),
    TYPES("type-garbage", "the same with rubbish above the command", type_with_garbage),
    TYPES("type-by-name", "the same by way of /dev/tty", type_by_name),
    TYPES("resize", "change its size", resize),
    TYPES("echo", "turn off echo and the interrupt key", hide_echo),
    {0},
};
