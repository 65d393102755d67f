"""The figures of deadlines: the quick way to them says what the schedule says."""

from __future__ import annotations

from itertools import permutations, product
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncpi_rules.core import (
    NOT_YET,
    DueDatePolicy,
    Happened,
    Modality,
    PartialDate,
    Status,
    read_when,
)
from ncpi_rules.deadlines import Deadline, Figures, Outline, has_begun, schedule
from ncpi_rules.facts import Dates, FollowUp
from ncpi_rules.plan import assess
from ncpi_rules.plan.build import state_of  # pinned: the state of an action without its plan
from ncpi_rules.plan.statuses import StatusTexts, let_off_by  # pinned: without their plan
from ncpi_rules.ruleset import AlertRule, DeadlineRule, Fact, Timing, load_ruleset, shipped_ruleset
from tests.strategies import (
    DEADLINE_EVENTS,
    dates_of_events,
    days,
    deadline_rules,
    follow_ups,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from ncpi_rules.core import When
    from ncpi_rules.plan.templates import ItemState  # pinned: what it returns

RULES = shipped_ruleset()
INTERPRETATIONS = [
    {},
    {"R7": "last-day", "R9": "ceiling-waits"},
    {"R8": "moves-to-the-working-day-before", "R18": "on-the-last-day"},
]


def scheduled(deadlines: tuple[Deadline, ...]) -> dict[str, Figures]:
    """Return what the schedule says of each deadline by itself, by its id."""
    return {
        deadline.id: Figures(deadline.figures.due, deadline.status, deadline.late_by)
        for deadline in deadlines
    }


@given(follow_ups(), days(), st.sampled_from(INTERPRETATIONS))
def test_the_figures_of_a_plan_are_its_deadlines(
    follow_up: FollowUp, on: datetime.date, interpretations: dict[str, str]
) -> None:
    """The figures of any plan are what the schedule of its own revisit says of each deadline."""
    plan = assess(follow_up, on=on, interpretations=interpretations)
    alone = {
        id(of): schedule(
            of.decision.applicable.deadlines,
            of.events,
            on.toordinal(),
            of.decision.due_date_policy,
            begun=has_begun(of.events, RULES.settings.selected_by, on.toordinal()),
            let_off=let_off_by(of.follow_up, of.decision.applicable.deadlines, on.toordinal()),
            order=RULES.contract.order,
        )
        for of in (*plan.earlier, plan)
    }
    assert plan.figures == {
        item.id: scheduled(alone[id(of)])[deadline.id] for item, deadline, of in plan.scheduled()
    }
    assert list(plan.figures) == [deadline.id for deadline in plan.deadlines]
    assert plan.earlier or alone[id(plan)] == plan.schedule


@given(
    st.lists(deadline_rules(), min_size=6, max_size=9, unique_by=lambda rule: rule.id),
    st.lists(dates_of_events(), min_size=1, max_size=3),
    days(),
    st.sampled_from(DueDatePolicy),
    st.sampled_from(["", *DEADLINE_EVENTS]),
)
def test_an_outline_says_what_the_schedule_says(
    rules: list[DeadlineRule],
    dates: list[dict[str, When]],
    on: datetime.date,
    policy: DueDatePolicy,
    first: str,
) -> None:
    """An outline gives the schedule's figures, also for other dates that are known alike."""
    original, *others = (Dates(events) for events in dates)
    outline = Outline.of(rules, original, policy, first)
    for known in (original, *(other for other in others if other.known == original.known)):
        for day in near_the_limits(rules, known, on.toordinal(), policy):
            begun = has_begun(known.events, first, day)
            alone = schedule(rules, known.events, day, policy, begun=begun)
            assert outline.figures(known, day) == scheduled(alone)


def near_the_limits(
    rules: list[DeadlineRule], dates: Dates, on: int, policy: DueDatePolicy
) -> set[int]:
    """Return a day, and those on which and after which something is due or happens."""
    dues = [deadline.due for deadline in schedule(rules, dates.events, on, policy)]
    whens = [when for when in (*dues, *dates.events.values()) if isinstance(when, PartialDate)]
    return {on}.union(*({instant.start, instant.end, instant.end + 1} for instant in whens))


def test_figures_are_numbers() -> None:
    """A due date is a pair of ordinals, and the days late are counted from least to most."""
    facts = {"force": "kent", "inspection_report": {"published": "2018-06"}, "prospects": "unknown"}
    follow_up = FollowUp.from_dict({**facts, "fieldwork": {"begins": "2019-02-01"}})
    first, last = PartialDate.read("2018-12-01").start, PartialDate.read("2018-12-30").start
    begins = PartialDate.read("2019-02-01").start
    assert assess(follow_up, on="2019-03-01").figures["deadline.revisit"] == Figures(
        (first, last), Status.LATE, (begins - last, begins - first)
    )


@pytest.mark.parametrize(
    ("lent", "last"), [("2023-04-03", "2023-05-03"), ("2023-04", "2023-05-01")]
)
def test_what_comes_first_is_in_time_while_what_follows_can_be(lent: str, last: str) -> None:
    """Where a fee is settled no earlier than the return, the windows of both end on the same day.

    If only the month of lending is known, that is the day which is in time whatever day it was.
    """
    shared: dict[str, Any] = {"title": "t", "by": "b", "modality": Modality.MUST, "statements": ()}
    rules = [
        DeadlineRule(
            id="return",
            event="item-returned",
            within=Timing.from_text("6 months after item-lent"),
            **shared,
        ),
        DeadlineRule(
            id="fee",
            event="fee-settled",
            within=Timing.from_text("1 month after item-lent"),
            no_earlier_than="item-returned",
            **shared,
        ),
    ]
    when = PartialDate.read(lent)
    events: dict[str, When] = {"item-lent": when, "item-returned": NOT_YET, "fee-settled": NOT_YET}
    for deadline in schedule(rules, events, when.end, DueDatePolicy.STANDS):
        assert deadline.window is not None
        assert deadline.window.end == PartialDate.read(last).end


@pytest.mark.parametrize("interpretations", INTERPRETATIONS)
def test_a_plan_does_not_depend_on_what_was_asked_before(interpretations: dict[str, str]) -> None:
    """A ruleset that has answered other cases before gives the same plan as one newly loaded."""
    facts = {"force": "gwent", "inspection_report": {"published": "2018-06-28"}}
    asked, fresh = load_ruleset(), load_ruleset()
    for value in RULES.facts["prospects"].values:
        follow_up = FollowUp.from_dict({**facts, "prospects": value})
        for answers in ({}, *INTERPRETATIONS):
            assess(follow_up, on="2019-01-15", ruleset=asked, interpretations=answers)
    follow_up = FollowUp.from_dict({**facts, "prospects": "some-concerns"})
    plan = assess(follow_up, on="2019-01-15", ruleset=asked, interpretations=interpretations)
    assert plan == assess(
        follow_up, on="2019-01-15", ruleset=fresh, interpretations=interpretations
    )


def test_a_due_date_moves_where_the_interpretation_says_so() -> None:
    """A due date on a Sunday becomes the working day before, where the interpretation moves it."""
    report = {"published": "2022-08-05", "findings": "broadly-positive"}
    follow_up = FollowUp.from_dict(
        {
            "force": "kent",
            "inspection_report": report,
            "prospects": "no-concerns",
            "fieldwork": {"begins": "2023-02-04"},
        }
    )
    friday, sunday = (PartialDate.read(day).start for day in ("2023-02-03", "2023-02-05"))
    moved = assess(
        follow_up, on="2023-03-01", interpretations={"R8": "moves-to-the-working-day-before"}
    ).figures
    assert moved["deadline.revisit"] == Figures((friday, friday), Status.LATE, (1, 1))
    stands = assess(follow_up, on="2023-03-01").figures
    assert stands["deadline.revisit"] == Figures((sunday, sunday), Status.MET, None)


def only_rule(**limits: Any) -> DeadlineRule:
    """Return a rule about when something is told."""
    return DeadlineRule(
        id="deadline.told",
        title="Something is told in time",
        by="shop",
        event="told",
        modality=Modality.MUST,
        statements=("code.1",),
        **limits,
    )


def stands_on(rule: DeadlineRule, events: Mapping[str, str], on: str) -> tuple[str, int | None]:
    """Return where the quick way says that a deadline stands, and the days late.

    In whatever order the events are recorded, it says the same.
    """
    answers = set()
    for order in permutations(events):
        read: dict[str, When] = {name: read_when(events[name]) for name in order}
        outline = Outline.of([rule], Dates(read), DueDatePolicy.STANDS)
        assert not outline.others
        figures = outline.figures(Dates(read), PartialDate.read(on).start)[rule.id]
        answers.add((figures.status.value, figures.late_by[0] if figures.late_by else None))
    (answer,) = answers
    return answer


@pytest.mark.parametrize(
    ("day", "stands"),
    [
        ("2018-06-03", ("too-early", None)),
        ("2018-06-04", ("met", None)),
        ("2018-06-06", ("met", None)),
        ("2018-06-07", ("late", 1)),
        ("2018-06-09", ("late", 3)),
    ],
)
def test_a_first_and_a_last_day_belong_to_the_time_allowed(
    day: str, stands: tuple[str, int | None]
) -> None:
    """Something that has a first and a last day is in time on both, and on no day beyond them."""
    rule = only_rule(no_earlier_than="begins", within=Timing.from_text("0 days after ends"))
    events = {"begins": "2018-06-04", "ends": "2018-06-06", "told": day}
    assert stands_on(rule, events, "2018-07-01") == stands
    later = {"too-early": "planned", "met": "planned", "late": "projected-late"}
    assert stands_on(rule, events, "2018-06-01") == (later[stands[0]], stands[1])


@pytest.mark.parametrize(
    ("on", "stands"),
    [
        ("2018-06-03", ("due", None)),
        ("2018-06-04", ("overdue", 1)),
        ("2018-06-09", ("overdue", 6)),
    ],
)
def test_what_must_come_first_is_due_on_the_day_before(
    on: str, stands: tuple[str, int | None]
) -> None:
    """What must come before an event whose day is known is due on the day before it."""
    rule = only_rule(before="begins")
    assert stands_on(rule, {"begins": "2018-06-04", "told": "not-yet"}, on) == stands


@pytest.mark.parametrize(
    ("day", "stands"),
    [
        ("2018-06-07", "met"),
        ("2018-06-08", "met"),
        ("2018-06-09", "cannot-tell"),
        ("2018-06-10", "cannot-tell"),
    ],
)
def test_what_is_done_before_an_event_to_come_is_in_time_where_it_always_will_be(
    day: str, stands: str
) -> None:
    """Due two days before what may come today, it is met where it was done by then."""
    rule = only_rule(at_least=Timing.from_text("2 days before ends"))
    assert stands_on(rule, {"ends": "not-yet", "told": day}, "2018-06-10") == (stands, None)


@pytest.mark.parametrize(
    ("on", "first"),
    [("2018-06-10", "2018-06-14"), ("2018-06-14", "2018-06-14"), ("2018-06-16",) * 2],
)
def test_a_window_opens_on_the_first_day_that_is_allowed(on: str, first: str) -> None:
    """What has not happened yet may happen from its first day, but not before today."""
    limits = {"at_least": "10 days after begins", "within": "20 days after begins"}
    rule = only_rule(**{name: Timing.from_text(text) for name, text in limits.items()})
    events: dict[str, When] = {"begins": PartialDate.read("2018-06-04"), "told": NOT_YET}
    (deadline,) = schedule([rule], events, PartialDate.read(on).start)
    opens, closes = PartialDate.read(first).start, PartialDate.read("2018-06-24").start
    assert deadline.window == PartialDate.between(opens, closes)


def test_the_nearest_due_date_of_an_event_is_owed() -> None:
    """Of the deadlines on an event, the due date that ends sooner counts, and what is urgent."""
    rules = [
        DeadlineRule(
            id=f"deadline.{place}",
            title="Something is done in time",
            by="shop",
            event="told",
            modality=Modality.MUST,
            statements=("code.1",),
            within=Timing.from_text(f"{period} after {anchor}"),
        )
        for place, (period, anchor) in enumerate(
            [("1 day", "begins"), ("2 months", "ends"), ("9 months", "begins")]
        )
    ]
    begins, ends = PartialDate.read("2018-05"), PartialDate.read("2018-03-20")
    events: dict[str, When] = {"begins": begins, "ends": ends, "told": NOT_YET}
    first, last = PartialDate.read("2018-05-02").start, PartialDate.read("2018-06-01").start
    soonest = PartialDate.read("2018-05-20").start

    def owed(on: str, *places: int) -> ItemState:
        chosen, day = [rules[place] for place in places], PartialDate.read(on).start
        texts = StatusTexts(on=day, soon=14, begun=Happened.YES, first="")
        return state_of(schedule(chosen, events, day), NOT_YET, None, texts, "")

    # What ends sooner is nearer, although the other may be sooner still.
    in_ten_days = Status.DUE, "due soon", "10 days left"
    astride = Status.CANNOT_TELL, "cannot tell", "On time, or up to 8 days overdue"
    overdue = Status.OVERDUE, "overdue", "1 day overdue"
    assert owed("2018-05-10", 0, 1, 2) == ((soonest, soonest), *in_ten_days)
    assert owed("2018-05-10", 1, 0, 2) == ((soonest, soonest), *in_ten_days)
    assert owed("2018-05-10", 0) == ((first, last), *astride)
    assert owed("2018-05-21", 1, 2) == ((soonest, soonest), *overdue)
    assert owed("2018-05-21", 2, 1) == ((soonest, soonest), *overdue)


def test_a_further_fact_is_not_forgotten() -> None:
    """Follow-ups that differ in a further fact alone have plans of their own, in any order."""
    report = {"published": "2018-06-28", "findings": "broadly-positive"}
    facts = {"force": "kent", "inspection_report": report, "prospects": "no-concerns"}
    plain = FollowUp.from_dict(facts)
    other = FollowUp.from_dict({**facts, "further": {"facts": {"reinspection": "decided"}}})
    for order in ((plain, other), (other, plain)):
        rules = load_ruleset()
        tiers = {
            follow_up is other: assess(follow_up, on="2018-07-01", ruleset=rules).headline.value
            for follow_up in order
        }
        assert tiers == {False: "post-inspection-visit", True: "full-re-inspection"}


def test_a_day_that_is_a_fact_is_not_forgotten() -> None:
    """Where a rule asks whether an event has happened, plans differ once it has."""
    values = {state.value: f"the revisit: {state.value}" for state in Happened}
    fact = Fact(
        id="revisit-begins",
        title="The revisit",
        source="fieldwork.begins",
        unknown=Happened.UNKNOWN.value,
        values=values,
    )
    rule = AlertRule(
        id="alert.begun",
        title="The revisit has begun",
        when={"revisit-begins": (Happened.YES.value,)},
        alert="The revisit has begun.",
        statements=(),
    )
    rules = attrs.evolve(
        RULES, facts={**RULES.facts, fact.id: fact}, rules={**RULES.rules, rule.id: rule}
    )
    facts = {"force": "kent", "inspection_report": {"published": "2018-06-28"}}
    follow_up = FollowUp.from_dict({**facts, "fieldwork": {"begins": "2018-12-03"}})
    begun = [
        rule.id in {alert.id for alert in assess(follow_up, on=on, ruleset=rules).alerts}
        for on in ("2018-12-02", "2018-12-03", "2018-12-02")
    ]
    assert begun == [False, True, False]


def test_ways_of_knowing_the_dates_are_told_apart() -> None:
    """However many ways of knowing the dates are met, the figures are the schedule's, twice."""
    facts = {"force": "kent", "inspection_report": {"published": "2018-06-28"}}
    known = ("2018-12-03", "2018", "not-yet", "unknown")
    for begins, notice, made in product(known, known, known):
        more = {"fieldwork": {"begins": begins}, "notice": {"given": notice}}
        follow_up = FollowUp.from_dict({**facts, **more, "arrangements": {"made": made}})
        for _ in range(2):
            plan = assess(follow_up, on="2019-01-15")
            assert plan.figures == scheduled(
                schedule(
                    plan.decision.applicable.deadlines,
                    plan.events,
                    plan.on.toordinal(),
                    order=RULES.contract.order,
                )
            )
