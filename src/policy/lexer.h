/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Policy text cut into lines and values. Knows comments, quotes, escapes and
 * variables; knows nothing of sections' and keys' meaning.
 */
#ifndef PAP_POLICY_LEXER_H
#define PAP_POLICY_LEXER_H

#include "policy/policy.h"

#define PAP_POLICY_TEXT_MAX (1u << 20)   /* bytes of one file */
#define PAP_POLICY_LINE_MAX (32u << 10)  /* a path of 4095 bytes, each as \xNN, fits */
#define PAP_POLICY_VALUE_MAX (64u << 10) /* with variables expanded */

struct pap_lexer {
	const char *text;
	size_t length, at;
	unsigned line;
	const char *source; /* label for messages, owned by the policy */
};

enum pap_entry_kind { PAP_ENTRY_END, PAP_ENTRY_SECTION, PAP_ENTRY_KEY };

struct pap_entry {
	enum pap_entry_kind kind;
	const char *name; /* section or key, not terminated */
	size_t name_length;
	struct pap_origin origin; /* of the name */
	const char *line;         /* for columns */
	const char *rest, *end;   /* of a key: what follows the '=', to the end of the line */
};

struct pap_value {
	struct pap_text text;     /* decoded */
	struct pap_origin origin; /* of its first character, or of the quote */
	bool quoted;
	bool direct;            /* no escape and no variable: offsets in text are columns */
	size_t first_expansion; /* offset of the first variable's value; SIZE_MAX: none */
};

/* What a value may hold apart from plain characters. */
enum pap_expand {
	PAP_EXPAND_NONE,
	PAP_EXPAND_ANY,    /* variables */
	PAP_EXPAND_FILLED, /* variables, but none that is empty: paths */
};

void pap_lexer_start(struct pap_lexer *lexer, const char *text, size_t length, const char *source);

/* The next section or key; -EINVAL with *err filled. */
int pap_lexer_next(struct pap_lexer *lexer, struct pap_entry *entry, struct pap_error *err);

/* Decodes the value of a key. Free value->text afterwards, also after a failure. */
int pap_value_read(const struct pap_entry *entry, enum pap_expand expand,
		   const struct pap_parse_env *env, struct pap_value *value, struct pap_error *err);

#endif
