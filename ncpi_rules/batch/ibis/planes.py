"""The circuit of a sweep as columns of true and false, one subquery for each stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import ibis
from attrs import define, field, frozen

from ncpi_rules.batch import AND, NO, OR, YES

if TYPE_CHECKING:
    from ncpi_rules.batch import Wiring

Value: TypeAlias = Any
"""A value of an Ibis expression, whose operators Ibis makes when the program runs."""


@frozen
class _Gate:
    """A gate of the circuit, with the places of the gates that it combines; a leaf has none."""

    operation: Any
    operands: tuple[int, ...] = ()


@define
class QueryPlanes:
    """The planes of a wiring over the rows of ``table``; a gate that is used twice has a column.

    Otherwise the text of the query would double with every gate.
    """

    table: ibis.Table
    _gates: tuple[_Gate, ...]
    _places: Mapping[int, int]
    _columns: dict[int, str] = field(factory=dict)

    @classmethod
    def of(cls, wiring: Wiring, table: ibis.Table) -> QueryPlanes:
        """Return the planes of a wiring; ``table`` has its leaves, by their places."""
        gates: list[_Gate] = []
        held: dict[int, int] = {}  # the gate whose result is in each slot by now
        for slot, _ in wiring.leaves:
            held[slot] = len(gates)
            gates.append(_Gate(None))
        for operation, operands, slot in wiring.steps:
            gates.append(_Gate(operation, tuple(held[operand] for operand in operands)))
            held[slot] = len(gates) - 1
        wanted = {plane: held[slot] for plane, slot in wiring.slots.items()}
        planes = cls(table, tuple(gates), wanted)
        planes._add_columns(len(wiring.leaves))
        return planes

    def _add_columns(self, leaves: int) -> None:
        uses = Counter(operand for gate in self._gates for operand in gate.operands)
        wanted = {*self._places.values()}
        self._columns = {place: leaf_name(place) for place in range(leaves)}
        stages = [0] * leaves
        by_stage: dict[int, list[int]] = {}
        for place, gate in enumerate(self._gates[leaves:], leaves):
            stage = max(stages[operand] for operand in gate.operands)
            if uses[place] > 1 or place in wanted:
                by_stage.setdefault(stage, []).append(place)
                stage += 1
            stages.append(stage)
        for _, places in sorted(by_stage.items()):
            columns = {place: leaf_name(place) for place in places}
            self.table = self.table.mutate(**{columns[p]: self._expression(p) for p in places})
            self._columns |= columns

    def __getitem__(self, plane: int) -> Value:
        """Return a plane that was wanted."""
        if plane in {NO, YES}:
            return ibis.literal(plane == YES)
        return self._expression(self._places[plane])

    def _expression(self, place: int) -> Value:
        if place in self._columns:
            return self.table[self._columns[place]]
        gate = self._gates[place]
        operands = [self._expression(operand) for operand in gate.operands]
        if gate.operation is AND:
            return operands[0] & operands[1]
        return operands[0] | operands[1] if gate.operation is OR else ~operands[0]


def leaf_name(place: int) -> str:
    """Return the name of the column that holds a gate or a leaf of the wiring."""
    return f"plane {place}"
