/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What there is around a program under attack, made afresh for each attempt:
 *
 *	DIR/outside   nobody's business: key (the secret), file, dir/, program
 *	DIR/names     the job looks names up beneath it; holds links that lead out
 *	DIR/job       capture (in) and report (out)
 *
 * a victim process with the secret in its memory; TCP, UDP and Unix sockets; a shared
 * memory segment and a message queue; a terminal of the program's own. A portrait of all
 * of it before and after says whether something outside was changed: what an attack says
 * about itself counts only where nothing outside could show it.
 */
#ifndef PAP_COMPARE_SCENE_H
#define PAP_COMPARE_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/text.h"

/* The descriptors that a program holds when it is confined. Nothing above is open. */
enum pap_scene_fd {
	PAP_FD_TERMINAL = 0, /* its controlling terminal */
	PAP_FD_NULL = 1,
	PAP_FD_MESSAGES = 2, /* for error messages */
	PAP_FD_CAPTURE = 3,  /* to be read; was handed over open for writing, too */
	PAP_FD_REPORT = 4,   /* to be appended to; was handed over open for reading, too */
	PAP_FD_NAMES = 5,    /* a directory, to be looked up in */
	PAP_FD_CLIENT = 6,   /* a connected socket, to be written to */
	PAP_FD_KEY = 7,	     /* forgotten: the secret, for reading */
	PAP_FD_ROOT = 8,     /* forgotten: a directory above everything */
	PAP_FD_FILE = 9,     /* forgotten: a file outside, for reading only */
	PAP_FD_LAST = PAP_FD_FILE,
};

enum { PAP_SCENE_SECRET = 24, PAP_VICTIM_ADDRESS = 0x10000000 };

enum pap_said {
	PAP_SAID_NOTHING, /* ended before it could */
	PAP_SAID_WORKED,
	PAP_SAID_STOPPED,
	PAP_SAID_BROKEN, /* could not even be tried: no verdict about the model */
};

enum pap_stage { PAP_STAGE_STARTED, PAP_STAGE_CONFINED, PAP_STAGE_FAILED };

/* Shared between the one who tries and the one who watches: needs no call to speak. */
struct pap_page {
	volatile int stage;	     /* enum pap_stage */
	volatile int said;	     /* enum pap_said */
	volatile int number;	     /* the errno that stopped it */
	volatile unsigned port;	     /* PAP_PROOF_REACHED: where to knock */
	volatile int knocked;	     /* ... and that it was done */
	volatile char loot[256];     /* PAP_PROOF_SECRET: what it got hold of */
	volatile char problem[320];  /* why confining failed, or the attack is broken */
};

enum { PAP_SERVICES = 6 };

struct pap_scene {
	char dir[256];
	char secret[PAP_SCENE_SECRET + 1];
	pid_t victim;
	uint16_t tcp, udp; /* ports outside */
	char abstract[48]; /* name of an abstract datagram socket; a stream one has "-s" behind */
	int segment, queue; /* System V: holds the secret; takes messages; -1: none */
	struct pap_page *page;
	/* the watcher's own ends */
	int services[PAP_SERVICES];
	int terminal, client;
	int held[PAP_FD_LAST + 1];
};

/* Makes one beneath base. After a failure what was made has been taken down again. */
int pap_scene_make(struct pap_scene *scene, const char *base, struct pap_page *page,
		   struct pap_error *err);
void pap_scene_end(struct pap_scene *scene);

/* In a child: the descriptors at their numbers, no others, a session of its own. */
int pap_scene_enter(const struct pap_scene *scene);
/* ... whose terminal is the scene's; one process can have it. */
int pap_scene_take_terminal(void);

/* Everything outside, as text. Services are drained: ask once before and once after. */
void pap_scene_portrait(const struct pap_scene *scene, struct pap_text *out);

/* The parts of it (scene_*.c). */
int pap_scene_files(struct pap_scene *scene, struct pap_error *err);
int pap_scene_services(struct pap_scene *scene, struct pap_error *err);
int pap_scene_victim(struct pap_scene *scene, struct pap_error *err);
void pap_scene_remove(const char *path);
const char *pap_scene_path(const struct pap_scene *scene, const char *name);

#endif
