"""Combinations of choices, block by block, without the impossible ones.

A block holds, for each choice, the number of the value that each case has. A combination
is excluded as soon as its last constrained choice is made, so that it is never multiplied by those
after it.
"""

from __future__ import annotations

import random
from array import array
from collections.abc import Mapping
from functools import cache, reduce
from itertools import chain, compress, islice, repeat
from math import prod
from operator import and_
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import frozen

from ncpi_rules.core import FactsError, Problem
from ncpi_rules.explore.choices import Value
from ncpi_rules.explore.constraints import Constraint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LEAST: Final = 1 << 8
_MOST: Final = 1 << 16
"""The most combinations drawn at a time; twice as many as are wanted, if that is fewer."""

_PATIENCE: Final = 40
"""After this many blocks of draws, at least one draw in a thousand must have been possible."""


Choices: TypeAlias = Mapping[str, tuple[Value, ...]]
"""Columns by name, with the values that each may hold."""


@frozen
class Block:
    """Some cases: for each choice, the numbers of their values."""

    rows: int
    codes: Mapping[str, array[int]]

    def part(self, start: int, rows: int) -> Block:
        """Return at most so many of the cases, beginning with the one at a place."""
        codes = {name: column[start : start + rows] for name, column in self.codes.items()}
        return Block(min(rows, self.rows - start), codes)


class _Filter:
    """A constraint on choices, asked of the numbers of their values."""

    def __init__(
        self, constraint: Constraint, choices: Choices, fixed: Mapping[str, Value]
    ) -> None:
        self.constraint = constraint
        self.names = [name for name in choices if name in constraint.names]
        self.others = self.names[:-1]
        key_of = dict(zip(constraint.names, constraint.keys, strict=True))
        self.keys = {name: [key_of[name](value) for value in choices[name]] for name in self.names}
        self.fixed = {name: key_of[name](fixed[name]) for name in constraint.names if name in fixed}

        @cache
        def allowed(*others: object) -> bytes:
            last = self.names[-1]
            keys = {name: repeat(key) for name, key in zip(self.others, others, strict=True)}
            return self._asked({**keys, last: self.keys[last]})

        self.allowed = allowed

    def _asked(self, keys: Mapping[str, Iterable[object]]) -> bytes:
        known = {**keys, **{name: repeat(key) for name, key in self.fixed.items()}}
        return bytes(map(self.constraint.allows, *(known[name] for name in self.constraint.names)))

    def is_met(self) -> bool:
        """Return whether a constraint on no choice at all is met."""
        return self.constraint.allows(*(self.fixed[name] for name in self.constraint.names))

    def over(self, codes: Mapping[str, array[int]], rows: int, part: slice) -> bytes:
        """Return which values of the last choice each combination of the others allows."""
        if not self.others:
            return self.allowed()[part] * rows
        keys = (map(self.keys[name].__getitem__, codes[name]) for name in self.others)
        return b"".join([row[part] for row in map(self.allowed, *keys)])

    def row_by_row(self, codes: Mapping[str, array[int]]) -> bytes:
        """Return which combinations are allowed."""
        return self._asked(
            {name: map(self.keys[name].__getitem__, codes[name]) for name in self.names}
        )


@frozen
class Combinations:
    """Choices, the values of the columns without a choice, and the constraints on both."""

    choices: Choices
    fixed: Mapping[str, Value]
    constraints: tuple[Constraint, ...]

    def __attrs_post_init__(self) -> None:
        """Raise FactsError for a contradiction that no choice can resolve."""
        problems = [
            Problem(
                place=test.constraint.names[-1],
                message=f"The base is impossible: {test.constraint.reason}.",
                help="Correct one of the two, or give choices for it.",
            )
            for test in self.filters()
            if not test.names and not test.is_met()
        ]
        if problems:
            raise FactsError(problems)

    def filters(self) -> list[_Filter]:
        """Return the constraints, asked of the choices."""
        return [_Filter(constraint, self.choices, self.fixed) for constraint in self.constraints]

    def blocks(self, most: int, excluded: dict[str, int]) -> Iterator[Block]:
        """Yield the combinations in blocks of at most ``most``, and count those excluded."""
        raise NotImplementedError


@frozen
class Grid(Combinations):
    """All combinations of some choices; the last of them changes fastest."""

    def blocks(self, most: int, excluded: dict[str, int]) -> Iterator[Block]:
        """Yield the combinations in blocks of at most ``most``, and count those excluded."""
        filters = self.filters()
        blocks: Iterator[Block] = iter([Block(1, {})])
        below = prod(map(len, self.choices.values()))
        for name, values in self.choices.items():
            below //= len(values)
            mine = [test for test in filters if test.names and test.names[-1] == name]
            blocks = _Level(name, len(values), mine, below).extend(blocks, most, excluded)
        return blocks


