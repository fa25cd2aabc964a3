/* SPDX-License-Identifier: BSD-2-Clause */
/* A small window onto a file. It remembers one page and nothing about errors. */
#include "apply/window.h"

#include <errno.h>
#include <unistd.h>

void pap_window_init(struct pap_window *window, int fd)
{
	window->fd = fd;
	window->start = 0;
	window->length = 0;
}

/* How many bytes from offset on the window holds. */
static size_t held(const struct pap_window *window, uint64_t offset)
{
	if (offset < window->start || offset - window->start >= window->length)
		return 0;
	return window->length - (size_t)(offset - window->start);
}

static void move(struct pap_window *window, uint64_t offset)
{
	window->start = offset;
	window->length = 0;
	while (window->length < PAP_WINDOW_SIZE) {
		ssize_t n =
		    pread(window->fd, window->bytes + window->length,
			  PAP_WINDOW_SIZE - window->length, (off_t)(offset + window->length));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		window->length += (size_t)n;
		/* A short read of a regular file is its end: do not ask again. */
		if (window->length < PAP_WINDOW_SIZE)
			break;
	}
}

const void *pap_window_rest(struct pap_window *window, uint64_t offset, size_t wanted,
			    size_t *length)
{
	*length = 0;
	if (offset > INT64_MAX - PAP_WINDOW_SIZE)
		return window->bytes;
	if (held(window, offset) < wanted)
		move(window, offset);
	*length = held(window, offset);
	return window->bytes + (size_t)(*length ? offset - window->start : 0);
}

const void *pap_window_get(struct pap_window *window, uint64_t offset, size_t length)
{
	size_t have;
	const void *bytes = pap_window_rest(window, offset, length, &have);

	return have >= length ? bytes : NULL;
}
