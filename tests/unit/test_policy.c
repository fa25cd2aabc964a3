/* SPDX-License-Identifier: BSD-2-Clause */
/* Policies in memory: what each function takes, adds up, refuses and remembers. */
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "policy/policy.h"

static const struct pap_origin here = {"test", 3, 4}, there = {"other", 7, 0};

TEST(file_grants_add_up)
{
	struct pap_policy *policy = pap_policy_new();
	char path[] = "/a";

	REQUIRE(policy);
	CHECK_EQ(pap_policy_grant_file(policy, path, PAP_ACCESS_READ, true, here, NULL), 0);
	path[1] = 'x'; /* strings are copied */
	CHECK_EQ(pap_policy_grant_file(policy, "/a", PAP_ACCESS_READ, true, there, NULL), 0);
	REQUIRE(policy->files.count == 1);
	CHECK_STR(policy->files.items[0].path, "/a");
	CHECK_EQ(policy->files.items[0].access, PAP_ACCESS_READ);
	CHECK(policy->files.items[0].optional);
	CHECK_STR(policy->files.items[0].origin.source, "test");

	CHECK_EQ(pap_policy_grant_file(policy, "/a", PAP_ACCESS_WRITE, false, there, NULL), 0);
	REQUIRE(policy->files.count == 1);
	CHECK_EQ(policy->files.items[0].access, PAP_ACCESS_READ | PAP_ACCESS_WRITE);
	CHECK(!policy->files.items[0].optional);                  /* asked for without -try once */
	CHECK_STR(policy->files.items[0].origin.source, "other"); /* who widened it last */
	CHECK_EQ(policy->files.items[0].origin.line, 7);
	pap_policy_free(policy);
}

TEST(implied_grants_stay_apart)
{
	struct pap_policy *policy = pap_policy_new(), *plain = pap_policy_new();

	REQUIRE(policy && plain);
	pap_policy_grant_file(policy, "/a", PAP_ACCESS_READ, false, here, NULL);
	pap_policy_grant_file(plain, "/a", PAP_ACCESS_READ, false, here, NULL);
	CHECK(pap_policy_equal(policy, plain));
	CHECK_EQ(pap_policy_imply_file(policy, "/a", PAP_ACCESS_WRITE, true, there, NULL), 0);
	REQUIRE(policy->files.count == 2);
	CHECK(!policy->files.items[0].implied);
	CHECK_EQ(policy->files.items[0].access, PAP_ACCESS_READ);
	CHECK(policy->files.items[1].implied);
	CHECK_EQ(policy->files.items[1].access, PAP_ACCESS_WRITE);
	CHECK(pap_policy_equal(policy, plain));
	pap_policy_free(policy);
	pap_policy_free(plain);
}

TEST(senseless_files_are_refused)
{
	struct pap_policy *policy = pap_policy_new();
	struct pap_error err;
	char path[PAP_POLICY_PATH_MAX + 2];

	REQUIRE(policy);
	CHECK_EQ(pap_policy_grant_file(policy, "", 1, false, here, &err), -EINVAL);
	CHECK_STR(err.message, "the path is empty");
	CHECK_STR(err.place, "test");
	CHECK_EQ(pap_policy_grant_file(policy, "/a", 0, false, here, &err), -EINVAL);
	CHECK_EQ(pap_policy_grant_file(policy, "/a", 8, false, here, &err), -EINVAL);
	memset(path, 'a', sizeof(path));
	path[PAP_POLICY_PATH_MAX + 1] = '\0';
	CHECK_EQ(pap_policy_grant_file(policy, path, 1, false, here, &err), -EINVAL);
	CHECK_EQ(pap_policy_hide(policy, path, here, &err), -EINVAL);
	CHECK_EQ(policy->files.count + policy->hidden.count, 0);
	path[PAP_POLICY_PATH_MAX] = '\0';
	CHECK_EQ(pap_policy_grant_file(policy, path, 1, false, here, &err), 0);
	CHECK_EQ(pap_policy_hide(policy, path, here, &err), 0);
	pap_policy_free(policy);
}

