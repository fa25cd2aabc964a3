/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The checks, and the log that they write into shared memory. Nothing here
 * makes a system call before the verdict is recorded: the caller may sit behind
 * a filter that refuses every one of them.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "case.h"

struct case_shared *case_shared;

static void log_line(const char *line)
{
	size_t length = strlen(line);
	size_t at = atomic_fetch_add(&case_shared->used, length + 1);

	if (at + length + 1 > CASE_LOG_SIZE)
		return;
	memcpy(case_shared->log + at, line, length);
	case_shared->log[at + length] = '\n';
}

static void __attribute__((format(printf, 1, 0))) log_va(const char *format, va_list list)
{
	char line[2048];

	vsnprintf(line, sizeof(line), format, list);
	log_line(line);
}

void case_log(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	log_va(format, list);
	va_end(list);
}

void case_failure(const char *format, ...)
{
	va_list list;

	atomic_fetch_add(&case_shared->failures, 1);
	va_start(list, format);
	log_va(format, list);
	va_end(list);
}

void test_note(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	log_va(format, list);
	va_end(list);
}

void test_stop(void)
{
	int running = CASE_RUNNING;

	atomic_compare_exchange_strong(&case_shared->state, &running, CASE_STOPPED);
	_exit(1);
}

void test_skip(const char *format, ...)
{
	int running = CASE_RUNNING;
	va_list list;

	va_start(list, format);
	vsnprintf(case_shared->skip, sizeof(case_shared->skip), format, list);
	va_end(list);
	atomic_compare_exchange_strong(&case_shared->state, &running, CASE_SKIPPED);
	_exit(0);
}

static bool count(bool ok)
{
	atomic_fetch_add(&case_shared->checks, 1);
	return ok;
}

bool test_check(bool ok, const char *file, int line, const char *text)
{
	if (!count(ok))
		case_failure("%s:%d: not true: %s", file, line, text);
	return ok;
}

bool test_check_eq(intmax_t a, intmax_t b, const char *file, int line, const char *sa,
		   const char *sb)
{
	if (count(a == b))
		return true;
	case_failure("%s:%d: %s is %jd (%#jx)", file, line, sa, a, (uintmax_t)a);
	case_log("    and %s is %jd (%#jx)", sb, b, (uintmax_t)b);
	return false;
}

/* What is worth showing of a string: all of a short one, else the part around `at`. */
static void log_string(const char *label, const char *text, size_t at)
{
	size_t length = text ? strlen(text) : 0;
	size_t from = at > 200 ? at - 200 : 0;

	if (!text)
		case_log("    %s: (null)", label);
	else if (length <= 600)
		case_log("    %s: \"%s\"", label, text);
	else
		case_log("    %s, from byte %zu of %zu: \"%.400s\"", label, from, length,
			 text + from);
}

bool test_check_str(const char *a, const char *b, const char *file, int line, const char *sa,
		    const char *sb)
{
	size_t at = 0;

	if (count(a && b ? strcmp(a, b) == 0 : a == b))
		return true;
	while (a && b && a[at] && a[at] == b[at])
		at++;
	case_failure("%s:%d: %s differs from %s at byte %zu", file, line, sa, sb, at);
	log_string("first ", a, at);
	log_string("second", b, at);
	return false;
}

bool test_check_has(const char *text, const char *part, const char *file, int line)
{
	if (count(text && part && strstr(text, part)))
		return true;
	case_failure("%s:%d: \"%s\" is missing", file, line, part ? part : "(null)");
	log_string("in", text, 0);
	return false;
}

bool test_check_errno(intmax_t result, int number, const char *file, int line, const char *text)
{
	int saved = errno;

	if (count(result == -1 && saved == number))
		return true;
	if (result == -1)
		case_failure("%s:%d: %s failed with errno %d (%s), not %d (%s)", file, line, text,
			     saved, strerrordesc_np(saved), number, strerrordesc_np(number));
	else
		case_failure("%s:%d: %s gave %jd, not -1 with errno %d (%s)", file, line, text,
			     result, number, strerrordesc_np(number));
	return false;
}
