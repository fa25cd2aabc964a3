#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# A launcher that was made set-user-ID refuses to start anything.

@test "a set-user-ID launcher starts nothing" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	. "$PAPRIKA_SOURCE/tests/harness/kernel.bash"
	work=$(mktemp -d)
	chmod 755 "$work"
	cp "$PAPRIKA" "$work/paprika"
	chmod 755 "$work/paprika"
	run setpriv --reuid=65534 --regid=65534 --clear-groups "$work/paprika" run $WAIVED -- id -u
	[ "$status" -eq 0 ] && [ "$output" = 65534 ]
	chmod 4755 "$work/paprika"
	run setpriv --reuid=65534 --regid=65534 --clear-groups "$work/paprika" run $WAIVED -- id -u
	rm -r "$work"
	echo "$output"
	[ "$status" -eq 125 ]
	[[ $output == *"must not be set-user-ID"* ]]
}
