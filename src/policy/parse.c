/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text form of policies: sections, keys, includes. Effects come only through
 * struct pap_parse_env, so that tests and the fuzzer run it on made-up files.
 *
 * Where a file may stand in for another while it is read, and what a symbolic
 * link means, is not looked at: includes are found by name, a cycle by comparing
 * names, and whatever escapes that comparison by the limit on depth.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/keys.h"
#include "policy/path.h"
#include "policy/place.h"

/* ---- values by shape ------------------------------------------------------------------------- */

/* Messages count columns in the file, which is only possible where nothing was decoded. */
static struct pap_origin origin_at(const struct pap_value *value, size_t offset)
{
	struct pap_origin origin = value->origin;

	if (value->direct)
		origin.column += (unsigned)offset + value->quoted;
	return origin;
}

static int apply_words(struct pap_parser *parser, const struct pap_policy_key *key,
		       struct pap_value *value, struct pap_error *err)
{
	static const char blank[] = " \t\n";
	char *text = value->text.data, *at = text + strspn(text, blank);
	int rc;

	if (!*at) /* "": no promise at all; nothing that another key could mean */
		return key->apply(parser, key, "", value->origin, err);
	while (*at) {
		char *word = at, after;

		at += strcspn(at, blank);
		after = *at;
		*at = '\0';
		rc = key->apply(parser, key, word, origin_at(value, (size_t)(word - text)), err);
		if (rc < 0)
			return rc;
		*at = after;
		at += strspn(at, blank);
	}
	return 0;
}

static int apply_path(struct pap_parser *parser, const struct pap_policy_key *key,
		      struct pap_value *value, struct pap_error *err)
{
	const char *path = value->text.data;

	if (!value->quoted && path[0] == '~' && value->first_expansion != 0) {
		pap_fail_at(err, -EINVAL, value->origin, "\"~\" means nothing in a policy");
		pap_hint(err, "write $HOME, or quote the path when it really begins with ~");
		return -EINVAL;
	}
	return key->apply(parser, key, path, value->origin, err);
}

static int apply_set(struct pap_parser *parser, const struct pap_policy_key *key,
		     struct pap_value *value, struct pap_error *err)
{
	const char *text = value->text.data, *equals = strchr(text, '=');

	/* the name stands in the file: a variable's value is not searched for a "=" */
	if (!equals || (size_t)(equals - text) >= value->first_expansion) {
		pap_fail_at(err, -EINVAL, value->origin, "\"set\" needs a name and a value");
		pap_hint(err, "expected set = NAME=VALUE");
		return -EINVAL;
	}
	return key->apply(parser, key, text, value->origin, err);
}

static int apply_key(struct pap_parser *parser, const struct pap_policy_key *key,
		     const struct pap_entry *entry, struct pap_error *err)
{
	static const enum pap_expand expand[] = {
	    [PAP_SHAPE_PATH] = PAP_EXPAND_FILLED,
	    [PAP_SHAPE_WORDS] = PAP_EXPAND_NONE,
	    [PAP_SHAPE_WORD] = PAP_EXPAND_NONE,
	    [PAP_SHAPE_SET] = PAP_EXPAND_ANY,
	};
	struct pap_value value;
	int rc = pap_value_read(entry, expand[key->shape], parser->env, &value, err);

	if (rc < 0)
		goto out;
	switch (key->shape) {
	case PAP_SHAPE_PATH:
		rc = apply_path(parser, key, &value, err);
		break;
	case PAP_SHAPE_WORDS:
		rc = apply_words(parser, key, &value, err);
		break;
	case PAP_SHAPE_WORD:
		rc = key->apply(parser, key, value.text.data, value.origin, err);
		break;
	case PAP_SHAPE_SET:
		rc = apply_set(parser, key, &value, err);
		break;
	}
out:
	pap_text_free(&value.text);
	return rc;
}

/* ---- files ----------------------------------------------------------------------------------- */

static int parse_text(struct pap_parser *parser, const char *text, size_t length, const char *path,
		      struct pap_error *err)
{
	const struct pap_policy_section *section = NULL;
	const struct pap_policy_key *key;
	struct pap_entry entry;
	struct pap_lexer lexer;
	char shown[256];
	const char *label;
	int rc;

	label =
	    pap_policy_intern(parser->policy, pap_escape(shown, sizeof(shown), path, strlen(path)));
	if (!label)
		return pap_no_memory(err);
	if (length > PAP_POLICY_TEXT_MAX)
		return pap_fail_at(err, -EFBIG, (struct pap_origin){label, 0, 0},
				   "a policy file has at most 1 MiB");
	pap_lexer_start(&lexer, text, length, label);
	for (;;) {
		rc = pap_lexer_next(&lexer, &entry, err);
		if (rc < 0 || entry.kind == PAP_ENTRY_END)
			return rc;
		if (entry.kind == PAP_ENTRY_SECTION) {
			section = pap_section_find(&entry, err);
			if (!section)
				return -EINVAL;
			continue;
		}
		key = pap_key_find(section, &entry, err);
		if (!key)
			return -EINVAL;
		rc = apply_key(parser, key, &entry, err);
		if (rc < 0)
			return rc;
	}
}

