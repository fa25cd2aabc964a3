# SPDX-License-Identifier: BSD-2-Clause
# openssl, ssh and sftp to servers on the loopback, which are outside.

load lib

setup() {
	enter_work
	mkdir out keys
	numbers 2000 >data/page
	servers=()
}

teardown() {
	for pid in "${servers[@]}"; do
		kill "$pid"
		wait "$pid" || true
	done
	leave_work
}

make_certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" \
		-out "$1" -subj /CN=localhost -days 2 2>seen/req
}

# start_tls VARIABLE: a server that sends each line back reversed; its port.
start_tls() {
	local line
	[ -p ports ] || mkfifo ports
	openssl s_server -accept 127.0.0.1:0 -key cert.pem.key -cert cert.pem -rev \
		>ports 2>seen/server.err 3>&- </dev/null &
	servers+=("$!")
	exec 5<ports
	while read -r line <&5 && [[ $line != ACCEPT* ]]; do :; done
	printf -v "$1" %s "${line##*:}"
}

@test "openssl s_client" {
	make_certificate cert.pem
	make_certificate other.pem
	cp cert.pem outside/cert.pem
	start_tls port
	adapt=("4433=$port")
	printf 'hello\nCLOSE\n' >lines
	input=lines
	agree follow "openssl s_client"
	grep -qx olleh seen/in.out
	refused "outside/cert.pem" follow "openssl s_client" cert.pem=outside/cert.pem
	both follow "openssl s_client" "-CAfile cert.pem"="-CAfile data/page"
	[ "$bare" != 0 ]
	start_tls second
	[ "$second" != "$port" ]
	refused "Permission denied" follow "openssl s_client" ":$port"=":$second"
}

@test "openssl speed" {
	# what it measures is never the same
	confined follow "openssl speed" >seen/in.out 2>seen/in.err
	grep -q '^sha256' seen/in.out
	confined follow "openssl speed" "-evp sha256"="-multi 2 -evp sha256" >seen/in.out 2>seen/in.err
	grep -q '^sha256\|^evp' seen/in.out
	openssl genpkey -algorithm ed25519 -out outside/key
	grants=(--rx /usr --ro /etc/ssl)
	refused "outside/key" openssl pkey -in outside/key -noout
}

# A server of the user "nobody", so that it is the same for root and for anybody else.
start_sshd() {
	local as=() who
	PATH=$PATH:$PAPRIKA_SOURCE/borrowed/usr/sbin
	who=$(id -un)
	if [ "$(id -u)" = 0 ]; then
		who=nobody
		as=(setpriv --reuid nobody --regid nogroup --clear-groups)
	fi
	mkdir sshd
	ssh-keygen -q -t ed25519 -N '' -f sshd/host
	ssh-keygen -q -t ed25519 -N '' -f keys/own
	cp keys/own.pub sshd/authorized
	port=$(free_port)
	cat >sshd/config <<SETTINGS
ListenAddress 127.0.0.1:$port
HostKey $work/sshd/host
AuthorizedKeysFile $work/sshd/authorized
PidFile none
StrictModes no
UsePAM yes
PasswordAuthentication no
Subsystem sftp internal-sftp
SETTINGS
	# Newer ones are made of several programs; an unpacked one looks for them elsewhere.
	local parts=$PAPRIKA_SOURCE/borrowed/usr/lib/openssh
	if [ -x "$parts/sshd-session" ]; then
		echo "SshdSessionPath $parts/sshd-session" >>sshd/config
	fi
	if [ -x "$parts/sshd-auth" ]; then
		echo "SshdAuthPath $parts/sshd-auth" >>sshd/config
	fi
	cat >keys/config <<SETTINGS
Host server
	HostName 127.0.0.1
	User $who
	IdentityFile $work/keys/own
	IdentitiesOnly yes
	UserKnownHostsFile $work/keys/known
	GlobalKnownHostsFile none
	StrictHostKeyChecking yes
	BatchMode yes
SETTINGS
	echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 sshd/host.pub)" >keys/known
	[ "$(id -u)" != 0 ] || chown -R nobody sshd
	chmod 755 .
	env LD_LIBRARY_PATH="$(echo "$PAPRIKA_SOURCE"/borrowed/usr/lib/*-linux-gnu)" "${as[@]}" \
		"$(command -v sshd)" -D -e -f "$work/sshd/config" 2>seen/sshd.log 3>&- </dev/null &
	servers+=("$!")
	until_open "$port" "$!" || { cat seen/sshd.log >&2; return 1; }
}

# A server behind the other one; its port lands in $page.
start_pages() {
	cat >pages.py <<'SCRIPT'
import socketserver
class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line[-2::-1] + b"\n")
server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
SCRIPT
	mkfifo pages
	python3 pages.py >pages 3>&- &
	servers+=("$!")
	read -r page <pages
}

@test "ssh carries a connection through" {
	start_sshd
	start_pages
	adapt=("2222=$port" "8080=$page")
	input=$work/data/page
	agree follow ssh
	[ "$(rev <data/page | sha256sum)" = "$(sha256sum <seen/in.out)" ]
	cp -r keys outside/keys
	sed "s|$work/keys|$work/outside/keys|" keys/config >outside/keys/config
	refused "Permission denied" follow ssh keys/config=outside/keys/config
	# nothing but the first server's port is within reach
	grants=(--rx /usr --connect "$port")
	refused "PermissionError" python3 -c \
		"import socket; socket.create_connection(('127.0.0.1', $page))"
}

@test "sftp fetches a file" {
	start_sshd
	adapt=("2222=$port")
	printf 'get %s/data/page out/page\nls -l %s/data\n' "$work" "$work" >keys/batch
	agree follow sftp
	rm out/page
	confined follow sftp >seen/in.out
	cmp out/page data/page
	printf 'get %s/data/page outside/page\n' "$work" >keys/batch
	refused 'open local "outside/page": Permission denied' follow sftp
	printf 'put outside/secret /dev/null\n' >keys/batch
	refused 'local "outside/secret"' follow sftp
}
