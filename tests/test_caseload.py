"""Caseloads: one row for each follow-up, never better than it is, the most urgent first."""

from __future__ import annotations

import datetime
import json
import os
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ncpi_rules.cli.caseload import caseload as command  # pinned: the command is called as Python
from ncpi_rules.cli.diff import diff  # pinned: the command is called as Python
from ncpi_rules.cli.options import CaseOptions  # pinned: the command is called as Python
from ncpi_rules.core import UNKNOWN, FactsError, NcpiRulesError, Status, day_of
from ncpi_rules.explore import CaseloadDocument, CaseloadRow, TeamWeek, caseload, what_if

# pinned: clashes are searched for numbers of any size
from ncpi_rules.explore.capacity import clashes_of

# pinned: its answers are compared with a search
from ncpi_rules.explore.still_possible import other_deadlines
from ncpi_rules.explore.urgency import DeadlinesInForce  # pinned: its dates are compared day by day
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import schema
from ncpi_rules.plan import Plan, assess, values_of
from ncpi_rules.ruleset import decide, load_ruleset, shipped_ruleset
from tests.strategies import REPORT_DAYS, completions, early_follow_ups, follow_ups, works

if TYPE_CHECKING:
    from ncpi_rules.ruleset import Decision, Ruleset

EXAMPLES = sorted((Path(__file__).parents[1] / "examples" / "follow-ups").glob("*.yaml"))
VALIDATOR = Draft202012Validator(schema("caseload"))
NOT_MET = {"late", "overdue", "too-early", "projected-late"}
URGENCY = list(Status)


def follow_up(force: str = "kent", **facts: Any) -> FollowUp:
    """Return a follow-up from plain facts."""
    return FollowUp.from_dict({"force": force, **facts})


def waiting(force: str = "kent", published: str = "2024-03-01", **facts: Any) -> FollowUp:
    """Return a follow-up of which the revisit has not begun, and the rest is in time."""
    return follow_up(
        force,
        **{
            "inspection_report": {"published": published},
            "action_plan": {"received": published},
            "fieldwork": {"begins": "not-yet", "ends": "not-yet"},
            "notice": {"given": "not-yet"},
            **facts,
        },
    )


def row_of(follow_up: FollowUp, on: str, **more: Any) -> CaseloadRow:
    """Return the row of one follow-up."""
    return caseload([follow_up], on=on, **more).rows[0]


def tag(follow_up: FollowUp, on: str, **more: Any) -> str:
    """Return the tag of one follow-up, with a tick where nothing could be late or due soon."""
    row = row_of(follow_up, on, **more)
    return f"{row.status_label}{' ✓' if row.all_clear else ''}"


def not_met(plan: Plan) -> list[str]:
    """Return the deadlines that are not met and are neither waived nor varied, by the plan."""
    return [
        deadline["id"]
        for deadline in plan.to_dict()["deadlines"]
        if (deadline["status"] in NOT_MET or not deadline["can_be_met"])
        and deadline["decision"] is None
    ]


def deadlines_of(decision: Decision) -> tuple[str, ...]:
    """Return the ids of the deadlines that apply."""
    return tuple(rule.id for rule in decision.applicable.deadlines)


# How urgent a follow-up is


@given(st.lists(follow_ups(), max_size=4), REPORT_DAYS, st.integers(0, 60))
def test_each_follow_up_has_a_row_with_its_most_urgent_status(
    several: list[FollowUp], day: datetime.date, soon: int
) -> None:
    """A row for each follow-up, with a status at least as urgent as each of its deadlines'."""
    result = caseload(several, on=day, soon=soon)
    assert sorted(row.plan.follow_up.to_json() for row in result.rows) == sorted(
        follow_up_.to_json() for follow_up_ in several
    )
    for row in result.rows:
        recorded = [
            deadline.status
            for deadline in row.plan.deadlines
            if deadline.status is not Status.CANNOT_TELL or deadline.due or deadline.actual
        ]
        assert all(URGENCY.index(row.status) <= URGENCY.index(status) for status in recorded)
        assert sum(row.statuses.values()) == len(row.plan.deadlines)
        assert not (row.all_clear and not_met(row.plan))
        assert (row.status is Status.OVERDUE) == (Status.OVERDUE in row.statuses)
        assert row.plan == assess(row.plan.follow_up, on=day)
        assert row.reason.endswith(".")
        assert row.reason[:1].isupper()
    assert sum(result.counts.values()) == len(several)


