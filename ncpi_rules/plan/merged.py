"""The parts of a plan with several revisits: what was owed of each, in the order of the process.

Of an earlier revisit the plan keeps what somebody owes: required actions and deadlines, with the
alerts about these. Its optional actions ended with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import asdict, evolve, frozen

from ncpi_rules.core import DECIDED, UNKNOWN, PartialDate, lower_first, remembered, sentence
from ncpi_rules.facts import NamedDecision
from ncpi_rules.plan.document import Alert, PlanRevisit
from ncpi_rules.plan.inputs import context_of
from ncpi_rules.plan.parts import PlanParts
from ncpi_rules.plan.revisits import RevisitsOn
from ncpi_rules.plan.statuses import describe_when
from ncpi_rules.ruleset import OutcomeRule, cited

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Protocol, TypeVar

    from ncpi_rules.deadlines import Deadline
    from ncpi_rules.facts import RecordedDecision
    from ncpi_rules.plan.document import (
        Action,
        DocumentRequest,
        Grounds,
        InterpretationTaken,
        PlanDeadline,
        PlanDocument,
        PlanItem,
        PlanOutcome,
        Question,
    )
    from ncpi_rules.plan.inputs import StillUnknown
    from ncpi_rules.plan.templates import Offices

    class _WithId(Protocol):
        @property
        def id(self) -> str: ...

    T = TypeVar("T", bound=_WithId)


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class SeveralParts:
    """The parts of a plan that has several revisits, or of which something cannot be told.

    ``own`` are those of the current revisit, ``earlier`` those of each before it.
    """

    own: PlanParts
    earlier: tuple[PlanParts, ...]
    known: RevisitsOn

    @property
    def offices(self) -> Offices:
        """Return the offices of the subject on the day."""
        return self.own.offices

    @property
    def outcomes(self) -> dict[str, PlanOutcome]:
        """Return every outcome of the current revisit, by its id."""
        return self.own.outcomes

    @remembered
    def schedule(self) -> tuple[Deadline, ...]:
        """Return the deadlines as constraints between events, in the order of ``deadlines``."""
        rules = self.own.repeating.rules
        return self._merged(lambda of: of.schedule, lambda deadline: deadline.id in rules)

    @remembered
    def required_actions(self) -> tuple[Action, ...]:
        """Return what must, usually is or is expected to be done."""
        return self._merged(lambda of: of.required_actions, _repeats)

    @property
    def optional_actions(self) -> tuple[Action, ...]:
        """Return the actions that are likely or allowed."""
        return self.own.optional_actions

    @property
    def documents(self) -> tuple[DocumentRequest, ...]:
        """Return the documents that may be asked for."""
        return self.own.documents

    @remembered
    def deadlines(self) -> tuple[PlanDeadline, ...]:
        """Return the deadlines."""
        return self._merged(lambda of: of.deadlines, _repeats)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return the questions that the follow-up is to answer."""
        return self.own.questions

    @remembered
    def alerts(self) -> tuple[Alert, ...]:
        """Return what a reader should know besides; what cannot be told of revisits comes first."""
        return (*self._notes(), *self._merged(lambda of: of.alerts, _repeats))

    @remembered
    def unknown(self) -> tuple[StillUnknown, ...]:
        """Return the facts, then the dates, that are not known."""
        events = self.own.repeating.events
        earlier = (date for of in self.earlier for date in of.unknown_dates if date.fact in events)
        return (*self.own.unknown, *earlier)

    @remembered
    def interpretations(self) -> tuple[InterpretationTaken, ...]:
        """Return the open questions on which some part of the plan rests, with their answers."""
        return self.own.interpretations_of(self.cited)

    @property
    def cited(self) -> tuple[Grounds, ...]:
        """Return every part of the plan that has grounds."""
        several = (*self.revisits, *self.required_actions, *self.deadlines, *self.alerts)
        return (*self.own.cited, *several)

    @remembered
    def revisits(self) -> tuple[PlanRevisit, ...]:
        """Return the revisits, each with the outcome that was fixed for it."""
        return tuple(map(_revisit, (*self.earlier, self.own))) if self.earlier else ()

    @remembered
    def document(self) -> PlanDocument:
        """Return the whole plan."""
        return evolve(
            self.own.document,
            revisits=self.revisits,
            required_actions=self.required_actions,
            deadlines=self.deadlines,
            alerts=self.alerts,
            unknown=self.unknown,
            interpretations=self.interpretations,
            **context_of(self.own.follow_up, self.own.decision.ruleset, self.cited),
        )

    def _merged(
        self, items_of: Callable[[PlanParts], tuple[T, ...]], repeats: Callable[[T], bool]
    ) -> tuple[T, ...]:
        """Return items, those of earlier revisits before the first that repeats."""
        own = self._counted_from_the_first(items_of)
        place = next((at for at, item in enumerate(own) if repeats(item)), len(own))
        earlier = (item for of in self.earlier for item in items_of(of) if repeats(item))
        return (*own[:place], *earlier, *own[place:])

    def _counted_from_the_first(self, items_of: Callable[[PlanParts], tuple[T, ...]]) -> list[T]:
        """Return the items of the current revisit, those owed once as they were at the first.

        Something owed once is counted from the first revisit, such as an update that must have come
        before HMICFRS goes back to the force.
        """
        own, ids = items_of(self.own), self._once_by_a_revisit
        if not (ids and self.earlier):
            return list(own)
        first = {item.id: item for item in items_of(self.earlier[0]) if item.id in ids}
        items = [first.pop(item.id, None) if item.id in ids else item for item in own]
        return [*first.values(), *(item for item in items if item is not None)]

    @remembered
    def _once_by_a_revisit(self) -> frozenset[str]:
        """Return the ids of what is owed once and counted from an event of a revisit."""
        repeating = self.own.repeating
        deadlines = {
            deadline.id: deadline.rule.event
            for deadline in self.own.schedule
            if deadline.id not in repeating.rules
            and any(bound.anchor in repeating.events for bound in deadline.rule.bounds)
        }
        actions = self.own.required_actions
        return frozenset(
            [
                *deadlines,
                *(f"alert.{id_}" for id_ in deadlines),
                *(action.id for action in actions if action.event in deadlines.values()),
            ]
        )

    def _notes(self) -> Iterator[Alert]:
        ruleset = self.own.decision.ruleset
        repeats = ruleset.repeats
        if repeats is None:
            return
        rules = ruleset.of_kind(OutcomeRule)
        statements = cited(rule for rule in rules if rule.decides == repeats.fixes)
        name_of = self.own.repeating.name_of
        unclear = sorted((number, self._described(of)) for of, number in self.known.unclear)
        for at, (number, decision) in enumerate(unclear, 1):
            whose = lower_first(name_of(number)) if self.earlier else repeats.title
            text = (
                f"It cannot be told whether this was decided before the {whose} began, or "
                f"opens another {repeats.title}: {decision}. "
            )
            text += (
                "What follows from it is left open for both."
                if self.earlier
                else "It is taken to have been decided before."
            )
            yield Alert.of(f"revisit-not-certain.{at}", text, statements)
        unassigned = sorted(
            (f"{self._described(waiver)}, of {waiver.of}", waiver.revisit)
            for waiver in self.known.unassigned
        )
        for at, (waiver, revisit) in enumerate(unassigned, 1):
            why = f"It is not recorded which {repeats.title} this is about"
            if revisit:
                which = lower_first(name_of(int(revisit)))
                why = f"By this day nothing has opened a {which}, which this is about"
            text = f"{why}, so it is taken to be about none: {waiver}."
            yield Alert.of(f"revisit-not-said.{at}", text, statements)
        for number in self.known.to_come:
            text = (
                f"A {lower_first(name_of(number))} is recorded, but by this day nothing has opened "
                "it; this plan is about the one before it."
            )
            yield Alert.of(f"revisit-to-come.{number}", text, statements)
        for earlier in self.revisits[:-1]:
            if earlier.value is None:
                text = (
                    f"It is not known what the {lower_first(earlier.name)} was when it began, so "
                    "what was owed of it is not complete here."
                )
                yield Alert.of(f"revisit-not-known.{earlier.number}", text, statements)

    def _described(self, decision: RecordedDecision) -> str:
        """Return a decision in words: what it is, what was chosen, who decided, and when."""
        ruleset, what = self.own.decision.ruleset, decision.kind
        name = ruleset.contract.name(f"decisions.{decision.kind}")
        if name and isinstance(decision, NamedDecision):
            what = lower_first(ruleset.facts[name].title)
            if decision.value != DECIDED:
                chosen = ruleset.facts[name].labels.get(decision.value, decision.value)
                what = f"{what} ({lower_first(chosen)})"
        by = () if decision.by is UNKNOWN else (f"by {decision.by}",)
        return ", ".join([what, *by, describe_when(decision.on)])


def _repeats(item: PlanItem) -> bool:
    return item.revisit is not None


def _revisit(of: PlanParts) -> PlanRevisit:
    """Return a revisit, with what was fixed for it."""
    repeats = of.repeating.ruleset.repeats
    assert repeats is not None  # noqa: S101  there are several revisits
    outcome = of.outcomes[repeats.fixes]
    begins = of.dates.events.get(repeats.begins, UNKNOWN)
    return PlanRevisit(
        **asdict(outcome, recurse=False),
        id=f"{repeats.title}.{of.number}",
        number=of.number,
        name=of.name,
        sentence=sentence(f"{of.name}: {outcome.label}"),
        begins=PartialDate.between(begins.start, begins.end)
        if isinstance(begins, PartialDate)
        else None,
    )
