# SPDX-License-Identifier: BSD-2-Clause
# Servers inside: nginx and redis.

load lib

setup() {
	enter_work
	PATH=$PATH:$PAPRIKA_SOURCE/borrowed/usr/sbin
	server=
	port=$(free_port)
	adapt=("6379=$port" "8080=$port")
}

teardown() {
	if [ -n "$server" ]; then
		kill "$server" 2>/dev/null || true
		wait "$server" || true
	fi
	leave_work
}

# start HOW COMMAND...: `follow ...` or `confined follow ...` in the background, until it
# listens.
start() {
	follow_by=exec "$@" >seen/server.out 2>seen/server.err 3>&- </dev/null &
	server=$!
	until_open "$port" "$server" || {
		cat seen/server.out seen/server.err site/logs/error.log >&2
		return 1
	}
}

stop() {
	kill "$server"
	wait "$server" || true
	server=
}

# until_logged PATTERN: nginx says so, or half a minute passed.
until_logged() {
	local last=$((SECONDS + 30))
	until grep -q "$1" site/logs/error.log; do
		[ "$SECONDS" -lt "$last" ] || { fail "nginx never said: $1"; return 1; }
	done
}

make_site() {
	mkdir -p site/logs site/tmp
	numbers 20000 >data/page.txt
	ln -s "$work/outside/secret" data/leak
	chmod 644 outside/secret
	cat >site/nginx.conf <<SETTINGS
daemon off;
$1
pid logs/nginx.pid;
error_log logs/error.log notice;
events { worker_connections 64; }
http {
	access_log logs/access.log;
	client_body_temp_path tmp/body;
	proxy_temp_path tmp/proxy;
	fastcgi_temp_path tmp/fastcgi;
	uwsgi_temp_path tmp/uwsgi;
	scgi_temp_path tmp/scgi;
	sendfile on;
	gzip on;
	gzip_types text/plain;
	server {
		listen 127.0.0.1:$port;
		root $work/data;
		autoindex on;
	}
}
SETTINGS
}

url() {
	printf 'http://127.0.0.1:%s/%s' "$port" "$1"
}

status_of() {
	curl -sS -o /dev/null -w '%{http_code}' "$(url "$1")"
}

# What a bare and a confined nginx do alike, and where they differ.
serve() {
	start follow "$1"
	curl -sS "$(url page.txt)" | cmp - data/page.txt
	[ "$(status_of leak)" = 200 ]
	stop
	rm -rf site/logs/* site/tmp/*
	start confined follow "$1"
	curl -sS "$(url page.txt)" | cmp - data/page.txt
	curl -sS --compressed "$(url page.txt)" | cmp - data/page.txt
	curl -sS -r 100-199 "$(url page.txt)" | cmp - <(tail -c +101 data/page.txt | head -c 100)
	curl -sS "$(url "")" | grep -q 'href="page.txt"'
	[ "$(status_of missing)" = 404 ]
	[ "$(status_of leak)" = 403 ]
	grep -q 'leak" failed (13: Permission denied)' site/logs/error.log
	grep -q 'GET /page.txt' site/logs/access.log
	stop
}

@test "nginx serves a directory and nothing else" {
	# for root, without other users: as one process that stays what it is
	if [ "$(id -u)" = 0 ]; then
		make_site "user root; master_process off;"
	else
		make_site "worker_processes 2;"
	fi
	serve nginx
}

@test "nginx as root with workers of another user" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	make_site "user nobody nogroup; worker_processes 2;"
	chmod 755 . data
	serve "nginx as root"
	# nothing but id and the capabilities makes the difference
	: >site/logs/error.log
	start confined follow nginx
	until_logged 'setgid(.*) failed (1: Operation not permitted)'
	stop
}

@test "nginx listens on the granted port only" {
	make_site "$([ "$(id -u)" != 0 ] || echo "user root;") master_process off;"
	sed -i "s/127.0.0.1:$port/127.0.0.1:$(free_port)/" site/nginx.conf
	stopped follow nginx
	grep -q 'bind() to 127.0.0.1:.* failed (13: Permission denied)' seen/in.err
	# -t opens its sockets, too, and then ends
	refused "failed (13: Permission denied)" follow nginx "-p site/"="-t -p site/"
}

@test "redis saves to its directory, and clients reach it alone" {
	mkdir base bin
	if ! command -v redis-server >/dev/null; then
		# the same program under another name
		ln -s "$(command -v redis-check-rdb)" bin/redis-server
		PATH=$PATH:$work/bin
	fi
	# as it is by default, and changeable for what comes below
	start confined follow redis-server
	[ "$(redis-cli -p "$port" PING)" = PONG ]
	stop
	changeable="--dir base=--enable-protected-configs yes --dir base"
	start confined follow redis-server "$changeable"
	[ "$(confined follow redis-cli "GET key=SET key value")" = OK ]
	agree follow redis-cli
	[ "$(cat seen/in.out)" = value ]
	for i in $(seq 200); do echo "RPUSH list $i"; done | confined follow redis-cli " GET key=" >seen/list
	[ "$(tail -n 1 seen/list)" = 200 ]
	agree follow redis-cli "GET key=EVAL 'return redis.call(\"LLEN\", \"list\") + 1' 0"
	[ "$(redis-cli -p "$port" SAVE)" = OK ]
	[ -s base/dump.rdb ]
	# from inside to outside: the server's files, the client's port
	redis-cli -p "$port" CONFIG SET dir "$work/outside" >seen/set
	[ "$(redis-cli -p "$port" SAVE)" != OK ]
	[ ! -e outside/dump.rdb ]
	redis-cli -p "$port" CONFIG SET dir "$work/base"
	redis-cli -p "$port" SHUTDOWN
	wait "$server"
	server=
	# what was saved is there for the next, bare one
	start follow redis-server "$changeable"
	agree follow redis-cli
	[ "$(cat seen/in.out)" = value ]
	grants=(--rx /usr)
	both redis-cli -p "$port" GET key
	[ "$(cat seen/bare.out)" = value ]
	! grep -q value seen/in.out
	[ "$(redis-cli -p "$port" CONFIG SET dir "$work/outside")" = OK ]
	[ "$(redis-cli -p "$port" SAVE)" = OK ]
	[ -s outside/dump.rdb ]
}
