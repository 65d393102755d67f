"""The summary of a plan as plain text: one screen, and one line for each of several plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from ncpi_rules.core import (
    Status,
    counted,
    joined,
    lower_first,
    stopped,
    upper_first,
    without_article,
)
from ncpi_rules.plan import ABOUT_THE_EDITION, FIRST_OF_ALL
from ncpi_rules.report.position import (
    Position,
    agreed_sentence,
    brief,
    headline_sentence,
    next_date,
    planned_revisits,
    sentence_of,
    title_of,
)
from ncpi_rules.report.text_page import columns_of, cut, padded, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ncpi_rules.plan import PlanDeadline, PlanDocument

SUMMARY_WIDTH: Final = 80
MOST_LINES: Final = 25
"""How wide and how high a summary is at most; a narrower one may be higher."""

_Block: TypeAlias = tuple[str, list[list[str]]]
"""A heading, and the lines of each entry under it."""

_MOST: Final = {"NEXT": 5, "CANNOT TELL": 3}
_MOST_OTHERS: Final = 3
_NARROWEST: Final = 40
_LEAST: Final = 16
"""How wide a column must be for what is next; where there is less room, no columns are made."""
_NAME: Final = 25
"""How wide a name is at most, where a plan has one line."""


def summary(
    plan: PlanDocument,
    *,
    width: int = SUMMARY_WIDTH,
    more: str = "",
    since: PlanDocument | None = None,
) -> str:
    """Return the summary of a plan: at most 25 lines where ``width`` is 80.

    ``more`` is the last line, which says where to find the rest. ``since`` is an earlier plan: what
    has changed comes first.
    """
    width = min(max(width, _NARROWEST), SUMMARY_WIDTH)
    head = list(_head(plan, width))
    foot = [*_rests_on(plan, width), *(wrapped(more, width) if more else ())]
    blocks = list(_blocks(plan, width))
    if since is not None:
        from ncpi_rules.plan import Since  # noqa: PLC0415  most are compared with none

        changes = Since.of(since, plan)
        entries = [_entry(change, width) for change in changes.sentences]
        blocks.insert(0, (changes.heading.upper(), entries))
    shown = [_MOST.get(heading, _MOST_OTHERS) for heading, _ in blocks]
    body = _laid_out(blocks, shown, width)
    room = MOST_LINES - len(head) - len(foot) - 1
    while len(body) > room and any(shown):
        # The block that still shows most entries gives one up, of equals the last.
        shown = [min(most, len(entries)) for most, (_, entries) in zip(shown, blocks, strict=True)]
        longest = max(range(len(shown)), key=lambda at: (shown[at], at))
        shown[longest] -= 1
        body = _laid_out(blocks, shown, width)
    if len(body) > room:
        body = ["", *filter(None, body)]
    return "\n".join([*head, *body, *([""] if foot else []), *foot]) + "\n"


def summary_lines(
    plans: Sequence[PlanDocument], *, width: int = SUMMARY_WIDTH, more: str = ""
) -> str:
    """Return one line for each of several plans: whose it is, its status and what matters most.

    ``more`` is the last line, which says where to find the rest.
    """
    width = min(max(width, _NARROWEST), SUMMARY_WIDTH)
    names = [plan.subject_name for plan in plans]
    rows = [whose_and_what(plan, dated=names.count(plan.subject_name) > 1) for plan in plans]
    rooms = [max(map(columns_of, column)) for column in list(zip(*rows, strict=True))[:-1]]
    rooms[:1] = [min(room, _NAME) for room in rooms[:1]]
    days = dict.fromkeys(plan.on_text for plan in plans)
    title = counted(len(plans), "follow-up plan")
    title += f", position as at {', '.join(days)}" if days else ""
    edited = dict.fromkeys(plan.edited_notice for plan in plans if plan.edited)
    outside = [
        plan.subject_name
        for plan in plans
        if any(alert.id in ABOUT_THE_EDITION for alert in plan.alerts)
    ]
    notes = [line for notice in edited for line in _most(f"! {notice}", width, 2)]
    if outside:
        listed = joined(list(dict.fromkeys(outside)), "and")
        notes += _most(f"! No edition applies, or not certainly one: {listed}.", width, 2)
    lines = [*wrapped(title, width), *notes, ""]
    lines += (_columns(row, rooms, width) for row in rows)
    return "\n".join([*lines, *(["", *wrapped(more, width)] if more else [])]) + "\n"


def _head(plan: PlanDocument, width: int) -> Iterator[str]:
    title = f"{plan.subject_name}: follow-up plan, position as at {plan.on_text}"
    yield cut(title, width)
    if plan.edited:
        yield from _most(f"! {plan.edited_notice}", width, 2)
    yield from _first_of_all(plan, width)
    if waits := headline_sentence(plan):
        yield from _most(waits, width, 2)
    elif plan.headline is not None:
        headline = plan.headline
        value = without_article(headline.label)
        line = f"{headline.short_title}: {value}, {headline.basis_label}."
        yield from _most(line, width, 2)
    elif decided := [f"{outcome.title}: {outcome.label}." for outcome in plan.outcomes.values()]:
        yield from _most(" ".join(decided), width, 2)
    if earlier := [lower_first(revisit.sentence) for revisit in plan.revisits[:-1]]:
        yield from _most(f"Before this, the {' the '.join(earlier)}", width, 2)
    if plan.first_event:
        day = plan.begins_text if plan.begins is None else brief(plan.begins, months=False)
        yield cut(f"{plan.first_event}: {day}.", width)
    if plan.note:
        yield from _most(f"Note: {plan.note}", width, 2)


def _first_of_all(plan: PlanDocument, width: int) -> Iterator[str]:
    """Yield what bears on all of a plan."""
    for alert in plan.alerts:
        if alert.id in FIRST_OF_ALL:
            yield from _most(
                f"! {alert.sentence}", width, 5 if alert.id in ABOUT_THE_EDITION else 2
            )


def _blocks(plan: PlanDocument, width: int) -> Iterator[_Block]:
    position = Position.of(plan)
    groups = (
        ("OVERDUE", [_entry(sentence_of(deadline, plan), width) for deadline in position.overdue]),
        (
            "PROJECTED LATE",
            [_entry(sentence_of(deadline, plan), width) for deadline in position.projected_late],
        ),
        ("NEXT", [[line] for line in _next(position.next, plan, width)]),
        (
            "CANNOT TELL",
            [_entry(_undecided(deadline, plan), width) for deadline in position.cannot_tell],
        ),
        (
            "VARIED OR WAIVED",
            [_entry(_history(deadline, plan), width) for deadline in position.let_off],
        ),
        ("LATE", [_entry(_history(deadline, plan), width) for deadline in position.missed]),
    )
    blocks = [(heading, entries) for heading, entries in groups if entries]
    if not blocks:
        blocks = [("NEXT", [_entry(" ".join(position.sentences(plan)), width)])]
    yield from blocks


def _laid_out(blocks: Iterable[_Block], shown: Iterable[int], width: int) -> list[str]:
    """Return the lines of blocks; where no entry is shown, the first stands beside the heading."""
    lines: list[str] = []
    for (heading, entries), most in zip(blocks, shown, strict=True):
        if not most:
            rest = f", and {len(entries) - 1} more" if len(entries) > 1 else ""
            first = cut(entries[0][0], width - len(heading) - 2 - len(rest))
            lines += ["", f"{heading}  {first}{rest}"]
            continue
        lines += ["", heading]
        for entry in entries[:most]:
            lines += entry
        if len(entries) > most:
            lines.append(f"  and {len(entries) - most} more")
    return lines


def _entry(text: str, width: int) -> list[str]:
    return list(_most(text, width, 2, indent="  "))


def _next(deadlines: Sequence[PlanDeadline], plan: PlanDocument, width: int) -> list[str]:
    names = {deadline.by for deadline in plan.deadlines}
    rows = [
        (
            brief(date),
            _short_name(deadline.by, names),
            title_of(deadline, plan),
            _note(deadline, date.end),
        )
        for deadline in deadlines
        if (date := next_date(deadline)) is not None
    ]
    rows += [
        (brief(revisit.begins), "", f"{revisit.name} begins", "planned")
        for revisit in planned_revisits(plan)
    ]
    if not rows:
        return []
    dates, who, _, notes = (max(map(columns_of, column)) for column in zip(*rows, strict=True))
    who = min(who, width // 4)
    room = width - 2 - dates - 2 - who - 2 - 1 - notes
    if room < _LEAST:
        lines = (f"{when}, {by}: {what}, {note}" for when, by, what, note in rows)
        return [f"  {cut(line, width - 2)}" for line in lines]
    return [
        f"  {when:>{dates}}  {padded(cut(by, who), who)}  {padded(cut(what, room), room)} {note}"
        for when, by, what, note in rows
    ]


def _note(deadline: PlanDeadline, planned: int) -> str:
    """Return how many days are left, or that something is planned, and its due date besides."""
    if deadline.status is not Status.PLANNED:
        return lower_first(deadline.status_line.partition(";")[0])
    if deadline.due is None or planned == 0:
        return "planned"
    day, _, year = brief(deadline.due).rpartition(" ")
    same = year == brief(deadline.actual).rpartition(" ")[2] if deadline.actual else False
    return f"planned; due {day if same and day else brief(deadline.due)}"


def _short_name(name: str, names: Iterable[str]) -> str:
    """Return a party's name without that of another party before it, and without 'the'."""
    for other in names:
        if name != other and name.startswith(f"{other} "):
            return name.removeprefix(f"{other} ")
    return name.partition(" (here: ")[0].removeprefix("the ")


