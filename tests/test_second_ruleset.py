"""A ruleset of another field: overdue library loans, decided and dated without a line of Python."""

from __future__ import annotations

import datetime
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ncpi_rules.checks import check
from ncpi_rules.core import NOT_YET, Basis, FactsError, PartialDate, Status, UnknownItemError
from ncpi_rules.deadlines import schedule
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import DayRange, assess
from ncpi_rules.ruleset import decide, load_ruleset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncpi_rules.core import When
    from ncpi_rules.deadlines import Deadline
    from ncpi_rules.ruleset import Decision

LOANS = load_ruleset(Path(__file__).parent / "rulesets" / "library-loans")
CHILD_WITH_A_LONG_DELAY = {"return": "very-late", "borrower": "child"}
ADULT_WITH_A_LONG_DELAY = {"return": "very-late", "borrower": "adult"}


def held(decision: Decision) -> set[str]:
    """Return the ids of the rules that apply."""
    return {rule.id for rule in decision.rules}


def test_the_second_ruleset_has_no_gaps() -> None:
    """It is loaded by its folder, covers every case and implements every statement."""
    assert LOANS.name == "library-loans/invented"
    assert check(LOANS) == ()


# --- what holds, worked by hand -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "gravity", "response", "basis"),
    [
        ({"return": "in-time"}, "nothing", "no-action", Basis.FOLLOWS),
        ({"return": "a-little-late"}, "light", "reminder", Basis.FOLLOWS),
        ({"return": "very-late"}, "grave", None, Basis.WAITS),
        (ADULT_WITH_A_LONG_DELAY, "grave", "formal-letter", Basis.FOLLOWS),
        (CHILD_WITH_A_LONG_DELAY, "grave", "reminder", Basis.FOLLOWS),
        ({"borrower": "child"}, None, None, Basis.WAITS),
        ({}, None, None, Basis.WAITS),
        # A reservation makes a small delay grave: that rule outranks the one on small delays.
        (
            {"return": "a-little-late", "borrower": "adult", "reservation": "by-another-reader"},
            "grave",
            "formal-letter",
            Basis.FOLLOWS,
        ),
        ({"return": "a-little-late", "reservation": "not-known"}, None, None, Basis.WAITS),
        # What the librarian chose outranks whatever would follow, even where nothing is known.
        ({"choice": "letter"}, None, "formal-letter", Basis.DECIDED),
        ({"choice": "letter", "return": "in-time"}, "nothing", "formal-letter", Basis.DECIDED),
        (
            {"choice": "letter", **CHILD_WITH_A_LONG_DELAY},
            "grave",
            "formal-letter",
            Basis.DECIDED,
        ),
        ({"choice": "not-known", "return": "very-late"}, "grave", None, Basis.WAITS),
    ],
)
def test_outcomes_follow_from_each_other(
    values: Mapping[str, str], gravity: str | None, response: str | None, basis: Basis
) -> None:
    """The first table decides how grave a delay is, the second what is done about that."""
    decision = decide(LOANS, values)
    assert decision.outcomes["gravity"].value == gravity
    assert decision.outcomes["response"].value == response
    assert decision.outcomes["response"].basis is basis


def test_a_rule_that_is_outranked_does_not_hold() -> None:
    """Of two rules that fit, the one that outranks the other is the only one that holds."""
    reserved = {"return": "a-little-late", "reservation": "by-another-reader"}
    assert decide(LOANS, reserved).outcomes["gravity"].rule_ids == ("gravity.reserved",)
    chosen = decide(LOANS, {**CHILD_WITH_A_LONG_DELAY, "choice": "letter"})
    assert chosen.outcomes["response"].rule_ids == ("response.chosen",)
    assert not held(chosen) & {"response.child", "response.letter-to-a-child"}