@given(st.lists(follow_ups() | early_follow_ups().map(lambda drawn: drawn[0]), max_size=6))
def test_the_most_urgent_comes_first(several: list[FollowUp]) -> None:
    """The most urgent status comes first, whatever the order of the follow-ups."""
    result = caseload(several, on="2018-10-01")
    order = [URGENCY.index(row.status) for row in result.rows]
    assert order == sorted(order)
    again = caseload(several[::-1], on="2018-10-01")
    assert [row.status for row in again.rows] == [row.status for row in result.rows]
    assert {row.reason for row in again.rows} == {row.reason for row in result.rows}


@given(st.data(), early_follow_ups(), st.integers(0, 30))
def test_all_clear_has_no_deadline_that_may_not_be_met(
    data: st.DataObject, drawn: tuple[FollowUp, datetime.date], soon: int
) -> None:
    """Whatever is true of all that is not recorded, deadlines are met where all is clear."""
    follow_up, on = drawn
    assume(caseload([follow_up], on=on, soon=soon).rows[0].all_clear)
    completed = data.draw(completions(follow_up, on))
    for name, place in (("findings", "findings"), ("prospects", "prospects.judgement")):
        fact = shipped_ruleset().facts[name]
        if values_of(follow_up, shipped_ruleset(), on.toordinal())[name] == fact.unknown:
            completed[place] = data.draw(
                st.sampled_from(list(fact.values)).filter(fact.unknown.__ne__)
            )
    try:
        result = what_if(follow_up, completed, on=on)
    except FactsError:
        reject()
    assert not_met(result.after) == []


@given(early_follow_ups())
def test_all_clear_holds_whatever_is_true_of_all_that_is_open(
    drawn: tuple[FollowUp, datetime.date],
) -> None:
    """In every combination of values of the open facts, nothing is urgent where all is clear.

    The search goes through all cases, and something is urgent wherever a fact could change that.
    """
    follow_up, on = drawn
    row = caseload([follow_up], on=on, soon=0).rows[0]
    assume(row.all_clear or "could change that" in row.reason)
    decision, rules = row.plan.decision, shipped_ruleset()
    values = {name: decision.values[name] for name in rules.facts}
    open_ = [name for name, fact in rules.facts.items() if values[name] == fact.unknown]
    urgent, seen = False, set()
    for combination in product(*(rules.facts[name].values for name in open_)):
        other = decide(rules, {**values, **dict(zip(open_, combination, strict=True))})
        if deadlines_of(other) in seen:
            continue
        seen.add(deadlines_of(other))
        plan = Plan(follow_up, day_of(on.toordinal()), other)
        then = DeadlinesInForce.of(plan.schedule, plan, on.toordinal(), 0)
        urgent |= bool(then.not_met or then.uncertain or then.urgent)
    assert urgent == (not row.all_clear)


RULESETS = [shipped_ruleset(), load_ruleset(Path(__file__).parent / "rulesets" / "library-loans")]


@given(st.data(), st.sampled_from(RULESETS))
def test_every_other_set_of_deadlines_is_found(data: st.DataObject, ruleset: Ruleset) -> None:
    """They are those of a search through all values of the open facts, with the fewest facts."""
    facts = ruleset.facts
    open_ = data.draw(st.lists(st.sampled_from(sorted(facts)), max_size=5, unique=True))
    present = {
        name: fact.unknown
        if name in open_
        else data.draw(st.sampled_from([value for value in fact.values if value != fact.unknown]))
        for name, fact in facts.items()
    }
    decision = decide(ruleset, present)
    fewest: dict[tuple[str, ...], int] = {}
    for combination in product(*(facts[name].values for name in open_)):
        values = {**present, **dict(zip(open_, combination, strict=True))}
        rules = deadlines_of(decide(ruleset, values))
        many = sum(values[name] != present[name] for name in open_)
        fewest[rules] = min(many, fewest.get(rules, many))
    del fewest[deadlines_of(decision)]
    others = other_deadlines(decision)
    assert fewest == {deadlines_of(other.decision): len(other.facts) for other in others}
    assert [len(other.facts) for other in others] == sorted(len(other.facts) for other in others)


@given(early_follow_ups(), st.integers(0, 20))
def test_nothing_is_due_soon_where_all_is_clear(
    drawn: tuple[FollowUp, datetime.date], soon: int
) -> None:
    """A follow-up that is all clear, and of which no more is recorded, is in time for so long."""
    follow_up, on = drawn
    assume(caseload([follow_up], on=on, soon=soon).rows[0].all_clear)
    later = assess(follow_up, on=on + datetime.timedelta(days=soon))
    assert "overdue" not in {deadline["status"] for deadline in later.to_dict()["deadlines"]}


