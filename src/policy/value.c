/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values: plain up to a comment or the end of the line, or in double quotes with
 * the escapes of C. A plain value holds no quote and no backslash, so that nobody
 * has to guess what they mean there. What a variable brings in is never looked
 * at again.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "policy/lexer.h"
#include "policy/place.h"

struct reader {
	const char *at, *end;
	const struct pap_entry *entry;
	const struct pap_parse_env *env;
	enum pap_expand expand;
	struct pap_value *value;
	struct pap_error *err;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct pap_origin place(const struct reader *reader, const char *at)
{
	struct pap_origin origin = reader->entry->origin;

	origin.column = (unsigned)(at - reader->entry->line) + 1;
	return origin;
}

static int fail(const struct reader *reader, const char *at, const char *message, const char *hint)
{
	pap_fail_at(reader->err, -EINVAL, place(reader, at), "%s", message);
	pap_hint(reader->err, "%s", hint);
	return -EINVAL;
}

/* ---- variables ---------------------------------------------------------------------------------
 */

static bool is_name(char c, bool first)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (!first && c >= '0' && c <= '9');
}

/* Length of the variable's name at `at`. */
static size_t name_length(const char *at, const char *end)
{
	size_t n = 0;

	while (at + n < end && is_name(at[n], !n))
		n++;
	return n;
}

static int add_variable(struct reader *reader, const char *dollar, const char *name, size_t length)
{
	const struct pap_parse_env *env = reader->env;
	struct pap_text *text = &reader->value->text;
	const char *value;
	char copy[256];

	if (length >= sizeof(copy))
		return fail(reader, dollar, "the name of the variable is too long",
			    "255 bytes at most");
	snprintf(copy, sizeof(copy), "%.*s", (int)length, name);
	value = env && env->variable ? env->variable(env->context, copy) : NULL;
	if (!value) {
		pap_fail_at(reader->err, -EINVAL, place(reader, dollar),
			    "the variable \"%s\" is not set", copy);
		pap_hint(reader->err, "set it, or write \\$ inside quotes for a plain $");
		return -EINVAL;
	}
	if (!*value && reader->expand == PAP_EXPAND_FILLED) {
		pap_fail_at(reader->err, -EINVAL, place(reader, dollar),
			    "the variable \"%s\" is empty", copy);
		pap_hint(reader->err, "in a path that would name something else altogether");
		return -EINVAL;
	}
	if (reader->value->first_expansion == SIZE_MAX)
		reader->value->first_expansion = text->length;
	if (text->length + strlen(value) > PAP_POLICY_VALUE_MAX)
		return fail(reader, dollar, "the value becomes too long", "64 KiB at most");
	pap_text_str(text, value);
	return 0;
}

/* "$NAME" or "${NAME}" at reader->at. */
static int expand(struct reader *reader)
{
	const char *dollar = reader->at, *name = dollar + 1;
	bool braces = name < reader->end && *name == '{';
	size_t length;

	if (reader->expand == PAP_EXPAND_NONE)
		return fail(reader, dollar, "no variable can stand here",
			    "variables are expanded in paths, includes and values of \"set\"");
	name += braces;
	length = name_length(name, reader->end);
	if (!length || (braces && (name + length == reader->end || name[length] != '}')))
		return fail(reader, dollar, "no variable's name follows the $",
			    "expected $NAME or ${NAME}; a plain $ is written \\$ inside quotes");
	reader->at = name + length + braces;
	reader->value->direct = false;
	return add_variable(reader, dollar, name, length);
}

/* ---- quotes ------------------------------------------------------------------------------------
 */

