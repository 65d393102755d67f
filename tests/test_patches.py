"""Drafts: a ruleset patched without a file, read and checked as files are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ncpi_rules.core import RulesetError
from ncpi_rules.io import write_plain
from ncpi_rules.ruleset import (
    DeadlineRule,
    OutcomeRule,
    Ruleset,
    load_ruleset,
    patch,
    shipped_ruleset,
    write_rule,
)
from ncpi_rules.ruleset.kinds import as_head  # pinned: a rule is written out as in its file

RULESETS = Path(__file__).parent / "rulesets"
SHIPPED = shipped_ruleset()
SMALLEST = load_ruleset(RULESETS / "smallest")
LOANS = load_ruleset(RULESETS / "library-loans")

NEW: dict[str, Any] = {
    "decides": "deadlines",
    "title": "The guest comes soon",
    "by": "host",
    "event": "guest-comes",
    "no_later_than": "tea-served",
    "modality": "must",
    "statements": ["tea.1"],
}


@pytest.mark.parametrize("ruleset", [SHIPPED, SMALLEST, LOANS])
def test_no_change_gives_the_same(ruleset: Any) -> None:
    """A draft without changes is the ruleset, places included."""
    draft = patch(ruleset, {})
    assert draft == ruleset
    assert (draft.digest, draft.places) == (ruleset.digest, ruleset.places)
    assert [rule.place for rule in draft.rules.values()] == [
        rule.place for rule in ruleset.rules.values()
    ]


@given(id_=st.sampled_from(sorted(LOANS.rules)))
def test_a_rule_said_again_is_the_same(id_: str) -> None:
    """Whatever its kind, a rule written down in full and read again is the same rule."""
    rule = LOANS.rules[id_]
    said = {"decides": as_head(rule), **write_plain(rule)}
    again = patch(LOANS, {id_: said}).rules[id_]
    assert write_rule(again) == write_rule(rule)
    others = {f"{id_}.again": {**said, "id": f"{id_}.again"}}
    if not isinstance(rule, OutcomeRule):
        assert patch(LOANS, others).rules[f"{id_}.again"].title == rule.title


def changed_in(draft: Ruleset) -> set[str]:
    """Return the written rules of which some case is not as in the shipped ruleset."""
    return {
        id_ for id_ in draft.cases.keys() | SHIPPED.cases if draft.cases[id_] != SHIPPED.cases[id_]
    }


def test_a_limit_is_changed_and_nothing_else() -> None:
    """Only what is named changes, in all of its cases, and the ruleset itself does not."""
    before = SHIPPED.digest
    draft = patch(SHIPPED, {"deadline.revisit": {"within": "4 months after report-published"}})
    limits = {rule.limit for rule in draft.of_kind(DeadlineRule) if rule.rule == "deadline.revisit"}
    assert limits == {"within 4 months after report-published"}
    assert draft.rules.keys() == SHIPPED.rules.keys()
    assert changed_in(draft) == {"deadline.revisit"}
    assert SHIPPED.digest == before != draft.digest


@pytest.mark.parametrize("name", SHIPPED.parameters)
def test_a_period_is_changed_where_its_name_stands_and_nowhere_else(name: str) -> None:
    """A parameter changes the rules that name it, in a line or in a sentence, and no others."""
    draft = patch(SHIPPED, {name: "5 days"})
    assert draft.parameters[name].period.text == "5 days"
    named = {rule.rule for rule in SHIPPED.rules.values() if name in rule.parameters}
    assert changed_in(draft) == named
    assert named
    again = patch(SHIPPED, {name: {"period": "5 days"}})
    assert (again.digest, again) == (draft.digest, draft)


def test_a_change_in_a_block_leaves_the_other_blocks() -> None:
    """A block is merged line by line, so one case of a rule can be changed alone."""
    change = {"under": {"R16": {"likely": {"modality": "may"}}}}
    draft = patch(
        SHIPPED, {"activity.discussion": {"when": {"tier": {"post-inspection-visit": change}}}}
    )
    others = {id_ for id_ in draft.rules if draft.rules[id_] != SHIPPED.rules[id_]}
    assert others == {
        f"activity.discussion[action-plan={plan},tier=post-inspection-visit,R16=likely]"
        for plan in ("usually-required", "not-required")
    }
    assert {draft.rules[case].modality for case in others} == {"may"}  # type: ignore[attr-defined]


def test_none_takes_away() -> None:
    """None takes away a rule, a condition or a limit; a block keeps what it does not name."""
    draft = patch(
        SHIPPED,
        {
            "tier.visit": None,
            "alert.review-outstanding": {
                "under": {"R9": None},
                "when": {"tier": None, "earlier-revisit": None},
            },
            "deadline.action-plan": {"within": None},
        },
    )
    (alert,) = draft.cases["alert.review-outstanding"]
    assert "tier.visit" not in draft.cases
    assert (alert.when, alert.under) == (
        {"action-plan": ("usually-required",), "action-plan-review": ("not-yet",)},
        {},
    )
    assert draft.cases["deadline.action-plan"][0].title.endswith("comes no date is set")


@given(gone=st.sets(st.sampled_from(sorted(SHIPPED.cases)), max_size=40))
def test_rules_taken_away_leave_the_others_as_they_are(gone: set[str]) -> None:
    """Whatever is taken away, even all of a section, the other rules and their places stay."""
    left = {id_: rule for id_, rule in SHIPPED.rules.items() if rule.rule not in gone}
    try:
        draft = patch(SHIPPED, dict.fromkeys(gone))
    except RulesetError as fault:  # an answer may be named by these rules alone
        assume(not all("names the answer" in problem.message for problem in fault.problems))
        raise
    assert dict(draft.rules) == left
    assert [draft.rules[id_].place for id_ in left] == [rule.place for rule in left.values()]


def test_what_is_not_there_may_be_taken_away() -> None:
    """A part that a rule could have and does not have is taken away without a complaint."""
    assert not SMALLEST.rules["drink.tea"].note
    assert patch(SMALLEST, {"drink.tea": {"note": None}}) == SMALLEST


def test_an_outcome_may_be_left_without_rules() -> None:
    """Where all rules of an outcome are taken away, how many of them may hold is still known."""
    gone = {id_: None for id_ in SMALLEST.rules if id_.startswith("drink.")}
    draft = patch(SMALLEST, gone)
    assert gone.keys().isdisjoint(draft.rules)
    assert draft.hits == SMALLEST.hits == {"drink": "unique"}


def test_a_new_rule_is_added() -> None:
    """A name that is not there yet is a new rule, of the kind that 'decides' says."""
    draft = patch(SMALLEST, {"deadline.guest": NEW})
    rule = draft.rules["deadline.guest"]
    assert isinstance(rule, DeadlineRule)
    assert (rule.id, rule.place) == ("deadline.guest", "deadline.guest.id")
    assert list(draft.rules) == sorted(draft.rules)


def test_a_rule_is_given_another_name() -> None:
    """A rule may be given another name, and is then found by it."""
    draft = patch(SMALLEST, {"drink.tea": {"id": "drink.hot"}})
    assert "drink.tea" not in draft.rules
    assert draft.rules["drink.hot"].title == SMALLEST.rules["drink.tea"].title


def test_answers_and_settings_are_changed() -> None:
    """Our answer to a question is changed by a name alone or in a block, and settings are, too."""
    for change in ("serve", {"ours": "serve"}):
        assert patch(SMALLEST, {"T1": change}).interpretations["T1"].ours == "serve"
    settings = {"edition": "draft", "days_off": {"extra": ["2024-05-06"]}}
    draft = patch(SMALLEST, {"settings": settings})
    assert draft.name == "smallest/draft"
    assert len(draft.calendar.extra) == 1


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "a limit that is none": (
        {"deadline.tea": {"within": "2 fortnights after guest-comes"}},
        "deadline.tea.within",
        "is not a period",
    ),
    "an event that is none": (
        {"deadline.tea": {"within": "2 weeks after guest-goes"}},
        "deadline.tea.within",
        "no event 'guest-goes'",
    ),
    "a value that is none": (
        {"drink.tea": {"when": {"guest": "hear"}}},
        "drink.tea.when.guest",
        "'hear' is not a value of 'guest'",
    ),
    "a key that is none": ({"drink.tea": {"wehn": {}}}, "drink.tea.wehn", "not a line of a rule"),
    "a key to take away that is none": (
        {"drink.tea": {"wehn": None}},
        "drink.tea.wehn",
        "no 'wehn' here that could be taken away",
    ),
    "a value that is missing": ({"drink.tea": {"then": None}}, "drink.tea.then", "is missing"),
    "a value that is no text": ({"drink.tea": {"note": True}}, "drink.tea.note", "neither text"),
    "two rules in the same case": (
        {"drink.water": {"when": {"guest": None}}},
        "drink.water.id",
        "in the same case",
    ),
    "too strong": (
        {"drink.water": {"modality": "must", "statements": ["tea.2"]}},
        "drink.water.modality",
        "say 'may' at most",
    ),
    "a rule to take away that is none": (
        {"drink.te": None},
        "drink.te",
        "The ruleset has nothing called 'drink.te'.",
    ),
    "a new rule of no kind": ({"drink.te": {"when": {}}}, "drink.te", "what kind of rule"),
    "a kind that is none": (
        {"drink.te": {"decides": "drinks"}},
        "drink.te.decides",
        "nor a kind of rule",
    ),
    "a rule that is no block": ({"drink.tea": "tea"}, "drink.tea", "A block"),
    "an interpretation to take away": ({"T1": None}, "T1", "Only a rule can be taken away"),
    "an answer that is none": ({"T1": "drink"}, "T1.ours", "'drink' is not a value of 'T1'"),
    "a setting that the library lacks": ({"settings": {"x": "y"}}, "settings.x", "not known here"),
    "a calendar that is none": (
        {"settings": {"days_off": {"country": "XX"}}},
        "settings.days_off",
        "No public holidays",
    ),
    "a value of a choice that is none": (
        {"local-names": "T1"},
        "local-names.choice",
        "cannot act on the answer",
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_is_wrong_is_told_by_its_path(fault: str) -> None:
    """What the loader would refuse is refused, and its place is the path into the changes."""
    changes, place, says = REFUSED[fault]
    with pytest.raises(RulesetError) as caught:
        patch(SMALLEST, changes)
    problem = caught.value.problems[0]
    assert problem.place == place
    assert says in problem.message
    assert problem.help


def test_every_problem_is_told() -> None:
    """The problems of a phase are told together, in the order of the files."""
    changes = {name: REFUSED[name][0] for name in ("a limit that is none", "a key that is none")}
    with pytest.raises(RulesetError) as caught:
        patch(
            SMALLEST, {name: value for change in changes.values() for name, value in change.items()}
        )
    assert [problem.place for problem in caught.value.problems] == [
        "drink.tea.wehn",
        "deadline.tea.within",
    ]


def test_a_rule_left_as_it_is_may_no_longer_fit() -> None:
    """Where a rule is taken away that another outranks, it is told where that other says so."""
    outranking = LOANS.rules["gravity.reserved"]
    assert outranking.outranks == ("gravity.light",)
    with pytest.raises(RulesetError) as caught:
        patch(LOANS, {"gravity.light": None})
    first = caught.value.problems[0]
    # The list of what it outranks, six lines below its id.
    file, line, _ = outranking.place.rsplit(":", 2)
    assert first.place == f"{file}:{int(line) + 6}:15"
    assert first.message == "There is no rule 'gravity.light'."
