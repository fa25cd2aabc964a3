/* SPDX-License-Identifier: BSD-2-Clause */
/* A ledger as a sealed file. */
#ifndef PAP_WARDEN_WRITE_H
#define PAP_WARDEN_WRITE_H

#include "capmode/ledger.h"

/* A descriptor, close-on-exec, or a negative errno. Not for two threads at once. */
int pap_ledger_write(const struct pap_draft *draft);

#endif
