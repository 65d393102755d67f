"""What a plan takes from outside its ruleset: days off, the subject and its titles, packages."""

from __future__ import annotations

import datetime
import re
from importlib import metadata
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, Self

from attrs import frozen

from ncpi_rules.core import (
    FIRST_YEAR,
    LAST_YEAR,
    UNKNOWN,
    Day,
    PartialDate,
    Unit,
    day_of,
    format_day,
    without_article,
)
from ncpi_rules.io import described, refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.core import Calendar, Subject
    from ncpi_rules.deadlines import Deadline
    from ncpi_rules.plan.plan import Plan
    from ncpi_rules.ruleset import Ruleset

_PACKAGES: Final = ("holidays", "pendulum")
_FRIDAY: Final = 5
_FIRST: Final = datetime.date(FIRST_YEAR, 1, 1).toordinal()
_LAST: Final = datetime.date(LAST_YEAR + 1, 12, 31).toordinal()
_NAME: Final = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?"


def _read_name(value: str) -> str:
    if not re.fullmatch(_NAME, value):
        refuse(
            "Nothing that the library builds on can have this name.",
            "Write letters and digits, with hyphens between them, such as 'durable-rules'.",
        )
    return value


def software_field(message: str) -> Any:
    """Return an attrs field that holds the name of a package or of an engine."""
    return described(message, converter=_read_name, metadata={"pattern": _NAME})


@frozen(kw_only=True)
class DayOff:
    """A day from Monday to Friday that is not worked."""

    on: Day = described("The day.")
    title: str = described("What the day is, so that it can stand after 'is'.")


@frozen(kw_only=True)
class DaysAsked:
    """Days that were looked up, and which of them are days off."""

    calendar: str = described("The name of the calendar; empty for the one that stands for all.")
    first: Day = described("The first of the days.")
    last: Day = described("The last of the days.")
    days_off: tuple[DayOff, ...] = described("The days off among them, weekends apart.")


@frozen(kw_only=True)
class TitleUsed:
    """A title in a force, on the days on which it may be the right one."""

    role: str = described("The office, such as chief-officer.")
    title: str = described("The title.")
    first: Day | None = described("The first of the days; null where nothing is known before.")
    last: Day | None = described("The last of the days; null where it has not ended.")

    @property
    def since(self) -> str:
        """Return from when the title is used, after its office."""
        office = self.role.replace("-", " ")
        return office if self.first is None else f"{office} since {_text(self.first)}"


@frozen(kw_only=True)
class SubjectUsed:
    """What was inspected, as the library knew it."""

    name: str = described("Its name.")
    country: str = described("Its country; empty where it is not known.")
    titles: tuple[TitleUsed, ...] = described("The titles of those who hold an office in it.")

    @classmethod
    def of(cls, subject: Subject) -> Self:
        """Return what the library knows of a subject."""
        titles = (
            TitleUsed(
                role=office.role,
                title=office.title,
                first=None if office.begins is None else day_of(office.begins.start),
                last=None if office.ends is None else day_of(office.ends.end),
            )
            for office in subject.offices
        )
        return cls(name=subject.name, country=subject.country, titles=tuple(titles))


@frozen(kw_only=True)
class PackageUsed:
    """A package that the library builds on for dates."""

    name: str = software_field("The name of the package.")
    version: str | None = described("Its version; null where it is not installed.")


@frozen(kw_only=True)
class FromOutside:
    """What was taken from outside the ruleset."""

    days: tuple[DaysAsked, ...] = described("The days of which it was asked if they are worked.")
    subject: SubjectUsed = described("What was inspected, as the library knew it.")
    packages: tuple[PackageUsed, ...] = described("The packages that answer for dates.")

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """Return what a plan took from outside its ruleset."""
        return cls(
            days=tuple(_days_asked(plan)),
            subject=SubjectUsed.of(plan.follow_up.about),
            packages=tuple(map(_package, _PACKAGES)),
        )


def _package(name: str) -> PackageUsed:
    try:
        return PackageUsed(name=name, version=metadata.version(name))
    except metadata.PackageNotFoundError:
        return PackageUsed(name=name, version=None)


# Days off


def _days_asked(plan: Plan) -> Iterator[DaysAsked]:
    """Yield the days on which due dates fall or are counted, by calendar, in their order."""
    calendars = plan.ruleset.calendars
    spans = sorted(
        {(item.rule.calendar, *span) for item in plan.schedule for span in _spans(item, plan)}
    )
    for name, of_calendar in groupby(spans, key=itemgetter(0)):
        for first, last in _together((first, last) for _, first, last in of_calendar):
            days_off = _days_off(calendars[name], first, last).items()
            yield DaysAsked(
                calendar=name,
                first=day_of(first),
                last=day_of(last),
                days_off=tuple(DayOff(on=day_of(day), title=title) for day, title in days_off),
            )


