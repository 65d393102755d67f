"""Which rules of a ruleset apply in which rows, as planes of a circuit.

They are taken from the rows of the decision table, which is made only for the parts that are asked
for, with all facts settled that are the same in every row.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, TypeAlias

import numpy
from attrs import define, field

from ncpi_rules.batch.circuit import NO, YES, Array, Axis, Circuit
from ncpi_rules.batch.schema import Layout, ShiftedDay
from ncpi_rules.core import Happened, Problem, RulesetError
from ncpi_rules.engine import MOST_CELLS, groups_of, part_of, program_for_case
from ncpi_rules.ruleset import Ruleset, program_for

if TYPE_CHECKING:
    from ncpi_rules.engine import Part, Program, RuleGroup

Cells: TypeAlias = "tuple[Array, list[frozenset[str]], list[Axis]]"
"""For each cell of some facts the place of a set of rules that apply; these sets; the facts."""


@define(kw_only=True, slots=False)
class RulePlanes:
    """The planes of facts, events and rules over tables of one layout, each made when asked for."""

    ruleset: Ruleset
    interpretations: Mapping[str, str]
    layout: Layout
    circuit: Circuit = field(factory=Circuit)
    _axes: dict[str, Axis] = field(factory=dict, init=False)
    _cells: dict[str, Cells] = field(factory=dict, init=False)
    _rules: dict[str, int] = field(factory=dict, init=False)

    @cached_property
    def _events(self) -> dict[str, tuple[bool, bool]]:
        return {event: (empty, not_yet) for event, empty, not_yet in self.layout.events}

    @cached_property
    def _values(self) -> dict[str, tuple[tuple[int, ...], bool]]:
        return {fact: (meaning, empty) for fact, meaning, empty in self.layout.values}

    @cached_property
    def program(self) -> Program:
        """Return the rules that may apply in some row, over the facts that rows may differ in."""
        with_column = self._values.keys() | self._events.keys()
        absent = {
            name: fact.left_out or fact.unknown
            for name, fact in self.ruleset.facts.items()
            if name not in with_column
        }
        return program_for_case(program_for(self.ruleset), absent | dict(self.interpretations))

    @cached_property
    def _groups(self) -> dict[str, RuleGroup]:
        groups = groups_of(self.program, by_outcome=True)
        return {rule: group for group in groups for rule in group.rules}

    # Columns

    def dated(self, event: str) -> int:
        """Return the plane of the rows in which an event has a day."""
        if event not in self._events:
            return NO
        has_empty, _ = self._events[event]
        return self.circuit.leaf("dated", event) if has_empty else YES

    def not_yet(self, event: str) -> int:
        """Return the plane of the rows in which an event is known not to have happened."""
        _, has_not_yet = self._events.get(event, (False, False))
        return self.circuit.leaf("not-yet", event) if has_not_yet else NO

    def known(self, event: str) -> Axis:
        """Return the planes of the rows in which an event is unknown, not yet so and dated."""
        dated, not_yet = self.dated(event), self.not_yet(event)
        return self.circuit.opposite(self.circuit.either(dated, not_yet)), not_yet, dated

    def begun(self) -> Axis:
        """Return the planes of the rows in which the follow-up has not begun, and has begun."""
        circuit, first = self.circuit, self.ruleset.settings.selected_by
        _, not_yet, dated = self.known(first)
        to_come = circuit.both(dated, circuit.opposite(circuit.leaf("happened", first)))
        return circuit.either_way(circuit.either(not_yet, to_come))[::-1]

    def beyond(self, event: str, day: ShiftedDay, *, is_floor: bool) -> int:
        """Return the plane of the rows in which an event is beyond a shifted day.

        Where the anchor of that day is still to come, it is counted from that of the assessment.
        """
        _, not_yet, dated = self.known(day.anchor)
        return self.circuit.either(
            self.circuit.both(dated, self.circuit.leaf("beyond", event, day, is_floor)),
            self.circuit.both(not_yet, self.circuit.leaf("beyond-to-come", event, day, is_floor)),
        )

    def axis(self, fact: str) -> Axis:
        """Return the plane of each value of a fact that a column gives or that rules decide."""
        if fact not in self._axes:
            if fact in self.program.decided:
                self._axes[fact] = self._decided(fact)
            elif fact in self._values:
                self._axes[fact] = self._given(fact)
            else:
                self._axes[fact] = self._happened(fact)
        return self._axes[fact]

    def _given(self, name: str) -> Axis:
        circuit, fact = self.circuit, self.ruleset.facts[name]
        meaning, has_empty = self._values[name]
        digits = [
            circuit.leaf("digit", name, digit)
            for digit in range(max(len(meaning) - 1, 0).bit_length())
        ]
        codes = []
        for code in range(len(meaning)):
            plane = YES
            for place, digit in enumerate(digits):
                wanted = digit if code >> place & 1 else circuit.opposite(digit)
                plane = circuit.both(plane, wanted)
            codes.append(plane)
        valid = circuit.leaf("valid", name) if has_empty else YES
        planes = [
            circuit.both(
                valid,
                circuit.any_of(p for p, to in zip(codes, meaning, strict=True) if to == value),
            )
            for value in range(len(fact.values))
        ]
        unknown = list(fact.values).index(fact.unknown)
        planes[unknown] = circuit.either(planes[unknown], circuit.opposite(valid))
        return tuple(planes)

    def _happened(self, name: str) -> Axis:
        circuit, fact = self.circuit, self.ruleset.facts[name]
        dated, happened = self.dated(name), circuit.leaf("happened", name)
        planes = {
            Happened.YES.value: circuit.both(dated, happened),
            Happened.NO.value: circuit.either(
                self.not_yet(name), circuit.both(dated, circuit.opposite(happened))
            ),
        }
        rest = circuit.opposite(circuit.any_of(planes.values()))
        return tuple(
            rest if value == fact.unknown else planes.get(value, NO) for value in fact.values
        )

    # Rules

    def _decided(self, fact: str) -> Axis:
        values = self.program.decided[fact]
        cells, sets, axes = self.cells_deciding(fact)
        settled = [values.index(self.program.settle(fact, rules)) for rules in sets]
        places = numpy.array(settled)[cells]
        return tuple(self.circuit.where(places == place, axes) for place in range(len(values)))

    def cells_deciding(self, fact: str) -> Cells:
        """Return which rules apply in each cell, of those that decide a fact and some others."""
        for rule in self.program.rules:
            if rule.concludes and rule.concludes[0] == fact:
                return self._cells_of(rule.id)
        return numpy.array(0), [frozenset()], []

    def _cells_of(self, rule: str) -> Cells:
        """Return which rules apply in each cell, for a rule and others that test the same facts."""
        if rule not in self._cells:
            # The ruleset's own program has the rows: other layouts and interpretations share them.
            group, derived = self._groups[rule], program_for(self.ruleset).derived
            part: Part = derived.get(group) or derived.remember(group, part_of(group))
            shape = [len(values) for values in part.values.values()]
            if not part.rows:
                raise RulesetError(
                    Problem(
                        place=min(part.rules),
                        message=f"This rule and {len(part.rules) - 1} others test so many facts "
                        f"with columns that {prod(shape):,} combinations would have to be listed; "
                        f"the most are {MOST_CELLS:,}.",
                        help="Leave out the columns of facts that are the same in every row.",
                    )
                )
            sets: dict[frozenset[str], int] = {}
            places = numpy.array([sets.setdefault(row, len(sets)) for row in part.rows])
            axes = [self.axis(fact) for fact in part.values]
            cells = places.reshape(shape), list(sets), axes
            self._cells |= dict.fromkeys(part.rules, cells)
        return self._cells[rule]

    def plane(self, rule: str) -> int:
        """Return the plane of the rows in which a rule applies.

        Raises RulesetError where it and others test so many facts with columns that their cases
        cannot be listed.
        """
        if rule not in self._groups:
            return NO
        if rule not in self._rules:
            cells, sets, axes = self._cells_of(rule)
            applies = numpy.array([rule in rules for rules in sets])[cells]
            self._rules[rule] = self.circuit.where(applies, axes)
        return self._rules[rule]
