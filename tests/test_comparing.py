"""Plans beside each other: whatever differs is told, in sentences, and nothing else is."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess, compare, differences, of_substance
from ncpi_rules.plan.diff import NOT_COMPARED
from ncpi_rules.plan.schema_check import problems_of
from tests.strategies import PLAIN_TEXTS, REPORT_DAYS, edited_plans, follow_ups, plans

EXAMPLES = sorted((Path(__file__).parents[1] / "examples" / "follow-ups").glob("*.yaml"))
PLANS = [assess(FollowUp.load(each), on="2019-04-11").to_dict() for each in EXAMPLES]
NORTHUMBRIA = next(plan for plan in PLANS if plan["force"] == "northumbria")


def compared(plan: dict[str, Any]) -> dict[str, Any]:
    """Return what of a plan is compared."""
    return {key: value for key, value in plan.items() if key not in NOT_COMPARED}


def says(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Return the sentences of the differences."""
    return [each.says for each in differences(one, other)]


@given(plans(), plans())
def test_differences_are_none_only_where_plans_are_equal(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    """Two plans have no differences if and only if they say the same, the engine apart."""
    assert (not differences(one, other)) == (compared(one) == compared(other))
    assert differences(one, copy.deepcopy(one)) == ()


@given(st.sampled_from(PLANS), st.data())
def test_one_change_is_told(plan: dict[str, Any], data: st.DataObject) -> None:
    """Whatever is changed in a plan that stays one by its schema, something is told of it."""
    edited = data.draw(edited_plans(plan))
    assume(not list(problems_of(edited, "plan")))
    for one, other in ((plan, edited), (edited, plan)):
        assert bool(differences(one, other)) == (compared(one) != compared(other))


@given(follow_ups(texts=PLAIN_TEXTS), REPORT_DAYS, REPORT_DAYS)
def test_differences_are_sentences(follow_up: FollowUp, day: Any, later: Any) -> None:
    """Each difference is one sentence with a capital first and a full stop last, and names an item.

    None says that something is what it was before.
    """
    found = compare(assess(follow_up, on=day), assess(follow_up, on=later))
    for each in found:
        assert each.says[:1].upper() == each.says[:1]
        assert each.says.endswith((".", "?"))
        assert each.item
        assert each.before != each.after or "order" in each.says
        assert "None" not in each.says
        assert "{" not in each.says


def test_an_engine_is_no_difference() -> None:
    """Which engine decided is not compared."""
    assert says(NORTHUMBRIA, {**NORTHUMBRIA, "engine": "other", "engine_note": "why"}) == []


def test_a_rule_of_another_name_is_another_ground() -> None:
    """A rule that says the same under another id is told as a ground, not as gone and new."""
    edited = copy.deepcopy(NORTHUMBRIA)
    for part in ("required_actions", "deadlines", "documents", "questions"):
        item = edited[part][0]
        item["id"], item["rules"] = "new.rule", ["new.rule"]
    found = differences(NORTHUMBRIA, edited)
    assert len(found) == 4
    for each in found:
        assert (each.item, each.about, each.is_of_substance) == ("new.rule", "grounds", False)
        assert " rests on the rule new.rule instead of the rule " in each.says


def test_a_step_may_become_an_option() -> None:
    """An action that becomes an option is told as such, not as gone and new."""
    edited = copy.deepcopy(NORTHUMBRIA)
    moved = edited["required_actions"].pop(0)
    edited["optional_actions"].append({**moved, "modality": "may"})
    first, second = says(NORTHUMBRIA, edited)
    assert first.endswith("is an option instead of an action.")
    assert second.endswith("is said: may instead of must.")


def test_what_only_one_has_is_named_as_asked() -> None:
    """What only one plan has is told with the words that were asked for."""
    edited = copy.deepcopy(NORTHUMBRIA)
    gone = edited["questions"].pop()
    (found,) = differences(NORTHUMBRIA, edited, names=("Gone", "New"))
    assert found.says == f"Gone: {gone['says']}"
    assert (found.before, found.after) == (gone["says"], "")
    (found,) = differences(edited, NORTHUMBRIA, names=("Gone", "New"))
    assert found.says == f"New: {gone['says']}"


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        (("on",), "2019-04-12", "The day of the assessment is 12 April 2019 instead of 11 April"),
        (("tier", "says"), "a visit", "The words of 'The type of follow-up' are now: 'a visit', i"),
        (
            ("required_actions", 0, "due"),
            {"from": "2018-06-01", "to": "2018-06-30"},
            "The last day of ",
        ),
        (("deadlines", 0, "status"), "late", "Where '"),
        (("deadlines", 0, "can_be_met"), False, "Whether '"),
        (("documents", 0, "suggested"), True, "Whether 'Minutes of governance meetings' is sugg"),
        (("interpretations", 0, "agreed_by"), "the policy team", "Who has agreed the answer to '"),
    ],
)
def test_sentences(place: tuple[str | int, ...], value: Any, expected: str) -> None:
    """One change gives one sentence, and it begins as an officer would say it."""
    edited: Any = copy.deepcopy(NORTHUMBRIA)
    part = edited
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    (found,) = says(NORTHUMBRIA, edited)
    assert found.startswith(expected)


