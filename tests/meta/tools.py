# SPDX-License-Identifier: BSD-2-Clause
"""The tools that judge the other tests: TAP, the tally, the layers, the left-overs.

Each is shown what it must accept and what it must not.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import lib

sys.path.insert(0, str(lib.SOURCE / "tools"))
import tap  # noqa: E402


def outcomes(output, status=0, timed_out=False):
    lib.seen()
    return [(c["name"], c["outcome"], c["reason"]) for c in tap.parse(output, status, timed_out)]


def program_fails(output, status, why, timed_out=False):
    lib.seen()
    cases = tap.parse(output, status, timed_out)
    last = cases[-1] if cases else None
    if not last or last["outcome"] != "failed" or why not in last["detail"]:
        yield f"{output!r}, status {status}: {cases}, not a failure for \"{why}\""


@lib.case
def results_are_read():
    good = "1..3\nok 1 - plain\nok 2 bats way\nok 3 - no # SKIP needs root\n"
    if outcomes(good) != [("plain", "passed", ""), ("bats way", "passed", ""),
                          ("no", "skipped", "needs root")]:
        yield outcomes(good)
    bad = "1..2\nnot ok 1 - broken\n# why\n# and how\nok 2 - fine\n"
    if outcomes(bad, 1) != [("broken", "failed", ""), ("fine", "passed", "")]:
        yield outcomes(bad, 1)
    if tap.parse(bad, 1)[0]["detail"] != "# why\n# and how\n":
        yield "the diagnostics of a failure are lost"
    failed_skip = "1..1\nnot ok 1 - broken # SKIP is no excuse\n"
    if outcomes(failed_skip, 1)[0][1] != "failed":
        yield "a failure hides behind a skip"


@lib.case
def doubtful_output_fails():
    yield from program_fails("", 0, "no plan")
    yield from program_fails("ok 1 - x\n", 0, "no plan")
    yield from program_fails("1..0\n", 0, "no case")
    yield from program_fails("1..2\nok 1 - x\n", 0, "2 cases planned, 1 reported")
    yield from program_fails("1..1\nok 1 - x\n", 1, "ended with status 1")
    yield from program_fails("1..1\nok 1 - x\n", -11, "ended with status -11")
    yield from program_fails("1..1\nok 1 - x\n", 0, "took too long", timed_out=True)
    yield from program_fails("1..1\nok 1 - x\nBail out! no\n", 0, "Bail out!")
    yield from program_fails("1..1\n1..1\nok 1 - x\n", 0, "two plans")
    yield from program_fails("1..1\nok 1 - x # TO" + "DO later\n", 0, "not done")


def tally(cases, expected=""):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "skips").write_text(expected)
        (folder / "results").write_text(json.dumps(
            [{"test": "unit/x", "label": "", "cases": [tap.case(*c) for c in cases]}]))
        result = lib.run(sys.executable, lib.SOURCE / "tools/tally.py", folder / "skips",
                         folder / "results")
    lib.seen()
    return result.returncode, result.stdout.splitlines()[-1:], result.stdout


@lib.case
def the_tally_counts():
    wanted = [
        ([("a", "passed")], "", 0, "1 passed, 0 failed, 0 skipped"),
        ([("a", "passed"), ("b", "failed")], "", 1, "1 passed, 1 failed, 0 skipped"),
        ([("a", "passed"), ("b", "skipped", "no luck")], "unit/x: b: no luck", 0,
         "1 passed, 0 failed, 1 skipped"),
        ([("a", "passed"), ("b", "skipped", "no luck")], "unit/x: b: other", 1,
         "1 passed, 1 failed, 0 skipped"),
        ([("a", "passed"), ("b", "skipped", "no luck")], "unit/y: b: no luck", 1,
         "1 passed, 1 failed, 0 skipped"),
        ([("b", "skipped", "no luck")], "*/*: *: no luck", 1, "0 passed, 0 failed, 1 skipped"),
        ([], "", 1, "0 passed, 0 failed, 0 skipped"),
    ]
    for cases, expected, status, line in wanted:
        got = tally(cases, expected)
        if got[:2] != (status, [line]):
            yield f"{cases} with \"{expected}\": status {got[0]}, {got[1]}"
    if "unexpected skip: no luck" not in tally([("b", "skipped", "no luck")])[2]:
        yield "an unexpected skip is not explained"
    if tally([("a", "passed")], "not a line")[0] == 0:
        yield "a malformed line of expected skips is accepted"


TREE = {
    "ARCHITECTURE.md": "| `src/base` | | yes | x |\n| `src/cli` | base | no | x |\n",
    "meson.build": "core = static_library('core', 'x.c')\n",
    "src/meson.build": "['a', 'b', 'c']\n",
    "src/base/a.c": '/* SPDX-License-Identifier: BSD-2-Clause */\n#include "base/a.h"\n',
    "src/base/a.h": "/* SPDX-License-Identifier: BSD-2-Clause */\n",
    "src/cli/b.c": '/* SPDX-License-Identifier: BSD-2-Clause */\n#include "base/a.h"\n',
}


def judged(test, changes):
    """What a meta test says about a small tree with some changes."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**TREE, **changes}.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        env = {**os.environ, "PAPRIKA_SOURCE": folder}
        result = subprocess.run([sys.executable, lib.SOURCE / f"tests/meta/{test}.py"], env=env,
                                capture_output=True, text=True, check=False)
    lib.seen()
    return result.stdout