def test_statuses_of_plain_cases() -> None:
    """Each has the tag of its most urgent deadline, and a tick only where all clear is proved."""
    example = waiting()
    assert tag(example, "2024-03-02") == "due ✓"
    assert tag(example, "2024-08-03") == "due ✓"
    assert tag(example, "2024-08-04") == "due"  # what if a visit, with its notice?
    assert tag(example, "2024-08-17") == "due"
    assert tag(example, "2024-08-18") == "due soon"
    no_plan = waiting(action_plan={"received": "not-yet"})
    assert tag(no_plan, "2024-03-28") == "due ✓"
    assert tag(no_plan, "2024-03-29") == "due soon"
    assert row_of(no_plan, "2024-03-29").reason.startswith(
        "The action plan usually comes within six weeks of publication. 14 days left."
    )
    assert tag(example, "2024-08-10", soon=30) == "due soon"
    assert tag(example, "2024-09-02") == "overdue"
    assert tag(follow_up(), "2024-09-02") == "cannot tell"
    ahead = follow_up(inspection_report={"published": "not-yet"})
    assert tag(ahead, "2024-09-02") == "not started"
    month = waiting(published="2024-03", action_plan={"received": "2024-04-01"})
    assert tag(month, "2024-09-15") == "cannot tell"
    begun = waiting(
        inspection_report={
            "published": "2024-03-01",
            "findings": "broadly-positive",
            "recommendations": [],
        },
        action_plan={"received": "2024-04-01", "reviewed": "2024-04-10"},
        prospects="no-concerns",
        notice={"given": "2024-05-02", "activity_described": "2024-05-02"},
        documents={"reviewed": "2024-05-02"},
        fieldwork={"begins": "2024-06-03"},
    )
    assert tag(begun, "2024-07-01") == "met"
    assert "Too little is known to say" in row_of(begun, "2024-07-01").reason
    recorded = follow_up(inspection_report={"published": "2024-03-01"})
    assert tag(recorded, "2024-03-15") == "due"
    assert tag(recorded, "2024-04-20") == "due"
    late = waiting(
        fieldwork={"begins": "2024-09-03", "ends": "2024-09-04"}, notice={"given": "2024-05-02"}
    )
    assert tag(late, "2024-06-03") == "projected late"
    assert tag(late, "2024-10-03") == "late"


def test_a_latest_compliant_date_is_due_soon_before_it_comes() -> None:
    """A notice without a due date is urgent before the latest date that still meets the ceiling."""
    facts: dict[str, Any] = {
        "inspection_report": {"published": "2024-03-01", "findings": "broadly-positive"},
        "prospects": "no-concerns",
        "action_plan": {"received": "2024-04-01", "reviewed": "2024-04-10"},
    }
    for notice, unrecorded in (
        ("not-yet", ""),
        ("unknown", "; not recorded whether it has been done"),
    ):
        example = waiting(**facts, notice={"given": notice})
        assert tag(example, "2024-08-03") == "due ✓"
        assert tag(example, "2024-08-19") == (
            "projected late" if notice == "not-yet" else "due soon"
        )
        row = row_of(example, "2024-08-04")
        assert (row.status_label, row.all_clear) == ("due soon", False)
        assert row.reason == (
            "The force is told the date of a visit at least two weeks before the first day of the "
            "revisit. "
            f"The latest compliant date is 18 August 2024{unrecorded}."
        )


def test_what_may_have_been_too_early_is_not_all_clear() -> None:
    """Feedback due on the last day of a review may have come already where none is recorded."""
    facts: dict[str, Any] = {
        "inspection_report": {
            "published": "2024-03-01",
            "findings": "broadly-positive",
            "recommendations": [],
        },
        "prospects": "some-concerns",
        "action_plan": {"received": "2024-04-01", "reviewed": "2024-04-10", "covers": []},
        "notice": {"given": "2024-05-02", "activity_described": "2024-05-02"},
        "documents": {"reviewed": "2024-05-20"},
        "fieldwork": {"begins": "2024-06-03", "ends": "2024-06-07"},
    }
    on_the_day = {"R18": "on-the-last-day"}
    written = dict.fromkeys(("to_chief_officer", "to_local_policing_body"), "not-yet")
    for feedback, expected in (("not-yet", True), ("unknown", False)):
        example = waiting(**facts, feedback={"given": feedback, **written})
        row = row_of(example, "2024-06-04", soon=0, interpretations=on_the_day)
        assert row.all_clear is expected


