"""Another hit policy in the place of a file's own: how many of its rules may apply at once."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from attrs import evolve, frozen

from ncpi_rules.engine import meet
from ncpi_rules.ruleset import OutcomeRule, Ruleset

if TYPE_CHECKING:
    from collections.abc import Iterator

POLICIES: Final = ("unique", "any", "first")


@frozen(kw_only=True)
class HitPolicy:
    """A hit policy for the rules that decide an outcome."""

    outcome: str
    policy: str

    def of(self, ruleset: Ruleset) -> Ruleset:
        """Return a ruleset with this policy: rules outrank each other where the first one wins."""
        hits = MappingProxyType({**ruleset.hits, self.outcome: self.policy})
        deciding = [rule for rule in ruleset.of_kind(OutcomeRule) if rule.decides == self.outcome]
        if self.policy != "first" and ruleset.hits[self.outcome] != "first":
            return ruleset.evolve(hits=hits)
        rules = {
            rule.id: evolve(
                rule,
                outranks=tuple(
                    other.id
                    for other in deciding
                    if self.policy == "first"
                    and _line(rule) < _line(other)
                    and meet(rule.tests, other.tests) is not None
                ),
            )
            for rule in deciding
        }
        return ruleset.evolve(hits=hits, rules=MappingProxyType({**ruleset.rules, **rules}))


def other_policies(ruleset: Ruleset, outcome: str) -> Iterator[HitPolicy]:
    """Yield each policy that a file might have by mistake; only a table has an order."""
    in_order = any(
        isinstance(source.data, dict)
        and source.data.get("decides") == outcome
        and "table" in source.data
        for source in ruleset.files.values()
    )
    for policy in POLICIES if in_order else POLICIES[:-1]:
        if policy != ruleset.hits[outcome] and ruleset.hits[outcome] in POLICIES:
            yield HitPolicy(outcome=outcome, policy=policy)


def _line(rule: OutcomeRule) -> tuple[int, ...]:
    return tuple(int(part) for part in rule.place.split(":")[1:] if part.isdigit())
