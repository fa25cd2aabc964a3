/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a fuzz target on files under any compiler: each file as it is, then some
 * hundred damaged copies of it, always the same ones. Old crashes become ordinary
 * tests that way. Each file runs in a child, so that one crash is one failure.
 *
 *	standalone DIRECTORY	every file there, as TAP
 *	standalone FILE...	these, as TAP
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

enum { SIZE_MAX_READ = 2 << 20, COPIES = 300 };

static unsigned long state;

static unsigned long next_random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Flips, replaces, removes, doubles or cuts; returns the new size, never a larger one. */
static size_t damage(uint8_t *bytes, size_t size)
{
	size_t at, count;

	for (unsigned times = 1 + next_random() % 6; times && size; times--) {
		at = next_random() % size;
		count = 1 + next_random() % 16;
		if (count > size - at)
			count = size - at;
		switch (next_random() % 5) {
		case 0:
			bytes[at] ^= (uint8_t)(1u << next_random() % 8);
			break;
		case 1:
			bytes[at] = (uint8_t)next_random();
			break;
		case 2:
			memmove(bytes + at, bytes + at + count, size - at - count);
			size -= count;
			break;
		case 3:
			memmove(bytes + at, bytes + next_random() % (size - count + 1), count);
			break;
		default:
			if (next_random() % 4 == 0)
				size = at;
		}
	}
	return size;
}

/* Exactly as many bytes as there are, so that a sanitizer sees reads past the end. */
static void run_bytes(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	memcpy(copy, bytes, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static int run_file(const char *path)
{
	uint8_t *bytes = malloc(SIZE_MAX_READ), *copy = malloc(SIZE_MAX_READ);
	FILE *file = fopen(path, "rb");
	size_t size;

	if (!file || !bytes || !copy)
		return 1;
	size = fread(bytes, 1, SIZE_MAX_READ, file);
	if (ferror(file))
		return 1;
	fclose(file);
	run_bytes(bytes, size);
	for (int i = 0; i < COPIES; i++) {
		state = 0x9e3779b97f4a7c15ul + (unsigned long)i;
		memcpy(copy, bytes, size);
		run_bytes(copy, damage(copy, size));
	}
	free(bytes);
	free(copy);
	return 0;
}

static bool run_in_child(const char *path)
{
	int status = 1;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (!child)
		exit(run_file(path)); /* a normal exit: leaks are looked for */
	return child > 0 && waitpid(child, &status, 0) == child && !status;
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void report(unsigned *count, unsigned *failed, const char *path)
{
	bool ok = run_in_child(path);
	const char *slash = strrchr(path, '/');

	*failed += !ok;
	printf("%sok %u - %s\n", ok ? "" : "not ", ++*count, slash ? slash + 1 : path);
}

static int run_directory(const char *directory, unsigned *count, unsigned *failed)
{
	struct dirent **entries;
	int n = scandir(directory, &entries, not_hidden, alphasort);

	if (n < 0) {
		perror(directory);
		return -1;
	}
	for (int i = 0; i < n; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", directory, entries[i]->d_name);
		report(count, failed, path);
		free(entries[i]);
	}
	free(entries);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned count = 0, failed = 0;
	struct stat st;

	for (int i = 1; i < argc; i++) {
		if (stat(argv[i], &st)) {
			perror(argv[i]);
			return 2;
		}
		if (!S_ISDIR(st.st_mode))
			report(&count, &failed, argv[i]);
		else if (run_directory(argv[i], &count, &failed))
			return 2;
	}
	printf("1..%u\n", count);
	return failed || !count;
}
