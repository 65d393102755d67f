"""What has happened by a day, and the decisions that the methodology leaves to people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from attrs import field, frozen

from ncpi_rules.core import NOT_YET, UNKNOWN, Happened, PartialDate, When, read_when
from ncpi_rules.facts.readers import FactValue, known_text, named
from ncpi_rules.io import described


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
