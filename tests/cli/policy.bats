#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Policy files as paprika run takes them: what is right runs, what is wrong is said
# with its place, ends in status 125, and nothing runs.

setup() {
	. "$PAPRIKA_SOURCE/tests/harness/kernel.bash"
	cd "$BATS_TEST_TMPDIR" || return
	WAIVE=(--waive files --waive signals)
	mkdir data
	echo secret > data/file
}

# Runs a program that leaves a mark, under the policy in the file $1.
run_marked() {
	local policy=$1
	shift
	run "$PAPRIKA" run $WAIVED "${WAIVE[@]}" --policy "$policy" "$@" -- \
		sh -c 'echo EXECUTED; : > data/mark'
}

refused() {
	[ "$status" -eq 125 ]
	[ ! -e data/mark ]
	[[ "$output" != *EXECUTED* ]]
}

@test "a right policy runs (the control of all below)" {
	printf '[files]\nrx = /usr\nrw = data\n' > p
	run_marked p
	[ "$status" -eq 0 ]
	[ "$output" = EXECUTED ]
	[ -e data/mark ]
}

@test "relative paths belong to the policy, not to the working directory" {
	mkdir -p elsewhere/data
	printf '[files]\nrx = /usr\nrw = data\n' > elsewhere/p
	run "$PAPRIKA" run $WAIVED "${WAIVE[@]}" --policy elsewhere/p -- \
		sh -c ': > elsewhere/data/mark && echo there; : > data/mark'
	[ -e elsewhere/data/mark ]
	[[ "$output" == *there* ]]
	[ ! -e data/mark ]
}

@test "a misspelt key: file, line, column, the nearest one" {
	printf '[files]\nrx = /usr\nwr = data\n' > p
	run_marked p
	refused
	[[ "$output" == "paprika: p:3:1: unknown key \"wr\" in [files]"* ]]
	[[ "$output" == *"paprika: hint: did you mean \"rw\"? expected one of ro, "* ]]
}

@test "empty: grants nothing, and is no error" {
	: > p
	run_marked p
	[ "$status" -ne 125 ]
	[ ! -e data/mark ]
}

@test "missing, a directory, binary, huge, truncated" {
	run_marked gone
	refused
	[[ "$output" == "paprika: policy file \"gone\": no such file" ]]

	run_marked data
	refused
	[[ "$output" == *"it is a directory" ]]

	head -c 4096 /bin/sh > p
	run_marked p
	refused
	[[ "$output" == "paprika: p:1:1: a control character (byte 0x7f)"* ]]

	head -c 1100000 /dev/zero | tr '\0' '#' > p
	run_marked p
	refused
	[[ "$output" == *"it has more than 1 MiB" ]]

	printf '[files]\nrx = /usr\nrw = "da' > p
	run_marked p
	refused
	[[ "$output" == "paprika: p:3:6: the quote is not closed"* ]]
}

@test "a file that includes itself names the chain" {
	printf '[policy]\ninclude = b\n' > a
	printf '[policy]\ninclude = a\n' > b
	run_marked a
	refused
	[[ "$output" == *"b:2:11: the file includes itself"*"a includes b includes a" ]]
}

@test "names with newlines, no UTF-8, and 255 bytes are granted as they are" {
	odd=$'data/two\nlines \xff "$X"'
	long=data/$(printf 'x%.0s' {1..250})
	echo odd > "$odd"
	echo long > "$long"
	{
		echo '[files]'
		echo 'rx = /usr'
		echo 'ro = "data/two\nlines \xff \"\$X\""'
		echo "ro = $long"
	} > p
	run "$PAPRIKA" run $WAIVED "${WAIVE[@]}" --policy p -- cat "$odd" "$long"
	[ "$status" -eq 0 ]
	[ "$output" = $'odd\nlong' ]
	run "$PAPRIKA" run $WAIVED "${WAIVE[@]}" --policy p -- cat data/file
	[ "$status" -eq 1 ] || [[ "$("$PAPRIKA" check)" == *"no   files"* ]]
}

@test "hostile names reach the terminal escaped" {
	name=$'p\x1b[2J\xe2\x80\xae'
	echo '[' > "$name"
	run_marked "$name"
	refused
	[[ "$output" == 'paprika: p\x1b[2J\xe2\x80\xae:1:1: '* ]]
	[[ "$output" != *$'\x1b'* ]]
}

@test "a variable that is not set, and one that is" {
	printf '[files]\nrx = /usr\nrw = $DATA_PLACE\n' > p
	run_marked p
	refused
	[[ "$output" == "paprika: p:3:6: the variable \"DATA_PLACE\" is not set"* ]]
	DATA_PLACE=$PWD/data run_marked p
	[ "$status" -eq 0 ]
	[ -e data/mark ]
}

@test "a file and a flag that contradict each other" {
	printf '[files]\nrx = /usr\nrw = data\n[limits]\nfiles = 64\n' > p
	run_marked p --files 65
	refused
	[[ "$output" == *"the limit \"files\" was given another value before"*"p:5:9"* ]]
	run_marked p --files 64
	[ "$status" -eq 0 ]
}

@test "a pipe is read like a file" {
	run "$PAPRIKA" run $WAIVED "${WAIVE[@]}" --policy <(printf '[files]\nrx = /usr\nrw = %s\n' "$PWD/data") -- \
		sh -c ': > data/mark'
	[ "$status" -eq 0 ]
	[ -e data/mark ]
}

@test "within a ceiling it runs, beyond it does not" {
	# what is waived counts too
	printf '[files]\nrx = /usr\nrw = data\n[policy]\nwaive = files signals\n' > ceiling
	run_marked ceiling --within ceiling
	[ "$status" -eq 0 ]
	[ -e data/mark ]
	rm data/mark
	sed -i 's/^rw/ro/' ceiling
	printf '[files]\nrx = /usr\nrw = data\n' > p
	run_marked p --within ceiling
	refused
	[[ "$output" == "paprika: p:3:6: the file grant \"data\" goes beyond the ceiling"* ||
		"$output" == "paprika: p:3:6: the file grant \"$PWD/data\" goes beyond the ceiling"* ]]
	[[ "$output" == *"does not let it write there"* ]]
}

@test "ten thousand grants work" {
	{
		echo '[files]'
		echo 'rx = /usr'
		echo 'rw = data'
		for ((i = 0; i < 10000; i++)); do
			echo "ro-try = data/$i"
		done
	} > p
	run_marked p
	[ "$status" -eq 0 ]
	[ -e data/mark ]
}
