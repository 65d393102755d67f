"""Deadline arithmetic compiled per pattern of known dates.

Most deadlines are one due date, counted from one whole day: their figures take a comparison or two.
All others are left to :func:`own_days` and :func:`figures_of`, which define what is right; the two
must always agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

from attrs import field, frozen

from ncpi_rules.core import UNKNOWN, DueDatePolicy, Memo, PartialDate, Status
from ncpi_rules.deadlines.bounds import own_days
from ncpi_rules.deadlines.deadline import Figures, figures_of, has_begun
from ncpi_rules.ruleset import DeadlineRule

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from ncpi_rules.core import When
    from ncpi_rules.facts import Dates
    from ncpi_rules.ruleset import Bound, Decision, Ruleset

# An attribute of an enumeration costs as much as a comparison, and there are some ten in a plan.
_LATE, _MET, _DONE, _PLANNED = Status.LATE, Status.MET, Status.DONE, Status.PLANNED
_PROJECTED_LATE, _TOO_EARLY = Status.PROJECTED_LATE, Status.TOO_EARLY
_OVERDUE, _DUE, _CANNOT_TELL = Status.OVERDUE, Status.DUE, Status.CANNOT_TELL
_new: Final = tuple.__new__  # half the time of a call of the class
_WITHOUT_DAYS: Final = {status: Figures(None, status, None) for status in Status}


_Move: TypeAlias = "Callable[[int], int]"
_Ceiling: TypeAlias = tuple[str, int, _Move, int]
"""A deadline with one due date: its id, its anchor, the step from there to it, and its event.

Anchor and event are places in the order of the dates; an event without a day is at -1. A plain
tuple, because a named one takes longer to unpack.
"""


_Span: TypeAlias = tuple[str, int, int, _Move, int, _Move]
"""A deadline whose event has a day: its id, its event, its due date and its first day.

