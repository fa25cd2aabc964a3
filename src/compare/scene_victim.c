/* SPDX-License-Identifier: BSD-2-Clause */
/* An innocent process outside that holds what an attacker would like to have. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "compare/scene.h"
#include "kernel/raw.h"

/* Blocks every signal: those that arrive stay pending, where the portrait finds them. */
static void __attribute__((noreturn)) live(const struct pap_scene *scene, int ready)
{
	void *where = (void *)(uintptr_t)PAP_VICTIM_ADDRESS;
	char *memory = mmap(where, 4096, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Where Yama lets parents only, siblings are let, too: the models shall stop them. */
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
	setpgid(0, 0);
	if (memory == where && dup2(ready, 0) == 0) {
		pap_raw_close_range(3, ~0u, 0);
		memcpy(memory, scene->secret, sizeof(scene->secret));
		if (open(pap_scene_path(scene, "outside/key"), O_RDONLY) == 3 && write(0, "r", 1) == 1)
			for (;;)
				pause();
	}
	_exit(1);
}

int pap_scene_victim(struct pap_scene *scene, struct pap_error *err)
{
	int ready[2];
	char byte;

	if (pipe2(ready, O_CLOEXEC) < 0)
		return pap_fail(err, -errno, "cannot make a pipe: %s", strerror(errno));
	scene->victim = fork();
	if (!scene->victim)
		live(scene, ready[1]);
	close(ready[1]);
	if (scene->victim < 0 || read(ready[0], &byte, 1) != 1) {
		close(ready[0]);
		return pap_fail(err, -EAGAIN, "cannot start a victim");
	}
	close(ready[0]);
	return 0;
}
