# SPDX-License-Identifier: BSD-2-Clause
"""Writes what `paprika compare --json` says (on standard input) into docs/models.md.

Only what stands between the two marks is touched; the picture goes beside it with
`paprika compare --svg`.
"""

import json
import pathlib
import sys

PAGE = pathlib.Path(__file__).parents[1] / "docs" / "models.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"


def cost(model, call):
    return f"{model['costs'][call]:.2f}" if call in model["costs"] else "–"


def table(found):
    who = "root" if found["root"] else "an ordinary user"
    yield (f"Linux {found['kernel']}, {found['architecture']}, as {who}: {len(found['attacks'])} "
           f"attacks, {found['controls']} of them with a control.\n\n")
    yield "| model | stopped | not stopped | not expressible | job | getppid | read | open | lines |\n"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
    for model in found["models"]:
        if not model["available"]:
            yield f"| {model['title']} | not to be had here: {model['problem']} | | | | | | | |\n"
            continue
        stopped = model["stopped"] if model["job"] else f"({model['broke']})"
        yield (f"| {model['title']} | {stopped} | {model['not_stopped']} | "
               f"{model['not_expressible']} | {'works' if model['job'] else 'broken'} | "
               f"{cost(model, 'getppid')} | {cost(model, 'read')} | {cost(model, 'open')} | "
               f"{model['lines']} |\n")


def main():
    found = json.load(sys.stdin)
    before, rest = PAGE.read_text().split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(before + BEGIN + "".join(table(found)) + END + after)


main()
