"""What the scenarios of an edition cover, and what none of them does.

A rule that is covered is not yet tested: only mutation shows whether a scenario would notice a
change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from attrs import field, frozen

from ncpi_rules.core import FactsError, UnknownItemError
from ncpi_rules.ruleset import interpretation_order
from ncpi_rules.scenarios.assertions import expected_names, failing
from ncpi_rules.scenarios.runs import planned

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ncpi_rules.ruleset import Decision, Rule, Ruleset
    from ncpi_rules.scenarios.model import Scenario


@frozen(kw_only=True)
class CoverageGap:
    """Of one kind of item, how many there are and which of them no scenario covers.

    ``sentence`` says with the two numbers what is not covered, without its names.
    """

    kind: str
    sentence: str
    of: int
    names: tuple[str, ...]


@frozen(kw_only=True)
class ScenarioCoverage:
    """What the scenarios cover.

    ``applies_in`` names for each rule the scenarios in which it applies, by their sentences;
    ``near`` for each rule and each fact that it tests those in which only that fact stops it from
    applying (and under ``outranked`` those in which only another rule does).
    """

    applies_in: Mapping[str, tuple[str, ...]] = field(repr=False)
    near: Mapping[str, Mapping[str, tuple[str, ...]]] = field(repr=False)
    gaps: tuple[CoverageGap, ...]

    @property
    def is_complete(self) -> bool:
        """Return True where the scenarios cover everything."""
        return not any(gap.names for gap in self.gaps)

    def to_dict(self) -> dict[str, Any]:
        """Return what is covered and what is not as text, numbers, lists and mappings."""
        return {
            "gaps": {gap.kind: {"of": gap.of, "names": list(gap.names)} for gap in self.gaps},
            "applies_in": {rule: list(scenarios) for rule, scenarios in self.applies_in.items()},
        }


OUTRANKED: Final = "outranked"
"""What stops a rule from applying where all its conditions are met."""

_Runs: TypeAlias = "Collection[tuple[Scenario, Decision]]"


def coverage(scenarios: Iterable[Scenario], ruleset: Ruleset) -> ScenarioCoverage:
    """Return what scenarios cover of a ruleset.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> covered = coverage([], shipped_ruleset())
    >>> covered.is_complete, covered.gaps[0].kind
    (False, 'rules that never apply')
    """
    runs = _runs(scenarios, ruleset)
    applies_in = _applies_in(runs, ruleset)
    near = {id_: _near(rule, runs) for id_, rule in ruleset.rules.items()}
    return ScenarioCoverage(
        applies_in=applies_in, near=near, gaps=tuple(_gaps(ruleset, runs, applies_in, near))
    )


def rules_not_expected(scenarios: Iterable[Scenario], ruleset: Ruleset) -> tuple[str, ...]:
    """Return the rules of which no scenario expects anything by the name of the rule."""
    expected = {name for scenario in scenarios for name in expected_names(scenario)}
    return tuple(
        id_
        for id_, cases in ruleset.cases.items()
        if expected.isdisjoint({id_, *(rule.id for rule in cases)})
    )


def scenarios_of_rules(
    scenarios: Iterable[Scenario], ruleset: Ruleset
) -> dict[str, tuple[str, ...]]:
    """Return what each scenario in which a rule applies says, by the id of the rule."""
    return _applies_in(_runs(scenarios, ruleset), ruleset)


def _runs(scenarios: Iterable[Scenario], ruleset: Ruleset) -> _Runs:
    return [
        (scenario, decision) for scenario in scenarios if (decision := _decision(scenario, ruleset))
    ]


def _applies_in(runs: _Runs, ruleset: Ruleset) -> dict[str, tuple[str, ...]]:
    return {
        id_: tuple(scenario.says for scenario, decision in runs if id_ in decision.evaluation.fired)
        for id_ in ruleset.rules
    }


def _decision(scenario: Scenario, ruleset: Ruleset) -> Decision | None:
    try:
        return planned(scenario, ruleset).decision
    except (FactsError, UnknownItemError):
        return None  # it fails, and covers nothing


def conditions_against(rule: Rule, decision: Decision) -> tuple[str, ...]:
    """Return what stops a rule from applying in a case; nothing where it applies."""
    if rule.id in decision.evaluation.fired:
        return ()
    return failing(rule, decision) or (OUTRANKED,)


def _near(rule: Rule, runs: _Runs) -> dict[str, tuple[str, ...]]:
    """Return each single thing that stops a rule, with the scenarios in which it does."""
    near: dict[str, tuple[str, ...]] = {}
    for scenario, decision in runs:
        against = conditions_against(rule, decision)
        if len(against) == 1:
            near[against[0]] = (*near.get(against[0], ()), scenario.says)
    return near


def _gaps(
    ruleset: Ruleset,
    runs: _Runs,
    applies_in: Mapping[str, tuple[str, ...]],
    near: Mapping[str, Mapping[str, tuple[str, ...]]],
) -> Iterator[CoverageGap]:
    rules = ruleset.rules
    yield _gap(
        "rules that never apply",
        "Not applied in any scenario",
        "rules",
        applies_in,
        [id_ for id_, scenarios in applies_in.items() if not scenarios],
    )
    conditional = [id_ for id_, rule in rules.items() if rule.tests]
    yield _gap(
        "rules never nearly met",
        "Not stopped by one condition alone in any scenario",
        "rules with conditions",
        conditional,
        [id_ for id_ in conditional if not near[id_]],
    )
    outcomes, values = _values(ruleset.outcomes), _values(ruleset.facts)
    expected = {pair for scenario, _ in runs for pair in scenario.expect.outcomes.items()}
    yield _gap(
        "outcomes",
        "Not expected by any scenario",
        "values of outcomes",
        outcomes,
        [_joined(*pair) for pair in outcomes if pair not in expected],
    )
    met = {pair for _, decision in runs for pair in decision.values.items()}
    yield _gap(
        "values",
        "Not met in any scenario",
        "values of facts",
        values,
        [_joined(*pair) for pair in values if pair not in met],
    )
    implemented = [id_ for id_, statement in ruleset.statements.items() if not statement.no_rule]
    applying = {rule.id: rule for _, decision in runs for rule in decision.rules}
    cited = {id_ for rule in applying.values() for id_ in rule.statements}
    yield _gap(
        "statements",
        "Not behind any rule that applies in a scenario",
        "statements that ask for something",
        implemented,
        [id_ for id_ in implemented if id_ not in cited],
    )
    used = {pair for run in runs for pair in _answers_used(*run)}
    ids = sorted(ruleset.interpretations, key=interpretation_order)
    answers = [(id_, answer) for id_ in ids for answer in ruleset.interpretations[id_].answers]
    yield _gap(
        "interpretations",
        "Not used by any scenario",
        "interpretations",
        ids,
        [id_ for id_ in ids if id_ not in {id_ for id_, _ in used}],
    )
    yield _gap(
        "answers",
        "Not used by any scenario",
        "answers",
        answers,
        [_joined(*pair) for pair in answers if pair not in used],
    )


def _answers_used(scenario: Scenario, decision: Decision) -> Iterator[tuple[str, str]]:
    """Yield the answers that a scenario asks for, and those on which a rule that applies rests."""
    yield from scenario.interpretations.items()
    for rule in decision.rules:
        yield from ((id_, decision.values[id_]) for id_ in rule.open_questions)


def _joined(name: str, value: str) -> str:
    return f"{name}: {value}"


def _values(terms: Mapping[str, Any]) -> list[tuple[str, str]]:
    pairs = ((id_, value) for id_, term in terms.items() for value in term.values)
    return sorted(pairs, key=lambda pair: _joined(*pair))


def _gap(
    kind: str, state: str, what: str, every: Collection[object], names: list[str]
) -> CoverageGap:
    sentence = f"{state}: {len(names)} of {len(every)} {what}"
    return CoverageGap(kind=kind, sentence=sentence, of=len(every), names=tuple(names))
