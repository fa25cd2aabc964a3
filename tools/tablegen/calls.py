# SPDX-License-Identifier: BSD-2-Clause
"""System call stanzas: what each line says, and every rule they must keep."""
import errno
import re

from . import expr
from .reader import number

# Name, bits the kernel looks at. The order is that of enum pap_arg_type, after PAP_T_NONE.
TYPES = {"fd": 32, "dirfd": 32, "int": 32, "uint": 32, "flags": 32, "mode": 32, "cmd": 32,
         "sig": 32, "pid": 32, "uid": 32, "gid": 32, "path": 64, "str": 64, "ptr": 64,
         "addr": 64, "size": 64, "off": 64, "long": 64, "ulong": 64}
# FreeBSD's errors that Linux lacks (base/codes.h).
OWN_ERRORS = ("ENOTCAPABLE", "ECAPMODE")
CAPMODES = ("allow", "rights", "self", "supervise", "deny", "nosys")
RULES = ("open", "mmap", "fcntl", "ioctl", "mknod")
# Which argument types a touch takes; the last may be followed by rights.
TOUCHES = {
    "fd": (("fd", "dirfd", "int"),), "lookup": (("dirfd", "fd"), ("path",)), "path": (("path",),),
    "address": (("addr",),), "process": (("pid", "int", "ptr"),), "fdmem": (("ptr",),),
    "newfd": (), "identity": (), "global": (), "self": (), "exec": (), "protect": (),
}
WITH_RIGHTS = ("fd", "lookup", "path")
MUST_TOUCH = {"fd": ("fd", "lookup"), "dirfd": ("fd", "lookup"), "path": ("lookup", "path"),
              "addr": ("address",), "pid": ("process",)}


class Exercise:
    def __init__(self, touch):
        self.touch, self.arg, self.path = touch, 0, 0
        self.rule, self.by, self.rights, self.cond = "fixed", 0, (0, 0), None


class Bound:
    """A condition whose arguments are known. Equal ones are emitted once."""

    def __init__(self, name, about, clauses):
        self.name, self.about, self.clauses = name, about, clauses

    def key(self):
        return (self.name, tuple(tuple(t.key() for t in clause) for clause in self.clauses))


class Call:
    def __init__(self, place, name):
        self.place, self.name = place, name
        self.args, self.exercises, self.permits = [], [], []
        self.base, self.mode = [], []
        self.refusal, self.grave, self.about = None, None, None
        self.heat = 1

    def binding(self):
        return {name: (i, TYPES[kind]) for i, (kind, name) in enumerate(self.args)}

    def index(self, line, name):
        for i, (_, known) in enumerate(self.args):
            if known == name:
                return i
        return line.fail(f"{self.name} has no argument '{name}'")