def test_what_counts_from_an_unrecorded_day_is_not_all_clear() -> None:
    """Feedback is due three weeks after the end; where that may have passed, so may this."""
    facts: dict[str, Any] = {
        "inspection_report": {
            "published": "2024-03-01",
            "findings": "broadly-positive",
            "recommendations": [],
        },
        "action_plan": {"received": "2024-04-01", "reviewed": "2024-04-10", "covers": []},
        "prospects": "no-concerns",
        "notice": {"given": "2024-05-02", "activity_described": "2024-05-02"},
        "documents": {"reviewed": "2024-05-02"},
        "publication": {"published": "not-yet"},
    }
    written = dict.fromkeys(("to_chief_officer", "to_local_policing_body"), "not-yet")
    ended = waiting(
        **facts,
        fieldwork={"begins": "2024-06-03", "ends": "2024-06-07"},
        feedback={"given": "2024-06-07", **written},
    )
    assert row_of(ended, "2024-06-08", soon=0).all_clear
    unrecorded = waiting(
        **facts, fieldwork={"begins": "2024-06-03"}, feedback={"given": "not-yet", **written}
    )
    row = row_of(unrecorded, "2024-06-08")
    assert not row.all_clear
    assert "Too little is known to say whether this is met: " in row.reason


def test_what_is_waived_is_not_overdue() -> None:
    """A deadline that HMICFRS has waived is never overdue, and stands after what is still due."""
    late = waiting(action_plan={"received": "not-yet"})
    assert tag(late, "2024-06-01") == "overdue"
    waiver = {"decision": "waiver", "of": "action-plan-received", "by": "HMICFRS", "why": "agreed"}
    waived = waiting(
        action_plan={"received": "not-yet"}, decisions=[{**waiver, "on": "2024-03-20"}]
    )
    row = row_of(waived, "2024-06-01")
    assert (row.status, row.all_clear) == (Status.DUE, True)
    assert row.statuses[Status.WAIVED] == 1


def test_where_all_that_was_late_is_waived_the_row_says_so() -> None:
    """A follow-up whose only late duties are waived is waived, with who agreed; not unknown."""
    decisions = [
        {"decision": "waiver", "of": of, "by": "HMICFRS", "on": "2024-03-20", "why": "agreed"}
        for of in ("action-plan-received", "revisit-begins")
    ]
    example = follow_up(
        inspection_report={"published": "2024-03-01", "recommendations": []},
        action_plan={"received": "not-yet"},
        fieldwork={"begins": "not-yet"},
        decisions=decisions,
    )
    row = row_of(example, "2024-10-01")
    assert row.status is Status.WAIVED
    assert row.reason.startswith("Waived: The action plan usually")
    assert "by HMICFRS" in row.reason
    assert "No deadline has a date" not in row.reason


def test_a_revisit_that_is_arranged_is_next_whether_or_not_a_deadline_binds_it() -> None:
    """A planned revisit is the next duty where its ceiling is waived, and where it has none."""
    arranged = {"begins": "2024-10-01", "ends": "2024-10-02"}
    waiver = {"decision": "waiver", "of": "revisit-begins", "by": "HMICFRS", "why": "agreed"}
    full = {"decision": "full-reinspection", "by": "HMICFRS", "on": "2024-04-01", "why": "concerns"}
    for decisions, answers in (
        ([{**waiver, "on": "2024-03-20"}], {}),
        ([full], {"R4": "does-not-bind-full-re-inspection"}),
    ):
        example = waiting(
            fieldwork=arranged,
            notice={"given": "2024-05-02", "activity_described": "2024-05-02"},
            documents={"reviewed": "2024-05-02"},
            decisions=decisions,
        )
        row = row_of(example, "2024-09-20", interpretations=answers)
        assert (row.next_duty or "").startswith("HMICFRS must revisit the force")
        assert row.due_text == "planned for 1 October 2024"
        assert row.days_left == (11, 11)


