# SPDX-License-Identifier: BSD-2-Clause
# Granting a program means that it starts: nothing is granted here but the command.

load lib

setup() {
	enter_work
	grants=()
	mkdir prog prog/lib
	cat >prog/lib.c <<'SOURCE'
const char *where(void) { return WHERE; }
SOURCE
	cat >prog/main.c <<'SOURCE'
#include <stdio.h>
const char *where(void);
int main(void) { return puts(where()) < 0; }
SOURCE
}

teardown() {
	leave_work
}

# library COMPILER DIRECTORY: libwhere.so there, which says where it is.
library() {
	mkdir -p "$2"
	"$1" -shared -fPIC -DWHERE="\"$2\"" -o "$2/libwhere.so" prog/lib.c
}

@test "libraries beside the program" {
	for compiler in gcc musl-gcc; do
		library "$compiler" prog/lib
		# shellcheck disable=SC2016 # the loader's variable
		"$compiler" -o prog/main prog/main.c -Lprog/lib -lwhere '-Wl,-rpath,$ORIGIN/lib'
		agree prog/main
		grep -qx prog/lib seen/in.out
		ln -sf ../prog/main data/link
		agree data/link
	done
}

@test "libraries where the environment says" {
	library gcc prog/lib
	library gcc elsewhere
	# shellcheck disable=SC2016
	gcc -o prog/main prog/main.c -Lprog/lib -lwhere '-Wl,--enable-new-dtags,-rpath,$ORIGIN/lib'
	export LD_LIBRARY_PATH=$work/elsewhere
	grants=(--env LD_LIBRARY_PATH)
	agree prog/main
	grep -qx elsewhere seen/in.out
	unset LD_LIBRARY_PATH
	export LD_PRELOAD=$work/elsewhere/libwhere.so
	grants=(--env LD_PRELOAD)
	agree prog/main
	grep -qx elsewhere seen/in.out
	# The variable is not passed on by itself.
	grants=()
	confined prog/main >seen/in.out
	unset LD_PRELOAD
	grep -qx prog/lib seen/in.out
}

@test "a missing library is the loader's to report" {
	library gcc prog/lib
	gcc -o prog/main prog/main.c -Lprog/lib -lwhere
	both prog/main
	[ "$bare" = 127 ] && [ "$inside" = 127 ]
	cmp seen/bare.err seen/in.err
	grep -q "libwhere.so: cannot open shared object file" seen/in.err
}

@test "scripts, and scripts of scripts" {
	printf '#!/bin/sh -e\necho "sh: $0 $*"\n' >prog/one
	printf '#!%s two\n' "$work/prog/one" >prog/two
	printf '#!/usr/bin/env -S A=1 sh -e\necho "env: $A"\n' >prog/three
	printf '#!/usr/bin/env one\nechoes\n' >prog/four
	chmod +x prog/one prog/two prog/three prog/four
	agree "$work/prog/one" argument
	agree "$work/prog/two" argument
	agree "$work/prog/three"
	grep -qx "env: 1" seen/in.out
	PATH=$work/prog:$PATH
	agree four argument
	agree one
}

@test "a program is told the name that it was called by" {
	printf '#!/bin/sh\necho "$0"\n' >prog/script
	chmod +x prog/script
	agree prog/script
	agree ./prog/script
	PATH=prog:$PATH
	agree script
	# An empty element of PATH: as execvp has it, shells put a "./" before.
	cd prog
	PATH=:$PATH
	both script
	[ "$(env script)" = "$(cat "$work/seen/in.out")" ]
}

@test "nothing else comes along" {
	printf '#!/bin/sh\ncat "$1"\n' >prog/script
	chmod +x prog/script
	refused "cat: Permission denied" prog/script data/../prog/main.c
	grants=(--rx /usr)
	refused "main.c: Permission denied" prog/script prog/main.c
	grants=(--rx /usr --ro prog/main.c)
	agree prog/script prog/main.c
}

@test "the directory that the program starts in" {
	printf '#!/bin/sh\npwd\n' >prog/script
	chmod +x prog/script
	grants=(--chdir "$work/prog")
	confined ./script >seen/in.out
	grep -qx "$work/prog" seen/in.out
	inside=0
	confined prog/script 2>seen/in.err || inside=$?
	[ "$inside" = 127 ]
}

@test "what cannot be started: status and message" {
	status_of() {
		inside=0
		confined "$@" >seen/in.out 2>seen/in.err || inside=$?
		echo "$*: $inside: $(cat seen/in.err)"
	}
	status_of nonesuch
	[ "$inside" = 127 ] && grep -q 'no program "nonesuch" in PATH' seen/in.err
	status_of ./nonesuch
	[ "$inside" = 127 ] && grep -q "nonesuch" seen/in.err
	status_of prog/main.c
	[ "$inside" = 126 ] && grep -q "may not be executed" seen/in.err
	status_of "$work"
	[ "$inside" = 126 ]
	chmod +x prog/main.c
	status_of prog/main.c
	[ "$inside" = 126 ] && grep -q "neither an ELF program nor a script" seen/in.err
	printf '#!/nonexistent/sh\n' >prog/script
	chmod +x prog/script
	status_of prog/script
	[ "$inside" = 127 ] && grep -q 'interpreter "/nonexistent/sh"' seen/in.err
	# The start of a 32-bit program is enough to know one.
	printf '\177ELF\1\1\1\0\0\0\0\0\0\0\0\0\2\0\3\0\1\0\0\0' >prog/old
	head -c 200 /dev/zero >>prog/old
	chmod +x prog/old
	status_of prog/old
	[ "$inside" = 126 ] && grep -q "32-bit" seen/in.err
	: >prog/empty
	chmod +x prog/empty
	status_of prog/empty
	[ "$inside" = 126 ] && grep -q "it is empty" seen/in.err
	# Each message begins with the name of who speaks, and controls no terminal.
	status_of "$(printf 'no\033[31mred')"
	[ "$inside" = 127 ] && grep -q '^paprika: .*no\\x1b' seen/in.err
}
