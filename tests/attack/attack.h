/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One attack is one function. It is compiled into two attackers, a dynamic and a
 * static program, and into the test that starts them: bare first, where it must
 * work (the positive control), then confined by `paprika run`, where it must be
 * stopped and must leave no trace outside. What the function says about itself
 * never counts alone: the test looks at the world (world.h).
 *
 * An attack returns 0 when it worked, -1 with errno when it was stopped.
 */
#ifndef PAP_TESTS_ATTACK_H
#define PAP_TESTS_ATTACK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum attack_proof { /* what the control must show and the confined run must not; bits */
	SECRET = 1, /* the secret stands in the output */
	CHANGE = 2, /* something outside is not as it was */
};

enum attack_exit { ATTACK_WORKED = 0, ATTACK_STOPPED = 42, ATTACK_BROKEN = 43 };

struct attack {
	const char *name;
	int (*run)(void);
	void (*test)(void);
	const char *flags; /* further flags of paprika run; {dir}, {granted}... are filled in */
	const char *input; /* opened as standard input, relative to the world; NULL: /dev/null */
	const char *passed; /* opened as descriptor 5 */
	bool terminal;	   /* standard input and controlling terminal is one; another lies open */
	unsigned proof;	   /* bits; 0: that the attacker says so */
	int dies_of;	   /* the signal that stops it, 0: it is told no */
	bool root_only;	   /* the control needs root */
	bool user_only;	   /* root may do it without leaving anything */
	const char *(*impossible)(void); /* why the control cannot work here, or NULL */
	/* The shortfalls, by name, that let it through where they are waived: there it counts
	 * that the sandbox is refused. */
	const char *governed;
	struct attack *next;
};

void attack_register(struct attack *attack);
struct attack *attack_first(void);
void attack_try(const struct attack *attack); /* outside.c */

#define ATTACK(id, ...)                                                                            \
	static int run_##id(void);                                                                 \
	static void test_##id(void);                                                               \
	static struct attack attack_##id = {                                                       \
	    .name = #id, .run = run_##id, .test = test_##id, __VA_ARGS__};                         \
	static void test_##id(void)                                                                \
	{                                                                                          \
		attack_try(&attack_##id);                                                          \
	}                                                                                          \
	__attribute__((constructor(200))) static void register_##id(void)                          \
	{                                                                                          \
		attack_register(&attack_##id);                                                     \
	}                                                                                          \
	static int run_##id(void)

/* ---- what attacks are told and share (help.c) ------------------------------------------------ */

extern char **attack_words; /* "dir=/tmp/x", "victim=12"...: the attacker's arguments */

const char *given(const char *key); /* ends the attacker when there is no such word */
long given_number(const char *key);

/* The world's directory and a name in it; one of eight buffers. */
const char *at(const char *name);

/* Prints what can be read from the descriptor and closes it: 0 when it was something. */
int show_descriptor(int fd);
int show_file(const char *path);
int show_entries(int fd); /* names in a directory */

/* Reports an attack that could not even be tried: no verdict about the sandbox. */
void attack_broken(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* For .impossible: where there are no attributes of files (tmpfs before 6.6). */
const char *no_attributes(void);

/* The status of a child, waited for. */
int child_status(pid_t pid);

/* Starts a thread and waits for it to run; ends the attacker when it cannot. */
void start_thread(void (*function)(void *), void *argument);

#endif