class CallParser:
    """Turns stanzas into calls; `tables` has constants, conditions, promises, rights."""

    def __init__(self, tables):
        self.tables = tables

    def parse(self, stanza):
        call = self.head(stanza.head)
        for line in stanza.body:
            keyword, rest = line.split_keyword()
            handler = getattr(self, "line_" + keyword, None)
            if handler is None:
                line.fail(f"'{keyword}' is not one of args, touch, permit, refuse, grave, base, mode, about")
            handler(call, line, rest)
        self.check(call, stanza.head)
        return call

    def head(self, line):
        words = line.text.split()
        if len(words) not in (5, 6):
            line.fail("expected: name x86-64 aarch64 since capmode [heat=0..9]")
        if not re.fullmatch(r"[a-z_][a-z0-9_]*", words[0]):
            line.fail(f"'{words[0]}' is no name of a system call")
        call = Call(line.place, words[0])
        call.number = [-1 if word == "-" else number(line, word) for word in words[1:3]]
        if max(call.number) < 0 or max(call.number) > 0x7fff or min(call.number) < -1:
            line.fail(f"{call.name} needs a number from 0 to 32767 on at least one architecture")
        match = re.fullmatch(r"([0-9]+)\.([0-9]+)", words[3])
        if not match:
            line.fail(f"'{words[3]}' is no kernel version")
        call.since = (int(match.group(1)), int(match.group(2)))
        if words[4] not in CAPMODES:
            line.fail(f"'{words[4]}' is not one of {', '.join(CAPMODES)}")
        call.capmode = words[4]
        if len(words) == 6:
            match = re.fullmatch(r"heat=([0-9])", words[5])
            if not match:
                line.fail(f"expected heat=0..9, found '{words[5]}'")
            call.heat = int(match.group(1))
        return call

    def line_args(self, call, line, rest):
        if call.args or call.exercises or call.permits:
            line.fail("args come first and once")
        for part in rest.split(","):
            words = part.split()
            if len(words) != 2:
                line.fail(f"expected 'type name', found '{part.strip()}'")
            if words[0] not in TYPES:
                line.fail(f"'{words[0]}' is no argument type ({' '.join(TYPES)})")
            if words[1] in [name for _, name in call.args]:
                line.fail(f"two arguments are called '{words[1]}'")
            call.args.append((words[0], words[1]))
        if len(call.args) > 6:
            line.fail("more than six arguments")

    def bind(self, call, line, text):
        params = [name for _, name in call.args]
        tree = expr.Parser(line, text, self.tables.values, self.tables.conditions, params).parse()
        if not only_references(tree):
            line.fail("tests belong into conditions.tbl; refer to them by name here")
        clauses = expr.clauses_of(line, tree, call.binding())
        if not clauses:
            line.fail(f"'{text}' never holds")
        if [] in clauses:
            line.fail(f"'{text}' always holds")
        return Bound(text, expr.about(tree), expr.simplified(clauses))

    def line_touch(self, call, line, rest):
        items, _, condition = rest.partition(" if ")
        cond = self.bind(call, line, condition) if condition else None
        parts = re.findall(r"([a-z]+)(?:\(([^()]*)\))?", items)
        if not parts or re.sub(r"[a-z]+(\([^()]*\))?", "", items).strip():
            line.fail(f"cannot read '{items}'")
        for kind, inner in parts:
            exercise = self.touch(call, line, kind, [w.strip() for w in inner.split(",") if w.strip()])
            exercise.cond = cond
            call.exercises.append(exercise)

    def touch(self, call, line, kind, words):
        if kind not in TOUCHES:
            line.fail(f"'{kind}' is not one of {', '.join(TOUCHES)}")
        types, result = TOUCHES[kind], Exercise(kind)
        extra = len(words) - len(types)
        if extra < 0 or extra > (kind in WITH_RIGHTS):
            line.fail(f"{kind}() takes {len(types)} arguments"
                      + (" and the rights" if kind in WITH_RIGHTS else ""))
        if extra == 0 and kind in ("fd", "lookup"):
            line.fail(f"{kind}() needs the rights, or 'none'")
        indices = []
        for word, allowed in zip(words, types):
            indices.append(call.index(line, word))
            if call.args[indices[-1]][0] not in allowed:
                line.fail(f"{kind}() takes {' or '.join(allowed)}, '{word}' is none")
        if kind == "path":
            result.path = indices[0]
        elif indices:
            result.arg, result.path = indices[0], indices[-1] if kind == "lookup" else 0
        if extra:
            self.rights(call, line, result, words[-1])
        return result

    def rights(self, call, line, exercise, text):
        rule, colon, by = text.partition(":")
        if colon:
            if rule not in RULES:
                line.fail(f"'{rule}' is not one of {', '.join(RULES)}")
            exercise.rule, exercise.by = rule, call.index(line, by)
        elif text != "none":
            exercise.rights = self.tables.rights_of(line, text)

    def line_permit(self, call, line, rest):
        words, _, condition = rest.partition(" if ")
        cond = self.bind(call, line, condition) if condition else None
        for alternative in words.split("|"):
            names = [name.strip() for name in alternative.split("+")]
            for name in names:
                if name != "always" and name not in self.tables.promises:
                    line.fail(f"no promise is called '{name}'")
                if name != "always" and self.tables.promises[name].nothing:
                    line.fail(f"the promise '{name}' is declared to grant nothing")
            if "always" in names and len(names) > 1:
                line.fail("'always' stands alone")
            call.permits.append(([] if names == ["always"] else names, cond))

    def line_refuse(self, call, line, rest):
        if call.refusal:
            line.fail("refused twice")
        if not re.fullmatch(r"E[A-Z0-9]+", rest) or not hasattr(errno, rest):
            line.fail(f"'{rest}' is no error number")
        call.refusal = rest

    def line_grave(self, call, line, rest):
        if not call.refusal or call.grave:
            line.fail("one grave line may follow a refuse line")
        call.grave = self.bind(call, line, rest)

    def confinement(self, call, line, rest, words):
        verdict, _, condition = rest.partition(" if ")
        if verdict not in words and verdict not in OWN_ERRORS and not (
                re.fullmatch(r"E[A-Z0-9]+", verdict) and hasattr(errno, verdict)):
            line.fail(f"'{verdict}' is not one of {', '.join(words)}, nor an error number")
        return (verdict, self.bind(call, line, condition) if condition else None)

    def line_base(self, call, line, rest):
        call.base.append(self.confinement(call, line, rest, ("supervise",)))

    def line_mode(self, call, line, rest):
        call.mode.append(self.confinement(call, line, rest, ("allow",)))

    def line_about(self, call, line, rest):
        if call.about or not rest or len(rest) > 100 or '"' in rest or "\\" in rest:
            line.fail("about is one line of 1 to 100 characters, without quotes or backslashes")
        call.about = rest

    def check(self, call, line):
        # Who permits without a condition is asked first: then nobody looks at arguments.
        call.permits.sort(key=lambda permit: permit[1] is not None)
        if not call.about:
            line.fail(f"{call.name} has no about line")
        if not call.exercises:
            line.fail(f"{call.name} has no touch line")
        for index, (kind, name) in enumerate(call.args):
            wanted = MUST_TOUCH.get(kind)
            if wanted and not any(
                    x.touch in wanted and index in ((x.path,) if x.touch == "path" else
                                                    (x.arg, x.path) if x.touch == "lookup" else
                                                    (x.arg,))
                    for x in call.exercises):
                line.fail(f"{call.name}: argument '{name}' is not touched by {' or '.join(wanted)}")
        if call.capmode == "supervise" and not call.base and not any(
                x.touch == "lookup" for x in call.exercises):
            line.fail(f"{call.name}: supervised, but no base line says when")
        if call.capmode == "rights" and not any(x.touch in ("fd", "lookup") for x in call.exercises):
            line.fail(f"{call.name}: allowed by rights, but it touches no descriptor")


def only_references(tree):
    if tree[0] == "call":
        return True
    if tree[0] == "not":
        return only_references(tree[1])
    return tree[0] in ("and", "or") and all(only_references(part) for part in tree[1])
