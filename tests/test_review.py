"""The review pack: every rule, statement and question is in it once, and every link leads there."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from ncpi_rules.cli import main
from ncpi_rules.engine import cases_of
from ncpi_rules.ruleset import decide, patch, shipped_ruleset
from ncpi_rules.sign_off.review import changes_since, review_explorer, review_html, review_pack

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ncpi_rules.sign_off.review import ReviewPack


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


def test_the_command_writes_a_page_and_replaces_none(tmp_path: Path) -> None:
    """The page is written into a new folder; another file of its name stays unless asked."""
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "review.html").write_text("mine", encoding="utf-8")
    assert main(["review", "-o", str(folder)]) != 0
    assert (folder / "review.html").read_text("utf-8") == "mine"
