/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets: what the filter does about ports, because Landlock does not see it or is not there. */
#include "plan_case.h"

enum {
	LOCAL = 1,
	INET = 2,
	INET6 = 10,
	STREAM = 1,
	DGRAM = 2,
	CLOEXEC = 02000000,
	MPTCP = 262,
	SCTP = 132,
	FASTOPEN = 0x20000000,
};

static const struct call LISTEN = {{3, 5}};

TEST(no_port_no_socket)
{
	struct plan_case c = plan_case("6.18");

	describe(&c);
	CHECK(refusal(&c, "socket", CALL(INET, STREAM)) != 0);
	CHECK(refusal(&c, "socket", CALL(INET6, DGRAM)) != 0);
	CHECK(refusal(&c, "connect", CALL(3)) != 0);
	CHECK(refusal(&c, "listen", LISTEN) != 0);
	CHECK_EQ(verdict(&c, "socketpair", CALL(LOCAL, STREAM)), PAP_RET_ALLOW);
	done(&c);
}

TEST(a_tcp_port_makes_tcp_sockets_only)
{
	struct plan_case c = plan_case("6.18");

	port(&c, PAP_NET_CONNECT, PAP_NET_TCP, 443);
	describe(&c);
	CHECK_EQ(verdict(&c, "socket", CALL(INET, STREAM | CLOEXEC)), PAP_RET_ALLOW);
	CHECK_EQ(verdict(&c, "socket", CALL(INET6, STREAM)), PAP_RET_ALLOW);
	CHECK_EQ(refusal(&c, "socket", CALL(INET, DGRAM)), EACCES);
	CHECK_EQ(refusal(&c, "socket", CALL(INET6, DGRAM | CLOEXEC)), EACCES);
	CHECK_EQ(refusal(&c, "socket", CALL(0x700000000 | INET, DGRAM)), EACCES);
	CHECK(refusal(&c, "socket", CALL(INET, STREAM, MPTCP)) != 0);
	CHECK(refusal(&c, "socket", CALL(INET, STREAM, SCTP)) != 0);
	CHECK(refusal(&c, "socket", CALL(LOCAL, STREAM)) != 0);
	done(&c);
}

TEST(a_udp_port_makes_udp_sockets)
{
	struct plan_case c = plan_case("7.3");

	port(&c, PAP_NET_CONNECT, PAP_NET_UDP, 53);
	describe(&c);
	CHECK_EQ(verdict(&c, "socket", CALL(INET, DGRAM)), PAP_RET_ALLOW);
	done(&c);
	c = plan_case("7.3");
	port(&c, PAP_NET_LISTEN, PAP_NET_UDP, 53);
	describe(&c);
	CHECK_EQ(verdict(&c, "socket", CALL(INET, DGRAM)), PAP_RET_ALLOW);
	done(&c);
	c = plan_case("7.3");
	promise(&c, "stdio dns");
	describe(&c);
	CHECK_EQ(verdict(&c, "socket", CALL(INET, DGRAM)), PAP_RET_ALLOW);
	done(&c);
}

/* It connects without connect(), past every rule about ports. */
TEST(fast_open_is_never_permitted)
{
	struct plan_case c = plan_case("6.18");

	port(&c, PAP_NET_CONNECT, PAP_NET_TCP, PAP_PORT_ANY);
	describe(&c);
	CHECK(refusal(&c, "sendto", CALL(3, 0x1000, 5, FASTOPEN, 0x1000, 16)) != 0);
	CHECK(refusal(&c, "sendmsg", CALL(3, 0x1000, FASTOPEN)) != 0);
	CHECK(refusal(&c, "sendmmsg", CALL(3, 0x1000, 1, FASTOPEN)) != 0);
	CHECK_EQ(verdict(&c, "sendto", CALL(3, 0x1000, 5, 0, 0x1000, 16)), PAP_RET_ALLOW);
	CHECK_EQ(verdict(&c, "sendmsg", CALL(3, 0x1000, 0)), PAP_RET_ALLOW);
	done(&c);
}

