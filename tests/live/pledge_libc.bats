#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# One promise has to be enough for what C libraries do by themselves.

expected="memory worked
threads worked
sorting worked
times worked
languages worked
signals worked
files worked
open 13"

does_it_all() {
	run --separate-stderr "$PAPRIKA_BUILD/tests/live/$1"
	[ "$status" = 7 ]
	[ "$output" = "$expected" ]
	[ "$stderr" = "1.500 end" ]
}

bats_require_minimum_version 1.5.0

@test "glibc, shared" {
	does_it_all pledge-libc-shared
}

@test "glibc, static" {
	does_it_all pledge-libc-static
}

@test "musl, static" {
	[ -x "$PAPRIKA_BUILD/tests/live/pledge-libc-musl" ] || skip "musl-gcc is not installed"
	does_it_all pledge-libc-musl
}