def test_a_reason_says_what_and_how_much() -> None:
    """The reason is the sentence of the deadline that matters most, and how many more there are."""
    late = row_of(waiting(action_plan={"received": "not-yet"}), "2024-09-05")
    assert late.reason.startswith("Overdue by 146 days so far: The action plan usually comes")
    assert late.reason.endswith("1 more deadline has the same status.")
    unrecorded = row_of(follow_up(inspection_report={"published": "2024-03-01"}), "2024-09-05")
    assert unrecorded.reason.startswith(
        "The action plan usually comes within six weeks of publication. The due date has passed; "
        "not recorded whether it has been done."
    )
    soon = row_of(waiting(), "2024-08-25")
    assert soon.reason == "The force is revisited within six months of publication. 7 days left."


def test_what_nobody_recorded_is_not_due_soon_once_its_day_has_passed() -> None:
    """A latest compliant date of years ago makes nothing urgent: it may have been met."""
    chosen = {
        "decision": "tier-chosen",
        "value": "post-inspection-review",
        **dict.fromkeys(("by", "on", "why"), "unknown"),
    }
    facts: dict[str, Any] = {
        "inspection_report": {"published": "2014-08-29"},
        "decisions": [chosen],
    }
    years_later = row_of(follow_up(action_plan={"received": "2014-10-01"}, **facts), "2022-09-07")
    assert (years_later.status_label, years_later.status) == ("cannot tell", Status.CANNOT_TELL)
    assert years_later.reason == (
        "The force is told the activity and how long it takes before the first day of the "
        "revisit. The latest compliant date, 27 February 2015, has passed; not recorded whether it "
        "has been done. 7 more deadlines have the same status."
    )


def test_overdue_stands_before_late_and_the_longest_first() -> None:
    """What is still to be done comes before history, and first what is longest overdue."""
    rows = caseload(
        [
            waiting("surrey", "2024-02-15"),
            follow_up(
                "norfolk",
                inspection_report={"published": "2023-01-01"},
                fieldwork={"begins": "2023-12-01", "ends": "2023-12-05"},
            ),
            waiting("kent", "2024-01-15"),
        ],
        on="2024-09-01",
    ).rows
    assert [row.subject for row in rows] == ["kent", "surrey", "norfolk"]


def test_what_is_due_first_stands_first_among_the_due() -> None:
    """Among follow-ups with the same status, that with the fewest days left comes first."""
    several = [waiting("kent", "2024-04-01"), waiting("surrey", "2024-03-01")]
    rows = caseload(several, on="2024-05-01").rows
    assert [(row.status, row.subject) for row in rows] == [
        (Status.DUE, "surrey"),
        (Status.DUE, "kent"),
    ]


# What is next


def test_the_next_duty_is_the_nearest_known_one() -> None:
    """What is known to be left comes by its day, with who owes it and how long is left."""
    row = caseload(
        [waiting(action_plan={"received": "not-yet"}, prospects="no-concerns")], on="2024-03-11"
    ).rows[0]
    assert (row.next_duty_id, row.owed_by) == ("deadline.action-plan", "the force")
    assert str(row.due) == "2024-04-12"
    assert row.days_left == (32, 32)
    later = caseload([waiting()], on="2024-06-03").rows[0]
    assert (later.next_duty_id, later.owed_by) == ("deadline.revisit", "HMICFRS")
    arranged = waiting(fieldwork={"begins": "2024-08-01", "ends": "2024-08-02"}, notice={})
    planned = caseload([arranged], on="2024-06-03").rows[0]
    assert planned.due_text == "planned for 1 August 2024"
    overdue = caseload([waiting()], on="2024-09-05").rows[0]
    assert (overdue.late_by_days, overdue.days_left) == ((4, 4), None)


def test_a_notice_is_due_by_its_latest_compliant_date() -> None:
    """Without a date for the revisit, the notice is due by the latest that meets the ceiling."""
    row = caseload(
        [
            waiting(
                inspection_report={"published": "2024-03-01", "findings": "broadly-positive"},
                prospects="no-concerns",
                action_plan={"received": "2024-04-01", "reviewed": "2024-04-10"},
            )
        ],
        on="2024-06-03",
    ).rows[0]
    assert row.next_duty_id == "deadline.notice"
    assert row.due_text == "latest compliant date: 18 August 2024"
    assert row.headline == "post-inspection-visit"


