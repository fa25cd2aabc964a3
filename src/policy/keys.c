/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What each key of a policy file does. The handlers only translate: what a word
 * means is decided in words.c, what a grant may be in policy.c.
 */
#include "policy/keys.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/path.h"
#include "policy/place.h"

/* ---- handlers ---------------------------------------------------------------------------------- */

static int file_key(struct pap_parser *parser, const struct pap_policy_key *key, const char *word,
		    struct pap_origin origin, struct pap_error *err)
{
	char *path = pap_path_join(parser->frame->path, word);
	int rc;

	if (!path)
		return pap_no_memory(err);
	rc = pap_policy_grant_file(parser->policy, path, key->detail & 0xff,
				   key->detail & PAP_KEY_TRY, origin, err);
	free(path);
	return rc;
}

static int hide_key(struct pap_parser *parser, const struct pap_policy_key *key, const char *word,
		    struct pap_origin origin, struct pap_error *err)
{
	char *path = pap_path_join(parser->frame->path, word);
	int rc;

	(void)key;
	if (!path)
		return pap_no_memory(err);
	rc = pap_policy_hide(parser->policy, path, origin, err);
	free(path);
	return rc;
}

static int include_key(struct pap_parser *parser, const struct pap_policy_key *key,
		       const char *word, struct pap_origin origin, struct pap_error *err)
{
	(void)key;
	return pap_parse_include(parser, word, origin, err);
}

static int port_key(struct pap_parser *parser, const struct pap_policy_key *key, const char *word,
		    struct pap_origin origin, struct pap_error *err)
{
	enum pap_transport transport;
	uint32_t port;
	int rc = pap_parse_port(word, &transport, &port, origin, err);

	return rc < 0 ? rc
		      : pap_policy_grant_port(parser->policy, (enum pap_direction)key->detail,
					      transport, port, origin, err);
}

static int promise_key(struct pap_parser *parser, const struct pap_policy_key *key,
		       const char *word, struct pap_origin origin, struct pap_error *err)
{
	(void)key;
	return pap_policy_promise(parser->policy, word, origin, err);
}

/* "no" only says what holds anyway, but it must not be contradicted further down. */
static int wall_key(struct pap_parser *parser, const struct pap_policy_key *key, const char *word,
		    struct pap_origin origin, struct pap_error *err)
{
	unsigned which = (unsigned)__builtin_ctz(key->detail);
	bool wanted = !strcmp(word, "yes");
	char shown[80];

	if (!wanted && strcmp(word, "no")) {
		pap_fail_at(err, -EINVAL, origin, "\"%s\" is neither yes nor no",
			    pap_escape(shown, sizeof(shown), word, strlen(word)));
		pap_hint(err, "expected %s = yes or %s = no", key->name, key->name);
		return -EINVAL;
	}
	if (parser->walls[which].given && parser->walls[which].wanted != wanted)
		return pap_conflict(err, origin, parser->walls[which].origin, "key", key->name);
	if (!parser->walls[which].given)
		parser->walls[which].origin = origin;
	parser->walls[which].given = true;
	parser->walls[which].wanted = wanted;
	if (wanted)
		pap_policy_wall(parser->policy, key->detail, origin);
	return 0;
}

static int violation_key(struct pap_parser *parser, const struct pap_policy_key *key,
			 const char *word, struct pap_origin origin, struct pap_error *err)
{
	enum pap_violation violation;
	int rc = pap_parse_violation(word, &violation, origin, err);

	(void)key;
	return rc < 0 ? rc : pap_policy_violation(parser->policy, violation, origin, err);
}

static int limit_key(struct pap_parser *parser, const struct pap_policy_key *key, const char *word,
		     struct pap_origin origin, struct pap_error *err)
{
	uint64_t value;
	int rc = pap_parse_limit((enum pap_limit)key->detail, word, &value, origin, err);

	return rc < 0 ? rc
		      : pap_policy_limit(parser->policy, (enum pap_limit)key->detail, value, origin,
					 err);
}

