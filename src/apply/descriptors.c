/* SPDX-License-Identifier: BSD-2-Clause */
/* What a confined program inherits: nothing but 0, 1, 2 and what the policy names. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apply/launch.h"
#include "kernel/raw.h"

enum { CLOSE_RANGE_CLOEXEC_FLAG = 4 }; /* 5.11 */

static int mark(int fd)
{
	return fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 && errno != EBADF ? -errno : 0;
}

/* The slow way, for kernels without CLOSE_RANGE_CLOEXEC. */
static int mark_all(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	int rc = 0;

	if (!dir)
		return -errno;
	while (!rc && (entry = readdir(dir))) {
		int fd = atoi(entry->d_name);

		if (fd > 2)
			rc = mark(fd);
	}
	closedir(dir);
	return rc;
}

int pap_descriptors_sweep(const struct pap_policy *policy, struct pap_error *err)
{
	int rc, fd;

	/* A closed 0, 1 or 2 would be taken by the first file that somebody opens. */
	do {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (fd < 0)
			return pap_fail(err, -errno, "cannot open /dev/null: %s", strerror(errno));
		if (fd <= 2 && fcntl(fd, F_SETFD, 0) < 0)
			return pap_fail(err, -errno, "cannot set up descriptors: %s",
					strerror(errno));
	} while (fd <= 2);
	close(fd);
	rc = pap_raw_close_range(3, ~0u, CLOSE_RANGE_CLOEXEC_FLAG);
	if (rc == -EINVAL || rc == -ENOSYS)
		rc = mark_all();
	if (rc < 0)
		return pap_fail(err, rc, "cannot mark descriptors: %s", strerror(-rc));
	for (size_t i = 0; i < policy->descriptors.count; i++) {
		const struct pap_fd_grant *grant = &policy->descriptors.items[i];

		if (fcntl(grant->fd, F_SETFD, 0) < 0)
			return pap_fail_at(err, -errno, grant->origin,
					   "descriptor %d cannot be passed on: %s", grant->fd,
					   strerror(errno));
	}
	return 0;
}
