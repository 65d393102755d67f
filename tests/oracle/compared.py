"""Sweeps and plans at random, beside what the oracle says of each of their deadlines."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Final

import pyarrow

from ncpi_rules.batch import sweep
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess
from tests.oracle.edition import BEGINS, DUTIES, EVENTS, ORDER, REVISIT, USUAL_DAYS
from tests.oracle.worlds import NOT_YET, UNKNOWN, Verdict, closed, verdict, worlds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from ncpi_rules.core import PartialDate
    from ncpi_rules.plan import PlanDeadline
    from ncpi_rules.ruleset import Ruleset
    from tests.oracle.worlds import Duty, Known, Span

FIRST: Final = datetime.date(2019, 1, 10).toordinal()
MOST_WORLDS: Final = 1500
_WIDTHS: Final = (1, 2, 4, 9, 20, 30)
_ALL_PAIRS: Final = closed(ORDER)
_NONE_RECORDED: Final = "none-recorded"


def known_days(random: Random, *, partial: bool) -> dict[str, Span | str]:
    """Return what is known of each event at random: days that are possible together, or none."""
    days: dict[str, int] = {}
    for event, (after, steps) in USUAL_DAYS.items():
        day = days.get(after, FIRST) + random.choice(steps)
        earlier = [days[first] for first, later in ORDER if later == event and first in days]
        days[event] = max(day, *earlier) if partial and earlier else day
    known: dict[str, Span | str] = {}
    for event, day in days.items():
        states: list[Span | str] = [UNKNOWN, NOT_YET, *[(day, day)] * 6]
        known[event] = random.choice(states)
    if partial:
        keep_possible(known)
        known = widened(random, known, days)
    return known


def widened(random: Random, known: Known, days: dict[str, int]) -> dict[str, Span | str]:
    """Return what is known with some days less certain, as far as all can be tried."""
    wide = dict(known)
    dated = [event for event, span in wide.items() if not isinstance(span, str)]
    for event in random.sample(dated, min(len(dated), random.randint(1, 5))):
        before = random.choice(_WIDTHS)
        span = days[event] - before, days[event] + random.choice(_WIDTHS) - 1
        if _worlds_of({**wide, event: span}) <= MOST_WORLDS:
            wide[event] = span
    return wide


def _worlds_of(known: Known) -> int:
    return prod(span[1] - span[0] + 1 for span in known.values() if not isinstance(span, str))


def keep_possible(known: dict[str, Span | str]) -> None:
    """Let nothing have a day that comes after what is not yet so."""
    for first, later in _ALL_PAIRS:
        if known.get(first) == NOT_YET and known[later] != UNKNOWN:
            known[later] = NOT_YET


def some_day(random: Random, known: Known) -> int:
    """Return a day of assessment at random, mostly near one that matters."""
    ends = [day for span in known.values() if not isinstance(span, str) for day in span]
    near = random.choice(ends or [FIRST]) + random.choice((-1, 0, 0, 1, 14, 21, 22, 42, 43))
    return random.choice((near, near, FIRST + random.randint(-10, 600)))


# Tables of whole days


@dataclass(frozen=True)
class Row:
    """One row of a table: the type of follow-up, and what is known of each event.

    ``is_later`` is True where it is about a revisit that is not the first.
    """

    tier: str
    known: Known
    is_later: bool = False

    @property
    def is_possible(self) -> bool:
        """Return True where the events have an order that can be."""
        return any(True for _ in worlds(self.known, ORDER)) and not any(
            self.known[first] == NOT_YET and not isinstance(self.known[later], str)
            for first, later in _ALL_PAIRS
        )

    @property
    def duties(self) -> tuple[Duty, ...]:
        """Return what is owed; the ceiling binds the first revisit alone."""
        duties = DUTIES[self.tier]
        return tuple(duty for duty in duties if not (self.is_later and duty.event == REVISIT))


def rows_at_random(random: Random, count: int) -> Iterator[Row]:
    """Yield rows with whole days; some have dates in an order that cannot be."""
    for _ in range(count):
        tier, known = random.choice(sorted(DUTIES)), known_days(random, partial=False)
        yield Row(tier, known, is_later=random.random() < 0.3)


def wrong_in_a_sweep(rows: list[Row], on: int) -> list[str]:
    """Return each answer of a sweep of some rows that is not the oracle's, in a sentence."""
    swept = sweep(_table(rows), on=datetime.date.fromordinal(on)).to_pylist()
    wrong = []
    for row, answers in zip(rows, swept, strict=True):
        if answers["impossible-dates"] is row.is_possible:
            wrong.append(f"{row}: impossible-dates is {answers['impossible-dates']}")
        if not row.is_possible:
            continue
        owed = {duty.event for duty in row.duties}
        wrong += [
            f"{name} is owed in {row}"
            for name, answer in answers.items()
            if name.endswith(".status") and answer and name.removesuffix(".status") not in owed
        ]
        every = list(worlds(row.known, ORDER))
        for duty in row.duties:
            right = verdict(duty, every, row.known, on=on, begins=BEGINS)
            said = tuple(answers[f"{duty.event}.{of}"] for of in ("status", "due", "late-by"))
            due = None if right.due is None else datetime.date.fromordinal(right.due[0])
            wanted = (right.status, due, right.late_by and right.late_by[0])
            if said != wanted:
                wrong.append(f"{duty.event} on {on}: {said} is not {wanted} in {row}")
    return wrong


