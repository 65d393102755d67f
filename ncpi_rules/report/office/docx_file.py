"""Plans and board papers as .docx: true headings, lists and tables; the one importer of docx.

The library puts its own name and a day of its own into a document: both are replaced.
"""

from __future__ import annotations

import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from ncpi_rules.report.letters import document_request, notice
from ncpi_rules.report.office.board import NOTHING_OPEN, BoardPaper
from ncpi_rules.report.office.workbook import steady
from ncpi_rules.report.parts import Change, mark_changes
from ncpi_rules.report.plan_page import contents
from ncpi_rules.report.text_page import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ncpi_rules.plan import Plan
    from ncpi_rules.report.parts import Contents, Line, PageTable, Section

_FONT: Final = "Arial"
_SOFT: Final = RGBColor(0x4A, 0x56, 0x62)
_INK: Final = RGBColor(0x17, 0x21, 0x2B)
_PLAIN: Final = dict.fromkeys(Change, "{}")
_A4: Final = Mm(210), Mm(297)
_KEY_DATES: Final = (
    ("What", 64),
    ("Who", 30),
    ("Due by", 28),
    ("Planned or done", 28),
    ("Status", 28),
)


def to_docx(plans: Iterable[Plan]) -> bytes:
    """Return a document with the page of each plan, each beginning on a new page.

    >>> from ncpi_rules.plan import assess
    >>> to_docx([assess({"force": "kent"}, on="2020-01-31")])[:2]
    b'PK'
    """
    plans = tuple(plans)
    pages = [contents(plan.document) for plan in plans]
    document = _document(pages[0].title if len(pages) == 1 else "Follow-up plans")
    _landscape(document)
    for number, (page, plan) in enumerate(zip(pages, plans, strict=True)):
        if number:
            document.add_page_break()
        _page(document, page)
        for text in filter(None, (notice(plan), document_request(plan))):
            _letter(document, text)
    return _saved(document, plans)


def board_docx(plans: Iterable[Plan]) -> bytes:
    """Return a document with a page of A4 for the board of each force."""
    plans = tuple(plans)
    papers = [BoardPaper.of(plan) for plan in plans]
    document = _document(papers[0].title if len(papers) == 1 else "Board papers")
    for number, paper in enumerate(papers):
        if number:
            document.add_page_break()
        _board(document, paper)
    return _saved(document, plans)


def _document(title: str) -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = _A4
    section.left_margin = section.right_margin = Mm(16)
    section.top_margin, section.bottom_margin = Mm(12), Mm(14)
    section.footer_distance = Mm(6)
    _style(document, "Normal", 9.5, after=3)
    _style(document, "List Bullet", 9.5, after=1)
    _style(document, "List Number", 9.5, after=1)
    _style(document, "Heading 1", 16, before=0, after=4)
    _style(document, "Heading 2", 12, before=8, after=2)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    footer = section.footer.paragraphs[0]
    footer.style = document.styles["Normal"]
    _add(footer, f"{title} · page ", soft=True)
    _field(footer, "PAGE")
    _add(footer, " of ", soft=True)
    _field(footer, "NUMPAGES")
    return document


