"""The combinations of choices, block by block, without those that cannot be.

A block holds, for each choice, the number of the value that each case has. What cannot
be is left out as soon as its last choice is made, so it is never multiplied by those after it.
"""

from __future__ import annotations

import random
from array import array
from collections.abc import Mapping
from functools import cache, reduce
from itertools import chain, compress, islice, repeat
from math import prod
from operator import and_
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.core import FactsError, Problem
from ncpi_rules.explore.choices import Value
from ncpi_rules.explore.constraints import Constraint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


_LEAST: Final = 1 << 8
_MOST: Final = 1 << 16
"""So many combinations are drawn at a time, twice as many as are wanted if that lies between."""

_PATIENCE: Final = 40
"""After so many blocks of draws, at least one draw in a thousand must have been possible."""


@frozen
class Choice:
    """A column, and the values that it may hold."""

    name: str
    values: tuple[Value, ...]


@frozen
class Block:
    """Some cases: for each choice the numbers of their values."""

    rows: int
    codes: Mapping[str, array[int]]


class _Test:
    """A constraint, asked of the numbers of values."""

    def __init__(
        self, constraint: Constraint, choices: Mapping[str, Choice], fixed: Mapping[str, Value]
    ) -> None:
        self.says = constraint.says
        self.constraint = constraint
        self.names = [name for name in choices if name in constraint.names]
        key_of = dict(zip(constraint.names, constraint.keys, strict=True))
        self.keys = {
            name: [key_of[name](value) for value in choices[name].values] for name in self.names
        }
        self.fixed = {name: key_of[name](fixed[name]) for name in constraint.names if name in fixed}
        self.others = self.names[:-1]

        @cache
        def allowed(*others: object) -> bytes:
            keys: dict[str, Iterable[object]] = dict(
                zip(self.others, map(repeat, others), strict=True)
            )
            return self._asked({**keys, self.names[-1]: self.keys[self.names[-1]]})

        self.allowed = allowed

    def _asked(self, keys: Mapping[str, Iterable[object]]) -> bytes:
        known = {**keys, **{name: repeat(key) for name, key in self.fixed.items()}}
        return bytes(map(self.constraint.allows, *(known[name] for name in self.constraint.names)))

    def holds(self) -> bool:
        """Return whether it is kept where it is about no choice at all."""
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


def _tests(
    choices: Sequence[Choice], fixed: Mapping[str, Value], constraints: Sequence[Constraint]
) -> list[_Test]:
    """Return the constraints on choices; raise FactsError for one that no choice can mend."""
    by_name = {choice.name: choice for choice in choices}
    tests = [_Test(each, by_name, fixed) for each in constraints]
    problems = [
        Problem(
            place=constraint.names[-1],
            message=f"The case to begin from cannot be: {constraint.says}.",
            help="Correct one of the two, or give choices for it.",
        )
        for constraint, test in zip(constraints, tests, strict=True)
        if not test.names and not test.holds()
    ]
    if problems:
        raise FactsError(problems)
    return [test for test in tests if test.names]


