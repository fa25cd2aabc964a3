/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wc [file...]: counts lines, words and bytes, in capability mode.
 *
 *	cc wc.c $(pkg-config --cflags --libs capsicum)
 */
#include <capsicum_helpers.h>
#include <ctype.h>
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct counts {
	unsigned long long lines, words, bytes;
};

static int open_limited(const char *name)
{
	cap_rights_t rights;
	int fd = open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		warn("%s", name);
		return -1;
	}
	if (caph_rights_limit(fd, cap_rights_init(&rights, CAP_READ, CAP_FSTAT)) < 0)
		err(1, "cannot limit %s", name);
	return fd;
}

static void count_bytes(struct counts *counts, const char *bytes, ssize_t length, bool *in_word)
{
	for (ssize_t i = 0; i < length; i++) {
		bool space = isspace((unsigned char)bytes[i]);

		counts->lines += bytes[i] == '\n';
		counts->words += !space && !*in_word;
		*in_word = !space;
	}
	counts->bytes += (unsigned long long)length;
}

static int count_file(int fd, const char *name, struct counts *total)
{
	static char buffer[1 << 16];
	struct counts counts = {0, 0, 0};
	bool in_word = false;
	ssize_t length;

	while ((length = read(fd, buffer, sizeof(buffer))) > 0)
		count_bytes(&counts, buffer, length, &in_word);
	if (length < 0) {
		warn("%s", name ? name : "standard input");
		return 1;
	}
	printf("%7llu %7llu %7llu%s%s\n", counts.lines, counts.words, counts.bytes, name ? " " : "",
	       name ? name : "");
	total->lines += counts.lines;
	total->words += counts.words;
	total->bytes += counts.bytes;
	return 0;
}

int main(int argc, char **argv)
{
	struct counts total = {0, 0, 0};
	int *files = calloc((size_t)argc, sizeof(*files)), status = 0;

	if (!files)
		err(1, NULL);
	for (int i = 1; i < argc; i++)
		files[i] = open_limited(argv[i]);
	caph_cache_catpages();
	if (caph_limit_stdio() < 0 || caph_enter() < 0)
		err(1, "capsicum");

	if (argc == 1)
		status = count_file(STDIN_FILENO, NULL, &total);
	for (int i = 1; i < argc; i++)
		status |= files[i] < 0 || count_file(files[i], argv[i], &total);
	if (argc > 2)
		printf("%7llu %7llu %7llu total\n", total.lines, total.words, total.bytes);
	free(files);
	if (fflush(stdout) != 0)
		err(1, "standard output");
	return status;
}
