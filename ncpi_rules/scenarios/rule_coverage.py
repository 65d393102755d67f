"""What the scenarios of an edition touch, and what none of them does.

Touched is not proved: whether a scenario would notice a change is asked by changing the
rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from ncpi_rules.core import FactsError, UnknownItemError
from ncpi_rules.ruleset import interpretation_order
from ncpi_rules.scenarios.assertions import failing
from ncpi_rules.scenarios.runs import planned

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ncpi_rules.ruleset import Decision, Rule, Ruleset
    from ncpi_rules.scenarios.model import Scenario


@frozen(kw_only=True)
class Untouched:
    """Of one kind of thing, how many there are and which no scenario touches.

    ``says`` is what the list is of, in a sentence with the two numbers.
    """

    kind: str
    says: str
    of: int
    names: tuple[str, ...]


@frozen(kw_only=True)
class Coverage:
    """What the scenarios touch.

    ``holding`` names for each rule the scenarios in which it holds, by their sentences; ``near``
    for each rule and each fact that it tests those in which that fact alone stands against it
    (and under ``outranked`` those in which only another rule does).
    """

    holding: Mapping[str, tuple[str, ...]] = field(repr=False)
    near: Mapping[str, Mapping[str, tuple[str, ...]]] = field(repr=False)
    untouched: tuple[Untouched, ...]

    @property
    def whole(self) -> bool:
        """Return True where the scenarios touch everything."""
        return not any(each.names for each in self.untouched)

    def to_dict(self) -> dict[str, Any]:
        """Return what is touched and what is not as text, numbers, lists and mappings."""
        return {
            "untouched": {
                each.kind: {"of": each.of, "names": list(each.names)} for each in self.untouched
            },
            "holding": {rule: list(says) for rule, says in self.holding.items()},
        }


OUTRANKED: Final = "outranked"
"""What stands against a rule where all its conditions hold."""


def coverage(scenarios: Iterable[Scenario], ruleset: Ruleset) -> Coverage:
    """Return what scenarios touch of a ruleset.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> found = coverage([], shipped_ruleset())
    >>> found.whole, found.untouched[0].kind
    (False, 'rules that never hold')
    """
    seen = [(each, decision) for each in scenarios if (decision := _decision(each, ruleset))]
    rules = ruleset.rules
    holding = {
        id_: tuple(one.says for one, decision in seen if id_ in decision.evaluation.fired)
        for id_ in rules
    }
    near = {id_: dict(_near(rule, seen)) for id_, rule in rules.items()}
    return Coverage(
        holding=holding,
        near=near,
        untouched=tuple(_untouched(ruleset, seen, holding, near)),
    )


def _decision(scenario: Scenario, ruleset: Ruleset) -> Decision | None:
    try:
        return planned(scenario, ruleset).decision
    except (FactsError, UnknownItemError):
        return None  # it fails, and touches nothing


def _near(
    rule: Rule, seen: Iterable[tuple[Scenario, Decision]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each single thing that stands against a rule, with the scenarios in which it does."""
    found: dict[str, list[str]] = {}
    for scenario, decision in seen:
        if rule.id not in decision.evaluation.fired:
            against = failing(rule, decision) or (OUTRANKED,)
            if len(against) == 1:
                found.setdefault(against[0], []).append(scenario.says)
    yield from ((fact, tuple(says)) for fact, says in found.items())


def _untouched(
    ruleset: Ruleset,
    seen: Collection[tuple[Scenario, Decision]],
    holding: Mapping[str, tuple[str, ...]],
    near: Mapping[str, Mapping[str, tuple[str, ...]]],
) -> Iterator[Untouched]:
    rules = ruleset.rules
    yield _list("rules that never hold", "rules apply in no scenario", holding, _empty(holding))
    conditional = {id_: near[id_] for id_, rule in rules.items() if rule.when or rule.under}
    yield _list(
        "rules never nearly missed",
        "rules with conditions are never seen to fail by one of them alone",
        conditional,
        _empty(conditional),
    )
    yield _list(
        "outcomes",
        "words of outcomes are expected by no scenario",
        _values(ruleset.outcomes),
        _values(ruleset.outcomes)
        - {_says(name, value) for one, _ in seen for name, value in one.expect.outcomes.items()},
    )
    met = {_says(name, value) for _, decision in seen for name, value in decision.values.items()}
    yield _list(
        "values",
        "words of facts occur in no scenario",
        _values(ruleset.facts),
        _values(ruleset.facts) - met,
    )
    carried = {id_ for id_, each in ruleset.statements.items() if not each.no_rule}
    fired = {rule.id: rule for _, decision in seen for rule in decision.rules}
    cited = {id_ for rule in fired.values() for id_ in rule.statements}
    yield _list(
        "statements",
        "statements that ask for something are behind no rule that applies in a scenario",
        carried,
        [id_ for id_ in ruleset.statements if id_ in carried - cited],
    )
    used = {_says(*each) for one in seen for each in _answers_used(*one)}
    answers = {id_: each.answers for id_, each in ruleset.interpretations.items()}
    every = [
        _says(id_, value)
        for id_ in sorted(answers, key=interpretation_order)
        for value in answers[id_]
    ]
    idle = [
        id_
        for id_ in sorted(answers, key=interpretation_order)
        if not any(_says(id_, value) in used for value in answers[id_])
    ]
    yield _list("interpretations", "interpretations are touched by no scenario", answers, idle)
    yield _list(
        "answers",
        "answers to interpretations are touched by no scenario",
        every,
        [each for each in every if each not in used],
    )


def _answers_used(scenario: Scenario, decision: Decision) -> Iterator[tuple[str, str]]:
    """Yield the answers that a scenario asks for, and those on which a rule rests that holds."""
    yield from scenario.interpretations.items()
    for rule in decision.rules:
        yield from ((id_, decision.values[id_]) for id_ in rule.open_questions)


def _says(name: str, value: str) -> str:
    return f"{name}: {value}"


def _values(known: Mapping[str, Any]) -> set[str]:
    return {_says(id_, value) for id_, each in known.items() for value in each.values}


def _empty(found: Mapping[str, Collection[object]]) -> list[str]:
    return [id_ for id_, each in found.items() if not each]


def _list(kind: str, says: str, every: Collection[object], names: Collection[str]) -> Untouched:
    listed = tuple(names if isinstance(names, list) else sorted(names))
    return Untouched(
        kind=kind, says=f"{len(listed)} of {len(every)} {says}", of=len(every), names=listed
    )
