"""The window of every event: its first and last possible day, by propagating bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core import NOT_YET, UNKNOWN, PartialDate
from ncpi_rules.deadlines.status import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ncpi_rules.core import DueDatePolicy, When
    from ncpi_rules.ruleset import Bound, DeadlineRule


class Windows:
    """The first and last possible day of every event, by propagating the bounds of the rules.

    ``earliest`` and ``latest`` are as generous as the dates allow, so that what they rule out is
    certain. ``compliant`` is as strict as the dates allow: the latest compliant date. What is
    planned too late can still be brought forward: ``in_time`` has the day by which, and what must
    come before it is to keep to that day.
    """

    def __init__(  # noqa: PLR0913  what windows are worked out from
        self,
        rules: Iterable[DeadlineRule],
        events: Mapping[str, When],
        on: int,
        policy: DueDatePolicy,
        *,
        begun: bool = True,
        order: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Propagate the bounds of some rules from the dates of a follow-up.

        Until it has ``begun``, nothing can be late. ``order`` has the pairs of events of which the
        second cannot come before the first.
        """
        self.policy = policy
        self.events = events
        self.on = on
        self.cause: dict[str, tuple[str, Bound]] = {}
        self.known = {name for name, when in events.items() if isinstance(when, PartialDate)}
        self.planned = {
            name
            for name, when in events.items()
            if begun and isinstance(when, PartialDate) and when.start > on
        }
        self.earliest: dict[str, int] = {}
        self.latest: dict[str, int] = {}
        self.compliant: dict[str, int] = {}
        self.in_time: dict[str, int] = {}
        exact = True
        for name, when in events.items():
            if isinstance(when, PartialDate):
                self.earliest[name] = self.compliant[name] = when.start
                self.latest[name] = when.end
                exact = exact and when.start == when.end
            elif when is NOT_YET:
                self.earliest[name] = on
        exact = exact and not self.planned
        if exact:
            self.latest = self.compliant
        self.ceilings = (self.compliant,) if exact else (self.compliant, self.latest)
        self.limits = [
            (rule.rule, bound)
            for rule in rules
            for bound in rule.bounds
            if not (self._is_settled(bound) or self._is_broken(bound))
        ]
        self.order = [pair for pair in order if not self.known.issuperset(pair)]
        self._settle()

    def _is_settled(self, bound: Bound) -> bool:
        """Return True for a bound between two known dates: it restricts no other event."""
        movable = bound.event in self.planned and not bound.is_floor
        return bound.event in self.known and bound.anchor in self.known and not movable

    def _is_broken(self, bound: Bound) -> bool:
        """Return True for a due date that has passed unmet: it no longer binds anything."""
        anchor = self.events.get(bound.anchor, UNKNOWN)
        return (
            not bound.is_floor
            and (self.events.get(bound.event, UNKNOWN) is NOT_YET or bound.event in self.planned)
            and isinstance(anchor, PartialDate)
            and bound.moved(anchor.end, self.policy) < self.on
        )

    def _settle(self) -> None:
        for _ in range(len(self.limits) + 2):
            changed = self._keep_order()
            for rule, bound in self.limits:
                changed |= self._floor(bound) if bound.is_floor else self._ceiling(rule, bound)
            if not changed:
                return

    def _keep_order(self) -> bool:
        """Leave no event an earlier day than one before it, or a later day than one after it."""
        changed = False
        for first, later in self.order:
            if later not in self.known and first in self.earliest:
                changed |= self._raise(later, self.earliest[first])
            if first not in self.known:
                for table in self.ceilings:
                    if table.get(later, NEVER) < table.get(first, NEVER):
                        table[first] = table[later]
                        changed = True
        return changed

    def _ceiling(self, rule: str, bound: Bound) -> bool:
        changed = False
        if bound.event in self.planned:
            changed = self._lower(self.in_time, rule, bound)
        elif bound.event not in self.known:
            for table in self.ceilings:
                changed |= self._lower(table, rule, bound)
        if bound.anchor not in self.known and bound.event in self.earliest:
            floor = bound.earliest_anchor(self.earliest[bound.event], self.policy)
            changed |= self._raise(bound.anchor, floor)
        return changed

    def _lower(self, table: dict[str, int], rule: str, bound: Bound) -> bool:
        """Lower the latest day of an event in a table to that which a bound allows."""
        is_generous = table is self.latest and self.latest is not self.compliant
        anchors = self.latest if is_generous else self.compliant
        if bound.anchor not in anchors:
            return False
        anchor = anchors[bound.anchor]
        if not is_generous and bound.leads_back:
            anchor = min(anchor, self.in_time.get(bound.anchor, NEVER))
        day = bound.moved(anchor, self.policy)
        present = self.compliant[bound.event] if table is self.in_time else NEVER
        if day >= table.get(bound.event, present):
            return False
        table[bound.event] = day
        if not is_generous:
            self.cause[bound.event] = (rule, bound)
        return True

    def _floor(self, bound: Bound) -> bool:
        changed = False
        if bound.event not in self.known and bound.anchor in self.earliest:
            floor = bound.moved(self.earliest[bound.anchor])
            changed |= self._raise(bound.event, floor)
        if bound.anchor not in self.known:
            for table in self.ceilings:
                if bound.event in table:
                    day = bound.latest_anchor(table[bound.event])
                    if day < table.get(bound.anchor, NEVER):
                        table[bound.anchor] = day
                        changed = True
        return changed

    def _raise(self, event: str, floor: int) -> bool:
        if floor > self.earliest.get(event, -NEVER):
            self.earliest[event] = floor
            return True
        return False

    def chain(self, event: str) -> tuple[str, ...]:
        """Return the rules that set an event's latest compliant date, the nearest first."""
        rules: list[str] = []
        while event in self.cause and self.cause[event][0] not in rules:
            rule, bound = self.cause[event]
            rules.append(rule)
            event = bound.anchor
        return tuple(rules)