@frozen
class _Level:
    """A choice, the constraints that can be asked once it is made, and the combinations below."""

    name: str
    size: int
    filters: list[_Filter]
    below: int

    def extend(
        self, blocks: Iterator[Block], most: int, excluded: dict[str, int]
    ) -> Iterator[Block]:
        """Yield blocks of at most ``most`` cases with each possible value of the choice."""
        rows = max(1, most // self.size)
        for block in blocks:
            for at in range(0, block.rows, rows):
                piece = block.part(at, rows)
                for start in range(0, self.size, most):
                    part = slice(start, min(start + most, self.size))
                    extended = self._extended(piece, part, excluded)
                    if extended.rows:
                        yield extended

    def _extended(self, block: Block, part: slice, excluded: dict[str, int]) -> Block:
        many = part.stop - part.start
        codes = {
            name: array("I", chain.from_iterable(map(repeat, column, repeat(many))))
            for name, column in block.codes.items()
        }
        codes[self.name] = array("I", range(part.start, part.stop)) * block.rows
        masks = (test.over(block.codes, block.rows, part) for test in self.filters)
        rows = block.rows * many
        return _select(
            Block(rows, codes), *_allowed(rows, self.filters, masks, excluded, self.below)
        )


def _allowed(
    rows: int,
    filters: Iterable[_Filter],
    masks: Iterable[bytes],
    excluded: dict[str, int],
    weight: int = 1,
) -> tuple[int, int]:
    """Return the rows that every filter allows, as bytes of a number, and how many they are.

    The others are counted, ``weight`` times each, under the first filter that excludes them.
    """
    allowed, left = int.from_bytes(b"\1" * rows, "little"), rows
    for test, mask in zip(filters, masks, strict=True):
        allowed &= int.from_bytes(mask, "little")
        still = allowed.bit_count()
        if still < left:
            reason = test.constraint.reason
            excluded[reason] = excluded.get(reason, 0) + (left - still) * weight
        left = still
    return allowed, left


def _select(block: Block, allowed: int, left: int) -> Block:
    if left == block.rows:
        return block
    mask = allowed.to_bytes(block.rows, "little")
    return Block(
        left, {name: array("I", compress(codes, mask)) for name, codes in block.codes.items()}
    )


@frozen
class Sample(Combinations):
    """Random combinations of some choices: ``count`` possible ones, by a seed."""

    count: int
    seed: int

    def blocks(self, most: int, excluded: dict[str, int]) -> Iterator[Block]:
        """Yield the cases in blocks of at most ``most``, and count the draws excluded."""
        filters = [test for test in self.filters() if test.names]
        source = random.Random(self.seed)  # noqa: S311  imagined cases are no secret
        # Not by what is asked for at a time: the cases depend on their number and the seed alone.
        size = min(max(2 * self.count, _LEAST), _MOST)
        wanted, drawn = self.count, 0
        while wanted:
            block = self._possible(self._draw(source, size), filters, wanted, excluded)
            wanted, drawn = wanted - block.rows, drawn + 1
            possible = self.count - wanted
            if drawn == _PATIENCE and possible * 1000 < drawn * size and wanted:
                message = f"Of {drawn * size} random cases, only {possible} are possible."
                help_ = "Narrow the choices, or make a grid of them."
                raise FactsError(message, help_)
            for at in range(0, block.rows, most):
                yield block.part(at, most)

    def _draw(self, source: random.Random, size: int) -> Block:
        draw = source.random  # the one method whose numbers stay the same in every Python
        codes = {}
        for name, values in self.choices.items():
            many = len(values)
            codes[name] = array("I", [int(draw() * many) for _ in range(size)])
        return Block(size, codes)

    @staticmethod
    def _possible(
        block: Block, filters: Sequence[_Filter], wanted: int, excluded: dict[str, int]
    ) -> Block:
        """Return the first possible draws, no more than are wanted."""
        rows = block.rows
        masks = [test.row_by_row(block.codes) for test in filters]
        numbers = [int.from_bytes(mask, "little") for mask in masks]
        both = reduce(and_, numbers, int.from_bytes(b"\1" * rows, "little"))
        possible = compress(range(rows), both.to_bytes(rows, "little"))
        used = next(islice(possible, wanted - 1, None), rows - 1) + 1
        allowed, left = _allowed(used, filters, (mask[:used] for mask in masks), excluded)
        return _select(block, allowed, left)
