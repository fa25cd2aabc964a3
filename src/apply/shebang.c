/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's rules for "#!" (since 5.1): 256 bytes count; white space is blank
 * or tab; a line that is cut short is accepted as long as the interpreter's name
 * is whole; a NUL byte ends a word; everything after the name is one argument.
 */
#include "apply/shebang.h"

#include <errno.h>
#include <string.h>

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Copies up to the first NUL byte; size of out is PAP_SHEBANG_SIZE, which is always enough. */
static void copy(char *out, const char *from, size_t length)
{
	size_t n = strnlen(from, length);

	memcpy(out, from, n);
	out[n] = '\0';
}

int pap_shebang_parse(const char *bytes, size_t length, struct pap_shebang *out)
{
	char line[PAP_SHEBANG_SIZE] = {0};
	size_t end, start = 2, word;
	const char *newline;

	if (length < 2 || bytes[0] != '#' || bytes[1] != '!')
		return 0;
	memcpy(line, bytes, length < sizeof(line) ? length : sizeof(line));
	newline = memchr(line, '\n', sizeof(line));
	end = newline ? (size_t)(newline - line) : sizeof(line) - 1;

	while (start < end && blank(line[start]))
		start++;
	for (word = start; word < end && line[word] && !blank(line[word]); word++)
		;
	/* Without a newline in sight the name may go on beyond what is read. */
	if (word == start || (!newline && word == end))
		return -ENOEXEC;
	copy(out->interpreter, line + start, word - start);

	out->argument[0] = '\0';
	if (word == end || !line[word])
		return 1;
	while (word < end && blank(line[word]))
		word++;
	while (end > word && blank(line[end - 1]))
		end--;
	copy(out->argument, line + word, end - word);
	return 1;
}

/* ---- env(1) ------------------------------------------------------------------------------- */

/* The escapes of env -S that stand for one character; 0: anything else. */
static char escape(char c)
{
	static const char from[] = "fnrtv#$\\\"'", to[] = "\f\n\r\t\v#$\\\"'";
	const char *at = c ? strchr(from, c) : NULL;

	return at ? to[at - from] : 0;
}

struct splitter {
	const char *next;
	char word[PAP_SHEBANG_SIZE];
};

/* One backslash, next stands on the character after it. Appends, or ends the word (false). */
static bool split_escape(struct splitter *s, char quote, size_t *n, bool *ok)
{
	char c = *s->next++;

	if (quote == '\'' && c != '\\' && c != '\'') {
		s->word[(*n)++] = '\\';
		s->word[(*n)++] = c;
		return true;
	}
	if (c == '_') {
		if (!quote)
			return false;
		s->word[(*n)++] = ' ';
		return true;
	}
	if (!escape(c)) {
		*ok = false; /* \c, or what env refuses: nothing follows that we could know */
		return false;
	}
	s->word[(*n)++] = escape(c);
	return true;
}

static bool space(char c)
{
	return c && strchr(" \t\n\v\f\r", c);
}

/* Passes what separates words: white space, and \_ outside quotes. */
static void skip_space(struct splitter *s)
{
	while (space(*s->next) || (s->next[0] == '\\' && s->next[1] == '_'))
		s->next += *s->next == '\\' ? 2 : 1;
}

/* The next word of a -S string: 1, 0 at the end, -1 when it cannot be told. */
static int split(struct splitter *s)
{
	char quote = 0;
	size_t n = 0;
	bool ok = true;

	skip_space(s);
	if (!*s->next || *s->next == '#')
		return 0;
	while (*s->next && (quote || !space(*s->next))) {
		char c = *s->next++;

		if (c == '$' && quote != '\'')
			return -1;
		if (c == quote) {
			quote = 0;
		} else if (!quote && (c == '"' || c == '\'')) {
			quote = c;
		} else if (c == '\\' && *s->next) {
			if (!split_escape(s, quote, &n, &ok))
				break;
		} else {
			s->word[n++] = c;
		}
	}
	s->word[n] = '\0';
	return quote || !ok ? -1 : 1;
}