def test_the_other_answer_to_an_interpretation_changes_what_is_done() -> None:
    """A child's long delay is met with a letter where the delay comes first, and only then."""
    ours = decide(LOANS, CHILD_WITH_A_LONG_DELAY)
    other = decide(LOANS, CHILD_WITH_A_LONG_DELAY, interpretations={"L1": "delay-first"})
    assert ours.outcomes["response"].rule_ids == ("response.child",)
    assert other.outcomes["response"].rule_ids == ("response.letter-to-a-child",)
    assert other.outcomes["response"].value == "formal-letter"
    assert held(decide(LOANS, ADULT_WITH_A_LONG_DELAY)) == held(
        decide(LOANS, ADULT_WITH_A_LONG_DELAY, interpretations={"L1": "delay-first"})
    )


@pytest.mark.parametrize(
    ("values", "items"),
    [
        ({"return": "in-time"}, {"option.renew"}),
        (
            {"return": "a-little-late"},
            {"action.reminder", "deadline.reminder"},
        ),
        (
            {**ADULT_WITH_A_LONG_DELAY, "reservation": "by-another-reader"},
            {
                "action.letter",
                "action.telephone",
                "document.loan-record",
                "deadline.letter",
                "deadline.suspension",
                "deadline.reply",
                "deadline.fee",
                "question.why",
                "alert.waiting",
            },
        ),
        (CHILD_WITH_A_LONG_DELAY, {"action.reminder", "deadline.reminder", "question.why"}),
        ({}, set()),
    ],
)
def test_what_belongs_to_an_outcome_comes_with_it(
    values: Mapping[str, str], items: set[str]
) -> None:
    """Actions, options, documents, deadlines, questions and alerts come with the case."""
    holding = decide(LOANS, values).applicable
    groups = (
        holding.required_actions,
        holding.optional_actions,
        holding.documents,
        holding.deadlines,
        holding.questions,
        holding.alerts,
    )
    ids = {rule.id for group in groups for rule in group}
    assert ids == {*items, "deadline.return", "deadline.renewal"}
    assert [rule.id for rule in holding.optional_actions] == [
        item for item in items if "option" in item
    ]


def test_both_engines_agree_on_every_case() -> None:
    """durable-rules and the reference say the same in each of the 216 cases."""
    cases = [
        dict(zip(LOANS.facts, values, strict=True))
        for values in product(*(fact.values for fact in LOANS.facts.values()))
    ]
    seen = set()
    for case, answer in product(cases, LOANS.interpretations["L1"].answers):
        evaluations = [
            decide(LOANS, case, interpretations={"L1": answer}, engine=engine).evaluation
            for engine in ("durable-rules", "reference")
        ]
        assert evaluations[0] == evaluations[1]
        seen.add(evaluations[0].fired)
    assert len(cases) == 108
    assert len(seen) > 10


def test_values_of_another_field_are_not_known_here() -> None:
    """The second ruleset knows its own facts, values and interpretations only."""
    with pytest.raises(FactsError):
        decide(LOANS, {"prospects": "no-concerns"})
    with pytest.raises(FactsError):
        decide(LOANS, {"return": "no-concerns"})
    with pytest.raises(UnknownItemError):
        decide(LOANS, {}, interpretations={"R1": "concern-decides"})


# --- by when, worked by hand ----------------------------------------------------------------------


def due_date(id_: str, **events: str) -> str | None:
    """Return the due date of a deadline, in a case in which every deadline applies somewhere."""
    dates_by_event = {}
    dates = {name.replace("_", "-"): PartialDate.read(day) for name, day in events.items()}
    for values in (ADULT_WITH_A_LONG_DELAY, {"return": "a-little-late"}):
        decision = decide(LOANS, values)
        on = datetime.date(2024, 1, 1).toordinal()
        for deadline in schedule(
            decision.applicable.deadlines, dates, on, decision.due_date_policy
        ):
            dates_by_event[deadline.id] = deadline
    due = dates_by_event[id_].due
    return None if due is None else due.edtf


