"""A caseload: a row for each follow-up, the most urgent first, and the page that shows it.

Colour never stands alone: the status is always beside it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar, Final

from attrs import field, frozen

from ncpi_rules.core import (
    DUE_SOON,
    Day,
    Status,
    as_head,
    counted,
    edited_notice,
    format_day,
    joined,
    lower_first,
    upper_first,
    without_article,
)
from ncpi_rules.deadlines import format_days
from ncpi_rules.explore.capacity import Clash, describe_capacity
from ncpi_rules.explore.caseload_document import (
    SCHEMA,
    CaseloadClash,
    CaseloadDocument,
    CaseloadEntry,
)
from ncpi_rules.explore.caseload_files import (
    caseload_csv,
    caseload_frame,
    caseload_xlsx,
)
from ncpi_rules.explore.caseload_page import CaseloadPage
from ncpi_rules.explore.caseload_rows import CaseloadRow
from ncpi_rules.explore.urgency import PLANNED
from ncpi_rules.plan import ABOUT_THE_EDITION
from ncpi_rules.report import (
    Cell,
    Column,
    Contents,
    Item,
    PageTable,
    Row,
    Section,
    Showable,
    mark_of,
    office,
)
from ncpi_rules.ruleset import Ruleset, edition_title, is_edited

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_MEANINGS: Final = {
    Status.OVERDUE: "the due date has passed, and it is recorded as not done",
    Status.PROJECTED_LATE: "planned for after the due date, or no longer possible in time",
    Status.DUE: "not recorded as done, and the due date is still to come",
    Status.PLANNED: "planned for a day to come, in time, with no due date, or before the "
    "report is out",
    Status.CANNOT_TELL: "not recorded, or the dates are too coarse to say more",
    Status.TOO_EARLY: "done before the first day on which it may be",
    Status.LATE: "done after the due date",
    Status.WAIVED: "the {subject} was let off, or the duty was set aside",
    Status.VARIED: "something else than what is usual was agreed",
    Status.MET: "done in time",
    Status.DONE: "done, with no due date",
    Status.NOT_STARTED: "nothing has been done, and nothing has a due date",
}
"""What each status of a follow-up means: it is that of its most urgent deadline."""

_SHOWN: Final = 2
"""How many of the things that a follow-up waits for are named; the rest are counted."""


@frozen(kw_only=True)
class Caseload(Showable):
    """Many follow-ups on one day: a row for each, the most urgent first, and clashes of revisits.

    ``soon_days`` is the number of days that count as soon, ``teams`` how many revisits can be made
    in one week. ``editions`` are those that a follow-up's date may select, the latest last.
    """

    skip: ClassVar[str] = "Skip to the caseload"

    on: Day
    rows: tuple[CaseloadRow, ...] = field(repr=False)
    clashes: tuple[Clash, ...] = field(repr=False)
    soon_days: int
    teams: int
    editions: tuple[Ruleset, ...] = field(repr=False, eq=False)

    @property
    def counts(self) -> dict[Status, int]:
        """Return how many follow-ups have each status, the most urgent first."""
        return count_statuses(row.status for row in self.rows)

    @property
    def document(self) -> CaseloadDocument:
        """Return the caseload as its JSON has it: typed, and without the plans."""
        settings = self.editions[-1].settings
        return CaseloadDocument(
            schema=SCHEMA,
            on=self.on,
            ruleset=settings.id,
            title=settings.title,
            editions=tuple(edition.settings.edition for edition in self.editions),
            edited=tuple(edition_title(edition) for edition in self.editions if is_edited(edition)),
            soon_days=self.soon_days,
            teams=self.teams,
            counts={status.value: many for status, many in self.counts.items()},
            rows=tuple(map(CaseloadEntry.of, self.rows)),
            clashes=tuple(map(CaseloadClash.of, self.clashes)),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the caseload as text, numbers, lists and mappings."""
        return self.document.to_dict()

    def to_json(self) -> str:
        """Return the caseload as JSON, which ``io/schemas/caseload.json`` describes."""
        return self.document.to_json()

    def to_frame(self) -> Any:
        """Return a pandas data frame with a row for each follow-up, the most urgent first.

        Raises MissingExtraError where pandas is not installed.
        """
        return caseload_frame(self.document)

    def to_csv(self) -> str:
        """Return the rows as CSV, which a spreadsheet opens."""
        return caseload_csv(self.rows)

    def to_xlsx(self) -> bytes:
        """Return a workbook with the rows, all deadlines and what is not recorded.

        Raises MissingExtraError where the extra ``office`` is not installed.
        """
        return caseload_xlsx(self.rows, self.on)

    def to_ics(self, *, previous: str | None = None, name: str = "") -> bytes:
        """Return a calendar of all follow-ups; see :func:`ncpi_rules.report.office.to_ics`."""
        plans = [row.plan for row in self.rows]
        return office.to_ics(plans, previous=previous, name=name)

    def to_html(self, *, pages: Sequence[str] = ()) -> str:
        """Return a page that loads nothing from elsewhere: the follow-ups side by side.

        ``pages`` has the address of a page of each plan, in the order of the rows: each name leads
        to its own. Raises ValueError where there are more or fewer of them than rows.
        """
        if pages and len(pages) != len(self.rows):
            msg = f"There are {len(self.rows)} rows, and {len(pages)} addresses of pages."
            raise ValueError(msg)
        page, headline = self.contents(), self.editions[-1].headline
        soon = f"due within {counted(self.soon_days, 'day')}"
        return CaseloadPage(
            rows=self.rows,
            on=self.on,
            facts=page.facts[:-1],
            settings=self.editions[-1].settings,
            headline=headline.title if headline else "",
            repeated=self.editions[-1].repeated,
            meanings={
                row.status_label: soon if row.status_label == DUE_SOON else self.meaning(row.status)
                for row in self.rows
            },
            sections=tuple(section for section in page.sections if section.warns),
            pages=tuple(pages),
        ).html()

    def meaning(self, status: Status) -> str:
        """Return what a status of a follow-up means."""
        subject = without_article(self.editions[-1].settings.subject_title)
        return _MEANINGS[status].format(subject=subject)

    def contents(self) -> Contents:
        """Return the page of the caseload, part by part."""
        title = self.editions[-1].settings.title
        names = [edition_title(edition) for edition in self.editions]
        edition = f"{'edition' if len(names) == 1 else 'editions'} {joined(names, 'and')}"
        return Contents(
            title="Caseload",
            subject=title,
            facts=(
                *(
                    ("Rules", edited_notice(edition_title(edition)))
                    for edition in self.editions
                    if is_edited(edition)
                ),
                ("Position as at", format_day(self.on.toordinal())),
                ("Methodology", f"{title}, {edition}"),
                ("Follow-ups", str(len(self.rows))),
            ),
            sections=tuple(_sections(self)),
        )


