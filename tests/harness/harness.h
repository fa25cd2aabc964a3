/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The test harness. Every case runs in a child of its own with a timeout, and
 * reports through memory shared with the parent, so that a case that locked
 * itself in a filter (or died in it, on purpose) still counts. Output is TAP.
 *
 *	TEST(strict_filter_kills, .dies_of = SIGSYS) { ... }
 *	TEST(open_is_refused) { CHECK_EQ(open("/etc/passwd", O_RDONLY), -1); }
 *
 * A case passes when every CHECK held and it ended as declared. SKIP("reason")
 * ends it; a reason that tests/expected-skips does not list fails the whole run.
 * Descriptors are counted before and after each case; .leaves_fds = n declares
 * that n more stay open, .sandboxed = true that the case may no longer count.
 * A case that returns without a single CHECK fails.
 */
#ifndef PAP_TESTS_HARNESS_H
#define PAP_TESTS_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct test_options {
	int dies_of;	   /* signal that must end the case; 0: returns */
	int exits_with;	   /* exit status that must end the case (it calls _exit itself) */
	int leaves_fds;
	unsigned timeout;  /* seconds; 0: 20 */
	bool sandboxed;	   /* descriptors cannot be counted at the end */
	bool root_only;	   /* reported as an (expected) skip for other users */
	bool user_only;	   /* ... for root */
};

struct test_case {
	const char *name;
	void (*run)(void);
	struct test_options options;
	struct test_case *next;
};

void test_register(struct test_case *test);

#define TEST(id, ...)                                                                              \
	static void case_##id(void);                                                               \
	__attribute__((constructor)) static void case_register_##id(void)                          \
	{                                                                                          \
		static struct test_case test = {#id, case_##id, {__VA_ARGS__}, NULL};              \
		test_register(&test);                                                              \
	}                                                                                          \
	static void case_##id(void)

/* Each records a failure with file, line and both sides, and goes on. */
#define CHECK(condition) test_check((condition), __FILE__, __LINE__, #condition)
#define CHECK_EQ(a, b) test_check_eq((intmax_t)(a), (intmax_t)(b), __FILE__, __LINE__, #a, #b)
#define CHECK_STR(a, b) test_check_str((a), (b), __FILE__, __LINE__, #a, #b)
#define CHECK_HAS(text, part) test_check_has((text), (part), __FILE__, __LINE__)
/* The call must give -1 and set this errno (for functions that return -errno: CHECK_EQ). */
#define CHECK_ERRNO(call, number)                                                                  \
	test_check_errno((intmax_t)(call), (number), __FILE__, __LINE__, #call)
/* A failure that makes going on pointless. */
#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!test_check((condition), __FILE__, __LINE__, #condition))                      \
			test_stop();                                                               \
	} while (0)
#define SKIP(...) test_skip(__VA_ARGS__)

bool test_check(bool ok, const char *file, int line, const char *text);
bool test_check_eq(intmax_t a, intmax_t b, const char *file, int line, const char *sa, const char *sb);
bool test_check_str(const char *a, const char *b, const char *file, int line, const char *sa,
		    const char *sb);
bool test_check_has(const char *text, const char *part, const char *file, int line);
bool test_check_errno(intmax_t result, int number, const char *file, int line, const char *text);
void test_stop(void) __attribute__((noreturn));
void test_skip(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/*
 * Whether the running kernel lacks a feature ("signals", "files"...), by the word of
 * `paprika check --json`; $PAPRIKA is the command.
 */
bool test_kernel_lacks(const char *feature);

/*
 * An emulated machine takes its time: how many times as long things may take, and what
 * the rounds of a long test are divided by. From PAPRIKA_TEST_PATIENCE, else 1.
 */
unsigned test_patience(void);

/* A line of TAP diagnostics ("# ..."), from the case. */
void test_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A fresh directory that the parent removes with all it holds after the case. */
const char *test_directory(void);

/* Deterministic random numbers; the seed is printed and taken from PAPRIKA_TEST_SEED. */
uint64_t test_random(void);
uint64_t test_random_below(uint64_t limit);

/* Runs a command line without a shell; the output (both streams) lands in a buffer. */
struct test_output {
	int status;	/* wait status */
	char *text;	/* terminated, malloc'ed */
	size_t length;
};
struct test_output test_run(const char *const argv[]);

#endif
