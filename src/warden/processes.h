/* SPDX-License-Identifier: BSD-2-Clause */
/* Process descriptors as sockets: shared by those who make them and the supervisor. */
#ifndef PAP_WARDEN_PROCESSES_H
#define PAP_WARDEN_PROCESSES_H

#include <stdbool.h>

#include "warden/warden.h"

#define PAP_PROCDESC_MARK 0x5061507264657363ull /* "PaPrdesc" */
#define PAP_SO_PEERPIDFD 77                     /* 6.5 */

bool pap_is_procdesc(int fd);

/* Arms our own pair: `given` is marked; unless daemon, the end of `given` kills us. */
int pap_procdesc_arm(int guard, int given, bool daemon);

int64_t pap_control_guard(struct pap_request *request);
int64_t pap_control_pid(struct pap_request *request, unsigned right);
int64_t pap_control_kill(struct pap_request *request);

#endif
