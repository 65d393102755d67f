"""Circuits of bit planes: truth tables as a few ANDs, ORs and NOTs over whole columns at once.

A plane holds one bit for each row, 64 rows to a number. A circuit knows no rule: it is given truth
tables, and works out only once what they have in common.
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
"""The planes of the values of a fact: in each row exactly one of them is true."""

NO: Final = 0
"""The plane that is true in no row."""

YES: Final = 1
"""The plane that is true in every row."""

AND: Final = numpy.bitwise_and
OR: Final = numpy.bitwise_or
NOT: Final = numpy.invert


class Circuit:
    """Planes made of other planes; the same combination is always the same plane.

    >>> circuit = Circuit()
    >>> wet = circuit.leaf("wet")
    >>> circuit.both(wet, circuit.opposite(wet)) == NO
    True
    >>> axis = (circuit.opposite(wet), wet)
    >>> circuit.where(numpy.array([False, True]), [axis]) == wet
    True
    """

    def __init__(self) -> None:
        """Begin with the two planes that are the same in every row."""
        self._nodes: list[tuple[Any, ...]] = [("no",), ("yes",)]
        self._known: dict[tuple[Any, ...], int] = {}
        self._where: dict[Hashable, int] = {}

    def _node(self, *node: Any) -> int:
        plane = self._known.get(node)
        if plane is None:
            plane = self._known[node] = len(self._nodes)
            self._nodes.append(node)
        return plane

    def leaf(self, *name: Hashable) -> int:
        """Return the plane that an input column gives under a name."""
        return self._node("leaf", name)

    def opposite(self, plane: int) -> int:
        """Return the plane that is true where another is false."""
        if plane in {NO, YES}:
            return 1 - plane
        if self._nodes[plane][0] is NOT:
            return int(self._nodes[plane][1])
        return self._node(NOT, plane)

    def either_way(self, plane: int) -> Axis:
        """Return the axis of a plane: where it is false, and where it is true."""
        return self.opposite(plane), plane

    def both(self, first: int, second: int) -> int:
        """Return the plane that is true where both are."""
        if NO in {first, second} or first == self.opposite(second):
            return NO
        if YES in {first, second} or first == second:
            return max(first, second) if YES in {first, second} else first
        return self._node(AND, min(first, second), max(first, second))

    def either(self, first: int, second: int) -> int:
        """Return the plane that is true where one of the two is."""
        if YES in {first, second} or first == self.opposite(second):
            return YES
        if NO in {first, second} or first == second:
            return max(first, second)
        return self._node(OR, min(first, second), max(first, second))

    def any_of(self, planes: Iterable[int]) -> int:
        """Return the plane that is true where one of these is."""
        combined = NO
        for plane in sorted(set(planes)):
            combined = self.either(combined, plane)
        return combined

    def one_of(self, axis: Axis, values: Sequence[int]) -> int:
        """Return the plane of the rows that have one of some values."""
        if 2 * len(values) > len(axis):
            rest = (plane for value, plane in enumerate(axis) if value not in values)
            return self.opposite(self.any_of(rest))
        return self.any_of(axis[value] for value in values)

    def where(self, table: Array, axes: Sequence[Axis]) -> int:
        """Return the plane of the rows in which a truth table, one axis a fact, is true."""
        if table.all():
            return YES
        if not table.any():
            return NO
        key = (tuple(axes), table.tobytes())
        plane = self._where.get(key)
        if plane is None:
            alike: dict[bytes, list[int]] = {}
            for value, rest in enumerate(table):
                alike.setdefault(rest.tobytes(), []).append(value)
            plane = self._where[key] = self.any_of(
                self.both(self.one_of(axes[0], values), self.where(table[values[0]], axes[1:]))
                for values in alike.values()
            )
        return plane

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
        """Return planes of which at most one is true in a row: the first of these that is."""
        first, taken = [], NO
        for plane in planes:
            first.append(self.both(plane, self.opposite(taken)))
            taken = self.either(taken, plane)
        return tuple(first)

    def wired(self, wanted: Iterable[int]) -> Wiring:
        """Return the steps that lead from the leaves to the planes that are wanted."""
        outputs = {plane for plane in wanted if plane not in {NO, YES}}
        needed: set[int] = set()
        waiting = list(outputs)
        while waiting:
            plane = waiting.pop()
            if plane not in needed:
                needed.add(plane)
                waiting.extend(self._operands(plane))
        order = sorted(needed)  # a plane is always made after those that it is made of
        last_use = {operand: plane for plane in order for operand in self._operands(plane)}

        leaves: list[tuple[int, tuple[Any, ...]]] = []
        steps: list[tuple[Any, tuple[int, ...], int]] = []
        slots: dict[int, int] = {}
        free: list[int] = []
        count = 0
        for plane in order:
            operation, operands = self._nodes[plane][0], self._operands(plane)
            if free and plane not in outputs and operands:
                slots[plane] = free.pop()
            else:
                slots[plane] = count
                count += 1
            if not operands:
                leaves.append((slots[plane], self._nodes[plane][1]))
                continue
            steps.append((operation, tuple(slots[operand] for operand in operands), slots[plane]))
            free.extend(
                slots[operand]
                for operand in set(operands)
                if last_use[operand] == plane and operand not in outputs and self._operands(operand)
            )
        return Wiring(
            leaves=tuple(leaves),
            steps=tuple(steps),
            slots={plane: slots[plane] for plane in outputs},
            size=count,
        )

    def _operands(self, plane: int) -> tuple[int, ...]:
        """Return the planes of which a plane is made; a leaf is made of none."""
        operation, *operands = self._nodes[plane]
        return () if operation == "leaf" else tuple(operands)


@frozen(kw_only=True)
class Wiring:
    """The steps of a circuit, each plane in a numbered slot that others use again.

    ``leaves`` are slots with the names of input planes; ``slots`` has the slot of each plane that
    was wanted; there are ``size`` slots.
    """

    leaves: tuple[tuple[int, tuple[Any, ...]], ...]
    steps: tuple[tuple[Any, tuple[int, ...], int], ...] = field(repr=False)
    slots: Mapping[int, int]
    size: int

    def run(self, planes: Sequence[Array]) -> None:
        """Work out every plane from the leaves: ``planes`` has the numbers of each slot."""
        for operation, operands, to in self.steps:
            operation(*[planes[operand] for operand in operands], planes[to])
