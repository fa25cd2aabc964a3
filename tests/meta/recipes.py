# SPDX-License-Identifier: BSD-2-Clause
"""docs/recipes.md: every command line is well formed, tried by a test, and known to run."""

import re
import subprocess

import lib

PAGE = lib.SOURCE / "docs/recipes.md"
# Every heading of the second level with what follows it.
SECTION = re.compile(r"^## ([^\n]+)\n(.*?)(?=^#|\Z)", re.M | re.S)
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.M | re.S)


def recipes():
    return {name: (text, BLOCK.findall(text)) for name, text in SECTION.findall(PAGE.read_text())}


def followed():
    """The names that tests hand to follow and recipe, with where."""
    found = {}
    for path in sorted((lib.SOURCE / "tests/programs").glob("*.bats")):
        for match in re.finditer(r"\b(?:follow|recipe|serve) (?:\"([^\"$]+)\"|([\w-]+))",
                                 path.read_text()):
            found.setdefault(match.group(1) or match.group(2), path.name)
    return found


@lib.case
def each_has_one_command_line_and_a_word_about_it():
    for name, (text, blocks) in recipes().items():
        lib.seen()
        if len(blocks) != 1 or text.count("```") != 2:
            yield f"{name}: {len(blocks)} blocks"
            continue
        if not blocks[0].startswith("paprika run ") or " -- " not in blocks[0]:
            yield f"{name}: not a command line of paprika run"
        if not text.split("```")[0].strip():
            yield f"{name}: no explanation"


@lib.case
def each_is_followed_by_a_test():
    tests = followed()
    for name in recipes():
        lib.seen()
        if name not in tests:
            yield f"{name} is in {PAGE.name} and in no test"
    for name, where in tests.items():
        if name not in recipes():
            yield f"{where} follows {name}, which is not in {PAGE.name}"


@lib.case
def each_grants_what_paprika_understands():
    """Its own flags only: with --dry-run, and with true for the program, nothing runs."""
    for name, (_, blocks) in recipes().items():
        given = blocks[0].split(" -- ")[0].replace("paprika run", '"$0" run --dry-run')
        for path in re.findall(r"--(?:ro|rw|rx|rwx) (\w[\w./]*)", given):
            given = f"mkdir -p {path} && {given}"
        result = subprocess.run(
            ["bash", "-c", f'cd "$(mktemp -d)" && trap \'rm -rf "$PWD"\' EXIT && {given} -- true',
             str(lib.PAPRIKA)],
            capture_output=True, text=True, check=False)
        lib.seen()
        # Without root, root's capabilities are not there to be kept.
        if result.returncode and "capability" not in result.stderr:
            yield f"{name}: {result.stderr.strip()}"
        elif not result.returncode and "usr" not in result.stdout:
            yield f"{name}: nothing granted: {result.stdout}"


lib.main()
