# SPDX-License-Identifier: BSD-2-Clause
"""Lines of a table file, and errors that know their place.

A file is a list of stanzas. A stanza's first line starts in column 1; its
further lines start with one tab and a keyword; a line that starts with two tabs
continues the one before. "#" at the start of a line or after a blank begins a
comment. This module knows nothing about what the words mean.
"""
import os
import re


class TableError(Exception):
    """A mistake in a table: place and words."""

    def __init__(self, place, message):
        super().__init__(f"{place[0]}:{place[1]}: {message}")
        self.place = place


class Line:
    """One logical line: its place, its first word, the rest."""

    def __init__(self, place, text):
        self.place = place
        self.text = text

    def split_keyword(self):
        word, _, rest = self.text.partition(" ")
        return word, rest.strip()

    def fail(self, message):
        raise TableError(self.place, message)


class Stanza:
    def __init__(self, head):
        self.head = head
        self.body = []


def _lines(path, shown):
    try:
        with open(path, encoding="utf-8") as source:
            text = source.read()
    except (OSError, UnicodeDecodeError) as error:
        raise TableError((shown, 0), f"cannot read: {error}") from error
    for number, raw in enumerate(text.split("\n"), 1):
        bare = re.sub(r"(^|\s)#.*$", "", raw)
        if bare.strip():
            yield (shown, number), bare.rstrip()


def read(path, shown=None):
    """The stanzas of a file. `shown` is the name that errors use."""
    shown = shown or os.path.basename(path)
    stanzas = []
    for place, text in _lines(path, shown):
        depth = len(text) - len(text.lstrip("\t"))
        words = " ".join(text.split())
        if text.lstrip("\t").startswith(" "):
            raise TableError(place, "indented with blanks: use tabs")
        if depth == 0:
            stanzas.append(Stanza(Line(place, words)))
        elif not stanzas:
            raise TableError(place, "indented line before the first stanza")
        elif depth == 1:
            stanzas[-1].body.append(Line(place, words))
        elif not stanzas[-1].body:
            raise TableError(place, "continues a line that is not there")
        else:
            stanzas[-1].body[-1].text += " " + words
    return stanzas


def number(line, word):
    """A C number: decimal, 0x..., 0... (octal), with or without minus."""
    match = re.fullmatch(r"(-?)(0x[0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)", word)
    if not match:
        line.fail(f"'{word}' is not a number")
    digits = match.group(2)
    base = 16 if digits.startswith("0x") else 8 if digits.startswith("0") else 10
    return int(digits, base) * (-1 if match.group(1) else 1)
