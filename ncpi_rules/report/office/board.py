"""What a paper for a board says of one plan, cut so that it fits one page of A4."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import evolve, frozen

from ncpi_rules.core import (
    Status,
    as_head,
    counted,
    lower_first,
    sentence,
    stopped,
    upper_first,
)
from ncpi_rules.plan import FIRST_OF_ALL, Plan, PlanOutcome, Since
from ncpi_rules.report.office.entries import DIGITS
from ncpi_rules.report.parts import StatusMark, mark_of
from ncpi_rules.report.position import (
    Position,
    agreed_sentence,
    brief,
    next_date,
    sentence_of,
    title_of,
)
from ncpi_rules.ruleset import decide_otherwise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ncpi_rules.core import PartialDate
    from ncpi_rules.plan import InterpretationTaken, PlanDeadline, PlanDocument

_CHANGES: Final = 2
_ASKS: Final = 3
_DATES: Final = 7
_RESTS: Final = 3
_UNKNOWN: Final = 4
_MARKS: Final = 5
_ROOM: Final = 37
"""How many lines of text fit one page, beside the title, the strip and the headings."""
_WIDE, _NARROW = 100, 52
"""How many letters fit a line of the page, and of one of two columns."""
_LONG: Final = 30
"""How many letters fit a line of the first column of the key dates."""
_HEADING: Final = 2
"""How many lines of text take as much room as a heading."""
_TEXT: Final = 110
NOTHING_OPEN: Final = "No open question bears on it."
"""What is said where a plan rests on no interpretation."""
_UNDATED: Final = frozenset({Status.NOT_STARTED, Status.DONE})


NO_DAY: Final = "—"
"""What stands in place of a day that there is not."""


@frozen
class KeyDate:
    """A row of the key dates."""

    what: str
    reference: str
    who: str
    due: str
    planned: str
    status: str
    mark: StatusMark


@frozen(kw_only=True)
class BoardPaper:
    """A paper for a board on one plan.

    ``changed`` has what has changed since an earlier plan, under ``changed_heading``, and is empty
    where there is none; ``asks`` has what the board is asked to do, as a verb and the rest;
    ``strip`` up to five days with what they are; ``more`` is how many key dates were left out.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    headline: PlanOutcome | None
    changed_heading: str
    changed: tuple[str, ...]
    asks: tuple[tuple[str, str], ...]
    stands: tuple[str, ...]
    strip: tuple[tuple[str, str], ...]
    dates: tuple[KeyDate, ...]
    more: int
    moves: bool
    rests: tuple[tuple[str, str], ...]
    agreed: str
    unknown: tuple[str, ...]
    source: str

    @classmethod
    def of(cls, plan: Plan, earlier: PlanDocument | None = None) -> BoardPaper:
        """Return the paper on a plan; the least urgent dates are left out until it fits a page."""
        document, position = plan.document, Position.of(plan.document)
        since = None if earlier is None else Since.of(earlier, document)
        ranked = _ranked(position)
        paper = cls(
            title=f"{document.subject_name}: follow-up after the inspection",
            facts=tuple(_facts(document)),
            headline=document.headline,
            changed_heading="" if since is None else since.heading,
            changed=() if since is None else tuple(_changed(since)),
            asks=tuple(_asks(document, position))[:_ASKS],
            stands=tuple(_stands(document, position)),
            strip=_strip(document, position),
            dates=(),
            more=len(ranked),
            moves=any(
                of.on is not None and of.on.start > document.on.toordinal()
                for deadline in document.deadlines
                for of in deadline.counted_from
                if deadline.status in {Status.DUE, Status.PLANNED}
            ),
            rests=tuple(_rests(plan)),
            agreed=agreed_sentence(document) if document.interpretations else "",
            unknown=tuple(cut(unknown.sentence) for unknown in document.unknown[:_UNKNOWN]),
            source=_source(plan),
        )
        for most in range(min(_DATES, len(ranked)), 0, -1):
            shown = {deadline.id for deadline in ranked[:most]}
            dates = (
                _key_date(deadline, document)
                for deadline in document.deadlines
                if deadline.id in shown
            )
            longer = evolve(paper, dates=tuple(dates), more=len(ranked) - most)
            if longer.lines <= _ROOM:
                return longer
        return paper

    @property
    def asks_as_list(self) -> tuple[tuple[str, str], ...]:
        """Return what is asked as a list: a semicolon ends each point, a full stop the last one."""
        last = len(self.asks) - 1
        ends = (";" if place < last else "." for place in range(len(self.asks)))
        return tuple((verb, rest + end) for (verb, rest), end in zip(self.asks, ends, strict=True))

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what stands under the key dates."""
        more = f"And {self.more} more in the plan."
        moves = "Due dates that are counted from a planned day move with it."
        return (*([more] if self.more else []), *([moves] if self.moves else []))

    @property
    def lines(self) -> int:
        """Return about how many lines of text the paper has."""
        asks = (f"{verb} {rest}" for verb, rest in self.asks)
        rests = sum(_folded(f"{id_} {text}", _NARROW) for id_, text in self.rests)
        unknown = sum(_folded(text, _NARROW - 12) for text in self.unknown)
        dates = sum(1.5 * max(1, _folded(date.what + date.reference, _LONG)) for date in self.dates)
        texts = (self.title, self.source, *asks, *self.stands, *self.changed)
        heading = _HEADING if self.changed else 0
        lines = heading + sum(_folded(text, _WIDE) for text in texts)
        return round(lines + max(rests, unknown) + dates)


def cut(text: str) -> str:
    """Return as much as fits of a text: whole sentences where they fill half of it."""
    if len(text) <= _TEXT:
        return text
    start = text[: _TEXT - 1]
    sentences = start.rpartition(". ")[0]
    return f"{sentences if 2 * len(sentences) > _TEXT else start.rsplit(' ', 1)[0]}…"


def _folded(text: str, width: int) -> int:
    return len(text) // width + 1


def _facts(plan: PlanDocument) -> Iterator[tuple[str, str]]:
    if plan.edited:
        yield "Rules", plan.edited_notice
    yield "Position as at", plan.on_text
    if plan.headline is not None:
        yield as_head(plan.headline.title), as_head(plan.headline.label)
    if plan.first_event:
        day = brief(plan.begins, months=False) if plan.begins else upper_first(plan.begins_text)
        yield upper_first(plan.first_event), day
    yield "Meeting", ""
    yield "Author", ""


def _changed(since: Since) -> Iterator[str]:
    """Yield the changes that matter most, and how many more there are in the plan."""
    yield from map(cut, since.messages[:_CHANGES])
    more = len(since.messages) - _CHANGES
    if more > 0:
        yield f"And {counted(more, 'more change')} in the plan."


def _asks(plan: PlanDocument, position: Position) -> Iterator[tuple[str, str]]:
    """Yield what the board is asked to do: what bears on all of it first, then what is worst."""
    for alert in plan.alerts:
        if alert.id in FIRST_OF_ALL:
            yield "note", f"that {lower_first(cut(alert.sentence).rstrip('.'))}"
    yield from _past_due(plan, position)
    if plan.headline is not None and not plan.headline.basis.settles:
        yield "note", f"that {lower_first(plan.headline.title)} is to be decided"
    for open_ in position.cannot_tell:
        if open_.due is not None and open_.actual is None:
            name = f"'{title_of(open_, plan)}', {_due(open_)},"
            yield "confirm", f"whether {name} was done, and on which day"
    for coming in position.next[:1]:
        date = brief(next_date(coming), months=False)
        yield "note", f"that the next date is {date}: {title_of(coming, plan)}"
    if not position.overdue and not position.projected_late:
        yield "note", f"that {lower_first(position.all_clear(plan))}"


def _past_due(plan: PlanDocument, position: Position) -> Iterator[tuple[str, str]]:
    """Yield what is asked about what is late or will be; else about what does not count as late."""
    for late in position.overdue:
        name = f"'{title_of(late, plan)}'"
        yield "say", f"by when {name} will be done: it is {_due(late)} and overdue"
    for late in position.projected_late:
        yield from _about_late(late, f"'{title_of(late, plan)}'")
    if not position.overdue and not position.projected_late:
        for deadline in position.not_counted(plan):
            where = lower_first(deadline.status_line)
            yield "note", f"that '{title_of(deadline, plan)}' is {where}"


def _due(deadline: PlanDeadline) -> str:
    return f"due by {brief(deadline.due, months=False)}"


def _about_late(late: PlanDeadline, name: str) -> Iterator[tuple[str, str]]:
    """Yield what is asked about something that is projected to be late."""
    due = brief(late.due, months=False)
    if late.actual is not None and late.late_by_days is not None:
        planned = brief(late.actual, months=False)
        gap = f"{late.late_by_days.text} after its due date of {due}"
        yield "note", f"that {name} is planned for {planned}, {gap}"
    if late.days_left is not None:
        yield "say", f"whether {name} should be by {due}, or record why not"


def _stands(plan: PlanDocument, position: Position) -> Iterator[str]:
    for outcome in plan.all_outcomes.values():
        if outcome is plan.headline:
            yield sentence(f"{outcome.label} ({outcome.basis_label})")
    worst = (*position.overdue, *position.projected_late, *position.next)
    if worst:
        yield sentence_of(worst[0], plan)
    overdue, open_ = len(position.overdue), len(position.cannot_tell)
    total = counted(len(plan.deadlines), "deadline")
    first = f"{overdue} overdue" if overdue else "none recorded as overdue"
    unclear = f", and of {open_} it cannot be told" if open_ else ""
    yield f"Of {total}, {first}{unclear}." if plan.deadlines else "There is no deadline."


def _strip(plan: PlanDocument, position: Position) -> tuple[tuple[str, str], ...]:
    """Return up to five days in their order: the first, that of the position, and what matters."""
    days: list[tuple[int, str, str]] = []

    def add(date: PartialDate | None, what: str) -> None:
        if date is not None and len(days) < _MARKS:
            days.append((date.start, brief(date), what))

    add(plan.begins, plan.first_event or "Begins")
    days.append((plan.on.toordinal(), "", "Position"))
    days[-1] = (days[-1][0], _brief_day(plan), "Position")
    for deadline in (*position.overdue, *position.projected_late, *position.next):
        add(deadline.due, f"{deadline.label}: due")
        if deadline.status in {Status.PROJECTED_LATE, Status.PLANNED}:
            add(deadline.actual, f"{deadline.label}: planned")
    return tuple((date, what) for _, date, what in sorted(days))


def _brief_day(plan: PlanDocument) -> str:
    day, month, year = plan.on_text.split()
    return f"{day} {month[:3]} {year}"


def _ranked(position: Position) -> Sequence[PlanDeadline]:
    """Return the deadlines that a board should see, the most urgent first."""
    groups = (
        position.overdue,
        position.projected_late,
        position.next,
        position.cannot_tell,
        position.let_off,
        position.missed,
        position.rest,
    )
    every = (deadline for group in groups for deadline in group)
    return [
        deadline
        for deadline in every
        if deadline.due or deadline.actual or deadline.status not in _UNDATED
    ]


def _key_date(deadline: PlanDeadline, plan: PlanDocument) -> KeyDate:
    return KeyDate(
        what=title_of(deadline, plan),
        reference=", ".join(deadline.statements[:1]),
        who=upper_first(deadline.by.removeprefix("the ").partition(" (here: ")[0]),
        due=NO_DAY if deadline.due is None else brief(deadline.due),
        planned=NO_DAY if deadline.actual is None else brief(deadline.actual),
        status=upper_first(deadline.status_label),
        mark=mark_of(deadline.status, deadline.status_label),
    )


def _rests(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield the interpretations that matter most, each with the dates under another answer."""
    document = plan.document
    position = Position.of(document)
    worst = (*position.overdue, *position.projected_late)[:1]
    first = {id_ for deadline in worst for id_ in deadline.interpretations}
    ranked = [(_otherwise(plan, taken), taken) for taken in document.interpretations]
    ranked.sort(key=lambda pair: (pair[1].id not in first, not pair[0]))
    for otherwise, taken in ranked[:_RESTS]:
        yield taken.id, f"{cut(sentence(taken.sentence))}{otherwise}"


def _otherwise(plan: Plan, taken: InterpretationTaken) -> str:
    """Return which date another answer to an open question would set, or nothing."""
    now = {deadline.id: deadline.due for deadline in plan.document.deadlines}
    for answer, text in plan.ruleset.interpretations[taken.id].answers.items():
        if answer == taken.answer:
            continue
        decision = decide_otherwise(plan.decision, {taken.id: answer}, engine=plan.engine_asked)
        other_plan = evolve(plan, decision=decision)
        for deadline in other_plan.document.deadlines:
            if deadline.due is not None and deadline.id in now and deadline.due != now[deadline.id]:
                instead = lower_first(cut(text).rstrip("."))
                name, due = lower_first(deadline.label), brief(deadline.due)
                return f" If instead {instead}: {name} by {due}."
    return ""


def _source(plan: Plan) -> str:
    edition = f"{plan.document.edition_text} ({plan.ruleset.digest[:DIGITS]})"
    return (
        f"Prepared with ncpi-rules from: {stopped(f'{plan.methodology}, edition {edition}')} "
        "References are to statements of the methodology; the full plan gives each. "
        "This paper makes no decision."
    )
