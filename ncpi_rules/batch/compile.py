"""From a ruleset to the circuit that sweeps columns, and the columns that come out.

Which rules apply is taken from the one table, what becomes of deadlines from the schedule;
here they are only wired up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy
from attrs import field, frozen

from ncpi_rules.batch.circuit import NO, YES, Circuit, Wiring
from ncpi_rules.batch.rule_planes import Holding
from ncpi_rules.batch.schema import DaysLate, Flag, LastDayOf, Layout, Output, ValueOf, planes_of
from ncpi_rules.batch.status_tables import STATUSES, WORST, told_of
from ncpi_rules.core import Basis, LastDay, Modality
from ncpi_rules.engine import common, table_of
from ncpi_rules.ruleset import (
    ActionRule,
    AlertRule,
    DeadlineRule,
    DocumentRule,
    OutcomeRule,
    QuestionRule,
    Rule,
    answers,
    decide,
    decided_by,
    program_for,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from ncpi_rules.batch.circuit import Array, Axis
    from ncpi_rules.engine import Box
    from ncpi_rules.ruleset import Bound, Ruleset

_STANDINGS: Final = tuple(Basis)
_MODALITIES: Final = tuple(Modality)


@frozen(kw_only=True)
class Compiled:
    """The wired circuit of a ruleset, interpretations and a layout, with its output columns.

    ``rules`` has the plane of each rule, where they were asked for.
    """

    wiring: Wiring = field(repr=False)
    outputs: tuple[Output, ...]
    rules: Mapping[str, int]
    policy: LastDay


def compiled(
    ruleset: Ruleset,
    interpretations: Mapping[str, str] | None,
    layout: Layout,
    *,
    rules: bool = False,
    only: Collection[str] | None = None,
) -> Compiled:
    """Return the circuit for columns of this layout; ``only`` names the columns that are wanted.

    Raises UnknownItemError for an interpretation, RulesetError where the rules of one part test so
    many facts with columns that their cases cannot be listed.
    """
    holding = Holding(
        ruleset=ruleset, interpretations=answers(ruleset, interpretations), layout=layout
    )
    holding.take_columns()
    holding.settle()
    every = _Outputs(rules=holding).every()
    outputs = tuple(each for each in every if only is None or each.name in only)
    ids = {id_: holding.holds(id_) for id_ in ruleset.rules} if rules else {}
    return Compiled(
        wiring=holding.circuit.wired(sorted({*ids.values()}.union(*map(planes_of, outputs)))),
        outputs=outputs,
        rules=ids,
        policy=decide(ruleset, {}, interpretations=interpretations, engine="reference").last_day,
    )


@frozen(kw_only=True)
class _Outputs:
    """The columns that come out; which there are depends on the ruleset alone."""

    rules: Holding

    @property
    def circuit(self) -> Circuit:
        return self.rules.circuit

    @property
    def ruleset(self) -> Ruleset:
        return self.rules.ruleset

    def every(self) -> Iterator[Output]:
        """Yield the columns: which there are depends on the ruleset alone."""
        yield from self._outcomes()
        steps = self.ruleset.of_kind(ActionRule)
        for kind, is_optional in (("action", False), ("option", True)):
            for activity in self.ruleset.activities:
                rules = [
                    rule
                    for rule in steps
                    if rule.does == activity and rule.modality.is_optional is is_optional
                ]
                yield from self._by_modality(f"{kind}.{activity}", rules)
        documents = self.ruleset.of_kind(DocumentRule)
        for name in self.ruleset.documents:
            rules = [rule for rule in documents if rule.document == name]
            yield from self._by_modality(f"document.{name}", rules)
        for event in self.ruleset.events:
            yield from self._deadlines(event)
        for kind_of, prefix in ((QuestionRule, "question."), (AlertRule, "alert.")):
            for rule in self.ruleset.of_kind(kind_of):
                name = prefix + rule.id.removeprefix(prefix)
                yield Flag(name=name, plane=self.rules.holds(rule.id))

    def _outcomes(self) -> Iterator[Output]:
        program = program_for(self.ruleset)
        for name, outcome in self.ruleset.outcomes.items():
            values = tuple(outcome.values)
            axis = self.rules.axes.get(name)
            if axis is None:
                value = self.rules.fixed[name]
                axis = tuple(YES if place == value else NO for place in range(len(values)))
            digits = self.circuit.digits(dict(enumerate(axis)))
            yield ValueOf(name=name, values=values, digits=digits)
            rules = [r for r in self.ruleset.of_kind(OutcomeRule) if r.decides == name]
            cells, fired, axes = (
                self.rules.tables[rules[0].id]
                if rules
                else (numpy.array(0), [frozenset[str]()], [])
            )
            became = [
                decided_by(
                    name,
                    outcome.none,
                    program.settle(name, each),
                    [rule for rule in rules if rule.id in each],
                )
                for each in fired
            ]
            codes = numpy.array([_STANDINGS.index(each.basis) for each in became])[cells]
            yield ValueOf(
                name=f"{name}.basis",
                values=tuple(each.value for each in _STANDINGS),
                digits=self.circuit.bits(codes, axes),
            )
            silent = numpy.array([not each.rules for each in became])[cells]
            yield Flag(name=f"not-covered.{name}", plane=self.circuit.where(silent, axes))

    def _by_modality(self, name: str, rules: Sequence[Any]) -> Iterator[Output]:
        """Yield whether one of the rules holds, and the strongest modality of those that do."""
        if not rules:
            return
        circuit = self.circuit
        some = [each for each in _MODALITIES if any(rule.modality is each for rule in rules)]
        planes = [
            circuit.any_of(self.rules.holds(rule.id) for rule in rules if rule.modality is each)
            for each in some
        ]
        told = circuit.any_of(planes)
        yield Flag(name=name, plane=told)
        yield ValueOf(
            name=f"{name}.modality",
            values=tuple(each.value for each in some),
            digits=circuit.digits(dict(enumerate(circuit.worst(planes)))),
            told=told,
        )

    # Deadlines

    def _deadlines(self, event: str) -> Iterator[Output]:
        rules = [rule for rule in self.ruleset.of_kind(DeadlineRule) if rule.event == event]
        if not rules:
            return
        circuit = self.circuit
        alike: dict[tuple[Bound, ...], list[DeadlineRule]] = {}
        for rule in rules:
            if self.rules.holds(rule.id) != NO:
                alike.setdefault(rule.bounds, []).append(rule)
        holding = [circuit.any_of(self.rules.holds(r.id) for r in each) for each in alike.values()]
        told = circuit.any_of(holding)
        status: list[tuple[Array, list[Axis]]] = []
        due, late = NO, NO
        last_days: list[tuple[int, Bound]] = []
        for bounds, holds in zip(alike, holding, strict=True):
            says = told_of(tuple((bound.is_floor, bound.is_order) for bound in bounds))
            axes = self._axes_of(event, bounds)
            status.append((says.status, axes))
            due = circuit.either(due, circuit.both(holds, circuit.where(says.due, axes)))
            late = circuit.either(late, circuit.both(holds, circuit.where(says.late, axes)))
            last_days.extend(
                (plane, bound)
                for bound in bounds
                if not (bound.is_floor or bound.is_order)
                and (plane := circuit.both(holds, self.rules.dated[bound.anchor])) != NO
            )
        yield ValueOf(
            name=f"{event}.status",
            values=tuple(each.value for each in STATUSES),
            digits=self._digits(status, holding, exclusive=not self._meet(list(alike.values()))),
            told=told,
        )
        if any(not (b.is_floor or b.is_order) for rule in rules for b in rule.bounds):
            last = LastDayOf(name=f"{event}.due", bounds=tuple(last_days), told=due)
            yield last
            yield DaysLate(name=f"{event}.late-by", event=event, due=last, told=late)

    def _axes_of(self, event: str, bounds: Sequence[Bound]) -> list[Axis]:
        circuit = self.circuit
        dated, not_yet = self.rules.dated[event], self.rules.not_yet[event]
        unknown = circuit.opposite(circuit.either(dated, not_yet))
        happened = circuit.leaf("happened", event)
        axes: list[Axis] = [(unknown, not_yet, dated), (circuit.opposite(happened), happened)]
        for bound in bounds:
            known = self.rules.dated[bound.anchor]
            beyond = circuit.leaf("beyond", event, bound)
            axes += [(circuit.opposite(known), known), (circuit.opposite(beyond), beyond)]
        return axes

    def _digits(
        self, status: list[tuple[Array, list[Axis]]], holding: list[int], *, exclusive: bool
    ) -> tuple[int, ...]:
        """Return the digits of the status; of several that hold, the worst is told."""
        circuit = self.circuit
        if not status:
            return ()
        if len(status) == 1:
            return circuit.bits(*status[0])
        if exclusive:
            each = [circuit.bits(*one) for one in status]
            return tuple(
                circuit.any_of(
                    circuit.both(holds, bits[digit])
                    for holds, bits in zip(holding, each, strict=True)
                    if digit < len(bits)
                )
                for digit in range(max(len(bits) for bits in each))
            )
        planes = [
            circuit.any_of(
                circuit.both(holds, circuit.where(table == STATUSES.index(value), axes))
                for holds, (table, axes) in zip(holding, status, strict=True)
            )
            for value in WORST
        ]
        found = dict(zip(map(STATUSES.index, WORST), circuit.worst(planes), strict=True))
        return circuit.digits(found)

    def _meet(self, groups: Sequence[Sequence[Rule]]) -> bool:
        """Return True where rules of two of the groups may hold in one case."""
        holds = table_of(program_for(self.ruleset)).regions.holds

        def region(rules: Sequence[Rule]) -> list[Box]:
            return list(
                common([self.rules.given], (box for rule in rules for box in holds[rule.id]))
            )

        return any(
            next(common(region(one), region(other)), None) is not None
            for place, one in enumerate(groups)
            for other in groups[:place]
        )
