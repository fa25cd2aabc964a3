/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a confined program inherits: nothing but 0, 1, 2 and what the policy names. The
 * launcher does not keep the rest either: whoever waits for the end of a pipe would
 * wait for the launcher's end.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apply/launch.h"
#include "kernel/raw.h"

static bool granted(const struct pap_policy *policy, int fd)
{
	for (size_t i = 0; i < policy->descriptors.count; i++)
		if (policy->descriptors.items[i].fd == fd)
			return true;
	return false;
}

/* The smallest granted number from `from` on, or -1. */
static int next_granted(const struct pap_policy *policy, int from)
{
	int next = -1;

	for (size_t i = 0; i < policy->descriptors.count; i++) {
		int fd = policy->descriptors.items[i].fd;

		if (fd >= from && (next < 0 || fd < next))
			next = fd;
	}
	return next;
}

/* For kernels without close_range (before 5.9). */
static int close_listed(const struct pap_policy *policy)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;

	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		int fd = atoi(entry->d_name);

		if (fd > 2 && fd != dirfd(dir) && !granted(policy, fd))
			close(fd);
	}
	closedir(dir);
	return 0;
}

static int close_others(const struct pap_policy *policy)
{
	int first = 3;

	for (;;) {
		int kept = next_granted(policy, first);
		int rc = 0;

		if (kept < 0)
			rc = pap_raw_close_range((unsigned)first, ~0u, 0);
		else if (kept > first)
			rc = pap_raw_close_range((unsigned)first, (unsigned)kept - 1, 0);
		if (rc < 0)
			return rc == -ENOSYS ? close_listed(policy) : rc;
		if (kept < 0)
			return 0;
		first = kept + 1;
	}
}

static int fill_standard(struct pap_error *err)
{
	int fd;

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
	return 0;
}

int pap_descriptors_sweep(const struct pap_policy *policy, struct pap_error *err)
{
	int rc = fill_standard(err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < policy->descriptors.count; i++) {
		const struct pap_fd_grant *grant = &policy->descriptors.items[i];

		if (fcntl(grant->fd, F_SETFD, 0) < 0)
			return pap_fail_at(err, -errno, grant->origin,
					   "descriptor %d cannot be passed on: %s", grant->fd,
					   strerror(errno));
	}
	rc = close_others(policy);
	return rc < 0 ? pap_fail(err, rc, "cannot close descriptors: %s", strerror(-rc)) : 0;
}

void pap_descriptors_release(const struct pap_policy *policy)
{
	for (size_t i = 0; i < policy->descriptors.count; i++)
		if (policy->descriptors.items[i].fd > 2)
			close(policy->descriptors.items[i].fd);
}
