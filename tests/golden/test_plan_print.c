/* SPDX-License-Identifier: BSD-2-Clause */
/* --dry-run's text, for one policy that uses everything, on each known kernel. */
#include <errno.h>

#include "compile/plan.h"
#include "golden.h"

#define REQUIRE_OK(call) REQUIRE((call) == 0)

static struct pap_origin from(const char *source)
{
	return (struct pap_origin){.source = source};
}

static void grant_all(struct pap_policy *policy)
{
	const unsigned read = PAP_ACCESS_READ, write = PAP_ACCESS_WRITE, run = PAP_ACCESS_EXECUTE;
	struct pap_origin line = {.source = "net.policy", .line = 7, .column = 3};
	struct pap_error err;

	REQUIRE_OK(pap_policy_promise(policy, "stdio rpath wpath cpath fattr inet", line, &err));
	REQUIRE_OK(pap_policy_grant_file(policy, "/usr", read | run, false, from("--rx /usr"),
					 &err));
	REQUIRE_OK(pap_policy_grant_file(policy, "/odd\n\033[31mname", read | write, true,
					 from("--rw-try ..."), &err));
	REQUIRE_OK(pap_policy_grant_port(policy, PAP_NET_CONNECT, PAP_NET_TCP, 443,
					 from("--connect 443"), &err));
	REQUIRE_OK(pap_policy_grant_port(policy, PAP_NET_LISTEN, PAP_NET_TCP, 8080,
					 from("--listen 8080"), &err));
	REQUIRE_OK(pap_policy_grant_port(policy, PAP_NET_CONNECT, PAP_NET_UDP, PAP_PORT_ANY,
					 from("--connect udp:any"), &err));
	REQUIRE_OK(pap_policy_limit(policy, PAP_LIMIT_MEMORY, 512 << 20, from("--memory 512M"),
				    &err));
	REQUIRE_OK(pap_policy_limit(policy, PAP_LIMIT_WALL_TIME, 1500, from("--wall-time 1500ms"),
				    &err));
	REQUIRE_OK(pap_policy_env(policy, "LANG", NULL, from("--env LANG"), &err));
	REQUIRE_OK(pap_policy_env(policy, "X", "a\tb", from("--env X=..."), &err));
	REQUIRE_OK(pap_policy_fd(policy, 3, from("--fd 3"), &err));
	REQUIRE_OK(pap_policy_hide(policy, "/usr/share", from("--hide /usr/share"), &err));
	REQUIRE_OK(pap_policy_capability(policy, "net_bind_service",
					 from("--capability net_bind_service"), &err));
	REQUIRE_OK(pap_policy_waive(policy, "tcp-ports", from("--waive tcp-ports"), &err));
	pap_policy_wall(policy, PAP_WALL_PRIVATE_TMP | PAP_WALL_PID_NAMESPACE,
			from("--private-tmp"));
}

/* How long the filter is, its own tests say: "837" becomes "#". */
static void forget_numbers(char *text)
{
	char *to = strstr(text, "\nfilter: "), *at;

	REQUIRE(to != NULL);
	at = ++to;
	while (*at && *at != '\n') {
		size_t digits = strspn(at, "0123456789");

		*to++ = digits ? '#' : *at;
		at += digits ? digits : 1;
	}
	memmove(to, at, strlen(at) + 1);
}

static void print(const char *version, bool everything, const char *name)
{
	struct pap_features features;
	struct pap_plan_options options = {
	    .features = pap_features_of(version, PAP_ARCH_X86_64, &features),
	    .denial = PAP_DENIAL_NOTIFY,
	    .supervisor = true,
	    .describe = true,
	    .exec_pointer = 0x1000,
	};
	struct pap_policy *policy = pap_policy_new();
	struct pap_text text = {0};
	struct pap_plan *plan;

	REQUIRE(policy && options.features);
	if (everything)
		grant_all(policy);
	REQUIRE_OK(pap_plan_make(policy, &options, &plan, NULL));
	pap_plan_print(plan, &text);
	REQUIRE(!text.failed && text.data);
	/* nothing hostile reaches a terminal */
	for (size_t i = 0; i < text.length; i++)
		CHECK(text.data[i] == '\n' || (unsigned char)text.data[i] >= ' ');
	forget_numbers(text.data);
	golden_check(name, text.data);
	pap_text_free(&text);
	pap_plan_free(plan);
	pap_policy_free(policy);
}

TEST(everything_on_5_10)
{
	print("5.10", true, "plan-5.10.txt");
}

TEST(everything_on_6_1)
{
	print("6.1", true, "plan-6.1.txt");
}

TEST(everything_on_6_12)
{
	print("6.12", true, "plan-6.12.txt");
}

TEST(everything_on_6_18)
{
	print("6.18", true, "plan-6.18.txt");
}

TEST(everything_on_7_3)
{
	print("7.3", true, "plan-7.3.txt");
}

TEST(the_default_policy)
{
	print("6.18", false, "plan-default.txt");
}
