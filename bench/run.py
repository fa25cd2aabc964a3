#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Measures Paprika and its neighbours in one sitting: bench/run.py [--quick] [PART...]

Variants take turns, medians are compared, and what we lose is printed like what
we win. The parts are calls, install, start and programs. Tables go to
docs/bench/*.md, with a plot beside each.
"""

import argparse
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile

import plot

SOURCE = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("PAPRIKA_BUILD", SOURCE / "build"))
PAPRIKA = BUILD / "paprika"
OUT = SOURCE / "docs/bench"
ENOUGH = ["--rx", "/", "--rw", "/dev/null", "--rw", "/dev/zero"]


def run(command, **options):
    result = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, text=True,
                            stdin=subprocess.DEVNULL, check=False, **options)
    if result.returncode:
        sys.exit(f"bench: {' '.join(map(str, command))} ended with status {result.returncode}")
    return result.stdout


def built(name):
    path = BUILD / "bench" / f"bench-{name}"
    return path if path.exists() else None


def in_turns(variants, rounds):
    """Runs each variant's program in every round, starting elsewhere each time."""
    seen = {name: {} for name in variants}
    names = list(variants)
    for number in range(rounds):
        for name in names[number % len(names):] + names[:number % len(names)]:
            for line in run(variants[name]).splitlines():
                what, value = line.rsplit("\t", 1)
                seen[name].setdefault(what, []).append(float(value))
    return {name: {what: statistics.median(v) for what, v in table.items()}
            for name, table in seen.items()}


def table(head, rows):
    cells = [head] + rows
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    line = lambda row: "| " + " | ".join(c.ljust(w) for c, w in zip(row, widths)) + " |"
    return "\n".join([line(head), line(["-" * w for w in widths])] + [line(r) for r in rows])


def machine():
    model = ""
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    release = ".".join(platform.release().split(".")[:2])
    return f"{model or platform.machine()}, {os.cpu_count()} processors, Linux {release}"


def busy():
    """Numbers taken beside other work say so."""
    load = os.getloadavg()[0]
    return f" The machine was busy with other work (load {load:.1f})." if load > 2 else ""


def publish(name, title, about, text, plots):
    OUT.mkdir(parents=True, exist_ok=True)
    pictures = "".join(f"\n![{alt}]({name}{suffix}.svg)\n" for suffix, alt, _ in plots)
    for suffix, _, picture in plots:
        (OUT / f"{name}{suffix}.svg").write_text(picture)
    (OUT / f"{name}.md").write_text(
        f"# {title}\n\nMeasured by `make bench` on {machine()}.\nRatios travel between machines, "
        f"times do not.{LOAD}\n\n{about}\n\n{text}\n{pictures}")
    print(f"\n{title}\n\n{text}\n", flush=True)


# ---- parts ---------------------------------------------------------------------------------


def calls(rounds):
    percall = built("percall")
    if not percall:
        return print("bench: calls left out, libseccomp is missing")
    variants = {
        "bare": [percall, "none"],
        "empty filter": [percall, "empty"],
        "paprika's filter": [percall, "ours"],
        "libseccomp, tree": [percall, "tree"],
        "libseccomp, linear": [percall, "linear"],
        "paprika run": [PAPRIKA, "run", *ENOUGH, "--", percall, "none"],
    }
    times = in_turns(variants, rounds)
    rows, bars = [], {}
    for what in times["bare"]:
        empty = times["empty filter"][what]
        rows.append([what] + [f"{times[v][what]:.0f}" + ("" if v in ("bare", "empty filter") else
                              f" ({times[v][what] / empty:.2f})") for v in variants])
        bars[what] = {v: times[v][what] / empty for v in variants}
    publish("calls", "What a call costs",
            "Nanoseconds a call; in brackets the ratio to an empty filter, whose verdict the "
            "kernel\ncaches. All filters but the empty one hold the rules that `paprika run` "
            "uses when no\npromise is named. *paprika run* is the whole sandbox, Landlock "
            "included, which is what\n`openat` pays for.",
            table(["call, ns", *variants], rows),
            [("", "cost of calls relative to an empty filter",
              plot.bars("cost of a call, empty filter = 1", bars))])


def install(rounds):
    program = built("install")
    if not program:
        return print("bench: install left out, libseccomp is missing")
    seen = {}
    for _ in range(rounds):
        for line in run([program]).splitlines():
            policy, builder, value = line.split("\t")
            seen.setdefault((policy, builder), []).append(float(value))
    times = {key: statistics.median(v) for key, v in seen.items()}
    rows, bars = [], {}
    for (policy, builder), value in times.items():
        ours = times[policy, "paprika"]
        rows.append([policy, builder, f"{value:.0f}", f"{value / ours:.2f}"])
        bars.setdefault(policy, {})[builder] = value
    publish("install", "How long it takes to have a filter",
            "From rules in memory to a program installed in the kernel, in microseconds; the "
            "last\ncolumn relative to ours.",
            table(["policy", "by", "µs", "relative"], rows),
            [("", "time to build and install a filter",
              plot.bars("microseconds from rules to an installed filter", bars))])


def landlock_setpriv():
    help_text = subprocess.run(["setpriv", "--help"], capture_output=True, text=True,
                               check=False).stdout
    return "--landlock-access" in help_text


def works(command):
    return shutil.which(command[0]) and subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        check=False).returncode == 0


def spawned(commands, rounds):
    words = []
    for command in commands:
        words += (["---"] if words else []) + [str(c) for c in command]
    return [float(v) for v in run([built("spawn"), rounds, *words]).split()]


def start(rounds):
    true = shutil.which("true")
    candidates = {
        "nothing": [true],
        "paprika run": [PAPRIKA, "run", "--", true],
        "paprika run, 3 grants": [PAPRIKA, "run", "--rx", "/usr", "--ro", "/etc", "--rw", "/tmp",
                                  "--", true],
        "bubblewrap": ["bwrap", "--ro-bind", "/", "/", "--unshare-all", true],
        "bubblewrap, mounts only": ["bwrap", "--ro-bind", "/", "/", true],
        "firejail": ["firejail", "--quiet", "--noprofile", true],
    }
    if landlock_setpriv():
        candidates["setpriv, Landlock"] = [
            "setpriv", "--no-new-privs", "--landlock-access", "fs", "--landlock-rule",
            "path-beneath:execute,read-file,read-dir:/", true]
    commands = {name: c for name, c in candidates.items()
                if name in ("nothing",) or str(c[0]) == str(PAPRIKA) or works(c)}
    for name in candidates.keys() - commands.keys():
        print(f"bench: {name} is left out: it is missing or does not work here")
    # The slow ones would make the fast ones wait: few rounds in each of several sittings.
    seen = {name: [] for name in commands}
    for _ in range(rounds):
        for name, value in zip(commands, spawned(commands.values(), 40)):
            seen[name].append(value)
    times = {name: statistics.median(v) for name, v in seen.items()}
    bare = times["nothing"]
    rows = [[name, f"{value / 1000:.2f}", f"{(value - bare) / 1000:+.2f}", f"{value / bare:.1f}"]
            for name, value in times.items()]
    publish("start", "How long `true` takes to run",
            "From `posix_spawn` to the end, in milliseconds: alone and inside of sandboxes.",
            table(["started by", "ms", "over nothing", "ratio"], rows),
            [("", "time to run true",
              plot.bars("milliseconds to run true",
                        {"": {name: value / 1000 for name, value in times.items()}}))])


def programs(rounds):
    with tempfile.TemporaryDirectory(prefix="paprika-bench-") as work:
        work = pathlib.Path(work)
        source = work / "job.c"
        source.write_text("#include <stdio.h>\n#include <stdlib.h>\n" + "".join(
            f"int f{i}(int x) {{ for (int i = 0; i < x; i++) x ^= i * {i} + (x >> 3); "
            f"return x; }}\n" for i in range(400)) + "int main(void) { return 0; }\n")
        sandbox = [PAPRIKA, "run", "--rx", "/usr", "--ro", "/etc", "--rw", work, "--env",
                   f"TMPDIR={work}", "--"]
        jobs = {
            "gcc -O1, one file": ["gcc", "-O1", "-c", source, "-o", work / "job.o"],
            "grep -r in /usr/include": ["grep", "-rc", "paprika|include", "/usr/include/linux",
                                        "--include=*.h", "-E"],
            "find in /usr/include": ["find", "/usr/include", "-size", "+64k", "-name", "*.h"],
            "tar of /usr/include": ["tar", "-C", "/usr/include", "-cf", work / "out.tar", "linux"],
        }
        os.environ["TMPDIR"] = str(work)
        rows, bars = [], {}
        for name, command in jobs.items():
            pairs = [spawned([command, [*sandbox, *command]], 5) for _ in range(rounds)]
            bare, confined = (statistics.median(p[i] for p in pairs) / 1000 for i in (0, 1))
            rows.append([name, f"{bare:.1f}", f"{confined:.1f}", f"{confined / bare:.2f}"])
            bars[name] = {"bare": 1.0, "confined": confined / bare}
    publish("programs", "Whole programs",
            "Milliseconds bare and under `paprika run`.",
            table(["job", "bare", "confined", "ratio"], rows),
            [("", "whole programs, confined relative to bare",
              plot.bars("run time, bare = 1", bars))])


LOAD = busy()
PARTS = {"calls": (calls, 9), "install": (install, 7), "start": (start, 7),
         "programs": (programs, 5)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one round of each part")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    opts = parser.parse_args()
    unknown = set(opts.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    run(["ninja", "-C", BUILD, "bench-programs", "paprika"])
    for name in opts.parts or PARTS:
        part, rounds = PARTS[name]
        part(1 if opts.quick else rounds)


if __name__ == "__main__":
    main()
