#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Turns the text tables of src/table into constant C arrays.

    gen_tables.py TABLE_DIR OUT_DIR    writes ids.h, conditions.h and tables.c

The grammar is in src/table/README.md. Every mistake in a table ends this
program with status 1 and one line "file:line: what is wrong"; nothing is
written then.
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from tablegen import emit, load  # noqa: E402
from tablegen.reader import TableError  # noqa: E402


def write(path, text):
    """Replaces path in one step, and only when its contents change."""
    try:
        with open(path, encoding="utf-8") as old:
            if old.read() == text:
                os.utime(path)
                return
    except FileNotFoundError:
        pass
    with open(path + ".new", "w", encoding="utf-8") as new:
        new.write(text)
    os.replace(path + ".new", path)


def main(argv):
    if len(argv) != 3:
        sys.stderr.write(__doc__)
        return 2
    try:
        tables = load.load(argv[1])
    except TableError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for name, text in emit.all_files(tables).items():
        write(os.path.join(argv[2], name), text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
