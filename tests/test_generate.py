"""The scenarios that are suggested: each can happen, shows what it says, and nothing is missing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest

from ncpi_rules.cli import main
from ncpi_rules.core import PartialDate, RulesetError
from ncpi_rules.io import read_as, read_yaml
from ncpi_rules.ruleset import decide, load_ruleset, shipped_ruleset
from ncpi_rules.scenarios import Expected, ExpectedDeadline, Scenario, Scenarios, coverage, suggest
from ncpi_rules.scenarios.assertions import failing  # pinned: one rule is tried alone
from ncpi_rules.scenarios.runs import planned  # pinned: a scenario's plan has no public face

if TYPE_CHECKING:
    from ncpi_rules.scenarios import SuggestedScenario

RULESETS = Path(__file__).parent / "rulesets"
LOANS = load_ruleset(RULESETS / "library-loans")
EDITIONS = {"shipped": shipped_ruleset(), "library-loans": LOANS}


def scenario(made: SuggestedScenario, number: int) -> Scenario:
    """Return a suggestion as somebody might fill it in."""
    suggested = Scenario(
        says=str(number),
        facts=made.facts,
        interpretations=made.interpretations,
        dates={event: PartialDate.read(day) for event, day in made.dates.items()},
        on=PartialDate.read(made.on) if made.on else None,
        expect=Expected(),
    )
    events = {event: ExpectedDeadline() for event in made.dates}
    return attrs.evolve(suggested, expect=Expected(deadlines=events))


@pytest.mark.parametrize("name", EDITIONS)
def test_each_suggestion_shows_what_it_says(name: str) -> None:
    """In a suggested case the rule applies, or misses by the one fact that is named."""
    ruleset = EDITIONS[name]
    made = suggest([], ruleset)
    assert made
    cases = {rule.full_name: id_ for id_, rule in ruleset.rules.items()}
    assert len(cases) == len(ruleset.rules)
    for suggestion in made:
        match = re.fullmatch(r"The rule (.+?) applies(?:, but for (\S+))?\.", suggestion.purpose)
        if match is None:
            assert suggestion.purpose.startswith("The deadline "), suggestion.purpose
            continue
        decision = decide(ruleset, suggestion.facts, interpretations=suggestion.interpretations)
        id_ = cases[match[1]]
        assert (id_ in decision.evaluation.fired) == (match[2] is None), suggestion.purpose
        against = failing(ruleset.rules[id_], decision)
        assert against == (() if match[2] is None else (match[2],)), suggestion.purpose


@pytest.mark.parametrize("name", EDITIONS)
def test_filled_in_nothing_more_is_missing(name: str) -> None:
    """With every suggestion filled in, no other is made, and every rule that can hold has held."""
    ruleset = EDITIONS[name]
    scenarios = [scenario(suggestion, at) for at, suggestion in enumerate(suggest([], ruleset))]
    assert suggest(scenarios, ruleset) == ()
    assert all(coverage(scenarios, ruleset).applies_in.values())


def test_the_due_date_and_the_day_after_are_distinguished() -> None:
    """Of the two days that are suggested for a deadline the first is in time and the second not."""
    case = (
        "deadline.revisit where tier is not-settled, post-inspection-visit or "
        "post-inspection-review, R7 is first-day and R9 is ceiling-stands"
    )
    days = [
        suggestion
        for suggestion in suggest([], shipped_ruleset())
        if f"{case}, on" in suggestion.purpose
    ]
    assert [day.purpose for day in days] == [
        f"The deadline {case}, on the due date.",
        f"The deadline {case}, on a day beyond the due date.",
    ]
    deadlines = [
        next(d for d in planned(scenario(day, 0), shipped_ruleset()).deadlines if "revisit" in d.id)
        for day in days
    ]
    assert [deadline.status.value for deadline in deadlines] == ["met", "late"]
    assert deadlines[0].due == PartialDate.read("2019-02-28")


@pytest.mark.parametrize("name", EDITIONS)
def test_what_is_suggested_is_a_file_in_which_only_the_expectation_is_missing(name: str) -> None:
    """As YAML each suggestion is read back with the same facts, and expects nothing yet."""
    ruleset = EDITIONS[name]
    made = suggest([], ruleset)
    text = "scenarios:\n" + "".join(suggestion.to_yaml(ruleset) for suggestion in made)
    read = read_as(Scenarios, read_yaml(text, RulesetError, name="x"), RulesetError).scenarios
    assert [(scenario.facts, scenario.interpretations) for scenario in read] == [
        (m.facts, m.interpretations) for m in made
    ]
    assert all(scenario.expect == Expected() for scenario in read)


def test_the_command_prints_the_suggestions(capsys: pytest.CaptureFixture[str]) -> None:
    """``ncpi-rules test --suggest`` prints a file of scenarios and nothing else."""
    assert main(["test", str(RULESETS / "library-loans"), "--suggest"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("scenarios:\n\n  # The rule ")
    assert "expect: {}  # what must come of it?" in out
    assert err == ""
