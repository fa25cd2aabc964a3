# SPDX-License-Identifier: BSD-2-Clause
# curl to servers on the loopback: one port granted, another not.

load lib

setup() {
	enter_work
	numbers 2000 >data/page
	cat >server.py <<'SCRIPT'
import http.server, sys

class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))[::-1]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
SCRIPT
	servers=()
}

teardown() {
	for pid in "${servers[@]}"; do
		kill "$pid"
	done
	leave_work
}

# start_server VARIABLE: a server for data/; its port, once it listens, lands in VARIABLE.
start_server() {
	local line
	[ -p ports ] || mkfifo ports
	(cd data && exec python3 ../server.py) >ports 3>&- &
	servers+=("$!")
	read -r line <ports
	printf -v "$1" %s "$line"
}

@test "curl reaches the granted port and no other" {
	start_server granted
	start_server other
	grants+=(--connect "$granted")
	agree curl -sS "http://127.0.0.1:$granted/page"
	cmp seen/in.out data/page
	agree curl -sS --data-binary @data/page "http://127.0.0.1:$granted/"
	agree curl -sS -w '%{http_code}\n' -o /dev/null "http://127.0.0.1:$granted/missing"
	refused "curl: (7)" curl -sS "http://127.0.0.1:$other/page"
	[ ! -s seen/in.out ]
	cmp seen/bare.out data/page
}

@test "no port granted, none reached" {
	start_server port
	refused "curl: (7)" curl -sS "http://127.0.0.1:$port/page"
	grants+=(--connect any)
	agree curl -sS "http://127.0.0.1:$port/page"
}

@test "a server needs a grant to listen" {
	cat >data/listen.py <<'SCRIPT'
import socket, threading
s = socket.create_server(("127.0.0.1", 0))
def answer():
    c, _ = s.accept()
    c.sendall(b"hello from inside")
    c.close()
t = threading.Thread(target=answer)
t.start()
c = socket.create_connection(s.getsockname())
print(c.recv(100))
t.join()
SCRIPT
	grants+=(--connect any)
	refused "PermissionError" python3 data/listen.py
	grants+=(--listen any)
	agree python3 data/listen.py
	grep -q "hello from inside" seen/in.out
}

@test "files that curl reads and writes" {
	start_server port
	mkdir out
	grants+=(--connect "$port" --rw "$work/out")
	confined curl -sS -o "$work/out/page" "http://127.0.0.1:$port/page"
	cmp out/page data/page
	refused "curl: (" curl -sS -o "$work/outside/page" "http://127.0.0.1:$port/page"
	refused "curl: (" curl -sS "file://$work/outside/secret"
}
