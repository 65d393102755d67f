"""A plan as a typed document: all that pages, programs and stored files have of it.

Every part is plain: text, numbers, dates and closed lists of values, under the names that the JSON
of a plan has. Parts know no ruleset and no engine.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final, Self

from attrs import frozen

from ncpi_rules import io
from ncpi_rules.core import (
    Basis,
    Day,
    Modality,
    PartialDate,
    Status,
    edited_notice,
    format_edition,
    upper_first,
)
from ncpi_rules.io import described, form_field
from ncpi_rules.plan.inputs import CountedFrom, DayRange, RevisitDays, StillUnknown

SCHEMA: Final = "ncpi-rules/plan/3"
"""The name and the version of the JSON of a plan."""

NOT_BEGUN: Final = "not-begun"
"""The id of the alert that the event is still to come with which a follow-up begins."""

OUTSIDE_THE_EDITION: Final = "outside-the-edition"
"""The id of the alert that no edition applies, or perhaps none."""

EDITION_NOT_CERTAIN: Final = "edition-not-certain"
"""The id of the alert that several editions may apply."""

ABOUT_THE_EDITION: Final = frozenset({OUTSIDE_THE_EDITION, EDITION_NOT_CERTAIN})
"""The alerts that say whether the right edition is followed."""

FIRST_OF_ALL: Final = ABOUT_THE_EDITION | {NOT_BEGUN}
"""The alerts that bear on all of a plan: a page says them before anything else."""


class JsonDocument:
    """A document that the library publishes as JSON, and reads back."""

    __slots__ = ()

    form: ClassVar[str]
    kind: ClassVar[str]
    made_with: ClassVar[str]

    @classmethod
    def from_json(cls, text: str, *, name: str = "") -> Self:
        """Return the document that a JSON text holds; raise RecordError for any other text."""
        return cls.from_dict(io.read_document_json(text, name), name=name)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, name: str = "") -> Self:
        """Return the document that plain data hold; raise RecordError for any other data."""
        return io.read_document(data, cls, name)

    def to_dict(self) -> dict[str, Any]:
        """Return the document as text, numbers, lists and mappings."""
        return io.write_document(self)

    def to_json(self) -> str:
        """Return the document as JSON that :meth:`from_json` reads back as an equal document."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)


@frozen(kw_only=True, slots=False)  # an object without slots is made twice as fast
class Grounds:
    """The rules, statements and interpretations behind a part of a plan."""

    rules: tuple[str, ...] = described("The rules behind it.")
    statements: tuple[str, ...] = described("The statements of the methodology behind it.")
    interpretations: tuple[str, ...] = described("The interpretations on which it rests.")


@frozen(kw_only=True, slots=False)
class PlanOutcome(Grounds):
    """What was decided of one outcome, and on what basis."""

    outcome: str = described("The id of the outcome.")
    title: str = described("What is decided.")
    short_title: str = described("The same in few words.")
    value: str | None = described("The value of the outcome; null where it is to be decided.")
    label: str = described("The value, as an officer reads it.")
    rank: int | None = described(
        "The place of the value among the outcome's, from 1 for the lightest; null where it is to "
        "be decided."
    )
    ranks: int = described("How many values there are.")
    basis: Basis = described("What the outcome rests on.")
    basis_label: str = described("What the outcome rests on, as an officer reads it.")
    reasons: tuple[str, ...] = described("The reasons, one for each rule.")


@frozen(kw_only=True, slots=False)
class PlanRevisit(PlanOutcome):
    """One of several revisits, and the outcome that was fixed for it."""

    id: str = described("The id of the revisit.")
    number: int = described("Its number, counted from 1.")
    name: str = described("Which revisit it is, such as: First revisit.")
    sentence: str = described("Which revisit it is, and what was fixed for it.")
    begins: PartialDate | None = described("The date on which it begins, as far as it is known.")


