/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One attack is one small function, run in a process of its own after that has been
 * confined. It returns 0 when it believes that it worked, -1 with errno when it was
 * stopped. Whether it worked is decided by the proof.
 */
#ifndef PAP_COMPARE_ATTACK_H
#define PAP_COMPARE_ATTACK_H

#include "compare/scene.h"
#include "table/table.h"

enum pap_proof {
	PAP_PROOF_SAID,	   /* nothing outside could show it: that it was accepted is the harm */
	PAP_PROOF_SECRET,  /* the secret is among the loot */
	PAP_PROOF_CHANGED, /* the portrait is another one */
	PAP_PROOF_REACHED, /* somebody outside can connect to it */
};

/* What a model must be able to speak about, to stop it on purpose; bits. */
enum pap_aspect {
	PAP_ABOUT_PATHS = 1,	    /* which files */
	PAP_ABOUT_METADATA = 2,	    /* whose mode, owner, times, attributes */
	PAP_ABOUT_RIGHTS = 4,	    /* what may be done with a descriptor that is held */
	PAP_ABOUT_PASSING = 8,	    /* descriptors in messages */
	PAP_ABOUT_TCP = 16,	    /* whom to reach, and by what */
	PAP_ABOUT_UDP = 32,
	PAP_ABOUT_LOCAL_PATHS = 64, /* Unix sockets with a path */
	PAP_ABOUT_LOCAL = 128,	    /* ... with an abstract name */
	PAP_ABOUT_SIGNALS = 256,
	PAP_ABOUT_PROCESSES = 512,  /* memory and descriptors of others */
	PAP_ABOUT_EXECUTION = 1024,
	PAP_ABOUT_CALLS = 2048,	    /* kinds of system calls */
	PAP_ABOUT_IPC = 4096,	    /* System V's names */
	PAP_ABOUT_TERMINAL = 8192,  /* commands to a terminal that is held */
	PAP_ABOUT_CODE = 16384,	    /* memory that can be executed */
	PAP_ABOUT_NAMES = 32768,    /* whether a file exists, and how it is */
	PAP_ABOUT_LIMITS = 65536,   /* limits and priorities of other processes */
	PAP_ABOUT_ALL = 131071,
};

struct pap_attack {
	const char *name; /* "symlink-out": for --attack, the table, JSON */
	const char *what; /* one line */
	unsigned about;	  /* enum pap_aspect */
	enum pap_proof proof;
	int (*run)(const struct pap_scene *scene);
};

struct pap_attack_class {
	const char *name, *what;
	const struct pap_attack *attacks; /* ends with a NULL name */
};

extern const struct pap_attack_class pap_attack_classes[]; /* ends with a NULL name */

extern const struct pap_attack pap_attacks_paths[], pap_attacks_changes[], pap_attacks_metadata[],
    pap_attacks_rights[], pap_attacks_passing[], pap_attacks_network[], pap_attacks_local[],
    pap_attacks_signals[], pap_attacks_processes[], pap_attacks_execution[], pap_attacks_kernel[],
    pap_attacks_entries[], pap_attacks_terminal[];

/* ---- what attacks share (loot.c) ---------------------------------------------------------- */

/* A system call's number on this architecture, -1 where it has none (ENOSYS then). */
#define PAP_NUMBER(name) ((long)pap_syscall_table[PAP_SYS_##name].number[pap_arch_native()])

/* A name beneath the scene's directory; one of eight buffers. */
#define PAP_AT(name) pap_scene_path(scene, name)

/* Reads the descriptor to the loot: 0 when there was something. Closes nothing. */
int pap_loot_descriptor(const struct pap_scene *scene, int fd);
int pap_loot_bytes(const struct pap_scene *scene, const void *bytes, size_t length);

/* Says that the attack could not be tried; returns -1. */
int pap_attack_broken(const struct pap_scene *scene, const char *why);

#endif