def _together(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans of days in their order, joined where they touch."""
    together: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if together and first <= together[-1][1] + 1:
            together[-1] = together[-1][0], max(together[-1][1], last)
        else:
            together.append((first, last))
    return together


def _spans(deadline: Deadline, plan: Plan) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of the days that a due date passes over or falls on."""
    rule, events, policy = deadline.rule, plan.events, plan.decision.due_date_policy
    calendar = rule.working_days
    for bound in rule.bounds:
        anchor = events.get(bound.anchor, UNKNOWN)
        if bound.is_order or not isinstance(anchor, PartialDate):
            continue
        for day in {anchor.start, anchor.end}:
            end = bound.moved(day)
            if bound.period.unit is Unit.WORKING_DAYS:
                yield min(day, end), max(day, end)
            if not bound.is_floor:
                moved = calendar.due_date(end, policy)
                yield min(end, moved), max(end, moved)
    if deadline.due is not None and deadline.due.is_day:
        due, before = deadline.due.start, deadline.working_day
        yield due if before is None else before, due


def _days_off(calendar: Calendar, first: int, last: int) -> dict[int, str]:
    """Return the name of each day off from Monday to Friday."""
    return {
        day: title
        for day in range(first, last + 1)
        if datetime.date.fromordinal(day).isoweekday() <= _FRIDAY
        and (title := calendar.describe_day_off(day))
    }


# What has changed since


def _text(day: Day) -> str:
    return format_day(day.toordinal())


def changes_outside(
    was: FromOutside, rules: Ruleset, subject: Subject
) -> Iterator[tuple[str, str]]:
    """Yield what has changed since: its kind, and a sentence.

    Days are looked up in the calendars of ``rules`` and titles with ``subject``, as they are now.
    """
    for name, calendar in rules.calendars.items():
        of_calendar = [asked for asked in was.days if asked.calendar == name]
        before = {day.on.toordinal(): day.title for asked in of_calendar for day in asked.days_off}
        after: dict[int, str] = {}
        # A record that somebody wrote by hand may ask for any day, and for one again and again.
        for first, last in _together(
            (asked.first.toordinal(), asked.last.toordinal()) for asked in of_calendar
        ):
            after |= _days_off(calendar, max(first, _FIRST), min(last, _LAST))
        yield from (("days off", text) for text in _describe_days(before, after))
    title = rules.settings.subject_title
    now = SubjectUsed.of(subject)
    yield from (("subject", text) for text in _describe_subject(was.subject, now, title))
    for package in was.packages:
        version = _package(package.name).version
        if version != package.version:
            versions = [number or "not installed" for number in (package.version, version)]
            yield "packages", f"The package {package.name} was {versions[0]} and is {versions[1]}."


def _describe_days(before: Mapping[int, str], after: Mapping[int, str]) -> Iterator[str]:
    for day in sorted(before.keys() | after.keys()):
        date = format_day(day)
        if day not in after:
            yield f"{date} was {before[day]}, and is a working day now."
        elif day not in before:
            yield f"{date} was a working day, and is {after[day]} now."
        elif before[day] != after[day]:
            yield f"{date} is {after[day]} now, and was {before[day]}."


def _describe_subject(before: SubjectUsed, after: SubjectUsed, title: str) -> Iterator[str]:
    for what, old, new in (
        ("name", before.name, after.name),
        ("country", before.country, after.country),
    ):
        if old != new:
            yield f"The {what} of the {without_article(title)} is now '{new}' (was '{old}')."
    titles = [_by_office(subject.titles) for subject in (before, after)]
    for key in sorted(titles[0].keys() | titles[1].keys()):
        yield from _describe_title(titles[0].get(key), titles[1].get(key))


def _by_office(titles: Iterable[TitleUsed]) -> dict[tuple[str, str], TitleUsed]:
    return {(title.role, str(title.first)): title for title in titles}


def _describe_title(before: TitleUsed | None, after: TitleUsed | None) -> Iterator[str]:
    if before is None or after is None:
        title, when = (before, "was known and is not now") if after is None else (after, "is new")
        if title is not None:
            yield f"The title '{title.title}' of the {title.since} {when}."
        return
    if before.title != after.title:
        yield f"The title of the {after.since} is now '{after.title}' (was '{before.title}')."
    if before.last != after.last:
        old, new = (
            "still" if last is None else f"until {_text(last)}"
            for last in (before.last, after.last)
        )
        yield f"The title '{after.title}' of the {after.since} is used {new} (was: {old})."
