"""What is remembered of values and decisions is what would be worked out anew."""

from __future__ import annotations

import pickle
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncpi_rules.core import FactsError, Memo, PartialDate
from ncpi_rules.facts import FollowUp, name_facts
from ncpi_rules.plan import assess, values_of
from ncpi_rules.ruleset import (
    decide,
    decided,
    engine_of,
    evolve_beside_logic,
    load_ruleset,
    program_for,
    shipped_ruleset,
)
from tests.strategies import days, follow_ups

if TYPE_CHECKING:
    import datetime

RULES = shipped_ruleset()
LOANS = Path(__file__).parent / "rulesets" / "library-loans"
KENT = {"force": "kent", "inspection_report": {"published": "2018-06-28"}}


def dates_in(facts: Any) -> set[PartialDate]:
    """Return every date in the plain facts of a follow-up."""
    if isinstance(facts, str):
        try:
            return {PartialDate.read(facts)}
        except ValueError:
            return set()
    within = facts.values() if isinstance(facts, dict) else facts
    return {date for part in within for date in dates_in(part)}


@given(follow_ups(), st.randoms(use_true_random=False))
def test_values_do_not_depend_on_the_day_asked_before(follow_up: FollowUp, order: Any) -> None:
    """Near each date, and in any order, the values are those of facts that nobody asked before."""
    asked = [
        day + near
        for date in dates_in(follow_up.to_dict())
        for day in (date.start, date.end)
        for near in (-1, 0, 1, 2)
    ]
    order.shuffle(asked)
    for day in asked:
        assert name_facts(follow_up, RULES.contract).on(day) == name_facts(
            follow_up.evolve(), RULES.contract
        ).on(day)


@pytest.mark.parametrize(
    ("ends", "suspended"),
    [
        ("2018-12-05", {"in-force": ["2018-12-01"], "over": ["2018-12-06"]}),
        (
            "2018-12-05/2018-12-09",
            {"in-force": ["2018-12-01"], "not-known": ["2018-12-06"], "over": ["2018-12-10"]},
        ),
    ],
)
def test_every_value_that_a_day_changes_changes_on_that_day(
    ends: str, suspended: dict[str, list[str]]
) -> None:
    """Judgement, choice, decision, suspension and the review of the plan: each on its own day."""
    person = {"by": "HMICFRS", "why": "unknown"}
    chosen = {"decision": "tier-chosen", "value": "post-inspection-visit", "on": "2018-11"}
    suspension = {"decision": "suspension", "begins": "2018-12-01", "ends": ends}
    follow_up = FollowUp.from_dict(
        {
            **KENT,
            "prospects": {"judgement": "some-concerns", "on": "2018-09-03"},
            "action_plan": {"received": "2018-08-01", "reviewed": "2018-08-20"},
            "decisions": [
                {"decision": "full-reinspection", "on": "2018-10-01", **person},
                {**chosen, **person},
                {**suspension, "on": "2018-11-30", **person},
            ],
        }
    )
    turns: dict[str, list[str]] = {}
    for day in range(PartialDate.read("2018-07-01").start, PartialDate.read("2019-01-01").start):
        before, now = (values_of(follow_up, RULES, on) for on in (day - 1, day))
        for name in ("prospects", "action-plan-review", "reinspection", "tier-chosen"):
            if before[name] != now[name]:
                turns.setdefault(name, []).append(PartialDate.between(day, day).edtf)
        if before["suspension"] != now["suspension"]:
            turns.setdefault(now["suspension"], []).append(PartialDate.between(day, day).edtf)
    assert turns == {
        "action-plan-review": ["2018-08-20"],
        "prospects": ["2018-09-03"],
        "reinspection": ["2018-10-01"],
        "tier-chosen": ["2018-11-01", "2018-11-30"],
        **suspended,
    }


@given(st.data())
def test_a_remembered_decision_is_what_would_be_decided(data: st.DataObject) -> None:
    """A case that was decided before is decided as by a ruleset that has decided nothing."""
    values = {
        name: data.draw(st.sampled_from(sorted(fact.values)), label=name)
        for name, fact in RULES.facts.items()
    }
    interpretations = {
        id_: data.draw(st.sampled_from(sorted(interpretation.answers)), label=id_)
        for id_, interpretation in RULES.interpretations.items()
    }
    case = {**values, **interpretations}
    again = decided(RULES, dict(reversed(case.items())))
    assert again is decided(RULES, case)
    fresh = decide(RULES, values, interpretations=interpretations, engine="reference")
    assert (again.values, again.outcomes) == (fresh.values, fresh.outcomes)
    assert again.evaluation == fresh.evaluation


@pytest.mark.parametrize("interpretation", sorted(RULES.interpretations))
def test_a_decision_is_remembered_by_every_interpretation(interpretation: str) -> None:
    """Cases that differ in the answer to one question alone are told apart."""
    cases = [
        {**decide(RULES, {}, interpretations={interpretation: answer}).values}
        for answer in RULES.interpretations[interpretation].answers
    ]
    assert [decided(RULES, case).values[interpretation] for case in cases] == [
        *RULES.interpretations[interpretation].answers
    ]


def test_a_decision_keeps_its_values() -> None:
    """Values that are changed after they were decided upon change nothing that was decided."""
    case = {**decide(RULES, {"prospects": "no-concerns"}).values}
    before = decided(RULES, case)
    case["prospects"] = "some-concerns"
    assert before.values["prospects"] == "no-concerns"
    assert decided(RULES, case).values["prospects"] == "some-concerns"
    with pytest.raises(TypeError):
        before.values["prospects"] = "some-concerns"  # type: ignore[index]  # it is the test


