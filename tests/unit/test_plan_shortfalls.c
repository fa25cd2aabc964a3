/* SPDX-License-Identifier: BSD-2-Clause */
/* What a kernel cannot enforce: raised when it matters, refused by name, waived by name. */
#include "plan_case.h"

#define BIT(id) (1u << PAP_SHORT_##id)

static unsigned shortfalls(const struct plan_case *c)
{
	unsigned found = 0;

	for (size_t i = 0; i < c->plan->shortfalls.count; i++) {
		unsigned bit = 1u << c->plan->shortfalls.items[i].id;

		CHECK(!(found & bit)); /* each once */
		found |= bit;
	}
	return found;
}

/* Expected shortfalls by kernel, in the order of pap_features_versions. */
static void expect(void (*prepare)(struct plan_case *c), const unsigned expected[5])
{
	for (unsigned i = 0; i < 5; i++) {
		struct plan_case c = plan_case(pap_features_versions[i]);

		prepare(&c);
		describe(&c);
		if (!CHECK_EQ(shortfalls(&c), expected[i]))
			test_note("on %s", pap_features_versions[i]);
		done(&c);
	}
}

static void nothing(struct plan_case *c)
{
	(void)c;
}

TEST(the_default_policy)
{
	expect(nothing, (unsigned[5]){BIT(FILES) | BIT(SIGNALS), BIT(SIGNALS), 0, 0, 0});
}

static void quiet_program(struct plan_case *c)
{
	promise(c, "stdio rpath");
	grant(c, "/usr", R);
}

TEST(a_program_that_signals_nobody)
{
	expect(quiet_program, (unsigned[5]){BIT(FILES), 0, 0, 0, 0});
}

static void hidden_processes(struct plan_case *c)
{
	pap_policy_wall(c->policy, PAP_WALL_PID_NAMESPACE, from("--pid-namespace"));
}

TEST(a_pid_namespace_stands_in_for_the_scope)
{
	expect(hidden_processes, (unsigned[5]){BIT(FILES), 0, 0, 0, 0});
}

static void tcp_client(struct plan_case *c)
{
	promise(c, "stdio inet");
	port(c, PAP_NET_CONNECT, PAP_NET_TCP, 443);
}

TEST(a_tcp_client)
{
	expect(tcp_client,
	       (unsigned[5]){BIT(FILES) | BIT(TCP_PORTS), BIT(TCP_PORTS), 0, 0, 0});
}

static void free_client(struct plan_case *c)
{
	promise(c, "stdio inet");
	port(c, PAP_NET_CONNECT, PAP_NET_TCP, PAP_PORT_ANY);
}

TEST(a_client_of_every_port_needs_no_port_rules)
{
	expect(free_client, (unsigned[5]){BIT(FILES), 0, 0, 0, 0});
}

static void free_client_with_unix(struct plan_case *c)
{
	promise(c, "stdio inet unix");
	port(c, PAP_NET_CONNECT, PAP_NET_TCP, PAP_PORT_ANY);
}

/* The filter cannot refuse bind() any more, so that it would take Landlock to. */
TEST(promise_unix_opens_bind_again)
{
	unsigned local = BIT(ABSTRACT) | BIT(UNIX_PATHS);

	expect(free_client_with_unix,
	       (unsigned[5]){BIT(FILES) | BIT(TCP_PORTS) | local, BIT(TCP_PORTS) | local,
			     BIT(UNIX_PATHS), BIT(UNIX_PATHS), 0});
}

static void server(struct plan_case *c)
{
	promise(c, "stdio inet");
	port(c, PAP_NET_LISTEN, PAP_NET_TCP, 80);
}

TEST(a_server)
{
	expect(server, (unsigned[5]){BIT(FILES) | BIT(TCP_PORTS), BIT(TCP_PORTS), 0, 0, 0});
}

static void socketless(struct plan_case *c)
{
	promise(c, "stdio inet");
}

TEST(promise_inet_without_ports_reaches_nothing)
{
	expect(socketless, (unsigned[5]){BIT(FILES), 0, 0, 0, 0});
}

static void routes_too(struct plan_case *c)
{
	promise(c, "stdio inet route");
}

/* Their sockets bind and connect, so that the filter cannot refuse that. */
TEST(promise_route_opens_connect_again)
{
	expect(routes_too, (unsigned[5]){BIT(FILES) | BIT(TCP_PORTS), BIT(TCP_PORTS), 0, 0, 0});
}

