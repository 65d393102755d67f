"""Boxes: the sets of cases that rules cover, and what can be asked of them.

A box names, for some facts, the values that they may have; its cases are all those whose values are
among these. However many cases there are, every question is answered box by box, so that the answer
is a proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Self, TypeAlias

Case: TypeAlias = Mapping[str, str]
"""One value for each fact."""

Box: TypeAlias = Mapping[str, frozenset[str]]
"""The cases whose values are in the named sets; a fact that is not named may have any value."""

Values: TypeAlias = Mapping[str, tuple[str, ...]]
"""Every fact with the values that it may take, in the order of the vocabulary."""

Boxes: TypeAlias = tuple[Box, ...]
"""Boxes of which no two have a case in common: a region of cases."""


def subtract(box: Box, boxes: Iterable[Box], values: Values) -> Iterator[dict[str, frozenset[str]]]:
    """Yield disjoint boxes that together hold the cases of ``box`` in none of ``boxes``.

    ``values`` gives the values of every fact that a box tests. The boxes are made one at a time,
    so that a caller may stop at the first.

    >>> values = {"concern": ("none", "some"), "late": ("yes", "no")}
    >>> taken = {"concern": frozenset({"some"}), "late": frozenset({"yes"})}
    >>> for rest in subtract({}, [taken], values):
    ...     print({fact: sorted(allowed) for fact, allowed in rest.items()})
    {'concern': ['some'], 'late': ['no']}
    {'concern': ['none']}
    """
    boxes = tuple(boxes)
    space = Space.of((box, *boxes), values)
    yield from map(space.unpack, space.subtract(space.pack(box), [*map(space.pack, boxes)]))


def count(box: Box, values: Values) -> int:
    """Return the number of cases in a box.

    >>> count({"late": frozenset({"yes"})}, {"concern": ("none", "some"), "late": ("yes", "no")})
    2
    """
    return prod(len(box.get(fact, order)) for fact, order in values.items())


def meet(box: Box, other: Box) -> Box | None:
    """Return the box of the cases that lie in both, or None where there is none.

    >>> meet({"late": frozenset({"yes", "no"})}, {"late": frozenset({"yes"})})
    {'late': frozenset({'yes'})}
    """
    both = dict(box)
    for fact, values in other.items():
        common = values & box[fact] if fact in box else values
        if not common:
            return None
        both[fact] = common
    return both


def common(boxes: Iterable[Box], others: Iterable[Box]) -> Iterator[Box]:
    """Yield the boxes of the cases that lie in one of each; disjoint where both sides are."""
    others = tuple(others)
    for box in boxes:
        for other in others:
            if (both := meet(box, other)) is not None:
                yield both


def minus(boxes: Iterable[Box], others: Iterable[Box], values: Values) -> Boxes:
    """Return the region of the cases in ``boxes`` and in none of ``others``, merged."""
    boxes, others = tuple(boxes), tuple(others)
    space = Space.of((*boxes, *others), values)
    left = space.minus(map(space.pack, boxes), [*map(space.pack, others)])
    return tuple(map(space.unpack, left))


def union(boxes: Iterable[Box], values: Values) -> Boxes:
    """Return the region of the cases in any of the boxes, which may overlap."""
    boxes = tuple(boxes)
    space = Space.of(boxes, values)
    return tuple(map(space.unpack, space.union(map(space.pack, boxes))))


def merged(boxes: Iterable[Box], values: Values) -> Boxes:
    """Return disjoint boxes as fewer: those that differ in one fact only become one.

    >>> values = {"late": ("yes", "no")}
    >>> merged([{"late": frozenset({"yes"})}, {"late": frozenset({"no"})}], values)
    ({},)
    """
    boxes = tuple(boxes)
    space = Space.of(boxes, values)
    return tuple(map(space.unpack, space.merged(map(space.pack, boxes))))


def some_case(box: Box, values: Values) -> dict[str, str]:
    """Return a case of a box: of every fact, the first value of the vocabulary that it allows."""
    return {
        fact: next(value for value in order if value in box.get(fact, order))
        for fact, order in values.items()
    }


def cases_of(box: Box, values: Values) -> Iterator[dict[str, str]]:
    """Yield every case of a box, in the order of the vocabulary."""
    allowed = (
        [value for value in order if value in box.get(fact, order)]
        for fact, order in values.items()
    )
    for case in product(*allowed):
        yield dict(zip(values, case, strict=True))


class Space:
    """Boxes over some facts as whole numbers, in which every question is a few steps of arithmetic.

    A fact has a bit for each of its values, and above them one that is clear in every box: adding
    all other bits to a box sets it just where some value of the fact is left.

    >>> space = Space({"concern": ("none", "some"), "late": ("yes", "no")})
    >>> taken = space.pack({"concern": frozenset({"some"}), "late": frozenset({"yes"})})
    >>> [sorted(box) for box in map(space.unpack, space.subtract(space.pack({}), [taken]))]
    [['concern', 'late'], ['concern']]
    """

    def __init__(self, values: Values) -> None:
        """Give each value of each fact its bit."""
        self._bits: dict[str, dict[str, int]] = {}
        self._all: dict[str, int] = {}
        self._facts: dict[int, tuple[str, int]] = {}
        self._full = self._clear = 0
        place = 0
        for fact, order in values.items():
            self._bits[fact] = {value: 1 << place + at for at, value in enumerate(order)}
            self._all[fact] = every = (1 << len(order)) - 1 << place
            self._facts |= dict.fromkeys(range(place, place + len(order)), (fact, every))
            self._full |= every
            place += len(order) + 1
            self._clear |= 1 << place - 1
        self._sets: dict[int, frozenset[str]] = {}

    @classmethod
    def of(cls, boxes: Iterable[Box], values: Values) -> Self:
        """Return the space of the facts that some boxes name."""
        named = {fact for box in boxes for fact in box}
        return cls({fact: order for fact, order in values.items() if fact in named})

    def pack(self, box: Box) -> int:
        """Return a box as a number; facts that the space does not have are passed over."""
        number = self._full
        for fact, allowed in box.items():
            if fact in self._all:
                bits = self._bits[fact]
                number &= sum([bits[value] for value in allowed]) | ~self._all[fact]
        return number

    def unpack(self, number: int) -> dict[str, frozenset[str]]:
        """Return the box that a number stands for, without facts that may have any value."""
        box = {}
        missing = number ^ self._full
        while missing:
            fact, every = self._facts[(missing & -missing).bit_length() - 1]
            missing &= ~every
            part = number & every
            if part not in self._sets:
                values = self._bits[fact].items()
                self._sets[part] = frozenset([value for value, bit in values if bit & part])
            box[fact] = self._sets[part]
        return box

    def admitting(self, boxes: Sequence[int]) -> dict[str, dict[str, int]]:
        """Return, for each value of each fact, a bit for each box that admits it."""
        excluding: dict[int, int] = {}
        for place, box in enumerate(boxes):
            missing = box ^ self._full
            while missing:
                bit = missing & -missing
                excluding[bit] = excluding.get(bit, 0) | 1 << place
                missing ^= bit
        every = (1 << len(boxes)) - 1
        return {
            fact: {value: every ^ excluding.get(bit, 0) for value, bit in bits.items()}
            for fact, bits in self._bits.items()
        }

    def common(self, boxes: Iterable[int], others: Sequence[int]) -> list[int]:
        """Return the boxes of the cases that lie in one of each."""
        full, clear = self._full, self._clear
        both = [box & other for box in boxes for other in others]
        return [box for box in both if (box + full) & clear == clear]

    def subtract(self, box: int, others: Sequence[int]) -> Iterator[int]:
        """Yield disjoint boxes that hold the cases of a box in none of the others."""
        full, clear = self._full, self._clear
        waiting = [(box, 0)] if (box + full) & clear == clear else []
        while waiting:
            piece, start = waiting.pop()
            for at in range(start, len(others)):
                inside = piece & others[at]
                if (inside + full) & clear == clear:
                    waiting.extend((part, at + 1) for part in self._outside(piece, inside))
                    break
            else:
                yield piece

    def _outside(self, piece: int, inside: int) -> Iterator[int]:
        """Yield disjoint boxes: what of a piece lies outside of another box inside it."""
        beyond = piece ^ inside
        while beyond:
            _, every = self._facts[(beyond & -beyond).bit_length() - 1]
            part = beyond & every
            yield piece & ~every | part
            piece ^= part
            beyond ^= part

    def minus(self, boxes: Iterable[int], others: Sequence[int]) -> list[int]:
        """Return the cases of boxes in none of the others, merged."""
        return self.merged(piece for box in boxes for piece in self.subtract(box, others))

    def union(self, boxes: Iterable[int]) -> list[int]:
        """Return the cases in any of the boxes, merged."""
        disjoint: list[int] = []
        for box in boxes:
            disjoint += list(self.subtract(box, disjoint))
        return self.merged(disjoint)

    def merged(self, boxes: Iterable[int]) -> list[int]:
        """Return disjoint boxes as fewer: those that differ in one fact only become one."""
        rows = list(dict.fromkeys(boxes))
        # Two disjoint boxes can become one along a fact only if they differ in it.
        differing = 0
        for row in rows:
            differing |= row ^ rows[0]
        masks = [~every for every in self._all.values() if every & differing]
        before = -1
        while len(rows) != before and len(rows) > 1:
            before = len(rows)
            for mask in masks:
                together: dict[int, int] = {}
                for row in rows:
                    rest = row & mask
                    together[rest] = together.get(rest, 0) | row
                if len(together) < len(rows):
                    rows = list(together.values())
        return rows
