# SPDX-License-Identifier: BSD-2-Clause
# gcc, what it makes, and git.

load lib

setup() {
	enter_work
	mkdir tmp bare confined
	grants+=(--rw "$work/tmp" --env TMPDIR="$work/tmp" --rwx "$work/confined")
	export TMPDIR=$work/tmp
}

teardown() {
	leave_work
}

@test "gcc compiles, links, and the result runs" {
	cat >data/part.h <<'SOURCE'
int part(int);
SOURCE
	cat >data/part.c <<'SOURCE'
#include "part.h"
int part(int n) { return n < 2 ? n : part(n - 1) + part(n - 2); }
SOURCE
	cat >data/main.c <<'SOURCE'
#include <pthread.h>
#include <stdio.h>
#include "part.h"
static void *work(void *arg) { *(int *)arg = part(*(int *)arg); return arg; }
int main(void)
{
	pthread_t thread;
	int n = 20;
	pthread_create(&thread, 0, work, &n);
	pthread_join(thread, 0);
	printf("%d %s\n", n, __FILE__);
	return n != 6765;
}
SOURCE
	compile='cd "$1/data" && gcc -O2 -g -pthread -c main.c -o "$2/main.o" &&
		gcc -O2 -c part.c -o "$2/part.o" && gcc -pthread -o "$2/prog" "$2/main.o" "$2/part.o"'
	bash -c "$compile" bash "$work" "$work/bare"
	confined bash -c "$compile" bash "$work" "$work/confined"
	cmp bare/main.o confined/main.o
	cmp bare/part.o confined/part.o
	agree confined/prog
	grep -qx "6765 main.c" seen/in.out
	[ "$(bare/prog)" = "$(cat seen/in.out)" ]
	agree gcc -O2 -E -P data/main.c
}

@test "gcc reads no headers and writes no objects outside" {
	echo 'int x;' >outside/x.h
	echo '#include "../outside/x.h"' >data/x.c
	refused "Permission denied" gcc -c data/x.c -o "$work/confined/x.o"
	echo 'int x;' >data/x.c
	refused "Permission denied" gcc -c data/x.c -o "$work/outside/x.o"
}

make_repository() {
	git init -q -b main "$1"
	git -C "$1" config user.name Test
	git -C "$1" config user.email test@example.org
	make_tree "$1/files"
	rm "$1/files/pipe"
	git -C "$1" add .
	git -C "$1" commit -q -m first
	for i in 1 2 3 4 5; do
		numbers "$((i * 100))" >"$1/changing"
		git -C "$1" add changing
		git -C "$1" commit -q -m "change $i"
	done
	git -C "$1" tag -a -m tag v1
}

@test "git clones a local repository" {
	export GIT_AUTHOR_DATE="2005-04-07 22:13:13 +0000" GIT_COMMITTER_DATE="2005-04-07 22:13:13 +0000"
	make_repository data/repository
	git clone -q data/repository bare/copy
	confined git clone -q "$work/data/repository" "$work/confined/copy"
	agree git -C data/repository log --stat
	git -C bare/copy log --format='%H %s %d' >seen/a
	confined git -C confined/copy log --format='%H %s %d' >seen/b
	cmp seen/a seen/b
	[ "$(wc -l <seen/a)" = 6 ]
	diff -r --exclude=.git --no-dereference bare/copy confined/copy
	confined git -C confined/copy fsck --full
	confined git -C confined/copy -c gc.auto=0 status --porcelain >seen/status
	[ ! -s seen/status ]
	# over the packed protocol, too
	confined git clone -q --no-local "$work/data/repository" "$work/confined/packed"
	diff -r --exclude=.git --no-dereference bare/copy confined/packed
}

@test "git commits inside" {
	make_repository confined/repository
	confined git -C confined/repository -c user.name=T -c user.email=t@e commit -q --allow-empty -m inside
	[ "$(git -C confined/repository log -1 --format=%s)" = inside ]
}

@test "git clones nothing from or to outside" {
	make_repository data/repository
	make_repository outside/repository
	both git clone -q "$work/outside/repository" "$work/confined/no"
	[ "$bare" = 0 ]
	rm -rf confined/no
	stopped git clone -q "$work/outside/repository" "$work/confined/no"
	grep -q fatal seen/in.err
	[ ! -e confined/no/files ]
	both git clone -q "$work/data/repository" "$work/outside/no"
	[ "$bare" = 0 ]
	rm -rf outside/no
	stopped git clone -q "$work/data/repository" "$work/outside/no"
	grep -q "Permission denied" seen/in.err
	[ ! -e outside/no ]
}
