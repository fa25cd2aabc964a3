# SPDX-License-Identifier: BSD-2-Clause
"""Conditions: parsing, and the way to a disjunction of conjunctions of tests.

    expr  = conj { "or" conj }
    conj  = unit { "and" unit }
    unit  = "not" unit | "(" expr ")" | NAME "(" ARG { "," ARG } ")" | test
    test  = ARG [ "&" mask ] ( "=" | "!=" | "in" | "not" "in" ) set
    mask  = [ "~" ] values        values = value { "|" value }
    set   = "@self" | item | "{" item { "," item } "}"
    item  = values [ ".." values ]

A test looks at one argument only. What an argument is (index, width) is known
when a condition is bound to a call, so masks and values are fitted there.
"""
import re

from .reader import number

TOKEN = re.compile(r"\s*(?:(@self|\.\.|!=|[(){},&|~=])|(-?[0-9][0-9a-zA-Z]*)|([A-Za-z_]\w*))")
KEYWORDS = {"and", "or", "not", "in"}


class Test:
    """((argument & mask) in ranges) != negate, or argument = symbol."""

    __slots__ = ("arg", "bits", "mask", "ranges", "negate", "symbol")

    def __init__(self, arg, bits, mask, ranges, negate=False, symbol=None):
        self.arg, self.bits, self.mask = arg, bits, mask
        self.ranges, self.negate, self.symbol = tuple(ranges), negate, symbol

    def key(self):
        return (self.arg, self.symbol or "", self.bits, self.mask, self.ranges, self.negate)

    def exact(self):
        """A plain comparison with one value."""
        return (not self.symbol and not self.negate and len(self.ranges) == 1
                and self.ranges[0][0] == self.ranges[0][1])

    def holds(self, value):
        inside = any(low <= value & self.mask <= high for low, high in self.ranges)
        return inside != self.negate

    def opposite(self):
        return Test(self.arg, self.bits, self.mask, self.ranges, not self.negate)


def _tokens(line, text):
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            line.fail(f"cannot read '{text[at:].strip()}'")
        tokens.append(match.group(match.lastindex))
        at = match.end()
    return tokens


class Parser:
    """One expression. `values` maps constant names to numbers (or to None when
    the architectures differ), `known` maps condition names to Condition."""

    def __init__(self, line, text, values, known, params):
        self.line, self.values, self.known, self.params = line, values, known, params
        self.tokens, self.at = _tokens(line, text), 0

    def parse(self):
        tree = self.expr()
        if self.at < len(self.tokens):
            self.line.fail(f"'{self.tokens[self.at]}' is too much")
        return tree

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def next(self, wanted=None):
        token = self.peek()
        if token is None:
            self.line.fail(f"ends too early{f', expected {wanted!r}' if wanted else ''}")
        if wanted and token != wanted:
            self.line.fail(f"expected '{wanted}', found '{token}'")
        self.at += 1
        return token

    def chain(self, word, part):
        items = [part()]
        while self.peek() == word:
            self.next()
            items.append(part())
        return items[0] if len(items) == 1 else (word, items)

    def expr(self):
        return self.chain("or", self.conj)

    def conj(self):
        return self.chain("and", self.unit)

    def unit(self):
        token = self.next()
        if token == "not":
            return ("not", self.unit())
        if token == "(":
            inner = self.expr()
            self.next(")")
            return inner
        if not re.fullmatch(r"[A-Za-z_]\w*", token) or token in KEYWORDS:
            self.line.fail(f"expected a condition or an argument, found '{token}'")
        if self.peek() == "(":
            return self.reference(token)
        return self.test(token)

    def reference(self, name):
        condition = self.known.get(name)
        if condition is None:
            self.line.fail(f"no condition is called '{name}'")
        self.next("(")
        args = [self.argument(self.next())]
        while self.peek() == ",":
            self.next()
            args.append(self.argument(self.next()))
        self.next(")")
        if len(args) != len(condition.params):
            self.line.fail(f"'{name}' takes {len(condition.params)} arguments, not {len(args)}")
        return ("call", condition, args)

    def argument(self, name):
        if name not in self.params:
            self.line.fail(f"no argument is called '{name}'")
        return name

    def test(self, name):
        self.argument(name)
        mask = None
        if self.peek() == "&":
            self.next()
            inverted = self.peek() == "~"
            if inverted:
                self.next()
            mask = (inverted, self.values_or())
        operator = self.next()
        negate = operator in ("!=", "not")
        if operator == "not":
            self.next("in")
        elif operator not in ("=", "!=", "in"):
            self.line.fail(f"expected =, !=, in or not in, found '{operator}'")
        return ("test", name, mask, self.value_set(), negate)

    def value_set(self):
        if self.peek() == "@self":
            return self.next()
        if self.peek() != "{":
            return [self.item()]
        self.next()
        items = [self.item()]
        while self.peek() == ",":
            self.next()
            items.append(self.item())
        self.next("}")
        return items

    def item(self):
        low = self.values_or()
        if self.peek() != "..":
            return (low, low)
        self.next()
        return (low, self.values_or())

    def values_or(self):
        value = self.value()
        while self.peek() == "|":
            self.next()
            value |= self.value()
        return value

    def value(self):
        word = self.next()
        if re.match(r"-?[0-9]", word):
            return number(self.line, word)
        if word not in self.values:
            self.line.fail(f"no constant is called '{word}'")
        if self.values[word] is None:
            self.line.fail(f"'{word}' differs between architectures: a condition cannot use it")
        return self.values[word]


