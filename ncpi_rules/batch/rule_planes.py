"""Which rules of a ruleset hold in which rows, as planes of a circuit.

It is taken from the rows of the one table, what is the same in every row settled
beforehand: interpretations, and facts that have no column.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import TYPE_CHECKING, TypeAlias

import numpy
from attrs import define, field

from ncpi_rules.batch.circuit import NO, YES, Array, Axis, Circuit
from ncpi_rules.batch.schema import Layout
from ncpi_rules.core import Happened, Problem, RulesetError
from ncpi_rules.engine import MOST_CELLS, table_of
from ncpi_rules.ruleset import Ruleset, program_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncpi_rules.engine import Part

Cells: TypeAlias = "tuple[Array, list[frozenset[str]], list[Axis]]"
"""For each cell of the facts that have columns, the rules that apply; the sets; the facts."""


@define(kw_only=True)
class Holding:
    """Which rules apply, as planes; ``axes`` has the plane of each word of each fact.

    ``fixed`` are the places of the words that are the same in every row, ``given`` these words;
    ``dated`` and ``not_yet`` are the planes of what is known of each event.
    """

    ruleset: Ruleset
    interpretations: Mapping[str, str]
    layout: Layout
    circuit: Circuit = field(factory=Circuit)
    axes: dict[str, Axis] = field(factory=dict)
    fixed: dict[str, int] = field(factory=dict)
    dated: dict[str, int] = field(factory=dict)
    not_yet: dict[str, int] = field(factory=dict)
    tables: dict[str, Cells] = field(factory=dict)
    given: dict[str, frozenset[str]] = field(factory=dict)

    # What is given

    def take_columns(self) -> None:
        """Find the plane of each word of each fact, and what is known of each event."""
        circuit = self.circuit
        for event in self.ruleset.events:
            self.dated[event] = self.not_yet[event] = NO
        for event, empty, has_not_yet in self.layout.events:
            self.dated[event] = circuit.leaf("dated", event) if empty else YES
            if has_not_yet:
                self.not_yet[event] = circuit.leaf("not-yet", event)
        for fact, meaning, empty in self.layout.values:
            self.axes[fact] = self._axis(fact, meaning, empty=empty)
        for name, each in self.ruleset.facts.items():
            if name in self.axes:
                continue
            if any(name == event for event, _, _ in self.layout.events):
                self.axes[name] = self._axis_of_event(name)
            else:
                value = each.left_out or each.unknown
                self.fixed[name] = list(each.values).index(value)
                self.given[name] = frozenset({value})
        for name, answer in self.interpretations.items():
            self.fixed[name] = list(self.ruleset.interpretations[name].answers).index(answer)
            self.given[name] = frozenset({answer})

    def _axis(self, name: str, meaning: Sequence[int], *, empty: bool) -> Axis:
        circuit, fact = self.circuit, self.ruleset.facts[name]
        bits = [
            circuit.leaf("digit", name, digit)
            for digit in range(max(len(meaning) - 1, 0).bit_length())
        ]
        codes = []
        for code in range(len(meaning)):
            plane = YES
            for digit, bit in enumerate(bits):
                plane = circuit.both(plane, bit if code >> digit & 1 else circuit.opposite(bit))
            codes.append(plane)
        told = circuit.leaf("told", name) if empty else YES
        planes = [
            circuit.both(
                told, circuit.any_of(p for p, to in zip(codes, meaning, strict=True) if to == value)
            )
            for value in range(len(fact.values))
        ]
        unknown = list(fact.values).index(fact.unknown)
        planes[unknown] = circuit.either(planes[unknown], circuit.opposite(told))
        return tuple(planes)

    def _axis_of_event(self, name: str) -> Axis:
        circuit, fact = self.circuit, self.ruleset.facts[name]
        dated, happened = self.dated[name], circuit.leaf("happened", name)
        planes = {
            Happened.YES.value: circuit.both(dated, happened),
            Happened.NO.value: circuit.either(
                self.not_yet[name], circuit.both(dated, circuit.opposite(happened))
            ),
        }
        rest = circuit.opposite(circuit.any_of(planes.values()))
        return tuple(rest if w == fact.unknown else planes.get(w, NO) for w in fact.values)

    # Which rules apply

    def settle(self) -> None:
        """Take every part of the one table, and settle each decided fact as soon as it can be."""
        program = program_for(self.ruleset)
        waiting = list(table_of(program).parts)
        unsettled = list(program.decided)
        while waiting or unsettled:
            ready = [p for p in waiting if all(f in self.axes or f in self.fixed for f in p.values)]
            waiting = [part for part in waiting if part not in ready]
            for part in ready:
                table = self._table(part)
                self.tables.update(dict.fromkeys(part.rules, table))
            for fact in list(unsettled):
                deciding = [r.id for r in program.rules if r.concludes and r.concludes[0] == fact]
                if any(id_ not in self.tables for id_ in deciding):
                    continue
                unsettled.remove(fact)
                values = program.decided[fact]
                if not deciding:
                    self.fixed[fact] = values.index(program.otherwise[fact])
                    continue
                cells, fired, axes = self.tables[deciding[0]]
                settled = numpy.array([values.index(program.settle(fact, each)) for each in fired])
                table_of_values = settled[cells]
                self.axes[fact] = tuple(
                    self.circuit.where(table_of_values == value, axes)
                    for value in range(len(values))
                )

    def _table(self, part: Part) -> Cells:
        """Return which set of rules holds in each cell, the sets, and the facts with columns."""
        shape = [len(values) for values in part.values.values()]
        axes = [self.axes[fact] for fact in part.values if fact in self.axes]
        fired: dict[frozenset[str], int] = {}
        if part.rows:
            every = numpy.array([fired.setdefault(row, len(fired)) for row in part.rows])
            chosen = tuple(self.fixed.get(fact, slice(None)) for fact in part.values)
            return every.reshape(shape)[chosen], list(fired), axes
        left = [1 if fact in self.fixed else len(values) for fact, values in part.values.items()]
        if prod(left) > MOST_CELLS:
            raise RulesetError(
                Problem(
                    place=min(part.rules),
                    message=f"This rule and {len(part.rules) - 1} others test so many facts with "
                    f"columns that {prod(left):,} combinations would have to be listed.",
                    help="Leave out the columns of facts that are the same in every row.",
                )
            )
        cells = numpy.zeros(left, dtype=numpy.intp)
        for cell in numpy.ndindex(*left):
            case = {
                fact: values[self.fixed.get(fact, place)]
                for (fact, values), place in zip(part.values.items(), cell, strict=True)
            }
            cells[cell] = fired.setdefault(part.at(case), len(fired))
        kept = tuple(0 if fact in self.fixed else slice(None) for fact in part.values)
        return cells[kept], list(fired), axes

    def holds(self, id_: str) -> int:
        """Return the plane of the cases in which a rule applies."""
        cells, fired, axes = self.tables[id_]
        return self.circuit.where(numpy.array([id_ in each for each in fired])[cells], axes)