def count_statuses(statuses: Iterable[Status]) -> dict[Status, int]:
    """Return how often each status occurs, the most urgent first."""
    counts = Counter(statuses)
    return {status: counts[status] for status in Status if counts[status]}


def _sections(caseload: Caseload) -> Iterator[Section]:
    tags = Counter(row.status_label for row in caseload.rows)
    counts = [f"{many} {tag}" for tag, many in tags.items()]  # the rows begin with the most urgent
    soon = f"Due soon: due within {counted(caseload.soon_days, 'day')}."
    meanings = [
        f"{upper_first(status.label)}: {caseload.meaning(status)}." for status in caseload.counts
    ]
    if notes := tuple(_about_the_edition(caseload.rows)):
        yield Section("Please note", items=notes, warns=True)
    yield Section(
        "In short",
        answer=f"{joined(counts, 'and')}." if counts else "There is no follow-up.",
        lead=(*meanings, *([soon] if DUE_SOON in tags else [])),
    )
    if caseload.clashes:
        items = tuple(Item(clash.sentence) for clash in caseload.clashes)
        lead = (describe_capacity(caseload.teams),)
        title = f"Clashes of {caseload.editions[-1].repeated}s"
        yield Section(title, lead, items, warns=True)
    if caseload.rows:
        columns = (
            Column(as_head(caseload.editions[-1].settings.subject_title), 30),
            Column("Status", 30),
            Column("Next duty", 24),
            Column("Due", 16),
        )
        caption = "Each follow-up, the most urgent first"
        several = len(caseload.editions) > 1
        rows = tuple(_row(row, several=several) for row in caseload.rows)
        yield Section("Follow-ups", table=PageTable(caption, columns, rows, broad=True))


def _about_the_edition(rows: Iterable[CaseloadRow]) -> Iterator[Item]:
    """Yield for which follow-ups no edition applies, or not certainly one."""
    for row in rows:
        for alert in row.plan.alerts:
            if alert.id in ABOUT_THE_EDITION:
                yield Item(f"{row.subject_name}: {lower_first(alert.sentence)}", alert.id)


def _row(row: CaseloadRow, *, several: bool) -> Row:
    lines = [row.subject_name]
    if several:
        lines.append(f"Edition: {row.plan.document.edition_text}.")
    if row.published:
        lines.append(f"{row.first}: {row.published.text}.")
    if row.headline_label:
        lines.append(f"{upper_first(row.headline_label)} ({row.basis_label}).")
    if row.waits_for:
        named = "; ".join(map(lower_first, row.waits_for[:_SHOWN]))
        more = len(row.waits_for) - _SHOWN
        lines.append(f"Waits for: {named}{f'; and {more} more' if more > 0 else ''}.")
    # What makes it urgent is an alert, too, and need not be said twice.
    others = (alert for alert in row.alerts if alert not in row.reason)
    cells = (
        Cell(tuple(lines)),
        Cell((*_status(row), *others), mark_of(row.status, row.status_label)),
        Cell(tuple(_duty(row))),
        Cell(tuple(_due(row))),
    )
    return Row(cells, row.next_duty_id or "")


def _status(row: CaseloadRow) -> Iterator[str]:
    yield upper_first(row.status_label)
    yield row.reason
    if len(row.statuses) > 1:
        counts = [f"{many} {status.label}" for status, many in row.statuses.items()]
        yield f"Deadlines: {', '.join(counts)}."


def _duty(row: CaseloadRow) -> Iterator[str]:
    if row.next_duty is None or row.owed_by is None:
        yield "None is known"
        return
    yield upper_first(row.next_duty)
    if not row.next_duty.casefold().startswith(row.owed_by.casefold()):
        yield f"Owed by {row.owed_by}."


def _due(row: CaseloadRow) -> Iterator[str]:
    yield upper_first(row.due_text) if row.due_text else "No date"
    if row.late_by_days:
        late = format_days(row.late_by_days)
        is_planned = (row.due_text or "").startswith(PLANNED)
        yield f"Projected to be {late} late." if is_planned else f"{upper_first(late)} overdue."
    elif row.days_left:
        left = format_days(row.days_left)
        yield f"{upper_first(left)} left." if row.days_left[1] else "Due today."
