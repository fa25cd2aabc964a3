#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Sandboxes within sandboxes: ours in ours, ours in others, others in ours.

bats_require_minimum_version 1.5.0

setup() {
	. "$PAPRIKA_SOURCE/tests/harness/kernel.bash"
	work=$(mktemp -d)
	mkdir "$work/rw" "$work/rw/inner" "$work/outside" "$work/bin"
	echo secret >"$work/outside/secret"
	# where the ordinary user's copy of the tree lies, the sandbox may not look
	cp "$PAPRIKA" "$work/bin/paprika"
	paprika=$work/bin/paprika
	grants=(--rx /usr --rx /bin --rx "$work/bin" --rw "$work/rw")
	cd "$work/rw"
}

teardown() {
	rm -rf "$work"
}

nested() {
	run "$paprika" run $WAIVED --ro /proc --ro /dev "${grants[@]}" -- "$paprika" run $WAIVED --rx /usr --rx /bin "$@"
	echo "$output"
}

@test "paprika in paprika runs a program" {
	nested -- sh -c 'echo here; exit 6'
	[ "$status" -eq 6 ]
	[[ $output == *here* ]]
	# and three deep
	run "$paprika" run $WAIVED --ro /proc --ro /dev "${grants[@]}" -- "$paprika" run $WAIVED --ro /proc --ro /dev \
		"${grants[@]}" -- "$paprika" run $WAIVED --rx /usr --rx /bin -- sh -c 'exit 6'
	[ "$status" -eq 6 ]
}

@test "the inner policy narrows the outer one, and never widens it" {
	nested --rw inner -- sh -c 'echo x >inner/file && cat inner/file'
	[ "$status" -eq 0 ]
	nested --rw inner -- sh -c 'echo x >file'
	[ "$status" -ne 0 ]
	[ ! -e file ]
	nested --ro "$work/outside" -- cat "$work/outside/secret"
	[ "$status" -ne 0 ]
	! grep -qx secret <<<"$output"
}

# The one listener is the outer launcher's: the inner filter refuses what needs one.
@test "metadata in the inner sandbox is refused, not let through" {
	: >inner/file
	chmod 600 inner/file "$work/outside/secret"
	nested --rw inner -- chmod 644 inner/file
	[ "$status" -eq 1 ]
	nested --rw inner -- chmod 644 "$work/outside/secret"
	[ "$status" -eq 1 ]
	[ "$(stat -c %a inner/file)" = 600 ]
	[ "$(stat -c %a "$work/outside/secret")" = 600 ]
	# in the outer one it works
	run "$paprika" run $WAIVED "${grants[@]}" -- chmod 644 inner/file
	[ "$status" -eq 0 ]
	[ "$(stat -c %a inner/file)" = 644 ]
}

@test "inside bubblewrap" {
	bwrap --ro-bind / / true 2>/dev/null || skip "bubblewrap makes no namespaces for this user"
	: >inner/file
	run bwrap --ro-bind / / --bind "$work/rw" "$work/rw" --dev /dev --proc /proc --unshare-pid \
		"$paprika" run $WAIVED --rx /usr --rx /bin --rw inner -- \
		sh -c 'echo x >inner/file && chmod 640 inner/file; echo y >file'
	echo "$output"
	[ "$(stat -c %a inner/file)" = 640 ]
	[ ! -e file ]
	# bubblewrap alone would have let it be written
	run bwrap --ro-bind / / --bind "$work/rw" "$work/rw" sh -c 'echo y >file'
	[ -e file ]
}

@test "a program that confines itself" {
	cat >confine.py <<-'EOF'
		import ctypes, os, struct
		libc = ctypes.CDLL(None, use_errno=True)
		def call(number, *args):
		    rc = libc.syscall(number, *args)
		    if rc < 0:
		        raise OSError(ctypes.get_errno(), f"call {number}")
		    return rc
		# Landlock: nothing may be written any more
		attr = struct.pack("Q", 2)
		ruleset = call(444, attr, ctypes.c_size_t(len(attr)), 0)
		libc.prctl(38, 1, 0, 0, 0)
		call(446, ruleset, 0)
		# seccomp: getcwd (79 on x86-64, 17 on arm64) fails with ENOTTY
		number = 79 if os.uname().machine == "x86_64" else 17
		code = b"".join(struct.pack("HBBI", *i) for i in [(0x20, 0, 0, 0), (0x15, 0, 1, number),
		                                                  (6, 0, 0, 0x50019), (6, 0, 0, 0x7fff0000)])
		buffer = ctypes.create_string_buffer(code)
		program = struct.pack("HxxxxxxP", 4, ctypes.addressof(buffer))
		call(317 if number == 79 else 277, 1, 0, program)
		try:
		    open("file", "w")
		    print("wrote")
		except PermissionError:
		    print("cannot write")
		try:
		    os.getcwd()
		    print("has a directory")
		except OSError as error:
		    print("errno", error.errno)
		os.chmod("inner", 0o711)
		try:
		    os.chmod("../outside", 0o711)
		    print("changed")
		except PermissionError:
		    print("cannot change")
	EOF
	run "$paprika" run $WAIVED "${grants[@]}" -- /usr/bin/python3 confine.py
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"cannot write"*"errno 25"*"cannot change"* ]]
	[ "$(stat -c %a inner)" = 711 ]
	[ "$(stat -c %a "$work/outside")" = 755 ]
}
