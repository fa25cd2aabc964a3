# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# What the tests of real programs share. Each test runs a program bare and under
# `paprika run`, compares everything that can be seen of the two runs, and shows
# one thing outside the grants that works bare and is refused inside.

# A fresh directory to work in, a home inside it, and a secret beside the data.
# $grants is what the confined runs get; a test adds to it.
enter_work() {
	. "$PAPRIKA_SOURCE/tests/harness/kernel.bash"
	PATH=/usr/bin:/bin:/usr/sbin:/sbin
	export PATH LC_ALL=C TZ=UTC
	unset CDPATH ENV BASH_ENV TMPDIR PYTHONPATH PYTHONHOME GIT_DIR LD_LIBRARY_PATH LD_PRELOAD
	umask 022
	[ -x "$PAPRIKA" ] || return 1
	work=$(mktemp -d "${BATS_TMPDIR:-/tmp}/paprika-programs-XXXXXX")
	cd "$work" || return 1
	mkdir home data outside seen
	export HOME=$work/home
	echo "nobody inside may read this" >outside/secret
	adapt=()
	grants=(--rx /usr --ro /etc --ro "$work/data")
}

leave_work() {
	cd / || return 1
	chmod -R u+rwX "$work"
	rm -rf "$work"
}

fail() {
	echo "$*" >&2
	return 1
}

confined() {
	if [ "$1" = follow ]; then
		shift
		follow_confined=1 follow "$@"
	else
		"$PAPRIKA" run $WAIVED "${grants[@]}" -- "$@"
	fi
}

# recipe NAME: the command line of docs/recipes.md under that heading.
recipe() {
	awk -v heading="## $1" '/^#/ { here = $0 == heading } /^```/ { code = !code; next }
		here && code' "$PAPRIKA_SOURCE/docs/recipes.md"
}

# follow NAME [OLD=NEW...]: a recipe's command, bare, and by `confined follow ...`
# the whole line. OLD=NEW changes the command and never the grants; what $adapt
# holds (ports, mostly) is changed in both. $follow_by goes before the whole: "exec".
follow() {
	local text change given command
	text=$(recipe "$1")
	[[ $text == "paprika run "*" -- "* ]] || { fail "no recipe for $1"; return 99; }
	shift
	for change in "${adapt[@]}"; do
		text=${text//"${change%%=*}"/"${change#*=}"}
	done
	given=${text%%" -- "*}
	command=${text#*" -- "}
	for change in "$@"; do
		[[ $command == *"${change%%=*}"* ]] || { fail "nothing to change: $change"; return 99; }
		command=${command//"${change%%=*}"/"${change#*=}"}
	done
	if [ -n "${follow_confined:-}" ]; then
		eval "${follow_by:-} \"\$PAPRIKA\" run $WAIVED ${given#paprika run } -- $command"
	else
		eval "${follow_by:-} ${command#\\$'\n'}"
	fi
}

# A port that nobody has, out of the range that the kernel chooses from.
free_port() {
	python3 - <<'SCRIPT'
import random, socket
while True:
    port = random.randrange(10000, 30000)
    try:
        with socket.create_server(("127.0.0.1", port)):
            print(port)
            break
    except OSError:
        pass
SCRIPT
}

# until_open PORT PID: somebody listens there, or the process ended or half a minute passed.
until_open() {
	local last=$((SECONDS + 30))
	until (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do
		if [ "$SECONDS" -ge "$last" ] || ! kill -0 "$2" 2>/dev/null; then
			fail "nobody listens"
			return 1
		fi
	done
}

show_seen() {
	for part in bare.out bare.err in.out in.err; do
		echo "--- $part"
		head -c 500 "$work/seen/$part"
	done >&2
}

# both COMMAND...: bare and confined; input from $input where it is set. Leaves
# $bare and $inside, the statuses, and both outputs below seen/.
both() {
	bare=0
	inside=0
	"$@" >"$work/seen/bare.out" 2>"$work/seen/bare.err" <"${input:-/dev/null}" || bare=$?
	confined "$@" >"$work/seen/in.out" 2>"$work/seen/in.err" <"${input:-/dev/null}" ||
		inside=$?
}

# agree COMMAND...: it succeeds bare, and confined it does and says exactly the same.
agree() {
	both "$@"
	if [ "$bare" != 0 ] || [ "$inside" != 0 ] || ! cmp "$work/seen/bare.out" "$work/seen/in.out" ||
		! cmp "$work/seen/bare.err" "$work/seen/in.err"; then
		show_seen
		fail "\"$*\": status $bare bare, $inside confined"
	fi
}

# Whether paprika itself gave up, so that the program never ran.
not_run() {
	grep '^paprika: ' "$work/seen/in.err" | grep -qv '^paprika: denied: '
}

# stopped COMMAND...: confined, it runs and fails. Its messages land in seen/in.err.
stopped() {
	inside=0
	confined "$@" >"$work/seen/in.out" 2>"$work/seen/in.err" </dev/null || inside=$?
	if [ "$inside" = 0 ] || not_run; then
		show_seen
		fail "\"$*\": status $inside confined"
	fi
}

# refused MESSAGE COMMAND...: it succeeds bare; confined it fails and says MESSAGE.
refused() {
	local message=$1
	shift
	both "$@"
	if [ "$bare" != 0 ] || [ "$inside" = 0 ] || not_run ||
		! grep -qF -- "$message" "$work/seen/in.out" "$work/seen/in.err"; then
		show_seen
		fail "\"$*\": status $bare bare, $inside confined, wanted: $message"
	fi
}

# tree DIRECTORY: every name in it with type, mode, time, links and contents.
tree() {
	(
		cd "$1" || exit 1
		find . -mindepth 1 -printf '%p %y %m %T@ %n %l\n' | sort
		find . -type f -print0 | sort -z | xargs -0 -r sha256sum
	)
}

# same_trees A B: they hold the same, down to modes and times.
same_trees() {
	tree "$1" >"$work/seen/tree.a"
	tree "$2" >"$work/seen/tree.b"
	diff "$work/seen/tree.a" "$work/seen/tree.b" >&2 || fail "$1 and $2 differ"
	[ "$(wc -l <"$work/seen/tree.a")" -gt 1 ] || fail "$1 is empty"
}

# numbers COUNT: lines that look shuffled and are the same on every run.
numbers() {
	awk -v n="$1" 'BEGIN { x = 12345; for (i = 0; i < n; i++) {
		x = (x * 69069 + 1) % 4294967296; printf "%010.0f line %d\n", x, i } }'
}

# A directory of small files with odd names, kinds, modes and times.
make_tree() {
	mkdir -p "$1/deep/deeper" "$1/closed" "$1/sticky"
	numbers 3000 >"$1/numbers.txt"
	printf 'a needle here\nand none there\n' >"$1/deep/one.txt"
	printf 'haystack\nneedle again\n' >"$1/deep/deeper/two words.txt"
	printf 'needle\n' >"$1/$(printf 'new\nline')"
	: >"$1/empty"
	head -c 70000 /dev/zero >"$1/zeros"
	ln -s deep/one.txt "$1/link"
	ln -s /nonexistent "$1/dangling"
	ln "$1/empty" "$1/hard"
	mkfifo "$1/pipe"
	chmod 640 "$1/empty"
	chmod 755 "$1/deep/one.txt"
	chmod 1777 "$1/sticky"
	find "$1" -depth -exec touch -h -d '2001-02-03 04:05:06 UTC' {} +
	touch -d '1999-12-31 23:59:59 UTC' "$1/numbers.txt"
	chmod 555 "$1/closed"
}
