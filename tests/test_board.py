"""Papers for a board, and plans as documents: what they say, and that a paper is one page."""

from __future__ import annotations

import datetime
import re
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

docx = pytest.importorskip("docx")

from hypothesis import given
from hypothesis import strategies as st

from ncpi_rules.cli import main
from ncpi_rules.core import PartialDate, lower_first, upper_first
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import Plan, assess, masked
from ncpi_rules.report.office import BoardPaper, board_docx, board_html, to_docx
from ncpi_rules.report.position import Position  # pinned: what the first box of a plan says
from tests.browser import opened_by_office, pages_in, printed
from tests.strategies import to_assess

EXAMPLES = Path(__file__).parent.parent / "examples" / "follow-ups"
NORTHUMBRIA = EXAMPLES / "northumbria-2018.yaml"


def plan_on(day: str) -> Plan:
    """Return the plan of an example on a day."""
    return assess(FollowUp.load(NORTHUMBRIA), on=day)


@cache
def example_plans() -> list[Plan]:
    """Return the plan of every example some months after its report, and after a year."""
    plans = []
    for path in sorted(EXAMPLES.glob("*.yaml")):
        follow_up = FollowUp.load(path)
        published = follow_up.inspection_report.published
        assert isinstance(published, PartialDate)
        days = (published.start + 170, published.start + 400)
        plans += [assess(follow_up, on=datetime.date.fromordinal(day)) for day in days]
    return plans


def texts_of(content: bytes) -> list[str]:
    """Return the texts of the paragraphs and cells of a document."""
    document = docx.Document(BytesIO(content))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return [*(paragraph.text for paragraph in document.paragraphs), *cells]


class Page(HTMLParser):
    """The elements of a page, and the addresses that it names."""

    def __init__(self, text: str) -> None:
        """Read a page."""
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.append(tag)
        self.addresses += [str(value) for name, value in attrs if name in {"href", "src"}]


GAP = "10 days after its due date of 28 December 2018"


def test_what_a_board_is_asked() -> None:
    """A gap is to be noted, a way to close it decided, and what is not recorded confirmed."""
    paper = BoardPaper.of(plan_on("2018-12-15"))
    assert paper.asks == (
        ("note", f"that 'Revisit begins' is planned for 7 January 2019, {GAP}"),
        ("say", "whether 'Revisit begins' should be by 28 December 2018, or record why not"),
        (
            "confirm",
            "whether 'Action plan received', due by 9 August 2018, was done, and on which day",
        ),
    )
    assert [rest[-1] for _, rest in paper.asks_as_list] == [";", ";", "."]
    assert [id_ for id_, _ in paper.rests] == ["R7", "R9", "R6"]
    assert paper.rests[2][1].endswith("begins: written feedback, chief constable by 28 Jan 2019.")


def waived(begins: str) -> Plan:
    """Return a plan in which nothing is late but a revisit whose due date was waived."""
    waiver = {"decision": "waiver", "of": "revisit-begins", "by": "HMICFRS", "on": "2019-11-01"}
    facts = {
        "force": "kent",
        "inspection_report": {"published": "2019-06-03", "findings": "broadly-positive"},
        "prospects": {"judgement": "no-concerns"},
        "action_plan": {"received": "2019-07-10", "reviewed": "2019-07-20"},
        "decisions": [{**waiver, "why": "Weather"}],
        "fieldwork": {"begins": begins},
    }
    return assess(facts, on="2020-02-03")


MARCH = "planned between 1 March 2020 and 30 March 2020"


@pytest.mark.parametrize(
    ("begins", "line"),
    [
        ("not-yet", "not done, 62 days after the due date so far, as was agreed"),
        (
            "2020-03-01/2020-03-30",
            f"{MARCH}, 89 to 118 days after the due date, as was agreed",
        ),
    ],
)
def test_what_was_waived_and_is_not_done_is_named(begins: str, line: str) -> None:
    """Where nothing else is late, the first box and a paper name it, and do not say nothing is."""
    plan = waived(begins)
    said = list(Position.of(plan.document).sentences(plan.document))
    clear = "nothing else is recorded as overdue and nothing else is projected to be late"
    assert said[-2:] == [f"Revisit begins: {line}.", f"{upper_first(clear)}."]
    asks = [text for _, text in BoardPaper.of(plan).asks]
    assert f"that 'Revisit begins' is {line}" in asks
    assert f"that {clear}" in asks


def test_what_is_planned_too_late_before_the_report_is_named() -> None:
    """Before the report nothing is owed, and what is planned past its due date is told even so.

    Another date that comes first does not hide it.
    """
    facts = {
        "force": "kent",
        "inspection_report": {"published": "2019-09-02"},
        "action_plan": {"received": "2019-10-01"},
        "fieldwork": {"begins": "2020-04-01"},
    }
    clear = "Nothing else is recorded as overdue and nothing else is projected to be late."
    revisit = "Revisit begins: planned for 1 April 2020, 30 days after the due date"
    first = "Action plan received: planned for 1 October 2019, due by 14 October 2019."
    plan = assess(facts, on="2019-04-11")
    said = list(Position.of(plan.document).sentences(plan.document))
    assert said == [first, f"{revisit}.", clear]
    (_, first_of_all), (_, named), *_ = BoardPaper.of(plan).asks
    assert first_of_all.endswith("still to come: publication of the inspection report…")
    assert named == f"that '{revisit[:14]}' is {lower_first(revisit[16:])}"
    facts["action_plan"] = {"received": "not-yet"}
    plan = assess(facts, on="2019-04-11")
    said = list(Position.of(plan.document).sentences(plan.document))
    assert said == [f"{revisit}, due by 2 March 2020.", clear]


