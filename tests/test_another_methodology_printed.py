"""The methodology of another inspectorate in every format: nothing in it is about the police."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from typing import TYPE_CHECKING

import pytest

from ncpi_rules.cli import main
from ncpi_rules.core import FactsError, PartialDate
from ncpi_rules.explore import caseload, read_cases
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess
from ncpi_rules.ruleset import load_ruleset
from tests.test_another_methodology import (
    FOLDER,
    GOOD,
    ILACS,
    INADEQUATE,
    ON,
    VISITED,
    assert_no_police,
    plan_of,
    seen,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ncpi_rules.ruleset import Ruleset

RULES = ("--ruleset", str(FOLDER))
WRITTEN = {
    "page": ("assess", "html"),
    "paper": ("assess", "docx"),
    "board": ("assess", "board", "docx"),
    "calendar": ("assess", "ics"),
    "letters": ("assess", "letters", "txt"),
    "workbook": ("assess", "xlsx"),
    "caseload": ("caseload", "html"),
    "caseload-workbook": ("caseload", "xlsx"),
    "dmn": ("export", "dmn"),
    "jdm": ("export", "jdm"),
    "tables": ("export", "xlsx"),
}
"""What is written of it: the command, its format, and the ending of the file."""

SERIES = """
repeats:
  title: monitoring visit
  begins: monitoring-visit
  fixes: next-inspection
  events: [last-monitoring-visit, monitoring-visit]
"""
VISITS = """
revisits:
  - further: {events: {last-monitoring-visit: 2024-02-02, monitoring-visit: 2024-05-17}}
  - further: {events: {last-monitoring-visit: 2024-05-17, monitoring-visit: 2024-08-16}}
  - further: {events: {last-monitoring-visit: 2024-08-16, monitoring-visit: not-yet}}
"""


def said_in(file: Path) -> str:
    """Return what a reader of a file sees, one line for each paragraph or cell."""
    if file.suffix not in {".docx", ".xlsx"}:
        text = file.read_text("utf-8")
        return unescape(re.sub(r"<[^>]+>", " ", seen(text))) if file.suffix == ".html" else text
    with zipfile.ZipFile(file) as inside:
        parts = [inside.read(name).decode() for name in inside.namelist() if name.endswith(".xml")]
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</(?:w:p|si)>", "\n", "\n".join(parts))))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the follow-ups of three local authorities."""
    inside = tmp_path / "authorities"
    inside.mkdir()
    for name, text in (("anytown", INADEQUATE), ("newtown", VISITED), ("oldbury", GOOD)):
        inside.joinpath(f"{name}.yaml").write_text(text, "utf-8")
    return inside


@pytest.mark.parametrize("name", WRITTEN)
def test_nothing_that_is_written_speaks_of_the_police(name: str, folder: Path) -> None:
    """A plan, a caseload and tables for other engines say the terms of the methodology alone."""
    for package in ("docx", "openpyxl", "icalendar"):
        pytest.importorskip(package)
    command, form, *ending = WRITTEN[name]
    out = folder.parent / f"out.{(ending or [form])[0]}"
    of = {"assess": [str(folder / "anytown.yaml"), *RULES], "caseload": [str(folder), *RULES]}
    day = [] if command == "export" else ["--on", ON]
    line = [command, *of.get(command, [str(FOLDER)]), *day]
    assert main([*line, "--to" if command == "export" else "--format", form, "-o", str(out)]) == 0
    text = said_in(out)
    assert_no_police(text)
    assert "revisit" not in text.casefold()
    assert "monitoring" in text


def test_the_review_pack_speaks_of_the_methodology(tmp_path: Path) -> None:
    """The page, the document and the workbook say who asks whom, from the rules themselves."""
    for package in ("docx", "openpyxl"):
        pytest.importorskip(package)
    assert main(["review", str(FOLDER), "-o", str(tmp_path / "pack")]) == 0
    for name in ("review.html", "review.docx", "review.xlsx"):
        assert_no_police(said_in(tmp_path / "pack" / name))
    page = said_in(tmp_path / "pack" / "review.html")
    assert "Ofsted should ask the local authority for these." in page
    assert "may ask for these" not in page


