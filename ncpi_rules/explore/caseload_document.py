"""A caseload as a typed document: the form of its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final, Self

from attrs import fields_dict, frozen

from ncpi_rules.core import Basis, Day, PartialDate, Status
from ncpi_rules.explore.caseload_tracks import revisit_of, stand_of
from ncpi_rules.io import described, form_field
from ncpi_rules.plan import DayRange, JsonDocument

if TYPE_CHECKING:
    from ncpi_rules.explore.capacity import Clash
    from ncpi_rules.explore.caseload_rows import CaseloadRow

SCHEMA: Final = "ncpi-rules/caseload/5"
"""The name and the version of the JSON of a caseload."""


@frozen(kw_only=True)
class CaseloadEntry:
    """One follow-up of a caseload."""

    subject: str = described("The short name of what was inspected.")
    subject_name: str = described("The name of what was inspected.")
    edition: str = described("The edition of the ruleset that is followed.")
    published: PartialDate | None = described(
        "The date of the report, or of the event with which the follow-up begins by its ruleset; "
        "null where it is not known."
    )
    headline: str | None = described(
        "The value of the outcome that the ruleset puts first; null where it is to be decided."
    )
    headline_label: str = described("That value, as an officer reads it.")
    basis: Basis | None = described("On what it rests; null where the ruleset has no such outcome.")
    basis_label: str = described("On what it rests, as an officer reads it.")
    status: Status = described("The status of the most urgent deadline.")
    status_label: str = described("That status, as an officer reads it.")
    reason: str = described("Why it is that status, in sentences.")
    revisit_status: Status | None = described(
        "The status of the deadline on the first day of the current revisit; null where there is "
        "no such deadline."
    )
    revisit_status_label: str | None = described(
        "That status, as an officer reads it; null where there is no such deadline."
    )
    revisit_due: PartialDate | None = described(
        "When that revisit is due; null where that is not known."
    )
    revisit_begins: PartialDate | None = described(
        "When that revisit is planned to begin, or began; null where that is not known."
    )
    revisit_line: str | None = described(
        "Where that revisit stands, in sentences; null where there is no such deadline."
    )
    all_clear: bool = described(
        "Whether nothing is late, projected to be late or due soon, whatever is still unknown."
    )
    statuses: Mapping[str, int] = described("How many deadlines have which status.")
    next_duty: str | None = described(
        "What is left to do and comes first, as one sentence; null where nothing is known."
    )
    next_duty_id: str | None = described("Its id in the plan; null where there is none.")
    owed_by: str | None = described("Who owes it; null where there is none.")
    due: PartialDate | None = described(
        "Its due date, its latest compliant date or the day for which it is planned; null where "
        "there is none."
    )
    due_text: str | None = described(
        "Which of these it is, with the day; null where there is none."
    )
    days_left: DayRange | None = described("How many days are left; null where none are counted.")
    late_by_days: DayRange | None = described(
        "By how many days it is late; null where it is not late."
    )
    waits_for: tuple[str, ...] = described(
        "The judgements for which the follow-up waits, and the facts that are not known."
    )
    alerts: tuple[str, ...] = described("What a reader should know besides, in sentences.")

    @classmethod
    def of(cls, row: CaseloadRow) -> Self:
        """Return a row without its plan, and where its revisit stands."""
        revisit = revisit_of(row)
        own = {name: getattr(row, name) for name in fields_dict(cls) if hasattr(row, name)}
        own |= {
            "published": _in_days(row.published),
            "due": _in_days(row.due),
            "statuses": {status.value: many for status, many in row.statuses.items()},
            "days_left": row.days_left and DayRange(*row.days_left),
            "late_by_days": row.late_by_days and DayRange(*row.late_by_days),
        }
        return cls(
            **own,
            revisit_status=None if revisit is None else revisit.status,
            revisit_status_label=None if revisit is None else revisit.status_label,
            revisit_due=None if revisit is None else revisit.due,
            revisit_begins=None if revisit is None else revisit.actual,
            revisit_line=None if revisit is None else stand_of(revisit),
        )


def _in_days(date: PartialDate | None) -> PartialDate | None:
    """Return a date by its first and its last day, however it was written."""
    return None if date is None else PartialDate.between(date.start, date.end)


@frozen(kw_only=True)
class CaseloadClash:
    """Some weeks into which more revisits must fall than can be made."""

    first: PartialDate = described("The first Monday.")
    last: PartialDate = described("The last Sunday.")
    weeks_needed: int = described("How many weeks of one team the revisits need.")
    weeks_available: int = described("How many weeks of one team there are.")
    subjects: tuple[str, ...] = described("The names of those that are to be revisited.")
    sentence: str = described("The clash as one sentence.")

    @classmethod
    def of(cls, clash: Clash) -> Self:
        """Return a clash of revisits with its sentence."""
        return cls(**{name: getattr(clash, name) for name in fields_dict(cls)})


@frozen(kw_only=True)
class CaseloadDocument(JsonDocument):
    """Many follow-ups on one day, the most urgent first.

    Its JSON is described by ``io/schemas/caseload.json``.
    """

    form: ClassVar[str] = SCHEMA
    kind: ClassVar[str] = "a caseload"
    made_with: ClassVar[str] = "ncpi-rules caseload FILES --format json"

    schema: str = form_field(SCHEMA)
    on: Day = described("The day of the position.")
    ruleset: str = described("The id of the ruleset.")
    title: str = described("The title of the methodology.")
    editions: tuple[str, ...] = described(
        "The editions that a follow-up's date may select, the latest last."
    )
    edited: tuple[str, ...] = described(
        "The names of those editions that are edited copies; none for the library's own."
    )
    soon_days: int = described("The number of days within which something is due soon.")
    teams: int = described("How many revisits can be made in one week.")
    counts: Mapping[str, int] = described(
        "How many follow-ups have which status, the most urgent first."
    )
    rows: tuple[CaseloadEntry, ...] = described("The follow-ups, the most urgent first.")
    clashes: tuple[CaseloadClash, ...] = described(
        "The weeks into which more revisits must fall than can be made."
    )
