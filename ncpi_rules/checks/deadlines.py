"""Deadlines that are due too early, form a circle, cannot be met, or limit what nobody does.

Each deadline limits one event by another. Limits that lead back to the event where they began must
leave room on every day; where they do not, no dates can meet them all.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import field, frozen

from ncpi_rules.checks.findings import Finding
from ncpi_rules.core import DueDatePolicy, PartialDate, Unit, format_day
from ncpi_rules.engine import Box, Boxes, common, minus, union
from ncpi_rules.ruleset import ActionRule, Bound, DeadlineRule, name_events

if TYPE_CHECKING:
    from ncpi_rules.checks.analysis import RulesetAnalysis
    from ncpi_rules.ruleset import Ruleset

DAYS: Final = range(PartialDate.read("2014-01-01").start, PartialDate.read("2060-12-31").start + 1)
"""The days on which deadlines with months or working days are tried against each other."""

_FEWEST_DAYS: Final = {Unit.DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 28, Unit.WORKING_DAYS: 1}
_MOST_DAYS: Final = {Unit.DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 31, Unit.WORKING_DAYS: 15}
_LONGEST_CIRCLE: Final = 12


@frozen
class EventLimit:
    """The ``earlier`` event may not come after the day to which ``last`` leads from the ``later``.

    ``least`` is a number of days that the shift never falls below; ``starts`` is True where the
    later event starts the time in which the earlier one must happen. ``rule`` is the deadline that
    sets the limit, or empty where nothing else is possible.
    """

    later: str
    earlier: str
    least: int
    last: Callable[[int], int] = field(eq=False, repr=False)
    rule: str = ""
    starts: bool = False


Circle: TypeAlias = tuple[EventLimit, ...]
"""Limits that lead from an event back to itself."""


def event_limits(
    rules: Iterable[DeadlineRule], policy: DueDatePolicy = DueDatePolicy.STANDS
) -> Iterator[EventLimit]:
    """Yield the limits that deadlines set, where due dates stand or move to the next working day.

    Where they move back, the periods themselves are taken: what these rule out stays ruled out.
    """
    if policy is DueDatePolicy.MOVES_BACK:
        policy = DueDatePolicy.STANDS
    for rule in rules:
        for bound in rule.bounds:
            if bound.is_floor:
                yield EventLimit(
                    bound.event,
                    bound.anchor,
                    _least(bound, -bound.direction) - bound.days + bound.with_day,
                    bound.latest_anchor,
                    rule.id,
                )
            else:
                yield EventLimit(
                    bound.anchor,
                    bound.event,
                    _least(bound, bound.direction) + bound.days - bound.with_day,
                    bound.mover(policy),
                    rule.id,
                    starts=bound.period.count > 0 and bound.direction > 0,
                )


def _least(bound: Bound, direction: int) -> int:
    """Return a number of days that the shift by a period never falls below."""
    days = _FEWEST_DAYS if direction > 0 else _MOST_DAYS
    count = bound.period.count
    if bound.period.unit is Unit.WORKING_DAYS and count and direction < 0:
        # A day off counts with the working day before it, and each extra day off may join two runs
        # of days off.
        count += 1 + len(bound.calendar.extra)
    return direction * count * days[bound.period.unit]


def _beginning(ruleset: Ruleset) -> str:
    """Return the event with which everything begins, or nothing where none is known to.

    It is the event that selects the edition; else the one before which none of the others can come.
    """
    others, order = len(ruleset.events) - 1, ruleset.contract.order
    first = (
        event for event in ruleset.events if sum(earlier == event for earlier, _ in order) == others
    )
    return ruleset.settings.selected_by or next(first, "")


def _natural_order(ruleset: Ruleset) -> set[tuple[str, str]]:
    """Return the pairs of events that need no rule to be in order: the second cannot come first.

    Whatever the vocabulary lists after the event with which everything begins cannot precede it.
    """
    events, first = list(ruleset.events), _beginning(ruleset)
    later = events[events.index(first) + 1 :] if first else []
    return {(first, event) for event in later}.union(ruleset.contract.order)


def deadline_findings(analysis: RulesetAnalysis) -> Iterator[Finding]:
    """Yield the deadlines that cannot be met, or that nobody can meet."""
    applies = analysis.regions.applies
    order = _natural_order(analysis.ruleset)
    rules = [rule for rule in analysis.ruleset.of_kind(DeadlineRule) if applies[rule.id]]
    early = {rule.id: first for rule in rules if (first := _too_early_for(rule, order))}
    yield from dict.fromkeys(
        _early_finding(analysis, rule, early[rule.id]) for rule in rules if rule.id in early
    )
    # It would be said to contradict other deadlines, too.
    limits = list(
        event_limits((rule for rule in rules if rule.id not in early), analysis.due_date_policy)
    )
    natural = [EventLimit(later, first, 0, lambda day: day) for first, later in sorted(order)]
    reported = set()
    for finding, ids in _impossible(analysis, [*limits, *natural]):
        reported.add(ids)
        yield finding
    for circle in find_circles(
        [limit for limit in limits if limit.starts], _likely_order(analysis)
    ):
        cases = _common_cases(analysis, {limit.rule for limit in circle})
        written = _written(analysis, circle)
        if cases and written not in reported:
            reported.add(written)
            yield _circle_finding(analysis, circle, cases)
    for _, cases_of_rule in groupby(rules, key=lambda rule: rule.rule):
        yield from _events_without_action(analysis, list(cases_of_rule))


def _written(analysis: RulesetAnalysis, circle: Circle) -> frozenset[str]:
    """Return the rules whose cases set the limits of a circle."""
    rules = analysis.ruleset.rules
    return frozenset(rules[limit.rule].rule for limit in circle if limit.rule)


def _too_early_for(rule: DeadlineRule, order: Container[tuple[str, str]]) -> str:
    """Return the event that must come first, and before which a deadline is due, or nothing."""
    back = (bound.anchor for bound in rule.bounds if bound.direction < 0 or bound.is_order)
    return next((anchor for anchor in back if (anchor, rule.event) in order), "")


def _early_finding(analysis: RulesetAnalysis, rule: DeadlineRule, first: str) -> Finding:
    ruleset = analysis.ruleset
    first_title, title = ruleset.events[first].title, ruleset.events[rule.event].title
    why = f"which must come before '{title}'"
    if first == _beginning(ruleset):
        why = "with which everything begins"
    hint = ""
    if (first, rule.event) not in ruleset.contract.order:
        hint = f" If '{title}' can come before it, list it before it in the vocabulary."
    return Finding(
        code="due-too-early",
        place=rule.place,
        message=f"The deadline '{rule.rule}' is due before '{first_title}', {why}.",
        help=f"Write 'after' in the place of 'before', or count from another event.{hint}",
    )


def _common_cases(analysis: RulesetAnalysis, ids: Iterable[str]) -> Boxes:
    """Return the cases in which some rules all apply."""
    cases: Boxes = ({},)
    for id_ in sorted(filter(None, ids)):
        cases = tuple(common(cases, analysis.regions.applies[id_]))
    return cases


def _likely_order(analysis: RulesetAnalysis) -> dict[str, int]:
    """Return the events in the order in which they are likely to happen."""
    first = _beginning(analysis.ruleset)
    events = sorted(analysis.ruleset.events, key=lambda event: event != first)
    return {event: at for at, event in enumerate(events)}


def find_circles(limits: Iterable[EventLimit], order: Mapping[str, int]) -> Iterator[Circle]:
    """Yield the circles of limits, each once, no event twice in one.

    Each begins with the event that is likely to happen first: its day is not chosen by the others.
    """
    by_start: dict[str, list[EventLimit]] = {}
    for limit in limits:
        by_start.setdefault(limit.later, []).append(limit)
    for start in sorted(by_start, key=order.__getitem__):
        waiting: list[Circle] = [(limit,) for limit in by_start[start]]
        while waiting:
            path = waiting.pop()
            event = path[-1].earlier
            if event == start:
                yield path
            elif (
                order[event] > order[start]
                and len(path) < _LONGEST_CIRCLE
                and event not in {limit.later for limit in path}
            ):
                waiting.extend((*path, limit) for limit in by_start.get(event, ()))


def _may_run_short(limits: list[EventLimit]) -> bool:
    """Return False where no circle can ever run short of days, whatever the day."""
    least = dict.fromkeys((event for limit in limits for event in (limit.later, limit.earlier)), 0)
    for _ in range(len(least) + 1):
        changed = False
        for limit in limits:
            if least[limit.later] + limit.least < least[limit.earlier]:
                least[limit.earlier] = least[limit.later] + limit.least
                changed = True
        if not changed:
            return False
    return True


def _impossible(
    analysis: RulesetAnalysis, limits: list[EventLimit]
) -> Iterator[tuple[Finding, frozenset[str]]]:
    """Yield a finding, with the ids of its rules, for each circle that some day cannot meet."""
    if not _may_run_short(limits):
        return
    cases = {
        circle: boxes
        for circle in find_circles(limits, _likely_order(analysis))
        if sum(limit.least for limit in circle) < 0
        and (boxes := _common_cases(analysis, (limit.rule for limit in circle)))
    }
    is_ours = analysis.describer.is_ours
    ours = {circle: any(map(is_ours, boxes)) for circle, boxes in cases.items()}
    reported: list[tuple[frozenset[str], frozenset[str]]] = []
    for circle in sorted(cases, key=lambda circle: (not ours[circle], len(circle))):
        ids = _written(analysis, circle)
        events = frozenset(limit.later for limit in circle)
        # Of circles that share a rule, one through the same events is enough, and one under our
        # own answers.
        if any(
            ids >= others or (ids & others and (events == path or not ours[circle]))
            for others, path in reported
        ):
            continue
        day = next((day for day in DAYS if is_short(circle, day)), None)
        if day is not None:
            reported.append((ids, events))
            yield _impossible_finding(analysis, circle, day, cases[circle]), ids


def is_short(circle: Circle, day: int) -> bool:
    """Return True where a circle that begins on a day would have to end before it."""
    last = day
    for limit in circle:
        last = limit.last(last)
    return last < day


def _impossible_finding(
    analysis: RulesetAnalysis, circle: Circle, day: int, cases: Boxes
) -> Finding:
    ids = list(dict.fromkeys(limit.rule for limit in circle if limit.rule))
    titles = {id_: event.title for id_, event in analysis.ruleset.events.items()}
    case = analysis.example(cases) or {}
    subject = f"The deadline{'s' if ids[1:] else ''} {analysis.named(ids)} cannot"
    together = {0: "", 1: "", 2: " both"}.get(len(ids), " all")
    since = " and ".join(
        f"'{titles[limit.earlier]}' never comes after '{titles[limit.later]}'"
        for limit in circle
        if not limit.rule
    )
    start = titles[circle[0].later]
    on = f"if the day of '{start}' is {format_day(day)}"
    if all(is_short(circle, span) for span in DAYS):
        on = f"whatever the day of '{start}' is"
    return Finding(
        code="deadlines-impossible",
        place=analysis.ruleset.rules[ids[-1]].place,
        message=f"{subject}{together} be met{analysis.when(case)}, {on}"
        f"{f', since {since}' if since else ''}.",
        help="Correct one of the periods, or what it counts from.",
        witness=case,
    )


def _circle_finding(analysis: RulesetAnalysis, circle: Circle, cases: Boxes) -> Finding:
    ids = list(dict.fromkeys(limit.rule for limit in circle))
    case = analysis.example(cases) or {}
    return Finding(
        code="deadlines-in-a-circle",
        place=analysis.ruleset.rules[ids[-1]].place,
        message=f"The deadlines {analysis.named(ids)} count from each other in a circle"
        f"{analysis.when(case)}, so none of them has a date before one of their events has "
        "happened.",
        help="Let one of them count from an event whose date is known first.",
        witness=case,
    )


def _events_without_action(
    analysis: RulesetAnalysis, cases: list[DeadlineRule]
) -> Iterator[Finding]:
    """Yield the events that a deadline names, and no action brings about where it applies."""
    applies, values = analysis.regions.applies, analysis.program.values
    actions = analysis.ruleset.of_kind(ActionRule)
    boxes: dict[str, list[Box]] = {}
    for rule in cases:
        for event in dict.fromkeys([rule.event, *(bound.anchor for bound in rule.bounds)]):
            boxes.setdefault(event, []).extend(applies[rule.id])
    for event, where in boxes.items():
        completing = [action.id for action in actions if action.completes == event]
        if not completing or event == analysis.ruleset.settings.selected_by:
            continue
        completed = union((box for id_ in completing for box in applies[id_]), values)
        case = analysis.example(minus(where, completed, values))
        if case is not None:
            is_about = any(rule.event == event for rule in cases)
            yield Finding(
                code="event-never-happens",
                place=cases[0].place,
                message=f"The deadline '{cases[0].rule}' "
                f"{'is about' if is_about else 'counts from'} '{event}' "
                f"({name_events(analysis.ruleset, event)}), which no action brings about"
                f"{analysis.when(case)}.",
                help="Let the deadline apply in fewer cases, or write the action.",
                witness=case,
            )
