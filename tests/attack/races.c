/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Metadata of what is granted and what is not, exchanged while the launcher looks:
 * names, links, directories, descriptor numbers, the path's own memory. The granted
 * side must have been won, too, or nothing was tried.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "attack.h"

enum { THREADS = 64, CALLS = 200 };

#define HARMS .proof = CHANGE

static mode_t mode_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) < 0 ? 0 : st.st_mode & 07777;
}

/*
 * The verdict of a race: the forbidden file must still be 0644; the granted one must
 * have been changed at least once (bare, the race ends with the first success).
 */
static int verdict(const char *forbidden, unsigned won)
{
	if (mode_of(forbidden) != 0644)
		return 0;
	if (!won)
		attack_broken("the granted side was never won");
	errno = EPERM;
	return -1;
}

/* ---- a link ------------------------------------------------------------------------------------ */

static void swap_links(void *target)
{
	for (;;) {
		if (symlink("mine", "fresh") < 0 || rename("fresh", "swapped") < 0 ||
		    symlink(target, "fresh") < 0 || rename("fresh", "swapped") < 0)
			attack_broken("cannot swap links");
	}
}

ATTACK(link_swapped, HARMS)
{
	long tries = given_number("tries");
	unsigned won = 0;

	if (symlink("mine", "swapped") < 0)
		return -1;
	start_thread(swap_links, (void *)"../outside/file");
	for (long round = 0; round < tries && mode_of(at("outside/file")) == 0644; round++)
		won += chmod("swapped", 0600) == 0;
	return verdict(at("outside/file"), won);
}

ATTACK(link_swapped_for_a_read_only_grant, HARMS)
{
	long tries = given_number("tries");
	unsigned won = 0;

	if (symlink("mine", "swapped") < 0)
		return -1;
	start_thread(swap_links, (void *)"../ro/note");
	for (long round = 0; round < tries && mode_of(at("ro/note")) == 0644; round++)
		won += fchmodat(AT_FDCWD, "swapped", 0600, 0) == 0;
	return verdict(at("ro/note"), won);
}

ATTACK(attribute_while_a_link_is_swapped, HARMS, .impossible = no_attributes)
{
	long tries = given_number("tries");
	unsigned won = 0;
	char value[8];

	if (symlink("mine", "swapped") < 0)
		return -1;
	start_thread(swap_links, (void *)"../outside/file");
	for (long round = 0; round < tries; round++) {
		won += setxattr("swapped", "user.planted", "x", 1, 0) == 0;
		if (getxattr(at("outside/file"), "user.planted", value, sizeof(value)) > 0)
			return 0;
	}
	return verdict(at("outside/file"), won);
}

/* ---- a directory for a link --------------------------------------------------------------------- */

static void swap_directories(void *unused)
{
	(void)unused;
	for (;;)
		if (renameat2(AT_FDCWD, "here", AT_FDCWD, "there", RENAME_EXCHANGE) < 0)
			attack_broken("cannot exchange");
}

ATTACK(directory_swapped_for_a_link, HARMS)
{
	long tries = given_number("tries");
	unsigned won = 0;
	int fd;

	if (mkdir("here", 0755) < 0 || symlink("../outside", "there") < 0)
		return -1;
	fd = open("here/file", O_CREAT | O_WRONLY, 0644);
	if (fd < 0)
		return -1;
	close(fd);
	start_thread(swap_directories, NULL);
	for (long round = 0; round < tries && mode_of(at("outside/file")) == 0644; round++)
		won += chmod("here/file", 0600) == 0;
	return verdict(at("outside/file"), won);
}

/* The parent of what was found moves while the launcher climbs from it. */
ATTACK(directory_moved_during_the_climb, HARMS)
{
	long tries = given_number("tries");
	unsigned won = 0;
	int fd;

	if (mkdir("here", 0755) < 0 || mkdir("sub/there", 0755) < 0 || mkdir("there", 0755) < 0)
		return -1;
	fd = open("here/file", O_CREAT | O_WRONLY, 0644);
	if (fd < 0)
		return -1;
	close(fd);
	start_thread(swap_directories, NULL);
	for (long round = 0; round < tries && mode_of(at("outside/file")) == 0644; round++) {
		won += chmod("here/file", 0600) == 0;
		won += chmod("here/../up/file", 0600) == 0;
	}
	return verdict(at("outside/file"), won);
}

/* ---- the path's memory ---------------------------------------------------------------------------- */

static char path_memory[64];

static void rewrite_path(void *unused)
{
	(void)unused;
	for (;;) {
		memcpy(path_memory, "././././../rw/mine", 19);
		__asm__ volatile("" ::: "memory");
		memcpy(path_memory, "../outside/file\0\0\0", 19);
		__asm__ volatile("" ::: "memory");
	}
}

