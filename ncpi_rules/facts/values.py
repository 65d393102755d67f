"""From the facts of a follow-up to the values that rules test.

A value is the same on every day, or changes only on a day on which one of the dates begins or ends.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import field, frozen

from ncpi_rules.core import NONE_RECORDED, NOT_YET, UNKNOWN, Force, Happened, PartialDate
from ncpi_rules.facts.events import (
    FullReinspection,
    RecordedDecision,
    Suspension,
    TierChosen,
    Variation,
    Waiver,
    happened,
    is_later,
    made,
)
from ncpi_rules.facts.parts import ActionPlan, InspectionReport, Judgement
from ncpi_rules.facts.readers import FactValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.core import When
    from ncpi_rules.facts.parts import Further

OWN_FACTS: Final = (
    "findings",
    "country",
    "immediate-recommendations",
    "action-plan-coverage",
    "areas-of-concern",
    "reinspection",
    "tier-chosen",
    "suspension",
    "prospects",
    "action-plan-review",
)
"""The facts that every follow-up has, in the order of their values."""

OwnValues: TypeAlias = tuple[FactValue, ...]
"""The value of each of these facts."""


@frozen(kw_only=True, eq=False)
class ValuesByDay:
    """The values of a follow-up, worked out once for each period in which they stay the same.

    ``turns`` are the days (ordinals) on which values may change; ``periods`` has the values before
    the first, from each to the next, and from the last on, as far as they were asked for.
    """

    force: Force
    report: InspectionReport
    plan: ActionPlan
    prospects: Judgement
    decisions: Sequence[RecordedDecision]
    turns: array[int] = field(init=False)
    periods: list[OwnValues | None] = field(init=False)

    @turns.default
    def _turns(self) -> array[int]:
        days: set[int] = set()
        dates = (self.prospects.on, self.plan.received, self.plan.reviewed)
        for when in (*dates, *_dates_of(self.decisions)):
            if isinstance(when, PartialDate):
                # What begins counts from its day on, what ends until its day is over.
                days |= {when.start, when.start + 1, when.end, when.end + 1}
        return array("i", sorted(days))

    @periods.default
    def _empty(self) -> list[OwnValues | None]:
        return [None] * (len(self.turns) + 1)

    def on(self, day: int) -> OwnValues:
        """Return the values on a day (an ordinal); UNKNOWN where nothing is known."""
        place = bisect_right(self.turns, day)
        values = self.periods[place]
        if values is None:
            values = self.periods[place] = self._values(day)
        return values

    def _values(self, on: int) -> OwnValues:
        report, plan, decisions = self.report, self.plan, self.decisions
        areas = plan.areas_of_concern
        return (
            report.findings,
            self.force.country.casefold(),
            _immediate_recommendations(report),
            _coverage(report, plan),
            UNKNOWN if areas is UNKNOWN else "some" if areas else "none",
            _reinspection(decisions, on),
            _tier_chosen(decisions, on),
            _suspended(decisions, on),
            _prospects(self.prospects, on),
            _action_plan_review(plan, decisions, on),
        )


def names_used(
    decisions: Sequence[RecordedDecision], further: Further
) -> tuple[tuple[object, str], ...]:
    """Return the names in the facts that a ruleset may lack: tiers, rules, events and facts."""
    if not (decisions or further.facts or further.events):
        return ()
    names: list[tuple[object, str]] = []
    for decision in decisions:
        if isinstance(decision, TierChosen):
            names.append((TierChosen, decision.tier))
        elif isinstance(decision, Waiver | Variation):
            names.append((type(decision), decision.of))
    names += [("fact", name) for name in further.facts]
    names += [("event", name) for name in further.events]
    return tuple(names)


def _dates_of(decisions: Iterable[RecordedDecision]) -> Iterator[When]:
    for decision in decisions:
        yield decision.on
        if isinstance(decision, Suspension):
            yield from (decision.begins, decision.ends)


def _prospects(prospects: Judgement, on: int) -> FactValue:
    if prospects.on is UNKNOWN or happened(prospects.on, on) is Happened.YES:
        return prospects.judgement
    return UNKNOWN


def _immediate_recommendations(report: InspectionReport) -> FactValue:
    if report.recommendations is UNKNOWN:
        return UNKNOWN
    immediate = [recommendation.is_immediate for recommendation in report.recommendations]
    if any(immediate):
        return "some"
    return UNKNOWN if None in immediate else "none"


def _action_plan_review(
    plan: ActionPlan, decisions: Sequence[RecordedDecision], on: int
) -> FactValue:
    reviewed = happened(plan.reviewed, on)
    if reviewed is Happened.YES:
        return "done"
    waived = {
        made(decision, on)
        for decision in decisions
        if isinstance(decision, Waiver)
        and decision.of in {"action-plan-received", "action-plan-reviewed"}
    }
    if Happened.YES in waived:
        return "not-required"
    if Happened.UNKNOWN in waived:
        return UNKNOWN
    if reviewed is Happened.NO or happened(plan.received, on) is Happened.NO:
        return "not-yet"
    return UNKNOWN


def _coverage(report: InspectionReport, plan: ActionPlan) -> FactValue:
    recommendations, covers = report.recommendations, plan.covers
    if recommendations is UNKNOWN or covers is UNKNOWN:
        return UNKNOWN
    missing = {
        recommendation.is_immediate
        for recommendation in recommendations
        if recommendation.id not in covers
    }
    if False in missing:
        return "incomplete"
    if None in missing:
        return UNKNOWN
    return "without-immediate" if missing else "complete"


def _reinspection(decisions: Sequence[RecordedDecision], on: int) -> FactValue:
    full = [made(decision, on) for decision in decisions if isinstance(decision, FullReinspection)]
    if Happened.YES in full:
        return "decided"
    return UNKNOWN if Happened.UNKNOWN in full else NONE_RECORDED


def _tier_chosen(decisions: Sequence[RecordedDecision], on: int) -> FactValue:
    choices = [
        decision
        for decision in decisions
        if isinstance(decision, TierChosen) and made(decision, on) is not Happened.NO
    ]
    if not choices:
        return NONE_RECORDED
    last = [one for one in choices if not any(is_later(other, one) for other in choices)]
    tiers = {choice.tier for choice in last}
    settled = any(made(choice, on) is Happened.YES for choice in last)
    return tiers.pop() if len(tiers) == 1 and settled else UNKNOWN


def _suspended(decisions: Sequence[RecordedDecision], on: int) -> FactValue:
    values = []
    for decision in decisions:
        if isinstance(decision, Suspension) and made(decision, on) is not Happened.NO:
            begun, ends = happened(decision.begins, on), decision.ends
            if isinstance(ends, PartialDate) and ends.end < on:
                values.append("over")
            elif begun is Happened.YES and (
                ends is NOT_YET or (isinstance(ends, PartialDate) and ends.start >= on)
            ):
                values.append("in-force")
            elif begun is not Happened.NO:
                values.append("")
    if "in-force" in values:
        return "in-force"
    if "" in values:
        return UNKNOWN
    return "over" if "over" in values else NONE_RECORDED
