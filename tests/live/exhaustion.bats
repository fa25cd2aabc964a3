#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Programs that take all there is: what is limited stays limited, the launcher keeps working.

bats_require_minimum_version 1.5.0

setup() {
	. "$PAPRIKA_SOURCE/tests/harness/kernel.bash"
	work=$(mktemp -d)
	mkdir "$work/rw" "$work/outside"
	: >"$work/outside/file"
	grants=(--rx /usr --rx /bin --rw "$work/rw")
	cd "$work/rw"
}

teardown() {
	rm -rf "$work"
}

@test "a fork bomb within a limit, until its time is over" {
	[ "$(id -u)" -ne 0 ] || skip "needs an ordinary user"
	cat >bomb.py <<-'EOF'
		import os
		while True:
		    try:
		        os.fork()
		    except OSError:
		        pass
	EOF
	# The reader ends when the last process that holds the pipe does.
	timeout 60 "$PAPRIKA" run $WAIVED "${grants[@]}" --processes 60 --wall-time 1s -- /usr/bin/python3 bomb.py 2>said | cat
	[ "${PIPESTATUS[0]}" -eq 137 ]
	grep -q "everything was killed" said
}

@test "metadata with every descriptor of the program in use" {
	cat >full.py <<-'EOF'
		import os
		with open("file", "w"):
		    pass
		held = []
		try:
		    while True:
		        held.append(os.open("file", os.O_RDONLY))
		except OSError as error:
		    print("errno", error.errno)
		os.chmod("file", 0o640)
		os.fchmod(held[0], 0o604)
		print(oct(os.stat("file").st_mode))
		try:
		    os.chmod("../outside/file", 0o777)
		except PermissionError:
		    print("refused")
	EOF
	run "$PAPRIKA" run $WAIVED --quiet "${grants[@]}" --files 64 -- /usr/bin/python3 full.py
	echo "$output"
	[ "$output" = $'errno 24\n0o100604\nrefused' ]
}

@test "ten thousand different denials are not ten thousand lines" {
	cat >deny.py <<-'EOF'
		import os
		refused = 0
		for i in range(10000):
		    try:
		        os.chmod("../outside/" + "./" * (i % 100) + "file", 0o600 + i // 100)
		    except PermissionError:
		        refused += 1
		print("refused", refused)
	EOF
	run "$PAPRIKA" run $WAIVED "${grants[@]}" -- /usr/bin/python3 deny.py
	[[ $output == *"refused 10000"* ]]
	[ "$(grep -c 'paprika: denied:' <<<"$output")" -le 64 ]
	[[ $output == *"further denials were not shown"* ]]
}

@test "fifty processes at once, none left unanswered" {
	cat >many.py <<-'EOF'
		import os
		children = []
		for child in range(50):
		    pid = os.fork()
		    if pid == 0:
		        name = f"file{child}"
		        with open(name, "w"):
		            pass
		        for i in range(200):
		            os.chmod(name, 0o600 | i & 0o77)
		            if os.stat(name).st_mode & 0o777 != 0o600 | i & 0o77:
		                os._exit(1)
		            try:
		                os.chmod("../outside/file", 0o777)
		                os._exit(2)
		            except PermissionError:
		                pass
		        os._exit(0)
		    children.append(pid)
		print("wrong", sum(os.waitpid(pid, 0)[1] != 0 for pid in children))
	EOF
	run "$PAPRIKA" run $WAIVED --quiet "${grants[@]}" -- /usr/bin/python3 many.py
	echo "$output"
	[ "$output" = "wrong 0" ]
}

@test "no descriptors for the launcher: a message, and nothing runs" {
	(
		ulimit -n 6
		exec "$PAPRIKA" run $WAIVED "${grants[@]}" -- sh -c "echo ran >marker"
	) 2>said || status=$?
	cat said
	[ "$status" -eq 125 ]
	grep -q "^paprika: .*descriptors available\|^paprika: .*open files" said
	[ ! -e marker ]
}

@test "no processes for the launcher: a message, and nothing runs" {
	[ "$(id -u)" -ne 0 ] || skip "needs an ordinary user"
	(
		ulimit -u 1
		exec "$PAPRIKA" run $WAIVED "${grants[@]}" -- sh -c "echo ran >marker"
	) 2>said || status=$?
	cat said
	[ "$status" -eq 125 ]
	grep -q "cannot make a process" said
	[ ! -e marker ]
}

@test "a launcher that cannot watch any more ends the program, with its status" {
	# poll() refuses more descriptors than a process may have
	: >mine
	mkfifo go
	"$PAPRIKA" run $WAIVED "${grants[@]}" -- sh -c 'echo begun; read -r line <go; chmod 640 mine
		exec sleep 1000' >output 2>said 3>&- &
	launcher=$!
	exec 7>go
	prlimit --nofile=1:1 --pid "$launcher"
	echo on >&7
	status=0
	wait "$launcher" || status=$?
	[ "$status" -eq 137 ]
	[ "$(cat output)" = begun ]
	grep -q "everything was killed: cannot wait for it: Invalid argument" said
}
