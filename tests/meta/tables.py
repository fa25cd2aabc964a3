# SPDX-License-Identifier: BSD-2-Clause
"""The table generator refuses what is wrong, and says where."""

import contextlib
import io
import pathlib
import random
import re
import shutil
import sys
import tempfile

import lib

sys.dont_write_bytecode = True
sys.path.insert(0, str(lib.SOURCE / "tools"))

import gen_tables  # noqa: E402
from tablegen import expr, load  # noqa: E402
from tablegen.reader import Line  # noqa: E402

GENERATOR = lib.SOURCE / "tools" / "gen_tables.py"
TABLES = lib.SOURCE / "src" / "table"
RESULTS = {"ids.h", "conditions.h", "tables.c"}

# A table that is right, small enough to be spoilt in one place at a time.
GOOD = {
    "constants.tbl": "O_CREAT 0x40\nO_ACCMODE 3\nAT_FDCWD -100\nO_DIRECT 0x4000 0x10000\n",
    "promises.tbl": "stdio\n\tabout plain\nrpath\n\tabout reading\npf nothing\n\tabout none\n",
    "rights.tbl": "READ 0 0x1\n\tabout read\nLOOKUP 0 0x400\n\tabout look\n"
                  "FSIGNAL 1 0x10000000000 linux\n\tabout signal\nBOTH = READ+LOOKUP\n\tabout both\n",
    "conditions.tbl": "opens_only(flags)\n\tholds flags & O_ACCMODE|O_CREAT = 0\n\tabout opens\n"
                      "own(pid)\n\tholds pid = @self\n\tabout own\n"
                      "export plain openat opens_only(flags)\n",
    "syscalls/a.tbl":
        "getpid 39 172 1.0 allow\n\ttouch self\n\tpermit always\n\tabout ask\n"
        "kill 62 129 1.0 self\n\targs pid pid, sig signal\n\ttouch process(pid)\n"
        "\tpermit stdio if own(pid)\n\tabout signal\n"
        "openat 257 56 2.6 rights heat=8\n\targs dirfd dir, path path, flags flags, mode mode\n"
        "\ttouch lookup(dir, path, open:flags) newfd\n\tpermit rpath if opens_only(flags)\n"
        "\trefuse EACCES\n\tgrave not opens_only(flags)\n\tabout open\n"
        "read 0 63 1.0 rights heat=9\n\targs fd fd, ptr buffer, size length\n\ttouch fd(fd, READ)\n"
        "\tpermit stdio|rpath\n\tabout read\n",
}
CALLS = "syscalls/a.tbl"

