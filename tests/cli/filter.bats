#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# paprika filter: listings, simulated calls, dumps that a kernel loads, bad arguments.

filter() {
	"$PAPRIKA" filter "$@"
}

# A refusal: exit 125, nothing on standard output, and both words on standard error.
refused() {
	local words=$1 hint=$2
	shift 2
	status=0
	filter "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
	[ "$status" -eq 125 ]
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	grep -qF -- "$words" "$BATS_TEST_TMPDIR/err"
	grep -qF -- "$hint" "$BATS_TEST_TMPDIR/err"
}

# ---- sim ---------------------------------------------------------------------------------------

@test "sim names verdict, rule and remedy" {
	run filter sim --kernel 6.12 --promise stdio openat AT_FDCWD 0x1000 O_RDONLY
	[ "$status" -eq 0 ]
	[[ "$output" == "openat(AT_FDCWD, 0x1000, 0x0): errno EACCES"* ]]
	[[ "$output" == *"rule      --promise stdio "* ]]
	[[ "$output" == *"remedy    promise rpath would allow it"* ]]
	run filter sim --kernel 6.12 --promise "stdio rpath" openat AT_FDCWD 0x1000 O_RDONLY
	[[ "$output" == *": allow"* ]]
	[[ "$output" != *remedy* ]]
}

@test "sim names a remedy only where it is one" {
	run filter sim --kernel 6.12 --listen 80 connect 3 0x1000 16
	[[ "$output" == *"remedy    --connect PORT would allow it"* ]]
	run filter sim --kernel 6.12 --listen 80 --connect 80 connect 3 0x1000 16
	[[ "$output" == *": allow"* ]]
	run filter sim --kernel 6.12 --connect 80 bind 3 0x1000 16
	[[ "$output" == *"remedy    --listen PORT would allow it"* ]]
	run filter sim --kernel 6.12 --connect 80 --listen 80 bind 3 0x1000 16
	[[ "$output" == *": allow"* ]]
	run filter sim --kernel 6.12 socket AF_INET SOCK_STREAM 0
	[[ "$output" == *"remedy    --connect PORT or --listen PORT grants one"* ]]
	# no grant brings ping, SCTP or a raw socket
	for words in "SOCK_DGRAM IPPROTO_ICMP" "SOCK_STREAM IPPROTO_SCTP" "SOCK_RAW IPPROTO_TCP"; do
		run filter sim --kernel 6.12 socket AF_INET $words
		[[ "$output" != *": allow"* && "$output" != *remedy* ]]
	done
}

@test "sim takes decimal, octal, hexadecimal, negative and named arguments" {
	for words in "-100 0 577 420" "0xffffff9c 0 0x241 0644" \
		"AT_FDCWD 0 O_WRONLY|O_CREAT|O_TRUNC 0644" "AT_FDCWD 0 1|0x40|O_TRUNC S_IRUSR|0444|S_IWUSR"; do
		run filter sim openat $words
		[ "$status" -eq 0 ]
		[[ "$output" == "openat(AT_FDCWD, NULL, 0x241, 0644): allow"* ]] ||
			[[ "$output" == "openat(AT_FDCWD, 0x0, 0x241, 0644): allow"* ]]
	done
}

@test "sim says who answers a notification" {
	run filter sim --kernel 6.12 --promise "stdio fattr" fchmod 3 0644
	[[ "$output" == *"notify"*"performed where the file is granted for writing, else errno EPERM"* ]]
	run filter sim --kernel 6.12 --promise "stdio fattr" --no-supervisor fchmod 3 0644
	[[ "$output" == *": errno EPERM"* ]]
	run filter sim --kernel 6.12 --promise stdio ptrace 0
	[[ "$output" == *"refused and reported, else errno EPERM"* ]]
}

@test "sim knows what the kernel remembers" {
	run filter sim --kernel 6.12 --promise stdio read 0 0 0
	[[ "$output" == *"answers without running the filter"* ]]
	run filter sim --kernel 6.12 --promise stdio ioctl 0 TCGETS
	[[ "$output" == *": allow"*"runs the filter each time"* ]]
}

