"""Deadlines beside an oracle that counts day by day, in every possible world of their dates.

``python -m tests.oracle --rows 100000 --dates 10000`` compares more of them.
"""

from __future__ import annotations

import ast
import dataclasses
from functools import partial
from itertools import product
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

pytest.importorskip("pyarrow", reason="sweeps need the extra 'columns'")

from ncpi_rules.core import (
    NOT_YET,
    UNKNOWN,
    DueDatePolicy,
    Happened,
    Modality,
    PartialDate,
    Status,
    Unit,
)
from ncpi_rules.deadlines import Figures, figures_of, has_begun, own_days, schedule
from ncpi_rules.facts import Dates
from ncpi_rules.facts.values import _VALUES  # pinned: where a fault is planted
from ncpi_rules.plan import values_of
from ncpi_rules.ruleset import DeadlineRule, Timing, load_ruleset, shipped_ruleset
from tests.counted_out import is_worked
from tests.oracle.compared import FIRST, rows_at_random, wrong_in_a_plan, wrong_in_a_sweep
from tests.oracle.edition import BEGINS
from tests.oracle.windows import latest_and_window
from tests.oracle.worlds import Duty, Verdict, verdict, worlds
from tests.strategies import (
    DEADLINE_EVENTS,
    calendars,
    dates_in_common,
    days,
    deadline_rules,
    follow_ups,
    less_known,
    near,
    ordered_dates,
    timings,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from ncpi_rules.core import Calendar, When
    from ncpi_rules.deadlines import OwnDays
    from ncpi_rules.facts import NamedFacts
    from ncpi_rules.ruleset import Decision
    from tests.oracle.worlds import Span

RULES = shipped_ruleset()
MANY = 150
"""Few examples would meet no dates that narrow each other."""


def duty_of(rule: DeadlineRule, policy: DueDatePolicy) -> Duty:
    """Return a rule's limits in words, as the oracle reads them."""
    due: list[str] = []
    first: list[str] = []
    if rule.within is not None:
        is_before = rule.within.direction == "before"
        (first if is_before else due).append(rule.within.text)
        due += [f"no later than {rule.within.event}"] * is_before
    if rule.at_least is not None:
        (due if rule.at_least.direction == "before" else first).append(rule.at_least.text)
    due += [f"no later than {rule.no_later_than}"] * bool(rule.no_later_than)
    due += [f"before {rule.before}"] * bool(rule.before)
    first += [f"no earlier than {rule.no_earlier_than}"] * bool(rule.no_earlier_than)
    return Duty(rule.event, tuple(due), tuple(first), policy.value, _Works(rule.working_days.extra))


class _Works:
    """The working days of England, but for some days off."""

    def __init__(self, extra: frozenset[int]) -> None:
        self.extra = extra

    def __call__(self, day: datetime.date) -> bool:
        """Return True for a working day."""
        return is_worked(day) and day.toordinal() not in self.extra


def known(when: When) -> Span | str:
    """Return what is known of an event, as the oracle reads it."""
    return (when.start, when.end) if isinstance(when, PartialDate) else when.value


def span(date: PartialDate | None) -> Span | None:
    """Return the first and the last day that a date may be."""
    return None if date is None else (date.start, date.end)


DATED = st.tuples(
    st.lists(deadline_rules(), min_size=4, max_size=7, unique_by=lambda rule: rule.id),
    ordered_dates(),
    near(),
    st.sampled_from(DueDatePolicy),
    st.sampled_from(["", *DEADLINE_EVENTS]),
)


def as_in_every_world(
    drawn: tuple[list[DeadlineRule], Any, datetime.date, DueDatePolicy, str],
) -> None:
    """Compare what is said of deadlines at random with every world of their dates.

    Each event is tried on its due date, too, and on the day after.
    """
    rules, (order, recorded), some_day, policy, begins = drawn
    rules = [rule for rule in rules if all(bound.anchor != rule.event for bound in rule.bounds)]
    assume(rules)
    compare = partial(_compare, rules, order=order, policy=policy, begins=begins)
    dues = compare(recorded, some_day=some_day.toordinal())
    for event, day in dues:
        for last in (day, day + 1):
            moved = {**recorded, event: PartialDate.between(last, last)}
            if not any(moved[first] is NOT_YET for first, later in order if later == event):
                compare(moved, some_day=last)


def _compare(  # noqa: PLR0913  what deadlines are worked out from
    rules: list[DeadlineRule],
    recorded: dict[str, When],
    *,
    order: tuple[tuple[str, str], ...],
    some_day: int,
    policy: DueDatePolicy,
    begins: str,
) -> set[tuple[str, int]]:
    """Compare deadlines on some days; return the events with their due dates."""
    whens = {name: known(when) for name, when in recorded.items()}
    every = list(worlds(whens, order))
    if not every:
        return set()
    events, dues = Dates(recorded).narrowed(order).events, set()
    ends = [day for when in whens.values() if not isinstance(when, str) for day in when]
    for on in sorted({some_day, *ends, *(day + 1 for day in ends)}):
        begun = has_begun(events, begins, on)
        for deadline in schedule(rules, events, on, policy, begun=begun, order=order):
            said = Verdict(
                deadline.status.value,
                span(deadline.due),
                span(deadline.not_before),
                deadline.late_by,
                deadline.days_left,
            )
            duty = duty_of(deadline.rule, policy)
            right = verdict(duty, every, whens, on=on, begins=begins)
            if begun is Happened.UNKNOWN and said.status == "cannot-tell":
                # What is done either way is said only where its first day has no say in it.
                right = dataclasses.replace(right, status="cannot-tell", days_left=None)
            assert said == right
            dues |= {(duty.event, day) for day in right.due or ()}
    return dues


@settings(max_examples=MANY)
@given(DATED)
def test_a_deadline_is_as_in_every_world(drawn: Any) -> None:
    """Due date, first day, status, days late and days left are those of all possible worlds."""
    as_in_every_world(drawn)


@given(DATED)
def test_a_window_is_as_in_every_world(drawn: Any) -> None:
    """The latest compliant date and the window are those of a search through all days.

    Dates are of the past here, and periods short, so that there are not too many days.
    """
    rules, (order, recorded), some_day, policy, _ = drawn
    rules = [rule for rule in rules if all(bound.anchor != rule.event for bound in rule.bounds)]
    ends = [when.end for when in recorded.values() if isinstance(when, PartialDate)]
    undated = len(recorded) - len(ends)
    periods = [bound.period for rule in rules for bound in rule.bounds]
    assume(rules and ends and 0 < undated < len(recorded))
    assume(all(period.unit is not Unit.MONTHS and period.count <= 6 for period in periods))
    whens = {name: known(when) for name, when in recorded.items()}
    assume(any(True for _ in worlds(whens, order)))
    on = max(ends) + some_day.toordinal() % 7
    duties = [duty_of(rule, policy) for rule in rules]
    events = Dates(recorded).narrowed(order).events
    for deadline in schedule(rules, events, on, policy, order=order):
        event = deadline.rule.event
        if isinstance(recorded[event], PartialDate):
            continue
        right = latest_and_window(event, duties, whens, order, on=on)
        if right is not None:
            assert (deadline.latest_compliant_date, span(deadline.window)) == right


@settings(max_examples=MANY)
@given(dates_in_common(), timings(), calendars(), st.sampled_from(DueDatePolicy))
def test_days_late_are_those_of_every_pair_of_days(
    drawn: Any, text: str, calendar: Calendar, policy: DueDatePolicy
) -> None:
    """The least and the most days late, or early, are those of all days in their order.

    However long a step is from each of them: months, working days, a due date that moves.
    """
    order, recorded = drawn
    rule = DeadlineRule(
        id="deadline.one",
        title="Something is done in time",
        by="shop",
        event="a",
        modality=Modality.MUST,
        statements=("code.1",),
        working_days=calendar,
        within=Timing.from_text(text),
    )
    events = Dates(recorded).narrowed(order).events
    days = [range(recorded[name].start, recorded[name].end + 1) for name in "ab"]
    pairs = [
        {"a": a, "b": b}
        for a, b in product(*days)
        if (("a", "b") not in order or a <= b) and (("b", "a") not in order or b <= a)
    ]
    own = own_days(rule.bounds, events, pairs[0]["a"], policy, order)
    for said, is_floor, way in ((own.late, False, 1), (own.early, True, -1)):
        bounds = [bound for bound in rule.bounds if bound.is_floor is is_floor]
        limit = max if is_floor else min
        right = [
            way * (pair["a"] - limit(bound.moved(pair["b"], policy) for bound in bounds))
            for pair in pairs
            if bounds
        ]
        assert said == ((min(right), max(right)) if bounds else None)


RANDOM = st.randoms(use_true_random=False)


@settings(max_examples=MANY)
@given(RANDOM)
def test_a_plan_is_as_in_every_world(random: Random) -> None:
    """So is every deadline of a plan of the shipped edition, whose duties stand by hand here."""
    assert wrong_in_a_plan(random) == []


def test_a_sweep_is_as_counted_day_by_day() -> None:
    """A table of whole days, of not-yet and of unknown has the statuses and days of the oracle."""
    random = Random(3)  # noqa: S311  nothing is kept secret
    for on in (FIRST + 20, FIRST + 200, FIRST + 500):
        assert wrong_in_a_sweep(list(rows_at_random(random, 400)), on) == []


@given(st.data())
def test_what_is_said_stays_true_when_more_is_known(data: st.DataObject) -> None:
    """A value that is said while something is unknown is the value once it is known."""
    stays_true(data)


def stays_true(data: st.DataObject) -> None:
    """Compare the values of a follow-up with those of one of which less is known."""
    whole, on = data.draw(follow_ups()), data.draw(days()).toordinal()
    less = values_of(data.draw(less_known(whole)), RULES, on)
    for name, value in values_of(whole, RULES, on).items():
        alike = LESS_SAYS.get((name, value), value)
        assert less[name] in {value, alike, RULES.facts[name].unknown}, name


LESS_SAYS = {
    ("action-plan-review", "done"): "not-required",
    ("earlier-revisit", "begun"): "none-recorded",
}
"""What a value is, while less is known, besides itself and unknown.

A review that was waived may have been made all the same: to every rule that is one. And of a
revisit of which nothing is recorded, nothing is: a decision does not say that one came before it.
"""


def test_the_oracle_shares_nothing_with_the_library() -> None:
    """What counts the days, and the duties by hand, import nothing of ours but each other."""
    for name in ("counted_out", "oracle/worlds", "oracle/edition"):
        tree = ast.parse((Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
        imported = {
            getattr(node, "module", None) or node.names[0].name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
        assert not any(module.startswith("ncpi_rules") for module in imported)


# Faults that are planted, one at a time: the searches above find each without any example.


def late_on_the_due_date(own: OwnDays, actual: When, on: int, begun: Happened) -> Figures:
    """Count what happens on its due date as late."""
    figures = figures_of(own, actual, on, begun)
    is_last = isinstance(actual, PartialDate) and own.due is not None and actual.end == own.due[0]
    return Figures(figures.due, Status.LATE, None) if is_last else figures


def unknown_as_none(own: OwnDays, actual: When, on: int, begun: Happened) -> Figures:
    """Take what nobody has recorded for what has not happened."""
    return figures_of(own, NOT_YET if actual is UNKNOWN else actual, on, begun)


def range_as_met(own: OwnDays, actual: When, on: int, begun: Happened) -> Figures:
    """Take a duty for met where one day of a partial date would be in time."""
    figures = figures_of(own, actual, on, begun)
    is_past = isinstance(actual, PartialDate) and actual.end <= on
    is_open = is_past and figures.status is Status.CANNOT_TELL
    return Figures(figures.due, Status.MET, None) if is_open else figures


FAULTS = (late_on_the_due_date, unknown_as_none, range_as_met)


def searched(holds: Callable[..., None], *strategies: Any) -> Callable[[], None]:
    """Return a search for a case in which something does not hold."""
    found_first = settings(max_examples=MANY, phases=(Phase.generate,))
    search: Callable[[], None] = found_first(given(*strategies)(holds))  # type: ignore[no-untyped-call]
    return search


@pytest.mark.parametrize("fault", FAULTS)
def test_a_search_finds_a_fault_of_deadlines(
    fault: Callable[..., Figures], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault in the figures of a deadline is found among rules and dates at random."""
    monkeypatch.setattr("ncpi_rules.deadlines.deadline.figures_of", fault)
    with pytest.raises(AssertionError):
        searched(as_in_every_world, DATED)()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_search_finds_a_fault_of_plans(
    fault: Callable[..., Figures], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same fault is found in plans of the shipped edition."""

    def figures_by(decision: Decision, dates: Dates, on: int) -> dict[str, Figures]:
        rules, events = decision.applicable.deadlines, dates.events
        begun = has_begun(events, BEGINS, on)
        order, policy = RULES.contract.order, decision.due_date_policy
        return {
            rule.id: fault(
                own_days(rule.bounds, events, on, policy, order),
                events.get(rule.event, UNKNOWN),
                on,
                begun,
            )
            for rule in rules
        }

    monkeypatch.setattr("ncpi_rules.plan.statuses.figures_by", figures_by)
    ruleset = load_ruleset()  # what it remembers is forgotten with it

    def is_right(random: Random) -> None:
        assert wrong_in_a_plan(random, ruleset) == []

    with pytest.raises(AssertionError):
        searched(is_right, RANDOM)()


@pytest.mark.parametrize(
    ("source", "none"),
    [("inspection_report.recommendations.immediate", "none"), ("action_plan.covers", "incomplete")],
)
def test_a_search_finds_an_unknown_fact_taken_as_none(
    source: str, none: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where an unknown list is read as an empty one, a later answer contradicts the first."""
    value = _VALUES[source]

    def planted(facts: NamedFacts, on: int) -> object:
        answer = value(facts, on)
        return none if answer is UNKNOWN else answer

    monkeypatch.setitem(_VALUES, source, planted)
    with pytest.raises(AssertionError):
        searched(stays_true, st.data())()
