"""The review pack: every rule, statement and question is in it once, and every link leads there."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections import Counter
from functools import reduce
from html.parser import HTMLParser
from io import BytesIO, StringIO
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote
from zipfile import ZipFile

import pytest

docx = pytest.importorskip("docx")
openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("icalendar")

from ncpi_rules.cli import main
from ncpi_rules.compare import diff
from ncpi_rules.core import lower_first
from ncpi_rules.engine import cases_of
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess
from ncpi_rules.report import html, office
from ncpi_rules.ruleset import OutcomeRule, decide, load_ruleset, patch, shipped_ruleset
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
    from collections.abc import Iterable, Mapping

    from ncpi_rules.ruleset import Ruleset
    from ncpi_rules.sign_off.review import ReviewPack


RULESETS: Final = Path(__file__).parent / "rulesets"
BROKEN: Final = Path(__file__).parent / "broken" / "comments"
FOLLOW_UPS: Final = Path(__file__).parents[1] / "examples" / "follow-ups"
BEFORE: Final = {"revisit-ceiling": "4 months", "notice-of-a-visit": "3 weeks"}
"""The numbers of the draft with which the shipped ruleset is compared."""
OTHERS: Final = ("leave-days", "sellers-approval", "smallest")
"""Other methodologies."""
HOW_MUCH: Final = """
  function count(what) { return document.querySelectorAll(what).length; }
  return { statements: count(".st"), questions: count(".oq"), folded: count("details") };
