#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# paprika check: the table, the object for programs, known kernels, bad arguments.

check() {
	"$PAPRIKA" check "$@"
}

@test "the table has a line for each thing" {
	run check
	[ "$status" -eq 0 ] || [ "$status" -eq 1 ]
	for name in filter files rename truncate tcp-ports udp-ports device-ioctl signals \
		abstract-sockets unix-paths threads supervisor metadata namespaces; do
		grep -Eq "^  (yes|no ) +$name " <<< "$output"
	done
	[[ "$output" == "this kernel, "* ]]
}

@test "what is missing comes with a kernel and a cost" {
	run check --kernel 6.1
	[[ "$output" == *"no   tcp-ports"*"from Linux 6.7; without it: once a program may use TCP"* ]]
	[[ "$output" == *"yes  rename"* ]]
	run check --kernel 7.3
	[[ "$output" != *"without it"* ]]
}

@test "a known kernel is said to be one" {
	run check --kernel 6.12
	[ "$status" -eq 0 ]
	[[ "$output" == *"Linux 6.12 as distributions build it (a known set, not this machine)"* ]]
	[[ "$output" == *"paprika run works here."* ]]
	run check
	[[ "$output" != *"known set"* ]]
}

@test "the status says whether run works, and the last lines why not" {
	for version in 6.12 6.18 7.3; do
		run check --kernel "$version"
		[ "$status" -eq 0 ]
	done
	run check --kernel 5.10
	[ "$status" -eq 1 ]
	[[ "$output" == *"paprika run refuses here: Linux 5.10 cannot enforce: files "* ]]
	[[ "$output" == *"--waive files --waive signals"* ]]
	run check --kernel=6.1
	[ "$status" -eq 1 ]
	[[ "$output" == *"signals"* ]]
}

@test "check and run agree about this kernel" {
	run check
	local said=$status
	run "$PAPRIKA" run -- true
	case "$said" in
	0) [ "$status" -eq 0 ] ;;
	1) [ "$status" -eq 125 ] ;;
	*) false ;;
	esac
}

json() {
	check --json "${@:2}" | python3 -c "import json, sys
d = json.load(sys.stdin)
f = {entry['name']: entry for entry in d['features']}
print($1)"
}

@test "json says the same" {
	[ "$(json "d['version'], d['kernel'], d['known_set'], d['landlock_abi']" --kernel 6.12)" = \
		"1 6.12 True 6" ]
	[ "$(json "d['kernel'], d['known_set']")" = "this kernel False" ]
	[ "$(json "len(f)" --kernel 6.12)" = 14 ]
	[ "$(json "f['tcp-ports']['available'], f['udp-ports']['available']" --kernel 6.12)" = \
		"True False" ]
	[ "$(json "f['udp-ports']['since'], f['udp-ports']['waive']" --kernel 6.12)" = \
		"7.2 udp-ports" ]
	[ "$(json "f['truncate']['waive']" --kernel 6.1)" = None ]
	[ "$(json "d['run_works'], d['problem'], d['hint']" --kernel 7.3)" = "True None None" ]
	[ "$(json "'signals' in d['problem'], 'waive signals' in d['hint']" --kernel 6.1)" = \
		"True True" ]
}

@test "json and the table agree on every kernel" {
	for version in 5.10 6.1 6.12 6.18 7.3; do
		run check --kernel "$version"
		local table
		table=$(grep -Eo '^  (yes|no ) +[a-z-]+' <<< "$output" | awk '{print $2 "=" $1}' | sort)
		[ -n "$table" ]
		[ "$table" = "$(json "'\n'.join(sorted(n + '=' + ('yes' if e['available'] else 'no') for n, e in f.items()))" --kernel "$version")" ]
	done
}

@test "whatever can be waived is known to run" {
	json "'\n'.join(e['waive'] for e in d['features'] if e['waive'] not in (None, 'seccomp'))" \
		--kernel 7.3 > "$BATS_TEST_TMPDIR/names"
	[ "$(wc -l < "$BATS_TEST_TMPDIR/names")" -gt 8 ]
	while read -r name; do
		run "$PAPRIKA" run --dry-run --waive "$name" -- true
		[[ "$output" != *"can be waived"* ]]
	done < "$BATS_TEST_TMPDIR/names"
	run "$PAPRIKA" run --dry-run --waive nonsense -- true
	[ "$status" -eq 125 ]
	[[ "$output" == *"can be waived"* ]]
}

@test "unknown kernels and arguments are refused with a hint" {
	run check --kernel 6.2
	[ "$status" -eq 125 ]
	[[ "$output" == *'nothing is known about "6.2"'*"known are 5.10, 6.1, 6.12, 6.18, 7.3"* ]]
	run check --jason
	[ "$status" -eq 125 ]
	[[ "$output" == *'unknown argument "--jason"'*"did you mean --json?"* ]]
	run check --kernel
	[ "$status" -eq 125 ]
	[[ "$output" == *"--kernel needs a version"* ]]
	run check --kernel 6.1 --kernel 6.12
	[ "$status" -eq 125 ]
	[[ "$output" == *"given twice"* ]]
	run check extra
	[ "$status" -eq 125 ]
	run check --kernel $'6.1\e[31m'
	[ "$status" -eq 125 ]
	[[ "$output" != *$'\e'* ]]
}

@test "help names every flag" {
	run check --help
	[ "$status" -eq 0 ]
	for flag in --json --kernel; do
		[[ "$output" == *"$flag"* ]]
	done
}

@test "an answer that cannot be written is a failure" {
	run bash -c '"$PAPRIKA" check --kernel 6.12 > /dev/full'
	[ "$status" -eq 125 ]
	[[ "$output" == *"cannot write"* ]]
	run bash -c '"$PAPRIKA" check --json --kernel 6.12 > /dev/full'
	[ "$status" -eq 125 ]
}
