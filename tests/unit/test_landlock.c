/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan_case.h"

/* ---- rights by ABI ------------------------------------------------------------------------- */

TEST(rights_of_each_abi)
{
	static const struct {
		unsigned abi;
		uint64_t fs, net, scope;
	} rows[] = {
	    {0, 0, 0, 0},	    {1, 0x1fff, 0, 0},	   {2, 0x3fff, 0, 0},
	    {3, 0x7fff, 0, 0},	    {4, 0x7fff, 0x3, 0},   {5, 0xffff, 0x3, 0},
	    {6, 0xffff, 0x3, 0x3},  {7, 0xffff, 0x3, 0x3}, {8, 0xffff, 0x3, 0x3},
	    {9, 0x1ffff, 0x3, 0x3}, {10, 0x1ffff, 0xf, 3}, {11, 0x1ffff, 0xf, 3},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CHECK_EQ(pap_landlock_fs(rows[i].abi), rows[i].fs);
		CHECK_EQ(pap_landlock_net(rows[i].abi), rows[i].net);
		CHECK_EQ(pap_landlock_scope(rows[i].abi), rows[i].scope);
	}
	/* A kernel newer than we are: what we know, no more. */
	CHECK_EQ(pap_landlock_fs(99), pap_landlock_fs(11));
}

/* ---- what is handled ------------------------------------------------------------------------ */

TEST(everything_known_is_handled)
{
	for (unsigned i = 0; pap_features_versions[i]; i++) {
		struct plan_case c = plan_case(pap_features_versions[i]);
		unsigned abi = c.features.landlock_abi;

		describe(&c);
		CHECK_EQ(c.plan->landlock.handled_fs, pap_landlock_fs(abi));
		CHECK_EQ(c.plan->landlock.handled_net, pap_landlock_net(abi));
		CHECK_EQ(c.plan->landlock.scoped, pap_landlock_scope(abi));
		done(&c);
	}
}

TEST(a_direction_granted_for_any_port_is_not_handled)
{
	struct plan_case c = plan_case("7.3");

	port(&c, PAP_NET_CONNECT, PAP_NET_TCP, PAP_PORT_ANY);
	port(&c, PAP_NET_LISTEN, PAP_NET_UDP, PAP_PORT_ANY);
	port(&c, PAP_NET_CONNECT, PAP_NET_TCP, 80); /* says nothing more */
	describe(&c);
	CHECK_EQ(c.plan->landlock.handled_net, PAP_LL_NET_BIND_TCP | PAP_LL_NET_CONNECT_SEND_UDP);
	CHECK_EQ(port_access(&c, 80), 0);
	done(&c);
}

TEST(ports_become_rules_of_their_direction)
{
	struct plan_case c = plan_case("6.12");

	port(&c, PAP_NET_CONNECT, PAP_NET_TCP, 443);
	port(&c, PAP_NET_LISTEN, PAP_NET_TCP, 8080);
	describe(&c);
	CHECK_EQ(port_access(&c, 443), PAP_LL_NET_CONNECT_TCP);
	CHECK_EQ(port_access(&c, 8080), PAP_LL_NET_BIND_TCP);
	CHECK_EQ(c.plan->landlock.ports.count, 2);
	done(&c);
}

TEST(a_port_rule_is_never_one_that_the_kernel_lacks)
{
	struct plan_case c = plan_case("6.18");

	port(&c, PAP_NET_CONNECT, PAP_NET_UDP, 53);
	describe(&c);
	CHECK_EQ(c.plan->landlock.ports.count, 0);
	done(&c);
}

TEST(a_datagram_client_may_bind_to_no_port_in_particular)
{
	struct plan_case c = plan_case("7.3");

	port(&c, PAP_NET_CONNECT, PAP_NET_UDP, 53);
	describe(&c);
	CHECK_EQ(port_access(&c, 53), PAP_LL_NET_CONNECT_SEND_UDP);
	CHECK_EQ(port_access(&c, 0), PAP_LL_NET_BIND_UDP);
	done(&c);

	c = plan_case("7.3"); /* the control: TCP needs no such thing */
	port(&c, PAP_NET_CONNECT, PAP_NET_TCP, 53);
	describe(&c);
	CHECK_EQ(port_access(&c, 0), 0);
	done(&c);
}

