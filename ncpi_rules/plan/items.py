"""The parts of a plan as typed data: outcomes, actions, documents, deadlines, questions, alerts.

Every part is plain: text, numbers, dates and closed lists of values, under the names that the JSON
of a plan has. Parts know no ruleset and no engine.
"""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from ncpi_rules.core import Basis, Day, Modality, PartialDate, Status
from ncpi_rules.deadlines import format_days
from ncpi_rules.io import described


class Progress(StrEnum):
    """How far an action has come on the day of the assessment."""

    DONE = "done"
    PLANNED = "planned"
    TO_DO = "to-do"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"
    WAIVED = "waived"
    VARIED = "varied"


@frozen(slots=False)
class DayRange:
    """A number of days, as far as it is known."""

    least: int = described("The least that it can be.", metadata={"key": "from"})
    most: int = described("The most that it can be.", metadata={"key": "to"})

    @property
    def text(self) -> str:
        """Return the number of days as an officer reads it.

        >>> DayRange(34, 63).text, DayRange(1, 1).text
        ('34 to 63 days', '1 day')
        """
        return format_days((self.least, self.most))


@frozen(kw_only=True, slots=False)  # an object without slots is made twice as fast
class Grounds:
    """The rules, statements and interpretations behind a part of a plan."""

    rules: tuple[str, ...] = described("The rules behind it.")
    statements: tuple[str, ...] = described("The statements of the methodology behind it.")
    interpretations: tuple[str, ...] = described("The interpretations on which it rests.")


@frozen(kw_only=True, slots=False)
class PlanOutcome(Grounds):
    """What was decided of one outcome, such as the tier, and on what basis."""

    title: str = described("What is decided.")
    value: str | None = described("The value of the outcome; null where it is to be decided.")
    label: str = described("The value, as an officer reads it.")
    basis: Basis = described("What the outcome rests on.")
    basis_label: str = described("What the outcome rests on, as an officer reads it.")
    reasons: tuple[str, ...] = described("The reasons, one for each rule.")


@frozen(kw_only=True, slots=False)
class PlanItem(Grounds):
    """One item of a plan."""

    id: str = described("The id of the item, to ask why it is in the plan.")
    sentence: str = described("The item as one sentence.")


@frozen(kw_only=True, slots=False)
class Action(PlanItem):
    """Something that somebody must, usually does or may do."""

    by: str = described("Who does it.")
    does: str = described("What is done, with how strongly the methodology says it.")
    activity: str = described("The activity, by its name in the vocabulary.")
    event: str | None = described("The event that completes it; null where there is none.")
    to: tuple[str, ...] = described("With whom or to whom it is done.")
    of: str | None = described("The area of concern or the recommendation that it is about.")
    modality: Modality = described("How strongly the methodology says it.")
    due: PartialDate | None = described("The due date, as far as it is known.")
    status: Progress = described("How far it has come on the day.")
    decision: str | None = described("The decision by which it was waived or varied.")


@frozen(kw_only=True, slots=False)
class DocumentRequest(PlanItem):
    """A document that may be asked for."""

    document: str = described("The document, by its name in the vocabulary.")
    by: str = described("Who asks for it.")
    of: str = described("Who is asked for it.")
    modality: Modality = described("How strongly the methodology says it.")
    suggested: bool | None = described("Whether it is suggested; null where that is not known.")
    prompted_by: tuple[str, ...] = described("The recommendations and areas that prompt it.")


@frozen(kw_only=True, slots=False)
class PlanDeadline(PlanItem):
    """A deadline, and where it stands on the day of the assessment."""

    event: str = described("The event that must happen in time, by its name in the vocabulary.")
    event_title: str = described("The event, as an officer reads it.")
    by: str = described("Who owes it.")
    modality: Modality = described("How strongly the methodology says it.")
    limit: str | None = described("The limit that the methodology sets; null where it sets none.")
    due: PartialDate | None = described("The due date, as far as it is known.")
    not_before: PartialDate | None = described("The first day on which it may happen.")
    actual: PartialDate | None = described("The date on which it happened or is to happen.")
    status: Status = described("Where it stands on the day.")
    status_label: str = described("Where it stands, as an officer reads it.")
    late_by_days: DayRange | None = described("By how many days it is late, or overdue so far.")
    days_left: DayRange | None = described("How many days are left.")
    window: PartialDate | None = described("The days on which it can still happen in time.")
    latest_compliant_date: Day | None = described(
        "The latest date on which it can happen with every deadline met."
    )
    bound_by: tuple[str, ...] = described(
        "The deadlines that set the latest compliant date, the nearest first."
    )
    can_be_met: bool = described("Whether it can still be met.")
    working_day_before: Day | None = described(
        "The working day before a due date that is not a working day."
    )
    status_sentences: tuple[str, ...] = described("Where it stands, in sentences.")
    decision: str | None = described("The decision by which it was waived or varied.")


@frozen(kw_only=True, slots=False)
class Question(PlanItem):
    """A question that the follow-up is to answer."""

    by: str = described("Who answers it.")


@frozen(kw_only=True, slots=False)
class Alert(PlanItem):
    """Something that a reader should know besides."""


@frozen(kw_only=True, slots=False)
class StillUnknown:
    """A fact or a date that is not known, and what it could change."""

    fact: str = described("The fact or the event, by its name in the vocabulary.")
    sentence: str = described("What is not known, in words.")
    place: str = described("Where it is written in a follow-up file.")
    tiers: tuple[str, ...] = described("The tiers to which another value would lead.")
    tier_titles: tuple[str, ...] = described("These tiers, as an officer reads them.")
    rules_that_would_change: int | None = described(
        "The most rules that would come or go with one value; null for a date."
    )
    deadlines_that_wait: int | None = described(
        "The number of deadlines that wait for a date; null for any other fact."
    )


@frozen(kw_only=True, slots=False)
class InterpretationTaken:
    """An open question of the methodology, and the answer on which the plan rests."""

    id: str = described("The id of the open question.")
    question: str = described("What the methodology leaves open.")
    answer: str = described("The answer that is taken.")
    sentence: str = described("The answer as one sentence.")
    ours: str = described("The answer that is taken unless another is asked for.")
    agreed_by: str = described("Who has agreed the answer.")