Both are an anchor and the step from there; the anchor is at _TO_COME where it is still to come,
at _UNKNOWN where it is not known, and at _NONE where there is no such limit.
"""


_TO_COME, _UNKNOWN, _NONE = -1, -2, -3


@frozen(eq=False)
class Outline:
    """The figures of some deadlines, compiled for all dates of which the same are known.

    ``settled`` has figures for every deadline, final where they are the same whatever the dates.
    ``dated``, ``not_yet`` and ``unknown`` are due dates, by what is known of their event;
    ``undated`` are those without any limit whose event has a day, ``spans`` those with others.
    ``order`` has the pairs of events of which the second cannot come before the first, ``first`` is
    the event with which a follow-up begins, and ``begins`` its place in the order of
    the dates, -1 where it is no whole day.
    """

    rules: tuple[DeadlineRule, ...] = field(repr=False)
    settled: dict[str, Figures] = field(repr=False)
    dated: tuple[_Ceiling, ...] = field(repr=False)
    undated: tuple[tuple[str, int], ...] = field(repr=False)
    spans: tuple[_Span, ...] = field(repr=False)
    not_yet: tuple[_Ceiling, ...] = field(repr=False)
    unknown: tuple[_Ceiling, ...] = field(repr=False)
    others: tuple[DeadlineRule, ...] = field(repr=False)
    policy: DueDatePolicy
    order: frozenset[tuple[str, str]] = field(repr=False)
    first: str
    begins: int
    rare: bool = field(init=False, repr=False)

    @rare.default
    def _has_rare(self) -> bool:
        return bool(self.spans or self.others)

    @classmethod
    def of(
        cls,
        rules: Sequence[DeadlineRule],
        dates: Dates,
        policy: DueDatePolicy,
        first: str = "",
        order: Iterable[tuple[str, str]] = (),
    ) -> Self:
        """Return the outline for all dates of which the same are known as of these."""
        lists: dict[str, list[Any]] = {name: [] for name in (*_LISTS, "others")}
        begins = dates.events.get(first, UNKNOWN)
        is_plain = begins is UNKNOWN or _is_day(begins)
        settled = {}
        for rule in rules:
            list_ = _list_of(rule, dates.events) if is_plain else "others"
            if list_ in lists:
                settled[rule.id] = _WITHOUT_DAYS[_CANNOT_TELL]
                lists[list_].append(_item(list_, rule, dates, policy))
            else:
                settled[rule.id] = _WITHOUT_DAYS[Status(list_)]
        return cls(
            rules=tuple(rules),
            settled=settled,
            policy=policy,
            order=frozenset(order),
            first=first,
            begins=list(dates.events).index(first) if _is_day(begins) else -1,
            **{name: tuple(items) for name, items in lists.items()},
        )

    def figures(self, dates: Dates, on: int) -> dict[str, Figures]:
        """Return the figures of each deadline on a day (an ordinal), by its id."""
        figures, days = self.settled.copy(), dates.days
        if self.begins >= 0 and days[self.begins] > on:
            return self._worked_out(self.rules, dates, on)
        for id_, anchor, move, event in self.dated:
            last, day = move(days[anchor]), days[event]
            if day > last:
                late = day - last
                status = _LATE if day <= on else _PROJECTED_LATE
                figures[id_] = _new(Figures, ((last, last), status, (late, late)))
            else:
                status = _MET if day <= on else _PLANNED
                figures[id_] = _new(Figures, ((last, last), status, None))
        for id_, event in self.undated:
            figures[id_] = _WITHOUT_DAYS[_DONE if days[event] <= on else _PLANNED]
        for id_, anchor, move, _ in self.not_yet:
            last = move(days[anchor])
            if on > last:
                late = on - last
                figures[id_] = _new(Figures, ((last, last), _OVERDUE, (late, late)))
            else:
                figures[id_] = _new(Figures, ((last, last), _DUE, None))
        for id_, anchor, move, _ in self.unknown:
            last = move(days[anchor])
            status = _DUE if on <= last else _CANNOT_TELL
            figures[id_] = _new(Figures, ((last, last), status, None))
        if self.rare:
            self._rare_figures(dates, on, figures)
        return figures

    def _rare_figures(self, dates: Dates, on: int, figures: dict[str, Figures]) -> None:
        days = dates.days
        for span in self.spans:
            id_, event, anchor, move, _, _ = span
            day = days[event]
            if anchor < 0:
                figures[id_] = _WITHOUT_DAYS[
                    _status_of(span, days, on, day) if day <= on else _PLANNED
                ]
                continue
            last = move(days[anchor])
            if day > last:
                late = day - last
                status = _LATE if day <= on else _PROJECTED_LATE
                figures[id_] = _new(Figures, ((last, last), status, (late, late)))
            else:
                status = _status_of(span, days, on, day) if day <= on else _PLANNED
                figures[id_] = _new(Figures, ((last, last), status, None))
        if self.others:
            figures |= self._worked_out(self.others, dates, on)

    def _worked_out(
        self, rules: Iterable[DeadlineRule], dates: Dates, on: int
    ) -> dict[str, Figures]:
        """Return the figures of some deadlines by the functions that define them."""
        events, begun = dates.events, has_begun(dates.events, self.first, on)
        return {
            rule.id: figures_of(
                own_days(rule.bounds, events, on, self.policy, self.order),
                events.get(rule.event, UNKNOWN),
                on,
                begun,
            )
            for rule in rules
        }


def figures_by(decision: Decision, dates: Dates, day: int) -> dict[str, Figures]:
    """Return the figures of each deadline of a decision on a day (an ordinal), by its id."""
    ruleset, applicable, policy = decision.ruleset, decision.applicable, decision.due_date_policy
    outlines = ruleset.derive(_outlines)
    asked = applicable.deadline_ids, policy, dates.known
    outline = outlines.get(asked)
    if outline is None:
        first, order = ruleset.settings.selected_by, ruleset.contract.order
        made = Outline.of(applicable.deadlines, dates, policy, first, order)
        outline = outlines.remember(asked, made)
    return outline.figures(dates, day)


def _outlines(_: Ruleset) -> Memo[tuple[frozenset[str], DueDatePolicy, Hashable], Outline]:
    return Memo()


def _status_of(span: _Span, days: Sequence[int], on: int, day: int) -> Status:
    """Return the status of what happened on a day, and no later than its due date."""
    _, _, last, move_last, first, move_first = span
    if first >= 0:
        if day < move_first(days[first]):
            return _TOO_EARLY
    elif first != _NONE:
        return _TOO_EARLY if first == _TO_COME and day < move_first(on) else _CANNOT_TELL
    if last >= 0:
        return _MET
    if last == _NONE:
        return _DONE
    return _MET if last == _TO_COME and day <= move_last(on) else _CANNOT_TELL


_LISTS: Final = ("dated", "undated", "spans", "not_yet", "unknown")


def _list_of(rule: DeadlineRule, events: Mapping[str, When]) -> str:
    """Return the list to which a rule belongs, or its status where that is always the same."""
    actual = events.get(rule.event, UNKNOWN)
    if not isinstance(actual, PartialDate):
        return _list_without_day(rule, events, is_unknown=actual is UNKNOWN)
    lasts, firsts = _bounds(rule)
    anchors = [events.get(bound.anchor, UNKNOWN) for bound in rule.bounds]
    if len(lasts) > 1 or len(firsts) > 1 or any(map(_is_partial, (actual, *anchors))):
        return "others"
    if not anchors:
        return "undated"
    return "dated" if not firsts and _is_day(anchors[0]) else "spans"


def _list_without_day(rule: DeadlineRule, events: Mapping[str, When], *, is_unknown: bool) -> str:
    lasts, _ = _bounds(rule)
    known = [
        when
        for bound in lasts
        if isinstance(when := events.get(bound.anchor, UNKNOWN), PartialDate)
    ]
    if not known:
        return Status.CANNOT_TELL if is_unknown else Status.NOT_STARTED
    if len(known) > 1 or not _is_day(known[0]):
        return "others"
    return "unknown" if is_unknown else "not_yet"


def _bounds(rule: DeadlineRule) -> tuple[list[Bound], list[Bound]]:
    """Return the bounds of a rule that give a due date, and those that give a first day."""
    firsts = [bound for bound in rule.bounds if bound.is_floor]
    return [bound for bound in rule.bounds if not bound.is_floor], firsts


def _item(
    list_: str, rule: DeadlineRule, dates: Dates, policy: DueDatePolicy
) -> DeadlineRule | _Ceiling | _Span | tuple[str, int]:
    if list_ == "others":
        return rule
    places = {event: place for place, event in enumerate(dates.events)}
    event = places.get(rule.event, -1)
    if list_ == "undated":
        return rule.id, event

    def limit(bounds: Sequence[Bound]) -> tuple[int, _Move]:
        """Return the limit that one bound sets: its anchor, and the step from there."""
        for bound in bounds:
            anchor = dates.events.get(bound.anchor, UNKNOWN)
            way = _UNKNOWN if anchor is UNKNOWN else _TO_COME
            place = places[bound.anchor] if isinstance(anchor, PartialDate) else way
            return place, bound.mover(policy)
        return _NONE, int

    lasts, firsts = _bounds(rule)
    if list_ == "spans":
        return rule.id, event, *limit(lasts), *limit(firsts)
    known = [bound for bound in lasts if isinstance(dates.events.get(bound.anchor), PartialDate)]
    anchor, move = limit(known)
    return rule.id, anchor, move, event


def _is_day(when: When) -> bool:
    return isinstance(when, PartialDate) and when.is_day


def _is_partial(when: When) -> bool:
    return isinstance(when, PartialDate) and not when.is_day