static int pass_key(struct pap_parser *parser, const struct pap_policy_key *key, const char *word,
		    struct pap_origin origin, struct pap_error *err)
{
	(void)key;
	if (strchr(word, '=')) {
		pap_fail_at(err, -EINVAL, origin, "\"pass\" takes names, not values");
		pap_hint(err, "expected pass = NAME or set = NAME=VALUE");
		return -EINVAL;
	}
	return pap_policy_env(parser->policy, word, NULL, origin, err);
}

static int set_key(struct pap_parser *parser, const struct pap_policy_key *key, const char *word,
		   struct pap_origin origin, struct pap_error *err)
{
	const char *equals = strchr(word, '='); /* the parser made sure */
	char *name = strndup(word, (size_t)(equals - word));
	int rc;

	(void)key;
	if (!name)
		return pap_no_memory(err);
	rc = pap_policy_env(parser->policy, name, equals + 1, origin, err);
	free(name);
	return rc;
}

static int keep_key(struct pap_parser *parser, const struct pap_policy_key *key, const char *word,
		    struct pap_origin origin, struct pap_error *err)
{
	size_t length = strspn(word, "0123456789");
	char shown[80];

	(void)key;
	if (!length || word[length] || length > 7) {
		pap_fail_at(err, -EINVAL, origin, "\"%s\" is not a descriptor number",
			    pap_escape(shown, sizeof(shown), word, strlen(word)));
		pap_hint(err, "expected a number such as 3");
		return -EINVAL;
	}
	return pap_policy_fd(parser->policy, atoi(word), origin, err);
}

static int capability_key(struct pap_parser *parser, const struct pap_policy_key *key,
			  const char *word, struct pap_origin origin, struct pap_error *err)
{
	(void)key;
	return pap_policy_capability(parser->policy, word, origin, err);
}

static int waive_key(struct pap_parser *parser, const struct pap_policy_key *key, const char *word,
		     struct pap_origin origin, struct pap_error *err)
{
	(void)key;
	return pap_policy_waive(parser->policy, word, origin, err);
}

/* ---- the table ------------------------------------------------------------------------------- */

#define R PAP_ACCESS_READ
#define W PAP_ACCESS_WRITE
#define X PAP_ACCESS_EXECUTE
#define FILE_KEY(name, access)                                                \
	{name, PAP_SHAPE_PATH, file_key, access},                             \
	{                                                                     \
		name "-try", PAP_SHAPE_PATH, file_key, (access) | PAP_KEY_TRY \
	}

static const struct pap_policy_key files_keys[] = {
    FILE_KEY("ro", R), FILE_KEY("rx", R | X), FILE_KEY("rw", R | W), FILE_KEY("rwx", R | W | X),
    FILE_KEY("wo", W), FILE_KEY("xo", X),     FILE_KEY("wx", W | X), {NULL},
};

static const struct pap_policy_key network_keys[] = {
    {"connect", PAP_SHAPE_WORDS, port_key, PAP_NET_CONNECT},
    {"listen", PAP_SHAPE_WORDS, port_key, PAP_NET_LISTEN},
    {NULL},
};

static const struct pap_policy_key process_keys[] = {
    {"promises", PAP_SHAPE_WORDS, promise_key, 0},
    {"private-tmp", PAP_SHAPE_WORD, wall_key, PAP_WALL_PRIVATE_TMP},
    {"no-network", PAP_SHAPE_WORD, wall_key, PAP_WALL_NO_NETWORK},
    {"pid-namespace", PAP_SHAPE_WORD, wall_key, PAP_WALL_PID_NAMESPACE},
    {"hide", PAP_SHAPE_PATH, hide_key, 0},
    {"capability", PAP_SHAPE_WORDS, capability_key, 0},
    {"on-violation", PAP_SHAPE_WORD, violation_key, 0},
    {NULL},
};

static const struct pap_policy_key limits_keys[] = {
    {"memory", PAP_SHAPE_WORD, limit_key, PAP_LIMIT_MEMORY},
    {"processes", PAP_SHAPE_WORD, limit_key, PAP_LIMIT_PROCESSES},
    {"files", PAP_SHAPE_WORD, limit_key, PAP_LIMIT_FILES},
    {"cpu-time", PAP_SHAPE_WORD, limit_key, PAP_LIMIT_CPU_TIME},
    {"wall-time", PAP_SHAPE_WORD, limit_key, PAP_LIMIT_WALL_TIME},
    {NULL},
};

