/* SPDX-License-Identifier: BSD-2-Clause */
/* Ports, sizes, durations and counts as people write them. */
#include <errno.h>
#include <string.h>

#include "harness.h"
#include "policy/policy.h"

static const struct pap_origin flag = {"--flag", 0, 0};

TEST(ports)
{
	static const struct {
		const char *text;
		enum pap_transport transport;
		uint32_t port;
	} rows[] = {
	    {"0", PAP_NET_TCP, 0},
	    {"443", PAP_NET_TCP, 443},
	    {"65535", PAP_NET_TCP, 65535},
	    {"tcp:80", PAP_NET_TCP, 80},
	    {"udp:53", PAP_NET_UDP, 53},
	    {"any", PAP_NET_TCP, PAP_PORT_ANY},
	    {"tcp:any", PAP_NET_TCP, PAP_PORT_ANY},
	    {"udp:any", PAP_NET_UDP, PAP_PORT_ANY},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum pap_transport transport = 9;
		uint32_t port = 99, again;
		char text[32];

		CHECK_EQ(pap_parse_port(rows[i].text, &transport, &port, flag, NULL), 0);
		CHECK_EQ(transport, rows[i].transport);
		CHECK_EQ(port, rows[i].port);
		pap_port_text(transport, port, text, sizeof(text));
		CHECK_EQ(pap_parse_port(text, &transport, &again, flag, NULL), 0);
		CHECK_EQ(again, port);
	}
}

TEST(what_is_no_port)
{
	static const char *const rows[] = {"",      "-1",      "+1",
					   " 80",   "80 ",     "080",
					   "0x50",  "65536",   "99999999999999999999999",
					   "8o",    "ANY",     "udp",
					   "udp:",  "udp: 53", "tcp:udp:1",
					   "80-90", "http",    "80\n",
					   "\x1b"};
	enum pap_transport transport = PAP_NET_UDP;
	uint32_t port = 99;
	struct pap_error err;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CHECK_EQ(pap_parse_port(rows[i], &transport, &port, flag, &err), -EINVAL);
		CHECK_HAS(err.message, "is not a port");
		CHECK_STR(err.place, "--flag");
	}
	CHECK_EQ(transport, PAP_NET_UDP); /* results are left alone */
	CHECK_EQ(port, 99);
}

TEST(hosts_are_refused_by_name)
{
	static const char *const rows[] = {"localhost:80", "127.0.0.1:80", "[::1]:80", "a.b:80"};
	enum pap_transport transport;
	uint32_t port;
	struct pap_error err;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CHECK_EQ(pap_parse_port(rows[i], &transport, &port, flag, &err), -EINVAL);
		CHECK_HAS(err.message, "names a host");
		CHECK_HAS(err.hint, "\"80\" grants the port at every host");
	}
	CHECK_EQ(pap_parse_port("host:http", &transport, &port, flag, &err), -EINVAL);
	CHECK_HAS(err.message, "names a host");
	CHECK_HAS(err.hint, "expected a port such as 443");
}

