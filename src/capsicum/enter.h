/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef PAP_CAPSICUM_ENTER_H
#define PAP_CAPSICUM_ENTER_H

#include <stdbool.h>

struct pap_second_wall;

/* What comes before any way to enter: everything that can fail. 0 or a negative errno. */
int pap_enter_prepare(struct pap_second_wall *wall);

/* 0 or a negative errno. */
int pap_capmode_enter(void);
bool pap_capmode_entered(void);

#endif
