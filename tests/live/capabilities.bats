#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What root's programs keep of root: the named capabilities, whatever they execute.

setup() {
	. "$PAPRIKA_SOURCE/tests/harness/kernel.bash"
	[ "$(id -u)" = 0 ] || skip "needs root"
	grants=(--rx /usr --ro /etc --ro /proc)
}

# The sets after two programs have executed one another, as "inheritable permitted effective ambient".
sets() {
	"$@" sh -c "exec env grep -E '^Cap(Inh|Prm|Eff|Amb)' /proc/self/status" | awk '{printf "%s ", $2}'
}

@test "root's programs have no capability" {
	run sets env
	echo "bare: $output"
	[[ $output != *" 0000000000000000 0000000000000000 "* ]]
	run sets "$PAPRIKA" run $WAIVED "${grants[@]}" --
	echo "confined: $output"
	[ "$output" = "0000000000000000 0000000000000000 0000000000000000 0000000000000000 " ]
}

@test "named capabilities are kept, through further programs" {
	run sets "$PAPRIKA" run $WAIVED "${grants[@]}" --capability chown --capability mknod --
	echo "$output"
	[ "$output" = "0000000008000001 0000000008000001 0000000008000001 0000000008000001 " ]
}

@test "executing a program gives root nothing, and that cannot be undone" {
	run setpriv --dump
	echo "$output"
	[[ $output != *noroot* ]]
	run "$PAPRIKA" run $WAIVED "${grants[@]}" -- setpriv --dump
	echo "$output"
	[[ $output == *"no_new_privs: 1"* ]]
	[[ $output == *"Securebits: noroot,noroot_locked"* ]]
}
