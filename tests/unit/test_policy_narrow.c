/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Narrowing: every kind of grant in three parts. What the ceiling has is within,
 * what it has not is refused and named, and what is uncertain is refused too.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"
#include "policy_text.h"

/* "" when `wanted` is within `ceiling`, else the message; both are policy texts. */
static const char *within(const char *wanted, const char *ceiling)
{
	static struct pap_error err;
	struct pap_policy *inner = parse(wanted, &err), *outer;
	int rc;

	REQUIRE(inner);
	outer = parse(ceiling, &err);
	REQUIRE(outer);
	rc = pap_policy_within(inner, outer, &err);
	CHECK(rc == 0 || rc == -EPERM);
	pap_policy_free(inner);
	pap_policy_free(outer);
	return rc ? err.message : "";
}

#define INSIDE(wanted, ceiling) CHECK_STR(within(wanted, ceiling), "")
#define WIDER(wanted, ceiling, message) CHECK_STR(within(wanted, ceiling), message)

TEST(files_beneath_a_granted_directory)
{
	INSIDE("", "");
	INSIDE("", "[files]\nro = /usr\n");
	INSIDE("[files]\nro = /usr\n", "[files]\nro = /usr\n");
	INSIDE("[files]\nro = /usr/lib/x\n", "[files]\nro = /usr\n");
	INSIDE("[files]\nro = /usr\n", "[files]\nro = /\n");
	INSIDE("[files]\nro = /\n", "[files]\nrwx = /\n");
	INSIDE("[files]\nro-try = /usr\n", "[files]\nro = /usr\n");
	INSIDE("[files]\nro = //usr/./lib/\n", "[files]\nro = /./usr//\n");
	INSIDE("[files]\nro = a/b\n", "[files]\nro = a\n");
	INSIDE("[files]\nro = a\n", "[files]\nro = .\n");
	INSIDE("[files]\nro = .\n", "[files]\nro = ./\n");
	WIDER("[files]\nro = /usr\n", "", "the file grant \"/usr\" goes beyond the ceiling");
	WIDER("[files]\nro = /\n", "[files]\nrwx = /usr\nrwx = /etc\n",
	      "the file grant \"/\" goes beyond the ceiling");
	WIDER("[files]\nro = /usr\n", "[files]\nro = /usr/lib\n",
	      "the file grant \"/usr\" goes beyond the ceiling");
	WIDER("[files]\nro = /usrx\n", "[files]\nro = /usr\n",
	      "the file grant \"/usrx\" goes beyond the ceiling");
	WIDER("[files]\nro = /usr-x/y\n", "[files]\nro = /usr\n",
	      "the file grant \"/usr-x/y\" goes beyond the ceiling");
}

TEST(access_adds_up_along_the_path)
{
	INSIDE("[files]\nrw = /srv/out/x\n", "[files]\nro = /srv\nwo = /srv/out\n");
	INSIDE("[files]\nrx = /a\n", "[files]\nro = /a/\nxo = /a\n");
	WIDER("[files]\nrw = /usr\n", "[files]\nro = /usr\n",
	      "the file grant \"/usr\" goes beyond the ceiling");
	WIDER("[files]\nrw = /srv\n", "[files]\nro = /srv\nwo = /srv/out\n",
	      "the file grant \"/srv\" goes beyond the ceiling");
	WIDER("[files]\nrwx = /srv/x\n", "[files]\nrw = /\nro = /srv\n",
	      "the file grant \"/srv/x\" goes beyond the ceiling");
}

