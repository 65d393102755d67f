"""Circuits of bit planes: truth tables as a few ANDs, ORs and NOTs over whole columns at once.

Imports nothing of the library. A plane holds one bit for each case, 64 cases to a word.
A circuit knows no rule: it is handed truth tables, and what is said twice is worked out once.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy
from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Array: TypeAlias = "numpy.ndarray[Any, numpy.dtype[Any]]"

Axis: TypeAlias = "tuple[int, ...]"
"""The planes of the values that a thing may have: in each case exactly one of them holds."""

NO: Final = 0
"""The plane that holds in no case."""

YES: Final = 1
"""The plane that holds in every case."""

AND: Final = numpy.bitwise_and
OR: Final = numpy.bitwise_or
NOT: Final = numpy.invert


class Circuit:
    """Planes made of other planes; the same question is always the same plane.

    >>> circuit = Circuit()
    >>> wet = circuit.leaf("wet")
    >>> circuit.both(wet, circuit.opposite(wet)) == NO
    True
    >>> axis = (circuit.opposite(wet), wet)
    >>> circuit.where(numpy.array([False, True]), [axis]) == wet
    True
    """

    def __init__(self) -> None:
        """Begin with the two planes that are the same in every case."""
        self._nodes: list[tuple[Any, ...]] = [("no",), ("yes",)]
        self._known: dict[tuple[Any, ...], int] = {}
        self._where: dict[Hashable, int] = {}

    def _node(self, *what: Any) -> int:
        found = self._known.get(what)
        if found is None:
            found = self._known[what] = len(self._nodes)
            self._nodes.append(what)
        return found

    def leaf(self, *name: Hashable) -> int:
        """Return the plane that is given from outside under a name."""
        return self._node("leaf", name)

    def opposite(self, plane: int) -> int:
        """Return the plane that holds where another does not."""
        if plane in {NO, YES}:
            return 1 - plane
        if self._nodes[plane][0] is NOT:
            return int(self._nodes[plane][1])
        return self._node(NOT, plane)

    def both(self, one: int, other: int) -> int:
        """Return the plane that holds where both hold."""
        if NO in {one, other} or one == self.opposite(other):
            return NO
        if YES in {one, other} or one == other:
            return max(one, other) if YES in {one, other} else one
        return self._node(AND, min(one, other), max(one, other))

    def either(self, one: int, other: int) -> int:
        """Return the plane that holds where one of the two holds."""
        if YES in {one, other} or one == self.opposite(other):
            return YES
        if NO in {one, other} or one == other:
            return max(one, other)
        return self._node(OR, min(one, other), max(one, other))

    def any_of(self, planes: Iterable[int]) -> int:
        """Return the plane that holds where one of these holds."""
        found = NO
        for plane in sorted(set(planes)):
            found = self.either(found, plane)
        return found

    def one_of(self, axis: Axis, values: Sequence[int]) -> int:
        """Return the plane of the cases that have one of some values."""
        if 2 * len(values) > len(axis):
            rest = (plane for value, plane in enumerate(axis) if value not in values)
            return self.opposite(self.any_of(rest))
        return self.any_of(axis[value] for value in values)

    def where(self, table: Array, axes: Sequence[Axis]) -> int:
        """Return the plane of the cases in which a truth table, one axis a thing, is true."""
        if table.all():
            return YES
        if not table.any():
            return NO
        key = (tuple(axes), table.tobytes())
        found = self._where.get(key)
        if found is None:
            alike: dict[bytes, list[int]] = {}
            for value, rest in enumerate(table):
                alike.setdefault(rest.tobytes(), []).append(value)
            found = self._where[key] = self.any_of(
                self.both(self.one_of(axes[0], values), self.where(table[values[0]], axes[1:]))
                for values in alike.values()
            )
        return found

    def bits(self, table: Array, axes: Sequence[Axis]) -> tuple[int, ...]:
        """Return the planes of the binary digits of a table of small numbers, the least first."""
        digits = int(table.max()).bit_length()
        return tuple(self.where((table >> digit) & 1 == 1, axes) for digit in range(digits))

    def digits(self, planes: Mapping[int, int]) -> tuple[int, ...]:
        """Return the planes of the binary digits of numbers, given the plane of each number."""
        length = max(planes, default=0).bit_length()
        return tuple(
            self.any_of(plane for number, plane in planes.items() if number >> digit & 1)
            for digit in range(length)
        )

    def worst(self, planes: Sequence[int]) -> tuple[int, ...]:
        """Return planes of which at most one holds: the first of these that does."""
        found, taken = [], NO
        for plane in planes:
            found.append(self.both(plane, self.opposite(taken)))
            taken = self.either(taken, plane)
        return tuple(found)

    def wired(self, wanted: Iterable[int]) -> Wiring:
        """Return the actions that lead from the leaves to the planes that are wanted."""
        needed: set[int] = set()
        waiting = [plane for plane in wanted if plane not in {NO, YES}]
        kept = set(waiting)
        while waiting:
            plane = waiting.pop()
            if plane not in needed:
                needed.add(plane)
                if self._nodes[plane][0] != "leaf":
                    waiting.extend(self._nodes[plane][1:])
        order = sorted(needed)  # a plane is always made after those that it is made of
        last: dict[int, int] = {}
        for plane in order:
            if self._nodes[plane][0] != "leaf":
                last.update((each, plane) for each in self._nodes[plane][1:])

        leaves: list[tuple[int, tuple[Any, ...]]] = []
        steps: list[tuple[Any, tuple[int, ...], int]] = []
        slots: dict[int, int] = {}
        free: list[int] = []
        count = 0
        for plane in order:
            operation, *operands = self._nodes[plane]
            if free and plane not in kept and operation != "leaf":
                slots[plane] = free.pop()
            else:
                slots[plane] = count
                count += 1
            if operation == "leaf":
                leaves.append((slots[plane], operands[0]))
                continue
            steps.append((operation, tuple(slots[each] for each in operands), slots[plane]))
            free.extend(
                slots[each]
                for each in set(operands)
                if last[each] == plane and each not in kept and self._nodes[each][0] != "leaf"
            )
        return Wiring(
            leaves=tuple(leaves),
            steps=tuple(steps),
            slots={plane: slots[plane] for plane in kept},
            size=count,
        )


@frozen(kw_only=True)
class Wiring:
    """The actions of a circuit, each plane in a numbered slot that others use again.

    ``leaves`` are slots with the names of what is given; ``slots`` says where the planes stand
    that were wanted; there are ``size`` slots.
    """

    leaves: tuple[tuple[int, tuple[Any, ...]], ...]
    steps: tuple[tuple[Any, tuple[int, ...], int], ...] = field(repr=False)
    slots: Mapping[int, int]
    size: int

    def run(self, planes: Sequence[Array]) -> None:
        """Work out every plane from the leaves: ``planes`` has an array of words for each slot."""
        for operation, operands, to in self.steps:
            operation(*[planes[each] for each in operands], planes[to])
