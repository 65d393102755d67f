"""Sheets in which somebody writes: a table, locked but for the cells that are to be filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from openpyxl.styles import PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableStyleInfo

if TYPE_CHECKING:
    from ncpi_rules.report.office.sheets import SheetTable

_TO_FILL_IN = PatternFill("solid", start_color="FFF8E1", end_color="FFF8E1")


def make_form(page: Any, sheet: SheetTable) -> None:
    """Make a sheet that has its rows a table with a filter, and lock what is not to be written."""
    last = get_column_letter(len(sheet.columns))
    page.auto_filter.ref = None  # that of the table is in its place
    if sheet.rows:
        name = re.sub(r"\W", "", sheet.title)
        table = Table(displayName=name, ref=f"A1:{last}{len(sheet.rows) + 1}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
        page.add_table(table)
    for number, (head, _) in enumerate(sheet.columns, 1):
        if head in sheet.hidden:
            page.column_dimensions[get_column_letter(number)].hidden = True
        if head in sheet.fill_in:
            for row in range(2, len(sheet.rows) + 2):
                cell = page.cell(row=row, column=number)
                cell.fill, cell.protection = _TO_FILL_IN, Protection(locked=False)
    page.protection.sheet = True  # without a password: against slips, not against people
    page.protection.autoFilter = page.protection.sort = False
    page.protection.formatColumns = page.protection.formatRows = False