# file, what is replaced, by what, line that is blamed, part of the message
BAD = [
    ("constants.tbl", "O_CREAT 0x40", "O_CREAT forty", 1, "'forty' is not a number"),
    ("constants.tbl", "O_CREAT 0x40", "O_CREAT 09", 1, "'09' is not a number"),
    ("constants.tbl", "O_CREAT 0x40", "O_CREAT", 1, "expected: NAME value"),
    ("constants.tbl", "O_ACCMODE 3", "O_CREAT 3", 2, "O_CREAT is there twice"),
    ("constants.tbl", "0x4000 0x10000", "0x4000 0x4000", 4, "two equal columns"),
    ("constants.tbl", "O_ACCMODE 3", "O_ACCMODE 0x10000000000000000", 2, "more than 64 bits"),
    ("promises.tbl", "rpath\n", "stdio\n", 3, "stdio is there twice"),
    ("promises.tbl", "pf nothing", "pf everything", 5, "expected: name [nothing]"),
    ("promises.tbl", "\tabout plain\n", "", 1, "the about line is missing"),
    ("promises.tbl", "\tabout plain", "\tabout a \"plain\" one", 2, "no quotes"),
    ("promises.tbl", "\tabout plain", "  about plain", 2, "use tabs"),
    ("rights.tbl", "LOOKUP 0 0x400", "LOOKUP 0 0x1", 3, "no bit of its own"),
    ("rights.tbl", "LOOKUP 0 0x400", "LOOKUP 2 0x400", 3, "expected: NAME word bits"),
    ("rights.tbl", "LOOKUP 0 0x400", "LOOKUP 0 0x200000000000000", 3, "bits 0 to 56"),
    ("rights.tbl", " linux", "", 5, "Linux-only rights"),
    ("rights.tbl", "READ+LOOKUP", "READ+WRITE", 7, "no right is called 'WRITE'"),
    ("conditions.tbl", "& O_ACCMODE", "& O_ACCMOD", 2, "no constant is called 'O_ACCMOD'"),
    ("conditions.tbl", "& O_ACCMODE", "& O_DIRECT", 2, "differs between architectures"),
    ("conditions.tbl", "holds flags", "holds flag", 2, "no argument is called 'flag'"),
    ("conditions.tbl", "= 0\n", "= \n", 2, "ends too early"),
    ("conditions.tbl", "= 0\n", "~ 0\n", 2, "expected =, !=, in or not in"),
    ("conditions.tbl", "= 0\n", "= 0 0\n", 2, "'0' is too much"),
    ("conditions.tbl", "= 0\n", "= 0 ; 1\n", 2, "cannot read '; 1'"),
    ("conditions.tbl", "pid = @self", "pid != @self", None, "can only be compared with '='"),
    ("conditions.tbl", "holds pid", "says pid", 5, "'says' is not one of"),
    ("conditions.tbl", "own(pid)", "opens_only(pid)", 4, "opens_only is there twice"),
    ("conditions.tbl", "export plain openat", "export plain opena", 7, "no call is called 'opena'"),
    ("conditions.tbl", "export plain openat opens_only", "export plain openat opens", 7,
     "no condition is called 'opens'"),
    ("conditions.tbl", "export plain", "expose plain", 7, "expected: name(parameter"),
    (CALLS, "getpid 39 172", "getpid 39", 1, "expected: name x86-64 aarch64"),
    (CALLS, "getpid 39 172", "getpid - -", 1, "needs a number"),
    (CALLS, "getpid 39 172", "getpid 62 172", 5, "number 62 belongs to getpid already"),
    (CALLS, "getpid 39 172 1.0", "getpid 39 172 1", 1, "'1' is no kernel version"),
    (CALLS, "1.0 allow", "1.0 allowed", 1, "'allowed' is not one of"),
    (CALLS, "heat=8", "heat=12", 10, "expected heat=0..9"),
    (CALLS, "getpid", "zgetpid", 5, "kill must stand before zgetpid"),
    (CALLS, "kill 62", "getpid 62", 5, "getpid is at syscalls/a.tbl:1 already"),
    (CALLS, "\targs pid pid", "\targs pids pid", 6, "'pids' is no argument type"),
    (CALLS, "\targs pid pid", "\targs pid signal", 6, "two arguments are called 'signal'"),
    (CALLS, "\targs pid pid, sig signal", "\targs pid", 6, "expected 'type name'"),
    (CALLS, "\targs pid pid, sig signal",
     "\targs pid pid, int a, int b, int c, int d, int e, int f", 6, "more than six arguments"),
    (CALLS, "process(pid)", "process(pig)", 7, "kill has no argument 'pig'"),
    (CALLS, "process(pid)", "process(signal)", 7, "'signal' is none"),
    (CALLS, "process(pid)", "self", 5, "argument 'pid' is not touched"),
    (CALLS, "lookup(dir, path, open:flags)", "fd(dir, none)", 10, "argument 'path' is not touched"),
    (CALLS, "fd(fd, READ)", "self", 17, "argument 'fd' is not touched"),
    (CALLS, "fd(fd, READ)", "fd(fd)", 19, "needs the rights"),
    (CALLS, "fd(fd, READ)", "fd(fd, WRITE)", 19, "no right is called 'WRITE'"),
    (CALLS, "fd(fd, READ)", "fd(fd, READ", 19, "cannot read"),
    (CALLS, "fd(fd, READ)", "hold(fd, READ)", 19, "'hold' is not one of"),
    (CALLS, "open:flags", "opens:flags", 12, "'opens' is not one of"),
    (CALLS, "\ttouch self\n", "", 1, "getpid has no touch line"),
    (CALLS, "1.0 allow", "1.0 rights", 1, "touches no descriptor"),
    (CALLS, "permit stdio|rpath", "permit stdio|rpat", 20, "no promise is called 'rpat'"),
    (CALLS, "permit stdio|rpath", "permit pf", 20, "declared to grant nothing"),
    (CALLS, "permit stdio|rpath", "permit always+rpath", 20, "'always' stands alone"),
    (CALLS, "if own(pid)", "if own(pid, signal)", 8, "takes 1 arguments, not 2"),
    (CALLS, "if own(pid)", "if pid = 1", 8, "tests belong into conditions.tbl"),
    (CALLS, "if own(pid)", "if not own(pid)", 8, "cannot be negated"),
    (CALLS, "if own(pid)", "if own(pid", 8, "ends too early"),
    (CALLS, "if opens_only(flags)\n", "if opens_only(flags) and not opens_only(flags)\n", 13, None),
    (CALLS, "refuse EACCES", "refuse EACCESS", 14, "'EACCESS' is no error number"),
    (CALLS, "refuse EACCES", "refuse 13", 14, "'13' is no error number"),
    (CALLS, "\trefuse EACCES\n", "", 14, "grave line may follow a refuse line"),
    (CALLS, "\tabout open\n", "", 10, "openat has no about line"),
    (CALLS, "\tabout open", "\tabout " + "x" * 101, 16, "1 to 100 characters"),
    (CALLS, "\tabout open", "\tcomment open", 16, "'comment' is not one of"),
    (CALLS, "getpid 39", "\tgetpid 39", 1, "indented line before the first stanza"),
    (CALLS, "\ttouch self\n", "\t\ttouch self\n", 2, "continues a line that is not there"),
    (CALLS, "getpid", "get\udcffpid", 0, "cannot read"),
]


