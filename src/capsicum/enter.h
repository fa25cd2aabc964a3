/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef PAP_CAPSICUM_ENTER_H
#define PAP_CAPSICUM_ENTER_H

#include <stdbool.h>

/* 0 or a negative errno. */
int pap_capmode_enter(void);
bool pap_capmode_entered(void);

#endif
