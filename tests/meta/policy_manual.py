# SPDX-License-Identifier: BSD-2-Clause
"""paprika-policy(5) against the table of keys: what is read is written down, and nothing else."""

import os
import pathlib
import re
import tempfile

import lib

PAGE = lib.SOURCE / "man/paprika-policy.5"
TABLE = lib.SOURCE / "src/policy/keys.c"
# Words of the page that are values, and the manual's way of naming the -try forms.
VALUES = {"udp", "any", "yes", "no", "deny", "kill", "-try"}


def keys():
    """section: names, from the arrays in the source."""
    text = TABLE.read_text()
    found = {}
    for section, body in re.findall(r"pap_policy_key (\w+)_keys\[\] = \{(.*?)\n\};", text, re.S):
        names = re.findall(r'\{"([a-z-]+)",', body)
        names += re.findall(r'FILE_KEY\("([a-z]+)"', body)
        found[section] = set(names)
    return found


def page():
    """section: words marked as commands, from the page's source."""
    found = {}
    for part in PAGE.read_text().split("\n.Ss ")[1:]:
        heading, _, body = part.partition("\n")
        body = body.split("\n.Sh ")[0]
        words = []
        for line in re.findall(r"^\.(?:It )?Cm (.*)", body, re.M):
            words += re.findall(r"[a-z-]+", re.sub(r"\b(Ns|Ar \w+|Cm)\b", " ", line))
        match = re.fullmatch(r"\[(\w+)\]", heading.strip())
        if match:
            found[match.group(1)] = set(words)
    return found


@lib.case
def every_key_is_in_the_manual():
    table, written = keys(), page()
    for section in sorted(set(table) ^ set(written)):
        yield f"section [{section}] is only on one side"
    for section, names in table.items():
        told = written.get(section, set())
        lib.seen(len(names & told))
        for name in sorted(names - told):
            yield f"the key {name} of [{section}] is not in paprika-policy(5)"
        for name in sorted(told - names - VALUES):
            yield f"paprika-policy(5) has {name} in [{section}], the parser does not"


@lib.case
def examples_are_policies():
    """Every display that holds a section is read, but for what it includes."""
    displays = re.findall(r"^\.Bd -literal -offset indent\n(.*?)^\.Ed", PAGE.read_text(),
                          re.M | re.S)
    with tempfile.TemporaryDirectory() as directory:
        file = pathlib.Path(directory) / "example.policy"
        for display in displays:
            if not re.search(r"^\[\w+\]", display, re.M):
                continue
            text = display.replace("\\e", "\\")
            file.write_text(re.sub(r"^include = .*\n", "", text, flags=re.M))
            result = lib.run(lib.PAPRIKA, "run", "--waive", "tcp-ports", "--waive", "udp-ports",
                             "--policy", file, "--dry-run", "--", "true",
                             env={**os.environ, "HOME": "/nonexistent"})
            lib.seen()
            if result.returncode:
                yield result.stdout


lib.main()
