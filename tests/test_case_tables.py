"""Tables of follow-ups that people fill in, and the caseload that is made of them."""

from __future__ import annotations

import csv
import datetime
from contextlib import suppress
from io import BytesIO, StringIO
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

openpyxl = pytest.importorskip("openpyxl")

from hypothesis import given
from hypothesis import strategies as st

from ncpi_rules.cli import main
from ncpi_rules.core import NOT_YET, UNKNOWN, FactsError, PartialDate, kind_of_decision
from ncpi_rules.explore import (
    case_template,
    caseload,
    cases_from,
    read_cases,
    read_csv_text,
)
from ncpi_rules.explore.case_columns import (  # pinned: every column is filled in
    MADE,
    ON_DUTIES,
    SEVERAL,
    CaseColumn,
    columns_of,
)
from ncpi_rules.facts import (
    FollowUp,
    Recommendation,
    RecordedDecision,
    Suspension,
    Variation,
    Waiver,
)
from ncpi_rules.report.office import read_tables
from ncpi_rules.ruleset import shipped_ruleset
from tests.strategies import broken_files, follow_ups

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RULES = shipped_ruleset()
COLUMNS = columns_of(RULES)
NAMED = [kind for fact in RULES.facts.values() if (kind := kind_of_decision(fact.source))]
"""The kinds of decisions that the vocabulary names, in its order."""
BROKEN = Path(__file__).parent / "broken" / "cases"
EXAMPLES = Path(__file__).parent.parent / "examples" / "follow-ups"
TEXTS = st.sampled_from(["Zoë Quill", "missing from home", "=1+1", "7"])
TEMPLATE = case_template(RULES)
ON = "2019-06-01"
OF_DUTIES: dict[type[RecordedDecision], str] = {
    Waiver: "waived",
    Variation: "varied",
    Suspension: "inspection suspended",
}


def in_cell(value: Any) -> str:
    """Return what a person writes into a cell for a value of a follow-up."""
    if value is UNKNOWN or value is NOT_YET:
        return str(value.value).replace("-", " ")
    if isinstance(value, PartialDate):
        return value.edtf
    if isinstance(value, tuple):
        return "; ".join(value) or "none"
    return str(value).replace("-", " ")


def value_at(follow_up: FollowUp, column: CaseColumn) -> str:
    """Return what stands in the cell of a column for a follow-up."""
    if column.path == "force":
        return follow_up.about.name
    at: Any = follow_up
    for part in column.path.split("."):
        if part == "recommendations":
            return "none" if at.recommendations == () else ""
        if part == "decisions":
            kinds = {decision.kind: decision for decision in follow_up.decisions}
            if column.decision not in kinds:
                return ""
            return in_cell(getattr(kinds[column.decision], column.path.rpartition(".")[2]))
        at = getattr(at, part)
    return "" if at in {"", ()} and column.path in {"note", "sources"} else in_cell(at)


def tables_of(follow_up: FollowUp) -> dict[str, list[list[str]]]:
    """Return the sheets that are filled in with one follow-up."""
    made = follow_up.inspection_report.recommendations
    lines = (
        []
        if made is UNKNOWN
        else [
            [
                follow_up.about.id,
                "",
                *(
                    str(getattr(recommendation, column.path))
                    if getattr(recommendation, column.path) is not UNKNOWN
                    else ""
                    for column in MADE[2:]
                ),
            ]
            for recommendation in made
        ]
    )
    return {
        "Follow-ups": [
            [column.head for column in COLUMNS],
            [value_at(follow_up, column) for column in COLUMNS],
        ],
        "Recommendations": [[column.head for column in MADE], *lines],
        "Decisions": [
            [column.head for column in ON_DUTIES],
            *(
                decided(decision, follow_up)
                for decision in follow_up.decisions
                if type(decision) in OF_DUTIES
            ),
        ],
        "Revisits": [
            [column.head for column in SEVERAL],
            *(
                [
                    follow_up.about.id,
                    "",
                    str(number),
                    *(in_cell(attrgetter(column.path)(revisit)) for column in SEVERAL[3:]),
                ]
                for number, revisit in enumerate(follow_up.revisits, 1)
            ),
        ],
    }


