"""The few terms that the library itself acts on, and how counts, lists and names are worded.

All other terms belong to a ruleset's vocabulary.
"""

from __future__ import annotations

import re
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence


class NotKnown(Enum):
    """The two things that may stand where a date or a value is not given."""

    UNKNOWN = "unknown"
    """Nobody has said. Never read as "no"."""

    NOT_YET = "not-yet"
    """It is known that this had not happened by the day of the assessment."""

    __hash__ = object.__hash__  # each is one object; an enumeration would hash its name each time

    def __repr__(self) -> str:
        """Return the name that a developer types."""
        return self.name


UNKNOWN: Final = NotKnown.UNKNOWN
NOT_YET: Final = NotKnown.NOT_YET
Unknown: TypeAlias = Literal[NotKnown.UNKNOWN]
NotYet: TypeAlias = Literal[NotKnown.NOT_YET]


class Happened(StrEnum):
    """Whether an event has happened by the day of the assessment."""

    YES = "happened"
    NO = "not-yet"
    UNKNOWN = "unknown"


class Modality(StrEnum):
    """How strongly the methodology says a thing, from the strongest to the weakest.

    It is taken from the statement and never upgraded.
    """

    MUST = "must"
    USUALLY = "usually"
    EXPECTED = "expected"
    LIKELY = "likely"
    MAY = "may"

    @property
    def strength(self) -> int:
        """Return 4 for must down to 0 for may."""
        return _STRENGTH[self]

    @property
    def is_optional(self) -> bool:
        """Return True where it is open whether the thing is done: an optional action."""
        return self in {Modality.LIKELY, Modality.MAY}

    @property
    def verb(self) -> str:
        """Return the words that read well between who and what, be that one person or several."""
        return _VERBS[self]


_STRENGTH: Final = {modality: 4 - place for place, modality in enumerate(Modality)}
_VERBS: Final = {
    Modality.MUST: "must",
    Modality.USUALLY: "must usually",
    Modality.EXPECTED: "should",
    Modality.LIKELY: "will probably",
    Modality.MAY: "may",
}


class Basis(StrEnum):
    """What an outcome rests on."""

    DECIDED = "decided-by-inspectors"
    FOLLOWS = "follows-from-the-methodology"
    WAITS = "waits-for-a-judgement"
    REFERRED = "referred-to-inspectors"

    @property
    def settles(self) -> bool:
        """Return True where there is an outcome to act on."""
        return self in {Basis.DECIDED, Basis.FOLLOWS}

    @property
    def label(self) -> str:
        """Return the words that an officer reads."""
        return self.value.replace("-", " ")


class Status(StrEnum):
    """Where a duty stands on the day of the assessment, the most urgent first.

    What can still be changed comes before what is history. A day after that of the assessment is
    only planned, so nothing is late by it yet.
    """

    OVERDUE = "overdue"
    """It is recorded as not done, and its due date has passed."""
    PROJECTED_LATE = "projected-late"
    """It is planned for a day after its due date."""
    DUE = "due"
    """It is not recorded as done, and its due date has not passed."""
    PLANNED = "planned"
    """It is planned for a day to come, in time, with no due date, or before the report is out."""
    CANNOT_TELL = "cannot-tell"
    """It is not recorded whether it is done, or its dates are too coarse to say more."""
    TOO_EARLY = "too-early"
    """It was done before the first day on which it may be."""
    LATE = "late"
    """It was done after its due date."""
    WAIVED = "waived"
    """The force has been let off it, or it has been set aside."""
    VARIED = "varied"
    """Something else than what is usual has been agreed."""
    MET = "met"
    """It was done in time, on every day that the dates allow."""
    DONE = "done"
    """It was done, and has no due date."""
    NOT_STARTED = "not-started"
    """It is recorded as not done and has no due date, or nothing is owed yet."""

    @property
    def label(self) -> str:
        """Return the words that an officer reads."""
        return self.value.replace("-", " ")


NOT_TRACKED: Final = "not tracked"
"""The tag of an action of which nothing is recorded: no event completes it."""

DUE_SOON: Final = "due soon"
"""What an officer reads of what is due within the days that count as soon."""