def generate(tables, result):
    for name, text in tables.items():
        path = pathlib.Path(result, "in", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(errors="surrogateescape"))
    out = pathlib.Path(result, "out")
    out.mkdir(exist_ok=True)
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        status = gen_tables.main(["gen_tables.py", str(pathlib.Path(result, "in")), str(out)])
    return status, said.getvalue(), {entry.name for entry in out.iterdir()}


@lib.case
def a_right_table_is_taken():
    with tempfile.TemporaryDirectory() as directory:
        status, said, made = generate(GOOD, directory)
        lib.seen()
        if status or made != RESULTS:
            yield f"status {status}, made {made}: {said}"
        header = pathlib.Path(directory, "out", "ids.h").read_text()
        for line in ("PAP_SYS_getpid = 0,", "PAP_SYS_read = 3,", "PAP_PROMISE_pf = 2,",
                     "PAP_NSYSCALLS 4"):
            if line not in header:
                yield f"ids.h lacks '{line}'"


@lib.case
def a_wrong_table_is_refused_with_its_place():
    for name, old, new, line, message in BAD:
        if old not in GOOD[name]:
            yield f"{old!r} is not in {name}"
            continue
        with tempfile.TemporaryDirectory() as directory:
            status, said, made = generate({**GOOD, name: GOOD[name].replace(old, new, 1)}, directory)
        lib.seen()
        place = re.match(r"(\S+):(\d+): ", said)
        if status != 1 or not place or said.count("\n") != 1:
            yield f"{new!r}: status {status}: {said.strip()}"
        elif line is not None and (place.group(1), int(place.group(2))) != (name, line):
            yield f"{new!r}: blamed {place.group(0)}, expected {name}:{line}"
        elif message is not None and message not in said:
            yield f"{new!r}: {said.strip()}, expected '{message}'"
        if made:
            yield f"{new!r}: wrote {made} all the same"


@lib.case
def a_missing_file_is_named():
    for missing in GOOD:
        with tempfile.TemporaryDirectory() as directory:
            status, said, _ = generate({k: v for k, v in GOOD.items() if k != missing} |
                                       {"syscalls/none.txt": ""}, directory)
        lib.seen()
        wanted = "no call is called" if missing == CALLS else f"{missing}:0: cannot read"
        if status != 1 or wanted not in said:
            yield f"without {missing}: status {status}: {said.strip()}"


@lib.case
def a_wrong_command_line_is_refused():
    for arguments in ((), ("one",), ("one", "two", "three")):
        done = lib.run(sys.executable, GENERATOR, *arguments)
        lib.seen()
        if done.returncode != 2 or "TABLE_DIR OUT_DIR" not in done.stdout:
            yield f"{arguments}: status {done.returncode}: {done.stdout}"


@lib.case
def the_result_depends_on_the_tables_alone():
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        copy = pathlib.Path(two, "elsewhere")
        shutil.copytree(TABLES, copy)
        for source, out in ((TABLES, one), (copy, two)):
            done = lib.run(sys.executable, GENERATOR, source, out)
            if done.returncode:
                yield done.stdout
                return
        for name in RESULTS:
            lib.seen()
            if pathlib.Path(one, name).read_bytes() != pathlib.Path(two, name).read_bytes():
                yield f"{name} differs"


def meaning(tree, values, bits, own):
    """What an expression says, straight from its form."""
    if tree[0] == "not":
        return not meaning(tree[1], values, bits, own)
    if tree[0] in ("and", "or"):
        return (all if tree[0] == "and" else any)(meaning(t, values, bits, own) for t in tree[1])
    if tree[0] == "call":
        inner = dict(zip(tree[1].params, (values[name] for name in tree[2])))
        widths = dict(zip(tree[1].params, (bits[name] for name in tree[2])))
        return meaning(tree[1].tree, inner, widths, own)
    _, name, mask, wanted, negate = tree
    full = (1 << bits[name]) - 1
    value = values[name] & full
    if wanted == "@self":
        return value == own
    if mask is not None:
        value &= (~mask[1] if mask[0] else mask[1]) & full
    return any((low & full) <= value <= (high & full) for low, high in wanted) != negate


