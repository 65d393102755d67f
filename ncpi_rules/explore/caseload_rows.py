"""One row of a caseload: a follow-up, how urgent it is, and what is next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from ncpi_rules.core import Basis, PartialDate, Status
from ncpi_rules.deadlines import Days
from ncpi_rules.plan import Plan

PUBLISHED: Final = "inspection_report.published"


@frozen(kw_only=True)
class CaseloadRow:
    """One follow-up of a caseload.

    ``edition`` is the one that is followed. ``headline`` and ``basis`` are values,
    ``headline_label`` and ``basis_label`` what an officer reads. ``published`` is the date of the
    report, or of the event with which the follow-up begins by its ruleset.
    ``status`` is that of the most urgent deadline, ``status_label`` its tag, and ``statuses``
    counts the deadlines by their statuses. ``all_clear`` is True where nothing is late, projected
    to be late or due soon, whatever is still unknown. ``next_duty`` is what is left to do and comes
    first, and ``owed_by`` who owes it. ``due`` is its due date, its latest compliant date or the
    day for which it is planned, as ``due_text`` says; ``days_left`` and ``late_by_days`` are the
    least and the most days until then and since. ``waits_for`` names judgements, and facts that are
    not known; ``alerts`` holds sentences.
    """

    subject: str
    subject_name: str
    edition: str
    published: PartialDate | None
    headline: str | None
    headline_label: str
    basis: Basis | None
    basis_label: str
    status: Status
    status_label: str
    reason: str
    all_clear: bool
    statuses: Mapping[Status, int]
    next_duty: str | None = None
    next_duty_id: str | None = None
    owed_by: str | None = None
    due: PartialDate | None = None
    due_text: str | None = None
    days_left: Days | None = None
    late_by_days: Days | None = None
    waits_for: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    plan: Plan = field(repr=False, eq=False)

    @property
    def first(self) -> str:
        """Return what ``published`` is the date of, in few words."""
        plan = self.plan
        is_report = plan.ruleset.contract.name(PUBLISHED) or not plan.document.first_event
        return "Report" if is_report else plan.document.first_event or ""
