/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An ordinary program that promised stdio and then does what C libraries do behind its
 * back. Compiled for each C library, it says how far it came; libc.bats compares.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <pledge.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int arrived;

static void *work(void *size)
{
	char *memory = malloc((size_t)size);

	if (!memory)
		return NULL;
	memset(memory, 1, (size_t)size);
	free(memory);
	pthread_mutex_lock(&mutex);
	arrived++;
	pthread_cond_signal(&condition);
	pthread_mutex_unlock(&mutex);
	return size;
}

static int threads(void)
{
	pthread_t thread[4];
	void *result;

	for (int i = 0; i < 4; i++)
		if (pthread_create(&thread[i], NULL, work, (void *)(size_t)(100000 << i)))
			return 1;
	pthread_mutex_lock(&mutex);
	while (arrived < 4)
		pthread_cond_wait(&condition, &mutex);
	pthread_mutex_unlock(&mutex);
	for (int i = 0; i < 4; i++)
		if (pthread_join(thread[i], &result) || !result)
			return 1;
	return 0;
}

static int order(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static int sorting(void)
{
	enum { MANY = 300000 }; /* more than what is sorted on the stack */
	int *numbers = malloc(MANY * sizeof(*numbers));

	if (!numbers)
		return 1;
	for (int i = 0; i < MANY; i++)
		numbers[i] = (int)((long)i * 7919 % MANY);
	qsort(numbers, MANY, sizeof(*numbers), order);
	for (int i = 1; i < MANY; i++)
		if (numbers[i - 1] > numbers[i])
			return 1;
	free(numbers);
	return 0;
}

static int memory(void)
{
	char *block = malloc(1000);

	for (size_t size = 1000; size < 50000000; size *= 3) {
		char *grown = realloc(block, size);

		if (!grown)
			return 1;
		block = grown;
		block[size - 1] = 1;
	}
	free(block);
	return 0;
}

static int times(void)
{
	time_t then = 1000000000;
	struct tm parts;
	char text[64];
	struct timespec now;

	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	if (!localtime_r(&then, &parts) || parts.tm_year != 101)
		return 1;
	strftime(text, sizeof(text), "%A %d %B %Y %H:%M:%S", &parts);
	return clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) || !*text || mktime(&parts) != then ||
	       clock_getres(CLOCK_MONOTONIC, &now);
}

static int languages(void)
{
	wchar_t wide[8];

	setlocale(LC_ALL, "C.UTF-8");
	return mbstowcs(wide, "abc", 8) != 3 || !*strerror(ENOENT) || !localeconv();
}

static volatile sig_atomic_t got;

static void note(int number)
{
	got = number;
}

static int signals(void)
{
	struct sigaction action = {.sa_handler = note};

	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	return got != SIGUSR1;
}

static int files(void)
{
	struct stat st;
	char byte[2];

	return fstat(STDOUT_FILENO, &st) || getentropy(byte, 2) || sysconf(_SC_NPROCESSORS_ONLN) < 1 ||
	       sysconf(_SC_OPEN_MAX) < 1 || isatty(STDOUT_FILENO) < 0;
}

int main(void)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} parts[] = {{"memory", memory}, {"threads", threads}, {"sorting", sorting},
		     {"times", times},	 {"languages", languages}, {"signals", signals},
		     {"files", files}};

	if (pledge("stdio", NULL) < 0) {
		perror("pledge");
		return 1;
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		printf("%s %s\n", parts[i].name, parts[i].run() ? "failed" : "worked");
	fprintf(stderr, "%.3f %ls\n", 1.5, L"end");
	/* the control: it is pledged */
	printf("open %d\n", open("/etc/passwd", O_RDONLY) < 0 ? errno : 0);
	exit(fflush(stdout) ? 1 : 7);
}