static int digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* The escape at reader->at, which is a backslash. */
static int escape(struct reader *reader)
{
	static const char letters[] = "nt\\\"$", meanings[] = "\n\t\\\"$";
	const char *at = reader->at, *letter;
	size_t left = (size_t)(reader->end - at);
	int high, low;
	char byte;

	reader->value->direct = false;
	if (left >= 2 && at[1] == 'x') {
		high = left >= 4 ? digit(at[2]) : -1;
		low = left >= 4 ? digit(at[3]) : -1;
		if (high < 0 || low < 0)
			return fail(reader, at, "two hexadecimal digits have to follow \\x",
				    "expected for example \\x1b");
		if (!high && !low)
			return fail(reader, at, "no value can hold a NUL byte",
				    "paths and variables end at the first one");
		byte = (char)(high << 4 | low);
		pap_text_add(&reader->value->text, &byte, 1);
		reader->at += 4;
		return 0;
	}
	letter = left >= 2 ? strchr(letters, at[1]) : NULL;
	if (!letter)
		return fail(reader, at, "unknown escape",
			    "expected \\n, \\t, \\\\, \\\", \\$ or \\xNN");
	pap_text_add(&reader->value->text, &meanings[letter - letters], 1);
	reader->at += 2;
	return 0;
}

static int read_quoted(struct reader *reader)
{
	const char *quote = reader->at++;

	for (;;) {
		int rc = 0;

		if (reader->at == reader->end)
			return fail(reader, quote, "the quote is not closed",
				    "it has to end on the same line; a newline is written \\n");
		if (*reader->at == '"')
			break;
		if (*reader->at == '\\')
			rc = escape(reader);
		else if (*reader->at == '$')
			rc = expand(reader);
		else
			pap_text_add(&reader->value->text, reader->at++, 1);
		if (rc < 0)
			return rc;
	}
	quote = reader->at++;
	while (reader->at < reader->end && is_blank(*reader->at))
		reader->at++;
	if (reader->at < reader->end &&
	    (reader->at == quote + 1 || (*reader->at != '#' && *reader->at != ';')))
		return fail(reader, reader->at, "unexpected text after the closing quote",
			    "quote the whole value, or leave a blank before a comment");
	return 0;
}

/* ---- plain values ---------------------------------------------------------------------------- */

/* Cuts a comment and the blanks before it off the end. */
static void trim(struct reader *reader)
{
	for (const char *c = reader->at; c < reader->end; c++)
		if ((*c == '#' || *c == ';') && is_blank(c[-1]))
			reader->end = c;
	while (reader->end > reader->at && is_blank(reader->end[-1]))
		reader->end--;
}

static int read_plain(struct reader *reader)
{
	trim(reader);
	while (reader->at < reader->end) {
		int rc = 0;

		if (*reader->at == '"')
			return fail(reader, reader->at, "a quote in the middle of a value",
				    "quote the whole value; a plain quote is then written \\\"");
		if (*reader->at == '\\')
			return fail(reader, reader->at, "a backslash outside quotes",
				    "quote the whole value; a plain backslash is then written "
				    "\\\\");
		if (*reader->at == '$')
			rc = expand(reader);
		else
			pap_text_add(&reader->value->text, reader->at++, 1);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int pap_value_read(const struct pap_entry *entry, enum pap_expand expansion,
		   const struct pap_parse_env *env, struct pap_value *value, struct pap_error *err)
{
	struct reader reader = {entry->rest, entry->end, entry, env, expansion, value, err};
	int rc;

	*value = (struct pap_value){.direct = true, .first_expansion = SIZE_MAX};
	while (reader.at < reader.end && is_blank(*reader.at))
		reader.at++;
	value->origin = place(&reader, reader.at);
	if (reader.at == reader.end || *reader.at == '#' || *reader.at == ';')
		return fail(&reader, reader.at, "the value is missing",
			    "an empty value is written \"\"");
	value->quoted = *reader.at == '"';
	rc = value->quoted ? read_quoted(&reader) : read_plain(&reader);
	if (rc < 0)
		return rc;
	pap_text_add(&value->text, "", 0);
	return value->text.failed ? pap_no_memory(err) : 0;
}