def decided(decision: RecordedDecision, follow_up: FollowUp) -> list[str]:
    """Return the line of a decision on a duty."""
    values = {
        column.path: in_cell(getattr(decision, column.path))
        for column in ON_DUTIES[4:]
        if getattr(decision, column.path, "")
    }
    values |= {"force": follow_up.about.id, "decision": OF_DUTIES[type(decision)]}
    if not isinstance(decision, Suspension):
        values["of"] = str(getattr(decision, "of", ""))
    return [values.get(column.path, "") for column in ON_DUTIES]


def filled(tables: dict[str, list[list[Any]]]) -> bytes:
    """Return the template with some tables filled in."""
    book = openpyxl.load_workbook(BytesIO(TEMPLATE))
    for title, (_, *rows) in tables.items():
        for number, row in enumerate(rows, 2):
            for place, value in enumerate(row, 1):
                cell = book[title].cell(row=number, column=place)
                cell.value = value or None
                if isinstance(value, str):
                    cell.data_type = "s"
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def can_be_a_row(follow_up: FollowUp) -> bool:
    """Return True for what a row can hold: known topics, and one decision of each of two kinds.

    What is waived or varied is an event: a rule has no name that people would write.
    """
    others = [decision for decision in follow_up.decisions if type(decision) in OF_DUTIES]
    kinds = [decision.kind for decision in follow_up.decisions if decision not in others]
    made = follow_up.inspection_report.recommendations
    topics = set() if made is UNKNOWN else {recommendation.topic for recommendation in made}
    return (
        len(kinds) == len(set(kinds))
        and set(kinds) <= {*NAMED}
        and topics <= {UNKNOWN, *RULES.topics}
        and all(getattr(other, "of", "revisit-begins") in RULES.events for other in others)
    )


@given(follow_ups(texts=TEXTS).filter(can_be_a_row))
def test_what_is_filled_in_is_read(follow_up: FollowUp) -> None:
    """A follow-up that is written into the template, column by column, is read as it was."""
    rows, problems = read_cases(tables_of(follow_up), RULES)
    assert problems == []
    order = {kind: place for place, kind in enumerate(NAMED)}
    decisions = sorted(follow_up.decisions, key=lambda decision: order.get(decision.kind, 2))
    assert [row.follow_up for row in rows] == [follow_up.evolve(decisions=tuple(decisions))]


def test_a_workbook_is_read_as_its_texts() -> None:
    """A filled-in workbook has the texts of its cells; the template alone has no follow-up."""
    follow_up = FollowUp.load(EXAMPLES / "kent-2019.yaml")
    tables = tables_of(follow_up)
    read = read_tables(filled(tables), name="x.xlsx")
    lists = ["Follow-ups", "Recommendations", "Decisions", "Revisits"]
    assert list(read) == [*lists, "Values", "Read me"]
    rows, problems = read_cases(read, RULES)
    assert ([row.follow_up.about.id for row in rows], problems) == (["kent"], [])
    assert read_cases(read_tables(TEMPLATE, name="x.xlsx"), RULES) == ([], [])


def test_the_lists_of_the_template_have_values() -> None:
    """Each list to choose from leads to cells that are filled, under the head of its column."""
    book = openpyxl.load_workbook(BytesIO(TEMPLATE))
    heads = {}
    for title in ("Follow-ups", "Recommendations", "Decisions"):
        for choice in book[title].data_validations.dataValidation:
            first, last = choice.formula1.removeprefix("=Values!").replace("$", "").split(":")
            cells = [cell.value for (cell,) in book["Values"][f"{first}:{last}"]]
            head = book[title][f"{str(choice.sqref).split('2:')[0]}1"].value
            assert book["Values"][f"{first.rstrip('0123456789')}1"].value == head
            assert None not in cells
            heads[head] = cells
    decided = {"Full re-inspection decided", "Tier chosen"}
    of_cases = {"Force", "Findings", "Prospects", *decided, "Time limit", "Topic"}
    assert set(heads) == {*of_cases, "Decision", "Of what"}
    assert heads["Findings"] == ["broadly positive", "not broadly positive", "not known"]


