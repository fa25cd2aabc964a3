/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Properties of policies, over random ones whose names hold odd bytes:
 * parse(print(p)) equals p; equal policies print alike; a policy is within
 * itself and within what was only added to; one more item is never within; random
 * text is refused or read, never worse.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness.h"
#include "policy/policy.h"

enum { ROUNDS = 3000 };

static const struct pap_origin origin = {"random", 1, 1};

/* ---- random policies ---------------------------------------------------------------------------
 */

/* Mostly plain bytes, some that the text form gives a meaning, some of any kind. */
static char random_byte(void)
{
	static const char special[] = "\"\\$#; \t\n\r=[]{}~'/.%";

	switch (test_random_below(4)) {
	case 0:
		return special[test_random_below(sizeof(special) - 1)];
	case 1:
		return (char)(1 + test_random_below(255));
	default:
		return (char)('a' + test_random_below(26));
	}
}

static void random_string(char *to, size_t least, size_t most)
{
	size_t length = least + test_random_below(most - least + 1);

	for (size_t i = 0; i < length; i++)
		to[i] = random_byte();
	to[length] = '\0';
}

static void random_path(char to[4096])
{
	size_t most = test_random_below(50) ? 24 : 4095;

	random_string(to, 1, most);
	if (test_random_below(2))
		to[0] = '/';
}

static void random_name(char to[64])
{
	random_string(to, 1, 20);
	for (char *c = to; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == '=' || *c == 0x7f)
			*c = '_';
}

static void add_file(struct pap_policy *policy)
{
	char path[4096];

	random_path(path);
	CHECK_EQ(pap_policy_grant_file(policy, path, 1 + (unsigned)test_random_below(7),
				       test_random_below(2), origin, NULL),
		 0);
}

static void add_port(struct pap_policy *policy)
{
	uint32_t port = 1 + (uint32_t)test_random_below(PAP_PORT_ANY);

	CHECK_EQ(pap_policy_grant_port(policy, (enum pap_direction)test_random_below(2),
				       (enum pap_transport)test_random_below(2), port, origin,
				       NULL),
		 0);
}

static void add_variable(struct pap_policy *policy)
{
	char name[64], value[512];

	random_name(name);
	random_string(value, 0, 300);
	/* the same name twice with another value is refused, which is as good */
	pap_policy_env(policy, name, test_random_below(2) ? value : NULL, origin, NULL);
}

static void add_limit(struct pap_policy *policy)
{
	static const uint64_t factors[] = {1, 60, 1000, 1024, 3600000, 1 << 20, 86400};
	uint64_t value = (1 + test_random_below(1000)) * factors[test_random_below(7)];

	pap_policy_limit(policy, (enum pap_limit)test_random_below(PAP_LIMIT_COUNT), value, origin,
			 NULL);
}

static void add_name(struct pap_policy *policy)
{
	char path[4096], waiver[8] = "a-b";

	switch (test_random_below(3)) {
	case 0:
		random_path(path);
		CHECK_EQ(pap_policy_hide(policy, path, origin, NULL), 0);
		break;
	case 1:
		CHECK_EQ(pap_policy_capability(
			     policy,
			     pap_capability_name((unsigned)test_random_below(PAP_NCAPABILITIES)),
			     origin, NULL),
			 0);
		break;
	default:
		waiver[0] = (char)('a' + test_random_below(26));
		CHECK_EQ(pap_policy_waive(policy, waiver, origin, NULL), 0);
	}
}

static void add_promises(struct pap_policy *policy)
{
	CHECK_EQ(pap_policy_promise(policy, "", origin, NULL), 0);
	policy->promises |= test_random() & (((pap_promises)1 << PAP_NPROMISES) - 1);
}

static void add_anything(struct pap_policy *policy)
{
	switch (test_random_below(9)) {
	case 0:
	case 1:
	case 2:
		add_file(policy);
		break;
	case 3:
		add_port(policy);
		break;
	case 4:
		add_variable(policy);
		break;
	case 5:
		add_limit(policy);
		break;
	case 6:
		add_name(policy);
		break;
	case 7:
		CHECK_EQ(pap_policy_fd(policy, (int)test_random_below(40), origin, NULL), 0);
		break;
	default:
		if (test_random_below(2))
			pap_policy_wall(policy, (unsigned)test_random_below(8), origin);
		else if (test_random_below(2))
			add_promises(policy);
		else
			pap_policy_violation(policy, PAP_VIOLATION_KILL, origin, NULL);
	}
}

static struct pap_policy *random_policy(void)
{
	struct pap_policy *policy = pap_policy_new();
	size_t items = test_random_below(20);

	REQUIRE(policy);
	for (size_t i = 0; i < items; i++)
		add_anything(policy);
	return policy;
}

static struct pap_policy *reparse(const struct pap_text *text)
{
	struct pap_policy *policy = pap_policy_new();
	struct pap_parse_env nothing = {NULL, NULL, NULL}; /* no file, no variable is needed */
	struct pap_error err;

	REQUIRE(policy && !text->failed && text->data);
	if (!CHECK_EQ(pap_policy_parse(policy, text->data, text->length, "p", &nothing, &err), 0))
		test_note("%s in: %s", err.message, text->data);
	return policy;
}

/* ---- properties ------------------------------------------------------------------------------ */

TEST(what_is_printed_reads_back, .timeout = 120)
{
	for (int round = 0; round < ROUNDS; round++) {
		struct pap_policy *policy = random_policy(), *again;
		struct pap_text text = {0}, second = {0};

		pap_policy_print(policy, &text);
		again = reparse(&text);
		pap_policy_print(again, &second);
		CHECK_STR(second.data, text.data);
		if (!CHECK(pap_policy_equal(policy, again)))
			test_note("round %d: %s", round, text.data);
		pap_text_free(&text);
		pap_text_free(&second);
		pap_policy_free(policy);
		pap_policy_free(again);
	}
}

