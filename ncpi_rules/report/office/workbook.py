"""Workbooks of Excel, written: the traps of openpyxl are known here.

openpyxl asks the clock when it saves, and takes a text that begins with '=' for a formula.
"""

from __future__ import annotations

import datetime
import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from lxml.etree import LxmlError
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.page import PageMargins

from ncpi_rules.core import NcpiRulesError
from ncpi_rules.report.csv_table import FORMULA
from ncpi_rules.report.office.forms import make_form
from ncpi_rules.report.office.sheets import plan_sheets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncpi_rules.plan import Plan, PlanDocument
    from ncpi_rules.report.office.sheets import SheetCell, SheetRow, SheetTable

_NOT_HELD: Final = re.compile(f"{ILLEGAL_CHARACTERS_RE.pattern}|[\ufffe\uffff]")
"""The characters that no workbook can hold."""

_DAY: Final = "d mmmm yyyy"
_MODIFIED: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_FIRST_OF_ZIP: Final = (1980, 1, 1, 0, 0, 0)
_PLAIN: Final = Font(name="Arial", size=10)
_BOLD: Final = Font(name="Arial", size=10, bold=True)
_TOP: Final = Alignment(vertical="top", wrap_text=True)
_DAYS: Final = Alignment(horizontal="left", vertical="top")
_HEAD: Final = Border(bottom=Side(style="medium"))
_ROW: Final = Border(bottom=Side(style="hair"))
_A4: Final = 9
_MARGIN: Final = 0.4
"""How much of a page is left empty at each edge, in inches."""
_READABLE: Final = 200
"""How many characters side by side can still be read on a page of A4 that is turned."""
_ROWS_TO_FILL: Final = 2000
_LINE: Final = 13.5
"""The height of a line, in points."""


def to_xlsx(plans: Iterable[Plan], *, since: PlanDocument | None = None) -> bytes:
    """Return a workbook of plans: summary, actions, deadlines, documents, unknowns, statements.

    With an earlier plan of the same follow-up, the first sheet says what has changed since then.

    >>> from ncpi_rules.facts import FollowUp
    >>> from ncpi_rules.plan import assess
    >>> plan = assess(FollowUp.from_dict({"force": "kent"}), on="2020-01-31")
    >>> to_xlsx([plan])[:2]
    b'PK'
    """
    plans = tuple(plans)
    on = max(plan.on for plan in plans) if plans else None
    return workbook_of(plan_sheets(plans, since), on=on)


def workbook_of(sheets: Iterable[SheetTable], *, on: datetime.date | None) -> bytes:
    """Return a workbook of sheets, dated by the day of the position and by no clock.

    openpyxl writes each sheet into a temporary file first: raises NcpiRulesError where it cannot.
    """
    book = Workbook()
    for old in book.worksheets:
        book.remove(old)
    for sheet in sheets:
        _add(book, sheet)
    saved = BytesIO()
    try:
        book.save(saved)
    except (LxmlError, OSError):
        message = "A temporary file, which a workbook needs, cannot be written."
        help_ = "Check that the folder of temporary files can be written to and has room."
        raise NcpiRulesError(message, help_) from None
    return steady(saved.getvalue(), on)


def _add(book: Workbook, sheet: SheetTable) -> None:
    page: Any = book.create_sheet(sheet.title)
    for number, (head, width) in enumerate(sheet.columns, 1):
        cell = page.cell(row=1, column=number)
        put(cell, _NOT_HELD.sub("?", head))  # a table wants a text in each
        cell.font = _BOLD
        cell.alignment, cell.border = _TOP, _HEAD
        page.column_dimensions[get_column_letter(number)].width = width
    heads = tuple(head for head, _ in sheet.columns)
    page.row_dimensions[1].height = _LINE * _lines(sheet, heads)
    for place, row in enumerate(sheet.rows, 2):
        for number, value in enumerate(row, 1):
            cell = page.cell(row=place, column=number)
            put(cell, value)
            cell.border = _ROW
        page.row_dimensions[place].height = _LINE * _lines(sheet, row)
    for letters, cells in sheet.lists:
        choice = DataValidation(type="list", formula1=cells, allow_blank=True)
        choice.errorStyle, choice.showErrorMessage = "warning", True
        named = "Choose one of them." if cells.startswith('"') else "See the sheet 'Values'."
        choice.error = f"This is not in the list. {named}"
        choice.add(f"{letters}2:{letters}{_ROWS_TO_FILL}")
        page.add_data_validation(choice)
    _lay_out(page, sheet)
    if sheet.is_form:
        make_form(page, sheet)


def _lines(sheet: SheetTable, row: SheetRow) -> int:
    """Return how many lines the longest text of a row takes: not every program works it out.

    A column is measured in figures, and letters are narrower than these.
    """
    cells = zip(row, sheet.columns, strict=True)
    return max(
        sum(len(line) * 10 // (width * 11) + 1 for line in str(value).split("\n"))
        for value, (_, width) in cells
    )


def put(cell: Any, value: SheetCell) -> None:
    """Put a text, a number or a day into a cell; no text becomes a formula."""
    if isinstance(value, str):
        text = _NOT_HELD.sub("", value)
        cell.value = text or None
        if text.startswith(FORMULA):
            cell.data_type = "s"
            cell.quotePrefix = True  # it stays text when somebody edits it
    else:
        cell.value = value
    is_day = isinstance(value, datetime.date)
    if is_day:
        cell.number_format = _DAY
    cell.font, cell.alignment = _PLAIN, _DAYS if is_day else _TOP


def _lay_out(page: Any, sheet: SheetTable) -> None:
    """Freeze the head, filter the rows, and print on A4 so that it can be read.

    What is too wide for one page stands on several side by side, each with the first column.
    """
    widths = [width for head, width in sheet.columns if head not in sheet.hidden]
    first = widths[0]
    across = -(-(sum(widths) - first) // (_READABLE - first)) or 1
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(sheet.rows) + 1}"
    page.print_title_rows = "1:1"
    if across > 1:
        page.print_title_cols = "A:A"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", _A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = across, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_margins = PageMargins(
        left=_MARGIN, right=_MARGIN, top=_MARGIN, bottom=2 * _MARGIN, footer=_MARGIN
    )
    page.oddFooter.left.text, page.oddFooter.right.text = "&A", "Page &P of &N"


def steady(content: bytes, on: datetime.date | None) -> bytes:
    """Return an office file (a zip of parts) with no time of the clock in it."""
    day = on or datetime.date(*_FIRST_OF_ZIP[:3])
    stamp = f"{day.isoformat()}T00:00:00Z".encode()
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as parts,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as again,
    ):
        for part in parts.infolist():
            data = parts.read(part)
            if part.filename == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + stamp, data)
            again.writestr(
                zipfile.ZipInfo(part.filename, _FIRST_OF_ZIP), data, zipfile.ZIP_DEFLATED
            )
    return made.getvalue()
