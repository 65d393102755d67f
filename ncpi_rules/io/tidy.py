"""Tidying a YAML text: the lines of each block in their reading order, no comment lost.

Lines are moved whole and none is written anew, so comments, quotation marks and line breaks stay as
somebody chose them. A comment on a line of its own goes with the line below it. What is tidied says
the same as before, or the text is left as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from attrs import frozen

from ncpi_rules.core import NcpiRulesError
from ncpi_rules.io.source import Source
from ncpi_rules.io.yaml import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncpi_rules.io.source import Path_, Plain

Orders: TypeAlias = "Mapping[str, Sequence[str]]"
"""The names of a block in their reading order, by the name of the list or block it stands in."""

TOP: Final = "file"
"""The name of the order of what stands outside all blocks."""


def tidied(text: str, orders: Orders, error: type[NcpiRulesError], *, name: str = "") -> str:
    r"""Return a YAML text with the lines of its blocks in order, and spare space taken away.

    A name that has no place in its order stays behind the one above it. Spaces at the end of a line
    go, and of several empty lines one stays. Raises ``error`` where the text cannot be read.

    >>> text = "rules:\n  - then: tea   # served hot\n\n\n    id: drink.tea\n"
    >>> print(tidied(text, {"rules": ["id", "then"]}, NcpiRulesError), end="")
    rules:
      - id: drink.tea
    <BLANKLINE>
        then: tea   # served hot
    """
    source = read_yaml(text, error, name=name)
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    moved = _Lines(lines, source, orders).of((), 0, len(lines), TOP)
    before = _in_order(source.data, orders, TOP)
    for written in (_without_spare_space(moved), moved):
        result = newline.join(written) + newline
        try:
            if _in_order(read_yaml(result, error, name=name).data, orders, TOP) == before:
                return result
        except NcpiRulesError:
            continue  # an anchor that now comes after what refers to it, perhaps
    return text


def _without_spare_space(lines: Sequence[str]) -> list[str]:
    tidy: list[str] = []
    for line in (line.rstrip() for line in lines):
        if line or (tidy and tidy[-1]):
            tidy.append(line)
    while tidy and not tidy[-1]:
        tidy.pop()
    return tidy


def _in_order(data: Plain, orders: Orders, inside: str) -> Any:
    """Return data in which the order of names counts wherever they have no reading order."""
    if isinstance(data, list):
        return [_in_order(item, orders, inside) for item in data]
    if not isinstance(data, dict):
        return data
    pairs = [
        (name, _in_order(value, orders, _context(inside, name, orders)))
        for name, value in data.items()
    ]
    return sorted(pairs, key=str) if _ranks(data, orders.get(inside, ())) else pairs


def _context(inside: str, name: str, orders: Orders) -> str:
    """Return the name of the order below a name: its own, or the one in which it stands."""
    if name in orders:
        return name
    return inside if inside and name not in orders.get(inside, ()) else ""


def _ranks(names: Mapping[str, Any] | Sequence[str], order: Sequence[str]) -> list[int]:
    """Return the place of each name in an order; nothing where the names are none of it."""
    ranks: list[int] = []
    if not any(name in order for name in names):
        return ranks
    for name in names:
        above = ranks[-1] if ranks else -1
        ranks.append(order.index(name) if name in order else above)
    return ranks


@frozen
class _Lines:
    """The lines of a text, and what stands on them."""

    lines: Sequence[str]
    source: Source
    orders: Orders

    def of(self, path: Path_, start: int, end: int, inside: str) -> list[str]:
        """Return the lines of what stands at a path, from one line up to another, in order."""
        data: Any = self.source.data
        for step in path:
            data = data[step]
        if isinstance(data, list):
            return self._of_list(path, len(data), start, end, inside)
        if isinstance(data, dict) and data:
            return self._of_block(path, list(data), start, end, inside)
        return list(self.lines[start:end])

    def _of_list(self, path: Path_, size: int, start: int, end: int, inside: str) -> list[str]:
        known = self.source.values
        firsts = [known[*path, at][0] - 1 for at in range(size) if (*path, at) in known]
        if len(set(firsts)) != size or firsts[:1] < [start]:
            return list(self.lines[start:end])  # it stands in brackets, or refers elsewhere
        result = list(self.lines[start : firsts[0]])
        for at, (first, last) in enumerate(pairwise([*firsts, end])):
            result += self.of((*path, at), first, last, inside)
        return result

    def _of_block(
        self, path: Path_, names: list[str], start: int, end: int, inside: str
    ) -> list[str]:
        known = self.source.keys
        rows = [known[*path, name][0] - 1 for name in names if (*path, name) in known]
        line, column = self.source.values[path]
        if len(set(rows)) != len(names) or self.lines[line - 1][column - 1] == "{":
            return list(self.lines[start:end])  # it stands in braces, or refers elsewhere
        indent = column - 1
        heads = [self._head(row, start, indent) for row in rows]
        begins, ends = heads[0], [*heads[1:], self._last(rows[-1], end)]
        parts, gaps = [], []
        for name, head, row, tail in zip(names, heads, rows, ends, strict=True):
            last = tail
            while last > row + 1 and not self.lines[last - 1].strip():
                last -= 1
            below = self.of((*path, name), row, last, _context(inside, name, self.orders))
            parts.append((list(self.lines[head:row]), below))
            gaps.append(self.lines[last:tail])
        ranks = _ranks(names, self.orders.get(inside, ())) or list(range(len(names)))
        order = sorted(range(len(names)), key=ranks.__getitem__)
        if rows[0] == start and order[0] != 0:  # the first name stands behind the dash of a list
            dash = self.lines[start][:indent]
            for at, before in ((0, " " * indent), (order[0], dash)):
                first, *others = parts[at][1]
                parts[at] = (parts[at][0], [before + first[indent:], *others])
        result = list(self.lines[start:begins])
        for at, gap in zip(order, gaps, strict=True):
            above, below = parts[at]
            result += [*above, *below, *gap]
        return [*result, *self.lines[ends[-1] : end]]

    def _head(self, row: int, start: int, indent: int) -> int:
        """Return the first of the comment lines that stand right above a name."""
        while row - 1 > start and self._is_comment(row - 1, indent):
            row -= 1
        return row

    def _is_comment(self, row: int, indent: int) -> bool:
        line = self.lines[row]
        return line.startswith(" " * indent + "#")

    def _last(self, row: int, end: int) -> int:
        """Return the end of a value, without the empty lines and comments below it."""
        while end > row + 1 and not self.lines[end - 1].partition("#")[0].strip():
            end -= 1
        return end
