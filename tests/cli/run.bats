#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# paprika run as a person types it: what it grants, how it ends, what it says.

bats_require_minimum_version 1.5.0

setup() {
	. "$PAPRIKA_SOURCE/tests/harness/kernel.bash"
	work=$(mktemp -d)
	mkdir "$work/ro" "$work/rw" "$work/outside"
	echo note >"$work/ro/note"
	echo secret >"$work/outside/secret"
	grants=(--rx /usr --rx /bin --ro "$work/ro" --rw "$work/rw")
	cd "$work/rw"
}

teardown() {
	rm -rf "$work"
}

confined() {
	run "$PAPRIKA" run $WAIVED "${grants[@]}" "$@"
}

# ends STATUS FLAG... -- COMMAND...
ends() {
	local wanted=$1
	shift
	run "-$wanted" "$PAPRIKA" run $WAIVED "${grants[@]}" "$@"
}

has() {
	[[ $output == *"$1"* ]] || {
		echo "no \"$1\" in:"
		echo "$output"
		return 1
	}
}

# refused MESSAGE FLAG...: status 125, the message, and nothing ran.
refused() {
	local message=$1
	shift
	run "$PAPRIKA" run $WAIVED --rx /usr --rx /bin --rw "$work/rw" "$@" -- sh -c "echo ran >$work/rw/marker"
	[ "$status" -eq 125 ] || {
		echo "status $status: $output"
		return 1
	}
	has "$message"
	[ ! -e "$work/rw/marker" ]
}

# ---- how it ends ----------------------------------------------------------------------------------

@test "the program's own status is passed on" {
	for status_wanted in 0 1 42 125 126 127 255; do
		ends "$status_wanted" -- sh -c "exit $status_wanted"
		[ -z "$output" ]
	done
}

@test "death by signal is 128 and the signal" {
	for signal in TERM KILL SEGV ABRT; do
		confined -- sh -c "kill -$signal \$\$"
		[ "$status" -eq $((128 + $(kill -l $signal))) ]
	done
}

@test "a program that is not there: 127" {
	ends 127 -- no-such-program-anywhere
	has "no-such-program-anywhere"
	ends 127 -- "$work/rw/nothing"
	ends 127 -- "$work/ro/note/below"
}

@test "a program that cannot be executed: 126" {
	confined -- "$work/ro/note"
	[ "$status" -eq 126 ]
	has "$work/ro/note"
	confined -- "$work/ro"
	[ "$status" -eq 126 ]
	printf '#!%s/nowhere\n' "$work" >script
	chmod +x script
	ends 127 -- ./script
	has nowhere
	: >empty
	chmod +x empty
	printf 'garbage\0\1\2' >garbage
	chmod +x garbage
	confined -- ./garbage
	[ "$status" -eq 126 ]
}

@test "granting a program means that it starts" {
	run "$PAPRIKA" run $WAIVED -- true
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	# a name on PATH, a link, a relative path, a script
	ln -s /usr/bin/true here
	run "$PAPRIKA" run $WAIVED -- ./here
	[ "$status" -eq 0 ]
	printf '#!/bin/sh\nexit 7\n' >script
	chmod +x script
	run "$PAPRIKA" run $WAIVED -- ./script
	[ "$status" -eq 7 ]
	printf '#!/usr/bin/env sh\nexit 8\n' >script
	run "$PAPRIKA" run $WAIVED --rx /bin/sh --rx /usr/bin/sh -- ./script
	[ "$status" -eq 8 ]
}

@test "--chdir starts there" {
	confined --chdir "$work/ro" -- cat note
	[ "$status" -eq 0 ]
	[ "$output" = note ]
	confined --chdir=../ro -- pwd
	[ "$output" = "$work/ro" ]
	refused "cannot enter \"$work/nowhere\": No such file or directory" --chdir "$work/nowhere"
	refused "Not a directory" --chdir "$work/ro/note"
}