TEST(promise_dns_brings_its_ports)
{
	struct plan_case c = plan_case("7.3");

	promise(&c, "stdio dns");
	describe(&c);
	CHECK_EQ(port_access(&c, 53), PAP_LL_NET_CONNECT_SEND_UDP | PAP_LL_NET_CONNECT_TCP);
	CHECK_EQ(port_access(&c, 0), PAP_LL_NET_BIND_UDP);
	CHECK_EQ(c.plan->landlock.handled_net, pap_landlock_net(11));
	done(&c);
}

/* ---- from access to rights -------------------------------------------------------------------- */

#define READING (PAP_LL_FS_READ_FILE | PAP_LL_FS_READ_DIR | PAP_LL_FS_IOCTL_DEV)
#define CHANGING (PAP_LL_FS_WRITE_FILE | PAP_LL_FS_TRUNCATE | PAP_LL_FS_IOCTL_DEV)
#define NAMING                                                                                     \
	(PAP_LL_FS_MAKE_REG | PAP_LL_FS_MAKE_DIR | PAP_LL_FS_MAKE_SYM | PAP_LL_FS_REMOVE_FILE |    \
	 PAP_LL_FS_REMOVE_DIR | PAP_LL_FS_REFER)
#define SPECIAL (PAP_LL_FS_MAKE_FIFO | PAP_LL_FS_MAKE_SOCK)
#define FILE_ONLY                                                                                  \
	(PAP_LL_FS_EXECUTE | PAP_LL_FS_WRITE_FILE | PAP_LL_FS_READ_FILE | PAP_LL_FS_TRUNCATE |     \
	 PAP_LL_FS_IOCTL_DEV | PAP_LL_FS_RESOLVE_UNIX)

static void check_rights(const char *version, const char *promises, unsigned access,
			 uint64_t directory)
{
	struct plan_case c = plan_case(version);
	const struct pap_path_rule *rule;

	if (promises)
		promise(&c, promises);
	grant(&c, "/x", access);
	describe(&c);
	rule = path_rule(&c, "/x");
	REQUIRE(rule != NULL);
	CHECK_EQ(rule->directory, directory);
	CHECK_EQ(rule->file, directory & FILE_ONLY);
	CHECK_EQ(rule->access, access);
	CHECK(!rule->implied);
	done(&c);
}

TEST(access_under_the_default_promises)
{
	check_rights("6.18", NULL, R, READING);
	check_rights("6.18", NULL, X, PAP_LL_FS_EXECUTE | PAP_LL_FS_READ_FILE);
	check_rights("6.18", NULL, R | X, READING | PAP_LL_FS_EXECUTE);
	check_rights("6.18", NULL, W, CHANGING | NAMING | SPECIAL);
	check_rights("6.18", NULL, R | W | X,
		     READING | PAP_LL_FS_EXECUTE | CHANGING | NAMING | SPECIAL);
}

TEST(access_shrinks_to_what_the_kernel_knows)
{
	check_rights("5.10", NULL, R | W | X, 0);
	check_rights("6.1", NULL, R, PAP_LL_FS_READ_FILE | PAP_LL_FS_READ_DIR);
	check_rights("6.1", NULL, W, PAP_LL_FS_WRITE_FILE | NAMING | SPECIAL);
	check_rights("6.12", NULL, R, READING);
}

TEST(access_gives_no_more_than_the_promises)
{
	check_rights("6.18", "stdio", R | W | X, 0);
	check_rights("6.18", "stdio rpath", R | W | X, READING);
	check_rights("6.18", "stdio wpath", R | W | X, CHANGING);
	check_rights("6.18", "stdio cpath", R | W | X, NAMING);
	check_rights("6.18", "stdio dpath", R | W | X, SPECIAL);
	check_rights("6.18", "stdio exec", R | W | X, PAP_LL_FS_EXECUTE | PAP_LL_FS_READ_FILE);
	/* a promise gives nothing where the grant does not */
	check_rights("6.18", "stdio rpath wpath cpath exec", R, READING);
}

TEST(unix_sockets_by_path)
{
	check_rights("6.18", "stdio unix", R | W, PAP_LL_FS_MAKE_SOCK);
	check_rights("7.3", "stdio unix", R | W, PAP_LL_FS_MAKE_SOCK | PAP_LL_FS_RESOLVE_UNIX);
	check_rights("7.3", "stdio unix", R, 0);
	check_rights("7.3", NULL, R | W, READING | CHANGING | NAMING | SPECIAL);
}

