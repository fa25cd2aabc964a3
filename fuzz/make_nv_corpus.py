# SPDX-License-Identifier: BSD-2-Clause
"""Writes corpus/nv: packed lists, good ones and ones with a single lie each."""

import pathlib
import struct

CORPUS = pathlib.Path(__file__).parent / "corpus" / "nv"


class Maker:
    """Builds a list whose headers tell what is left of the whole message."""

    def __init__(self, order="<"):
        self.order = order
        self.parts = []  # bytes, or (flags, descriptors) of a header whose size comes last

    def header(self, descriptors=0, flags=0):
        self.parts.append((flags, descriptors))
        return self

    def pair(self, kind, name, size=0, items=0, value=b""):
        name = name.encode() + b"\0"
        self.parts.append(struct.pack(self.order + "BHQQ", kind, len(name), size, items) + name
                          + value)
        return self

    def number(self, value):
        return struct.pack(self.order + "Q", value & (2**64 - 1))

    def done(self):
        left, out = 0, b""
        for part in reversed(self.parts):
            if isinstance(part, tuple):
                big = 0x80 if self.order == ">" else 0
                part = struct.pack(self.order + "BBBQQ", 0x6c, 0, part[0] | big, part[1], left)
            left += len(part)
            out = part + out
        return out


def everything(order):
    m = Maker(order).header(3)
    m.pair(1, "null").pair(2, "bool", 1, 0, b"\1").pair(3, "number", 8, 0, m.number(77))
    m.pair(4, "string", 5, 0, b"text\0").pair(6, "fd", 8, 0, m.number(2))
    m.pair(7, "binary", 3, 0, b"\0\1\2").pair(8, "bools", 2, 2, b"\0\1")
    m.pair(9, "numbers", 16, 2, m.number(1) + m.number(2)).pair(10, "strings", 3, 2, b"\0b\0")
    m.pair(12, "fds", 24, 3, m.number(0) + m.number(-1) + m.number(1))
    m.pair(5, "list", 19 + 20).header().pair(1, "").pair(255, "")
    m.pair(11, "lists", 0, 2).header().pair(254, "").header().pair(1, "in").pair(254, "")
    return m.done()


def nested(depth):
    m = Maker().header()
    for _ in range(depth):
        m.pair(5, "", 19).header()
    for _ in range(depth):
        m.pair(255, "")
    return m.done()


def main():
    CORPUS.mkdir(parents=True, exist_ok=True)
    little = everything("<")
    m = Maker()
    files = {
        "empty": b"\0" + Maker().header().done(),
        "everything": b"\3" + little,
        "everything-big": b"\3" + everything(">"),
        "missing-descriptors": b"\2" + little,
        "surplus-descriptors": b"\7" + little,
        "no-unique": b"\x80" + Maker().header(0, 2).pair(1, "a").pair(1, "a").done(),
        "name-twice": b"\0" + Maker().header().pair(1, "a").pair(1, "a").done(),
        "ignore-case": b"\x40" + Maker().header(0, 1).pair(1, "a").pair(1, "A").done(),
        "descriptor-twice": b"\1" + Maker().header(1).pair(6, "a", 8, 0, m.number(0))
                            .pair(6, "b", 8, 0, m.number(0)).done(),
        "deep": b"\0" + nested(200),
        "too-deep": b"\0" + nested(300),
        "very-deep": b"\0" + nested(5000),
        "open-string": b"\0" + Maker().header().pair(4, "s", 3, 0, b"abc").done(),
        "items-wrap": b"\0" + Maker().header().pair(9, "n", 8, 2**61 + 1, m.number(0)).done(),
        "many-lists": b"\0" + Maker().header().pair(11, "l", 0, 2**60).done(),
        "end-without-begin": b"\0" + Maker().header().pair(255, "").done(),
        "mixed-order": b"\0" + Maker().header().pair(5, "x", 19).done() +
                       Maker(">").header().pair(255, "").done(),
        "cut": b"\3" + little[:-7],
        "longest-name": b"\0" + Maker().header().pair(1, "n" * 2047).done(),
        "too-long-name": b"\0" + Maker().header().pair(1, "n" * 2048).done(),
    }
    for name, data in files.items():
        (CORPUS / name).write_bytes(data)


main()
