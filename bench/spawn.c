/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long commands take from start to end: spawn ROUNDS COMMAND... --- COMMAND...
 * Runs them in turns, output thrown away, and prints the median microseconds of
 * each, one a line. A command that fails ends the measurement.
 */
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/timing.h"

#define COMMANDS 16
#define ROUNDS_MAX 2000

extern char **environ;

static double once(char **command, posix_spawn_file_actions_t *actions)
{
	double start = now_ns();
	int status;
	pid_t pid;

	errno = posix_spawnp(&pid, command[0], actions, NULL, command, environ);
	if (errno)
		give_up(command[0]);
	if (waitpid(pid, &status, 0) < 0)
		give_up("waitpid");
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "bench: %s ended with wait status %#x\n", command[0], status);
		exit(1);
	}
	return (now_ns() - start) / 1000;
}

static unsigned split(char **words, char **commands[COMMANDS])
{
	unsigned count = 0;

	commands[count++] = words;
	for (; *words; words++) {
		if (strcmp(*words, "---") != 0)
			continue;
		*words = NULL;
		if (count == COMMANDS)
			exit(2);
		commands[count++] = words + 1;
	}
	return count;
}

int main(int argc, char **argv)
{
	static double times[COMMANDS][ROUNDS_MAX];
	posix_spawn_file_actions_t actions;
	char **commands[COMMANDS];
	unsigned rounds, count;

	if (argc < 3 || (rounds = (unsigned)atoi(argv[1])) < 1 || rounds > ROUNDS_MAX)
		return 2;
	count = split(argv + 2, commands);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	for (unsigned c = 0; c < count; c++)
		once(commands[c], &actions);
	for (unsigned round = 0; round < rounds; round++)
		for (unsigned c = 0; c < count; c++)
			times[(c + round) % count][round] =
			    once(commands[(c + round) % count], &actions);
	for (unsigned c = 0; c < count; c++)
		printf("%.1f\n", median(times[c], rounds));
	return 0;
}
