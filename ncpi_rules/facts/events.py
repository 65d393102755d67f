"""The events and facts of a follow-up: where each stands in a file, and what has happened."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from ncpi_rules.core import NOT_YET, UNKNOWN, Happened, PartialDate, When

if TYPE_CHECKING:
    from ncpi_rules.facts.decisions import RecordedDecision

EVENT_PLACES: Final[Mapping[str, str]] = {
    "report-published": "inspection_report.published",
    "immediate-update-received": "immediate_update.received",
    "action-plan-received": "action_plan.received",
    "action-plan-reviewed": "action_plan.reviewed",
    "prospects-judged": "prospects.on",
    "arrangements-made": "arrangements.made",
    "notice-given": "notice.given",
    "activity-described": "notice.activity_described",
    "documents-requested": "documents.requested",
    "documents-reviewed": "documents.reviewed",
    "revisit-begins": "fieldwork.begins",
    "revisit-ends": "fieldwork.ends",
    "feedback-given": "feedback.given",
    "written-feedback-to-chief-officer": "feedback.to_chief_officer",
    "written-feedback-to-local-policing-body": "feedback.to_local_policing_body",
    "follow-up-published": "publication.published",
}
"""Where each event stands in a follow-up file."""

FACT_PLACES: Final[Mapping[str, str]] = {
    "findings": "inspection_report.findings",
    "immediate-recommendations": "inspection_report.recommendations",
    "prospects": "prospects.judgement",
    "action-plan-review": "action_plan.reviewed",
    "action-plan-coverage": "action_plan.covers",
    "areas-of-concern": "action_plan.areas_of_concern",
    "reinspection": "decisions",
    "tier-chosen": "decisions",
    "suspension": "decisions",
    "country": "force",
}
"""Where each fact that rules may test stands in a follow-up file."""

ORDER: Final = (
    ("report-published", "action-plan-received"),
    ("report-published", "action-plan-reviewed"),
    ("report-published", "revisit-begins"),
    ("report-published", "revisit-ends"),
    ("report-published", "feedback-given"),
    ("report-published", "written-feedback-to-chief-officer"),
    ("report-published", "written-feedback-to-local-policing-body"),
    ("report-published", "follow-up-published"),
    ("action-plan-received", "action-plan-reviewed"),
    ("revisit-begins", "revisit-ends"),
    ("revisit-begins", "feedback-given"),
    ("revisit-begins", "written-feedback-to-chief-officer"),
    ("revisit-begins", "written-feedback-to-local-policing-body"),
    ("revisit-begins", "follow-up-published"),
    ("documents-requested", "documents-reviewed"),
)
"""Pairs of events: the second cannot come before the first."""


@frozen(eq=False)
class Dates:
    """The date of every event, and how well each is known.

    ``days`` has the first day of each date, 0 where there is none, in the order of ``events``. The
    order is the same for all follow-ups, except for events that ``further`` names. ``known`` is
    equal for two follow-ups where the same events are whole days, partial dates, not yet so, or
    unknown; then their deadlines are worked out by the same sums.

    >>> june, july = PartialDate.read("2018-06-28"), PartialDate.read("2018-07-02")
    >>> one, other = (Dates({"begins": day, "ends": UNKNOWN}) for day in (june, july))
    >>> one.known == other.known
    True
    """

    events: Mapping[str, When]
    further: tuple[str, ...] = ()
    days: tuple[int, ...] = field(init=False, repr=False)
    known: Hashable = field(init=False, repr=False)

    @days.default
    def _days(self) -> tuple[int, ...]:
        dates = self.events.values()
        return tuple([when.start if isinstance(when, PartialDate) else 0 for when in dates])

    @known.default
    def _known(self) -> Hashable:
        known = bytes(
            [
                2 + when.is_day if isinstance(when, PartialDate) else when is NOT_YET
                for when in self.events.values()
            ]
        )
        return (self.further, known) if self.further else known


def happened(when: When, on: int) -> Happened:
    """Return whether an event has happened by a day (an ordinal), from its date alone."""
    if when is UNKNOWN:
        return Happened.UNKNOWN
    if when is NOT_YET or when.start > on:
        return Happened.NO
    return Happened.YES if when.end <= on else Happened.UNKNOWN


def made(decision: RecordedDecision, on: int) -> Happened:
    """Return whether a decision was made by a day (an ordinal); one without a date counts."""
    return Happened.YES if decision.on is UNKNOWN else happened(decision.on, on)


def is_later(one: RecordedDecision, other: RecordedDecision) -> bool:
    """Return True where one decision was certainly made after the other."""
    return (
        isinstance(one.on, PartialDate)
        and isinstance(other.on, PartialDate)
        and one.on.start > other.on.end
    )
