#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Descriptors that the program was handed: they are what they are, and open nothing further.

bats_require_minimum_version 1.5.0

setup() {
	. "$PAPRIKA_SOURCE/tests/harness/kernel.bash"
	work=$(mktemp -d)
	mkdir "$work/rw" "$work/outside"
	cd "$work/rw"
	# Starts the command with a socket as standard input and says what came of it.
	cat >"$work/hand.py" <<-'EOF'
		import os, socket, subprocess, sys
		kind, *command = sys.argv[1:]
		server = socket.create_server(("127.0.0.1", 0))
		server.settimeout(0)
		port = server.getsockname()[1]
		handed = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
		if kind == "bound":
		    handed.bind(("127.0.0.1", 0))
		run = subprocess.run([word.replace("PORT", str(port)) for word in command], stdin=handed)
		try:
		    server.accept()
		    print("reached")
		except BlockingIOError:
		    print("not reached")
		print("listening", handed.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
	EOF
	cat >use.py <<-'EOF'
		import socket, sys
		handed = socket.socket(fileno=0)
		try:
		    if sys.argv[1] == "listen":
		        handed.listen()
		    else:
		        handed.connect(("127.0.0.1", int(sys.argv[1])))
		except OSError as error:
		    print("errno", error.errno, flush=True)
	EOF
	grants=("$PAPRIKA" run $WAIVED --quiet --rx /usr --rx /bin --rw "$work/rw")
}

teardown() {
	rm -rf "$work"
}

hand() {
	run timeout 60 /usr/bin/python3 "$work/hand.py" "$@"
	echo "$output"
}

@test "one port is granted where the kernel tells them apart, or refused" {
	for grant in --connect --listen; do
		run "$PAPRIKA" run --waive signals "$grant" 1 -- true
		if is_lacking tcp-ports; then
			[ "$status" -eq 125 ]
			[[ $output == *"this kernel cannot enforce: tcp-ports "* ]]
		else
			[ "$status" -eq 0 ]
		fi
	done
}

@test "a socket that is not connected is connected nowhere" {
	hand fresh /usr/bin/python3 use.py PORT
	[[ $output == *$'\nlistening'* && $output == reached* ]]
	hand fresh "${grants[@]}" -- /usr/bin/python3 use.py PORT
	[[ $output == *"not reached"* ]]
	hand fresh "${grants[@]}" --connect 1 -- /usr/bin/python3 use.py PORT
	is_lacking tcp-ports || [[ $output == *"errno 13"*"not reached"* ]]
	hand fresh "${grants[@]}" --connect PORT -- /usr/bin/python3 use.py PORT
	[[ $output == reached* ]]
}

@test "a socket that is bound does not listen" {
	hand bound /usr/bin/python3 use.py listen
	[[ $output == *"listening 1"* ]]
	hand bound "${grants[@]}" -- /usr/bin/python3 use.py listen
	[[ $output == *"listening 0"* ]]
	hand bound "${grants[@]}" --listen 1 -- /usr/bin/python3 use.py listen
	is_lacking tcp-ports || [[ $output == *"errno 13"*"listening 0"* ]]
}

@test "a core file is written where writing is granted, and nowhere else" {
	[[ $(cat /proc/sys/kernel/core_pattern) != [\|/]* ]] || skip "core files have a place of their own"
	[ "$(ulimit -Hc)" != 0 ] || skip "no core files for this user"
	ulimit -c unlimited
	run sh -c 'cd ../outside && kill -ABRT $$'
	[ -n "$(ls "$work/outside")" ]
	rm "$work"/outside/*
	run "${grants[@]}" -- sh -c 'cd ../outside && kill -ABRT $$'
	[ "$status" -eq 134 ]
	[ -z "$(ls "$work/outside")" ]
}
