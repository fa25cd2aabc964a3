/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * <unistd.h> as on OpenBSD, which declares pledge and unveil there. In front of the
 * system's for programs that are compiled with what `pkg-config --cflags pledge` says.
 *
 * Not an -include: what configure scripts try out declares the function in a way of its
 * own, `char pledge()`, and includes no header that could contradict it.
 */
#ifndef OPENBSD_UNISTD_H
#define OPENBSD_UNISTD_H

#pragma GCC system_header
#include_next <unistd.h>
#include <pledge.h>

#endif
