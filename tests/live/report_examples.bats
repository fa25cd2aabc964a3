#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# examples/report: one parser, several sandboxes; the report is the same, and each is confined.

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	mkdir names
	printf domain >names/udp-53
	printf outside >key
	# The link leads to a file that lies outside of the directory.
	ln -s ../key names/tcp-80
	python3 - <<'END'
import struct
def packet(protocol, port):
    head = struct.pack(">BBHHHBBH8s", 0x45, 0, 28, 0, 0, 64, protocol, 0, bytes(8))
    data = bytes(12) + b"\x08\x00" + head + struct.pack(">HHHH", 9, port, 8, 0)
    return struct.pack("<IIII", 0, 0, len(data), len(data)) + data
head = struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
open("capture", "wb").write(head + packet(17, 53) + packet(17, 53) + packet(6, 80))
open("cut", "wb").write(head + packet(17, 53)[:-3])
END
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

sandboxes() {
	find "$PAPRIKA_BUILD/examples" -maxdepth 1 -type f -name "example-report-*"
}

@test "without a sandbox the link is followed" {
	run "$PAPRIKA_BUILD/examples/example-report-nothing" capture names
	[ "$status" -eq 0 ]
	[ "$output" = "udp 53 domain 2 packets 84 bytes
tcp 80 outside 1 packets 42 bytes
other 0 packets" ]
}

@test "in every sandbox the report is made" {
	for program in $(sandboxes); do
		run "$program" capture names
		[ "$status" -eq 0 ]
		[ "${lines[0]}" = "udp 53 domain 2 packets 84 bytes" ]
		[ "${lines[2]}" = "other 0 packets" ]
	done
}

@test "the link is followed where only calls are listed, and nowhere else" {
	for program in $(sandboxes); do
		run "$program" capture names
		case "$program" in
		*-nothing | *-libseccomp) [[ "${lines[1]}" == "tcp 80 outside "* ]] ;;
		*) [ "${lines[1]}" = "tcp 80 - 1 packets 42 bytes" ] ;;
		esac
	done
}

@test "a capture that ends within a packet is told, in every sandbox" {
	for program in $(sandboxes); do
		run "$program" cut names
		[ "$status" -eq 1 ]
		[[ "$output" == *"cut: Invalid argument" ]]
	done
}
