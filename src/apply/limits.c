/* SPDX-License-Identifier: BSD-2-Clause */
#include "apply/limits.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Tasks of a process, when it is one of this user's; 0 when not or gone. */
static unsigned long tasks_of(const char *pid, uid_t user)
{
	char path[64], status[4096];
	const char *uid, *threads;
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%.20s/status", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	length = read(fd, status, sizeof(status) - 1);
	close(fd);
	if (length <= 0)
		return 0;
	status[length] = '\0';
	uid = strstr(status, "\nUid:\t");
	threads = strstr(status, "\nThreads:\t");
	if (!uid || !threads || strtoul(uid + 6, NULL, 10) != user)
		return 0;
	return strtoul(threads + 10, NULL, 10);
}

static int count_tasks(unsigned long *count)
{
	uid_t user = getuid();
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (!proc)
		return -errno;
	*count = 0;
	while ((entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]))
			*count += tasks_of(entry->d_name, user);
	closedir(proc);
	return 0;
}

static int lower(int resource, uint64_t soft, uint64_t hard)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) < 0)
		return -errno;
	if (limit.rlim_max > hard)
		limit.rlim_max = hard;
	limit.rlim_cur = soft < limit.rlim_max ? soft : limit.rlim_max;
	return setrlimit(resource, &limit) < 0 ? -errno : 0;
}

int pap_limits_processes(const struct pap_policy *policy, struct pap_error *err)
{
	const struct pap_limit_value *limit = &policy->limits[PAP_LIMIT_PROCESSES];
	unsigned long now = 0;
	int rc;

	if (!limit->set)
		return 0;
	rc = count_tasks(&now);
	if (!rc)
		rc = lower(RLIMIT_NPROC, now + limit->value, now + limit->value);
	if (rc < 0)
		return pap_fail_at(err, rc, limit->origin, "cannot limit processes: %s",
				   strerror(-rc));
	return 0;
}

int pap_limits_apply(const struct pap_policy *policy)
{
	const struct pap_limit_value *limits = policy->limits;
	int rc = 0;

	if (limits[PAP_LIMIT_MEMORY].set)
		rc = lower(RLIMIT_AS, limits[PAP_LIMIT_MEMORY].value,
			   limits[PAP_LIMIT_MEMORY].value);
	if (!rc && limits[PAP_LIMIT_FILES].set)
		rc = lower(RLIMIT_NOFILE, limits[PAP_LIMIT_FILES].value,
			   limits[PAP_LIMIT_FILES].value);
	/* SIGXCPU first, which says what happened; a second later SIGKILL. */
	if (!rc && limits[PAP_LIMIT_CPU_TIME].set)
		rc = lower(RLIMIT_CPU, limits[PAP_LIMIT_CPU_TIME].value,
			   limits[PAP_LIMIT_CPU_TIME].value + 1);
	return rc;
}