"""
SHOWN: Final = 3
"""How many entries of a long part are looked at in a browser."""


@pytest.fixture(scope="module")
def draft() -> Ruleset:
    """Return the shipped ruleset with two other numbers."""
    return patch(shipped_ruleset(), BEFORE)


@pytest.fixture(scope="module")
def pack(draft: Ruleset) -> ReviewPack:
    """Return the pack of the shipped ruleset, compared with the draft."""
    shipped = shipped_ruleset()
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


def test_plans_lead_to_places_in_the_pack(page: str) -> None:
    """Whatever the plans of examples cite and link to a pack has an address in it."""
    ids, cited = _Page(page).ids, set()
    for name in ("northumbria-2018", "invented-visit", "invented-full-re-inspection"):
        follow_up = FollowUp.load(FOLLOW_UPS / f"{name}.yaml")
        plan = assess(follow_up, on="2019-03-01")
        links = _Page(html(plan.document, review="review.html")).links
        cited |= {unquote(link.partition("#")[2]) for link in links if link.startswith("review")}
    assert {id_[:2] for id_ in cited} == {"s-", "q-", "r-"}
    assert sorted(cited - set(ids)) == []


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
        rule.id
        for group in pack.statements
        for statement in group.statements
        for rule in statement.rules
    )
    assert shown == Counter(list(shipped_ruleset().cases))
    for rule in pack.rules.values():
        assert rule.sentences, rule.id
        assert rule.home in rule.statements


def test_every_statement_has_rules_or_a_reason(pack: ReviewPack) -> None:
    """Each statement of the edition is there, with rules or with a reason why there are none."""
    statements = [statement for group in pack.statements for statement in group.statements]
    assert [statement.id for statement in statements] == list(shipped_ruleset().statements)
    for statement in statements:
        assert bool(statement.rules or statement.elsewhere or statement.under_others) != bool(
            statement.no_rule
        ), statement.id


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
    assert pack.headline is not None
    for grid in (pack.headline.grid, *pack.headline.others):
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
    """The number of cases in which the tier changes is that of a search through all cases.

    Every case of the facts that the rules of the tier test is a bit of a number, and the conditions
    of the rules say which bits are theirs.
    """
    ruleset = shipped_ruleset()
    rules = _behind(ruleset, "tier")
    tested = {name for rule in rules for name in rule.when}
    facts = {name: tuple(fact.values) for name, fact in ruleset.facts.items() if name in tested}
    holds: dict[tuple[str, str], int] = Counter()
    for place, case in enumerate(cases_of({}, facts)):
        for pair in case.items():
            holds[pair] |= 1 << place
    every = (2 << place) - 1
    ours = {id_: question.ours for id_, question in ruleset.interpretations.items()}
    before = _decided(rules, holds, every, ours)
    for question in pack.questions:
        for other in question.others:
            after = _decided(rules, holds, every, {**ours, question.id: other.id})
            changed = sum(
                (cases & ~after.get(tier, 0)).bit_count() for tier, cases in before.items()
            )
            assert (other.changed, other.of) == (changed, place + 1), (question.id, other.id)
    assert any(other.changed for question in pack.questions for other in question.others)


def _behind(ruleset: Ruleset, outcome: str) -> list[OutcomeRule]:
    """Return the rules that decide an outcome, after those of the outcomes that they test."""
    own = [
        rule
        for rule in ruleset.rules.values()
        if isinstance(rule, OutcomeRule) and rule.decides == outcome
    ]
    tested = dict.fromkeys(name for rule in own for name in rule.when if name in ruleset.outcomes)
    return [*(rule for name in tested for rule in _behind(ruleset, name)), *own]


def _decided(
    rules: Iterable[OutcomeRule],
    holds: Mapping[tuple[str, str], int],
    every: int,
    answers: Mapping[str, str],
) -> dict[str, int]:
    """Return the cases of each value that the last rules decide, under some answers."""
    known = dict(holds)
    decided: dict[str, dict[str, int]] = {}
    for rule in rules:
        if all(answers[name] in allowed for name, allowed in rule.under.items()):
            cases = every
            for name, values in rule.when.items():
                cases &= reduce(or_, (known.get((name, value), 0) for value in values))
            own = decided.setdefault(rule.decides, {})
            own[rule.then] = own.get(rule.then, 0) | cases
            known[rule.decides, rule.then] = own[rule.then]
    for own in decided.values():
        assert sum(cases.bit_count() for cases in own.values()) == every.bit_count()
    return own


def test_a_number_that_changed_is_shown_beside_the_earlier_one(page: str) -> None:
    """The earlier number is struck out, the later one is marked as added."""
    assert "<del>4 months</del>" in page
    assert "<ins>6 months</ins>" in page


def test_each_changed_parameter_has_its_own_number_of_cases(
    pack: ReviewPack, draft: Ruleset
) -> None:
    """Of two changes, each is counted as if it were the only one, and both together."""
    later = shipped_ruleset()
    some, every = diff(draft, later).affected
    assert pack.changes is not None
    effects = {value.title: value.effect for value in pack.changes.values}
    assert len(effects) == len(BEFORE)
    for id_, value in BEFORE.items():
        own, _ = diff(patch(later, {id_: value}), later).affected
        assert 0 < own < some
        assert effects[f"Parameter: {lower_first(later.parameters[id_].title)}"] == (
            f"By itself it changes the result in {own:,} of {every:,} cases. "
            f"The result changes in {some:,} of {every:,} cases, all changes together."
        )


@pytest.mark.parametrize("is_compared", [True, False])
def test_an_approval_out_of_date_shows_old_beside_new(tmp_path: Path, *, is_compared: bool) -> None:
    """Compared with the ruleset that was approved, old and new stand there; else the kind does."""
    now = tmp_path / "now"
    then = _folder("smallest")
    shutil.copytree(then, now)
    approved = ["approve", "drink.tea", "T1", "--by", "A. Reader", "--on", "2026-01-05"]
    assert main([*approved, "--ruleset", str(now)]) == 0
    rules = next(file for file in now.rglob("*.yaml") if "id: drink.tea" in file.read_text("utf-8"))
    before = load_ruleset(then).cases["drink.tea"][0].title
    rules.write_text(rules.read_text("utf-8").replace(before, "A new title"), "utf-8")
    against = (load_ruleset(then), then) if is_compared else None
    page = review_html(review_pack(load_ruleset(now), now, against=against))
    approvals = page.partition('id="approvals"')[2]
    assert "The rule itself." in approvals
    assert (f"<del>title: {before}</del>" in approvals) is is_compared
    assert ("<ins>title: A new title</ins>" in approvals) is is_compared
    assert ("An approval keeps no text." in approvals) is not is_compared


@pytest.fixture(scope="module")
def workbook(pack: ReviewPack) -> bytes:
    """Return the workbook of the pack."""
    return office.workbook_of(review_sheets(pack), on=None)


def _filled_in(workbook: bytes, cells: Mapping[tuple[str, str], tuple[str, str]]) -> bytes:
    """Return a workbook with an answer and a comment in the first row of some ids."""
    book = openpyxl.load_workbook(BytesIO(workbook))
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


@pytest.fixture(scope="module")
def returned(workbook: bytes) -> Any:
    """Return what is read of the workbook of the pack once some comments stand in it."""
    return office.read_tables(_filled_in(workbook, COMMENTS), name="back.xlsx")


def test_comments_come_back_most_serious_first(returned: Any) -> None:
    """Each comment is read beside the id that it is about; what nobody touched is no comment."""
    result = read_comments(returned, shipped_ruleset(), name="back.xlsx")
    assert [(comment.id, comment.agree) for comment in result.comments] == [
        ("R2", "No"),
        ("tier.review", "Change"),
        ("revisit-ceiling", ""),
        ("tier.visit", "Yes"),
    ]
    first, second = result.comments[1].sentence.split(" (Rules, row ")
    assert first == "tier.review: Change. 'Say what happens without findings'"
    assert second.partition(")")[2] == "."
    assert result.summary == "4 comments: 1 No, 1 Change, 1 without an answer, 1 Yes."


def test_a_comment_on_what_has_changed_since_says_so(returned: Any) -> None:
    """A comment on a rule that reads otherwise now, or is gone, is marked; the others are not."""
    reworded = patch(
        shipped_ruleset(), {"revisit-ceiling": "4 months", "tier.review": {"note": "A new note."}}
    )
    marks = {
        comment.id: comment.sentence
        for comment in read_comments(returned, reworded, name="-").comments
    }
    assert marks["tier.review"].endswith("The rule has changed since this file was made.")
    assert marks["revisit-ceiling"].endswith("The parameter has changed since this file was made.")
    assert "changed" not in marks["tier.visit"]
    gone = patch(shipped_ruleset(), {"tier.visit": None})
    marks = {
        comment.id: comment.sentence for comment in read_comments(returned, gone, name="-").comments
    }
    assert marks["tier.visit"].endswith("There is no such rule any more.")


def test_only_answers_and_comments_can_be_written(workbook: bytes) -> None:
    """Every sheet is locked; the cells for answers and comments are not, and have a list."""
    book = openpyxl.load_workbook(BytesIO(workbook))
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


@pytest.mark.parametrize(
    "path", sorted(BROKEN.glob("*.xlsx")), ids=lambda path: path.stem if path else ""
)
def test_a_workbook_that_is_no_pack_is_refused(path: Path, capsys: Any) -> None:
    """What came back and is no review pack, or is answered otherwise, is said word for word."""
    before = path.read_bytes()
    assert main(["review", "--comments", str(path)]) != 0
    written = capsys.readouterr()
    shown = written.err.replace(f"{path.parent.as_posix()}/", "")
    assert shown == path.with_suffix(".expected.txt").read_text("utf-8")
    assert path.read_bytes() == before


def test_without_the_extra_there_is_the_page_alone(
    tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the packages for office files the page is written, and a sentence says what to do."""
    for room in ("ncpi_rules.report.office", "ncpi_rules.sign_off.review"):
        for name in [name for name in sys.modules if name.startswith(f"{room}.")]:
            monkeypatch.delitem(sys.modules, name)
        face = sys.modules[room]
        for name in [name for name in face.__all__ if name in vars(face)]:
            monkeypatch.delattr(face, name)
    for name in ("openpyxl", "docx"):
        monkeypatch.setitem(sys.modules, name, None)
    folder, pack = _folder("smallest"), tmp_path / "pack"
    assert main(["review", str(folder), "-o", str(pack)]) == 0
    assert [file.name for file in pack.iterdir()] == ["review.html"]
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("review.html: open it in a browser.")
    assert second == (
        "review.xlsx and review.docx, which have room for comments, need the extra 'office': "
        'python -m pip install "ncpi-rules[office]".'
    )


