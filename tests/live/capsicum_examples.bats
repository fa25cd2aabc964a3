#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The examples in FreeBSD's idiom: they do what their namesakes do, and do it confined.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR"
	printf 'one\ntwo\nthree\nfour\n' >old
	printf 'one\n2\nthree\nfour\nfive' >new
}

example() {
	"$PAPRIKA_BUILD/examples/example-capsicum-$1" "${@:2}"
}

filters() {
	awk '/^Seccomp_filters:/ { print $2 }' "/proc/$1/status"
}

# The shell is what it would be without capability mode.
confined() {
	[ "$(filters "$1")" -gt "$(filters $$)" ]
	grep -q '^NoNewPrivs:.*1' "/proc/$1/status"
}

# More than a pipe holds: once all of it is written somebody reads, and reads confined.
much() {
	head -c 300000 /dev/zero | tr '\0' '\n'
}

@test "cat copies files and standard input" {
	run --separate-stderr example cat old - new <old
	[ "$status" = 0 ]
	[ "$output" = "$(cat old old new)" ]
	run --separate-stderr example cat missing new
	[ "$status" = 1 ]
	[ "$output" = "$(cat new)" ]
	[[ "$stderr" = *"missing: No such file or directory" ]]
}

@test "cat is confined when it reads" {
	mkfifo pipe
	"$PAPRIKA_BUILD/examples/example-capsicum-cat" pipe >copy 3>&- &
	exec 9>pipe
	much >&9
	confined $!
	exec 9>&-
	wait $!
	cmp copy <(much)
}

@test "wc counts as its namesake" {
	run --separate-stderr example wc old new
	[ "$status" = 0 ]
	[ "$(tr -s ' ' <<<"$output")" = "$(wc old new | tr -s ' ')" ]
	run --separate-stderr example wc <new
	[ "$(tr -s ' ' <<<"$output")" = "$(wc <new | tr -s ' ')" ]
}

@test "wc is confined when it reads" {
	mkfifo pipe
	"$PAPRIKA_BUILD/examples/example-capsicum-wc" pipe >counted 3>&- &
	exec 9>pipe
	much >&9
	confined $!
	exec 9>&-
	wait $!
	[ "$(tr -s ' ' <counted)" = " 300000 0 300000 pipe" ]
}

@test "tee writes everywhere, and appends" {
	run --separate-stderr example tee one two <old
	[ "$status" = 0 ]
	[ "$output" = "$(cat old)" ]
	cmp old one
	cmp old two
	run --separate-stderr example tee -a one <new
	cmp one <(cat old new)
	run --separate-stderr example tee missing/file one <new
	[ "$status" = 1 ]
	[ "$output" = "$(cat new)" ]
	cmp one new
}

@test "tee is confined when it reads" {
	mkfifo pipe
	"$PAPRIKA_BUILD/examples/example-capsicum-tee" copy <pipe >/dev/null 3>&- &
	exec 9>pipe
	much >&9
	confined $!
	exec 9>&-
	wait $!
	cmp copy <(much)
}

@test "cmp says where files differ" {
	run --separate-stderr example cmp old old
	[ "$status" = 0 ]
	[ "$output" = "" ]
	run --separate-stderr example cmp old new
	[ "$status" = 1 ]
	[ "$output" = "old new differ: char 5, line 2" ]
	head -c 6 old >short
	run --separate-stderr example cmp old short
	[ "$status" = 1 ]
	[ "$stderr" = "cmp: EOF on short" ]
	: >empty
	run --separate-stderr example cmp empty empty
	[ "$status" = 0 ]
}

@test "diff says what to change" {
	run --separate-stderr example diff old old
	[ "$status" = 0 ]
	run --separate-stderr example diff old new
	[ "$status" = 1 ]
	[ "$output" = "$(diff old new)" ]
	run --separate-stderr example diff new old
	[ "$output" = "$(diff new old)" ]
	run --separate-stderr example diff /dev/null new
	[ "$output" = "$(diff /dev/null new)" ]
}

@test "diff is confined when it reads" {
	mkfifo pipe
	much >copy
	"$PAPRIKA_BUILD/examples/example-capsicum-diff" pipe copy >changes 3>&- &
	exec 9>pipe
	much >&9
	confined $!
	exec 9>&-
	wait $!
	[ ! -s changes ]
}
