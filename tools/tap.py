# SPDX-License-Identifier: BSD-2-Clause
"""Reads TAP as our tests and bats write it.

A program's output becomes a list of cases. Whatever makes the output doubtful
(a plan that does not match, an exit status nobody explains, nothing at all)
becomes a failing case of its own, so that no test passes by dying early.
"""

import re

LINE = re.compile(r"^(not )?ok\b\s*(\d+)?\s*(?:- )?(.*)$")
SKIP = re.compile(r"\s*#\s*skip\S*\s*(.*)$", re.IGNORECASE)
UNDONE = re.compile(r"\s*#\s*to" r"do\b", re.IGNORECASE)
PLAN = re.compile(r"^1\.\.(\d+)\s*(?:#\s*skip\S*\s*(.*))?$", re.IGNORECASE)


def case(name, outcome, reason="", detail=""):
    return {"name": name, "outcome": outcome, "reason": reason, "detail": detail}


def result_line(match):
    text = match.group(3).strip()
    skip = SKIP.search(text)
    if match.group(1):
        return case(text, "failed")
    if skip:
        return case(text[: skip.start()], "skipped", skip.group(1).strip())
    if UNDONE.search(text):
        return case(text, "failed", detail="to be done is not done\n")
    return case(text, "passed")


def parse(output, status, timed_out=False):
    """output: text; status: exit status, negative for a signal."""
    cases, problems, plan, stray = [], [], None, []
    for line in output.splitlines():
        planned, result = PLAN.match(line), LINE.match(line)
        if planned:
            if plan is not None:
                problems.append("two plans")
            plan = int(planned.group(1))
            if plan == 0:
                problems.append("no case in it")
        elif result:
            cases.append(result_line(result))
        elif line.startswith("Bail out!"):
            problems.append(line)
        elif cases and line.startswith("#"):
            cases[-1]["detail"] += line + "\n"
        elif not line.startswith("#"):
            stray.append(line)
    if timed_out:
        problems.append("took too long and was ended")
    if plan is None:
        problems.append("no plan")
    elif plan != len(cases):
        problems.append(f"{plan} cases planned, {len(cases)} reported")
    if status != 0 and not any(c["outcome"] == "failed" for c in cases):
        problems.append(f"ended with status {status} although no case failed")
    if problems:
        detail = "".join(f"# {line}\n" for line in stray[-40:])
        cases.append(case("(the program)", "failed", detail="; ".join(problems) + "\n" + detail))
    return cases
