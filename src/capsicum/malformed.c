/* SPDX-License-Identifier: BSD-2-Clause */
#include "capsicum/malformed.h"

#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static struct iovec piece(const char *text)
{
	return (struct iovec){.iov_base = (void *)text, .iov_len = strlen(text)};
}

void pap_rights_malformed(const char *function, const char *what)
{
	const struct iovec line[] = {piece(function), piece(": "), piece(what), piece("\n")};
	ssize_t written = writev(STDERR_FILENO, line, sizeof(line) / sizeof(line[0]));

	(void)written;
	abort();
}
