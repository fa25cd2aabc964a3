/* SPDX-License-Identifier: BSD-2-Clause */
/* A process confines itself. */
#ifndef PAP_API_ENTER_H
#define PAP_API_ENTER_H

#include "policy/policy.h"

int pap_enter(const struct pap_policy *policy, struct pap_error *err);

#endif
