"""Scenarios as frozen objects.

A scenario has a sentence on what it shows, the facts that matter, and what must come of them; what
it does not expect is not compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Final, Literal, Self, TypeAlias

from attrs import frozen

from ncpi_rules.core import Basis, DateError, Modality, PartialDate, Problem, Status, When, one_day
from ncpi_rules.facts import FollowUp, Further
from ncpi_rules.io import described, digest_of, write_plain
from ncpi_rules.ruleset import Tests

if TYPE_CHECKING:
    from ncpi_rules.io import Plain
    from ncpi_rules.ruleset import Settings

ORDINARY_FORCE: Final = "northumbria"
"""The force of a scenario that names none: an English one, whose offices bear the usual titles."""

ORDINARY_SUBJECT: Final = "Somebody"
"""What a scenario that does not say is about, where the ruleset is not about police forces."""


class Absent(Enum):
    """What is expected where there must be nothing, such as a deadline without a due date."""

    NONE = "none"


NONE: Final = Absent.NONE
Nothing: TypeAlias = Literal[Absent.NONE]


class PlanSection(StrEnum):
    """The parts of a plan that a scenario may name as complete."""

    ACTIONS = "actions"
    DOCUMENTS = "documents"
    SUGGESTED = "suggested"
    DEADLINES = "deadlines"
    QUESTIONS = "questions"
    ALERTS = "alerts"


@frozen
class DayCount:
    """A number of days, or the least and the most where it is not known exactly."""

    text_only: ClassVar = True
    number: ClassVar = True
    pattern: ClassVar = "[0-9]{1,6}(?:-[0-9]{1,6})?"

    least: int
    most: int

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the number that a text means; raise DateError where it is none.

        >>> DayCount.from_text("34-63")
        DayCount(least=34, most=63)
        """
        least, _, most = text.partition("-")
        count = (int(least), int(most or least)) if re.fullmatch(cls.pattern, text) else (1, 0)
        if count[1] < count[0]:
            message = f"'{text}' is not a number of days."
            help_ = "Write a number such as 1, or the least and the most such as 34-63."
            raise DateError(Problem(place="", message=message, help=help_))
        return cls(*count)

    @property
    def text(self) -> str:
        """Return the number as it is written."""
        return str(self.least) if self.least == self.most else f"{self.least}-{self.most}"


@frozen(kw_only=True)
class ExpectedDeadline:
    """What is expected of a deadline; what is left out is not compared."""

    modality: Modality | None = described("How strongly the methodology says it.", default=None)
    by: str = described("The party that owes it.", default="")
    due: PartialDate | Nothing | None = described("The due date, or none.", default=None)
    not_before: PartialDate | Nothing | None = described("The first day, or none.", default=None)
    status: Status | None = described("Its status on the day.", default=None)
    status_label: str = described("The same as an officer reads it, such as: due soon.", default="")
    late_by: DayCount | Nothing | None = described(
        "The days late, such as 1 or 34-63, or none.", default=None
    )
    latest_compliant_date: PartialDate | Nothing | None = described(
        "The latest date on which every deadline can still be met, or none.",
        default=None,
        converter=one_day,
    )
    working_day_before: PartialDate | Nothing | None = described(
        "The working day before a due date that is not one, or none where it is.",
        default=None,
        converter=one_day,
    )


@frozen(kw_only=True)
class ExpectedItem:
    """What is expected of what one rule brings about; what is left out is not compared."""

    by: str = described(
        "The party that does it, asks for it, owes it or answers it.", default="", names="party"
    )
    to: tuple[str, ...] = described(
        "Everybody with whom or to whom it is done.", default=(), names="party"
    )
    of: str = described("The party that is asked for a document.", default="", names="party")
    extent: str = described("How far it goes.", default="", prose=True)
    for_each: str = described("What it is done for each of.", default="", names="list")
    completes: str = described("The event that shows that it is done.", default="", names="event")
    prompted_by: tuple[str, ...] = described(
        "Every topic that prompts a document.", default=(), names="topic"
    )
    sentence: str = described(
        "The whole sentence of the plan, such as the question that is asked.",
        default="",
        prose=True,
    )
    heading: str = described("The heading under which it stands.", default="", prose=True)
    title: str = described(
        "The title of the rule, as explanations print it.", default="", prose=True
    )
    modality: Modality | None = described("How strongly the methodology says it.", default=None)
    statements: tuple[str, ...] = described(
        "Every statement that the rule cites.", default=(), names="statement"
    )
    rests_on: tuple[str, ...] = described(
        "Every open question on whose answer it rests.", default=(), names="interpretation"
    )


@frozen(kw_only=True)
class ExpectedGuarantee:
    """What is expected of a guarantee about this case; what is left out is not compared."""

    says: str = described("The guarantee, word for word.", default="", prose=True)
    when: Tests = described("The facts of the cases that it is about.", factory=dict)
    then: Tests = described("What holds in all of its cases.", factory=dict)
    outcome: Tests = described("The facts that never come alone.", factory=dict)
    without: tuple[Tests, ...] = described("Every ground of which one must be there.", default=())
    event: str = described("The event that always has a due date.", default="", names="event")
    fact: str = described("The fact that an outcome follows.", default="")
    of: str = described("What is compared: actions or documents.", default="")
    order: tuple[str, ...] = described("The values in their order.", default=())
    naming: tuple[str, ...] = described("Everything that it names.", default=())
    but_for: tuple[str, ...] | None = described(
        "Every exception; an empty list where there must be none.", default=None
    )
    at_most: Modality | None = described("How strongly rules may speak at most.", default=None)
    within: str = described("The latest due date, such as 6 weeks after the report.", default="")
    statements: tuple[str, ...] = described(
        "Every statement that it comes from.", default=(), names="statement"
    )


