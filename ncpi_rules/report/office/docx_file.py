"""Plans and board papers as .docx: true headings, lists and tables."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.report.letters import document_request, notice
from ncpi_rules.report.office.board import NOTHING_OPEN, BoardPaper
from ncpi_rules.report.office.docx_parts import (
    add_grid,
    add_row,
    add_text,
    new_document,
    saved,
    turn_landscape,
)
from ncpi_rules.report.parts import Change, mark_changes
from ncpi_rules.report.plan_page import contents
from ncpi_rules.report.text_page import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ncpi_rules.plan import Plan, PlanDocument
    from ncpi_rules.report.parts import Contents, Line, PageTable, Section

_PLAIN: Final = dict.fromkeys(Change, "{}")
_KEY_DATES: Final = (
    ("What", 64),
    ("Who", 30),
    ("Due by", 28),
    ("Planned or done", 28),
    ("Status", 28),
)


def to_docx(plans: Iterable[Plan], *, since: PlanDocument | None = None) -> bytes:
    """Return a document with the page of each plan, each beginning on a new page.

    With an earlier plan of the same follow-up, what has changed since then comes first.

    >>> from ncpi_rules.plan import assess
    >>> to_docx([assess({"force": "kent"}, on="2020-01-31")])[:2]
    b'PK'
    """
    plans = tuple(plans)
    pages = [contents(plan.document, since=since) for plan in plans]
    document = new_document(pages[0].title if len(pages) == 1 else "Follow-up plans")
    turn_landscape(document)
    for number, (page, plan) in enumerate(zip(pages, plans, strict=True)):
        if number:
            document.add_page_break()
        _page(document, page)
        for what, text in (
            ("notice", notice(plan.document)),
            ("request for documents", document_request(plan.document)),
        ):
            _letter(document, what, text)
    return saved(document, _day_of(plans))


def board_docx(plans: Iterable[Plan], *, since: PlanDocument | None = None) -> bytes:
    """Return a document with a page of A4 for the board of each subject.

    With an earlier plan of the same follow-up, what has changed since then comes first.
    """
    plans = tuple(plans)
    papers = [BoardPaper.of(plan, since) for plan in plans]
    document = new_document(papers[0].title if len(papers) == 1 else "Board papers")
    for number, paper in enumerate(papers):
        if number:
            document.add_page_break()
        _board(document, paper)
    return saved(document, _day_of(plans))


def _day_of(plans: Sequence[Plan]) -> datetime.date | None:
    on = max((plan.on for plan in plans), default=None)
    return None if on is None else datetime.date.fromordinal(on.toordinal())


def _page(document: Any, page: Contents) -> None:
    document.add_heading(printable(page.title), level=1)
    for name, says in page.facts:
        paragraph = document.add_paragraph()
        add_text(paragraph, f"{name}: ", soft=True)
        add_text(paragraph, says)
    for section in page.sections:
        _section(document, section)


def _letter(document: Any, what: str, text: str) -> None:
    """Add a text for a letter, its lists as lists; nothing where there is no text."""
    if text:
        document.add_heading(f"Text for a letter: {what}", level=2)
    for line in filter(None, text.splitlines()):
        is_item = line.startswith("- ")
        style = "List Bullet" if is_item else "Normal"
        document.add_paragraph(line.removeprefix("- "), style=style)


def _section(document: Any, section: Section) -> None:
    document.add_heading(printable(section.heading), level=2)
    if section.answer:
        add_text(document.add_paragraph(), section.answer, bold=True)
    for text in section.lead:
        document.add_paragraph(printable(text))
    for item in section.items:
        paragraph = document.add_paragraph(style="List Bullet")
        add_text(paragraph, item.text)
        if item.reference:
            add_text(paragraph, f"  [{item.reference}]", soft=True)
    if section.reference:
        add_text(document.add_paragraph(), f"[{section.reference}]", soft=True)
    if section.table:
        _table_of(document, section.table)


def _table_of(document: Any, table: PageTable) -> None:
    total = sum(column.share for column in table.columns)
    room = 265
    widths = [(column.title, room * column.share // total) for column in table.columns]
    grid = add_grid(document, widths)
    for row in table.rows:
        cells = add_row(grid)
        for place, cell in enumerate(row.cells):
            paragraph = cells[place].paragraphs[0]
            for number, line in enumerate(cell.lines):
                if number:
                    paragraph = cells[place].add_paragraph()
                is_first = number == 0 and (bool(cell.mark) or place == table.heads)
                add_text(paragraph, _plain(line), bold=is_first)
            if place == table.heads and row.reference:
                add_text(cells[place].add_paragraph(), f"[{row.reference}]", soft=True)


def _plain(line: Line) -> str:
    return mark_changes(line, _PLAIN)


def _board(document: Any, paper: BoardPaper) -> None:
    document.add_heading(printable(paper.title), level=1)
    facts = document.add_paragraph()
    for name, says in paper.facts:
        add_text(facts, f"{name}: ", soft=True)
        add_text(facts, f"{says or '....................'}    ", bold=bool(says))
    if paper.changed:
        document.add_heading(printable(paper.changed_heading), level=2)
        document.add_paragraph(printable(" ".join(paper.changed)))
    document.add_heading("The board is asked to", level=2)
    for verb, rest in paper.asks_as_list:
        paragraph = document.add_paragraph(style="List Bullet")
        add_text(paragraph, verb, bold=True)
        add_text(paragraph, f" {rest}")
    document.add_heading("Where it stands", level=2)
    document.add_paragraph(printable(" ".join(paper.stands)))
    strip = add_grid(document, [(date, 178 // max(len(paper.strip), 1)) for date, _ in paper.strip])
    for cell, (_, what) in zip(add_row(strip), paper.strip, strict=True):
        add_text(cell.paragraphs[0], what)
    if paper.dates:
        document.add_heading("Key dates", level=2)
        grid = add_grid(document, _KEY_DATES)
        for key_date in paper.dates:
            cells = add_row(grid)
            add_text(cells[0].paragraphs[0], key_date.what, bold=True)
            add_text(cells[0].paragraphs[0], f" {key_date.reference}", soft=True)
            for cell, text in zip(
                cells[1:], (key_date.who, key_date.due, key_date.planned), strict=False
            ):
                add_text(cell.paragraphs[0], text)
            add_text(cells[4].paragraphs[0], key_date.status, bold=True)
        for note in paper.notes:
            add_text(document.add_paragraph(), note, soft=True)
    document.add_heading("What this rests on", level=2)
    for id_, text in paper.rests:
        paragraph = document.add_paragraph(style="List Bullet")
        add_text(paragraph, f"{id_} ", bold=True)
        add_text(paragraph, text)
    add_text(document.add_paragraph(), paper.agreed or NOTHING_OPEN, soft=True)
    document.add_heading("Not recorded", level=2)
    add_text(document.add_paragraph(), f"{'; '.join(paper.unknown) or 'Nothing'}.")
    add_text(document.add_paragraph(), paper.source, soft=True)
