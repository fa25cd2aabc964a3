# SPDX-License-Identifier: BSD-2-Clause
"""TAP for the meta tests: @case functions yield a line for each thing that is wrong.

A case that looked at nothing proves nothing, so each says through seen() what it
looked at; without that it fails.
"""

import os
import pathlib
import subprocess
import sys
import traceback

SOURCE = pathlib.Path(os.environ.get("PAPRIKA_SOURCE", pathlib.Path(__file__).parents[2]))
BUILD = pathlib.Path(os.environ.get("PAPRIKA_BUILD", SOURCE / "build"))
PAPRIKA = pathlib.Path(os.environ.get("PAPRIKA", BUILD / "paprika"))

_cases = []
_seen = 0
_notes = []


class Skip(Exception):
    """Ends a case that cannot be tried here."""


def case(function):
    _cases.append(function)
    return function


def seen(count=1):
    global _seen
    _seen += count


def note(line):
    """Something to know that is no failure."""
    _notes.append(line)


def sources(*suffixes):
    """The project's own files: what git tracks, else what lies outside build directories."""
    try:
        listed = subprocess.run(
            ["git", "-C", str(SOURCE), "ls-files", "-z", "--cached", "--others",
             "--exclude-standard"],
            capture_output=True, check=True).stdout.decode().split("\0")
        paths = [SOURCE / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [p for p in SOURCE.rglob("*")
                 if not p.relative_to(SOURCE).parts[0].startswith(("build", ".git"))]
    return sorted(p for p in paths if p.is_file() and (not suffixes or p.suffix in suffixes))


def run(*command, **options):
    return subprocess.run([str(c) for c in command], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="backslashreplace", check=False, **options)


def main():
    global _seen
    print(f"1..{len(_cases)}")
    failed = False
    for number, function in enumerate(_cases, 1):
        _seen = 0
        try:
            wrong = [str(line) for line in function() or ()]
            if not wrong and not _seen:
                wrong = ["looked at nothing"]
        except Skip as skip:
            print(f"ok {number} - {function.__name__} # SKIP {skip}")
            continue
        except Exception:  # a broken test is a failing test
            wrong = traceback.format_exc().splitlines()
        failed = failed or bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {function.__name__}")
        for line in "\n".join(wrong + _notes).splitlines():
            print(f"# {line}")
        _notes.clear()
    sys.exit(failed)