enum word_kind { WORD_PASS, WORD_TAKES_NEXT, WORD_UNKNOWN, WORD_PROGRAM, WORD_END };

static bool starts(const char *word, const char *with)
{
	return !strncmp(word, with, strlen(with));
}

static void assign(struct pap_env_call *out, const char *word)
{
	if (!starts(word, "PATH="))
		return;
	out->path_set = true;
	strcpy(out->path, word + 5);
}

static void unset(struct pap_env_call *out, const char *name)
{
	if (strcmp(name, "PATH"))
		return;
	out->path_reset = true;
}

static enum word_kind option(struct pap_env_call *out, const char *word)
{
	static const char *const harmless[] = {"-v", "--debug", "-0", "--null", NULL};
	static const char *const signals[] = {"--block-signal", "--default-signal",
					      "--ignore-signal", "--list-signal-handling", NULL};

	if (!strcmp(word, "--"))
		return WORD_END;
	if (!strcmp(word, "-") || !strcmp(word, "-i") || !strcmp(word, "--ignore-environment")) {
		out->path_reset = true;
		return WORD_PASS;
	}
	if (!strcmp(word, "-u") || !strcmp(word, "--unset"))
		return WORD_TAKES_NEXT;
	if (starts(word, "--unset=") || starts(word, "-u")) {
		unset(out, word + (word[1] == 'u' ? 2 : strlen("--unset=")));
		return WORD_PASS;
	}
	for (size_t i = 0; harmless[i]; i++)
		if (!strcmp(word, harmless[i]))
			return WORD_PASS;
	for (size_t i = 0; signals[i]; i++)
		if (starts(word, signals[i]))
			return WORD_PASS;
	return WORD_UNKNOWN;
}

/* The string that -S (alone or behind other letters) or --split-string is about, or NULL. */
static const char *split_string(struct pap_env_call *out, const char *argument)
{
	static const char name[] = "--split-string=";
	const char *letter = argument + 1;

	if (starts(argument, name))
		return argument + strlen(name);
	if (argument[0] != '-')
		return NULL;
	for (; *letter == 'v' || *letter == 'i' || *letter == '0'; letter++)
		if (*letter == 'i')
			out->path_reset = true;
	return *letter == 'S' ? letter + 1 : NULL;
}

static enum word_kind classify(struct pap_env_call *out, const char *word, bool *options)
{
	if (*options && word[0] == '-')
		return option(out, word);
	if (!strchr(word, '='))
		return WORD_PROGRAM;
	*options = false;
	assign(out, word);
	return WORD_PASS;
}

static bool parse_split(struct splitter *s, struct pap_env_call *out)
{
	bool options = true;

	while (split(s) > 0) {
		switch (classify(out, s->word, &options)) {
		case WORD_PASS:
			break;
		case WORD_END:
			options = false;
			break;
		case WORD_TAKES_NEXT:
			if (split(s) <= 0)
				return false;
			unset(out, s->word);
			break;
		case WORD_UNKNOWN:
			return false;
		case WORD_PROGRAM:
			copy(out->program, s->word, sizeof(s->word) - 1);
			return out->program[0] != '\0';
		}
	}
	return false;
}

bool pap_env_parse(const char *argument, struct pap_env_call *out)
{
	struct splitter s = {0};

	memset(out, 0, sizeof(*out));
	if (strlen(argument) >= PAP_SHEBANG_SIZE)
		return false;
	s.next = split_string(out, argument);
	if (s.next)
		return parse_split(&s, out);
	/* One word, whatever blanks are in it; an option or assignment leaves the program open. */
	if (argument[0] == '-' || !argument[0] || strchr(argument, '='))
		return false;
	copy(out->program, argument, strlen(argument));
	return true;
}
