/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long it takes to have a filter: from rules to an installed program, for
 * sixty calls and for the default of `paprika run`. A filter stays, and each one
 * on top makes the next slower; every measurement has a process of its own.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "bench/filters.h"
#include "bench/timing.h"

#define ROUNDS 61

enum builder { OURS, LINEAR, TREE, BUILDERS };

static double once(const struct pap_filter_spec *spec, enum builder builder)
{
	double start = now_ns();

	if (builder == OURS)
		install_ours(spec);
	else
		install_libseccomp(spec, builder == LINEAR ? LAYOUT_LINEAR : LAYOUT_TREE);
	return now_ns() - start;
}

/* In a child, after one look at everything that is needed (page faults are not compared). */
static double in_child(const struct pap_filter_spec *spec, enum builder builder)
{
	double result = 0;
	int pipes[2], status;
	pid_t pid;

	if (pipe(pipes) < 0 || (pid = fork()) < 0)
		give_up("fork");
	if (pid == 0) {
		result = once(spec, builder);
		_exit(write(pipes[1], &result, sizeof(result)) != sizeof(result));
	}
	close(pipes[1]);
	if (read(pipes[0], &result, sizeof(result)) != sizeof(result))
		give_up("result");
	close(pipes[0]);
	waitpid(pid, &status, 0);
	return result;
}

static void compare(const char *name, const struct pap_filter_spec *spec)
{
	static const char *const builders[BUILDERS] = {"paprika", "libseccomp, linear",
						       "libseccomp, tree"};
	static double times[BUILDERS][ROUNDS];

	for (unsigned round = 0; round < ROUNDS; round++)
		for (unsigned b = 0; b < BUILDERS; b++)
			times[(b + round) % BUILDERS][round] =
			    in_child(spec, (enum builder)((b + round) % BUILDERS));
	for (unsigned b = 0; b < BUILDERS; b++)
		printf("%s\t%s\t%.1f\n", name, builders[b], median(times[b], ROUNDS) / 1000);
}

int main(void)
{
	compare("sixty calls", sixty_calls());
	compare("default of paprika run", default_spec());
	return 0;
}
