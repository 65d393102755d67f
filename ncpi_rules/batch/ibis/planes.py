"""The circuit of a sweep as columns of true and false, a stage of a query at a time.

It knows no rule: it translates what ``columns`` has compiled, action by action.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import ibis
from attrs import define, field, frozen

from ncpi_rules.batch import AND, NO, OR, YES

if TYPE_CHECKING:
    from ncpi_rules.batch import Wiring

Value: TypeAlias = Any
"""A value of an Ibis expression: Ibis makes its classes' operators when the program runs."""

_LEAF: Final = "leaf"


@frozen
class _Node:
    """An action of the circuit, by the places of what it is made from."""

    operation: Any
    operands: tuple[int, ...] = ()


@define
class Planes:
    """The planes of a wiring over the rows of ``table``; what is used twice has a column.

    Otherwise the text of the query would double with every action.
    """

    table: ibis.Table
    _nodes: tuple[_Node, ...]
    _places: Mapping[int, int]
    _columns: dict[int, str] = field(factory=dict)

    def __getitem__(self, plane: int) -> Value:
        """Return a plane that was wanted."""
        if plane in {NO, YES}:
            return ibis.literal(plane == YES)
        return self._says(self._places[plane])

    def _says(self, place: int) -> Value:
        if place in self._columns:
            return self.table[self._columns[place]]
        node = self._nodes[place]
        operands = [self._says(each) for each in node.operands]
        if node.operation is AND:
            return operands[0] & operands[1]
        return operands[0] | operands[1] if node.operation is OR else ~operands[0]


def leaf_name(place: int) -> str:
    """Return the name of the column that holds a leaf of the wiring."""
    return f"plane {place}"


def planes_of(wiring: Wiring, table: ibis.Table) -> Planes:
    """Return the planes of a wiring; ``table`` has its leaves, by their places."""
    nodes: list[_Node] = []
    held: dict[int, int] = {}  # slots are used again: which node is in each by now
    for slot, _ in wiring.leaves:
        held[slot] = len(nodes)
        nodes.append(_Node(_LEAF))
    for operation, operands, slot in wiring.steps:
        nodes.append(_Node(operation, tuple(held[each] for each in operands)))
        held[slot] = len(nodes) - 1
    places = {plane: held[slot] for plane, slot in wiring.slots.items()}

    uses = Counter(each for node in nodes for each in node.operands)
    planes = Planes(table, tuple(nodes), places)
    waiting: dict[int, list[int]] = {}  # the nodes that get a column, by their stage
    stage: list[int] = []
    for place, node in enumerate(nodes):
        if node.operation == _LEAF:
            planes._columns[place] = leaf_name(place)  # noqa: SLF001  it is being made
            stage.append(0)
            continue
        first = max(stage[each] for each in node.operands)
        if uses[place] > 1 or place in places.values():
            waiting.setdefault(first, []).append(place)
            first += 1
        stage.append(first)
    for _, made in sorted(waiting.items()):
        new = {leaf_name(place): planes._says(place) for place in made}  # noqa: SLF001  as above
        planes.table = planes.table.mutate(**new)
        planes._columns |= {place: leaf_name(place) for place in made}  # noqa: SLF001  as above
    return planes
