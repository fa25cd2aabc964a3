# SPDX-License-Identifier: BSD-2-Clause
"""Every header compiles alone; the public ones also as C++ and in strict C."""

import pathlib
import re
import shlex
import tempfile

import lib

CC = ["cc", "-D_GNU_SOURCE", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
      "-Wno-unused-function"]


def includes():
    generated = {p.parent.parent for p in lib.BUILD.rglob("table/ids.h")}
    return [f"-I{d}" for d in [lib.SOURCE / "src", lib.SOURCE / "include",
                                 lib.SOURCE / "include/freebsd",
                                 lib.SOURCE / "tests/harness", *sorted(generated)]]


def compiles(header, command, language):
    with tempfile.TemporaryDirectory() as folder:
        unit = pathlib.Path(folder) / f"unit.{language}"
        # Twice: the guard has to hold.
        unit.write_text(f'#include "{header}"\n#include "{header}"\nextern int nothing;\n')
        result = lib.run(*command, *includes(), unit)
    lib.seen()
    if result.returncode:
        yield f"{header.relative_to(lib.SOURCE)} ({shlex.join(command)}):"
        yield result.stdout[:2000]


def headers(folder):
    return [p for p in lib.sources(".h") if p.relative_to(lib.SOURCE).parts[0] == folder]


@lib.case
def internal_headers_compile_alone():
    for header in headers("src"):
        yield from compiles(header, CC, "c")


@lib.case
def harness_headers_compile_alone():
    for header in headers("tests"):
        yield from compiles(header, CC, "c")


@lib.case
def public_headers_compile_in_c_and_cxx():
    public = headers("include")
    if not public:
        # Nothing is installed either as long as there is no public header.
        lib.seen()
        if "install_headers" in (lib.SOURCE / "meson.build").read_text():
            yield "headers are installed although include/ has none"
    for header in public:
        # The helpers call what POSIX adds to C.
        posix = ["-D_POSIX_C_SOURCE=200809L"] if "helpers" in header.name else []
        yield from compiles(header, ["cc", *posix, "-std=c99", "-pedantic-errors", "-Wall", "-Wextra",
                                     "-Werror", "-fsyntax-only"], "c")
        yield from compiles(header, ["c++", "-std=c++11", "-pedantic-errors", "-Wall", "-Wextra",
                                     "-Werror", "-fsyntax-only"], "cc")


@lib.case
def guards_are_named_after_their_files():
    for header in headers("src") + headers("include"):
        lib.seen()
        names = re.findall(r"^#ifndef (\w+)\n#define (\w+)\s*$", header.read_text(), re.M)
        tail = re.sub(r"\W", "_", header.name).upper()
        if not names or names[0][0] != names[0][1] or not names[0][0].endswith(tail):
            yield f"{header.relative_to(lib.SOURCE)}: no guard that ends in {tail}"


lib.main()
