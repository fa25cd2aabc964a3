/* SPDX-License-Identifier: BSD-2-Clause */
/* base/text.h: the buffer, what may reach a terminal, the nearest word. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness.h"

static void check_escape(const char *bytes, size_t length, const char *expected)
{
	struct pap_text text = {0};
	char fixed[256];

	pap_text_escape(&text, bytes, length);
	CHECK_STR(text.data ? text.data : "", expected);
	pap_text_free(&text);
	CHECK_STR(pap_escape(fixed, sizeof(fixed), bytes, length), expected);
}

#define ESCAPES(literal, expected) check_escape(literal, sizeof(literal) - 1, expected)

TEST(plain_text_stays)
{
	ESCAPES("", "");
	ESCAPES("a plain ~path/with 'signs' {}$", "a plain ~path/with 'signs' {}$");
	ESCAPES("gr\xc3\xbc\xc3\x9f Gott", "gr\xc3\xbc\xc3\x9f Gott");
	ESCAPES("\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac");
	ESCAPES("\xf0\x9f\x8c\xb6", "\xf0\x9f\x8c\xb6");
}

TEST(controls_are_escaped)
{
	ESCAPES("\x1b[31mred", "\\x1b[31mred");
	ESCAPES("a\nb\tc\\d\"e", "a\\nb\\tc\\\\d\\\"e");
	ESCAPES("\r\a\b\x7f", "\\x0d\\x07\\x08\\x7f");
	check_escape("a\0b", 3, "a\\x00b");
	ESCAPES("\xc2\x9b"
		"2J",
		"\\xc2\\x9b2J"); /* C1: CSI in UTF-8 */
	ESCAPES("\x9b"
		"2J",
		"\\x9b2J"); /* and as a raw byte */
}

TEST(invisible_code_points_are_escaped)
{
	ESCAPES("\xe2\x80\xae"
		"txt.exe",
		"\\xe2\\x80\\xaetxt.exe");                   /* right-to-left override */
	ESCAPES("\xe2\x81\xa6", "\\xe2\\x81\\xa6");          /* isolate */
	ESCAPES("\xe2\x80\x8b", "\\xe2\\x80\\x8b");          /* zero width space */
	ESCAPES("\xef\xbb\xbf", "\\xef\\xbb\\xbf");          /* byte order mark */
	ESCAPES("\xc2\xa0", "\\xc2\\xa0");                   /* no-break space */
	ESCAPES("\xc2\xad", "\\xc2\\xad");                   /* soft hyphen */
	ESCAPES("\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81"); /* a tag letter */
	ESCAPES("\xee\x80\x80", "\\xee\\x80\\x80");          /* private use */
	ESCAPES("\xef\xbf\xbf", "\\xef\\xbf\\xbf");          /* noncharacter */
	ESCAPES("\xf0\x9f\xbf\xbe", "\\xf0\\x9f\\xbf\\xbe"); /* U+1FFFE */
}

TEST(both_ends_of_a_range_and_their_neighbours)
{
	ESCAPES("\xc2\xa1", "\xc2\xa1");            /* U+00A1, behind the C1 range */
	ESCAPES("\xe1\xbf\xbe", "\xe1\xbf\xbe");    /* U+1FFE, before the spaces */
	ESCAPES("\xe2\x80\x90", "\xe2\x80\x90");    /* U+2010 hyphen, behind U+200F */
	ESCAPES("\xe2\x80\xaf", "\\xe2\\x80\\xaf"); /* U+202F */
	ESCAPES("\xe2\x80\xb0", "\xe2\x80\xb0");    /* U+2030 */
	ESCAPES("\xef\xa4\x80", "\xef\xa4\x80");    /* U+F900, behind private use */
	ESCAPES("\xef\xbf\xbd", "\xef\xbf\xbd");    /* U+FFFD, the replacement character */
}

TEST(invalid_utf8_is_escaped_byte_by_byte)
{
	ESCAPES("\x80", "\\x80");
	ESCAPES("\xc0\xaf", "\\xc0\\xaf");                   /* overlong slash */
	ESCAPES("\xe0\x80\xaf", "\\xe0\\x80\\xaf");          /* overlong, three bytes */
	ESCAPES("\xed\xa0\x80", "\\xed\\xa0\\x80");          /* surrogate */
	ESCAPES("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"); /* beyond U+10FFFF */
	ESCAPES("\xff\xfe", "\\xff\\xfe");
	ESCAPES("\xe6\x97"
		"x",
		"\\xe6\\x97x");               /* cut short */
	ESCAPES("\xc3", "\\xc3");             /* cut at the end */
	check_escape("\xc3\xbc", 1, "\\xc3"); /* never looks behind the length */
}

