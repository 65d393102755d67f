"""The statuses of a plan in words: tags, the lines under them, and waivers and variations.

A day after that of the assessment is called planned or projected: it is never told as past.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Self

from attrs import field, frozen

from ncpi_rules.core import (
    DUE_SOON,
    NOT_YET,
    UNKNOWN,
    Happened,
    PartialDate,
    Status,
    When,
    counted,
    format_between,
    format_day,
    stopped,
    upper_first,
)
from ncpi_rules.deadlines import OwnDays, figures_by, format_days, has_begun
from ncpi_rules.facts import RecordedDecision, Suspension, Variation, Waiver, made
from ncpi_rules.plan.document import PlanDeadline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.deadlines import Days, Deadline, Figures
    from ncpi_rules.facts import Dates, FollowUp
    from ncpi_rules.ruleset import DeadlineRule, Decision, Rule, Ruleset

_NO_LIMITS: Final = OwnDays()
_NOT_RECORDED: Final = "not recorded whether it has been done"


@frozen(kw_only=True)
class StatusTexts:
    """How the statuses of one plan are put into sentences.

    ``on`` is the day of the assessment (an ordinal), ``soon`` the number of days within which
    something is due soon, None where there is none. ``begun`` says whether ``first``, the event
    with which the follow-up begins, has happened. ``done`` has what stands before the day of an
    event that has happened, by the event's name.
    """

    on: int
    soon: int | None
    begun: Happened
    first: str
    done: Mapping[str, str] = field(factory=dict)

    @classmethod
    def of(cls, ruleset: Ruleset, events: Mapping[str, When], on: int) -> Self:
        """Return how statuses are put on a day (an ordinal), by the dates of events."""
        first = ruleset.settings.selected_by
        return cls(
            on=on,
            soon=ruleset.soon(on),
            begun=has_begun(events, first, on),
            first=ruleset.events[first].title if first else "",
            done={name: event.done for name, event in ruleset.events.items()},
        )

    def tag(self, figures: Figures) -> str:
        """Return the tag of a status.

        >>> from ncpi_rules.deadlines import Figures
        >>> texts = StatusTexts(
        ...     on=736_873, soon=14, begun=Happened.YES, first=""
        ... )
        >>> texts.tag(Figures((736_880, 736_880), Status.DUE, None))
        'due soon'
        """
        if figures.status is Status.NOT_STARTED and self.begun is Happened.YES:
            return "to do"
        is_soon = (
            figures.status is Status.DUE
            and figures.due is not None
            and self.soon is not None
            and figures.due[0] - self.on <= self.soon
        )
        return DUE_SOON if is_soon else figures.status.label

    def line(
        self, figures: Figures, actual: When, own: OwnDays = _NO_LIMITS, event: str = ""
    ) -> str:
        """Return the line under a tag, for the date of an event and the days that its rule allows.

        >>> from ncpi_rules.deadlines import Figures
        >>> texts = StatusTexts(
        ...     on=736_873, soon=14, begun=Happened.YES, first=""
        ... )
        >>> texts.line(Figures((736_880, 736_880), Status.DUE, None), NOT_YET)
        '7 days left'
        """
        if figures.status in {Status.WAIVED, Status.VARIED}:
            return self._let_off(figures, actual, self._verb(event))
        if not isinstance(actual, PartialDate):
            return self._undated(figures, actual)
        if actual.start > self.on:
            return _planned(figures, actual, own)
        if actual.end > self.on:
            text = f"Dated {actual.text}; not certain whether it has been done yet"
            return text if figures.late_by is None else f"{text}: {_late(figures.late_by)}"
        return _done(figures, actual, own, self._verb(event))

    def _verb(self, event: str) -> str:
        return self.done.get(event, "Done")

    def _undated(self, figures: Figures, actual: When) -> str:
        due, status, late_by = figures
        if self.begun is not Happened.YES:
            certain = self.begun is Happened.NO
            return f"{'Not yet' if certain else 'Not certain whether this is past'}: {self.first}"
        if status is Status.NOT_STARTED or due is None:
            return "" if actual is NOT_YET else upper_first(_NOT_RECORDED)
        if status is Status.DUE:
            return _left(due, self.on) + ("" if actual is NOT_YET else f"; {_NOT_RECORDED}")
        if late_by is not None:
            return f"{format_days(late_by)} overdue"
        if actual is NOT_YET:
            return f"On time, or up to {counted(self.on - due[0], 'day')} overdue"
        passed = "has passed" if self.on > due[1] else "may have passed"
        return f"The due date {passed}; {_NOT_RECORDED}"

    def _let_off(self, figures: Figures, actual: When, done: str) -> str:
        agreed, late = "as was agreed", ""
        if figures.late_by is not None:
            late = f"{format_days(figures.late_by)} after the due date"
        if not isinstance(actual, PartialDate):
            return f"Not done, {late} so far, {agreed}" if late else upper_first(agreed)
        text = (
            upper_first(planned_for(actual)) if actual.start > self.on else f"{done} {actual.text}"
        )
        return ", ".join(filter(None, (text, late, agreed)))


def describe_status(deadline: Deadline, tag: str, line: str) -> Iterator[str]:
    """Yield the sentences that say where a deadline stands, the tag and its line first."""
    due, latest = deadline.due, deadline.latest_compliant_date
    yield stopped(upper_first(tag))
    if line:
        yield stopped(line)
    if due is not None:
        yield f"The due date is {due.text}."
    if deadline.not_before is not None:
        yield f"The earliest date is {deadline.not_before.text}."
    if deadline.working_day is not None:
        day = format_day(deadline.working_day)
        yield f"The due date is not a working day; the working day before it is {day}."
    if (window := deadline.window) is not None:
        yield f"It can still happen in time: {format_between(window.start, window.end)}."
    if latest is not None and (due is None or latest != due.end):
        yield f"The latest compliant date is {format_day(latest)}."
    if not deadline.can_be_met and deadline.status is not Status.OVERDUE:
        yield "This can no longer be met."


def planned_for(date: PartialDate) -> str:
    """Return for when something is planned, such as ``planned for 2 March 2020``.

    >>> planned_for(PartialDate.read("2020-03-01/2020-03-30"))
    'planned between 1 March 2020 and 30 March 2020'
    """
    return f"planned {'' if date.text.startswith('between ') else 'for '}{date.text}"


def _planned(figures: Figures, actual: PartialDate, own: OwnDays) -> str:
    text = upper_first(planned_for(actual))
    if figures.late_by is not None:
        return f"{text}: projected to be {_late(figures.late_by)}"
    if figures.status is Status.CANNOT_TELL and own.late is not None and own.late[1] > 0:
        return f"{text}: on time, or projected to be up to {counted(own.late[1], 'day')} late"
    if own.early is not None and own.early[0] > 0:
        return f"{text}: projected to be {_early(own.early)}"
    if own.late is not None and own.late[0] > 0:  # of a follow-up that has not begun
        return f"{text}, {format_days(own.late)} after the due date"
    return text


def _done(figures: Figures, actual: PartialDate, own: OwnDays, done: str) -> str:
    text = f"{done} {actual.text}"
    if figures.late_by is not None:
        return f"{text}: {_late(figures.late_by)}"
    if figures.status is Status.TOO_EARLY and own.early is not None:
        return f"{text}: {_early(own.early)}"
    if figures.status is not Status.CANNOT_TELL:
        return text
    chances = [
        f"up to {counted(most, 'day')} {way}"
        for (_, most), way in ((own.early or (0, 0), "too early"), (own.late or (0, 0), "late"))
        if most > 0
    ]
    if chances:
        return f"On time, or {', or '.join(chances)}"
    return f"{text}; not known whether in time"


def _late(days: Days) -> str:
    return f"{format_days(days)} late"


def _early(days: Days) -> str:
    return f"{format_days(days)} too early"


def _left(due: Days, on: int) -> str:
    return "Due today" if due[1] == on else f"{format_days((due[0] - on, due[1] - on))} left"


def waivers_of(follow_up: FollowUp, rule: Rule, on: int) -> list[Waiver | Variation]:
    """Return the waivers and variations of a rule or its event that stand on a day (an ordinal).

    Waivers come first.
    """
    if not follow_up.waivers:
        return []
    about = {rule.rule, getattr(rule, "event", ""), getattr(rule, "completes", "")} - {""}
    waivers = [
        waiver
        for waiver in follow_up.waivers
        if waiver.of in about and made(waiver, on) is Happened.YES
    ]
    return sorted(waivers, key=lambda waiver: (type(waiver).__name__, str(waiver)), reverse=True)


def status_by(waiver: Waiver | Variation) -> Status:
    """Return the status of what was waived or varied by a decision."""
    return Status.WAIVED if isinstance(waiver, Waiver) else Status.VARIED


def let_off_by(follow_up: FollowUp, rules: Iterable[DeadlineRule], on: int) -> dict[str, Status]:
    """Return whether each deadline is waived or varied on a day (an ordinal), by its id."""
    let_off: dict[str, Status] = {}
    for waiver in follow_up.waivers:
        if made(waiver, on) is Happened.YES and let_off.get(waiver.of) is not Status.WAIVED:
            let_off[waiver.of] = status_by(waiver)
    if not let_off:
        return {}
    by_rule = ((rule.id, {let_off.get(rule.rule), let_off.get(rule.event)}) for rule in rules)
    return {
        id_: Status.WAIVED if Status.WAIVED in statuses else Status.VARIED
        for id_, statuses in by_rule
        if statuses != {None}
    }


def figures_on(
    follow_up: FollowUp, dates: Dates, decision: Decision, day: int
) -> dict[str, Figures]:
    """Return the figures of each deadline on a day (an ordinal), by its id."""
    figures = figures_by(decision, dates, day)
    if follow_up.waivers:
        rules = decision.applicable.deadlines
        modalities = {rule.id: rule.modality for rule in rules}
        for id_, status in let_off_by(follow_up, rules, day).items():
            figures[id_] = figures[id_].let_off(status, modalities[id_])
    return figures


def suspensions_of(
    deadline: Deadline | PlanDeadline, follow_up: FollowUp, day: int
) -> list[Suspension]:
    """Return the suspensions that may touch the days for which a deadline is late."""
    late = deadline.late_by_days if isinstance(deadline, PlanDeadline) else deadline.late_by
    if late is None:
        return []
    suspensions = [
        decision
        for decision in follow_up.decisions
        if isinstance(decision, Suspension)
        and made(decision, day) is not Happened.NO
        and _overlaps(decision, deadline, day)
    ]
    return sorted(suspensions, key=str)


def _overlaps(suspension: Suspension, deadline: Deadline | PlanDeadline, day: int) -> bool:
    """Return True where a suspension may touch the days before a late event."""
    actual = deadline.actual
    last = actual.end if isinstance(actual, PartialDate) else day
    begins, ends = suspension.begins, suspension.ends
    begun = not isinstance(begins, PartialDate) or begins.start <= last
    due = deadline.due.start if deadline.due is not None else day
    over = isinstance(ends, PartialDate) and ends.end < min(due, last)
    return begun and not over


def describe_decision(decision: Waiver | Variation) -> str:
    """Return who waived or varied a duty, when and why."""
    what = "waived" if isinstance(decision, Waiver) else "varied"
    return f"This was {what} ({describe_when(decision.on)}) {_reason(decision)}."


def describe_suspension(suspension: Suspension) -> str:
    """Return from when to when inspection was suspended, by whom and why."""
    ends = suspension.ends
    until = f"to {ends.text}" if isinstance(ends, PartialDate) else "with no end recorded"
    begins = describe_when(suspension.begins)
    return f"Inspection was suspended from {begins} {until}, {_reason(suspension)}."


def _reason(decision: RecordedDecision) -> str:
    by = "somebody not recorded" if decision.by is UNKNOWN else decision.by
    why = (
        "for a reason not recorded"
        if decision.why is UNKNOWN
        else f"for this reason: {decision.why}"
    )
    return f"by {by}, {why}"


def describe_when(when: When) -> str:
    """Return a date as an officer reads it."""
    if when is UNKNOWN:
        return "on a day not recorded"
    if when is NOT_YET:
        return "not yet"
    return when.text
