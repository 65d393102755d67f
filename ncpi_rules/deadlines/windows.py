"""The window of every event: its first and last possible day, by propagating bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.core import NOT_YET, UNKNOWN, PartialDate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ncpi_rules.core import Calendar, DueDatePolicy, When
    from ncpi_rules.ruleset import Bound, DeadlineRule

NEVER: Final = 10**9
"""Later than every day."""


class Windows:
    """The first and last possible day of every event, by propagating the bounds of the rules.

    ``earliest`` and ``latest`` are as generous as the dates allow, so that what they rule out is
    certain. ``compliant`` is as strict as the dates allow: the latest compliant date.
    """

    def __init__(
        self,
        rules: Iterable[DeadlineRule],
        events: Mapping[str, When],
        on: int,
        calendar: Calendar,
        policy: DueDatePolicy,
    ) -> None:
        """Propagate the bounds of some rules from the dates of a follow-up."""
        self.calendar = calendar
        self.policy = policy
        self.events = events
        self.on = on
        self.cause: dict[str, tuple[str, Bound]] = {}
        self.known = {name for name, when in events.items() if isinstance(when, PartialDate)}
        self.earliest: dict[str, int] = {}
        self.latest: dict[str, int] = {}
        self.compliant: dict[str, int] = {}
        exact = True
        for name, when in events.items():
            if isinstance(when, PartialDate):
                self.earliest[name] = self.compliant[name] = when.start
                self.latest[name] = when.end
                exact = exact and when.start == when.end
            elif when is NOT_YET:
                self.earliest[name] = on
        if exact:
            self.latest = self.compliant
        self.ceilings = (self.compliant,) if exact else (self.compliant, self.latest)
        # A bound between two known dates restricts no other event.
        self.limits = [
            (rule.id, bound)
            for rule in rules
            for bound in rule.bounds
            if not (bound.event in self.known and bound.anchor in self.known)
            and not self._is_broken(bound)
        ]
        self._settle()

    def _is_broken(self, bound: Bound) -> bool:
        """Return True for a due date that has passed unmet: it no longer binds anything."""
        anchor = self.events.get(bound.anchor, UNKNOWN)
        return (
            not bound.is_floor
            and self.events.get(bound.event, UNKNOWN) is NOT_YET
            and isinstance(anchor, PartialDate)
            and self._last(bound, anchor.end) < self.on
        )

    def _last(self, bound: Bound, day: int) -> int:
        """Return the due date that a bound gives, or the end of its order, for an anchor's day."""
        last = bound.moved(day, self.calendar)
        return last if bound.is_order else self.calendar.due_date(last, self.policy)

    def _settle(self) -> None:
        for _ in range(len(self.limits) + 1):
            changed = False
            for rule, bound in self.limits:
                changed |= self._floor(bound) if bound.is_floor else self._ceiling(rule, bound)
            if not changed:
                return

    def _ceiling(self, rule: str, bound: Bound) -> bool:
        changed = False
        if bound.event not in self.known:
            for table in self.ceilings:
                if bound.anchor in table:
                    day = self._last(bound, table[bound.anchor])
                    if day < table.get(bound.event, NEVER):
                        table[bound.event] = day
                        changed = True
                        if table is self.compliant:
                            self.cause[bound.event] = (rule, bound)
        if bound.anchor not in self.known and bound.event in self.earliest:
            last = self.earliest[bound.event]
            if not bound.is_order:
                last = self.calendar.earliest_due(last, self.policy)
            changed |= self._raise(bound.anchor, bound.earliest_anchor(last, self.calendar))
        return changed

    def _floor(self, bound: Bound) -> bool:
        changed = False
        if bound.event not in self.known and bound.anchor in self.earliest:
            floor = bound.moved(self.earliest[bound.anchor], self.calendar)
            changed |= self._raise(bound.event, floor)
        if bound.anchor not in self.known:
            for table in self.ceilings:
                if bound.event in table:
                    day = bound.latest_anchor(table[bound.event], self.calendar)
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
