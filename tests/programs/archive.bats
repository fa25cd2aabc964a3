# SPDX-License-Identifier: BSD-2-Clause
# Programs that write files with modes and times: tar, gzip, xz, and the small tools.

load lib

setup() {
	enter_work
	make_tree data/tree
	mkdir bare confined
	grants+=(--rw "$work/confined")
}

teardown() {
	leave_work
}

@test "tar creates the same archive" {
	tar -C data -cf bare/all.tar tree
	confined tar -C data -cf "$work/confined/all.tar" tree
	cmp bare/all.tar confined/all.tar
	agree tar -C data -cf - tree
	agree tar -C data -czf - tree
	refused "Permission denied" tar -cf "$work/confined/out.tar" outside
	refused "Permission denied" tar -C data -cf "$work/outside/new.tar" tree
}

@test "tar extracts with modes and times" {
	tar -C data -cpf data/all.tar tree
	tar -C bare -xpf data/all.tar
	confined tar -C confined -xpf "$work/data/all.tar"
	same_trees bare confined
	same_trees data/tree confined/tree
	refused "Permission denied" tar -C outside -xpf "$work/data/all.tar"
}

@test "tar extracts nothing outside" {
	tar -C data -cf data/all.tar tree
	stopped tar -C outside -xf "$work/data/all.tar"
	[ "$(ls outside)" = secret ]
	tar -C outside -xf "$work/data/all.tar"
	[ -e outside/tree/numbers.txt ]
}

@test "gzip keeps mode and time" {
	for side in bare confined; do
		cp -p data/tree/numbers.txt data/tree/zeros "$side"
		chmod 640 "$side/zeros"
	done
	gzip -9 bare/numbers.txt bare/zeros
	confined gzip -9 "$work/confined/numbers.txt" "$work/confined/zeros"
	same_trees bare confined
	gzip -d bare/*.gz
	confined gzip -d "$work/confined/numbers.txt.gz" "$work/confined/zeros.gz"
	same_trees bare confined
	cmp data/tree/numbers.txt confined/numbers.txt
	refused "Permission denied" gzip -k "$work/outside/secret"
}

@test "xz with two threads" {
	numbers 250000 >data/big
	touch -d '2002-02-02 02:02:02 UTC' data/big
	cp -p data/big bare
	cp -p data/big confined
	xz -1 -T2 --block-size=1MiB bare/big
	confined xz -1 -T2 --block-size=1MiB "$work/confined/big"
	same_trees bare confined
	agree xz -T2 -dc confined/big.xz
	cmp seen/in.out data/big
	refused "Permission denied" xz -T2 -k "$work/outside/secret"
}

@test "metadata inside the grants, not outside" {
	cp -p data/tree/numbers.txt bare/file
	cp -p data/tree/numbers.txt confined/file
	for change in "chmod 600" "touch -d @981173106" "chmod u+x" "truncate -s 100"; do
		# shellcheck disable=SC2086 # words on purpose
		$change bare/file
		# shellcheck disable=SC2086
		confined $change "$work/confined/file"
	done
	touch -d @981173106 bare bare/file confined confined/file
	same_trees bare confined
	refused "Operation not permitted" chmod 600 "$work/outside/secret"
	chmod 644 outside/secret
	stopped chmod 600 "$work/outside/secret"
	[ "$(stat -c %a outside/secret)" = 644 ]
	stopped touch -d @981173106 "$work/outside/secret"
	[ "$(stat -c %Y outside/secret)" != 981173106 ]
	# A link inside that leads outside is outside.
	ln -s ../outside/secret confined/way
	stopped chmod 600 "$work/confined/way"
	[ "$(stat -c %a outside/secret)" = 644 ]
	# and somebody is told
	stopped chmod 600 "$work/outside/secret"
	grep -q "^paprika: denied: .*chmod" seen/in.err
	grep -q -- "--rw $work/outside" seen/in.err
}
