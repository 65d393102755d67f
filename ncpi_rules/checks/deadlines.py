"""Deadlines that count from each other, cannot all be kept, or are set on what nobody does.

Each deadline bounds one event by another. Bounds that lead back to where they began must
leave room on every day; where they cannot, no dates keep them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from ncpi_rules.checks.findings import Finding, Ground, named
from ncpi_rules.core import PartialDate, Unit, format_day
from ncpi_rules.engine import Boxes, common, minus, union
from ncpi_rules.facts import ORDER
from ncpi_rules.ruleset import ActionRule, Bound, DeadlineRule, name_events

if TYPE_CHECKING:
    from ncpi_rules.core import Calendar

DAYS: Final = range(PartialDate.read("2014-01-01").start, PartialDate.read("2060-12-31").start + 1)
"""The days on which deadlines with months or working days are tried against each other."""

_FEWEST_DAYS: Final = {Unit.DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 28, Unit.WORKING_DAYS: 1}
_MOST_DAYS: Final = {Unit.DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 31, Unit.WORKING_DAYS: 15}
_SLACK: Final = 4
"""A floor's latest anchor may lie this many days of clamping before or after."""
_MOST_EDGES: Final = 12


@frozen
class Edge:
    """``later`` bounds ``earlier``: no day of the second may be after ``last`` of the first's.

    ``least`` is a number of days that the shift never falls below; ``starts`` is True where the
    first starts the time in which the second must happen. ``rule`` is the deadline that says so,
    or empty where nothing else is possible.
    """

    later: str
    earlier: str
    least: int
    last: Callable[[int], int] = field(eq=False, repr=False)
    rule: str = ""
    starts: bool = False


def _edges(rules: Iterable[DeadlineRule], calendar: Calendar) -> Iterator[Edge]:
    for rule in rules:
        for bound in rule.bounds:
            if bound.is_floor:
                yield Edge(
                    bound.event,
                    bound.anchor,
                    _least(bound, -bound.direction, calendar) - bound.days,
                    lambda day, bound=bound: bound.latest_anchor(day, calendar),  # type: ignore[misc]
                    rule.id,
                )
            else:
                yield Edge(
                    bound.anchor,
                    bound.event,
                    _least(bound, bound.direction, calendar) + bound.days,
                    lambda day, bound=bound: bound.moved(day, calendar),  # type: ignore[misc]
                    rule.id,
                    starts=bound.period.count > 0 and bound.direction > 0,
                )


def _least(bound: Bound, direction: int, calendar: Calendar) -> int:
    """Return a number of days that the shift by a period never falls below."""
    days = _FEWEST_DAYS if direction > 0 else _MOST_DAYS
    count, slack = bound.period.count, 0
    if bound.fixed is None and bound.is_floor:
        slack = _SLACK
    if bound.period.unit is Unit.WORKING_DAYS and count and direction < 0:
        # A day that is none counts with the working day before it, and each extra day off may
        # join two runs of days off.
        count += 1 + len(calendar.extra)
    return direction * count * days[bound.period.unit] - slack


def _natural(ground: Ground) -> Iterator[Edge]:
    """Yield what needs no rule: which events cannot come before which.

    Nothing comes before the event that selects the edition, unless a deadline counts back from it.
    """
    events = ground.ruleset.events
    first = ground.ruleset.settings.selected_by
    back = {
        bound.event
        for rule in ground.ruleset.of_kind(DeadlineRule)
        for bound in rule.bounds
        if bound.anchor == first
        and (bound.direction < 0 or (not bound.is_floor and not bound.period.count))
    }
    pairs = {(first, each) for each in events if first and each != first and each not in back}
    pairs |= {(one, other) for one, other in ORDER if one in events and other in events}
    for earlier, later in sorted(pairs):
        yield Edge(later, earlier, 0, lambda day: day)


def deadline_findings(ground: Ground) -> Iterator[Finding]:
    """Yield the deadlines that cannot be kept, or that nobody can keep."""
    rules = [rule for rule in ground.ruleset.of_kind(DeadlineRule) if ground.regions.holds[rule.id]]
    edges = list(_edges(rules, ground.ruleset.calendar))
    impossible = _impossible(ground, [*edges, *_natural(ground)])
    told = set()
    for finding, ids in impossible:
        told.add(ids)
        yield finding
    for circle in _circles([each for each in edges if each.starts], _in_time(ground)):
        ids = frozenset(each.rule for each in circle)
        together = _together(ground, ids)
        if together and ids not in told:
            told.add(ids)
            yield _circle(ground, circle, together)
    for rule in rules:
        yield from _nobody(ground, rule)


def _together(ground: Ground, ids: Iterable[str]) -> Boxes:
    """Return the cases in which some rules all hold."""
    found: Boxes = ({},)
    for id_ in sorted(ids):
        if id_:
            found = tuple(common(found, ground.regions.holds[id_]))
    return found


def _in_time(ground: Ground) -> dict[str, int]:
    """Return the events in the order in which they are likely to happen."""
    first = ground.ruleset.settings.selected_by
    events = sorted(ground.ruleset.events, key=lambda each: each != first)
    return {event: at for at, event in enumerate(events)}


