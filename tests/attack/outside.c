/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The judge: tries an attack bare and confined, each in a fresh world, with a
 * dynamic and with a static attacker, and compares what is left of the world.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"
#include "harness.h"
#include "world.h"

enum { MAX_CASES = 200, MAX_ARGUMENTS = 64 };

__attribute__((constructor)) static void register_cases(void)
{
	static struct test_case cases[MAX_CASES];
	unsigned count = 0;

	for (struct attack *attack = attack_first(); attack; attack = attack->next) {
		if (count == MAX_CASES)
			abort();
		cases[count] = (struct test_case){.name = attack->name, .run = attack->test};
		cases[count].options.timeout = 60;
		cases[count].options.root_only = attack->root_only;
		cases[count].options.user_only = attack->user_only;
		test_register(&cases[count++]);
	}
}

/* ---- running -------------------------------------------------------------------------------- */

static void place(int from, int to)
{
	if (from >= 0 && dup2(from, to) < 0)
		_exit(126);
}

static void __attribute__((noreturn)) become(char *const argv[], int out,
					     const struct world_descriptors *descriptors)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	/* The highest first: a number that is to be filled must not be in use as a source. */
	place(fcntl(out, F_DUPFD_CLOEXEC, 20), 2);
	place(2, 1);
	place(descriptors->input >= 0 ? descriptors->input : null, 0);
	place(descriptors->passed, 5);
	if (descriptors->terminal && (setsid() < 0 || ioctl(0, TIOCSCTTY, 0) < 0))
		_exit(126);
	execv(argv[0], argv);
	_exit(127);
}

struct outcome world_run(const struct world *world, char *const argv[],
			 const struct world_descriptors *descriptors)
{
	struct outcome outcome = {.status = -1};
	size_t size;
	FILE *text = open_memstream(&outcome.text, &size);
	char buffer[4096];
	int pipes[2];
	ssize_t got;
	pid_t pid;

	(void)world;
	REQUIRE(text && pipe2(pipes, O_CLOEXEC) == 0);
	pid = fork();
	REQUIRE(pid >= 0);
	if (!pid)
		become(argv, pipes[1], descriptors);
	close(pipes[1]);
	while ((got = read(pipes[0], buffer, sizeof(buffer))) > 0)
		fwrite(buffer, 1, (size_t)got, text);
	close(pipes[0]);
	REQUIRE(waitpid(pid, &outcome.status, 0) == pid);
	REQUIRE(fclose(text) == 0);
	return outcome;
}

