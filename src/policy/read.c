/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads a policy file of the real system. The one place in policy/ that touches
 * the machine. Pipes are read to their end, so that a shell's <(command) works.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "policy/keys.h"
#include "policy/place.h"

static int read_all(int fd, char *text, size_t size, size_t *length)
{
	size_t fill = 0;

	while (fill < size) {
		ssize_t n = read(fd, text + fill, size - fill);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		fill += (size_t)n;
	}
	*length = fill;
	return fill > PAP_POLICY_TEXT_MAX ? -EFBIG : 0;
}

int pap_policy_read_file(void *context, const char *path, char **text, size_t *length)
{
	size_t size = PAP_POLICY_TEXT_MAX + 1; /* one more tells what is too large */
	char *buffer;
	int fd, rc;

	(void)context;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;
	buffer = malloc(size);
	rc = buffer ? read_all(fd, buffer, size, length) : -ENOMEM;
	close(fd);
	if (rc < 0) {
		free(buffer);
		return rc;
	}
	*text = buffer;
	return 0;
}
