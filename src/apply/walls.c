/* SPDX-License-Identifier: BSD-2-Clause */
#include "apply/walls.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/raw.h"
#include "uapi/capability.h"

enum { CAP_SYS_ADMIN_BIT = 21 };

bool pap_walls_wanted(const struct pap_policy *policy)
{
	return policy->walls || policy->hidden.count;
}

static bool administrator(void)
{
	struct pap_cap_header header = {PAP_CAPABILITY_VERSION_3, 0};
	struct pap_cap_data data[2] = {{0}, {0}};

	return pap_raw_capget(&header, data) == 0 && (data[0].effective >> CAP_SYS_ADMIN_BIT & 1);
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written;
	int error;

	if (fd < 0)
		return -errno;
	written = write(fd, text, strlen(text));
	error = errno;
	close(fd);
	return written < 0 ? -error : 0;
}

/* The same user outside and inside: files belong to whom they did. */
static int map_identity(uid_t uid, gid_t gid)
{
	char map[64];
	int rc = write_file("/proc/self/setgroups", "deny");

	if (rc < 0 && rc != -ENOENT)
		return rc;
	snprintf(map, sizeof(map), "%u %u 1", (unsigned)uid, (unsigned)uid);
	rc = write_file("/proc/self/uid_map", map);
	if (rc < 0)
		return rc;
	snprintf(map, sizeof(map), "%u %u 1", (unsigned)gid, (unsigned)gid);
	return write_file("/proc/self/gid_map", map);
}

static int make_namespaces(const struct pap_policy *policy, struct pap_error *err)
{
	unsigned long flags = CLONE_NEWNS;
	uid_t uid = geteuid();
	gid_t gid = getegid();
	bool user = !administrator();
	int rc;

	if (policy->walls & PAP_WALL_NO_NETWORK)
		flags |= CLONE_NEWNET;
	if (policy->walls & PAP_WALL_PID_NAMESPACE)
		flags |= CLONE_NEWPID;
	rc = pap_raw_unshare(flags | (user ? CLONE_NEWUSER : 0));
	if (!rc && user)
		rc = map_identity(uid, gid);
	if (rc < 0) {
		pap_fail_at(err, rc, policy->walls_origin, "cannot make namespaces: %s",
			    strerror(-rc));
		pap_hint(err, "this system does not let ordinary users make them; "
			      "paprika check says what works here");
	}
	return rc;
}

static int cover(const char *path, struct pap_origin origin, const char *options,
		 struct pap_error *err)
{
	char shown[256];
	struct stat st;
	int rc = 0;

	if (stat(path, &st) < 0)
		rc = -errno;
	else if (S_ISDIR(st.st_mode))
		rc = mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, options) < 0 ? -errno : 0;
	else
		rc = mount("/dev/null", path, NULL, MS_BIND, NULL) < 0 ? -errno : 0;
	if (rc < 0)
		pap_fail_at(err, rc, origin, "cannot cover \"%s\": %s",
			    pap_escape(shown, sizeof(shown), path, strlen(path)), strerror(-rc));
	return rc;
}

/*
 * The working directory is held by the process, not found by name: covered, it
 * would still open into what was to be hidden.
 */
static int reenter(const char *directory, struct pap_error *err)
{
	char shown[256];
	struct stat before, after;

	if (stat(".", &before) < 0 || chdir(directory) < 0 || stat(".", &after) < 0 ||
	    before.st_dev != after.st_dev || before.st_ino != after.st_ino) {
		pap_fail(err, -EINVAL, "the working directory \"%s\" is covered by a wall",
			 pap_escape(shown, sizeof(shown), directory, strlen(directory)));
		pap_hint(err, "start from a directory that is not covered");
		return -EINVAL;
	}
	return 0;
}

int pap_walls_raise(const struct pap_policy *policy, struct pap_error *err)
{
	char directory[PATH_MAX];
	int rc;

	if (!getcwd(directory, sizeof(directory)))
		return pap_fail(err, -errno, "cannot tell the working directory: %s",
				strerror(errno));
	rc = make_namespaces(policy, err);
	if (rc < 0)
		return rc;
	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return pap_fail(err, -errno, "cannot separate mounts: %s", strerror(errno));
	for (size_t i = 0; !rc && i < policy->hidden.count; i++)
		rc = cover(policy->hidden.items[i].name, policy->hidden.items[i].origin,
			   "mode=555,size=4k", err);
	if (!rc && policy->walls & PAP_WALL_PRIVATE_TMP) {
		rc = cover("/tmp", policy->walls_origin, "mode=1777", err);
		if (!rc && access("/var/tmp", F_OK) == 0)
			rc = cover("/var/tmp", policy->walls_origin, "mode=1777", err);
	}
	return rc < 0 ? rc : reenter(directory, err);
}

int pap_walls_mount_proc(struct pap_error *err)
{
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0)
		return 0;
	pap_fail(err, -errno, "cannot mount /proc for the new PID namespace: %s", strerror(errno));
	pap_hint(err, "inside a container whose /proc is partly covered the kernel refuses this");
	return err ? err->code : -EPERM;
}
