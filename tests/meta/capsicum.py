# SPDX-License-Identifier: BSD-2-Clause
"""<sys/capsicum.h> against the table of rights and its neighbours among the headers."""

import itertools
import pathlib
import re
import shutil
import sys
import tempfile

import lib

sys.dont_write_bytecode = True
sys.path.insert(0, str(lib.SOURCE / "tools"))

from tablegen import load  # noqa: E402

HEADER = lib.SOURCE / "include/freebsd/sys/capsicum.h"
# Linux capabilities have taken these names.
RENAMED = {"BPF": "CAP_RIGHT_BPF", "PERFMON": "CAP_RIGHT_PERFMON"}
# Names of FreeBSD's past, which the table does not know.
OLD = {"MAPEXEC": "MMAP_X", "MKDIR": "MKDIRAT", "RMDIR": "UNLINKAT", "DELETE": "UNLINKAT",
       "MKFIFO": "MKFIFOAT", "LINKAT": "LINKAT_TARGET", "RENAMEAT": "RENAMEAT_SOURCE"}
# What begins alike and is no right.
OTHERS = re.compile(r"CAP_(RIGHTS_VERSION\w*|ALL[01]?|NONE|FCNTL_\w+|IOCTLS_ALL)$")

NEIGHBOURS = ["sys/capsicum.h", "linux/capability.h", "sys/capability.h"]
STANDARDS = [["cc", "-std=c99"], ["cc", "-std=c11"], ["clang", "-std=c99"], ["c++", "-std=c++11"],
             ["clang++", "-std=c++11"]]


def constant(name):
    return RENAMED.get(name, f"CAP_{name}")


def defined():
    """Every CAP_ constant of the header with the comment beside or above it."""
    text = HEADER.read_text().replace("\\\n", " ")
    found = {}
    for above, name, rest in re.findall(
            r"^(?:/\* ([^*\n]*) \*/\n)?#define (CAP_\w+)[ \t]+(\S.*)$", text, re.M):
        beside = re.search(r"/\* (.*) \*/$", rest)
        if not OTHERS.match(name):
            found[name] = beside.group(1) if beside else above
    return found


def values(names):
    """What the compiler makes of them, as pairs of word and payload."""
    lines = "".join(f'printf("{n} %d %llx\\n", CAPIDXBIT({n}), (unsigned long long)({n}));\n'
                    for n in names)
    with tempfile.TemporaryDirectory() as folder:
        source, program = pathlib.Path(folder, "values.c"), pathlib.Path(folder, "values")
        source.write_text("#include <stdio.h>\n#include <sys/capsicum.h>\n"
                          f"int main(void) {{\n{lines}return 0;\n}}\n")
        built = lib.run("cc", "-Wall", "-Werror", f"-I{HEADER.parents[1]}", source, "-o", program)
        if built.returncode:
            raise RuntimeError(built.stdout)
        said = lib.run(program).stdout
    return {name: (int(index).bit_length() - 1, int(value, 16))
            for name, index, value in re.findall(r"(\w+) (\d+) (\w+)", said)}


def rights():
    return load.load(str(lib.SOURCE / "src/table")).rights


@lib.case
def every_right_of_the_table_has_its_constant():
    table, comments = rights(), defined()
    made = values(comments)
    for right in table.values():
        name = constant(right.name)
        lib.seen()
        if name not in made:
            yield f"{name} is not defined"
            continue
        word = 1 if right.bits[1] else 0
        wanted = 1 << (57 + word) | right.bits[word]
        if made[name] != (word, wanted):
            yield f"{name} is {made[name][1]:#x} in the header, {wanted:#x} in the table"
        if comments[name] != right.about:
            yield f"{name} has the comment '{comments[name]}', the table says '{right.about}'"
    for old, new in OLD.items():
        lib.seen()
        if made[constant(old)] != made[constant(new)]:
            yield f"{constant(old)} is not {constant(new)}"
    for name in sorted(set(made) - {constant(n) for n in [*table, *OLD]}):
        yield f"the table knows no {name}"


@lib.case
def the_header_goes_with_its_neighbours():
    """In any order, without a warning, and the kernel's names stay the kernel's."""
    for order in itertools.permutations(NEIGHBOURS):
        for command in (c for c in STANDARDS if shutil.which(c[0])):
            with tempfile.TemporaryDirectory() as folder:
                unit = pathlib.Path(folder, "unit.cc" if "++" in command[0] else "unit.c")
                unit.write_text("".join(f"#if __has_include(<{name}>)\n#include <{name}>\n#endif\n"
                                        for name in order) +
                                "int kernel[CAP_BPF == 39 && CAP_PERFMON == 38 ? 1 : -1];\n"
                                "int right[CAPIDXBIT(CAP_RIGHT_BPF) == 2 ? 1 : -1];\n")
                result = lib.run(*command, "-pedantic-errors", "-Wall", "-Wextra", "-Werror",
                                 "-fsyntax-only",
                                 f"-I{HEADER.parents[1]}", unit)
            lib.seen()
            if result.returncode:
                yield f"{command} {order}: {result.stdout[:1000]}"


PAGE = lib.SOURCE / "docs/capsicum.md"
CASE = re.compile(r"^TEST\((\w+)|^@lib\.case\ndef (\w+)|^ENDS\((\w+)", re.M)


@lib.case
def every_difference_names_a_test():
    cases = set()
    for path in lib.sources(".c", ".py"):
        if path.relative_to(lib.SOURCE).parts[0] == "tests":
            cases |= {name for names in CASE.findall(path.read_text()) for name in names if name}
    for number, line in enumerate(PAGE.read_text().splitlines(), 1):
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) < 2 or not line.startswith("|") or cells[1] in ("here", "---"):
            continue
        lib.seen()
        match = re.fullmatch(r"`(\w+)`", cells[4]) if len(cells) == 6 else None
        if not match:
            yield f"{PAGE.name}:{number}: not four columns with the name of a test in the last"
        elif match.group(1) not in cases:
            yield f"{PAGE.name}:{number}: no test is called {match.group(1)}"


lib.main()
