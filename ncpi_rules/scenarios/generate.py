"""Scenarios that are missing, for a person to say what must come of them.

For every rule a case in which it applies, and for each of its conditions a case in which only that
one is not met; for every deadline with a period its due date and the day after. The cases come from
the decision table, so each is possible. What must come of them is never filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from attrs import evolve, field, frozen

from ncpi_rules.checks import RulesetAnalysis
from ncpi_rules.core import PartialDate, sentence
from ncpi_rules.io import write_yaml
from ncpi_rules.ruleset import DeadlineRule, decide
from ncpi_rules.scenarios.rule_coverage import conditions_against, coverage
from ncpi_rules.scenarios.runs import planned

if TYPE_CHECKING:
    from ncpi_rules.engine import Boxes
    from ncpi_rules.ruleset import Bound, Rule, Ruleset
    from ncpi_rules.scenarios.model import Scenario

_ANCHOR: Final = PartialDate.read("2018-08-30").start
"""A day from which months of different lengths, weeks and working days all lead to other days."""


@frozen(kw_only=True)
class SuggestedScenario:
    """A case that no scenario shows; ``purpose`` is a sentence on what it would show."""

    purpose: str
    facts: Mapping[str, str]
    interpretations: Mapping[str, str]
    dates: Mapping[str, str] = field(factory=dict)
    on: str = ""

    def to_yaml(self, ruleset: Ruleset) -> str:
        """Return the scenario as a file would have it, except for what must come of it."""
        clauses = [ruleset.facts[fact].values[value] for fact, value in self.facts.items()]
        clauses += [
            f"interpretation {id_} is answered '{value}'"
            for id_, value in self.interpretations.items()
        ]
        clauses += [f"{ruleset.events[event].title}: {day}" for event, day in self.dates.items()]
        says = write_yaml({"says": sentence(", and ".join(clauses) or "always")})
        lines = [f"  # {self.purpose}", "  - " + says.strip().replace("\n", "\n      ")]
        for name in ("facts", "interpretations", "dates"):
            values: Mapping[str, str] = getattr(self, name)
            if values:
                lines.append(f"    {name}:")
                lines += [f"      {key}: {value}" for key, value in values.items()]
        if self.on:
            lines.append(f"    on: {self.on}")
        lines.append("    expect: {}  # what must come of it?")
        return "\n".join(lines) + "\n"


def suggest(scenarios: Iterable[Scenario], ruleset: Ruleset) -> tuple[SuggestedScenario, ...]:
    """Return the cases that the scenarios of a ruleset leave out, as few as show all of them."""
    scenarios = tuple(scenarios)
    analysis = RulesetAnalysis.of(ruleset)
    covered = coverage(scenarios, ruleset)
    shown = {(id_, "") for id_, names in covered.applies_in.items() if names}
    shown |= {(id_, fact) for id_, near in covered.near.items() for fact in near}
    return (*_cases(analysis, shown), *_due_dates(analysis, scenarios))


def _cases(analysis: RulesetAnalysis, shown: set[tuple[str, str]]) -> Iterator[SuggestedScenario]:
    for id_, rule in analysis.ruleset.rules.items():
        for fact in ("", *rule.tests):
            if (id_, fact) in shown:
                continue
            boxes = analysis.regions.applies[id_] if not fact else _but_for(analysis, id_, fact)
            case = analysis.example(boxes)
            if case is not None:  # it is possible
                purpose = f"The rule {rule.full_name} applies{f', but for {fact}' if fact else ''}."
                suggested = _suggested(analysis, case, purpose)
                shown |= set(_shown_by(analysis.ruleset, suggested))
                yield suggested


def _but_for(analysis: RulesetAnalysis, id_: str, fact: str) -> Boxes:
    """Return the cases that meet all conditions of a rule but the one on a fact."""
    tests = analysis.rules[id_].when
    values = analysis.program.facts[fact]
    needed = [at for at, value in enumerate(values) if value in tests[fact]]
    others = [at for at in range(len(values)) if at not in needed]
    others.sort(key=lambda at: min(abs(at - place) for place in needed))
    regions = (
        analysis.regions.over_given_facts({**tests, fact: frozenset({values[at]})}) for at in others
    )
    return next(filter(None, regions), ())


def _suggested(
    analysis: RulesetAnalysis, case: Mapping[str, str], purpose: str
) -> SuggestedScenario:
    facts, ours = analysis.ruleset.facts, analysis.ours
    return SuggestedScenario(
        purpose=purpose,
        facts={f: v for f, v in case.items() if f in facts and v != facts[f].left_out},
        interpretations={id_: v for id_, v in case.items() if ours.get(id_, v) != v},
    )


def _shown_by(ruleset: Ruleset, suggested: SuggestedScenario) -> Iterator[tuple[str, str]]:
    """Yield what a suggestion would show, so that nothing is suggested twice."""
    decision = decide(ruleset, suggested.facts, interpretations=suggested.interpretations)
    for id_, rule in ruleset.rules.items():
        against = conditions_against(rule, decision)
        if len(against) < 2:  # noqa: PLR2004  it applies, or would but for one condition
            yield id_, "".join(against)


def _due_dates(
    analysis: RulesetAnalysis, scenarios: Iterable[Scenario]
) -> Iterator[SuggestedScenario]:
    """Yield the due date and the day after of each deadline that no scenario expects."""
    ruleset = analysis.ruleset
    expected = {
        id_
        for scenario in scenarios
        if scenario.expect.deadlines
        for id_ in planned(scenario, ruleset).decision.evaluation.fired
        if getattr(ruleset.rules[id_], "event", "") in scenario.expect.deadlines
    }
    for rule in ruleset.of_kind(DeadlineRule):
        case = analysis.example(analysis.regions.applies[rule.id])
        if case is not None and rule.id not in expected:
            for bound in rule.bounds:
                if bound.period.count:
                    yield from _around(analysis, rule, bound, case)


def _around(
    analysis: RulesetAnalysis, rule: Rule, bound: Bound, case: Mapping[str, str]
) -> Iterator[SuggestedScenario]:
    due = bound.moved(_ANCHOR, analysis.due_date_policy)
    what, beyond = ("first day", -1) if bound.is_floor else ("due date", 1)
    for day, text in ((due, f"the {what}"), (due + beyond, f"a day beyond the {what}")):
        suggested = _suggested(analysis, case, f"The deadline {rule.full_name}, on {text}.")
        dates = {bound.anchor: _iso(_ANCHOR), bound.event: _iso(day)}
        yield evolve(suggested, dates=dates, on=_iso(max(_ANCHOR, day) + 1))


def _iso(day: int) -> str:
    return PartialDate.between(day, day).edtf
