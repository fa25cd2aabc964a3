#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Signals on their way to the program, terminals, and what goes on after the program's end.

bats_require_minimum_version 1.5.0

setup() {
	. "$PAPRIKA_SOURCE/tests/harness/kernel.bash"
	work=$(mktemp -d)
	mkdir "$work/rw" "$work/outside"
	grants=(--rx /usr --rx /bin --rw "$work/rw")
	cd "$work/rw"
	# Starts the launcher, waits until the program says that it is ready, then does what
	# the first argument says with `run` (the launcher) and `out` (its output).
	cat >"$work/drive.py" <<-'EOF'
		import os, signal, subprocess, sys
		run = subprocess.Popen([os.environ["PAPRIKA"], "run", *os.environ["WAIVED"].split(), *sys.argv[2:]], stdout=subprocess.PIPE,
		                       bufsize=0, start_new_session=True)
		out = run.stdout
		line = out.readline()
		if line != b"ready\n":
		    sys.exit(f"not ready: {line}")
		exec(sys.argv[1])
		print(out.read().decode(), end="")
		print("status", run.wait(60))
	EOF
	# Says ready, then the name of the first signal that arrives.
	cat >"$work/rw/catch.py" <<-'EOF'
		import os, signal
		def caught(number, frame):
		    os.write(1, signal.Signals(number).name.encode() + b"\n")
		    os._exit(3)
		for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1,
		               signal.SIGUSR2):
		    signal.signal(number, caught)
		os.write(1, b"ready\n")
		while True:
		    signal.pause()
	EOF
}

teardown() {
	rm -rf "$work"
}

drive() {
	run timeout 60 /usr/bin/python3 "$work/drive.py" "$@"
	echo "$output"
}

@test "signals to the launcher reach the program" {
	for name in TERM INT HUP QUIT USR1 USR2; do
		drive "run.send_signal(signal.SIG$name)" "${grants[@]}" -- /usr/bin/python3 catch.py
		[ "${lines[0]}" = "SIG$name" ]
		[ "${lines[1]}" = "status 3" ]
	done
}

@test "a program that dies of it: the launcher says so" {
	drive "run.terminate()" "${grants[@]}" -- sh -c 'echo ready; exec sleep 1000'
	[ "$output" = "status $((128 + 15))" ]
}

@test "whoever kills the launcher kills the program" {
	drive "run.kill()" "${grants[@]}" -- sh -c 'echo ready; exec sleep 1000'
	# out.read() ends when nobody holds the pipe any more
	[ "$output" = "status -9" ]
}

@test "the program starts with the mask and the handlers that its caller had" {
	run /usr/bin/python3 -c '
import os, signal, sys
signal.pthread_sigmask(signal.SIG_SETMASK, [signal.SIGUSR1, signal.SIGWINCH])
signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.execv(os.environ["PAPRIKA"], ["paprika", "run", *os.environ["WAIVED"].split(), *sys.argv[1:]])' "${grants[@]}" --ro /proc -- \
		grep -E '^Sig(Blk|Ign):' /proc/self/status
	echo "$output"
	# USR1 is 10, WINCH 28, HUP 1; python ignores PIPE (13) and XFSZ (25)
	[[ ${lines[0]} == SigBlk:*0000000008000200 ]]
	[[ ${lines[1]} == SigIgn:*0000000001001001 ]]
}