def _circles(edges: Iterable[Edge], order: Mapping[str, int]) -> Iterator[tuple[Edge, ...]]:
    """Yield the ways that lead back to where they began, each once, no event twice.

    Each begins with the event that is likely to happen first: its day is not chosen by the others.
    """
    by_start: dict[str, list[Edge]] = {}
    for edge in edges:
        by_start.setdefault(edge.later, []).append(edge)
    for start in sorted(by_start, key=order.__getitem__):
        waiting: list[tuple[Edge, ...]] = [(each,) for each in by_start[start]]
        while waiting:
            way = waiting.pop()
            at = way[-1].earlier
            if at == start:
                yield way
            elif (
                order[at] > order[start]
                and len(way) < _MOST_EDGES
                and at not in {each.later for each in way}
            ):
                waiting.extend((*way, each) for each in by_start.get(at, ()))


def _may_be_impossible(edges: list[Edge]) -> bool:
    """Return False where no circle can ever run short of days, whatever the day."""
    far = dict.fromkeys((name for edge in edges for name in (edge.later, edge.earlier)), 0)
    for _ in range(len(far) + 1):
        changed = False
        for edge in edges:
            if far[edge.later] + edge.least < far[edge.earlier]:
                far[edge.earlier] = far[edge.later] + edge.least
                changed = True
        if not changed:
            return False
    return True


def _impossible(ground: Ground, edges: list[Edge]) -> Iterator[tuple[Finding, frozenset[str]]]:
    if not _may_be_impossible(edges):
        return
    short = (
        (circle, _together(ground, (each.rule for each in circle)))
        for circle in _circles(edges, _in_time(ground))
        if sum(each.least for each in circle) < 0
    )
    together = {circle: boxes for circle, boxes in short if boxes}
    ours = {circle: any(map(ground.is_ours, boxes)) for circle, boxes in together.items()}
    told: list[tuple[frozenset[str], frozenset[str]]] = []
    for circle in sorted(together, key=lambda each: (not ours[each], len(each))):
        ids = frozenset(each.rule for each in circle if each.rule)
        events = frozenset(each.later for each in circle)
        # Of circles that share a rule, one that goes a way is enough, and under our own answers.
        if any(
            ids >= rules or (ids & rules and (events == way or not ours[circle]))
            for rules, way in told
        ):
            continue
        day = next((day for day in DAYS if _is_short(circle, day)), None)
        if day is not None:
            told.append((ids, events))
            yield _cannot(ground, circle, day, together[circle]), ids


def _is_short(circle: Iterable[Edge], day: int) -> bool:
    """Return True where a circle that begins on a day would have to end before it."""
    last = day
    for edge in circle:
        last = edge.last(last)
    return last < day


def _cannot(ground: Ground, circle: tuple[Edge, ...], day: int, together: Boxes) -> Finding:
    rules = ground.ruleset.rules
    ids = list(dict.fromkeys(each.rule for each in circle if each.rule))
    case = ground.witness(ground.likeliest(together) or {})
    start = ground.ruleset.events[circle[0].later].title
    told = f"The deadlines {named(ids)} cannot" if ids[1:] else f"The deadline {named(ids)} cannot"
    all_ = {0: "", 1: "", 2: " both"}.get(len(ids), " all")
    events = ground.ruleset.events
    since = [
        f"'{events[each.earlier].title}' never comes after '{events[each.later].title}'"
        for each in circle
        if not each.rule
    ]
    because = f", since {' and '.join(since)}" if since else ""
    on = f"if the day of '{start}' is {format_day(day)}"
    if all(_is_short(circle, each) for each in DAYS):
        on = f"whatever the day of '{start}' is"
    return Finding(
        code="deadlines-impossible",
        place=rules[ids[-1]].place,
        message=f"{told}{all_} be kept{ground.when(case)}, {on}{because}.",
        help="Correct one of the periods, or what it counts from.",
        witness=case,
    )


def _circle(ground: Ground, circle: tuple[Edge, ...], together: Boxes) -> Finding:
    rules = ground.ruleset.rules
    ids = list(dict.fromkeys(each.rule for each in circle))
    case = ground.witness(ground.likeliest(together) or {})
    return Finding(
        code="deadlines-in-a-circle",
        place=rules[ids[-1]].place,
        message=f"The deadlines {named(ids)} count from each other in a circle"
        f"{ground.when(case)}, so none of them has a date before one of their events has happened.",
        help="Let one of them count from an event whose date is known first.",
        witness=case,
    )


def _nobody(ground: Ground, rule: DeadlineRule) -> Iterator[Finding]:
    steps = ground.ruleset.of_kind(ActionRule)
    known_first = ground.ruleset.settings.selected_by
    for event in dict.fromkeys([rule.event, *(bound.anchor for bound in rule.bounds)]):
        doing = [action.id for action in steps if action.completes == event]
        if not doing or event == known_first:
            continue
        values = ground.program.values
        done = union((box for id_ in doing for box in ground.regions.holds[id_]), values)
        box = ground.likeliest(minus(ground.regions.holds[rule.id], done, values))
        if box is not None:
            case = ground.witness(box)
            how = "is about" if event == rule.event else "counts from"
            yield Finding(
                code="event-never-happens",
                place=rule.place,
                message=f"The deadline '{rule.id}' {how} '{event}' "
                f"({name_events(ground.ruleset, event)}), which no action brings about"
                f"{ground.when(case)}.",
                help="Let the deadline hold in fewer cases, or write the action.",
                witness=case,
            )
