#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# mandoc: "stdio rpath" while it formats a page.
# shellcheck disable=SC2154

load lib

setup() {
	port mandoc
	cat >page.1 <<-'END'
		.Dd January 1, 2020
		.Dt PAGE 1
		.Os
		.Sh NAME
		.Nm page
		.Nd shows that formatting works
		.Sh DESCRIPTION
		Some
		.Em words .
	END
}

teardown() {
	leave_port
}

@test "mandoc: formats a page, every page of ours and a broken one under its pledge" {
	free "$program" -T utf8 page.1 >bare
	confined "$program" -T utf8 page.1 >pledged
	grep -q "shows that formatting works" bare
	cmp bare pledged
	for form in html man markdown ps pdf lint; do
		free "$program" -T $form page.1 >bare || true
		confined "$program" -T $form page.1 >pledged || [ $form = lint ]
		cmp bare pledged
	done
	for page in "$PAPRIKA_SOURCE"/man/*.[1-8]; do
		confined "$program" -T ascii "$page" >pledged
		[ -s pledged ]
	done
	gzip -k page.1
	confined "$program" -T ascii page.1.gz >pledged
	free "$program" -T ascii page.1 >bare
	cmp bare pledged
	run confined "$program" -T ascii nothing.1
	[ "$status" -gt 2 ]
}

@test "mandoc: what a page could make it do is refused" {
	for act in write chmod socket run signal; do
		refused $act "$program" -T ascii page.1
	done
}