@frozen
class Grid:
    """All combinations of some choices; the last of them changes fastest."""

    choices: tuple[Choice, ...]
    fixed: Mapping[str, Value]
    constraints: tuple[Constraint, ...]

    def __attrs_post_init__(self) -> None:
        """Refuse a case to begin from that cannot be."""
        _tests(self.choices, self.fixed, self.constraints)

    def blocks(self, most: int, dropped: dict[str, int]) -> Iterator[Block]:
        """Yield the combinations in blocks of at most ``most``, and count those left out."""
        tests = _tests(self.choices, self.fixed, self.constraints)
        sizes = [len(each.values) for each in self.choices]
        levels = [
            _Level(
                each, [test for test in tests if test.names[-1] == each.name], prod(sizes[at + 1 :])
            )
            for at, each in enumerate(self.choices)
        ]
        # The last choices fit into one block; the one before them is cut into parts.
        inner = len(levels)
        while inner and prod(sizes[inner - 1 :]) <= most:
            inner -= 1
        outer = max(inner - 1, 0)
        parts: list[slice | None] = [None]
        if inner:
            step = max(1, most // prod(sizes[inner:]))
            parts = [slice(at, min(at + step, sizes[outer])) for at in range(0, sizes[outer], step)]
        for beginning in _beginnings(levels[:outer], Block(1, {}), dropped):
            for part in parts:
                block = beginning
                for number, level in enumerate(levels[outer:]):
                    block = level.grown(block, part if number == 0 else None, dropped)
                if block.rows:
                    yield block


@frozen
class _Level:
    """A choice, the constraints that can be asked once it is made, and what it is multiplied by."""

    choice: Choice
    tests: list[_Test]
    weight: int

    def grown(self, block: Block, part: slice | None, dropped: dict[str, int]) -> Block:
        """Return a block with each value of the choice, or of a part of it, as far as it can be."""
        part = part or slice(0, len(self.choice.values))
        numbers = range(part.start, part.stop)
        rows = block.rows * len(numbers)
        allowed: int | None = None
        left = rows
        for test in self.tests:
            mask = int.from_bytes(test.over(block.codes, block.rows, part), "little")
            allowed = mask if allowed is None else allowed & mask
            still = allowed.bit_count()
            if still < left:
                dropped[test.says] = dropped.get(test.says, 0) + (left - still) * self.weight
            left = still
        codes = {
            name: array("I", chain.from_iterable(map(repeat, column, repeat(len(numbers)))))
            for name, column in block.codes.items()
        }
        codes[self.choice.name] = array("I", numbers) * block.rows
        return _kept(Block(rows, codes), allowed, left)


def _kept(block: Block, allowed: int | None, left: int) -> Block:
    if allowed is None or left == block.rows:
        return block
    mask = allowed.to_bytes(block.rows, "little")
    return Block(
        left, {name: array("I", compress(codes, mask)) for name, codes in block.codes.items()}
    )


def _beginnings(levels: Sequence[_Level], block: Block, dropped: dict[str, int]) -> Iterator[Block]:
    """Yield the combinations of the first choices, one at a time."""
    if not levels:
        yield block
        return
    for code in range(len(levels[0].choice.values)):
        found = levels[0].grown(block, slice(code, code + 1), dropped)
        if found.rows:
            yield from _beginnings(levels[1:], found, dropped)


@frozen
class Sample:
    """Random combinations of some choices: ``count`` of those that can be, by a seed."""

    choices: tuple[Choice, ...]
    fixed: Mapping[str, Value]
    constraints: tuple[Constraint, ...]
    count: int
    seed: int

    def __attrs_post_init__(self) -> None:
        """Refuse a case to begin from that cannot be."""
        _tests(self.choices, self.fixed, self.constraints)

    def blocks(self, most: int, dropped: dict[str, int]) -> Iterator[Block]:
        """Yield the cases in blocks of at most ``most``, and count the draws left out."""
        tests = _tests(self.choices, self.fixed, self.constraints)
        source = random.Random(self.seed)  # noqa: S311  imagined cases are no secret
        # Not by what is asked for at a time: the cases depend on their number and the seed alone.
        size = min(max(2 * self.count, _LEAST), _MOST)
        wanted, drawn = self.count, 0
        while wanted:
            block = self._drawn(source, size)
            block = self._possible(block, tests, wanted, dropped)
            wanted, drawn = wanted - block.rows, drawn + 1
            if drawn == _PATIENCE and (self.count - wanted) * 1000 < drawn * size and wanted:
                raise FactsError(
                    Problem(
                        place="",
                        message=f"Of {drawn * size} random cases, only {self.count - wanted} "
                        "can be.",
                        help="Narrow the choices, or make a grid of them.",
                    )
                )
            for at in range(0, block.rows, most):
                codes = {name: column[at : at + most] for name, column in block.codes.items()}
                yield Block(min(most, block.rows - at), codes)

    def _drawn(self, source: random.Random, size: int) -> Block:
        draw = source.random  # the one method whose numbers stay the same in every Python
        return Block(
            size,
            {
                each.name: array("I", [int(draw() * many) for _ in range(size)])
                for each in self.choices
                for many in (len(each.values),)
            },
        )

    def _possible(
        self, block: Block, tests: Sequence[_Test], wanted: int, dropped: dict[str, int]
    ) -> Block:
        """Return the first draws that can be, no more than are wanted."""
        rows = block.rows
        masks = [int.from_bytes(test.row_by_row(block.codes), "little") for test in tests]
        allowed = reduce(and_, masks, int.from_bytes(b"\1" * rows, "little"))
        possible = compress(range(rows), allowed.to_bytes(rows, "little"))
        last = next(islice(possible, wanted - 1, None), rows - 1)
        before, left = int.from_bytes(b"\1" * (last + 1), "little"), last + 1
        for test, mask in zip(tests, masks, strict=True):
            before &= mask
            if before.bit_count() < left:
                dropped[test.says] = dropped.get(test.says, 0) + left - before.bit_count()
            left = before.bit_count()
        return _kept(block, before, left)
