# SPDX-License-Identifier: BSD-2-Clause
# What keeps, copies and converts data.

load lib

setup() {
	enter_work
	mkdir out
}

teardown() {
	leave_work
}

@test "sqlite3 with a write-ahead log" {
	mkdir base
	local query="SELECT count(*), sum(n) FROM t"
	local fill="PRAGMA journal_mode=wal; CREATE TABLE t(n, s);
		WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 5000)
		INSERT INTO t SELECT i, hex(i) FROM c; CREATE INDEX x ON t(s);
		DELETE FROM t WHERE n % 2; VACUUM; PRAGMA wal_checkpoint(truncate);
		PRAGMA integrity_check;"
	confined follow sqlite3 "$query=$fill" >seen/fill
	[ "$(head -n 1 seen/fill)" = wal ]
	[ "$(tail -n 1 seen/fill)" = ok ]
	agree follow sqlite3
	[ "$(cat seen/in.out)" = "2500|6252500" ]
	cp base/db outside/db
	refused "unable to open database" follow sqlite3 base/db=outside/db
	refused "unable to open database" follow sqlite3 "'$query'"="\"ATTACH 'outside/db' AS o; $query\""
}

@test "sqlite3 shares a database with another, bare one" {
	mkdir base
	sqlite3 base/db "PRAGMA journal_mode=wal; CREATE TABLE t(n)" >seen/mode
	coproc writer { sqlite3 base/db; }
	local pid=$writer_PID # the shell forgets it as soon as it has ended
	# The transaction is open once its answer is here.
	printf '%s\n' "BEGIN IMMEDIATE; INSERT INTO t VALUES(7); SELECT 'begun';" >&"${writer[1]}"
	read -r line <&"${writer[0]}"
	[ "$line" = begun ]
	stopped follow sqlite3 "SELECT count(*), sum(n) FROM t=INSERT INTO t VALUES(8)"
	grep -q "database is locked" seen/in.err
	[ "$(confined follow sqlite3)" = "0|" ]
	printf '%s\n' "COMMIT; SELECT 'done';" >&"${writer[1]}"
	read -r line <&"${writer[0]}"
	[ "$line" = "done" ]
	confined follow sqlite3 "SELECT count(*), sum(n) FROM t=INSERT INTO t VALUES(8)"
	[ "$(confined follow sqlite3)" = "2|15" ]
	printf '.quit\n' >&"${writer[1]}"
	wait "$pid"
}

@test "rsync copies a tree and brings a copy up to date" {
	make_tree data/tree
	confined follow rsync
	same_trees data out
	rm data/tree/zeros
	echo changed >>data/tree/deep/one.txt
	echo new >data/tree/new
	touch -d '2002-03-04 05:06:07 UTC' data/tree
	confined follow rsync
	same_trees data out
	[ ! -e out/tree/zeros ]
	agree follow rsync -aH="-aHin"
	[ ! -s seen/in.out ]
}

@test "rsync neither reads nor writes outside" {
	echo x >data/x
	mkdir outside/from outside/to
	echo y >outside/from/y
	refused "Permission denied" follow rsync data/=outside/from/
	rm -rf out/*
	stopped follow rsync data/=outside/from/
	[ ! -e out/y ]
	refused "Permission denied" follow rsync out/=outside/to/new/
	rm -rf outside/to/new
	stopped follow rsync out/=outside/to/new/
	[ ! -e outside/to/new ]
}

make_picture() {
	awk 'BEGIN { print "P3 64 48 255"; for (i = 0; i < 64 * 48; i++)
		print i % 256, (i * 7) % 256, (i * 13) % 256 }' >"$1"
}

@test "convert makes a smaller picture" {
	make_picture data/picture.ppm
	make_picture outside/picture.ppm
	follow convert
	convert out/picture.png rgb:seen/bare.rgb
	rm out/picture.png
	confined follow convert
	convert out/picture.png rgb:seen/in.rgb
	cmp seen/bare.rgb seen/in.rgb
	[ "$(stat -c %s seen/in.rgb)" -gt 2000 ]
	agree follow convert -resize="-rotate 30 -blur 2x1 -resize"
	# its reason is the error of a later call, "Invalid argument"
	refused "unable to open image \`outside/picture.ppm'" follow convert data/picture.ppm=outside/picture.ppm
	refused "unable to open image \`outside/picture.png'" follow convert out/picture.png=outside/picture.png
}
