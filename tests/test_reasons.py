"""Why something is in a plan, and why something is not: what may be asked for, and the answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncpi_rules import FollowUp, assess
from ncpi_rules.core import UnknownItemError
from ncpi_rules.explain import why, why_not
from ncpi_rules.ruleset import ActionRule, DeadlineRule, decide, load_ruleset, shipped_ruleset
from tests.strategies import days, follow_ups

if TYPE_CHECKING:
    import datetime

    from hypothesis.strategies import DataObject

    from ncpi_rules.plan import Plan

SHIPPED = shipped_ruleset()
REVIEW, VISIT = "post-inspection-review", "post-inspection-visit"
WAIVER = {
    "decision": "waiver",
    "of": "action-plan-received",
    "on": "2018-07-20",
    "by": "HMICFRS",
    "why": "unknown",
}


def plan_of(on: str = "2019-01-31", **facts: object) -> Plan:
    """Return a plan for Kent."""
    return assess(FollowUp.from_dict({"force": "kent", **facts}), on=on)


@given(follow_up=follow_ups(), on=days(), data=st.data())
def test_both_take_the_same_names(follow_up: FollowUp, on: datetime.date, data: DataObject) -> None:
    """Whatever `why_not` takes, `why` takes, and both answer; `why` takes items besides."""
    plan = assess(follow_up, on=on)
    values = [value for outcome in SHIPPED.outcomes.values() for value in outcome.values]
    name = data.draw(st.sampled_from([*SHIPPED.cases, *SHIPPED.rules, *values, *SHIPPED.events]))
    assert all([*why(plan, name), *why_not(plan, name)])
    document = plan.document
    items = (*document.required_actions, *document.deadlines, *document.alerts)
    ids = [item.id for item in items]
    assert not ids or why(plan, data.draw(st.sampled_from(ids)))


@pytest.mark.parametrize("tier", SHIPPED.outcomes["tier"].values)
def test_a_tier_may_be_asked_for_by_its_name(tier: str) -> None:
    """Why of the tier that is decided is why of the type of follow-up; of another, why not."""
    plan = plan_of(prospects="significant-concerns")
    decided = plan.decision.facts["tier"]
    expected = plan.why("tier") if tier == decided else plan.why_not(tier)
    assert plan.why(tier) == expected
    title = SHIPPED.outcomes["tier"].values[tier]
    says = f"It is {title}: " if tier == decided else f"It is not {title}."
    assert plan.why_not(tier)[0].startswith(says)


def test_an_outcome_that_stays_open_has_its_value() -> None:
    """A type of follow-up that is still to be decided is so: no sentence says that it is not."""
    plan = plan_of()
    assert plan.decision.outcomes["tier"].value is None
    assert plan.why_not("not-settled")[0].startswith("It is to be decided: The type of follow-up ")
    assert plan.why("not-settled") == plan.why("tier")


def test_a_case_that_no_rule_covers_is_said_to_be_so() -> None:
    """Where no rule decides an outcome, its value is explained by that."""
    loans = load_ruleset(Path(__file__).parent / "rulesets" / "library-loans")
    for name, outcome in loans.outcomes.items():
        decision = decide(loans, {})
        if not decision.outcomes[name].rules:
            title = outcome.values[outcome.none]
            assert why_not(decision, outcome.none) == (
                f"It is {title}: No rule of the edition covers this case.",
            )


def test_why_of_an_event_explains_what_is_on_it() -> None:
    """Of an event, each action and each deadline of the plan is explained, and nothing else."""
    plan = plan_of(inspection_report={"published": "2018-06-28"}, prospects="some-concerns")
    ids = {item.id for item in (*plan.required_actions, *plan.deadlines)}
    parts = ("action.revisit", "deadline.revisit")
    assert ids.issuperset(parts)
    assert plan.why("revisit-begins") == tuple(line for id_ in parts for line in plan.why(id_))


def test_why_not_of_an_event_names_every_rule_on_it() -> None:
    """Of an event, each rule is named once, with whether it applies."""
    plan = plan_of(prospects="some-concerns")
    for event, named in SHIPPED.events.items():
        on_it = [
            rule
            for rule in SHIPPED.rules.values()
            if (isinstance(rule, DeadlineRule) and rule.event == event)
            or (isinstance(rule, ActionRule) and rule.completes == event)
        ]
        fired_on_it = {rule.rule for rule in on_it if rule.id in plan.decision.evaluation.fired}
        lines = plan.why_not(event)
        for written in {rule.rule for rule in on_it}:
            says = "applies" if written in fired_on_it else "does not apply"
            assert sum(line.endswith(f" ({written}) {says}.") for line in lines) == 1
        if not on_it:
            assert lines == (f"No rule is about '{named.title}'.",)


def test_why_of_a_deadline_names_its_waiver() -> None:
    """Whoever asks why of a waived deadline reads who waived it, and when."""
    plan = plan_of(inspection_report={"published": "2018-06-28"}, decisions=[WAIVER])
    (deadline,) = (
        deadline for deadline in plan.deadlines if deadline.event == "action-plan-received"
    )
    assert deadline.decision == (
        "This was waived (20 July 2018) by HMICFRS, for a reason not recorded."
    )
    lines = plan.why(deadline.id)
    assert lines.count(deadline.decision) == 1
    assert lines.index(deadline.decision) == len(deadline.status_sentences) + 1


def test_an_alert_of_no_rule_says_itself_why_it_is_there() -> None:
    """An alert that follows from no rule, as before publication, is its own reason."""
    plan = plan_of("2018-06-01", inspection_report={"published": "2018-06-28"})
    alert = plan.alerts[0]
    assert (alert.id, alert.rules) == ("not-begun", ())
    assert plan.why("not-begun") == (alert.sentence,)


@pytest.mark.parametrize(
    ("name", "help_"),
    [
        ("deadlin.revisit", "Did you mean 'deadline.revisit'?"),
        ("post-inspection-vist", "Did you mean 'post-inspection-visit'?"),
        ("revisit-begin", "Did you mean 'revisit-begins'?"),
        (
            "quite another",
            (
                "Use the id of a rule or of an item of a plan, the name of an event, or a value of "
                "an outcome."
            ),
        ),
    ],
)
def test_what_does_not_exist_is_refused(name: str, help_: str) -> None:
    """Both refuse the same names, with the nearest that exists."""
    plan = plan_of()
    for ask in (plan.why, plan.why_not):
        with pytest.raises(UnknownItemError) as caught:
            ask(name)
        (problem,) = caught.value.problems
        assert (problem.message, problem.help) == (f"There is nothing of the name '{name}'.", help_)


def test_what_is_no_name_is_refused_in_a_sentence() -> None:
    """A name that is no text is refused as one that does not exist."""
    plan = assess({"force": "kent"}, on="2020-01-01")
    for name in (None, 3):
        for explain in (plan.why, plan.why_not):
            with pytest.raises(UnknownItemError, match=f"nothing of the name '{name}'"):
                explain(name)  # type: ignore[arg-type]