@frozen(kw_only=True)
class ExpectedEarlier:
    """What must stand of a revisit before the current one; what is left out is not compared."""

    outcomes: Mapping[str, str] = described("The value of an outcome, by its name.", factory=dict)
    actions: tuple[str, ...] = described(
        "What was owed: party, modality, activity, such as: inspectors must audit-cases.",
        default=(),
    )
    deadlines: Mapping[str, ExpectedDeadline] = described(
        "What each deadline on an event must have, by the event.", factory=dict
    )


@frozen(kw_only=True)
class Without:
    """What must not come of the facts."""

    outcomes: Mapping[str, tuple[str, ...]] = described(
        "Values that an outcome must not have.", factory=dict
    )
    actions: tuple[str, ...] = described(
        "Required and optional actions, such as: inspectors must audit-cases.", default=()
    )
    documents: tuple[str, ...] = described(
        "Documents that may not be asked for, such as: inspectors may problem-profiles.", default=()
    )
    deadlines: tuple[str, ...] = described("Events to which no deadline applies.", default=())
    questions: tuple[str, ...] = described("Questions, by id.", default=())
    alerts: tuple[str, ...] = described("Alerts, by id.", default=())


@frozen(kw_only=True)
class Expected:
    """What must come of the facts; what is left out is not compared."""

    outcomes: Mapping[str, str] = described("The value of an outcome, by its name.", factory=dict)
    basis: Mapping[str, Basis] = described("What an outcome rests on, by its name.", factory=dict)
    actions: tuple[str, ...] = described(
        "Required and optional actions: party, modality, activity, such as: "
        "inspectors must audit-cases.",
        default=(),
    )
    documents: tuple[str, ...] = described(
        "Who may ask for which documents, such as: inspectors may problem-profiles.", default=()
    )
    suggested: tuple[str, ...] = described("Documents that are suggested.", default=())
    not_suggested: tuple[str, ...] = described(
        "Documents that may be asked for and are certainly not suggested.", default=()
    )
    deadlines: Mapping[str, ExpectedDeadline] = described(
        "What each deadline on an event must have, by the event.", factory=dict
    )
    questions: tuple[str, ...] = described("Questions to be answered, by id.", default=())
    alerts: tuple[str, ...] = described("Alerts, by id.", default=())
    items: Mapping[str, ExpectedItem] = described(
        "What each item must have, by the id of its rule: to whom, of whom, its sentence.",
        factory=dict,
    )
    guarantees: Mapping[str, ExpectedGuarantee] = described(
        "What each guarantee about this case must say, by its id.", factory=dict
    )
    sentences: tuple[str, ...] = described(
        "What the plan or the register of parameters must say somewhere, word for word.",
        default=(),
        prose=True,
    )
    refused: str = described(
        "What is wrong with the facts, word for word, where they must be refused.",
        default="",
        prose=True,
    )
    names: Mapping[str, str] = described(
        "The local name beside a party's term, or none.", factory=dict, prose=True
    )
    earlier: tuple[ExpectedEarlier, ...] = described(
        "What must stand of each earlier revisit, in their order; all else is about the current "
        "one.",
        default=(),
    )
    without: Without = described("What must not come of the facts.", default=Without())
    complete: tuple[PlanSection, ...] = described(
        "The sections that hold nothing else than what is expected.", default=()
    )


def _in_order(plain: Plain) -> Plain:
    """Return plain data with the names of every block in the order of the alphabet."""
    if isinstance(plain, dict):
        return {name: _in_order(plain[name]) for name in sorted(plain)}
    return [_in_order(item) for item in plain] if isinstance(plain, list) else plain


@frozen(kw_only=True)
class Scenario:
    """A case and what must come of it; its sentence is its name.

    ``facts`` are values of the vocabulary and override what dates or a follow-up would give;
    ``on`` is the day. ``place`` is its place in the file, or empty.
    """

    says: str = described("What the scenario shows, in a whole sentence; its name.", prose=True)
    facts: Mapping[str, str] = described(
        "The value of each fact that matters, by the fact's name.", factory=dict
    )
    interpretations: Mapping[str, str] = described(
        "Answers to interpretations, where another than ours is asked for.", factory=dict
    )
    dates: Mapping[str, When] = described(
        "The date of each event that matters: a date, unknown or not-yet.", factory=dict
    )
    follow_up: FollowUp | None = described(
        "A whole follow-up, where values and dates are not enough.", default=None
    )
    on: PartialDate | None = described(
        "The day of the assessment; it may be left out where nothing has dates.",
        default=None,
        converter=one_day,
    )
    expect: Expected = described("What must come of it.")
    place: str = described(
        "Its place in the file.", default="", eq=False, repr=False, metadata={"hidden": True}
    )

    def known(self, settings: Settings) -> FollowUp:
        """Return the follow-up that is given, or one of which only the dates are known.

        Under the settings of its ruleset it is about a police force or about something else.
        """
        if self.follow_up is not None:
            return self.follow_up
        return self._of_other if settings.is_about_forces is False else self._of_force

    @cached_property
    def _of_force(self) -> FollowUp:
        return FollowUp(force=ORDINARY_FORCE, further=Further(events=self.dates))

    @cached_property
    def _of_other(self) -> FollowUp:
        return FollowUp(subject=ORDINARY_SUBJECT, further=Further(events=self.dates))

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of what the scenario says, in hexadecimal digits."""
        return digest_of(_in_order(write_plain(self)))


@frozen(kw_only=True)
class Scenarios:
    """What a file in the folder ``scenarios`` of an edition says."""

    scenarios: tuple[Scenario, ...] = described("The scenarios.", default=())
