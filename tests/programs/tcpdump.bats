# SPDX-License-Identifier: BSD-2-Clause
# Debian's tcpdump on a capture of several protocols.

load lib

setup() {
	enter_work
	python3 "$PAPRIKA_SOURCE/tools/demo/capture.py" data/capture.pcap
	cp data/capture.pcap outside
	# It sets its own user once more before it reads, so the promise is id.
	grants=(--promise "stdio rpath getpw id" --ro "$work/data")
	tcpdump=(tcpdump -n)
	if [ "$(id -u)" = 0 ]; then
		grants+=(--capability setuid --capability setgid)
		tcpdump+=(-Z root)
	fi
}

teardown() {
	leave_work
}

@test "the capture is sound" {
	"${tcpdump[@]}" -vv -r data/capture.pcap >seen/all 2>seen/err
	[ "$(grep -c '^[0-9]' seen/all)" -gt 5000 ]
	run grep -E 'incorrect|bad cksum|\[\||truncated|malformed' seen/all
	[ "$status" = 1 ]
	for kind in tcp udp icmp icmp6 arp ip6 "port 53"; do
		# shellcheck disable=SC2086 # words on purpose
		[ "$("${tcpdump[@]}" -r data/capture.pcap $kind 2>seen/err | wc -l)" -gt 100 ]
	done
}

@test "tcpdump prints the same" {
	agree "${tcpdump[@]}" -r data/capture.pcap
	[ "$(wc -l <seen/in.out)" -gt 5000 ]
	agree "${tcpdump[@]}" -vvv -e -X -r data/capture.pcap
	agree "${tcpdump[@]}" -c 100 -r data/capture.pcap 'tcp and ip6'
	input=data/capture.pcap
	agree "${tcpdump[@]}" -q -r -
}

@test "tcpdump reads and writes nothing else" {
	refused "outside/capture.pcap: Permission denied" "${tcpdump[@]}" -r outside/capture.pcap
	refused "outside/new.pcap: Permission denied" \
		"${tcpdump[@]}" -r data/capture.pcap -w outside/new.pcap
	rm outside/new.pcap
	stopped "${tcpdump[@]}" -r data/capture.pcap -w outside/new.pcap
	[ ! -e outside/new.pcap ]
	grep -q "^paprika: denied: openat" seen/in.err
}