@frozen(kw_only=True, slots=False)
class PlanItem(Grounds):
    """One item of a plan."""

    id: str = described("The id of the item, to ask why it is in the plan.")
    sentence: str = described("The item as one sentence.")
    case: Mapping[str, tuple[str, ...]] = described(
        "The values by which the case of the rule is told from the rule's other cases."
    )
    revisit: int | None = described(
        "The number of the revisit to which it belongs; null where there is one only, and for what "
        "does not repeat."
    )


@frozen(kw_only=True, slots=False)
class Action(PlanItem):
    """Something that somebody must, usually does or may do."""

    by: str = described("Who does it.")
    does: str = described("What is done, with how strongly the methodology says it.")
    activity: str = described("The activity, by its name in the vocabulary.")
    event: str | None = described("The event that completes it; null where there is none.")
    heading: str | None = described("The heading under which it is listed; null where none is.")
    beside: str | None = described(
        "The event beside which it is done; null where the vocabulary names none."
    )
    to: tuple[str, ...] = described("With whom or to whom it is done.")
    of: str | None = described("The area of concern or the recommendation that it is about.")
    modality: Modality = described("How strongly the methodology says it.")
    due: PartialDate | None = described("The due date, as far as it is known.")
    status: Status = described("Where it stands on the day.")
    status_label: str = described("Where it stands, as an officer reads it.")
    status_line: str = described("The days, in a few words; empty where there is nothing to say.")
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
    label: str = described("The event in few words.")
    by: str = described("Who owes it.")
    modality: Modality = described("How strongly the methodology says it.")
    limit: str | None = described("The limit that the methodology sets; null where it sets none.")
    counted_from: tuple[CountedFrom, ...] = described("The events that the limit names.")
    due: PartialDate | None = described("The due date, as far as it is known.")
    not_before: PartialDate | None = described("The first day on which it may happen.")
    actual: PartialDate | None = described("The date on which it happened or is to happen.")
    status: Status = described("Where it stands on the day.")
    status_label: str = described("Where it stands, as an officer reads it.")
    status_line: str = described("The days, in a few words; empty where there is nothing to say.")
    late_by_days: DayRange | None = described(
        "By how many days it is late, overdue so far, or projected to be late."
    )
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

    @classmethod
    def of(cls, id_: str, text: str, statements: Iterable[str]) -> Self:
        """Return an alert that no rule raises."""
        grounds = {"rules": (), "statements": tuple(statements), "interpretations": ()}
        return cls(id=id_, sentence=text, case={}, revisit=None, **grounds)


@frozen(kw_only=True, slots=False)
class InterpretationTaken:
    """An open question of the methodology, and the answer on which the plan rests."""

    id: str = described("The id of the open question.")
    question: str = described("What the methodology leaves open.")
    answer: str = described("The answer that is taken.")
    sentence: str = described("The answer as one sentence.")
    ours: str = described("The answer that is taken unless another is asked for.")
    agreed_by: str = described("Who has agreed the answer.")


