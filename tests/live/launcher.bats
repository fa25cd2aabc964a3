#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What a program can do to its launcher through the streams that they share.

setup() {
	. "$PAPRIKA_SOURCE/tests/harness/kernel.bash"
	work=$(mktemp -d)
	cat >"$work/deny.py" <<-'EOF'
		import os, sys, termios
		if sys.argv[1] == "stop":
		    termios.tcflow(0, termios.TCOOFF)
		for i in range(int(sys.argv[2])):
		    try:
		        os.chmod("/etc/" + "./" * (i % 50), 0o755)
		    except OSError:
		        pass
		while sys.argv[1] == "stop":
		    os.sched_yield()
	EOF
}

teardown() {
	rm -rf "$work"
}

@test "a stopped terminal does not stop the clock" {
	cat >"$work/outer.py" <<-'EOF'
		import os, pty, subprocess, sys
		master, slave = pty.openpty()
		run = subprocess.Popen([os.environ["PAPRIKA"], "run", *os.environ["WAIVED"].split(), "--wall-time", "500ms", "--rx", "/usr",
		                        "--ro", "/etc", "--ro", sys.argv[1], "--", "/usr/bin/python3",
		                        sys.argv[1], "stop", "200"], stdin=slave, stdout=slave, stderr=slave)
		print("status", run.wait(60))
	EOF
	run /usr/bin/python3 "$work/outer.py" "$work/deny.py"
	echo "$output"
	[ "$output" = "status 137" ]
}

@test "reports that nobody reads any more do not kill the program" {
	# A pipe whose reader is gone: the first report would be a SIGPIPE.
	run /usr/bin/python3 -c '
import os, subprocess, sys
reader, writer = os.pipe()
os.close(reader)
run = subprocess.run([os.environ["PAPRIKA"], "run", *os.environ["WAIVED"].split(), "--rx", "/usr", "--ro", "/etc", "--ro",
                      sys.argv[1], "--", "/usr/bin/python3", sys.argv[1], "go", "20"],
                     stderr=writer)
print("status", run.returncode)' "$work/deny.py"
	echo "$output"
	[ "$output" = "status 0" ]
}

@test "a full pipe of reports does not stop the program" {
	run /usr/bin/python3 -c '
import fcntl, os, subprocess, sys
reader, writer = os.pipe()
fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
os.write(writer, b"x" * 4096)
run = subprocess.run([os.environ["PAPRIKA"], "run", *os.environ["WAIVED"].split(), "--rx", "/usr", "--ro", "/etc", "--ro",
                      sys.argv[1], "--", "/usr/bin/python3", sys.argv[1], "go", "20"],
                     stderr=writer, timeout=60)
print("status", run.returncode)' "$work/deny.py"
	echo "$output"
	[ "$output" = "status 0" ]
}

