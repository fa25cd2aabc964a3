/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * diff file1 file2: the lines to change, in the classic form. Reads both files and looks
 * for the longest common subsequence of lines, all of it in capability mode.
 *
 *	cc diff.c $(pkg-config --cflags --libs capsicum)
 *
 * Status 0: the same; 1: they differ; 2: trouble. Myers' greedy algorithm: the time is
 * lines times differences, the memory the square of the differences.
 */
#include <capsicum_helpers.h>
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- files ----------------------------------------------------------------------------- */

struct line {
	const char *text; /* with its newline, but for a last line without one */
	size_t length;
};

struct file {
	const char *name;
	int fd;
	struct line *lines;
	long count;
};

static void *grow(void *memory, size_t count, size_t size)
{
	memory = reallocarray(memory, count, size);
	if (!memory)
		err(2, NULL);
	return memory;
}

static struct file open_limited(const char *name)
{
	struct file file = {name, open(name, O_RDONLY | O_CLOEXEC), NULL, 0};
	cap_rights_t rights;

	if (file.fd < 0)
		err(2, "%s", name);
	if (caph_rights_limit(file.fd, cap_rights_init(&rights, CAP_READ, CAP_FSTAT)) < 0)
		err(2, "cannot limit %s", name);
	return file;
}

static void split(struct file *file, const char *text, size_t length)
{
	for (const char *end = text + length; text < end; file->count++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *next = newline ? newline + 1 : end;

		if ((file->count & (file->count - 1)) == 0)
			file->lines = grow(file->lines, (size_t)file->count * 2 + 1,
					   sizeof(*file->lines));
		file->lines[file->count] = (struct line){text, (size_t)(next - text)};
		text = next;
	}
}

static void read_lines(struct file *file)
{
	size_t length = 0, room = 1 << 16;
	char *text = grow(NULL, room, 1);
	ssize_t got;

	while ((got = read(file->fd, text + length, room - length)) > 0) {
		length += (size_t)got;
		if (length == room)
			text = grow(text, room *= 2, 1);
	}
	if (got < 0)
		err(2, "%s", file->name);
	split(file, text, length);
}

static bool same(const struct line *a, const struct line *b)
{
	return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

/* ---- what is common ---------------------------------------------------------------------- */

/*
 * reach[d][k + d]: how many lines of the first file are done at best after d differences
 * on diagonal k, where k is that number less the one of the second file's lines.
 */
struct search {
	const struct file *one, *two;
	long **reach;
};

static long best_start(const struct search *search, long d, long k)
{
	const long *before;

	if (d == 0)
		return 0;
	before = search->reach[d - 1] + (d - 1);
	if (k == -d || (k != d && before[k - 1] < before[k + 1]))
		return before[k + 1]; /* a line of the second file more */
	return before[k - 1] + 1;     /* one of the first */
}

/* Returns the number of differences. */
static long find(struct search *search)
{
	const struct file *one = search->one, *two = search->two;

	for (long d = 0;; d++) {
		search->reach = grow(search->reach, (size_t)d + 1, sizeof(*search->reach));
		search->reach[d] = grow(NULL, (size_t)(2 * d + 1), sizeof(long));
		for (long k = -d; k <= d; k += 2) {
			long x = best_start(search, d, k);

			while (x < one->count && x - k < two->count && x >= k &&
			       same(&one->lines[x], &two->lines[x - k]))
				x++;
			search->reach[d][k + d] = x;
			if (x >= one->count && x - k >= two->count)
				return d;
		}
	}
}

/* Marks the lines that are in one file alone, going back from the end. */
static void mark(const struct search *search, long d, bool *removed, bool *added)
{
	long k = search->one->count - search->two->count;

	for (; d > 0; d--) {
		const long *before = search->reach[d - 1] + (d - 1);

		if (k == -d || (k != d && before[k - 1] < before[k + 1])) {
			k++;
			added[before[k] - k] = true;
		} else {
			k--;
			removed[before[k]] = true;
		}
	}
}

/* ---- what is said ------------------------------------------------------------------------ */

static void print_range(long from, long to)
{
	printf(to - from > 1 ? "%ld,%ld" : "%ld", to - from > 0 ? from + 1 : from, to);
}

static void print_lines(const struct file *file, long from, long to, char sign)
{
	for (; from < to; from++) {
		const struct line *line = &file->lines[from];

		printf("%c %.*s", sign, (int)line->length, line->text);
		if (line->text[line->length - 1] != '\n')
			printf("\n\\ No newline at end of file\n");
	}
}

static void print_change(const struct search *search, long x, long to_x, long y, long to_y)
{
	print_range(x, to_x);
	putchar(x == to_x ? 'a' : y == to_y ? 'd' : 'c');
	print_range(y, to_y);
	putchar('\n');
	print_lines(search->one, x, to_x, '<');
	if (x != to_x && y != to_y)
		puts("---");
	print_lines(search->two, y, to_y, '>');
}

static void print_changes(const struct search *search, const bool *removed, const bool *added)
{
	long x = 0, y = 0;

	while (x < search->one->count || y < search->two->count) {
		long from_x = x, from_y = y;

		while (x < search->one->count && removed[x])
			x++;
		while (y < search->two->count && added[y])
			y++;
		if (x == from_x && y == from_y) {
			x++;
			y++;
		} else {
			print_change(search, from_x, x, from_y, y);
		}
	}
}

static int compare(const struct file *one, const struct file *two)
{
	struct search search = {one, two, NULL};
	bool *removed = calloc((size_t)one->count + 1, sizeof(bool));
	bool *added = calloc((size_t)two->count + 1, sizeof(bool));
	long differences = find(&search);

	if (!removed || !added)
		err(2, NULL);
	mark(&search, differences, removed, added);
	print_changes(&search, removed, added);
	return differences > 0;
}

int main(int argc, char **argv)
{
	struct file one, two;
	int status;

	if (argc != 3) {
		fprintf(stderr, "usage: diff file1 file2\n");
		return 2;
	}
	one = open_limited(argv[1]);
	two = open_limited(argv[2]);
	caph_cache_catpages();
	if (caph_limit_stdio() < 0 || caph_enter() < 0)
		err(2, "capsicum");

	read_lines(&one);
	read_lines(&two);
	status = compare(&one, &two);
	if (fflush(stdout) != 0)
		err(2, "standard output");
	return status;
}
