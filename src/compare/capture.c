/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Three packets, written out: a name looked up, its answer to a port without a name, and
 * a connection to a web server. libpcap's format, little-endian; addresses are those set
 * aside for documentation.
 */
#include "compare/capture.h"

#define PACKET(length) 0, 0, 0, 0, 0, 0, 0, 0, length, 0, 0, 0, length, 0, 0, 0
#define ETHERNET 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0
#define ADDRESSES 192, 0, 2, 1, 192, 0, 2, 2
#define IP(length, protocol) 0x45, 0, 0, length, 0, 0, 0, 0, 64, protocol, 0, 0, ADDRESSES
#define UDP(from, to) (from) >> 8, (from) & 255, (to) >> 8, (to) & 255, 0, 8, 0, 0
#define TCP(from, to)                                                                              \
	(from) >> 8, (from) & 255, (to) >> 8, (to) & 255, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 4, 0,  \
	    0, 0, 0, 0

const uint8_t pap_capture[] = {
    0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0,
    PACKET(42), ETHERNET, IP(28, 17), UDP(40000, 53),
    PACKET(42), ETHERNET, IP(28, 17), UDP(53, 40000),
    PACKET(54), ETHERNET, IP(40, 6), TCP(40001, 80),
    PACKET(54), ETHERNET, IP(40, 6), TCP(40001, 80),
};

const size_t pap_capture_size = sizeof(pap_capture);

const char pap_capture_report[] = "udp 53 domain 1 packets 42 bytes\n"
				  "udp 40000 - 1 packets 42 bytes\n"
				  "tcp 80 http 2 packets 108 bytes\n"
				  "other 0 packets\n";
