# SPDX-License-Identifier: BSD-2-Clause
"""Every #include line against the table of layers in ARCHITECTURE.md."""

import re

import lib

ROW = re.compile(r"^\| `src/(\w+)` \| ([\w ]*)\| (yes|no) \|", re.M)
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.M)

# What computes. stdio is there for snprintf; unistd, fcntl and sys/* are not.
COMPUTES = {"ctype.h", "errno.h", "inttypes.h", "limits.h", "signal.h", "stdalign.h", "stdarg.h",
            "stdbool.h", "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h", "wchar.h",
            "endian.h", "sys/types.h"}
EFFECTS = re.compile(r"\b(fopen|fputs|puts|printf|fprintf|perror|getenv|system|popen|exit|abort"
                     r"|rename|tmpfile|kill)\s*\(")
PRINTS = re.compile(r"\b(puts|printf|fprintf|vprintf|perror|exit|abort|assert)\s*\(")


def table():
    text = (lib.SOURCE / "ARCHITECTURE.md").read_text()
    rows = ROW.findall(text)
    return {name: (set(may.split()), pure == "yes") for name, may, pure in rows}


def files():
    return [p for p in lib.sources(".c", ".h") if p.relative_to(lib.SOURCE).parts[0] == "src"]


def place(path, text, match):
    return f"{path.relative_to(lib.SOURCE)}:{text.count(chr(10), 0, match.start()) + 1}"


def code(text):
    """Without comments and strings, lines kept."""
    blank = lambda m: "\n" * m.group().count("\n")
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.S)


@lib.case
def every_folder_is_a_row():
    rows = table()
    folders = {p.name for p in (lib.SOURCE / "src").iterdir() if p.is_dir()}
    lib.seen(len(folders))
    for name in sorted(folders - set(rows)):
        yield f"src/{name} has no row in ARCHITECTURE.md"
    for name in sorted(set(rows) - folders):
        yield f"the row src/{name} has no folder"


@lib.case
def no_circles():
    """A row names only rows above it."""
    above = set()
    for name, (may, _) in table().items():
        lib.seen()
        for other in sorted(may - above):
            yield f"src/{name} may include {other}, which is not above it"
        above.add(name)


@lib.case
def includes_follow_the_table():
    rows = table()
    for path in files():
        layer = path.relative_to(lib.SOURCE).parts[1]
        text = path.read_text()
        for match in INCLUDE.finditer(text):
            name = match.group(1)
            if not name:
                continue
            lib.seen()
            if "/" not in name:
                if layer == "api" and (lib.SOURCE / "include" / name).exists():
                    continue
                yield f'{place(path, text, match)}: "{name}" without its folder'
            elif name.split("/")[0] not in rows[layer][0] | {layer}:
                yield f'{place(path, text, match)}: {layer} may not include "{name}"'


@lib.case
def pure_layers_only_compute():
    rows = table()
    for path in files():
        if not rows[path.relative_to(lib.SOURCE).parts[1]][1]:
            continue
        text = path.read_text()
        lib.seen()
        for match in INCLUDE.finditer(text):
            if match.group(2) and match.group(2) not in COMPUTES:
                yield f"{place(path, text, match)}: <{match.group(2)}> in a pure layer"
        bare = code(text)
        for match in EFFECTS.finditer(bare):
            yield f"{place(path, bare, match)}: {match.group(1)}() in a pure layer"


# FreeBSD's functions on sets of rights have no other way to refuse one.
ENDS_THE_PROGRAM = {"src/capsicum/malformed.c"}


@lib.case
def the_library_neither_prints_nor_exits():
    for path in files():
        if path.relative_to(lib.SOURCE).parts[1] in ("cli", "compare"):  # not in the library
            continue
        if str(path.relative_to(lib.SOURCE)) in ENDS_THE_PROGRAM:
            continue
        lib.seen()
        bare = code(path.read_text())
        for match in PRINTS.finditer(bare):
            yield f"{place(path, bare, match)}: {match.group(1)}() in the library"


@lib.case
def the_core_links_nothing_but_libc():
    text = (lib.SOURCE / "meson.build").read_text()
    match = re.search(r"core = static_library\((.*?)\)\n", text, re.S)
    lib.seen(bool(match))
    if not match or "dependencies" in match.group(1):
        yield "meson.build: the core library has dependencies"


@lib.case
def only_the_table_knows_numbers():
    """No SYS_ or __NR_ name outside tests: numbers come from the table."""
    for path in files():
        bare = code(path.read_text())
        lib.seen()
        for match in re.finditer(r"\b(__NR_\w+|SYS_[a-z]\w+)", bare):
            yield f"{place(path, bare, match)}: {match.group(1)}"
        for match in re.finditer(r"#\s*include\s*<(sys/syscall|asm/unistd)\.h>", bare):
            yield f"{place(path, bare, match)}: <{match.group(1)}.h>"


lib.main()
