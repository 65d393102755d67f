"""Small mistakes in the limit of a deadline: numbers, units, directions, kinds of limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from attrs import evolve

from ncpi_rules.core import Unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncpi_rules.core import Calendar
    from ncpi_rules.ruleset import DeadlineRule, Timing

TIMINGS: Final = {
    "within": ("after", "before", "beginning with"),
    "at_least": ("after", "before"),  # 'beginning with' mostly means 'after' here
}
"""The limits with a period, each with the directions that differ."""

ORDERS: Final = {
    "no_later_than": ("before", "no_earlier_than"),
    "before": ("no_later_than",),
    "no_earlier_than": ("no_later_than",),
}
"""The limits without a period, each with those that are easily written in its place."""


def limit_changes(
    rule: DeadlineRule, calendars: Mapping[str, Calendar]
) -> Iterator[tuple[str, str, str, DeadlineRule]]:
    """Yield a rule with each small mistake in its limits: kind, detail, sentence, rule."""
    for name, directions in TIMINGS.items():
        timing: Timing | None = getattr(rule, name)
        if timing is not None:
            yield from _periods(rule, name, timing)
            for direction in directions:
                if direction != timing.direction:
                    yield _in_place(rule, "direction", name, evolve(timing, direction=direction))
            other = "at_least" if name == "within" else "within"
            if getattr(rule, other) is None:
                yield _moved(rule, name, other)
            yield _dropped(rule, name)
    for name, others in ORDERS.items():
        if getattr(rule, name):
            yield from (_moved(rule, name, other) for other in others if not getattr(rule, other))
            yield _dropped(rule, name)
    for name in calendars if rule.calendar else ():
        if name != rule.calendar:
            was, now = (calendar or "that of days_off" for calendar in (rule.calendar, name))
            sentence = f"the calendar of {rule.id} was changed from {was} to {now}"
            yield "calendar", name or "days_off", sentence, rule.counted_by(name, calendars)


def _periods(
    rule: DeadlineRule, name: str, timing: Timing
) -> Iterator[tuple[str, str, str, DeadlineRule]]:
    period = timing.period
    for count in (period.count - 1, period.count + 1):
        if count >= 0:
            changed = evolve(timing, period=evolve(period, count=count))
            yield _in_place(rule, "number", name, changed)
    for unit in Unit:
        if unit is not period.unit:
            changed = evolve(timing, period=evolve(period, unit=unit))
            yield _in_place(rule, "unit", name, changed)


def _in_place(
    rule: DeadlineRule, kind: str, name: str, timing: Timing
) -> tuple[str, str, str, DeadlineRule]:
    text = f"{name}: {timing.text}"
    sentence = f"{_quoted(rule, name)} of {rule.full_name} was changed to '{text}'"
    changes: dict[str, Any] = {name: timing}
    return kind, text, sentence, evolve(rule, **changes)


def _moved(rule: DeadlineRule, name: str, other: str) -> tuple[str, str, str, DeadlineRule]:
    changes: dict[str, Any] = {other: getattr(rule, name), name: _nothing(name)}
    changed = evolve(rule, **changes)
    sentence = f"{_quoted(rule, name)} of {rule.full_name} was changed to {_quoted(changed, other)}"
    return "limit", f"{name}/{other}", sentence, changed


def _dropped(rule: DeadlineRule, name: str) -> tuple[str, str, str, DeadlineRule]:
    changes: dict[str, Any] = {name: _nothing(name)}
    sentence = f"{_quoted(rule, name)} was removed from {rule.full_name}"
    return "limit-dropped", name, sentence, evolve(rule, **changes)


def _nothing(name: str) -> str | None:
    return None if name in TIMINGS else ""


def _quoted(rule: DeadlineRule, name: str) -> str:
    limit = getattr(rule, name)
    return f"'{name}: {limit.text if name in TIMINGS else limit}'"
