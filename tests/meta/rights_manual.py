# SPDX-License-Identifier: BSD-2-Clause
"""rights(7) against the tables: every right, its text, and the calls that need it."""

import re
import sys

import lib

sys.dont_write_bytecode = True
sys.path.insert(0, str(lib.SOURCE / "tools"))

from tablegen import load  # noqa: E402

PAGE = lib.SOURCE / "man/rights.7"
RENAMED = {"CAP_RIGHT_BPF": "BPF", "CAP_RIGHT_PERFMON": "PERFMON"}
# Rights that depend on an argument have a section of their own.
BY_RULE = {"openat", "mmap", "fcntl", "ioctl", "mknodat"}


def items():
    """right: (its text, the calls), and call: rights for those that need several."""
    text = PAGE.read_text()
    rights, several = {}, {}
    for name, body in re.findall(r"^\.It Dv (CAP_\w+)\n(.*?)(?=^\.It|^\.El)", text, re.M | re.S):
        calls = set(re.findall(r"^\.Xr (\w+) 2", body, re.M))
        rights[RENAMED.get(name, name[4:])] = (body.split("\n")[0], calls)
    for call, names in re.findall(r"^\.It Xr (\w+) 2\n\.Dv (CAP_.*)$", text, re.M):
        several[call] = {name.strip()[4:] for name in names.split(",")}
    return rights, several


def needs(tables):
    """What the table says, in the same form; a set of rights has the name that comes first."""
    names, rights, several = {}, {name: set() for name in tables.rights}, {}
    for right in tables.rights.values():
        names.setdefault(tuple(right.bits), right.name)
    for call in tables.calls.values():
        for exercise in call.exercises:
            bits = tuple(exercise.rights)
            if exercise.touch not in ("fd", "lookup") or exercise.rule != "fixed" or not any(bits):
                continue
            if bits in names:
                rights[names[bits]].add(call.name)
            else:
                several[call.name] = bits
    return rights, several


@lib.case
def every_right_is_described_with_its_calls():
    tables = load.load(str(lib.SOURCE / "src/table"))
    written, _ = items()
    table, _ = needs(tables)
    for name in sorted(set(written) ^ set(table)):
        yield f"{name} is only on one side"
    for name in sorted(set(written) & set(table)):
        text, calls = written[name]
        about = tables.rights[name].about
        lib.seen()
        if text != about[0].upper() + about[1:] + ".":
            yield f"{name}: the page says '{text}', the table '{about}'"
        for call in sorted(table[name] - calls):
            yield f"{name}: {call} needs it, the page does not say so"
        for call in sorted(calls - table[name] - BY_RULE):
            yield f"{name}: the page names {call}, which does not need it"


@lib.case
def calls_that_need_several():
    tables = load.load(str(lib.SOURCE / "src/table"))
    _, written = items()
    _, table = needs(tables)
    for call in sorted(set(written) ^ set(table)):
        yield f"{call} is only on one side"
    for call in sorted(set(written) & set(table)):
        bits = [0, 0]
        for name in written[call]:
            for word in (0, 1):
                bits[word] |= tables.rights[name].bits[word]
        lib.seen()
        if tuple(bits) != table[call]:
            yield f"{call}: the page says {sorted(written[call])}, the table something else"


lib.main()