TEST(uncertain_paths_are_wider)
{
	WIDER("[files]\nro = /usr/lib/../bin\n", "[files]\nro = /usr\n",
	      "the path \"/usr/lib/../bin\" goes beyond the ceiling");
	WIDER("[files]\nro = ..\n", "[files]\nro = .\n", "the path \"..\" goes beyond the ceiling");
	/* even where the text is the same */
	WIDER("[files]\nro = /a/..\n", "[files]\nro = /a/..\n",
	      "the path \"/a/..\" goes beyond the ceiling");
	/* and in the ceiling it grants nothing */
	WIDER("[files]\nro = /usr\n", "[files]\nro = /usr/lib/..\n",
	      "the file grant \"/usr\" goes beyond the ceiling");
	/* a name that only begins with dots is certain */
	INSIDE("[files]\nro = /usr/...\nro = /usr/..x\n", "[files]\nro = /usr\n");
	WIDER("[files]\nro = usr\n", "[files]\nro = /\n",
	      "the file grant \"usr\" goes beyond the ceiling");
	WIDER("[files]\nro = /usr\n", "[files]\nro = .\n",
	      "the file grant \"/usr\" goes beyond the ceiling");
}

TEST(the_place_of_what_is_wider)
{
	struct pap_error err;
	struct pap_policy *wanted = parse("[files]\nro = /usr\n  rw = /etc\n", &err);
	struct pap_policy *ceiling = parse("[files]\nro = /\n", &err);

	REQUIRE(wanted && ceiling);
	CHECK_EQ(pap_policy_within(wanted, ceiling, &err), -EPERM);
	CHECK_STR(err.place, "p");
	CHECK_EQ(err.origin.line, 3);
	CHECK_EQ(err.origin.column, 8);
	CHECK_STR(err.hint, "the ceiling does not let it write there");
	CHECK_EQ(pap_policy_within(wanted, ceiling, NULL), -EPERM);
	pap_policy_free(wanted);
	pap_policy_free(ceiling);
}

TEST(implied_grants_are_compared_too)
{
	struct pap_policy *wanted = pap_policy_new(), *ceiling = pap_policy_new();
	struct pap_origin origin = {"implied", 0, 0};

	REQUIRE(wanted && ceiling);
	CHECK_EQ(pap_policy_imply_file(wanted, "/lib/x", 1, true, origin, NULL), 0);
	CHECK_EQ(pap_policy_within(wanted, ceiling, NULL), -EPERM);
	CHECK_EQ(pap_policy_grant_file(ceiling, "/lib", 1, false, origin, NULL), 0);
	CHECK_EQ(pap_policy_within(wanted, ceiling, NULL), 0);
	pap_policy_free(wanted);
	pap_policy_free(ceiling);
}

TEST(ports)
{
	INSIDE("[network]\nconnect = 80\n", "[network]\nconnect = 80 443\n");
	INSIDE("[network]\nconnect = 80 any\n", "[network]\nconnect = any\n");
	INSIDE("[network]\nlisten = udp:53\n", "[network]\nlisten = udp:any\n");
	WIDER("[network]\nconnect = 81\n", "[network]\nconnect = 80 82\n",
	      "connecting to port \"81\" goes beyond the ceiling");
	WIDER("[network]\nconnect = any\n", "[network]\nconnect = 80\n",
	      "connecting to port \"any\" goes beyond the ceiling");
	WIDER("[network]\nlisten = 80\n", "[network]\nconnect = any\n",
	      "listening on port \"80\" goes beyond the ceiling");
	WIDER("[network]\nconnect = udp:80\n", "[network]\nconnect = any\n",
	      "connecting to port \"udp:80\" goes beyond the ceiling");
	WIDER("[network]\nlisten = 0\n", "[network]\nlisten = 8080\n",
	      "listening on port \"0\" goes beyond the ceiling");
}

TEST(promises)
{
	INSIDE("[process]\npromises = stdio\n", "[process]\npromises = rpath stdio\n");
	INSIDE("[process]\npromises = \"\"\n", "[process]\npromises = \"\"\n");
	WIDER("[process]\npromises = stdio exec\n", "[process]\npromises = stdio\n",
	      "the promise \"exec\" goes beyond the ceiling");
	WIDER("", "[process]\npromises = stdio\n",
	      "the ceiling names promises, the policy does not");
	WIDER("[process]\npromises = stdio\n", "",
	      "the policy names promises, the ceiling does not");
}

