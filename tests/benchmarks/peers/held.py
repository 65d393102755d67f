"""The shipped rules, from which the rules of a peer are generated.

A peer is spared the open questions: our answer to each interpretation is worked into its rules, and
the rules that apply under another answer only are left out, unless it is asked to keep them as
facts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import frozen

from ncpi_rules.core import DueDatePolicy
from ncpi_rules.ruleset import DUE_DATE_NOT_WORKING, DeadlineRule, OutcomeRule, Rule, Ruleset

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


Test: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""Facts, each with the values that satisfy it."""


@frozen(kw_only=True)
class Held:
    """The rules of a ruleset as a peer is given them."""

    ruleset: Ruleset
    interpretations: bool
    rules: tuple[Rule, ...]

    @classmethod
    def of(cls, ruleset: Ruleset, *, interpretations: bool = False) -> Held:
        """Return the rules; with ``interpretations``, these are facts and no rule is left out."""
        # A due date that moves would need the calendar of working days.
        setting = ruleset.choice(DUE_DATE_NOT_WORKING)
        assert ruleset.interpretations[setting].ours == DueDatePolicy.STANDS
        ours = answers(ruleset)
        rules = tuple(
            rule
            for rule in ruleset.rules.values()
            if interpretations or all(ours[name] in allowed for name, allowed in rule.under.items())
        )
        assert not any(rule.outranks for rule in rules)
        return cls(ruleset=ruleset, interpretations=interpretations, rules=rules)

    def test(self, rule: Rule) -> Test:
        """Return what a rule tests."""
        tests = {**rule.when, **rule.under} if self.interpretations else rule.when
        return tuple((fact, tuple(values)) for fact, values in sorted(tests.items()))

    def by_test(self, rules: Iterable[Any]) -> dict[Test, list[Any]]:
        """Return rules by what they test, so that it is tested once."""
        groups: dict[Test, list[Any]] = {}
        for rule in rules:
            groups.setdefault(self.test(rule), []).append(rule)
        return groups

    def of_kind(self, *kinds: type[Rule]) -> list[Any]:
        """Return the rules of some kinds."""
        return [rule for rule in self.rules if isinstance(rule, kinds)]

    def deciding(self, outcome: str) -> list[OutcomeRule]:
        """Return the rules that decide an outcome."""
        return [rule for rule in self.of_kind(OutcomeRule) if rule.decides == outcome]

    @property
    def order(self) -> list[str]:
        """Return the outcomes in an order in which each can be decided."""
        waiting = dict.fromkeys(self.ruleset.outcomes)
        ordered: list[str] = []
        while waiting:
            ready = next(
                name
                for name in waiting
                if not any(
                    fact in waiting and fact != name
                    for rule in self.deciding(name)
                    for fact in rule.when
                )
            )
            del waiting[ready]
            ordered.append(ready)
        return ordered

    @property
    def deadlines(self) -> list[DeadlineRule]:
        """Return the rules that set a deadline."""
        return self.of_kind(DeadlineRule)


def answers(ruleset: Ruleset) -> Mapping[str, str]:
    """Return our answer to each interpretation."""
    return {name: interpretation.ours for name, interpretation in ruleset.interpretations.items()}