@pytest.mark.parametrize(
    ("value", "shown", "expected"),
    [
        (datetime.datetime(2019, 3, 5), "d mmmm yyyy", "2019-03-05"),  # noqa: DTZ001
        (datetime.datetime(2019, 3, 1), "mmm-yy", "2019-03"),  # noqa: DTZ001
        (datetime.datetime(2019, 1, 1), "yyyy", "2019"),  # noqa: DTZ001
        (2019, "General", "2019"),
        ("05/03/2019", "General", "2019-03-05"),
        ("Not yet", "General", NOT_YET),
        ("2019-03-05/2019-03-07", "General", "2019-03-05/2019-03-07"),
    ],
)
def test_a_date_is_as_exact_as_it_is_shown(value: Any, shown: str, expected: Any) -> None:
    """A day that Excel shows as a month or a year is one; in figures, the day comes first."""
    book = openpyxl.load_workbook(BytesIO(filled({})))
    sheet = book["Follow-ups"]
    sheet["A2"], sheet["B2"] = "Kent Police", value
    sheet["B2"].number_format = shown
    content = BytesIO()
    book.save(content)
    (row,), problems = read_cases(read_tables(content.getvalue(), name="x"), RULES)
    published = row.follow_up.inspection_report.published
    assert problems == []
    assert (published.edtf if isinstance(published, PartialDate) else published) == expected


@pytest.mark.parametrize("text", ["", "No", "no"])
def test_no_decision_is_recorded_where_the_cell_says_so(text: str) -> None:
    """'No' in the column of a decision says what an empty cell says: that there is none."""
    head = ["Force", "Full re-inspection decided", "Tier chosen"]
    lines = [head, ["Kent Police", text, text and "Nothing"]]
    (row,), problems = read_cases({"cases": lines}, RULES)
    assert problems == []
    assert row.follow_up.decisions == ()