@test "reports beyond a limit on file size do not kill the program" {
	run /usr/bin/python3 -c '
import os, resource, subprocess, sys
with open(sys.argv[2], "w") as log:
    run = subprocess.run([os.environ["PAPRIKA"], "run", *os.environ["WAIVED"].split(), "--rx", "/usr", "--ro", "/etc", "--ro",
                          sys.argv[1], "--", "/usr/bin/python3", "-B", sys.argv[1], "go", "20"],
                         stderr=log, timeout=60,
                         preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
print("status", run.returncode)' "$work/deny.py" "$work/log"
	echo "$output"
	[ "$output" = "status 0" ]
}

@test "a program that takes the terminal's foreground does not stop the launcher" {
	cat >"$work/front.py" <<-'EOF'
		import os, signal, termios
		signal.signal(signal.SIGTTOU, signal.SIG_IGN)
		os.setpgid(0, 0)
		os.tcsetpgrp(0, os.getpgrp())
		mode = termios.tcgetattr(0)
		mode[3] |= termios.TOSTOP
		termios.tcsetattr(0, termios.TCSANOW, mode)
		try:
		    os.chmod("/etc/passwd", 0o644)
		except PermissionError:
		    while True:
		        os.sched_yield()
	EOF
	cat >"$work/outer.py" <<-'EOF'
		import fcntl, os, pty, subprocess, sys, termios
		pid, master = pty.fork()
		if pid == 0:
		    os.execv(os.environ["PAPRIKA"], ["paprika", "run", *os.environ["WAIVED"].split(), "--wall-time", "500ms", "--rx", "/usr",
		             "--ro", "/etc", "--ro", sys.argv[1], "--", "/usr/bin/python3", sys.argv[1]])
		said = b""
		try:
		    while True:
		        said += os.read(master, 4096)
		except OSError:
		    pass
		print(said.decode(), "status", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	EOF
	run timeout 20 /usr/bin/python3 "$work/outer.py" "$work/front.py"
	echo "$output"
	[[ $output == *"denied: chmod(\"/etc/passwd\""* ]]
	[[ $output == *"status 137" ]]
}

@test "a file that was covered does not pass for the one at its name" {
	# The descriptor shows the name of a granted file, but is another: its own lies below
	# a mount.
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	mkdir "$work/rw"
	echo below >"$work/rw/file"
	chmod 600 "$work/rw/file"
	cat >"$work/mode.py" <<-'EOF2'
		import os
		try:
		    os.fchmod(0, 0o640)
		    print("changed")
		except OSError as error:
		    print(error.strerror)
	EOF2
	grants=(--rx /usr --ro "$work/mode.py" --rw "$work/rw" --quiet)
	run unshare -m bash -c '
		exec <"$1/rw/file"
		mount -t tmpfs none "$1/rw"
		echo above >"$1/rw/file"
		shift
		"$PAPRIKA" run $WAIVED "$@"' - "$work" "${grants[@]}" -- /usr/bin/python3 "$work/mode.py"
	echo "$output"
	[ "$output" = "Operation not permitted" ]
	[ "$(stat -c %a "$work/rw/file")" = 600 ]
	# not covered, it is the granted one
	run "$PAPRIKA" run $WAIVED "${grants[@]}" -- /usr/bin/python3 "$work/mode.py" <"$work/rw/file"
	[ "$output" = changed ]
	[ "$(stat -c %a "$work/rw/file")" = 640 ]
}

@test "without proc, signals go to oneself, and the launcher is who says so" {
	# Where Landlock judges signals, it would hide that the launcher let one pass.
	run "$PAPRIKA" run $WAIVED --rx /usr --promise "stdio rpath" -- /bin/bash -c '
		kill -0 $$ && echo oneself
		kill -0 $PPID && echo parent
		kill -0 0 && echo group
		kill -0 -- -1 && echo everybody
		kill -0 -- -$$ && echo own group'
	echo "$output"
	[[ $output == *oneself* ]]
	[[ $output != *parent* && $output != *group* && $output != *everybody* ]]
	[ "$(grep -c "denied: kill(" <<<"$output")" -eq 4 ]
	[[ $output == *"denied: kill(0, 0)"* && $output == *"denied: kill(-1, 0)"* ]]
}

@test "a program does not outlive a launcher that was killed" {
	run timeout 60 /usr/bin/python3 -c '
import os, subprocess
run = subprocess.Popen([os.environ["PAPRIKA"], "run", *os.environ["WAIVED"].split(), "--rx", "/usr", "--", "/bin/sh", "-c",
                        "echo started; exec sleep 1000"], stdout=subprocess.PIPE)
print(run.stdout.readline().decode().strip())
run.kill()
run.wait()
# It held the other end; killed, it holds it no more.
print("left:", len(run.stdout.read()))'
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == started*left:* ]]
}

@test "a user of many groups" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	mkdir "$work/rw"
	run /usr/bin/python3 -c '
import os, sys
os.setgroups(range(1000, 1000 + int(sys.argv[1])))
os.execv(os.environ["PAPRIKA"], ["paprika", "run", *os.environ["WAIVED"].split(), "--rx", "/usr", "--rw", sys.argv[2], "--",
                                 "/usr/bin/chmod", "751", sys.argv[2]])' 60000 "$work/rw"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(stat -c %a "$work/rw")" = 751 ]
}
