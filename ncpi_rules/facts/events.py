"""The dates of events, what has happened by a day, and decisions that are left to people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final, Self

from attrs import field, frozen

from ncpi_rules.core import (
    DECIDED,
    NOT_YET,
    UNKNOWN,
    FactsError,
    Happened,
    PartialDate,
    Problem,
    When,
    read_when,
)
from ncpi_rules.facts.readers import FactValue, known_text, named
from ncpi_rules.io import ANY_OTHER, described

_NUMBER: Final = "[1-9][0-9]?"


def happened(when: When, on: int) -> Happened:
    """Return whether an event has happened by a day (an ordinal), from its date alone."""
    if when is UNKNOWN:
        return Happened.UNKNOWN
    if when is NOT_YET or when.start > on:
        return Happened.NO
    return Happened.YES if when.end <= on else Happened.UNKNOWN


_PARTIAL: Final = 2
"""What ``Dates.known`` has for an event whose date is partial; a whole day is the next number."""


@frozen(eq=False)
class Dates:
    """The date of every event of a vocabulary, and how well each is known.

    ``days`` has the first day of each date, 0 where there is none, in the order of ``events``.
    ``known`` is equal for two follow-ups where the same events are whole days, partial dates, not
    yet so, or unknown; then their deadlines are worked out by the same sums.

    >>> from ncpi_rules.core import UNKNOWN
    >>> june, july = PartialDate.read("2018-06-28"), PartialDate.read("2018-07-02")
    >>> in_june, in_july = (Dates({"begins": day, "ends": UNKNOWN}) for day in (june, july))
    >>> in_june.known == in_july.known
    True
    """

    events: Mapping[str, When]
    days: tuple[int, ...] = field(init=False, repr=False)
    known: bytes = field(init=False, repr=False)

    @days.default
    def _days(self) -> tuple[int, ...]:
        dates = self.events.values()
        return tuple([when.start if isinstance(when, PartialDate) else 0 for when in dates])

    @known.default
    def _known(self) -> bytes:
        return bytes(
            [
                _PARTIAL + (when.start == when.end)
                if isinstance(when, PartialDate)
                else when is NOT_YET
                for when in self.events.values()
            ]
        )

    def narrowed(self, order: Iterable[tuple[str, str]]) -> Self:
        """Return the dates as far as the order of the events leaves them open.

        ``order`` has every pair of events of which the second cannot come before the first, those
        with others between them included. Each day that is left to a date goes together with some
        days of all the others. A date that contradicts another stays as it is.

        >>> begins, ends = PartialDate.read("2022-03"), PartialDate.read("2022-03-14")
        >>> dates = Dates({"begins": begins, "ends": ends})
        >>> dates.narrowed([("begins", "ends")]).events["begins"]
        PartialDate('2022-03-01/2022-03-14')
        """
        if _PARTIAL not in self.known:  # as mostly
            return self
        recorded = {
            name: date for name, date in self.events.items() if isinstance(date, PartialDate)
        }
        first = {name: date.start for name, date in recorded.items()}
        last = {name: date.end for name, date in recorded.items()}
        for earlier, later in order:
            if earlier in recorded and later in recorded:
                first[later] = max(first[later], recorded[earlier].start)
                last[earlier] = min(last[earlier], recorded[later].end)
        narrower = {
            name: PartialDate.between(first[name], last[name])
            for name, date in recorded.items()
            if (date.start, date.end) != (first[name], last[name]) and first[name] <= last[name]
        }
        return type(self)({**self.events, **narrower}) if narrower else self


# Decisions


def _number(text: str | int) -> str:
    if text != "" and re.fullmatch(_NUMBER, str(text)) is None:
        raise FactsError(
            Problem(
                place="",
                message=f"'{text}' is not the number of a revisit.",
                help="Write 1 for the first revisit, 2 for the second, and so on.",
            )
        )
    return str(text)


def _number_of_revisit() -> Any:
    return field(
        default="",
        converter=_number,
        metadata={
            "says": "The number of the revisit that it is about, where there are several.",
            "pattern": _NUMBER,
        },
    )


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

    @property
    def kind(self) -> str:
        """Return the kind of decision, as files have it."""
        return next(name for name, kind in self.alternatives[1].items() if type(self) is kind)


@frozen(kw_only=True)
class NamedDecision(RecordedDecision):
    """A decision of a kind that the vocabulary names, such as one for a full re-inspection.

    >>> decided = NamedDecision(
    ...     decision="tier-chosen", value="full-re-inspection", by="HMICFRS", on="2020-01-20",
    ...     why="unknown",
    ... )
    >>> decided.kind, decided.value
    ('tier-chosen', 'full-re-inspection')
    """

    decision: str = field(
        converter=named,
        metadata={"says": "The kind of decision, by its name in the vocabulary."},
    )
    value: str = field(
        default=DECIDED,
        converter=named,
        metadata={
            "says": "What was decided, in a value of the vocabulary, where there is a choice."
        },
    )

    @property
    def kind(self) -> str:
        """Return the kind of decision, by its name in the vocabulary."""
        return self.decision


@frozen(kw_only=True)
class Variation(RecordedDecision):
    """A variation of what is usual, such as a later date for the action plan (approach.2)."""

    of: str = described("The event or the rule that is varied.")
    revisit: str = _number_of_revisit()


@frozen(kw_only=True)
class Waiver(RecordedDecision):
    """A duty that HMICFRS has let the force off, or has set aside for itself."""

    of: str = described("The event or the rule that is waived.")
    revisit: str = _number_of_revisit()


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
        "variation": Variation,
        "waiver": Waiver,
        "suspension": Suspension,
        ANY_OTHER: NamedDecision,
    },
)


def made(decision: RecordedDecision, on: int) -> Happened:
    """Return whether a decision was made by a day (an ordinal); one without a date counts."""
    return Happened.YES if decision.on is UNKNOWN else happened(decision.on, on)


def is_later(decision: RecordedDecision, other: RecordedDecision) -> bool:
    """Return True where one decision was certainly made after the other."""
    return (
        isinstance(decision.on, PartialDate)
        and isinstance(other.on, PartialDate)
        and decision.on.start > other.on.end
    )


def last_of(decisions: Iterable[RecordedDecision]) -> RecordedDecision | None:
    """Return the decision whose date begins last, or None where none has a date."""
    dated = {item.on.start: item for item in decisions if isinstance(item.on, PartialDate)}
    return dated[max(dated)] if dated else None
