# SPDX-License-Identifier: BSD-2-Clause
"""The manuals: clean mdoc, and the flags of each command on both sides."""

import re

import lib

FLAG = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")
COMMANDS = ["run", "check", "filter", "compare"]


def pages():
    return [p for p in lib.sources() if re.search(r"\.[1-9]$", p.name)
            and p.relative_to(lib.SOURCE).parts[0] == "man"]


def rendered(page):
    """As a person reads it, without the overstrikes of bold and underlined."""
    return re.sub(r".\x08", "", lib.run("mandoc", "-Tutf8", "-O", "width=200", page).stdout)


@lib.case
def mandoc_has_nothing_to_say():
    for page in pages():
        lib.seen()
        result = lib.run("mandoc", "-Tlint", "-W", "warning", page)
        if result.returncode or result.stdout.strip():
            yield result.stdout


@lib.case
def every_command_has_its_page():
    names = {p.name for p in pages()}
    text = lib.run(lib.PAPRIKA, "--help").stdout
    for command in COMMANDS:
        lib.seen()
        if f"paprika-{command}.1" not in names:
            yield f"man/paprika-{command}.1 is missing"
        if not re.search(rf"\b{command}\b", text):
            yield f"paprika --help does not name {command}"
    for name in sorted(names):
        match = re.fullmatch(r"paprika-(\w+)\.1", name)
        if match and match.group(1) not in COMMANDS:
            yield f"man/{name} describes no command"


def told(command):
    result = lib.run(lib.PAPRIKA, command, "--help")
    if result.returncode:
        raise RuntimeError(f"paprika {command} --help ends with status {result.returncode}")
    return set(FLAG.findall(result.stdout)) - {"--help"}


@lib.case
def flags_of_help_and_manual_are_the_same():
    run = told("run")
    for command in COMMANDS:
        page = lib.SOURCE / f"man/paprika-{command}.1"
        if not page.exists():
            yield f"{page.name} is missing"
            continue
        here, written = told(command), set(FLAG.findall(rendered(page))) - {"--help"}
        lib.seen(len(here & written))
        # The flags of a policy are described once.
        elsewhere = run if ".Xr paprika-run 1" in page.read_text() else set()
        for flag in sorted(here - written - (elsewhere if command != "run" else set())):
            yield f"{flag} is in paprika {command} --help, not in {page.name}"
        # The other pages may speak of what run would do.
        for flag in sorted(written - here - (run if command != "run" else set())):
            yield f"{flag} is in {page.name}, not in paprika {command} --help"


@lib.case
def pages_named_elsewhere_exist():
    names = {p.name for p in pages()}
    for page in pages():
        for name, section in re.findall(r"^\.Xr (paprika\S*) (\d)", page.read_text(), re.M):
            lib.seen()
            if f"{name}.{section}" not in names:
                yield f"{page.name} refers to {name}({section}), which is missing"


lib.main()
