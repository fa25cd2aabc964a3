#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs the tests that a build directory lists and writes what they said as JSON.

Does what `meson test` does, and two things that it does not: it counts single
cases, and it can run a copy of the tree as another user. Judging is tally.py's.
"""

import argparse
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import tap  # noqa: E402

say_lock = threading.Lock()


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--results", required=True, type=pathlib.Path)
    parser.add_argument("--label", default="", help="names this run in messages")
    parser.add_argument("--moved", action="append", default=[], metavar="OLD=NEW",
                        help="a tree that was copied elsewhere after it was built")
    parser.add_argument("--user", metavar="UID:GID", help="run as this user (needs root)")
    parser.add_argument("--home", help="home and temporary directory of that user")
    parser.add_argument("--only", metavar="PATTERN", help="tests whose name matches")
    parser.add_argument("--patience", type=int, default=1, metavar="N",
                        help="time limits are N times as long: for a machine that is emulated")
    parser.add_argument("suites", nargs="*")
    return parser.parse_args()


def move(text, moves):
    for old, new in moves:
        if text == old or text.startswith(old + "/"):
            return new + text[len(old):]
    return text


def load(opts):
    tests = json.loads((opts.build / "meson-info/intro-tests.json").read_text())
    # The longer prefix first: a build directory lies inside the source directory.
    moves = sorted((m.split("=", 1) for m in opts.moved), key=lambda m: -len(m[0]))
    for test in tests:
        test["suites"] = [s.split(":")[-1] for s in test["suite"]]
        test["id"] = f"{test['suites'][0]}/{test['name']}"
        test["cmd"] = [move(word, moves) for word in test["cmd"]]
        test["env"] = {k: move(v, moves) for k, v in test["env"].items()}
        if test["workdir"]:
            test["workdir"] = move(test["workdir"], moves)
    if opts.suites:
        tests = [t for t in tests if set(t["suites"]) & set(opts.suites)]
    if opts.only:
        tests = [t for t in tests if fnmatch.fnmatchcase(t["name"], opts.only)]
    return sorted(tests, key=lambda t: t["id"])


def environment(opts, test):
    if opts.user:
        env = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
               "LANG": "C.UTF-8", "HOME": opts.home, "TMPDIR": opts.home, "USER": "nobody",
               "LOGNAME": "nobody", "SHELL": "/bin/sh"}
    else:
        env = dict(os.environ)
    env.update(test["env"])
    env["PAPRIKA_TEST_PATIENCE"] = str(opts.patience)
    return env


def run(opts, test):
    identity = {}
    if opts.user:
        uid, gid = (int(n) for n in opts.user.split(":"))
        identity = {"user": uid, "group": gid, "extra_groups": []}
    process = subprocess.Popen(
        test["cmd"], env=environment(opts, test), cwd=test["workdir"] or opts.home,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True, **identity)
    timed_out = False
    try:
        output, _ = process.communicate(timeout=test["timeout"] * opts.patience or None)
    except subprocess.TimeoutExpired:
        timed_out = True
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
    cases = tap.parse(output.decode("utf-8", "backslashreplace"), process.returncode, timed_out)
    report(opts, test, cases)
    return {"test": test["id"], "label": opts.label, "cases": cases}


def report(opts, test, cases):
    counts = {}
    for case in cases:
        counts[case["outcome"]] = counts.get(case["outcome"], 0) + 1
    words = ", ".join(f"{counts[k]} {k}" for k in ("passed", "failed", "skipped") if k in counts)
    label = f" ({opts.label})" if opts.label else ""
    with say_lock:
        print(f"  {test['id']}{label}: {words}", flush=True)
        for case in cases:
            if case["outcome"] == "failed":
                print(f"    failed: {case['name']}", flush=True)


def main():
    opts = options()
    tests = load(opts)
    alone = [t for t in tests if not t["is_parallel"]]
    together = [t for t in tests if t["is_parallel"]]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        results = list(pool.map(lambda t: run(opts, t), together))
    results += [run(opts, t) for t in alone]
    opts.results.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