# ---- streams ---------------------------------------------------------------------------------------

@test "standard streams are the program's" {
	[ "$(echo in | "$PAPRIKA" run $WAIVED "${grants[@]}" -- cat)" = in ]
	run "$PAPRIKA" run $WAIVED "${grants[@]}" -- sh -c 'echo out; echo err >&2'
	has out
	has err
	"$PAPRIKA" run $WAIVED "${grants[@]}" -- sh -c 'echo out; echo err >&2' >one 2>two
	[ "$(cat one)" = out ]
	[ "$(cat two)" = err ]
	# much data, through pipes on both sides
	[ "$(head -c 3000000 /dev/zero | "$PAPRIKA" run $WAIVED "${grants[@]}" -- cat | wc -c)" -eq 3000000 ]
}

@test "closed standard streams are no way in" {
	# A descriptor of the launcher's own must not take the place of a closed one.
	for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- >&- 2>&-'; do
		: >"$work/rw/list"
		eval '"$PAPRIKA" run $WAIVED "${grants[@]}" --ro /proc -- sh -c "ls -l /proc/self/fd >$work/rw/list" '"$closed"
		grep -q ' -> ' list
		! grep -E 'seccomp|landlock| /proc$' list
	done
	# they are open onto nothing
	"$PAPRIKA" run $WAIVED "${grants[@]}" -- sh -c 'cat; echo $?' <&- >one
	[ "$(cat one)" = 0 ]
}

@test "other descriptors are closed, unless passed by number" {
	exec 7<"$work/outside/secret" 8<"$work/outside/secret"
	confined -- sh -c 'cat <&7'
	[ "$status" -ne 0 ]
	[[ $output != *secret* ]]
	confined --fd 7 -- sh -c 'cat <&7; cat <&8'
	has secret
	[ "$(grep -c secret <<<"$output")" -eq 1 ]
	exec 7<&- 8<&-
	refused "descriptor 9 cannot be passed on" --fd 9
	refused "is not a descriptor number" --fd x
	refused "is not a descriptor number" --fd -1
	refused "rights on descriptors" --fd 0=read
}

@test "the program holds nothing of the launcher's" {
	confined --ro /proc -- ls -l /proc/self/fd
	[ "$status" -eq 0 ]
	# 0, 1, 2 and the directory that is being listed
	[ "$(grep -c ' -> ' <<<"$output")" -eq 4 ]
	[[ $output != *seccomp* ]]
	[[ $output != *landlock* ]]
}

# ---- environment ------------------------------------------------------------------------------------

@test "the environment is clean but for a named few" {
	export SECRET_TOKEN=token LD_LIBRARY_PATH="$work/outside" LANG=C.UTF-8 PYTHONPATH=x
	confined -- env
	[[ $output != *token* ]]
	[[ $output != *LD_LIBRARY_PATH* ]]
	[[ $output != *PYTHONPATH* ]]
	has PATH=
	has LANG=C.UTF-8
	confined --env SECRET_TOKEN --env NEW=value --env EMPTY= -- env
	has SECRET_TOKEN=token
	has NEW=value
	grep -qx EMPTY= <<<"$output"
	confined --env LANG=other -- sh -c 'echo $LANG'
	[ "$output" = other ]
	confined --env NOT_SET_ANYWHERE -- env
	[ "$status" -eq 0 ]
	[[ $output != *NOT_SET* ]]
	refused "variable is empty" --env =x
	refused "variable is empty" --env ''
}

@test "a library to be loaded first is not inherited" {
	run env LD_PRELOAD="$work/outside/secret" env
	has LD_PRELOAD=
	run env LD_PRELOAD="$work/outside/secret" "$PAPRIKA" run $WAIVED "${grants[@]}" -- env
	has PATH=
	[[ $output != *LD_PRELOAD=* ]]
}

# ---- flags --------------------------------------------------------------------------------------------