def verdict(said, case):
    lines = [line for line in said.splitlines() if line.endswith(f" - {case}")]
    return lines[0].split(" - ")[0].rstrip("0123456789 ") if lines else "missing"


def notices(test, case, changes):
    before, after = verdict(judged(test, {}), case), verdict(judged(test, changes), case)
    if before != "ok":
        yield f"{test}: {case} does not accept the tree as it is: {before}"
    if after != "not ok":
        yield f"{test}: {case} accepts {changes}: {after}"


@lib.case
def layers_are_noticed():
    licence = TREE["src/base/a.h"]
    wrong = [
        ("every_folder_is_a_row", {"src/other/c.c": licence}),
        ("no_circles", {"ARCHITECTURE.md": TREE["ARCHITECTURE.md"].replace("| |", "| cli |")}),
        ("includes_follow_the_table", {"src/base/a.c": licence + '#include "cli/b.h"\n'}),
        ("includes_follow_the_table", {"src/base/a.c": licence + '#include "a.h"\n'}),
        ("pure_layers_only_compute", {"src/base/a.c": licence + "#include <unistd.h>\n"}),
        ("pure_layers_only_compute", {"src/base/a.c": licence + "int x(void) {\n kill(1, 9); }"}),
        ("the_library_neither_prints_nor_exits", {"src/base/a.c": licence + "f() { exit(1); }"}),
        ("the_core_links_nothing_but_libc",
         {"meson.build": "core = static_library('core', dependencies: jansson)\n"}),
        ("only_the_table_knows_numbers", {"src/cli/b.c": licence + "int x = SYS_open;\n"}),
    ]
    for case, changes in wrong:
        yield from notices("layers", case, changes)


@lib.case
def leftovers_are_noticed():
    licence = TREE["src/base/a.h"]
    wrong = [
        ("nothing_is_left_to_be_done", {"src/base/a.c": licence + "/* TO" + "DO */\n"}),
        ("no_place_of_one_machine", {"src/base/a.c": licence + '"' + "/wor" + 'k/x"\n'}),
        ("no_sleep_as_synchronisation", {"src/base/a.c": licence + "f() { usleep(1); }\n"}),
        ("every_source_names_its_licence", {"src/base/a.c": "int x;\n"}),
        ("files_are_short", {"src/base/a.c": licence + "\n" * 600}),
        ("every_source_is_built", {"src/base/unbuilt.c": licence}),
    ]
    for case, changes in wrong:
        yield from notices("leftovers", case, changes)


lib.main()