TEST(limits)
{
	INSIDE("[limits]\nmemory = 1G\n", "");
	INSIDE("[limits]\nmemory = 1G\n", "[limits]\nmemory = 1G\n");
	INSIDE("[limits]\nmemory = 1M\nfiles = 3\n", "[limits]\nmemory = 1G\n");
	INSIDE("[limits]\nprocesses = 0\n", "[limits]\nprocesses = 0\n");
	WIDER("[limits]\nmemory = 1025M\n", "[limits]\nmemory = 1G\n",
	      "the limit \"memory\" goes beyond the ceiling");
	WIDER("", "[limits]\nprocesses = 0\n", "the limit \"processes\" is missing");
	WIDER("[limits]\nmemory = 1M\n", "[limits]\nmemory = 1M\nwall-time = 1s\n",
	      "the limit \"wall-time\" is missing");
}

TEST(environment)
{
	INSIDE("[environment]\npass = B\n", "[environment]\npass = A B C\n");
	INSIDE("[environment]\nset = A=x\n", "[environment]\nset = A=x\n");
	INSIDE("[environment]\nset = A=x\n", "[environment]\npass = A\n");
	WIDER("[environment]\npass = B\n", "[environment]\npass = A C\n",
	      "the variable \"B\" goes beyond the ceiling");
	WIDER("[environment]\nset = A=y\n", "[environment]\nset = A=x\n",
	      "another value of the variable \"A\" goes beyond the ceiling");
	WIDER("[environment]\npass = A\n", "[environment]\nset = A=x\n",
	      "another value of the variable \"A\" goes beyond the ceiling");
}

TEST(descriptors_names_and_waivers)
{
	INSIDE("[descriptors]\nkeep = 4\n", "[descriptors]\nkeep = 3 4 5\n");
	WIDER("[descriptors]\nkeep = 4\n", "[descriptors]\nkeep = 3 5\n",
	      "the descriptor \"4\" goes beyond the ceiling");
	INSIDE("[process]\ncapability = kill\n", "[process]\ncapability = chown kill\n");
	WIDER("[process]\ncapability = kill\n", "[process]\ncapability = chown\n",
	      "the capability \"kill\" goes beyond the ceiling");
	INSIDE("[policy]\nwaive = a\n", "[policy]\nwaive = a b\n");
	WIDER("[policy]\nwaive = c\n", "[policy]\nwaive = a b\n",
	      "the waiver \"c\" goes beyond the ceiling");
}

TEST(walls_hidden_paths_and_violations)
{
	INSIDE("[process]\nno-network = yes\nprivate-tmp = yes\n", "[process]\nno-network = yes\n");
	WIDER("[process]\nprivate-tmp = yes\n", "[process]\nno-network = yes\nprivate-tmp = yes\n",
	      "the ceiling asks for no-network, the policy does not");
	INSIDE("[process]\nhide = /home\n", "");
	INSIDE("[process]\nhide = /home\n", "[process]\nhide = /home/u/.ssh\n");
	INSIDE("[process]\nhide = /a/\n", "[process]\nhide = /a\n");
	WIDER("[process]\nhide = /home/u\n", "[process]\nhide = /home\n",
	      "the ceiling hides \"/home\", the policy does not");
	WIDER("[process]\nhide = /a/..\n", "[process]\nhide = /a/..\n",
	      "the ceiling hides \"/a/..\", the policy does not");
	INSIDE("[process]\non-violation = kill\n", "");
	INSIDE("[process]\non-violation = kill\n", "[process]\non-violation = kill\n");
	WIDER("", "[process]\non-violation = kill\n",
	      "the ceiling kills at a violation, the policy does not");
}

