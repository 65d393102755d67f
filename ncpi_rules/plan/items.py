"""What a plan holds: its items, each with the rule from which it comes."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from ncpi_rules.core import PartialDate
from ncpi_rules.facts import Departure, Waiver
from ncpi_rules.ruleset import ActionRule, DocumentRule, QuestionRule


class Progress(StrEnum):
    """Where an action stands on the day of the assessment."""

    DONE = "done"
    PLANNED = "planned"
    TO_DO = "to-do"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"
    WAIVED = "waived"
    VARIED = "varied"


@frozen(kw_only=True, slots=False)  # made twice as fast, and there are many
class Action:
    """Something that somebody does; an option, where it may be done and nobody has chosen yet.

    ``id`` is the rule's id, with the area of concern in brackets where each area has its own;
    ``due`` is the nearest last day among the deadlines on the event that completes it.
    """

    id: str
    rule: ActionRule
    status: Progress
    due: PartialDate | None = None
    of: str = ""
    decision: Waiver | Departure | None = None


@frozen(kw_only=True, slots=False)  # made twice as fast, and there are many
class DocumentRequest:
    """A document that may be asked for.

    ``suggested`` is None where it is not known whether anything calls for it; ``called_for_by``
    names the recommendations and areas that do.
    """

    id: str
    rule: DocumentRule
    suggested: bool | None
    prompted_by: tuple[str, ...] = ()


@frozen(kw_only=True)
class Question:
    """A question that the follow-up must answer."""

    id: str
    rule: QuestionRule


@frozen(kw_only=True)
class Alert:
    """Something that a reader should know, with the rules and statements behind it."""

    id: str
    says: str
    rules: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    interpretations: tuple[str, ...] = ()


@frozen(kw_only=True)
class StillUnknown:
    """A fact that is not known, and what it could change.

    ``tiers`` are the words of the tier that other answers would give, ``changes`` the number of
    rules that would come or go with the answer that changes most.
    """

    fact: str
    title: str
    place: str
    tiers: tuple[str, ...]
    changes: int