/* Whatever goes in: printable ASCII or valid UTF-8 comes out, and no control byte. */
TEST(no_byte_reaches_the_terminal_raw)
{
	for (unsigned a = 0; a < 256; a++)
		for (unsigned b = 0; b < 256; b++) {
			char bytes[2] = {(char)a, (char)b}, out[32];
			bool clean = true;

			pap_escape(out, sizeof(out), bytes, 2);
			for (const char *c = out; *c; c++) {
				unsigned char byte = (unsigned char)*c;

				clean &= byte >= 0x20 && byte != 0x7f;
			}
			if (!clean)
				test_note("bytes %02x %02x", a, b);
			CHECK(clean);
			if (!clean)
				return;
		}
}

TEST(a_fixed_buffer_is_cut_between_escapes)
{
	char buf[10];

	CHECK_STR(pap_escape(buf, 10, "123456789", 9), "123456789");
	CHECK_STR(pap_escape(buf, 10, "1234567890", 10), "123456...");
	CHECK_STR(pap_escape(buf, 10,
			     "1234\x1b"
			     "567",
			     8),
		  "1234...");
	CHECK_STR(pap_escape(buf, 10, "12345\x1b", 6), "12345\\x1b");
	CHECK_STR(pap_escape(buf, 10, "1234567\xc3\xbc", 9), "1234567\xc3\xbc");
	CHECK_STR(pap_escape(buf, 10,
			     "12345\xc3\xbc"
			     "678",
			     10),
		  "12345...");
	CHECK_STR(pap_escape(buf, 4, "abcd", 4), "...");
	CHECK_STR(pap_escape(buf, 3, "abcd", 4), "..");
	CHECK_STR(pap_escape(buf, 1, "abcd", 4), "");
	CHECK_STR(pap_escape(buf, 1, "", 0), "");
	memset(buf, 'x', sizeof(buf));
	pap_escape(buf, 0, "abcd", 4);
	CHECK_EQ(buf[0], 'x');
}

TEST(the_buffer_grows)
{
	struct pap_text text = {0};

	for (int i = 0; i < 1000; i++)
		pap_text_printf(&text, "%d,", i);
	pap_text_add(&text, "", 0);
	CHECK(!text.failed);
	CHECK_EQ(text.length, 10 * 2 + 90 * 3 + 900 * 4);
	CHECK_EQ(strlen(text.data), text.length);
	CHECK_HAS(text.data, ",998,999,");
	pap_text_free(&text);
	CHECK(!text.data);
	CHECK_EQ(text.length, 0);
}

TEST(a_failed_buffer_stays_failed)
{
	struct pap_text text = {0};

	pap_text_str(&text, "kept");
	pap_text_add(&text, "x", SIZE_MAX / 2); /* refused before a byte is read */
	CHECK(text.failed);
	pap_text_str(&text, "lost");
	CHECK_STR(text.data, "kept");
	pap_text_free(&text);
}

TEST(nearest_words)
{
	static const char *const words[] = {"files", "network", "process",     "limits", "ro",
					    "rw",    "rwx",     "descriptors", NULL};
	char giant[200];

	CHECK_STR(pap_nearest("file", words), "files");
	CHECK_STR(pap_nearest("Files", words), "files");
	CHECK_STR(pap_nearest("netwrok", words), "network");
	CHECK_STR(pap_nearest("porcess", words), "process");
	CHECK_STR(pap_nearest("desciptor", words), "descriptors");
	CHECK_STR(pap_nearest("rwxx", words), "rwx");
	CHECK_STR(pap_nearest("r0", words), "ro");
	CHECK(!pap_nearest("banana", words));
	CHECK(!pap_nearest("x", words));
	CHECK(!pap_nearest("", words));
	CHECK(!pap_nearest("files", words + 8));
	memset(giant, 'f', sizeof(giant) - 1);
	giant[sizeof(giant) - 1] = '\0';
	CHECK(!pap_nearest(giant, words));
}
