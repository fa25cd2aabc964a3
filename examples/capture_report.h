/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small parser of what came over a network: one capture in, one report out. It knows
 * nothing of sandboxes; the programs around it (sandbox_*.c) each confine themselves in
 * another way before the first byte is read.
 */
#ifndef CAPTURE_REPORT_H
#define CAPTURE_REPORT_H

#include <stdio.h>

/* Writes the name of a service into buf, or leaves it empty. protocol is "tcp" or "udp". */
typedef void capture_name(void *context, const char *protocol, unsigned port, char *buf,
			  size_t size);

/*
 * Reads a capture file (libpcap's format in either byte order, Ethernet, IPv4) to its end
 * and writes a line for each destination port: protocol, port, name, packets, bytes. name
 * may be NULL. Returns 0, or -1 with errno: EINVAL for what is no capture or ends within
 * a packet, else what reading or writing failed with.
 */
int capture_report(FILE *capture, FILE *report, capture_name *name, void *context);

#endif
