/* SPDX-License-Identifier: BSD-2-Clause */
/* One attempt; see trial.h. */
#include "compare/trial.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/raw.h"

enum { LONGEST_MS = 10000, KNOCK_MS = 2 };

int pap_ground_make(struct pap_ground *ground, struct pap_error *err)
{
	const char *temporary = getenv("TMPDIR");
	void *page = mmap(NULL, sizeof(*ground->page), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return pap_fail(err, -errno, "no memory to share: %s", strerror(errno));
	ground->page = page;
	if ((size_t)snprintf(ground->base, sizeof(ground->base), "%s/paprika-compare-XXXXXX",
			     temporary && temporary[0] == '/' ? temporary : "/tmp") >=
		sizeof(ground->base) ||
	    !mkdtemp(ground->base) || chmod(ground->base, 0755) < 0) {
		munmap(page, sizeof(*ground->page));
		return pap_fail(err, -errno, "cannot make %s: %s", ground->base, strerror(errno));
	}
	return 0;
}

void pap_ground_end(struct pap_ground *ground)
{
	munmap(ground->page, sizeof(*ground->page));
	pap_scene_remove(ground->base);
}

/* ---- inside ---------------------------------------------------------------------------------- */

/* The one way out that every model allows. */
static void __attribute__((noreturn)) leave(int status)
{
	for (;;)
		syscall(PAP_NUMBER(exit), status);
}

struct order {
	const struct pap_model *model;
	const struct pap_attack *attack; /* NULL: the job */
	enum pap_job job;
};

static void __attribute__((noreturn)) live(const struct pap_scene *scene, const struct order *order)
{
	struct pap_page *page = scene->page;
	struct pap_error err = {0};
	int rc;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	rc = pap_scene_enter(scene);
	if (!rc)
		rc = pap_scene_take_terminal();
	if (rc)
		pap_fail(&err, rc, "cannot enter the scene: %s", strerror(-rc));
	else
		rc = order->model->enter(scene, &err);
	if (rc) {
		snprintf((char *)page->problem, sizeof(page->problem), "%.300s", err.message);
		page->stage = PAP_STAGE_FAILED;
		leave(1);
	}
	page->stage = PAP_STAGE_CONFINED;
	errno = 0;
	rc = order->attack ? order->attack->run(scene) : pap_job_do(order->job);
	page->number = rc ? errno : 0;
	if (page->said != PAP_SAID_BROKEN)
		page->said = rc ? PAP_SAID_STOPPED : PAP_SAID_WORKED;
	leave(0);
}

/* ---- outside --------------------------------------------------------------------------------- */

static bool knock(uint16_t port)
{
	const struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port),
					    .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool open = fd >= 0 &&
		    connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;

	if (fd >= 0)
		close(fd);
	return open;
}

/* Waits for the child to end, and knocks where it says that it listens. 1: it did not end. */
static int wait_for(pid_t pid, struct pap_page *page, bool *reached, int *status)
{
	struct pollfd end = {.fd = pap_raw_pidfd_open(pid, 0), .events = POLLIN};
	int left = LONGEST_MS;

	while (left > 0 && poll(&end, 1, KNOCK_MS) == 0) {
		left -= KNOCK_MS;
		if (!page->port || page->knocked)
			continue;
		*reached = knock((uint16_t)page->port);
		page->knocked = 1;
	}
	if (end.fd >= 0)
		close(end.fd);
	if (left <= 0)
		kill(pid, SIGKILL);
	/* It made a session of its own: what it left behind goes, too. */
	kill(-pid, SIGKILL);
	while (waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
	return left <= 0;
}

static int run_in(struct pap_scene *scene, const struct order *order, struct pap_trial *trial,
		  bool *reached, struct pap_error *err)
{
	int status = 0, late;
	pid_t pid = fork();

	if (pid < 0)
		return pap_fail(err, -errno, "cannot fork: %s", strerror(errno));
	if (!pid)
		live(scene, order);
	late = wait_for(pid, scene->page, reached, &status);
	trial->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	trial->number = scene->page->number;
	if (scene->page->stage == PAP_STAGE_CONFINED && !late &&
	    scene->page->said != PAP_SAID_BROKEN)
		return 0;
	trial->outcome = PAP_OUTCOME_UNTRIED;
	snprintf(trial->problem, sizeof(trial->problem), "%s",
		 late ? "it did not end" : (const char *)scene->page->problem);
	if (!trial->problem[0])
		snprintf(trial->problem, sizeof(trial->problem), "it ended while confining itself");
	return 1;
}

static bool loot_has_secret(const struct pap_scene *scene)
{
	const char *loot = (const char *)scene->page->loot;

	return memmem(loot, sizeof(scene->page->loot), scene->secret, strlen(scene->secret));
}

static bool changed(const struct pap_text *before, const struct pap_text *after)
{
	return before->length != after->length ||
	       memcmp(before->data, after->data, before->length) != 0;
}

int pap_try_attack(const struct pap_ground *ground, const struct pap_model *model,
		   const struct pap_attack *attack, struct pap_trial *trial, struct pap_error *err)
{
	const struct order order = {.model = model, .attack = attack};
	struct pap_text before = {0}, after = {0};
	bool reached = false, worked = false;
	struct pap_scene scene;
	int rc = pap_scene_make(&scene, ground->base, ground->page, err);

	*trial = (struct pap_trial){0};
	if (rc)
		return rc;
	pap_scene_portrait(&scene, &before);
	rc = run_in(&scene, &order, trial, &reached, err);
	pap_scene_portrait(&scene, &after);
	if (before.failed || after.failed)
		rc = pap_fail(err, -ENOMEM, "out of memory");
	if (rc == 0) {
		switch (attack->proof) {
		case PAP_PROOF_SAID:
			worked = scene.page->said == PAP_SAID_WORKED;
			break;
		case PAP_PROOF_SECRET:
			worked = loot_has_secret(&scene);
			break;
		case PAP_PROOF_CHANGED:
			worked = changed(&before, &after);
			break;
		case PAP_PROOF_REACHED:
			worked = reached;
			break;
		}
		trial->outcome = worked ? PAP_OUTCOME_WORKED : PAP_OUTCOME_STOPPED;
	}
	pap_scene_end(&scene);
	pap_text_free(&before);
	pap_text_free(&after);
	return rc < 0 ? rc : 0;
}

int pap_try_job(const struct pap_ground *ground, const struct pap_model *model, enum pap_job job,
		struct pap_trial *trial, struct pap_error *err)
{
	const struct order order = {.model = model, .job = job};
	struct pap_scene scene;
	bool reached;
	int rc = pap_scene_make(&scene, ground->base, ground->page, err);

	*trial = (struct pap_trial){0};
	if (rc)
		return rc;
	rc = run_in(&scene, &order, trial, &reached, err);
	if (rc == 0)
		trial->outcome = scene.page->said == PAP_SAID_WORKED && pap_job_done(&scene, job)
				     ? PAP_OUTCOME_WORKED
				     : PAP_OUTCOME_STOPPED;
	pap_scene_end(&scene);
	return rc < 0 ? rc : 0;
}
