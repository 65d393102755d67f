"""What a plan says of a deadline on a day: its tag, the line under it, and what is still ahead."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess

if TYPE_CHECKING:
    from ncpi_rules.plan import Plan, PlanDeadline

FOLLOW_UPS = Path(__file__).parent.parent / "examples" / "follow-ups"
REVISIT, DESCRIBED = "revisit-begins", "activity-described"


def northumbria(on: str) -> Plan:
    """Return the plan of the review that began on 7 January 2019, 10 days after its due date."""
    return assess(FollowUp.load(FOLLOW_UPS / "northumbria-2018.yaml"), on=on)


def deadline(plan: Plan, event: str) -> PlanDeadline:
    """Return the deadline of an event."""
    (item,) = (deadline for deadline in plan.deadlines if deadline.event == event)
    return item


def test_a_revisit_planned_too_late_can_still_be_brought_forward() -> None:
    """It is projected to be late, never late, and says how long there is to bring it forward."""
    plan = northumbria("2018-12-15")
    revisit, described = deadline(plan, REVISIT), deadline(plan, DESCRIBED)
    assert revisit.status.value == "projected-late"
    assert revisit.status_line == "Planned for 7 January 2019: projected to be 10 days late"
    assert plan.alerts[0].sentence == (
        "Projected to be late by 10 days: The force is revisited within six months of "
        "publication. 13 days left to bring it forward."
    )
    # What must come before it is due before the planned day, and tells the day that would do.
    assert (described.status.value, str(described.due)) == ("due", "2019-01-06")
    assert described.status_line == "22 days left; not recorded whether it has been done"
    assert str(described.latest_compliant_date) == "2018-12-27"
    assert "late" not in {deadline.status.value for deadline in plan.deadlines}


def test_nothing_is_due_before_the_report() -> None:
    """What is planned is said to be planned, and all else not to have begun."""
    plan = northumbria("2018-05-15")
    assert plan.alerts[0].sentence == (
        "Nothing is due yet, because this is still to come: publication of the inspection report. "
        "It is dated 28 June 2018."
    )
    assert {deadline.status.value for deadline in plan.deadlines} == {"planned", "not-started"}
    line = "Planned for 7 January 2019, 10 days after the due date"
    assert deadline(plan, REVISIT).status_line == line
    unpublished = {
        "force": "dorset",
        "inspection_report": {"published": "not-yet", "findings": "broadly-positive"},
        "prospects": "no-concerns",
    }
    plan = assess(FollowUp.from_dict(unpublished), on="2021-01-01")
    assert plan.alerts[0].id == "not-begun"
    assert {deadline.status.value for deadline in plan.deadlines} == {"not-started"}


def test_what_had_to_come_first_was_due_before_it() -> None:
    """Once the day of the revisit is known, what must come before it has a due date."""
    described = deadline(northumbria("2019-04-11"), DESCRIBED)
    assert str(described.due) == "2019-01-06"
    assert described.status_line == "The due date has passed; not recorded whether it has been done"


@pytest.mark.parametrize(
    ("published", "expected"), [("2018-07-01", "2018-08-10"), ("2018-07", None)]
)
def test_a_working_day_is_named_where_the_due_date_is_one_day(
    published: str, expected: str | None
) -> None:
    """Due on a Sunday, it says which Friday that is; due on some day of a month, nothing."""
    plan = assess({"force": "kent", "inspection_report": {"published": published}}, on="2018-07-31")
    (action_plan,) = (of for of in plan.schedule if of.rule.event == "action-plan-received")
    assert action_plan.due is not None
    assert str(action_plan.due.edtf).startswith("2018-08-12")
    day = action_plan.working_day
    assert (None if day is None else str(date.fromordinal(day))) == expected


def test_each_deadline_one_day_late_says_so() -> None:
    """A visit at every step of which one day was lost is late by one day at every step."""
    facts = {
        "force": "kent",
        "inspection_report": {"published": "2021-03-15", "findings": "broadly-positive"},
        "action_plan": {"received": "2021-04-27", "reviewed": "2021-05-01"},
        "prospects": "no-concerns",
        "notice": {"given": "2021-09-03", "activity_described": "2021-09-16"},
        "documents": {"requested": "2021-09-01", "reviewed": "2021-09-16"},
        "fieldwork": {"begins": "2021-09-16", "ends": "2021-09-17"},
        "feedback": {
            "given": "2021-09-18",
            "to_chief_officer": "2021-10-09",
            "to_local_policing_body": "2021-10-08",
        },
    }
    plan = assess(FollowUp.from_dict(facts), on="2021-10-10")
    dues = {
        "action-plan-received": "2021-04-26",
        "notice-given": "2021-09-02",
        "activity-described": "2021-09-15",
        "documents-reviewed": "2021-09-15",
        "revisit-begins": "2021-09-15",
        "feedback-given": "2021-09-17",
        "written-feedback-to-chief-officer": "2021-10-08",
    }
    for event, due in dues.items():
        late = deadline(plan, event)
        assert (str(late.due), late.status.value) == (due, "late")
        assert late.status_line.endswith(": 1 day late")
    assert deadline(plan, "written-feedback-to-local-policing-body").status.value == "met"


def test_a_title_is_that_of_the_day_of_the_event() -> None:
    """A letter of April 2021 went to the commissioner, although there was a mayor from May."""
    term = "the police and crime commissioner"
    for day, title in (
        ("2021-04-30", term),
        ("2021-06-01", f"{term} (here: Mayor of West Yorkshire)"),
    ):
        facts = {
            "force": "west-yorkshire",
            "inspection_report": {"published": "2020-10-31", "findings": "broadly-positive"},
            "prospects": "no-concerns",
            "fieldwork": {"begins": "2021-04-12", "ends": "2021-04-13"},
            "feedback": {"given": "2021-04-13", "to_local_policing_body": day},
        }
        plan = assess(FollowUp.from_dict(facts), on="2021-06-01")
        (letter,) = (
            action
            for action in plan.required_actions
            if action.event == "written-feedback-to-local-policing-body"
        )
        assert letter.to == (title,)


PLAN = {"published": "2021-06-28"}  # the action plan is due on 9 August


@pytest.mark.parametrize(
    ("received", "on", "tag", "line"),
    [
        ("not-yet", "2021-07-18", "due", "22 days left"),
        ("not-yet", "2021-08-08", "due soon", "1 day left"),
        ("not-yet", "2021-08-09", "due soon", "Due today"),
        ("not-yet", "2021-08-21", "overdue", "12 days overdue"),
        ("unknown", "2021-07-18", "due", "22 days left; not recorded whether it has been done"),
        (
            "unknown",
            "2021-08-10",
            "cannot tell",
            "The due date has passed; not recorded whether it has been done",
        ),
        ("2021-08-06", "2021-07-01", "planned", "Planned for 6 August 2021"),
        (
            "2021-08-19",
            "2021-07-01",
            "projected late",
            "Planned for 19 August 2021: projected to be 10 days late",
        ),
        (
            "2022-01",
            "2021-07-01",
            "projected late",
            "Planned for January 2022: projected to be 145 to 175 days late",
        ),
        (
            "2021-08",
            "2021-07-01",
            "cannot tell",
            "Planned for August 2021: on time, or projected to be up to 22 days late",
        ),
        ("2021-08-09", "2021-08-09", "met", "Received 9 August 2021"),
        ("2021-08-19", "2021-09-01", "late", "Received 19 August 2021: 10 days late"),
        ("2021-08", "2021-09-01", "cannot tell", "On time, or up to 22 days late"),
    ],
)
def test_the_line_under_a_tag(received: str, on: str, tag: str, line: str) -> None:
    """Each line says the days, in the future or projected for what is still to come."""
    facts: dict[str, Any] = {
        "force": "kent",
        "inspection_report": PLAN,
        "action_plan": {"received": received},
    }
    plan = deadline(assess(FollowUp.from_dict(facts), on=on), "action-plan-received")
    assert (plan.status_label, plan.status_line) == (tag, line)


def test_what_is_not_recorded_and_not_yet_due_is_due() -> None:
    """Nobody says that it is not known: it is due, and how many days are left."""
    facts = {"force": "kent", "inspection_report": {"published": "2021-06-28"}}
    revisit = deadline(assess(FollowUp.from_dict(facts), on="2021-08-22"), REVISIT)
    assert revisit.status.value == "due"
    assert revisit.status_line == "128 days left; not recorded whether it has been done"
