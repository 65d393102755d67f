"""What bounds allow: the due date and the first day of one event, and the window of every event.

An answer is given only where it is true of each day that a partial date may be; otherwise it cannot
be told. What has not happened yet may still happen on the day of the assessment, or later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from attrs import frozen

from ncpi_rules.core import NOT_YET, UNKNOWN, PartialDate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ncpi_rules.core import DueDatePolicy, When
    from ncpi_rules.ruleset import Bound, DeadlineRule

NEVER: Final = 10**9
"""Later than every day."""

Days: TypeAlias = tuple[int, int]
"""The least and the most days that it can be."""


@frozen
class OwnDays:
    """The due date that a rule sets, its first day, and how far from them its event is.

    ``due`` and ``not_before`` are these two days, as far as the dates are known from which they are
    counted. ``late`` is the number of days from the due date to the event, and ``early`` from the
    event to the first day: fewer than 0 where the event is in time, None where one of the two is
    not known. What has not happened yet is compared on the day of the assessment. ``is_late`` and
    ``is_early`` are None where the dates leave it open. ``has_due`` is True where the rule sets a
    due date.
    """

    due: Days | None = None
    not_before: Days | None = None
    late: Days | None = None
    early: Days | None = None
    is_late: bool | None = False
    is_early: bool | None = False
    has_due: bool = False


class _Limits(NamedTuple):
    """A rule's due date and first day: as far as they are known, then whatever they may be."""

    due: Days | None
    not_before: Days | None
    last: Days
    first: Days


def own_days(
    bounds: Sequence[Bound],
    events: Mapping[str, When],
    on: int,
    policy: DueDatePolicy,
    order: Collection[tuple[str, str]] = (),
) -> OwnDays:
    """Return the due date and the first day that the bounds on an event set, by dates of events.

    ``order`` has the pairs of events of which the second cannot come before the first: on no day
    that two partial dates have in common do the events change places.
    """
    if not bounds:
        return OwnDays()
    limits = _limits(bounds, events, on, policy)
    actual = events.get(bounds[0].event, UNKNOWN)
    if not isinstance(actual, PartialDate):
        spans = [((on, on), limits)]
    elif not (tied := _tied(bounds, events, actual, order)):
        spans = [((actual.start, actual.end), limits)]
    else:
        spans = [
            ((day, day), _limits(bounds, {**events, **_beside(day, tied)}, on, policy))
            for day in _days_to_try(bounds, actual, tied, policy)
        ]
    early = _distance((span, at.not_before) for span, at in spans)
    return OwnDays(
        due=limits.due,
        not_before=limits.not_before,
        late=None if actual is UNKNOWN else _distance((span, at.due) for span, at in spans),
        early=None if early is None else (-early[1], -early[0]),
        is_late=_is_certain(_distance((span, at.last) for span, at in spans), 1),
        is_early=_is_certain(_distance((span, at.first) for span, at in spans), -1),
        has_due=any(not bound.is_floor for bound in bounds),
    )


def _limits(
    bounds: Iterable[Bound], events: Mapping[str, When], on: int, policy: DueDatePolicy
) -> _Limits:
    due: Days | None = None
    not_before: Days | None = None
    last, first = (NEVER, NEVER), (-NEVER, -NEVER)
    for bound in bounds:
        anchor = events.get(bound.anchor, UNKNOWN)
        if anchor is UNKNOWN:
            days = (-NEVER, NEVER)
        elif anchor is NOT_YET:
            days = (bound.moved(on, policy), NEVER)
        else:
            start = end = bound.moved(anchor.start, policy)
            if anchor.end != anchor.start:
                end = bound.moved(anchor.end, policy)
            days = (start, end)
            if bound.is_floor:
                not_before = _later(not_before or days, days)
            else:
                due = _sooner(due or days, days)
        if bound.is_floor:
            first = _later(first, days)
        else:
            last = _sooner(last, days)
    return _Limits(due, not_before, last, first)


def _sooner(first: Days, second: Days) -> Days:
    return min(first[0], second[0]), min(first[1], second[1])


def _later(first: Days, second: Days) -> Days:
    return max(first[0], second[0]), max(first[1], second[1])


_Tied: TypeAlias = "dict[str, tuple[PartialDate, bool]]"
"""The dates of anchors that the order ties to the event, and whether each comes first."""


def _tied(
    bounds: Iterable[Bound],
    events: Mapping[str, When],
    actual: PartialDate,
    order: Collection[tuple[str, str]],
) -> _Tied:
    """Return the anchors whose partial dates have a day in common with that of the event."""
    tied: _Tied = {}
    if actual.is_day or not order:
        return tied
    for bound in bounds:
        anchor = events.get(bound.anchor, UNKNOWN)
        if isinstance(anchor, PartialDate) and not anchor.is_day:
            if (bound.anchor, bound.event) in order and anchor.end > actual.start:
                tied[bound.anchor] = anchor, True
            elif (bound.event, bound.anchor) in order and anchor.start < actual.end:
                tied[bound.anchor] = anchor, False
    return tied


def _beside(day: int, tied: _Tied) -> dict[str, PartialDate]:
    """Return the dates that anchors can have where the event is on a day (an ordinal)."""
    return {
        name: PartialDate.between(
            *((date.start, min(date.end, day)) if is_first else (max(date.start, day), date.end))
        )
        for name, (date, is_first) in tied.items()
    }


def _days_to_try(
    bounds: Iterable[Bound], actual: PartialDate, tied: _Tied, policy: DueDatePolicy
) -> Iterable[int]:
    """Return days of an event to try, the farthest from its limits among them.

    Where every step has the same length, the first and the last are enough.
    """
    own = [bound for bound in bounds if bound.anchor in tied]
    if all(bound.fixed is not None and not bound.moves(policy) for bound in own):
        return actual.start, actual.end
    return range(actual.start, actual.end + 1)


def _distance(spans: Iterable[tuple[Days, Days | None]]) -> Days | None:
    """Return the least and the most days from a limit to an event, each within its span."""
    least, most = NEVER, -NEVER
    for (start, end), limit in spans:
        if limit is None:
            return None
        least, most = min(least, start - limit[1]), max(most, end - limit[0])
    return least, most


def _is_certain(distance: Days | None, way: int) -> bool | None:
    """Return whether an event is beyond a limit (``way`` 1) or short of it (-1), or None."""
    assert distance is not None  # noqa: S101  each limit is a pair of days
    least, most = sorted(way * days for days in distance)
    return True if least > 0 else None if most > 0 else False


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
