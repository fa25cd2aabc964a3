# SPDX-License-Identifier: BSD-2-Clause
# The other libc, static and dynamic.

load lib

setup() {
	enter_work
	mkdir tmp
	numbers 1000 >data/numbers
	cat >data/prog.c <<'SOURCE'
#include <dirent.h>
#include <errno.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void *count(void *path)
{
	FILE *f = fopen(path, "r");
	long lines = 0;
	int c;

	if (!f)
		return (void *)-1L;
	while ((c = getc(f)) != EOF)
		lines += c == '\n';
	fclose(f);
	return (void *)lines;
}

int main(int argc, char **argv)
{
	time_t then = 1000000000;
	pthread_t threads[4];
	struct dirent *entry;
	char line[200];
	int names = 0, status;
	void *lines;
	FILE *out, *sub;
	DIR *dir;

	setlocale(LC_ALL, "");
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, count, argv[1]);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &lines);
		printf("lines %ld\n", (long)lines);
	}
	dir = opendir(argv[2]);
	while (dir && (entry = readdir(dir)))
		names++;
	printf("names %d %s\n", names, dir ? "" : strerror(errno));
	snprintf(line, sizeof(line), "%s/made", argv[3]);
	out = fopen(line, "w");
	if (!out || fputs("text\n", out) < 0 || fclose(out) || chmod(line, 0600))
		printf("no file: %s\n", strerror(errno));
	printf("%s", ctime(&then));
	fflush(stdout);
	if (fork() == 0)
		_exit(9);
	wait(&status);
	sub = popen("echo from a shell", "r");
	if (sub && fgets(line, sizeof(line), sub))
		printf("%d %s", WEXITSTATUS(status), line);
	free(malloc(10000000));
	return sub ? pclose(sub) : 1;
}
SOURCE
}

teardown() {
	leave_work
}

runs_the_same() {
	grants+=(--rw "$work/tmp")
	agree "$1" data/numbers data tmp
	grep -qx "lines 1000" seen/in.out
	grep -qx "9 from a shell" seen/in.out
	[ "$(cat tmp/made)" = text ]
	both "$1" outside/secret outside outside
	grep -qx "lines 1" seen/bare.out
	grep -qx "lines -1" seen/in.out
	grep -qx "names 0 Permission denied" seen/in.out
	grep -qx "no file: Permission denied" seen/in.out
	rm outside/made
}

@test "a static musl program" {
	musl-gcc -static -O1 -o data/prog data/prog.c
	[ -z "$(readelf -l data/prog | grep INTERP)" ]
	runs_the_same data/prog
}

@test "a dynamic musl program" {
	musl-gcc -O1 -o data/prog data/prog.c
	readelf -l data/prog | grep -q ld-musl
	runs_the_same data/prog
}

@test "a static glibc program" {
	gcc -static -O1 -o data/prog data/prog.c
	[ -z "$(readelf -l data/prog | grep INTERP)" ]
	runs_the_same data/prog
}