def test_each_engine_remembers_for_itself() -> None:
    """What one engine decided is not taken for what another would."""
    engines = ["durable-rules", "reference", None]
    names = [
        decide(RULES, {"prospects": "no-concerns"}, engine=engine).engine for engine in engines
    ]
    assert names == ["durable-rules", "reference", "durable-rules"]
    follow_up = FollowUp.from_dict(KENT)
    plans = [assess(follow_up, on="2019-01-01", engine=engine) for engine in (None, *engines)]
    assert [plan.engine for plan in plans] == ["durable-rules", *names]


def test_further_events_are_told_apart_in_any_order() -> None:
    """Where a vocabulary has events of its own, the order in which they are given says nothing."""
    rules = load_ruleset(LOANS)
    events = {"item-lent": "2024-03-01", "item-due": "2024-03-29", "item-returned": "2024-05-06"}
    figures = []
    for order in permutations(events):
        further = {
            "facts": {"return": "very-late"},
            "events": {name: events[name] for name in order},
        }
        follow_up = FollowUp.from_dict({"force": "kent", "further": further})
        figures.append(assess(follow_up, on="2024-06-01", ruleset=rules).figures)
    assert figures[0]["deadline.return"].late_by == (45, 45)
    assert all(other == figures[0] for other in figures)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers())),
    st.integers(1, 4),
)
def test_a_memo_is_bounded_and_right(asked: list[tuple[int, int]], most: int) -> None:
    """It has at most so many answers, each the first given since all were forgotten."""
    memo = Memo[int, int](most)
    answers: dict[int, int] = {}
    for number, answer in asked:
        remembered = memo.get(number)
        assert remembered in {None, answers.get(number)}
        if remembered is None:
            answers[number] = answer
            assert memo.remember(number, answer) == answer
        assert 0 < len(memo) <= most
    again = pickle.loads(pickle.dumps(memo))  # noqa: S301  our own bytes
    assert (len(again), again.most) == (0, most)


def test_what_is_derived_from_a_ruleset_is_its_own() -> None:
    """It is made once, never pickled, and not taken over by a ruleset with other parts."""
    rules = load_ruleset()
    assert program_for(rules) is program_for(rules)
    again = pickle.loads(pickle.dumps(rules))  # noqa: S301  our own bytes
    assert again == rules
    other = attrs.evolve(rules, hits={})
    for copy in (again, other):
        assert program_for(copy) is not program_for(rules)
        assert decide(copy, {}).ruleset is copy


def test_engines_are_shared_where_the_logic_is_the_same() -> None:
    """A ruleset with other settings has the same engines, and decides for itself."""
    rules = load_ruleset()
    settings = attrs.evolve(rules.settings, title="Another title")
    other = evolve_beside_logic(rules, settings=settings)
    assert engine_of(other) is engine_of(rules)
    assert decide(other, {}).ruleset is other
    assert other.digest != rules.digest


@pytest.mark.parametrize("change", [{"weather": "fine"}, {"findings": ["mixed"]}])
def test_no_answer_is_found_for_a_case_that_is_none(change: dict[str, Any]) -> None:
    """A fact too many, or a value that is no text, is refused although the rest is remembered."""
    case = {**decide(RULES, {}).values}
    decided(RULES, case)
    with pytest.raises(FactsError):
        decided(RULES, {**case, **change})
    del case["findings"]
    with pytest.raises(FactsError):
        decided(RULES, case)


@given(follow_ups(), days())
def test_a_plan_can_be_sent(follow_up: FollowUp, on: datetime.date) -> None:
    """A plan that was pickled and read again says the same, explanations included."""
    plan = assess(follow_up, on=on)
    again = pickle.loads(pickle.dumps(plan))  # noqa: S301  our own bytes
    assert again == plan
    assert again.why("tier") == plan.why("tier")


@pytest.mark.parametrize(
    "wrong",
    [
        {"decisions": [{"decision": "tier-chosen", "value": "visits"}]},
        {"decisions": [{"decision": "waiver", "of": "revisit-begun"}]},
        {"decisions": [{"decision": "variation", "of": "deadline.revisit"}]},
        {"further": {"facts": {"weather": "fine"}}},
        {"further": {"events": {"tea-served": "2018-07-01"}}},
    ],
)
def test_a_name_that_a_ruleset_lacks_is_refused_each_time(wrong: dict[str, Any]) -> None:
    """Facts like others but for a name are refused, however often, and the others are not."""
    rules = load_ruleset()
    person = {"by": "HMICFRS", "on": "2019-09-01", "why": "unknown"}
    if "decisions" in wrong:
        wrong = {"decisions": [{**decision, **person} for decision in wrong["decisions"]]}
    waiver = {"decision": "waiver", "of": "deadline.revisit", **person}
    good, bad = FollowUp.from_dict(KENT), FollowUp.from_dict({**KENT, **wrong})
    other = FollowUp.from_dict({**KENT, "decisions": [waiver]})
    for _ in range(2):
        assess(good, on="2019-01-01", ruleset=rules)
        assess(other, on="2019-01-01", ruleset=rules)
        with pytest.raises(FactsError):
            assess(bad, on="2019-01-01", ruleset=rules)
