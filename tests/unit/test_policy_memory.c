/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that runs out: every single allocation of reading, printing, comparing
 * and resolving a policy fails once. Each failure has to be told as -ENOMEM (or as
 * a failed text), nothing may crash, leak or be granted on the way out. The linker
 * puts the functions below between the code and libc (--wrap).
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "harness.h"
#include "policy_text.h"

static long countdown = -1; /* allocations that still succeed; negative: all */

static bool fails(void)
{
	if (countdown < 0)
		return false;
	return countdown-- == 0;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t size);
char *__real_realpath(const char *path, char *resolved);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t size);
char *__wrap_realpath(const char *path, char *resolved);

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t size)
{
	return fails() ? NULL : __real_strndup(text, size);
}

char *__wrap_realpath(const char *path, char *resolved)
{
	if (fails()) {
		errno = ENOMEM;
		return NULL;
	}
	return __real_realpath(path, resolved);
}

static const char text[] =
    "[files]\nro = $HOME/a\nrw-try = /nonexistent/b\nro = \"/c\\x01\"\nro=/d\nro=/e\nro=/f\nro=/g\n"
    "ro=/h\nro=/i\nro=/j\nro=/k\nro=/l\n[network]\nconnect = 80 443\nlisten = udp:any\n"
    "[process]\npromises = stdio rpath\nprivate-tmp = yes\nhide = /z\ncapability = kill\n"
    "on-violation = kill\n[limits]\nmemory = 1G\n[environment]\npass = A\nset = B=c d\n"
    "[descriptors]\nkeep = 3\n[policy]\nwaive = signals\ninclude = more\n";
static const struct made_file files[] = {{"more", "[files]\nrx = /usr\n"}, {NULL, NULL}};

static struct pap_policy *whole_policy(void)
{
	struct pap_error err;
	struct pap_policy *policy = parse_bytes(text, strlen(text), "p", files, &err);

	REQUIRE(policy);
	return policy;
}

/* How many rounds until nothing fails any more; each round but the last must fail. */
#define EACH_ALLOCATION(rounds) for (long rounds = 0, again = 1; again; rounds++)
#define ENOUGH 20 /* fewer would mean that the wrapping does not work */

TEST(reading)
{
	EACH_ALLOCATION(round)
	{
		struct pap_policy *policy = pap_policy_new();
		struct pap_parse_env env = {made_read, made_variable, (void *)files};
		struct pap_error err = {0};
		int rc;

		REQUIRE(policy);
		countdown = round;
		rc = pap_policy_parse(policy, text, strlen(text), "p", &env, &err);
		again = countdown < 0;
		CHECK_EQ(rc, again ? -ENOMEM : 0);
		CHECK_EQ(err.code, rc);
		CHECK(rc || round > ENOUGH);
		countdown = -1;
		pap_policy_free(policy);
	}
}

TEST(making)
{
	EACH_ALLOCATION(round)
	{
		struct pap_policy *policy;

		countdown = round;
		policy = pap_policy_new();
		again = !policy;
		countdown = -1;
		pap_policy_free(policy);
		CHECK(policy || round < 3);
	}
}

TEST(printing)
{
	struct pap_policy *policy = whole_policy();

	EACH_ALLOCATION(round)
	{
		struct pap_text out = {0};

		countdown = round;
		pap_policy_print(policy, &out);
		again = countdown < 0;
		CHECK_EQ(out.failed, again);
		countdown = -1;
		pap_text_free(&out);
	}
	pap_policy_free(policy);
}

TEST(comparing)
{
	struct pap_policy *a = whole_policy(), *b = whole_policy();
	long rounds = 0;

	EACH_ALLOCATION(round)
	{
		bool equal;

		countdown = round;
		equal = pap_policy_equal(a, b);
		again = countdown < 0;
		CHECK_EQ(equal, !again);
		countdown = -1;
	}
	EACH_ALLOCATION(round)
	{
		struct pap_error err = {0};
		int rc;

		countdown = round;
		rc = pap_policy_within(a, b, &err);
		again = countdown < 0;
		CHECK_EQ(rc, again ? -ENOMEM : 0);
		countdown = -1;
		rounds = round;
	}
	CHECK(rounds > ENOUGH);
	pap_policy_free(a);
	pap_policy_free(b);
}

TEST(resolving)
{
	struct pap_policy *policy = whole_policy(), *before = whole_policy();
	long rounds = 0;

	EACH_ALLOCATION(round)
	{
		struct pap_error err = {0};
		int rc;

		countdown = round;
		rc = pap_policy_resolve(policy, &err);
		again = countdown < 0;
		CHECK_EQ(rc, again ? -ENOMEM : 0);
		countdown = -1;
		if (rc)
			CHECK(pap_policy_equal(policy, before)); /* nothing has changed */
		rounds = round;
	}
	CHECK(rounds > ENOUGH);
	pap_policy_free(policy);
	pap_policy_free(before);
}
