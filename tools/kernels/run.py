#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs test suites under other kernels, in an emulated machine.

Every kernel gets the same files (image.py) and runs each suite as root, as an
ordinary user, and as that with Yama's ptrace_scope at 1. Nothing of the machine is
changed: kernels are kept in the user's cache, the rest is in a temporary directory.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import image  # noqa: E402
import packages  # noqa: E402
import report  # noqa: E402

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=SOURCE / "build")
    parser.add_argument("--kernels", default=",".join(packages.KERNELS),
                        help=f"some of {','.join(packages.KERNELS)}")
    parser.add_argument("--suites", default="live,attack")
    parser.add_argument("--passes", default="root,user,yama", help="some of root,user,yama")
    parser.add_argument("--only", default="", help="tests of this name (a shell pattern)")
    parser.add_argument("--patience", type=int, default=20, help="what time limits are times by")
    parser.add_argument("--minutes", type=int, default=60, help="time for one kernel")
    parser.add_argument("--fresh", action="store_true", help="ask for newer packages")
    parser.add_argument("--verbose", action="store_true", help="show what the guest says")
    parser.add_argument("--results", type=pathlib.Path, help="write what was found as JSON")
    parser.add_argument("--more", type=pathlib.Path, action="append", default=[],
                        metavar="RESULTS", help="add what an earlier run found")
    parser.add_argument("--document", type=pathlib.Path, help="write docs/kernels.md here")
    return parser.parse_args()


def command_line(opts):
    words = {"passes": opts.passes, "suites": opts.suites, "patience": opts.patience,
             "only": opts.only, "built": SOURCE}
    return "console=ttyS0 quiet panic=-1 " + " ".join(f"paprika.{k}={v}" for k, v in words.items())


def boot(opts, name, kernel, archive, scratch):
    """What the guest found, or a word on why there is nothing."""
    results = scratch / f"{name}.results"
    argv = ["qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2",
            "-m", "4096", "-kernel", str(kernel), "-initrd", str(archive),
            "-append", command_line(opts), "-display", "none", "-nodefaults", "-no-user-config",
            "-no-reboot", "-serial", "stdio", "-serial", f"file:{results}"]
    said = []
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
    timer = threading.Timer(opts.minutes * 60, process.kill)
    timer.start()
    for line in process.stdout:
        line = line.decode("utf-8", "replace").rstrip()
        said.append(line)
        if opts.verbose or line.startswith("guest: "):
            print(f"{name}: {line}", flush=True)
    process.wait()
    timer.cancel()
    text = results.read_text(errors="replace") if results.exists() else ""
    if "paprika results\n" not in text or "paprika end\n" not in text:
        return {"trouble": "ended without results", "said": said[-40:]}
    return json.loads(text.split("paprika results\n", 1)[1].split("paprika end\n")[0])


def merge(found, earlier):
    """Each test counts once for a kernel and a pass: as it was found last."""
    for name, kernel in earlier.items():
        mine = found.setdefault(name, kernel)
        for label, result in kernel.get("passes", {}).items():
            known = {test["test"] for test in mine["passes"].setdefault(label, [])}
            mine["passes"][label] += [test for test in result if test["test"] not in known]
    return {name: found[name] for name in packages.KERNELS if name in found}


def main():
    opts = options()
    names = opts.kernels.split(",") if opts.kernels else []
    for name in names:
        if name not in packages.KERNELS:
            raise packages.Trouble(f"there is no kernel \"{name}\"; "
                                   f"there are: {' '.join(packages.KERNELS)}")
    kernels = packages.fetch(names, opts.fresh)
    found = {}
    with tempfile.TemporaryDirectory(prefix="paprika-kernels-") as scratch:
        scratch = pathlib.Path(scratch)
        archive = scratch / "root.cpio"
        if names:
            image.write(archive, SOURCE, opts.build, "programs" in opts.suites)
        for name in names:
            path, package = kernels[name]
            print(f"{name}: {package}", flush=True)
            found[name] = boot(opts, name, path, archive, scratch)
            found[name]["package"] = package
    for path in opts.more:
        found = merge(found, json.loads(path.read_text()))
    if opts.results:
        opts.results.write_text(json.dumps(found, indent=1))
    skips = report.tally_module().expected_skips(SOURCE / "tests/expected-skips")
    good = report.summary(found, skips, sys.stdout)
    if opts.document:
        opts.document.write_text(report.document(found, skips))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    try:
        main()
    except packages.Trouble as trouble:
        print(f"kernels: {trouble}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        os._exit(130)
