/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines. The whole line is checked for bytes that no policy holds before any of
 * it is looked at, so that the rest of the parser never meets them.
 */
#include "policy/lexer.h"

#include <errno.h>
#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct pap_origin place(const struct pap_lexer *lexer, const char *line, const char *at)
{
	return (struct pap_origin){lexer->source, lexer->line, (unsigned)(at - line) + 1};
}

void pap_lexer_start(struct pap_lexer *lexer, const char *text, size_t length, const char *source)
{
	*lexer = (struct pap_lexer){.text = text, .length = length, .source = source};
	if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) /* a byte order mark */
		lexer->at = 3;
}

/* Bytes below space but the tab, and DEL: text has no use for them, terminals have. */
static int check_line(const struct pap_lexer *lexer, const char *line, size_t length,
		      struct pap_error *err)
{
	if (length > PAP_POLICY_LINE_MAX)
		return pap_fail_at(err, -EINVAL, place(lexer, line, line),
				   "the line has more than %u bytes", PAP_POLICY_LINE_MAX);
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)line[i];

		if ((c >= ' ' && c != 0x7f) || c == '\t')
			continue;
		if (!c) {
			pap_fail_at(err, -EINVAL, place(lexer, line, line + i), "a NUL byte");
			pap_hint(err, "this does not look like a policy file");
			return -EINVAL;
		}
		pap_fail_at(err, -EINVAL, place(lexer, line, line + i),
			    "a control character (byte 0x%02x)", c);
		pap_hint(err, "inside quotes it is written \\x%02x", c);
		return -EINVAL;
	}
	return 0;
}

/* "[name]" between at and end. */
static int read_section(const struct pap_lexer *lexer, struct pap_entry *entry, const char *at,
			const char *end, struct pap_error *err)
{
	const char *close = memchr(at, ']', (size_t)(end - at));
	const char *name = at + 1, *after;

	if (!close) {
		pap_fail_at(err, -EINVAL, place(lexer, entry->line, at),
			    "the section's name is not closed");
		pap_hint(err, "expected [NAME]");
		return -EINVAL;
	}
	after = close + 1;
	while (after < end && is_blank(*after))
		after++;
	if (after < end && ((*after != '#' && *after != ';') || after == close + 1)) {
		pap_fail_at(err, -EINVAL, place(lexer, entry->line, after),
			    "unexpected text after the section's name");
		pap_hint(err, "a section stands on a line of its own");
		return -EINVAL;
	}
	while (name < close && is_blank(*name))
		name++;
	while (close > name && is_blank(close[-1]))
		close--;
	entry->kind = PAP_ENTRY_SECTION;
	entry->name = name;
	entry->name_length = (size_t)(close - name);
	entry->origin = place(lexer, entry->line, name);
	return 0;
}

/* "key = rest" */
static int read_key(const struct pap_lexer *lexer, struct pap_entry *entry, const char *at,
		    const char *end, struct pap_error *err)
{
	const char *name = at;

	while (at < end && !is_blank(*at) && *at != '=')
		at++;
	entry->kind = PAP_ENTRY_KEY;
	entry->name = name;
	entry->name_length = (size_t)(at - name);
	entry->origin = place(lexer, entry->line, name);
	while (at < end && is_blank(*at))
		at++;
	if (at == end || *at != '=') {
		pap_fail_at(err, -EINVAL, place(lexer, entry->line, at), "a \"=\" is missing");
		pap_hint(err, "expected KEY = VALUE");
		return -EINVAL;
	}
	if (!entry->name_length) {
		pap_fail_at(err, -EINVAL, entry->origin, "a key is missing before the \"=\"");
		pap_hint(err, "expected KEY = VALUE");
		return -EINVAL;
	}
	entry->rest = at + 1;
	entry->end = end;
	return 0;
}

int pap_lexer_next(struct pap_lexer *lexer, struct pap_entry *entry, struct pap_error *err)
{
	while (lexer->at < lexer->length) {
		const char *line = lexer->text + lexer->at, *at = line, *end;
		size_t left = lexer->length - lexer->at;
		const char *newline = memchr(line, '\n', left);
		size_t length = newline ? (size_t)(newline - line) : left;
		int rc;

		lexer->at += length + (newline != NULL);
		lexer->line++;
		if (length && line[length - 1] == '\r')
			length--;
		end = line + length;
		rc = check_line(lexer, line, length, err);
		if (rc < 0)
			return rc;
		while (at < end && is_blank(*at))
			at++;
		if (at == end || *at == '#' || *at == ';')
			continue;
		*entry = (struct pap_entry){.line = line};
		return *at == '[' ? read_section(lexer, entry, at, end, err)
				  : read_key(lexer, entry, at, end, err);
	}
	*entry = (struct pap_entry){.kind = PAP_ENTRY_END};
	return 0;
}