def test_the_document_has_every_statement_and_rule(pack: ReviewPack) -> None:
    """The document has the parts as headings, and names each statement and rule in its tables.

    Each entry of its contents leads to a heading; no program asks anything when it opens it.
    """
    document_bytes = review_docx(pack)
    document = docx.Document(BytesIO(document_bytes))
    headings = [
        p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"
    ]
    assert {"What we ask of you", "Open questions", "Statements and rules"} <= set(headings)
    parts = ZipFile(BytesIO(document_bytes))
    (body,) = (name for name in parts.namelist() if name.endswith("/document.xml"))
    text = parts.read(body).decode()
    leads = re.findall(r'<w:hyperlink w:anchor="([^"]+)"', text)
    assert len(leads) > len(pack.questions)
    assert leads == re.findall(r'<w:bookmarkStart w:name="([^"]+)"', text)[-len(leads) :]
    assert "updateFields" not in parts.read(body.replace("document", "settings")).decode()
    cells = "\n".join(
        cell.text for table in document.tables for row in table.rows for cell in row.cells
    )
    for name in (*shipped_ruleset().statements, *shipped_ruleset().cases):
        assert name in cells, name


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the packs of other methodologies, as the command writes them."""
    packs = tmp_path_factory.mktemp("packs")
    for name in OTHERS:
        assert main(["review", str(_folder(name)), "-o", str(packs / name)]) == 0
    return packs


def _folder(name: str) -> Path:
    """Return the folder of a ruleset."""
    return next((RULESETS / name).rglob("ruleset.yaml")).parent


def test_an_office_program_opens_the_document(packs: Path, tmp_path: Path) -> None:
    """LibreOffice makes pages of the document of a pack."""
    assert pages_in(opened_by_office(packs / "leave-days" / "review.docx", tmp_path)) > 1


def test_the_page_is_accessible_and_fits_a_phone(page: str, tmp_path: Path) -> None:
    """At 1280 and 390 pixels axe-core finds nothing, and nothing lies beyond the edge.

    Of the long parts a few entries stand for all: the others are made the same way.
    """
    looks = looked_at({"review": _shortened(page)}, tmp_path)
    assert {key: look.complaints for key, look in looks.items()} == {
        ("review", width): [] for width in WIDTHS
    }


@pytest.mark.long
def test_the_whole_page_is_accessible_with_everything_unfolded(
    pack: ReviewPack, page: str, tmp_path: Path
) -> None:
    """No part of the page is left out: axe-core finds nothing in all that can be unfolded."""
    looks = looked_at({"review": page}, tmp_path, script=HOW_MUCH)
    assert {key: look.complaints for key, look in looks.items()} == {
        ("review", width): [] for width in WIDTHS
    }
    ruleset = shipped_ruleset()
    for look in looks.values():
        assert look.asked["statements"] == len(ruleset.statements)
        assert look.asked["questions"] == len(ruleset.interpretations)
        assert look.asked["folded"] > len(pack.statements)


def _shortened(page: str) -> str:
    """Return the page with the first entries of each long part."""
    for entry, end in (
        ('<div class="st"', "</div></div>"),
        ('<article class="oq"', "</article>"),
        ("<figure>", "</figure>"),
    ):
        first, *others = page.split(entry)
        page = first + "".join(
            f"{entry}{rest}" if at < SHOWN else rest.partition(end)[2]
            for at, rest in enumerate(others)
        )
    return re.sub(
        r"(?s)<tbody>(.*?)</tbody>",
        lambda body: f"<tbody>{'</tr>'.join(body[1].split('</tr>')[:SHOWN])}</tr></tbody>",
        page,
    )


@pytest.mark.parametrize("name", OTHERS)
def test_any_ruleset_has_a_pack(name: str, packs: Path) -> None:
    """The command makes the pack of another methodology; what is there already is not replaced."""
    pack = packs / name
    assert {file.name for file in pack.iterdir()} == {"review.html", "review.xlsx", "review.docx"}
    parsed = _Page((pack / "review.html").read_text("utf-8"))
    assert {link[1:] for link in parsed.links} <= parsed.ids.keys()
    (pack / "review.html").write_text("mine", encoding="utf-8")
    assert main(["review", str(_folder(name)), "-o", str(pack)]) != 0
    assert (pack / "review.html").read_text("utf-8") == "mine"


def test_a_name_for_one_file_is_refused(tmp_path: Path, capsys: Any) -> None:
    """A pack is several files: a name such as review.html is no folder, unless there is one."""
    asked = ["review", str(_folder("smallest")), "-o"]
    page = tmp_path / "review.html"
    assert main([*asked, str(page)]) != 0
    assert capsys.readouterr().err == (
        f"The pack is several files, and '{page}' is a name for one.\n"
        "  help: Name a folder, such as: -o pack\n"
    )
    assert not page.exists()
    page.mkdir()
    assert main([*asked, str(page)]) == 0


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_how_far_it_has_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a pack is made, a terminal shows how much of it is; a file gets none of this."""
    monkeypatch.setattr(sys, "stderr", terminal := _Terminal())
    assert main(["review", str(_folder("smallest")), "-o", str(tmp_path)]) == 0
    assert "Review pack" in terminal.getvalue()
    assert re.search(r"[1-9]\d?%", terminal.getvalue())
    monkeypatch.setattr(sys, "stderr", file := StringIO())
    assert main(["review", str(_folder("smallest")), "-o", str(tmp_path)]) == 0
    assert file.getvalue() == ""
