"""What documents are made of: styles, texts, fields and tables; the one importer of docx.

python-docx puts its own name and a day of its own into a document: both are replaced.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from ncpi_rules.report.office.workbook import steady
from ncpi_rules.report.text_page import printable

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

_FONT: Final = "Arial"
_SOFT: Final = RGBColor(0x4A, 0x56, 0x62)
_INK: Final = RGBColor(0x17, 0x21, 0x2B)
_LINES: Final = RGBColor(0xD0, 0xD7, 0xDE)
_A4: Final = Mm(210), Mm(297)
_TABLE: Final = "Table Grid"
_PLACE: Final = "heading_"
_HEAD: Final = (
    f'<w:tblStylePr {nsdecls("w")} w:type="firstRow"><w:tcPr><w:tcBorders>'
    f'<w:bottom w:val="single" w:sz="12" w:space="0" w:color="{_INK}"/>'
    "</w:tcBorders></w:tcPr></w:tblStylePr>"
)
"""The line under the first row of a table."""


def new_document(title: str) -> Any:
    """Return an empty document with our styles, its title and the numbers of pages below."""
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
    _rule_tables(document)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    footer = section.footer.paragraphs[0]
    footer.style = document.styles["Normal"]
    add_text(footer, f"{title} · page ", soft=True)
    add_field(footer, "PAGE")
    add_text(footer, " of ", soft=True)
    add_field(footer, "NUMPAGES")
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


def _rule_tables(document: Any) -> None:
    """Give tables a line under their head and a thin one under each row, and no others."""
    style = document.styles[_TABLE].element
    (borders,) = style.iter(qn("w:tblBorders"))
    for line in list(borders):
        if line.tag in {qn("w:bottom"), qn("w:insideH")}:
            line.set(qn("w:color"), str(_LINES))
        else:
            borders.remove(line)
    style.append(parse_xml(_HEAD))


def turn_landscape(document: Any) -> None:
    """Turn the pages of a document."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_height, section.page_width = _A4


def saved(document: Any, on: datetime.date | None) -> bytes:
    """Return a document as a file, dated by a day and by no clock."""
    content = BytesIO()
    document.save(content)
    return steady(content.getvalue(), on)


def add_text(paragraph: Any, text: str, *, bold: bool = False, soft: bool = False) -> Any:
    """Add a text to a paragraph, in bold or in small, soft type."""
    inner = text.strip(" ")
    before, _, after = text.partition(inner) if inner else (text, "", "")
    run = paragraph.add_run(f"{before}{printable(inner)}{after}")
    run.bold = bold or None
    if soft:
        run.font.size, run.font.color.rgb = Pt(8), _SOFT
    return run


def add_field(paragraph: Any, name: str, *, shown: str = "1") -> None:
    """Add a field that the program works out, such as the number of the page."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run, look = OxmlElement("w:r"), OxmlElement("w:rPr")
    size, text = OxmlElement("w:sz"), OxmlElement("w:t")
    size.set(qn("w:val"), "16")  # in half points
    look.append(size)
    run.append(look)
    text.text = shown
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001  python-docx has no fields


def add_heading(document: Any, text: str, level: int, number: int) -> None:
    """Add a heading; its number is the address to which an entry of the contents leads."""
    heading = document.add_heading(printable(text), level=level)._p  # noqa: SLF001  as below
    first, last = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    first.set(qn("w:name"), f"{_PLACE}{number}")
    for mark in (first, last):
        mark.set(qn("w:id"), str(number))
    heading.pPr.addnext(first)
    heading.append(last)


def add_contents(document: Any, headings: Sequence[tuple[int, str, int]]) -> None:
    """Add a table of contents: the level, the text and the number of each heading, as links.

    A program that is asked to adds the pages; so it opens without a question.
    """
    paragraph = document.add_paragraph()
    _mark_field(paragraph, "begin")
    code = OxmlElement("w:instrText")
    code.text = 'TOC \\o "1-2" \\h'
    paragraph.add_run()._r.append(code)  # noqa: SLF001  python-docx has no fields
    _mark_field(paragraph, "separate")
    for place, (level, text, number) in enumerate(headings):
        paragraph = document.add_paragraph() if place else paragraph
        paragraph.paragraph_format.left_indent = Mm(6 * (level - 1))
        paragraph.paragraph_format.space_after = Pt(0)
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), f"{_PLACE}{number}")
        link.append(add_text(paragraph, text)._r)  # noqa: SLF001  python-docx has no links
        paragraph._p.append(link)  # noqa: SLF001  as above
    _mark_field(paragraph, "end")


def _mark_field(paragraph: Any, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)  # noqa: SLF001  python-docx has no fields


def add_grid(document: Any, columns: Sequence[tuple[str, int]]) -> Any:
    """Return a table with a head that is repeated on each page; widths are in millimetres."""
    grid = document.add_table(rows=1, cols=len(columns))
    grid.style, grid.autofit = _TABLE, False
    for cell, (title, width) in zip(grid.rows[0].cells, columns, strict=True):
        cell.width = Mm(width)
        add_text(cell.paragraphs[0], title, bold=True)
    for column, (_, width) in zip(grid.columns, columns, strict=True):
        column.width = Mm(width)
    _mark(grid.rows[0], "w:tblHeader")
    return grid


def add_row(grid: Any) -> Sequence[Any]:
    """Return the cells of a new row, which no page splits."""
    row = grid.add_row()
    _mark(row, "w:cantSplit")
    cells: Sequence[Any] = row.cells
    return cells


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001  python-docx cannot say it