TEST(devices_are_never_made)
{
	struct plan_case c = plan_case("7.3");

	grant(&c, "/x", R | W | X);
	describe(&c);
	for (size_t i = 0; i < c.plan->landlock.paths.count; i++)
		CHECK_EQ(c.plan->landlock.paths.items[i].directory &
			     (PAP_LL_FS_MAKE_CHAR | PAP_LL_FS_MAKE_BLOCK),
			 0);
	CHECK(c.plan->landlock.handled_fs & PAP_LL_FS_MAKE_CHAR);
	CHECK(c.plan->landlock.handled_fs & PAP_LL_FS_MAKE_BLOCK);
	done(&c);
}

/* ---- implied grants --------------------------------------------------------------------------- */

TEST(stdio_implies_its_files)
{
	struct plan_case c = plan_case("6.18");
	const struct pap_path_rule *rule;

	promise(&c, "stdio");
	describe(&c);
	rule = path_rule(&c, "/dev/null");
	REQUIRE(rule != NULL);
	CHECK_EQ(rule->file, PAP_LL_FS_READ_FILE | CHANGING);
	CHECK(rule->implied && rule->optional);
	/* not W: its mode is nobody's to change */
	CHECK_EQ(rule->access, R | PAP_ACCESS_CONTENTS);
	CHECK_STR(rule->origin.source, "implied by promise stdio");
	rule = path_rule(&c, "/dev/urandom");
	REQUIRE(rule != NULL);
	CHECK_EQ(rule->file, PAP_LL_FS_READ_FILE | PAP_LL_FS_IOCTL_DEV);
	CHECK(path_rule(&c, "/usr/share/zoneinfo") != NULL);
	CHECK(!path_rule(&c, "/dev/tty"));
	CHECK(!path_rule(&c, "/etc/passwd"));
	CHECK(!path_rule(&c, "/etc/resolv.conf"));
	CHECK(!path_rule(&c, "/proc"));
	done(&c);
}

TEST(other_promises_imply_theirs)
{
	static const struct {
		const char *promises, *path;
	} rows[] = {
	    {"stdio tty", "/dev/tty"},		 {"stdio getpw", "/etc/passwd"},
	    {"stdio getpw", "/etc/nsswitch.conf"}, {"stdio dns", "/etc/resolv.conf"},
	    {"stdio dns", "/etc/nsswitch.conf"}, {"stdio vminfo", "/proc/meminfo"},
	    {"stdio ps", "/proc"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct plan_case c = plan_case("6.18"), without = plan_case("6.18");

		promise(&c, rows[i].promises);
		describe(&c);
		CHECK(path_rule(&c, rows[i].path) != NULL);
		promise(&without, "stdio");
		describe(&without);
		CHECK(path_rule(&without, rows[i].path) == NULL);
		done(&c);
		done(&without);
	}
}

TEST(terminals_of_others_are_not_implied)
{
	struct plan_case c = plan_case("6.18");

	describe(&c);
	CHECK(path_rule(&c, "/dev/tty") != NULL);
	CHECK(path_rule(&c, "/dev/pts") == NULL);
	CHECK(path_rule(&c, "/proc/self") == NULL);
	done(&c);
}

TEST(a_file_that_the_program_needs_is_kept)
{
	struct plan_case c = plan_case("6.18");
	const struct pap_path_rule *rule;

	promise(&c, "stdio");
	grant(&c, "/lib/libc.so", R | X);
	c.policy->files.items[0].implied = true;
	grant(&c, "/lib/other.so", R | X); /* the control */
	describe(&c);
	rule = path_rule(&c, "/lib/libc.so");
	REQUIRE(rule != NULL);
	CHECK_EQ(rule->file, PAP_LL_FS_EXECUTE | PAP_LL_FS_READ_FILE | PAP_LL_FS_IOCTL_DEV);
	rule = path_rule(&c, "/lib/other.so");
	REQUIRE(rule != NULL);
	CHECK_EQ(rule->directory, 0);
	done(&c);
}

TEST(no_promise_no_implied_file)
{
	struct plan_case c = plan_case("6.18");

	promise(&c, "");
	describe(&c);
	CHECK_EQ(c.plan->landlock.paths.count, 0);
	done(&c);
}

TEST(a_hidden_file_gets_no_rule)
{
	struct plan_case c = plan_case("6.18");

	REQUIRE(pap_policy_hide(c.policy, "/secret", from("--hide"), &c.err) == 0);
	describe(&c);
	CHECK(path_rule(&c, "/secret") == NULL);
	done(&c);
}