TEST(ports_and_descriptors_once_each)
{
	struct pap_policy *policy = pap_policy_new();
	struct pap_error err;

	REQUIRE(policy);
	for (int round = 0; round < 2; round++) {
		CHECK_EQ(
		    pap_policy_grant_port(policy, PAP_NET_CONNECT, PAP_NET_TCP, 80, here, &err), 0);
		CHECK_EQ(pap_policy_grant_port(policy, PAP_NET_LISTEN, PAP_NET_TCP, 80, here, &err),
			 0);
		CHECK_EQ(
		    pap_policy_grant_port(policy, PAP_NET_CONNECT, PAP_NET_UDP, 80, here, &err), 0);
		CHECK_EQ(pap_policy_grant_port(policy, PAP_NET_LISTEN, PAP_NET_TCP, 0, here, &err),
			 0);
		CHECK_EQ(pap_policy_grant_port(policy, PAP_NET_CONNECT, PAP_NET_TCP, PAP_PORT_ANY,
					       here, &err),
			 0);
		CHECK_EQ(pap_policy_fd(policy, 3, here, &err), 0);
		CHECK_EQ(pap_policy_fd(policy, PAP_POLICY_FD_MAX, here, &err), 0);
	}
	CHECK_EQ(policy->ports.count, 5);
	CHECK_EQ(policy->descriptors.count, 2);
	CHECK_EQ(pap_policy_grant_port(policy, PAP_NET_CONNECT, PAP_NET_TCP, 0, here, &err),
		 -EINVAL);
	CHECK_EQ(pap_policy_grant_port(policy, PAP_NET_CONNECT, PAP_NET_TCP, PAP_PORT_ANY + 1, here,
				       &err),
		 -EINVAL);
	CHECK_EQ(pap_policy_grant_port(policy, (enum pap_direction)2, PAP_NET_TCP, 80, here, &err),
		 -EINVAL);
	CHECK_EQ(pap_policy_fd(policy, -1, here, &err), -EINVAL);
	CHECK_EQ(pap_policy_fd(policy, PAP_POLICY_FD_MAX + 1, here, &err), -EINVAL);
	CHECK_EQ(policy->ports.count, 5);
	CHECK_EQ(policy->descriptors.count, 2);
	pap_policy_free(policy);
}

TEST(promises_add_up)
{
	struct pap_policy *policy = pap_policy_new();
	struct pap_error err;

	REQUIRE(policy);
	CHECK(!policy->promises_given);
	CHECK_EQ(pap_policy_promise(policy, "stdio  rpath", here, &err), 0);
	CHECK_EQ(policy->promises, PAP_PROMISE_BIT(stdio) | PAP_PROMISE_BIT(rpath));
	CHECK_EQ(pap_policy_promise(policy, " inet\n", there, &err), 0);
	CHECK_EQ(policy->promises,
		 PAP_PROMISE_BIT(stdio) | PAP_PROMISE_BIT(rpath) | PAP_PROMISE_BIT(inet));
	CHECK_STR(policy->promises_origin.source, "test");
	/* a wrong word changes nothing, not even by the right ones beside it */
	CHECK_EQ(pap_policy_promise(policy, "proc rpat\x1b", here, &err), -EINVAL);
	CHECK_STR(err.message, "unknown promise \"rpat\\x1b\"");
	CHECK_STR(err.hint, "did you mean \"rpath\"?");
	CHECK(!(policy->promises & PAP_PROMISE_BIT(proc)));
	pap_policy_free(policy);

	policy = pap_policy_new();
	REQUIRE(policy);
	CHECK_EQ(pap_policy_promise(policy, "", here, &err), 0);
	CHECK(policy->promises_given); /* nothing was promised, which is not the default */
	CHECK_EQ(policy->promises, 0);
	pap_policy_free(policy);
}

TEST(every_promise_has_a_bit_of_its_own)
{
	pap_promises all = 0;

	for (unsigned i = 0; i < PAP_NPROMISES; i++) {
		struct pap_policy *policy = pap_policy_new();

		REQUIRE(policy);
		CHECK_EQ(pap_policy_promise(policy, pap_promise_table[i].name, here, NULL), 0);
		CHECK_EQ(policy->promises, (pap_promises)1 << i);
		all |= policy->promises;
		pap_policy_free(policy);
	}
	CHECK_EQ(__builtin_popcountll(all), PAP_NPROMISES);
}

TEST(limits_take_one_value)
{
	struct pap_policy *policy = pap_policy_new();
	struct pap_error err;

	REQUIRE(policy);
	CHECK_EQ(pap_policy_limit(policy, PAP_LIMIT_FILES, 64, here, &err), 0);
	CHECK_EQ(pap_policy_limit(policy, PAP_LIMIT_FILES, 64, there, &err), 0);
	CHECK_EQ(pap_policy_limit(policy, PAP_LIMIT_FILES, 65, there, &err), -EINVAL);
	CHECK_STR(err.message, "the limit \"files\" was given another value before");
	CHECK_STR(err.hint, "it is first given at test:3:4");
	CHECK_EQ(policy->limits[PAP_LIMIT_FILES].value, 64);
	CHECK_EQ(pap_policy_limit(policy, PAP_LIMIT_MEMORY, 0, here, &err), -EINVAL);
	CHECK_EQ(pap_policy_limit(policy, PAP_LIMIT_CPU_TIME, UINT64_MAX, here, &err), -EINVAL);
	CHECK_EQ(pap_policy_limit(policy, PAP_LIMIT_COUNT, 1, here, &err), -EINVAL);
	CHECK_EQ(pap_policy_limit(policy, PAP_LIMIT_PROCESSES, 0, here, &err), 0);
	CHECK(policy->limits[PAP_LIMIT_PROCESSES].set);
	CHECK(!policy->limits[PAP_LIMIT_MEMORY].set);
	pap_policy_free(policy);
}