@test "sim takes numbers of calls, also those that nobody has" {
	run filter sim --arch x86_64 --promise stdio 0
	[[ "$output" == "read("*": allow"* ]]
	run filter sim --arch aarch64 --promise stdio 63
	[[ "$output" == "read("*": allow"* ]]
	for number in 0x40000001 999 2147483647; do
		run filter sim --promise stdio "$number"
		[[ "$output" == *"not in the table): errno ENOSYS"* ]]
	done
	run filter sim --promise stdio -- -1
	[[ "$output" == "call -1 (not in the table): errno ENOSYS"* ]]
}

@test "sim reads a policy file and names its line" {
	printf '[process]\n\npromises = stdio rpath\n' >"$BATS_TEST_TMPDIR/a.policy"
	run filter sim --policy "$BATS_TEST_TMPDIR/a.policy" openat 3 0 0
	[ "$status" -eq 0 ]
	[[ "$output" == *"a.policy:3 promise rpath"* ]]
}

@test "sim --json is one object with every member" {
	run filter sim --json --kernel 6.1 --arch aarch64 --promise stdio chmod 1 0644
	[ "$status" -eq 125 ] # which that architecture lacks
	filter sim --json --kernel 6.1 --arch aarch64 --promise stdio fchmod 1 0644 |
		python3 -c '
import json, sys
o = json.load(sys.stdin)
assert o["version"] == 1 and o["arch"] == "aarch64" and o["kernel"] == "6.1", o
assert o["call"] == "fchmod" and o["number"] == 52, o
assert o["arguments"][:2] == ["0x1", "0x1a4"], o
assert o["verdict"] == "notify" and o["refusal"] == "EPERM", o
assert o["answer"] == "refused and reported" and "fattr" in o["remedy"], o
assert "--promise stdio" in o["rule"] and o["cached"] is False and o["executed"] > 3, o
'
}

@test "sim refuses what it does not understand" {
	refused "no call to simulate" "paprika filter sim" sim
	refused 'unknown call "opnat"' "did you mean openat?" sim opnat
	refused '"FOO" is neither a number nor a known constant' "O_WRONLY|O_CREAT" sim openat FOO
	refused '"" is neither' "an argument is" sim openat "O_RDONLY|"
	refused '"12x" is neither' "an argument is" sim openat 12x
	refused '"18446744073709551616" is neither' "an argument is" sim openat 18446744073709551616
	refused '\x1b[31m' "an argument is" sim openat $'\e[31m'
	refused "7 arguments" "at most 6" sim openat 1 2 3 4 5 6 7
	refused "open does not exist on aarch64" "" sim --arch aarch64 open 0
	refused "32 bits" "" sim 0x1ffffffff
	refused 'unknown architecture "mips"' "x86_64 or aarch64" sim --arch mips read
	refused 'unknown kernel "4.4"' "6.1" sim --kernel 4.4 read
	refused "--kernel needs an argument" "" sim --kernel
	refused 'unknown promise "bogus"' "" sim --promise bogus read
	refused 'unknown flag "--jsn"' "did you mean --json?" sim --jsn read
	refused 'unknown subcommand "smi"' "did you mean paprika filter sim?" smi
}

# ---- show ----------------------------------------------------------------------------------------

@test "show lists instructions with calls and the rules behind them" {
	run filter show --arch x86_64 --kernel 6.12 --promise "stdio rpath"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "   0  load arch" ]
	[[ "${lines[1]}" == "   1  if arch == x86_64 then "* ]]
	grep -Eq '^ *[0-9]+  if number (==|>=) 257 openat then [0-9]+ else [0-9]+$' <<<"$output"
	grep -Eq '^ *[0-9]+  load flags +openat \[--promise stdio rpath promise rpath\]$' <<<"$output"
	grep -Eq '^ *[0-9]+  return errno ENOSYS' <<<"$output"
}

@test "show follows architecture and kernel" {
	[[ "$(filter show --arch aarch64 --kernel 6.12)" == *"if arch == aarch64"*"56 openat"* ]]
	run filter show --calls --kernel 6.1 --promise "stdio wpath"
	[[ "$output" == *"truncate                 notify"* ]]
	run filter show --calls --kernel 6.12 --promise "stdio wpath"
	[[ "$output" == *"truncate                 allow"* ]]
}

