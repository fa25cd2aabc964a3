# SPDX-License-Identifier: BSD-2-Clause
# bash and what it starts.

load lib

setup() {
	enter_work
	make_tree data/tree
	mkdir tmp
	grants+=(--rw "$work/tmp" --env TMPDIR="$work/tmp")
	export TMPDIR=$work/tmp
}

teardown() {
	leave_work
}

@test "pipes, here-documents, substitutions" {
	cat >data/script.sh <<'SCRIPT'
#!/bin/bash
set -eu -o pipefail
cd "$1"
cut -d' ' -f1 tree/numbers.txt | sort -n | uniq -c | awk '{ s += $2 } END { print s }'
cat <<END
here: $(wc -l <tree/numbers.txt) lines, ${#1} letters
END
read -r first rest <<<"one two three"
echo "$first/$rest"
diff <(sort tree/numbers.txt) <(sort -r tree/numbers.txt | tac) && echo same
for i in 1 2 3; do (exit "$i") & wait $! || echo "child said $?"; done
sleep 1000 & kill $!; wait $! || echo "sleeper ended with $?"
trap 'echo bye' EXIT
printf '%s\n' tree/*.txt | while read -r f; do echo "$f: $(stat -c %s "$f")"; done
kill -0 $$ && test -r tree/numbers.txt && [[ tree/deep -ot /dev/null || 1 ]] && echo done
SCRIPT
	agree bash data/script.sh "$work/data"
	grep -q "child said 3" seen/in.out
	grep -q same seen/in.out
	chmod +x data/script.sh
	agree data/script.sh "$work/data"
}

@test "a here-document that is too large for a pipe" {
	cat >data/script.sh <<'SCRIPT'
big=$(seq 1 40000)
wc -c <<END
$big
END
SCRIPT
	agree bash data/script.sh
}

@test "writing goes where it was granted" {
	agree bash -c 'echo x >"$1/tmp/f" && cat "$1/tmp/f"' bash "$work"
	refused "outside/new: Permission denied" bash -c 'echo x >"$1/outside/new"' bash "$work"
	rm outside/new
	stopped bash -c 'echo x >"$1/outside/new"' bash "$work"
	[ ! -e outside/new ]
}

@test "reading through redirection is refused outside" {
	refused "outside/secret: Permission denied" bash -c 'cat <"$1/outside/secret"' bash "$work"
}

@test "a program that was not granted does not run" {
	mkdir outside/bin
	cp /bin/true outside/bin/tool
	refused "Permission denied" bash -c '"$1/outside/bin/tool"' bash "$work"
}

@test "processes outside cannot be signalled" {
	sleep 1000 &
	pid=$!
	refused "not permitted" bash -c 'kill -0 "$1"' bash "$pid"
	stopped bash -c 'kill -KILL "$1"' bash "$pid"
	kill -0 "$pid"
	kill "$pid"
}

@test "statuses and signals come through" {
	both bash -c 'exit 42'
	[ "$bare" = 42 ] && [ "$inside" = 42 ]
	both bash -c 'kill -TERM $$'
	[ "$bare" = 143 ] && [ "$inside" = 143 ]
}
