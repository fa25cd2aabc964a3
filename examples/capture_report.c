/* SPDX-License-Identifier: BSD-2-Clause */
/* The parser of capture_report.h: no length in a capture is believed before it was compared. */
#include "capture_report.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	FILE_HEADER = 24,
	PACKET_HEADER = 16,
	ETHERNET = 14,
	LONGEST_PACKET = 256 * 1024,
	PORTS = 256, /* destinations that are told apart; the rest is summed up */
};

struct flow {
	uint8_t protocol; /* 6 or 17; 0: a free place */
	uint16_t port;
	unsigned long packets, bytes;
};

struct capture {
	bool swapped;
	struct flow flows[PORTS];
	unsigned nflows;
	unsigned long other; /* packets of other kinds */
};

static uint32_t word(const struct capture *capture, const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return capture->swapped ? __builtin_bswap32(value) : value;
}

static unsigned big16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static int begin(struct capture *capture, FILE *in)
{
	uint8_t header[FILE_HEADER];
	uint32_t magic;

	if (fread(header, 1, sizeof(header), in) != sizeof(header))
		return ferror(in) ? -1 : (errno = EINVAL, -1);
	magic = word(capture, header);
	capture->swapped = magic == 0xd4c3b2a1 || magic == 0x4d3cb2a1;
	magic = word(capture, header);
	if ((magic != 0xa1b2c3d4 && magic != 0xa1b23c4d) || word(capture, header + 20) != 1) {
		errno = EINVAL;
		return -1;
	}
	return 0;
}

static struct flow *flow_of(struct capture *capture, uint8_t protocol, unsigned port)
{
	for (unsigned i = 0; i < capture->nflows; i++)
		if (capture->flows[i].protocol == protocol && capture->flows[i].port == port)
			return &capture->flows[i];
	if (capture->nflows == PORTS)
		return NULL;
	capture->flows[capture->nflows] = (struct flow){protocol, (uint16_t)port, 0, 0};
	return &capture->flows[capture->nflows++];
}

/* data holds length bytes of a frame that may have been cut short. */
static void count(struct capture *capture, const uint8_t *data, size_t length)
{
	const uint8_t *ip = data + ETHERNET;
	struct flow *flow = NULL;
	size_t header;

	if (length >= ETHERNET + 20 && big16(data + 12) == 0x0800 && ip[0] >> 4 == 4) {
		header = (size_t)(ip[0] & 15) * 4;
		if (header >= 20 && length >= ETHERNET + header + 4 && (ip[9] == 6 || ip[9] == 17))
			flow = flow_of(capture, ip[9], big16(ip + header + 2));
	}
	if (!flow) {
		capture->other++;
		return;
	}
	flow->packets++;
	flow->bytes += length;
}

static int read_packets(struct capture *capture, FILE *in, uint8_t *data)
{
	uint8_t header[PACKET_HEADER];
	size_t got, length;

	while ((got = fread(header, 1, sizeof(header), in)) == sizeof(header)) {
		length = word(capture, header + 8);
		if (length > LONGEST_PACKET || fread(data, 1, length, in) != length)
			return ferror(in) ? -1 : (errno = EINVAL, -1);
		count(capture, data, length);
	}
	if (ferror(in) || got)
		return ferror(in) ? -1 : (errno = EINVAL, -1);
	return 0;
}

static void print(const struct capture *capture, FILE *out, capture_name *name, void *context)
{
	for (unsigned i = 0; i < capture->nflows; i++) {
		const struct flow *flow = &capture->flows[i];
		const char *protocol = flow->protocol == 6 ? "tcp" : "udp";
		char text[64] = "";

		if (name)
			name(context, protocol, flow->port, text, sizeof(text));
		fprintf(out, "%s %u %s %lu packets %lu bytes\n", protocol, flow->port,
			text[0] ? text : "-", flow->packets, flow->bytes);
	}
	fprintf(out, "other %lu packets\n", capture->other);
}

int capture_report(FILE *in, FILE *out, capture_name *name, void *context)
{
	struct capture *capture = calloc(1, sizeof(*capture));
	uint8_t *data = malloc(LONGEST_PACKET);
	int rc = -1;

	if (capture && data && begin(capture, in) == 0)
		rc = read_packets(capture, in, data);
	if (rc == 0) {
		print(capture, out, name, context);
		rc = fflush(out) == 0 && !ferror(out) ? 0 : -1;
	}
	free(data);
	free(capture);
	return rc;
}
