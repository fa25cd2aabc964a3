/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The second wall: a Landlock domain that allows no path, port, signal or abstract
 * socket outside; and the execution of what is held, which no filter can judge.
 */
#ifndef PAP_CAPSICUM_WALL_H
#define PAP_CAPSICUM_WALL_H

#include <stdbool.h>

struct pap_second_wall {
	int ruleset; /* -1: this kernel has no Landlock */
	unsigned abi;
};

/* Everything that can fail. 0 or a negative errno. */
int pap_wall_prepare(struct pap_second_wall *wall);
/* Whether executing is held by the wall for every thread, once it stands. */
bool pap_wall_holds(const struct pap_second_wall *wall, bool single);
int pap_wall_enter(const struct pap_second_wall *wall);
void pap_wall_free(struct pap_second_wall *wall);

#endif