class Condition:
    def __init__(self, name, params, tree, about):
        self.name, self.params, self.tree, self.about = name, params, tree, about


def _fit(line, value, bits):
    full = (1 << bits) - 1
    if value > full or value < -(1 << (bits - 1)):
        line.fail(f"{value:#x} does not fit into {bits} bits")
    return value & full


def _bind_test(line, tree, binding):
    _, name, mask, wanted, negate = tree
    arg, bits = binding[name]
    full = (1 << bits) - 1
    if wanted == "@self":
        if negate or mask:
            line.fail("@self can only be compared with '='")
        return Test(arg, bits, full, (), symbol="SELF_TGID")
    if mask is None:
        fitted = full
    else:
        fitted = _fit(line, mask[1], bits)
        fitted = fitted ^ full if mask[0] else fitted
    ranges = []
    for low, high in sorted((_fit(line, a, bits), _fit(line, b, bits)) for a, b in wanted):
        if low > high:
            line.fail(f"the range {low:#x}..{high:#x} is empty")
        if low == high and low & ~fitted:
            line.fail(f"{low:#x} has bits outside the mask {fitted:#x}: never equal")
        if ranges and low <= ranges[-1][1]:
            line.fail(f"{low:#x} is there twice")
        if ranges and low == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], high)
        else:
            ranges.append((low, high))
    return Test(arg, bits, fitted, ranges, negate)


def _merge(clause):
    """Several comparisons of one argument with one value each become one, and what that one
    decides goes. None: never holds."""
    merged, exact = {}, {}
    for test in clause:
        old = exact.get(test.arg) if test.exact() else None
        if old:
            value, other = test.ranges[0][0], old.ranges[0][0]
            if (value ^ other) & test.mask & old.mask:
                return None
            del merged[old.key()]
            test = Test(test.arg, test.bits, test.mask | old.mask, ((value | other,) * 2,))
        if test.exact():
            exact[test.arg] = test
        merged[test.key()] = test
    for key, test in list(merged.items()):
        known = exact.get(test.arg)
        if known is None or known is test or test.symbol or test.mask & ~known.mask:
            continue
        if not test.holds(known.ranges[0][0]):
            return None
        del merged[key]
    return [merged[key] for key in sorted(merged)]


def _union(ranges):
    result = []
    for low, high in sorted(ranges):
        if result and low <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(high, result[-1][1]))
        else:
            result.append((low, high))
    return result


def _joined(one, two):
    """One clause for two that differ in one test's values only, else None."""
    if len(one) != len(two):
        return None
    differ = [i for i, (a, b) in enumerate(zip(one, two)) if a.key() != b.key()]
    if len(differ) != 1:
        return None
    a, b = one[differ[0]], two[differ[0]]
    if (a.arg, a.bits, a.mask) != (b.arg, b.bits, b.mask) or a.negate or b.negate \
            or a.symbol or b.symbol:
        return None
    test = Test(a.arg, a.bits, a.mask, _union(a.ranges + b.ranges))
    return one[:differ[0]] + [test] + one[differ[0] + 1:]


def simplified(clauses):
    """The same disjunction with as few clauses as joining in pairs gives."""
    result = []
    for clause in clauses:
        index = 0
        while index < len(result):
            joined = _joined(result[index], clause)
            if joined is None:
                index += 1
                continue
            del result[index]
            clause, index = joined, 0
        result.append(clause)
    return result


def _product(parts):
    clauses = [[]]
    for part in parts:
        clauses = [a + b for a in clauses for b in part]
    merged = [_merge(clause) for clause in clauses]
    return [clause for clause in merged if clause is not None]


def clauses_of(line, tree, binding, negate=False):
    """Disjunctive normal form of an expression for arguments {name: (index, bits)}."""
    kind = tree[0]
    if kind == "not":
        return clauses_of(line, tree[1], binding, not negate)
    if kind == "call":
        inner = {param: binding[arg] for param, arg in zip(tree[1].params, tree[2])}
        return clauses_of(line, tree[1].tree, inner, negate)
    if kind == "test":
        test = _bind_test(line, tree, binding)
        if negate and test.symbol:
            line.fail("a comparison with @self cannot be negated")
        return [[test.opposite() if negate else test]]
    parts = [clauses_of(line, part, binding, negate) for part in tree[1]]
    if (kind == "and") != negate:
        return _product(parts)
    result, seen = [], set()
    for clause in (clause for part in parts for clause in part):
        key = tuple(test.key() for test in clause)
        if key not in seen:
            seen.add(key)
            result.append(clause)
    return result


def about(tree, top=True):
    """Words for a tree that only refers to named conditions."""
    if tree[0] == "call":
        return tree[1].about
    if tree[0] == "not":
        return f"not: {about(tree[1], False)}"
    words = (", and " if tree[0] == "and" else ", or ").join(about(t, False) for t in tree[1])
    return words if top else f"({words})"
