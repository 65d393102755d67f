"""The summary of a plan: one screen that names all that is late and hides nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncpi_rules.cli import main
from ncpi_rules.core import NOT_MET, Status
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import PlanDocument, assess
from ncpi_rules.report import summary, summary_lines
from ncpi_rules.report.position import Position, title_of  # pinned: what each group holds
from ncpi_rules.report.text_page import columns_of  # pinned: wide letters take two columns
from tests.strategies import PLAIN_TEXTS, WILD_TEXTS, plans

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = sorted((Path(__file__).parents[1] / "examples" / "follow-ups").glob("*.yaml"))
NORTHUMBRIA = next(path for path in EXAMPLES if path.stem == "northumbria-2018")
MORE = "Add --full for every action and reason, or --format html for a page."
HEADINGS = {
    "OVERDUE": {Status.OVERDUE},
    "PROJECTED LATE": {Status.PROJECTED_LATE},
    "CANNOT TELL": {Status.CANNOT_TELL},
    "VARIED OR WAIVED": {Status.VARIED, Status.WAIVED},
    "LATE": {Status.LATE, Status.TOO_EARLY},
}


def blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the blocks of a summary: each heading with the lines under it."""
    for block in text.split("\n\n")[1:]:
        heading, *lines = block.splitlines()
        yield heading, lines or [heading]


def fits(text: str, *, lines: int) -> bool:
    """Return True where a text has at most so many lines, none wider than 80 columns."""
    own = text.splitlines()
    return len(own) <= lines and all(columns_of(line) <= 80 for line in own)


@given(plans(texts=WILD_TEXTS))
def test_a_summary_is_one_screen(plan: PlanDocument) -> None:
    """Whatever the plan, it has at most 25 lines of 80 columns, and no console acts on it."""
    text = summary(plan, more=MORE)
    assert fits(text, lines=25)
    assert all(line.isprintable() or not line.isascii() for line in text.splitlines())
    assert max(map(columns_of, summary(plan, width=50, more=MORE).splitlines())) <= 50


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_one_screen(path: Path) -> None:
    """On days before, during and after it, each example has a summary of one screen."""
    follow_up = FollowUp.load(path)
    for year in range(2015, 2026):
        for day in (f"{year}-01-15", f"{year}-09-01"):
            assert fits(summary(assess(follow_up, on=day).document, more=MORE), lines=25)


@given(plans(texts=PLAIN_TEXTS))
def test_no_status_is_hidden(plan: PlanDocument) -> None:
    """A block stands exactly where it has entries; those that do not fit are counted."""
    shown = list(blocks(summary(plan)))
    for heading, statuses in HEADINGS.items():
        group = [deadline for deadline in plan.deadlines if deadline.status in statuses]
        lines = next((lines for title, lines in shown if title.startswith(heading)), [])
        assert bool(lines) == bool(group)
        left = int(rest[1]) if lines and (rest := re.search(r"\band (\d+) more$", lines[-1])) else 0
        named = [item for item in group if any(title_of(item, plan)[:40] in line for line in lines)]
        assert left < max(len(group), 1)
        assert len(named) >= len(group) - left


@pytest.mark.parametrize("many", [1, 2, 9])
def test_a_crowded_plan_is_one_screen(many: int) -> None:
    """With so many deadlines of each status, each block is there, and the rest is counted."""
    plan = assess(FollowUp.load(NORTHUMBRIA), on="2018-12-15").document
    first = next(deadline for deadline in plan.deadlines if deadline.event == "revisit-begins")
    deadlines = tuple(
        attrs.evolve(first, id=f"{status}.{number}", status=status, status_label=status.label)
        for status in Status
        for number in range(many)
    )
    text = summary(attrs.evolve(plan, deadlines=deadlines), more=MORE)
    assert fits(text, lines=25)
    headings = [line.partition("  ")[0] for line in text.splitlines()]
    assert [heading for heading in headings if heading in {*HEADINGS, "NEXT"}] == [
        "OVERDUE",
        "PROJECTED LATE",
        "NEXT",
        "CANNOT TELL",
        "VARIED OR WAIVED",
        "LATE",
    ]
    shown = text.count("Revisit begins")
    counted = sum(int(more) for more in re.findall(r"and (\d+) more$", text, re.MULTILINE))
    over = {Status.MET, Status.DONE, Status.NOT_STARTED}
    assert shown + counted == (len(Status) - len(over)) * many


def test_what_was_late_stays_in_sight() -> None:
    """A revisit that began late is named with its days when all else of it is history."""
    text = assess(FollowUp.load(NORTHUMBRIA), on="2019-04-11").to_text()
    assert "\nLATE\n  Revisit begins: done 7 January 2019: 10 days late\n" in text


@given(plans(texts=PLAIN_TEXTS))
def test_each_deadline_is_in_one_group(plan: PlanDocument) -> None:
    """No deadline of a plan is lost or in two groups, and what is next comes in order of days."""
    position = Position.of(plan)
    groups = (
        position.overdue,
        position.projected_late,
        position.next,
        position.cannot_tell,
        position.let_off,
        position.missed,
        position.rest,
    )
    together = [deadline.id for group in groups for deadline in group]
    assert sorted(together) == sorted(deadline.id for deadline in plan.deadlines)
    first = next(position.sentences(plan))
    late = [
        deadline
        for deadline in plan.deadlines
        if deadline.status in {Status.OVERDUE, Status.PROJECTED_LATE}
    ]
    assert bool(late) == ("overdue" in first or "projected to be" in first)


def test_it_names_what_is_projected_late() -> None:
    """The summary of a review that is planned too late says by how many days, and what is left."""
    text = " ".join(assess(FollowUp.load(NORTHUMBRIA), on="2018-12-15").to_text().split())
    assert (
        "Revisit begins: due by 28 December 2018, planned for 7 January 2019: projected to be 10 "
        "days late. 13 days left to bring it forward."
    ) in text
    assert "Tier: post-inspection review, decided by inspectors." in text
    assert "RESTS ON R5, R6, R7, R9" in text
    assert "Nobody has agreed these interpretations yet." in text


@given(st.lists(plans(texts=WILD_TEXTS), min_size=2, max_size=5))
def test_several_have_a_line_each(several: list[PlanDocument]) -> None:
    """Several plans are never printed one after the other: each is one line of 80 columns."""
    text = summary_lines(several, more=MORE)
    head, rows, foot = text.split("\n\n")
    assert fits(text, lines=len(several) + 8)
    assert len(rows.splitlines()) == len(several)
    assert str(len(several)) in head
    assert foot == f"{MORE}\n"
    for plan, row in zip(several, rows.splitlines(), strict=True):
        statuses = {deadline.status for deadline in plan.deadlines}
        urgent = {Status.OVERDUE, Status.PROJECTED_LATE} & statuses
        assert not urgent or any(status.label.capitalize() in row for status in urgent & NOT_MET)


def test_full_prints_all_of_a_plan(capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints the summary and where the rest is; with ``--full`` the whole plan."""
    plan = assess(FollowUp.load(NORTHUMBRIA), on="2018-12-15")
    asked = ["assess", str(NORTHUMBRIA), "--on", "2018-12-15"]
    assert main(asked) == 0
    assert capsys.readouterr().out == f"{plan.to_text()}{MORE}\n"
    assert main([*asked, "--full"]) == 0
    assert capsys.readouterr().out == plan.to_text(full=True)
    assert main([*asked, "--full", "--format", "html"]) == 2
    assert "Leave out --full, or the format." in capsys.readouterr().err
    assert main(["assess", *map(str, EXAMPLES), "--on", "2018-12-15"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(EXAMPLES) + 4
