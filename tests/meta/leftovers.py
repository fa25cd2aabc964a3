# SPDX-License-Identifier: BSD-2-Clause
"""Nothing unfinished, nothing of the workshop, licence lines, lengths of files."""

import re

import lib

# Spelt apart, so that this file does not find itself.
MARKS = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b")
PLACES = re.compile("|".join([r"(?<![\w.$/{}-])/" + r"work/", r"(?<!\d)/root/\.\w", r"\bdeb\.deb" + "ian",
                              r"\bpy" + r"pi\.org"]))
SLEEPS = re.compile(r"\b(sleep|usleep|nanosleep|clock_nanosleep)\s*\(")
SOURCES = {".c", ".h", ".py", ".sh", ".bats", ".bash", ".build", ".tbl", ".md", ".1", ".5", ""}
LICENSED = {".c", ".h", ".py", ".sh", ".bats", ".bash"}
LONG, LONGEST = 400, 600


def texts(suffixes):
    for path in lib.sources():
        if path.suffix not in suffixes or path.name == "LICENSE":
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue  # a corpus may hold any bytes
        yield path, path.relative_to(lib.SOURCE), text


def lines_with(pattern, suffixes):
    for _, name, text in texts(suffixes):
        lib.seen()
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                yield f"{name}:{number}: {line.strip()[:120]}"


@lib.case
def nothing_is_left_to_be_done():
    return lines_with(MARKS, SOURCES)


@lib.case
def no_place_of_one_machine():
    return lines_with(PLACES, SOURCES)


@lib.case
def no_sleep_as_synchronisation():
    return (w for w in lines_with(SLEEPS, {".c", ".h"}) if w.startswith(("src/", "tests/")))


@lib.case
def every_source_names_its_licence():
    for _, name, text in texts(LICENSED):
        lib.seen()
        if "SPDX-License-Identifier: BSD-2-Clause" not in "\n".join(text.splitlines()[:3]):
            yield f"{name}: no licence line"


@lib.case
def files_are_short():
    for path, name, text in texts({".c", ".h"}):
        lib.seen()
        length = text.count("\n")
        if length > LONGEST:
            yield f"{name}: {length} lines, more than {LONGEST}"
        elif length > LONG:
            lib.note(f"{name}: {length} lines, time to split it")


def names(build, stem):
    """Whether a meson.build has 'stem', 'folder/stem.c', or 'st' + something."""
    if lib.SOURCE not in (build.parent, *build.parents) or not build.exists():
        return False
    text = build.read_text()
    prefixes = re.findall(r"'(\w+_)' *\+", text)
    return bool(re.search(rf"['/]{re.escape(stem)}(\.c)?'", text)) or stem.startswith(
        tuple(prefixes))


@lib.case
def every_source_is_built():
    """A file that no meson.build names is not there, whatever it looks like."""
    for path, name, _ in texts({".c"}):
        if name.parts[0] not in ("src", "tests", "fuzz", "bench", "examples"):
            continue
        lib.seen()
        if not any(names(folder / "meson.build", path.stem) for folder in path.parents):
            yield f"{name}: in no meson.build"


lib.main()