@frozen(kw_only=True, slots=False)
class PlanDocument(JsonDocument):
    """What becomes of one follow-up on one day: what everybody must do, by when, and why.

    Two documents are equal where all that they say is equal, apart from the summaries of
    statements and the fingerprint of the rules. Its JSON is described by ``io/schemas/plan.json``.

    >>> from ncpi_rules.facts import FollowUp
    >>> from ncpi_rules.plan import assess
    >>> plan = assess(FollowUp(force="kent"), on="2020-01-31")
    >>> stored = PlanDocument.from_json(plan.to_json())
    >>> stored == plan.document, stored.questions[0].sentence
    (True, 'How well is the force managing to carry out all of the recommendations?')
    """

    form: ClassVar[str] = SCHEMA
    kind: ClassVar[str] = "a plan"
    made_with: ClassVar[str] = "ncpi-rules assess FILE --format json"

    schema: str = form_field(SCHEMA)
    subject: str = described("The short name of what was inspected.")
    subject_name: str = described("The name of what was inspected.")
    subject_title: str = described("What it is, such as: a force.")
    country: str | None = described("The country of a force; null for any other subject.")
    chief_officer: str | None = described(
        "The title of the force's chief officer on the day; null for any other subject."
    )
    local_policing_body: str | None = described(
        "The title of the force's local policing body on the day; null for any other subject."
    )
    note: str | None = described("What the facts note for a reader; null where they note nothing.")
    on: Day = described("The day of the assessment.")
    on_text: str = described("The day of the assessment, as an officer reads it.")
    ruleset_id: str = described("The id of the ruleset.")
    methodology: str = described("The title of the methodology.")
    edition: str = described("The edition of the ruleset.")
    digest: str = described("The fingerprint of all that the ruleset says.", eq=False)
    based_on: str | None = described(
        "The edition that the rules are a copy of; null where they are a copy of none.", eq=False
    )
    edited: bool = described(
        "Whether the rules are a copy of an edition, and say something else.", eq=False
    )
    first_event: str | None = described(
        "The event with which a follow-up begins, in few words; null where the ruleset names none."
    )
    begins: PartialDate | None = described("The date of that event; null where it is not known.")
    begins_text: str = described(
        "That date, as an officer reads it; or that it is not known, or has not come yet."
    )
    fieldwork: RevisitDays | None = described(
        "The current revisit; null where the ruleset has no event for it."
    )
    engine: str = described("The engine that decided which rules apply.")
    engine_note: str | None = described(
        "Why another engine than usual decided; null where none did."
    )
    headline: PlanOutcome | None = described(
        "The outcome that the ruleset puts first, of the current revisit; null where it has none."
    )
    outcomes: Mapping[str, PlanOutcome] = described("Every other outcome, by its id.")
    revisits: tuple[PlanRevisit, ...] = described(
        "The revisits in their order, the current one last; empty where there is one only."
    )
    required_actions: tuple[Action, ...] = described("Actions that the methodology asks for.")
    optional_actions: tuple[Action, ...] = described(
        "Actions that are likely or allowed; the plan chooses none of them."
    )
    documents: tuple[DocumentRequest, ...] = described("The documents that may be asked for.")
    deadlines: tuple[PlanDeadline, ...] = described(
        "The deadlines, in the order in which their events are likely to happen."
    )
    questions: tuple[Question, ...] = described("The questions that the follow-up is to answer.")
    alerts: tuple[Alert, ...] = described("What a reader should know besides.")
    unknown: tuple[StillUnknown, ...] = described(
        "What is not known; facts first, and what would change most first."
    )
    interpretations: tuple[InterpretationTaken, ...] = described(
        "The interpretations on which something in the plan rests."
    )
    statements: Mapping[str, str] = described(
        "The summary of each statement on which something in the plan rests, by its id.", eq=False
    )

    @property
    def edition_text(self) -> str:
        """Return the edition as an officer reads it; a copy is never called by its name alone."""
        return format_edition(self.edition, self.based_on, is_edited=self.edited)

    @property
    def several_revisits(self) -> str:
        """Return the heading of the revisits as the ruleset calls them; nothing for one alone."""
        return f"Several {self.revisits[0].id.rpartition('.')[0]}s" if self.revisits else ""

    @property
    def edited_notice(self) -> str:
        """Return what heads a plan by an edited copy of an edition, and nothing for any other."""
        return edited_notice(self.edition_text) if self.edited else ""

    def titled(self, title: str, item: PlanItem) -> str:
        """Return a title of an item, after the name of its revisit where there are several."""
        names = {revisit.number: revisit.name for revisit in self.revisits}
        return f"{names[item.revisit]}: {title}" if item.revisit in names else upper_first(title)

    @property
    def all_outcomes(self) -> dict[str, PlanOutcome]:
        """Return every outcome by its id, the headline first."""
        first = {} if self.headline is None else {self.headline.outcome: self.headline}
        return first | dict(self.outcomes)

    @property
    def officers(self) -> tuple[tuple[str, str], ...]:
        """Return the offices of a force that plans name, each with its title; none of others."""
        offices = (
            ("Chief officer", self.chief_officer),
            ("Local policing body", self.local_policing_body),
        )
        return tuple((office, title) for office, title in offices if title is not None)