def _style(document: Any, name: str, size: float, *, before: float = 0, after: float = 0) -> None:
    style = document.styles[name]
    style.font.name, style.font.size, style.font.color.rgb = _FONT, Pt(size), _INK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(kind), _FONT)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _landscape(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_height, section.page_width = _A4


def _saved(document: Any, plans: Sequence[Plan]) -> bytes:
    content = BytesIO()
    document.save(content)
    on = max((plan.on for plan in plans), default=None)
    day = None if on is None else datetime.date.fromordinal(on.toordinal())
    return steady(content.getvalue(), day)


def _add(paragraph: Any, text: str, *, bold: bool = False, soft: bool = False) -> Any:
    inner = text.strip(" ")
    before, _, after = text.partition(inner) if inner else (text, "", "")
    run = paragraph.add_run(f"{before}{printable(inner)}{after}")
    run.bold = bold or None
    if soft:
        run.font.size, run.font.color.rgb = Pt(8), _SOFT
    return run


def _field(paragraph: Any, name: str) -> None:
    """Add a field that the program works out, such as the number of the page."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run, look = OxmlElement("w:r"), OxmlElement("w:rPr")
    size, text = OxmlElement("w:sz"), OxmlElement("w:t")
    size.set(qn("w:val"), "16")  # in half points
    look.append(size)
    run.append(look)
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001  python-docx has no fields


def _page(document: Any, page: Contents) -> None:
    document.add_heading(printable(page.title), level=1)
    for name, says in page.facts:
        paragraph = document.add_paragraph()
        _add(paragraph, f"{name}: ", soft=True)
        _add(paragraph, says)
    for section in page.sections:
        _section(document, section)


def _letter(document: Any, text: str) -> None:
    """Add a text for a letter: its lists as lists."""
    document.add_heading("Text for a letter", level=2)
    for line in filter(None, text.splitlines()):
        is_item = line.startswith("- ")
        style = "List Bullet" if is_item else "Normal"
        document.add_paragraph(line.removeprefix("- "), style=style)


def _section(document: Any, section: Section) -> None:
    document.add_heading(printable(section.heading), level=2)
    if section.answer:
        _add(document.add_paragraph(), section.answer, bold=True)
    for text in section.lead:
        document.add_paragraph(printable(text))
    for item in section.items:
        paragraph = document.add_paragraph(style="List Bullet")
        _add(paragraph, item.text)
        if item.reference:
            _add(paragraph, f"  [{item.reference}]", soft=True)
    if section.reference:
        _add(document.add_paragraph(), f"[{section.reference}]", soft=True)
    if section.table:
        _table_of(document, section.table)


def _table_of(document: Any, table: PageTable) -> None:
    total = sum(column.share for column in table.columns)
    room = 265
    widths = [(column.title, room * column.share // total) for column in table.columns]
    grid = _grid(document, widths)
    for row in table.rows:
        cells = _row(grid)
        for place, cell in enumerate(row.cells):
            paragraph = cells[place].paragraphs[0]
            for number, line in enumerate(cell.lines):
                if number:
                    paragraph = cells[place].add_paragraph()
                is_first = number == 0 and (bool(cell.mark) or place == table.heads)
                _add(paragraph, _plain(line), bold=is_first)
            if place == table.heads and row.reference:
                _add(cells[place].add_paragraph(), f"[{row.reference}]", soft=True)


def _plain(line: Line) -> str:
    return mark_changes(line, _PLAIN)


def _grid(document: Any, columns: Sequence[tuple[str, int]]) -> Any:
    """Return a table with a head that is repeated on each page; widths are in millimetres."""
    grid = document.add_table(rows=1, cols=len(columns))
    grid.style, grid.autofit = "Table Grid", False
    for cell, (title, width) in zip(grid.rows[0].cells, columns, strict=True):
        cell.width = Mm(width)
        _add(cell.paragraphs[0], title, bold=True)
    for column, (_, width) in zip(grid.columns, columns, strict=True):
        column.width = Mm(width)
    _mark(grid.rows[0], "w:tblHeader")
    return grid


def _row(grid: Any) -> Sequence[Any]:
    row = grid.add_row()
    _mark(row, "w:cantSplit")
    cells: Sequence[Any] = row.cells
    return cells


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001  python-docx cannot say it


def _board(document: Any, paper: BoardPaper) -> None:
    document.add_heading(printable(paper.title), level=1)
    facts = document.add_paragraph()
    for name, says in paper.facts:
        _add(facts, f"{name}: ", soft=True)
        _add(facts, f"{says or '....................'}    ", bold=bool(says))
    document.add_heading("The board is asked to", level=2)
    for verb, rest in paper.asks:
        paragraph = document.add_paragraph(style="List Bullet")
        _add(paragraph, verb, bold=True)
        _add(paragraph, f" {rest};")
    document.add_heading("Where it stands", level=2)
    document.add_paragraph(printable(" ".join(paper.stands)))
    strip = _grid(document, [(date, 178 // max(len(paper.strip), 1)) for date, _ in paper.strip])
    for cell, (_, what) in zip(_row(strip), paper.strip, strict=True):
        _add(cell.paragraphs[0], what)
    if paper.dates:
        document.add_heading("Key dates", level=2)
        grid = _grid(document, _KEY_DATES)
        for one in paper.dates:
            cells = _row(grid)
            _add(cells[0].paragraphs[0], one.what, bold=True)
            _add(cells[0].paragraphs[0], f" {one.reference}", soft=True)
            for cell, text in zip(cells[1:], (one.who, one.due, one.planned), strict=False):
                _add(cell.paragraphs[0], text)
            _add(cells[4].paragraphs[0], one.status, bold=True)
        for note in paper.notes:
            _add(document.add_paragraph(), note, soft=True)
    document.add_heading("What this rests on", level=2)
    for id_, text in paper.rests:
        paragraph = document.add_paragraph(style="List Bullet")
        _add(paragraph, f"{id_} ", bold=True)
        _add(paragraph, text)
    _add(document.add_paragraph(), paper.agreed or NOTHING_OPEN, soft=True)
    document.add_heading("Not recorded", level=2)
    _add(document.add_paragraph(), f"{'; '.join(paper.unknown) or 'Nothing'}.")
    _add(document.add_paragraph(), paper.source, soft=True)
