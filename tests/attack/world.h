/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What there is around an attacker, fresh for each attempt, and a portrait of the
 * part that it has no business with, to be compared before and after:
 *
 *	DIR/outside   not granted: key (the secret), file, dir/, program, socket
 *	DIR/ro        granted for reading: note, sub/
 *	DIR/rw        granted for writing, working directory: mine, and links out
 *
 * a victim process; TCP listeners on a granted and on a forbidden port; datagram
 * sockets (UDP, a path in outside, an abstract name).
 */
#ifndef PAP_TESTS_ATTACK_WORLD_H
#define PAP_TESTS_ATTACK_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define WORLD_VICTIM_ADDRESS 0x10000000ul
#define WORLD_WORDS 16
#define WORLD_SERVICES 7

struct world {
	char dir[400];
	char secret[40];
	char words[WORLD_WORDS][480]; /* "key=value", for the attacker */
	unsigned nwords;
	int services[WORLD_SERVICES];
	pid_t victim;
	int ask, answer;
	int terminals[4]; /* master and slave of ours, master and slave of somebody else's */
};

/* Makes one; failures end the test case. attacker is the program that plays the victim. */
void world_make(struct world *world, const char *attacker);
/* Adds two terminals: the attacker's own ("terminal") and another session's ("elsewhere"). */
void world_terminals(struct world *world);
void world_end(struct world *world);

/* Everything outside as text, malloc'ed. */
char *world_portrait(struct world *world);

/* Fills {dir}, {granted}... in; the result is malloc'ed. */
char *world_fill(const struct world *world, const char *text);
const char *world_word(const struct world *world, const char *key);

struct outcome {
	int status; /* wait status */
	char *text; /* what it said on both streams, malloc'ed */
};

struct world_descriptors {
	int input;  /* becomes 0; -1: /dev/null */
	int passed; /* becomes 5; -1: none */
	bool terminal; /* input is one: it becomes the controlling terminal */
};

/* Runs a command in DIR/rw and collects what it says. */
struct outcome world_run(const struct world *world, char *const argv[],
			 const struct world_descriptors *descriptors);

/* "PAPRIKA", "PAPRIKA_BUILD": from the environment, or the case ends. */
const char *test_setting(const char *name);

#endif
