"""Plans beside each other: whatever differs is reported, in sentences, and nothing else is."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from ncpi_rules.core import Modality, PartialDate, RecordError, Status, read_day
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import PlanDocument, assess, compare, differences, of_substance
from ncpi_rules.plan.diff import NOT_COMPARED  # pinned: the parts that a comparison leaves aside
from tests.strategies import PLAIN_TEXTS, REPORT_DAYS, edited_plans, follow_ups, plans

EXAMPLES = sorted((Path(__file__).parents[1] / "examples" / "follow-ups").glob("*.yaml"))
PLANS = [assess(FollowUp.load(path), on="2019-04-11").document for path in EXAMPLES]
NORTHUMBRIA = next(plan for plan in PLANS if plan.subject == "northumbria")


def compared(plan: PlanDocument) -> PlanDocument:
    """Return what of a plan is compared."""
    rest: dict[str, Any] = dict.fromkeys(NOT_COMPARED, "not compared")
    return attrs.evolve(plan, **rest)


def messages(plan: PlanDocument, other: PlanDocument) -> list[str]:
    """Return the sentences of the differences."""
    return [difference.message for difference in differences(plan, other)]


def edited(plan: PlanDocument, part: str, place: int, **changes: Any) -> PlanDocument:
    """Return a plan in which one item of a part has other fields."""
    items = list(getattr(plan, part))
    items[place] = attrs.evolve(items[place], **changes)
    changed: dict[str, Any] = {part: tuple(items)}
    return attrs.evolve(plan, **changed)


def without_last(plan: PlanDocument, *parts: str) -> PlanDocument:
    """Return a plan without the last item of some parts."""
    fewer: dict[str, Any] = {part: getattr(plan, part)[:-1] for part in parts}
    return attrs.evolve(plan, **fewer)


@given(plans(), plans())
def test_differences_are_none_only_where_plans_are_equal(
    plan: PlanDocument, other: PlanDocument
) -> None:
    """Two plans have no differences if and only if they say the same, the engine apart."""
    assert (not differences(plan, other)) == (compared(plan) == compared(other))
    assert differences(plan, copy.deepcopy(plan)) == ()


@given(
    st.sampled_from(PLANS).flatmap(
        lambda plan: st.tuples(st.just(plan), edited_plans(plan.to_dict()))
    )
)
def test_one_change_is_reported(edited: tuple[PlanDocument, dict[str, Any]]) -> None:
    """Whatever is changed in a plan that can still be read, something is reported of it."""
    plan, changes = edited
    try:
        other = PlanDocument.from_dict(changes)
    except RecordError:
        reject()
    for first, second in ((plan, other), (other, plan)):
        assert bool(differences(first, second)) == (compared(first) != compared(second))


@given(follow_ups(texts=PLAIN_TEXTS), REPORT_DAYS, REPORT_DAYS)
def test_differences_are_sentences(follow_up: FollowUp, day: Any, later: Any) -> None:
    """Each difference is one sentence with a capital first and a full stop last, and names an item.

    None says that something is what it was before.
    """
    comparison = compare(assess(follow_up, on=day), assess(follow_up, on=later))
    for difference in comparison:
        assert difference.message[:1].upper() == difference.message[:1]
        assert difference.message.endswith((".", "?"))
        assert difference.item
        assert difference.before != difference.after or "order" in difference.message
        assert "None" not in difference.message
        assert "{" not in difference.message


def test_a_case_is_told_in_words() -> None:
    """Where another case of a rule applies, its values are written as an officer reads them."""
    others = [edited(NORTHUMBRIA, "alerts", 0, case=case) for case in ({"a": ("x", "y")}, {})]
    message = messages(*others)[0]
    assert message.endswith("' is now none (was a: x or y).")
    assert message.startswith("The case of '")


def test_an_engine_is_no_difference() -> None:
    """Which engine decided is not compared."""
    other = attrs.evolve(NORTHUMBRIA, engine="other", engine_note="why")
    assert messages(NORTHUMBRIA, other) == []


def test_a_rule_of_another_name_is_another_ground() -> None:
    """A rule that says the same under another id is a change of grounds, not gone and new."""
    other = NORTHUMBRIA
    for part in ("required_actions", "deadlines", "documents", "questions"):
        other = edited(other, part, 0, id="new.rule", rules=("new.rule",))
    changes = differences(NORTHUMBRIA, other)
    assert len(changes) == 4
    for change in changes:
        assert (change.item, change.about, change.is_of_substance) == ("new.rule", "grounds", False)
        assert " now rests on the rule new.rule (was the rule " in change.message


def test_a_required_action_may_become_optional() -> None:
    """A required action that becomes optional is reported as such, not as gone and new."""
    moved, *rest = NORTHUMBRIA.required_actions
    optional = (*NORTHUMBRIA.optional_actions, attrs.evolve(moved, modality=Modality.MAY))
    other = attrs.evolve(NORTHUMBRIA, required_actions=tuple(rest), optional_actions=optional)
    first, second = messages(NORTHUMBRIA, other)
    assert first.endswith("is now an optional action (was required).")
    assert second.endswith(" is now may (was must).")


def test_what_only_one_has_is_named_as_asked() -> None:
    """What only one plan has is introduced with the words that were asked for."""
    other, gone = without_last(NORTHUMBRIA, "questions"), NORTHUMBRIA.questions[-1].sentence
    (change,) = differences(NORTHUMBRIA, other, names=("Gone", "New"))
    assert change.message == f"Gone: {gone}"
    assert (change.before, change.after) == (gone, "")
    (change,) = differences(other, NORTHUMBRIA, names=("Gone", "New"))
    assert change.message == f"New: {gone}"


@pytest.mark.parametrize(
    ("part", "changes", "expected"),
    [
        (
            "required_actions",
            {"due": PartialDate.read("2018-06")},
            "The due date of ",
        ),
        ("deadlines", {"status": Status.LATE, "status_label": "late"}, "The status of '"),
        ("deadlines", {"can_be_met": False}, "Whether '"),
        ("documents", {"suggested": True}, "Whether 'Minutes of governance meetings' is sugg"),
        ("interpretations", {"agreed_by": "the policy team"}, "Who has agreed the answer to '"),
    ],
)
def test_sentences(part: str, changes: dict[str, Any], expected: str) -> None:
    """One change gives one sentence, and it begins as an officer would say it."""
    (message,) = messages(NORTHUMBRIA, edited(NORTHUMBRIA, part, 0, **changes))
    assert message.startswith(expected)


def test_sentences_on_the_plan_itself() -> None:
    """The day and the value of an outcome are compared, too."""
    assert NORTHUMBRIA.headline is not None
    later = attrs.evolve(NORTHUMBRIA, on=read_day("2019-04-12"))
    assert messages(NORTHUMBRIA, later) == [
        "The day of the assessment is now 12 April 2019 (was 11 April 2019)."
    ]
    tier = attrs.evolve(NORTHUMBRIA.headline, label="a visit")
    (message,) = messages(NORTHUMBRIA, attrs.evolve(NORTHUMBRIA, headline=tier))
    assert message.startswith("The wording of 'The type of follow-up' is now 'a visit' (was '")


@pytest.mark.parametrize(
    "part", ["required_actions", "documents", "deadlines", "questions", "unknown"]
)
def test_another_order_is_reported(part: str) -> None:
    """Where the same items are in another order and nothing else differs, that is reported once."""
    other = attrs.evolve(NORTHUMBRIA, **{part: getattr(NORTHUMBRIA, part)[::-1]})
    (change,) = differences(NORTHUMBRIA, other)
    assert change.message.endswith(" are in another order.")
    assert not change.is_of_substance


def test_a_due_date_is_reported_once() -> None:
    """The due date of an action follows from the deadline on its event, and is reported there."""
    other, due = NORTHUMBRIA, PartialDate.read("2018-08-10")
    for part, id_ in (
        ("required_actions", "action.action-plan"),
        ("deadlines", "deadline.action-plan"),
    ):
        (place,) = (place for place, item in enumerate(getattr(other, part)) if item.id == id_)
        other = edited(other, part, place, due=due)
    (message,) = messages(NORTHUMBRIA, other)
    assert message.startswith("The due date of 'The action plan usually comes within six weeks")
    assert message.endswith(" is now 10 August 2018 (was 9 August 2018).")


def test_what_is_read_out_alike_is_shown_as_values() -> None:
    """Where two values are read out alike, the values themselves are shown."""
    assert NORTHUMBRIA.headline is not None
    other = attrs.evolve(NORTHUMBRIA, headline=attrs.evolve(NORTHUMBRIA.headline, value="another"))
    assert messages(NORTHUMBRIA, other) == [
        "The type of follow-up: now another (was post-inspection-review)."
    ]


def test_reasons_and_what_is_unknown_are_not_of_substance() -> None:
    """What is only a ground, a wording, an interpretation or a fact not known is told as such."""
    assert NORTHUMBRIA.headline is not None
    other = without_last(NORTHUMBRIA, "unknown", "interpretations")
    other = edited(other, "questions", 0, statements=("other.1",))
    other = attrs.evolve(other, headline=attrs.evolve(NORTHUMBRIA.headline, label="a review"))
    changes = differences(NORTHUMBRIA, other)
    assert sorted(change.about for change in changes) == [
        "grounds",
        "interpretations",
        "unknown",
        "wording",
    ]
    assert of_substance(changes) == ()
    (question,) = of_substance(differences(NORTHUMBRIA, without_last(other, "questions")))
    assert question.about == "questions"