static void udp_client(struct plan_case *c)
{
	promise(c, "stdio inet");
	port(c, PAP_NET_CONNECT, PAP_NET_UDP, 53);
}

TEST(a_udp_client)
{
	unsigned old = BIT(TCP_PORTS) | BIT(UDP_PORTS);

	expect(udp_client,
	       (unsigned[5]){BIT(FILES) | old, old, BIT(UDP_PORTS), BIT(UDP_PORTS), 0});
}

static void udp_peer(struct plan_case *c)
{
	promise(c, "stdio inet");
	for (int transport = 0; transport < 2; transport++) {
		port(c, PAP_NET_CONNECT, (enum pap_transport)transport, PAP_PORT_ANY);
		port(c, PAP_NET_LISTEN, (enum pap_transport)transport, PAP_PORT_ANY);
	}
}

TEST(every_port_in_every_direction_needs_no_rules)
{
	expect(udp_peer, (unsigned[5]){BIT(FILES), 0, 0, 0, 0});
}

static void cut_off(struct plan_case *c)
{
	udp_client(c);
	promise(c, "unix");
	pap_policy_wall(c->policy, PAP_WALL_NO_NETWORK, from("--no-network"));
}

TEST(without_a_network_there_is_nobody_to_reach)
{
	expect(cut_off,
	       (unsigned[5]){BIT(FILES) | BIT(UNIX_PATHS), BIT(UNIX_PATHS), BIT(UNIX_PATHS),
			     BIT(UNIX_PATHS), 0});
}

static void without_supervisor(struct plan_case *c)
{
	promise(c, "stdio");
	c->options.supervisor = false;
}

TEST(without_a_supervisor)
{
	expect(without_supervisor, (unsigned[5]){BIT(FILES) | BIT(SUPERVISOR), BIT(SUPERVISOR),
						 BIT(SUPERVISOR), BIT(SUPERVISOR),
						 BIT(SUPERVISOR)});
}

static void process_limit(struct plan_case *c)
{
	promise(c, "stdio");
	REQUIRE(pap_policy_limit(c->policy, PAP_LIMIT_PROCESSES, 5, from("--processes 5"),
				 &c->err) == 0);
	c->options.privileged = true;
}

TEST(a_process_limit_does_not_bind_root)
{
	expect(process_limit, (unsigned[5]){BIT(FILES) | BIT(PROCESSES), BIT(PROCESSES),
					    BIT(PROCESSES), BIT(PROCESSES), BIT(PROCESSES)});
}

static void device_to_execute(struct plan_case *c)
{
	promise(c, "stdio exec");
	grant(c, "/dev/x", X);
}

TEST(a_grant_to_execute_alone)
{
	expect(device_to_execute, (unsigned[5]){BIT(FILES), BIT(DEVICE_IOCTL), 0, 0, 0});
}

TEST(renaming_before_abi_2_is_told_and_not_refused)
{
	struct plan_case c = plan_case("6.1");

	c.features.landlock_abi = 1;
	promise(&c, "stdio cpath");
	grant(&c, "/x", R | W);
	REQUIRE(make(&c) == 0);
	CHECK_EQ(shortfalls(&c), BIT(RENAME));
	CHECK(pap_shortfall_table[PAP_SHORT_RENAME].stricter);
	done(&c);
}

TEST(walls_need_namespaces)
{
	struct plan_case c = plan_case("6.18");

	c.features.user_namespaces = false;
	pap_policy_wall(c.policy, PAP_WALL_PRIVATE_TMP, from("--private-tmp"));
	CHECK_EQ(make(&c), -EOPNOTSUPP);
	CHECK_HAS(c.err.message, "namespaces");
	CHECK_STR(c.err.place, "--private-tmp");
	c.options.privileged = true; /* root needs no user namespace */
	CHECK_EQ(make(&c), 0);
	done(&c);
	c = plan_case("6.18");
	c.features.user_namespaces = false;
	REQUIRE(pap_policy_hide(c.policy, "/x", from("--hide /x"), &c.err) == 0);
	CHECK_EQ(make(&c), -EOPNOTSUPP);
	done(&c);
	c = plan_case("6.18"); /* the control: nobody asks for walls */
	c.features.user_namespaces = false;
	CHECK_EQ(make(&c), 0);
	done(&c);
}

static void everybody(struct plan_case *c)
{
	promise(c, "stdio inet unix proc exec");
	port(c, PAP_NET_CONNECT, PAP_NET_TCP, 443);
	port(c, PAP_NET_CONNECT, PAP_NET_UDP, 53);
	grant(c, "/dev/x", X);
}

