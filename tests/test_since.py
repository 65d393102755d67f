"""What has changed since an earlier plan: all that somebody owes, and not that days went by."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from ncpi_rules.cli import main
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import PlanDocument, assess
from ncpi_rules.report import html, summary
from ncpi_rules.report.since import Since  # pinned: what a page begins with
from ncpi_rules.report.text_page import columns_of  # pinned: how wide a line is
from tests.strategies import PLAIN_TEXTS, plans
from tests.test_render import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLLOW_UPS = Path(__file__).parents[1] / "examples" / "follow-ups"
NORTHUMBRIA = FOLLOW_UPS / "northumbria-2018.yaml"
NOTHING = "Nothing that anybody owes has changed."


def both(one: PlanDocument, other: PlanDocument) -> Iterator[tuple[str, str]]:
    """Yield what is asked of each deadline that two plans have, beside its label."""
    later = {(deadline.id, deadline.revisit): deadline for deadline in other.deadlines}
    for deadline in one.deadlines:
        now = later.get((deadline.id, deadline.revisit))
        if now is not None and (deadline.due, deadline.status) != (now.due, now.status):
            yield now.label, deadline.label


@given(plans(texts=PLAIN_TEXTS))
def test_a_plan_has_not_changed_since_itself(plan: PlanDocument) -> None:
    """Of the same plan it is said that nothing has changed, and nothing besides."""
    assert Since.of(plan, plan).sentences == (NOTHING,)


@given(plans(texts=PLAIN_TEXTS), plans(texts=PLAIN_TEXTS))
def test_what_is_owed_otherwise_is_said(one: PlanDocument, other: PlanDocument) -> None:
    """Each due date and status that differs is named; the summary stays one screen with it."""
    text = " ".join(Since.of(one, other).sentences)
    for now, before in both(one, other):
        assert now in text or before in text
    lines = summary(other, since=one, more="Add more.").splitlines()
    assert len(lines) <= 25
    assert max(map(columns_of, lines)) <= 80
    page = Page(html(other, since=one))
    assert page.problems == []
    assert f"Changed since {one.on_text}" in page.text


def test_days_that_go_by_are_no_change() -> None:
    """A day later, with nothing recorded, neither the days left nor a window is reported."""
    follow_up = FollowUp.load(NORTHUMBRIA)
    one, other = (assess(follow_up, on=day).document for day in ("2018-12-01", "2018-12-02"))
    assert Since.of(one, other).sentences[0] == NOTHING


def test_the_command_heads_a_plan_with_what_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``--since RECORD`` is read as it was written, in text, Markdown and HTML."""
    monkeypatch.chdir(tmp_path)
    assert main(["assess", str(NORTHUMBRIA), "--on", "2018-12-15", "--record", "r.json"]) == 0
    capsys.readouterr()
    for more in ([], ["--full"], ["--format", "markdown"], ["--format", "html"]):
        asked = ["assess", str(NORTHUMBRIA), "--on", "2019-01-20", "--since", "r.json"]
        assert main([*asked, *more]) == 0
        text = Page(capsys.readouterr().out).text
        assert "changed since 15 december 2018" in text.lower()
        assert "The status of 'Revisit begins' is now late (was projected late)." in text


def test_a_document_says_what_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So does a .docx, before what is next."""
    docx = pytest.importorskip("docx")
    pytest.importorskip("openpyxl")
    pytest.importorskip("icalendar")
    monkeypatch.chdir(tmp_path)
    assert main(["assess", str(NORTHUMBRIA), "--on", "2018-12-15", "--record", "r.json"]) == 0
    asked = ["assess", str(NORTHUMBRIA), "--on", "2019-01-20", "--since", "r.json"]
    assert main([*asked, "--format", "docx", "-o", "plan.docx"]) == 0
    text = "\n".join(one.text for one in docx.Document("plan.docx").paragraphs)
    assert "The status of 'Revisit begins' is now late (was projected late)." in text
    assert text.index("Changed since 15 December 2018") < text.index("What is next")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        *(
            (["--format", name, "-o", "x"], f"The format {name} does not say what has changed.")
            for name in ("board", "ics", "letters", "xlsx")
        ),
        (["--mask-names"], "Name a record that was written with --mask-names."),
        (["--format", "json"], "The format json does not say what has changed."),
        ([str(FOLLOW_UPS / "kent-2019.yaml")], "several files are named"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    arguments: list[str],
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A record with names where they are masked, another format and several files are refused."""
    monkeypatch.chdir(tmp_path)
    assert main(["assess", str(NORTHUMBRIA), "--on", "2018-12-15", "--record", "r.json"]) == 0
    assert main(["assess", str(NORTHUMBRIA), "--since", "r.json", *arguments]) == 2
    assert expected in capsys.readouterr().err
    kent = str(FOLLOW_UPS / "kent-2019.yaml")
    assert main(["assess", kent, "--since", "r.json"]) == 2
    assert "is about Northumbria Police, not Kent Police." in capsys.readouterr().err
    edited = Path("r.json").read_text().replace("post-inspection", "other-inspection", 1)
    Path("r.json").write_text(edited)
    assert main(["assess", str(NORTHUMBRIA), "--since", "r.json"]) == 2
