#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Adds up the results of runtests.py: tally.py EXPECTED-SKIPS RESULTS.json...

Prints what failed with its output, treats a skip that EXPECTED-SKIPS does not
list as a failure, and ends with one line `N passed, N failed, N skipped`. The
exit status is 0 only when something ran and nothing failed.
"""

import fnmatch
import json
import pathlib
import sys


def expected_skips(path):
    """Lines `suite/test: case: reason`, each part a shell pattern."""
    patterns = []
    for number, line in enumerate(pathlib.Path(path).read_text().splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split(": ", 2)]
        if len(parts) != 3:
            sys.exit(f"{path}:{number}: not of the form suite/test: case: reason")
        patterns.append(parts)
    return patterns


def is_expected(patterns, test, case):
    return any(
        fnmatch.fnmatchcase(test, pattern[0])
        and fnmatch.fnmatchcase(case["name"], pattern[1])
        and fnmatch.fnmatchcase(case["reason"], pattern[2])
        for pattern in patterns
    )


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    patterns = expected_skips(sys.argv[1])
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    reasons = {}
    for path in sys.argv[2:]:
        for result in json.loads(pathlib.Path(path).read_text()):
            for case in result["cases"]:
                outcome = case["outcome"]
                if outcome == "skipped" and not is_expected(patterns, result["test"], case):
                    outcome = "failed"
                    case["detail"] = f"unexpected skip: {case['reason']}\n" + case["detail"]
                counts[outcome] += 1
                if outcome == "skipped":
                    reasons[case["reason"]] = reasons.get(case["reason"], 0) + 1
                if outcome == "failed":
                    label = f" ({result['label']})" if result["label"] else ""
                    print(f"\nFAILED {result['test']}{label}: {case['name']}")
                    print(case["detail"], end="")
    print()
    for reason, times in sorted(reasons.items()):
        print(f"skipped {times}: {reason}")
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    sys.exit(0 if counts["passed"] and not counts["failed"] else 1)


if __name__ == "__main__":
    main()
