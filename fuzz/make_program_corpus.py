#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes fuzz/corpus/program: small ELF files, scripts and loader caches."""
import pathlib
import struct

DT_NULL, DT_NEEDED, DT_STRTAB, DT_STRSZ, DT_SONAME, DT_RPATH, DT_RUNPATH = 0, 1, 5, 10, 14, 15, 29
PT_LOAD, PT_DYNAMIC, PT_INTERP = 1, 2, 3
BASE = 0x400000


def elf(kind=3, machine=62, needed=("libc.so.6", "libx.so.1"), interpreter="/lib64/ld.so",
        rpath=None, runpath="$ORIGIN/../lib", soname=None, loop=False):
    names = bytearray(b"\0")

    def string(text):
        names.extend(text.encode() + b"\0")
        return len(names) - len(text) - 1

    tags = [(DT_NEEDED, string(name)) for name in needed]
    for tag, text in ((DT_RPATH, rpath), (DT_RUNPATH, runpath), (DT_SONAME, soname)):
        if text:
            tags.append((tag, string(text)))
    segments = 2 + bool(interpreter)
    at_interpreter = 64 + 56 * segments
    interp = interpreter.encode() + b"\0" if interpreter else b""
    at_strings = at_interpreter + len(interp)
    at_dynamic = (at_strings + len(names) + 7) & ~7
    tags += [(DT_STRTAB, BASE + at_strings), (DT_STRSZ, len(names))]
    if not loop:
        tags.append((DT_NULL, 0))
    dynamic = b"".join(struct.pack("<QQ", *tag) for tag in tags)
    size = at_dynamic + len(dynamic)

    def segment(kind, offset, length):
        return struct.pack("<IIQQQQQQ", kind, 4, offset, BASE + offset, BASE + offset, length,
                           length, 8)

    headers = segment(PT_LOAD, 0, size)
    if interpreter:
        headers += segment(PT_INTERP, at_interpreter, len(interp))
    headers += segment(PT_DYNAMIC, at_dynamic, len(dynamic))
    out = b"\x7fELF\x02\x01\x01" + bytes(9)
    out += struct.pack("<HHIQQQIHHHHHH", kind, machine, 1, BASE, 64, 0, 0, 64, 56, segments, 0, 0,
                       0)
    out += headers + interp + bytes(names)
    return out.ljust(at_dynamic, b"\0") + dynamic


def cache(entries, old=False, endian=2, count=None):
    names, table = bytearray(), b""
    start = 48 + 24 * len(entries)
    for name, path, flags in entries:
        offset = start + len(names)
        names += name.encode() + b"\0" + path.encode() + b"\0"
        table += struct.pack("<IIIIQ", flags, offset, offset + len(name) + 1, 0, 0)
    out = b"glibc-ld.so.cache1.1"
    out += struct.pack("<IIBxxxI12x", len(entries) if count is None else count, len(names), endian,
                       0)
    out += table + bytes(names)
    return b"ld.so-1.7.0\0" + struct.pack("<I", 0) + out if old else out


ENTRIES = [("libx.so.1", "/opt/libx.so.1", 0x303), ("libc.so.6", "/lib/libc.so.6", 0x303),
           ("libc.so.6", "/lib32/libc.so.6", 0x3)]

SEEDS = {
    "program": elf(),
    "static-program": elf(kind=2, needed=(), interpreter=None, runpath=None),
    "library": elf(interpreter=None, soname="libx.so.1", rpath="/a:/b", runpath=None),
    "aarch64": elf(machine=183),
    "32-bit": b"\x7fELF\x01\x01\x01" + elf()[7:],
    "dynamic-without-end": elf(loop=True),
    "cut-header": elf()[:63],
    "cut-segments": elf()[:100],
    "cut-dynamic": elf()[:-20],
    "many-needed": elf(needed=["lib%d.so" % i for i in range(200)]),
    "script": b"#!/bin/sh -e\necho\n",
    "script-env": b"#!/usr/bin/env -S -i PATH=/opt python3 -u\n",
    "script-env-quotes": b"#!/usr/bin/env -S 'a b' \"c\\_d\" ${X}\n",
    "script-blank": b"#! \t \n",
    "script-no-newline": b"#!/bin/x",
    "script-long": b"#!/" + b"x" * 300,
    "cache": cache(ENTRIES),
    "cache-behind-old": cache(ENTRIES, old=True),
    "cache-big-endian": cache(ENTRIES, endian=3),
    "cache-count-too-high": cache(ENTRIES, count=1 << 30),
    "cache-empty": cache([]),
    "empty": b"",
}


def main():
    directory = pathlib.Path(__file__).parent / "corpus" / "program"
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in SEEDS.items():
        (directory / name).write_bytes(content)


if __name__ == "__main__":
    main()
