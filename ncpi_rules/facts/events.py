"""The events of a follow-up, and the decisions that the methodology leaves to people.

Where each event and each fact stands in a file, and what has happened by a day.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import ClassVar, Final

from attrs import field, frozen

from ncpi_rules.core import NOT_YET, UNKNOWN, Happened, PartialDate, When, read_when
from ncpi_rules.facts.readers import FactValue, known_text, named
from ncpi_rules.io import described

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


# Decisions


@frozen(kw_only=True)
class RecordedDecision:
    """A decision that the methodology leaves to people: who, when and why are always asked for."""

    alternatives: ClassVar[tuple[str, Mapping[str, type[RecordedDecision]]]]

    by: FactValue = field(
        converter=known_text, metadata={"says": "Who decided, or unknown.", "prose": True}
    )
    on: When = field(converter=read_when, metadata={"says": "The day of the decision."})
    why: FactValue = field(
        converter=known_text, metadata={"says": "The reason, or unknown.", "prose": True}
    )


@frozen(kw_only=True)
class FullReinspection(RecordedDecision):
    """HMICFRS has decided on a full re-inspection; it may do so at any stage (approach.7)."""


@frozen(kw_only=True)
class TierChosen(RecordedDecision):
    """Inspectors have chosen the type of follow-up themselves (approach.3)."""

    tier: str = field(
        converter=named, metadata={"says": "The tier chosen, in a value of the vocabulary."}
    )


@frozen(kw_only=True)
class Variation(RecordedDecision):
    """A variation of what is usual, such as a later date for the action plan (approach.2)."""

    of: str = described("The event or the rule that is varied.")


@frozen(kw_only=True)
class Waiver(RecordedDecision):
    """A duty that HMICFRS has let the force off, or has set aside for itself."""

    of: str = described("The event or the rule that is waived.")


@frozen(kw_only=True)
class Suspension(RecordedDecision):
    """Inspection was suspended for a time; shown beside any lateness, and never hides it."""

    begins: When = field(converter=read_when, metadata={"says": "The first day of the suspension."})
    ends: When = field(
        default=UNKNOWN, converter=read_when, metadata={"says": "The last day of the suspension."}
    )


RecordedDecision.alternatives = (
    "decision",
    {
        "full-reinspection": FullReinspection,
        "tier-chosen": TierChosen,
        "variation": Variation,
        "waiver": Waiver,
        "suspension": Suspension,
    },
)


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
