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


_SPOT: Final = re.compile(r"(.*):(\d+):(\d+)", re.DOTALL)


def in_reading_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems by file, line and column; those without a line keep their order and go first.

    >>> places = ["b.yaml:2:1", "a.yaml:10:1", "a.yaml:9:4", "a.yaml"]
    >>> problems = in_reading_order(Problem(place=place, message="") for place in places)
    >>> [problem.place for problem in problems]
    ['a.yaml', 'a.yaml:9:4', 'a.yaml:10:1', 'b.yaml:2:1']
    """

    def key(problem: Problem) -> tuple[str, int, int]:
        spot = _SPOT.fullmatch(problem.place)
        return (spot[1], int(spot[2]), int(spot[3])) if spot else ("", 0, 0)

    return sorted(problems, key=key)


@frozen(kw_only=True)
class Source:
    """What was read: the data, and the line and column of every value and every key."""

    name: str
    data: Plain
    values: Mapping[Path_, Spot] = field(factory=dict, repr=False)
    keys: Mapping[Path_, Spot] = field(factory=dict, repr=False)

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
