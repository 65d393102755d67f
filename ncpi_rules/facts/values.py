"""The facts of a follow-up by the names of a vocabulary: values that rules test, dates of events.

A value is the same on every day, or changes only on a day on which one of the dates begins or ends.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import Final, TypeAlias

from attrs import field, frozen

from ncpi_rules.core import (
    DATE_FIELDS,
    FURTHER,
    NONE_RECORDED,
    NOT_YET,
    REVISIT_PARTS,
    UNKNOWN,
    Contract,
    Happened,
    PartialDate,
    Problem,
    When,
    kind_of_decision,
)
from ncpi_rules.facts.events import (
    Dates,
    NamedDecision,
    Suspension,
    Variation,
    Waiver,
    happened,
    is_later,
    last_of,
    made,
)
from ncpi_rules.facts.follow_up import FollowUp
from ncpi_rules.facts.parts import Further
from ncpi_rules.facts.readers import FactValue, refuse

_date_of: Final[Mapping[str, Callable[[FollowUp], When]]] = {
    path: attrgetter(path) for path in DATE_FIELDS
}
_dates_of: Final[Callable[[FollowUp], tuple[When, ...]]] = attrgetter(*DATE_FIELDS)

RECEIVED: Final = "action_plan.received"
REVIEWED: Final = "action_plan.reviewed"
"""The fields of an action plan by which it is known whether one is to come, and to be reviewed."""

NamedValues: TypeAlias = tuple[FactValue | None, ...]
"""The value of each fact of a vocabulary; None for one of its own that the follow-up leaves out."""


@frozen(eq=False)
class NamedFacts:
    """What is known of a follow-up, by the names that a contract has for its fields.

    Of several revisits, it is about the last. ``recorded`` has the date of every event as it is
    written; what the follow-up gives by name, under ``further``, takes precedence over a field.
    ``dates`` has the dates as far as the order of the events leaves them open. ``turns`` are the
    days (ordinals) on which values may change; ``periods`` has the values before the first, from
    each to the next, and from the last on, as far as they were asked for. Raises FactsError, with
    every problem, where dates contradict the order of the events.
    """

    follow_up: FollowUp
    contract: Contract
    further: Further = field(init=False, repr=False)
    recorded: Mapping[str, When] = field(init=False, repr=False)
    dates: Dates = field(init=False)
    turns: array[int] = field(init=False, repr=False)
    periods: list[NamedValues | None] = field(init=False, repr=False)

    @further.default
    def _further(self) -> Further:
        return self.follow_up.latest.further

    @recorded.default
    def _recorded(self) -> dict[str, When]:
        contract, further = self.contract, self.further.events
        recorded = (*_dates_of(self.follow_up.latest), UNKNOWN)
        dates = [recorded[place] for place in contract.places]
        events = dict(zip(contract.events, dates, strict=True))
        if further:
            events |= {name: when for name, when in further.items() if name in events}
        return events

    @dates.default
    def _dates(self) -> Dates:
        refuse(self._out_of_order())
        return Dates(self.recorded).narrowed(self.contract.order)

    @turns.default
    def _turns(self) -> array[int]:
        days: set[int] = set()
        events, dated = self.dates.events, self.contract.dated_facts
        dates = [self.when(path) for path in _DATES_OF_VALUES] + [events[name] for name in dated]
        for decision in self.follow_up.decisions:
            dates.append(decision.on)
            if isinstance(decision, Suspension):
                dates += (decision.begins, decision.ends)
        for when in dates:
            if isinstance(when, PartialDate):
                # What begins counts from its day on, what ends until its day is over.
                days |= {when.start, when.start + 1, when.end, when.end + 1}
        return array("i", sorted(days))

    @periods.default
    def _empty(self) -> list[NamedValues | None]:
        return [None] * (len(self.turns) + 1)

    def _out_of_order(self) -> Iterator[Problem]:
        events = self.recorded
        for earlier, later in self.contract.order:
            second = events[later]
            if not isinstance(second, PartialDate):
                continue
            first = events[earlier]
            if isinstance(first, PartialDate) and second.end < first.start:
                yield Problem(
                    place=self.place(later),
                    message=f"{second.text} is before {first.text}, the date of "
                    f"{self.place(earlier)}, which must come first.",
                    help="Correct the wrong date, or write 'unknown' for it.",
                )
            elif first is NOT_YET:
                yield Problem(
                    place=self.place(later),
                    message=f"{second.text} is given, although {self.place(earlier)} is 'not-yet'.",
                    help="Give both dates, or write 'unknown' for the earlier one.",
                )

    def place(self, event: str) -> str:
        """Return where the date of an event is written in the follow-up."""
        last = len(self.follow_up.revisits) - 1
        if last >= 0 and event in self.follow_up.revisits[last].further.events:
            return f"revisits[{last}].{FURTHER}.events.{event}"
        if event in self.further.events:
            return f"{FURTHER}.events.{event}"
        place = self.contract.place(event)
        is_of_a_revisit = last >= 0 and place.partition(".")[0] in REVISIT_PARTS
        return f"revisits[{last}].{place}" if is_of_a_revisit else place

    def when(self, path: str) -> When:
        """Return the date of a field, or the one that its event is given by name."""
        event = self.contract.names.get(path)
        return _date_of[path](self.follow_up.latest) if event is None else self.dates.events[event]

    def on(self, day: int) -> NamedValues:
        """Return the value of each fact on a day (an ordinal), in the order of the vocabulary."""
        place = bisect_right(self.turns, day)
        values = self.periods[place]
        if values is None:
            facts = self.contract.facts
            by_field = [
                _VALUES[source](self, day) if source in _VALUES else _decided(self, day, source)
                for source in facts.values()
            ]
            for name in (*self.contract.dated_facts, *self.further.facts):
                if (at := self.contract.fact_places.get(name)) is not None:
                    by_field[at] = self._by_name(name, by_field[at], day)
            values = self.periods[place] = tuple(by_field)
        return values

    def _by_name(self, name: str, value: FactValue | None, on: int) -> FactValue | None:
        """Return the value of a fact that may be given by name, or may be an event as well."""
        further = self.further
        if name in further.facts:
            return further.facts[name]
        source = self.contract.events.get(name)
        if source is None or (source == FURTHER and name not in further.events):
            return value
        has = happened(self.dates.events[name], on)
        return UNKNOWN if has is Happened.UNKNOWN else has.value


def name_facts(follow_up: FollowUp, contract: Contract) -> NamedFacts:
    """Return what is known of a follow-up by the names of a contract, made once for each contract.

    Raises FactsError, with every problem, where dates contradict the order of the events.

    >>> contract = Contract(
    ...     facts={"outlook": "prospects.judgement"}, events={"start": "fieldwork.begins"}, order=()
    ... )
    >>> follow_up = FollowUp.from_dict(
    ...     {"force": "kent", "prospects": "no-concerns", "fieldwork": {"begins": "2018-12-03"}}
    ... )
    >>> named = name_facts(follow_up, contract)
    >>> named.on(PartialDate.read("2018-07-01").start), named.dates.events
    (('no-concerns',), {'start': PartialDate('2018-12-03')})
    """
    named: NamedFacts | None = follow_up.derived.get(contract)
    if named is None:
        named = follow_up.derived.remember(contract, NamedFacts(follow_up, contract))
    return named


# The value that each field gives.


def _judgement(facts: NamedFacts, on: int) -> FactValue:
    on_which_day = facts.when("prospects.on")
    if on_which_day is UNKNOWN or happened(on_which_day, on) is Happened.YES:
        return facts.follow_up.prospects.judgement
    return UNKNOWN


def _recommendations(facts: NamedFacts, immediate: bool) -> FactValue:  # noqa: FBT001
    recommendations = facts.follow_up.inspection_report.recommendations
    if recommendations is UNKNOWN:
        return UNKNOWN
    kinds = {recommendation.is_immediate for recommendation in recommendations}
    if immediate in kinds:
        return "some"
    return UNKNOWN if None in kinds else "none"


def _let_off(facts: NamedFacts, on: int) -> FactValue:
    """Return whether no plan need come: one that has come, or is planned, takes away no duty.

    Where nobody has recorded whether it has come, what was waived may be one that has.
    """
    if isinstance(facts.when(RECEIVED), PartialDate):
        return NONE_RECORDED
    sources = facts.contract.events
    let_off = {
        (type(decision), made(decision, on))
        for decision in facts.follow_up.waivers
        if sources.get(decision.of) == RECEIVED
    }
    for kind, value in ((Waiver, "waived"), (Variation, "varied")):
        if (kind, Happened.YES) in let_off:
            return value if facts.when(RECEIVED) is NOT_YET else UNKNOWN
    return UNKNOWN if Happened.UNKNOWN in {has for _, has in let_off} else NONE_RECORDED


def _review(facts: NamedFacts, on: int) -> FactValue:
    reviewed = happened(facts.when(REVIEWED), on)
    if reviewed is Happened.YES:
        return "done"
    sources = facts.contract.events
    waived = {
        made(decision, on)
        for decision in facts.follow_up.decisions
        if isinstance(decision, Waiver) and sources.get(decision.of) == REVIEWED
    }
    if Happened.YES in waived:
        return "not-required"
    if Happened.UNKNOWN in waived:
        return UNKNOWN
    if reviewed is Happened.NO or happened(facts.when(RECEIVED), on) is Happened.NO:
        return "not-yet"
    return UNKNOWN


def _coverage(facts: NamedFacts, _: int) -> FactValue:
    recommendations = facts.follow_up.inspection_report.recommendations
    covers = facts.follow_up.action_plan.covers
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


def _areas_of_concern(facts: NamedFacts, _: int) -> FactValue:
    areas = facts.follow_up.action_plan.areas_of_concern
    return UNKNOWN if areas is UNKNOWN else "some" if areas else "none"


def _decided(facts: NamedFacts, on: int, source: str) -> FactValue:
    """Return what the last decision of a kind says; whichever is later takes its place."""
    kind = kind_of_decision(source)
    possible = [
        decision
        for decision in facts.follow_up.decisions
        if decision.kind == kind
        and isinstance(decision, NamedDecision)
        and made(decision, on) is not Happened.NO
    ]
    if not possible:
        return NONE_RECORDED
    certain = [decision for decision in possible if made(decision, on) is Happened.YES]
    last = last_of(certain)
    values = {decision.value for decision in possible if not (last and is_later(last, decision))}
    return values.pop() if certain and len(values) == 1 else UNKNOWN


def _suspension(facts: NamedFacts, on: int) -> FactValue:
    values = []
    for decision in facts.follow_up.decisions:
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


_VALUES: Final[Mapping[str, Callable[[NamedFacts, int], FactValue | None]]] = {
    **dict.fromkeys((FURTHER, *DATE_FIELDS), lambda *_: None),  # given by name, or an event
    "force": lambda facts, _: facts.follow_up.about.country.casefold() or UNKNOWN,
    "inspection_report.findings": lambda facts, _: facts.follow_up.inspection_report.findings,
    "inspection_report.recommendations.immediate": lambda facts, _: _recommendations(facts, True),  # noqa: FBT003
    "inspection_report.recommendations.other": lambda facts, _: _recommendations(facts, False),  # noqa: FBT003
    "action_plan.reviewed, decisions.waiver": _review,
    "decisions.waiver, decisions.variation, action_plan.received": _let_off,
    "action_plan.areas_of_concern": _areas_of_concern,
    "action_plan.covers": _coverage,
    "prospects.judgement": _judgement,
    "decisions.suspension": _suspension,
    "revisits": lambda facts, _: "begun" if facts.follow_up.revisits[1:] else NONE_RECORDED,
}
_DATES_OF_VALUES: Final = ("prospects.on", RECEIVED, REVIEWED)
"""The dates on which these values depend, beside those of decisions."""