TEST(variables_take_one_value)
{
	struct pap_policy *policy = pap_policy_new();
	struct pap_error err;
	char value[PAP_POLICY_ENV_MAX];

	REQUIRE(policy);
	CHECK_EQ(pap_policy_env(policy, "A", NULL, here, &err), 0);
	CHECK_EQ(pap_policy_env(policy, "A", NULL, there, &err), 0);
	CHECK_EQ(pap_policy_env(policy, "A", "", there, &err), -EINVAL);
	CHECK_STR(err.hint, "it is first given at test:3:4");
	CHECK_EQ(pap_policy_env(policy, "B", "x", there, &err), 0);
	CHECK_EQ(pap_policy_env(policy, "B", "x", here, &err), 0);
	CHECK_EQ(pap_policy_env(policy, "B", NULL, here, &err), -EINVAL);
	CHECK_STR(err.hint, "it is first given at other:7");
	CHECK_EQ(pap_policy_env(policy, "", "x", here, &err), -EINVAL);
	CHECK_EQ(pap_policy_env(policy, "C=D", "x", here, &err), -EINVAL);
	CHECK_EQ(pap_policy_env(policy, "C D", "x", here, &err), -EINVAL);
	CHECK_EQ(pap_policy_env(policy, "C\x1b", "x", here, &err), -EINVAL);
	CHECK_STR(err.message, "\"C\\x1b\" cannot be the name of a variable");
	memset(value, 'v', sizeof(value));
	value[PAP_POLICY_ENV_MAX - 1] = '\0';
	CHECK_EQ(pap_policy_env(policy, "E", value, here, &err), -EINVAL);
	value[PAP_POLICY_ENV_MAX - 2] = '\0';
	CHECK_EQ(pap_policy_env(policy, "E", value, here, &err), 0);
	CHECK_EQ(policy->environment.count, 3);
	pap_policy_free(policy);
}

TEST(names_walls_and_violations)
{
	struct pap_policy *policy = pap_policy_new();
	struct pap_error err;

	REQUIRE(policy);
	CHECK_EQ(pap_policy_capability(policy, "CAP_NET_RAW", here, &err), 0);
	CHECK_EQ(pap_policy_capability(policy, "net_raw", here, &err), 0);
	REQUIRE(policy->capabilities.count == 1);
	CHECK_STR(policy->capabilities.items[0].name, "net_raw");
	CHECK_EQ(pap_policy_capability(policy, "all", here, &err), -EINVAL);
	CHECK_EQ(pap_policy_waive(policy, "tcp-ports", here, &err), 0);
	CHECK_EQ(pap_policy_waive(policy, "", here, &err), -EINVAL);
	CHECK_EQ(pap_policy_waive(policy, "a b", here, &err), -EINVAL);
	CHECK_EQ(policy->waivers.count, 1);

	pap_policy_wall(policy, PAP_WALL_NO_NETWORK, here);
	pap_policy_wall(policy, PAP_WALL_PRIVATE_TMP, there);
	CHECK_EQ(policy->walls, PAP_WALL_NO_NETWORK | PAP_WALL_PRIVATE_TMP);
	CHECK_STR(policy->walls_origin.source, "test");

	CHECK_EQ(policy->violation, PAP_VIOLATION_DENY);
	CHECK_EQ(pap_policy_violation(policy, PAP_VIOLATION_KILL, here, &err), 0);
	CHECK_EQ(pap_policy_violation(policy, PAP_VIOLATION_KILL, there, &err), 0);
	CHECK_EQ(pap_policy_violation(policy, PAP_VIOLATION_DENY, there, &err), -EINVAL);
	CHECK_EQ(policy->violation, PAP_VIOLATION_KILL);
	pap_policy_free(policy);
}

