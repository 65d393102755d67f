"""Workbooks and documents on paper: wide enough to read, and ruled as lightly as the pages."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest

openpyxl = pytest.importorskip("openpyxl")
docx = pytest.importorskip("docx")

from docx.oxml.ns import qn

from ncpi_rules.core import Status
from ncpi_rules.explore import caseload
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess
from ncpi_rules.report.office import board_docx, to_docx, to_xlsx
from tests.browser import SPREADSHEETS, opened_by_office, pages_in, program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.explore import Caseload

EXAMPLES = Path(__file__).parent.parent / "examples" / "follow-ups"
NORTHUMBRIA = EXAMPLES / "northumbria-2018.yaml"
ON = "2018-12-15"
READABLE = 230
"""Characters side by side on A4 that is turned: letters of more than six points."""


@pytest.fixture(scope="module", name="several")
def _several() -> Caseload:
    """Return the caseload of the examples."""
    return caseload([FollowUp.load(path) for path in sorted(EXAMPLES.glob("*.yaml"))], on=ON)


def _sheets(*contents: bytes) -> Iterator[Any]:
    for content in contents:
        yield from openpyxl.load_workbook(BytesIO(content)).worksheets


def test_a_sheet_can_be_read_on_paper(several: Caseload) -> None:
    """No page has more columns than can be read; each has the heads, and the first column."""
    for sheet in _sheets(several.to_xlsx(), to_xlsx([several.rows[0].plan])):
        columns = range(1, sheet.max_column + 1)
        width = sum(
            sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].width
            for column in columns
        )
        across = sheet.page_setup.fitToWidth
        assert width / across <= READABLE, sheet.title
        assert (sheet.page_setup.fitToHeight, sheet.print_title_rows) == (0, "$1:$1")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_cols == ("$A:$A" if across > 1 else None)


def test_a_caseload_says_where_the_revisit_stands(several: Caseload) -> None:
    """As on its page: beside the most urgent status is the revisit's, its due date and its line."""
    rows = list(csv.DictReader(StringIO(several.to_csv())))
    assert len(rows) == len(several.rows)
    page = several.to_html()
    for row in rows:
        assert f">{row['Where the revisit stands']}</div>" in page
    northumbria = next(row for row in rows if row["Force"] == "Northumbria Police")
    assert northumbria["Revisit"] == "Projected late"
    assert northumbria["Where the revisit stands"] == (
        "Due 28 December 2018. Planned for 7 January 2019: projected to be 10 days late."
    )
    assert northumbria["Revisit due from"] == northumbria["Revisit due to"] == "2018-12-28"
    assert northumbria["Revisit planned or begun to"] == "2019-01-07"
    sheet = next(_sheets(several.to_xlsx()))
    heads, *lines = sheet.iter_rows(values_only=True)
    assert list(heads) == list(rows[0])
    own = [line[heads.index("Revisit")] or "" for line in lines]
    assert own == [row["Revisit"] for row in rows]


def test_the_json_has_the_revisit(several: Caseload) -> None:
    """As in the workbook: its status, when it is due and planned, and where it stands."""
    rows = {row["subject"]: row for row in several.to_dict()["rows"]}
    row = rows["northumbria"]
    assert row["revisit_status"] == Status.PROJECTED_LATE.value
    assert row["revisit_status_label"] == Status.PROJECTED_LATE.label
    assert row["revisit_due"] == {"from": "2018-12-28", "to": "2018-12-28"}
    assert row["revisit_begins"] == {"from": "2019-01-07", "to": "2019-01-07"}
    stands = [row["Where the revisit stands"] for row in csv.DictReader(StringIO(several.to_csv()))]
    assert [row.revisit_line or "No deadline is known." for row in several.document.rows] == stands


def test_a_frame_has_the_revisit(several: Caseload) -> None:
    """A data frame has the status of the revisit, and the days that its dates may be."""
    pandas = pytest.importorskip("pandas")
    frame = several.to_frame().set_index("subject")
    row = frame.loc["northumbria"]
    assert row["revisit_status"] == Status.PROJECTED_LATE.value
    assert row["revisit_due_to"] == pandas.Timestamp("2018-12-28")
    assert row["revisit_begins_from"] == row["revisit_begins_to"] == pandas.Timestamp("2019-01-07")
    assert frame["revisit_due_from"].dtype == frame["published_from"].dtype


def test_tables_of_documents_have_no_vertical_lines() -> None:
    """A document has a line under the head of a table and one under each row, as the pages have."""
    plans = [assess(FollowUp.load(NORTHUMBRIA), on=ON)]
    for content in (to_docx(plans), board_docx(plans)):
        document = docx.Document(BytesIO(content))
        assert len(document.tables) > 1
        for table in document.tables:
            style = table.style.element
            (lines,) = style.iter(qn("w:tblBorders"))
            assert {line.tag for line in lines} == {qn("w:bottom"), qn("w:insideH")}
            (head,) = style.iter(qn("w:tblStylePr"))
            assert head.get(qn("w:type")) == "firstRow"
        parts = ZipFile(BytesIO(content))
        (main,) = (name for name in parts.namelist() if name.endswith("/document.xml"))
        assert b"Borders" not in parts.read(main)


def test_an_office_program_opens_the_workbooks(several: Caseload, tmp_path: Path) -> None:
    """LibreOffice makes pages of the workbook of a caseload, and of that of a plan."""
    program(SPREADSHEETS)
    for name, content in (
        ("caseload", several.to_xlsx()),
        ("plan", to_xlsx([several.rows[0].plan])),
    ):
        file = tmp_path / f"{name}.xlsx"
        file.write_bytes(content)
        assert pages_in(opened_by_office(file, tmp_path)) > len(list(_sheets(content)))