@test "^C at a terminal reaches the program once, and the launcher waits for it" {
	cat >"$work/terminal.py" <<-'EOF'
		import os, pty, sys
		pid, master = pty.fork()
		if pid == 0:
		    os.execv(os.environ["PAPRIKA"], ["paprika", "run", *os.environ["WAIVED"].split(), *sys.argv[1:]])
		said = b""
		sent = False
		try:
		    while True:
		        said += os.read(master, 4096)
		        if b"ready" in said and not sent:
		            os.write(master, b"\x03")
		            sent = True
		except OSError:
		    pass
		print(said.decode(), "status", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	EOF
	cat >count.py <<-'EOF'
		import signal, sys
		count = 0
		def caught(number, frame):
		    global count
		    count += 1
		signal.signal(signal.SIGINT, caught)
		signal.signal(signal.SIGALRM, lambda number, frame: sys.exit(10 + count))
		print("ready", flush=True)
		while not count:
		    signal.pause()
		# a second one would arrive at the same time
		signal.setitimer(signal.ITIMER_REAL, 0.2)
		while True:
		    signal.pause()
	EOF
	run timeout 60 /usr/bin/python3 "$work/terminal.py" "${grants[@]}" -- /usr/bin/python3 count.py
	echo "$output"
	[[ $output == *"status 11" ]]
	run timeout 60 /usr/bin/python3 "$work/terminal.py" "${grants[@]}" -- sh -c 'echo ready; exec sleep 1000'
	[[ $output == *"status 130" ]]
}

@test "children that outlive the program are still answered, and still confined" {
	echo secret >"$work/outside/secret"
	chmod 600 "$work/outside/secret"
	: >file
	mkfifo go went
	cat >stay.py <<-'EOF'
		import os, sys
		if os.fork():
		    os._exit(0)
		os.setsid()
		if os.fork():
		    os._exit(0)
		with open("go") as go:
		    go.read()
		said = []
		for path in sys.argv[1:]:
		    try:
		        os.chmod(path, 0o640)
		        said.append("done")
		    except OSError as error:
		        said.append(str(error.errno))
		with open("went", "w") as went:
		    went.write(" ".join(said))
	EOF
	"$PAPRIKA" run $WAIVED "${grants[@]}" -- /usr/bin/python3 stay.py file "$work/outside/secret" \
		</dev/null >/dev/null 2>&1 3>&-
	echo >go
	[ "$(timeout 30 cat went)" = "done 1" ]
	[ "$(stat -c %a file)" = 640 ]
	[ "$(stat -c %a "$work/outside/secret")" = 600 ]
}

# Whoever waits for the end of a pipe that it passed on waits for the program's, not ours.
@test "the launcher keeps no descriptor of its caller's" {
	cat >"$work/pipes.py" <<-'EOF'
		import os, subprocess, sys
		ours, theirs = os.pipe()
		passed = [f"--fd={theirs}"] if sys.argv[1] == "passed" else []
		run = subprocess.Popen([os.environ["PAPRIKA"], "run", *os.environ["WAIVED"].split(), *passed, *sys.argv[2:]], pass_fds=[theirs],
		                       stdin=subprocess.PIPE)
		os.close(theirs)
		print("end", os.read(ours, 10))
		run.stdin.close()
		print("status", run.wait())
	EOF
	# the program lives until its standard input ends
	run timeout 30 /usr/bin/python3 "$work/pipes.py" other "${grants[@]}" -- sh -c 'cat; exit 4'
	[ "$output" = $'end b\'\'\nstatus 4' ]
	run timeout 30 /usr/bin/python3 "$work/pipes.py" passed "${grants[@]}" -- \
		/usr/bin/python3 -c 'import os, sys; os.closerange(3, 100); sys.stdin.read(); sys.exit(5)'
	[ "$output" = $'end b\'\'\nstatus 5' ]
	# what outlives the program does not keep them either
	run timeout 30 /usr/bin/python3 "$work/pipes.py" passed "${grants[@]}" -- \
		/usr/bin/python3 -c '
import os, sys
if os.fork() == 0:
    os.setsid()
    os.closerange(0, 100)
    os.execv("/bin/sleep", ["sleep", "2"])
sys.exit(6)'
	[ "$output" = $'end b\'\'\nstatus 6' ]
}

@test "the launcher is gone when the last of them is" {
	# The pipe is inherited by nobody but the launcher and what it leaves behind.
	run timeout 30 /usr/bin/python3 -c '
import os, subprocess, sys
ours, theirs = os.pipe()
run = subprocess.Popen([os.environ["PAPRIKA"], "run", *os.environ["WAIVED"].split(), *sys.argv[1:]], pass_fds=[theirs],
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
os.close(theirs)
print("status", run.wait(), "end", os.read(ours, 1))' "${grants[@]}" -- sh -c '(setsid sleep 0.5 &); exit 4'
	[ "$output" = "status 4 end b''" ]
}
