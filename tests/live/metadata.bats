#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Metadata calls are performed by the launcher: they must do and say what the kernel does
# and says for a program that is not confined.

bats_require_minimum_version 1.5.0

setup() {
	. "$PAPRIKA_SOURCE/tests/harness/kernel.bash"
	work=$(mktemp -d)
	mkdir "$work/bare" "$work/confined"
	answers=$PAPRIKA_BUILD/tests/live/answers
	cd "$work"
}

teardown() {
	rm -rf "$work"
}

# What depends on the moment is taken out: times that are now, addresses.
answers_in() {
	local side=$1
	shift
	(cd "$side" && "$@" >"$work/$side.raw")
	sed -E 's/times (17|18|19|2[0-9])[0-9]{8}\.[0-9]+/times now/; s/ (17|18|19|2[0-9])[0-9]{8}\.[0-9]+ attribute/ now attribute/' \
		"$side.raw" >"$side.txt"
	[ "$(wc -l <"$side.txt")" -gt 100 ]
}

@test "every answer is the kernel's own" {
	answers_in bare "$answers"
	answers_in confined "$PAPRIKA" run $WAIVED --quiet --rw . -- "$answers"
	diff -u bare.txt confined.txt
}

@test "also with few descriptors left for the launcher" {
	answers_in bare "$answers"
	(
		ulimit -n 70
		answers_in confined "$PAPRIKA" run $WAIVED --quiet --rw . -- "$answers"
	)
	diff -u bare.txt confined.txt
}

@test "nothing is left open after thousands of calls" {
	cat >many.py <<-'EOF'
		import os
		with open("confined/file", "w"):
		    pass
		for i in range(5000):
		    os.chmod("confined/file", 0o600 | i & 0o77)
		    for call in (lambda: os.chmod("/etc/passwd", 0o644), lambda: os.chmod("confined/nothing", 0o644),
		                 lambda: os.utime("confined/../..", None), lambda: os.fchmod(0, 0o600)):
		        try:
		            call()
		        except OSError:
		            pass
		print("done", oct(os.stat("confined/file").st_mode))
	EOF
	(
		ulimit -n 40
		run "$PAPRIKA" run $WAIVED --quiet --rx /usr --ro many.py --rw confined -- /usr/bin/python3 many.py
		echo "$output"
		[ "$output" = "done 0o100607" ]
	)
}

@test "without a grant each of them is refused, and nothing changes" {
	answers_in bare "$answers"
	cp -a bare refused
	(cd refused && touch -d @1 file dir pipe dir/below)
	before=$(cd refused && stat -c '%n %a %u %g %s %Y %Z' file dir pipe dir/below)
	for call in "chmod 600 file" "chmod 700 dir" "touch -d @5 file" "chgrp $(id -g) file" "truncate -s 0 file"; do
		run "$PAPRIKA" run $WAIVED --quiet --rx /usr --rx /bin --ro refused --chdir refused -- $call
		[ "$status" -eq 1 ]
	done
	[ "$(cd refused && stat -c '%n %a %u %g %s %Y %Z' file dir pipe dir/below)" = "$before" ]
}

@test "a thread with a table of descriptors of its own gets what it means, or is refused" {
	cat >table.py <<-'EOF'
		import ctypes, os, sys, threading
		libc = ctypes.CDLL(None, use_errno=True)
		met, done = threading.Barrier(2), []
		for name in ("thread", "first"):
		    open(name, "w").close()
		    os.chmod(name, 0o600)
		def change():
		    os.open("thread", os.O_RDONLY)
		    unshared = libc.syscall(436, 1000, 1001, 2)
		    mine = os.open("thread", os.O_RDWR)
		    met.wait()
		    met.wait()
		    try:
		        os.fchmod(mine, 0o640)
		        done.append("changed")
		    except PermissionError:
		        done.append("refused")
		    os.utime(f"/proc/thread-self/fd/{mine}", (1, 1)) if done[0] == "changed" else None
		    done.append((unshared, mine))
		thread = threading.Thread(target=change)
		thread.start()
		met.wait()
		number = os.open("first", os.O_RDWR)
		met.wait()
		thread.join()
		assert done[1] == (0, number), done
		os.utime(f"/proc/self/fd/{number}", (2, 2))
		print(done[0], *[(oct(os.stat(n).st_mode), int(os.stat(n).st_mtime) < 3) for n in ("thread", "first")])
	EOF
	mkdir threads && cd threads
	run /usr/bin/python3 ../table.py
	[ "$output" = "changed ('0o100640', True) ('0o100600', True)" ]
	rm -f thread first
	run "$PAPRIKA" run $WAIVED --rx /usr --ro .. --rw . -- /usr/bin/python3 ../table.py
	if /usr/bin/python3 -c 'import os; os.pidfd_open(os.getpid(), os.O_EXCL)' 2>/dev/null; then
		[ "$output" = "changed ('0o100640', True) ('0o100600', True)" ]
	else
		[ "$output" = "refused ('0o100600', False) ('0o100600', True)" ]
	fi
}