@test "unknown flags are named, with the nearest" {
	refused 'unknown flag "--rr"' --rr /usr
	refused 'did you mean --connect?' --conect 80
	refused 'did you mean --memory?' --memry=5M
	refused 'unknown flag "-x"' -x
	refused "did you mean --quiet?" --quiet=1
	refused "takes no argument" --no-network=1
	run "$PAPRIKA" run $WAIVED --ro
	[ "$status" -eq 125 ]
	has "--ro needs an argument"
	run "$PAPRIKA" run
	[ "$status" -eq 125 ]
	has "no program to run"
	run "$PAPRIKA" run $WAIVED --rx /usr --
	[ "$status" -eq 125 ]
	run "$PAPRIKA" run $WAIVED --rx /usr -- ''
	[ "$status" -eq 125 ]
}

@test "missing paths are errors, unless tried" {
	refused "cannot grant \"$work/nowhere\": No such file or directory" --ro "$work/nowhere"
	has "the -try form"
	for flag in --rx --rw --rwx; do
		refused "$work/nowhere" $flag "$work/nowhere"
	done
	for flag in --ro-try --rx-try --rw-try --rwx-try; do
		confined $flag "$work/nowhere" -- true
		[ "$status" -eq 0 ]
	done
	refused "the path is empty" --ro ''
}

@test "values that make no sense" {
	refused "is not a port" --connect 65536
	refused "is not a port" --connect -1
	refused "is not a port" --listen http
	refused "names a host" --connect example.org:80
	refused "is not a value for the limit" --memory 5X
	refused "is not a value for the limit" --memory 99999999999999999999G
	refused "is not a value for the limit" --files -3
	refused "is not a value for the limit" --wall-time 10x
	refused "unknown promise" --promise "stdio everything"
	refused "did you mean" --promise "stdio rpaht"
	refused "unknown capability" --capability everything
	refused "can be waived" --waive everything
	refused "no answer to a violation" --on-violation explode
}

@test "conflicting flags" {
	refused "--memory" --memory 500M --memory 600M
	refused "--on-violation" --on-violation deny --on-violation kill
}

@test "--dry-run shows and runs nothing" {
	run "$PAPRIKA" run $WAIVED "${grants[@]}" --connect 443 --dry-run -- sh -c "echo ran >$work/rw/marker"
	[ "$status" -eq 0 ]
	has "$work/ro"
	has 443
	has promises:
	[ ! -e marker ]
}

@test "--help" {
	run "$PAPRIKA" run $WAIVED --help
	[ "$status" -eq 0 ]
	for flag in ro rx rw connect listen promise fd env policy memory within dry-run chdir; do
		has "--$flag"
	done
}

# ---- odd names ------------------------------------------------------------------------------------------

