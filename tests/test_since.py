"""What has changed since an earlier plan: all that somebody owes, and not that days went by."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from ncpi_rules.cli import main
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import schema
from ncpi_rules.plan import Plan, PlanDocument, PlanSince, Record, Since, assess
from ncpi_rules.report import html, summary
from ncpi_rules.report.text_page import columns_of  # pinned: how wide a line is
from tests.browser import opened_by_office, pages_in, printed
from tests.strategies import PLAIN_TEXTS, plans, to_assess
from tests.test_render import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLLOW_UPS = Path(__file__).parents[1] / "examples" / "follow-ups"
NORTHUMBRIA = FOLLOW_UPS / "northumbria-2018.yaml"
VALIDATOR = Draft202012Validator(schema("plan-since"))
NOTHING = "Nothing that anybody owes has changed."


CHANGED = "The status of 'Revisit begins' is now late (was projected late)."


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Write a record of an example, and return a command that compares a later plan with it."""
    monkeypatch.chdir(tmp_path)
    assert main(["assess", str(NORTHUMBRIA), "--on", "2018-12-15", "--record", "r.json"]) == 0
    return ["assess", str(NORTHUMBRIA), "--on", "2019-01-20", "--since", "r.json"]


def both(earlier: PlanDocument, plan: PlanDocument) -> Iterator[tuple[str, str]]:
    """Yield what is asked of each deadline that two plans have, beside its label."""
    later = {(deadline.id, deadline.revisit): deadline for deadline in plan.deadlines}
    for deadline in earlier.deadlines:
        now = later.get((deadline.id, deadline.revisit))
        if now is not None and (deadline.due, deadline.status) != (now.due, now.status):
            yield now.label, deadline.label


@given(plans(texts=PLAIN_TEXTS))
def test_a_plan_has_not_changed_since_itself(plan: PlanDocument) -> None:
    """Of the same plan it is said that nothing has changed, and nothing besides."""
    assert Since.of(plan, plan).sentences == (NOTHING,)


@given(plans(texts=PLAIN_TEXTS), plans(texts=PLAIN_TEXTS))
def test_what_is_owed_otherwise_is_said(earlier: PlanDocument, plan: PlanDocument) -> None:
    """Each due date and status that differs is named; the summary stays one screen with it."""
    text = " ".join(Since.of(earlier, plan).sentences)
    for now, before in both(earlier, plan):
        assert now in text or before in text
    lines = summary(plan, since=earlier, more="Add more.").splitlines()
    assert len(lines) <= 25
    assert max(map(columns_of, lines)) <= 80
    page = Page(html(plan, since=earlier))
    assert page.problems == []
    assert f"Changed since {earlier.on_text}" in page.text


def test_days_that_go_by_are_no_change() -> None:
    """A day later, with nothing recorded, neither the days left nor a window is reported."""
    follow_up = FollowUp.load(NORTHUMBRIA)
    earlier, plan = (assess(follow_up, on=day).document for day in ("2018-12-01", "2018-12-02"))
    assert Since.of(earlier, plan).sentences[0] == NOTHING