def test_what_was_waived_and_is_done_is_not_overdue() -> None:
    """Once it is done, nothing is overdue, and nothing else need be said of that."""
    plan = waived("2020-01-20")
    said = list(Position.of(plan.document).sentences(plan.document))
    assert said[-1] == "Nothing is recorded as overdue and nothing is projected to be late."


def test_nothing_is_due_before_the_report() -> None:
    """Before the report, the board is told so first."""
    paper = BoardPaper.of(plan_on("2018-05-15"))
    assert paper.asks[0][0] == "note"
    assert paper.asks[0][1].startswith("that nothing is due yet")


@given(to_assess())
def test_a_paper_is_short(asked: dict[str, Any]) -> None:
    """Whatever the facts, a paper has few asks, dates, open questions and unknowns."""
    plan = assess(**asked)
    paper = BoardPaper.of(plan)
    assert 1 <= len(paper.asks) <= 3
    assert len(paper.dates) <= 7
    assert len(paper.dates) + paper.more <= len(plan.deadlines)
    assert len(paper.rests) <= 3
    assert len(paper.unknown) <= 4
    assert len(paper.strip) <= 6
    assert paper.lines <= 37 or not paper.dates


@given(to_assess(texts=st.sampled_from(["<script>alert(1)</script>", "A & B", '"quoted"'])))
def test_a_page_loads_nothing_and_runs_nothing(asked: dict[str, Any]) -> None:
    """A page has no script, and names nothing but places in itself."""
    page = Page(board_html([assess(**asked)]))
    assert "script" not in page.tags
    assert page.addresses == ["#main"]
    assert page.tags.count("h1") == 1


def test_every_look_is_in_the_style() -> None:
    """Each class of a part of the page has a look in its style, so none has lost its own."""
    page = board_html(example_plans())
    style, body = page.split("</style>")
    classes = {name for names in re.findall(r'class="([^"]+)"', body) for name in names.split()}
    assert sorted(name for name in classes if f".{name}" not in style) == []


@given(to_assess(texts=st.sampled_from(["Zoë Quill", "Quill, Zoë"])))
def test_masked_names_are_masked(asked: dict[str, Any]) -> None:
    """No name of masked facts is left in a paper."""
    follow_up = masked(asked.pop("follow_up"))
    plan = assess(follow_up, **asked)
    assert "Quill" not in board_html([plan])
    assert [text for text in texts_of(board_docx([plan])) if "Quill" in text] == []


def test_a_document_has_what_the_page_has() -> None:
    """A plan as a document has its headings as headings, and each action in a table."""
    plan = plan_on("2018-12-15")
    content = to_docx([plan])
    document = docx.Document(BytesIO(content))
    titles = [
        paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 2"
    ]
    assert titles[:1] == ["What is next"]
    assert "Required actions" in titles
    texts = "\n".join(texts_of(content))
    assert [action.does for action in plan.required_actions if action.does not in texts] == []
    for table in document.tables:
        assert "w:tblHeader" in table.rows[0]._tr.xml  # pinned: python-docx has no name for it
    assert to_docx([plan]) == content
    assert document.core_properties.modified.date() == datetime.date(2018, 12, 15)
    assert document.core_properties.author == ""


@pytest.mark.parametrize(
    ("format_", "ending"), [("board", "html"), ("board", "docx"), ("docx", "docx")]
)
def test_assess_writes_papers_and_documents(format_: str, ending: str, tmp_path: Path) -> None:
    """``--format board`` writes HTML, or a document where the file has that ending."""
    output = tmp_path / f"paper.{ending}"
    asked = ["assess", str(NORTHUMBRIA), "--on", "2018-12-15", "--format", format_]
    assert main([*asked, "-o", str(output)]) == 0
    plan = plan_on("2018-12-15")
    made = {
        ("board", "html"): board_html([plan]).encode(),
        ("board", "docx"): board_docx([plan]),
        ("docx", "docx"): to_docx([plan]),
    }
    assert output.read_bytes() == made[format_, ending]


def test_each_page_is_one_page_of_paper(tmp_path: Path) -> None:
    """Printed by a browser, the papers of all examples take a page of A4 each."""
    plans = example_plans()
    assert pages_in(printed(board_html(plans), tmp_path)) == len(plans)


def test_each_document_is_one_page_of_paper(tmp_path: Path) -> None:
    """Opened by LibreOffice, the papers of all examples take a page of A4 each."""
    plans = example_plans()
    paper = tmp_path / "board.docx"
    paper.write_bytes(board_docx(plans))
    assert pages_in(opened_by_office(paper, tmp_path)) == len(plans)
