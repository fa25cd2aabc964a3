#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# --trace: Landlock refuses without a word; the supervisor says which grant was missing,
# and nothing is allowed that would not be without it.

setup() {
	. "$PAPRIKA_SOURCE/tests/harness/kernel.bash"
	work=$(mktemp -d)
	mkdir "$work/in" "$work/out"
	echo secret >"$work/in/secret"
	cd "$work"
}

teardown() {
	rm -rf "$work"
}

# trace FLAG... -- COMMAND...: output in $output, as bats' run does.
trace() {
	run "$PAPRIKA" run $WAIVED --trace --rx /usr "$@"
}

has() {
	[[ $output == *"$1"* ]] || {
		echo "no \"$1\" in:"
		echo "$output"
		return 1
	}
}

@test "a file that cannot be read is named with its flag" {
	run cat in/secret
	[ "$status" -eq 0 ]
	trace -- cat in/secret
	[ "$status" -eq 1 ]
	has "denied: openat(AT_FDCWD, \"in/secret\""
	has "not granted for reading; --ro $work/in/secret would allow it"
	[[ $output != *$'\n'secret* ]]
}

@test "the named flag is the one that helps" {
	trace --ro in/secret -- cat in/secret
	[ "$status" -eq 0 ]
	has secret
	[[ $output != *"$work/in/secret would allow"* ]]
}

@test "a device that a promise brings along is not named" {
	trace -- sh -c 'echo x >/dev/null && cat </dev/null && chmod 600 /dev/null'
	[ "$status" -ne 0 ]
	[[ $output != *'openat(AT_FDCWD, "/dev/null"'* ]]
	# writing to it is granted, changing its mode is not
	has 'chmodat'
	has '"/dev/null"'
}

@test "creating, removing and renaming name the directory" {
	trace --rw out -- sh -c 'echo x >in/new; rm in/secret; mv in/secret out/moved'
	has "--rw $work/in would allow it"
	[ -e in/secret ]
	[ ! -e in/new ]
	[ ! -e out/moved ]
}

@test "what the C library asks for in passing is not named, unless a program means it" {
	[ "$(readlink -f /usr/share/locale/locale.alias)" = /etc/locale.alias ] ||
		skip "no list of locales in /etc"
	trace -- /usr/bin/python3 -c 'open("/usr/share/locale/locale.alias")'
	[ "$status" -eq 1 ]
	[[ $output != *"paprika: denied"* ]]
	trace -- /usr/bin/python3 -c 'open("/etc/locale.alias")'
	[ "$status" -eq 1 ]
	has "--ro /etc/locale.alias would allow it"
}

@test "execution names --rx" {
	cp /usr/bin/true in/tool
	trace --ro in -- sh -c './in/tool'
	[ "$status" -eq 126 ]
	has "not granted for execution; --rx $work/in/tool would allow it"
	trace --rx in -- sh -c './in/tool'
	[ "$status" -eq 0 ]
}

@test "a port names --connect" {
	if is_lacking tcp-ports; then
		skip "this kernel cannot tell ports apart"
	fi
	trace --connect 9 -- /usr/bin/python3 -c '
import socket
try:
    socket.create_connection(("127.0.0.1", 1))
except PermissionError as error:
    print("refused", error.errno)'
	has "refused 13"
	has "port 1 is not granted; --connect 1 would allow it"
}

@test "what exists nowhere is not reported" {
	trace --ro in -- cat in/absent
	[ "$status" -eq 1 ]
	[[ $output != *absent*would\ allow* ]]
}

@test "hostile names are escaped" {
	printf x >"$(printf 'in/a\nb\033[31m')"
	trace --rw out -- cat "$(printf 'in/a\nb\033[31m')"
	has 'in/a\nb\x1b[31m'
	[[ $output != *$'\033[31m would'* ]]
}

@test "--quiet says nothing" {
	trace --quiet -- cat in/secret
	[ "$status" -eq 1 ]
	[[ $output != *paprika:* ]]
}