@given(follow_ups(), REPORT_DAYS)
def test_what_is_not_recorded_is_a_duty_while_there_is_time(
    follow_up: FollowUp, day: datetime.date
) -> None:
    """The next duty is known not to be done, planned, or not recorded with its due date to come."""
    row = caseload([follow_up], on=day).rows[0]
    deadlines = {deadline["id"]: deadline for deadline in row.plan.to_dict()["deadlines"]}
    if row.next_duty_id in deadlines:
        event = deadlines[row.next_duty_id]["event"]
        when = row.plan.events[event]
        assert getattr(when, "start", 10**9) > day.toordinal()
        assert when is not UNKNOWN or deadlines[row.next_duty_id]["status"] == "due"
    if row.days_left is not None:
        assert 0 <= row.days_left[0] <= row.days_left[1]
    assert bool(row.next_duty) == bool(row.owed_by)


def test_it_says_what_a_follow_up_waits_for() -> None:
    """A missing judgement comes first, then the facts and dates that are not recorded."""
    row = caseload([waiting()], on="2024-06-03").rows[0]
    assert row.waits_for[0] == "a judgement to decide the type of follow-up"
    assert "The judgement of the force's prospects for improvement" in row.waits_for
    assert "the date of 'the update on immediate recommendations reaches HMICFRS'" in row.waits_for


# Clashes


def _can_be_made(work: list[TeamWeek], teams: int) -> bool:
    """Return whether all can be made, by giving each week to what is due first."""
    left = sorted(work, key=lambda week: week.first)
    for week in range(20):
        ready = sorted((item for item in left if item.first <= week), key=lambda item: item.last)
        for item in ready[:teams]:
            left.remove(item)
        if any(item.last <= week for item in left):
            return False
    return not left


@given(works(), st.integers(1, 3))
def test_there_is_a_clash_where_it_cannot_be_done(work: list[TeamWeek], teams: int) -> None:
    """There is a clash exactly where no way of sharing out the weeks makes every revisit."""
    clashes = clashes_of(work, teams, [str(place) for place in range(10)])
    assert bool(clashes) != _can_be_made(work, teams)
    for clash in clashes:
        assert clash.weeks_needed > clash.weeks_available
        assert clash.first.first.isoweekday() == 1
        assert clash.last.first.isoweekday() == 7
        assert clash.sentence.endswith(".")


def test_clashes_of_real_windows() -> None:
    """Two revisits that must begin in one week, or are arranged for it, clash with one team."""
    arranged: dict[str, Any] = {
        "fieldwork": {"begins": "2024-08-06", "ends": "2024-08-08"},
        "notice": {},
    }
    both = [waiting("kent", **arranged), waiting("surrey", **arranged)]
    result = caseload(both, on="2024-06-03")
    assert len(result.clashes) == 1
    assert result.clashes[0].sentence == (
        "From 5 August 2024 to 11 August 2024 the revisits need 2 team weeks, and there is "
        "1: Kent Police and Surrey Police."
    )
    assert "Clashes of revisits" in result.to_html()
    assert caseload(both, on="2024-06-03", teams=2).clashes == ()
    assert caseload([waiting("kent"), waiting("surrey")], on="2024-06-03").clashes == ()
    last = caseload([waiting("kent"), waiting("surrey")], on="2024-08-28").clashes
    assert [clash.subjects for clash in last] == [("Kent Police", "Surrey Police")]
    assert caseload([waiting("kent"), waiting("surrey")], on="2024-09-10").clashes == ()


def test_a_revisit_arranged_over_weeks_takes_all_of_them() -> None:
    """A revisit from one week into the next takes a team in both, and in no week that is over."""
    long_: dict[str, Any] = {
        "fieldwork": {"begins": "2024-08-06", "ends": "2024-08-14"},
        "notice": {},
    }
    short: dict[str, Any] = {
        "fieldwork": {"begins": "2024-08-13", "ends": "2024-08-14"},
        "notice": {},
    }
    both = [waiting("kent", **long_), waiting("surrey", **short)]
    assert [str(clash.first) for clash in caseload(both, on="2024-06-03").clashes] == ["2024-08-12"]
    assert caseload(both, on="2024-08-19").clashes == ()


def clashing(on: str, **facts: Any) -> list[tuple[int, int]]:
    """Return the team weeks needed and available in each clash of two follow-ups alike."""
    both = [waiting(force, **facts) for force in ("kent", "surrey")]
    return [(clash.weeks_needed, clash.weeks_available) for clash in caseload(both, on=on).clashes]