/* Without resolving, a link would carry a grant out of the ceiling. */
TEST(links_are_resolved)
{
	const char *directory = test_directory();
	struct pap_policy *wanted = pap_policy_new(), *ceiling = pap_policy_new();
	struct pap_origin origin = {"test", 0, 0};
	struct pap_error err;
	char real[4096];

	REQUIRE(wanted && ceiling);
	REQUIRE(!chdir(directory) && getcwd(real, sizeof(real)));
	REQUIRE(!mkdir("in", 0700) && !mkdir("out", 0700) && !symlink("../out", "in/link"));
	CHECK_EQ(pap_policy_grant_file(ceiling, "in", 7, false, origin, NULL), 0);
	CHECK_EQ(pap_policy_grant_file(wanted, "in/link/x", 1, false, origin, NULL), 0);
	CHECK_EQ(pap_policy_within(wanted, ceiling, NULL), 0); /* as text */

	CHECK_EQ(pap_policy_resolve(ceiling, &err), 0);
	CHECK_EQ(pap_policy_resolve(wanted, &err), 0);
	CHECK_EQ(pap_policy_within(wanted, ceiling, &err), -EPERM);
	CHECK_HAS(err.message, "/out/x\" goes beyond the ceiling");
	REQUIRE(wanted->files.count == 1 && ceiling->files.count == 1);
	CHECK_HAS(wanted->files.items[0].path, real);
	CHECK_STR(wanted->files.items[0].origin.source, "test");

	/* the control: beside the link it is within */
	pap_policy_free(wanted);
	wanted = pap_policy_new();
	REQUIRE(wanted);
	CHECK_EQ(pap_policy_grant_file(wanted, "in/../in//new/y", 1, true, origin, NULL), 0);
	CHECK_EQ(pap_policy_resolve(wanted, &err), 0);
	CHECK_EQ(pap_policy_within(wanted, ceiling, &err), 0);
	pap_policy_free(wanted);
	pap_policy_free(ceiling);
}

TEST(what_cannot_be_resolved)
{
	struct pap_policy *policy = pap_policy_new();
	struct pap_origin origin = {"test", 0, 0};
	struct pap_error err;

	REQUIRE(policy && !chdir(test_directory()));
	REQUIRE(!symlink("nowhere", "dangling") && !symlink("loop", "loop"));
	CHECK_EQ(pap_policy_hide(policy, "dangling/", origin, NULL), 0);
	CHECK_EQ(pap_policy_resolve(policy, &err), -ENOENT);
	CHECK_STR(err.message, "where \"dangling/\" leads cannot be told");
	CHECK_EQ(policy->hidden.count, 1);
	CHECK_STR(policy->hidden.items[0].name, "dangling/"); /* nothing has changed */
	pap_policy_free(policy);

	policy = pap_policy_new();
	REQUIRE(policy);
	CHECK_EQ(pap_policy_grant_file(policy, "loop/x", 1, true, origin, NULL), 0);
	CHECK_EQ(pap_policy_resolve(policy, &err), -ELOOP);
	CHECK_STR(err.place, "test");
	pap_policy_free(policy);
}

TEST(resolving_keeps_everything_else)
{
	static const char text[] =
	    "[files]\nro = /\nrw-try = /nonexistent/x\n[network]\nconnect = 80\nlisten = udp:any\n"
	    "[process]\npromises = stdio\nprivate-tmp = yes\nhide = /\ncapability = kill\n"
	    "on-violation = kill\n[limits]\nmemory = 1G\nwall-time = 3s\n"
	    "[environment]\npass = A\nset = B=c\n[descriptors]\nkeep = 3\n"
	    "[policy]\nwaive = signals\n";
	struct pap_error err;
	struct pap_policy *a = parse(text, &err), *b = parse(text, &err);

	REQUIRE(a && b);
	CHECK_EQ(pap_policy_resolve(a, &err), 0);
	CHECK(pap_policy_equal(a, b));
	pap_policy_free(a);
	pap_policy_free(b);
}
