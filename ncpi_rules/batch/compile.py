"""From a ruleset to the circuit that sweeps a table, and the columns that come out.

Which rules apply is taken from the decision table, and the status of deadlines from the schedule.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy
from attrs import field, frozen

from ncpi_rules.batch.circuit import NO, Axis, Wiring
from ncpi_rules.batch.dates import impossible_dates, outside_the_edition
from ncpi_rules.batch.rule_planes import RulePlanes
from ncpi_rules.batch.schema import (
    DaysLateOutput,
    DueDateOutput,
    FlagOutput,
    Layout,
    Output,
    ShiftedDay,
    ValueOutput,
)
from ncpi_rules.batch.status_tables import STATUSES, StatusTables, status_tables
from ncpi_rules.core import NOT_MET, WORST, Basis, DueDatePolicy, Modality
from ncpi_rules.engine import common, regions_of
from ncpi_rules.ruleset import (
    DUE_DATE_NOT_WORKING,
    ActionRule,
    AlertRule,
    Bound,
    DeadlineRule,
    DecidedOutcome,
    DocumentRule,
    OutcomeRule,
    QuestionRule,
    Rule,
    answers,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ncpi_rules.batch.circuit import Array, Circuit
    from ncpi_rules.ruleset import Ruleset

_BASES: Final = tuple(Basis)
_MODALITIES: Final = tuple(Modality)

Recipe: TypeAlias = "tuple[type[Output], Callable[[], Output]]"
"""The class of a column that comes out, and the function that compiles it."""


@frozen(kw_only=True)
class CompiledSweep:
    """The circuit of a ruleset, interpretations and a layout, with the columns that come out.

    ``rules`` has the plane of each rule, where they were asked for; ``policy`` says what becomes of
    a due date that is not a working day.
    """

    wiring: Wiring = field(repr=False)
    outputs: Mapping[str, Output]
    rules: Mapping[str, int]
    policy: DueDatePolicy


def compile_sweep(
    ruleset: Ruleset,
    interpretations: Mapping[str, str] | None,
    layout: Layout,
    *,
    rules: bool = False,
    only: Collection[str] | None = None,
) -> CompiledSweep:
    """Return the circuit for tables of this layout, with the columns in ``only``, or with all.

    Raises UnknownItemError for an interpretation, RulesetError where the rules of one part test so
    many facts with columns that their cases cannot be listed.
    """
    chosen = answers(ruleset, interpretations)
    setting = ruleset.choice(DUE_DATE_NOT_WORKING)
    policy = DueDatePolicy(chosen.get(setting, setting))
    planes = RulePlanes(ruleset=ruleset, interpretations=chosen, layout=layout)
    recipes = OutputCompiler(rules=planes, policy=policy).recipes()
    outputs = {name: make() for name, (_, make) in recipes if only is None or name in only}
    ids = {
        id_: planes.circuit.any_of(planes.plane(rule.id) for rule in cases)
        for id_, cases in (ruleset.cases.items() if rules else ())
    }
    wanted = {*ids.values()}.union(*(output.planes for output in outputs.values()))
    return CompiledSweep(
        wiring=planes.circuit.wired(sorted(wanted)), outputs=outputs, rules=ids, policy=policy
    )


def output_types(ruleset: Ruleset) -> dict[str, type[Output]]:
    """Return the class of each column that a sweep can give; nothing is compiled."""
    nothing = RulePlanes(ruleset=ruleset, interpretations={}, layout=Layout(values=(), events=()))
    recipes = OutputCompiler(rules=nothing, policy=DueDatePolicy.STANDS).recipes()
    return {name: kind for name, (kind, _) in recipes}


@frozen(kw_only=True)
class DeadlineGroup:
    """Deadlines of one event with the same bounds, the plane of their rules, and their tables.

    ``axes`` are the planes of the axes of the status tables.
    """

    rules: tuple[DeadlineRule, ...]
    bounds: tuple[Bound, ...]
    plane: int
    axes: list[Axis]

    @property
    def tables(self) -> StatusTables:
        """Return the status tables for bounds of this shape."""
        return status_tables(tuple(bound.is_floor for bound in self.bounds))

    def where(self, circuit: Circuit, table: Array) -> int:
        """Return the plane in which its rules apply and a truth table over its axes is true."""
        return circuit.both(self.plane, circuit.where(table, self.axes))


@frozen(kw_only=True)
class OutputCompiler:
    """The columns that come out: which there are depends on the ruleset alone."""

    rules: RulePlanes
    policy: DueDatePolicy
    _shifted: dict[Hashable, ShiftedDay] = field(factory=dict, init=False)
    _groups: dict[str, list[DeadlineGroup]] = field(factory=dict, init=False)

    @property
    def ruleset(self) -> Ruleset:
        """Return the ruleset whose columns these are."""
        return self.rules.ruleset

    @property
    def circuit(self) -> Circuit:
        """Return the circuit into which the columns are compiled."""
        return self.rules.circuit

    def recipes(self) -> Iterator[tuple[str, Recipe]]:
        """Yield the name of each column, with its class and what compiles it."""
        for outcome in self.ruleset.outcomes:
            yield outcome, (ValueOutput, partial(self._outcome, outcome))
            yield f"{outcome}.basis", (ValueOutput, partial(self._basis, outcome))
            yield f"not-covered.{outcome}", (FlagOutput, partial(self._not_covered, outcome))
        actions = self.ruleset.of_kind(ActionRule)
        for prefix, is_optional in (("action", False), ("option", True)):
            for activity in self.ruleset.activities:
                rules = [
                    rule
                    for rule in actions
                    if rule.does == activity and rule.modality.is_optional is is_optional
                ]
                yield from self._item(f"{prefix}.{activity}", rules)
        documents = self.ruleset.of_kind(DocumentRule)
        for document in self.ruleset.documents:
            rules = [rule for rule in documents if rule.document == document]
            yield from self._item(f"document.{document}", rules)
        deadlines = self.ruleset.of_kind(DeadlineRule)
        by_event = {
            event: [rule for rule in deadlines if rule.event == event]
            for event in self.ruleset.events
        }
        for event, rules in by_event.items():
            yield from self._deadline(event, rules)
        for kind, prefix in ((QuestionRule, "question."), (AlertRule, "alert.")):
            for id_, cases in self.ruleset.cases.items():
                if isinstance(cases[0], kind):
                    name = prefix + id_.removeprefix(prefix)
                    yield name, (FlagOutput, partial(self._flag, cases))
        yield from self._without_rule(by_event)

    def _flag(self, rules: Sequence[Rule]) -> FlagOutput:
        """Return where one of some rules applies."""
        return FlagOutput(plane=self.circuit.any_of(self.rules.plane(rule.id) for rule in rules))

    # Outcomes

    def _outcome(self, name: str) -> ValueOutput:
        digits = self.circuit.digits(dict(enumerate(self.rules.axis(name))))
        return ValueOutput(values=tuple(self.ruleset.outcomes[name].values), digits=digits)

    def _decisions(self, name: str) -> Iterator[Any]:
        """Yield what becomes of an outcome, for each set of rules that decide it together."""
        none = self.ruleset.outcomes[name].none
        deciding = [rule for rule in self.ruleset.of_kind(OutcomeRule) if rule.decides == name]
        for applying in self.rules.cells_deciding(name)[1]:
            value = self.rules.program.settle(name, applying)
            yield DecidedOutcome.of(name, none, value, [r for r in deciding if r.id in applying])

    def _basis(self, name: str) -> ValueOutput:
        cells, _, axes = self.rules.cells_deciding(name)
        codes = [_BASES.index(decision.basis) for decision in self._decisions(name)]
        digits = self.circuit.bits(numpy.array(codes)[cells], axes)
        return ValueOutput(values=tuple(basis.value for basis in _BASES), digits=digits)

    def _not_covered(self, name: str) -> FlagOutput:
        cells, _, axes = self.rules.cells_deciding(name)
        silent = [not decision.rules for decision in self._decisions(name)]
        return FlagOutput(plane=self.circuit.where(numpy.array(silent)[cells], axes))

    # Actions and documents

    def _item(self, name: str, rules: Sequence[Any]) -> Iterator[tuple[str, Recipe]]:
        """Yield whether one of some rules applies, and the strongest modality of those that do."""
        if rules:
            yield name, (FlagOutput, partial(self._flag, rules))
            yield f"{name}.modality", (ValueOutput, partial(self._modality, rules))

    def _modality(self, rules: Sequence[Any]) -> ValueOutput:
        used = [m for m in _MODALITIES if any(rule.modality is m for rule in rules)]
        planes = [self._flag([rule for rule in rules if rule.modality is m]).plane for m in used]
        return ValueOutput(
            values=tuple(modality.value for modality in used),
            digits=self.circuit.digits(dict(enumerate(self.circuit.worst(planes)))),
            valid=self.circuit.any_of(planes),
        )

    # Deadlines

    def _deadline(self, event: str, rules: Sequence[DeadlineRule]) -> Iterator[tuple[str, Recipe]]:
        if rules:
            yield f"{event}.status", (ValueOutput, partial(self._status, event, rules))
        if any(not bound.is_floor for rule in rules for bound in rule.bounds):
            yield f"{event}.due", (DueDateOutput, partial(self._due, event, rules))
            yield f"{event}.late-by", (DaysLateOutput, partial(self._late, event, rules))

    def _grouped(self, event: str, rules: Sequence[DeadlineRule]) -> list[DeadlineGroup]:
        if event not in self._groups:
            alike: dict[tuple[Bound, ...], list[DeadlineRule]] = {}
            for rule in rules:
                if self.rules.plane(rule.id) != NO:
                    alike.setdefault(rule.bounds, []).append(rule)
            self._groups[event] = [
                DeadlineGroup(
                    rules=tuple(group),
                    bounds=bounds,
                    plane=self._flag(group).plane,
                    axes=self._axes(event, bounds),
                )
                for bounds, group in alike.items()
            ]
        return self._groups[event]

    def _axes(self, event: str, bounds: Sequence[Bound]) -> list[Axis]:
        circuit, rules = self.circuit, self.rules
        happened = circuit.leaf("happened", event)
        axes = [rules.begun(), rules.known(event), circuit.either_way(happened)]
        for bound in bounds:
            beyond = rules.beyond(event, self._shifted_day(bound), is_floor=bound.is_floor)
            axes += [rules.known(bound.anchor), circuit.either_way(beyond)]
        return axes

    def _shifted_day(self, bound: Bound) -> ShiftedDay:
        """Return the day to which a bound leads: one object for all bounds that lead there."""
        is_moved = bound.moves(self.policy)
        days = None if is_moved else bound.fixed
        rest = (
            (bound.period, bound.direction, bound.with_day, bound.days, is_moved, bound.calendar)
            if days is None
            else days
        )
        return self._shifted.setdefault((bound.anchor, rest), ShiftedDay(bound=bound, days=days))

    def _status(self, event: str, rules: Sequence[DeadlineRule]) -> ValueOutput:
        circuit, groups = self.circuit, self._grouped(event, rules)
        if len(groups) == 1:
            digits = circuit.bits(groups[0].tables.status, groups[0].axes)
        elif not self._overlap(groups):
            bits = [circuit.bits(group.tables.status, group.axes) for group in groups]
            digits = tuple(
                circuit.any_of(
                    circuit.both(group.plane, planes[digit])
                    for group, planes in zip(groups, bits, strict=True)
                    if digit < len(planes)
                )
                for digit in range(max(map(len, bits), default=0))
            )
        else:
            places = [STATUSES.index(status) for status in WORST]
            planes = circuit.worst(
                [
                    circuit.any_of(g.where(circuit, g.tables.status == place) for g in groups)
                    for place in places
                ]
            )
            digits = circuit.digits(dict(zip(places, planes, strict=True)))
        return ValueOutput(
            values=tuple(status.value for status in STATUSES),
            digits=digits,
            valid=circuit.any_of(group.plane for group in groups),
        )

    def _overlap(self, groups: Sequence[DeadlineGroup]) -> bool:
        """Return True where rules of two of the groups may apply in one case."""
        applies = regions_of(self.rules.program).applies
        regions = [[box for rule in group.rules for box in applies[rule.id]] for group in groups]
        return any(
            next(common(region, other), None) is not None
            for place, region in enumerate(regions)
            for other in regions[:place]
        )

    def _due(self, event: str, rules: Sequence[DeadlineRule]) -> DueDateOutput:
        circuit, groups = self.circuit, self._grouped(event, rules)
        planes: dict[ShiftedDay, list[int]] = {}
        for group in groups:
            for bound in group.bounds:
                plane = circuit.both(group.plane, self.rules.dated(bound.anchor))
                if not bound.is_floor and plane != NO:
                    planes.setdefault(self._shifted_day(bound), []).append(plane)
        dates = [(circuit.any_of(several), day) for day, several in planes.items()]
        valid = circuit.any_of(group.where(circuit, group.tables.due) for group in groups)
        return DueDateOutput(dates=tuple(dates), valid=valid)

    def _late(self, event: str, rules: Sequence[DeadlineRule]) -> DaysLateOutput:
        circuit, groups = self.circuit, self._grouped(event, rules)
        valid = circuit.any_of(group.where(circuit, group.tables.late) for group in groups)
        return DaysLateOutput(event=event, due=self._due(event, rules), valid=valid)

    # What no rule says

    def _without_rule(
        self, by_event: Mapping[str, Sequence[DeadlineRule]]
    ) -> Iterator[tuple[str, Recipe]]:
        """Yield what a plan says, or a follow-up is refused for, although no rule says so."""
        if any(by_event.values()):
            yield "not-in-time", (FlagOutput, partial(self._not_in_time, by_event))
        if self.ruleset.settings.in_force and self.ruleset.settings.selected_by:
            yield "outside-the-edition", (FlagOutput, partial(outside_the_edition, self.rules))
        if self.ruleset.contract.order:
            yield "impossible-dates", (FlagOutput, partial(impossible_dates, self.rules))

    def _not_in_time(self, by_event: Mapping[str, Sequence[DeadlineRule]]) -> FlagOutput:
        """Return where some deadline is not met."""
        missed = [place for place, status in enumerate(STATUSES) if status in NOT_MET]
        planes = (
            group.where(self.circuit, numpy.isin(group.tables.status, missed))
            for event, rules in by_event.items()
            for group in self._grouped(event, rules)
        )
        return FlagOutput(plane=self.circuit.any_of(planes))
