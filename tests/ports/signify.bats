#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# signify: "stdio rpath" while it verifies a signature.
# shellcheck disable=SC2154

load lib

setup() {
	port signify
	echo "a message" >message
	free "$program" -G -n -p key.pub -s key.sec
}

teardown() {
	leave_port
}

@test "signify: makes keys, signs and verifies under its pledges" {
	confined "$program" -G -n -c mine -p mine.pub -s mine.sec
	confined "$program" -S -s mine.sec -m message -x message.sig
	run confined "$program" -V -p mine.pub -m message -x message.sig
	[ "$status" = 0 ]
	[ "$output" = "Signature Verified" ]
	run confined "$program" -V -p key.pub -m message -x message.sig
	[ "$status" = 1 ]
	echo "another" >message
	run confined "$program" -V -p mine.pub -m message -x message.sig
	[ "$status" = 1 ]
	[ "$output" = "signify: signature verification failed" ]
}

@test "signify: what a signature could make it do is refused" {
	free "$program" -S -s key.sec -m message -x message.sig
	for act in write chmod socket run signal; do
		refused $act "$program" -V -p key.pub -m message -x message.sig
	done
}
