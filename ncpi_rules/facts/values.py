"""From the facts of a follow-up to the values that rules test.

A value is the same on any day, or changes only on a day that a date begins or ends.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import field, frozen

from ncpi_rules.core import NOT_YET, UNKNOWN, Force, Happened, PartialDate
from ncpi_rules.facts.decisions import (
    FullReinspection,
    RecordedDecision,
    Suspension,
    TierChosen,
    Variation,
    Waiver,
)
from ncpi_rules.facts.events import happened, is_later, made
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
"""The facts that every follow-up has, in the order in which they are told."""

Told: TypeAlias = tuple[FactValue, ...]
"""The value of each of these facts."""


@frozen(kw_only=True, eq=False)
class ValuesByDay:
    """What a follow-up says in values, worked out once between the days on which values may change.

    ``turns`` are these days (ordinals); ``told`` has the values before the first, from each to the
    next, and from the last on, as far as they were asked for.
    """

    force: Force
    report: InspectionReport
    plan: ActionPlan
    prospects: Judgement
    decisions: Sequence[RecordedDecision]
    turns: array[int] = field(init=False)
    told: list[Told | None] = field(init=False)

    @turns.default
    def _turns(self) -> array[int]:
        found: set[int] = set()
        looked_at = (self.prospects.on, self.plan.received, self.plan.reviewed)
        for when in (*looked_at, *_dates_of(self.decisions)):
            if isinstance(when, PartialDate):
                # What begins counts from its day on, what ends until its day is over.
                found |= {when.start, when.start + 1, when.end, when.end + 1}
        return array("i", sorted(found))

    @told.default
    def _nothing_asked(self) -> list[Told | None]:
        return [None] * (len(self.turns) + 1)

    def on(self, day: int) -> Told:
        """Return the values on a day (an ordinal); UNKNOWN where nothing is known."""
        place = bisect_right(self.turns, day)
        found = self.told[place]
        if found is None:
            found = self.told[place] = self._values(day)
        return found

    def _values(self, on: int) -> Told:
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
    """Return what facts name that a ruleset may lack: tiers, rules, events and further facts."""
    if not (decisions or further.facts or further.events):
        return ()
    found: list[tuple[object, str]] = []
    for each in decisions:
        if isinstance(each, TierChosen):
            found.append((TierChosen, each.tier))
        elif isinstance(each, Waiver | Variation):
            found.append((type(each), each.of))
    found += [("fact", name) for name in further.facts]
    found += [("event", name) for name in further.events]
    return tuple(found)


def _dates_of(decisions: Iterable[RecordedDecision]) -> Iterator[When]:
    for each in decisions:
        yield each.on
        if isinstance(each, Suspension):
            yield from (each.begins, each.ends)


def _prospects(prospects: Judgement, on: int) -> FactValue:
    if prospects.on is UNKNOWN or happened(prospects.on, on) is Happened.YES:
        return prospects.judgement
    return UNKNOWN


def _immediate_recommendations(report: InspectionReport) -> FactValue:
    if report.recommendations is UNKNOWN:
        return UNKNOWN
    immediate = [each.is_immediate for each in report.recommendations]
    if any(immediate):
        return "some"
    return UNKNOWN if None in immediate else "none"


def _action_plan_review(
    plan: ActionPlan, decisions: Sequence[RecordedDecision], on: int
) -> FactValue:
    reviewed = happened(plan.reviewed, on)
    if reviewed is Happened.YES:
        return "done"
    waivers_of = {
        made(each, on)
        for each in decisions
        if isinstance(each, Waiver) and each.of in {"action-plan-received", "action-plan-reviewed"}
    }
    if Happened.YES in waivers_of:
        return "not-required"
    if Happened.UNKNOWN in waivers_of:
        return UNKNOWN
    if reviewed is Happened.NO or happened(plan.received, on) is Happened.NO:
        return "not-yet"
    return UNKNOWN


def _coverage(report: InspectionReport, plan: ActionPlan) -> FactValue:
    recommendations, covers = report.recommendations, plan.covers
    if recommendations is UNKNOWN or covers is UNKNOWN:
        return UNKNOWN
    missing = {each.is_immediate for each in recommendations if each.id not in covers}
    if False in missing:
        return "incomplete"
    if None in missing:
        return UNKNOWN
    return "without-immediate" if missing else "complete"


def _reinspection(decisions: Sequence[RecordedDecision], on: int) -> FactValue:
    full = [made(each, on) for each in decisions if isinstance(each, FullReinspection)]
    if Happened.YES in full:
        return "decided"
    return UNKNOWN if Happened.UNKNOWN in full else "none-recorded"


def _tier_chosen(decisions: Sequence[RecordedDecision], on: int) -> FactValue:
    chosen = [each for each in decisions if isinstance(each, TierChosen)]
    standing = [each for each in chosen if made(each, on) is not Happened.NO]
    if not standing:
        return "none-recorded"
    last = [each for each in standing if not any(is_later(other, each) for other in standing)]
    tiers = {each.tier for each in last}
    settled = any(made(each, on) is Happened.YES for each in last)
    return tiers.pop() if len(tiers) == 1 and settled else UNKNOWN


def _suspended(decisions: Sequence[RecordedDecision], on: int) -> FactValue:
    values = []
    for each in decisions:
        if isinstance(each, Suspension) and made(each, on) is not Happened.NO:
            begun = happened(each.begins, on)
            over = isinstance(each.ends, PartialDate) and each.ends.end < on
            if over:
                values.append("over")
            elif begun is Happened.YES and (
                each.ends is NOT_YET
                or (isinstance(each.ends, PartialDate) and each.ends.start >= on)
            ):
                values.append("in-force")
            elif begun is not Happened.NO:
                values.append("")
    if "in-force" in values:
        return "in-force"
    if "" in values:
        return UNKNOWN
    return "over" if "over" in values else "none-recorded"