@pytest.mark.parametrize(
    "part", ["required_actions", "documents", "deadlines", "questions", "unknown"]
)
def test_another_order_is_told(part: str) -> None:
    """Where the same things stand in another order and nothing else differs, that is told once."""
    edited = copy.deepcopy(NORTHUMBRIA)
    edited[part].reverse()
    (found,) = differences(NORTHUMBRIA, edited)
    assert found.says.endswith(" stand in another order.")
    assert not found.is_of_substance


def test_a_last_day_is_told_once() -> None:
    """The last day of an action follows from the deadline on its event, and is told there alone."""
    edited = copy.deepcopy(NORTHUMBRIA)
    days = {"from": "2018-08-10", "to": "2018-08-10"}
    for part, id_ in (
        ("required_actions", "action.action-plan"),
        ("deadlines", "deadline.action-plan"),
    ):
        (item,) = (each for each in edited[part] if each["id"] == id_)
        item["due"] = days
    (found,) = says(NORTHUMBRIA, edited)
    assert found.startswith("The last day of 'The action plan usually comes within six weeks")
    assert found.endswith(" is 10 August 2018 instead of 9 August 2018.")


def test_what_is_said_alike_is_told_in_its_own_values() -> None:
    """Where two words are read out alike, the words themselves are told."""
    edited = copy.deepcopy(NORTHUMBRIA)
    edited["tier"]["value"] = "another"
    assert says(NORTHUMBRIA, edited) == [
        "The type of follow-up: another instead of post-inspection-review."
    ]


def test_a_day_that_no_calendar_has_is_told_as_written() -> None:
    """A plan that somebody has edited may name the 31st of February; that breaks nothing."""
    edited = copy.deepcopy(NORTHUMBRIA)
    edited["on"] = "2019-02-31"
    edited["required_actions"][0]["due"] = {"from": "2019-02-31", "to": "9999-12-31"}
    one, other = says(NORTHUMBRIA, edited)
    assert "is 2019-02-31 instead of 11 April 2019" in one
    assert "2019-02-31 to 9999-12-31" in other


def test_reasons_and_what_is_unknown_are_not_of_substance() -> None:
    """What is only a ground, a wording, an interpretation or a fact not known is told as such."""
    edited = copy.deepcopy(NORTHUMBRIA)
    edited["unknown"].pop()
    edited["interpretations"].pop()
    edited["questions"][0]["statements"] = ["other.1"]
    edited["tier"]["says"] = "a review"
    found = differences(NORTHUMBRIA, edited)
    assert sorted(each.about for each in found) == [
        "grounds",
        "interpretations",
        "unknown",
        "wording",
    ]
    assert of_substance(found) == ()
    edited["questions"].pop()
    (question,) = of_substance(differences(NORTHUMBRIA, edited))
    assert question.about == "questions"
