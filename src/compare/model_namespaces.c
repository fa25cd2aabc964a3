/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Namespaces of a user of one's own, as bubblewrap makes them: an empty root with one
 * directory bound read-only, no network, no other processes, no capabilities.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compare/model.h"
#include "kernel/raw.h"

PAP_LINES_BEGIN(namespaces);
static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return written < 0 ? -1 : 0;
}

static int map_ids(unsigned uid, unsigned gid)
{
	char text[64];

	snprintf(text, sizeof(text), "%u %u 1", uid, uid);
	if (put("/proc/self/setgroups", "deny") < 0 || put("/proc/self/uid_map", text) < 0)
		return -1;
	snprintf(text, sizeof(text), "%u %u 1", gid, gid);
	return put("/proc/self/gid_map", text);
}

static int change_root(const char *root, const char *names)
{
	static const unsigned long keep = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("none", root, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") < 0 ||
	    chdir(root) < 0 || mkdir("names", 0755) < 0 || mkdir("old", 0755) < 0 ||
	    mount(names, "names", NULL, MS_BIND, NULL) < 0 ||
	    mount(NULL, "names", NULL, keep, NULL) < 0 ||
	    syscall(PAP_NUMBER(pivot_root), ".", "old") < 0 || umount2("/old", MNT_DETACH) < 0)
		return -1;
	return mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL);
}

static int drop_capabilities(void)
{
	struct pap_cap_header header = {.version = 0x20080522};
	const struct pap_cap_data none[2] = {{0}};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return pap_raw_capset(&header, none) < 0 ? -1 : 0;
}

static int isolate(const char *root, const char *names, int fd)
{
	unsigned uid = geteuid(), gid = getegid();

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
		    CLONE_NEWUTS) < 0 ||
	    map_ids(uid, gid) < 0)
		return -1;
	if (change_root(root, names) < 0)
		return -1;
	/* The directory that is held must be the one beneath the new root. */
	return dup2(open("/names", O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd);
}
PAP_LINES_END(namespaces);

/* Only children are in the new process namespace: one goes on, this one waits for it. */
static int go_on_in_a_child(void)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return -1;
	if (pid == 0)
		return prctl(PR_SET_PDEATHSIG, SIGKILL);
	pap_raw_close_range(0, ~0u, 0);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status)) {
		signal(WTERMSIG(status), SIG_DFL);
		kill(getpid(), WTERMSIG(status));
	}
	_exit(WEXITSTATUS(status));
}

static int enter(const struct pap_scene *scene, struct pap_error *err)
{
	/* The root is put over a directory that the job does not need by name. */
	if (isolate(PAP_AT("job"), PAP_AT("names"), PAP_FD_NAMES) < 0 || go_on_in_a_child() < 0 || drop_capabilities() < 0)
		return pap_fail(err, -errno, "namespaces: %s", strerror(errno));
	return 0;
}

const struct pap_model pap_model_namespaces = {
    .name = "namespaces",
    .title = "user namespaces",
    .about = "What bubblewrap and its kind do: what is not mounted does not exist, and neither "
	     "do other processes or the network. Strong about names; blind to what a held "
	     "descriptor is used for. All of the kernel's surface stays reachable, and one that "
	     "is hardly ever used by ordinary users is added. Many systems do not let users "
	     "make namespaces.",
    .speaks_of = PAP_ABOUT_PATHS | PAP_ABOUT_METADATA | PAP_ABOUT_TCP | PAP_ABOUT_UDP |
		 PAP_ABOUT_LOCAL | PAP_ABOUT_LOCAL_PATHS | PAP_ABOUT_SIGNALS |
		 PAP_ABOUT_PROCESSES | PAP_ABOUT_IPC | PAP_ABOUT_NAMES | PAP_ABOUT_LIMITS |
		 PAP_ABOUT_EXECUTION,
    .lines = PAP_LINES(namespaces),
    .enter = enter,
};