TEST(the_abi_that_ends_each_shortfall)
{
	for (unsigned abi = 0; abi <= 12; abi++) {
		struct plan_case c = plan_case("7.3");

		c.features.landlock_abi = abi;
		everybody(&c);
		describe(&c);
		CHECK_EQ(has_shortfall(&c, PAP_SHORT_FILES), abi < 1);
		CHECK_EQ(has_shortfall(&c, PAP_SHORT_TCP_PORTS), abi < 4);
		CHECK_EQ(has_shortfall(&c, PAP_SHORT_DEVICE_IOCTL), abi > 0 && abi < 5);
		CHECK_EQ(has_shortfall(&c, PAP_SHORT_SIGNALS), abi < 6);
		CHECK_EQ(has_shortfall(&c, PAP_SHORT_ABSTRACT), abi < 6);
		CHECK_EQ(has_shortfall(&c, PAP_SHORT_UNIX_PATHS), abi < 9);
		CHECK_EQ(has_shortfall(&c, PAP_SHORT_UDP_PORTS), abi < 10);
		done(&c);
	}
}

/* ---- refusing and waiving -------------------------------------------------------------------------- */

TEST(a_shortfall_refuses_the_plan_by_name)
{
	struct plan_case c = plan_case("6.1");

	port(&c, PAP_NET_CONNECT, PAP_NET_TCP, 443);
	CHECK_EQ(make(&c), -EOPNOTSUPP);
	CHECK_EQ(c.err.code, -EOPNOTSUPP);
	CHECK_HAS(c.err.message, "Linux 6.1");
	CHECK_HAS(c.err.message, "tcp-ports");
	CHECK_HAS(c.err.message, "6.7");
	CHECK_HAS(c.err.message, "signals");
	CHECK_HAS(c.err.hint, "--waive tcp-ports --waive signals");
	CHECK_STR(c.err.place, "--port");
	done(&c);
}

TEST(every_shortfall_must_be_waived)
{
	struct plan_case c = plan_case("6.1");

	port(&c, PAP_NET_CONNECT, PAP_NET_TCP, 443);
	waive(&c, "tcp-ports");
	CHECK_EQ(make(&c), -EOPNOTSUPP);
	CHECK_HAS(c.err.message, "signals");
	CHECK(!strstr(c.err.message, "tcp-ports"));
	waive(&c, "signals");
	CHECK_EQ(make(&c), 0);
	CHECK_EQ(shortfalls(&c), BIT(TCP_PORTS) | BIT(SIGNALS));
	for (size_t i = 0; i < c.plan->shortfalls.count; i++)
		CHECK(c.plan->shortfalls.items[i].waived);
	done(&c);
}

TEST(a_waiver_that_was_not_needed_is_fine)
{
	struct plan_case c = plan_case("7.3");

	waive(&c, "tcp-ports");
	waive(&c, "files");
	CHECK_EQ(make(&c), 0);
	CHECK_EQ(c.plan->shortfalls.count, 0);
	done(&c);
}

TEST(an_unknown_waiver_is_an_error)
{
	struct plan_case c = plan_case("7.3");

	waive(&c, "tcp-prots");
	CHECK_EQ(make(&c), -EINVAL);
	CHECK_HAS(c.err.message, "tcp-prots");
	CHECK_HAS(c.err.hint, "tcp-ports");
	CHECK_STR(c.err.place, "--waive");
	done(&c);
}

TEST(a_kernel_without_filters_cannot_be_waived)
{
	struct plan_case c = plan_case("7.3");

	c.features.seccomp_filter = false;
	CHECK_EQ(make(&c), -EOPNOTSUPP);
	CHECK_HAS(c.err.message, "seccomp");
	CHECK(!strstr(c.err.hint, "--waive"));
	waive(&c, "seccomp");
	CHECK_EQ(make(&c), -EINVAL);
	done(&c);
}

TEST(every_shortfall_is_described)
{
	for (int i = 0; i < PAP_SHORT_COUNT; i++) {
		const struct pap_shortfall_info *info = &pap_shortfall_table[i];

		REQUIRE(info->name && info->what && info->cost);
		CHECK(info->name[0] && info->what[0] && info->cost[0]);
		for (int j = 0; j < i; j++)
			CHECK(strcmp(info->name, pap_shortfall_table[j].name) != 0);
	}
}
