#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Namespaces as a further wall: what they hide is really gone, and nothing of them stays.

bats_require_minimum_version 1.5.0

setup() {
	. "$PAPRIKA_SOURCE/tests/harness/kernel.bash"
	work=$(mktemp -d)
	mkdir "$work/rw" "$work/hidden"
	echo secret >"$work/hidden/secret"
	grants=(--rx /usr --rx /bin --rw "$work/rw")
	cd "$work/rw"
	unshare -U true 2>/dev/null || [ "$(id -u)" -eq 0 ] || skip "no user namespaces for this user"
}

teardown() {
	rm -rf "$work"
}

confined() {
	run "$PAPRIKA" run $WAIVED "${grants[@]}" "$@"
	echo "$output"
}

@test "--private-tmp: empty, writable, gone afterwards" {
	marker=$(mktemp /tmp/paprika-marker-XXXXXX)
	cd /
	run "$PAPRIKA" run $WAIVED --rx /usr --rx /bin --private-tmp -- sh -c 'ls -A /tmp; echo x >/tmp/left && chmod 600 /tmp/left && cat /tmp/left'
	rm "$marker"
	[ "$status" -eq 0 ]
	[ "$output" = x ]
	[ ! -e /tmp/left ]
}

@test "--private-tmp does not leave the working directory behind the wall" {
	[[ $work == /tmp/* ]] || skip "not in /tmp"
	confined --private-tmp -- true
	[ "$status" -eq 125 ]
	[[ $output == *"is covered by a wall"* ]]
}

@test "--hide covers a directory and a file" {
	grants+=(--ro "$work/hidden")
	confined -- cat "$work/hidden/secret"
	[ "$output" = secret ]
	confined --hide "$work/hidden" -- ls -A "$work/hidden"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	confined --hide "$work/hidden/secret" -- cat "$work/hidden/secret"
	! grep -qx secret <<<"$output"
	confined --hide "$work/nowhere" -- true
	[ "$status" -eq 125 ]
	# outside it is all there
	[ "$(cat "$work/hidden/secret")" = secret ]
}

@test "metadata works behind a wall, and only there" {
	confined --hide "$work/hidden" -- sh -c ': >new && chmod 640 new'
	[ "$status" -eq 0 ]
	[ "$(stat -c %a new)" = 640 ]
	confined --hide "$work/hidden" -- chmod 600 "$work/hidden"
	[ "$status" -eq 1 ]
	[ "$(stat -c %a "$work/hidden")" = 755 ]
}

@test "--no-network: not even the loopback" {
	cat >connect.py <<-'EOF'
		import socket, sys
		try:
		    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
		    print("reached")
		except OSError as error:
		    print("errno", error.errno)
	EOF
	cat >outer.py <<-'EOF'
		import os, socket, subprocess, sys
		server = socket.create_server(("127.0.0.1", 0))
		port = str(server.getsockname()[1])
		subprocess.run([os.environ["PAPRIKA"], "run", *os.environ["WAIVED"].split(), *sys.argv[1:], "--connect", port, "--",
		                "/usr/bin/python3", "connect.py", port])
	EOF
	run /usr/bin/python3 outer.py "${grants[@]}"
	[ "$output" = reached ]
	run /usr/bin/python3 outer.py "${grants[@]}" --no-network
	[ "$output" = "errno 101" ]
}

@test "--pid-namespace: nobody outside is to be seen" {
	confined --pid-namespace --ro /proc -- sh -c 'echo $$; ls /proc | grep -c "^[0-9]"'
	[ "$status" -eq 0 ]
	# the launcher is process 1; the shell and what it starts
	[ "${lines[0]}" -lt 10 ]
	[ "${lines[1]}" -lt 10 ]
	confined --pid-namespace --ro /proc -- sh -c "kill -0 $$"
	[ "$status" -ne 0 ]
}

@test "--pid-namespace: status, signals, metadata" {
	confined --pid-namespace -- sh -c 'exit 7'
	[ "$status" -eq 7 ]
	confined --pid-namespace -- sh -c 'kill -TERM $$'
	[ "$status" -eq 143 ]
	confined --pid-namespace -- sh -c ': >new && chmod 604 new'
	[ "$status" -eq 0 ]
	[ "$(stat -c %a new)" = 604 ]
	confined --pid-namespace -- chmod 700 "$work/hidden"
	[ "$status" -eq 1 ]
	[[ $output == *"denied: "*chmod* ]]
	[ "$(stat -c %a "$work/hidden")" = 755 ]
}

@test "--pid-namespace ends with the program, whatever is left in it" {
	# The reader ends when the last process that holds the pipe does.
	"$PAPRIKA" run $WAIVED "${grants[@]}" --pid-namespace -- sh -c '(setsid sleep 1000 &); exit 5' 2>&1 | cat
	[ "${PIPESTATUS[0]}" -eq 5 ]
}

@test "--pid-namespace and --wall-time" {
	"$PAPRIKA" run $WAIVED "${grants[@]}" --pid-namespace --wall-time 500ms -- \
		sh -c '(setsid sleep 1000 &); sleep 1000' 2>said | cat
	[ "${PIPESTATUS[0]}" -eq 137 ]
	grep -q "everything was killed" said
}

@test "--pid-namespace: signals to the launcher arrive" {
	run timeout 60 /usr/bin/python3 -c '
import os, subprocess, sys
run = subprocess.Popen([os.environ["PAPRIKA"], "run", *os.environ["WAIVED"].split(), *sys.argv[1:]], stdout=subprocess.PIPE)
run.stdout.readline()
run.terminate()
print("status", run.wait())' "${grants[@]}" --pid-namespace -- sh -c 'trap "exit 9" TERM; echo ready; while :; do sleep 0.05; done'
	[ "$output" = "status 9" ]
}

@test "--pid-namespace: killing the launcher ends it all" {
	run timeout 60 /usr/bin/python3 -c '
import os, subprocess, sys
run = subprocess.Popen([os.environ["PAPRIKA"], "run", *os.environ["WAIVED"].split(), *sys.argv[1:]], stdout=subprocess.PIPE)
run.stdout.readline()
run.kill()
print("status", run.wait(), run.stdout.read())' "${grants[@]}" --pid-namespace -- sh -c '(setsid sleep 1000 &); echo ready; sleep 1000'
	[ "$output" = "status -9 b''" ]
}

@test "all walls at once, and no way back" {
	confined --pid-namespace --no-network --hide "$work/hidden" --ro / -- \
		sh -c "ls -A $work/hidden; umount $work/hidden; ls -A $work/hidden"
	! grep -qx secret <<<"$output"
	confined --pid-namespace --hide "$work/hidden" --ro / -- cat "/proc/1/root$work/hidden/secret"
	[ "$status" -ne 0 ]
	! grep -qx secret <<<"$output"
}
