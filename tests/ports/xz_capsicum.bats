#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# xz with --enable-sandbox=capsicum, threads and all: two descriptors while it packs and unpacks.
# shellcheck disable=SC2154

load lib

setup() {
	port xz_capsicum
	seq 1 20000 >numbers
	free "$program" -c numbers >numbers.xz
}

teardown() {
	leave_port
}

@test "xz: packs, unpacks and tests in capability mode, with threads" {
	confined "$program" -c numbers >packed.xz
	cmp packed.xz numbers.xz
	confined "$program" -dc <packed.xz >unpacked
	cmp unpacked numbers
	confined "$program" -t packed.xz
	confined "$program" -T4 --block-size=10000 -c numbers >threads.xz
	confined "$program" -T4 -dc threads.xz >unpacked
	cmp unpacked numbers
	head -c 1000 numbers.xz >broken.xz
	run confined "$program" -t broken.xz
	[ "$status" = 1 ]
	[[ $output == *"Unexpected end of input"* ]]
}

@test "xz in capability mode: what its input could make it do is refused" {
	for act in read write chmod socket run signal; do
		refused $act "$program" -dc numbers.xz
	done
}