ATTACK(path_rewritten, HARMS)
{
	long tries = given_number("tries");
	unsigned won = 0;

	start_thread(rewrite_path, NULL);
	for (long round = 0; round < tries && mode_of(at("outside/file")) == 0644;
	     round++)
		won += chmod(path_memory, 0600) == 0;
	return verdict(at("outside/file"), won);
}

/* ---- a descriptor's number ------------------------------------------------------------------------- */

static void swap_descriptors(void *descriptors)
{
	int *fds = descriptors;

	for (;;) {
		dup2(fds[0], 30);
		dup2(fds[1], 30);
	}
}

static int swapped_number(int (*change)(void), const char *forbidden)
{
	long tries = given_number("tries");
	static int fds[2];
	unsigned won = 0;

	fds[0] = open("mine", O_RDWR);
	fds[1] = open(forbidden, O_RDONLY);
	if (fds[1] < 0)
		fds[1] = open(forbidden, O_PATH);
	if (fds[0] < 0 || fds[1] < 0 || dup2(fds[0], 30) < 0)
		attack_broken("cannot open both files");
	start_thread(swap_descriptors, fds);
	for (long round = 0; round < tries && mode_of(forbidden) == 0644; round++)
		won += change() == 0;
	return verdict(forbidden, won);
}

static int by_number(void)
{
	return fchmod(30, 0600);
}

static int by_number_path(void)
{
	return chmod("/proc/self/fd/30", 0600);
}

ATTACK(number_swapped, HARMS)
{
	return swapped_number(by_number, at("ro/note"));
}

ATTACK(number_swapped_in_a_path, HARMS)
{
	return swapped_number(by_number_path, at("ro/note"));
}

ATTACK(number_swapped_for_a_handle, HARMS)
{
	return swapped_number(by_number_path, at("outside/file"));
}

/* ---- many at once ------------------------------------------------------------------------------------ */

static atomic_uint wrong, right;
static int finished[2];

static void ask_both(void *unused)
{
	(void)unused;
	for (int round = 0; round < CALLS; round++) {
		right += chmod("mine", 0600) == 0;
		wrong += chmod("../outside/file", 0777) == 0;
		wrong += fchmodat(AT_FDCWD, "absolute/file", 0777, 0) == 0;
	}
	if (write(finished[1], "", 1) != 1)
		attack_broken("cannot say that a thread is done");
}

ATTACK(many_threads, HARMS)
{
	char byte;

	if (pipe(finished) < 0)
		attack_broken("no pipe");
	for (int i = 0; i < THREADS; i++)
		start_thread(ask_both, NULL);
	for (int i = 0; i < THREADS; i++)
		if (read(finished[0], &byte, 1) != 1)
			attack_broken("cannot wait for threads");
	if (right != THREADS * CALLS)
		attack_broken("%u of %d granted calls worked", right, THREADS * CALLS);
	errno = EPERM;
	return wrong ? 0 : -1;
}

static void on_alarm(int signal)
{
	(void)signal;
}

/* Interrupted calls must be done or not done, as they say, and never for somebody else. */
static int in_a_storm(int flags)
{
	const struct itimerval often = {{0, 1000}, {0, 1000}};
	struct sigaction action = {.sa_handler = on_alarm, .sa_flags = flags};
	mode_t before = mode_of("mine");

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	for (int round = 0; round < 4000; round++) {
		mode_t mode = round & 1 ? 0600 : 0640;
		int rc = chmod("mine", mode);

		if (rc < 0 && (flags & SA_RESTART || errno != EINTR))
			attack_broken("a granted call failed in round %d", round);
		if (mode_of("mine") != (rc < 0 ? before : mode))
			attack_broken("a call did not do what it said in round %d", round);
		before = mode_of("mine");
		if (chmod("../outside/file", 0777) == 0)
			return 0;
		if (errno != EPERM && errno != EINTR)
			attack_broken("a refused call gave a strange answer");
	}
	errno = EPERM;
	return -1;
}

ATTACK(storm_of_signals, HARMS)
{
	return in_a_storm(0);
}

ATTACK(storm_of_signals_with_restarts, HARMS)
{
	return in_a_storm(SA_RESTART);
}

/* Callers that die while they wait: whoever gets their number must not be mistaken for them. */
ATTACK(callers_that_die, HARMS)
{
	const char *path = at("outside/file");
	int busy[2];
	char byte;

	for (int round = 0; round < 400; round++) {
		pid_t pid;

		if (pipe(busy) < 0)
			attack_broken("no pipe");
		pid = fork();
		while (pid == 0)
			if (chmod(round & 1 ? "mine" : path, 0600) == 2 || write(busy[1], "", 1) < 0)
				_exit(1);
		if (pid < 0 || read(busy[0], &byte, 1) != 1)
			attack_broken("cannot start a caller");
		chmod("mine", 0644);
		kill(pid, SIGKILL);
		child_status(pid);
		close(busy[0]);
		close(busy[1]);
	}
	errno = EPERM;
	return mode_of(path) == 0644 ? -1 : 0;
}
