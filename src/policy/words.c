/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words that policy files and flags share: ports, sizes, durations, counts.
 * Numbers are decimal, without sign, blanks or leading zeros, and never wrap.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "policy/place.h"
#include "policy/policy.h"

/* ---- places ---------------------------------------------------------------------------------- */

char *pap_place(struct pap_origin origin, char *buf, size_t size)
{
	if (!origin.source)
		snprintf(buf, size, "an earlier grant");
	else if (!origin.line)
		snprintf(buf, size, "%s", origin.source);
	else if (!origin.column)
		snprintf(buf, size, "%s:%u", origin.source, origin.line);
	else
		snprintf(buf, size, "%s:%u:%u", origin.source, origin.line, origin.column);
	return buf;
}

int pap_conflict(struct pap_error *err, struct pap_origin origin, struct pap_origin first,
		 const char *what, const char *name)
{
	char place[256], shown[80];

	pap_fail_at(err, -EINVAL, origin, "the %s \"%s\" was given another value before", what,
		    pap_escape(shown, sizeof(shown), name, strlen(name)));
	pap_hint(err, "it is first given at %s", pap_place(first, place, sizeof(place)));
	return -EINVAL;
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* Reads digits at *text and moves behind them; false: none, a leading zero, or too many. */
static bool number(const char **text, uint64_t *value)
{
	const char *c = *text;
	uint64_t n = 0;

	if (c[0] < '0' || c[0] > '9' || (c[0] == '0' && c[1] >= '0' && c[1] <= '9'))
		return false;
	for (; *c >= '0' && *c <= '9'; c++)
		if (__builtin_mul_overflow(n, (uint64_t)10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*c - '0'), &n))
			return false;
	*text = c;
	*value = n;
	return true;
}

/* ---- ports ----------------------------------------------------------------------------------- */

static int not_a_port(const char *text, struct pap_origin origin, struct pap_error *err)
{
	const char *colon = strrchr(text, ':');
	char shown[80];

	pap_escape(shown, sizeof(shown), text, strlen(text));
	if (colon && colon > text && strncmp(text, "udp:", 4) && strncmp(text, "tcp:", 4)) {
		pap_fail_at(err, -EINVAL, origin, "\"%s\" names a host, ports are granted without",
			    shown);
		pap_hint(err,
			 "grants by host name are not supported yet; \"%.*s\" grants the port "
			 "at every host",
			 (int)strspn(colon + 1, "0123456789"), colon + 1);
		if (!colon[1] || colon[1 + strspn(colon + 1, "0123456789")])
			pap_hint(err, "grants by host name are not supported yet; expected a port "
				      "such as 443");
		return -EINVAL;
	}
	pap_fail_at(err, -EINVAL, origin, "\"%s\" is not a port", shown);
	pap_hint(err, "expected a number from 0 to 65535, udp:NUMBER, any or udp:any");
	return -EINVAL;
}

int pap_parse_port(const char *text, enum pap_transport *transport, uint32_t *port,
		   struct pap_origin origin, struct pap_error *err)
{
	bool udp = !strncmp(text, "udp:", 4);
	const char *at = udp || !strncmp(text, "tcp:", 4) ? text + 4 : text;
	uint64_t value = PAP_PORT_ANY;

	if (strcmp(at, "any") && (!number(&at, &value) || *at || value > 65535))
		return not_a_port(text, origin, err);
	*transport = udp ? PAP_NET_UDP : PAP_NET_TCP;
	*port = (uint32_t)value;
	return 0;
}

char *pap_port_text(enum pap_transport transport, uint32_t port, char *buf, size_t size)
{
	const char *prefix = transport == PAP_NET_UDP ? "udp:" : "";

	if (port == PAP_PORT_ANY)
		snprintf(buf, size, "%sany", prefix);
	else
		snprintf(buf, size, "%s%u", prefix, (unsigned)port);
	return buf;
}

/* ---- limits ---------------------------------------------------------------------------------- */

struct unit {
	const char *suffix;
	uint64_t factor;
};

/* From large to small: a duration names each unit at most once, in this order. */
static const struct unit sizes[] = {{"T", 1ull << 40}, {"G", 1ull << 30}, {"M", 1ull << 20},
				    {"K", 1ull << 10}, {"", 1},           {NULL, 0}};
