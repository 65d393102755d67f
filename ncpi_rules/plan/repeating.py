"""What repeats with each revisit of a follow-up, and the numbers that its items have."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from attrs import evolve, field, frozen

from ncpi_rules.core import counted_off
from ncpi_rules.plan.document import PlanDeadline, PlanItem
from ncpi_rules.ruleset import DeadlineRule, DocumentRule, Ruleset

if TYPE_CHECKING:
    from collections.abc import Collection

    from ncpi_rules.ruleset import Rule

T = TypeVar("T", bound=PlanItem)


@frozen(eq=False)
class Repeating:
    """What repeats with each revisit, by a ruleset: its events, and the rules on them.

    ``after`` has the events that cannot come before the one with which a revisit ``begins``.
    """

    ruleset: Ruleset
    begins: str = field(init=False)
    after: tuple[str, ...] = field(init=False)
    events: frozenset[str] = field(init=False)
    rules: frozenset[str] = field(init=False)

    @begins.default
    def _begins(self) -> str:
        repeats = self.ruleset.repeats
        return "" if repeats is None else repeats.begins

    @after.default
    def _after(self) -> tuple[str, ...]:
        order = self.ruleset.contract.order
        return tuple(later for first, later in order if first == self.begins)

    @events.default
    def _events(self) -> frozenset[str]:
        repeats = self.ruleset.repeats
        return frozenset() if repeats is None else frozenset(repeats.events)

    @rules.default
    def _rules(self) -> frozenset[str]:
        return frozenset(rule.rule for rule in self.ruleset.rules.values() if self._repeats(rule))

    def _repeats(self, rule: Rule) -> bool:
        """Return True for a rule on a repeated event, or one for what the revisit consists of."""
        repeats = self.ruleset.repeats
        if repeats is None:
            return False
        if isinstance(rule, DeadlineRule):
            return rule.event in self.events
        completes = getattr(rule, "completes", None)
        is_item = completes is not None or isinstance(rule, DocumentRule)
        if completes:
            return completes in self.events
        return is_item and repeats.fixes in rule.tests

    def name_of(self, number: int) -> str:
        """Return which of several revisits one is, such as ``First revisit``."""
        repeats = self.ruleset.repeats
        return f"{counted_off(number).capitalize()} {'' if repeats is None else repeats.title}"

    def has(self, name: str) -> bool:
        """Return True for the name of an event or a rule that repeats with each revisit."""
        return name in self.events or name in self.rules


def numbered_id(id_: str, number: int) -> str:
    """Return the id of an item that repeats: that of the first revisit is as it is alone.

    >>> numbered_id("deadline.notice", 1), numbered_id("deadline.notice", 2)
    ('deadline.notice', 'deadline.notice@2')
    """
    return id_ if number == 1 else f"{id_}@{number}"


def numbered(item: T, number: int, rules: Collection[str]) -> T:
    """Return an item of a plan with the number of its revisit, where its rule is among some."""
    if not item.rules or item.rules[0] not in rules:
        return item
    item = evolve(item, id=numbered_id(item.id, number), revisit=number)
    if isinstance(item, PlanDeadline):
        bound_by = (numbered_id(id_, number) if id_ in rules else id_ for id_ in item.bound_by)
        item = evolve(item, bound_by=tuple(bound_by))
    return item
