#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Turns the text tables of src/table into constant C arrays.

    gen_tables.py TABLE_DIR OUT_DIR          writes ids.h, conditions.h, tables.c
    gen_tables.py --check-constants TABLE_DIR FILE.c
                                             writes a list of the constants that
                                             the system's headers know as well

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
    check = len(argv) == 4 and argv[1] == "--check-constants"
    if not check and len(argv) != 3:
        sys.stderr.write(__doc__)
        return 2
    try:
        tables = load.load(argv[-2])
        if check:
            files = {argv[-1]: emit.constants_check(tables)}
        else:
            files = {os.path.join(argv[-1], name): text
                     for name, text in emit.all_files(tables).items()}
    except TableError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for path, text in files.items():
        write(path, text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
