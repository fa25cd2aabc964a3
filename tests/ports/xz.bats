#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# xz with --enable-sandbox=pledge: "stdio", no exec, while it packs and unpacks a stream.
# shellcheck disable=SC2154

load lib

setup() {
	port xz
	seq 1 20000 >numbers
	free "$program" -c numbers >numbers.xz
}

teardown() {
	leave_port
}

@test "xz: packs, unpacks and tests under its pledge" {
	confined "$program" -c numbers >packed.xz
	cmp packed.xz numbers.xz
	confined "$program" -dc <packed.xz >unpacked
	cmp unpacked numbers
	confined "$program" -t packed.xz
	# Root's xz gives the new file an owner, and goes on without (see pledge(3)): -Q.
	confined "$program" -Q -k numbers -S .other.xz
	cmp numbers.other.xz numbers.xz
	head -c 1000 numbers.xz >broken.xz
	run confined "$program" -t broken.xz
	[ "$status" = 1 ]
	[[ $output == *"Unexpected end of input"* ]]
}

@test "xz: what its input could make it do is refused" {
	for act in read write chmod socket run signal; do
		refused $act "$program" -dc numbers.xz
	done
}