def _table(rows: list[Row]) -> pyarrow.Table:
    epoch = datetime.date(1970, 1, 1).toordinal()
    columns: dict[str, Any] = {
        "tier-chosen": [_NONE_RECORDED if row.tier == "not-settled" else row.tier for row in rows],
        "reinspection": [_NONE_RECORDED] * len(rows),
        "earlier-revisit": ["begun" if row.is_later else _NONE_RECORDED for row in rows],
    }
    for event in EVENTS:
        spans = [row.known[event] for row in rows]
        days = [None if isinstance(span, str) else span[0] - epoch for span in spans]
        columns[event] = pyarrow.array(days, pyarrow.int32()).cast(pyarrow.date32())
        columns[f"{event}.not-yet"] = [span == NOT_YET for span in spans]
    return pyarrow.table(columns)


# Plans with partial dates


def wrong_in_a_plan(random: Random, ruleset: Ruleset | None = None) -> list[str]:
    """Return what a plan at random, with partial dates, says other than the oracle.

    ``ruleset`` is a copy of the shipped edition, or the edition itself.
    """
    tier = random.choice(sorted(DUTIES))
    known = known_days(random, partial=True)
    on = some_day(random, known)
    day = datetime.date.fromordinal(on)
    plan = assess(follow_up_of(tier, known), on=day, ruleset=ruleset)
    every = list(worlds(known, ORDER))
    by_event = {deadline.event: deadline for deadline in plan.deadlines}
    owed = {duty.event for duty in DUTIES[tier]}
    wrong = [f"{event} is owed where {tier}, {known}" for event in by_event.keys() - owed]
    for duty in DUTIES[tier]:
        said = said_of(by_event[duty.event])
        right = verdict(duty, every, known, on=on, begins=BEGINS)
        if said != right:
            wrong.append(f"{duty.event} on {on}: {said} is not {right} where {tier}, {known}")
    return wrong


def said_of(deadline: PlanDeadline) -> Verdict:
    """Return what a plan says of a deadline."""
    late, left = deadline.late_by_days, deadline.days_left
    return Verdict(
        status=deadline.status.value,
        due=_span_of(deadline.due),
        first=_span_of(deadline.not_before),
        late_by=None if late is None else (late.least, late.most),
        days_left=None if left is None else (left.least, left.most),
    )


def follow_up_of(tier: str, known: Known) -> FollowUp:
    """Return a follow-up of which the days are known so far."""
    chosen = {
        "decision": "tier-chosen",
        "value": tier,
        **dict.fromkeys(("by", "on", "why"), UNKNOWN),
    }
    return FollowUp.from_dict(
        {
            "force": "kent",
            "decisions": [] if tier == "not-settled" else [chosen],
            "further": {
                "events": {event: text_of(span) for event, span in known.items()},
            },
        }
    )


def text_of(known: Span | str) -> str:
    """Return what is known of one event, as a follow-up file has it."""
    if isinstance(known, str):
        return known
    return "/".join(datetime.date.fromordinal(day).isoformat() for day in known)


def _span_of(date: PartialDate | None) -> Span | None:
    return None if date is None else (date.start, date.end)
