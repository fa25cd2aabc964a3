# SPDX-License-Identifier: BSD-2-Clause
"""Slips in the filter compiler, one at a time: the random test must notice each.

A test that compares two implementations is worth as much as its input. So the
compiler is built with one small mistake in it, of the kind that once made other
filters weaker for years, and tests/prop/test_filter.c has to fail.
"""

import os
import pathlib
import tempfile

import lib

CC = os.environ.get("CC", "cc").split()
FLAGS = ["-std=gnu11", "-D_GNU_SOURCE", "-O1", "-w", f"-I{lib.SOURCE}/src", f"-I{lib.BUILD}/src",
         f"-I{lib.SOURCE}/tests/harness", f"-I{lib.SOURCE}/tests/prop"]

COMPILER = ["bpf_check", "bpf_run", "compile", "condition", "emit", "fate", "graph", "layout", "naive",
            "select", "spec"]

# file, what stands there, what a tired hand might have written
SLIPS = [
    ("select.c", "PAP_BPF_JGE_K, s->steps[m].start", "PAP_BPF_JGT_K, s->steps[m].start"),
    ("select.c", "s->steps[m].start, above, below", "s->steps[m].start, below, above"),
    ("select.c", "PAP_BPF_JSET_K, mask, some, none", "PAP_BPF_JSET_K, mask, none, some"),
    ("select.c", "== start + 1 :", "== start + 2 :"),
    ("select.c", "&& steps[i].start <= mask", "&& steps[i].start < mask"),
    ("condition.c", "{word[0].offset + 4, high(", "{word[0].offset, high("),
    ("condition.c", "high(r.lo) < upper ? 0 :", "high(r.lo) <= upper ? 0 :"),
    ("condition.c", "high(r.hi) > upper ? UINT32_MAX :", "high(r.hi) >= upper ? UINT32_MAX :"),
    ("condition.c", "{lo, lo + 1, hi, hi + 1}", "{lo, lo + 1, hi, hi}"),
    ("condition.c", "test->bits == 32 ? (uint32_t)test->mask", "test->bits == 31 ? (uint32_t)test->mask"),
    ("condition.c", "with_room(graph, &resolved, no, yes)", "with_room(graph, &resolved, yes, no)"),
    ("fate.c", "edge = range->hi + 1;", "edge = range->hi + 2;"),
    ("fate.c", "range->hi < at", "range->hi <= at"),
    ("fate.c", "inside != clause->tests[first].negate", "inside"),
    ("fate.c", "if (i != first)", "if (i > first)"),
    ("fate.c", "a.offset == b.offset && a.mask == b.mask", "a.offset == b.offset"),
    ("fate.c", "others(fate, clause, first, yes, target)", "others(fate, clause, first, yes, fate->node)"),
    ("graph.c", "(next->k & ~word.mask) ? node : load->yes", "load->yes"),
    ("emit.c", "return e->length - place - 1;", "return e->length - place;"),
    ("emit.c", "#define REACH 255u", "#define REACH 256u"),
    ("layout.c", "pap_graph_return(graph, spec->unknown)", "pap_graph_return(graph, spec->foreign)"),
    ("layout.c", "tree, foreign)", "foreign, tree)"),
]


def compile_to(target, source):
    done = lib.run(*CC, *FLAGS, "-c", "-o", target, source)
    if done.returncode:
        raise RuntimeError(done.stdout)


def objects(directory):
    """Everything that the test needs, without a mistake."""
    listed = [lib.SOURCE / "src/compile" / f"{name}.c" for name in COMPILER]
    listed += [p for name in ("base", "table") for p in (lib.SOURCE / "src" / name).glob("*.c")
               if not p.name.startswith("native_")]
    listed += (lib.SOURCE / "tests/harness").glob("*.c")
    listed += [lib.BUILD / "src/table/tables.c", lib.SOURCE / "tests/prop/test_filter.c"]
    # any will do: the test names its architecture
    listed.append(lib.SOURCE / "src/table/native_x86_64.c")
    made = {}
    for source in listed:
        made[source] = directory / f"{len(made)}.o"
        compile_to(made[source], source)
    return made


def passes(directory, made):
    program = directory / "test"
    linked = lib.run(*CC, "-o", program, *made.values())
    if linked.returncode:
        raise RuntimeError(linked.stdout)
    return lib.run(program).returncode == 0


@lib.case
def every_slip_in_the_filter_compiler_is_noticed():
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        made = objects(directory)
        if not passes(directory, made):
            yield "the test fails without any slip"
            return
        for number, (file, right, wrong) in enumerate(SLIPS):
            source = lib.SOURCE / "src/compile" / file
            text = source.read_text()
            if text.count(right) != 1:
                yield f"{file} no longer has exactly one: {right}"
                continue
            slip = directory / f"slip{number}.c"
            slip.write_text(text.replace(right, wrong))
            compile_to(directory / "slip.o", slip)
            if passes(directory, {**made, source: directory / "slip.o"}):
                yield f"{file}: unnoticed: {wrong}"
            lib.seen()


lib.main()