TEST(capabilities_have_the_kernels_numbers)
{
	CHECK_EQ(pap_capability_find("chown"), CAP_CHOWN);
	CHECK_EQ(pap_capability_find("kill"), CAP_KILL);
	CHECK_EQ(pap_capability_find("net_bind_service"), CAP_NET_BIND_SERVICE);
	CHECK_EQ(pap_capability_find("sys_chroot"), CAP_SYS_CHROOT);
	CHECK_EQ(pap_capability_find("sys_admin"), CAP_SYS_ADMIN);
	CHECK_EQ(pap_capability_find("sys_time"), CAP_SYS_TIME);
	CHECK_EQ(pap_capability_find("mknod"), CAP_MKNOD);
	CHECK_EQ(pap_capability_find("setfcap"), CAP_SETFCAP);
	CHECK_EQ(pap_capability_find("syslog"), CAP_SYSLOG);
	CHECK_EQ(pap_capability_find("wake_alarm"), CAP_WAKE_ALARM);
	CHECK_EQ(pap_capability_find("audit_read"), CAP_AUDIT_READ);
	CHECK_EQ(pap_capability_find("checkpoint_restore"), CAP_CHECKPOINT_RESTORE);
	CHECK_EQ(PAP_NCAPABILITIES, CAP_CHECKPOINT_RESTORE + 1);
	CHECK_EQ(pap_capability_find("cap_"), -1);
	CHECK_EQ(pap_capability_find(""), -1);
	CHECK(!pap_capability_name(PAP_NCAPABILITIES));
	for (unsigned i = 0; i < PAP_NCAPABILITIES; i++)
		CHECK_EQ(pap_capability_find(pap_capability_name(i)), i);
}

TEST(lists_are_bounded)
{
	struct pap_policy *policy = pap_policy_new();
	struct pap_error err;

	REQUIRE(policy);
	for (int i = 0; i < PAP_POLICY_GRANTS_MAX; i++)
		REQUIRE(!pap_policy_fd(policy, i, here, &err));
	CHECK_EQ(pap_policy_fd(policy, PAP_POLICY_GRANTS_MAX, here, &err), -E2BIG);
	CHECK_EQ(pap_policy_fd(policy, 0, here, &err), 0); /* there already */
	CHECK_EQ(policy->descriptors.count, PAP_POLICY_GRANTS_MAX);
	pap_policy_free(policy);
}

TEST(sources_are_interned)
{
	struct pap_policy *policy = pap_policy_new();
	char text[] = "one";
	const char *first;

	REQUIRE(policy);
	first = pap_policy_intern(policy, text);
	CHECK_STR(first, "one");
	text[0] = 'O';
	CHECK(pap_policy_intern(policy, "one") == first);
	CHECK(pap_policy_intern(policy, text) != first);
	for (int i = 0; i < 5000; i++) {
		char name[16];

		snprintf(name, sizeof(name), "%d", i);
		CHECK_STR(pap_policy_intern(policy, name), name);
	}
	CHECK(pap_policy_intern(policy, "one") == first);
	pap_policy_free(policy);
	pap_policy_free(NULL);
}

TEST(equality_sees_every_difference)
{
	for (int what = 0; what < 13; what++) {
		struct pap_policy *a = pap_policy_new(), *b = pap_policy_new();

		REQUIRE(a && b);
		CHECK(pap_policy_equal(a, b));
		switch (what) {
		case 0:
			pap_policy_grant_file(a, "/a", 1, false, here, NULL);
			break;
		case 1:
			pap_policy_grant_file(a, "/a", 1, false, here, NULL);
			pap_policy_grant_file(b, "/a", 1, true, here, NULL);
			break;
		case 2:
			pap_policy_grant_file(a, "/a", 1, false, here, NULL);
			pap_policy_grant_file(b, "/a", 3, false, here, NULL);
			break;
		case 3:
			pap_policy_grant_port(a, PAP_NET_LISTEN, PAP_NET_TCP, 1, here, NULL);
			break;
		case 4:
			pap_policy_grant_port(a, PAP_NET_LISTEN, PAP_NET_TCP, 1, here, NULL);
			pap_policy_grant_port(b, PAP_NET_LISTEN, PAP_NET_UDP, 1, here, NULL);
			break;
		case 5:
			pap_policy_promise(a, "", here, NULL);
			break;
		case 6:
			pap_policy_limit(b, PAP_LIMIT_FILES, 3, here, NULL);
			break;
		case 7:
			pap_policy_env(a, "A", NULL, here, NULL);
			pap_policy_env(b, "A", "", here, NULL);
			break;
		case 8:
			pap_policy_fd(b, 3, here, NULL);
			break;
		case 9:
			pap_policy_hide(a, "/h", here, NULL);
			break;
		case 10:
			pap_policy_capability(a, "kill", here, NULL);
			break;
		case 11:
			pap_policy_waive(a, "signals", here, NULL);
			break;
		default:
			pap_policy_wall(a, PAP_WALL_PID_NAMESPACE, here);
			break;
		}
		CHECK(!pap_policy_equal(a, b));
		CHECK(!pap_policy_equal(b, a));
		pap_policy_free(a);
		pap_policy_free(b);
	}
}
