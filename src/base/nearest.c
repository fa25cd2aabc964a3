/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The nearest known word for a misspelt one: the number of letters to insert,
 * delete, replace or swap with their neighbour, without regard to case. Meant
 * for keywords; words longer than WORD_MAX have no neighbours.
 */
#include "base/text.h"

#include <string.h>

enum { WORD_MAX = 63 };

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *older = rows[0], *old = rows[1], *now = rows[2], *spare;

	for (size_t j = 0; j <= nb; j++)
		old[j] = j;
	for (size_t i = 1; i <= na; i++) {
		now[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			char x = lower(a[i - 1]), y = lower(b[j - 1]);

			now[j] = least(least(old[j], now[j - 1]) + 1, old[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == lower(b[j - 2]) && y == lower(a[i - 2]))
				now[j] = least(now[j], older[j - 2] + 1);
		}
		spare = older;
		older = old;
		old = now;
		now = spare;
	}
	return old[nb];
}

const char *pap_nearest(const char *word, const char *const *words)
{
	size_t length = strlen(word);
	size_t best = (length + 2) / 3 + 1; /* a third, rounded up, is still near */
	const char *nearest = NULL;

	if (!length || length > WORD_MAX)
		return NULL;
	for (; *words; words++) {
		size_t n = strlen(*words), d;

		if (n > WORD_MAX)
			continue;
		d = distance(word, length, *words, n);
		if (d < best && d < n) { /* something of the word must be left */
			best = d;
			nearest = *words;
		}
	}
	return nearest;
}
