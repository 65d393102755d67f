"""Plans as workbooks of Excel, as another program reads them."""

from __future__ import annotations

import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

openpyxl = pytest.importorskip("openpyxl")

from hypothesis import given
from hypothesis import strategies as st

from ncpi_rules.cli import main
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess, masked
from ncpi_rules.report.office import to_xlsx
from tests.strategies import to_assess

EXAMPLES = Path(__file__).parent.parent / "examples" / "follow-ups"
NORTHUMBRIA = EXAMPLES / "northumbria-2018.yaml"
SHEETS = [
    "Summary",
    "Actions",
    "Deadlines",
    "Documents",
    "Not recorded",
    "Statements",
    "Open questions",
]


def read(content: bytes) -> Any:
    """Return a workbook as openpyxl reads it."""
    return openpyxl.load_workbook(BytesIO(content))


def rows_of(book: Any, sheet: str) -> list[dict[str, Any]]:
    """Return the rows of a sheet by the heads of its columns."""
    heads, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


@given(to_assess())
def test_the_sheets_hold_the_plan(asked: dict[str, Any]) -> None:
    """Each item of a plan is a row of its sheet, with days as days; each statement has a row."""
    plan = assess(**asked)
    book = read(to_xlsx([plan]))
    assert book.sheetnames == SHEETS
    actions = [*plan.required_actions, *plan.optional_actions]
    named = [
        plan.document.titled(action.sentence, action) for action in actions
    ]  # with its revisit
    assert [row["Action"] for row in rows_of(book, "Actions")] == named
    assert len(rows_of(book, "Documents")) == len(plan.documents)
    assert len(rows_of(book, "Not recorded")) == len(plan.unknown)
    rows = rows_of(book, "Deadlines")
    for row, item in zip(rows, plan.deadlines, strict=True):
        due = (None, None) if item.due is None else (item.due.first, item.due.last)
        days = (row["Due from"], row["Due to"])
        assert tuple(day and day.date() for day in days) == due
        assert row["Days left"] == (item.days_left and item.days_left.least)
        assert row["Status"].casefold() == item.status_label.casefold()
    cited = {id_ for row in rows for id_ in str(row["Statements"]).split(", ")}
    known = {row["Statement"]: row["Summary"] for row in rows_of(book, "Statements")}
    assert cited <= known.keys()
    assert known.items() <= {
        (id_, statement.summary) for id_, statement in plan.ruleset.statements.items()
    }


@given(to_assess(texts=st.sampled_from(["=1+1", "+44 1", "-1", "@name", "\t=2"])))
def test_no_text_becomes_a_formula(asked: dict[str, Any]) -> None:
    """Whatever the facts say, a cell holds the text, a number or a day, and no formula."""
    book = read(to_xlsx([assess(**asked)]))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in {"s", "n", "d"}
                if str(cell.value).startswith(("=", "+", "-", "@", "\t")):
                    assert cell.quotePrefix or isinstance(cell.value, int)


@given(to_assess(texts=st.sampled_from(["Zoë Quill", "Quill, Zoë"])))
def test_masked_names_are_masked(asked: dict[str, Any]) -> None:
    """No name of masked facts is left, but those that are ids of recommendations and areas."""
    follow_up = masked(asked.pop("follow_up"))
    book = read(to_xlsx([assess(follow_up, **asked)]))
    cells = [str(value) for row in book["Summary"].iter_rows(values_only=True) for value in row]
    assert [cell for cell in cells if "Quill" in cell and "ecommendation" not in cell] == []


def test_the_bytes_come_from_the_plan_alone() -> None:
    """No time of the clock is in a workbook: the same plan gives the same bytes."""
    plan = assess(FollowUp.load(NORTHUMBRIA), on="2018-12-15")
    content = to_xlsx([plan])
    assert to_xlsx([plan]) == content
    day = datetime.datetime(2018, 12, 15, tzinfo=datetime.UTC).replace(tzinfo=None)
    assert read(content).properties.modified == read(content).properties.created == day


def test_every_sheet_can_be_filtered_and_printed() -> None:
    """The head of each sheet is frozen and repeated, its rows have a filter, and it fits A4."""
    book = read(to_xlsx([assess(FollowUp.load(NORTHUMBRIA), on="2018-12-15")]))
    for sheet in book:
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A2", "$1:$1")
        assert sheet.auto_filter.ref == sheet.dimensions
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    cell = book["Deadlines"]["E4"]
    assert (cell.value, cell.number_format) == (datetime.datetime(2019, 1, 6), "d mmmm yyyy")  # noqa: DTZ001


def test_assess_writes_a_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``--format xlsx`` needs a file; several follow-ups are rows of the same sheets."""
    asked = ["assess", str(NORTHUMBRIA), str(EXAMPLES / "kent-2019.yaml"), "--on", "2019-12-15"]
    assert main([*asked, "--format", "xlsx"]) == 2
    assert capsys.readouterr() == (
        "",
        "The format xlsx is written to a file.\n  help: Add: -o FILE.xlsx\n",
    )
    output = tmp_path / "plans.xlsx"
    assert main([*asked, "--format", "xlsx", "-o", str(output)]) == 0
    forces = {row["Force"] for row in rows_of(read(output.read_bytes()), "Deadlines")}
    assert forces == {"Northumbria Police", "Kent Police"}
    assert main([*asked[:-1], "2019-12-16", "--format", "xlsx", "-o", str(output)]) == 2
    assert "exists already" in capsys.readouterr().err