/* Printed text is for terminals too. */
TEST(printed_text_is_harmless, .timeout = 120)
{
	for (int round = 0; round < ROUNDS; round++) {
		struct pap_policy *policy = random_policy();
		struct pap_text text = {0};
		bool clean = true;

		pap_policy_print(policy, &text);
		for (size_t i = 0; i < text.length; i++) {
			unsigned char c = (unsigned char)text.data[i];

			clean &= (c >= ' ' && c != 0x7f) || c == '\n';
		}
		CHECK(clean);
		pap_text_free(&text);
		pap_policy_free(policy);
	}
}

/* A path that narrowing can be sure about. */
static bool certain(const char *path)
{
	for (const char *part = path; part; part = strchr(part, '/')) {
		part += *part == '/';
		if (!strncmp(part, "..", 2) && (!part[2] || part[2] == '/'))
			return false;
	}
	return true;
}

static bool all_certain(const struct pap_policy *policy)
{
	for (size_t i = 0; i < policy->files.count; i++)
		if (!certain(policy->files.items[i].path))
			return false;
	for (size_t i = 0; i < policy->hidden.count; i++)
		if (!certain(policy->hidden.items[i].name))
			return false;
	return true;
}

TEST(a_policy_is_within_itself, .timeout = 120)
{
	unsigned held = 0;

	for (int round = 0; round < ROUNDS; round++) {
		struct pap_policy *policy = random_policy();
		bool sure = all_certain(policy);

		CHECK_EQ(pap_policy_within(policy, policy, NULL), sure ? 0 : -EPERM);
		held += sure;
		pap_policy_free(policy);
	}
	CHECK(held > ROUNDS / 2);
}

static struct pap_policy *copy_of(const struct pap_policy *policy)
{
	struct pap_text text = {0};
	struct pap_policy *copy;

	pap_policy_print(policy, &text);
	copy = reparse(&text);
	pap_text_free(&text);
	return copy;
}

/* "/", "/.", "//./": such a grant covers every path. */
static bool grants_root(const struct pap_policy *policy)
{
	for (size_t i = 0; i < policy->files.count; i++) {
		const char *path = policy->files.items[i].path;

		if (path[0] == '/' && !path[strspn(path, "/.")])
			return true;
	}
	return false;
}

/* One more grant of authority: the old policy is within the new one, never the reverse. */
TEST(one_more_grant_is_wider, .timeout = 120)
{
	for (int round = 0; round < ROUNDS; round++) {
		struct pap_policy *less = random_policy(), *more = copy_of(less);
		struct pap_error err;
		size_t files = more->files.count;

		REQUIRE(more->files.count == less->files.count);
		switch (test_random_below(4)) {
		case 0:
			CHECK_EQ(pap_policy_grant_file(more, "/only/in/more/\x1b", 2, false, origin,
						       NULL),
				 0);
			CHECK_EQ(more->files.count, files + 1);
			break;
		case 1:
			CHECK_EQ(pap_policy_fd(more, 41, origin, NULL), 0);
			break;
		case 2:
			CHECK_EQ(pap_policy_waive(more, "only-in-more", origin, NULL), 0);
			break;
		default:
			CHECK_EQ(pap_policy_env(more, "ONLY_IN_MORE", NULL, origin, NULL), 0);
		}
		if (all_certain(less))
			CHECK_EQ(pap_policy_within(less, more, &err), 0);
		if (!grants_root(less))
			CHECK_EQ(pap_policy_within(more, less, &err), -EPERM);
		CHECK(!pap_policy_equal(more, less));
		pap_policy_free(less);
		pap_policy_free(more);
	}
}

/* ---- random text --------------------------------------------------------------------------------
 */

/* A printed policy with some bytes changed, removed or doubled. */
static void damage(struct pap_text *text)
{
	size_t times = 1 + test_random_below(4);

	while (times-- && text->length) {
		size_t at = test_random_below(text->length);

		switch (test_random_below(4)) {
		case 0:
			text->data[at] = (char)test_random();
			break;
		case 1:
			text->data[at] = random_byte();
			break;
		case 2:
			memmove(text->data + at, text->data + at + 1, text->length - at);
			text->length--;
			break;
		default:
			text->length = at; /* cut off */
			text->data[at] = '\0';
		}
	}
}

TEST(damaged_text_is_read_or_refused_with_words, .timeout = 120)
{
	unsigned refused = 0, read = 0;

	for (int round = 0; round < ROUNDS; round++) {
		struct pap_policy *policy = random_policy(), *again = pap_policy_new();
		struct pap_parse_env nothing = {NULL, NULL, NULL};
		struct pap_text text = {0};
		struct pap_error err = {0};
		int rc;

		REQUIRE(again);
		pap_policy_print(policy, &text);
		damage(&text);
		rc = pap_policy_parse(again, text.data, text.length, "p", &nothing, &err);
		CHECK(rc <= 0);
		if (rc < 0) {
			CHECK_EQ(err.code, rc);
			CHECK(err.message[0]);
			CHECK(err.origin.line && err.origin.column);
			refused++;
		} else {
			read++;
		}
		pap_text_free(&text);
		pap_policy_free(policy);
		pap_policy_free(again);
	}
	CHECK(refused > ROUNDS / 10);
	CHECK(read > ROUNDS / 10);
}