def test_a_difference_and_a_picture_speak_of_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What another number would change is said in its terms, and a timeline names its events."""
    rules = str(FOLDER)
    for form in ("text", "markdown", "html", "json"):
        line = ["diff", rules, rules, "--set", "quarter=4 months", "--cases", str(folder)]
        assert main([*line, "--on", ON, "--format", form]) == 0
        text = seen(capsys.readouterr().out)
        assert_no_police(text)
        assert "4 months" in text
    picture = plan_of(INADEQUATE).plot()
    assert_no_police(picture.description)
    assert "The next monitoring visit is made within three" in picture.svg


def test_a_picture_of_a_sweep_speaks_of_it() -> None:
    """A heat map of swept rows has the heads and the values of its own vocabulary."""
    pyarrow = pytest.importorskip("pyarrow")
    batch = pytest.importorskip("ncpi_rules.batch")
    plots = pytest.importorskip("ncpi_rules.plots")
    names = list(ILACS.facts["effectiveness"].values)
    table = pyarrow.table({"effectiveness": names, "looked-at": ["inspection"] * len(names)})
    swept = batch.sweep(table, on=ON, ruleset=ILACS, keep=["effectiveness", "looked-at"])
    picture = plots.sweep_plot(
        swept, rows="effectiveness", columns="looked-at", shows="next-inspection", ruleset=ILACS
    )
    assert_no_police(picture.description)
    assert "Requires improvement" in picture.svg


def with_vocabulary(folder: Path, *, fact: str = "", more: str = SERIES) -> Ruleset:
    """Return the methodology with more in its vocabulary: a fact, and what follows the facts."""
    for file in FOLDER.glob("*.yaml"):
        text = file.read_text("utf-8")
        if file.name == "vocabulary.yaml":
            text = text.replace("\noutcomes:\n", f"{fact}\noutcomes:\n") + more
        folder.joinpath(file.name).write_text(text, "utf-8")
    return load_ruleset(folder)


def test_a_series_of_visits_is_followed_where_it_is_declared(tmp_path: Path) -> None:
    """Each visit of a series keeps what was owed of it, and the next is due a quarter later."""
    text = INADEQUATE.replace("    last-monitoring-visit: 2024-05-17\n", "") + VISITS
    rules = with_vocabulary(tmp_path)
    plan = assess(FollowUp.from_yaml(text), on="2024-09-20", ruleset=rules)
    visits = [deadline for deadline in plan.deadlines if deadline.event == "monitoring-visit"]
    assert [(visit.status, visit.due) for visit in visits] == [
        ("late", PartialDate.read("2024-05-02")),
        ("met", PartialDate.read("2024-08-17")),
        ("due", PartialDate.read("2024-11-16")),
    ]
    for page in (plan.to_text(full=True), plan.to_html()):
        assert "several monitoring visits" in page.casefold()
        assert "Third monitoring visit" in page
    unknown = {unknown.fact: unknown.sentence for unknown in plan.unknown}
    # What no visit has of its own is not said to be the third one's.
    assert unknown["engagement-meeting"] == "The date: the next annual engagement meeting"

    rows = caseload([FollowUp.from_yaml(text)], on="2024-09-20", ruleset=rules)
    page = unescape(rows.to_html())
    assert "Monitoring visit, in months since the report" in page
    assert "revisit" not in seen(page).casefold()
    heads = rows.to_csv().splitlines()[0]
    assert "Where the monitoring visit stands" in heads
    assert "Monitoring visit due from" in heads
    assert "revisit" not in heads.casefold()


EARLY = """
  - id: early-visit
    title: A decision to visit early
    from: decisions.visit-early
    unknown: not-known
    left_out: none-recorded
    values:
      decided: Ofsted has decided to visit early
      none-recorded: no decision to visit early is recorded
      not-known: it is not known whether Ofsted has decided to visit early
"""


def test_a_methodology_has_decisions_of_its_own(tmp_path: Path) -> None:
    """A kind of decision that a vocabulary alone names is read, opens a visit, and has columns."""
    series = SERIES + "  opened_by: visit-early\n"
    rules = with_vocabulary(tmp_path, fact=EARLY, more=series)
    text = (
        INADEQUATE + "decisions:\n  - {decision: visit-early, by: Ofsted, on: 2024-09-02, why: no}"
    )
    begun = FollowUp.from_yaml(
        text.replace("    last-mon", "    monitoring-visit: 2024-08-16\n    last-mon")
    )
    plan = assess(begun, on="2024-09-20", ruleset=rules)
    assert plan.decision.values["early-visit"] == "decided"
    assert [visit.number for visit in plan.document.revisits] == [1, 2]
    heads = [["Local authority", "Decision to visit early on"], ["Anytown", "2024-09-02"]]
    (row,), problems = read_cases({"Follow-ups": heads}, rules)
    assert problems == []
    (decision,) = row.follow_up.decisions
    assert (decision.kind, decision.on) == ("visit-early", PartialDate.read("2024-09-02"))
    with pytest.raises(FactsError, match="The ruleset has no decision 'visit-late'"):
        assess(FollowUp.from_yaml(text.replace("visit-early", "visit-late")), on=ON, ruleset=rules)
