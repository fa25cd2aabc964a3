/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text for people: a growing buffer, escaping of hostile bytes, and the nearest
 * known word for a misspelt one.
 */
#ifndef PAP_BASE_TEXT_H
#define PAP_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * A growing string. Zero-initialise; `failed` stays set once memory ran out, so
 * that callers check once at the end. data is terminated whenever it is not NULL.
 */
struct pap_text {
	char *data;
	size_t length;
	size_t capacity;
	bool failed;
};

void pap_text_free(struct pap_text *text);
void pap_text_add(struct pap_text *text, const char *bytes, size_t length);
void pap_text_str(struct pap_text *text, const char *string);
void pap_text_printf(struct pap_text *text, const char *format, ...) PAP_PRINTF(2, 3);

/*
 * Appends bytes so that no control character, escape sequence or invalid UTF-8
 * can reach a terminal: printable UTF-8 stays, everything else becomes \xNN (and
 * \n, \t, \\, \" as such). Invisible and direction-changing code points are
 * escaped too.
 */
void pap_text_escape(struct pap_text *text, const char *bytes, size_t length);

/* The same into a fixed buffer, cut with "..." when it does not fit. Returns buf. */
char *pap_escape(char *buf, size_t size, const char *bytes, size_t length);

/*
 * The word nearest to `word`, or NULL when none is near (more than a third of
 * its letters differ). `words` ends with NULL.
 */
const char *pap_nearest(const char *word, const char *const *words);

#endif