static int open_in(const struct world *world, const char *name)
{
	char path[600];
	int fd, high;

	if (!name)
		return -1;
	snprintf(path, sizeof(path), "%s/%s", world->dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	high = fcntl(fd, F_DUPFD_CLOEXEC, 21);
	REQUIRE(high >= 0);
	close(fd);
	return high;
}

struct attempt {
	struct outcome outcome;
	bool changed, told;
	char *before, *after;
};

static unsigned split(char *text, char **words, unsigned count)
{
	for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
		words[count++] = word;
	return count;
}

enum manner { BARE, CONFINED, TRACED };

/* waivers: flags that make paprika run although this kernel cannot enforce all, or "". */
static struct attempt attempt(const struct attack *attack, char *attacker, enum manner manner,
			      const char *waivers)
{
	struct attempt result = {.changed = false};
	struct world_descriptors descriptors;
	struct world world;
	char tries[32];
	char *argv[MAX_ARGUMENTS] = {NULL}, *flags, *more, *waived;
	unsigned n = 0;
	int passed[2];

	world_make(&world, attacker);
	if (attack->terminal)
		world_terminals(&world);
	flags = world_fill(&world, "run --ro {dir}/ro --rw {dir}/rw");
	more = world_fill(&world, attack->flags ? attack->flags : "");
	waived = strdup(waivers);
	if (manner != BARE) {
		argv[n++] = (char *)test_setting("PAPRIKA");
		n = split(flags, argv, n);
		n = split(more, argv, n);
		n = split(waived, argv, n);
		/* Says more, and must not allow more. */
		if (manner == TRACED)
			argv[n++] = (char *)"--trace";
		argv[n++] = (char *)"--";
	}
	argv[n++] = attacker;
	argv[n++] = (char *)attack->name;
	for (unsigned i = 0; i < world.nwords; i++)
		argv[n++] = world.words[i];
	/* Bare, a round costs a fraction and the race ends when it is won. */
	snprintf(tries, sizeof(tries), "tries=%u",
		 manner == BARE ? 1000000 : 10000 / test_patience());
	argv[n++] = tries;
	passed[0] = descriptors.input = open_in(&world, attack->input);
	passed[1] = descriptors.passed = open_in(&world, attack->passed);
	descriptors.terminal = attack->terminal;
	if (attack->terminal)
		descriptors.input = world.terminals[1];
	result.before = world_portrait(&world);
	result.outcome = world_run(&world, argv, &descriptors);
	result.after = world_portrait(&world);
	result.changed = strcmp(result.before, result.after) != 0;
	result.told = strstr(result.outcome.text, world.secret) != NULL;
	for (unsigned i = 0; i < 2; i++)
		if (passed[i] >= 0)
			close(passed[i]);
	world_end(&world);
	free(flags);
	free(more);
	free(waived);
	return result;
}

/* ---- judging -------------------------------------------------------------------------------- */

/* The lines of after that before lacks. */
static void note_difference(const char *before, const char *after)
{
	char *copy = strdup(after);

	for (char *line = strtok(copy, "\n"); line; line = strtok(NULL, "\n"))
		if (!strstr(before, line))
			test_note("changed: %s", line);
	free(copy);
}

static bool ended_with(int status, int code)
{
	return WIFEXITED(status) && WEXITSTATUS(status) == code;
}

static void judge_control(const struct attack *attack, const struct attempt *result)
{
	bool worked = ended_with(result->outcome.status, ATTACK_WORKED);
	bool shown = (!(attack->proof & SECRET) || result->told) &&
		     (!(attack->proof & CHANGE) || result->changed);

	CHECK(worked);
	CHECK(shown);
	if (!worked || !shown)
		test_note("control: status %#x: %s", result->outcome.status, result->outcome.text);
}

static void judge_confined(const struct attack *attack, const char *kind,
			   const struct attempt *result)
{
	int expected = attack->dies_of ? 128 + attack->dies_of : ATTACK_STOPPED;
	bool stopped = ended_with(result->outcome.status, expected);

	CHECK(stopped);
	CHECK(!result->told);
	CHECK(!result->changed);
	if (!stopped || result->told || result->changed)
		test_note("%s, confined: status %#x: %s", kind, result->outcome.status,
			  result->outcome.text);
	note_difference(result->before, result->after);
}

static void forget(struct attempt *attempt)
{
	free(attempt->outcome.text);
	free(attempt->before);
	free(attempt->after);
}

/* ---- what this kernel cannot enforce ------------------------------------------------------- */

static bool is_refusal(const struct attempt *result)
{
	return ended_with(result->outcome.status, 125) &&
	       strstr(result->outcome.text, "this kernel cannot enforce: ");
}

/*
 * paprika refused: nothing ran, and what it would have waived is lacking by the probe's
 * own word. The flags that it named are left in waivers; true when the attack can still be
 * judged with them.
 */
static bool judge_refusal(const struct attack *attack, const struct attempt *result, char *waivers,
			  size_t size)
{
	const char *hint = strstr(result->outcome.text, "hint: --waive ");
	bool governed = false;
	char name[64];
	size_t used = 0;

	CHECK(!result->told);
	CHECK(!result->changed);
	REQUIRE(hint != NULL);
	for (hint += strlen("hint: "); sscanf(hint, "--waive %63s", name) == 1;
	     hint += strlen("--waive ") + strlen(name) + 1) {
		CHECK(test_kernel_lacks(name));
		used += (size_t)snprintf(waivers + used, size - used, "--waive %s ", name);
		REQUIRE(used < size);
		/* Without Landlock any file can help any attack. */
		governed = governed || !strcmp(name, "files") ||
			   (attack->governed && strstr(attack->governed, name));
	}
	return !governed;
}

/* Why the control says nothing about the sandbox, or NULL. */
static const char *control_is_void(const struct attempt *result)
{
	return ended_with(result->outcome.status, ATTACK_STOPPED) &&
			       strstr(result->outcome.text, "stopped: Function not implemented\n")
		       ? "this kernel has no such call"
		       : NULL;
}

static const char *control(const struct attack *attack, char *attacker)
{
	struct attempt result = attempt(attack, attacker, BARE, "");
	const char *reason = control_is_void(&result);

	if (!reason)
		judge_control(attack, &result);
	forget(&result);
	return reason;
}

/* A reason when nothing but the refusal could be judged. */
static const char *confined(const struct attack *attack, char *attacker, enum manner manner,
			    const char *words)
{
	struct attempt result = attempt(attack, attacker, manner, "");
	char waivers[256] = "";
	bool judged = true;

	if (is_refusal(&result)) {
		judged = judge_refusal(attack, &result, waivers, sizeof(waivers));
		forget(&result);
		if (!judged)
			return "refused: this kernel cannot stop it";
		result = attempt(attack, attacker, manner, waivers);
	}
	judge_confined(attack, words, &result);
	forget(&result);
	return NULL;
}

void attack_try(const struct attack *attack)
{
	const char *reason = attack->impossible ? attack->impossible() : NULL, *refused;
	char dynamic[4096], fixed[4200];

	snprintf(dynamic, sizeof(dynamic), "%s/tests/attack/attacker-%s",
		 test_setting("PAPRIKA_BUILD"), program_invocation_short_name + strlen("attack-"));
	snprintf(fixed, sizeof(fixed), "%s-static", dynamic);
	if (!reason)
		reason = control(attack, dynamic);
	if (!reason)
		reason = control(attack, fixed);
	refused = confined(attack, dynamic, CONFINED, "dynamic");
	confined(attack, fixed, CONFINED, "static");
	confined(attack, dynamic, TRACED, "traced");
	if (refused)
		test_note("%s", refused);
	else if (reason)
		SKIP("%s", reason);
}
