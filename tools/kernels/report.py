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


REFUSED = "refused: this kernel cannot stop it"


def lacking(check):
    return [feature["name"] for feature in check["features"] if not feature["available"]]


def table(head, rows):
    yield "| " + " | ".join(head) + " |"
    yield "| " + " | ".join("---" for _ in head) + " |"
    for row in rows:
        yield "| " + " | ".join(str(cell) for cell in row) + " |"


def totals(found, skips):
    for name, kernel in found.items():
        if "trouble" in kernel:
            yield name, "", kernel["trouble"], "", "", ""
            continue
        for label, result in kernel["passes"].items():
            number = counts(result, skips)
            refused = sum(REFUSED in case["detail"] for _, case in judged(result, skips))
            yield (name, PASSES[label], number["passed"], refused or "", number["failed"],
                   number["skipped"])


def by_kernel(found, skips, outcome, word):
    """{word of a case: {kernel: number}} of the cases with that outcome."""
    seen = {}
    for name, kernel in found.items():
        for result in kernel.get("passes", {}).values():
            for test, case in judged(result, skips):
                if case["outcome"] == outcome:
                    row = seen.setdefault(word(test, case), {})
                    row[name] = row.get(name, 0) + 1
    return seen


def document(found, skips):
    names = list(found)
    lines = ["# Other kernels", "",
             "Made by `make kernels`: Debian's kernels in an emulated machine (`tools/kernels`), with",
             "this tree's tests as root, as an ordinary user, and as that with Yama's `ptrace_scope`",
             "at 1. *By refusal* are those of the passed where the kernel cannot stop an attack and",
             "`paprika run` was seen to refuse, by name, to start anything.", ""]
    lines += table(["kernel", "as", "passed", "by refusal", "failed", "skipped"],
                   totals(found, skips))
    lines += ["", "## What each cannot enforce", ""]
    lines += table(["kernel", "package", "Landlock ABI", "lacks"],
                   [(name, kernel["package"], kernel["check"]["landlock_abi"],
                     ", ".join(lacking(kernel["check"])) or "nothing")
                    for name, kernel in found.items() if kernel.get("check")])
    for title, outcome, word in (
            ("Failed", "failed", lambda test, case: f"{test}: {case['name']}"),
            ("Skipped, and why", "skipped", lambda test, case: case["reason"])):
        rows = by_kernel(found, skips, outcome, word)
        if rows:
            lines += ["", f"## {title}", ""]
            lines += table([title.split(",")[0].lower(), *names],
                           [(what.replace("|", "\\|"), *(row.get(name, "") for name in names))
                            for what, row in sorted(rows.items())])
    return "\n".join(lines) + "\n"
