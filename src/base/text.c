/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The growing buffer and the escaping of hostile bytes. What is printable is
 * decided by a table of ranges below and never by the locale: the same bytes
 * read the same everywhere. Combining marks stay, because languages need them.
 */
#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the buffer ------------------------------------------------------------------------------ */

void pap_text_free(struct pap_text *text)
{
	free(text->data);
	*text = (struct pap_text){0};
}

/* Room for `more` bytes and the terminator. */
static bool reserve(struct pap_text *text, size_t more)
{
	size_t capacity = text->capacity ? text->capacity : 128;
	char *data;

	if (text->failed)
		return false;
	if (more >= SIZE_MAX / 4 - text->length) {
		text->failed = true;
		return false;
	}
	while (capacity < text->length + more + 1)
		capacity *= 2;
	if (capacity == text->capacity)
		return true;
	data = realloc(text->data, capacity);
	if (!data) {
		text->failed = true;
		return false;
	}
	text->data = data;
	text->capacity = capacity;
	return true;
}

void pap_text_add(struct pap_text *text, const char *bytes, size_t length)
{
	if (!reserve(text, length))
		return;
	if (length)
		memcpy(text->data + text->length, bytes, length);
	text->length += length;
	text->data[text->length] = '\0';
}

void pap_text_str(struct pap_text *text, const char *string)
{
	pap_text_add(text, string, strlen(string));
}

void pap_text_printf(struct pap_text *text, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0)
		text->failed = true;
	if (n < 0 || !reserve(text, (size_t)n))
		return;
	va_start(args, format);
	vsnprintf(text->data + text->length, (size_t)n + 1, format, args);
	va_end(args);
	text->length += (size_t)n;
}

/* ---- what may reach a terminal --------------------------------------------------------------- */

/*
 * Code points beyond ASCII that are escaped: controls, what shows nothing or
 * looks like a plain space, what changes the direction of text, private use and
 * noncharacters. Sorted, both ends inclusive.
 */
static const struct span {
	uint32_t first, last;
} invisible[] = {
    {0x80, 0xa0},        /* C1 controls, no-break space */
    {0xad, 0xad},        /* soft hyphen */
    {0x34f, 0x34f},      /* grapheme joiner */
    {0x61c, 0x61c},      /* Arabic letter mark */
    {0x115f, 0x1160},    /* Hangul fillers */
    {0x1680, 0x1680},    /* Ogham space */
    {0x17b4, 0x17b5},    /* Khmer inherent vowels */
    {0x180b, 0x180f},    /* Mongolian selectors and separator */
    {0x2000, 0x200f},    /* spaces, zero width, direction marks */
    {0x2028, 0x202f},    /* line and paragraph separators, embeddings, overrides */
    {0x205f, 0x206f},    /* invisible operators, isolates */
    {0x2800, 0x2800},    /* blank braille pattern */
    {0x3000, 0x3000},    /* ideographic space */
    {0x3164, 0x3164},    /* Hangul filler */
    {0xd800, 0xf8ff},    /* surrogates, private use */
    {0xfdd0, 0xfdef},    /* noncharacters */
    {0xfe00, 0xfe0f},    /* variation selectors */
    {0xfeff, 0xfeff},    /* zero width no-break space */
    {0xffa0, 0xffa0},    /* halfwidth Hangul filler */
    {0xfff0, 0xfffb},    /* specials, interlinear annotation */
    {0xfffe, 0xffff},    /* noncharacters */
    {0x110bd, 0x110bd},  /* Kaithi number signs */
    {0x110cd, 0x110cd},  /* and another */
    {0x13430, 0x1345f},  /* hieroglyph format controls */
    {0x1bca0, 0x1bca3},  /* shorthand format controls */
    {0x1d173, 0x1d17a},  /* musical format controls */
    {0xe0000, 0xe0fff},  /* tags, variation selectors */
    {0xf0000, 0x10ffff}, /* private use */
};

static bool is_visible(uint32_t code)
{
	size_t low = 0, high = sizeof(invisible) / sizeof(invisible[0]);

	if ((code & 0xfffe) == 0xfffe) /* the last two of each plane are no characters */
		return false;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (code > invisible[middle].last)
			low = middle + 1;
		else if (code < invisible[middle].first)
			high = middle;
		else
			return false;
	}
	return true;
}

/* Length of the valid UTF-8 sequence of two to four bytes at `bytes`, 0: there is none. */
static size_t decode(const unsigned char *bytes, size_t length, uint32_t *code)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t need = bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : 2;
	uint32_t value;

	if (bytes[0] < 0xc2 || bytes[0] > 0xf4 || need > length)
		return 0;
	value = bytes[0] & (0x7fu >> need);
	for (size_t i = 1; i < need; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (bytes[i] & 0x3fu);
	}
	if (value < smallest[need] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*code = value;
	return need;
}

/*
 * Writes what stands for the first byte (or whole character) of `bytes` and says
 * how many bytes that were.
 */
struct shown {
	char text[16];
	size_t length;
};

static size_t show(const unsigned char *bytes, size_t length, struct shown *shown)
{
	static const char digits[] = "0123456789abcdef";
	static const char plain[] = "\n\t\\\"", letters[] = "nt\\\"";
	const char *special = bytes[0] ? strchr(plain, bytes[0]) : NULL;
	size_t used = 1;
	uint32_t code;

	if (special) {
		shown->text[0] = '\\';
		shown->text[1] = letters[special - plain];
		shown->length = 2;
		return 1;
	}
	if (bytes[0] >= 0x20 && bytes[0] < 0x7f) {
		shown->text[0] = (char)bytes[0];
		shown->length = 1;
		return 1;
	}
	if (bytes[0] >= 0x80) {
		used = decode(bytes, length, &code);
		if (used && is_visible(code)) {
			memcpy(shown->text, bytes, used);
			shown->length = used;
			return used;
		}
		used = used ? used : 1;
	}
	for (size_t i = 0; i < used; i++) {
		char *at = shown->text + 4 * i;

		at[0] = '\\';
		at[1] = 'x';
		at[2] = digits[bytes[i] >> 4];
		at[3] = digits[bytes[i] & 15];
	}
	shown->length = 4 * used;
	return used;
}

void pap_text_escape(struct pap_text *text, const char *bytes, size_t length)
{
	struct shown shown;
	size_t used;

	for (; length; bytes += used, length -= used) {
		used = show((const unsigned char *)bytes, length, &shown);
		pap_text_add(text, shown.text, shown.length);
	}
}

char *pap_escape(char *buf, size_t size, const char *bytes, size_t length)
{
	size_t fill = 0, cut = 0; /* cut: where "..." still fits */
	struct shown shown;
	size_t used;

	if (!size)
		return buf;
	for (; length; bytes += used, length -= used) {
		used = show((const unsigned char *)bytes, length, &shown);
		if (shown.length >= size - fill)
			break;
		memcpy(buf + fill, shown.text, shown.length);
		fill += shown.length;
		if (fill + 3 < size)
			cut = fill;
	}
	if (length) {
		fill = cut;
		for (int i = 0; i < 3 && fill + 1 < size; i++)
			buf[fill++] = '.';
	}
	buf[fill] = '\0';
	return buf;
}