@test "show --json has one entry an instruction" {
	lines=$(filter show | wc -l)
	filter show --json | python3 -c '
import json, sys
o = json.load(sys.stdin)
assert len(o["instructions"]) == int(sys.argv[1])
assert [i["index"] for i in o["instructions"]] == list(range(len(o["instructions"])))
assert o["instructions"][0]["text"] == "load arch"
' "$lines"
	filter show --calls --json --kernel 6.18 | python3 -c '
import json, sys
calls = {c["call"]: c["rules"] for c in json.load(sys.stdin)["calls"]}
assert calls["read"][-1]["verdict"] == "allow" and calls["read"][-1]["condition"] is None
assert len(calls["openat"]) > 1 and calls["openat"][0]["condition"].startswith("open")
'
}

@test "show --file lists what dump wrote, from a file and from a pipe" {
	filter dump --promise stdio >"$BATS_TEST_TMPDIR/f"
	filter show --promise stdio --no-supervisor | sed -E 's/ {2,}[a-z0-9_]* ?\[.*//' |
		cut -c1-30 >"$BATS_TEST_TMPDIR/direct"
	filter show --file "$BATS_TEST_TMPDIR/f" >"$BATS_TEST_TMPDIR/listed"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/listed")" = "$(wc -l <"$BATS_TEST_TMPDIR/direct")" ]
	[ "$(grep -c 'if number' "$BATS_TEST_TMPDIR/listed")" = \
		"$(grep -c 'if number' "$BATS_TEST_TMPDIR/direct")" ]
	filter show --file - <"$BATS_TEST_TMPDIR/f" | cmp - "$BATS_TEST_TMPDIR/listed"
}

@test "show --file lists and refuses what the kernel would not take" {
	# one load past the end, then a return; the second alone is fine
	printf '\x20\0\0\0\x40\0\0\0\x06\0\0\0\0\0\xff\x7f' >"$BATS_TEST_TMPDIR/bad"
	tail -c 8 "$BATS_TEST_TMPDIR/bad" >"$BATS_TEST_TMPDIR/good"
	run filter show --file "$BATS_TEST_TMPDIR/good"
	[ "$status" -eq 0 ]
	[[ "$output" == *"return allow" ]]
	run filter show --file "$BATS_TEST_TMPDIR/bad"
	[ "$status" -eq 125 ]
	[[ "$output" == *"load arg6"*"return allow"*"instruction 0 loads from outside"* ]]
	[[ "$output" == *"the kernel would not install this filter"* ]]
}

@test "show --file refuses what is no filter" {
	: >"$BATS_TEST_TMPDIR/empty"
	printf '1234567' >"$BATS_TEST_TMPDIR/short"
	head -c 32776 /dev/zero >"$BATS_TEST_TMPDIR/long"
	refused "0 bytes are no filter" "paprika filter dump" show --file "$BATS_TEST_TMPDIR/empty"
	refused "7 bytes are no filter" "each instruction has 8" show --file "$BATS_TEST_TMPDIR/short"
	refused "longer than the 4096 instructions" "" show --file "$BATS_TEST_TMPDIR/long"
	refused "cannot read: Is a directory" "" show --file "$BATS_TEST_TMPDIR"
	refused "cannot open: No such file" "" show --file "$BATS_TEST_TMPDIR/none"
	refused "a filter that is there already" "only --arch and --json" \
		show --file "$BATS_TEST_TMPDIR/short" --promise stdio
	refused 'unexpected argument "extra"' "paprika filter show" show extra
}

# ---- dump ----------------------------------------------------------------------------------------

# Loads the filter of a file into python and tries one thing.
load_and() {
	python3 - "$1" "$2" "$BATS_TEST_TMPDIR" <<'PY'
import ctypes, os, struct, sys

libc = ctypes.CDLL(None, use_errno=True)
code = open(sys.argv[1], "rb").read()
buffer = ctypes.create_string_buffer(code, len(code))
program = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(buffer))
assert libc.prctl(38, 1, 0, 0, 0) == 0
if sys.argv[2] != "nothing":
    assert libc.prctl(22, 2, ctypes.c_char_p(program), 0, 0) == 0, os.strerror(ctypes.get_errno())