@pytest.mark.parametrize("path", sorted(BROKEN.glob("*.csv")), ids=lambda path: path.stem)
def test_every_problem_has_its_cell(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All problems of a table are told at once, each with its cell and the head of its column."""
    monkeypatch.chdir(BROKEN)
    assert main(["caseload", path.name, "--on", ON]) == 1
    assert capsys.readouterr().err == path.with_suffix(".expected.txt").read_text("utf-8")


def problems_of(tables: Mapping[str, Sequence[Sequence[str]]]) -> list[str]:
    """Return the problems of tables, as they are printed."""
    return [str(problem) for problem in read_cases(tables, RULES)[1]]


NONE_MADE = "A recommendation stands here, but the follow-up says that it has none."
UNCLEAR = """\
Recommendations!A2 (Force): It is not clear to which follow-up this belongs.
  help: Write the force and the report as in the sheet 'Follow-ups'."""


def test_problems_of_recommendations() -> None:
    """A recommendation that cannot be used, or belongs to nobody, is told in its own sheet."""
    heads = ["Force", "Report published", "Number", "Time limit", "Topic"]
    tables: dict[str, Sequence[Sequence[str]]] = {
        "Follow-ups": [
            ["Force", "Report published", "Recommendations"],
            ["Kent Police", "2019-03-05", ""],
            ["Surrey Police", "2019-03-05", "none"],
        ],
        "Recommendations": [
            heads,
            ["Kent Police", "", "1", "soon", "weather"],
            ["Kent Police", "", "", "", ""],
            ["Surrey Police", "", "1", "", ""],
            ["Norfolk Constabulary", "", "1", "", ""],
            ["Norfork", "", "1", "", ""],
        ],
    }
    assert [line.split("\n")[0] for line in problems_of(tables)] == [
        "Recommendations!E2 (Topic): 'weather' is not a value.",
        "Recommendations!C3 (Number): The number is missing.",
        "Recommendations!D2 (Time limit): 'soon' is not a time-limit.",
        f"Recommendations!C4 (Number): {NONE_MADE}",
        "Recommendations!A5 (Force): It is not clear to which follow-up this belongs.",
        "Recommendations!A6 (Force): There is no police force 'Norfork' in England and Wales.",
    ]


BESIDE = "'notice' stands beside 'revisits', so it is not clear which revisit it belongs to."
SEVERAL_REVISITS = {
    "Follow-ups": [
        ["Force", "Report published", "Full re-inspection decided on"],
        ["Kent Police", "2019-06-03", "2020-01-20"],
    ],
    "Decisions": [
        ["Force", "Decision", "Of what", "Decided on", "Decided by"],
        ["Kent Police", "varied", "Action plan received", "2019-07-01", "HMICFRS"],
    ],
    "Revisits": [
        ["Force", "Revisit", "Revisit begins", "Revisit ends"],
        ["Kent Police", "2", "02/03/2020", "2020-03-13"],
        ["Kent Police", "1", "2019-11-04", "2019-11-08"],
    ],
}


def test_a_force_with_several_revisits() -> None:
    """Revisits and what was varied are read from sheets of their own, in the order of numbers."""
    rows, problems = read_cases(SEVERAL_REVISITS, RULES)
    assert problems == []
    begins = [str(revisit.fieldwork.begins) for revisit in rows[0].follow_up.revisits]
    assert begins == ["2019-11-04", "2020-03-02"]
    (varied,) = [
        decision for decision in rows[0].follow_up.decisions if isinstance(decision, Variation)
    ]
    assert (varied.of, varied.by, varied.why) == ("action-plan-received", "HMICFRS", UNKNOWN)


def test_problems_of_decisions_and_revisits() -> None:
    """What cannot be used in them is told with its cell."""
    tables = {
        **SEVERAL_REVISITS,
        "Follow-ups": [["Force", "Notice given"], ["Kent Police", "2019-03-05"]],
        "Decisions": [
            ["Force", "Decision", "Of what", "Suspended from"],
            ["Kent Police", "", "Revisit begins", ""],
            ["Kent Police", "waived", "", ""],
            ["Kent Police", "waived", "tea", ""],
            ["Kent Police", "varied", "Revisit begins", "2019-03-01"],
            ["Surrey Police", "waived", "Revisit begins", ""],
        ],
        "Revisits": [["Force", "Revisit"], ["kent", "1"], ["kent", "3"], ["kent", "one"]],
    }
    assert [line.split("\n")[0] for line in problems_of(tables)] == [
        "Decisions!B2 (Decision): What was decided is missing.",
        "Decisions!C3 (Of what): 'Of what' is empty.",
        "Decisions!C4 (Of what): 'tea' is not a value.",
        "Decisions!D5 (Suspended from): 'Suspended from' is not for what is waived or varied.",
        "Revisits!B4 (Revisit): 'one' is not the number of a revisit.",
        "Revisits!B3 (Revisit): Revisit 3 is there, but there are 2 of them.",
        f"Follow-ups!B2 (Notice given): {BESIDE}",
        "Decisions!A6 (Force): It is not clear to which follow-up this belongs.",
    ]


def test_the_report_tells_two_follow_ups_of_a_force_apart() -> None:
    """Where a force has two rows, a recommendation belongs to that of its report."""
    tables = {
        "Follow-ups": [
            ["Force", "Report published"],
            ["Kent Police", "2016-03-05"],
            ["Kent Police", "2019-03-05"],
        ],
        "Recommendations": [
            ["Force", "Report published", "Number"],
            ["Kent Police", "05/03/2019", "1"],
        ],
    }
    rows, problems = read_cases(tables, RULES)
    made = [row.follow_up.inspection_report.recommendations for row in rows]
    assert (problems, made[0]) == ([], UNKNOWN)
    assert [str(recommendations) for recommendations in made[1:]] == [
        f"({Recommendation(id='1')},)"
    ]
    unclear = {**tables, "Recommendations": [["Force", "Number"], ["kent", "1"]]}
    assert problems_of(unclear) == [UNCLEAR]


NO_WORKBOOK = """\
This is not a workbook that can be read.
  help: Save it as an Excel workbook (.xlsx) without a password.
"""


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"Force\nKent Police\n", TEMPLATE[:900]])
def test_what_is_no_workbook_is_refused(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that only has the name of a workbook is refused in a sentence."""
    path = tmp_path / "cases.xlsx"
    path.write_bytes(content)
    assert main(["caseload", str(path), "--on", ON]) == 1
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"{path}: {NO_WORKBOOK}")


