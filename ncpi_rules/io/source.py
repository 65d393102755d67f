"""Data that was read from a file, with the line and column of each part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from attrs import field, frozen

from ncpi_rules.core import Problem

MAXIMUM_BYTES: Final = 2_000_000
MAXIMUM_DEPTH: Final = 24
MAXIMUM_ALIASES: Final = 100
MAXIMUM_VALUES: Final = 100_000

Path_: TypeAlias = tuple[str | int, ...]
Plain: TypeAlias = Any
"""Text, a list of these, or a mapping from text to these."""

Spot: TypeAlias = tuple[int, int]
"""Line and column, both from 1."""

ODD_SPACES: Final = "\u00a0\u00ad\u1680\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff"
"""What looks like a space or like nothing, and is taken for a letter; for a class of a pattern."""

OPENING_QUOTES: Final = "\u2018\u201a\u201c\u201e\u2039\u00ab"
CLOSING_QUOTES: Final = "\u2019\u201d\u203a\u00bb"
"""Quotation marks that enclose nothing in YAML, as they open and as they close."""

UNSPACED: Final = r"([A-Za-z][\w-]*):(?!//)[^ \t\n]"
"""A name and a colon, and no space after it, as a pattern."""

UNSEEN: Final = "There is a character here that cannot be seen and cannot be read."


def format_path(path: Path_) -> str:
    """Return a path as it is written in problems.

    >>> format_path(("decisions", 0, "by"))
    'decisions[0].by'
    """
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def read_path(text: str) -> Path_:
    """Return the path that :func:`format_path` wrote.

    >>> read_path("decisions[0].by")
    ('decisions', 0, 'by')
    """
    steps = re.findall(r"\[(\d+)\]|([^.\[\]]+)", text)
    return tuple(int(number) if number else name for number, name in steps)


_SPOT: Final = re.compile(r"(.*):(\d+):(\d+)", re.DOTALL)


def in_reading_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems by file, line and column; those without a line keep their order and go first.

    >>> places = ["b.yaml:2:1", "a.yaml:10:1", "a.yaml:9:4", "a.yaml"]
    >>> problems = in_reading_order(Problem(place=place, message="") for place in places)
    >>> [problem.place for problem in problems]
    ['a.yaml', 'a.yaml:9:4', 'a.yaml:10:1', 'b.yaml:2:1']
    """
    return sorted(problems, key=lambda problem: reading_order(problem.place))


def reading_order(place: str) -> tuple[str, int, int]:
    """Return a key that puts places in order by file, line and column.

    >>> reading_order("a.yaml:9:4") < reading_order("a.yaml:10:1")
    True
    """
    spot = _SPOT.fullmatch(place)
    return (spot[1], int(spot[2]), int(spot[3])) if spot else ("", 0, 0)


@frozen(kw_only=True)
class Source:
    """What was read: the data, and the line and column of every value and every key.

    ``comments`` has where a comment begins after a value without quotation marks.
    """

    name: str
    data: Plain
    values: Mapping[Path_, Spot] = field(factory=dict, repr=False)
    keys: Mapping[Path_, Spot] = field(factory=dict, repr=False)
    comments: Mapping[Path_, Spot] = field(factory=dict, repr=False)

    def place(self, path: Path_, *, key: bool = False) -> str:
        """Return ``file:line:column`` of a value (or of its key), or the path where there is none.

        The place of a value that is missing is that of the block or list that should hold it.
        """
        if not self.values:
            shown = format_path(path)
            return f"{self.name}: {shown}" if self.name and shown else self.name or shown
        table = self.keys if key else self.values
        for length in range(len(path), -1, -1):
            spot = table.get(path[:length]) or self.values.get(path[:length])
            if spot is not None:
                return f"{self.name}:{spot[0]}:{spot[1]}"
        return self.name


def too_large(name: str) -> Problem:
    """Return the problem of a file with too many bytes."""
    return Problem(
        place=name,
        message=f"The file is too large; the most that is read is {MAXIMUM_BYTES:,} bytes.",
        help="Split it into several files.",
    )


def too_deep(place: str) -> Problem:
    """Return the problem of lists and blocks that are nested too deeply."""
    return Problem(
        place=place,
        message=f"The lists and blocks lie more than {MAXIMUM_DEPTH} deep in each other.",
        help="Check the indentation and the brackets.",
    )


def empty(name: str) -> Problem:
    """Return the problem of a file that holds nothing."""
    return Problem(
        place=name,
        message="The file is empty.",
        help="Write at least one line: a name, a colon and a value.",
    )


def text_cut(name: str, spot: Spot) -> Problem:
    """Return the problem of a text that a comment cuts; ``spot`` is where the comment begins."""
    return Problem(
        place=f"{name}:{spot[0]}:{spot[1]}",
        message="What follows ' #' is a comment, and no part of the text.",
        help="Write the text in quotation marks, or the comment on a line of its own.",
    )


_COLON: Final = re.compile(r":[^ \t\n\r/]")
ODD: Final = re.compile(f"[{ODD_SPACES}{OPENING_QUOTES}]")
_UNSPACED_LINE: Final = re.compile(f"^ *{UNSPACED}", re.MULTILINE)


def suspect_spots(text: str) -> frozenset[int]:
    """Return the places where YAML may not read a text as it looks; none in almost every file.

    A value ends there before a comment, or a name begins that has no space after its colon; -1
    where a space or a quotation mark is none of YAML's.

    >>> sorted(suspect_spots("force: kent  # or surrey"))
    [11]
    """
    spots = set() if text.isascii() or not ODD.search(text) else {-1}
    for comment in (match for sign in (" #", "\t#") for match in re.finditer(sign, text)):
        line = text.rfind("\n", 0, comment.start()) + 1
        if value := text[line : comment.start()].rstrip():
            spots.add(line + len(value))
        elif line:  # it stands alone, and may go on with the text of the line above
            above = text.rfind("\n", 0, line - 1) + 1
            value = text[above:line].rstrip()
            if comment.end() - line > len(value) - len(value.lstrip(" ")):
                spots.add(above + len(value))
    if _COLON.search(text):
        spots.update(match.start(1) for match in _UNSPACED_LINE.finditer(text))
    return frozenset(spots)
