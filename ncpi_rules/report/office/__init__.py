"""Plans as files for office programs: calendars, workbooks and documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.report.office.blocks import DocumentContents as DocumentContents
    from ncpi_rules.report.office.blocks import DocumentHeading as DocumentHeading
    from ncpi_rules.report.office.blocks import DocumentTable as DocumentTable
    from ncpi_rules.report.office.blocks import DocumentText as DocumentText
    from ncpi_rules.report.office.blocks import document_of as document_of
    from ncpi_rules.report.office.board import BoardPaper as BoardPaper
    from ncpi_rules.report.office.board_page import board_html as board_html
    from ncpi_rules.report.office.calendar_file import to_ics as to_ics
    from ncpi_rules.report.office.docx_file import board_docx as board_docx
    from ncpi_rules.report.office.docx_file import to_docx as to_docx
    from ncpi_rules.report.office.read_workbook import read_tables as read_tables
    from ncpi_rules.report.office.sheets import SheetCell as SheetCell
    from ncpi_rules.report.office.sheets import SheetRow as SheetRow
    from ncpi_rules.report.office.sheets import SheetTable as SheetTable
    from ncpi_rules.report.office.sheets import days_of as days_of
    from ncpi_rules.report.office.sheets import deadline_sheet as deadline_sheet
    from ncpi_rules.report.office.sheets import unknown_sheet as unknown_sheet
    from ncpi_rules.report.office.workbook import to_xlsx as to_xlsx
    from ncpi_rules.report.office.workbook import workbook_of as workbook_of
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "blocks": [
                "DocumentContents",
                "DocumentHeading",
                "DocumentTable",
                "DocumentText",
                "document_of",
            ],
            "board": ["BoardPaper"],
            "board_page": ["board_html"],
            "calendar_file": ["to_ics"],
            "read_workbook": ["read_tables"],
            "sheets": [
                "SheetCell",
                "SheetRow",
                "SheetTable",
                "days_of",
                "deadline_sheet",
                "unknown_sheet",
            ],
            "docx_file": ["board_docx", "to_docx"],
            "workbook": ["to_xlsx", "workbook_of"],
        },
        extra="office",
        needs=("icalendar", "openpyxl", "docx"),
        purpose="Reading or writing office files",
    )
