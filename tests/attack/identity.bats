#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Programs whose file lends an identity or a power: started inside, they give none.

bats_require_minimum_version 1.5.0

setup() {
	. "$PAPRIKA_SOURCE/tests/harness/kernel.bash"
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	work=$(mktemp -d)
	chmod 755 "$work"
	mkdir "$work/rw" "$work/bin"
	cp "$PAPRIKA" "$work/bin/paprika"
	cp /usr/bin/id /usr/bin/cat "$work/bin"
	echo secret >"$work/secret"
	chmod 600 "$work/secret"
	chown 65534:65534 "$work/rw"
	cd "$work/rw"
	as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
}

teardown() {
	cd /
	[ -z "${work:-}" ] || rm -rf "$work"
}

confined() {
	run "${as_user[@]}" "$work/bin/paprika" run $WAIVED --rx /usr --rx "$work/bin" --ro "$work" --rw "$work/rw" -- "$@"
	echo "$output"
}

@test "a set-user-ID program" {
	chmod 4755 "$work/bin/id"
	run "${as_user[@]}" "$work/bin/id"
	[[ $output == *"euid=0"* ]] || skip "$work ignores the bit"
	confined "$work/bin/id"
	[[ $output == uid=65534* ]]
	[[ $output != *euid=* ]]
	confined sh -c "$work/bin/id; true"
	[[ $output != *euid=* ]]
}

@test "a set-group-ID program" {
	chmod 2755 "$work/bin/id"
	run "${as_user[@]}" "$work/bin/id"
	[[ $output == *"egid=0"* ]] || skip "$work ignores the bit"
	confined sh -c "$work/bin/id; true"
	[[ $output != *egid=* ]]
}

@test "a program with capabilities of its own" {
	setcap cap_dac_override=ep "$work/bin/cat" || skip "no file capabilities in $work"
	run "${as_user[@]}" "$work/bin/cat" "$work/secret"
	[ "$output" = secret ] || skip "no file capabilities in $work"
	confined "$work/bin/cat" "$work/secret"
	[ "$status" -ne 0 ]
	! grep -qx secret <<<"$output"
	confined sh -c "$work/bin/cat $work/secret; true"
	! grep -qx secret <<<"$output"
}

@test "root that is confined has no power beyond its name" {
	chown 65534:65534 "$work/secret"
	run cat "$work/secret"
	[ "$output" = secret ]
	run "$work/bin/paprika" run $WAIVED --rx /usr --rx /bin --ro "$work" -- cat "$work/secret"
	[ "$status" -ne 0 ]
	# nor after executing something else, whatever the bounding set says
	run "$work/bin/paprika" run $WAIVED --rx /usr --rx /bin --ro /proc -- \
		sh -c "sh -c \"grep -E '^Cap(Prm|Eff|Amb|Inh)' /proc/self/status; true\"; true"
	[ "$(grep -c $'\t0000000000000000$' <<<"$output")" -eq 4 ]
	# one that is asked for stays, through execution too
	run "$work/bin/paprika" run $WAIVED --rx /usr --rx /bin --ro "$work" --capability dac_override -- \
		sh -c "cat $work/secret"
	[ "$output" = secret ]
}

@test "an outer password prompt gains nothing" {
	[ -u "$(command -v su)" ] || skip "no su"
	run "$work/bin/paprika" run $WAIVED --rx /usr --rx /bin --ro /etc -- su nobody -s /bin/sh -c id
	[ "$status" -ne 0 ]
	[[ $output != *uid=65534* ]]
}