try:
    fd = os.open(sys.argv[3] + "/made", os.O_WRONLY | os.O_CREAT, 0o600)
    print("write: done")
except OSError as error:
    print("write:", error.strerror)
fd = os.open("/etc/passwd", os.O_RDONLY)
print("read: done")
PY
}

@test "dump writes what the kernel loads" {
	filter dump --promise "stdio rpath" >"$BATS_TEST_TMPDIR/f"
	run load_and "$BATS_TEST_TMPDIR/f" nothing
	[[ "$output" == *"write: done"*"read: done"* ]]
	rm "$BATS_TEST_TMPDIR/made"
	run load_and "$BATS_TEST_TMPDIR/f" filter
	[ "$status" -eq 0 ]
	[[ "$output" == *"write: Permission denied"*"read: done"* ]]
	[ ! -e "$BATS_TEST_TMPDIR/made" ]
}

@test "dump never notifies, since nobody would answer" {
	run filter show --promise stdio
	[[ "$output" == *"return notify"* ]]
	filter dump --promise stdio >"$BATS_TEST_TMPDIR/f"
	run filter show --file "$BATS_TEST_TMPDIR/f"
	[ "$status" -eq 0 ]
	[[ "$output" != *"return notify"* ]]
}

@test "dump's formats say the same" {
	filter dump >"$BATS_TEST_TMPDIR/raw"
	filter dump --format hex >"$BATS_TEST_TMPDIR/hex"
	filter dump --format c >"$BATS_TEST_TMPDIR/c"
	filter dump --json >"$BATS_TEST_TMPDIR/json"
	python3 - "$BATS_TEST_TMPDIR" <<'PY'
import json, re, struct, sys
read = lambda name: open(sys.argv[1] + "/" + name, "rb").read()
raw = list(struct.iter_unpack("<HBBI", read("raw")))
assert len(raw) > 100
assert [tuple(int(x, 16) for x in l.split()) for l in read("hex").decode().splitlines()] == raw
assert [tuple(int(x, 0) for x in m) for m in
        re.findall(r"\{(\S+), (\S+), (\S+), (\S+)\},", read("c").decode())] == raw
assert [tuple(x) for x in json.loads(read("json"))["filter"]] == raw
PY
}

@test "dump refuses a terminal, unknown formats and two forms at once" {
	refused 'unknown format "base64"' "raw, c or hex" dump --format base64
	refused "exclude each other" "" dump --json --format hex
	run script -qec "'$PAPRIKA' filter dump" /dev/null
	[ "$status" -eq 125 ]
	[[ "$output" == *"not for a terminal"* ]]
}

# ---- cost ----------------------------------------------------------------------------------------

@test "cost counts, and hot calls without conditions cost nothing" {
	run filter cost --promise stdio
	[ "$status" -eq 0 ]
	[[ "$output" == *"instructions    $(filter show --promise stdio | wc -l) of 4096"* ]]
	grep -Eq '^  read +[0-9]+  \(cached: none\)$' <<<"$output"
	grep -Eq '^  write +[0-9]+  \(cached: none\)$' <<<"$output"
	grep -Eq '^  fcntl +[0-9]+$' <<<"$output"
}

@test "cost --json says how deep calls are" {
	filter cost --json --kernel 6.12 | python3 -c '
import json, sys
o = json.load(sys.stdin)
assert 0 < o["cached"] < o["calls"], o
assert o["hot"]["read"]["cached"] is True and 4 <= o["hot"]["read"]["instructions"] <= 16, o
assert o["longest"] >= o["hot"]["openat"]["instructions"], o
assert o["install"] > o["calls"], o
'
}

@test "help names every subcommand and flag of the manual" {
	run filter --help
	[ "$status" -eq 0 ]
	for word in show dump sim cost --arch --calls --file --format --json --kernel --no-supervisor; do
		[[ "$output" == *"$word"* ]]
		grep -qF -- "${word#--}" "$PAPRIKA_SOURCE/man/paprika-filter.1"
	done
	run filter
	[ "$status" -eq 125 ]
}
