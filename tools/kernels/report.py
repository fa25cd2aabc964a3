# SPDX-License-Identifier: BSD-2-Clause
"""What was found under which kernel: for a terminal, and as docs/kernels.md."""

import pathlib
import sys

PASSES = {"root": "root", "user": "ordinary user", "yama": "ordinary user, ptrace_scope 1"}


def tally_module():
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
    import tally
    return tally


def judged(result, skips):
    """(test, case) of one pass, a skip that nobody expects turned into a failure."""
    tally = tally_module()
    for test in result:
        for case in test["cases"]:
            if case["outcome"] == "skipped" and not tally.is_expected(skips, test["test"], case):
                case = dict(case, outcome="failed",
                            detail=f"unexpected skip: {case['reason']}\n")
            yield test["test"], case


def counts(result, skips):
    number = {"passed": 0, "failed": 0, "skipped": 0}
    for _, case in judged(result, skips):
        number[case["outcome"]] += 1
    return number


def words(number):
    return ", ".join(f"{number[k]} {k}" for k in ("passed", "failed", "skipped"))


def summary(found, skips, out):
    """Failures with what they said, then a line a pass, then one for all."""
    total = {"passed": 0, "failed": 0, "skipped": 0}
    lines = []
    for name, kernel in found.items():
        if "trouble" in kernel:
            total["failed"] += 1
            print(f"\nFAILED {name}: {kernel['trouble']}", *kernel["said"], sep="\n", file=out)
            continue
        for label, result in kernel["passes"].items():
            for test, case in judged(result, skips):
                if case["outcome"] == "failed":
                    print(f"\nFAILED {name} ({label}) {test}: {case['name']}", file=out)
                    print(case["detail"], end="", file=out)
            number = counts(result, skips)
            lines.append(f"{name} ({label}): {words(number)}")
            for key in total:
                total[key] += number[key]
    print("", *lines, words(total), sep="\n", file=out)
    return total["passed"] > 0 and total["failed"] == 0


def document(found, skips):
    return "not yet\n"