TEST(limits)
{
	static const struct {
		enum pap_limit limit;
		const char *text;
		uint64_t value;
		const char *canonical;
	} rows[] = {
	    {PAP_LIMIT_MEMORY, "1", 1, "1"},
	    {PAP_LIMIT_MEMORY, "4096", 4096, "4K"},
	    {PAP_LIMIT_MEMORY, "512M", 512ull << 20, "512M"},
	    {PAP_LIMIT_MEMORY, "512m", 512ull << 20, "512M"},
	    {PAP_LIMIT_MEMORY, "2G", 2ull << 30, "2G"},
	    {PAP_LIMIT_MEMORY, "1T", 1ull << 40, "1T"},
	    {PAP_LIMIT_MEMORY, "9223372036854775807", INT64_MAX, "9223372036854775807"},
	    {PAP_LIMIT_PROCESSES, "0", 0, "0"},
	    {PAP_LIMIT_PROCESSES, "64", 64, "64"},
	    {PAP_LIMIT_FILES, "2147483647", 2147483647, "2147483647"},
	    {PAP_LIMIT_CPU_TIME, "64", 64, "64s"},
	    {PAP_LIMIT_CPU_TIME, "10s", 10, "10s"},
	    {PAP_LIMIT_CPU_TIME, "1m30s", 90, "90s"},
	    {PAP_LIMIT_CPU_TIME, "2h", 7200, "2h"},
	    {PAP_LIMIT_CPU_TIME, "1d2h3m4s", 93784, "93784s"},
	    {PAP_LIMIT_WALL_TIME, "64", 64000, "64s"},
	    {PAP_LIMIT_WALL_TIME, "500ms", 500, "500ms"},
	    {PAP_LIMIT_WALL_TIME, "1s500ms", 1500, "1500ms"},
	    {PAP_LIMIT_WALL_TIME, "1h0m1s", 3601000, "3601s"},
	    {PAP_LIMIT_WALL_TIME, "1d", 86400000, "1d"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t value = 0;
		char text[32];

		CHECK_EQ(pap_parse_limit(rows[i].limit, rows[i].text, &value, flag, NULL), 0);
		CHECK_EQ(value, rows[i].value);
		CHECK_STR(pap_limit_text(rows[i].limit, value, text, sizeof(text)),
			  rows[i].canonical);
		value = 0;
		CHECK_EQ(pap_parse_limit(rows[i].limit, text, &value, flag, NULL), 0);
		CHECK_EQ(value, rows[i].value);
	}
}

TEST(what_is_no_limit)
{
	static const struct {
		enum pap_limit limit;
		const char *text;
	} rows[] = {
	    {PAP_LIMIT_MEMORY, ""},
	    {PAP_LIMIT_MEMORY, "0"},
	    {PAP_LIMIT_MEMORY, "-1"},
	    {PAP_LIMIT_MEMORY, "1.5G"},
	    {PAP_LIMIT_MEMORY, "1GB"},
	    {PAP_LIMIT_MEMORY, "1G1M"},
	    {PAP_LIMIT_MEMORY, "G"},
	    {PAP_LIMIT_MEMORY, "1 G"},
	    {PAP_LIMIT_MEMORY, "9223372036854775808"},
	    {PAP_LIMIT_MEMORY, "18446744073709551616"},
	    {PAP_LIMIT_MEMORY, "16777216T"}, /* 2^64 bytes: must not wrap to nothing */
	    {PAP_LIMIT_MEMORY, "16777217T"},
	    {PAP_LIMIT_MEMORY, "1s"},
	    {PAP_LIMIT_PROCESSES, "64K"},
	    {PAP_LIMIT_PROCESSES, "2147483648"},
	    {PAP_LIMIT_FILES, "0"},
	    {PAP_LIMIT_FILES, "010"},
	    {PAP_LIMIT_FILES, "0x10"},
	    {PAP_LIMIT_FILES, "unlimited"},
	    {PAP_LIMIT_CPU_TIME, "0"},
	    {PAP_LIMIT_CPU_TIME, "0s"},
	    {PAP_LIMIT_CPU_TIME, "500ms"},
	    {PAP_LIMIT_CPU_TIME, "30s1m"},
	    {PAP_LIMIT_CPU_TIME, "1m1m"},
	    {PAP_LIMIT_CPU_TIME, "1m30"},
	    {PAP_LIMIT_CPU_TIME, "1ss"},
	    {PAP_LIMIT_CPU_TIME, "213503982334602d"},
	    {PAP_LIMIT_WALL_TIME, "0ms"},
	    {PAP_LIMIT_WALL_TIME, "1M"},
	    {PAP_LIMIT_WALL_TIME, "18446744073709551615s1s"},
	};
	struct pap_error err;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t value = 77;

		CHECK_EQ(pap_parse_limit(rows[i].limit, rows[i].text, &value, flag, &err), -EINVAL);
		CHECK(err.message[0] && err.hint[0]);
		CHECK_EQ(value, 77);
	}
}

TEST(violations)
{
	enum pap_violation violation = PAP_VIOLATION_KILL;
	struct pap_error err;

	CHECK_EQ(pap_parse_violation("deny", &violation, flag, &err), 0);
	CHECK_EQ(violation, PAP_VIOLATION_DENY);
	CHECK_EQ(pap_parse_violation("kill", &violation, flag, &err), 0);
	CHECK_EQ(violation, PAP_VIOLATION_KILL);
	CHECK_EQ(pap_parse_violation("Kill", &violation, flag, &err), -EINVAL);
	CHECK_STR(err.hint, "expected deny or kill");
}
