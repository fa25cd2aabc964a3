#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The demonstration: demo.py PAPRIKA. Three programs that nobody changed, each
bare and under `paprika run`, on real input, and what they were refused.

Nothing in the closing table is written down beforehand but what ought to come
out: every "works", "refused" and message is what just happened, and when
anything differs from what it ought to be, the exit status is 1.
"""
import http.server
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.geteuid() == 0
WORDS = "the pepper the spice and the sauce of the evening " * 500


class Result:
    def __init__(self, process, out, err):
        self.status = process.returncode
        self.out = out
        self.err = err.decode(errors="replace")
        self.works = self.status == 0
        self.said = [line for line in self.err.splitlines() if line]


class Table:
    def __init__(self):
        self.rows = []
        self.surprises = 0

    def add(self, program, what, bare, inside, wanted, messages=()):
        """bare and inside: whether it worked; wanted: whether it should inside."""
        good = bare and inside == wanted
        self.surprises += not good
        self.rows.append((program, what, bare, inside, good, list(messages)))

    def show(self):
        word = {True: "works", False: "refused"}
        print("\n%-9s %-52s %-8s %s" % ("program", "what it tries", "bare", "confined"))
        print("-" * 79)
        for program, what, bare, inside, good, messages in self.rows:
            print("%-9s %-52s %-8s %s%s" % (program, what, word[bare], word[inside],
                                            "" if good else "   <-- UNEXPECTED"))
            for message in messages:
                print("%-9s   %s" % ("", message))


class Demo:
    def __init__(self, paprika, work):
        self.paprika = paprika
        self.work = work
        self.table = Table()
        self.waived = set()
        self.home = os.path.join(work, "home")
        self.environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": self.home,
                            "LC_ALL": "C", "TZ": "UTC"}

    def path(self, *names):
        return os.path.join(self.work, *names)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w") as out:
            out.write(text)

    def run(self, command):
        process = subprocess.Popen(command, cwd=self.work, env=self.environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        return Result(process, *process.communicate())

    def confined(self, grants, command):
        """What this kernel cannot enforce of the grants is accepted by name, and said."""
        result = self.run([self.paprika, "run", *grants, "--", *command])
        if result.status != 125 or "cannot enforce" not in result.err:
            return result
        names = re.findall(r"--waive ([a-z-]+)", result.err)
        if set(names) - self.waived:
            print("\n".join(result.said))
        self.waived.update(names)
        waivers = [word for name in names for word in ("--waive", name)]
        return self.run([self.paprika, "run", *waivers, *grants, "--", *command])

    def beyond(self, *needs):
        """Whether an attempt works because this kernel lacks what would refuse it."""
        return bool(self.waived.intersection(needs))

    def tell(self, grants, command):
        print("$ paprika run %s \\\n    -- %s" % (shlex.join(grants), shlex.join(command)))

    def both(self, grants, command):
        return self.run(command), self.confined(grants, command)


# ---- tcpdump: a parser of other people's bytes ---------------------------------------------------


def tcpdump(demo):
    for name in ("capture.pcap", "other.pcap"):
        subprocess.run([sys.executable, os.path.join(HERE, "capture.py"), demo.path(name)],
                       check=True)
    # It looks up who it runs as, and sets its own user again; as root it is told to stay so.
    grants = ["--promise", "stdio rpath getpw id", "--ro", "capture.pcap"]
    base = ["tcpdump", "-n"]
    if ROOT:
        grants += ["--capability", "setuid", "--capability", "setgid"]
        base += ["-Z", "root"]
    command = base + ["-r", "capture.pcap"]
    demo.tell(grants, command)
    bare, inside = demo.both(grants, command)
    lines = bare.out.count(b"\n")
    kinds = {kind: demo.run(command + filter_words.split()).out.count(b"\n")
             for kind, filter_words in (("TCP", "tcp"), ("UDP", "udp and not port 53"),
                                        ("DNS", "port 53"), ("ICMP", "icmp or icmp6"),
                                        ("ARP", "arp"))}
    print("  %d packets: %s" % (lines, ", ".join("%d %s" % (n, k) for k, n in kinds.items())))
    demo.table.add("tcpdump", "print a capture of %d packets" % lines,
                   bare.works and lines > 5000 and sum(kinds.values()) == lines,
                   inside.works and inside.out == bare.out and inside.err == bare.err, True,
                   ["the same %d bytes of output" % len(inside.out)] if inside.works else inside.said)
    bare, inside = demo.both(grants, base + ["-r", "other.pcap"])
    demo.table.add("tcpdump", "read a file that was not granted", bare.works, inside.works,
                   demo.beyond("files"), inside.said)
    bare = demo.run(command + ["-w", "new.pcap"])
    bare.works = bare.works and os.path.exists(demo.path("new.pcap"))
    if bare.works:
        os.remove(demo.path("new.pcap"))
    inside = demo.confined(grants, command + ["-w", "new.pcap"])
    inside.works = inside.works or os.path.exists(demo.path("new.pcap"))
    demo.table.add("tcpdump", "write a file", bare.works, inside.works, False,
                   [line for line in inside.said if not line.startswith("reading from")])


# ---- curl: one port, not the other ----------------------------------------------------------------


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = (WORDS + self.path).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def start_server():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def curl(demo, granted, other):
    grants = ["--connect", str(granted)]
    url = "http://127.0.0.1:%d/page"
    demo.tell(grants, ["curl", "-sS", url % granted])
    for port, granted_one, what in ((granted, True, "fetch from the granted port %d" % granted),
                                    (other, False, "fetch from port %d beside it" % other)):
        bare, inside = demo.both(grants, ["curl", "-sS", url % port])
        wanted = granted_one or demo.beyond("tcp-ports")
        bare.works = bare.works and bare.out == (WORDS + "/page").encode()
        same = inside.works and inside.out == bare.out
        demo.table.add("curl", what, bare.works, same if wanted else inside.works, wanted,
                       ["the same %d bytes" % len(inside.out)] if inside.works else inside.said)
    command = ["curl", "-sS", "file://" + demo.path("home/.ssh/id_demo")]
    bare, inside = demo.both(grants, command)
    demo.table.add("curl", "read ~/.ssh through file://", bare.works, inside.works,
                   demo.beyond("files"), inside.said)


# ---- a script that is too curious --------------------------------------------------------------


def curious(demo, port):
    shutil.copy(os.path.join(HERE, "curious.py"), demo.path("curious.py"))
    attempts = (("job", None, "count words, write the report"),
                ("steal", "files", "read ~/.ssh/id_demo"),
                ("chmod", "supervisor", "open ~/.ssh to everybody (chmod)"),
                ("plant", "files", "write to ~/.profile"),
                ("kill", "signals", "kill another process"),
                ("network", "seccomp", "connect to a server"))
    results, reports = {}, {}
    grants = ["--ro", "/usr/lib", "--ro", "curious.py", "--ro", "data", "--rw", "out"]
    for side in ("bare", "inside"):
        os.chmod(demo.path("home/.ssh"), 0o700)
        os.makedirs(demo.path("out"), exist_ok=True)
        with subprocess.Popen(["sleep", "1000"]) as victim:
            command = ["/usr/bin/python3", "curious.py", "data/words", "out/report",
                       str(victim.pid), str(port)]
            if side == "inside":
                demo.tell(grants, command)
                result = demo.confined(grants, command)
            else:
                result = demo.run(command)
            said = {name: (ok, message)
                    for name, ok, message in map(json.loads, result.out.splitlines())}
            killed = ended(victim, said.get("kill", (False, ""))[0])
            victim.kill()
        # What really happened counts, not what the script believes.
        facts = {"kill": killed,
                 "chmod": stat.S_IMODE(os.stat(demo.path("home/.ssh")).st_mode) == 0o755,
                 "plant": os.path.exists(demo.path("home/.profile")),
                 "job": os.path.exists(demo.path("out/report"))}
        for name, fact in facts.items():
            said[name] = (fact, said.get(name, (False, "nothing was said"))[1])
        results[side] = (said, [line for line in result.said if line.startswith("paprika: ")])
        reports[side] = (report_of(demo), result.status)
        shutil.rmtree(demo.path("out"))
        if os.path.exists(demo.path("home/.profile")):
            os.remove(demo.path("home/.profile"))
    told = {"chmod": "chmod", "kill": "kill(", "network": "socket("}
    for name, needs, what in attempts:
        wanted = needs is None or demo.beyond(needs)
        bare = results["bare"][0].get(name, (False, ""))
        inside = results["inside"][0].get(name, (not wanted, "nothing was said"))
        messages = [inside[1]] if inside[1] else []
        messages += [line for line in results["inside"][1] if name in told and told[name] in line]
        good = inside[0]
        if name == "job":
            good = good and reports["inside"] == reports["bare"]
            messages = ["the same report"] if good else messages
        demo.table.add("python", what, bare[0], good, wanted, messages)


def ended(process, sent):
    """Whether a process ended; after a signal that was sent, waits for it to arrive."""
    try:
        process.wait(10 if sent else 0)
        return True
    except subprocess.TimeoutExpired:
        return False


def report_of(demo):
    path = demo.path("out/report")
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return file.read(), stat.S_IMODE(os.fstat(file.fileno()).st_mode)


def main():
    paprika = os.path.abspath(sys.argv[1])
    work = tempfile.mkdtemp(prefix="paprika-demo-")
    try:
        demo = Demo(paprika, work)
        demo.write("data/words", WORDS)
        demo.write("home/.ssh/id_demo", "not a real key\n")
        tcpdump(demo)
        granted, other = start_server(), start_server()
        curl(demo, granted, other)
        curious(demo, other)
        demo.table.show()
    finally:
        shutil.rmtree(work)
    if demo.table.surprises:
        print("\n%d of %d came out otherwise than they should" %
              (demo.table.surprises, len(demo.table.rows)))
        return 1
    if demo.waived:
        print("\nnot enforced by this kernel, and accepted by name: %s" %
              ", ".join(sorted(demo.waived)))
    print("\nall %d came out as they should, as %s" %
          (len(demo.table.rows), "root" if ROOT else "an ordinary user"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
