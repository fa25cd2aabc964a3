# SPDX-License-Identifier: BSD-2-Clause
# Python with threads and child processes.

load lib

setup() {
	enter_work
	mkdir tmp
	grants+=(--rw "$work/tmp" --env TMPDIR="$work/tmp")
	export TMPDIR=$work/tmp
	numbers 5000 >data/numbers
}

teardown() {
	leave_work
}

@test "threads, children, files" {
	cat >data/job.py <<'SCRIPT'
import concurrent.futures, hashlib, json, multiprocessing.pool, os, queue, signal, socket
import sqlite3, subprocess, sys, tempfile, threading, time, zlib

lines = open("data/numbers").read().splitlines()
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    sums = list(pool.map(lambda i: sum(int(l.split()[0]) for l in lines[i::8]), range(8)))
print("sums", sums)

q = queue.Queue()
threads = [threading.Thread(target=lambda n=n: q.put(hashlib.sha256(b"%d" % n).hexdigest()))
           for n in range(16)]
[t.start() for t in threads]
[t.join() for t in threads]
print("hashes", sorted(q.get() for _ in threads)[0])

out = subprocess.run(["sort", "-r"], input="b\na\nc\n", capture_output=True, text=True, check=True)
print("sorted", out.stdout.split())
first = subprocess.Popen(["cat", "data/numbers"], stdout=subprocess.PIPE)
second = subprocess.Popen(["wc", "-l"], stdin=first.stdout, stdout=subprocess.PIPE)
first.stdout.close()
print("piped", int(second.communicate()[0]), first.wait(), second.wait())
print("shell", subprocess.getoutput("echo $((6 * 7))"))

a, b = socket.socketpair()
pid = os.fork()
if pid == 0:
    b.sendall(b"from the child")
    os._exit(7)
print("fork", a.recv(100), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

with tempfile.TemporaryDirectory() as d:
    path = os.path.join(d, "f")
    with open(path, "w") as f:
        f.write("x" * 100000)
    os.chmod(path, 0o600)
    os.utime(path, (1000, 2000))
    os.rename(path, path + "2")
    s = os.stat(path + "2")
    print("file", s.st_size, oct(s.st_mode), s.st_mtime)
    db = sqlite3.connect(os.path.join(d, "db"))
    db.execute("create table t (n integer)")
    db.executemany("insert into t values (?)", [(i,) for i in range(1000)])
    db.commit()
    print("sqlite", db.execute("select sum(n) from t").fetchone())
    db.close()

caught = []
signal.signal(signal.SIGALRM, lambda *_: caught.append(1))
signal.setitimer(signal.ITIMER_REAL, 0.01)
signal.pause()
print("signal", caught, zlib.crc32(b"x"), json.dumps({"a": [1, 2]}))
SCRIPT
	agree python3 data/job.py
	grep -q "^sqlite (499500,)" seen/in.out
}

@test "multiprocessing" {
	cat >data/pool.py <<'SCRIPT'
import multiprocessing as m

def square(n):
    return n * n

if __name__ == "__main__":
    a, b = m.Pipe()
    p = m.Process(target=lambda: b.send("hello"))
    p.start()
    print(a.recv())
    p.join()
    with m.Pool(2) as pool:
        print(sum(pool.map(square, range(1000))))
SCRIPT
	# Named semaphores live in /dev/shm.
	grants+=(--rw /dev/shm)
	agree python3 data/pool.py
}

@test "outside the grants" {
	refused "PermissionError" python3 -c 'open("outside/secret").read()'
	refused "PermissionError" python3 -c 'import os; os.listdir("outside")'
	refused "PermissionError" python3 -c 'open("outside/new", "w")'
	mkdir home/.ssh
	echo key >home/.ssh/id
	refused "PermissionError" python3 -c 'import os; open(os.path.expanduser("~/.ssh/id")).read()'
	refused "PermissionError" python3 -c 'import os; os.chmod("outside/secret", 0o640)'
	[ "$(stat -c %a outside/secret)" = 640 ]
}

@test "no network without a grant" {
	refused "Error" python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen()
c = socket.create_connection(s.getsockname())'
}

@test "ids can be set to what they are, and to nothing else" {
	agree python3 -c 'import os; os.setresuid(-1, os.getuid(), -1); os.setgid(os.getgid())'
	agree python3 -c 'import os; os.setreuid(os.getuid(), -1); os.setresgid(os.getgid(), -1, -1)'
	[ "$(id -u)" = 0 ] || skip "needs root"
	# not for want of the capability
	grants+=(--capability setuid)
	refused "PermissionError" python3 -c 'import os; os.setresuid(-1, 65534, -1)'
	refused "PermissionError" python3 -c 'import os; os.setuid(65534)'
	grants+=(--promise "stdio rpath prot_exec exec proc id")
	agree python3 -c 'import os; os.setresuid(-1, 65534, -1); print(os.geteuid())'
}