def test_no_row_and_no_formula_is_passed_over(tmp_path: Path) -> None:
    """A formula whose value was not saved, and rows beyond the most, are refused and not lost."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Force", "Report published"])
    sheet.append(["Kent", "=TODAY()"])
    book.save(tmp_path / "formula.xlsx")
    with pytest.raises(FactsError, match="A formula stands in the cell B2, and its value was not"):
        read_tables((tmp_path / "formula.xlsx").read_bytes(), name="cases.xlsx")
    sheet["B2"] = None
    for _ in range(20_000):
        sheet.append(["Kent"])
    book.save(tmp_path / "long.xlsx")
    with pytest.raises(FactsError, match="has more than 20,000 rows"):
        read_tables((tmp_path / "long.xlsx").read_bytes(), name="cases.xlsx")


@given(broken_files(whole=TEMPLATE))
def test_a_broken_workbook_is_read_or_refused(content: bytes) -> None:
    """Whatever the bytes, a workbook is read or refused: nothing else is raised."""
    with suppress(FactsError):
        tables = read_tables(content, name="x.xlsx")
        assert isinstance(read_cases(tables, RULES), tuple)


@given(st.lists(st.lists(st.text(max_size=12), max_size=4), max_size=4))
def test_whatever_stands_in_cells_is_read_or_told(lines: list[list[str]]) -> None:
    """Whatever the texts below the right heads, each line is a follow-up or has a problem."""
    heads = [column.head for column in COLUMNS[:4]]
    rows, problems = read_cases({"Follow-ups": [heads, *lines]}, RULES)
    full = [line for line in lines if any(cell.strip() for cell in line)]
    assert len(rows) <= len(full)
    assert len(rows) == len(full) or problems != []
    assert all(str(problem.place).startswith("Follow-ups!") for problem in problems)


def test_init_writes_a_template_that_caseload_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``init --cases`` writes the template; filled in, it gives the caseload of its follow-ups."""
    path = tmp_path / "cases.xlsx"
    assert main(["init", "--cases", str(path)]) == 0
    assert path.read_bytes() == TEMPLATE
    assert capsys.readouterr().out == (
        f"{path} takes a follow-up in each row; its sheet 'Read me' says how. Then:\n"
        f"  ncpi-rules caseload {path}\n"
    )
    assert main(["caseload", str(path), "--on", ON]) == 1
    assert "There is no follow-up in it." in capsys.readouterr().err
    follow_up = FollowUp.load(EXAMPLES / "kent-2019.yaml").evolve(sources=())
    path.write_bytes(filled(tables_of(follow_up)))
    expected = caseload([follow_up], on=ON)
    assert main(["caseload", str(path), "--on", ON]) == 0
    assert capsys.readouterr().out == expected.to_text()
    output = tmp_path / "out.xlsx"
    assert main(["caseload", str(path), "--on", ON, "--format", "xlsx", "-o", str(output)]) == 0
    assert output.read_bytes() == expected.to_xlsx()
    assert main(["caseload", str(path), "--on", ON, "-o", str(path), "--replace"]) == 2
    assert "This file is an input" in capsys.readouterr().err
    assert main(["init"]) == 2
    assert main(["init", "--cases", "x.txt"]) == 2


def test_a_caseload_as_a_workbook_csv_and_calendar() -> None:
    """The files of a caseload have its rows, all deadlines of its plans, and no formulas."""
    loaded = [FollowUp.load(path) for path in sorted(EXAMPLES.glob("*.yaml"))]
    page = caseload(loaded, on=ON)
    book = openpyxl.load_workbook(BytesIO(page.to_xlsx()))
    assert book.sheetnames == ["Caseload", "Deadlines", "Not recorded"]
    names = [row.subject_name for row in page.rows]
    assert [row[0] for row in book["Caseload"].iter_rows(min_row=2, values_only=True)] == names
    count = sum(len(row.plan.deadlines) for row in page.rows)
    assert book["Deadlines"].max_row == count + 1
    lines = list(csv.DictReader(StringIO(page.to_csv())))
    assert [line["Force"] for line in lines] == names
    assert [line["Why"] for line in lines] == [row.reason for row in page.rows]
    assert page.to_ics().startswith(b"BEGIN:VCALENDAR")