def result_of(clauses, args, own):
    """What the tests mean that are handed to the compiler."""
    def one(test):
        value = args[test.arg] & ((1 << test.bits) - 1) & test.mask
        if test.symbol:
            return value == own
        return any(low <= value <= high for low, high in test.ranges) != test.negate
    return any(all(one(test) for test in clause) for clause in clauses)


def numbers_in(tree):
    if tree[0] == "test":
        values = [0] if tree[3] == "@self" else [v for pair in tree[3] for v in pair]
        return values + ([tree[2][1]] if tree[2] else [])
    if tree[0] == "call":
        return numbers_in(tree[1].tree)
    return [v for part in (tree[1] if tree[0] != "not" else [tree[1]]) for v in numbers_in(part)]


@lib.case
def conditions_mean_what_they_say():
    """The way to clauses, with its merging and joining, keeps the meaning."""
    tables, chance, own = load.load(str(TABLES)), random.Random(20), 4321
    line = Line(("test", 1), "")
    for condition in tables.conditions.values():
        selves = "@self" in repr(condition.tree)
        for width in (32, 64):
            if width == 32 and any(v >> 32 not in (0, -1) for v in numbers_in(condition.tree)):
                continue
            for negate in ((False,) if selves else (False, True)):
                binding = {name: (i, width) for i, name in enumerate(condition.params)}
                clauses = expr.simplified(expr.clauses_of(line, condition.tree, binding, negate))
                bits, outcomes = {name: width for name in condition.params}, set()
                pool = [own, 0, 1, -1, 1 << 31, 1 << 32, *numbers_in(condition.tree)]
                for _ in range(1000):
                    noise = chance.random() < 0.5
                    args = [chance.choice(pool) ^ noise * chance.choice((0, 1, 2, 1 << 40))
                            | noise * chance.choice((0, chance.choice(pool)))
                            for _ in condition.params]
                    args = [arg & 0xffffffffffffffff for arg in args]
                    values = dict(zip(condition.params, args))
                    said = meaning(condition.tree, values, bits, own) != negate
                    outcomes.add(said)
                    if said != result_of(clauses, args, own):
                        yield f"{condition.name}, {width} bits: {list(map(hex, args))}"
                lib.seen()
                if len(outcomes) != 2:
                    yield f"{condition.name}, {width} bits: 1000 tries gave only {outcomes}"


def random_tree(chance, depth):
    kind = chance.choice(("and", "or", "not", "test", "test") if depth else ("test",))
    if kind == "not":
        return ("not", random_tree(chance, depth - 1))
    if kind != "test":
        return (kind, [random_tree(chance, depth - 1) for _ in range(chance.randint(2, 3))])
    mask = chance.choice((None, (False, 7), (False, 6), (True, 5)))
    full = 15 if mask is None else mask[1] if not mask[0] else 10
    values = sorted(chance.sample([v for v in range(16) if not v & ~full], chance.randint(1, 2)))
    return ("test", chance.choice("ab"), mask, [(v, v) for v in values], chance.random() < 0.3)


@lib.case
def any_expression_keeps_its_meaning():
    """Random expressions, tried on every pair of small numbers."""
    chance, line = random.Random(20), Line(("test", 1), "")
    binding, bits = {"a": (0, 32), "b": (1, 32)}, {"a": 32, "b": 32}
    for _ in range(400):
        tree = random_tree(chance, 3)
        clauses = expr.simplified(expr.clauses_of(line, tree, binding))
        lib.seen()
        for a in range(16):
            for b in range(16):
                if meaning(tree, {"a": a, "b": b}, bits, 0) != result_of(clauses, (a, b), 0):
                    yield f"{tree} for a = {a}, b = {b}"
                    return


@lib.case
def every_table_file_is_an_input_of_the_build():
    build = (TABLES / "meson.build").read_text()
    for path in sorted(TABLES.rglob("*.tbl")):
        lib.seen()
        if f"'{path.relative_to(TABLES)}'" not in build:
            yield f"{path.relative_to(TABLES)} is not in meson.build"
    for path in sorted((lib.SOURCE / "tools" / "tablegen").glob("*.py")):
        lib.seen()
        if path.name not in build:
            yield f"tools/tablegen/{path.name} is not in meson.build"


lib.main()
