# SPDX-License-Identifier: BSD-2-Clause
# Programs that read: cat, grep, sort, find.

load lib

setup() {
	enter_work
	make_tree data/tree
}

teardown() {
	leave_work
}

@test "nothing granted: a program starts and says its piece" {
	grants=()
	agree echo hello
	agree true
	both false
	[ "$bare" = 1 ] && [ "$inside" = 1 ]
	input=data/tree/numbers.txt
	agree cat
	refused "Permission denied" cat data/tree/numbers.txt
}

@test "cat" {
	agree cat data/tree/numbers.txt data/tree/zeros data/tree/link
	input=data/tree/numbers.txt
	agree cat - data/tree/zeros -
	refused "outside/secret: Permission denied" cat outside/secret
	ln -s "$work/outside/secret" data/way
	refused "data/way: Permission denied" cat data/way
	refused "Permission denied" cat "data/../outside/secret"
}

@test "grep -r" {
	agree grep -rn needle data --exclude=pipe --devices=skip
	agree grep -rlZ --devices=skip needle "$work/data/tree"
	[ "$(tr '\0' '\n' <seen/in.out | grep -c tree)" = 3 ]
	refused "outside: Permission denied" grep -r nobody outside
	refused "outside/secret: Permission denied" grep nobody outside/secret
}

@test "sort with threads, spilling to files" {
	mkdir spill
	grants+=(--rw "$work/spill")
	numbers 300000 >data/big
	agree sort --parallel=2 -S 2M -T "$work/spill" data/big
	[ "$(wc -l <seen/in.out)" = 300000 ]
	agree sort --parallel=2 -n -u -k3 data/big
	refused "outside/sorted: Permission denied" sort -o outside/sorted data/big
}

@test "sort: refused output leaves no file" {
	grants+=(--rw "$work/seen")
	both sort -o "$work/outside/sorted" data/tree/numbers.txt
	[ "$bare" = 0 ]
	rm outside/sorted
	both sort -o "$work/outside/sorted" data/nonexistent
	[ "$inside" != 0 ] && [ ! -e outside/sorted ]
	stopped sort -o "$work/outside/sorted" data/tree/numbers.txt
	[ ! -e outside/sorted ]
}

@test "find" {
	agree find data -type f -size +1k -printf '%p %s %m %T@\n'
	agree find data/tree -name '*.txt' -exec wc -c {} +
	agree find data -newermt 2000-01-01 -not -type d
	refused "Permission denied" find outside -name secret
}