static const struct pap_policy_key environment_keys[] = {
    {"pass", PAP_SHAPE_WORDS, pass_key, 0},
    {"set", PAP_SHAPE_SET, set_key, 0},
    {NULL},
};

static const struct pap_policy_key descriptors_keys[] = {
    {"keep", PAP_SHAPE_WORDS, keep_key, 0},
    {NULL},
};

static const struct pap_policy_key policy_keys[] = {
    {"include", PAP_SHAPE_PATH, include_key, 0},
    {"waive", PAP_SHAPE_WORDS, waive_key, 0},
    {NULL},
};

const struct pap_policy_section pap_policy_sections[] = {
    {"files", files_keys},
    {"network", network_keys},
    {"process", process_keys},
    {"limits", limits_keys},
    {"environment", environment_keys},
    {"descriptors", descriptors_keys},
    {"policy", policy_keys},
    {NULL},
};

/* ---- finding, and what to say when there is nothing to find ---------------------------------- */

#define NAMES_MAX 20

static bool same(const struct pap_entry *entry, const char *name)
{
	return strlen(name) == entry->name_length && !memcmp(entry->name, name, entry->name_length);
}

/* "did you mean ...? expected one of ..." */
static void suggest(const struct pap_entry *entry, const char *const *names, struct pap_error *err)
{
	char word[64], list[256];
	const char *near;
	size_t fill = 0;

	snprintf(word, sizeof(word), "%.*s", (int)entry->name_length, entry->name);
	near = entry->name_length < sizeof(word) ? pap_nearest(word, names) : NULL;
	for (; *names && fill < sizeof(list); names++)
		fill += (size_t)snprintf(list + fill, sizeof(list) - fill, "%s%s", fill ? ", " : "",
					 *names);
	if (near)
		pap_hint(err, "did you mean \"%s\"? expected one of %s", near, list);
	else
		pap_hint(err, "expected one of %s", list);
}

const struct pap_policy_section *pap_section_find(const struct pap_entry *entry,
						  struct pap_error *err)
{
	const char *names[NAMES_MAX + 1];
	char shown[80];
	size_t n = 0;

	for (const struct pap_policy_section *s = pap_policy_sections; s->name; s++) {
		if (same(entry, s->name))
			return s;
		names[n++] = s->name;
	}
	names[n] = NULL;
	pap_fail_at(err, -EINVAL, entry->origin, "unknown section \"%s\"",
		    pap_escape(shown, sizeof(shown), entry->name, entry->name_length));
	suggest(entry, names, err);
	return NULL;
}

static const struct pap_policy_key *find_key(const struct pap_policy_section *section,
					     const struct pap_entry *entry)
{
	for (const struct pap_policy_key *key = section->keys; key->name; key++)
		if (same(entry, key->name))
			return key;
	return NULL;
}

const struct pap_policy_key *pap_key_find(const struct pap_policy_section *section,
					  const struct pap_entry *entry, struct pap_error *err)
{
	const struct pap_policy_key *key = section ? find_key(section, entry) : NULL;
	const char *names[NAMES_MAX + 1];
	char shown[80];
	size_t n = 0;

	if (key)
		return key;
	pap_escape(shown, sizeof(shown), entry->name, entry->name_length);
	if (section)
		pap_fail_at(err, -EINVAL, entry->origin, "unknown key \"%s\" in [%s]", shown,
			    section->name);
	else
		pap_fail_at(err, -EINVAL, entry->origin, "the key \"%s\" stands before any section",
			    shown);
	for (const struct pap_policy_section *s = pap_policy_sections; s->name; s++) {
		if (!find_key(s, entry))
			continue;
		pap_hint(err, "\"%s\" belongs to [%s]", shown, s->name);
		return NULL;
	}
	if (section)
		for (key = section->keys; key->name && n < NAMES_MAX; key++)
			names[n++] = key->name;
	else
		for (const struct pap_policy_section *s = pap_policy_sections; s->name; s++)
			names[n++] = s->name;
	names[n] = NULL;
	if (section)
		suggest(entry, names, err);
	else
		pap_hint(err, "expected a line such as [files] first");
	return NULL;
}
