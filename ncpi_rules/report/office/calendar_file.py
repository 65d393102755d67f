"""Plans as a calendar (RFC 5545): the one importer of icalendar.

No clock is asked: the same plans give the same bytes, in whatever order they come.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Final

import attrs
from icalendar import Calendar, Event, vDatetime

from ncpi_rules.core import NcpiRulesError, Problem, format_day
from ncpi_rules.report.office.entries import OURS, CalendarEntry, entries_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncpi_rules.plan import Plan

_PRODUCT: Final = "-//ncpi-rules//follow-up plan//EN"
_FIRST: Final = datetime.date(1900, 1, 1).toordinal()
"""The day from which SEQUENCE counts: the first that the library reads."""

_NUMBERS: Final = range(2**31 - 1)
"""The numbers that an entry may have, if another is to follow."""

_HELP: Final = "Name a calendar that --format ics has written."


class CalendarError(NcpiRulesError, ValueError):
    """An earlier calendar cannot be used."""

    heading = "The earlier calendar cannot be used"


@attrs.frozen(kw_only=True)
class _Earlier:
    """An entry of an earlier calendar; ``sequence`` is its number."""

    entry: CalendarEntry
    sequence: int


def to_ics(plans: Iterable[Plan], *, previous: str | None = None, name: str = "") -> bytes:
    """Return a calendar with an entry for each deadline to come and each planned day.

    ``previous`` is the text of the calendar that was written before, and ``name`` what problems
    call it: what stood there of a subject of these plans for a day to come, and is gone, is
    cancelled, once. Raises CalendarError where it cannot be read, or is of a later day than the
    plans.

    >>> from ncpi_rules.facts import FollowUp
    >>> from ncpi_rules.plan import assess
    >>> follow_up = FollowUp.from_dict(
    ...     {"force": "kent", "inspection_report": {"published": "2020-01-06"}}
    ... )
    >>> text = to_ics([assess(follow_up, on="2020-01-31")]).decode()
    >>> text.splitlines()[0], "UID:kent.2020-01-06.1.revisit-begins@ncpi-rules.invalid" in text
    ('BEGIN:VCALENDAR', True)
    """
    plans = list(plans)
    on = max((plan.on.toordinal() for plan in plans), default=_FIRST)
    earlier = {} if previous is None else _read(previous, name, on)
    # Of two follow-ups of one report, the earlier entry stays, in whatever order they come.
    every = sorted((entry for plan in plans for entry in entries_of(plan)), reverse=True)
    entries = {entry.uid: entry for entry in every}
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    names = {plan.subject_name for plan in plans}
    calendar.add("x-wr-calname", f"{names.pop()}: follow-up" if len(names) == 1 else "Follow-ups")
    for entry in sorted(entries.values()):
        calendar.add_component(_event(entry, _sequence(entry, earlier)))
    subjects = {plan.subject for plan in plans}
    for uid, old in sorted(earlier.items()):
        is_about_one = uid.partition(".")[0] in subjects
        if is_about_one and uid not in entries and old.entry.last >= on:
            cancelled = attrs.evolve(old.entry, on=on)
            event = _event(cancelled, _sequence(cancelled, earlier))
            event.add("status", "CANCELLED")
            calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _sequence(entry: CalendarEntry, earlier: dict[str, _Earlier]) -> int:
    """Return a number that rises with the position date, and above that of an earlier entry."""
    number, old = entry.on - _FIRST, earlier.get(entry.uid)
    return number if old is None else max(number, old.sequence + 1)


def _event(entry: CalendarEntry, sequence: int) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    stamp = datetime.datetime.combine(_day(entry.on), datetime.time(), datetime.UTC)
    event.add("dtstamp", vDatetime(stamp))
    event.add("sequence", sequence)
    event.add("dtstart", _day(entry.first))
    event.add("dtend", _day(entry.last + 1))  # the day after the last: it is exclusive
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("transp", "TRANSPARENT")
    event.add("categories", ["Inspection follow-up"])
    return event


def _day(ordinal: int) -> datetime.date:
    return datetime.date.fromordinal(ordinal)


def _read(text: str, name: str, on: int) -> dict[str, _Earlier]:
    """Return the entries of an earlier calendar that are not cancelled, by their ids."""
    try:
        calendar = Calendar.from_ical(text)
        events = [event for event in calendar.walk("VEVENT") if _is_ours(event)]
        read = dict(map(_entry, events))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        message = "This is not a calendar that can be read."
        raise CalendarError(Problem(place=name, message=message, help=_HELP)) from None
    latest = max((earlier.entry.on for earlier in read.values()), default=on)
    if latest > on:
        message = f"This calendar has the position as at {format_day(latest)}, which is later."
        help_ = "Name the calendar before this one, or assess on a later day."
        raise CalendarError(Problem(place=name, message=message, help=help_))
    return read


def _is_ours(event: Any) -> bool:
    """Return True for an entry that was written here and is not cancelled."""
    return str(event.get("uid", "")).endswith(OURS) and event.get("status", "") != "CANCELLED"


def _entry(event: Any) -> tuple[str, _Earlier]:
    uid = str(event["uid"])
    first, end = event.decoded("dtstart"), event.decoded("dtend")
    entry = CalendarEntry(
        uid=uid,
        first=first.toordinal(),
        last=end.toordinal() - 1,
        summary=str(event["summary"]),
        description=str(event.get("description", "")),
        on=event.decoded("dtstamp").toordinal(),
    )
    sequence = int(event["sequence"])
    if sequence not in _NUMBERS:
        raise ValueError
    return uid, _Earlier(entry=entry, sequence=sequence)