@test "names with any bytes" {
	local names=($'new\nline' $'esc\033[31m' $'not utf-8 \xff\xfe' ' ' '--ro' '*' '$(true)' '"' "'" '\' '{dir}')
	for name in "${names[@]}"; do
		mkdir -p "$work/odd/$name"
		echo here >"$work/odd/$name/file"
		run "$PAPRIKA" run $WAIVED --rx /usr --rx /bin --rw "$work/odd/$name" -- cat "$work/odd/$name/file"
		[ "$status" -eq 0 ]
		[ "$output" = here ]
		run "$PAPRIKA" run $WAIVED --rx /usr --rx /bin --rw "$work/odd/$name" -- chmod 600 "$work/odd/$name/file"
		[ "$status" -eq 0 ]
		# without the grant: a message without raw control characters, nothing changed
		run "$PAPRIKA" run $WAIVED --rx /usr --rx /bin -- /usr/bin/python3 -c \
			'import os, sys; os.chmod(sys.argv[1], 0o777)' "$work/odd/$name/file"
		[ "$status" -eq 1 ]
		[ "$(stat -c %a "$work/odd/$name/file")" = 600 ]
		grep -q 'denied: chmod(' <<<"$output"
		! grep '^paprika:' <<<"$output" | LC_ALL=C grep -q '[^ -~]'
	done
}

@test "a name of 4095 bytes and one that is too long" {
	local path=$work/long part
	part=$(printf 'd%.0s' {1..200})
	mkdir -p "$path"
	while [ $((${#path} + 201)) -lt 4000 ]; do
		path=$path/$part
		mkdir "$path"
	done
	path=$path/$(printf 'e%.0s' $(seq $((4095 - ${#path} - 1))))
	[ ${#path} -eq 4095 ]
	(cd "${path%/*}" && mkdir "${path##*/}")
	run "$PAPRIKA" run $WAIVED --rx /usr --rx /bin --ro "$path" -- stat -c %F "$path"
	[ "$status" -eq 0 ]
	[ "$output" = directory ]
	refused "the path has 4096 bytes" --ro "${path}e"
	refused "the kernel takes at most 4095" --ro "$path/$path"
}

@test "ten thousand grants" {
	mkdir "$work/many"
	(cd "$work/many" && seq 1 10000 | xargs touch)
	{
		echo '[files]'
		seq 1 10000 | sed "s|^|ro = $work/many/|"
	} >policy
	echo ten thousand >"$work/many/9999"
	run "$PAPRIKA" run $WAIVED --rx /usr --rx /bin --policy policy -- cat "$work/many/9999"
	[ "$status" -eq 0 ]
	[ "$output" = "ten thousand" ]
	run "$PAPRIKA" run $WAIVED --rx /usr --rx /bin --policy policy -- ls "$work/many"
	[ "$status" -ne 0 ]
}

@test "ten thousand grants for writing" {
	[ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -gt 12000 ] || skip "no more than $(ulimit -Hn) descriptors"
	mkdir "$work/many"
	(cd "$work/many" && seq 1 10000 | xargs touch)
	{
		echo '[files]'
		seq 1 10000 | sed "s|^|rw = $work/many/|"
	} >policy
	run "$PAPRIKA" run $WAIVED --rx /usr --rx /bin --policy policy -- chmod 600 "$work/many/7777"
	[ "$status" -eq 0 ]
	[ "$(stat -c %a "$work/many/7777")" = 600 ]
	run "$PAPRIKA" run $WAIVED --rx /usr --rx /bin --policy policy -- chmod 600 "$work/many"
	[ "$status" -ne 0 ]
	# the program keeps the limit that it was started with
	(
		ulimit -Sn 512
		[ "$("$PAPRIKA" run $WAIVED --rx /usr --rx /bin -- sh -c 'ulimit -n')" = 512 ]
	)
}

# ---- policy files, ceilings ----------------------------------------------------------------------------

@test "--policy grants what the file says" {
	printf '[files]\nro = %s\n' "$work/outside" >policy
	confined --policy policy -- cat "$work/outside/secret"
	[ "$output" = secret ]
	confined -- cat "$work/outside/secret"
	[ "$status" -ne 0 ]
	refused "no such file" --policy "$work/nowhere"
	printf '[files]\nrr = /usr\n' >policy
	refused "policy:2" --policy "$work/rw/policy"
	printf '\0\1\2' >policy
	refused "policy" --policy "$work/rw/policy"
	refused "policy" --policy "$work/rw"
}

@test "--within refuses what is wider than its ceiling" {
	printf '[files]\nrx = /usr\nrx = /bin\nrw = %s\n' "$work/rw" >ceiling
	run "$PAPRIKA" run $WAIVED --rx /usr --rx /bin --within ceiling -- true
	[ "$status" -eq 0 ]
	refused "$work/outside" --ro "$work/outside" --within "$work/rw/ceiling"
	refused "beyond the ceiling" --connect 443 --within "$work/rw/ceiling"
	refused "no such file" --within "$work/nowhere"
}

# ---- limits ---------------------------------------------------------------------------------------------

@test "--files" {
	confined --files 20 -- sh -c 'ulimit -n; ulimit -Hn; ulimit -n 21 2>/dev/null && echo raised'
	[ "${lines[0]}" = 20 ]
	[ "${lines[1]}" = 20 ]
	[[ $output != *raised* ]]
}

@test "--memory" {
	confined -- /usr/bin/python3 -c 'x = bytearray(600 << 20)'
	[ "$status" -eq 0 ]
	confined --memory 300M -- /usr/bin/python3 -c 'x = bytearray(600 << 20)'
	[ "$status" -ne 0 ]
	has MemoryError
}

@test "--cpu-time" {
	confined --cpu-time 1s -- sh -c 'while :; do :; done'
	[ "$status" -eq $((128 + $(kill -l XCPU))) ]
	confined --cpu-time 1s -- sh -c 'trap "" XCPU; while :; do :; done'
	[ "$status" -eq 137 ]
}

@test "--processes" {
	[ "$(id -u)" -ne 0 ] || skip "needs an ordinary user"
	confined --processes 6 -- /usr/bin/python3 -c '
import os
children = 0
ours, theirs = os.pipe()
try:
    while children < 100:
        if os.fork() == 0:
            os.close(theirs)
            os.read(ours, 1)
            os._exit(0)
        children += 1
except BlockingIOError:
    print("refused")
print("children", children)'
	has refused
	[ "${output##*children }" -lt 20 ]
	confined -- sh -c 'true & true & true & true & true & true & true & true & wait'
	[ "$status" -eq 0 ]
}

@test "limits that a policy does not name stay as they were" {
	[ "$("$PAPRIKA" run $WAIVED "${grants[@]}" -- sh -c 'ulimit -a')" = "$(sh -c 'ulimit -a')" ]
}

# ---- what denials say --------------------------------------------------------------------------------------

deny() {
	run "$PAPRIKA" run $WAIVED "${grants[@]}" -- /usr/bin/python3 -c "
import os, socket
for i in range($2):
    try:
        $1
    except OSError as error:
        last = error.errno
print('errno', last)"
}

@test "a denial says call, program, reason and remedy, once" {
	deny "os.chmod('$work/outside/secret', 0o600)" 100
	[ "$(grep -c 'paprika: denied:' <<<"$output")" -eq 1 ]
	has "paprika: denied: chmod(\"$work/outside/secret\", 0600) by python3["
	has "]: not granted for writing; --rw $work/outside/secret would allow it"
	has "errno 1"
}

@test "a socket that was not granted" {
	deny "socket.socket(socket.AF_INET, socket.SOCK_STREAM)" 5
	[ "$(grep -c 'paprika: denied:' <<<"$output")" -eq 1 ]
	has "denied: socket(AF_INET, "
	has "--connect PORT or --listen PORT grants one"
}

@test "a call that no promise of the program's covers" {
	deny "os.setuid(os.getuid() + 1)" 3
	has "denied: setuid("
	has "promise id would allow it"
	run "$PAPRIKA" run $WAIVED "${grants[@]}" -- /usr/bin/python3 -c 'import os; os.unshare(0)'
	if [[ $output != *AttributeError* ]]; then
		has "denied: unshare("
	fi
}

@test "--quiet says nothing of it" {
	run "$PAPRIKA" run $WAIVED --quiet "${grants[@]}" -- chmod 600 "$work/outside/secret"
	[ "$status" -eq 1 ]
	[[ $output != *denied:* ]]
}

@test "--on-violation kill" {
	run "$PAPRIKA" run $WAIVED "${grants[@]}" --on-violation kill -- /usr/bin/python3 -c '
import socket
socket.socket(socket.AF_INET, socket.SOCK_STREAM)'
	[ "$status" -eq $((128 + $(kill -l SYS))) ]
}
