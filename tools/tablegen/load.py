# SPDX-License-Identifier: BSD-2-Clause
"""Reads all tables of a folder and holds them against each other."""
import os
import re

from . import calls, expr
from .reader import TableError, number, read

WORD_LIMIT = 1 << 57  # FreeBSD's layout keeps the bits above for index and version
LINUX_BIT = 1 << 40   # Linux-only rights start here in word 1


class Promise:
    def __init__(self, name, nothing, about):
        self.name, self.nothing, self.about = name, nothing, about


class Right:
    def __init__(self, name, bits, about, composite, linux):
        self.name, self.bits, self.about = name, bits, about
        self.composite, self.linux = composite, linux


class Tables:
    def __init__(self):
        self.constants = {}  # name: (x86-64, aarch64)
        self.values = {}     # name: value, None where the two differ
        self.promises, self.rights, self.conditions = {}, {}, {}
        self.calls, self.exports = {}, []

    def rights_of(self, line, text):
        bits = [0, 0]
        for name in text.split("+"):
            right = self.rights.get(name.strip())
            if right is None:
                line.fail(f"no right is called '{name.strip()}'")
            bits = [bits[0] | right.bits[0], bits[1] | right.bits[1]]
        return tuple(bits)


def about_of(stanza, others=()):
    """The about line of a stanza whose other lines have the keywords `others`."""
    found = {}
    for line in stanza.body:
        keyword, rest = line.split_keyword()
        if keyword not in ("about", *others):
            line.fail(f"'{keyword}' is not one of {', '.join(('about', *others))}")
        if keyword in found:
            line.fail(f"'{keyword}' is there twice")
        found[keyword] = (line, rest)
    if not found.get("about", (None, ""))[1]:
        stanza.head.fail("the about line is missing")
    if re.search(r'["\\]', found["about"][1]):
        found["about"][0].fail("about takes no quotes or backslashes")
    return found["about"][1], found


def load_constants(tables, stanzas):
    for stanza in stanzas:
        line, words = stanza.head, stanza.head.text.split()
        if stanza.body or len(words) not in (2, 3) or not re.fullmatch(r"[A-Z_]\w*", words[0]):
            line.fail("expected: NAME value, or NAME x86-64-value aarch64-value")
        if words[0] in tables.constants:
            line.fail(f"{words[0]} is there twice")
        both = [number(line, word) for word in words[1:]]
        if len(both) == 2 and both[0] == both[1]:
            line.fail("two equal columns: write the value once")
        if any(value >= 1 << 64 or value < -(1 << 63) for value in both):
            line.fail("more than 64 bits")
        tables.constants[words[0]] = (both[0], both[-1])
        tables.values[words[0]] = both[0] if len(both) == 1 else None


def load_promises(tables, stanzas):
    for stanza in stanzas:
        words = stanza.head.text.split()
        if words[1:] not in ([], ["nothing"]) or not re.fullmatch(r"[a-z_]+", words[0]):
            stanza.head.fail("expected: name [nothing]")
        if words[0] in tables.promises:
            stanza.head.fail(f"{words[0]} is there twice")
        if len(tables.promises) == 64:
            stanza.head.fail("more than 64 promises")
        about, _ = about_of(stanza)
        tables.promises[words[0]] = Promise(words[0], len(words) == 2, about)


def load_rights(tables, stanzas):
    taken = [0, 0]
    for stanza in stanzas:
        line, words = stanza.head, stanza.head.text.split()
        about, _ = about_of(stanza)
        if words[0] in tables.rights:
            line.fail(f"{words[0]} is there twice")
        if len(words) == 3 and words[1] == "=":
            bits, composite, linux = tables.rights_of(line, words[2]), True, False
            members = [tables.rights[name] for name in words[2].split("+")]
            linux = any(member.linux for member in members)
        elif len(words) in (3, 4) and words[1] in ("0", "1") and words[3:] in ([], ["linux"]):
            composite, linux, word = False, len(words) == 4, int(words[1])
            value = number(line, words[2])
            if not 0 < value < WORD_LIMIT:
                line.fail("a right has bits 0 to 56 of its word")
            if not value & ~taken[word]:
                line.fail(f"{words[0]} has no bit of its own: write it as a composite")
            if linux != (word == 1 and value >= LINUX_BIT):
                line.fail("Linux-only rights are those of word 1 from bit 40 up")
            taken[word] |= value
            bits = (value, 0) if word == 0 else (0, value)
        else:
            line.fail("expected: NAME word bits [linux], or NAME = OTHER+OTHER")
        tables.rights[words[0]] = Right(words[0], bits, about, composite, linux)


def load_conditions(tables, stanzas):
    bindings = []
    for stanza in stanzas:
        line = stanza.head
        match = re.fullmatch(r"([a-z]\w*) ?\(([a-z]\w*(?:, ?[a-z]\w*)*)\)", line.text)
        if match:
            about, found = about_of(stanza, ("holds",))
            if "holds" not in found:
                line.fail("the holds line is missing")
            if match.group(1) in tables.conditions:
                line.fail(f"{match.group(1)} is there twice")
            params = [param.strip() for param in match.group(2).split(",")]
            where, text = found["holds"]
            tree = expr.Parser(where, text, tables.values, tables.conditions, params).parse()
            tables.conditions[match.group(1)] = expr.Condition(match.group(1), params, tree, about)
            continue
        words = line.text.split(" ", 3)
        if len(words) != 4 or words[0] != "export" or stanza.body:
            line.fail("expected: name(parameter, ...), or export name call condition(arguments)")
        bindings.append((line, *words[1:]))
    return bindings


def load_calls(tables, folder):
    parser, numbers = calls.CallParser(tables), [{}, {}]
    base = os.path.join(folder, "syscalls")
    if not os.path.isdir(base):
        raise TableError((base, 0), "no such folder")
    for name in sorted(os.listdir(base)):
        if not name.endswith(".tbl"):
            continue
        last = ""
        for stanza in read(os.path.join(base, name), "syscalls/" + name):
            call = parser.parse(stanza)
            if call.name in tables.calls:
                other = tables.calls[call.name].place
                stanza.head.fail(f"{call.name} is at {other[0]}:{other[1]} already")
            if call.name < last:
                stanza.head.fail(f"{call.name} must stand before {last}: calls are sorted")
            last = call.name
            for arch, value in enumerate(call.number):
                if value >= 0 and value in numbers[arch]:
                    stanza.head.fail(f"number {value} belongs to {numbers[arch][value]} already")
                numbers[arch][value] = call.name
            tables.calls[call.name] = call


def load_exports(tables, bindings):
    parser, seen = calls.CallParser(tables), set()
    for line, name, call, text in bindings:
        if call not in tables.calls:
            line.fail(f"no call is called '{call}'")
        if name in seen or not re.fullmatch(r"[a-z]\w*", name):
            line.fail(f"'{name}' is taken, or no name")
        seen.add(name)
        tables.exports.append((name, parser.bind(tables.calls[call], line, text)))


def load(folder):
    tables = Tables()
    load_constants(tables, read(os.path.join(folder, "constants.tbl")))
    load_promises(tables, read(os.path.join(folder, "promises.tbl")))
    load_rights(tables, read(os.path.join(folder, "rights.tbl")))
    bindings = load_conditions(tables, read(os.path.join(folder, "conditions.tbl")))
    load_calls(tables, folder)
    load_exports(tables, bindings)
    return tables
