#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# --wall-time: when it is over nothing of the program is left, whatever it tried.

setup() {
	. "$PAPRIKA_SOURCE/tests/harness/kernel.bash"
	work=$(mktemp -d)
	mkdir "$work/rw"
	grants=(--rx /usr --rx /bin --rw "$work/rw")
	cd "$work/rw"
}

teardown() {
	rm -rf "$work"
}

# nothing_left STATUS COMMAND...: every process of the command holds a pipe, and its reader
# ends when the last of them does, not before.
nothing_left() {
	local expected=$1
	shift
	"$@" 2>messages | cat >/dev/null
	[ "${PIPESTATUS[0]}" -eq "$expected" ]
	grep -q "everything was killed: --wall-time" messages
}

@test "a program that ends by itself is not touched" {
	run "$PAPRIKA" run $WAIVED "${grants[@]}" --wall-time 60s -- sh -c 'exit 3'
	[ "$status" -eq 3 ]
	[ -z "$output" ]
}

@test "a program that does not end is killed" {
	run "$PAPRIKA" run $WAIVED "${grants[@]}" --wall-time 300ms -- sleep 1000
	[ "$status" -eq 137 ]
	[[ $output == *"everything was killed: --wall-time 300ms is over"* ]]
}

@test "so are its children, and theirs, in sessions of their own" {
	nothing_left 137 "$PAPRIKA" run $WAIVED "${grants[@]}" --wall-time 500ms -- sh -c '
		setsid sh -c "setsid sleep 1000 & setsid sh -c \"sleep 1000 & sleep 1000\" & sleep 1000" &
		sleep 1000'
}

@test "and orphans whose parents ended at once" {
	nothing_left 137 "$PAPRIKA" run $WAIVED "${grants[@]}" --wall-time 500ms -- sh -c '
		(setsid sleep 1000 &)
		(setsid sh -c "(sleep 1000 &)" &)
		sleep 1000'
}

@test "also when the program itself ended long before" {
	# status and message are the program's own: it was not what was killed
	nothing_left 3 "$PAPRIKA" run $WAIVED "${grants[@]}" --wall-time 500ms -- \
		sh -c '(setsid sleep 1000 &); exit 3'
	run "$PAPRIKA" run $WAIVED "${grants[@]}" --wall-time 500ms -- \
		sh -c '(setsid sleep 1000 >/dev/null 2>&1 &); exit 3'
	[ "$status" -eq 3 ]
}

@test "what ends in time is waited for" {
	run "$PAPRIKA" run $WAIVED "${grants[@]}" --wall-time 60s -- \
		sh -c '(setsid sh -c "sleep 0.3; echo late >late" >/dev/null 2>&1 &); exit 4'
	[ "$status" -eq 4 ]
	[ "$(cat late)" = late ]
}

@test "stopped processes are killed as well" {
	nothing_left 137 "$PAPRIKA" run $WAIVED "${grants[@]}" --wall-time 500ms -- sh -c '
		sleep 1000 & kill -STOP $!; kill -STOP $$'
}

@test "signals that are ignored do not help" {
	nothing_left 137 "$PAPRIKA" run $WAIVED "${grants[@]}" --wall-time 500ms -- sh -c '
		trap "" TERM INT HUP QUIT; while :; do sleep 1000; done'
}

@test "a chain of processes that each start the next and end" {
	# never more than two at a time; each lives for a moment
	cat >chain.py <<-'EOF'
		import os
		while True:
		    if os.fork():
		        os._exit(0)
		    os.setsid()
	EOF
	nothing_left 0 timeout 60 "$PAPRIKA" run $WAIVED "${grants[@]}" --wall-time 500ms -- /usr/bin/python3 chain.py
}

@test "a tree of processes that grows" {
	cat >tree.py <<-'EOF'
		import os, resource, signal
		resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
		for i in range(7):
		    os.fork()
		signal.pause()
	EOF
	nothing_left 137 timeout 60 "$PAPRIKA" run $WAIVED "${grants[@]}" --wall-time 1s -- /usr/bin/python3 tree.py
}

@test "children that the launcher had before are neither killed nor waited for" {
	# the shell becomes the launcher, with a child of the shell's
	cat >become <<-'EOF'
		sleep 1000 >/dev/null 2>&1 &
		echo $! >"$1"
		shift
		exec "$PAPRIKA" run $WAIVED "$@"
	EOF
	nothing_left 137 sh become first "${grants[@]}" --wall-time 500ms -- \
		sh -c '(setsid sleep 1000 &); sleep 1000'
	kill "$(cat first)"
	# the program's end is the launcher's, long before the limit
	run timeout 60 sh become second "${grants[@]}" --wall-time 1000s -- sh -c 'exit 3'
	[ "$status" -eq 3 ]
	kill "$(cat second)"
}

@test "a launcher that was started with SIGCHLD ignored" {
	run timeout 20 /usr/bin/python3 -c '
import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(os.environ["PAPRIKA"], ["paprika", "run", *os.environ["WAIVED"].split(), *sys.argv[1:]])' "${grants[@]}" -- sh -c 'exit 5'
	[ "$status" -eq 5 ]
}

@test "a socket that lingers does not hold the launcher up" {
	cat >linger.py <<-'EOF'
		# The launcher fetches a descriptor to look at it. When the program closes its own
		# meanwhile, the launcher's is the last, and closing it waits for the peer.
		import os, socket, struct, sys, threading
		def once():
		    client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
		    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 1000))
		    client.setblocking(False)
		    try:
		        while True:
		            client.send(b"x" * 65536)
		    except BlockingIOError:
		        pass
		    number = client.detach()
		    done = threading.Event()
		    def ask():
		        while not done.is_set():
		            try:
		                os.fchmod(number, 0o600)
		            except OSError:
		                pass
		    threads = [threading.Thread(target=ask) for i in range(4)]
		    for thread in threads:
		        thread.start()
		    # Whose close is the last one waits; the program has more than one to try with.
		    closer = threading.Thread(target=os.close, args=(number,), daemon=True)
		    closer.start()
		    closer.join(0.05)
		    done.set()
		while True:
		    once()
	EOF
	run timeout 60 /usr/bin/python3 -c '
import os, socket, subprocess, sys, threading
server = socket.create_server(("127.0.0.1", 0), backlog=1000)
server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
port = server.getsockname()[1]
run = subprocess.run([os.environ["PAPRIKA"], "run", *os.environ["WAIVED"].split(), "--quiet", *sys.argv[1:], "--connect", str(port),
                      "--wall-time", "3s", "--", "/usr/bin/python3", "linger.py", str(port)])
print("status", run.returncode)' "${grants[@]}"
	echo "$output"
	[[ $output == *"status 137"* ]]
}

@test "a program that became another user" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	chmod 755 "$work" "$work/rw"
	cat >become.py <<-'EOF'
		import os, signal
		for i in range(3):
		    if os.fork() == 0:
		        os.setsid()
		        os.setresgid(1000 + i, 1000 + i, 1000 + i)
		        os.setresuid(1000 + i, 1000 + i, 1000 + i)
		        os.fork()
		        signal.pause()
		os.setresuid(2000, 2000, 2000)
		signal.pause()
	EOF
	nothing_left 137 timeout 60 "$PAPRIKA" run $WAIVED "${grants[@]}" --wall-time 1s --capability setuid \
		--capability setgid --promise "stdio rpath id proc" -- /usr/bin/python3 become.py
}
