"""The review pack: every rule, statement and question is in it once, and every link leads there."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook

from ncpi_rules.cli import main
from ncpi_rules.engine import cases_of
from ncpi_rules.report import office
from ncpi_rules.ruleset import decide, load_ruleset, patch, shipped_ruleset
from ncpi_rules.sign_off.review import (
    changes_since,
    read_comments,
    review_docx,
    review_explorer,
    review_html,
    review_pack,
    review_sheets,
)
from ncpi_rules.sign_off.review.keys import THINGS  # pinned: which sheets take comments
from tests.browser import WIDTHS, looked_at, opened_by_office, pages_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncpi_rules.sign_off.review import ReviewPack


RULESETS: Final = Path(__file__).parent / "rulesets"
SHOWN: Final = 3
"""How many entries of a long part are looked at in a browser."""


@pytest.fixture(scope="module")
def pack() -> ReviewPack:
    """Return the pack of the shipped ruleset, compared with a draft."""
    shipped = shipped_ruleset()
    draft = patch(shipped, {"revisit-ceiling": "4 months"})
    return review_pack(shipped, changes=changes_since(draft, shipped))


@pytest.fixture(scope="module")
def page(pack: ReviewPack) -> str:
    """Return its page."""
    return review_html(pack, explorer=review_explorer(shipped_ruleset()))


class _Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids[values["id"]] += 1
        for name in ("href", "src", "action"):
            if name in values:
                self.links.append(values[name])


def test_the_explorer_leads_to_every_rule_that_it_names(page: str) -> None:
    """Whatever case somebody tries, the rules, statements and questions named have an address."""
    tables = json.loads(page.partition("var decisionTables = ")[2].partition(";\n")[0])
    named = {
        address
        for rule in tables["rules"]
        for address in (
            f"r-{rule['id']}",
            *(f"s-{id_}" for id_ in rule["statements"]),
            *(f"q-{id_}" for id_ in rule["questions"]),
        )
    }
    assert named <= {*_Page(page).ids}
    assert {f"r-{id_}" for id_ in shipped_ruleset().cases} <= named


def test_every_rule_is_shown_in_full_once(pack: ReviewPack) -> None:
    """Each rule stands under one statement, with all that it says under ours and other answers."""
    shown = Counter(
        rule.id for group in pack.statements for one in group.statements for rule in one.rules
    )
    assert shown == Counter(list(shipped_ruleset().cases))
    for rule in pack.rules.values():
        assert rule.sentences, rule.id
        assert rule.home in rule.statements


def test_every_statement_has_rules_or_a_reason(pack: ReviewPack) -> None:
    """Each statement of the edition is there, with rules or with a reason why there are none."""
    statements = [one for group in pack.statements for one in group.statements]
    assert [one.id for one in statements] == list(shipped_ruleset().statements)
    for one in statements:
        assert bool(one.rules or one.elsewhere or one.under_others) != bool(one.no_rule), one.id


def test_every_link_leads_to_one_place_in_the_page(page: str) -> None:
    """No id stands twice, and each link is to an id of the page: it requests nothing."""
    parsed = _Page(page)
    assert max(parsed.ids.values()) == 1
    assert {link[:1] for link in parsed.links} == {"#"}
    assert {link[1:] for link in parsed.links} <= parsed.ids.keys()
    ruleset = shipped_ruleset()
    for kind, names in (
        ("s", ruleset.statements),
        ("r", ruleset.cases),
        ("q", ruleset.interpretations),
        ("p", ruleset.guarantees),
    ):
        assert {f"{kind}-{name}" for name in names} <= parsed.ids.keys()


def test_the_page_holds_no_address(page: str) -> None:
    """Nothing in the page could load something: no address, no import, no remote style."""
    assert not re.search(r"https?://|@import|url\(", page)
    assert "default-src 'none'" in page


def test_the_tables_decide_what_the_library_decides(pack: ReviewPack) -> None:
    """In every cell of the grids, the tier is the one that the library decides."""
    ruleset = shipped_ruleset()
    assert pack.tier is not None
    for grid in (pack.tier.grid, *pack.tier.others):
        question = ruleset.interpretations.get(grid.interpretation)
        answers = (
            {} if question is None else {question.id: _answer_with(question.answers, grid.answer)}
        )
        for (_, cells), findings in zip(grid.rows, ruleset.facts["findings"].values, strict=True):
            for cell, prospects in zip(cells, ruleset.facts["prospects"].values, strict=True):
                values = {
                    "report-published": "happened",
                    "action-plan-review": "done",
                    "findings": findings,
                    "prospects": prospects,
                }
                decided = decide(ruleset, values, interpretations=answers).outcomes["tier"]
                assert (decided.value or "not-settled") == cell.value
                assert decided.basis is cell.basis


def _answer_with(answers: Mapping[str, str], text: str) -> str:
    return next(answer for answer, says in answers.items() if says == text)


def test_a_row_of_the_decision_table_is_what_its_rule_says(pack: ReviewPack) -> None:
    """Each row leads to the value of its rule, and no row has cases that another row has."""
    ruleset = shipped_ruleset()
    for table in pack.tables:
        assert table.is_proved
        for row in table.rows:
            assert row.value in {getattr(rule, "then", "") for rule in ruleset.cases[row.rule]}


def test_cases_that_an_answer_decides_are_counted_exactly(pack: ReviewPack) -> None:
    """The number of cases in which the tier changes is that of a search through all cases."""
    ruleset = shipped_ruleset()
    held = {"immediate-recommendations": "some", "other-recommendations": "some"}
    names = ("findings", "prospects", "reinspection", "tier-chosen", "report-published")
    facts = {name: tuple(ruleset.facts[name].values) for name in names}
    changed = 0
    for case in cases_of({}, facts):
        values = {**held, "action-plan-review": "done", "action-plan-waiver": "waived", **case}
        ours, other = (
            decide(ruleset, values, interpretations=answers, engine="reference").outcomes["tier"]
            for answers in ({}, {"R2": "visit"})
        )
        changed += ours.value != other.value
    question = next(one for one in pack.questions if one.id == "R2")
    visit = next(one for one in question.others if one.id == "visit")
    assert 0 < changed < visit.changed < visit.of


def test_a_number_that_changed_is_shown_beside_the_earlier_one(page: str) -> None:
    """The earlier number is struck out, the later one is marked as added."""
    assert "<del>4 months</del>" in page
    assert "<ins>6 months</ins>" in page


@pytest.fixture(scope="module")
def workbook(pack: ReviewPack) -> bytes:
    """Return the workbook of the pack."""
    return office.workbook_of(review_sheets(pack), on=None)


def _filled_in(workbook: bytes, cells: Mapping[tuple[str, str], tuple[str, str]]) -> bytes:
    """Return a workbook with an answer and a comment in the first row of some ids."""
    book = load_workbook(BytesIO(workbook))
    for (sheet, id_), values in cells.items():
        page = book[sheet]
        heads = [cell.value for cell in page[1]]
        row = next(row for row in page.iter_rows(min_row=2) if row[0].value == id_)
        for head, value in zip(("Agree?", "Your comment"), values, strict=True):
            row[heads.index(head)].value = value or None
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


COMMENTS: Final = {
    ("Rules", "tier.visit"): ("Yes", ""),
    ("Rules", "tier.review"): ("Change", "Say what happens without findings"),
    ("Open questions", "R2"): ("No", "Nobody would do this"),
    ("Parameters", "revisit-ceiling"): ("", "Why months?"),
}


def test_comments_come_back_most_serious_first(workbook: bytes) -> None:
    """Each comment is read beside the id that it is about; what nobody touched is no comment."""
    tables = office.read_tables(_filled_in(workbook, COMMENTS), name="back.xlsx")
    result = read_comments(tables, shipped_ruleset(), name="back.xlsx")
    assert [(one.id, one.agree) for one in result.comments] == [
        ("R2", "No"),
        ("tier.review", "Change"),
        ("revisit-ceiling", ""),
        ("tier.visit", "Yes"),
    ]
    first, second = result.comments[1].sentence.split(" (Rules, row ")
    assert first == "tier.review: Change. 'Say what happens without findings'"
    assert second.partition(")")[2] == "."
    assert result.summary == "4 comments: 1 No, 1 Change, 1 without an answer, 1 Yes."


def test_a_comment_on_what_has_changed_since_says_so(workbook: bytes) -> None:
    """A comment on a rule that reads otherwise now, or is gone, is marked; the others are not."""
    tables = office.read_tables(_filled_in(workbook, COMMENTS), name="back.xlsx")
    draft = patch(
        shipped_ruleset(), {"revisit-ceiling": "4 months", "tier.review": {"note": "A new note."}}
    )
    marks = {one.id: one.sentence for one in read_comments(tables, draft, name="-").comments}
    assert marks["tier.review"].endswith("The rule has changed since this file was made.")
    assert marks["revisit-ceiling"].endswith("The parameter has changed since this file was made.")
    assert "changed" not in marks["tier.visit"]
    gone = patch(shipped_ruleset(), {"tier.visit": None})
    marks = {one.id: one.sentence for one in read_comments(tables, gone, name="-").comments}
    assert marks["tier.visit"].endswith("There is no such rule any more.")


def test_only_answers_and_comments_can_be_written(workbook: bytes) -> None:
    """Every sheet is locked; the cells for answers and comments are not, and have a list."""
    book = load_workbook(BytesIO(workbook))
    assert set(THINGS) <= set(book.sheetnames)
    for page in book.worksheets:
        assert page.protection.sheet
        assert page.freeze_panes == "A2"
        heads = [cell.value for cell in page[1]]
        for row in page.iter_rows(min_row=2):
            for head, cell in zip(heads, row, strict=True):
                is_open = page.title in THINGS and head in {"Agree?", "Your comment"}
                assert cell.protection.locked is not is_open
        if page.title in THINGS:
            (choice,) = page.data_validations.dataValidation
            assert choice.formula1 == '"Yes,No,Change"'


def test_a_workbook_that_is_no_pack_is_refused(tmp_path: Path, capsys: Any) -> None:
    """A workbook without the columns for comments is refused in a sentence."""
    book, file = Workbook(), tmp_path / "other.xlsx"
    book.save(file)
    assert main(["review", "--comments", str(file)]) != 0
    told = capsys.readouterr().err
    assert "This workbook is not a review pack: no sheet has the columns for comments." in told


def test_the_document_has_every_statement_and_rule(pack: ReviewPack) -> None:
    """The document has the parts as headings, and names each statement and rule in its tables."""
    document = Document(BytesIO(review_docx(pack)))
    headings = [
        p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"
    ]
    assert {"What we ask of you", "Open questions", "Statements and rules"} <= set(headings)
    cells = "\n".join(
        cell.text for table in document.tables for row in table.rows for cell in row.cells
    )
    for name in (*shipped_ruleset().statements, *shipped_ruleset().cases):
        assert name in cells, name


def test_an_office_program_opens_the_document(tmp_path: Path) -> None:
    """LibreOffice makes pages of the document of a pack."""
    folder = next((RULESETS / "leave-days").rglob("ruleset.yaml")).parent
    document = tmp_path / "review.docx"
    document.write_bytes(review_docx(review_pack(load_ruleset(folder), folder)))
    assert pages_in(opened_by_office(document, tmp_path)) > 1


def test_the_page_is_accessible_and_fits_a_phone(page: str, tmp_path: Path) -> None:
    """At 1280 and 390 pixels axe-core finds nothing, and nothing lies beyond the edge.

    Of the long parts a few entries stand for all: the others are made the same way.
    """
    looks = looked_at({"review": _shortened(page)}, tmp_path)
    assert {key: look.complaints for key, look in looks.items()} == {
        ("review", width): [] for width in WIDTHS
    }


def _shortened(page: str) -> str:
    """Return the page with the first entries of each long part."""
    for entry, end in (
        ('<div class="st"', "</div></div>"),
        ('<article class="oq"', "</article>"),
        ("<figure>", "</figure>"),
    ):
        first, *others = page.split(entry)
        page = first + "".join(
            f"{entry}{one}" if at < SHOWN else one.partition(end)[2]
            for at, one in enumerate(others)
        )
    return re.sub(
        r"(?s)<tbody>(.*?)</tbody>",
        lambda body: f"<tbody>{'</tr>'.join(body[1].split('</tr>')[:SHOWN])}</tr></tbody>",
        page,
    )


@pytest.mark.parametrize("name", ["leave-days", "sellers-approval", "smallest"])
def test_any_ruleset_has_a_pack(name: str, tmp_path: Path) -> None:
    """The command makes the pack of another methodology; what is there already is not replaced."""
    folder, pack = next((RULESETS / name).rglob("ruleset.yaml")).parent, tmp_path / "pack"
    assert main(["review", str(folder), "-o", str(pack)]) == 0
    assert {file.name for file in pack.iterdir()} == {"review.html", "review.xlsx", "review.docx"}
    parsed = _Page((pack / "review.html").read_text("utf-8"))
    assert {link[1:] for link in parsed.links} <= parsed.ids.keys()
    (pack / "review.html").write_text("mine", encoding="utf-8")
    assert main(["review", str(folder), "-o", str(pack)]) != 0
    assert (pack / "review.html").read_text("utf-8") == "mine"