def test_the_command_heads_a_plan_with_what_has_changed(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """``--since RECORD`` is read as it was written, in text, Markdown and HTML."""
    capsys.readouterr()
    for more in ([], ["--full"], ["--format", "markdown"], ["--format", "html"]):
        assert main([*asked, *more]) == 0
        text = Page(capsys.readouterr().out).text
        assert "changed since 15 december 2018" in text.lower()
        assert CHANGED in text


def test_the_json_has_what_has_changed_beside_the_plan(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """With ``--since`` the JSON has two parts: the changes, and the plan as it is without."""
    capsys.readouterr()
    assert main([*asked, "--format", "json"]) == 0
    text = capsys.readouterr().out
    read = PlanSince.from_json(text)
    plan = assess(FollowUp.load(NORTHUMBRIA), on="2019-01-20")
    earlier = Record.read("r.json").plan
    assert read.plan == plan.document
    assert read.since == Since.of(earlier, plan.document)
    assert read.since.on == earlier.on
    assert read.since.changes[0].message == CHANGED
    assert (read.since.changes[0].before, read.since.changes[0].after) == ("projected late", "late")
    assert plan.to_json(since=earlier) + "\n" == text
    before = assess(FollowUp.load(NORTHUMBRIA), on="2018-12-15")
    assert plan.to_html(since=before) == plan.to_html(since=earlier)


@given(plans(texts=PLAIN_TEXTS), plans(texts=PLAIN_TEXTS))
def test_the_json_is_as_its_schema_says(earlier: PlanDocument, plan: PlanDocument) -> None:
    """Whatever has changed, the JSON obeys the published schema and is read back."""
    made = PlanSince.of(earlier, plan)
    VALIDATOR.validate(made.to_dict())
    assert PlanSince.from_json(made.to_json()) == made


@given(plans(texts=PLAIN_TEXTS), to_assess(texts=PLAIN_TEXTS))
def test_a_board_paper_begins_with_a_change_or_two(
    earlier: PlanDocument, asked_for: dict[str, Any]
) -> None:
    """A paper names the changes that matter most and counts the rest, and is as short as before."""
    office = pytest.importorskip("ncpi_rules.report.office", reason="needs the extra 'office'")
    plan: Plan = assess(**asked_for)
    paper, messages = (
        office.BoardPaper.of(plan, earlier),
        Since.of(earlier, plan.document).messages,
    )
    named = paper.changed[:2]
    assert [text.rstrip("…") for text in named] == [
        message[: len(text.rstrip("…"))] for text, message in zip(named, messages, strict=False)
    ]
    rest = len(messages) - 2
    counted = f"And {rest} more change{'s' if rest > 1 else ''} in the plan."
    assert paper.changed[2:] == ((counted,) if rest > 0 else ())
    assert paper.lines <= 37 or not paper.dates
    page = Page(office.board_html([plan], since=earlier))
    assert page.problems == []
    assert page.text.index(paper.changed_heading) < page.text.index("The board is asked to")
    assert office.BoardPaper.of(plan).changed == ()


def test_a_board_paper_with_changes_is_one_page(tmp_path: Path) -> None:
    """Printed by a browser and opened by LibreOffice, each example's paper is a page of A4."""
    office = pytest.importorskip("ncpi_rules.report.office", reason="needs the extra 'office'")
    pytest.importorskip("docx")
    follow_ups = [FollowUp.load(file) for file in sorted(FOLLOW_UPS.glob("*.yaml"))]
    earlier = assess(follow_ups[-1], on="2014-01-01").document
    plans_now = [assess(follow_up, on="2023-06-01") for follow_up in follow_ups]
    paper = tmp_path / "board.docx"
    paper.write_bytes(office.board_docx(plans_now, since=earlier))
    assert pages_in(opened_by_office(paper, tmp_path)) == len(plans_now)
    page = office.board_html(plans_now, since=earlier)
    assert pages_in(printed(page, tmp_path)) == len(plans_now)


@pytest.mark.parametrize(("format_", "ending"), [("board", "html"), ("board", "docx")])
def test_the_command_heads_a_board_paper(asked: list[str], format_: str, ending: str) -> None:
    """A board paper of either kind begins with what has changed."""
    docx = pytest.importorskip("docx")
    pytest.importorskip("openpyxl")
    pytest.importorskip("icalendar")
    assert main([*asked, "--format", format_, "-o", f"paper.{ending}"]) == 0
    if ending == "html":
        text = Page(Path("paper.html").read_text("utf-8")).text
    else:
        text = "\n".join(paragraph.text for paragraph in docx.Document("paper.docx").paragraphs)
    assert CHANGED in text
    assert text.index("Changed since 15 December 2018") < text.index("The board is asked to")


def test_a_workbook_has_the_changes_on_its_first_sheet(asked: list[str]) -> None:
    """Each change is a row of the first sheet, with the part of the plan that it is about."""
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("docx")
    pytest.importorskip("icalendar")
    assert main([*asked, "--format", "xlsx", "-o", "plan.xlsx"]) == 0
    book = openpyxl.load_workbook("plan.xlsx")
    assert book.sheetnames[:2] == ["Changed since", "Summary"]
    head, *rows = book["Changed since"].iter_rows(values_only=True)
    assert head == ("Force", "Part of the plan", "Changed since 15 December 2018")
    plan = assess(FollowUp.load(NORTHUMBRIA), on="2019-01-20").document
    since = Since.of(Record.read("r.json").plan, plan)
    assert tuple(row[2] for row in rows) == since.sentences
    assert rows[0] == ("Northumbria Police", "Deadlines", CHANGED)


def test_a_document_says_what_has_changed(asked: list[str]) -> None:
    """So does a .docx, before what is next."""
    docx = pytest.importorskip("docx")
    pytest.importorskip("openpyxl")
    pytest.importorskip("icalendar")
    assert main([*asked, "--format", "docx", "-o", "plan.docx"]) == 0
    text = "\n".join(paragraph.text for paragraph in docx.Document("plan.docx").paragraphs)
    assert CHANGED in text
    assert text.index("Changed since 15 December 2018") < text.index("What is next")


def test_a_record_of_a_later_day_is_refused(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing can have changed since a day that is still to come."""
    assert main([*asked[:3], "2018-11-01", *asked[4:]]) == 2
    assert capsys.readouterr().err == (
        "'r.json' has the position as at 15 December 2018, which is later than that of the plan.\n"
        "  help: Name an earlier record, or assess on a later day.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["--format", "ics", "-o", "x"],
            "A calendar does not say what has changed: its entries replace those before.",
        ),
        (
            ["--format", "letters", "-o", "x"],
            "A letter does not say what has changed: its reader has not seen the earlier plan.",
        ),
        (["--mask-names"], "Name a record that was written with --mask-names."),
        ([str(FOLLOW_UPS / "kent-2019.yaml")], "several files are named"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    arguments: list[str],
    expected: str,
    asked: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A record with names where they are masked, another format and several files are refused."""
    assert main([*asked, *arguments]) == 2
    assert expected in capsys.readouterr().err
    kent = str(FOLLOW_UPS / "kent-2019.yaml")
    assert main(["assess", kent, "--since", "r.json"]) == 2
    assert "is about Northumbria Police, not Kent Police." in capsys.readouterr().err
    edited = Path("r.json").read_text().replace("post-inspection", "other-inspection", 1)
    Path("r.json").write_text(edited)
    assert main(["assess", str(NORTHUMBRIA), "--since", "r.json"]) == 2
