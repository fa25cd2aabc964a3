/* SPDX-License-Identifier: BSD-2-Clause */
/* Making a scene, stepping into it, taking it down. */
#include "compare/scene.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/raw.h"

static int random_words(struct pap_scene *scene)
{
	uint64_t words[2];

	if (getrandom(words, sizeof(words), 0) != sizeof(words))
		return -1;
	snprintf(scene->secret, sizeof(scene->secret), "secret-%016llx",
		 (unsigned long long)words[0]);
	snprintf(scene->abstract, sizeof(scene->abstract), "paprika-compare-%016llx",
		 (unsigned long long)words[1]);
	return 0;
}

static const struct held {
	enum pap_scene_fd fd;
	const char *path; /* beneath DIR unless absolute */
	int flags;
} held[] = {
    {PAP_FD_NULL, "/dev/null", O_WRONLY},
    {PAP_FD_MESSAGES, "job/messages", O_WRONLY | O_APPEND},
    {PAP_FD_CAPTURE, "job/capture", O_RDWR},
    {PAP_FD_REPORT, "job/report", O_RDWR},
    {PAP_FD_NAMES, "names", O_RDONLY | O_DIRECTORY},
    {PAP_FD_KEY, "outside/key", O_RDONLY},
    {PAP_FD_ROOT, "", O_RDONLY | O_DIRECTORY},
    {PAP_FD_FILE, "outside/file", O_RDONLY},
};

static int open_held(struct pap_scene *scene, struct pap_error *err)
{
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++) {
		const char *path = held[i].path;

		if (path[0] != '/')
			path = pap_scene_path(scene, path);
		scene->held[held[i].fd] = open(path, held[i].flags | O_CLOEXEC);
		if (scene->held[held[i].fd] < 0)
			return pap_fail(err, -errno, "cannot open %s: %s", path, strerror(errno));
	}
	/* The report grows at its end. */
	if (lseek(scene->held[PAP_FD_REPORT], 0, SEEK_END) < 0)
		return pap_fail(err, -errno, "cannot find the end of the report");
	return 0;
}

int pap_scene_make(struct pap_scene *scene, const char *base, struct pap_page *page,
		   struct pap_error *err)
{
	int rc = 0;

	*scene = (struct pap_scene){.page = page, .segment = -1, .queue = -1, .terminal = -1,
				    .client = -1};
	memset(scene->services, -1, sizeof(scene->services));
	memset(scene->held, -1, sizeof(scene->held));
	memset((void *)page, 0, sizeof(*page));
	snprintf(scene->dir, sizeof(scene->dir), "%s/scene", base);
	if (random_words(scene) < 0 || mkdir(scene->dir, 0755) < 0)
		return pap_fail(err, -errno, "cannot make %s: %s", scene->dir, strerror(errno));
	rc = pap_scene_files(scene, err);
	if (!rc)
		rc = pap_scene_services(scene, err);
	if (!rc)
		rc = open_held(scene, err);
	if (!rc)
		rc = pap_scene_victim(scene, err);
	if (!rc && chdir(scene->dir) < 0)
		rc = pap_fail(err, -errno, "cannot go to %s: %s", scene->dir, strerror(errno));
	if (rc)
		pap_scene_end(scene);
	return rc;
}

static void shut(int fd)
{
	if (fd >= 0)
		close(fd);
}

void pap_scene_end(struct pap_scene *scene)
{
	if (scene->victim > 0) {
		kill(scene->victim, SIGKILL);
		waitpid(scene->victim, NULL, 0);
	}
	for (unsigned i = 0; i < PAP_SERVICES; i++)
		shut(scene->services[i]);
	for (unsigned i = 0; i <= PAP_FD_LAST; i++)
		shut(scene->held[i]);
	shut(scene->terminal);
	shut(scene->client);
	if (scene->segment >= 0)
		shmctl(scene->segment, IPC_RMID, NULL);
	if (scene->queue >= 0)
		msgctl(scene->queue, IPC_RMID, NULL);
	if (chdir("/") == 0)
		pap_scene_remove(scene->dir);
}

int pap_scene_enter(const struct pap_scene *scene)
{
	const struct rlimit no_core = {0, 0};
	int high[PAP_FD_LAST + 1];

	if (setsid() < 0 || setrlimit(RLIMIT_CORE, &no_core) < 0)
		return -errno;
	/* First out of the way of their own numbers. */
	for (int i = 0; i <= PAP_FD_LAST; i++) {
		high[i] = fcntl(scene->held[i], F_DUPFD, 64);
		if (high[i] < 0)
			return -errno;
	}
	for (int i = 0; i <= PAP_FD_LAST; i++)
		if (dup2(high[i], i) < 0)
			return -errno;
	return pap_raw_close_range(PAP_FD_LAST + 1, ~0u, 0);
}

int pap_scene_take_terminal(void)
{
	return ioctl(PAP_FD_TERMINAL, TIOCSCTTY, 0) < 0 ? -errno : 0;
}