NOT_MET: Final = frozenset({Status.OVERDUE, Status.PROJECTED_LATE, Status.TOO_EARLY, Status.LATE})
"""The statuses of a duty that was not met, is not met so far, or will not be as it is planned."""


WORST: Final = (
    *(status for status in Status if status in NOT_MET),
    *(status for status in Status if status not in NOT_MET),
)
"""Which status is reported where several deadlines bind one event: the first of these.

What is certainly not met comes before what cannot be told.
"""


class DueDatePolicy(StrEnum):
    """What becomes of a due date that is not a working day."""

    STANDS = "stands"
    MOVES_BACK = "moves-to-the-working-day-before"
    MOVES_ON = "moves-to-the-next-working-day"


class Selection(StrEnum):
    """Which of the documents that may be asked for are suggested."""

    WHERE_PROMPTED = "where-prompted"
    ALL = "all"
    NONE = "none"


class Naming(StrEnum):
    """How a party with another name in some country is named."""

    BESIDE = "local-name-beside-the-term"
    TERM = "the-term-as-it-stands"


_ARTICLE: Final = re.compile(r"^(?:an?|the) ", re.IGNORECASE)


def format_edition(name: str, copy_of: str | None = None, *, is_edited: bool = False) -> str:
    """Return an edition's name as it is read out; one with a number in it stays as it is.

    ``copy_of`` is the edition that it is a copy of: a copy always says so.

    >>> format_edition("as-published", "as-published", is_edited=True)
    'edited copy of As published'
    >>> format_edition("our-proposal", "as-published", is_edited=True)
    'our proposal, edited copy of As published'
    """
    read_out = name if any(map(str.isdigit, name)) else name.replace("-", " ")
    if copy_of is None:
        return read_out
    copy = f"{'edited copy' if is_edited else 'copy'} of {upper_first(format_edition(copy_of))}"
    return copy if copy_of == name else f"{read_out}, {copy}"


def edited_notice(edition: str) -> str:
    """Return what heads a result by an edited copy; ``edition`` is its name as it is read out.

    >>> edited_notice("edited copy of As published")
    'Edited copy of As published: not the rules as the edition has them.'
    """
    return f"{upper_first(edition)}: not the rules as the edition has them."


def upper_first(text: str) -> str:
    """Return a text with a capital first.

    >>> upper_first("the force")
    'The force'
    """
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Return a text as it stands within a sentence: no capital first, unless it is an acronym's.

    >>> lower_first("The force"), lower_first("HMICFRS decides")
    ('the force', 'HMICFRS decides')
    """
    return text if text[1:2].isupper() else f"{text[:1].lower()}{text[1:]}"


def without_article(label: str) -> str:
    """Return a label without the article before it.

    >>> without_article("a visit"), without_article("The type of follow-up")
    ('visit', 'type of follow-up')
    """
    return _ARTICLE.sub("", label)


def as_head(title: str) -> str:
    """Return a title as the head of a column has it.

    >>> as_head("a force"), as_head("The type of follow-up")
    ('Force', 'Type of follow-up')
    """
    return upper_first(without_article(title))


def stopped(text: str) -> str:
    """Return a text with a full stop last, unless it ends a sentence already."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def joined(several: Sequence[str], conjunction: str) -> str:
    """Return a list as it is read out.

    >>> joined(["a visit", "a review", "a full re-inspection"], "or")
    'a visit, a review or a full re-inspection'
    """
    *first, last = several
    return f"{', '.join(first)} {conjunction} {last}" if first else last


def counted(number: int, thing: str) -> str:
    """Return a number of things.

    >>> counted(1, "day"), counted(2, "day")
    ('1 day', '2 days')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


_PLACES: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def counted_off(number: int) -> str:
    """Return the place of one of several, counted from 1.

    >>> counted_off(2), counted_off(12)
    ('second', 'number 12')
    """
    return _PLACES[number - 1] if number <= len(_PLACES) else f"number {number}"


def sentence(text: str) -> str:
    """Return a text as a sentence: a capital first, a full stop last.

    >>> sentence("the force is told")
    'The force is told.'
    """
    return stopped(upper_first(text.strip()))
