/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a call costs under a model: two processes, one bare and one confined, make the same
 * calls in turns, told to by a byte in a pipe and answering with one, so that they need no
 * call but those that are timed, read and write. The ratio is the median of the turns.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "compare/trial.h"
#include "kernel/raw.h"

enum { TURNS = 15, CALLS = 30000, OPENS = 500 };

const char *const pap_timed_words[PAP_TIMED_COUNT] = {
    "getppid", "read of one byte", "opening and closing a file beneath a held directory"};

/* The descriptors that the model does not speak of anyway carry the conversation. */
enum { ASK = PAP_FD_KEY, ANSWER = PAP_FD_ROOT, ZERO = PAP_FD_FILE };

static int make_calls(enum pap_timed call)
{
	char byte;

	for (int i = 0; call == PAP_TIMED_GETPPID && i < CALLS; i++)
		if (syscall(PAP_NUMBER(getppid)) < 0)
			return -1;
	for (int i = 0; call == PAP_TIMED_READ && i < CALLS; i++)
		if (read(ZERO, &byte, 1) != 1)
			return -1;
	for (int i = 0; call == PAP_TIMED_OPEN && i < OPENS; i++) {
		int fd = openat(PAP_FD_NAMES, "tcp-80", O_RDONLY);

		if (fd < 0 || close(fd) < 0)
			return -1;
	}
	return 0;
}

struct timed {
	pid_t pid;
	int ask, answer;
};

static void __attribute__((noreturn)) live(const struct pap_scene *scene, enum pap_timed call,
					   const struct pap_model *model, int ask, int answer)
{
	struct pap_error err;
	char byte = 'x';
	int zero;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Out of the way of the scene's own numbers, which are put in place next. */
	ask = fcntl(ask, F_DUPFD, 100);
	answer = fcntl(answer, F_DUPFD, 100);
	if (ask < 0 || answer < 0 || dup2(ask, scene->held[ASK]) < 0 ||
	    dup2(answer, scene->held[ANSWER]) < 0)
		_exit(1);
	zero = open("/dev/zero", O_RDONLY);
	if (zero < 0 || dup2(zero, scene->held[ZERO]) < 0 || pap_scene_enter(scene) < 0 ||
	    model->enter(scene, &err) < 0)
		_exit(1);
	while (write(ANSWER, &byte, 1) == 1 && read(ASK, &byte, 1) == 1 && make_calls(call) == 0)
		;
	for (;;)
		syscall(PAP_NUMBER(exit), 0);
}

static int start(struct timed *timed, const struct pap_scene *scene, enum pap_timed call,
		 const struct pap_model *model)
{
	int ask[2], answer[2];

	if (pipe2(ask, O_CLOEXEC) < 0)
		return -1;
	if (pipe2(answer, O_CLOEXEC) < 0) {
		close(ask[0]);
		close(ask[1]);
		return -1;
	}
	timed->pid = fork();
	if (!timed->pid)
		live(scene, call, model, ask[0], answer[1]);
	close(ask[0]);
	close(answer[1]);
	timed->ask = ask[1];
	timed->answer = answer[0];
	return timed->pid < 0 ? -1 : 0;
}

static void end(struct timed *timed)
{
	close(timed->ask);
	close(timed->answer);
	if (timed->pid > 0) {
		kill(timed->pid, SIGKILL);
		waitpid(timed->pid, NULL, 0);
	}
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Waits for the answer to what was asked before; false: there will be none. */
static bool answered(const struct timed *timed)
{
	char byte;

	return read(timed->answer, &byte, 1) == 1;
}

static double turn(const struct timed *timed)
{
	double begin = now();

	if (write(timed->ask, "x", 1) != 1 || !answered(timed))
		return 0;
	return now() - begin;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double measure(const struct timed *bare, const struct timed *confined)
{
	double ratios[TURNS];

	if (!answered(bare) || !answered(confined))
		return 0;
	/* One turn each to warm up. */
	if (turn(bare) == 0 || turn(confined) == 0)
		return 0;
	for (int i = 0; i < TURNS; i++) {
		double first = turn(bare), second = turn(confined);

		if (first == 0 || second == 0)
			return 0;
		ratios[i] = second / first;
	}
	qsort(ratios, TURNS, sizeof(ratios[0]), ascending);
	return ratios[TURNS / 2];
}

int pap_time_call(const struct pap_ground *ground, const struct pap_model *model,
		  enum pap_timed call, double *ratio, struct pap_error *err)
{
	struct timed bare = {.ask = -1, .answer = -1}, confined = {.ask = -1, .answer = -1};
	void (*before)(int) = signal(SIGPIPE, SIG_IGN);
	struct pap_scene scene;
	int rc = pap_scene_make(&scene, ground->base, ground->page, err);

	*ratio = 0;
	if (rc)
		return rc;
	if (start(&bare, &scene, call, pap_models[0]) == 0 &&
	    start(&confined, &scene, call, model) == 0)
		*ratio = measure(&bare, &confined);
	end(&confined);
	end(&bare);
	pap_scene_end(&scene);
	signal(SIGPIPE, before);
	return 0;
}