def test_a_revisit_that_is_arranged_roughly_may_fall_into_any_of_its_weeks() -> None:
    """A partial date may be any of its weeks; one that may have come already is not counted."""
    one_week: dict[str, Any] = {"fieldwork": {"begins": "2024-08-05/2024-08-09"}, "notice": {}}
    two_weeks: dict[str, Any] = {"fieldwork": {"begins": "2024-08-05/2024-08-18"}, "notice": {}}
    assert clashing("2024-08-04", **one_week) == [(2, 1)]
    assert clashing("2024-08-05", **one_week) == []  # either may have begun today
    assert clashing("2024-08-04", **two_weeks) == []


def test_what_is_not_known_or_waived_needs_no_team() -> None:
    """Only a revisit that has certainly not happened, and is still owed, is counted."""
    assert clashing("2024-08-28") == [(2, 1)]
    assert clashing("2024-08-28", fieldwork={}) == []
    waiver = {"decision": "waiver", "of": "revisit-begins", "by": "HMICFRS", "why": "agreed"}
    assert clashing("2024-08-28", decisions=[{**waiver, "on": "2024-03-20"}]) == []
    assert clashing("2024-08-28", decisions=[{**waiver, "on": "2024-09-20"}]) == [(2, 1)]


# Faults, and how it is shown


def test_all_problems_of_all_follow_ups_are_reported() -> None:
    """Values that the ruleset does not have are reported of every follow-up, with its number."""
    wrong = [follow_up(prospects="good"), follow_up(), follow_up("surrey", prospects="bad")]
    with pytest.raises(FactsError) as caught:
        caseload(wrong, on="2024-06-03")
    assert [problem.place for problem in caught.value.problems] == [
        "[0] kent: prospects.judgement",
        "[2] surrey: prospects.judgement",
    ]
    with pytest.raises(FactsError) as few:
        caseload([], on="2024-06-03", soon=-1, teams=0)
    assert [problem.place for problem in few.value.problems] == ["soon", "teams"]


@given(st.lists(follow_ups(), max_size=3), REPORT_DAYS)
def test_every_form_has_every_status(several: list[FollowUp], day: datetime.date) -> None:
    """Each form has the tag beside the colour, and HTML loads nothing from elsewhere."""
    result = caseload(several, on=day)
    for shown in (result.to_text(), result.to_markdown(), result.to_html(), result._repr_html_()):
        for row in result.rows:
            assert row.status_label.capitalize() in shown
        assert "src=" not in shown
        assert shown.count("<script") == shown.startswith("<!DOCTYPE")
    assert json.loads(result.to_json()) == result.to_dict()
    VALIDATOR.validate(result.to_dict())
    assert CaseloadDocument.from_json(result.to_json()) == result.document
    assert [row["status"] for row in result.to_dict()["rows"]] == [r.status for r in result.rows]
    assert max(map(len, result.to_text(width=80).splitlines())) <= 80