static const char *reason(int code)
{
	switch (-code) {
	case ENOENT:
		return "no such file";
	case ENOTDIR:
		return "a component of the path is no directory";
	case EACCES:
	case EPERM:
		return "permission denied";
	case EISDIR:
		return "it is a directory";
	case EFBIG:
		return "it has more than 1 MiB";
	case ELOOP:
		return "too many symbolic links";
	case ENAMETOOLONG:
		return "the path is too long";
	case ENOMEM:
		return "out of memory";
	default:
		return "it cannot be read";
	}
}

static int cannot_read(struct pap_error *err, int code, struct pap_origin origin, const char *path)
{
	char shown[160];

	return pap_fail_at(err, code, origin, "policy file \"%s\": %s",
			   pap_escape(shown, sizeof(shown), path, strlen(path)), reason(code));
}

/* "a.policy includes b.policy includes a.policy" */
static void add_chain(const struct pap_frame *frame, struct pap_text *text)
{
	if (frame->includer) {
		add_chain(frame->includer, text);
		pap_text_str(text, " includes ");
	}
	pap_text_escape(text, frame->path, strlen(frame->path));
}

static int say_chain(const struct pap_frame *frame, const char *what, struct pap_origin origin,
		     struct pap_error *err)
{
	struct pap_text chain = {0};

	add_chain(frame, &chain);
	pap_fail_at(err, -ELOOP, origin, "%s", what);
	pap_hint(err, "%s", chain.failed ? "" : chain.data);
	pap_text_free(&chain);
	return -ELOOP;
}

static int check_frame(const struct pap_frame *frame, struct pap_origin origin,
		       struct pap_error *err)
{
	unsigned depth = 0;

	for (const struct pap_frame *up = frame->includer; up; up = up->includer) {
		if (!strcmp(up->path, frame->path))
			return say_chain(frame, "the file includes itself", origin, err);
		if (++depth > PAP_POLICY_DEPTH_MAX)
			return say_chain(frame, "includes are nested more than 8 deep", origin,
					 err);
	}
	return 0;
}

static int read_include(struct pap_parser *parser, const struct pap_frame *frame,
			struct pap_origin origin, struct pap_error *err)
{
	const struct pap_frame *includer = parser->frame;
	char *text = NULL;
	size_t length = 0;
	int rc = check_frame(frame, origin, err);

	if (rc < 0)
		return rc;
	if (parser->files++ >= PAP_POLICY_FILES_MAX)
		return pap_fail_at(err, -E2BIG, origin, "more than %u files are included",
				   PAP_POLICY_FILES_MAX);
	rc = parser->env->read_file(parser->env->context, frame->path, &text, &length);
	if (rc < 0)
		return cannot_read(err, rc, origin, frame->path);
	parser->frame = frame;
	rc = parse_text(parser, text, length, frame->path, err);
	parser->frame = includer;
	free(text);
	return rc;
}

int pap_parse_include(struct pap_parser *parser, const char *path, struct pap_origin origin,
		      struct pap_error *err)
{
	struct pap_frame frame = {NULL, parser->frame};
	char *joined;
	int rc;

	if (!parser->env || !parser->env->read_file)
		return pap_fail_at(err, -EINVAL, origin, "no other file can be included here");
	if (!*path)
		return pap_fail_at(err, -EINVAL, origin, "the path is empty");
	joined = pap_path_join(parser->frame->path, path);
	if (!joined)
		return pap_no_memory(err);
	if (strlen(joined) > PAP_POLICY_PATH_MAX) {
		free(joined);
		return pap_fail_at(err, -EINVAL, origin, "the path is too long");
	}
	pap_path_clean(joined);
	frame.path = joined;
	rc = read_include(parser, &frame, origin, err);
	free(joined);
	return rc;
}

int pap_policy_parse(struct pap_policy *policy, const char *text, size_t length, const char *source,
		     const struct pap_parse_env *env, struct pap_error *err)
{
	struct pap_parser parser = {.policy = policy, .env = env};
	struct pap_frame frame = {NULL, NULL};
	char *path;
	int rc;

	path = strdup(source ? source : "policy");
	if (!path)
		return pap_no_memory(err);
	if (*path)
		pap_path_clean(path);
	frame.path = path;
	parser.frame = &frame;
	rc = parse_text(&parser, text, length, path, err);
	free(path);
	return rc;
}

/* ---- the real system's files ----------------------------------------------------------------- */

static const char *real_variable(void *context, const char *name)
{
	(void)context;
	return getenv(name);
}

int pap_policy_parse_file(struct pap_policy *policy, const char *path, struct pap_error *err)
{
	static const struct pap_parse_env env = {pap_policy_read_file, real_variable, NULL};
	size_t length = 0;
	char *text = NULL;
	int rc;

	if (!*path)
		return pap_fail(err, -EINVAL, "the name of the policy file is empty");
	rc = pap_policy_read_file(NULL, path, &text, &length);
	if (rc < 0)
		return cannot_read(err, rc, (struct pap_origin){0}, path);
	rc = pap_policy_parse(policy, text, length, path, &env, err);
	free(text);
	return rc;
}
