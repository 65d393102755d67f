"""Follow-ups at random, each as a row of a table, and what ``assess`` says of them in columns."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import numpy
import pyarrow

from ncpi_rules.core import NOT_MET, NOT_YET, UNKNOWN, PartialDate
from ncpi_rules.facts import (
    ActionPlan,
    Arrangements,
    Documents,
    Feedback,
    Fieldwork,
    FollowUp,
    Further,
    ImmediateUpdate,
    InspectionReport,
    Judgement,
    NamedDecision,
    Notice,
    Publication,
    Recommendation,
    Suspension,
    name_facts,
)
from ncpi_rules.plan import assess, current_of
from ncpi_rules.plan.inputs import values_for  # pinned: the values of one revisit
from ncpi_rules.ruleset import shipped_ruleset
from tests.strategies import is_before_the_report
from tests.swept import (
    OF_DATES,
    is_as_expected,
    made_table,
    of_deadlines,
    of_decision,
    when_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ncpi_rules.core import When
    from ncpi_rules.plan import Plan
    from ncpi_rules.ruleset import Ruleset

FIRST_DAY = datetime.date(2018, 3, 1).toordinal()

_AFTER = {
    # After which event, and how many days: both sides of every time-limit, and of the day itself.
    "report-published": (None, (0, 1, 30, 31, 180, 182)),
    "immediate-update-received": ("report-published", (-1, 0, 41, 42, 43)),
    "action-plan-received": ("report-published", (0, 41, 42, 43, 60)),
    "action-plan-reviewed": ("action-plan-received", (0, 1, 20)),
    "prospects-judged": ("report-published", (0, 60, 250)),
    "revisit-begins": ("report-published", (0, 100, 180, 181, 182, 183, 184, 185, 360)),
    "revisit-ends": ("revisit-begins", (0, 1, 9)),
    "arrangements-made": ("revisit-begins", (-30, 0, 1)),
    "notice-given": ("revisit-begins", (-30, -15, -14, -13, -1, 0, 1)),
    "activity-described": ("revisit-begins", (-2, -1, 0, 1)),
    "documents-requested": ("revisit-begins", (-60, -1, 0)),
    "documents-reviewed": ("documents-requested", (0, 1, 58, 59, 60)),
    "feedback-given": ("revisit-ends", (0, 1, 3)),
    "written-feedback-to-chief-officer": ("revisit-ends", (0, 20, 21, 22)),
    "written-feedback-to-local-policing-body": ("revisit-ends", (0, 20, 21, 22)),
    "follow-up-published": ("revisit-ends", (0, 40)),
}
_FINDINGS = (UNKNOWN, "broadly-positive", "not-broadly-positive")
_PROSPECTS = (UNKNOWN, "no-concerns", "some-concerns", "significant-concerns")


def _reports() -> Iterator[tuple[Any, Any]]:
    """Yield what the report recommends, and what the action plan covers."""
    yield UNKNOWN, UNKNOWN
    made = [
        Recommendation(id=limit, time_limit=limit) for limit in ("immediate", "within 3 months")
    ]
    made.append(Recommendation(id="unknown"))
    for some in ((), made[:1], made[1:2], made[2:], made):
        ids = [part.id for part in some]
        for covers in (UNKNOWN, (), ids, ids[1:]):
            yield tuple(some), covers if covers is UNKNOWN else tuple(covers)


def _decisions() -> Iterator[tuple[Any, ...]]:
    """Yield what may have been decided: mostly nothing, or re-inspection, a tier, a suspension."""
    known: dict[str, Any] = dict.fromkeys(("by", "on", "why"), UNKNOWN)
    in_march = known | {"on": PartialDate.read("2019-03")}  # it is not known whether it stands yet
    past, before, after = (PartialDate.read(year) for year in ("2017", "2018", "2021"))
    tiers = ("post-inspection-visit", "post-inspection-review", "full-re-inspection")
    singly = [
        *(NamedDecision(decision="full-reinspection", **fields) for fields in (known, in_march)),
        *(NamedDecision(decision="tier-chosen", **known, value=tier) for tier in tiers),
        NamedDecision(decision="tier-chosen", **in_march, value=tiers[0]),
        *(Suspension(**known, begins=past, ends=ends) for ends in (before, after, UNKNOWN)),
    ]
    yield from ((),) * len(singly)
    yield from ((decision,) for decision in singly)
    yield tuple(singly)


def made_follow_ups(count: int, seed: int) -> Iterator[FollowUp]:
    """Yield follow-ups with whole days, with ``not-yet`` and with much that is unknown."""
    random = numpy.random.default_rng(seed)

    def one_of(values: Sequence[Any]) -> list[Any]:
        return [values[place] for place in random.integers(0, len(values), count).tolist()]

    whens = zip(*_dates(random, count), strict=True)
    drawn = zip(
        whens,
        one_of(_FINDINGS),
        one_of(_PROSPECTS),
        one_of(list(_reports())),
        one_of(list(_decisions())),
        strict=True,
    )
    for dates, findings, prospects, (recommendations, covers), decisions in drawn:
        when = dict(zip(_AFTER, dates, strict=True))
        yield FollowUp(
            force="kent",
            inspection_report=InspectionReport(
                published=when["report-published"],
                findings=findings,
                recommendations=recommendations,
            ),
            immediate_update=ImmediateUpdate(received=when["immediate-update-received"]),
            action_plan=ActionPlan(
                received=when["action-plan-received"],
                reviewed=when["action-plan-reviewed"],
                covers=covers,
            ),
            prospects=Judgement(judgement=prospects, on=when["prospects-judged"]),
            decisions=tuple(
                decision
                for decision in decisions
                if not is_before_the_report(decision, when["report-published"])
            ),
            arrangements=Arrangements(made=when["arrangements-made"]),
            notice=Notice(
                given=when["notice-given"], activity_described=when["activity-described"]
            ),
            documents=Documents(
                requested=when["documents-requested"], reviewed=when["documents-reviewed"]
            ),
            fieldwork=Fieldwork(begins=when["revisit-begins"], ends=when["revisit-ends"]),
            feedback=Feedback(
                given=when["feedback-given"],
                to_chief_officer=when["written-feedback-to-chief-officer"],
                to_local_policing_body=when["written-feedback-to-local-policing-body"],
            ),
            publication=Publication(published=when["follow-up-published"]),
        )


def made_for(ruleset: Ruleset, count: int, seed: int) -> Iterator[FollowUp]:
    """Yield follow-ups in any field: all that its ruleset asks is given as further facts."""
    for row in made_table(ruleset, rows=count, seed=seed).to_pylist():
        facts = {name: row[name] for name in ruleset.facts if row.get(name) is not None}
        events: dict[str, When] = {event: when_of(row, event) for event in ruleset.events}
        for earlier, later in ruleset.contract.order:
            first, second = events[earlier], events[later]
            if first is NOT_YET or (
                isinstance(first, PartialDate)
                and isinstance(second, PartialDate)
                and second.end < first.start
            ):
                events[later] = first
        further = Further(facts=facts, events=events)
        if ruleset.settings.is_about_forces is False:
            yield FollowUp(subject="Anytown", further=further)
        else:
            yield FollowUp(force="kent", further=further)


def _dates(random: numpy.random.Generator, count: int) -> Iterator[list[When]]:
    """Yield what is known of each event, in an order that can be."""
    assert set(_AFTER) >= set(shipped_ruleset().events)
    days: dict[str, Any] = {}
    states: dict[str, Any] = {}  # 0: unknown, 1: not yet, 2 and more: a day
    for event, (after, steps) in _AFTER.items():
        earlier = numpy.full(count, FIRST_DAY) if after is None else days[after]
        days[event] = earlier + random.choice(steps, count)
        states[event] = random.integers(0, 8, count)
    order = shipped_ruleset().contract.order
    for _ in order:
        for first, second in order:
            states[second][(states[first] == 1) & (states[second] > 1)] = 1
    for event in _AFTER:
        yield [
            PartialDate.between(day, day) if state > 1 else (UNKNOWN, NOT_YET)[state]
            for day, state in zip(days[event].tolist(), states[event].tolist(), strict=True)
        ]


def as_rows(follow_ups: Sequence[FollowUp], ruleset: Ruleset, on: datetime.date) -> pyarrow.Table:
    """Return the follow-ups as a table of values and whole days, a row for each.

    Of several revisits, a row is about the current one.
    """
    day = on.toordinal()
    follow_ups = [current_of(follow_up, ruleset, day) for follow_up in follow_ups]
    values = [values_for(follow_up, ruleset, day) for follow_up in follow_ups]
    columns: dict[str, Any] = {name: [value[name] for value in values] for name in ruleset.facts}
    for event in ruleset.events:
        whens = [
            name_facts(follow_up, ruleset.contract).dates.events[event] for follow_up in follow_ups
        ]
        epoch = datetime.date(1970, 1, 1).toordinal()
        days = [when.start - epoch if isinstance(when, PartialDate) else None for when in whens]
        columns[event] = pyarrow.array(days, pyarrow.int32()).cast(pyarrow.date32())
        columns[f"{event}.not-yet"] = [when is NOT_YET for when in whens]
    return pyarrow.table(columns)


def of_plan(plan: Plan) -> dict[str, bool]:
    """Return the columns that no rule decides, as a plan of whole days says them."""
    deadlines = plan.parts_of_one.deadlines
    return {
        "not-in-time": any(deadline.status in NOT_MET for deadline in deadlines),
        "outside-the-edition": "outside-the-edition" in {alert.id for alert in plan.alerts},
        "impossible-dates": False,  # such facts are refused
    }


def unlike_assessed(
    swept: pyarrow.Table,
    follow_ups: Sequence[FollowUp],
    *,
    on: datetime.date,
    ruleset: Ruleset,
    interpretations: Mapping[str, str] | None = None,
) -> list[str]:
    """Return the columns of a sweep that are not, in every row, what the follow-up's plan says.

    Every follow-up is assessed. What its decision says in columns is worked out once for each.
    """
    plans = [
        assess(follow_up, on=on, ruleset=ruleset, interpretations=interpretations)
        for follow_up in follow_ups
    ]
    decisions = {id(plan.decision): plan.decision for plan in plans}
    places = {key: place for place, key in enumerate(decisions)}
    decided = [of_decision(decision) for decision in decisions.values()]
    cases = numpy.array([places[id(plan.decision)] for plan in plans], dtype=int)
    deadlines = [of_deadlines(plan.parts_of_one.schedule) | of_plan(plan) for plan in plans]
    every_row = numpy.arange(len(plans))
    return sorted(
        name
        for name in swept.column_names
        if name != "rules"
        and not (
            is_as_expected(swept[name], name, deadlines, every_row)
            if name.endswith((".status", ".due", ".late-by")) or name in OF_DATES
            else is_as_expected(swept[name], name, decided, cases)
        )
    )