static const struct unit counts[] = {{"", 1}, {NULL, 0}};
static const struct unit seconds[] = {{"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}, {NULL, 0}};
static const struct unit milliseconds[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000},
					   {"s", 1000},     {"ms", 1},      {NULL, 0}};

static const struct limit {
	const char *name;
	const struct unit *units;
	bool sums;      /* several units in a row: "1m30s" */
	uint64_t plain; /* factor of a number without a unit */
	uint64_t least, most;
	const char *expected;
} limits[PAP_LIMIT_COUNT] = {
    [PAP_LIMIT_MEMORY] = {"memory", sizes, false, 1, 1, INT64_MAX, "a size such as 512M or 2G"},
    [PAP_LIMIT_PROCESSES] = {"processes", counts, false, 1, 0, INT32_MAX, "a number such as 64"},
    [PAP_LIMIT_FILES] = {"files", counts, false, 1, 1, INT32_MAX, "a number such as 256"},
    [PAP_LIMIT_CPU_TIME] = {"cpu-time", seconds, true, 1, 1, INT32_MAX,
			    "a time in whole seconds such as 10s or 1m30s"},
    [PAP_LIMIT_WALL_TIME] = {"wall-time", milliseconds, true, 1000, 1, INT32_MAX * 1000ull,
			     "a time such as 500ms, 10s or 1m30s"},
};

const char *pap_limit_name(enum pap_limit limit)
{
	return limits[limit].name;
}

static int bad_limit(const struct limit *limit, const char *text, struct pap_origin origin,
		     struct pap_error *err)
{
	char shown[80];

	pap_fail_at(err, -EINVAL, origin, "\"%s\" is not a value for the limit \"%s\"",
		    pap_escape(shown, sizeof(shown), text, strlen(text)), limit->name);
	pap_hint(err, "expected %s", limit->expected);
	return -EINVAL;
}

int pap_limit_check(enum pap_limit limit, uint64_t value, struct pap_origin origin,
		    struct pap_error *err)
{
	char least[32], most[32];

	if ((unsigned)limit >= PAP_LIMIT_COUNT)
		return pap_fail_at(err, -EINVAL, origin, "there is no such limit");
	if (value >= limits[limit].least && value <= limits[limit].most)
		return 0;
	pap_fail_at(err, -EINVAL, origin, "the limit \"%s\" is out of range", limits[limit].name);
	pap_hint(err, "it goes from %s to %s",
		 pap_limit_text(limit, limits[limit].least, least, sizeof(least)),
		 pap_limit_text(limit, limits[limit].most, most, sizeof(most)));
	return -EINVAL;
}

static bool letters_are(const char *text, size_t length, const char *unit)
{
	/* sizes are also read in lower case; units of time are written that way anyway */
	for (size_t i = 0; i < length; i++)
		if (!unit[i] || (text[i] != unit[i] && text[i] - 'a' + 'A' != unit[i]))
			return false;
	return !unit[length];
}

/* NUMBER UNIT, several times where the limit sums; each unit smaller than the one before. */
static bool quantity(const struct limit *limit, const char *text, uint64_t *total)
{
	const struct unit *unit = limit->units;
	uint64_t sum = 0, part;

	do {
		size_t length;

		if (!number(&text, &part))
			return false;
		length = strcspn(text, "0123456789");
		if (!length && !*text && !sum && unit == limit->units) {
			*total = limit->plain;
			return !__builtin_mul_overflow(part, *total, total);
		}
		while (unit->suffix && !letters_are(text, length, unit->suffix))
			unit++;
		if (!unit->suffix || __builtin_mul_overflow(part, unit->factor, &part) ||
		    __builtin_add_overflow(sum, part, &sum))
			return false;
		text += length;
		unit++;
	} while (limit->sums && *text);
	*total = sum;
	return !*text;
}

int pap_parse_limit(enum pap_limit limit, const char *text, uint64_t *value,
		    struct pap_origin origin, struct pap_error *err)
{
	uint64_t total;
	int rc;

	if ((unsigned)limit >= PAP_LIMIT_COUNT)
		return pap_fail_at(err, -EINVAL, origin, "there is no such limit");
	if (!quantity(&limits[limit], text, &total))
		return bad_limit(&limits[limit], text, origin, err);
	rc = pap_limit_check(limit, total, origin, err);
	if (!rc)
		*value = total;
	return rc;
}

char *pap_limit_text(enum pap_limit limit, uint64_t value, char *buf, size_t size)
{
	const struct unit *unit = limits[limit].units;

	while (unit[1].suffix && (!value || value % unit->factor))
		unit++;
	snprintf(buf, size, "%" PRIu64 "%s", value / unit->factor, unit->suffix);
	return buf;
}

/* ---- what happens to a violation ------------------------------------------------------------- */

int pap_parse_violation(const char *text, enum pap_violation *violation, struct pap_origin origin,
			struct pap_error *err)
{
	char shown[80];

	if (!strcmp(text, "deny") || !strcmp(text, "kill")) {
		*violation = text[0] == 'k' ? PAP_VIOLATION_KILL : PAP_VIOLATION_DENY;
		return 0;
	}
	pap_fail_at(err, -EINVAL, origin, "\"%s\" is no answer to a violation",
		    pap_escape(shown, sizeof(shown), text, strlen(text)));
	pap_hint(err, "expected deny or kill");
	return -EINVAL;
}
