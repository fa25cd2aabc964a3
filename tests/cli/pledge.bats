#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# paprika run in the words of pledge and unveil.

bats_require_minimum_version 1.5.0

setup() {
	. "$PAPRIKA_SOURCE/tests/harness/kernel.bash"
	cd "$BATS_TEST_TMPDIR"
	mkdir data
	echo text >data/file
}

@test "what is pledged and unveiled works" {
	run -0 "$PAPRIKA" run --pledge "stdio rpath" --unveil data:r -- cat data/file
	[ "$output" = text ]
	run -0 "$PAPRIKA" run --pledge "stdio rpath wpath cpath" --unveil data:rwc -- cp data/file data/copy
	[ "$(cat data/copy)" = text ]
}

@test "who does more is killed" {
	run -0 cp data/file data/bare
	run -159 "$PAPRIKA" run --pledge "stdio rpath" --unveil data:rwc -- cp data/file data/copy
	[ ! -e data/copy ]
	run "$PAPRIKA" run --promise "stdio rpath" --unveil data:rwc -- cp data/file data/copy
	[ "$status" = 1 ]
	[ ! -e data/copy ]
}

@test "error lets calls fail instead" {
	run "$PAPRIKA" run --pledge "stdio rpath error" --unveil data:rwc -- cp data/file data/copy
	[ "$status" = 1 ]
	[ ! -e data/copy ]
}

@test "what is not unveiled is not there" {
	echo other >other
	run -0 cat other
	run -1 "$PAPRIKA" run --pledge "stdio rpath" --unveil data:r -- cat other
	[[ "$output" == *"ermission denied"* ]]
}

@test "a path may hold colons" {
	mkdir a:b
	echo colon >a:b/file
	run -0 "$PAPRIKA" run --pledge "stdio rpath" --unveil "$PWD/a:b:r" -- cat a:b/file
	[ "$output" = colon ]
}

refused() {
	local words=$1
	shift
	run -125 "$PAPRIKA" run "$@" -- true
	[[ "$output" == *"$words"* ]]
}

@test "what makes no sense is refused with a place" {
	refused 'unknown promise "rpaht"' --pledge "stdio rpaht"
	refused "did you mean" --pledge "stdio rpaht"
	refused "no letters after the path" --unveil data
	refused "are not letters of rwxc" --unveil data:q
	refused "are not letters of rwxc" --unveil data:
	refused "w and c are granted together" --unveil data:rw
	refused "first given at --pledge stdio" --pledge stdio --on-violation deny
	# shellcheck disable=SC2086 # words on purpose
	refused "cannot grant" $WAIVED --unveil nowhere:r
}