def test_a_caseload_as_a_data_frame() -> None:
    """A data frame has a row for each follow-up, with days as days and numbers as numbers."""
    pytest.importorskip("pandas")
    loaded = [FollowUp.load(path) for path in sorted(EXAMPLES.glob("*.yaml"))]
    page = caseload(loaded, on=ON)
    frame = page.to_frame()
    assert list(frame["subject"]) == [row.subject for row in page.rows]
    assert list(frame["status"]) == [row.status.value for row in page.rows]
    assert [str(frame.dtypes[name]) for name in ("due_from", "days_left_from")][1] == "Int64"
    assert str(frame.dtypes["due_from"]).startswith("datetime64")
    assert list(frame["revisit_line"]) == [entry.revisit_line for entry in page.document.rows]
    assert list(caseload([], on=ON).to_frame().columns) == list(frame.columns)


def test_follow_ups_from_a_data_frame() -> None:
    """The rows of a data frame with the columns of a template are read as those of a workbook."""
    pandas = pytest.importorskip("pandas")
    rows = [
        {"Force": "Kent Police", "Report published": datetime.date(2019, 3, 5), "Findings": None},
        {"Force": "gwent", "Report published": None, "Findings": "broadly positive"},
    ]
    frame = pandas.DataFrame(rows)
    frame["Report published"] = pandas.to_datetime(frame["Report published"])
    first, second = cases_from(frame.to_dict("records"), RULES)
    assert [case.to_dict()["force"] for case in (first, second)] == ["kent", "gwent"]
    assert first.inspection_report.published == PartialDate.read("2019-03-05")
    assert second.inspection_report.published is UNKNOWN
    assert cases_from(frame, RULES) == [first, second], "the frame as it comes"
    with pytest.raises(FactsError, match=r"B2 \(Findings\): 'good' is not a value"):
        cases_from([{"Force": "kent", "Findings": "good"}], RULES)


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow"])
def test_a_table_without_rows_has_no_follow_up(kind: str) -> None:
    """Where the columns are there and nothing is in them, there is none; a column is no table."""
    library = pytest.importorskip(kind)
    make = library.table if kind == "pyarrow" else library.DataFrame
    assert cases_from(make({"Force": []}), RULES) == []
    with pytest.raises(FactsError, match="'Farce' is not a column"):
        cases_from(make({"Farce": ["kent"]}), RULES)
    if kind != "pyarrow":
        with pytest.raises(FactsError, match="not a table of follow-ups"):
            cases_from(make({"Force": ["kent"]})["Force"], RULES)


@pytest.mark.parametrize("kind", ["polars", "pyarrow", "duckdb"])
def test_follow_ups_from_a_table_as_it_comes(kind: str) -> None:
    """A table of polars, Arrow or DuckDB holds the same follow-ups as its rows, and no other."""
    library = pytest.importorskip(kind)
    columns = {"Force": ["kent", "gwent"], "Report published": [datetime.date(2019, 3, 5), None]}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    arrow = pytest.importorskip("pyarrow").table(columns)
    table = {
        "polars": lambda: library.DataFrame(columns),
        "pyarrow": lambda: arrow,
        "duckdb": lambda: library.from_arrow(arrow),
    }[kind]()
    assert cases_from(table, RULES) == cases_from(rows, RULES)


@pytest.mark.parametrize("table", ["Kent", 7, ["Kent"]])
def test_what_is_no_table_of_follow_ups_is_refused(table: object) -> None:
    """Something else than a table is refused in a sentence that names it."""
    with pytest.raises(FactsError, match=f"A {type(table).__name__} is not a table of follow-ups"):
        cases_from(table, RULES)


def test_csv_may_have_semicolons() -> None:
    """A CSV with semicolons or tabs between its columns is read like one with commas."""
    texts = [f"Force{between}Note\nKent Police{between}x\n" for between in ",;\t"]
    assert len({str(read_csv_text(text)) for text in texts}) == 1