def test_the_command_prints_each_form(capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints a table over the real follow-ups, and 0 says that all could be used."""
    names = list(map(str, EXAMPLES))
    for form in ("text", "json", "markdown", "html"):
        assert command(*names, options=CaseOptions(on="2022-05-10"), format_=form) == 0
        printed = capsys.readouterr()
        assert printed.err == ""
        assert "Dorset Police" in printed.out


def test_the_command_takes_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder stands for the follow-ups in it; one without any is refused."""
    assert (
        command(str(EXAMPLES[0].parent), options=CaseOptions(on="2022-05-10"), format_="json") == 0
    )
    assert len(json.loads(capsys.readouterr().out)["rows"]) == len(EXAMPLES)
    with pytest.raises(NcpiRulesError, match="no follow-up in"):
        command(str(tmp_path))


def test_what_a_folder_holds_beside_follow_ups_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file whose name ends otherwise is named, with the right name, and the status is 1."""
    tmp_path.joinpath("dorset.yaml").write_bytes(EXAMPLES[0].read_bytes())
    options = CaseOptions(on="2022-05-10")
    for name in (
        "notes.md",
        "photo.jpg",
        "~$dorset.docx",
        ".dorset.yaml.swp",
        "~$a.yaml",
        ".b.json",
    ):
        tmp_path.joinpath(name).touch()
    assert command(str(tmp_path), options=options, format_="json") == 0
    assert capsys.readouterr().err == ""
    for name in ("dorset.json.bak", "kent.yaml.txt", "more/gwent.yaml"):
        tmp_path.joinpath(name).parent.mkdir(exist_ok=True)
        tmp_path.joinpath(name).touch()
    assert command(str(tmp_path), options=options, format_="json") == 1
    printed = capsys.readouterr()
    assert len(json.loads(printed.out)["rows"]) == 1
    assert printed.err.replace(f"{tmp_path.as_posix()}/", "") == (
        "dorset.json.bak: This file is not read.\n"
        "  help: Move it elsewhere; 'dorset.yaml' is read.\n"
        "kent.yaml.txt: This file is not read.\n"
        "  help: Rename it 'kent.yaml', or move it elsewhere.\n"
        "more: This folder is not read.\n"
        "  help: Move what should be read out of it, or move it elsewhere.\n"
    )
    difference = diff("ncpi-follow-up", interpretation=["R1=refer"], cases=[str(tmp_path)])
    assert difference == 1


def test_a_table_in_a_folder_is_to_be_named_by_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A workbook or a .csv beside follow-ups is not read with them, and nobody is to rename it."""
    tmp_path.joinpath("dorset.yaml").write_bytes(EXAMPLES[0].read_bytes())
    tmp_path.joinpath("cases.csv").write_text("Force\nKent\n", "utf-8")
    assert command(str(tmp_path), options=CaseOptions(on="2022-05-10"), format_="json") == 1
    assert capsys.readouterr().err == (
        f"{tmp_path.as_posix()}/cases.csv: This file is not read.\n"
        "  help: Name it by itself: a table is not read out of a folder.\n"
    )


def test_a_table_without_a_follow_up_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Heads alone give no caseload: this is a problem, and no file is written."""
    table, page = tmp_path / "cases.csv", tmp_path / "page.html"
    table.write_text("Force;Findings\n;\n", "utf-8")
    options = CaseOptions(on="2022-05-10")
    assert command(str(table), options=options, format_="html", output=str(page)) == 1
    assert capsys.readouterr().err == (
        f"{table}: There is no follow-up in it.\n  help: Write one into each row below the heads.\n"
    )
    assert not page.exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_in_a_folder_is_passed_over_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is no file, and would be waited for, is not read; the follow-ups beside it are."""
    tmp_path.joinpath("dorset.yaml").write_bytes(EXAMPLES[0].read_bytes())
    os.mkfifo(tmp_path / "pipe.yaml")
    options = CaseOptions(on="2022-05-10")
    assert command(str(tmp_path), options=options, format_="json") == 1
    printed = capsys.readouterr()
    assert len(json.loads(printed.out)["rows"]) == 1
    assert "pipe.yaml: This file is not read.\n" in printed.err


def test_every_alert_of_a_plan_is_in_its_row() -> None:
    """Also one that no rule raises; what makes it urgent stands there once."""
    outside = waiting(published="2024-03-20")
    late = waiting(action_plan={"received": "2024-07-01"}, notice={"given": "2024-08-30"})
    for case in (outside, late):
        table = caseload([case], on="2024-09-05")
        alerts = [alert.sentence for alert in assess(case, on="2024-09-05").alerts]
        assert list(table.rows[0].alerts) == table.to_dict()["rows"][0]["alerts"] == alerts
        assert alerts
        for page in (table.to_markdown(), " ".join(table.to_text(width=10_000).split())):
            assert all(page.count(alert) == 1 for alert in alerts)
    sentences = caseload([outside], on="2024-09-05").rows[0].alerts
    assert any("is outside it." in sentence for sentence in sentences)
    assert len(caseload([late], on="2024-09-05").rows[0].alerts) > 1


def test_what_is_arranged_too_late_is_only_projected() -> None:
    """A revisit that is arranged for after its due date is projected to be late, not late yet."""
    arranged = waiting(fieldwork={"begins": "2024-09-05", "ends": "2024-09-06"}, notice={})
    text = " ".join(caseload([arranged], on="2024-06-03").to_markdown().split())
    assert "Planned for 5 September 2024<br>Projected to be 4 days late." in text
    assert "Projected to be late by 4 days: The force is revisited within six months" in text
    overdue = caseload([waiting()], on="2024-09-05").to_markdown()
    assert "1 September 2024<br>4 days overdue." in overdue


def test_the_command_reports_a_bad_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that cannot be used is reported, the others are in the table, the status is 1."""
    bad = tmp_path / "bad.yaml"
    bad.write_text("force: nowhere\n", "utf-8")
    assert (
        command(str(bad), str(EXAMPLES[0]), options=CaseOptions(on="2024-05-10"), format_="json")
        == 1
    )
    printed = capsys.readouterr()
    assert "bad.yaml:1" in printed.err
    assert len(json.loads(printed.out)["rows"]) == 1