TEST(a_server_does_not_connect_and_a_client_does_not_bind)
{
	for (unsigned i = 0; pap_features_versions[i]; i++) {
		struct plan_case c = plan_case(pap_features_versions[i]);

		port(&c, PAP_NET_LISTEN, PAP_NET_TCP, 80);
		describe(&c);
		CHECK_EQ(refusal(&c, "connect", CALL(3)), EACCES);
		CHECK_EQ(verdict(&c, "bind", CALL(3)), PAP_RET_ALLOW);
		done(&c);
		c = plan_case(pap_features_versions[i]);
		port(&c, PAP_NET_CONNECT, PAP_NET_TCP, 80);
		describe(&c);
		CHECK_EQ(verdict(&c, "connect", CALL(3)), PAP_RET_ALLOW);
		CHECK_EQ(refusal(&c, "bind", CALL(3)), EACCES);
		done(&c);
	}
}

TEST(a_datagram_client_binds)
{
	struct plan_case c = plan_case("7.3");

	port(&c, PAP_NET_CONNECT, PAP_NET_UDP, 53);
	describe(&c);
	CHECK_EQ(verdict(&c, "bind", CALL(3)), PAP_RET_ALLOW);
	CHECK_EQ(verdict(&c, "connect", CALL(3)), PAP_RET_ALLOW);
	CHECK_EQ(refusal(&c, "listen", LISTEN), EACCES);
	done(&c);
}

TEST(other_families_keep_connect_and_bind)
{
	struct plan_case c = plan_case("6.18");

	promise(&c, "stdio inet unix");
	describe(&c);
	CHECK_EQ(verdict(&c, "connect", CALL(3)), PAP_RET_ALLOW);
	CHECK_EQ(verdict(&c, "bind", CALL(3)), PAP_RET_ALLOW);
	done(&c);
	c = plan_case("6.18");
	promise(&c, "stdio inet route");
	describe(&c);
	CHECK_EQ(verdict(&c, "connect", CALL(3)), PAP_RET_ALLOW);
	CHECK_EQ(verdict(&c, "bind", CALL(3)), PAP_RET_ALLOW);
	done(&c);
}

/* A socket that was never bound listens on a port of the kernel's choice, unseen by Landlock. */
TEST(listening)
{
	static const struct {
		const char *promises;
		uint32_t port; /* 0: none granted */
		bool supervisor;
		uint32_t verdict;
		int handler;
		unsigned refusal;
	} rows[] = {
	    {"stdio", 0, true, 0, PAP_BY_REPORT, EPERM},
	    {"stdio inet", 0, true, 0, PAP_BY_REPORT, EACCES},
	    {"stdio inet", 0, false, PAP_RET_ERRNO | EACCES, 0, EACCES},
	    {"stdio inet", 80, true, 0, PAP_BY_LISTEN, 0},
	    {"stdio inet", 80, false, PAP_RET_ERRNO | EACCES, 0, EACCES},
	    {"stdio inet", PAP_PORT_ANY, true, PAP_RET_ALLOW, 0, 0},
	    {"stdio inet", PAP_PORT_ANY, false, PAP_RET_ALLOW, 0, 0},
	    {"stdio unix", 0, true, 0, PAP_BY_LISTEN, 0},
	    {"stdio unix", 0, false, PAP_RET_ERRNO | EACCES, 0, EACCES},
	    {"stdio unix inet", 0, true, 0, PAP_BY_LISTEN, 0},
	    {"stdio unix inet", 80, true, 0, PAP_BY_LISTEN, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct plan_case c = plan_case("6.18");

		promise(&c, rows[i].promises);
		if (rows[i].port)
			port(&c, PAP_NET_LISTEN, PAP_NET_TCP, rows[i].port);
		c.options.supervisor = rows[i].supervisor;
		describe(&c);
		if (rows[i].verdict)
			CHECK_EQ(verdict(&c, "listen", LISTEN), rows[i].verdict);
		else
			CHECK_EQ(handler(&c, "listen", LISTEN), rows[i].handler);
		CHECK_EQ(refusal(&c, "listen", LISTEN), rows[i].refusal);
		done(&c);
	}
}

TEST(a_port_to_connect_to_is_none_to_listen_on)
{
	struct plan_case c = plan_case("6.18");

	port(&c, PAP_NET_CONNECT, PAP_NET_TCP, PAP_PORT_ANY);
	port(&c, PAP_NET_LISTEN, PAP_NET_UDP, PAP_PORT_ANY);
	describe(&c);
	CHECK_EQ(refusal(&c, "listen", LISTEN), EACCES);
	done(&c);
}
