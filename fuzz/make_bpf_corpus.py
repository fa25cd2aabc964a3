#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes fuzz/corpus/bpf: 64 bytes of seccomp_data, then instructions."""
import pathlib
import struct

ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050001, 0x80000000
X86_64, AARCH64 = 0xC000003E, 0xC00000B7
LD, LDX, ST, STX = 0x20, 0x01, 0x02, 0x03
JA, JEQ, JGT, JGE, JSET = 0x05, 0x15, 0x25, 0x35, 0x45
RET, RET_A, TAX, TXA = 0x06, 0x16, 0x07, 0x87


def data(number=1, arch=X86_64, ip=0x400000, args=(1, 2, 3, 4, 5, 6)):
    return struct.pack("<iIQ6Q", number, arch, ip, *args)


def insn(code, k=0, jt=0, jf=0):
    return struct.pack("<HBBI", code, jt, jf, k)


SEEDS = {
    # shortest programs
    "allow": [insn(RET, ALLOW)],
    "empty": [],
    "return-accumulator": [insn(LD, 0), insn(RET_A)],
    # architecture, number, one argument
    "typical": [
        insn(LD, 4), insn(JEQ, X86_64, 1, 0), insn(RET, KILL),
        insn(LD, 0), insn(JGE, 0x40000000, 0, 1), insn(RET, ERRNO),
        insn(JEQ, 1, 0, 3), insn(LD, 16), insn(JGT, 2, 1, 0), insn(RET, ALLOW),
        insn(RET, ERRNO),
    ],
    # both halves of a 64-bit argument
    "wide": [
        insn(LD, 28), insn(JEQ, 0, 0, 3), insn(LD, 24), insn(JSET, 0x80000000, 1, 0),
        insn(RET, ALLOW), insn(RET, ERRNO),
    ],
    # scratch memory, index register, every operation
    "machine": [
        insn(LD, 0), insn(ST, 3), insn(LDX | 0x60, 3), insn(0x0C), insn(0x1C), insn(0x24, 3),
        insn(0x34, 7), insn(0x44, 1), insn(0x54, 0xFF), insn(0x64, 4), insn(0x74, 4),
        insn(0x84), insn(0xA4, 9), insn(TAX), insn(STX, 15), insn(0x60, 15), insn(TXA),
        insn(0x80), insn(0x81), insn(0x00, 5), insn(LDX, 6), insn(0x3C), insn(RET_A),
    ],
    "division-by-zero": [insn(LDX, 0), insn(0x3C), insn(RET, ALLOW)],
    # refused: one reason each
    "load-between-words": [insn(LD, 2), insn(RET, ALLOW)],
    "load-past-end": [insn(LD, 64), insn(RET, ALLOW)],
    "memory-past-end": [insn(ST, 16), insn(RET, ALLOW)],
    "memory-unwritten": [insn(0x60, 0), insn(RET_A)],
    "memory-written-on-one-way": [
        insn(LD, 0), insn(JEQ, 1, 0, 1), insn(ST, 0), insn(0x60, 0), insn(RET_A),
    ],
    "jump-past-end": [insn(JA, 1), insn(RET, ALLOW)],
    "jump-wraps": [insn(JA, 0xFFFFFFFF), insn(RET, ALLOW)],
    "branch-past-end": [insn(JEQ, 0, 0, 1), insn(RET, ALLOW)],
    "no-return": [insn(LD, 0)],
    "constant-division-by-zero": [insn(0x34, 0), insn(RET, ALLOW)],
    "shift-too-far": [insn(0x64, 32), insn(RET, ALLOW)],
    "packet-load": [insn(0x30, 0), insn(RET, ALLOW)],
    # limits of length
    "longest": [insn(LD, 0)] * 4095 + [insn(RET, ALLOW)],
    "too-long": [insn(LD, 0)] * 4096 + [insn(RET, ALLOW)],
    "far-jump": [insn(JA, 4094)] + [insn(RET, ERRNO)] * 4094 + [insn(RET, ALLOW)],
}


def main():
    directory = pathlib.Path(__file__).parent / "corpus" / "bpf"
    directory.mkdir(parents=True, exist_ok=True)
    for name, program in SEEDS.items():
        (directory / name).write_bytes(data() + b"".join(program))
    (directory / "other-architecture").write_bytes(
        data(number=-1, arch=AARCH64, args=(2**64 - 1,) * 6) + b"".join(SEEDS["typical"]))
    (directory / "cut-instruction").write_bytes(data() + insn(RET, ALLOW) + b"\x06\x00\x00")
    (directory / "cut-data").write_bytes(data()[:63])


if __name__ == "__main__":
    main()