@pytest.mark.parametrize(
    ("id_", "events", "expected"),
    [
        # Three weeks: from Friday to Friday.
        ("deadline.return", {"item_lent": "2024-03-01"}, "2024-03-22"),
        # ... but a due date on Good Friday moves to the working day before it.
        ("deadline.return", {"item_lent": "2024-03-08"}, "2024-03-28"),
        # Five working days: Good Friday is none, Easter Monday is one in Scotland.
        ("deadline.reminder", {"item_due": "2024-03-22"}, "2024-04-01"),
        # The town's own holiday, Monday 22 April, is skipped.
        ("deadline.reminder", {"item_due": "2024-04-19"}, "2024-04-29"),
        # Ten working days before 20 May, of which Monday 6 May is none.
        ("deadline.letter", {"membership_suspended": "2024-05-20"}, "2024-05-03"),
        # Three months after the last day of November: February has no day 30. It ends on a Friday.
        ("deadline.suspension", {"letter_sent": "2024-11-30"}, "2025-02-28"),
        # Two weeks that begin with a Tuesday end with a Monday.
        ("deadline.reply", {"letter_sent": "2024-03-05"}, "2024-03-18"),
        # "Before" gives the day before; "no later than" gives the day itself.
        ("deadline.renewal", {"item_due": "2024-03-22"}, "2024-03-21"),
        ("deadline.fee", {"item_returned": "2024-06-12"}, "2024-06-12"),
        # What it counts from is not known.
        ("deadline.letter", {"item_lent": "2024-03-01"}, None),
    ],
)
def test_due_dates(id_: str, events: Mapping[str, str], expected: str | None) -> None:
    """Weeks, months, working days, before, no later than and beginning with are counted."""
    assert due_date(id_, **events) == expected


def test_a_letter_has_a_window_until_its_latest_compliant_date() -> None:
    """The suspension leaves the letter a window, and a fee settled too early closes it."""
    decision = decide(LOANS, ADULT_WITH_A_LONG_DELAY)
    on = datetime.date(2024, 4, 2).toordinal()
    events: dict[str, When] = {
        "letter-sent": NOT_YET,
        "membership-suspended": PartialDate.read("2024-05-20"),
        "item-returned": NOT_YET,
    }

    def letter(**more: PartialDate) -> Deadline:
        dates = events | {name.replace("_", "-"): day for name, day in more.items()}
        rules = decision.applicable.deadlines
        deadlines = schedule(rules, dates, on, decision.due_date_policy)
        return next(deadline for deadline in deadlines if deadline.id == "deadline.letter")

    open_ = letter()
    assert open_.status is Status.DUE
    assert open_.window == PartialDate.read("2024-04-02/2024-05-03")
    assert open_.bound_by == ("deadline.letter",)
    assert open_.can_be_met
    closed = letter(fee_settled=PartialDate.read("2024-04-01"))
    assert closed.window is None
    assert not closed.can_be_met


# --- through the one path of the library ----------------------------------------------------------


def test_a_whole_plan_is_made_from_further_facts() -> None:
    """Facts and events of another vocabulary reach the plan by name, and no tier is made up."""
    follow_up = FollowUp.from_dict(
        {
            "force": "kent",
            "further": {
                "facts": {
                    **ADULT_WITH_A_LONG_DELAY,
                    "reservation": "by-another-reader",
                    "choice": "none-recorded",
                },
                "events": {"item-lent": "2024-03-01", "item-returned": "not-yet"},
            },
        }
    )
    plan = assess(follow_up, on="2024-04-02", ruleset=LOANS)
    assert plan.document.headline is None
    assert plan.outcomes["response"].value == "formal-letter"
    assert [action.id for action in plan.required_actions] == ["action.letter", "action.telephone"]
    assert [request.suggested for request in plan.documents] == [True]
    late = next(deadline for deadline in plan.deadlines if deadline.id == "deadline.return")
    assert late.status == "overdue"
    assert late.late_by_days == DayRange(11, 11)
    assert "alert.deadline.return" in [alert.id for alert in plan.alerts]
    with pytest.raises(UnknownItemError, match="names no headline"):
        _ = plan.headline