def _undecided(deadline: PlanDeadline, plan: PlanDocument) -> str:
    due = "no due date" if deadline.due is None else f"due by {brief(deadline.due, months=False)}"
    own = "" if deadline.actual is None else f": {lower_first(deadline.status_line)}"
    return f"{title_of(deadline, plan)}, {due}{own}"


def _history(deadline: PlanDeadline, plan: PlanDocument) -> str:
    return f"{title_of(deadline, plan)}: {lower_first(deadline.status_line)}"


def _rests_on(plan: PlanDocument, width: int) -> Iterator[str]:
    ids = [taken.id for taken in plan.interpretations]
    if not ids:
        return
    most = len(ids)
    while True:
        rest = len(ids) - most
        text = ", ".join(ids[:most])
        text += f" and {counted(rest, 'more open question')}" if rest else ""
        if columns_of(text) <= width - 10 or most == 1:
            break
        most -= 1
    yield f"RESTS ON  {cut(text, width - 10)}"
    yield from wrapped(agreed_sentence(plan), width, first=" " * 10, rest=" " * 10)


def whose_and_what(plan: PlanDocument, *, dated: bool = False) -> tuple[str, str, str]:
    """Return whose a plan is, the tag of what matters most, and what that is.

    Where it is ``dated``, the day with which it begins is named beside the name.
    """
    position = Position.of(plan)
    whose = f"{plan.subject_name}, {brief(plan.begins)}" if dated else plan.subject_name
    first = position.most_urgent
    if first is None:
        return whose, "", next(position.sentences(plan))
    date = next_date(first) if first in position.next else None
    text = title_of(first, plan)
    if date is not None:
        text += f", {brief(date)}"
    elif first.late_by_days is not None and first not in position.let_off:
        text += f", {first.late_by_days.text} late"
    return whose, upper_first(first.status_label), text


def _columns(row: Sequence[str], rooms: Sequence[int], width: int) -> str:
    *cells, last = row
    line = "  ".join(padded(cut(cell, room), room) for cell, room in zip(cells, rooms, strict=True))
    return f"{line}  {cut(last, max(width - columns_of(line) - 2, 3))}"


def _most(text: str, width: int, lines: int, *, indent: str = "") -> Iterator[str]:
    """Yield a text in so many lines at most; what does not fit is cut off, and that is shown."""
    folded = list(wrapped(stopped(text) if not indent else text, width, first=indent, rest=indent))
    yield from folded[: lines - 1]
    if rest := folded[lines - 1 :]:
        yield rest[0] if len(rest) == 1 else cut(f"{rest[0]} {rest[1].strip()}", width)
