/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What cases borrow from the harness: a directory, random numbers, and running
 * another program. No shell is involved anywhere.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"

#define OUTPUT_MAX (64u << 20)

/* ---- directories ---------------------------------------------------------------------------- */

const char *test_directory(void)
{
	/* Asked for again, from inside of a sandbox, it takes no call. */
	if (atomic_load(&case_shared->directory_made))
		return case_shared->directory;
	if (mkdir(case_shared->directory, 0700) < 0 && errno != EEXIST) {
		case_failure("cannot make %s: %s", case_shared->directory, strerror(errno));
		test_stop();
	}
	atomic_store(&case_shared->directory_made, true);
	return case_shared->directory;
}

static int remove_at(int parent, const char *name);

static int remove_entries(int fd)
{
	DIR *directory = fdopendir(fd);
	struct dirent *entry;
	int result = 0;

	if (!directory) {
		close(fd);
		return -1;
	}
	while ((entry = readdir(directory))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (remove_at(fd, entry->d_name) < 0)
			result = -1;
	}
	closedir(directory);
	return result;
}

static int remove_at(int parent, const char *name)
{
	int fd, result;

	if (unlinkat(parent, name, 0) == 0)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -1;
	/* Tests make directories that even their owner may not enter. */
	if (fchmodat(parent, name, 0700, 0) < 0)
		return -1;
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -1;
	result = remove_entries(fd);
	return unlinkat(parent, name, AT_REMOVEDIR) < 0 ? -1 : result;
}

int case_remove_tree(const char *path)
{
	return remove_at(AT_FDCWD, path);
}

/* ---- random numbers -------------------------------------------------------------------------- */

/* A counter in steps of an odd constant, its bits mixed by two multiplications. */
uint64_t test_random(void)
{
	uint64_t z = case_shared->seed += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

uint64_t test_random_below(uint64_t limit)
{
	uint64_t unfair, value;

	if (limit < 2)
		return 0;
	/* The last, incomplete round of the range would favour small numbers. */
	unfair = UINT64_MAX - UINT64_MAX % limit;
	do {
		value = test_random();
	} while (value >= unfair);
	return value % limit;
}

/* ---- other programs --------------------------------------------------------------------------- */

static void collect(int fd, struct test_output *output)
{
	size_t capacity = 0;

	for (;;) {
		ssize_t got;

		if (output->length + 1 >= capacity) {
			char *larger = NULL;

			capacity = capacity ? 2 * capacity : 4096;
			if (capacity <= OUTPUT_MAX)
				larger = realloc(output->text, capacity);
			if (!larger) {
				case_failure("output of a program cannot be kept: too long");
				test_stop();
			}
			output->text = larger;
		}
		got = read(fd, output->text + output->length, capacity - output->length - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		output->length += (size_t)got;
	}
	output->text[output->length] = '\0';
}

static void __attribute__((noreturn)) execute(const char *const argv[], int out)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	dup2(null, 0);
	dup2(out, 1);
	dup2(out, 2);
	execvp(argv[0], (char *const *)argv);
	dprintf(2, "cannot execute %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

struct test_output test_run(const char *const argv[])
{
	struct test_output output = {-1, NULL, 0};
	int pipes[2];
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC) < 0 || (pid = fork()) < 0) {
		case_failure("cannot start %s: %s", argv[0], strerror(errno));
		test_stop();
	}
	if (pid == 0)
		execute(argv, pipes[1]);
	close(pipes[1]);
	collect(pipes[0], &output);
	close(pipes[0]);
	while (waitpid(pid, &output.status, 0) < 0 && errno == EINTR)
		;
	return output;
}

/* ---- the kernel ------------------------------------------------------------------------------ */

bool test_kernel_lacks(const char *feature)
{
	static char *said;
	const char *command = getenv("PAPRIKA"), *at;
	char named[96];

	if (!said && command)
		said = test_run((const char *[]){command, "check", "--json", NULL}).text;
	snprintf(named, sizeof(named), "\"name\": \"%s\"", feature);
	at = said ? strstr(said, named) : NULL;
	at = at ? strstr(at, "\"available\": ") : NULL;
	if (!at) {
		case_failure("`paprika check --json` does not say whether there is \"%s\"", feature);
		test_stop();
	}
	return !strncmp(at, "\"available\": false", strlen("\"available\": false"));
}

unsigned test_patience(void)
{
	const char *given = getenv("PAPRIKA_TEST_PATIENCE");
	long times = given ? strtol(given, NULL, 10) : 1;

	return times > 0 && times < 1000 ? (unsigned)times : 1;
}
